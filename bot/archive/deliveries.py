"""The outbox: each story and each round-up owed to a subscription, and the messages that it became.

A row's `state` is owed, sending (committed before the call, so that it is there after a kill), posted, editing,
gone (its message was deleted by somebody: never posted again), dropped (withdrawn before it was posted) or dead
(refused: a person must look).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, func, or_, select, update

from bot.archive.engine import Archive
from bot.archive.health import MESSAGE
from bot.archive.schema import deliveries, digests, roundups, stories, subscriptions
from bot.archive.subscriptions import pause
from bot.archive.told import newest
from bot.contract import digest_from_json, roundup_from_json
from bot.domain import Digest, Post

OWED, SENDING, POSTED, EDITING = "owed", "sending", "posted", "editing"
GONE, DROPPED, DEAD = "gone", "dropped", "dead"
BATCH = 500
"""Rows looked at in one round, the oldest first."""
HOLDS = 10
"""Failed attempts after which a post no longer holds back the later ones of its channel."""


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery that may be made now. `post` is the story's newest digest, or the round-up; `begun` what a call in
    doubt carried.

    `digest_id` and `begun_id` are None for a round-up, which is not changed while a call is in doubt. `messages` are
    those known, in order; `sending_since` when the call in doubt was first made."""

    id: int
    subscription_id: int
    story_id: int | None
    guild_id: int | None
    channel_id: int
    state: str
    digest_id: int | None
    post: Post
    shown: str
    begun_id: int | None
    begun: Post | None
    begun_shown: str | None
    messages: tuple[int, ...]
    sending_since: datetime | None
    attempts: int
    owed_at: datetime
    withdrawn: bool
    nonce: str


@dataclass(frozen=True, slots=True)
class Round:
    """What may be delivered now, the oldest first, and when there may be more (None: only after an event)."""

    due: tuple[Due, ...]
    next_at: datetime | None


def nonce(subscription_id: int, channel_id: int, story: int | str, created_at: datetime) -> str:
    """22 hex characters that stand for this story in this channel and in no other, whatever else the author sends.

    Discord remembers nonces by author, so the channel and the story's birth are in it: another archive counts its
    rows from 1 too."""
    key = f"{subscription_id}/{channel_id}/{story}/{created_at.isoformat()}"
    return hashlib.blake2b(key.encode("ascii"), digest_size=11).hexdigest()


_newest = newest()
_now = digests.alias("newest")
_begun = digests.alias("begun")


_unposted = and_(deliveries.c.state.in_((OWED, SENDING)), subscriptions.c.ended_at.is_(None))
_stood = deliveries.c.state.in_((POSTED, EDITING))


def _open() -> Any:
    """Deliveries of stories with something left to do, ripe or not, whose subscription is not paused."""
    stale = and_(_stood, or_(deliveries.c.shown.is_(None), _now.c.shown != deliveries.c.shown))
    return (
        select()
        .join_from(deliveries, subscriptions, subscriptions.c.id == deliveries.c.subscription_id)
        .join(stories, stories.c.id == deliveries.c.story_id)
        .join(_newest, _newest.c.story_id == stories.c.id)
        .join(_now, _now.c.id == _newest.c.id)
        .outerjoin(_begun, _begun.c.id == deliveries.c.digest_id)
        .where(subscriptions.c.paused_at.is_(None), or_(_unposted, stale))
    )


def _open_rounds() -> Any:
    """The same of round-ups."""
    stale = and_(_stood, or_(deliveries.c.shown.is_(None), roundups.c.shown != deliveries.c.shown))
    return (
        select(
            deliveries,
            subscriptions.c.guild_id,
            subscriptions.c.channel_id,
            roundups.c.made_at,
            roundups.c.body,
            roundups.c.shown.label("now_shown"),
        )
        .join_from(deliveries, subscriptions, subscriptions.c.id == deliveries.c.subscription_id)
        .join(roundups, roundups.c.id == deliveries.c.roundup_id)
        .where(subscriptions.c.paused_at.is_(None), or_(_unposted, stale))
        .order_by(deliveries.c.id)
        .limit(BATCH)
    )


async def due(archive: Archive, now: datetime) -> Round:
    """What may be delivered now.

    A post that waits for its next attempt holds back the later posts of its channel, so that a channel reads its
    stories in order; an edit holds back nothing, nor does a post that failed often."""
    async with archive.read() as connection:
        times = [
            await connection.scalar(_open().add_columns(func.min(stories.c.ripe_at)).where(stories.c.ripe_at > now))
        ]
        rows = await connection.execute(
            _open()
            .add_columns(
                deliveries,
                subscriptions.c.guild_id,
                subscriptions.c.channel_id,
                stories.c.created_at,
                stories.c.withdrawn_at,
                _now.c.id.label("now_id"),
                _now.c.body.label("now_body"),
                _now.c.shown.label("now_shown"),
                _begun.c.body.label("begun_body"),
                _begun.c.shown.label("begun_shown"),
            )
            .where(stories.c.ripe_at <= now)
            .order_by(deliveries.c.id)
            .limit(BATCH)
        )
        rounds = await connection.execute(_open_rounds())
        found: list[Due] = []
        held: set[int] = set()
        for row in sorted([*rows, *rounds], key=lambda each: each.id):
            post = row.state in (OWED, SENDING)
            if post and row.channel_id in held:
                continue
            if row.retry_at is not None and row.retry_at > now:
                times.append(row.retry_at)
                if post and row.attempts < HOLDS:
                    held.add(row.channel_id)
                continue
            found.append(_due(row) if row.roundup_id is None else _due_round(row))
        return Round(tuple(found), min((each for each in times if each is not None), default=None))


def _due(row: Row[Any]) -> Due:
    return Due(
        id=row.id,
        subscription_id=row.subscription_id,
        story_id=row.story_id,
        guild_id=row.guild_id,
        channel_id=row.channel_id,
        state=row.state,
        digest_id=row.now_id,
        post=_of_story(row.now_body, row.story_id),
        shown=row.now_shown,
        begun_id=row.digest_id,
        begun=None if row.begun_body is None else _of_story(row.begun_body, row.story_id),
        begun_shown=row.begun_shown,
        messages=tuple(row.messages),
        sending_since=row.sending_since,
        attempts=row.attempts,
        owed_at=row.owed_at,
        withdrawn=row.withdrawn_at is not None,
        nonce=nonce(row.subscription_id, row.channel_id, row.story_id, row.created_at),
    )


def _due_round(row: Row[Any]) -> Due:
    roundup = roundup_from_json(row.body)
    return Due(
        id=row.id,
        subscription_id=row.subscription_id,
        story_id=None,
        guild_id=row.guild_id,
        channel_id=row.channel_id,
        state=row.state,
        digest_id=None,
        post=roundup,
        shown=row.now_shown,
        begun_id=None,
        begun=roundup,
        begun_shown=row.now_shown,
        messages=tuple(row.messages),
        sending_since=row.sending_since,
        attempts=row.attempts,
        owed_at=row.owed_at,
        withdrawn=False,
        nonce=nonce(row.subscription_id, row.channel_id, f"round-up {row.roundup_id}", row.made_at),
    )


def _of_story(body: dict[str, Any], story_id: int) -> Digest:
    return replace(digest_from_json(body), story=story_id)


async def begin(archive: Archive, delivery: Due, state: str, digest_id: int | None, now: datetime) -> bool:
    """Commit that a call is about to be made with that digest; False where the row has moved on meanwhile, or its
    subscription has been paused or (for a post) has ended.

    The moment of the first of several calls in doubt is kept."""
    since = delivery.sending_since or now
    living = select(subscriptions.c.id).where(subscriptions.c.paused_at.is_(None))
    if state == SENDING:
        living = living.where(subscriptions.c.ended_at.is_(None))
    async with archive.write() as connection:
        result = await connection.execute(
            update(deliveries)
            .where(
                deliveries.c.id == delivery.id,
                deliveries.c.state == delivery.state,
                deliveries.c.subscription_id.in_(living),
            )
            .values(state=state, digest_id=digest_id, sending_since=since)
        )
        return bool(result.rowcount)


async def posted(
    archive: Archive,
    delivery: Due,
    messages: tuple[int, ...],
    *,
    shown: str | None,
    digest_id: int | None,
    now: datetime,
) -> None:
    """The messages stand and show that digest; `shown` None where what they show is not certain (an edit follows)."""
    async with archive.write() as connection:
        await connection.execute(
            update(deliveries)
            .where(deliveries.c.id == delivery.id)
            .values(
                state=POSTED,
                digest_id=digest_id,
                shown=shown,
                messages=list(messages),
                sending_since=None,
                attempts=0,
                retry_at=None,
                error=None,
                posted_at=func.coalesce(deliveries.c.posted_at, now),
            )
        )
    archive.owed.set()


async def again_at(archive: Archive, delivery: Due, at: datetime, error: str) -> None:
    """Try again then. The state stays: nobody knows whether the call arrived."""
    async with archive.write() as connection:
        await connection.execute(
            update(deliveries)
            .where(deliveries.c.id == delivery.id)
            .values(attempts=deliveries.c.attempts + 1, retry_at=at, error=error[:MESSAGE])
        )


async def closed(archive: Archive, delivery: Due, reason: str, now: datetime, *, in_doubt: bool) -> None:
    """The channel does not take messages: its subscription pauses, and what is owed waits.

    Unless an earlier call is `in_doubt` nothing was made, and the row is as before."""
    if not in_doubt:
        async with archive.write() as connection:
            await connection.execute(
                update(deliveries)
                .where(deliveries.c.id == delivery.id)
                .values(state=POSTED if delivery.messages else OWED, sending_since=None, digest_id=delivery.begun_id)
            )
    await pause(archive, delivery.subscription_id, reason, now)


async def ended(archive: Archive, delivery: Due, state: str, error: str | None = None) -> None:
    """Nothing more is done about it: `state` is gone, dropped or dead."""
    async with archive.write() as connection:
        await connection.execute(
            update(deliveries)
            .where(deliveries.c.id == delivery.id)
            .values(
                state=state,
                sending_since=None,
                retry_at=None,
                error=error if error is None else error[:MESSAGE],
                messages=[] if state == GONE else deliveries.c.messages,
            )
        )
