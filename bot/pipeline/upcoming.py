"""Coming business: one reading of What's On, each event judged about every topic and kept in `events`.

It fails for itself alone: its line in a poll, its row of health, its metric.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping

import structlog

from bot import observe
from bot.archive import events, health
from bot.archive.engine import Archive
from bot.domain import LONDON, Event, Match
from bot.errors import ArchiveError
from bot.pipeline import clock as clocks
from bot.pipeline import work
from bot.pipeline.collect import LONGEST, Collected
from bot.sources.whatson import Announced, Announcement, WhatsOn
from bot.topics.matcher import Matcher
from bot.topics.topic import Topic

_log = structlog.get_logger(__name__)


class Announcements:
    """The stage. `topics` are judged each by itself; `paths` are their files, for the models' process."""

    def __init__(
        self,
        archive: Archive,
        topics: Mapping[str, Topic],
        paths: Mapping[str, str],
        *,
        clock: clocks.Clock = clocks.now,
    ) -> None:
        self._archive, self._paths, self._clock = archive, paths, clock
        self._matchers = {name: Matcher(topic) for name, topic in topics.items()}

    async def read(self, source: WhatsOn, worker: work.Worker) -> Collected:
        """Read what is announced for the coming four weeks and keep what is about a topic. Raises ArchiveError alone.

        `new` and `changed` count events about a topic, `same` the others that were read."""
        now = self._clock()
        first = now.astimezone(LONDON).date()
        result = Collected(source.name)
        try:
            async with asyncio.timeout(LONGEST.total_seconds()):
                announced = await source.announced(first, first + events.AHEAD)
                result = await self._keep(source.name, announced, worker)
        except ArchiveError:
            raise
        except TimeoutError:
            result = Collected(source.name, error=f"the poll took longer than {LONGEST}")
        except Exception as error:
            result = Collected(
                source.name,
                error=str(error) or type(error).__name__,
                retry_after=getattr(error, "retry_after", None),
            )
        await self._record(result)
        return result

    async def _keep(self, name: str, announced: Announced, worker: work.Worker) -> Collected:
        new = changed = 0
        span = None if announced.unread else (announced.first, announced.last)
        for topic in self._matchers:
            judged = await self._judged(topic, announced.found, worker)
            kept = await events.keep_events(self._archive, topic, judged, self._clock(), read=span)
            new, changed = new + kept.new, changed + kept.changed
        same = max(len(announced.found) - new - changed, 0)
        rows = "one event" if announced.unread == 1 else f"{announced.unread} events"
        error = f"{rows} of {len(announced.found) + announced.unread} could not be read" if announced.unread else None
        return Collected(name, new=new, changed=changed, same=same, broken=announced.unread, error=error)

    async def _judged(
        self, topic: str, found: Iterable[Announcement], worker: work.Worker
    ) -> list[tuple[Event, Match]]:
        """The events that may be about the topic, each with its verdict."""
        matcher = self._matchers[topic]

        def worth() -> list[Announcement]:
            return [each for each in found if matcher.glance(". ".join(item.text for item in each.said.contributions))]

        return [
            (each.event, await worker.run(work.match_document, each.said, self._paths[topic]))
            for each in await asyncio.to_thread(worth)
        ]

    async def _record(self, result: Collected) -> None:
        now = self._clock()
        if result.error is not None:
            observe.SOURCE_FAILURES.labels(result.source).inc()
            failures = await health.record_failure(self._archive, result.source, now, result.error)
            _log.warning("source failed", source=result.source, error=result.error, failures=failures)
            return
        await health.record_success(self._archive, result.source, now, items=result.read)
        observe.LAST_POLL.labels(result.source).set(now.timestamp())
        _log.info("source read", source=result.source, read=result.read, new=result.new, changed=result.changed)
