"""Files and addresses given by hand; and that what is wrong with one is said by file, key and mend."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.domain import Kind, Voice
from bot.errors import InputError, SourceError
from bot.settings import Http, Settings
from bot.sources import transcript
from bot.sources.http import Client
from bot.sources.members import Members
from bot.sources.transcript import fetch, read
from tests.sources.conftest import LOOPBACK, Web
from tests.sources.house import answer, item

Write = Callable[[str, Any], str]
LEAST = {"schema": "transcript/1", "contributions": [{"id": "c1", "text": "Words."}]}
FULL = {
    "schema": "transcript/1", "id": "d-1", "kind": "statement", "title": "Prevent  review", "date": "2025-02-12",
    "house": "Commons", "url": "https://hansard.parliament.uk/x", "note": {"unknown": ["keys", "are", "ignored"]},
    "contributions": [
        {"id": "c1", "speaker": "Dan Jarvis", "party": "Lab", "role": "The Minister for Security",
         "text": "One.\n\nTwo.", "constituency": "Barnsley North", "time": "2025-02-12T12:40:00Z", "url": "https://hansard.parliament.uk/x#1"},
        {"id": "c2", "speaker": "Madam Deputy Speaker", "text": "Order.", "mood": 3},
        {"id": "c3", "speaker": None, "text": ""},
    ],
}  # fmt: skip


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(name: str, given: Any) -> str:
        path = tmp_path / name
        if isinstance(given, bytes):
            path.write_bytes(given)
        else:
            path.write_text(given if isinstance(given, str) else json.dumps(given), encoding="utf-8")
        return str(path)

    return written


def test_a_whole_transcript_keeps_everything(write: Write) -> None:
    (document,) = read(write("x.json", FULL))
    assert (document.source, document.id, document.kind) == ("file", "d-1", Kind.STATEMENT)
    assert (document.title, document.date, document.house) == ("Prevent review", date(2025, 2, 12), "Commons")
    jarvis, chair, nobody = document.contributions
    assert (jarvis.speaker, jarvis.party, jarvis.constituency) == ("Dan Jarvis", "Lab", "Barnsley North")
    assert (jarvis.role, jarvis.text) == ("The Minister for Security", "One.\n\nTwo.")
    assert jarvis.time == datetime(2025, 2, 12, 12, 40, tzinfo=UTC)
    assert (chair.voice, nobody.speaker) == (Voice.CHAIR, None)


def test_the_least_transcript_is_enough(write: Write) -> None:
    (document,) = read(write("small.json", LEAST))
    assert (document.id, document.title, document.kind, document.date) == ("small", "small", Kind.DEBATE, None)


def test_a_speakers_label_is_unchanged_to_the_byte(write: Write) -> None:
    label = " Jose\u0301 (Somewhere,\u00a0Lib.) "
    given = LEAST | {"contributions": [{"id": "c1", "text": "x", "speaker": label}]}
    assert read(write("x.json", given))[0].contributions[0].speaker == label


def test_half_a_surrogate_pair_does_not_break_what_follows(write: Write) -> None:
    (document,) = read(
        write("x.json", b'{"schema": "transcript/1", "contributions": [{"id": "c", "text": "a\\ud800b"}]}')
    )
    assert document.contributions[0].text.encode() == "a\ufffdb".encode()


def test_an_articles_paragraphs_are_reports(write: Write) -> None:
    assert read(write("x.json", LEAST | {"kind": "article"}))[0].contributions[0].voice is Voice.REPORT


def test_a_file_of_lines_holds_a_document_in_each(write: Write) -> None:
    lines = json.dumps(FULL) + "\n\n" + json.dumps(LEAST) + "\r\n"
    assert [one.id for one in read(write("many.jsonl", lines))] == ["d-1", "many-3"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"schema": None}, "schema: is missing"),
        ({"schema": "transcript/9"}, 'schema: must be "transcript/1"'),
        ({"contributions": None}, "contributions: is missing"),
        ({"contributions": {}}, "contributions: must be a list, not an object"),
        ({"contributions": ["x"]}, "contributions[0]: must be an object, not a string"),
        ({"contributions": [{"text": "x"}]}, "contributions[0].id: is missing"),
        ({"contributions": [{"id": "c1"}]}, "contributions[0].text: is missing"),
        ({"contributions": [{"id": 1, "text": "x"}]}, "contributions[0].id: must be a string, not a number"),
        ({"contributions": [{"id": " ", "text": "x"}]}, "contributions[0].id: is empty"),
        ({"contributions": [{"id": "c", "text": ["x"]}]}, "contributions[0].text: must be a string, not a list"),
        ({"contributions": [{"id": "c", "text": "x", "party": True}]}, "contributions[0].party: must be a string"),
        ({"contributions": [{"id": "c", "text": "x", "time": "noon"}]}, "contributions[0].time: must be a time"),
        ({"contributions": [{"id": "c", "text": "x"}] * 2}, "contributions[1].id: 'c' is used twice"),
        ({"date": "12/02/2025"}, "date: must be a date"),
        ({"date": "2025-02-30"}, "date: must be a date"),
        ({"date": 20250212}, "date: must be a string"),
        ({"kind": "sermon"}, "kind: must be debate, statement, question or article"),
        ({"house": []}, "house: must be a string"),
    ],
)
def test_what_is_wrong_is_named_by_file_and_key(write: Write, change: dict[str, Any], said: str) -> None:
    path = write("bad.json", FULL | change)
    with pytest.raises(InputError) as caught:
        read(path)
    assert str(caught.value).startswith(f"{path}: {said}")
    lines = write("bad.jsonl", json.dumps(LEAST) + "\n" + json.dumps(FULL | change))
    with pytest.raises(InputError) as caught:
        read(lines)
    assert str(caught.value).startswith(f"{lines}: line 2: {said}")


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("x.json", '{"schema": ', "is not valid JSON"),
        ("x.json", "A plain text in the wrong clothes.", "is not valid JSON"),
        ("x.json", "[1]", "must be an object"),
        ("x.json", "[" * 200_000, "nested too deeply"),
        ("x.json", b'{"a": "\xff"}', "is not UTF-8"),
        ("x.json", "9" * 5_000, "is not valid JSON"),
        ("x.json", "", "is empty"),
        ("x.jsonl", "  \n ", "is empty"),
        ("x.jsonl", '{"schema"', "line 1: is not valid JSON"),
        ("x", '{"schema": ', "is not valid JSON"),
        ("x.html", "<html></html>", "no article's text"),
        ("x.txt", b"PK\x03\x04\x00\x00", "is not text"),
        ("x.json", {"Overview": {}, "Items": []}, "the Hansard API's debate has no ExtId"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(write: Write, name: str, given: Any, said: str) -> None:
    with pytest.raises(InputError, match=said.replace("[", r"\[")):
        read(write(name, given))


def test_a_file_that_is_not_there_or_is_a_folder_says_so(tmp_path: Path) -> None:
    for path, said in {tmp_path: "is a folder", tmp_path / "none.json": "no such file"}.items():
        with pytest.raises(InputError, match=said):
            read(str(path))
    with pytest.raises(InputError, match="cannot be read"):
        read("a\0b")


def test_a_file_larger_than_the_cap_is_not_read(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transcript, "LONGEST", 1_000)
    with pytest.raises(InputError, match="larger than"):
        read(write("x.json", "x" * 1_001))
    with pytest.raises(InputError, match="standard input: is larger than"):
        read("-", io.BytesIO(b"x" * 1_001))


DEBATE = answer(item("I will make a statement.", "The Minister for Security (Nora Quill)", 1, ExternalId="A1"))


@pytest.mark.parametrize(
    ("name", "given", "kind", "first"),
    [
        ("debate.json", DEBATE, Kind.STATEMENT, "I will make a statement."),
        ("debate", DEBATE, Kind.STATEMENT, "I will make a statement."),
        ("x", LEAST, Kind.DEBATE, "Words."),
        ("x", json.dumps(LEAST, indent=1), Kind.DEBATE, "Words."),
        ("x", json.dumps(LEAST) + "\n" + json.dumps(LEAST), Kind.DEBATE, "Words."),
        ("x.json", b"\xef\xbb\xbf" + json.dumps(LEAST).encode(), Kind.DEBATE, "Words."),
        ("x.txt", "A Title\n\nFirst words here.\n\nSecond.", Kind.ARTICLE, "First words here."),
        ("x.txt", '{"looks": "like JSON"} but is text.', Kind.ARTICLE, '{"looks": "like JSON"} but is text.'),
        ("x", "Just one line.", Kind.ARTICLE, "Just one line."),
        ("x.txt", "Café £5.".encode("cp1252"), Kind.ARTICLE, "Café £5."),
        ("x.txt", "One whole line.\nAnother whole line.", Kind.ARTICLE, "One whole line."),
        ("x.txt", "One line that is\nwrapped by hand.", Kind.ARTICLE, "One line that is wrapped by hand."),
    ],
)
def test_the_extension_tells_what_a_file_is_and_then_the_content(
    write: Write, name: str, given: Any, kind: Kind, first: str
) -> None:
    document = read(write(name, given))[0]
    assert (document.kind, document.contributions[0].text) == (kind, first)


def test_a_page_of_html_is_an_article_by_either_sign(write: Write) -> None:
    text = "The review found that the records of the case were poor and that reasons were not written down at all."
    page = (
        f"<!DOCTYPE html><html><head><title>Prevent</title></head><body><article><p>{text}</p></article></body></html>"
    )
    for name in ("x.html", "x"):
        (document,) = read(write(name, page))
        assert (document.kind, document.title, document.contributions[0].text) == (Kind.ARTICLE, "Prevent", text)


def test_standard_input_is_read_as_bytes_or_text() -> None:
    given = json.dumps(LEAST)
    for stream in (io.BytesIO(given.encode()), io.StringIO(given), io.TextIOWrapper(io.BytesIO(given.encode()))):
        assert read("-", stream)[0].id == "stdin"
    with pytest.raises(InputError, match=r"standard input: must be an object .* not a list"):
        read("-", io.BytesIO(f"[{given}]".encode()))
    assert read("-", io.BytesIO(b"[Laughter.] The Minister spoke."))[0].kind is Kind.ARTICLE
    with pytest.raises(InputError, match="standard input: is empty"):
        read("-", io.BytesIO(b" "))


def test_the_real_questions_of_2009_are_read(shared_data: Path) -> None:
    (document,) = read(str(shared_data / "hansard" / "commons-2009-10-26-prevent.json"))
    assert len(document.contributions) == 17
    assert {"Alan Johnson", "Greg Hands"} <= {one.speaker for one in document.contributions}
    assert document.date == date(2009, 10, 26)


async def given_by_address(site: Web, url: str) -> Any:
    settings = Settings(hansard_url=site.base, written_url=site.base + "/api", members_url=site.base + "/members")
    async with Client(Http(spacing=0, attempts=1, timeout=5, allow_private=LOOPBACK)) as client:
        return await fetch(url, client, settings, Members(client, settings.members_url))


@pytest.mark.parametrize(
    "url",
    [
        "https://hansard.parliament.uk/Commons/2031-02-12/debates/17D395DB-E0CB/PreventLearningReview#contribution-A1",
        "https://hansard.parliament.uk/commons/2031-02-12/debates/17D395DB-E0CB",
        "{base}/debates/debate/17D395DB-E0CB.json",
    ],
)
async def test_a_debates_address_is_read_from_the_api_and_never_from_the_site(site: Web, url: str) -> None:
    site.pages["/debates/debate/17D395DB-E0CB.json"] = DEBATE
    document = await given_by_address(site, url.format(base=site.base))
    assert (document.source, document.contributions[0].speaker) == ("hansard", "Nora Quill")


async def test_written_statements_and_questions_are_read_from_their_api(site: Web) -> None:
    site.pages["/api/writtenstatements/statements/2031-02-12/HCWS5"] = {
        "value": {
            "uin": "HCWS5",
            "dateMade": "2031-02-12T00:00:00",
            "title": "T",
            "text": "<p>Words.</p>",
            "memberId": 0,
        }
    }
    site.pages["/api/writtenquestions/questions/2031-02-12/77"] = {
        "value": {"uin": "77", "dateTabled": "2031-02-12T00:00:00", "questionText": "Why?", "answerText": None}
    }
    base = "https://questions-statements.parliament.uk/written-"
    assert (await given_by_address(site, base + "statements/detail/2031-02-12/HCWS5")).title == "T"
    with pytest.raises(SourceError, match="has not been answered yet"):
        await given_by_address(site, base + "questions/detail/2031-02-12/77")


async def test_any_other_address_is_an_article(site: Web) -> None:
    text = "The review found that the records of the case were poor and that reasons were not written down at all."
    site.pages["/a"] = web.Response(text=f"<html><body><p>{text}</p></body></html>", content_type="text/html")
    document = await given_by_address(site, site.base + "/a")
    assert (document.kind, document.id, document.contributions[0].text) == (Kind.ARTICLE, site.base + "/a", text)


@pytest.mark.parametrize(
    "url",
    ["notes.json", "ftp://x.example/a", "http://", "http://[::1", "https://hansard.parliament.uk/search?q=x",
     "https://questions-statements.parliament.uk/written-questions/detail/2031-99-99/1",
     "https://hansard-api.parliament.uk/overview/firstyear.json"],
)  # fmt: skip
async def test_an_address_that_cannot_be_a_document_is_a_wrong_call(site: Web, url: str) -> None:
    with pytest.raises(InputError):
        await given_by_address(site, url)
    assert not site.asked
