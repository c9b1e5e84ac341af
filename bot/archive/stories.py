"""Verdicts and stories: which version is about a topic, and which documents tell one story.

A verdict and what it does to a story are one transaction, so that a kill leaves either a version still to be judged or
a story that knows it owes a digest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, case, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.archive.documents import Stored, load_with, set_ripeness
from bot.archive.engine import Archive
from bot.archive.health import MESSAGE, put_mark
from bot.archive.schema import contributions, documents, marks, matches, stories, story_documents, topical, versions
from bot.domain import LONDON, Document, Kind, Match

SPAN = timedelta(days=14)
"""One story is told within this time; what comes later is another."""
CANDIDATES = 40
"""Stories compared with a new document, the nearest in time first."""
MEMBERS = 8
"""Documents of a story that a new one is compared with, the principal first."""
BACK_OFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=8))
"""Waits before failed work is tried again; the last one repeats."""


def back_off(attempts: int) -> timedelta:
    """The wait after the `attempts`-th failure."""
    return BACK_OFF[min(max(attempts, 1), len(BACK_OFF)) - 1]


def rank(document: Document) -> int:
    """Who tells the story best: a Commons debate or statement, a written statement, a Lords repeat, a question, the
    press. The lowest leads."""
    if document.kind is Kind.ARTICLE:
        return 4
    if document.kind is Kind.QUESTION:
        return 3
    if document.source == "statements":
        return 1
    return 2 if (document.house or "").casefold() == "lords" else 0


def in_order(stored: Iterable[Stored]) -> list[Stored]:
    """The principal first, then the others; among equals the earliest."""
    return sorted(stored, key=lambda each: (rank(each.document), day_of(each), _began(each), each.id))


def day_of(stored: Stored) -> date:
    """The document's day; for an article without one the London day on which it was first read."""
    return stored.document.date or stored.first_read_at.astimezone(LONDON).date()


def _began(stored: Stored) -> datetime:
    times = [item.time for item in stored.document.contributions if item.time is not None]
    return min(times, default=stored.document.published or stored.first_read_at)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A story that a document may belong to, with the documents to compare it with."""

    story_id: int
    documents: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a document on the topic goes: a story, or (None) one of its own; and why, in words."""

    story_id: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Choice:
    """The stories that a document may belong to. `known` says that it has its place already. `epoch` must still be
    true when the choice is kept: another process may have made a story meanwhile."""

    epoch: int
    known: bool
    candidates: tuple[Candidate, ...]


async def unjudged(
    archive: Archive,
    topic: str,
    now: datetime,
    *,
    limit: int = 50,
    days: tuple[date, date] | None = None,
    news: bool = False,
) -> list[Stored]:
    """Documents whose standing version has no verdict on the topic and that may be tried now, Parliament first;
    with `news` none that a backfill alone has read.

    Of documents not read for a fortnight none is owed a verdict, so that a new topic does not judge the whole past,
    unless their day is asked for: `days` are the first and the last."""
    owed = or_(
        matches.c.id.is_(None),
        and_(matches.c.matched.is_(None), or_(matches.c.retry_at.is_(None), matches.c.retry_at <= now)),
    )
    recent: Any = documents.c.last_read_at >= now - SPAN
    if days is not None:
        recent = or_(recent, and_(documents.c.date >= days[0], documents.c.date <= days[1]))
    if news:
        recent = and_(recent, documents.c.backfilled.is_(False))
    async with archive.read() as connection:
        rows = await connection.execute(
            _standing(topic)
            .with_only_columns(documents.c.id)
            .where(owed, recent)
            .order_by(
                func.coalesce(matches.c.attempts, 0),
                case((documents.c.kind == Kind.ARTICLE.value, 1), else_=0),
                documents.c.date.desc(),
                documents.c.id,
            )
            .limit(limit)
        )
        ids = list(rows.scalars())
        found = await load_with(connection, ids)
    return [found[each] for each in ids if each in found]


def _standing(topic: str) -> Any:
    return (
        select(documents.c.id, matches.c.retry_at)
        .join(versions, and_(versions.c.document_id == documents.c.id, versions.c.number == documents.c.version))
        .outerjoin(matches, and_(matches.c.version_id == versions.c.id, matches.c.topic == topic))
        .where(versions.c.body.is_not(None))
    )


async def choose(archive: Archive, stored: Stored, topic: str) -> Choice:
    """The stories of the topic within a fortnight of this document, the nearest first."""
    day = day_of(stored)
    async with archive.read() as connection:
        epoch = await _epoch(connection, topic)
        known = await connection.scalar(
            select(story_documents.c.id).where(
                story_documents.c.document_id == stored.id, story_documents.c.topic == topic
            )
        )
        if known is not None:
            return Choice(epoch, True, ())
        told = func.coalesce(documents.c.date, func.date(documents.c.first_read_at))
        near_by = (
            select(story_documents.c.story_id)
            .join(documents, documents.c.id == story_documents.c.document_id)
            .where(story_documents.c.topic == topic, told >= day - SPAN, told <= day + SPAN)
        )
        rows = await connection.execute(
            select(story_documents.c.story_id, story_documents.c.document_id).where(
                story_documents.c.story_id.in_(near_by), story_documents.c.active.is_(True)
            )
        )
        members: dict[int, list[int]] = {}
        for story_id, document_id in rows:
            members.setdefault(story_id, []).append(document_id)
        loaded = await load_with(connection, [each for ids in members.values() for each in ids])
    near: list[tuple[int, int, list[Stored]]] = []
    for story_id, ids in members.items():
        told_by = in_order(loaded[each] for each in ids)
        days = [day_of(each) for each in told_by]
        if max(*days, day) - min(*days, day) <= SPAN:
            near.append((min(abs((each - day).days) for each in days), -story_id, told_by))
    near.sort(key=lambda each: each[:2])
    return Choice(
        epoch,
        False,
        tuple(
            Candidate(-negative, tuple(each.document for each in told_by if each.document.contributions)[:MEMBERS])
            for _, negative, told_by in near[:CANDIDATES]
        ),
    )


async def keep_verdict(
    archive: Archive,
    stored: Stored,
    match: Match,
    now: datetime,
    *,
    placement: Placement | None = None,
    epoch: int | None = None,
) -> bool:
    """Keep the verdict, and with it the document's place in a story: it joins one, changes it or leaves it.

    False where the topic's stories changed after `epoch`: choose again. A verdict on a version that no longer
    stands is kept for the record and changes no story."""
    async with archive.write() as connection:
        if placement is not None and not await _advance(connection, match.topic, epoch or 0):
            return False
        await _upsert_match(
            connection,
            stored.version_id,
            match.topic,
            matched=match.matched,
            score=match.score,
            reasons=list(match.reasons),
            parts=list(match.parts),
            focused=match.focused,
            made_at=now,
            retry_at=None,
            error=None,
        )
        standing = await connection.scalar(
            select(versions.c.id)
            .join(documents, and_(versions.c.document_id == documents.c.id, versions.c.number == documents.c.version))
            .where(documents.c.id == stored.id)
        )
        if standing == stored.version_id:
            await _mark(connection, stored.id, match)
            await _place(connection, stored, match, placement, now)
    return True


async def _mark(connection: AsyncConnection, document_id: int, match: Match) -> None:
    """Mark the contributions that carry the verdict, for search, and no others of the document."""
    of_document = select(contributions.c.id).where(contributions.c.document_id == document_id)
    await connection.execute(
        delete(topical).where(topical.c.topic == match.topic, topical.c.contribution_id.in_(of_document))
    )
    if match.matched and match.parts:
        parts = set(match.parts)
        rows = await connection.execute(of_document.add_columns(contributions.c.external_id))
        marked = [{"contribution_id": row.id, "topic": match.topic} for row in rows if row.external_id in parts]
        if marked:
            await connection.execute(insert(topical), marked)


async def _place(
    connection: AsyncConnection, stored: Stored, match: Match, placement: Placement | None, now: datetime
) -> None:
    member = (
        await connection.execute(
            select(story_documents).where(
                story_documents.c.document_id == stored.id, story_documents.c.topic == match.topic
            )
        )
    ).one_or_none()
    if member is None:
        if match.matched and placement is not None:
            await _join(connection, stored, match.topic, placement, now)
        return
    if not match.matched and not member.active:
        return
    await connection.execute(
        update(story_documents).where(story_documents.c.id == member.id).values(active=match.matched)
    )
    await touch(connection, member.story_id)


async def _join(connection: AsyncConnection, stored: Stored, topic: str, placement: Placement, now: datetime) -> None:
    story_id = placement.story_id
    if story_id is None:
        made = await connection.execute(insert(stories).values(topic=topic, created_at=now, ripe_at=now, generation=0))
        story_id = made.inserted_primary_key[0]  # type: ignore[index]
    await connection.execute(
        insert(story_documents).values(
            story_id=story_id,
            document_id=stored.id,
            topic=topic,
            active=True,
            reason=placement.reason,
            added_at=now,
        )
    )
    await touch(connection, story_id)


async def touch(connection: AsyncConnection, story_id: int) -> None:
    """What the story is made of has changed: it owes a digest, at once."""
    await connection.execute(
        update(stories)
        .where(stories.c.id == story_id)
        .values(generation=stories.c.generation + 1, attempts=0, retry_at=None, error=None)
    )
    await set_ripeness(connection, [story_id])


async def verdict_failed(archive: Archive, stored: Stored, topic: str, error: str, now: datetime) -> None:
    """The version stays to be judged, later each time."""
    async with archive.write() as connection:
        before = await connection.scalar(
            select(matches.c.attempts).where(matches.c.version_id == stored.version_id, matches.c.topic == topic)
        )
        attempts = (before or 0) + 1
        await _upsert_match(
            connection,
            stored.version_id,
            topic,
            attempts=attempts,
            retry_at=now + back_off(attempts),
            error=error[:MESSAGE],
        )


async def _upsert_match(connection: AsyncConnection, version_id: int, topic: str, **values: Any) -> None:
    result = await connection.execute(
        update(matches).where(matches.c.version_id == version_id, matches.c.topic == topic).values(**values)
    )
    if not result.rowcount:
        await connection.execute(insert(matches).values(version_id=version_id, topic=topic, **values))


async def _epoch(connection: AsyncConnection, topic: str) -> int:
    return int(await connection.scalar(select(marks.c.value).where(marks.c.key == f"stories:{topic}")) or 0)


async def _advance(connection: AsyncConnection, topic: str, epoch: int) -> bool:
    if await _epoch(connection, topic) != epoch:
        return False
    await put_mark(connection, f"stories:{topic}", str(epoch + 1))
    return True


async def verdicts(connection: AsyncConnection, stored: Sequence[Stored], topic: str) -> dict[int, Match]:
    """The verdict on each document's standing version, by the document's id."""
    rows = await connection.execute(
        select(matches).where(
            matches.c.version_id.in_([each.version_id for each in stored]),
            matches.c.topic == topic,
            matches.c.matched.is_not(None),
        )
    )
    by_version = {row.version_id: row for row in rows}
    return {
        each.id: _match(each.document.id, by_version[each.version_id])
        for each in stored
        if each.version_id in by_version
    }


def _match(document: str, row: Row[Any]) -> Match:
    return Match(document, row.topic, row.matched, row.score, tuple(row.reasons), tuple(row.parts), row.focused)


async def next_retry(archive: Archive, topics: Sequence[str]) -> datetime | None:
    """When the next failed verdict or digest may be tried again."""
    async with archive.read() as connection:
        times = [
            await connection.scalar(
                select(func.min(stories.c.retry_at)).where(
                    stories.c.topic.in_(topics), stories.c.generation > stories.c.digested
                )
            )
        ]
        for topic in topics:
            standing = _standing(topic).where(matches.c.matched.is_(None), matches.c.retry_at.is_not(None)).subquery()
            times.append(await connection.scalar(select(func.min(standing.c.retry_at))))
    return min((each for each in times if each is not None), default=None)
