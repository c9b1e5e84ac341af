"""Deliver: what is owed becomes messages, once.

A row says "sending" before the call and "posted" after it. One found "sending" had a call whose end nobody knows:
within the time for which Discord remembers a nonce the same digest is sent again with the same nonce, and Discord
answers with the message that it made; later our own messages are looked for in the channel before anything is sent.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot import observe
from bot.archive import deliveries
from bot.archive.deliveries import DEAD, DROPPED, EDITING, GONE, OWED, SENDING, Due
from bot.archive.engine import Archive
from bot.domain import Post
from bot.errors import ArchiveError
from bot.pipeline import clock as clocks

NONCE_WINDOW = timedelta(minutes=2)
"""Discord documents "the past few minutes" for a nonce; two of them are safe."""
LOOK_BACK = timedelta(minutes=1)
"""How far before the call we look for its messages: Discord's clock is not ours."""
AT_ONCE = 4
"""Channels sent to at the same time; within one channel the messages go one by one."""
LONGEST_WAIT = timedelta(minutes=10)
GIVE_UP = timedelta(days=7)
"""A delivery that only ever failed for so long is set aside for a person to look at."""

_log = structlog.get_logger(__name__)


class Sender(Protocol):
    """A door to channels. Every method may raise ChannelClosed, Later, Refused or MessageGone.

    `nonce` has 22 characters, the same for every call about one delivery; the sender appends the part's number."""

    async def send(self, channel_id: int, guild_id: int | None, post: Post, nonce: str) -> tuple[int, ...]:
        """Post it; the ids of its messages in order. A repeat with the same nonce makes no second message."""
        ...

    async def edit(
        self, channel_id: int, guild_id: int | None, messages: tuple[int, ...], post: Post, nonce: str
    ) -> tuple[int, ...]:
        """Make those messages show this post; the ids that stand afterwards, in order."""
        ...

    async def find(self, channel_id: int, guild_id: int | None, post: Post, after: datetime) -> tuple[int, ...]:
        """Our own messages on this digest's story, or of this round-up, since that moment, in order; () where there
        are none."""
        ...


class Outcome(Exception):
    """Why a call did not end in messages; `reason` is for people."""

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason)
        self.reason = reason


class ChannelClosed(Outcome):
    """The channel is gone or closed to us: the subscription pauses."""


class Later(Outcome):
    """Try again in `seconds` at the earliest; the call may have arrived."""

    def __init__(self, seconds: float, reason: str = "") -> None:
        super().__init__(reason)
        self.seconds = seconds


class Refused(Outcome):
    """This message will never be taken."""


class MessageGone(Outcome):
    """Somebody deleted the message: it is not posted again."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """Counts of one run. `next_at` is when a row will be due; None where none waits for a time."""

    posted: int = 0
    edited: int = 0
    failed: int = 0
    next_at: datetime | None = None


async def deliver(
    archive: Archive, sender: Sender, *, clock: clocks.Clock = clocks.now, stop: asyncio.Event | None = None
) -> Delivered:
    """Make every delivery that is due, the oldest first. After `stop` is set only the calls in hand are finished.

    Raises ArchiveError alone; what a channel refuses is kept with its row."""
    counts = {"posted": 0, "edited": 0, "failed": 0}
    channels = asyncio.Semaphore(AT_ONCE)
    while True:
        round_ = await deliveries.due(archive, clock())
        if not round_.due or _stopped(stop):
            return Delivered(**counts, next_at=round_.next_at)

        async def channel(rows: list[Due]) -> bool:
            async with channels:
                return await _channel(archive, sender, rows, clock=clock, stop=stop, counts=counts)

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(channel(rows)) for rows in _by_channel(round_.due)]
        if not any(task.result() for task in tasks):
            return Delivered(**counts, next_at=(await deliveries.due(archive, clock())).next_at)


def _stopped(stop: asyncio.Event | None) -> bool:
    return stop is not None and stop.is_set()


def _by_channel(rows: Iterable[Due]) -> list[list[Due]]:
    found: dict[int, list[Due]] = {}
    for row in rows:
        found.setdefault(row.channel_id, []).append(row)
    return list(found.values())


async def _channel(
    archive: Archive,
    sender: Sender,
    rows: list[Due],
    *,
    clock: clocks.Clock,
    stop: asyncio.Event | None,
    counts: dict[str, int],
) -> bool:
    """One channel's rows in order; whether any got further."""
    moved = False
    for row in rows:
        if _stopped(stop):
            break
        result = await _deliver(archive, sender, row, clock)
        observe.DELIVERIES.labels(result).inc()
        if result in ("posted", "edited", "found"):
            counts["edited" if result == "edited" else "posted"] += 1
            moved = True
        elif result == "closed":
            counts["failed"] += 1
            break
        elif result == "later":
            counts["failed"] += 1
            if row.state in (OWED, SENDING) and row.attempts + 1 < deliveries.HOLDS:
                break
        elif result == "dead":
            counts["failed"] += 1
    return moved


async def _deliver(archive: Archive, sender: Sender, row: Due, clock: clocks.Clock) -> str:
    log = _log.bind(delivery=row.id, story=row.story_id, channel=row.channel_id)
    try:
        if row.state in (OWED, SENDING):
            result = await _post(archive, sender, row, clock)
        else:
            result = await _edit(archive, sender, row, clock)
    except ArchiveError:
        raise
    except ChannelClosed as outcome:
        # A call still in doubt stays in doubt: resumed, it is looked for before it is sent.
        in_doubt = row.state in (SENDING, EDITING)
        await deliveries.closed(archive, row, outcome.reason, clock(), in_doubt=in_doubt)
        log.warning("channel closed; subscription paused", reason=outcome.reason)
        return "closed"
    except MessageGone as outcome:
        await deliveries.ended(archive, row, GONE)
        log.info("message was deleted; not posted again", reason=outcome.reason)
        return "gone"
    except Refused as outcome:
        await deliveries.ended(archive, row, DEAD, outcome.reason)
        log.error("delivery refused", reason=outcome.reason)
        return "dead"
    except Later as outcome:
        return await _again(archive, row, clock(), outcome.seconds, outcome.reason)
    except Exception as error:
        log.exception("delivery failed")
        return await _again(archive, row, clock(), 0, f"{type(error).__name__}: {error}")
    log.info("delivered", result=result)
    return result


async def _post(archive: Archive, sender: Sender, row: Due, clock: clocks.Clock) -> str:
    post, digest_id, shown = row.post, row.digest_id, row.shown
    if row.state == SENDING:
        moment = clock()
        since = row.sending_since or moment
        begun = row.begun or row.post
        if moment - since > NONCE_WINDOW or row.withdrawn:
            found = await sender.find(row.channel_id, row.guild_id, begun, since - LOOK_BACK)
            if found:
                await deliveries.posted(
                    archive, row, found, shown=None, digest_id=row.begun_id or row.digest_id, now=moment
                )
                return "found"
            if row.withdrawn:
                await deliveries.ended(archive, row, DROPPED)
                return "dropped"
            row = replace(row, sending_since=None)
        elif row.begun is not None and row.begun_id is not None and row.begun_shown is not None:
            # Discord answers a used nonce with the old message: what it shows is what that call carried.
            post, digest_id, shown = row.begun, row.begun_id, row.begun_shown
    if not await deliveries.begin(archive, row, SENDING, digest_id, clock()):
        return "moved"
    messages = await sender.send(row.channel_id, row.guild_id, post, row.nonce)
    await deliveries.posted(archive, row, messages, shown=shown, digest_id=digest_id, now=clock())
    return "posted"


async def _edit(archive: Archive, sender: Sender, row: Due, clock: clocks.Clock) -> str:
    known = row.messages
    if row.state == EDITING:
        moment = clock()
        since = row.sending_since or moment
        if moment - since > NONCE_WINDOW:
            # The call may have posted a second part that we never heard of.
            found = await sender.find(row.channel_id, row.guild_id, row.post, since - LOOK_BACK)
            known = (*known, *(each for each in found if each not in known))
            row = replace(row, sending_since=None)
    if not await deliveries.begin(archive, row, EDITING, row.begun_id or row.digest_id, clock()):
        return "moved"
    messages = await sender.edit(row.channel_id, row.guild_id, known, row.post, row.nonce)
    await deliveries.posted(archive, row, messages, shown=row.shown, digest_id=row.digest_id, now=clock())
    return "edited"


async def _again(archive: Archive, row: Due, now: datetime, seconds: float, reason: str) -> str:
    if now - row.owed_at > GIVE_UP and row.attempts >= deliveries.HOLDS and row.state in (OWED, SENDING):
        await deliveries.ended(archive, row, DEAD, f"given up after {row.attempts} attempts: {reason}")
        return "dead"
    wait = max(timedelta(seconds=seconds), min(timedelta(seconds=1 << min(row.attempts, 16)), LONGEST_WAIT))
    await deliveries.again_at(archive, row, now + wait, reason)
    return "later"
