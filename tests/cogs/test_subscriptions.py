"""/subscribe, /unsubscribe, /subscriptions as people use them, refusals included."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

import discord
import pytest
import simcord
from simcord import Env
from sqlalchemy import text

from bot.archive.deliveries import due
from bot.archive.engine import Archive
from bot.archive.subscriptions import pause, subscriptions_of
from bot.cogs.client import Despatch
from bot.cogs.subscriptions import Change, subscribe
from bot.domain import LONDON
from tests.cogs.conftest import desk_for
from tests.cogs.samples import NOW, digest, keep

pytestmark = pytest.mark.simcord(shard_count=1)


@dataclass
class Room:
    """A server with #hansard, one who manages it and one who does not."""

    env: Env
    guild: simcord.GuildHandle
    channel: simcord.ChannelHandle
    clerk: simcord.MemberActor
    visitor: simcord.MemberActor


@pytest.fixture
async def room(simcord_env: Env) -> AsyncIterator[Room]:
    guild = simcord_env.create_guild()
    channel = guild.create_text_channel("hansard")
    manager = guild.create_role("clerks", permissions=discord.Permissions(manage_guild=True))
    clerk = guild.add_member(simcord_env.create_user("clerk"), roles=[manager])
    visitor = guild.add_member(simcord_env.create_user("visitor"))
    # A server's administrators may show a command to anybody; the check in code must hold all the same.
    for command in await simcord_env.bot.tree.fetch_commands():
        guild.set_command_permissions(command.id, {visitor: True, clerk: True})
    yield Room(simcord_env, guild, channel, clerk, visitor)


def private(result: simcord.InteractionResult) -> str:
    """The answer's text, having checked that nobody else sees any part of it."""
    assert result.acknowledged
    assert result.ephemeral
    assert result.response is not None
    assert result.response.ephemeral
    assert all(f.ephemeral for f in result.followups)
    return "\n".join([result.response.content, *(f.content for f in result.followups)])


async def test_bare_it_subscribes_this_channel_and_is_committed_when_it_answers(room: Room, archive: Archive) -> None:
    answer = private(await room.clerk.slash(room.channel, "subscribe"))
    assert f"<#{room.channel.id}>" in answer
    assert "the Prevent programme" in answer
    (kept,) = await subscriptions_of(archive, channel_id=room.channel.id)
    assert (kept.guild_id, kept.topic, kept.when) == (room.guild.id, "prevent", "now")


async def test_a_new_subscription_is_owed_todays_story(room: Room, archive: Archive) -> None:
    story = await keep(archive, digest(date=datetime.now(UTC).date()), now=datetime.now(UTC))
    await room.clerk.slash(room.channel, "subscribe")
    (owed,) = (await due(archive, datetime.now(UTC))).due
    assert (owed.story_id, owed.channel_id) == (story, room.channel.id)


async def test_another_channel_and_topic_can_be_named(room: Room, archive: Archive) -> None:
    other = room.guild.create_text_channel("asylum")
    answer = private(await room.clerk.slash(room.channel, "subscribe", channel=other, topic="Asylum", when="now"))
    assert f"<#{other.id}>" in answer
    (kept,) = await subscriptions_of(archive)
    assert (kept.channel_id, kept.topic) == (other.id, "asylum")


async def test_subscribing_twice_says_so_and_keeps_one(room: Room, archive: Archive) -> None:
    await room.clerk.slash(room.channel, "subscribe")
    assert "already" in private(await room.clerk.slash(room.channel, "subscribe"))
    assert len(await subscriptions_of(archive)) == 1


@pytest.mark.parametrize(
    ("options", "kept", "said"),
    [
        ({"when": "daily"}, ("daily", 8), "daily at 08:00 (London time), first on "),
        ({"when": "daily", "hour": 18}, ("daily", 18), "daily at 18:00 (London time)"),
        ({"when": "weekly", "hour": 0}, ("weekly", 0), "weekly, on Mondays at 00:00 (London time), first on Monday"),
        ({"hour": 23}, ("daily", 23), "daily at 23:00 (London time)"),
    ],
)
async def test_round_ups_are_chosen_with_their_hour_and_the_answer_says_when_the_first_comes(
    room: Room, archive: Archive, options: dict[str, object], kept: tuple[str, int], said: str
) -> None:
    answer = private(await room.clerk.slash(room.channel, "subscribe", **options))
    assert said in answer and "nothing new posts nothing" in answer
    (found,) = await subscriptions_of(archive)
    assert (found.when, found.hour) == kept
    assert found.next_at is not None and found.next_at.astimezone(LONDON).hour == kept[1]
    listed = private(await room.clerk.slash(room.channel, "subscriptions"))
    assert said.split(",", maxsplit=1)[0] in listed


async def test_an_hour_with_now_is_refused_and_one_outside_the_day_cannot_be_given(
    room: Room, archive: Archive
) -> None:
    answer = private(await room.clerk.slash(room.channel, "subscribe", when="now", hour=9))
    assert "daily or weekly" in answer
    assert await subscriptions_of(archive) == []
    [hour] = [each for each in subscribe.to_dict(room.env.bot.tree)["options"] if each["name"] == "hour"]
    assert (hour["min_value"], hour["max_value"]) == (0, 23)


async def test_another_when_changes_it_and_says_what_changed_and_none_changes_nothing(
    room: Room, archive: Archive
) -> None:
    await room.clerk.slash(room.channel, "subscribe")
    changed = private(await room.clerk.slash(room.channel, "subscribe", when="weekly", hour=7))
    assert "was told of the Prevent programme as it comes" in changed
    assert "weekly, on Mondays at 07:00" in changed and "The next round-up comes on Monday" in changed
    assert "already" in private(await room.clerk.slash(room.channel, "subscribe"))
    assert "daily at 07:00" in private(await room.clerk.slash(room.channel, "subscribe", when="daily"))
    assert "daily at 21:00" in private(await room.clerk.slash(room.channel, "subscribe", hour=21))
    back = private(await room.clerk.slash(room.channel, "subscribe", when="now"))
    assert "was told of the Prevent programme daily at 21:00" in back and "at once" in back
    (kept,) = await subscriptions_of(archive)
    assert (kept.when, kept.hour, kept.next_at) == ("now", None, None)


@pytest.mark.parametrize("command", ["subscribe", "unsubscribe", "subscriptions"])
async def test_without_manage_server_it_is_refused_by_name(room: Room, archive: Archive, command: str) -> None:
    assert "Manage Server" in private(await room.visitor.slash(room.channel, command))
    assert await subscriptions_of(archive) == []


@pytest.mark.parametrize(
    ("permission", "words"),
    [("send_messages", "Send Messages"), ("embed_links", "Embed Links"), ("view_channel", "View Channel")],
)
async def test_a_permission_that_the_bot_lacks_in_the_target_is_named_and_nothing_is_kept(
    room: Room, archive: Archive, permission: str, words: str
) -> None:
    denied = {room.guild.me: discord.PermissionOverwrite(**{permission: False})}
    closed = room.guild.create_text_channel("closed", overwrites=denied)
    answer = private(await room.clerk.slash(room.channel, "subscribe", channel=closed))
    assert words in answer
    assert f"<#{closed.id}>" in answer
    assert await subscriptions_of(archive) == []


async def test_a_permission_that_the_bot_lacks_here_is_named(room: Room, archive: Archive) -> None:
    denied = {room.guild.me: discord.PermissionOverwrite(send_messages=False)}
    closed = room.guild.create_text_channel("closed", overwrites=denied)
    assert "Send Messages" in private(await room.clerk.slash(closed, "subscribe"))
    assert await subscriptions_of(archive) == []


async def test_an_unknown_topic_is_refused_with_those_that_are_followed(room: Room, archive: Archive) -> None:
    answer = private(await room.clerk.slash(room.channel, "subscribe", topic="@everyone [x](http://evil.example)"))
    assert "I do not follow" in answer
    assert "prevent, asylum" in answer
    assert "@everyone" not in answer
    assert "http://" not in answer
    assert await subscriptions_of(archive) == []


async def test_topics_complete_as_one_types(room: Room) -> None:
    offered = await room.clerk.autocomplete(room.channel, "subscribe", "topic", "PREV")
    assert offered == [{"name": "the Prevent programme", "value": "prevent"}]
    assert len(await room.clerk.autocomplete(room.channel, "unsubscribe", "topic", "")) == 2


async def test_a_direct_message_needs_no_permission(simcord_env: Env, archive: Archive) -> None:
    person = simcord_env.create_user("reader")
    answer = private(await person.slash("subscribe"))
    assert "this conversation" in answer
    (kept,) = await subscriptions_of(archive)
    assert (kept.guild_id, kept.channel_id) == (None, person.dm_channel.id)
    assert "1. this conversation" in private(await person.slash("subscriptions"))
    assert "Ended one" in private(await person.slash("unsubscribe"))
    assert await subscriptions_of(archive) == []


async def test_unsubscribe_ends_all_of_this_channel_or_the_one_named(room: Room, archive: Archive) -> None:
    for topic in ("prevent", "asylum"):
        await room.clerk.slash(room.channel, "subscribe", topic=topic)
    private(await room.clerk.slash(room.channel, "unsubscribe", topic="asylum"))
    assert [s.topic for s in await subscriptions_of(archive)] == ["prevent"]
    assert "Ended one" in private(await room.clerk.slash(room.channel, "unsubscribe"))
    assert await subscriptions_of(archive) == []
    assert "is not subscribed" in private(await room.clerk.slash(room.channel, "unsubscribe"))
    assert "is not subscribed" in private(await room.clerk.slash(room.channel, "unsubscribe", topic="fishing"))


async def test_the_list_shows_each_with_its_buttons_and_the_reason_of_a_pause(room: Room, archive: Archive) -> None:
    await room.clerk.slash(room.channel, "subscribe")
    other = room.guild.create_text_channel("other")
    await room.clerk.slash(other, "subscribe")
    first, second = await subscriptions_of(archive)
    await pause(archive, second.id, "the bot may not post in the channel", NOW)
    result = await room.clerk.slash(room.channel, "subscriptions")
    answer = private(result)
    assert f"1. <#{room.channel.id}>" in answer
    assert "**paused**" in answer
    assert "may not post" in answer
    assert result.response is not None
    labels = [b["label"] for row in result.response.components for b in row["components"]]
    assert labels == ["Remove 1", "Remove 2", "Resume 2"]
    only = private(await room.clerk.slash(room.channel, "subscriptions", channel=other))
    assert f"<#{room.channel.id}>" not in only
    assert first.paused_at is None


async def test_many_subscriptions_are_listed_over_several_answers(room: Room) -> None:
    for number in range(7):
        channel = room.guild.create_text_channel(f"c{number}")
        await room.clerk.slash(channel, "subscribe")
    result = await room.clerk.slash(room.channel, "subscriptions")
    assert "7. <#" in private(result)
    assert len(result.followups) + 1 == 2


async def test_the_buttons_work_after_a_restart(room: Room, archive: Archive) -> None:
    await room.clerk.slash(room.channel, "subscribe")
    (kept,) = await subscriptions_of(archive)
    await pause(archive, kept.id, "the channel was closed", NOW)
    listed = (await room.clerk.slash(room.channel, "subscriptions")).response
    assert listed is not None
    await room.env.restart_bot(Despatch(desk_for(archive), shard_count=1))
    assert "Resumed" in private(await room.clerk.click(listed, label="Resume 1"))
    assert [s.paused_at for s in await subscriptions_of(archive)] == [None]
    assert "Removed" in private(await room.clerk.click(listed, label="Remove 1"))
    assert await subscriptions_of(archive) == []
    assert "ended already" in private(await room.clerk.click(listed, label="Remove 1"))


async def test_resume_looks_first_whether_the_bot_may_post(room: Room, archive: Archive) -> None:
    await room.clerk.slash(room.channel, "subscribe")
    (kept,) = await subscriptions_of(archive)
    await pause(archive, kept.id, "the channel was closed", NOW)
    listed = (await room.clerk.slash(room.channel, "subscriptions")).response
    assert listed is not None
    real = room.env.bot.get_channel(room.channel.id)
    assert isinstance(real, discord.TextChannel)
    await real.set_permissions(real.guild.me, send_messages=False)
    assert "Send Messages" in private(await room.clerk.click(listed, label="Resume 1"))
    assert [s.paused_at for s in await subscriptions_of(archive)] == [NOW]


async def test_a_button_checks_manage_server_of_who_presses_it(room: Room, archive: Archive) -> None:
    await room.clerk.slash(room.channel, "subscribe")
    real = room.env.bot.get_channel(room.channel.id)
    (kept,) = await subscriptions_of(archive)
    view = discord.ui.View(timeout=None)
    view.add_item(Change(kept.id, "remove", "Remove"))
    assert isinstance(real, discord.TextChannel)
    shown = await real.send("a list that somebody else can see", view=view)
    assert "Manage Server" in private(await room.visitor.click(shown, label="Remove"))
    assert len(await subscriptions_of(archive)) == 1


async def test_a_button_reaches_no_subscription_of_another_server(room: Room, archive: Archive) -> None:
    await room.clerk.slash(room.channel, "subscribe")
    (kept,) = await subscriptions_of(archive)
    elsewhere = room.env.create_guild("Elsewhere")
    place = elsewhere.create_text_channel("general")
    manager = elsewhere.create_role("staff", permissions=discord.Permissions(manage_guild=True))
    stranger = elsewhere.add_member(room.env.create_user("stranger"), roles=[manager])
    real = room.env.bot.get_channel(place.id)
    assert isinstance(real, discord.TextChannel)
    view = discord.ui.View(timeout=None)
    view.add_item(Change(kept.id, "remove", "Remove"))
    shown = await real.send("forged", view=view)
    assert "ended already" in private(await stranger.click(shown, label="Remove"))
    assert len(await subscriptions_of(archive)) == 1


async def test_an_archive_that_fails_is_told_plainly_with_a_reference_that_the_log_has(
    room: Room, archive: Archive, logs: list[dict[str, object]]
) -> None:
    async with archive.write() as connection:
        await connection.execute(text("ALTER TABLE subscriptions RENAME TO hidden"))
    answer = private(await room.clerk.slash(room.channel, "subscribe"))
    assert "The archive does not answer" in answer
    assert str(logs[-1]["reference"]) in answer
    assert "subscriptions" not in answer
    assert "sqlite" not in answer.lower()
