"""Documents given by hand: a file, standard input, or an address.

A file is a `transcript/1` (.json; .jsonl holds one a line), a Hansard debate as the API returns it, an HTML page or
plain text. The extension tells which, then the content. Everything wrong is an InputError that names the file and what
to mend.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, Any, cast
from urllib.parse import urlsplit

from bot.domain import LONDON, Contribution, Document, Kind, Voice
from bot.errors import InputError, SourceError
from bot.settings import Settings
from bot.sources import articles, attribution
from bot.sources.debate import parse_debate
from bot.sources.hansard import Hansard
from bot.sources.hansard_markup import paragraphs, sound, whole
from bot.sources.http import Client
from bot.sources.members import Members
from bot.sources.written import Questions, Statements

LONGEST = 60_000_000
SCHEMA = "transcript/1"
SOURCE = "file"
MOST_CONTRIBUTIONS = 200_000

_TITLE_WORDS = 20
_ENDS_SENTENCE = re.compile(r"[.!?;:,][”’\"')]*$")
_MARKUP = re.compile(rb"^\s*(?:<!doctype|<\?xml|<!--|<html|<head|<body|<article|<div|<p\b|<h\d)", re.I)
_DEBATE_PAGE = re.compile(r"^/(?:Commons|Lords)/\d{4}-\d{2}-\d{2}/[\w-]+/([\w-]{8,64})(?:/|$)", re.I)
_DEBATE_API = re.compile(r"/debates/debate/([\w-]{8,64})(?:\.json)?$", re.I)
_WRITTEN_PAGE = re.compile(r"^/written-(statements|questions)/detail/(\d{4}-\d{2}-\d{2})/(\w{1,20})/?$", re.I)


def read(path: str, stdin: IO[bytes] | IO[str] | None = None) -> list[Document]:
    """The documents of a file, or of `stdin` where `path` is `-`. It blocks. Raises InputError."""
    if path == "-":
        body, name, extension = _drained(stdin), "standard input", ""
    else:
        body, name, extension = _contents(path), path, Path(path).suffix.lower()
    if not body.strip():
        raise InputError(f"{name}: is empty")
    stem = "stdin" if path == "-" else Path(path).stem
    if extension == ".json":
        return [_document(_json(_decoded(body, name), name), name, stem)]
    if extension in {".jsonl", ".ndjson"}:
        return list(_lines(_decoded(body, name), name, stem))
    if extension in {".html", ".htm", ".xhtml"}:
        return [_page(body, name, stem)]
    if extension in {".txt", ".text", ".md"}:
        return [_plain(_text(body, name), name, stem)]
    return _guessed(body, name, stem)


async def fetch(url: str, client: Client, settings: Settings, members: Members) -> Document:
    """The document at an address: a Hansard debate or a written statement or question from its API, else an article.

    Raises InputError where this is no address, SourceError where it cannot be had.
    """
    parts = _address(url)
    host = (parts.hostname or "").lower()
    if host == "hansard.parliament.uk":
        if not (found := _DEBATE_PAGE.match(parts.path)):
            raise InputError(f"{url}: give the address of one debate (…/{{House}}/{{date}}/debates/{{id}}/{{title}})")
        return await Hansard(client, settings.hansard_url, members).debate(found[1])
    from_api = host == "hansard-api.parliament.uk" or _within(url, settings.hansard_url)
    if from_api and (found := _DEBATE_API.search(parts.path)):
        return await Hansard(client, settings.hansard_url, members).debate(found[1])
    if host == "hansard-api.parliament.uk":
        raise InputError(f"{url}: give the address of one debate (…/debates/debate/{{id}}.json)")
    if host == "questions-statements.parliament.uk":
        found = _WRITTEN_PAGE.match(parts.path)
        day = _day(found[2]) if found else None
        if not found or day is None:
            raise InputError(f"{url}: give the address of one written statement or question (…/detail/{{date}}/{{no}})")
        if found[1].lower() == "statements":
            return await Statements(client, settings.written_url, members).statement(day, found[3])
        return await Questions(client, settings.written_url, members).question(day, found[3])
    return articles.document(await articles.Articles(client).read(url), source=SOURCE, name=url)


def _address(url: str) -> Any:
    try:
        parts = urlsplit(url)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        good = False
    if not good:
        raise InputError(f"{url[:300]}: is neither a file nor a web address")
    return parts


def _within(url: str, base: str) -> bool:
    return url.startswith(base + "/")


def _contents(path: str) -> bytes:
    file = Path(path)
    try:
        if file.is_dir():
            raise InputError(f"{path}: is a folder; name a file")
        if file.stat().st_size > LONGEST:
            raise InputError(f"{path}: is larger than {LONGEST // 1_000_000} MB")
        with file.open("rb") as opened:
            body = opened.read(LONGEST + 1)
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"{path}: cannot be read ({reason})") from None
    if len(body) > LONGEST:
        raise InputError(f"{path}: is larger than {LONGEST // 1_000_000} MB")
    return body


def _drained(stdin: IO[bytes] | IO[str] | None) -> bytes:
    if stdin is None:
        raise InputError("standard input: there is none")
    stream = cast("IO[bytes] | IO[str]", getattr(stdin, "buffer", stdin))
    given = stream.read(LONGEST + 1)
    body = given.encode("utf-8", "surrogatepass") if isinstance(given, str) else given
    if len(body) > LONGEST:
        raise InputError(f"standard input: is larger than {LONGEST // 1_000_000} MB")
    return body


def _decoded(body: bytes, name: str) -> str:
    """JSON's text: UTF-8, with or without a mark, or UTF-16 with one."""
    try:
        if body.startswith((b"\xff\xfe", b"\xfe\xff")):
            return body.decode("utf-16")
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: is not UTF-8 (byte {error.start + 1})") from None


def _text(body: bytes, name: str) -> str:
    if b"\x00" in body[:4096] and not body.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError(f"{name}: is not text; give a transcript, a Hansard debate, HTML or plain text")
    try:
        return _decoded(body, name)
    except InputError:
        return body.decode("cp1252", "replace")


def _json(text: str, name: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError:
        raise InputError(f"{name}: is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise InputError(f"{name}: is not valid JSON: {error.msg}, line {error.lineno} column {error.colno}") from None
    except ValueError as error:
        raise InputError(f"{name}: is not valid JSON: {error}") from None


def _lines(text: str, name: str, stem: str) -> Iterator[Document]:
    several = 0
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            several += 1
            try:
                value = json.loads(line)
            except (ValueError, RecursionError) as error:
                reason = error.msg if isinstance(error, json.JSONDecodeError) else "it cannot be read"
                raise InputError(f"{name}: line {number}: is not valid JSON: {reason}") from None
            yield _document(value, f"{name}: line {number}", f"{stem}-{number}")
    if not several:
        raise InputError(f"{name}: holds no document")


def _guessed(body: bytes, name: str, stem: str) -> list[Document]:
    start = body.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"{"):
        text = _decoded(body, name)
        first, _, rest = text.lstrip().partition("\n")
        if rest.strip() and _is_json(first):
            return list(_lines(text, name, stem))
        return [_document(_json(text, name), name, stem)]
    if start.startswith(b"[") and _is_json(listed := _text(body, name)):
        return [_document(_json(listed, name), name, stem)]
    if _MARKUP.match(start[:200]):
        return [_page(body, name, stem)]
    return [_plain(_text(body, name), name, stem)]


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def _page(body: bytes, name: str, stem: str) -> Document:
    try:
        found = articles.extract(body, None)
    except SourceError as error:
        raise InputError(f"{name}: {error}") from None
    if found is None:
        raise InputError(f"{name}: no article's text was found in this page")
    return articles.document(found, source=SOURCE, name=stem)


def _plain(text: str, name: str, stem: str) -> Document:
    """Plain text: paragraphs part at blank lines (at line ends where there are none); a short first one is a title."""
    parts = paragraphs(sound(text))
    if len(parts) == 1 and len(lines := [line for line in text.splitlines() if line.strip()]) > 1:
        parts = tuple(part for line in lines for part in paragraphs(sound(line))) if _one_a_line(lines) else parts
    if not parts:
        raise InputError(f"{name}: is empty")
    title = stem
    if len(parts) > 1 and len(parts[0].split()) <= _TITLE_WORDS and not _ENDS_SENTENCE.search(parts[0]):
        title, parts = parts[0].lstrip("# "), parts[1:]
    return Document(SOURCE, stem, Kind.ARTICLE, title, articles.contributions(parts, None))


def _one_a_line(lines: list[str]) -> bool:
    """Whether lines are paragraphs, rather than one paragraph that an editor wrapped."""
    ended = sum(bool(re.search(r"[.!?][”’\"')]*\s*$", line)) for line in lines)
    return ended * 3 >= len(lines) * 2


def _document(value: object, name: str, stem: str) -> Document:
    if not isinstance(value, dict):
        raise InputError(f"{name}: must be an object (a {SCHEMA} or a Hansard debate), not {_kind_of(value)}")
    if "Overview" in value and "Items" in value:
        try:
            return parse_debate(value)
        except SourceError as error:
            raise InputError(f"{name}: {error}") from None
    return _Fields(value, name).transcript(stem)


class _Fields:
    """A JSON object whose keys are asked for by type. `where` names the file, then the path to the object."""

    def __init__(self, value: dict[str, Any], name: str, path: str = "") -> None:
        self._value, self._name, self._path = value, name, path

    def wrong(self, key: str, what: str) -> InputError:
        return InputError(f"{self._name}: {self._path}{key}: {what}")

    def string(self, key: str, *, required: bool = False) -> str | None:
        value = self._value.get(key)
        if value is None:
            if required:
                raise self.wrong(key, "is missing")
            return None
        if not isinstance(value, str):
            raise self.wrong(key, f"must be a string, not {_kind_of(value)}")
        return whole(value)

    def day(self, key: str) -> date | None:
        value = self.string(key)
        if value is None or not value.strip():
            return None
        found = _day(value.strip()[:10])
        if found is None or not re.fullmatch(r"\d{4}-\d{2}-\d{2}(?:[T ].*)?", value.strip()):
            raise self.wrong(key, f"must be a date written as 2025-02-12, not {value[:40]!r}")
        return found

    def moment(self, key: str) -> datetime | None:
        value = self.string(key)
        if value is None or not value.strip():
            return None
        try:
            found = datetime.fromisoformat(value.strip())
            return (found if found.tzinfo else found.replace(tzinfo=LONDON)).astimezone(UTC)
        except (ValueError, OverflowError):
            raise self.wrong(key, f"must be a time written as 2025-02-12T12:40:00Z, not {value[:40]!r}") from None

    def kind(self) -> Kind:
        value = self.string("kind")
        if value is None or not value.strip():
            return Kind.DEBATE
        try:
            return Kind(value.strip().lower())
        except ValueError:
            raise self.wrong("kind", f"must be debate, statement, question or article, not {value[:40]!r}") from None

    def transcript(self, stem: str) -> Document:
        schema = self.string("schema", required=True)
        if schema != SCHEMA:
            raise self.wrong("schema", f'must be "{SCHEMA}", not "{(schema or "")[:40]}"')
        given = self._value.get("contributions")
        if given is None:
            raise self.wrong("contributions", "is missing")
        if not isinstance(given, list):
            raise self.wrong("contributions", f"must be a list, not {_kind_of(given)}")
        if len(given) > MOST_CONTRIBUTIONS:
            raise self.wrong("contributions", f"has more than {MOST_CONTRIBUTIONS:,}")
        kind = self.kind()
        found: dict[str, Contribution] = {}
        for at, value in enumerate(given):
            path = f"contributions[{at}]"
            if not isinstance(value, dict):
                raise self.wrong(path, f"must be an object, not {_kind_of(value)}")
            one = _Fields(value, self._name, f"{self._path}{path}.").contribution(kind)
            if one.id in found:
                raise self.wrong(f"{path}.id", f"{one.id[:40]!r} is used twice")
            found[one.id] = one
        own_id = self.string("id")
        return Document(
            source=SOURCE,
            id=own_id if own_id and own_id.strip() else stem,
            kind=kind,
            title=" ".join(sound(self.string("title") or "").split()) or stem,
            contributions=tuple(found.values()),
            date=self.day("date"),
            house=self.string("house") or None,
            url=self.string("url") or None,
            publisher=self.string("publisher") or None,
        )

    def contribution(self, kind: Kind) -> Contribution:
        own_id, text = self.string("id", required=True), self.string("text", required=True)
        assert own_id is not None
        assert text is not None
        if not own_id.strip():
            raise self.wrong("id", "is empty")
        speaker = self.string("speaker")
        speaker = speaker if speaker and speaker.strip() else None
        return Contribution(
            id=own_id,
            text=sound(text),
            speaker=speaker,
            party=self.string("party") or None,
            role=self.string("role") or None,
            constituency=self.string("constituency") or None,
            time=self.moment("time"),
            url=self.string("url") or None,
            attributed_to=speaker,
            voice=_voice(kind, speaker),
        )


def _voice(kind: Kind, speaker: str | None) -> Voice:
    if kind is Kind.ARTICLE:
        return Voice.REPORT
    if speaker and attribution.is_collective(speaker):
        return Voice.COLLECTIVE
    if speaker and attribution.is_chair(speaker):
        return Voice.CHAIR
    return Voice.SPEECH


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _kind_of(value: object) -> str:
    names = {
        dict: "an object",
        list: "a list",
        str: "a string",
        bool: "true or false",
        int: "a number",
        float: "a number",
    }
    return "null" if value is None else names.get(type(value), "something else")
