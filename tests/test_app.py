"""The composition root: every room wired, polled on loopback, run until it is told to stop."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
import structlog.testing

from bot import settings as configuration
from bot.app import App, build
from bot.archive.digests import find_digests
from bot.archive.health import source_health
from bot.archive.subscriptions import subscribe, subscriptions_of
from bot.domain import LONDON, Roundup
from bot.errors import ConfigurationError, InputError
from bot.pipeline import clock as clocks
from bot.pipeline import roundup
from bot.pipeline.deliver import Later
from tests.pipeline.world import Channel, Models, Shelf, Time, article, debate
from tests.standins.parliament import Parliament
from tests.standins.publisher import Publisher

TOKEN = "a-token-that-is-not-one-of-discords"


@pytest.fixture
async def servers() -> AsyncIterator[tuple[Parliament, Publisher]]:
    today = clocks.now().astimezone(LONDON).date()
    async with Parliament(day=today) as parliament, Publisher(day=today) as publisher:
        yield parliament, publisher


@pytest.fixture
async def app(
    servers: tuple[Parliament, Publisher], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[App]:
    """The program on loopback sources; its models are the stages' stand-in."""
    parliament, publisher = servers
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "feeds.toml").write_text(publisher.feeds_toml(), encoding="utf-8")
    for name, value in parliament.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DESPATCH_DATABASE_URL", f"sqlite:///{tmp_path / 'data' / 'x.sqlite3'}")
    monkeypatch.setenv("DESPATCH_POLL__LOOKBACK_DAYS", "1")
    monkeypatch.setenv("DESPATCH_HTTP__ATTEMPTS", "1")
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    with structlog.testing.capture_logs():
        async with build(configuration.load(tmp_path / "config")) as made:
            made.digester.worker = made.embedder.worker = Models()
            yield made


async def test_a_poll_reads_every_source_and_says_a_line_of_each(app: App) -> None:
    results = await app.poll()
    assert [each.source for each in results] == [each.name for each in app.sources]
    assert [each.source for each in results][:3] == ["hansard", "statements", "questions"]
    assert [each.error for each in results] == [None] * len(results)
    assert all(str(each).startswith(f"{each.source}: ") for each in results)
    assert {each.source: each.read > 0 for each in results} == {each.name: True for each in app.sources}
    assert [row.failures for row in await source_health(app.archive)] == [0] * len(app.sources)


async def test_a_failing_source_has_its_line_and_the_others_theirs(
    app: App, servers: tuple[Parliament, Publisher]
) -> None:
    servers[0].fail("/hansard", "500")
    results = {each.source: each for each in await app.poll()}
    assert not results["hansard"].ok and str(results["hansard"]).startswith("hansard: failed: ")
    assert all(each.ok for name, each in results.items() if name != "hansard")


async def test_one_source_and_one_day_can_be_asked_for(app: App, servers: tuple[Parliament, Publisher]) -> None:
    [result] = await app.poll("hansard", servers[0].day - timedelta(days=400))
    assert result.ok and result.read == 0 and result.days == (servers[0].day - timedelta(days=400),)
    assert await source_health(app.archive) == []
    with pytest.raises(InputError, match="no such source; there are hansard, statements"):
        await app.poll("handsard")


async def test_what_was_polled_is_digested_and_delivered_once(app: App) -> None:
    channel = Channel(Time(clocks.now()))
    await subscribe(app.archive, guild_id=7, channel_id=1, topic="prevent", by=5, now=clocks.now())
    for _ in range(2):
        await app.poll()
        await app.digest()
        await app.deliver(channel)
    stories = await find_digests(app.archive, limit=100)
    assert stories and len(channel.messages) == len(stories)
    assert channel.calls.count("send") == len(stories)


class Gateway:
    """A client that logs in after a while, or is refused."""

    def __init__(self, refused: bool = False) -> None:
        self.sender = Channel(Time(clocks.now()))
        self.sender.before = [Later(0.1, "not logged in to Discord yet")]
        self.refused, self.token, self.left = refused, "", asyncio.Event()

    def connected(self) -> bool:
        return bool(self.token)

    async def stay(self, token: str) -> None:
        self.token = token
        if self.refused:
            raise ConfigurationError("DISCORD_TOKEN", "", "Discord refuses the token")
        await self.left.wait()

    async def leave(self) -> None:
        self.left.set()


async def until(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about"
        await asyncio.sleep(0.02)


def quiet(app: App, *shelves: Shelf) -> App:
    app.sources = tuple(shelves)
    return app


async def test_running_it_polls_digests_and_posts_until_sigterm_ends_it_in_time(app: App) -> None:
    class Slow(Shelf):
        async def poll(self, reading):
            yield debate(id="SLOW", settled=True)
            await asyncio.sleep(3600)

    gateway = Gateway()
    quiet(app, Shelf(debate("Prevent A", settled=True), article("Prevent B")), Slow(name="slow"))
    running = asyncio.create_task(app.run(gateway))
    await until(lambda: gateway.token != "")
    await subscribe(app.archive, guild_id=7, channel_id=1, topic="prevent", by=5, now=clocks.now())
    await until(lambda: len(gateway.sender.messages) == 3)
    assert gateway.token == TOKEN
    started = time.monotonic()
    os.kill(os.getpid(), signal.SIGTERM)
    await running
    assert time.monotonic() - started < 3 and gateway.left.is_set()


async def test_a_round_up_that_fell_due_while_it_was_down_is_made_once_of_what_it_reads_first(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roundup, "SOON", timedelta(seconds=0.2))
    gateway = Gateway()
    quiet(app, Shelf(debate("Prevent A", settled=True)), Shelf(article("Prevent B"), name="feed:News"))
    before = clocks.now() - timedelta(days=2)
    await subscribe(
        app.archive, guild_id=7, channel_id=1, topic="prevent", by=5, now=before, when="daily", hour=before.hour
    )
    running = asyncio.create_task(app.run(gateway))
    await until(lambda: len(gateway.sender.messages) == 1)
    [(_, post)] = gateway.sender.messages.values()
    assert isinstance(post, Roundup) and post.title == "the Prevent programme"
    assert {entry.digest.title for entry in post.entries} == {"Prevent A", "Prevent B"}
    await app.round_up()
    os.kill(os.getpid(), signal.SIGTERM)
    await running
    assert len(gateway.sender.messages) == 1
    [kept] = await subscriptions_of(app.archive)
    assert kept.next_at is not None and kept.next_at > clocks.now()


async def test_a_send_in_hand_is_finished_before_it_stops(app: App) -> None:
    gateway = Gateway()
    begun = asyncio.Event()
    real = gateway.sender.send

    async def slow(*args):
        begun.set()
        await asyncio.sleep(0.5)
        return await real(*args)

    gateway.sender.before.clear()
    gateway.sender.send = slow  # type: ignore[method-assign]
    quiet(app, Shelf(debate("Prevent A", settled=True)))
    await subscribe(app.archive, guild_id=7, channel_id=1, topic="prevent", by=5, now=clocks.now())
    running = asyncio.create_task(app.run(gateway))
    await asyncio.wait_for(begun.wait(), 20)
    os.kill(os.getpid(), signal.SIGINT)
    await running
    assert len(gateway.sender.messages) == 1
    async with app.archive.read() as connection:
        states = await connection.exec_driver_sql("SELECT state FROM deliveries")
        assert states.scalars().all() == ["posted"]


async def test_a_refused_token_ends_it_with_a_configuration_error(app: App) -> None:
    quiet(app)
    with pytest.raises(ConfigurationError, match="refuses the token"):
        await app.run(Gateway(refused=True))


async def test_without_a_token_it_does_not_begin(app: App) -> None:
    app.settings = app.settings.model_copy(update={"token": None})
    with pytest.raises(ConfigurationError, match="DISCORD_TOKEN"):
        await app.run(Gateway())


async def test_health_is_the_gateways_and_the_archives(app: App, free_port: int) -> None:
    quiet(app)
    app.settings = app.settings.model_copy(update={"metrics_port": free_port})
    gateway = Gateway()
    running = asyncio.create_task(app.run(gateway))
    await until(gateway.connected)
    async with aiohttp.ClientSession() as session:
        url = f"http://127.0.0.1:{free_port}"
        async with session.get(f"{url}/healthz") as answer:
            assert (answer.status, await answer.text()) == (200, "ok\n")
        gateway.token = ""
        async with session.get(f"{url}/healthz") as answer:
            assert (answer.status, await answer.text()) == (503, "the gateway is not ready\n")
        async with session.get(f"{url}/metrics") as answer:
            assert 'despatch_queue_depth{stage="deliveries"} 0.0' in await answer.text()
        async with session.get(f"{url}/feed.xml") as answer:
            assert (answer.status, answer.content_type) == (200, "application/atom+xml")
    os.kill(os.getpid(), signal.SIGTERM)
    await running


@pytest.fixture
def free_port() -> int:
    import socket

    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


async def test_standing_tells_the_models_and_what_the_check_refused(app: App) -> None:
    standing = await app.standing()
    assert standing.refused is None and standing.models["writer"] == app.settings.models.writer
    app.digester.written, app.digester.refused, app.digester.trouble = 3, 1, "the weights are missing"
    standing = await app.standing()
    assert standing.refused == 0.25 and "the weights are missing" in standing.models.values()


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("DESPATCH_DATABASE_URL", "postgresql://host/db", "sqlite:///PATH"),
        ("DESPATCH_TOPICS", '["nothing"]', "nothing"),
    ],
)
async def test_what_cannot_be_wired_is_named_before_anything_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, said: str
) -> None:
    monkeypatch.setenv("DESPATCH_DATABASE_URL", f"sqlite:///{tmp_path / 'x.sqlite3'}")
    monkeypatch.setenv(variable, value)
    with pytest.raises(ConfigurationError, match=said):
        async with build(configuration.load()):
            pass
