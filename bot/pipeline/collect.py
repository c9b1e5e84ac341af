"""Collect: one poll of one source, each document kept as it comes.

A document that cannot be kept, or a source that fails half way, costs what it could not give and nothing else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import structlog

from bot import observe
from bot.archive import days, documents, health
from bot.archive.documents import Reader
from bot.archive.engine import Archive
from bot.domain import LONDON, Document
from bot.errors import ArchiveError, SourceError
from bot.pipeline import clock as clocks
from bot.settings import Poll
from bot.sources.source import Reading, Source

LONGEST = timedelta(hours=2)
"""A poll that takes longer is broken off: a fortnight's catching up takes a quarter of it."""
DAYS = 45
"""Days that one poll reads at most, the newest first."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Collected:
    """What a poll gave. As text: a line that begins with the source's name.

    `broken` counts documents that could not be kept; `error` says what else went wrong, None where nothing did.
    `retry_after` is the wait that the source asked for, in seconds."""

    source: str
    days: tuple[date, ...] = ()
    new: int = 0
    changed: int = 0
    same: int = 0
    broken: int = 0
    error: str | None = None
    retry_after: float | None = None

    @property
    def ok(self) -> bool:
        """Whether all of it could be read and kept."""
        return self.error is None

    @property
    def read(self) -> int:
        return self.new + self.changed + self.same

    def __str__(self) -> str:
        counts = f"{self.read} read, {self.new} new, {self.changed} changed"
        return f"{self.source}: {counts}" if self.error is None else f"{self.source}: failed: {self.error} ({counts})"


async def plan(archive: Archive, source: Source, poll: Poll, now: datetime, day: date | None = None) -> Reading:
    """What a poll should read: that `day` alone, or what may have changed since the source was last read whole.

    That is: today with `lookback_days` at the first start; afterwards each day since the last success, yesterday at
    least (what was said late appears after midnight) and `catch_up_days` back at most; the days of unsettled
    documents of the last month; and the days whose later re-reading is due."""
    if day is not None:
        return Reading(now, (day,))
    today = now.astimezone(LONDON).date()
    last = await health.last_success(archive, source.name)
    if last is None:
        first = today - timedelta(days=poll.lookback_days)
    else:
        seen = min(last.astimezone(LONDON).date(), today - timedelta(days=1))
        first = max(seen, today - timedelta(days=poll.catch_up_days))
    recent = [today - timedelta(days=back) for back in range((today - first).days + 1)]
    again = await days.days_to_read(archive, source.name, now)
    read = tuple(dict.fromkeys([*recent, *again]))[:DAYS]
    return Reading(now, read, again=frozenset(again) - frozenset(recent))


async def collect(
    archive: Archive,
    source: Source,
    reading: Reading,
    *,
    clock: clocks.Clock = clocks.now,
    counts_as_success: bool = True,
) -> Collected:
    """Poll once and keep what comes, with the source's health.

    `counts_as_success` is false for a day asked for by hand, which says nothing of the days since the last poll: its
    failure is told and not held against the source. Raises ArchiveError alone."""
    result = Collected(source.name, reading.days)
    try:
        async with asyncio.timeout(LONGEST.total_seconds()):
            async for document in source.poll(reading):
                reader = Reader.AGAIN if document.date in reading.again else Reader.POLL
                result = await _keep(archive, document, result, clock, reader)
    except ArchiveError:
        raise
    except SourceError as error:
        result = replace(result, error=_said(result.error, str(error)), retry_after=error.retry_after)
    except TimeoutError:
        result = replace(result, error=_said(result.error, f"the poll took longer than {LONGEST}"))
    except Exception as error:
        _log.exception("source broke", source=source.name)
        result = replace(result, error=_said(result.error, f"{type(error).__name__}: {error}"))
    observe.DOCUMENTS.labels(source.name).inc(result.read)
    if not result.ok:
        observe.SOURCE_FAILURES.labels(source.name).inc()
    if counts_as_success:
        await _record(archive, result, reading, clock())
    elif result.ok:
        await days.days_were_read(archive, source.name, reading.days, reading.now)
    return result


async def _keep(
    archive: Archive, document: Document, result: Collected, clock: clocks.Clock, reader: Reader
) -> Collected:
    try:
        saved = await documents.save_reading(archive, document, clock(), reader)
    except ArchiveError:
        raise
    except Exception as error:
        _log.exception("document could not be kept", source=document.source, document=document.id)
        said = f"{document.id} could not be kept ({type(error).__name__}: {error})"
        return replace(result, broken=result.broken + 1, error=result.error or said)
    match saved.state:
        case "new":
            return replace(result, new=result.new + 1)
        case "changed":
            return replace(result, changed=result.changed + 1)
        case "same":
            return replace(result, same=result.same + 1)


async def _record(archive: Archive, result: Collected, reading: Reading, now: datetime) -> None:
    if result.error is not None:
        failures = await health.record_failure(archive, result.source, now, result.error)
        _log.warning("source failed", source=result.source, error=result.error, failures=failures, read=result.read)
        return
    await days.days_were_read(archive, result.source, reading.days, reading.now)
    await health.record_success(archive, result.source, now, items=result.read)
    observe.LAST_POLL.labels(result.source).set(now.timestamp())
    _log.info("source read", source=result.source, read=result.read, new=result.new, changed=result.changed)


def _said(*parts: str | None) -> str:
    return "; ".join(part for part in parts if part)


def failed(results: Iterable[Collected]) -> list[Collected]:
    """Those that could not be read whole."""
    return [each for each in results if not each.ok]
