"""The composition root: settings in, a wired program out. The only file that knows every room."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import threading
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Protocol, cast

import structlog

from bot import observe
from bot import settings as configuration
from bot.archive import Archive
from bot.archive import health as records
from bot.errors import ArchiveError, ConfigurationError, InputError
from bot.feed import Feed
from bot.inference.worker import Worker
from bot.pipeline import clock as clocks
from bot.pipeline.collect import Collected, collect, plan
from bot.pipeline.deliver import Delivered, Sender, deliver
from bot.pipeline.digest import Digested, Digester
from bot.pipeline.embed import Embedder
from bot.pipeline.linked import Linked
from bot.pipeline.reports import Teller, forward
from bot.pipeline.roundup import RoundUps
from bot.pipeline.schedule import Schedule, keep_working, next_digest
from bot.pipeline.upcoming import Announcements
from bot.settings import Settings
from bot.sources.source import Source
from bot.sources.whatson import WhatsOn
from bot.topics import topic as topics_room
from bot.topics.topic import Topic

if TYPE_CHECKING:
    from bot.cogs.desk import Standing
    from bot.domain import Document
    from bot.sources.http import Client
    from bot.sources.members import Members
    from bot.sources.source import Polled

FINISHING = timedelta(seconds=6)
"""For the sends in hand when the program is told to stop."""
LEAVING = timedelta(seconds=2)
"""For closing the gateway; together well under the ten seconds that an operator's stop allows."""

LINGERING = 0.5
"""Seconds for threads once all is closed; what they do is lost, and done again at the next start."""

_log = structlog.get_logger(__name__)


class Channels(Sender, Teller, Protocol):
    """Posts to those who subscribed, and to the operator."""


class Gateway(Protocol):
    """What `despatch run` needs of the Discord client."""

    @property
    def sender(self) -> Channels: ...

    def connected(self) -> bool: ...

    async def stay(self, token: str) -> None:
        """Be logged in until `leave`, through every outage. Raises ConfigurationError where the token is refused."""
        ...

    async def leave(self) -> None: ...


@dataclass(slots=True)
class App:
    """The wired program. Each method may be called again and again; none loses anything when it is broken off."""

    settings: Settings
    archive: Archive
    sources: tuple[Source | WhatsOn, ...]
    topics: Mapping[str, Topic]
    digester: Digester
    rounds: RoundUps
    announcements: Announcements
    embedder: Embedder
    linked: Linked
    clock: clocks.Clock = clocks.now
    _stop: asyncio.Event = field(default_factory=asyncio.Event)

    async def poll(self, source: str | None = None, day: date | None = None) -> list[Collected]:
        """Read every source once, or the named one; today and what is due, or that day alone.

        One result a source, in the configured order, failed ones too. Raises InputError for an unknown name."""
        chosen = [each for each in self.sources if source in (None, each.name)]
        if not chosen:
            known = ", ".join(each.name for each in self.sources)
            raise InputError(f"--source {source}: there is no such source; there are {known}")
        return list(await asyncio.gather(*(self._poll(each, day) for each in chosen)))

    async def _poll(self, source: Polled, day: date | None = None) -> Collected:
        if isinstance(source, WhatsOn):
            return await self.announcements.read(source, self.digester.worker)
        source = cast("Source", source)
        reading = await plan(self.archive, source, self.settings.poll, self.clock(), day)
        by_hand = day is not None and source.every is None
        return await collect(self.archive, source, reading, clock=self.clock, counts_as_success=not by_hand)

    async def digest(self) -> Digested:
        """Judge and digest all that is owed now; the deliveries that follow are queued."""
        return await self.digester.run(self._stop)

    async def round_up(self) -> datetime | None:
        """Make the round-ups that are due now and queue their deliveries; says when to come again."""
        return await self.rounds.run()

    async def deliver(self, sender: Sender) -> Delivered:
        """Make every delivery that is due now, round-ups corrected first."""
        await self.rounds.revise()
        return await deliver(self.archive, sender, clock=self.clock, stop=self._stop)

    async def standing(self) -> Standing:
        """For `/status`, from memory."""
        from bot.cogs.desk import Standing

        models = self.settings.models
        said = {"writer": models.writer, "encoder": models.encoder, "parser": models.parser}
        if self.digester.trouble is not None:
            said["trouble"] = self.digester.trouble
        said["search by meaning"] = str(self.embedder)
        tried = self.digester.written + self.digester.refused
        return Standing(models=said, refused=self.digester.refused / tried if tried else None)

    async def run(self, client: Gateway) -> None:
        """Be the bot: poll, digest, deliver and answer, until SIGTERM or SIGINT; then finish the send in hand and
        close, within ten seconds. Raises ConfigurationError where Discord refuses the token."""
        token = self.settings.token
        if token is None:
            raise ConfigurationError(
                "DISCORD_TOKEN", "", "is not set; it, or DISCORD_TOKEN_FILE, holds the bot's token"
            )
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        try:
            async with observe.serve(self.settings, lambda: self._health(client), Feed(self.archive).answer):
                await self._run(client, token.get_secret_value())
        finally:
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.remove_signal_handler(number)

    async def _run(self, client: Gateway, token: str) -> None:
        schedule = Schedule(self.archive, self.sources, self.settings.poll, self._poll, self.round_up, clock=self.clock)
        stopping = asyncio.create_task(self._stop.wait(), name="stop")
        gateway = asyncio.create_task(client.stay(token), name="gateway")
        digesting = asyncio.create_task(
            keep_working("digest", self._digest, self.archive.unread, self._stop, clock=self.clock), name="digest"
        )
        delivering = asyncio.create_task(
            keep_working(
                "deliver", lambda: self._deliver(client.sender), self.archive.owed, self._stop, clock=self.clock
            ),
            name="deliver",
        )
        embedding = asyncio.create_task(
            keep_working("embed", self._embed, self.archive.unencoded, self._stop, clock=self.clock), name="embed"
        )
        schedule.start()
        try:
            await asyncio.wait({stopping, gateway}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            _log.info("stopping")
            self._stop.set()
            digesting.cancel()
            embedding.cancel()
            await asyncio.gather(schedule.stop(), asyncio.wait({delivering}, timeout=FINISHING.total_seconds()))
            delivering.cancel()
            try:
                async with asyncio.timeout(LEAVING.total_seconds()):
                    await client.leave()
            except Exception:
                _log.exception("the gateway was not closed properly")
            finished = gateway if gateway.done() else None
            gateway.cancel()
            stopping.cancel()
            await asyncio.gather(stopping, gateway, digesting, embedding, delivering, return_exceptions=True)
        if finished is not None and (error := finished.exception()) is not None:
            raise error

    async def _digest(self) -> datetime | None:
        await self.digest()
        observe.WORKER_RESTARTS.set(getattr(self.digester.worker, "restarts", 0))
        await self._measure_queue()
        return await next_digest(self.archive, self.topics)

    async def _embed(self) -> None:
        await self.embedder.run(self._stop)

    async def _deliver(self, sender: Channels) -> datetime | None:
        if self.settings.operator_channel is not None:
            await forward(self.archive, sender, self.settings.operator_channel, clock=self.clock)
        done = await self.deliver(sender)
        await self._measure_queue()
        return done.next_at

    async def _measure_queue(self) -> None:
        waiting = await records.queue(self.archive, troubles=0)
        for stage in ("digests", "deliveries", "dead", "paused"):
            observe.QUEUE.labels(stage).set(getattr(waiting, stage))

    async def _health(self, client: Gateway) -> str | None:
        try:
            await self.archive.ping()
        except ArchiveError as error:
            return str(error)
        return None if client.connected() else "the gateway is not ready"


@contextlib.asynccontextmanager
async def build(settings: Settings, *, swift: bool = False) -> AsyncIterator[App]:
    """The program for these settings, its archive open and migrated; no model is loaded before it is needed.

    Raises ConfigurationError for a topic, feed or database that cannot be used."""
    from bot.sources import transcript
    from bot.sources.http import Client
    from bot.sources.members import Members

    topics = {name: topics_room.named(settings, name) for name in settings.topics}
    paths = {name: str(settings.file(f"topics/{name}.toml")) for name in settings.topics}
    feeds = configuration.feeds(settings)
    async with contextlib.AsyncExitStack() as stack:
        archive = await stack.enter_async_context(await Archive.open(settings.database(), swift=swift))
        worker = await stack.enter_async_context(Worker(settings.models))
        client = await stack.enter_async_context(Client(settings.http))
        members = Members(client, settings.members_url)

        async def fetch(url: str) -> Document:
            return await transcript.fetch(url, client, settings, members)

        yield App(
            settings=settings,
            archive=archive,
            sources=_sources(settings, feeds, topics, client, members),
            topics=topics,
            digester=Digester(archive, worker, paths, settings.models.max_words),
            rounds=RoundUps(archive, {name: topic.title for name, topic in topics.items()}),
            announcements=Announcements(archive, topics, paths),
            embedder=Embedder(archive, worker, settings.models.encoder),
            linked=Linked(archive, worker, paths, settings.models.max_words, fetch),
        )


def main(settings: Settings) -> None:
    """`despatch run` as a process of its own, which ends with it; raises what `run` raises."""

    async def work() -> None:
        await run(settings)
        # All is closed. A thread may still wait for a name server or read a long page: the interpreter would wait too.
        end = threading.Timer(LINGERING, os._exit, (0,))
        end.daemon = True
        end.start()

    asyncio.run(work())


async def run(settings: Settings) -> None:
    """`despatch run`, until it is told to stop."""
    from bot.cogs.client import Desk, Despatch

    async with build(settings) as program:
        titles = {name: topic.title for name, topic in program.topics.items()}
        desk = Desk(program.archive, settings, titles, program.standing, program.digester.worker, program.linked)
        await program.run(Despatch(desk))


def _sources(
    settings: Settings,
    feeds: tuple[configuration.Feed, ...],
    topics: Mapping[str, Topic],
    client: Client,
    members: Members,
) -> tuple[Source | WhatsOn, ...]:
    from bot.sources.articles import Articles
    from bot.sources.feeds import FeedSource
    from bot.sources.hansard import Hansard
    from bot.sources.written import Questions, Statements
    from bot.topics.matcher import Matcher

    articles = Articles(client)
    matchers = [Matcher(topic) for topic in topics.values()]

    def wanted(text: str) -> bool:
        return any(matcher.glance(text) for matcher in matchers)

    return (
        Hansard(client, settings.hansard_url, members),
        Statements(client, settings.written_url, members),
        Questions(client, settings.written_url, members),
        WhatsOn(client, settings.whatson_url),
        *(FeedSource(client, feed, wanted, articles) for feed in feeds),
    )
