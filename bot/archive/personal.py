"""What is kept of one person: which subscriptions they began, and what they reported."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select, update

from bot.archive.engine import Archive
from bot.archive.schema import reports, subscriptions

NOBODY = 0
"""Stands where a person's id stood: the subscription is the channel's, and goes on."""


async def held_of(archive: Archive, person: int) -> dict[str, list[dict[str, Any]]]:
    """All that is kept with the person's id, as JSON values: `subscriptions` and `reports`."""
    began = select(
        subscriptions.c.guild_id,
        subscriptions.c.channel_id,
        subscriptions.c.topic,
        subscriptions.c.when,
        subscriptions.c.hour,
        subscriptions.c.created_at,
        subscriptions.c.ended_at,
    ).where(subscriptions.c.created_by == person)
    said = select(reports.c.story_id, reports.c.guild_id, reports.c.line, reports.c.said, reports.c.made_at).where(
        reports.c.made_by == person
    )
    async with archive.read() as connection:
        return {
            "subscriptions": [_plain(row) for row in (await connection.execute(began)).mappings()],
            "reports": [_plain(row) for row in (await connection.execute(said)).mappings()],
        }


async def forget(archive: Archive, person: int) -> tuple[int, int]:
    """Delete the person's reports and the subscriptions of their own direct messages; take their id from those of
    servers. Says how many reports, and how many subscriptions, were theirs."""
    async with archive.write() as connection:
        said = await connection.execute(delete(reports).where(reports.c.made_by == person))
        mine = subscriptions.c.created_by == person
        own = await connection.execute(delete(subscriptions).where(mine, subscriptions.c.guild_id.is_(None)))
        shared = await connection.execute(update(subscriptions).where(mine).values(created_by=NOBODY))
    return said.rowcount, own.rowcount + shared.rowcount


def _plain(row: Any) -> dict[str, Any]:
    # A snowflake is longer than what JavaScript can count to: ids are written as Discord writes them.
    return {
        key: value.isoformat()
        if hasattr(value, "isoformat")
        else str(value)
        if key.endswith("_id") and value
        else value
        for key, value in row.items()
    }
