"""`despatch ask`: answer/1 on standard output alone, many questions in one run, exit codes 0 and 2."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.test_cli import FLOOD, STATEMENT, Despatch, _own_surroundings, despatch, one_line, written

__all__ = ["_own_surroundings", "despatch"]

ASKED = "What did the review find about the case?"


@pytest.fixture(autouse=True)
def _by_rule_alone(_own_surroundings: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESPATCH_MODELS__WRITER", "none")


@pytest.fixture
def statement(tmp_path: Path) -> Path:
    return written(tmp_path / "statement.json", STATEMENT)


def test_it_prints_answer_1_and_nothing_else(despatch: Despatch, statement: Path) -> None:
    done = despatch("ask", ASKED, "--file", statement, "--max-words", "40", "--format", "json")
    assert done.code == 0
    found = done.json
    assert found["schema"] == "answer/1"
    assert found["question"] == ASKED
    assert found["answered"] is True
    assert found["words"] == sum(len(each["text"].split()) for each in found["sentences"]) <= 40
    assert isinstance(found["notes"], list)
    assert found["seconds"] >= 0
    for each in found["sentences"]:
        assert {"text", "evidence", "speaker", "origin"} <= each.keys()
        assert set(each["evidence"]) <= {"c1", "c2"}
    assert any("closed too soon" in each["text"] for each in found["sentences"])


def test_a_question_that_is_not_answered_is_exit_0_with_no_sentences(despatch: Despatch, statement: Path) -> None:
    done = despatch("ask", "Who scored in the football match?", "--file", statement, "--format", "json")
    assert done.code == 0
    assert (done.json["answered"], done.json["sentences"], done.json["words"]) == (False, [], 0)
    assert done.json["notes"]


def test_many_questions_are_answered_in_their_order(despatch: Despatch, statement: Path, tmp_path: Path) -> None:
    (tmp_path / "asked.txt").write_text(f"{ASKED}\n\n   \nWhat about football?\r\nHow many records were incomplete?\n")
    done = despatch("ask", "--questions", tmp_path / "asked.txt", "--file", statement, "--format", "jsonl")
    rows = [json.loads(line) for line in done.out.splitlines()]
    assert done.code == 0
    assert [row["question"] for row in rows] == [ASKED, "What about football?", "How many records were incomplete?"]
    assert [row["answered"] for row in rows] == [True, False, True]
    done = despatch("ask", "--questions", tmp_path / "asked.txt", "--file", statement, "--format", "json")
    assert done.code == 2
    assert "jsonl" in done.err
    assert one_line(done)


def test_for_a_reader_it_says_who_and_where(despatch: Despatch, statement: Path) -> None:
    done = despatch("ask", "-", "--file", statement)
    assert done.code == 0
    assert "Not answered." in done.out
    done = despatch("ask", "--questions", "-", "--file", statement, stdin=f"{ASKED}\nWho scored?\n")
    assert done.code == 0
    assert "Ottilie Marchbanks" in done.out
    assert "[c1, " in done.out
    assert "Not answered." in done.out


def test_several_documents_are_read_as_one(despatch: Despatch, tmp_path: Path) -> None:
    many = written(tmp_path / "many.jsonl", STATEMENT, FLOOD)
    done = despatch("ask", "What must be prevented before the winter rains?", "--file", many, "--format", "json")
    assert done.code == 0
    assert [each["evidence"] for each in done.json["sentences"]] == [["f1"]]


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (("",), "empty"),
        ((" \t\x00 ",), "empty"),
        ((), "--questions"),
        ((ASKED, "--questions", "asked.txt"), "--questions"),
        (("--questions", "absent.txt"), "absent.txt"),
        (("--questions", "blank.txt"), "no question"),
        (("--questions", "latin.txt"), "line 2: is not UTF-8"),
    ],
)
def test_a_wrong_call_is_exit_2_with_one_line(
    despatch: Despatch,
    statement: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    call: tuple[str, ...],
    says: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "asked.txt").write_text(ASKED)
    (tmp_path / "blank.txt").write_text("\n   \n\x07\n")
    (tmp_path / "latin.txt").write_bytes(b"What?\nWhat did \xe9 say?\n")
    done = despatch("ask", *call, "--file", statement)
    assert done.code == 2
    assert says in done.err
    assert one_line(done)


def test_without_an_archive_it_says_so_and_makes_none(
    despatch: Despatch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESPATCH_DATABASE_URL", f"sqlite:///{tmp_path}/none/archive.db")
    done = despatch("ask", ASKED, "--format", "json")
    assert (done.code, done.json["answered"], done.json["sentences"]) == (0, False, [])
    assert "no archive" in done.json["notes"][0]
    assert not (tmp_path / "none").exists()


def test_a_missing_or_broken_document_is_named(despatch: Despatch, tmp_path: Path) -> None:
    done = despatch("ask", ASKED, "--file", tmp_path / "absent.json")
    assert done.code == 2
    assert "absent.json" in done.err
    assert one_line(done)
    done = despatch("ask", "--questions", "-", "--file", "-", stdin="x")
    assert done.code == 2
    assert one_line(done)


def test_a_question_of_6000_characters_is_answered_in_a_line(despatch: Despatch, statement: Path) -> None:
    done = despatch("ask", "why " * 1_500, "--file", statement, "--format", "json")
    assert done.code == 0
    assert done.json["answered"] is False
    assert "1,000 characters" in done.json["notes"][0]
