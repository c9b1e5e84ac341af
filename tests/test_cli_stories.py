"""`despatch stories`: which documents tell the same story, in the order of the input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.test_cli import Despatch, _own_surroundings, despatch, one_line, written  # noqa: F401

REVIEW = "A review of the murder of Priya Nandra in Marlowe finds that Rowan Tilley was referred to Prevent twice."


def document(id: str, text: str, kind: str, day: str | None, title: str, **more: str) -> dict[str, object]:
    said = [{"id": "c1", "text": text}] if text else []
    return {
        "schema": "transcript/1",
        "id": id,
        "kind": kind,
        "title": title,
        "date": day,
        "contributions": said,
        **more,
    }


@pytest.fixture
def lot(tmp_path: Path) -> Path:
    return written(
        tmp_path / "lot.jsonl",
        document("press", REVIEW, "article", "2031-03-05", "Tilley was twice referred, review finds"),
        document("data", "Police kept a record about Tamsin Lowe for nine years.", "article", "2031-03-05", "Data"),
        document("empty", "", "debate", "2031-03-05", "Untitled"),
        document("commons", REVIEW, "statement", "2031-03-04", "Prevent: Marlowe Review", house="Commons"),
        document("lords", "My Lords, I repeat a Statement.", "statement", "2031-03-05", "Prevent: Marlowe Review"),
    )


def test_stories_prints_stories_1_in_the_order_of_the_input(despatch: Despatch, lot: Path) -> None:  # noqa: F811
    done = despatch("stories", lot, "--format", "json")
    assert done.code == 0 and done.json["schema"] == "stories/1"
    told = {row["id"]: row["story"] for row in done.json["results"]}
    assert list(told) == ["press", "data", "empty", "commons", "lords"]
    assert told["press"] == told["commons"] == told["lords"]
    assert len(set(told.values())) == 3 and all(isinstance(story, str) for story in told.values())


def test_as_text_each_story_stands_over_its_documents(despatch: Despatch, lot: Path) -> None:  # noqa: F811
    done = despatch("stories", "-", stdin=lot.read_text(encoding="utf-8"))
    assert done.code == 0
    assert done.out.splitlines()[:3] == [
        "story-1  3 documents",
        "  press  article · 2031-03-05  Tilley was twice referred, review finds",
        "  commons  statement · Commons · 2031-03-04  Prevent: Marlowe Review",
    ]


@pytest.mark.parametrize(
    ("body", "said"),
    [("", "is empty"), ('{"schema": "transcript/1"}\n', "line 1"), ("not json\n", "line 1: is not valid JSON")],
)
def test_a_file_that_is_wrong_is_named_and_nothing_is_printed(
    despatch: Despatch,  # noqa: F811
    tmp_path: Path,
    body: str,
    said: str,
) -> None:
    path = tmp_path / "wrong.jsonl"
    path.write_text(body, encoding="utf-8")
    done = despatch("stories", path, "--format", "json")
    assert done.code == 2 and one_line(done) and "wrong.jsonl" in done.err and said in done.err


def test_a_missing_file_is_a_wrong_call(despatch: Despatch, tmp_path: Path) -> None:  # noqa: F811
    done = despatch("stories", tmp_path / "none.jsonl")
    assert done.code == 2 and one_line(done) and "there is no such file" in done.err


def test_surrogates_and_control_characters_reach_no_terminal(despatch: Despatch, tmp_path: Path) -> None:  # noqa: F811
    row = document("a\u001b[31m", "Prevent.", "article", None, "Title\u001b]0;x\u0007 with \ud800 in it")
    path = tmp_path / "odd.jsonl"
    path.write_text(json.dumps(row), encoding="utf-8")
    done = despatch("stories", path)
    assert done.code == 0 and "\u001b" not in done.out and "\u0007" not in done.out
