"""Round up: what has come since a channel was last told becomes one post a day or a week, once.

What is told is what the archive holds when the round-up is made, not what its period's clock would allow: after a stop
one round-up makes up for all that was missed, and a story that came late is in the next. Nothing to tell posts nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

import structlog

from bot.archive import digests, events, roundups, stories
from bot.archive.engine import Archive
from bot.archive.roundups import Outdated
from bot.archive.subscriptions import Subscription, last_round
from bot.domain import LONDON, Entry, Roundup, When
from bot.errors import ArchiveError
from bot.pipeline import clock as clocks
from bot.summarise.roundup import Telling, compose, revised

PATIENCE = timedelta(minutes=30)
"""How long a round-up waits for the digests of what has been read."""
COMING, DAYS = 5, 7
"""How many events, of how many days after today, a round-up ends with."""
SOON, LATER = timedelta(minutes=1), timedelta(minutes=10)

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class RoundUps:
    """The stage. `titles` maps each topic's name to its words."""

    archive: Archive
    titles: Mapping[str, str]
    clock: clocks.Clock = clocks.now
    _waiting_since: datetime | None = None

    async def run(self) -> datetime | None:
        """Make and owe every round-up that is due. Says when to run again at the latest; None where nobody wants one.

        Repeating it does no harm."""
        now = self.clock()
        due = await roundups.due(self.archive, now)
        if due and await self._busy(due, now):
            return now + SOON
        self._waiting_since = None
        failed = False
        for subscription in due:
            try:
                await self._make(subscription, now)
            except ArchiveError:
                raise
            except Exception:
                failed = True
                _log.exception("round-up failed", subscription=subscription.id)
        return now + LATER if failed else await roundups.next_due(self.archive)

    async def _busy(self, due: list[Subscription], now: datetime) -> bool:
        """Whether something of these topics has been read and is not digested yet; not for longer than `PATIENCE`."""
        self._waiting_since = self._waiting_since or now
        if now - self._waiting_since >= PATIENCE:
            return False
        for topic in {each.topic for each in due} & set(self.titles):
            if await stories.unjudged(self.archive, topic, now, limit=1, news=True):
                return True
            if await digests.undigested(self.archive, topic, now, limit=1, news=True):
                return True
        return False

    async def _make(self, subscription: Subscription, now: datetime) -> None:
        found = await roundups.tellable(self.archive, subscription, now)
        roundup = compose(
            [Telling(each.story_id, each.digest, each.told, each.since) for each in found],
            topic=subscription.topic,
            title=self.titles.get(subscription.topic, subscription.topic),
            when=When(subscription.when),
            since=subscription.told_to or subscription.created_at,
            until=last_round(subscription.when, subscription.hour or 0, now),
        )
        roundup = await _with_coming(self.archive, roundup, now)
        versions = {each.story_id: each.digest_id for each in found}
        if await roundups.keep_roundup(self.archive, subscription, roundup, versions, now):
            _log.info(
                "rounded up",
                channel=subscription.channel_id,
                topic=subscription.topic,
                when=subscription.when,
                stories=len(roundup.entries),
            )

    async def revise(self) -> None:
        """Set right the round-ups of whose stories a newer digest was made: a line that no longer stands gives way,
        and a withdrawn story says so, or is left out of what was not posted yet."""
        for old in await roundups.outdated(self.archive):
            try:
                await self._revise(old)
            except ArchiveError:
                raise
            except Exception:
                _log.exception("round-up not set right", roundup=old.id)

    async def _revise(self, old: Outdated) -> None:
        gone = {story for story, change in old.changes.items() if change.withdrawn and not old.sent}
        entries: list[Entry] = []
        for entry in old.roundup.entries:
            change = old.changes.get(entry.story)
            if change is None:
                entries.append(entry)
            elif entry.story not in gone:
                entries.append(revised(entry, change.digest, withdrawn=change.withdrawn))
        await roundups.revise(self.archive, old, replace(old.roundup, entries=tuple(entries)), gone, self.clock())


async def by_hand(
    archive: Archive, topic: str, title: str, first: date, last: date, *, clock: clocks.Clock = clocks.now
) -> Roundup:
    """The round-up of the stories of those days, both included, whatever any channel was told. What is announced for
    the days to come ends it where it reaches today."""
    found = await roundups.digested_between(archive, topic, first, last)
    made = compose(
        [Telling(each.story_id, each.digest) for each in found],
        topic=topic,
        title=title,
        when=None,
        since=datetime.combine(first, time(), LONDON),
        until=datetime.combine(last + timedelta(days=1), time(), LONDON),
    )
    now = clock()
    return await _with_coming(archive, made, now) if last >= now.astimezone(LONDON).date() else made


async def _with_coming(archive: Archive, roundup: Roundup, now: datetime) -> Roundup:
    """The round-up with what is announced on its topic for the next days; cancelled business is left out."""
    found = [each for each in await events.coming(archive, (roundup.topic,), now, days=DAYS) if not each.cancelled]
    return replace(roundup, coming=tuple(found[:COMING]), more=max(len(found) - COMING, 0))
