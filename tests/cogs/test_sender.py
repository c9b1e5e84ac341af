"""Posting: once whatever fails, edited when the story moves on, and Discord's refusals in the pipeline's words."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.archive.engine import Archive
from bot.cogs import sender as module
from bot.cogs.client import Despatch
from bot.cogs.sender import DiscordSender
from bot.domain import Digest, Point, Status
from bot.pipeline.deliver import ChannelClosed, Later, MessageGone, Outcome, Refused, Sender
from tests.cogs.conftest import Online, desk_for
from tests.cogs.samples import DEBATE, digest, keep, sentence
from tests.standins import discord_rest
from tests.standins.discord import Discord
from tests.standins.discord_world import DM, GUILD, HANSARD, QUIET

NONCE = "0123456789abcdef012345"
POST, EDIT = r"/channels/\d+/messages", r"/channels/\d+/messages/\d+"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
async def client(online: Online) -> Despatch:
    return await online()


@pytest.fixture
async def sender(client: Despatch) -> AsyncIterator[Sender]:
    yield client.sender


def long(count: int) -> Digest:
    """A digest of `count` speakers with a long line each: 15 and more need a second message."""
    words = "The Minister said that the programme would be reviewed. " * 6
    points = tuple(Point(f"Member {n}", "Lab", None, (sentence(words),)) for n in range(count))
    return digest(points=points)


def again(client: Despatch) -> DiscordSender:
    """The sender of a process that has just been started: it remembers nothing."""
    return DiscordSender(client, lambda: True)


async def test_a_digest_is_one_message_with_mentions_off_and_an_enforced_nonce(
    sender: Sender, discord: Discord
) -> None:
    (made,) = await sender.send(HANSARD, GUILD, digest(), NONCE)
    (message,) = discord.messages()
    assert int(message["id"]) == made
    (request,) = discord.sent("POST", POST)
    assert request["json"]["allowed_mentions"] == {"parse": []}
    assert request["json"]["nonce"] == f"{NONCE}1"
    assert request["json"]["enforce_nonce"] is True
    assert message["embeds"][0]["url"] == DEBATE
    button = message["components"][0]["components"][0]
    assert (button["label"], button["url"]) == ("Full debate", DEBATE)


async def test_a_direct_message_channel_is_posted_to_without_a_server(sender: Sender, discord: Discord) -> None:
    assert len(await sender.send(DM, None, digest(), NONCE)) == 1
    assert len(discord.messages(DM)) == 1


async def test_a_repeat_in_another_process_makes_no_second_message(
    client: Despatch, sender: Sender, discord: Discord
) -> None:
    first = await sender.send(HANSARD, GUILD, digest(), NONCE)
    assert await again(client).send(HANSARD, GUILD, digest(), NONCE) == first
    assert len(discord.messages()) == 1
    assert discord.sent("PATCH", EDIT) == []


async def test_a_repeat_that_brings_back_an_older_text_is_edited(
    client: Despatch, sender: Sender, discord: Discord
) -> None:
    first = await sender.send(HANSARD, GUILD, digest(), NONCE)
    newer = digest(status=Status.SETTLED, headline="Prevent: Review published")
    assert await again(client).send(HANSARD, GUILD, newer, NONCE) == first
    assert discord.messages()[0]["embeds"][0]["title"] == "Prevent: Review published"


async def test_a_repeat_in_the_same_process_needs_no_nonce_window(sender: Sender, discord: Discord) -> None:
    first = await sender.send(HANSARD, GUILD, digest(), NONCE)
    discord.forget(nonces=True)
    assert await sender.send(HANSARD, GUILD, digest(), NONCE) == first
    assert len(discord.messages()) == 1


async def test_an_error_after_the_message_was_made_does_not_double_it(sender: Sender, discord: Discord) -> None:
    discord.fail("POST", POST, 500, after=True)
    await sender.send(HANSARD, GUILD, digest(), NONCE)
    assert len(discord.sent("POST", POST)) == 2
    assert len(discord.messages()) == 1


async def test_a_cut_connection_is_tried_again_later_with_one_message_in_the_end(
    sender: Sender, discord: Discord
) -> None:
    discord.fail("POST", POST, 0, after=True, drop=True, times=2)
    with pytest.raises(Later):
        await sender.send(HANSARD, GUILD, digest(), NONCE)
    discord.heal()
    await sender.send(HANSARD, GUILD, digest(), NONCE)
    assert len(discord.messages()) == 1


async def test_a_long_digest_continues_in_a_second_message(sender: Sender, discord: Discord) -> None:
    made = await sender.send(HANSARD, GUILD, long(24), NONCE)
    assert [int(m["id"]) for m in discord.messages()] == list(made)
    assert [r["json"]["nonce"] for r in discord.sent("POST", POST)] == [f"{NONCE}1", f"{NONCE}2"]


async def test_an_edit_shows_the_newer_text_in_the_same_message(sender: Sender, discord: Discord) -> None:
    made = await sender.send(HANSARD, GUILD, digest(), NONCE)
    assert await sender.edit(HANSARD, GUILD, made, digest(headline="Corrected"), NONCE) == made
    (message,) = discord.messages()
    assert message["embeds"][0]["title"] == "Corrected"
    assert message["components"][0]["components"][0]["label"] == "Full debate"


async def test_an_edit_adds_the_part_that_a_grown_digest_needs_and_deletes_it_again(
    sender: Sender, discord: Discord
) -> None:
    made = await sender.send(HANSARD, GUILD, digest(), NONCE)
    grown = await sender.edit(HANSARD, GUILD, made, long(24), NONCE)
    assert len(grown) == len(discord.messages()) == 2
    assert grown[0] == made[0]
    assert await sender.edit(HANSARD, GUILD, grown, digest(), NONCE) == made
    assert [int(m["id"]) for m in discord.messages()] == list(made)


async def test_a_deleted_message_is_reported_gone_and_not_posted_again(sender: Sender, discord: Discord) -> None:
    made = await sender.send(HANSARD, GUILD, digest(), NONCE)
    discord.forget(message=made[0])
    with pytest.raises(MessageGone):
        await sender.edit(HANSARD, GUILD, made, digest(headline="Corrected"), NONCE)
    assert discord.messages() == []


async def test_a_deleted_second_part_stays_deleted(sender: Sender, discord: Discord) -> None:
    made = await sender.send(HANSARD, GUILD, long(24), NONCE)
    discord.forget(message=made[1])
    assert await sender.edit(HANSARD, GUILD, made, long(25), NONCE) == made
    assert [int(m["id"]) for m in discord.messages()] == [made[0]]


async def test_a_used_nonce_whose_message_was_deleted_is_gone_not_a_closed_channel(
    client: Despatch, sender: Sender, discord: Discord
) -> None:
    (made,) = await sender.send(HANSARD, GUILD, digest(), NONCE)
    discord.forget(message=made)
    with pytest.raises(MessageGone):
        await again(client).send(HANSARD, GUILD, digest(), NONCE)


async def test_finds_its_own_messages_on_a_story_and_no_others(sender: Sender, discord: Discord) -> None:
    other = digest("other", url="https://hansard.parliament.uk/lords/2025-02-13/debates/OTHER/Other")
    await sender.send(HANSARD, GUILD, other, "other-nonce")
    made = await sender.send(HANSARD, GUILD, long(24), NONCE)
    foreign = dict(discord.messages()[-1], id="900000000000000999", author={"id": "5", "username": "x"})
    discord.messages().append(foreign | {"author": discord.world.bot() | {"id": "5"}})
    assert await sender.find(HANSARD, GUILD, long(24), LONG_AGO) == made
    assert await sender.find(HANSARD, GUILD, long(24), datetime.now(UTC) + timedelta(minutes=1)) == ()


async def test_finds_a_story_without_a_link_by_its_headline(sender: Sender) -> None:
    bare = digest(url=None, headline="A question without an address")
    made = await sender.send(HANSARD, GUILD, bare, NONCE)
    assert await sender.find(HANSARD, GUILD, bare, LONG_AGO) == made
    assert await sender.find(HANSARD, GUILD, digest(url=None, headline="Another"), LONG_AGO) == ()


@pytest.mark.parametrize(("status", "code"), [(403, 50013), (404, 0), (405, 0), (501, 0)])
async def test_a_history_that_cannot_be_read_shows_nothing_and_closes_no_channel(
    sender: Sender, discord: Discord, status: int, code: int
) -> None:
    await sender.send(HANSARD, GUILD, digest(), NONCE)
    discord.fail("GET", POST, status, code)
    assert await sender.find(HANSARD, GUILD, digest(), LONG_AGO) == ()


@pytest.mark.parametrize(
    ("status", "code", "outcome"),
    [(403, 50001, ChannelClosed), (404, 10003, ChannelClosed), (403, 0, Later), (503, 0, Later)],
)
async def test_a_channel_out_of_sight_or_an_outage_is_no_empty_history(
    sender: Sender, discord: Discord, status: int, code: int, outcome: type[Outcome]
) -> None:
    discord.fail("GET", POST, status, code)
    with pytest.raises(outcome):
        await sender.find(HANSARD, GUILD, digest(), LONG_AGO)


async def test_an_answer_published_by_hand_is_not_taken_for_a_delivery(
    sender: Sender, discord: Discord, archive: Archive
) -> None:
    await keep(archive, digest())
    shown = await discord.interact(command="digest")
    await discord.interact(custom_id="post:1", message=shown["messages"][0]["id"])
    assert discord.messages()[0]["embeds"][0]["url"] == DEBATE
    assert await sender.find(HANSARD, GUILD, digest(), LONG_AGO) == ()


@pytest.mark.parametrize(
    ("status", "code", "outcome"),
    [
        (404, 10003, ChannelClosed),
        (404, 10004, ChannelClosed),
        (403, 50001, ChannelClosed),
        (403, 50013, ChannelClosed),
        (403, 50007, ChannelClosed),
        (403, 160005, ChannelClosed),
        (403, 99999, ChannelClosed),
        (404, 10008, MessageGone),
        (400, 50035, Refused),
        (400, 50006, Refused),
        (400, 200000, Refused),
        (400, 240000, Refused),
        (400, 20028, Later),
        (400, 30046, Later),
        (401, 0, Later),
        (403, 0, Later),
        (503, 0, Later),
    ],
)
async def test_each_refusal_becomes_what_the_pipeline_does_about_it(
    sender: Sender, discord: Discord, status: int, code: int, outcome: type[Outcome]
) -> None:
    discord.fail("POST", POST, status, code)
    with pytest.raises(outcome) as caught:
        await sender.send(HANSARD, GUILD, digest(), NONCE)
    assert caught.value.reason
    assert discord.messages() == []


async def test_a_channel_that_forbids_posting_is_closed(sender: Sender) -> None:
    with pytest.raises(ChannelClosed, match="may not post"):
        await sender.send(QUIET, GUILD, digest(), NONCE)
    with pytest.raises(ChannelClosed, match="gone"):
        await sender.send(12345, GUILD, digest(), NONCE)


async def test_an_archived_thread_is_opened_for_an_edit(sender: Sender, discord: Discord) -> None:
    made = await sender.send(HANSARD, GUILD, digest(), NONCE)
    discord.fail("PATCH", EDIT, 400, 50083)
    assert await sender.edit(HANSARD, GUILD, made, digest(headline="Corrected"), NONCE) == made
    (reopened,) = discord.sent("PATCH", r"/channels/\d+")
    assert reopened["json"] == {"archived": False}
    assert discord.messages()[0]["embeds"][0]["title"] == "Corrected"


async def test_a_request_that_takes_too_long_is_tried_later(
    sender: Sender, discord: Discord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TIMEOUT", 0.5)
    discord.fail("POST", POST, 500, times=9)
    with pytest.raises(Later):
        await sender.send(HANSARD, GUILD, digest(), NONCE)


async def test_more_than_the_channel_takes_at_once_waits_and_is_never_refused(sender: Sender, discord: Discord) -> None:
    for number in range(6):
        await sender.send(HANSARD, GUILD, digest(str(number)), f"{NONCE[:-1]}{number}")
    assert len(discord.messages()) == 6
    assert {r["status"] for r in discord.sent("POST", POST)} == {200}


async def test_a_limit_behind_a_proxy_that_takes_its_mark_away_is_waited_for_as_long_as_discord_asks(
    sender: Sender, discord: Discord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discord_rest, "VIA", {})
    discord._windows[HANSARD] = deque([time.monotonic()] * discord_rest.LIMIT)
    with pytest.raises(Later) as caught:
        await sender.send(HANSARD, GUILD, digest(), NONCE)
    assert caught.value.seconds <= discord_rest.WINDOW


async def test_a_limit_that_is_not_discords_own_is_a_ban_and_kept_away_from(
    sender: Sender, discord: Discord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discord_rest, "VIA", {})
    discord.fail("POST", POST, 429)
    with pytest.raises(Later) as caught:
        await sender.send(HANSARD, GUILD, digest(), NONCE)
    assert caught.value.seconds >= 300


async def test_before_log_in_everything_is_for_later(archive: Archive) -> None:
    with pytest.raises(Later):
        await Despatch(desk_for(archive)).sender.send(HANSARD, GUILD, digest(), NONCE)
