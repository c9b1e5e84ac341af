"""Subscriptions: committed on return, owed today's stories, paused and not forgotten."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from bot.archive.deliveries import SENDING, begin, due
from bot.archive.health import queue
from bot.archive.subscriptions import (
    erase_guild,
    last_round,
    next_round,
    pause,
    resume,
    subscribe,
    subscriptions_of,
    unsubscribe,
)
from bot.pipeline.deliver import Later
from bot.pipeline.roundup import RoundUps
from tests.pipeline.world import DAY, NOON, World, article, debate


@pytest.fixture
async def world(tmp_path, archive):
    return World(tmp_path / "despatch.sqlite3", archive)


async def test_a_channel_is_subscribed_once_however_often_it_asks(world: World) -> None:
    asked = [
        await subscribe(world.archive, guild_id=7, channel_id=2**62, topic="prevent", by=2**61, now=NOON)
        for _ in range(2)
    ]
    assert [created for _, created in asked] == [True, False]
    assert asked[0][0] == asked[1][0] and asked[0][0].channel_id == 2**62
    assert await subscriptions_of(world.archive, channel_id=2**62) == [asked[0][0]]


async def test_asking_at_the_same_moment_makes_one(world: World) -> None:
    made = await asyncio.gather(
        *(subscribe(world.archive, guild_id=7, channel_id=1, topic="prevent", by=5, now=NOON) for _ in range(8))
    )
    assert sum(created for _, created in made) == 1
    assert len(await subscriptions_of(world.archive)) == 1


async def test_lists_are_a_guilds_or_a_channels(world: World) -> None:
    for channel, guild in ((1, 7), (2, 7), (3, 8), (4, None)):
        await world.subscribe(channel, guild)
    assert [each.channel_id for each in await subscriptions_of(world.archive, guild_id=7)] == [1, 2]
    assert [each.guild_id for each in await subscriptions_of(world.archive, channel_id=4)] == [None]
    assert len(await subscriptions_of(world.archive)) == 4


async def test_a_new_subscription_is_owed_todays_stories_in_order_and_no_older_ones(world: World) -> None:
    await world.read(debate("Old", settled=True, id="A", day=DAY - timedelta(days=1)))
    await world.digest()
    world.time.pass_(days=1)
    await world.read(debate("First", settled=True, id="B"), debate("Second", settled=True, id="C"))
    await world.digest()
    await world.subscribe()
    await world.read(debate("Third", "Prevent three.", settled=True, id="D"))
    await world.digest()
    await world.deliver()
    assert [digest.title for _, digest in world.channel.messages.values()] == ["First", "Second", "Third"]


async def test_today_is_londons_day(world: World) -> None:
    """23:30 UTC on 30 June is 1 July in London: a story of that hour is today's an hour later, not one of June's."""
    world.time.at = NOON.replace(month=6, day=30, hour=22, minute=30)
    await world.read(article("June", day=None))
    await world.digest()
    world.time.pass_(hours=1)
    await world.read(article("July", day=None, id="https://news.example/2"))
    await world.digest()
    world.time.pass_(hours=1)
    await world.subscribe()
    await world.deliver()
    assert [digest.title for _, digest in world.channel.messages.values()] == ["July"]


async def test_todays_debate_digested_before_midnight_yesterday_is_owed_by_its_date(world: World) -> None:
    world.time.at = NOON - timedelta(days=1)
    await world.read(debate(settled=True))
    await world.digest()
    world.time.at = NOON
    await world.subscribe()
    await world.deliver()
    assert len(world.channel.messages) == 1


async def test_one_who_subscribes_again_is_not_sent_a_story_twice(world: World) -> None:
    await world.subscribe()
    await world.read(debate(settled=True))
    await world.digest()
    await world.deliver()
    assert await unsubscribe(world.archive, channel_id=1, topic="prevent") == 1
    assert await unsubscribe(world.archive, channel_id=1) == 0
    assert await subscriptions_of(world.archive, channel_id=1) == []
    world.time.pass_(hours=1)
    await world.subscribe()
    await world.deliver()
    assert world.channel.calls == ["send"]


async def test_one_who_subscribes_again_is_not_sent_what_was_owed_long_ago(world: World) -> None:
    await world.subscribe()
    await world.read(debate("Old", settled=True, id="A"))
    await world.digest()
    await unsubscribe(world.archive, channel_id=1)
    world.time.pass_(days=3)
    await world.read(debate("New", "Prevent new.", settled=True, id="B", day=DAY + timedelta(days=3)))
    await world.digest()
    await world.subscribe()
    await world.deliver()
    assert [digest.title for _, digest in world.channel.messages.values()] == ["New"]


@pytest.mark.parametrize("days", [0, 3])
async def test_a_call_in_doubt_when_it_ended_is_looked_for_on_the_day_and_forgotten_later(
    world: World, days: int
) -> None:
    await world.subscribe()
    await world.read(debate("Old", settled=True, id="A"))
    await world.digest()
    world.channel.after = [Later(1, "connection lost")]
    await world.deliver()
    await unsubscribe(world.archive, channel_id=1)
    world.time.pass_(days=days, minutes=10)
    await world.subscribe()
    await world.deliver()
    assert len(world.channel.messages) == 1
    assert world.channel.calls == (["send"] if days else ["send", "find", "edit"])


async def test_what_is_owed_to_an_ended_or_a_paused_subscription_waits_for_no_stage(world: World) -> None:
    for channel in (1, 2, 3):
        await world.subscribe(channel)
    await world.read(debate(settled=True))
    await world.digest()
    assert (await queue(world.archive)).deliveries == 3
    await unsubscribe(world.archive, channel_id=1)
    [second] = await subscriptions_of(world.archive, channel_id=2)
    await pause(world.archive, second.id, "gone", world.time())
    assert (await queue(world.archive)).deliveries == 1


async def test_ended_or_paused_while_a_round_is_under_way_it_is_sent_no_more(world: World) -> None:
    for channel in (1, 2, 3):
        await world.subscribe(channel)
    await world.read(debate(settled=True))
    await world.digest()
    under_way = (await due(world.archive, world.time())).due
    await unsubscribe(world.archive, channel_id=1)
    [second] = await subscriptions_of(world.archive, channel_id=2)
    await pause(world.archive, second.id, "gone", world.time())
    begun = [await begin(world.archive, row, SENDING, row.digest_id, world.time()) for row in under_way]
    assert begun == [False, False, True]


async def test_an_ended_subscription_is_sent_nothing_more(world: World) -> None:
    await world.subscribe()
    await world.read(debate(settled=True))
    await world.digest()
    await unsubscribe(world.archive, channel_id=1)
    await world.deliver()
    assert world.channel.messages == {}


async def test_a_paused_one_waits_and_receives_what_was_owed_when_resumed(world: World) -> None:
    subscription = await world.subscribe()
    await pause(world.archive, subscription.id, "the channel is gone", NOON)
    await world.read(debate(settled=True))
    await world.digest()
    assert (await world.deliver()).posted == 0
    [paused] = await subscriptions_of(world.archive, channel_id=1)
    assert (paused.paused_at, paused.paused_reason) == (NOON, "the channel is gone")
    await resume(world.archive, subscription.id)
    assert (await world.deliver()).posted == 1


async def test_subscribing_again_resumes_a_paused_one(world: World) -> None:
    subscription = await world.subscribe()
    await pause(world.archive, subscription.id, "closed", NOON)
    again = await world.subscribe()
    assert again.paused_at is None and again.id == subscription.id


async def test_a_guild_that_the_bot_left_leaves_nothing_behind(world: World) -> None:
    await world.subscribe(1, 7)
    await world.subscribe(2, 8)
    await world.read(debate(settled=True))
    await world.digest()
    assert await erase_guild(world.archive, 7) == 1
    await world.deliver()
    assert [where for where, _ in world.channel.messages.values()] == [2]


@pytest.mark.parametrize(
    ("when", "hour", "after", "expected"),
    [
        ("daily", 8, "2025-02-12T07:59", "2025-02-12T08:00"),
        ("daily", 8, "2025-02-12T08:00", "2025-02-13T08:00"),
        ("daily", 0, "2025-02-12T12:00", "2025-02-13T00:00"),
        ("daily", 0, "2025-07-01T22:59", "2025-07-01T23:00"),
        ("daily", 8, "2025-03-29T12:00", "2025-03-30T07:00"),
        ("daily", 8, "2025-10-25T12:00", "2025-10-26T08:00"),
        ("daily", 1, "2025-03-29T12:00", "2025-03-30T01:00"),
        ("daily", 1, "2025-10-25T12:00", "2025-10-26T00:00"),
        ("daily", 1, "2025-10-26T00:00", "2025-10-27T01:00"),
        ("weekly", 8, "2025-02-12T12:00", "2025-02-17T08:00"),
        ("weekly", 8, "2025-02-17T08:00", "2025-02-24T08:00"),
        ("weekly", 8, "2025-03-24T08:00", "2025-03-31T07:00"),
        ("weekly", 0, "2025-07-06T22:59", "2025-07-06T23:00"),
    ],
)
def test_a_round_up_is_due_at_its_hour_in_london(when: str, hour: int, after: str, expected: str) -> None:
    found = next_round(when, hour, datetime.fromisoformat(after).replace(tzinfo=UTC))
    assert found == datetime.fromisoformat(expected).replace(tzinfo=UTC)
    assert last_round(when, hour, found) == found
    assert last_round(when, hour, found - timedelta(seconds=1)) < found


async def test_what_is_left_out_of_a_wish_stays_as_it_was(world: World) -> None:
    wishes = [
        ({}, ("now", None)),
        ({"when": "daily"}, ("daily", 8)),
        ({"hour": 18}, ("daily", 18)),
        ({}, ("daily", 18)),
        ({"when": "weekly"}, ("weekly", 18)),
        ({"when": "now"}, ("now", None)),
        ({"hour": 7}, ("daily", 7)),
    ]
    for wish, expected in wishes:
        kept = await world.subscribe(**wish)
        assert (kept.when, kept.hour) == expected
        assert (kept.next_at is None) == (kept.when == "now")


async def test_a_guild_that_the_bot_left_leaves_no_round_up_behind(world: World) -> None:
    await world.subscribe(1, 7, when="daily", hour=13)
    await world.read(debate(settled=True))
    await world.digest()
    world.time.pass_(hours=1)
    await RoundUps(world.archive, {}, world.time).run()
    assert (await queue(world.archive)).deliveries == 1
    await erase_guild(world.archive, 7)
    async with world.archive.read() as connection:
        for table in ("roundups", "told", "deliveries"):
            assert await connection.scalar(text(f"SELECT count(*) FROM {table}")) == 0
