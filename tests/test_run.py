"""`despatch run` as a process, against Parliament, two newspapers and Discord as processes: from /subscribe to the
posted digest, one message a story, a clean stop, and nothing posted twice after a restart."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.standins.discord import API, TOKEN
from tests.standins.discord_world import CLERK_PERMISSIONS, HANSARD, MANAGE_GUILD, QUIET
from tests.standins.publisher import PAPERS

PATIENCE = 600.0
"""Seconds for models to load and a day to be digested on a slow machine that does other things besides."""

ROOT = Path(__file__).parent.parent


@dataclass
class Place:
    """The stand-ins' addresses, the bot's environment, and the way in for a test."""

    http: aiohttp.ClientSession
    discord: str
    environment: dict[str, str]
    metrics: str
    log: Path

    async def ask(self, knob: str, **given: Any) -> Any:
        async with self.http.request(
            "POST" if given else "GET", f"{self.discord}/control/{knob}", json=given or None
        ) as answer:
            return await answer.json()

    async def use(self, command: str, **given: Any) -> Any:
        """A slash command's answer, which must be private and acknowledged in time."""
        answer = await self.ask("interaction", command=command, **given)
        assert answer.get("acknowledged_seconds", 99) < 1.5, answer
        assert answer["ephemeral"], answer
        return answer

    async def messages(self) -> list[Any]:
        found: list[Any] = [m for m in await self.ask(f"messages?channel={HANSARD}") if not m["flags"] & 64]
        return found

    async def posts(self) -> int:
        return sum(r["method"] == "POST" and r["path"].endswith("/messages") for r in await self.ask("requests"))

    async def metric(self, name: str) -> float | None:
        """A sample's value, None before there is one."""
        async with self.http.get(f"{self.metrics}/metrics") as answer:
            for line in (await answer.text()).splitlines():
                if line.startswith(name):
                    return float(line.rsplit(" ", 1)[1])
        return None


@asynccontextmanager
async def process(
    *arguments: str, env: dict[str, str] | None = None, log: Path | None = None
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A child that is stopped on the way out, if it still runs."""
    errors = log.open("ab") if log else None
    try:
        child = await asyncio.create_subprocess_exec(
            sys.executable, *arguments, cwd=ROOT, env=env, stdout=asyncio.subprocess.PIPE, stderr=errors
        )
    finally:
        if errors:
            errors.close()
    try:
        yield child
    finally:
        if child.returncode is None:
            child.terminate()
            try:
                await asyncio.wait_for(child.wait(), 15)
            except TimeoutError:
                child.kill()
                await child.wait()


async def address_of(child: asyncio.subprocess.Process) -> str:
    assert child.stdout is not None
    return (await asyncio.wait_for(child.stdout.readline(), 30)).decode().strip()


async def until(look: Callable[[], Any], what: str, place: Place, seconds: float = PATIENCE) -> Any:
    """What `look()` gives once it gives something true."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if found := await look():
                return found
        except aiohttp.ClientError:
            pass
        await asyncio.sleep(0.2)
    tail = place.log.read_text(encoding="utf-8", errors="replace")[-3000:] if place.log.exists() else ""
    raise AssertionError(f"{what}: not within {seconds:.0f} s\n{tail}")


@pytest.fixture
async def place(tmp_path: Path, unused_tcp_port: int) -> AsyncIterator[Place]:
    day = (datetime.now(UTC) - timedelta(days=2)).date().isoformat()
    async with AsyncExitStack() as stack:
        addresses = {}
        for name, more in (("parliament", ["--date", day]), ("publisher", ["--date", day]), ("discord", [])):
            child = await stack.enter_async_context(process("-m", f"tests.standins.{name}", *more))
            addresses[name] = await address_of(child)
        config = tmp_path / "config"
        config.mkdir()
        (config / "feeds.toml").write_text(
            "".join(
                f'[[feed]]\nname = "{title}"\nurl = "{addresses["publisher"]}/{paper}/feed.xml"\nevery = "10m"\n'
                for paper, title in PAPERS.items()
            )
        )
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("DESPATCH_", "DISCORD_"))}
        names = {"HANSARD": "hansard", "WRITTEN": "written", "MEMBERS": "members", "WHATSON": "whatson"}
        environment = kept | {
            f"DESPATCH_{name}_URL": f"{addresses['parliament']}/{path}" for name, path in names.items()
        }
        environment |= {
            "DESPATCH_CONFIG": str(config),
            "DESPATCH_DATABASE_URL": f"sqlite:///{tmp_path / 'archive.sqlite3'}",
            "DESPATCH_DISCORD_URL": f"{addresses['discord']}{API}",
            "DISCORD_TOKEN": TOKEN,
            "DESPATCH_HTTP__SPACING": "0",
            "DESPATCH_HTTP__ALLOW_PRIVATE": "127.0.0.0/8",
            "DESPATCH_POLL__EVERY": "5s",
            "DESPATCH_METRICS_PORT": str(unused_tcp_port),
        }
        http = await stack.enter_async_context(aiohttp.ClientSession())
        yield Place(http, addresses["discord"], environment, f"http://127.0.0.1:{unused_tcp_port}", tmp_path / "log")


async def ready(place: Place) -> None:
    async def healthy() -> bool:
        async with place.http.get(f"{place.metrics}/healthz") as answer:
            return answer.status == 200

    await until(healthy, "/healthz answers 200", place, 60)


async def stopped(child: asyncio.subprocess.Process) -> float:
    """Seconds that it took to end, with exit code 0, after SIGTERM."""
    began = time.monotonic()
    child.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(child.wait(), 15) == 0
    return time.monotonic() - began


def whole_text(message: Any) -> str:
    return "\n".join(str(e.get(k) or "") for e in message["embeds"] for k in ("title", "description"))


async def test_from_subscribe_to_one_message_a_story_and_nothing_twice_after_a_restart(place: Place) -> None:
    async with process("-m", "bot", "run", env=place.environment, log=place.log) as bot:
        await ready(place)
        refused = await place.use("subscribe", permissions=CLERK_PERMISSIONS & ~MANAGE_GUILD)
        assert "Manage Server" in refused["messages"][0]["content"]
        refused = await place.use("subscribe", options={"channel": QUIET})
        assert "Send Messages" in refused["messages"][0]["content"]
        answer = await place.use("subscribe")
        assert f"<#{HANSARD}>" in answer["messages"][0]["content"]

        async def told() -> Any:
            """The story's message once the press is folded in, with nothing left to do."""
            if await place.metric('despatch_queue_depth{stage="digests"}') or not await place.posts():
                return None
            found = [m for m in await place.messages() if "Norminster" in whole_text(m)]
            return found if any("Reported by" in whole_text(m) for m in found) else None

        found = await until(told, "the story is posted", place)
        assert len(found) == 1, [whole_text(m)[:200] for m in found]
        shown = whole_text(found[0])
        assert "**Eleanor Marsh** · Labour · The Minister for Security" in shown
        assert "**Alistair Croome** · Conservative" in shown
        assert "The Norminster Courier" in shown
        assert "The Westminster Ledger" in shown
        assert "https://hansard.parliament.uk/" in found[0]["embeds"][0]["url"]
        assert found[0]["nonce"]
        digest = await place.use("digest", options={"about": "Norminster"})
        assert "Eleanor Marsh" in whole_text(digest["messages"][0])
        status = await place.use("status")
        assert "hansard" in status["messages"][0]["embeds"][0]["description"]
        assert await stopped(bot) < 10

    before, posted = await place.messages(), await place.posts()
    began = time.time()
    async with process("-m", "bot", "run", env=place.environment, log=place.log) as bot:
        await ready(place)

        async def read_again() -> bool:
            polled = [
                await place.metric(f'despatch_last_poll_timestamp_seconds{{source="{s}"}}')
                for s in ("hansard", "statements")
            ]
            waiting = await place.metric('despatch_queue_depth{stage="deliveries"}')
            return all(p is not None and p > began for p in polled) and waiting == 0

        await until(read_again, "every source is read again", place)
        await asyncio.sleep(2)
        assert await stopped(bot) < 10
    assert await place.posts() == posted
    assert [m["id"] for m in await place.messages()] == [m["id"] for m in before]
    assert await place.ask("violations") == []


LINGERING = """
import asyncio, sys, time
from bot import app, cli

async def run(settings):
    asyncio.get_running_loop().run_in_executor(None, time.sleep, 60)

app.run = run
sys.argv = ["despatch", "run"]
cli.main()
"""


async def test_a_thread_that_waits_for_the_network_does_not_keep_it_from_stopping(tmp_path: Path) -> None:
    environment = {**os.environ, "DISCORD_TOKEN": TOKEN, "XDG_DATA_HOME": str(tmp_path)}
    async with process("-c", LINGERING, env=environment) as bot:
        assert await asyncio.wait_for(bot.wait(), 30) == 0


async def test_a_refused_token_ends_with_exit_code_2_and_one_line(place: Place) -> None:
    async with process(
        "-m", "bot", "run", env=place.environment | {"DISCORD_TOKEN": "wrong-token-wrong"}, log=place.log
    ) as bot:
        assert await asyncio.wait_for(bot.wait(), 60) == 2
    log = place.log.read_text(encoding="utf-8")
    assert "DISCORD_TOKEN" in log
    assert "Traceback" not in log
    assert "wrong-token-wrong" not in log
