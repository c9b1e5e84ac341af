"""How the sources are, and what the stages could not do: what an operator and `/status` are told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.archive.engine import Archive
from bot.archive.schema import deliveries, documents, marks, matches, sources, stories, subscriptions, versions

MESSAGE = 500
"""Characters kept of an error."""


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """`failures` counts those since the last success; `items` is what the last whole reading gave."""

    name: str
    last_attempt: datetime | None
    last_success: datetime | None
    error: str | None
    failures: int
    next_due: datetime | None
    items: int


@dataclass(frozen=True, slots=True)
class Trouble:
    """Work that failed. `stage` is match, digest or deliver; `what` a title; `retry_at` None where it will not be
    tried again."""

    stage: str
    what: str
    attempts: int
    error: str
    retry_at: datetime | None


@dataclass(frozen=True, slots=True)
class Queue:
    """Rows that wait for a stage; `dead` ones wait for a person, `paused` are subscriptions, and what is owed to
    those, or was to one that has ended, waits for no stage."""

    digests: int
    deliveries: int
    dead: int
    paused: int
    troubles: tuple[Trouble, ...] = ()


async def record_success(archive: Archive, name: str, now: datetime, *, items: int) -> None:
    async with archive.write() as connection:
        await _record(connection, name, last_attempt=now, last_success=now, error=None, failures=0, items=items)


async def record_failure(archive: Archive, name: str, now: datetime, error: str) -> int:
    """Says how many failures in a row this makes."""
    async with archive.write() as connection:
        before = await connection.scalar(select(sources.c.failures).where(sources.c.name == name))
        failures = (before or 0) + 1
        await _record(connection, name, last_attempt=now, error=error[:MESSAGE], failures=failures)
        return failures


async def set_next_due(archive: Archive, name: str, at: datetime) -> None:
    async with archive.write() as connection:
        await _record(connection, name, next_due=at)


async def _record(connection: AsyncConnection, name: str, **values: object) -> None:
    result = await connection.execute(update(sources).where(sources.c.name == name).values(**values))
    if not result.rowcount:
        await connection.execute(insert(sources).values(name=name, **values))


async def source_health(archive: Archive) -> list[SourceHealth]:
    """Every source that was ever polled, by name."""
    async with archive.read() as connection:
        rows = await connection.execute(select(sources).order_by(sources.c.name))
        return [
            SourceHealth(row.name, row.last_attempt, row.last_success, row.error, row.failures, row.next_due, row.items)
            for row in rows
        ]


async def last_success(archive: Archive, name: str) -> datetime | None:
    async with archive.read() as connection:
        found: datetime | None = await connection.scalar(select(sources.c.last_success).where(sources.c.name == name))
        return found


async def queue(archive: Archive, *, troubles: int = 10) -> Queue:
    """What waits and what failed, the newest `troubles` of each stage."""
    async with archive.read() as connection:

        async def count(query: object) -> int:
            return (await connection.execute(query)).scalar_one()  # type: ignore[call-overload,no-any-return]

        found: list[Trouble] = []
        owed = await connection.execute(
            select(documents.c.title, matches.c.attempts, matches.c.error, matches.c.retry_at)
            .join(versions, versions.c.id == matches.c.version_id)
            .join(documents, documents.c.id == versions.c.document_id)
            .where(matches.c.matched.is_(None), versions.c.number == documents.c.version, matches.c.error.is_not(None))
            .order_by(matches.c.id.desc())
            .limit(troubles)
        )
        found += [Trouble("match", row.title, row.attempts, row.error, row.retry_at) for row in owed]
        late = await connection.execute(
            select(stories.c.id, stories.c.attempts, stories.c.error, stories.c.retry_at)
            .where(stories.c.generation > stories.c.digested, stories.c.error.is_not(None))
            .order_by(stories.c.id.desc())
            .limit(troubles)
        )
        found += [Trouble("digest", f"story {row.id}", row.attempts, row.error, row.retry_at) for row in late]
        unsent = await connection.execute(
            select(deliveries.c.story_id, subscriptions.c.channel_id, deliveries.c.attempts, deliveries.c.error)
            .add_columns(deliveries.c.retry_at)
            .join(subscriptions, subscriptions.c.id == deliveries.c.subscription_id)
            .where(deliveries.c.error.is_not(None))
            .order_by(deliveries.c.id.desc())
            .limit(troubles)
        )
        found += [
            Trouble(
                "deliver",
                f"{f'story {row.story_id}' if row.story_id else 'a round-up'} to {row.channel_id}",
                row.attempts,
                row.error,
                row.retry_at,
            )
            for row in unsent
        ]
        return Queue(
            digests=await count(
                select(func.count()).select_from(stories).where(stories.c.generation > stories.c.digested)
            ),
            deliveries=await count(
                select(func.count())
                .select_from(deliveries.join(subscriptions, subscriptions.c.id == deliveries.c.subscription_id))
                .where(
                    deliveries.c.state.in_(("owed", "sending")),
                    subscriptions.c.ended_at.is_(None),
                    subscriptions.c.paused_at.is_(None),
                )
            ),
            dead=await count(select(func.count()).select_from(deliveries).where(deliveries.c.state == "dead")),
            paused=await count(
                select(func.count())
                .select_from(subscriptions)
                .where(subscriptions.c.paused_at.is_not(None), subscriptions.c.ended_at.is_(None))
            ),
            troubles=tuple(found),
        )


async def get_mark(archive: Archive, key: str) -> str | None:
    """A small fact kept under `key`, such as the hash of the commands last registered."""
    async with archive.read() as connection:
        found: str | None = await connection.scalar(select(marks.c.value).where(marks.c.key == key))
        return found


async def set_mark(archive: Archive, key: str, value: str) -> None:
    async with archive.write() as connection:
        await put_mark(connection, key, value)


async def put_mark(connection: AsyncConnection, key: str, value: str) -> None:
    """As `set_mark`, within the caller's transaction."""
    result = await connection.execute(update(marks).where(marks.c.key == key).values(value=value))
    if not result.rowcount:
        await connection.execute(insert(marks).values(key=key, value=value))
