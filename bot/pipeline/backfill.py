"""Backfill: the archive's past, day by day, each source in its own step and the newest day first.

The newest first, because it is what people ask for first, and because what was read when one stops is an unbroken
stretch that ends where the polls begin. A day is noted once it was read to the end and will not change; until then it
is read again, less the settled documents that are held. So a kill at any instant misses nothing and doubles nothing.
"""

from __future__ import annotations

import asyncio
import time as clock_time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import structlog

from bot.archive import backfills, documents
from bot.archive.documents import Reader
from bot.archive.engine import Archive
from bot.domain import LONDON
from bot.errors import ArchiveError, SourceError
from bot.pipeline import clock as clocks
from bot.sources.source import Held, Past, Reading
from bot.topics.topic import Topic

PAUSES = (2.0, 10.0, 30.0)
"""Seconds waited after a day of which nothing could be read, and after the next such days. After one more the source
is given up."""
LONGEST_PAUSE = 300.0
MAY_CHANGE = timedelta(days=1)
"""Today and yesterday may still change, whatever the source says of them."""
SEARCHED = 366
"""Days that are searched for a topic's phrases at once."""

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Filled:
    """What came of one source. `total` days were left to read at the start, `known` ones needed no reading, `open` ones
    were read and may change. `seconds` by day tell the pace, apart for working days and others."""

    source: str
    total: int = 0
    known: int = 0
    read: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    open: list[date] = field(default_factory=list)
    failed: dict[date, str] = field(default_factory=dict)
    given_up: str | None = None
    at: date | None = None
    waiting: Counter[bool] = field(default_factory=Counter)
    taken: dict[bool, list[float]] = field(default_factory=lambda: {True: [], False: []})

    @property
    def left(self) -> int:
        return sum(self.waiting.values())

    @property
    def ok(self) -> bool:
        return not self.failed and self.given_up is None

    def seconds_left(self) -> float | None:
        """What is left at the pace so far; None before there is one. Weekends and Fridays cost less than other days."""
        every = [each for kind in self.taken.values() for each in kind]
        if not every:
            return None
        mean = {kind: sum(some) / len(some) if some else sum(every) / len(every) for kind, some in self.taken.items()}
        return sum(count * mean[kind] for kind, count in self.waiting.items())

    def __str__(self) -> str:
        said = f"{self.source}: {_days(self.read)} read, {self.known} had been, "
        said += f"{self.new + self.changed + self.same} documents, {self.new} new, {self.changed} changed"
        if self.open:
            said += f"; may still change: {_listed(self.open)}"
        if self.failed:
            said += f"; failed on {_listed(self.failed)}: {next(iter(self.failed.values()))}"
        if self.given_up is not None:
            said += f"; gave up with {_days(self.left)} left, for nothing could be read any longer: {self.given_up}"
        return said


def _days(count: int) -> str:
    return f"{count} day" if count == 1 else f"{count} days"


def _listed(found: Sequence[date] | Mapping[date, str], most: int = 12) -> str:
    days = sorted(found)
    more = f" and {len(days) - most} more" if len(days) > most else ""
    return ", ".join(each.isoformat() for each in days[:most]) + more


@dataclass(slots=True)
class Backfill:
    """The days from `first` to `last` of every source: all of them, or what is found on `topic`. Raises ArchiveError
    alone; `filled` tells how far it is, at any moment."""

    archive: Archive
    sources: Sequence[Past]
    first: date
    last: date
    topic: Topic | None = None
    clock: clocks.Clock = clocks.now
    filled: dict[str, Filled] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.filled = {each.name: Filled(each.name) for each in self.sources}

    async def run(self) -> None:
        """Read what is left. Each source goes at its own host's pace."""
        async with asyncio.TaskGroup() as group:
            for source in self.sources:
                group.create_task(self._source(source, self.filled[source.name]))

    def seconds_left(self) -> float | None:
        """The longest of the sources, which are read side by side."""
        found = [each.seconds_left() for each in self.filled.values() if each.left and each.given_up is None]
        return None if not found or None in found else max(each for each in found if each is not None)

    async def _source(self, source: Past, filled: Filled) -> None:
        done = await backfills.days_done(self.archive, source.name, self._name(), self.first, self.last)
        every = [self.last - timedelta(days=back) for back in range((self.last - self.first).days + 1)]
        wanted = [day for day in every if day not in done]
        filled.known, filled.total = len(every) - len(wanted), len(wanted)
        filled.waiting = Counter(_working(day) for day in wanted)
        in_vain = 0
        for begin in range(0, len(wanted), SEARCHED):
            window = wanted[begin : begin + SEARCHED]
            found, error = await self._find(source, window)
            if error is not None:
                filled.failed.update(dict.fromkeys(window, str(error)))
                filled.waiting.subtract(_working(day) for day in window)
                continue
            for day in window:
                began, filled.at = clock_time.monotonic(), day
                only = None if found is None else found.get(day, ())
                count, trouble = await self._day(source, filled, day, only)
                filled.waiting[_working(day)] -= 1
                if trouble is None:
                    if only != ():
                        filled.taken[_working(day)].append(clock_time.monotonic() - began)
                    filled.read += 1
                    in_vain = 0
                    continue
                filled.failed[day] = str(trouble)
                in_vain = 0 if count else in_vain + 1
                if in_vain > len(PAUSES):
                    filled.given_up = str(trouble)
                    return
                if in_vain:
                    await asyncio.sleep(max(PAUSES[in_vain - 1], min(trouble.retry_after or 0, LONGEST_PAUSE)))

    def _name(self) -> str:
        return backfills.EVERYTHING if self.topic is None else self.topic.name

    async def _find(
        self, source: Past, window: list[date]
    ) -> tuple[Mapping[date, tuple[str, ...]] | None, SourceError | None]:
        if self.topic is None:
            return None, None
        try:
            return await source.find(self.topic.search, window[-1], window[0]), None
        except SourceError as error:
            return None, error

    async def _day(
        self, source: Past, filled: Filled, day: date, only: tuple[str, ...] | None
    ) -> tuple[int, SourceError | None]:
        """How many documents were read, and what went wrong; the day is noted where all of it stands for good."""
        now = self.clock()
        today = now.astimezone(LONDON).date()
        final = day < today - MAY_CHANGE
        count, trouble = 0, None
        try:
            if only != ():
                held = {key: Held(said) for key, said in (await backfills.held(self.archive, source.name, day)).items()}
                reading = Reading(now, (day,), held=held, only=only, thorough=True)
                async for document in source.poll(reading):
                    count += 1
                    saved = await documents.save_reading(self.archive, document, self.clock(), Reader.BACKFILL)
                    setattr(filled, saved.state, getattr(filled, saved.state) + 1)
                    # A holding answer may never be followed; a rolling Hansard always is.
                    final = final and (document.settled or source.name != "hansard")
        except SourceError as error:
            trouble = error
        except ArchiveError:
            raise
        except Exception as error:
            _log.exception("day could not be read", source=source.name, day=day.isoformat())
            trouble = SourceError(f"{type(error).__name__}: {error}")
        if trouble is None and final:
            await backfills.day_done(self.archive, source.name, self._name(), day, now)
        elif trouble is None:
            filled.open.append(day)
        return count, trouble


def _working(day: date) -> bool:
    return day.weekday() < 4
