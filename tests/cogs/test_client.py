"""The bot's line to Discord: log-in, commands registered once, coming back, leaving."""

from __future__ import annotations

import asyncio

import pytest

from bot.archive.engine import Archive
from bot.archive.subscriptions import subscribe, subscriptions_of
from bot.cogs import client as module
from bot.cogs.client import Despatch
from bot.errors import ConfigurationError
from tests.cogs.conftest import Online, desk_for, staying, until
from tests.cogs.samples import NOW
from tests.standins.discord import Discord
from tests.standins.discord_world import GUILD, HANSARD, QUIET

PROMISED = {
    "subscribe": ["channel", "topic", "when", "hour"],
    "unsubscribe": ["channel", "topic"],
    "subscriptions": ["channel"],
    "digest": ["date", "about"],
    "search": ["query", "member", "house", "since", "until"],
    "ask": ["question"],
    "member": ["name"],
    "trend": ["period"],
    "why": ["item"],
    "upcoming": [],
    "status": [],
    "help": [],
    "privacy": [],
    "Summarise": [],
}


async def test_logs_in_with_the_guilds_intent_alone_and_registers_the_promised_commands(
    discord: Discord, online: Online
) -> None:
    client = await online()
    assert client.intents.value == 1
    registered = {c["name"]: [o["name"] for o in c.get("options", [])] for c in discord.world.commands}
    assert registered == PROMISED
    required = {o["name"] for c in discord.world.commands for o in c.get("options", []) if o.get("required")}
    assert required == {"query", "question", "name", "item"}, "what a command is nothing without"
    assert all(o["description"] for c in discord.world.commands for o in c.get("options", []))
    assert [g.id for g in client.guilds] == [GUILD]


async def test_registers_its_commands_once_until_they_change(
    discord: Discord, online: Online, monkeypatch: pytest.MonkeyPatch
) -> None:
    def registrations() -> int:
        return len(discord.sent("PUT", r"/applications/\d+/commands"))

    first = await online()
    assert registrations() == 1
    await first.leave()
    await online()
    assert registrations() == 1
    monkeypatch.setattr(module.status.status, "description", "Another description")
    await online()
    assert registrations() == 2


async def test_a_refused_token_is_a_configuration_error_that_names_the_variable(
    archive: Archive, discord: Discord
) -> None:
    client = Despatch(desk_for(archive, discord_url=discord.url))
    with pytest.raises(ConfigurationError, match="DISCORD_TOKEN"):
        await client.stay("wrong")
    await client.leave()


async def test_comes_up_once_discord_can_be_reached(
    archive: Archive, unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FIRST_WAIT", 0.1)
    client = Despatch(desk_for(archive, discord_url=f"http://127.0.0.1:{unused_tcp_port}/api/v10"))
    async with staying(client, Discord().token) as task:
        await asyncio.sleep(0.3)
        assert not task.done()
        assert not client.connected()
        async with Discord(port=unused_tcp_port) as late:
            await until(client.connected)
            assert late.identified == 1
            await client.leave()


@pytest.mark.parametrize("trouble", ["drop", "reconnect", "invalidate"])
async def test_comes_back_when_the_gateway_is_lost(discord: Discord, online: Online, trouble: str) -> None:
    client = await online()
    await discord.gateway(trouble)
    if trouble == "invalidate":
        await until(lambda: discord.identified == 2, 20)
    else:
        await until(lambda: discord.resumed == 1, 20)
    await until(client.connected)
    answer = await discord.interact(command="help")
    assert answer["messages"]


async def test_a_gateway_that_refuses_the_token_ends_the_stay(discord: Discord, archive: Archive) -> None:
    client = Despatch(desk_for(archive, discord_url=discord.url))
    task = asyncio.create_task(client.stay(discord.token))
    await until(client.connected)
    await discord.gateway("close", 4004)
    with pytest.raises(ConfigurationError, match="DISCORD_TOKEN"):
        await asyncio.wait_for(task, 5)
    await client.leave()


async def test_leaving_closes_the_gateway_at_once(discord: Discord, online: Online) -> None:
    client = await online()
    async with asyncio.timeout(2):
        await client.leave()
    assert client.is_closed()
    assert not client.connected()


async def test_a_server_that_removes_the_bot_is_forgotten(discord: Discord, online: Online, archive: Archive) -> None:
    await online()
    for guild, channel in ((GUILD, HANSARD), (77, 78)):
        await subscribe(archive, guild_id=guild, channel_id=channel, topic="prevent", by=1, now=NOW)
    await discord.gateway("remove")
    async with asyncio.timeout(5):
        while await subscriptions_of(archive, guild_id=GUILD):
            await asyncio.sleep(0.02)
    assert [s.guild_id for s in await subscriptions_of(archive)] == [77]


async def test_a_server_that_removed_the_bot_while_it_was_away_is_forgotten_and_an_unreachable_one_is_not(
    discord: Discord, online: Online, archive: Archive
) -> None:
    for guild, channel in ((GUILD, HANSARD), (77, 78), (88, 89), (None, 90)):
        await subscribe(archive, guild_id=guild, channel_id=channel, topic="prevent", by=1, now=NOW)
    discord.fail("GET", "/guilds/88", 404)
    await online()
    async with asyncio.timeout(5):
        while await subscriptions_of(archive, guild_id=77):
            await asyncio.sleep(0.02)
    await until(lambda: len(discord.sent("GET", r"/guilds/\d+")) == 2)
    await asyncio.sleep(0.1)
    assert [s.guild_id for s in await subscriptions_of(archive)] == [GUILD, 88, None]


async def test_a_server_that_has_only_the_commands_is_told_to_invite_the_bot(
    discord: Discord, online: Online, archive: Archive
) -> None:
    client = await online()
    await discord.gateway("remove")
    await until(lambda: not client.guilds)
    answer = await discord.interact(command="subscribe")
    assert "not a member of this server" in answer["messages"][0]["content"]
    assert await subscriptions_of(archive) == []


async def test_a_server_that_the_gateway_has_not_named_is_not_taken_for_a_stranger(
    discord: Discord, online: Online, archive: Archive
) -> None:
    client = await online()
    client._connection._remove_guild(client.guilds[0])
    discord.fail("GET", r"/guilds/\d+", 404)
    answer = await discord.interact(command="subscribe")
    assert "Subscribed" in answer["messages"][0]["content"]
    discord.fail("GET", r"/channels/\d+", 404)
    answer = await discord.interact(command="subscribe", options={"channel": QUIET})
    assert "Subscribed" in answer["messages"][0]["content"], "what cannot be found out is left to the first post"
    answer = await discord.interact(command="subscribe", options={"channel": QUIET})
    assert "Send Messages" not in answer["messages"][0]["content"], "nobody has told which permissions the bot has"
    discord.fail("GET", r"/channels/\d+", 403, 50001)
    answer = await discord.interact(command="subscribe", options={"channel": QUIET})
    assert "View Channel" in answer["messages"][0]["content"]
    assert [s.channel_id for s in await subscriptions_of(archive)] == [HANSARD, QUIET]


async def test_a_gateway_that_tells_no_limits_is_connected_to(
    discord: Discord, online: Online, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = discord._bot_gateway

    def short(*given: object) -> object:
        status, answer, headers = told(*given)
        return status, answer | {"session_start_limit": {}}, headers

    monkeypatch.setattr(discord, "_bot_gateway", short)
    assert (await online()).connected()


async def test_an_answer_that_cannot_be_read_is_an_outage_and_not_the_end(
    discord: Discord, online: Online, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FIRST_WAIT", 0.05)
    told, asked = discord._bot_gateway, []

    def unreadable_once(*given: object) -> object:
        asked.append(given)
        return (200, {"welcome": "to the hotel's network"}, {}) if len(asked) == 1 else told(*given)

    monkeypatch.setattr(discord, "_bot_gateway", unreadable_once)
    assert (await online()).connected()
    assert len(asked) > 1


async def test_an_event_that_discord_py_cannot_read_costs_a_new_session_and_not_the_bot(
    discord: Discord, online: Online, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FIRST_WAIT", 0.05)
    client, told = await online(), discord._interaction
    monkeypatch.setattr(discord, "_interaction", lambda *given: {"id": told(*given)["id"], "type": 2})
    await discord.interact(command="help", wait=0.5)
    monkeypatch.setattr(discord, "_interaction", told)
    await until(lambda: discord.identified == 2)
    await until(client.connected)
    answer = await discord.interact(command="help")
    assert answer["messages"]


async def test_commands_that_discord_refuses_do_not_keep_the_bot_away(
    discord: Discord, online: Online, logs: list[dict[str, object]]
) -> None:
    discord.fail("PUT", r"/applications/\d+/commands", 400, 50035)
    client = await online()
    assert client.connected()
    assert "commands not registered" in [line["event"] for line in logs]
    await client.leave()
    client = await online()
    assert len(discord.world.commands) == len(client.tree.get_commands())
