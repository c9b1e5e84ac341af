"""Round-ups when a wish changes, ends or pauses, and when a story that was told is corrected or withdrawn."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.archive.deliveries import SENDING, begin, due
from bot.archive.health import queue
from bot.archive.roundups import outdated, revise
from bot.archive.subscriptions import pause, resume, unsubscribe
from bot.domain import Status
from bot.pipeline.deliver import Later
from bot.pipeline.roundup import RoundUps
from tests.pipeline.rounds import EVENING, MORNING, Desk
from tests.pipeline.world import World


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


async def test_changed_from_now_to_daily_in_mid_day_nothing_is_lost_and_nothing_doubled(desk: Desk) -> None:
    await desk.world.subscribe()
    posted = await desk.keep("A", "One was said.")
    await desk.world.deliver()
    await desk.keep("A", "One was said.", "An early turn.", story=posted, news=["An early turn."])
    await desk.world.deliver()
    await desk.keep("B", "Two was said.", unripe=timedelta(minutes=30))
    await desk.at(MORNING + timedelta(minutes=10)).world.subscribe(when="daily", hour=18)
    await desk.at(MORNING + timedelta(hours=1)).world.deliver()
    assert desk.single() == ["A"], "what was owed and not posted waits for the round-up"
    await desk.keep("A", "One was said.", "A late turn.", story=posted, news=["A late turn."])
    await desk.keep("C", "Three was said.")
    await desk.at(EVENING).round_up()
    assert sorted(desk.told()[0]) == ["A: A late turn. (update)", "B: Two was said.", "C: Three was said."]
    await desk.at(EVENING + timedelta(days=1)).round_up()
    assert len(desk.told()) == 1 and desk.single() == ["A"]


async def test_changed_from_daily_to_now_what_waited_comes_at_once_and_what_was_told_does_not(desk: Desk) -> None:
    await desk.world.subscribe(when="daily", hour=18)
    await desk.keep("A", "One was said.")
    await desk.at(EVENING).round_up()
    await desk.at(EVENING + timedelta(hours=1)).keep("B", "Two was said.")
    await desk.world.subscribe(when="now")
    await desk.keep("C", "Three was said.")
    await desk.round_up()
    assert desk.single() == ["B", "C"] and desk.told() == [["A: One was said."]]
    await desk.at(EVENING + timedelta(hours=2)).world.subscribe(when="weekly")
    await desk.at(EVENING + timedelta(days=6)).round_up()
    assert len(desk.world.channel.messages) == 3


@pytest.mark.parametrize("before", [True, False], ids=["news before the change", "news after it"])
async def test_news_of_what_a_round_up_told_has_a_message_of_its_own_once_each_story_comes_alone(
    desk: Desk, before: bool
) -> None:
    await desk.world.subscribe(when="daily", hour=18)
    story = await desk.keep("A", "One was said.")
    await desk.keep("B", "Two was said.")
    await desk.at(EVENING).round_up()
    steps = [
        lambda: desk.keep("A", "One was said.", "It was decided.", story=story, news=["It was decided."]),
        lambda: desk.world.subscribe(when="now"),
    ]
    for step in steps if before else reversed(steps):
        await step()
        await desk.round_up()
    assert desk.single() == ["A"]
    for _ in range(2):
        await desk.keep("A", "One was said.", "It was decided, again.", story=story, news=["It was decided, again."])
        await desk.round_up()
    assert desk.single() == ["A"] and desk.told() == [["A: One was said.", "B: Two was said."]]


async def test_another_hour_moves_the_next_round_up_and_loses_nothing(desk: Desk) -> None:
    await desk.world.subscribe(when="daily", hour=18)
    await desk.keep("A", "One was said.")
    changed = await desk.at(EVENING - timedelta(hours=1)).world.subscribe(hour=8)
    assert changed.next_at == datetime(2025, 2, 13, 8, 0, tzinfo=UTC)
    await desk.at(EVENING).round_up()
    assert desk.told() == []
    await desk.at(changed.next_at).round_up()
    assert desk.told() == [["A: One was said."]]


async def test_subscribed_again_it_has_todays_stories_but_for_those_that_it_had(desk: Desk) -> None:
    await desk.world.subscribe()
    await desk.keep("A", "One was said.")
    await desk.world.deliver()
    await unsubscribe(desk.world.archive, channel_id=1)
    await desk.keep("B", "Two was said.")
    await desk.at(MORNING + timedelta(hours=1)).world.subscribe(when="daily", hour=18)
    await desk.at(EVENING).round_up()
    assert desk.told() == [["B: Two was said."]]


async def test_a_round_up_that_an_ended_subscription_was_owed_is_not_sent_and_todays_stories_are(desk: Desk) -> None:
    await desk.world.subscribe(when="daily", hour=18)
    await desk.at(EVENING - timedelta(days=1)).keep("Old", "It was said.")
    await desk.at(MORNING).keep("A", "One was said.")
    await RoundUps(desk.at(EVENING).world.archive, {}, desk.world.time).run()
    await unsubscribe(desk.world.archive, channel_id=1)
    await desk.world.subscribe(when="daily", hour=20)
    await desk.round_up()
    assert desk.told() == []
    await desk.at(EVENING + timedelta(hours=2)).round_up()
    assert desk.told() == [["A: One was said."]]


async def test_a_paused_one_is_made_up_once_when_it_is_resumed(desk: Desk) -> None:
    kept = await desk.world.subscribe(when="daily", hour=18)
    await pause(desk.world.archive, kept.id, "closed", MORNING)
    for days in range(3):
        await desk.at(MORNING + timedelta(days=days)).keep(f"Day {days}", f"It was day {days}.")
        await desk.at(EVENING + timedelta(days=days)).round_up()
    assert desk.told() == [] and (await queue(desk.world.archive)).deliveries == 0
    await resume(desk.world.archive, kept.id)
    await desk.round_up()
    assert [len(each) for each in desk.told()] == [3]


async def test_withdrawn_stories_are_left_out_before_it_is_sent_and_said_to_be_withdrawn_after(desk: Desk) -> None:
    await desk.world.subscribe(when="daily", hour=18)
    names = {name: await desk.keep(name, f"{name} was said.") for name in "ABC"}
    await desk.withdraw("A", names["A"])
    desk.world.channel.before = [Later(60, "asks to wait")]
    await desk.at(EVENING).round_up()
    async with desk.world.archive.write() as connection:  # the call never arrived
        await connection.exec_driver_sql("UPDATE deliveries SET state = 'owed', sending_since = NULL")
    await desk.withdraw("B", names["B"])
    await desk.at(EVENING + timedelta(minutes=2)).round_up()
    assert desk.told() == [["C: C was said."]]
    await desk.withdraw("C", names["C"])
    await desk.round_up()
    assert desk.told() == [["C: Withdrawn."]]
    await desk.keep("C", "C was said after all.", story=names["C"])
    await desk.round_up()
    assert desk.told() == [["C: C was said after all."]]


async def test_one_that_is_being_sent_is_set_right_afterwards(desk: Desk) -> None:
    """Discord answers a used nonce with what the first call carried: until that is known nothing may change."""
    await desk.world.subscribe(when="daily", hour=18)
    story = await desk.keep("A", "17 were told.")
    await RoundUps(desk.at(EVENING).world.archive, {}, desk.world.time).run()
    await desk.keep("A", "71 were told.", story=story)
    [old] = await outdated(desk.world.archive)
    [row] = (await due(desk.world.archive, EVENING)).due
    assert await begin(desk.world.archive, row, SENDING, None, EVENING)
    assert not await revise(desk.world.archive, old, old.roundup, (), EVENING)
    assert await outdated(desk.world.archive) == []
    await desk.at(EVENING + timedelta(minutes=1)).round_up()
    assert desk.told() == [["A: 17 were told."]]
    await desk.round_up()
    assert desk.told() == [["A: 71 were told."]] and desk.world.channel.calls == ["send", "edit"]


async def test_one_of_which_nothing_is_left_is_not_sent(desk: Desk) -> None:
    await desk.world.subscribe(when="daily", hour=18)
    story = await desk.keep("A", "One was said.")
    await RoundUps(desk.at(EVENING).world.archive, {}, desk.world.time).run()
    await desk.withdraw("A", story)
    await desk.round_up()
    assert desk.world.channel.calls == []
    await desk.keep("A", "One was said after all.", story=story)
    await desk.at(EVENING + timedelta(days=1)).round_up()
    assert desk.told() == [["A: One was said after all."]]


async def test_a_line_that_is_corrected_is_corrected_where_it_stands_and_a_draft_becomes_settled(desk: Desk) -> None:
    await desk.world.subscribe(when="daily", hour=18)
    story = await desk.keep("A", "17 were told.", status=Status.DRAFT)
    await desk.at(EVENING).round_up()
    assert desk.told() == [["A: 17 were told. (draft)"]]
    await desk.keep("A", "71 were told.", story=story)
    await desk.round_up()
    assert desk.told() == [["A: 71 were told."]] and len(desk.world.channel.messages) == 1
    await desk.at(EVENING + timedelta(days=1)).round_up()
    assert len(desk.world.channel.messages) == 1, "a correction is no news"
