"""`despatch search`: search/1 on standard output alone, results for a reader, exit codes 0 and 2."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.archive import Archive, vectors
from bot.archive.documents import save_reading
from bot.domain import Contribution, Document
from bot.inference.models import Models
from bot.settings import load
from tests.pipeline.world import NOON, article, debate
from tests.test_cli import Despatch, _own_surroundings, despatch, one_line

__all__ = ["_own_surroundings", "despatch"]

# Invented Members.
SPOKEN = (
    ("c1", "Ottilie Marchbanks", 901, "Lab", "The Minister for Security", "The Prevent duty is kept under review."),
    ("c2", "Barnaby Thistlewood", 902, "Con", None, "We must prevent floods. Prevent must have more money."),
    ("c3", "Barnaby Thistlewood", 902, "Con", None, "A boy of 13 waited a year for a psychiatrist."),
)
REVIEW = replace(
    debate("Prevent: Review"),
    contributions=tuple(
        Contribution(id, text, speaker, number, party, role, url=f"https://hansard.parliament.uk/x#{id}")
        for id, speaker, number, party, role, text in SPOKEN
    ),
)
LONG = " ".join(f"word{n}" for n in range(40))
PRESS = article("A report", f"{LONG} Prevent {LONG}.")
LORDS = debate("Prevent: Lords", "Prevent is a duty of the noble Lords.", id="L", house="Lords", day=date(2024, 3, 1))


def fill(path: Path, *documents: Document, encoded: bool = False) -> None:
    async def work() -> None:
        async with await Archive.open(f"sqlite:///{path}") as archive:
            for each in documents:
                await save_reading(archive, each, NOON)
            if encoded:
                held, models = vectors.of(archive), Models(load().models)
                await held.begin(models.settings.encoder)
                owed = await held.owed(50)
                await held.keep([(each, models.encoder.encode([each.text])) for each in owed])

    asyncio.run(work())


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "archive.sqlite3"
    fill(path, REVIEW, PRESS, LORDS)
    return path


@pytest.mark.usefixtures("archive")
def test_it_prints_search_1_and_nothing_else(despatch: Despatch) -> None:
    done = despatch("search", "prevent", "--format", "json")
    assert (done.code, done.err) == (0, "")
    found = json.loads(done.out)
    assert (found["schema"], found["query"], found["total"], found["notes"]) == ("search/1", "prevent", 4, [])
    scores = [each["score"] for each in found["results"]]
    assert scores == sorted(scores, reverse=True) and all(0 <= each <= 1 for each in scores)
    first = next(each for each in found["results"] if each["id"] == "c1")
    assert first == first | {
        "document": "17D395DB",
        "title": "Prevent: Review",
        "speaker": "Ottilie Marchbanks",
        "party": "Lab",
        "date": "2025-02-12",
        "house": "Commons",
        "url": "https://hansard.parliament.uk/x#c1",
        "snippet": "The Prevent duty is kept under review.",
        "marks": [[4, 11]],
    }


@pytest.mark.usefixtures("archive")
def test_each_option_narrows(despatch: Despatch) -> None:
    def ids(*options: str) -> list[str]:
        rows = json.loads(despatch("search", "prevent", *options, "--format", "json").out)["results"]
        return sorted(each["id"] for each in rows)

    assert ids("--member", "thistle") == ids("--party", "Conservative") == ["c2"]
    assert ids("--house", "lords") == ids("--until", "2024-12-31") == ["L-0"]
    assert ids("--kind", "article") == ["p0"]
    assert ids("--since", "2025-02-12", "--until", "2025-02-12", "--house", "Commons") == ["c1", "c2"]
    assert len(ids("--limit", "1")) == 1


@pytest.mark.usefixtures("archive")
def test_for_a_reader_the_words_are_marked_and_the_press_is_short(despatch: Despatch) -> None:
    done = despatch("search", "review of the duty")
    assert done.code == 0
    assert done.out.splitlines() == [
        "review of the duty: 1 found",
        "",
        "  1. Ottilie Marchbanks · Labour · The Minister for Security",
        "     The Prevent *duty* is kept under *review*.",
        "     12 February 2025 · House of Commons · Prevent: Review",
        "     <https://hansard.parliament.uk/x#c1>",
    ]
    press = despatch("search", "prevent", "--kind", "article").out
    assert "Press report" in press and "*Prevent*" in press
    assert len(next(line for line in press.splitlines() if "*Prevent*" in line).split()) == 25


def test_what_was_said_cannot_steer_a_terminal(despatch: Despatch, tmp_path: Path) -> None:
    fill(tmp_path / "archive.sqlite3", debate("Ti\x1b]0;x\x07tle", "Prevent \x1b[31mred\u202e \x02odd\x03."))
    done = despatch("search", "prevent \x1b[31m")
    assert done.code == 0 and "*Prevent*" in done.out
    assert not set(done.out) & set("\x1b\x07\x02\x03\u202e")


@pytest.mark.usefixtures("archive")
@pytest.mark.parametrize(
    ("call", "says"),
    [
        (("",), "write a word"),
        ((" \x00\t",), "write a word"),
        (("prevent", "--limit", "0"), "from 1 to"),
        (("prevent", "--limit", "1001"), "from 1 to"),
        (("prevent", "--house", "Senate"), "Commons or Lords"),
        (("prevent", "--kind", "song"), "debate"),
        (("prevent", "--since", "2025-02-02", "--until", "2025-02-01"), "earlier day first"),
        (("prevent", "--member", "Marchbank Otilie"), "Ottilie Marchbanks"),
        (("prevent", "--member", "Thisslewood"), "Barnaby Thistlewood"),
        (("prevent", "--member", " "), "--member"),
    ],
)
def test_a_wrong_call_is_exit_2_with_one_line_that_names_the_mend(
    despatch: Despatch, call: tuple[str, ...], says: str
) -> None:
    done = despatch("search", *call, "--format", "json")
    assert done.code == 2
    assert says in done.err
    assert one_line(done)


def test_without_an_archive_it_says_so_and_makes_none(
    despatch: Despatch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESPATCH_DATABASE_URL", f"sqlite:///{tmp_path}/none/archive.db")
    done = despatch("search", "prevent", "--format", "json")
    assert (done.code, done.json["total"], done.json["results"]) == (0, 0, [])
    assert "no archive" in done.json["notes"][0]
    assert "no archive" in despatch("search", "prevent").out
    assert not (tmp_path / "none").exists()


def test_words_near_in_meaning_are_found_where_the_archive_holds_vectors(despatch: Despatch, tmp_path: Path) -> None:
    fill(tmp_path / "archive.sqlite3", REVIEW)
    asked = ("search", "mental health of teenagers", "--format", "json")
    assert despatch(*asked).json["total"] == 0
    fill(tmp_path / "archive.sqlite3", encoded=True)
    found = despatch(*asked).json
    assert found["results"][0]["id"] == "c3" and 0 < found["results"][0]["score"] <= 1
    assert "near in meaning" in found["notes"][0]
    assert [each["id"] for each in despatch(*asked, "--member", "thistle").json["results"]][:1] == ["c3"]
    assert "c3" not in [each["id"] for each in despatch(*asked, "--member", "marchbanks").json["results"]]
