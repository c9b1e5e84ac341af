"""Documents and every version of them: what a source was read to say, and when it was last read so.

A reading is kept under (source, external id). An equal text (same content hash) makes no version; another text does,
and the old one stays. Nothing here ever deletes a document because a reading lacks it.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Literal

from sqlalchemy import Row, and_, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.archive import facets
from bot.archive.columns import pack, storable, unpack
from bot.archive.engine import Archive
from bot.archive.schema import contributions, documents, stories, story_documents, versions
from bot.contract import document_from_json, document_json
from bot.domain import LONDON, Document, Kind

RIPENING = timedelta(minutes=30)
"""How long after its first reading a text that keeps changing is posted all the same, as a draft."""
REREAD = timedelta(days=15)
"""Hansard restamps a day about this long after it sat (the median of 202 debates)."""
SHRUNK = 0.5
"""Hansard flaps: a text with less than this share of the last one's words is read twice before it is believed."""

State = Literal["new", "changed", "same"]


class Reader(StrEnum):
    """Who reads: a `POLL` what is news; the same, looking `AGAIN` at a day that it had read; a `BACKFILL` the past."""

    POLL = "poll"
    AGAIN = "again"
    BACKFILL = "backfill"


@dataclass(frozen=True, slots=True)
class _Read:
    """One reading with its hashes, made off the event loop: a long debate has a megabyte of words."""

    document: Document
    content: str
    reading: str

    @classmethod
    def of(cls, document: Document) -> _Read:
        whole = hashlib.sha256(repr(document).encode("utf-8", "backslashreplace"))
        return cls(document, document.content_hash(), whole.hexdigest())

    async def packed(self) -> bytes:
        return await asyncio.to_thread(lambda: pack(document_json(self.document)))


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of one reading. `version_id` is the version that now stands."""

    document_id: int
    version_id: int
    state: State


@dataclass(frozen=True, slots=True)
class Stored:
    """A document as it stands. `document` has no contributions once an article's text has been deleted."""

    id: int
    version_id: int
    document: Document
    first_read_at: datetime
    backfilled: bool = False


async def save_reading(archive: Archive, document: Document, now: datetime, reader: Reader = Reader.POLL) -> Saved:
    """Keep one reading, in one transaction, with what follows from it: equal readings counted, ripeness, what a
    correction points at made due again, and the stories of a changed status marked for a new digest. A poll makes
    news of what a backfill alone had read.

    "changed" means that a new version stands; "same" that there is nothing to redo, which is also the answer to an
    empty reading of what once had words, and to the first reading of one that lost more than half of them."""
    read = await asyncio.to_thread(_Read.of, document)
    async with archive.write() as connection:
        saved, stirred = await _save(connection, read, now, reader)
    if stirred:
        archive.unread.set()
        archive.unencoded.set()
    archive.owed.set()
    return saved


async def _save(connection: AsyncConnection, read: _Read, now: datetime, reader: Reader) -> tuple[Saved, bool]:
    """What became of it, and whether the digest stage has something to do."""
    document = read.document
    found = (
        await connection.execute(
            select(documents).where(documents.c.source == document.source, documents.c.external_id == document.id)
        )
    ).one_or_none()
    if found is None:
        return await _add(connection, read, now, reader), True
    live = found.backfilled and reader is Reader.POLL
    if live:
        await _come_alive(connection, found.id)
    version_id: int = (
        await connection.execute(
            select(versions.c.id).where(versions.c.document_id == found.id, versions.c.number == found.version)
        )
    ).scalar_one()
    if read.content == found.content_hash:
        await _read_again(connection, found, version_id, read, now)
        return Saved(found.id, version_id, "same"), live or document.settled != found.settled
    if await _doubted(connection, found, read):
        return Saved(found.id, version_id, "same"), live
    await connection.execute(
        update(documents)
        .where(documents.c.id == found.id)
        .values(
            **_head(document),
            version=found.version + 1,
            content_hash=read.content,
            reading_hash=read.reading,
            doubted_hash=None,
            equal_readings=1,
            last_read_at=now,
            ripe_at=min(found.ripe_at, now) if document.settled else found.ripe_at,
            reread_at=_still_due(found.reread_at, document, now),
        )
    )
    version_id = await _add_version(connection, found.id, found.version + 1, read, now)
    await _follow_corrections(connection, document, now)
    await _refresh_ripeness(connection, found.id)
    return Saved(found.id, version_id, "changed"), True


async def _come_alive(connection: AsyncConnection, document_id: int) -> None:
    """The document is news, and so are the stories that were digested as the past."""
    await connection.execute(update(documents).where(documents.c.id == document_id).values(backfilled=False))
    await connection.execute(
        update(stories)
        .where(stories.c.id.in_(_stories_of(document_id, active=True)), stories.c.backfilled.is_(True))
        .values(generation=stories.c.generation + 1, retry_at=None)
    )


async def _add(connection: AsyncConnection, read: _Read, now: datetime, reader: Reader) -> Saved:
    document = read.document
    ripe_at = now if document.settled or document.kind is Kind.ARTICLE else now + RIPENING
    result = await connection.execute(
        insert(documents).values(
            source=document.source,
            external_id=document.id,
            **_head(document),
            version=1,
            content_hash=read.content,
            reading_hash=read.reading,
            equal_readings=1,
            first_read_at=now,
            last_read_at=now,
            ripe_at=ripe_at,
            reread_at=_reread_at(document, now),
            backfilled=reader is Reader.BACKFILL,
        )
    )
    document_id: int = result.inserted_primary_key[0]  # type: ignore[index]
    version_id = await _add_version(connection, document_id, 1, read, now)
    await _follow_corrections(connection, document, now)
    return Saved(document_id, version_id, "new")


async def _read_again(
    connection: AsyncConnection, found: Row[Any], version_id: int, read: _Read, now: datetime
) -> None:
    document = read.document
    ripe = document.settled or found.equal_readings >= 1
    # A feed may leave the date out, which is then taken as of each reading: what was kept first stands. Otherwise the
    # words are equal, but times, links and the settled mark may have come since.
    newer = document.kind is not Kind.ARTICLE and read.reading != found.reading_hash
    await connection.execute(
        update(documents)
        .where(documents.c.id == found.id)
        .values(
            **(_head(document) | {"reading_hash": read.reading} if newer else {}),
            doubted_hash=None,
            equal_readings=found.equal_readings + 1,
            last_read_at=now,
            ripe_at=min(found.ripe_at, now) if ripe else found.ripe_at,
            reread_at=_still_due(found.reread_at, document, now),
        )
    )
    if newer:
        await connection.execute(update(versions).where(versions.c.id == version_id).values(body=await read.packed()))
        await _renew(connection, found.id, document)
    await _refresh_ripeness(connection, found.id)
    if newer and document.settled != found.settled:
        await connection.execute(
            update(stories)
            .where(stories.c.id.in_(_stories_of(found.id, active=True)))
            .values(generation=stories.c.generation + 1, retry_at=None)
        )


async def _renew(connection: AsyncConnection, document_id: int, document: Document) -> None:
    """The same words said with another link, time, Member or day: the rows stay, with what hangs on them."""
    row = contributions.c
    rows = await asyncio.to_thread(lambda: _rows(document, document_id))
    kept = ("member_id", "time", "url", "facets")
    was = await connection.execute(
        select(row.position, *(row[key] for key in kept)).where(row.document_id == document_id)
    )
    before = {each.position: each for each in was}
    for made in rows:
        old = before.get(made["position"])
        made["facets"] += f" {facets.TOPICAL}" if old and facets.TOPICAL in old.facets.split() else ""
        if old and any(getattr(old, key) != made[key] for key in kept):
            same = and_(row.document_id == document_id, row.position == made["position"])
            await connection.execute(update(contributions).where(same).values({key: made[key] for key in kept}))


async def _doubted(connection: AsyncConnection, found: Row[Any], read: _Read) -> bool:
    """Whether this reading is too short to be believed yet; it is then remembered, and believed when read again.

    A feed's summary never takes the place of the article that was read once."""
    texts = await connection.execute(select(contributions.c.text).where(contributions.c.document_id == found.id))
    before = sum(len(text.split()) for text in texts.scalars())
    document, words = read.document, read.document.words()
    summary = document.kind is Kind.ARTICLE and bool(document.doubts)
    read_twice = bool(words) and found.doubted_hash == read.content and not summary
    if not before or words >= before * SHRUNK or read_twice:
        return False
    await connection.execute(update(documents).where(documents.c.id == found.id).values(doubted_hash=read.content))
    return True


async def _add_version(connection: AsyncConnection, document_id: int, number: int, read: _Read, now: datetime) -> int:
    result = await connection.execute(
        insert(versions).values(
            document_id=document_id,
            number=number,
            content_hash=read.content,
            body=await read.packed(),
            read_at=now,
        )
    )
    await connection.execute(delete(contributions).where(contributions.c.document_id == document_id))
    rows = await asyncio.to_thread(lambda: _rows(read.document, document_id))
    if rows:
        await connection.execute(insert(contributions), rows)
    version_id: int = result.inserted_primary_key[0]  # type: ignore[index]
    return version_id


async def _follow_corrections(connection: AsyncConnection, document: Document, now: datetime) -> None:
    if not document.corrects:
        return
    # Each way of writing an id, for an index: `lower()` would read every contribution there is.
    named = {form for each in document.corrects[:500] for form in (each, each.lower(), each.upper())}
    corrected = select(contributions.c.document_id).where(contributions.c.external_id.in_(named))
    await connection.execute(
        update(documents)
        .where(
            or_(documents.c.id.in_(corrected), documents.c.external_id.in_(named)),
            or_(documents.c.source != document.source, documents.c.external_id != document.id),
        )
        .values(reread_at=now)
    )


async def _refresh_ripeness(connection: AsyncConnection, document_id: int) -> None:
    await set_ripeness(connection, _stories_of(document_id))


def _stories_of(document_id: int, *, active: bool | None = None) -> Any:
    chosen = select(story_documents.c.story_id).where(story_documents.c.document_id == document_id)
    return chosen if active is None else chosen.where(story_documents.c.active.is_(active))


async def set_ripeness(connection: AsyncConnection, story_ids: Any) -> None:
    """A story is ripe when the last of its documents is; one with no document left has nothing to wait for."""
    latest = (
        select(func.max(documents.c.ripe_at))
        .join(story_documents, story_documents.c.document_id == documents.c.id)
        .where(story_documents.c.story_id == stories.c.id, story_documents.c.active.is_(True))
        .scalar_subquery()
    )
    await connection.execute(
        update(stories).where(stories.c.id.in_(story_ids)).values(ripe_at=func.coalesce(latest, stories.c.ripe_at))
    )


def _rows(document: Document, document_id: int) -> list[dict[str, Any]]:
    head = facets.of_document(document.kind, document.house, document.date)
    return [
        {
            "document_id": document_id,
            "position": position,
            "external_id": storable(item.id),
            "speaker": (speaker := storable(item.speaker)),
            "member_id": item.member_id,
            "party": (party := storable(item.party)),
            "role": (role := storable(item.role)),
            "constituency": storable(item.constituency),
            "time": item.time,
            "url": storable(item.url),
            "attributed_to": storable(item.attributed_to),
            "voice": item.voice.value,
            "text": storable(item.text),
            "facets": head + facets.of_speaker(speaker, item.member_id, party, role),
        }
        for position, item in enumerate(document.contributions)
    ]


def _head(document: Document) -> dict[str, Any]:
    return {
        "kind": document.kind.value,
        "title": storable(document.title),
        "date": document.date,
        "house": document.house,
        "url": storable(document.url),
        "publisher": storable(document.publisher),
        "published": document.published,
        "settled": document.settled,
    }


def _reread_at(document: Document, now: datetime) -> datetime | None:
    if document.source != "hansard" or document.date is None:
        return None
    due = datetime.combine(document.date + REREAD, time(4), LONDON).astimezone(UTC)
    return due if due > now else None


def _still_due(reread_at: datetime | None, document: Document, now: datetime) -> datetime | None:
    # A correction may have brought it forward: then the reading of the fifteenth day is still to come.
    return _reread_at(document, now) if reread_at is not None and reread_at <= now else reread_at


async def load(archive: Archive, document_ids: Sequence[int]) -> dict[int, Stored]:
    """The documents as they stand, by id; an id that is not there is left out."""
    async with archive.read() as connection:
        return await load_with(connection, document_ids)


async def load_with(connection: AsyncConnection, document_ids: Sequence[int]) -> dict[int, Stored]:
    rows = await connection.execute(
        select(documents, versions.c.id.label("version_id"), versions.c.body)
        .join(versions, and_(versions.c.document_id == documents.c.id, versions.c.number == documents.c.version))
        .where(documents.c.id.in_(document_ids))
    )
    found = rows.all()
    return await asyncio.to_thread(
        lambda: {
            row.id: Stored(row.id, row.version_id, _document(row), row.first_read_at, row.backfilled) for row in found
        }
    )


def _document(row: Row[Any]) -> Document:
    if row.body is not None:
        return document_from_json(unpack(row.body))
    return Document(
        source=row.source,
        id=row.external_id,
        kind=Kind(row.kind),
        title=row.title,
        contributions=(),
        date=row.date,
        house=row.house,
        url=row.url,
        publisher=row.publisher,
        published=row.published,
        settled=row.settled,
    )


async def history(archive: Archive, document_id: int) -> list[Mapping[str, Any]]:
    """Every version, oldest first: `number`, `content_hash`, `read_at`, `body` (a transcript, or None if deleted)."""
    async with archive.read() as connection:
        rows = await connection.execute(
            select(versions.c.number, versions.c.content_hash, versions.c.read_at, versions.c.body)
            .where(versions.c.document_id == document_id)
            .order_by(versions.c.number)
        )
        found = rows.mappings().all()
    return [dict(row) | {"body": None if row["body"] is None else unpack(row["body"])} for row in found]
