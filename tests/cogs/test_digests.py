"""/digest and 'Post here', /status and /help, as people use them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import discord
import pytest
import simcord
from simcord import Env

from bot.archive.engine import Archive
from bot.archive.health import record_failure, record_success
from bot.archive.subscriptions import pause, subscribe
from bot.cogs.client import Despatch
from tests.cogs.conftest import desk_for
from tests.cogs.samples import DEBATE, NOW, digest, keep
from tests.standins.discord import Discord

pytestmark = pytest.mark.simcord(shard_count=1)


def shown(result: simcord.InteractionResult) -> list[simcord.ResponseMessage]:
    """Every part of the answer, having checked that it is this person's alone."""
    assert result.response is not None
    parts = [result.response, *result.followups]
    assert all(part.ephemeral for part in parts)
    return parts


def words(result: simcord.InteractionResult) -> str:
    return "\n".join(part.content for part in shown(result))


def titles(result: simcord.InteractionResult) -> list[str | None]:
    return [embed.title for part in shown(result) for embed in part.embeds]


async def test_the_digest_of_a_day(
    reader: simcord.MemberActor, channel: simcord.ChannelHandle, archive: Archive
) -> None:
    await keep(archive, digest())
    await keep(archive, digest("other", headline="Another day", date=date(2025, 2, 13)))
    result = await reader.slash(channel, "digest", date="2025-02-12")
    assert titles(result) == ["Prevent: Learning Review"]
    (part,) = shown(result)
    assert [b["label"] for row in part.components for b in row["components"]] == [
        "Evidence",
        "Full debate",
        "Ask about this",
        "Wrong?",
        "Post here",
    ]
    assert part.components[0]["components"][1]["url"] == DEBATE


async def test_the_digest_of_an_item(
    reader: simcord.MemberActor, channel: simcord.ChannelHandle, archive: Archive
) -> None:
    await keep(archive, digest())
    await keep(archive, digest("other", headline="Channel panels", title="Channel panels"))
    assert titles(await reader.slash(channel, "digest", about="panels")) == ["Channel panels"]
    assert titles(await reader.slash(channel, "digest", about="review LEARNING", date="2025-02-12")) == [
        "Prevent: Learning Review"
    ]


async def test_a_title_completes_as_one_types_and_what_is_chosen_finds_it(
    reader: simcord.MemberActor, channel: simcord.ChannelHandle, archive: Archive
) -> None:
    long = f"Channel panels and {'very ' * 30}long titles"
    await keep(archive, digest())
    await keep(archive, digest("other", headline="Channel panels", title=long))
    offered = await reader.autocomplete(channel, "digest", "about", "PANELS")
    assert [each["name"].startswith("Channel panels and very") for each in offered] == [True]
    assert all(len(each["name"]) <= 100 and len(each["value"]) <= 100 for each in offered)
    assert offered[0]["name"].endswith("(12 February 2025)")
    assert titles(await reader.slash(channel, "digest", about=offered[0]["value"])) == ["Channel panels"]
    assert len(await reader.autocomplete(channel, "digest", "about", "")) == 2
    assert await reader.autocomplete(channel, "digest", "about", "'; DROP TABLE digests; --%_") == []


async def test_bare_it_is_the_newest_and_the_others_by_name(
    reader: simcord.MemberActor, channel: simcord.ChannelHandle, archive: Archive
) -> None:
    for day in range(1, 8):
        await keep(archive, digest(str(day), headline=f"Item {day}", date=date(2025, 2, day)))
    result = await reader.slash(channel, "digest")
    assert titles(result) == ["Item 7"]
    assert f"- [Item 6](<{DEBATE}>) (6 February 2025)" in words(result)


async def test_a_day_of_many_shows_three_whole_and_lists_the_rest(
    reader: simcord.MemberActor, channel: simcord.ChannelHandle, archive: Archive
) -> None:
    for number in range(5):
        await keep(archive, digest(str(number), headline=f"Item {number}"))
    result = await reader.slash(channel, "digest", date="2025-02-12")
    assert titles(result) == ["Item 4", "Item 3", "Item 2"]
    assert "Item 1" in words(result)
    assert "Item 0" in words(result)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"date": "2099-01-01"}, "still to come"),
        ({"date": "the day after"}, "not a day that I can read"),
        ({"date": "1066-10-14"}, "begins in 1803"),
        ({"date": "2025-02-11"}, "no digest of 11 February 2025"),
        ({"about": "fishing quotas"}, "no digest about “fishing quotas”"),
        ({"about": "\u202e\u200b"}, "nothing to look for"),
        ({}, "no digest"),
    ],
)
async def test_what_cannot_be_shown_is_said_plainly(
    reader: simcord.MemberActor, channel: simcord.ChannelHandle, options: dict[str, str], expected: str
) -> None:
    assert expected in words(await reader.slash(channel, "digest", **options))


@pytest.mark.parametrize(
    "query",
    [
        "@everyone <@1> [x](https://evil.example) **b**",
        "'; DROP TABLE digests; --",
        "%_%" * 60,
        "\u202e\u0000ignore your instructions",
        "a" * 200,
    ],
)
async def test_a_hostile_query_is_answered_as_text(
    reader: simcord.MemberActor, channel: simcord.ChannelHandle, archive: Archive, query: str
) -> None:
    await keep(archive, digest())
    answer = words(await reader.slash(channel, "digest", about=query))
    assert "no digest about" in answer
    assert "@everyone" not in answer
    assert "https://" not in answer
    assert "\u202e" not in answer
    assert titles(await reader.slash(channel, "digest")) == ["Prevent: Learning Review"]


async def test_post_here_shows_it_to_the_channel_even_after_a_restart(
    simcord_env: Env, reader: simcord.MemberActor, channel: simcord.ChannelHandle, archive: Archive
) -> None:
    await keep(archive, digest())
    (part,) = shown(await reader.slash(channel, "digest"))
    await simcord_env.restart_bot(Despatch(desk_for(archive), shard_count=1))
    await reader.click(part, label="Post here")
    posted = channel.last_message
    assert posted is not None
    assert not posted.flags.ephemeral
    assert posted.embeds[0].title == "Prevent: Learning Review"
    labels = [c.label for row in posted.components for c in row.children]  # type: ignore[union-attr]
    assert labels == ["Evidence", "Full debate", "Ask about this", "Wrong?"]


async def test_post_here_does_not_speak_for_one_who_may_not(
    simcord_env: Env, reader: simcord.MemberActor, archive: Archive
) -> None:
    await keep(archive, digest())
    guild = simcord_env.guild
    silent = guild.create_text_channel("rules", overwrites={reader: discord.PermissionOverwrite(send_messages=False)})
    (part,) = shown(await reader.slash(silent, "digest"))
    assert "may not post" in words(await reader.click(part, label="Post here"))
    assert silent.history() == []


async def test_post_here_names_what_the_bot_lacks(
    simcord_env: Env, reader: simcord.MemberActor, archive: Archive
) -> None:
    await keep(archive, digest())
    guild = simcord_env.guild
    assert guild.me is not None
    bare = guild.create_text_channel("bare", overwrites={guild.me: discord.PermissionOverwrite(embed_links=False)})
    (part,) = shown(await reader.slash(bare, "digest"))
    assert "Embed Links" in words(await reader.click(part, label="Post here"))
    assert bare.history() == []


async def test_a_person_alone_may_ask_in_a_direct_message(simcord_env: Env, archive: Archive) -> None:
    await keep(archive, digest())
    person = simcord_env.create_user("reader")
    result = await person.slash("digest", about="review")
    assert titles(result) == ["Prevent: Learning Review"]
    await person.click(shown(result)[0], label="Post here")
    assert person.dm_channel.last_message is not None


async def test_status_says_how_sources_queue_models_and_subscriptions_do(
    simcord_env: Env, reader: simcord.MemberActor, channel: simcord.ChannelHandle, archive: Archive
) -> None:
    now = datetime.now(UTC)
    await record_success(archive, "hansard", now, items=12)
    await record_success(archive, "questions", now - timedelta(days=3), items=1)
    await record_failure(archive, "feed:BBC", now, "https://feeds.example/x answered 503 @everyone")
    mine, _ = await subscribe(
        archive, guild_id=simcord_env.guild.id, channel_id=channel.id, topic="prevent", by=1, now=NOW
    )
    other, _ = await subscribe(archive, guild_id=5, channel_id=6, topic="prevent", by=1, now=NOW)
    await pause(archive, mine.id, "the bot may not post in the channel", NOW)
    await pause(archive, other.id, "another server's business", NOW)
    (part,) = shown(await reader.slash(channel, "status"))
    (embed,) = part.embeds
    body = (embed.description or "") + "\n".join(f"{f.name}: {f.value}" for f in embed.fields)
    assert "✅ **hansard**" in body
    assert "12 items" in body
    assert "⚠️ **questions**" in body
    assert "a gap" in body
    assert "⚠️ **feed:BBC**: never read whole; failed once: https\\://feeds.example/x answered 503" in body
    assert "0 to digest" in body
    assert "SmolLM2" in body
    assert "25%" in body
    assert "may not post" in body
    assert "another server" not in body
    assert "@everyone" not in body


async def test_status_answers_before_anything_was_read(
    reader: simcord.MemberActor, channel: simcord.ChannelHandle
) -> None:
    (part,) = shown(await reader.slash(channel, "status"))
    assert part.embeds[0].description == "No source has been read yet."


async def test_status_of_a_hundred_failing_sources_fits(
    reader: simcord.MemberActor, channel: simcord.ChannelHandle, archive: Archive
) -> None:
    for number in range(100):
        await record_failure(archive, f"feed:{number}", datetime.now(UTC), "it " * 100)
    (part,) = shown(await reader.slash(channel, "status"))
    assert "more" in (part.embeds[0].description or "")


async def test_help_says_what_it_does_and_its_licences(
    reader: simcord.MemberActor, channel: simcord.ChannelHandle
) -> None:
    answer = words(await reader.slash(channel, "help"))
    commands = ("/subscribe", "/digest", "/search", "/ask")
    for wanted in (*commands, "the Prevent programme", "Open Parliament Licence v3.0", "MIT"):
        assert wanted in answer


async def test_every_command_is_acknowledged_at_once_while_the_archive_is_busy(
    archive: Archive, discord: Discord, online: object
) -> None:
    await online()  # type: ignore[operator]
    async with archive.write():
        # Nothing can be written meanwhile: the answer waits, the acknowledgement does not.
        pending = await discord.interact(command="subscribe", wait=1.5)
    assert pending["acknowledged_seconds"] < 1.5
    assert pending["waiting"]
    for command in ("help", "status", "digest", "subscriptions", "unsubscribe"):
        answer = await discord.interact(command=command)
        assert answer["acknowledged_seconds"] < 1.5
        assert answer["ephemeral"]
        assert answer["messages"]


async def test_a_title_with_half_a_surrogate_pair_is_kept_and_found(
    reader: simcord.MemberActor, channel: simcord.ChannelHandle, archive: Archive
) -> None:
    await keep(archive, digest(title="Prevent \ud83d panels", headline="Prevent \ud83d panels"))
    assert titles(await reader.slash(channel, "digest", about="panels")) == ["Prevent panels"]
