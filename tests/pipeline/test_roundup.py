"""Round-ups: at their hour, once, and of what the channel does not know yet."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.archive.events import keep_events
from bot.archive.subscriptions import subscriptions_of
from bot.contract import roundup_from_json, roundup_json
from bot.domain import Event, Match, Roundup, Status
from bot.pipeline.deliver import Later
from bot.pipeline.roundup import PATIENCE, RoundUps, by_hand
from tests.pipeline.rounds import EVENING, MORNING, Desk
from tests.pipeline.world import DAY, Killed, World, debate


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


async def test_at_its_hour_the_days_stories_are_one_post_and_nothing_is_told_twice(desk: Desk) -> None:
    await desk.world.subscribe(when="daily", hour=18)
    await desk.keep("A", "One thing was said.", "Another was said.")
    await desk.at(EVENING - timedelta(hours=2)).keep("B", "Two was said.", status=Status.DRAFT)
    assert await desk.at(EVENING - timedelta(minutes=1)).round_up() == EVENING
    assert desk.told() == []
    assert await desk.at(EVENING).round_up() == EVENING + timedelta(days=1)
    assert desk.told() == [["A: One thing was said.", "B: Two was said. (draft)"]]
    assert desk.single() == []
    await desk.at(EVENING + timedelta(minutes=1)).round_up()
    await desk.at(EVENING + timedelta(days=1)).round_up()
    assert len(desk.told()) == 1 and desk.world.channel.calls == ["send"], "an empty day posts nothing"
    await desk.keep("C", "Three was said.")
    await desk.at(EVENING + timedelta(days=2)).round_up()
    assert desk.told()[1:] == [["C: Three was said."]]


async def test_a_weekly_one_comes_on_monday_with_the_whole_week(desk: Desk) -> None:
    await desk.world.subscribe(when="weekly")
    for days in range(5):
        await desk.at(MORNING + timedelta(days=days)).keep(f"Day {days}", f"It was day {days}.")
        await desk.round_up()
    assert desk.told() == []
    assert await desk.at(datetime(2025, 2, 17, 8, 0, tzinfo=UTC)).round_up() == datetime(2025, 2, 24, 8, tzinfo=UTC)
    assert [len(each) for each in desk.told()] == [5]
    await desk.at(datetime(2025, 2, 24, 8, 0, tzinfo=UTC)).round_up()
    assert len(desk.told()) == 1, "an empty week posts nothing"


@pytest.mark.parametrize("day", [date(2025, 3, 29), date(2025, 10, 25)], ids=["spring", "autumn"])
@pytest.mark.parametrize("hour", [0, 1, 2, 8])
async def test_when_the_clocks_change_there_is_one_a_day_all_the_same(desk: Desk, day: date, hour: int) -> None:
    moment = datetime(day.year, day.month, day.day, 12, 0, tzinfo=UTC)
    await desk.at(moment).world.subscribe(when="daily", hour=hour)
    posts: dict[date, int] = {}
    for _ in range(72):
        before = len(desk.told())
        if moment.hour % 6 == 0:
            await desk.at(moment).keep(f"{moment:%d%H}", f"It was {moment:%d %H}.")
        await desk.at(moment).round_up()
        if len(desk.told()) > before:
            posts[moment.date()] = posts.get(moment.date(), 0) + len(desk.told()) - before
        moment += timedelta(hours=1)
    assert sum(posts.values()) == 3
    told = [entry for post in desk.told() for entry in post]
    assert len(told) == len(set(told)) >= 10


async def test_a_bot_that_was_down_at_the_hour_makes_up_for_all_of_it_once(desk: Desk) -> None:
    await desk.world.subscribe(when="daily", hour=18)
    await desk.keep("A", "One was said.")
    await desk.world.restart()
    await desk.at(EVENING + timedelta(days=3, hours=5)).keep("B", "Two was said.")
    assert await desk.round_up() == EVENING + timedelta(days=4)
    await desk.round_up()
    assert desk.told() == [["B: Two was said.", "A: One was said."]]


@pytest.mark.parametrize("down", [timedelta(seconds=5), timedelta(hours=3)], ids=str)
@pytest.mark.parametrize("after", [False, True], ids=["before the call", "after the call"])
async def test_killed_while_it_is_sent_it_is_there_once(desk: Desk, down: timedelta, after: bool) -> None:
    await desk.world.subscribe(when="daily", hour=18)
    story = await desk.keep("A", "One was said.")
    (desk.world.channel.after if after else desk.world.channel.before).append(Killed())
    with pytest.raises(BaseExceptionGroup):
        await desk.at(EVENING).round_up()
    await desk.world.restart()
    await desk.at(EVENING + down).keep("A", "One was said, and more.", story=story)
    await desk.round_up()
    await desk.round_up()
    assert desk.told() == [["A: One was said, and more."]]


async def test_killed_between_keeping_and_sending_it_is_sent_after_the_restart(desk: Desk) -> None:
    await desk.world.subscribe(when="daily", hour=18)
    await desk.keep("A", "One was said.")
    await RoundUps(desk.at(EVENING).world.archive, {}, desk.world.time).run()
    await desk.world.restart()
    await desk.round_up()
    assert desk.told() == [["A: One was said."]]


async def test_a_lost_answer_makes_no_second_message(desk: Desk) -> None:
    await desk.world.subscribe(when="daily", hour=18)
    await desk.keep("A", "One was said.")
    desk.world.channel.after = [Later(5, "connection lost")]
    await desk.at(EVENING).round_up()
    await desk.at(EVENING + timedelta(hours=1)).round_up()
    assert len(desk.told()) == 1 and desk.world.channel.calls == ["send", "find", "edit"]


async def test_two_processes_make_one(desk: Desk) -> None:
    await desk.world.subscribe(when="daily", hour=18)
    await desk.keep("A", "One was said.")
    stages = [RoundUps(desk.at(EVENING).world.archive, {}, desk.world.time) for _ in range(2)]
    await asyncio.gather(*(stage.run() for stage in stages))
    await desk.world.deliver()
    assert len(desk.told()) == 1


async def test_a_story_comes_again_only_with_news_and_then_with_that_alone(desk: Desk) -> None:
    await desk.world.subscribe(when="daily", hour=18)
    story = await desk.keep("A", "One was said.")
    await desk.at(EVENING).round_up()
    await desk.at(EVENING + timedelta(hours=3)).keep("A", "One was said.", "A trifle.", story=story)
    await desk.at(EVENING + timedelta(days=1)).round_up()
    assert len(desk.told()) == 1, "a later version without news"
    await desk.keep("A", "One was said.", "Two was decided.", story=story, news=["Two was decided."])
    await desk.at(EVENING + timedelta(days=1, hours=2)).keep("A", "One was said.", "Two was decided.", story=story)
    await desk.at(EVENING + timedelta(days=2)).round_up()
    assert desk.told()[1:] == [["A: Two was decided. (update)"]]
    assert desk.told()[0] == ["A: One was said."], "what stands is left as it is"
    await desk.keep("A", "One was said.", "Two was decided.", story=story, news=["Two was decided."])
    await desk.at(EVENING + timedelta(days=3)).round_up()
    assert len(desk.told()) == 2, "a version of which only the standing is new repeats its news"
    assert desk.single() == []


async def test_news_that_no_longer_stands_is_not_told(desk: Desk) -> None:
    await desk.world.subscribe(when="daily", hour=18)
    story = await desk.keep("A", "One was said.")
    await desk.at(EVENING).round_up()
    await desk.keep("A", "One was said.", "Two was decided.", story=story, news=["Two was decided."])
    await desk.keep("A", "One was said.", "Three was decided.", story=story)
    await desk.at(EVENING + timedelta(days=1)).round_up()
    assert len(desk.told()) == 1


async def test_it_waits_for_the_digest_of_what_has_been_read_but_not_for_ever(desk: Desk) -> None:
    await desk.world.subscribe(when="daily", hour=18)
    await desk.keep("A", "One was said.")
    desk.at(EVENING)
    await desk.world.read(debate(settled=True))
    rounds = RoundUps(desk.world.archive, {"prevent": "Prevent"}, desk.world.time)
    assert await rounds.run() == EVENING + timedelta(minutes=1)
    desk.at(EVENING + PATIENCE)
    assert await rounds.run() == EVENING + timedelta(days=1)
    await desk.world.deliver()
    assert desk.told() == [["A: One was said."]]


async def test_a_text_that_is_still_being_read_waits_for_the_next_one(desk: Desk) -> None:
    await desk.world.subscribe(when="daily", hour=18)
    await desk.at(EVENING - timedelta(minutes=10)).keep("A", "One was said.", unripe=timedelta(minutes=30))
    await desk.at(EVENING).round_up()
    assert desk.told() == []
    await desk.at(EVENING + timedelta(days=1)).round_up()
    assert desk.told() == [["A: One was said."]]


async def test_a_story_with_nothing_to_digest_is_not_told_until_there_is(desk: Desk) -> None:
    await desk.world.subscribe(when="daily", hour=18)
    story = await desk.keep("A")
    await desk.at(EVENING).round_up()
    assert desk.told() == []
    await desk.keep("A", "One was said.", story=story)
    await desk.at(EVENING + timedelta(days=1)).round_up()
    assert desk.told() == [["A: One was said."]]


async def test_each_channel_has_its_own(desk: Desk) -> None:
    await desk.world.subscribe(1, when="daily", hour=18)
    await desk.world.subscribe(2, when="daily", hour=17)
    await desk.world.subscribe(3)
    await desk.keep("A", "One was said.")
    await desk.at(EVENING).round_up()
    assert (desk.told(1), desk.told(2), desk.told(3)) == ([["A: One was said."]], [["A: One was said."]], [])
    assert desk.single(3) == ["A"]
    assert len(desk.world.channel.nonces) == 3


async def test_one_made_by_hand_tells_of_its_days_whatever_was_told(desk: Desk) -> None:
    await desk.world.subscribe(when="daily", hour=18)
    await desk.keep("A", "One was said.")
    gone = await desk.keep("B", "Two was said.")
    await desk.withdraw("B", gone)
    await desk.at(MORNING + timedelta(days=1)).keep("C", "Three was said.")
    await desk.at(EVENING + timedelta(days=1)).round_up()
    made = await by_hand(desk.world.archive, "prevent", "Prevent", DAY, DAY)
    assert [entry.digest.title for entry in made.entries] == ["A"]
    both = await by_hand(desk.world.archive, "prevent", "Prevent", DAY, DAY + timedelta(days=1))
    assert [entry.digest.title for entry in both.entries] == ["C", "A"]
    assert (await subscriptions_of(desk.world.archive))[0].next_at is not None


async def announce(desk: Desk, *days: int, cancelled: bool = False) -> None:
    """Business so many days after today, all that What's On has."""
    today = desk.world.time().date()
    made = [
        Event(str(ahead), day, day, f"Prevent in {ahead}", "Chamber", cancelled=cancelled)
        for ahead, day in ((ahead, today + timedelta(days=ahead)) for ahead in days)
    ]
    judged = [(event, Match(event.id, "prevent", True, 1.0)) for event in made]
    span = (today, today + timedelta(days=27))
    await keep_events(desk.world.archive, "prevent", judged, desk.world.time(), read=span)


async def test_it_ends_with_what_is_announced_for_the_next_week_the_soonest_first(desk: Desk) -> None:
    await desk.world.subscribe(when="daily", hour=18)
    await announce(desk, 12, 6, 5, 4, 3, 2, 1, 0)
    await desk.keep("A", "One thing was said.")
    await desk.at(EVENING).round_up()
    [(_, post)] = desk.world.channel.messages.values()
    assert isinstance(post, Roundup)
    assert [each.title for each in post.coming] == [f"Prevent in {ahead}" for ahead in range(5)]
    assert post.more == 2, "those of the week; what is further off is not spoken of"
    assert roundup_from_json(roundup_json(post)) == post


async def test_nothing_to_tell_is_not_posted_for_the_sake_of_what_is_coming(desk: Desk) -> None:
    await desk.world.subscribe(when="daily", hour=18)
    await announce(desk, 1)
    await desk.at(EVENING).round_up()
    assert desk.world.channel.messages == {}


async def test_cancelled_business_is_not_coming_up(desk: Desk) -> None:
    await desk.world.subscribe(when="daily", hour=18)
    await announce(desk, 1, cancelled=True)
    await desk.keep("A", "One thing was said.")
    await desk.at(EVENING).round_up()
    [(_, post)] = desk.world.channel.messages.values()
    assert isinstance(post, Roundup) and post.coming == () and post.more == 0


async def test_one_made_by_hand_looks_ahead_only_where_it_reaches_today(desk: Desk) -> None:
    await announce(desk, 3)
    clock = desk.world.time
    now = await by_hand(desk.world.archive, "prevent", "P", DAY - timedelta(days=6), DAY, clock=clock)
    past = await by_hand(
        desk.world.archive, "prevent", "P", DAY - timedelta(days=9), DAY - timedelta(days=3), clock=clock
    )
    assert (len(now.coming), len(past.coming)) == (1, 0)
