"""The loopback Discord keeps Discord's promises, so that tests over it mean something."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.standins.discord import TOKEN, Discord
from tests.standins.discord_rules import SPEC, Rules, by_hand
from tests.standins.discord_world import HANSARD, QUIET

MESSAGES = f"/channels/{HANSARD}/messages"
OFF = {"allowed_mentions": {"parse": []}}


@pytest.fixture
async def standin() -> AsyncIterator[Discord]:
    async with Discord() as served:
        yield served


@pytest.fixture
async def http(standin: Discord) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(headers={"Authorization": f"Bot {TOKEN}"}) as session:
        yield session


async def post(http: aiohttp.ClientSession, url: str, body: Any) -> tuple[int, Any]:
    async with http.post(url, json=body) as answer:
        # discord.py takes a body for JSON only where its type is exactly this.
        assert answer.headers["Content-Type"] == "application/json"
        assert "Via" in answer.headers
        return answer.status, json.loads(await answer.text())


async def test_one_nonce_makes_one_message_until_it_is_forgotten(standin: Discord, http: aiohttp.ClientSession) -> None:
    body = {"content": "a", "nonce": "n1", "enforce_nonce": True, **OFF}
    first = await post(http, standin.url + MESSAGES, body)
    assert await post(http, standin.url + MESSAGES, body | {"content": "b"}) == first
    standin.forget(nonces=True)
    await post(http, standin.url + MESSAGES, body)
    assert len(standin.messages()) == 2


async def test_five_messages_in_five_seconds_and_the_sixth_is_told_to_wait(
    standin: Discord, http: aiohttp.ClientSession
) -> None:
    answers = [await post(http, standin.url + MESSAGES, {"content": "a", **OFF}) for _ in range(6)]
    assert [status for status, _ in answers] == [200] * 5 + [429]
    assert 0 < answers[-1][1]["retry_after"] <= 5


async def test_refuses_a_wrong_token_an_unknown_channel_and_a_closed_one(
    standin: Discord, http: aiohttp.ClientSession
) -> None:
    assert (await post(http, f"{standin.url}/channels/1/messages", {"content": "a", **OFF}))[1]["code"] == 10003
    assert (await post(http, f"{standin.url}/channels/{QUIET}/messages", {"content": "a", **OFF}))[1]["code"] == 50013
    async with aiohttp.ClientSession() as stranger, stranger.get(f"{standin.url}/users/@me") as answer:
        assert answer.status == 401


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({}, "an empty message"),
        ({"content": "x" * 2001}, "content over"),
        ({"embeds": [{"title": "t" * 257}]}, "over its limits"),
        ({"embeds": [{"description": "d" * 4000}, {"description": "d" * 2001}]}, "over all embeds"),
        ({"embeds": [{"title": " "}]}, "an empty embed"),
        ({"content": "a", "nonce": "n" * 26, "enforce_nonce": True}, "a nonce too long"),
        ({"content": "a", "nonce": "n"}, "not enforced"),
        ({"content": "a", "allowed_mentions": {"parse": ["everyone"]}}, "mentions are not off"),
        (
            {
                "content": "a",
                "components": [
                    {"type": 1, "components": [{"type": 2, "style": 1, "label": "a", "custom_id": "x"}] * 2}
                ],
            },
            "a custom_id twice",
        ),
        ({"flags": 1 << 15, "content": "a"}, "beside Components V2"),
        ({"components": [{"type": 10, "content": "a"}]}, "without their flag"),
    ],
)
async def test_what_discord_would_refuse_is_refused_and_recorded(
    standin: Discord, http: aiohttp.ClientSession, body: dict[str, Any], fault: str
) -> None:
    status, answer = await post(http, standin.url + MESSAGES, OFF | body)
    assert (status, answer["code"]) == (400, 50035)
    assert any(fault in violation for violation in standin.violations)
    assert standin.messages() == []


def test_a_good_message_breaks_no_rule() -> None:
    body = {"content": "a", "nonce": "n" * 25, "enforce_nonce": True, **OFF}
    assert list(by_hand("POST", MESSAGES, body)) == []


def test_discords_own_document_judges_requests() -> None:
    if not SPEC.is_file():
        pytest.skip(f"no {SPEC}")
    rules = Rules()
    assert rules.faults("POST", MESSAGES, {"content": "a", **OFF}) == []
    assert rules.faults("POST", MESSAGES, {"content": "a", "embeds": "none", **OFF})
    assert rules.faults("POST", "/channels/x/nothing", {"content": "a"})
    assert rules.faults("PUT", "/applications/1/commands", [{"name": "x" * 40, "type": 1}])


async def test_fails_and_cuts_on_demand(standin: Discord, http: aiohttp.ClientSession) -> None:
    standin.fail("POST", MESSAGES, 500, after=True)
    async with http.post(standin.url + MESSAGES, json={"content": "a", **OFF}) as answer:
        assert answer.status == 500
    assert len(standin.messages()) == 1
    standin.fail("POST", MESSAGES, 0, drop=True)
    with pytest.raises(aiohttp.ClientError):
        await post(http, standin.url + MESSAGES, {"content": "a", **OFF})
    assert len(standin.messages()) == 1


async def test_an_interaction_needs_a_connected_bot(standin: Discord, http: aiohttp.ClientSession) -> None:
    async with http.post(f"{standin.address}/control/interaction", json={"command": "help"}) as answer:
        assert answer.status == 409
        assert "not connected" in (await answer.json())["error"]


async def test_runs_as_a_process_that_prints_its_address_and_stops_on_sigterm(root: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.standins.discord", cwd=root, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        address = (await asyncio.wait_for(process.stdout.readline(), 20)).decode().strip()
        async with aiohttp.ClientSession() as session, session.get(f"{address}/control/state") as answer:
            assert (await answer.json())["connected"] is False
    finally:
        process.terminate()
        code = await asyncio.wait_for(process.wait(), 10)
    assert code == 0
