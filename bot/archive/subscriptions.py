"""Channels' wishes. What a function here promises is committed when it returns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy import Row, and_, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.archive.digests import owe
from bot.archive.documents import LONDON
from bot.archive.engine import Archive
from bot.archive.health import MESSAGE
from bot.archive.schema import deliveries, digests, stories, subscriptions


@dataclass(frozen=True, slots=True)
class Subscription:
    """A channel's wish for a topic. A paused one is owed stories and is sent none until it is resumed."""

    id: int
    guild_id: int | None
    channel_id: int
    topic: str
    when: str
    created_at: datetime
    paused_at: datetime | None
    paused_reason: str | None


async def subscribe(
    archive: Archive,
    *,
    guild_id: int | None,
    channel_id: int,
    topic: str,
    by: int,
    now: datetime,
    when: str = "now",
) -> tuple[Subscription, bool]:
    """Subscribe a channel, and owe it today's stories: those first digested on this London day, and those of it.

    Says whether the subscription is new; a paused one is resumed. A story that the channel has had is not owed
    again."""
    async with archive.write() as connection:
        row = (
            await connection.execute(
                select(subscriptions).where(subscriptions.c.channel_id == channel_id, subscriptions.c.topic == topic)
            )
        ).one_or_none()
        values: dict[str, object] = {
            "guild_id": guild_id,
            "when": when,
            "paused_at": None,
            "paused_reason": None,
            "ended_at": None,
        }
        created = row is None or row.ended_at is not None
        if row is None:
            await connection.execute(
                insert(subscriptions).values(
                    **values, channel_id=channel_id, topic=topic, created_at=now, created_by=by
                )
            )
        else:
            if created:
                values |= {"created_at": now, "created_by": by}
                # What the ended one was still owed is no news any more; today's stories are owed anew below. A call in
                # doubt of today keeps its row, and so is looked for before it is sent again.
                in_doubt = and_(deliveries.c.state == "sending", deliveries.c.owed_at < _midnight(now))
                await connection.execute(
                    delete(deliveries).where(
                        deliveries.c.subscription_id == row.id,
                        or_(deliveries.c.state.in_(("owed", "dropped")), in_doubt),
                    )
                )
            await connection.execute(update(subscriptions).where(subscriptions.c.id == row.id).values(**values))
        kept = (
            await connection.execute(
                select(subscriptions).where(subscriptions.c.channel_id == channel_id, subscriptions.c.topic == topic)
            )
        ).one()
        if created and when == "now":
            await _owe_today(connection, kept.id, topic, now)
    archive.owed.set()
    return _subscription(kept), created


def _midnight(now: datetime) -> datetime:
    """When this London day began."""
    return datetime.combine(now.astimezone(LONDON).date(), time(), LONDON).astimezone(UTC)


async def _owe_today(connection: AsyncConnection, subscription_id: int, topic: str, now: datetime) -> None:
    newest = select(func.max(digests.c.id).label("id")).group_by(digests.c.story_id).subquery()
    rows = await connection.execute(
        select(stories.c.id)
        .join(digests, digests.c.story_id == stories.c.id)
        .join(newest, and_(newest.c.id == digests.c.id))
        .where(
            stories.c.topic == topic,
            stories.c.withdrawn_at.is_(None),
            stories.c.first_digested_at.is_not(None),
            or_(
                stories.c.first_digested_at >= _midnight(now),
                digests.c.date == now.astimezone(LONDON).date(),
            ),
        )
        .order_by(stories.c.id)
    )
    for story_id in rows.scalars().all():
        await owe(connection, subscription_id, story_id, now)


async def unsubscribe(
    archive: Archive, *, channel_id: int, topic: str | None = None, now: datetime | None = None
) -> int:
    """End the channel's subscription to the topic, or all that it has. Says how many ended."""
    chosen = [subscriptions.c.channel_id == channel_id, subscriptions.c.ended_at.is_(None)]
    if topic is not None:
        chosen.append(subscriptions.c.topic == topic)
    async with archive.write() as connection:
        result = await connection.execute(
            update(subscriptions).where(*chosen).values(ended_at=now or datetime.now(UTC))
        )
        return result.rowcount


async def erase_guild(archive: Archive, guild_id: int) -> int:
    """Delete all that is kept of a guild that the bot has left: its subscriptions and their deliveries."""
    async with archive.write() as connection:
        result = await connection.execute(delete(subscriptions).where(subscriptions.c.guild_id == guild_id))
        return result.rowcount


async def guilds(archive: Archive) -> set[int]:
    """The guilds of which anything is kept, ended subscriptions included."""
    async with archive.read() as connection:
        found = await connection.execute(select(subscriptions.c.guild_id).distinct())
        return {guild_id for guild_id in found.scalars() if guild_id is not None}


async def subscriptions_of(
    archive: Archive, *, guild_id: int | None = None, channel_id: int | None = None
) -> list[Subscription]:
    """The living subscriptions, paused ones too, of a guild, of a channel, or (neither given) of all; oldest first."""
    chosen = select(subscriptions).where(subscriptions.c.ended_at.is_(None))
    if guild_id is not None:
        chosen = chosen.where(subscriptions.c.guild_id == guild_id)
    if channel_id is not None:
        chosen = chosen.where(subscriptions.c.channel_id == channel_id)
    async with archive.read() as connection:
        rows = await connection.execute(chosen.order_by(subscriptions.c.id))
        return [_subscription(row) for row in rows]


async def pause(archive: Archive, subscription_id: int, reason: str, now: datetime) -> None:
    """Send this subscription nothing until it is resumed; `reason` is for the channel's people."""
    async with archive.write() as connection:
        await connection.execute(
            update(subscriptions)
            .where(subscriptions.c.id == subscription_id, subscriptions.c.paused_at.is_(None))
            .values(paused_at=now, paused_reason=reason[:MESSAGE])
        )


async def resume(archive: Archive, subscription_id: int) -> None:
    """Send again, beginning with what was owed meanwhile."""
    async with archive.write() as connection:
        await connection.execute(
            update(subscriptions)
            .where(subscriptions.c.id == subscription_id)
            .values(paused_at=None, paused_reason=None)
        )
    archive.owed.set()


def _subscription(row: Row[Any]) -> Subscription:
    return Subscription(
        row.id, row.guild_id, row.channel_id, row.topic, row.when, row.created_at, row.paused_at, row.paused_reason
    )
