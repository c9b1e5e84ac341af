"""What people script: the commands' output on standard output alone, and exit codes 0, 1 and 2."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import structlog

from bot import cli
from tests.standins.faults import status
from tests.standins.parliament import Parliament

# Invented Members, in an invented House.
STATEMENT = {
    "schema": "transcript/1",
    "id": "statement",
    "kind": "debate",
    "title": "Prevent: Learning Review",
    "date": "2031-03-04",
    "house": "Commons",
    "contributions": [
        {
            "id": "c1",
            "speaker": "Ottilie Marchbanks",
            "party": "Lab",
            "role": "The Minister for Security",
            "text": "With permission, Madam Deputy Speaker, I will make a statement on the Prevent learning review. "
            "The review found that the case was closed too soon, and that 14 records were incomplete. "
            "We will publish a new tool for judging risk by 30 September.",
        },
        {
            "id": "c2",
            "speaker": "Barnaby Thistlewood",
            "party": "Con",
            "role": "Shadow Minister",
            "text": "I thank the Minister for advance sight of her statement. "
            "The Prevent programme costs more each year, and its referrals are handled too slowly.",
        },
    ],
}
FLOOD = {
    "schema": "transcript/1",
    "id": "flood",
    "kind": "debate",
    "title": "Flooding: Somerset",
    "contributions": [
        {"id": "f1", "speaker": "Wystan Poole", "text": "We must prevent flooding before the winter rains come again."}
    ],
}


@dataclass
class Done:
    code: int
    out: str
    err: str

    @property
    def json(self) -> dict:
        return json.loads(self.out)


Despatch = Callable[..., Done]


@pytest.fixture(autouse=True)
def _own_surroundings(tmp_path, monkeypatch) -> Iterator[None]:
    """No operator's settings, and the logging that the commands set up put back."""
    for name in list(os.environ):
        if name.startswith(("DESPATCH_", "DISCORD_TOKEN")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("DESPATCH_DATABASE_URL", f"sqlite:///{tmp_path}/archive.sqlite3")
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(False)
    structlog.reset_defaults()


@pytest.fixture
def despatch(monkeypatch, capsys) -> Despatch:
    def call(*arguments: str, stdin: str = "") -> Done:
        monkeypatch.setattr(sys, "argv", ["despatch", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8"))
        code = 0
        try:
            cli.main()
        except SystemExit as leaving:
            code = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
        captured = capsys.readouterr()
        return Done(code, captured.out, captured.err)

    return call


@pytest.fixture
def statement(tmp_path) -> Path:
    return written(tmp_path / "statement.json", STATEMENT)


def written(path: Path, *rows: dict) -> Path:
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def one_line(done: Done) -> bool:
    return done.out == "" and done.err.count("\n") == 1 and "Traceback" not in done.err


def test_help_names_every_command_and_is_quick():
    before = time.monotonic()
    done = subprocess.run([sys.executable, "-m", "bot", "--help"], capture_output=True, text=True, check=True)
    assert time.monotonic() - before < 10
    for name in ("run", "poll", "match", "summarise", "check", "doctor"):
        assert name in done.stdout


def test_help_loads_no_model_library():
    code = "import sys, bot.cli; print(sorted({'torch', 'transformers', 'spacy', 'discord'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "call",
    [
        ("colour",),
        ("match",),
        ("match", "x.json", "--format", "xml"),
        ("summarise",),
        ("summarise", "x.json", "--max-words", "none"),
        ("summarise", "x.json", "--max-words", "0"),
        ("check", "claims.jsonl"),
        ("poll", "--date", "yesterday"),
        ("poll", "--date", "2025-02-30"),
    ],
)
def test_a_wrong_call_is_exit_2_with_nothing_on_standard_output(despatch, call):
    done = despatch(*call)
    assert done.code == 2 and done.out == "" and done.err


def test_a_day_to_come_is_a_wrong_call(despatch):
    done = despatch("poll", "--date", "2999-01-01")
    assert done.code == 2 and "still to come" in done.err and one_line(done)


@pytest.mark.parametrize("command", ["match", "summarise"])
def test_a_file_that_is_not_there_or_not_json_is_exit_2_and_named(despatch, tmp_path, command):
    done = despatch(command, tmp_path / "absent.json")
    assert done.code == 2 and "absent.json" in done.err and one_line(done)
    (tmp_path / "broken.json").write_text('{"schema": ')
    done = despatch(command, tmp_path / "broken.json")
    assert done.code == 2 and "broken.json" in done.err and one_line(done)


@pytest.mark.parametrize("command", [("match", "x.json"), ("poll",), ("run",), ("doctor",)])
def test_a_wrong_configuration_is_exit_2_naming_the_key(despatch, tmp_path, monkeypatch, command):
    (tmp_path / "despatch.toml").write_text('colour = "red"\n')
    monkeypatch.setenv("DESPATCH_CONFIG", str(tmp_path))
    done = despatch(*command)
    assert done.code == 2
    said = done.out if command == ("doctor",) else done.err
    assert "despatch.toml" in said and "colour" in said and "Traceback" not in done.err and said.count("\n") == 1


def test_match_prints_match_1_and_nothing_else(despatch, statement, tmp_path):
    flood = written(tmp_path / "flood.json", FLOOD)
    done = despatch("match", statement, flood, "--format", "json")
    assert done.code == 0 and done.json["schema"] == "match/1"
    first, second = done.json["results"]
    assert (first["id"], first["matched"]) == ("statement", True)
    assert (second["id"], second["matched"]) == ("flood", False)
    for row in (first, second):
        assert 0 <= row["score"] <= 1 and row["title"] and all(isinstance(each, str) for each in row["reasons"])


def test_match_reads_many_from_one_jsonl_in_its_order(despatch, tmp_path):
    many = written(tmp_path / "many.jsonl", FLOOD, STATEMENT, {**FLOOD, "id": "again"})
    rows = despatch("match", many, "--format", "json").json["results"]
    assert [row["id"] for row in rows] == ["flood", "statement", "again"]


def test_match_as_text_says_why_on_one_line(despatch, statement):
    done = despatch("match", statement)
    assert done.code == 0 and done.out.startswith("statement  about prevent  ") and done.out.count("\n") == 1


@pytest.mark.parametrize("name", ["gardening", "../feeds", ""])
def test_an_unknown_topic_is_a_wrong_call_that_lists_the_known(despatch, statement, name):
    done = despatch("match", statement, "--topic", name)
    assert done.code == 2 and "prevent" in done.err and one_line(done)


def test_summarise_prints_digest_1_from_standard_input(despatch):
    done = despatch(
        "summarise", "-", "--writer", "none", "--format", "json", "--max-words", "80", stdin=json.dumps(STATEMENT)
    )
    assert done.code == 0
    digest = done.json
    assert digest["schema"] == "digest/1" and digest["id"] == "statement" and digest["topic"] == "prevent"
    keys = "title headline date house url status words brief points next others coverage notes models seconds"
    assert set(keys.split()) <= digest.keys() and digest["words"] <= 80
    assert {point["speaker"] for point in digest["points"]} <= {"Ottilie Marchbanks", "Barnaby Thistlewood"}
    assert digest["points"], "a statement of substance has something to tell"


def test_summarise_several_wants_jsonl_and_keeps_the_order(despatch, statement, tmp_path):
    flood = written(tmp_path / "flood.json", FLOOD)
    done = despatch("summarise", flood, statement, "--writer", "none", "--format", "json")
    assert done.code == 2 and "jsonl" in done.err and one_line(done)
    done = despatch("summarise", flood, statement, "--writer", "none", "--format", "jsonl")
    rows = [json.loads(line) for line in done.out.splitlines()]
    assert done.code == 0 and [row["id"] for row in rows] == ["flood", "statement"]
    assert rows[0]["topic"] is None, "a document that does not match is digested all the same"


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_summarise_for_a_reader_names_who_said_it(despatch, statement, form):
    done = despatch("summarise", statement, "--writer", "none", "--format", form)
    assert done.code == 0 and "Ottilie Marchbanks" in done.out and "Prevent" in done.out


def test_the_named_writer_is_the_one_that_is_used(despatch, statement):
    done = despatch("summarise", statement, "--writer", "/no/such/model", "--format", "json")
    assert done.code == 2 and "/no/such/model" in done.err and one_line(done)


def test_a_model_that_is_missing_is_exit_2_naming_the_key_or_the_command_that_brings_it(
    despatch, statement, monkeypatch
):
    monkeypatch.setenv("DESPATCH_MODELS__ENCODER", "/no/such/encoder")
    done = despatch("summarise", statement, "--writer", "none", "--format", "json")
    assert done.code == 2 and "/no/such/encoder" in done.err and one_line(done)


@pytest.mark.parametrize("most", [1, 20, 5000])
def test_a_digest_is_never_longer_than_it_was_asked_to_be(despatch, statement, most):
    done = despatch("summarise", statement, "--writer", "none", "--format", "json", "--max-words", most)
    assert done.code == 0 and done.json["words"] <= most and done.err == ""
    told = done.json["brief"] + done.json["next"] + [each for one in done.json["points"] for each in one["sentences"]]
    assert done.json["words"] == sum(len(each["text"].split()) for each in told)


def test_a_topic_of_the_configuration_that_is_not_there_is_named_by_its_file(despatch, statement, monkeypatch):
    monkeypatch.setenv("DESPATCH_TOPICS", '["absent"]')
    done = despatch("summarise", statement, "--writer", "none")
    assert done.code == 2 and "absent.toml: there is no such topic file" in done.err and one_line(done)


def test_an_unreachable_address_is_exit_1_with_one_line(despatch):
    done = despatch("summarise", "http://127.0.0.1:9/x")
    assert done.code == 1 and "127.0.0.1" in done.err and one_line(done)


def test_check_prints_check_1_in_the_order_of_the_claims(despatch, statement, tmp_path):
    found = "The review found that the case was closed too soon."
    claims = written(
        tmp_path / "claims.jsonl",
        {"id": "true", "text": found, "evidence": ["c1"]},
        {"id": "number", "text": "The review found that 41 records were incomplete.", "evidence": ["c1"]},
        {
            "id": "whose",
            "text": "The review found that the case was closed too soon.",
            "speaker": "Barnaby Thistlewood",
        },
        {"id": "nowhere", "text": "The review found that the case was closed too soon.", "evidence": ["c9"]},
        {"id": "none", "text": "The review found that the case was closed too soon.", "evidence": [], "extra": 1},
    )
    done = despatch("check", claims, "--file", statement, "--format", "json")
    assert done.code == 0 and done.json["schema"] == "check/1"
    rows = {row["id"]: row for row in done.json["results"]}
    assert list(rows) == ["true", "number", "whose", "nowhere", "none"]
    assert [row["supported"] for row in rows.values()] == [True, False, False, False, False]
    assert all(0 <= row["score"] <= 1 and isinstance(row["reasons"], list) for row in rows.values())


def test_check_as_text_is_one_line_a_claim(despatch, statement):
    done = despatch("check", "-", "--file", statement, stdin='{"id": 7, "text": "The case was closed too soon."}\n\n')
    assert done.code == 0 and done.out.startswith("7  supported  ") and done.out.count("\n") == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "not JSON"),
        ("[]", "not an object"),
        ('{"text": "x"}', "id is missing"),
        ('{"id": "a"}', "text is missing"),
        ('{"id": "a", "text": 3}', "text must be a string"),
        ('{"id": "a", "text": "x", "evidence": "c1"}', "list of contribution ids"),
        ('{"id": "a", "text": "x", "document": "other"}', "'other' is not in the file"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_a_wrong_claim_is_exit_2_naming_its_line(despatch, statement, tmp_path, line, said):
    (tmp_path / "claims.jsonl").write_text(f'{{"id": "fine", "text": "x"}}\n\n{line}\n')
    done = despatch("check", tmp_path / "claims.jsonl", "--file", statement)
    assert done.code == 2 and "claims.jsonl: line 3" in done.err and said in done.err and one_line(done)


def test_a_blank_speaker_is_none_and_an_endless_claim_is_not_checked(despatch, statement, tmp_path):
    said = "The review found that the case was closed too soon."
    claims = written(
        tmp_path / "claims.jsonl",
        {"id": "blank", "text": said, "speaker": " "},
        {"id": "endless", "text": "1,000," * 5_000},
        {"id": "heap", "text": "Mr. " * 990},
    )
    began = time.monotonic()
    done = despatch("check", claims, "--file", statement, "--format", "json")
    assert done.code == 0 and [row["supported"] for row in done.json["results"]] == [True, False, False]
    assert "4,000 characters" in done.json["results"][1]["reasons"][0]
    assert time.monotonic() - began < 60


def test_a_claim_must_say_which_of_several_documents_it_is_about(despatch, tmp_path):
    many = written(tmp_path / "many.jsonl", STATEMENT, FLOOD)
    claim = {"id": "a", "text": "We must prevent flooding before the winter rains come again."}
    done = despatch("check", written(tmp_path / "c.jsonl", claim), "--file", many)
    assert done.code == 2 and "names no document" in done.err and one_line(done)
    named = [{**claim, "document": "flood"}, {**claim, "id": "b", "document": "statement"}]
    done = despatch("check", written(tmp_path / "c.jsonl", *named), "--file", many, "--format", "json")
    assert [row["supported"] for row in done.json["results"]] == [True, False]


def test_a_claim_about_one_of_two_documents_of_one_name_is_a_wrong_call(despatch, tmp_path):
    many = written(tmp_path / "many.jsonl", STATEMENT, FLOOD, {**FLOOD, "title": "Another"})
    claim = {"id": "a", "text": "We must prevent flooding.", "document": "flood"}
    done = despatch("check", written(tmp_path / "c.jsonl", claim), "--file", many)
    assert done.code == 2 and "holds 2 documents called 'flood'" in done.err and one_line(done)


def test_claims_and_document_cannot_both_be_standard_input(despatch):
    done = despatch("check", "-", "--file", "-")
    assert done.code == 2 and one_line(done)


def test_a_lone_surrogate_does_not_break_the_json(despatch, tmp_path):
    (tmp_path / "odd.json").write_text(
        '{"schema": "transcript/1", "title": "Prevent \\ud800", '
        '"contributions": [{"id": "c", "text": "The Prevent duty."}]}'
    )
    done = despatch("match", tmp_path / "odd.json", "--format", "json")
    assert done.code == 0 and done.json["results"][0]["matched"]


def test_run_without_a_token_is_exit_2_and_says_which_variable(despatch):
    done = despatch("run")
    assert done.code == 2 and "DISCORD_TOKEN" in done.err and one_line(done)


def test_an_unknown_source_is_exit_2_and_lists_the_known(despatch):
    done = despatch("poll", "--source", "gazette")
    assert done.code == 2 and "hansard" in done.err and one_line(done)


@pytest.fixture
async def parliament(tmp_path, monkeypatch):
    """The loopback Parliament, no feeds, and settings that point at it."""
    (tmp_path / "feeds.toml").write_text("")
    async with Parliament() as standin:
        for name, value in standin.environment().items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("DESPATCH_CONFIG", str(tmp_path))
        monkeypatch.setenv("DESPATCH_HTTP__ATTEMPTS", "1")
        monkeypatch.setenv("DESPATCH_MODELS__WRITER", "none")
        yield standin


async def as_process(*arguments: str) -> Done:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    out, err = await process.communicate()
    assert process.returncode is not None
    return Done(process.returncode, out.decode(), err.decode())


async def test_poll_prints_a_line_a_source_failing_ones_too(parliament):
    parliament.fail("/written/writtenquestions", status(500))
    quiet = parliament.day - timedelta(days=20)
    done = await as_process("poll", "--date", quiet.isoformat())
    lines = done.out.splitlines()
    assert [line.split(":")[0] for line in lines] == ["hansard", "statements", "questions", "whatson"], done.err
    assert "failed" in lines[2] and "failed" not in lines[0]
    assert done.code == 0, "what could be read was"


async def test_poll_of_one_source_that_fails_is_exit_1(parliament):
    parliament.fail("/hansard", status(503))
    done = await as_process("poll", "--source", "hansard", "--date", parliament.day.isoformat())
    assert done.code == 1 and done.out.startswith("hansard: failed") and "Traceback" not in done.err


async def test_summarise_reads_a_hansard_address_from_its_api(parliament):
    ext_id = parliament.ext_id("Learning Review")
    parliament.reveal(8, ext_id)
    address = f"https://hansard.parliament.uk/Commons/{parliament.day}/debates/{ext_id}/PreventLearningReview"
    done = await as_process("summarise", address, "--writer", "none", "--format", "json", "--max-words", "120")
    assert done.code == 0, done.err
    digest = done.json
    assert digest["id"] == ext_id and digest["house"] == "Commons" and digest["topic"] == "prevent"
    assert digest["points"] and digest["words"] <= 120
    assert all(sentence["evidence"] for point in digest["points"] for sentence in point["sentences"])


async def test_doctor_prints_a_line_a_room_and_is_exit_1_without_a_token(parliament):
    done = await as_process("doctor")
    names = [line.split(": ")[0] for line in done.out.splitlines()]
    assert names[:2] == ["configuration", "database"] and {"hansard", "statements", "questions", "discord"} <= set(
        names
    )
    assert done.code == 1 and "DISCORD_TOKEN" in done.out
    assert not [line for line in done.out.splitlines() if "FAILED" in line and not line.startswith("discord")]


def test_ctrl_c_is_exit_130_without_a_traceback(tmp_path):
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "summarise", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    )
    time.sleep(3)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert process.returncode == 130 and out == b"" and b"Traceback" not in err
