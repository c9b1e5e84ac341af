"""Digests of stories: what is owed one, what it is made of, and the rows that a new one makes.

A digest and the deliveries that it owes are one transaction, written before anything is sent.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.archive.columns import storable
from bot.archive.documents import Stored, load_with
from bot.archive.engine import Archive
from bot.archive.health import MESSAGE
from bot.archive.schema import deliveries, digests, documents, stories, story_documents, subscriptions
from bot.archive.stories import back_off, in_order, verdicts
from bot.contract import digest_from_json, digest_json
from bot.domain import LONDON, Digest, Known, Match


@dataclass(frozen=True, slots=True)
class StoredDigest:
    """`version` differs where the documents' texts or what is shown differ. `made_of` is None in an older archive."""

    story_id: int
    digest: Digest
    made_at: datetime
    version: str
    id: int = 0
    content: str = ""
    shown: str = ""
    made_of: Known | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """All that a story's next digest is made of. `documents` are those that still are on the topic, the principal
    first; `content` names their versions. `posted` is the newest digest of it that stands in a message."""

    story_id: int
    topic: str
    generation: int
    documents: tuple[Stored, ...]
    matches: dict[str, Match]
    content: str
    last: StoredDigest | None
    posted: StoredDigest | None = None


def shown(digest: Digest) -> str:
    """A hash of what a reader sees: all but how it was made."""
    body = digest_json(digest)
    for key in ("seconds", "models", "refused"):
        body.pop(key, None)
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=True).encode("ascii")).hexdigest()


async def undigested(archive: Archive, topic: str, now: datetime, *, limit: int = 50, news: bool = False) -> list[int]:
    """Stories that owe a digest and may be tried now: `news` before the past that a backfill read (with `news` only
    those), then those never digested, then the oldest."""
    owing = select(stories.c.id).where(
        stories.c.topic == topic,
        stories.c.withdrawn_reason.is_(None),
        stories.c.generation > stories.c.digested,
        or_(stories.c.retry_at.is_(None), stories.c.retry_at <= now),
    )
    if news:
        owing = owing.where(~_past())
    async with archive.read() as connection:
        rows = await connection.execute(
            owing.order_by(_past(), stories.c.first_digested_at.is_not(None), stories.c.attempts, stories.c.id).limit(
                limit
            )
        )
        return list(rows.scalars())


def _past() -> ColumnElement[bool]:
    """Of a story whether a backfill alone has read what it is made of."""
    made_of = (
        select(documents.c.id)
        .join(story_documents, story_documents.c.document_id == documents.c.id)
        .where(story_documents.c.story_id == stories.c.id, story_documents.c.active.is_(True))
        .correlate(stories)
    )
    return and_(made_of.exists(), ~made_of.where(documents.c.backfilled.is_(False)).exists())


async def draft(archive: Archive, story_id: int) -> Draft:
    """What the story's next digest is made of, all seen at one moment."""
    async with archive.read() as connection:
        story = (await connection.execute(select(stories).where(stories.c.id == story_id))).one()
        ids = await connection.execute(
            select(story_documents.c.document_id).where(
                story_documents.c.story_id == story_id, story_documents.c.active.is_(True)
            )
        )
        stored = in_order((await load_with(connection, list(ids.scalars()))).values())
        found = await verdicts(connection, stored, story.topic)
        last = (await connection.execute(_latest().where(digests.c.story_id == story_id))).one_or_none()
        standing = select(func.max(deliveries.c.digest_id)).where(
            deliveries.c.story_id == story_id, deliveries.c.state.in_(("posted", "editing"))
        )
        posted = (
            await connection.execute(select(digests).where(digests.c.id == standing.scalar_subquery()))
        ).one_or_none()
    content = hashlib.sha256(",".join(str(each.version_id) for each in stored).encode("ascii")).hexdigest()
    return Draft(
        story_id,
        story.topic,
        story.generation,
        tuple(stored),
        {each.document.id: found[each.id] for each in stored if each.id in found},
        content,
        None if last is None else _stored(last),
        None if posted is None else _stored(posted),
    )


async def keep_digest(
    archive: Archive, of: Draft, digest: Digest, now: datetime, made_of: Known | None = None
) -> StoredDigest | None:
    """Keep a story's digest and owe it, in one transaction; None where another process kept this generation first.

    The first digest of a story is owed to each subscription that lives; a later one reaches messages as an edit. A
    story that a backfill alone has read counts as digested when its day ended, and is owed to nobody."""
    seen = shown(digest)
    async with archive.write() as connection:
        if not await _claim(connection, of):
            return None
        made = await _insert(connection, of, digest, seen, now, made_of=made_of)
        news = await _first_told(connection, of.story_id, digest, now)
        await connection.execute(update(stories).where(stories.c.id == of.story_id).values(withdrawn_at=None))
        await _restate(connection, of.story_id, "dropped", "owed")
        if news:
            live = await connection.execute(
                select(subscriptions.c.id).where(
                    subscriptions.c.topic == of.topic,
                    subscriptions.c.ended_at.is_(None),
                    subscriptions.c.when == "now",
                )
            )
            for subscription_id in live.scalars().all():
                await owe(connection, subscription_id, of.story_id, now)
    archive.owed.set()
    return made


async def _first_told(connection: AsyncConnection, story_id: int, digest: Digest, now: datetime) -> bool:
    """Note when the story was first digested; whether that is now, and news."""
    past = bool(await connection.scalar(select(_past()).where(stories.c.id == story_id)))
    told_first: ColumnElement[bool] = stories.c.first_digested_at.is_(None)
    if not past:
        told_first = or_(told_first, stories.c.backfilled.is_(True))
    at = now
    if past and digest.date is not None:
        at = min(now, datetime.combine(digest.date + timedelta(days=1), time(), LONDON).astimezone(UTC))
    first = await connection.execute(
        update(stories).where(stories.c.id == story_id, told_first).values(first_digested_at=at, backfilled=past)
    )
    return bool(first.rowcount) and not past


async def keep_withdrawal(
    archive: Archive, of: Draft, digest: Digest | None, now: datetime, *, reason: str | None = None
) -> bool:
    """No document of the story is on the topic any longer: what was posted will say so (`digest`; None where the
    story was never digested), what was not posted will not be.

    With a `reason` it is the operator who takes the story back: then no later document makes another digest of it.
    False where another process was first."""
    async with archive.write() as connection:
        if not await (_claim(connection, of) if reason is None else _take_back(connection, of.story_id, reason)):
            return False
        if digest is not None:
            await _insert(connection, of, digest, shown(digest), now)
        await connection.execute(update(stories).where(stories.c.id == of.story_id).values(withdrawn_at=now))
        await _restate(connection, of.story_id, "owed", "dropped")
    archive.owed.set()
    return True


async def _claim(connection: AsyncConnection, of: Draft) -> bool:
    result = await connection.execute(
        update(stories)
        .where(stories.c.id == of.story_id, stories.c.digested < of.generation, stories.c.withdrawn_reason.is_(None))
        .values(digested=of.generation, attempts=0, retry_at=None, error=None)
    )
    return bool(result.rowcount)


async def _take_back(connection: AsyncConnection, story_id: int, reason: str) -> bool:
    result = await connection.execute(
        update(stories)
        .where(stories.c.id == story_id, stories.c.withdrawn_reason.is_(None))
        .values(withdrawn_reason=reason, digested=stories.c.generation, attempts=0, retry_at=None, error=None)
    )
    return bool(result.rowcount)


async def _insert(
    connection: AsyncConnection, of: Draft, digest: Digest, seen: str, now: datetime, *, made_of: Known | None = None
) -> StoredDigest:
    version = f"{of.content[:16]}-{seen[:16]}"
    result = await connection.execute(
        insert(digests).values(
            story_id=of.story_id,
            version=version,
            content=of.content,
            shown=seen,
            status=digest.status.value,
            date=digest.date,
            title=storable(digest.title) or "",
            headline=storable(digest.headline) or "",
            body=digest_json(digest) | _made_of_json(made_of),
            made_at=now,
        )
    )
    key: int = result.inserted_primary_key[0]  # type: ignore[index]
    return StoredDigest(of.story_id, digest, now, version, key, of.content, seen, made_of)


async def _restate(connection: AsyncConnection, story_id: int, before: str, after: str) -> None:
    await connection.execute(
        update(deliveries)
        .where(deliveries.c.story_id == story_id, deliveries.c.state == before)
        .values(state=after, retry_at=None)
    )


async def owe(connection: AsyncConnection, subscription_id: int, story_id: int, now: datetime) -> bool:
    """Owe a story to a subscription, unless it was owed before, posted or not."""
    there = await connection.scalar(
        select(deliveries.c.id).where(
            deliveries.c.subscription_id == subscription_id, deliveries.c.story_id == story_id
        )
    )
    if there is not None:
        return False
    await connection.execute(
        insert(deliveries).values(subscription_id=subscription_id, story_id=story_id, state="owed", owed_at=now)
    )
    return True


async def digest_failed(archive: Archive, of: Draft, error: str, now: datetime) -> int:
    """The story still owes its digest, later each time. Says how many attempts have failed."""
    async with archive.write() as connection:
        before = await connection.scalar(select(stories.c.attempts).where(stories.c.id == of.story_id))
        attempts = (before or 0) + 1
        await connection.execute(
            update(stories)
            .where(stories.c.id == of.story_id, stories.c.generation == of.generation)
            .values(attempts=attempts, retry_at=now + back_off(attempts), error=error[:MESSAGE])
        )
        return attempts


async def find_digests(
    archive: Archive, *, day: date | None = None, about: str | None = None, topic: str | None = None, limit: int = 10
) -> list[StoredDigest]:
    """The newest digest of each story, the newest day first: of that day, with those words in title or headline, of
    that topic. Withdrawn stories are left out."""
    chosen = _latest().join(stories, stories.c.id == digests.c.story_id).where(stories.c.withdrawn_at.is_(None))
    if day is not None:
        chosen = chosen.where(digests.c.date == day)
    if topic is not None:
        chosen = chosen.where(stories.c.topic == topic)
    for word in (about or "").split()[:20]:
        wanted = word.lower()
        chosen = chosen.where(
            or_(
                func.lower(digests.c.title).contains(wanted, autoescape=True),
                func.lower(digests.c.headline).contains(wanted, autoescape=True),
            )
        )
    async with archive.read() as connection:
        rows = await connection.execute(
            chosen.order_by(digests.c.date.is_(None), digests.c.date.desc(), digests.c.id.desc()).limit(limit)
        )
        return [_stored(row) for row in rows]


async def digest_of(archive: Archive, story_id: int) -> StoredDigest | None:
    """The story's newest digest."""
    async with archive.read() as connection:
        row = (await connection.execute(_latest().where(digests.c.story_id == story_id))).one_or_none()
    return None if row is None else _stored(row)


def _latest() -> Any:
    newest = select(func.max(digests.c.id).label("id")).group_by(digests.c.story_id).subquery()
    return select(digests).join(newest, and_(newest.c.id == digests.c.id))


def _stored(row: Row[Any]) -> StoredDigest:
    return StoredDigest(
        row.story_id,
        replace(digest_from_json(row.body), story=row.story_id),
        row.made_at,
        row.version,
        row.id,
        row.content,
        row.shown,
        _made_of(row.body.get("made_of")),
    )


def _made_of_json(made_of: Known | None) -> dict[str, Any]:
    if made_of is None:
        return {}
    return {"made_of": {"documents": sorted(made_of.documents), "heard": sorted(made_of.heard)}}


def _made_of(row: dict[str, Any] | None) -> Known | None:
    return None if row is None else Known(frozenset(row["documents"]), frozenset(row["heard"]))
