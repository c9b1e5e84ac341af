"""Channels' wishes. What a function here promises is committed when it returns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, and_, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.archive.digests import owe
from bot.archive.engine import Archive
from bot.archive.health import MESSAGE
from bot.archive.schema import deliveries, reports, roundups, subscriptions
from bot.archive.told import midnight, newer, remember_posted, untold
from bot.domain import LONDON, When

HOUR = 8
"""London's, where none is chosen: the Houses have risen, Hansard is whole, and the working day has not begun."""
MONDAY = 0
"""The day of a weekly round-up: it covers the sitting week before, and the weekend's papers."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A channel's wish for a topic. A paused one is owed stories and is sent none until it is resumed.

    With daily and weekly round-ups: `hour` is London's, `next_at` when the next one is due, `told_to` until when the
    last one looked."""

    id: int
    guild_id: int | None
    channel_id: int
    topic: str
    when: str
    created_at: datetime
    paused_at: datetime | None
    paused_reason: str | None
    hour: int | None = None
    next_at: datetime | None = None
    told_to: datetime | None = None


def next_round(when: str, hour: int, after: datetime) -> datetime:
    """The first moment after that one at which a round-up falls due: that hour in London, each day or on Mondays.

    An hour that the clocks leave out is the one after it; of one that they repeat it is the first."""
    return next(at for at in _rounds(when, hour, after, 1) if at > after)


def last_round(when: str, hour: int, now: datetime) -> datetime:
    """The last moment until now at which a round-up fell due."""
    return next(at for at in _rounds(when, hour, now, -1) if at <= now)


def _rounds(when: str, hour: int, near: datetime, step: int) -> Iterator[datetime]:
    today = near.astimezone(LONDON).date()
    for away in range(9):
        day = today + timedelta(days=step * away)
        if when == When.DAILY or day.weekday() == MONDAY:
            yield datetime.combine(day, time(hour), LONDON).astimezone(UTC)


async def subscribe(
    archive: Archive,
    *,
    guild_id: int | None,
    channel_id: int,
    topic: str,
    by: int,
    now: datetime,
    when: str | None = None,
    hour: int | None = None,
) -> tuple[Subscription, bool]:
    """Subscribe a channel, and owe it today's stories: those first digested on this London day, and those of it.

    Says whether the subscription is new; a paused one is resumed. A story that the channel has had is not owed again.
    What is left out of `when` and `hour` stays as it is: at first each story as it comes, and for round-ups 8 o'clock.
    Where `when` changes, what was owed and not sent goes into the first round-up, or is owed story by story."""
    chosen = and_(subscriptions.c.channel_id == channel_id, subscriptions.c.topic == topic)
    async with archive.write() as connection:
        row = (await connection.execute(select(subscriptions).where(chosen))).one_or_none()
        created = row is None or row.ended_at is not None
        before = None if created else row
        wished, at = _wish(before, when, hour)
        values: dict[str, object] = {
            "guild_id": guild_id,
            "when": wished.value,
            "hour": at,
            "paused_at": None,
            "paused_reason": None,
            "ended_at": None,
        }
        if before is None or (before.when, before.hour) != (wished, at):
            values["next_at"] = None if at is None else next_round(wished, at, now)
        if before is None or before.when == When.NOW:
            values["told_to"] = None if at is None else midnight(now)
        if row is None:
            await connection.execute(
                insert(subscriptions).values(
                    **values, channel_id=channel_id, topic=topic, created_at=now, created_by=by
                )
            )
        else:
            if created:
                values |= {"created_at": now, "created_by": by}
                await _forget_owed(connection, row.id, now)
            await connection.execute(update(subscriptions).where(subscriptions.c.id == row.id).values(**values))
        kept = (await connection.execute(select(subscriptions).where(chosen))).one()
        if before is None or before.when != wished:
            told_singly = before is None or before.when == When.NOW
            await _hand_over(connection, read_row(kept), told_singly, now)
    archive.owed.set()
    return read_row(kept), created


def _wish(before: Row[Any] | None, when: str | None, hour: int | None) -> tuple[When, int | None]:
    """What is wished now; an hour without more asks for a round-up each day."""
    wished = When(when or (before.when if before is not None else When.NOW))
    if wished is When.NOW and when is None and hour is not None:
        wished = When.DAILY
    if wished is When.NOW:
        return wished, None
    if hour is not None:
        return wished, hour
    return wished, before.hour if before is not None and before.hour is not None else HOUR


async def _hand_over(connection: AsyncConnection, subscription: Subscription, told_singly: bool, now: datetime) -> None:
    """Have the new way go on where the old one stopped: nothing is lost and nothing told twice."""
    if subscription.when == When.NOW:
        since = max(subscription.created_at, subscription.told_to or subscription.created_at)
        fresh = await connection.execute(untold(subscription.id, subscription.topic, since))
        waiting = [row.id for row in fresh]
        if not told_singly:
            later = await connection.execute(newer(subscription.id, since))
            waiting += [row.story_id for row in later if row.body.get("news")]
        for story_id in dict.fromkeys(waiting):
            await owe(connection, subscription.id, story_id, now)
    elif told_singly:
        await connection.execute(
            delete(deliveries).where(
                deliveries.c.subscription_id == subscription.id,
                deliveries.c.story_id.is_not(None),
                deliveries.c.state.in_(("owed", "dropped")),
            )
        )
        await remember_posted(connection, subscription.id)


async def _forget_owed(connection: AsyncConnection, subscription_id: int, now: datetime) -> None:
    """What an ended subscription was still owed is no news any more; today's stories are owed anew.

    A call in doubt of today keeps its row, and so is looked for before it is sent again."""
    in_doubt = and_(deliveries.c.state == "sending", deliveries.c.owed_at < midnight(now))
    owed = and_(
        deliveries.c.subscription_id == subscription_id,
        or_(deliveries.c.state.in_(("owed", "dropped")), in_doubt),
    )
    # With a round-up go its delivery and what it would have told.
    await connection.execute(delete(roundups).where(roundups.c.id.in_(select(deliveries.c.roundup_id).where(owed))))
    await connection.execute(delete(deliveries).where(owed))


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
    """Delete all that is kept of a guild that the bot has left: its subscriptions and their deliveries, and the reports
    made there. Says how many subscriptions."""
    async with archive.write() as connection:
        await connection.execute(delete(reports).where(reports.c.guild_id == guild_id))
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
        return [read_row(row) for row in rows]


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


def read_row(row: Row[Any]) -> Subscription:
    return Subscription(
        row.id,
        row.guild_id,
        row.channel_id,
        row.topic,
        row.when,
        row.created_at,
        row.paused_at,
        row.paused_reason,
        row.hour,
        row.next_at,
        row.told_to,
    )
