"""Which days of the past have been read to the end, and what is held of a day."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.archive.engine import Archive
from bot.archive.schema import backfilled, contributions, documents

EVERYTHING = ""
"""Stands for a topic where all of a day was read."""
Item = tuple[str, int | None, str | None]
"""A contribution's id, Member and citation."""


async def days_done(archive: Archive, source: str, topic: str, first: date, last: date) -> frozenset[date]:
    """The days, both ends included, that need no reading: read whole, or searched for that topic."""
    async with archive.read() as connection:
        found = await connection.execute(
            select(backfilled.c.day).where(
                backfilled.c.source == source,
                backfilled.c.topic.in_((EVERYTHING, topic)),
                backfilled.c.day >= first,
                backfilled.c.day <= last,
            )
        )
        return frozenset(found.scalars())


async def day_done(archive: Archive, source: str, topic: str, day: date, now: datetime) -> None:
    """Note that the day was read to the end and will not change. Repeating it does no harm."""
    async with archive.write() as connection:
        if not await _known(connection, source, topic, day):
            await connection.execute(insert(backfilled).values(source=source, topic=topic, day=day, read_at=now))


async def _known(connection: AsyncConnection, source: str, topic: str, day: date) -> bool:
    found = await connection.scalar(
        select(func.count()).where(backfilled.c.source == source, backfilled.c.topic == topic, backfilled.c.day == day)
    )
    return bool(found)


async def held(archive: Archive, source: str, day: date) -> dict[str, tuple[Item, ...]]:
    """The settled documents of a source's day, by id in capitals, with their contributions in order."""
    async with archive.read() as connection:
        rows = await connection.execute(
            select(
                documents.c.external_id.label("document"),
                contributions.c.external_id,
                contributions.c.member_id,
                contributions.c.attributed_to,
            )
            .join(contributions, contributions.c.document_id == documents.c.id)
            .where(documents.c.source == source, documents.c.date == day, documents.c.settled.is_(True))
            .order_by(documents.c.id, contributions.c.position)
        )
        found: dict[str, list[Item]] = {}
        for row in rows:
            found.setdefault(row.document.upper(), []).append((row.external_id, row.member_id, row.attributed_to))
    return {key: tuple(said) for key, said in found.items()}
