"""Round-ups: at their hour, once, of what the channel does not know yet, and right for as long as they stand."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import insert, select, update

from bot.archive.deliveries import SENDING, begin, due
from bot.archive.digests import Draft, keep_digest, keep_withdrawal
from bot.archive.health import queue
from bot.archive.roundups import outdated, revise
from bot.archive.schema import stories
from bot.archive.subscriptions import pause, resume, subscriptions_of, unsubscribe
from bot.domain import Digest, Kind, Origin, Roundup, Sentence, Status
from bot.pipeline.deliver import Later
from bot.pipeline.roundup import PATIENCE, RoundUps, by_hand
from tests.pipeline.world import DAY, Killed, World, debate

MORNING = datetime(2025, 2, 12, 9, 0, tzinfo=UTC)
EVENING = datetime(2025, 2, 12, 18, 0, tzinfo=UTC)


class Desk:
    """A world with its round-ups, and stories put into it without models."""

    def __init__(self, world: World) -> None:
        self.world = world
        world.time.at = MORNING

    def at(self, moment: datetime) -> Desk:
        self.world.time.at = moment
        return self

    async def keep(
        self,
        name: str,
        *lines: str,
        story: int | None = None,
        news: Sequence[str] = (),
        status: Status = Status.SETTLED,
        unripe: timedelta = timedelta(),
    ) -> int:
        """Keep a story's digest: its first, or a later one of `story`."""
        now = self.world.time()
        async with self.world.archive.write() as connection:
            if story is None:
                made = await connection.execute(
                    insert(stories).values(topic="prevent", created_at=now, ripe_at=now + unripe)
                )
                story = made.inserted_primary_key[0]
                generation = 1
            else:
                generation = 1 + (await connection.scalar(select(stories.c.digested).where(stories.c.id == story)) or 0)
                await connection.execute(update(stories).where(stories.c.id == story).values(generation=generation))
        digest = Digest(
            id=name,
            title=name,
            headline=f"{name} · Commons debate",
            date=now.date(),
            house="Commons",
            url=f"https://hansard.parliament.uk/{name}",
            topic="prevent",
            status=status,
            brief=tuple(_sentence(line) for line in lines),
            news=tuple(_sentence(line) for line in news),
            kind=Kind.DEBATE,
        )
        content = f"{name} {now} {lines}".ljust(16, "-")
        assert await keep_digest(
            self.world.archive, Draft(story, "prevent", generation, (), {}, content, None), digest, now
        )
        return story

    async def withdraw(self, name: str, story: int) -> None:
        async with self.world.archive.write() as connection:
            await connection.execute(update(stories).where(stories.c.id == story).values(generation=99))
        gone = Digest(
            name,
            name,
            f"{name} · Commons debate",
            DAY,
            "Commons",
            None,
            "prevent",
            Status.SETTLED,
            notes=("Withdrawn.",),
        )
        draft = Draft(story, "prevent", 99, (), {}, name.ljust(16, "-"), None)
        await keep_withdrawal(self.world.archive, draft, gone, self.world.time())

    async def round_up(self) -> datetime | None:
        rounds = RoundUps(self.world.archive, {"prevent": "the Prevent programme"}, self.world.time)
        again = await rounds.run()
        await rounds.revise()
        await self.world.deliver()
        return again

    def told(self, channel: int = 1) -> list[list[str]]:
        """Each round-up that stands in the channel: a story's name and line an entry."""
        return [
            [_shown(entry.digest, entry.update) for entry in post.entries]
            for where, post in self.world.channel.messages.values()
            if where == channel and isinstance(post, Roundup)
        ]

    def single(self, channel: int = 1) -> list[str]:
        """The stories that have a message of their own."""
        return [
            post.title
            for where, post in self.world.channel.messages.values()
            if where == channel and isinstance(post, Digest)
        ]


def _sentence(text: str) -> Sentence:
    return Sentence(text, ("c1",), Origin.REPORTED)


def _shown(digest: Digest, update: bool) -> str:
    line = digest.brief[0].text if digest.brief else " ".join(digest.notes)
    return f"{digest.title}: {line}{' (update)' if update else ''}{' (draft)' if digest.status is Status.DRAFT else ''}"


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
