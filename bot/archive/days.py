"""Which sitting days are worth reading again, and on which the House sat."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.archive.engine import Archive
from bot.archive.health import put_mark
from bot.archive.schema import documents, marks
from bot.domain import LONDON

UNSETTLED_FOR = timedelta(days=31)
"""A debate that is still not settled after this is no longer asked for: the bound on a day's readings."""


async def days_to_read(archive: Archive, source: str, now: datetime, *, bound: int = 40) -> tuple[date, ...]:
    """Sitting days that a poll of this source should read again, newest first: those of unsettled documents of the
    last month, then those whose later re-reading is due, at most `bound` in all."""
    today = now.astimezone(LONDON).date()
    async with archive.read() as connection:
        unsettled = await connection.execute(
            select(documents.c.date)
            .where(
                documents.c.source == source,
                documents.c.settled.is_(False),
                documents.c.date >= today - UNSETTLED_FOR,
                documents.c.date <= today,
            )
            .distinct()
            .order_by(documents.c.date.desc())
        )
        due = await connection.execute(
            select(documents.c.date)
            .where(documents.c.source == source, documents.c.reread_at <= now, documents.c.date.is_not(None))
            .distinct()
            .order_by(documents.c.date.desc())
        )
        return tuple(dict.fromkeys([*unsettled.scalars(), *due.scalars()]))[:bound]


async def days_were_read(archive: Archive, source: str, days: Iterable[date], now: datetime) -> None:
    """These days were read to the end: what was due on them and did not come is not asked for again, and where they
    held nothing there was nothing. Not for a reading of one topic's documents alone."""
    days = sorted(days)
    async with archive.write() as connection:
        await _remember(connection, source, days)
        await connection.execute(
            update(documents)
            .where(documents.c.source == source, documents.c.date.in_(days), documents.c.reread_at <= now)
            .values(reread_at=None)
        )


async def seen_on(archive: Archive, source: str, day: date) -> bool:
    """Whether this source has given a document of that day: the House sat."""
    async with archive.read() as connection:
        found = await connection.execute(
            select(documents.c.id).where(documents.c.source == source, documents.c.date == day).limit(1)
        )
        return found.first() is not None


async def read_days(connection: AsyncConnection, source: str) -> list[tuple[date, date]]:
    """The stretches of days, ends included, that polls of this source have read, the oldest first."""
    found = await connection.scalar(select(marks.c.value).where(marks.c.key == f"read:{source}"))
    return [(date.fromisoformat(first), date.fromisoformat(last)) for first, last in json.loads(found or "[]")]


async def _remember(connection: AsyncConnection, source: str, days: Iterable[date]) -> None:
    before = await read_days(connection, source)
    merged: list[tuple[date, date]] = []
    for first, last in sorted([*before, *((day, day) for day in days)]):
        if merged and first <= merged[-1][1] + timedelta(days=1):
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    if merged == before:
        return
    value = json.dumps([[first.isoformat(), last.isoformat()] for first, last in merged])
    await put_mark(connection, f"read:{source}", value)
