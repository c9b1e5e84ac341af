"""A desk over a real archive, a bot that SimCord runs, and a bot that is logged in to the loopback Discord."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, MutableMapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import simcord
from discord.gateway import DiscordWebSocket
from discord.http import Route
from simcord import Env
from structlog.testing import capture_logs

from bot.archive.engine import Archive
from bot.cogs.client import Desk, Despatch, Standing
from bot.domain import Document
from bot.errors import SourceError
from bot.inference.worker import Worker
from bot.pipeline.linked import Linked
from bot.settings import Settings
from tests.standins.discord import Discord


@pytest.fixture(autouse=True)
def addresses() -> Iterator[None]:
    """discord.py keeps its addresses in classes: put them back."""
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    yield
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway


@pytest.fixture(autouse=True)
def logs() -> Iterator[list[MutableMapping[str, Any]]]:
    """What was logged, instead of printing it."""
    with capture_logs() as kept:
        yield kept


@pytest.fixture
async def archive(tmp_path: Path) -> AsyncIterator[Archive]:
    async with await Archive.open(f"sqlite:///{tmp_path / 'archive.sqlite3'}") as opened:
        yield opened


async def standing() -> Standing:
    return Standing({"writer": "SmolLM2-135M-Instruct", "encoder": "all-MiniLM-L6-v2"}, refused=0.25)


async def unreachable(url: str) -> Document:
    raise SourceError(f"{url}: there is no network here")


def desk_for(archive: Archive, **settings: object) -> Desk:
    """Its worker's process begins with the first question."""
    made = Settings(**settings)
    topics = {"prevent": "the Prevent programme", "asylum": "asylum"}
    worker = Worker(made.models)
    return Desk(archive, made, topics, standing, worker, Linked(archive, worker, {}, 300, unreachable))


@pytest.fixture
def simcord_bot(archive: Archive) -> Despatch:
    return Despatch(desk_for(archive), shard_count=1)


@pytest.fixture
def channel(simcord_env: Env) -> simcord.ChannelHandle:
    return simcord_env.create_guild().create_text_channel("hansard")


@pytest.fixture
def reader(simcord_env: Env, channel: simcord.ChannelHandle) -> simcord.MemberActor:
    """Somebody with no special permission."""
    return simcord_env.guild.add_member(simcord_env.create_user("reader"))


@pytest.fixture
async def discord() -> AsyncIterator[Discord]:
    async with Discord() as standin:
        yield standin
        assert standin.violations == []


Online = Callable[[], Awaitable[Despatch]]


@asynccontextmanager
async def staying(client: Despatch, token: str) -> AsyncIterator[asyncio.Task[None]]:
    """`client.stay` in the background; it is left, and its end looked at, on the way out."""
    task = asyncio.create_task(client.stay(token))
    try:
        yield task
    finally:
        await client.leave()
        await asyncio.wait_for(task, 10)


async def until(condition: Callable[[], object], seconds: float = 15) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.02)


@pytest.fixture
async def online(archive: Archive, discord: Discord) -> AsyncIterator[Online]:
    """Makes bots that are connected to `discord`; each is left at the end."""
    async with AsyncExitStack() as stack:

        async def make() -> Despatch:
            client = Despatch(desk_for(archive, discord_url=discord.url))
            client._connection.guild_ready_timeout = 0.05  # discord.py waits two seconds for servers in ones and twos
            await stack.enter_async_context(staying(client, discord.token))
            await until(client.connected)
            return client

        yield make
