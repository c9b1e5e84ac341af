"""When: polls and round-ups by APScheduler in London's time, digesting and delivering as soon as there is something
to do.

The schedule decides when and does no work itself. A poll's next time follows from how the last one went, so each job
is a date that the poll sets anew; the loops sleep until an event or until the next due row.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, time, timedelta

import structlog
from apscheduler.events import EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED, JobSubmissionEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.date import DateTrigger

from bot.archive import days, health, retention, stories
from bot.archive.engine import Archive
from bot.archive.reports import forget_reports
from bot.domain import LONDON
from bot.pipeline import clock as clocks
from bot.pipeline.collect import Collected
from bot.settings import Poll
from bot.sources.source import Polled

LONGEST_BACK_OFF = timedelta(hours=6)
JITTER = 0.1
"""Share of an interval by which a poll may come later, so that sources do not all wake at once."""
SITTING_FROM = time(9)
"""To midnight; Hansard of what is said after that is read with the next day's."""
LONGEST_SLEEP = timedelta(minutes=1)
"""Another process (`despatch poll`) may have written rows that no event of this one tells of."""
SHORTEST_SLEEP = timedelta(seconds=1)
BREATH = timedelta(milliseconds=100)
"""At least this long between two polls of a source."""
LETTING_GO = timedelta(seconds=2)
"""For polls that are broken off, to close what they had open."""
RETAIN_AT = time(3, 30)
ROUND_JITTER = timedelta(seconds=20)
"""A round-up comes at most this long after its hour, so that not every bot posts at the same second."""
FIRST_POLLS = timedelta(minutes=5)
"""How long the first round-ups wait for the first polls: a bot that was down has much to read."""
ROUND_AGAIN = timedelta(minutes=1)
"""After a failure."""
ROUNDS = "round up"

_log = structlog.get_logger(__name__)

Polls = Callable[[Polled], Awaitable[Collected]]
Work = Callable[[], Awaitable[datetime | None]]
"""A stage's run: does all that is due and says when more will be (None: only after an event)."""


async def interval(archive: Archive, source: Polled, poll: Poll, now: datetime) -> timedelta:
    """How long after a good poll the next one comes.

    `poll.every` rules where it is set, then the source's own; for Parliament `poll.sitting` from nine to midnight on
    a weekday on which Hansard has shown a document of the day, else `poll.quiet`."""
    if poll.every is not None:
        return poll.every
    if source.every is not None:
        return source.every
    local = now.astimezone(LONDON)
    if local.weekday() < 5 and local.time() >= SITTING_FROM and await days.seen_on(archive, "hansard", local.date()):
        return poll.sitting
    return poll.quiet


def wait(every: timedelta, failures: int, *, fixed: bool, retry_after: float | None = None) -> timedelta:
    """The interval, doubled for each failure in a row after the first, up to six hours (or the interval, if longer),
    and never less than the server asked for. `fixed` means `poll.every`: nothing changes it."""
    if fixed:
        return every
    longest = max(every, LONGEST_BACK_OFF)
    found = min(every * (1 << min(max(failures - 1, 0), 16)), longest)
    if retry_after is not None:
        found = max(found, min(timedelta(seconds=retry_after), timedelta(days=1)))
    return found


def _job(source: Polled) -> str:
    return f"poll {source.name}"


class Schedule:
    """Polls every source once at start and then in its rhythm, and rounds up from then on, until `stop`."""

    def __init__(
        self,
        archive: Archive,
        sources: Iterable[Polled],
        settings: Poll,
        poll: Polls,
        round_up: Work | None = None,
        *,
        clock: clocks.Clock = clocks.now,
    ) -> None:
        self._archive, self._sources, self._settings, self._poll = archive, tuple(sources), settings, poll
        self._clock, self._round_up = clock, round_up
        self._unread = {source.name for source in self._sources}
        self._running: set[asyncio.Task[object]] = set()
        self._random = random.Random()  # noqa: S311 - spreads load, guards nothing
        self._scheduler = AsyncIOScheduler(
            timezone=LONDON, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )

    def start(self) -> None:
        """Begin; must be called in a running event loop."""
        now = self._clock()
        for source in self._sources:
            self._set(source, now)
        self._set_rounds(now + FIRST_POLLS if self._unread else now)
        at = CronTrigger(hour=RETAIN_AT.hour, minute=RETAIN_AT.minute, timezone=LONDON)
        self._scheduler.add_listener(self._passed_over, EVENT_JOB_MAX_INSTANCES | EVENT_JOB_MISSED)
        self._scheduler.add_job(self._retain, at, id="retain", next_run_time=now)
        self._scheduler.start()

    async def stop(self) -> None:
        """Fire no more; polls in hand are broken off, and what they had kept stays. Waits until they have let go."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        if self._running:
            await asyncio.wait(self._running, timeout=LETTING_GO.total_seconds())

    def _set(self, source: Polled, at: datetime) -> None:
        self._scheduler.add_job(
            self._fire,
            DateTrigger(at),
            args=[source],
            id=_job(source),
            name=source.name,
            replace_existing=True,
        )

    def _set_rounds(self, at: datetime) -> None:
        if self._round_up is not None:
            self._scheduler.add_job(self._rounds, DateTrigger(at), id=ROUNDS, name=ROUNDS, replace_existing=True)

    def _passed_over(self, event: JobSubmissionEvent) -> None:
        if event.job_id == ROUNDS:
            self._set_rounds(self._clock() + SHORTEST_SLEEP)
        for source in self._sources:
            if event.job_id == _job(source):
                _log.warning("poll passed over; set again", source=source.name)
                self._set(source, self._clock() + SHORTEST_SLEEP)

    async def _fire(self, source: Polled) -> None:
        self._hold()
        started, failures, retry_after = self._clock(), 0, None
        try:
            result = await self._poll(source)
            if not result.ok:
                failures, retry_after = await self._failures(source), result.retry_after
        except asyncio.CancelledError:
            # Only `stop` cancels: raised further, APScheduler would log it as a failed job with a traceback.
            return
        except Exception:
            _log.exception("poll failed", source=source.name)
            failures = 1
        await self._next(source, started, failures, retry_after)
        if source.name in self._unread:
            self._unread.discard(source.name)
            if not self._unread:
                self._set_rounds(self._clock() + BREATH)

    async def _rounds(self) -> None:
        """Round up what is due, and come again at the next hour: every round-up is due at a full one."""
        self._hold()
        assert self._round_up is not None
        now = self._clock()
        hour = (now + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
        try:
            wanted = await self._round_up()
        except asyncio.CancelledError:
            return
        except Exception:
            _log.exception("stage failed", stage=ROUNDS)
            wanted = now + ROUND_AGAIN
        at = min(wanted or hour, hour) + self._random.random() * ROUND_JITTER
        self._set_rounds(max(at, self._clock() + SHORTEST_SLEEP))

    async def _failures(self, source: Polled) -> int:
        return next(
            (each.failures for each in await health.source_health(self._archive) if each.name == source.name), 1
        )

    async def _next(self, source: Polled, started: datetime, failures: int, retry_after: float | None) -> None:
        fixed = self._settings.every is not None
        now = self._clock()
        try:
            every = await interval(self._archive, source, self._settings, now)
            pause = wait(every, failures, fixed=fixed, retry_after=retry_after)
            if not fixed:
                pause *= 1 + self._random.random() * JITTER
            at = max(started + pause, now)
            await health.set_next_due(self._archive, source.name, at)
        except Exception:
            # The archive may be failing (a full disk): the source must be polled again all the same.
            _log.exception("next poll could not be noted", source=source.name)
            at = now + (self._settings.every or self._settings.sitting)
        # Last of all: a job that came due while this one still ran would be passed over, and with it the source.
        self._set(source, max(at, self._clock() + BREATH))

    def _hold(self) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _retain(self) -> None:
        self._hold()
        try:
            emptied = await retention.retain(self._archive, self._clock())
            await forget_reports(self._archive, self._clock())
        except asyncio.CancelledError:
            return
        except Exception:
            _log.exception("old articles' text could not be deleted")
            return
        if emptied:
            _log.info("deleted old articles' text", versions=emptied)


async def keep_working(
    name: str, work: Work, wake: asyncio.Event, stop: asyncio.Event, *, clock: clocks.Clock = clocks.now
) -> None:
    """Run a stage whenever `wake` is set or its next row is due, until `stop`. A failure is logged and tried again,
    more slowly each time; nothing ends the loop but `stop`."""
    failures = 0
    while not stop.is_set():
        wake.clear()
        try:
            until = await work()
            failures = 0
        except Exception:
            failures += 1
            _log.exception("stage failed", stage=name, failures=failures)
            await sleep(stop, min(SHORTEST_SLEEP * 2**failures, LONGEST_SLEEP))
            continue
        pause = LONGEST_SLEEP if until is None else min(until - clock(), LONGEST_SLEEP)
        await sleep(wake, max(pause, SHORTEST_SLEEP), stop)


async def sleep(event: asyncio.Event, seconds: timedelta, *others: asyncio.Event) -> None:
    """Until one of the events is set, that long at most."""
    waiting = [asyncio.create_task(each.wait()) for each in (event, *others)]
    try:
        await asyncio.wait(waiting, timeout=seconds.total_seconds(), return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()
        for task in waiting:
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def next_digest(archive: Archive, topics: Iterable[str]) -> datetime | None:
    """When the next failed verdict or digest may be tried again."""
    return await stories.next_retry(archive, tuple(topics))
