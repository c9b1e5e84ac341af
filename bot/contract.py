"""The JSON shapes that are promised to people who script Despatch: `digest/1`, `answer/1`, `check/1` and the others.

Names and shapes stay from release to release; a breaking change needs a new number. Unknown keys in input are ignored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bot.domain import (
    Answer,
    Contribution,
    Coverage,
    Digest,
    Document,
    Entry,
    Event,
    Kind,
    Match,
    Origin,
    Others,
    Point,
    Roundup,
    Sentence,
    Status,
    Voice,
    When,
)

if TYPE_CHECKING:
    from bot.archive.search import Found

DIGEST, ANSWER, MATCH, CHECK, TRANSCRIPT = "digest/1", "answer/1", "match/1", "check/1", "transcript/1"
STORIES = "stories/1"
ROUNDUP = "roundup/1"
EXPORT = "export/1"
"""A record of `despatch export`: contribution, digest, line or evidence."""
EXPORTED = (
    "schema record topic story version line place document source contribution kind title headline date house "
    "publisher url speaker party role text words origin status made_at score reasons coverage notes"
).split()
"""Every key of such a record, in the order of a table's columns."""
SEARCH = "search/1"


class What(StrEnum):
    """What `despatch export` takes out of the archive. With the digests come their lines."""

    CONTRIBUTIONS = "contributions"
    DIGESTS = "digests"
    EVIDENCE = "evidence"


def digest_json(digest: Digest) -> dict[str, Any]:
    """A digest as `digest/1`. Beside the promised keys: `kind`, `links`, an evidence id's own address, and `refused`,
    the count of sentences that the verifier turned down. `news` is there where a later version has something new."""
    row: dict[str, Any] = {
        "schema": DIGEST,
        "id": digest.id,
        "title": digest.title,
        "kind": digest.kind.value,
        "headline": digest.headline,
        "date": _day(digest.date),
        "house": digest.house,
        "url": digest.url,
        "topic": digest.topic,
        "status": digest.status.value,
        "words": digest.word_count(),
        "brief": [_sentence(sentence) for sentence in digest.brief],
        "points": [
            {
                "speaker": point.speaker,
                "party": point.party,
                "role": point.role,
                "sentences": [_sentence(sentence) for sentence in point.sentences],
            }
            for point in digest.points
        ],
        "next": [_sentence(sentence) for sentence in digest.next],
        "others": {
            "count": digest.others.count,
            "about": digest.others.about,
            "evidence": list(digest.others.evidence),
        },
        "coverage": [
            {"publisher": item.publisher, "title": item.title, "url": item.url, "date": _day(item.date)}
            for item in digest.coverage
        ],
        "notes": list(digest.notes),
        "models": {"encoder": digest.encoder, "writer": digest.writer},
        "seconds": round(digest.seconds, 2),
        "links": dict(digest.links),
        "refused": digest.refused,
    }
    if digest.news:
        row["news"] = [_sentence(sentence) for sentence in digest.news]
    if digest.update:
        row["update"] = digest.update
    return row


def _sentence(sentence: Sentence) -> dict[str, Any]:
    row: dict[str, Any] = {
        "text": sentence.text,
        "evidence": list(sentence.evidence),
        "origin": sentence.origin.value,
    }
    if sentence.speaker is not None:
        row["speaker"] = sentence.speaker
    return row


def digest_from_json(row: Mapping[str, Any]) -> Digest:
    """The digest that `digest_json` wrote: for the archive, which keeps digests in the promised shape."""
    return Digest(
        id=row["id"],
        title=row["title"],
        headline=row["headline"],
        date=_parse_day(row["date"]),
        house=row["house"],
        url=row["url"],
        topic=row["topic"],
        status=Status(row["status"]),
        brief=_sentences(row["brief"]),
        points=tuple(
            Point(item["speaker"], item["party"], item["role"], _sentences(item["sentences"])) for item in row["points"]
        ),
        next=_sentences(row["next"]),
        others=Others(row["others"]["count"], row["others"]["about"], tuple(row["others"]["evidence"])),
        coverage=tuple(
            Coverage(item["publisher"], item["title"], item["url"], _parse_day(item["date"]))
            for item in row["coverage"]
        ),
        notes=tuple(row["notes"]),
        encoder=row["models"]["encoder"],
        writer=row["models"]["writer"],
        seconds=row["seconds"],
        links=dict(row.get("links", {})),
        refused=row.get("refused", 0),
        kind=Kind(row.get("kind", Kind.DEBATE)),
        news=_sentences(row.get("news", ())),
        update=row.get("update", ""),
    )


def _sentences(rows: Iterable[Mapping[str, Any]]) -> tuple[Sentence, ...]:
    return tuple(
        Sentence(row["text"], tuple(row["evidence"]), Origin(row["origin"]), row.get("speaker")) for row in rows
    )


def roundup_json(roundup: Roundup) -> dict[str, Any]:
    """A round-up as `roundup/1`: each entry's `digest` is a `digest/1` with the one line that is shown as its brief.
    `coming` is the business announced for the days that follow (`event_json`), `more` how much is left out there."""
    return {
        "schema": ROUNDUP,
        "topic": roundup.topic,
        "title": roundup.title,
        "when": roundup.when.value if roundup.when else None,
        "since": roundup.since.isoformat(),
        "until": roundup.until.isoformat(),
        "entries": [
            {"story": entry.story, "update": entry.update, "digest": digest_json(entry.digest)}
            for entry in roundup.entries
        ],
        "coming": [event_json(event) for event in roundup.coming],
        "more": roundup.more,
    }


def roundup_from_json(row: Mapping[str, Any]) -> Roundup:
    """The round-up that `roundup_json` wrote."""
    return Roundup(
        topic=row["topic"],
        title=row["title"],
        when=When(row["when"]) if row["when"] else None,
        since=datetime.fromisoformat(row["since"]),
        until=datetime.fromisoformat(row["until"]),
        entries=tuple(
            Entry(item["story"], digest_from_json(item["digest"]), item["update"]) for item in row["entries"]
        ),
        coming=tuple(event_from_json(item) for item in row.get("coming", ())),
        more=row.get("more", 0),
    )


def event_json(event: Event) -> dict[str, Any]:
    """Announced business: days as 2025-02-12, `time` London's as 14:30 or null; `about` an inquiry or bill, or ""."""
    return {
        "id": event.id,
        "day": event.day.isoformat(),
        "last": event.last.isoformat(),
        "time": f"{event.time:%H:%M}" if event.time else None,
        "house": event.house,
        "venue": event.venue,
        "title": event.title,
        "about": event.about,
        "url": event.url,
        "cancelled": event.cancelled,
    }


def event_from_json(row: Mapping[str, Any]) -> Event:
    """The event that `event_json` wrote."""
    return Event(
        id=row["id"],
        day=date.fromisoformat(row["day"]),
        last=date.fromisoformat(row["last"]),
        time=time.fromisoformat(row["time"]) if row["time"] else None,
        house=row["house"],
        venue=row["venue"],
        title=row["title"],
        about=row["about"],
        url=row["url"],
        cancelled=row["cancelled"],
    )


def match_json(rows: Sequence[tuple[Document, Match]]) -> dict[str, Any]:
    """Verdicts as `match/1`, in the order of the input."""
    return {
        "schema": MATCH,
        "results": [
            {
                "id": document.id,
                "title": document.title,
                "matched": match.matched,
                "score": round(match.score, 3),
                "reasons": list(match.reasons),
            }
            for document, match in rows
        ],
    }


def answer_json(answer: Answer) -> dict[str, Any]:
    """An answer as `answer/1`. Beside the promised keys: `links`, an evidence id's own address, and `sources`, where
    each cited contribution stands."""
    return {
        "schema": ANSWER,
        "question": answer.question,
        "answered": answer.answered,
        "words": answer.word_count(),
        "sentences": [{**_sentence(sentence), "speaker": sentence.speaker} for sentence in answer.sentences],
        "notes": list(answer.notes),
        "seconds": round(answer.seconds, 2),
        "links": dict(answer.links),
        "sources": [
            {
                "id": source.id,
                "title": source.title,
                "date": _day(source.date),
                "house": source.house,
                "url": source.url,
                "speaker": source.speaker,
                "party": source.party,
                "role": source.role,
            }
            for source in answer.sources
        ],
    }


def search_json(found: Found) -> dict[str, Any]:
    """What was found as `search/1`. Beside the promised keys: `kind`, `role`, `marks` (places of matching words in the
    snippet) and `notes` on how the query was understood. A `total` of 10,000 says "at least"."""
    return {
        "schema": SEARCH,
        "query": found.query,
        "total": found.total,
        "results": [
            {
                "id": result.id,
                "document": result.document,
                "title": result.title,
                "kind": result.kind,
                "speaker": result.speaker,
                "party": result.party,
                "role": result.role,
                "date": _day(result.date),
                "house": result.house,
                "url": result.url,
                "snippet": result.snippet,
                "marks": [list(mark) for mark in result.marks],
                "score": result.score,
            }
            for result in found.results
        ],
        "notes": list(found.notes),
    }


def check_json(rows: Sequence[tuple[str, bool, float, Sequence[str]]]) -> dict[str, Any]:
    """Findings (id, supported, score, reasons) as `check/1`, in the order of the input."""
    return {
        "schema": CHECK,
        "results": [
            {"id": id_, "supported": supported, "score": round(score, 3), "reasons": list(reasons)}
            for id_, supported, score, reasons in rows
        ],
    }


def stories_json(rows: Sequence[tuple[Document, str]]) -> dict[str, Any]:
    """Which story each document tells as `stories/1`, in the order of the input."""
    return {"schema": STORIES, "results": [{"id": document.id, "story": story} for document, story in rows]}


def document_json(document: Document) -> dict[str, Any]:
    """A document whole, as a superset of `transcript/1`: for the archive; `document_from_json` gives it back equal."""
    return {
        "schema": TRANSCRIPT,
        "source": document.source,
        "id": document.id,
        "kind": document.kind.value,
        "title": document.title,
        "date": _day(document.date),
        "house": document.house,
        "url": document.url,
        "publisher": document.publisher,
        "section": list(document.section),
        "published": document.published.isoformat() if document.published else None,
        "settled": document.settled,
        "doubts": list(document.doubts),
        "corrects": list(document.corrects),
        "contributions": [
            {
                "id": item.id,
                "speaker": item.speaker,
                "member_id": item.member_id,
                "party": item.party,
                "role": item.role,
                "constituency": item.constituency,
                "time": item.time.isoformat() if item.time else None,
                "url": item.url,
                "attributed_to": item.attributed_to,
                "voice": item.voice.value,
                "text": item.text,
            }
            for item in document.contributions
        ],
    }


def document_from_json(row: Mapping[str, Any]) -> Document:
    """The document that `document_json` wrote."""
    return Document(
        source=row["source"],
        id=row["id"],
        kind=Kind(row["kind"]),
        title=row["title"],
        date=_parse_day(row["date"]),
        house=row["house"],
        url=row["url"],
        publisher=row["publisher"],
        section=tuple(row["section"]),
        published=_parse_time(row["published"]),
        settled=row["settled"],
        doubts=tuple(row["doubts"]),
        corrects=tuple(row["corrects"]),
        contributions=tuple(
            Contribution(
                id=item["id"],
                text=item["text"],
                speaker=item["speaker"],
                member_id=item["member_id"],
                party=item["party"],
                role=item["role"],
                constituency=item["constituency"],
                time=_parse_time(item["time"]),
                url=item["url"],
                attributed_to=item["attributed_to"],
                voice=Voice(item["voice"]),
            )
            for item in row["contributions"]
        ),
    )


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _parse_day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _parse_time(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None
