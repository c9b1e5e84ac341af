"""What is owed becomes messages, once: killed at every boundary, closed out, refused, deleted, corrected."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.archive import deliveries
from bot.archive.health import queue
from bot.archive.subscriptions import pause, resume, subscriptions_of, unsubscribe
from bot.pipeline.deliver import ChannelClosed, Later, MessageGone, Refused, deliver
from bot.pipeline.digest import WITHDRAWN
from tests.pipeline.world import NOON, Killed, World, debate

OLD, NEW = "Prevent will end.", "Prevent will not end."


async def owed(world: World, *titles: str) -> None:
    """A channel with a settled story owed for each title."""
    await world.subscribe()
    for title in titles or ("Prevent: Learning Review",):
        await world.read(debate(title, OLD, id=title, settled=True))
        await world.digest()


async def correct(world: World, text: str = NEW) -> None:
    await world.read(debate("Prevent: Learning Review", text, id="Prevent: Learning Review", settled=True))
    await world.digest()


async def test_a_story_is_posted_once_however_often_the_stage_runs(world: World) -> None:
    await owed(world)
    assert (await world.deliver()).posted == 1
    assert (await world.deliver()).posted == 0
    assert world.channel.shown() == [f"{OLD} [settled]"] and world.channel.calls == ["send"]


async def test_each_channel_has_its_own_message_and_its_own_nonce(world: World) -> None:
    await world.subscribe(2)
    await owed(world)
    await world.deliver()
    assert sorted(where for where, _ in world.channel.messages.values()) == [1, 2]
    assert len(world.channel.nonces) == 2


async def test_a_growing_debate_waits_until_it_is_ripe_and_says_when(world: World) -> None:
    await world.subscribe()
    await world.read(debate())
    await world.digest()
    done = await world.deliver()
    assert done.posted == 0 and done.next_at == NOON + timedelta(minutes=30)
    world.time.pass_(minutes=29)
    await world.read(debate("Prevent: Learning Review", "The Prevent programme will change.", "Yes."))
    await world.digest()
    assert (await world.deliver()).posted == 0
    world.time.pass_(minutes=1)
    assert (await world.deliver()).posted == 1
    assert world.channel.shown() == ["The Prevent programme will change. [draft]"]


async def test_the_second_equal_reading_makes_it_ripe(world: World) -> None:
    await world.subscribe()
    await world.read(debate())
    await world.digest()
    world.time.pass_(minutes=5)
    await world.read(debate())
    assert (await world.deliver()).posted == 1


async def test_a_newer_text_edits_the_same_message_and_an_equal_one_does_nothing(world: World) -> None:
    await owed(world)
    await world.deliver()
    await correct(world)
    assert (await world.deliver()).edited == 1
    assert world.channel.shown() == [f"{NEW} [settled]"]
    await world.read(debate("Prevent: Learning Review", NEW, "Aside.", id="Prevent: Learning Review", settled=True))
    await world.digest()
    assert (await world.deliver()).edited == 0, "the reader would see no difference"
    assert world.channel.calls == ["send", "edit"]


async def test_a_draft_becomes_settled_by_an_edit(world: World) -> None:
    await world.subscribe()
    await world.read(debate(), debate())
    await world.digest()
    await world.deliver()
    await world.read(debate(settled=True))
    await world.digest()
    await world.deliver()
    assert world.channel.shown() == ["The Prevent programme will change. [settled]"]


BOUNDARIES = ["before the call", "after the call", "before sending is noted", "before posted is noted"]


@pytest.mark.parametrize("boundary", BOUNDARIES)
@pytest.mark.parametrize("down", [timedelta(seconds=5), timedelta(seconds=119), timedelta(hours=2)], ids=str)
async def test_killed_at_any_boundary_a_post_is_there_once(
    world: World, boundary: str, down: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    await owed(world)
    await _killed_at(world, boundary, monkeypatch)
    await world.restart()
    world.time.at += down
    await world.deliver()
    await world.deliver()
    assert world.channel.shown() == [f"{OLD} [settled]"]


@pytest.mark.parametrize("boundary", BOUNDARIES)
@pytest.mark.parametrize("down", [timedelta(seconds=5), timedelta(hours=2)], ids=str)
async def test_killed_while_the_story_moved_on_the_message_shows_the_newest(
    world: World, boundary: str, down: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    await owed(world)
    await _killed_at(world, boundary, monkeypatch)
    await world.restart()
    await correct(world)
    world.time.at += down
    await world.deliver()
    assert world.channel.shown() == [f"{NEW} [settled]"]


@pytest.mark.parametrize("boundary", BOUNDARIES)
@pytest.mark.parametrize("down", [timedelta(seconds=5), timedelta(hours=2)], ids=str)
async def test_killed_at_any_boundary_an_edit_is_made(
    world: World, boundary: str, down: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    await owed(world)
    await world.deliver()
    await correct(world)
    await _killed_at(world, boundary, monkeypatch)
    await world.restart()
    world.time.at += down
    await world.deliver()
    assert world.channel.shown() == [f"{NEW} [settled]"]


async def _killed_at(world: World, boundary: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def killed(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        if boundary == "before the call":
            world.channel.before = [Killed()]
        elif boundary == "after the call":
            world.channel.after = [Killed()]
        else:
            patch.setattr(deliveries, "begin" if "sending" in boundary else "posted", killed)
        with pytest.raises(BaseExceptionGroup) as caught:
            await world.deliver()
        assert caught.group_contains(Killed)


async def test_withdrawn_while_a_call_was_in_doubt_the_message_says_so_or_is_never_made(world: World) -> None:
    for after in (False, True):
        world.channel.messages.clear()
        world.channel.nonces.clear()
        title = f"Prevent: {after}"
        await owed(world, title)
        (world.channel.after if after else world.channel.before).append(Killed())
        with pytest.raises(BaseExceptionGroup):
            await world.deliver()
        await world.restart()
        await world.read(debate(title, "The programme is other.", id=title, settled=True))
        await world.digest()
        await world.deliver()
        assert world.channel.shown() == ([f"{WITHDRAWN} [settled]"] if after else [])


async def test_withdrawn_before_it_was_posted_it_is_not_posted_and_told_again_it_is(world: World) -> None:
    await owed(world)
    await correct(world, "The programme is other.")
    assert (await world.deliver()).posted == 0
    await correct(world)
    assert (await world.deliver()).posted == 1 and world.channel.shown() == [f"{NEW} [settled]"]


async def test_withdrawn_after_it_was_posted_the_message_says_so(world: World) -> None:
    await owed(world)
    await world.deliver()
    await correct(world, "The programme is other.")
    await world.deliver()
    assert world.channel.shown() == [f"{WITHDRAWN} [settled]"]


async def test_a_closed_channel_pauses_its_subscription_and_no_other(world: World) -> None:
    await world.subscribe(2)
    await owed(world, "Prevent A", "Prevent B")
    world.channel.before = [ChannelClosed("the bot may not post")]
    await world.deliver()
    paused = [each for each in await subscriptions_of(world.archive) if each.paused_at]
    assert [each.paused_reason for each in paused] == ["the bot may not post"]
    assert len(world.channel.messages) == 2, "the other channel has both"
    calls = len(world.channel.calls)
    await world.deliver()
    assert len(world.channel.calls) == calls, "a closed channel is not hammered"
    await resume(world.archive, paused[0].id)
    await world.deliver()
    assert [len(world.channel.shown(channel)) for channel in (1, 2)] == [2, 2]


async def test_closed_while_an_earlier_call_is_in_doubt_it_is_looked_for_when_resumed(world: World) -> None:
    await owed(world)
    world.channel.after = [Later(1, "connection lost")]
    await world.deliver()
    world.time.pass_(seconds=30)
    world.channel.before = [ChannelClosed("gone")]
    await world.deliver()
    [paused] = await subscriptions_of(world.archive)
    world.time.pass_(hours=5)
    await resume(world.archive, paused.id)
    await world.deliver()
    assert world.channel.shown() == [f"{OLD} [settled]"]
    assert world.channel.calls == ["send", "send", "find", "edit"]


async def test_later_is_later_and_the_channel_keeps_its_order(world: World) -> None:
    await owed(world, "Prevent A", "Prevent B")
    world.channel.before = [Later(90, "asks to wait")]
    done = await world.deliver()
    assert done.next_at == NOON + timedelta(seconds=90) and world.channel.calls == ["send"]
    world.time.pass_(seconds=89)
    assert (await world.deliver()).posted == 0, "the second waits for the first"
    world.time.pass_(seconds=1)
    assert (await world.deliver()).posted == 2
    assert [digest.title for _, digest in world.channel.messages.values()] == ["Prevent A", "Prevent B"]


async def test_a_lost_connection_after_the_post_makes_no_second_message(world: World) -> None:
    await owed(world)
    for _ in range(4):
        world.channel.after = [Later(15, "connection lost")]
        await world.deliver()
        world.time.pass_(minutes=1)
    await world.deliver()
    assert world.channel.shown() == [f"{OLD} [settled]"]
    assert world.channel.calls == ["send", "send", "send", "find", "edit", "edit"]


async def test_a_post_that_always_fails_at_last_lets_others_pass_and_is_given_up(world: World) -> None:
    await owed(world, "Prevent A", "Prevent B")
    failing = _Failing(world, "Prevent A")
    for attempt in range(1, deliveries.HOLDS + 1):
        await deliver(world.archive, failing, clock=world.time)  # type: ignore[arg-type]
        assert bool(world.channel.messages) == (attempt == deliveries.HOLDS), attempt
        world.time.pass_(minutes=11)
    assert [digest.title for _, digest in world.channel.messages.values()] == ["Prevent B"]
    assert (await queue(world.archive)).dead == 0
    world.time.pass_(days=7)
    await deliver(world.archive, failing, clock=world.time)  # type: ignore[arg-type]
    assert (await queue(world.archive)).dead == 1


class _Failing:
    """The world's channel, which never takes one title."""

    def __init__(self, world: World, title: str) -> None:
        self._channel, self._title = world.channel, title

    async def send(self, channel_id, guild_id, digest, nonce):
        if digest.title == self._title:
            raise Later(1, "500")
        return await self._channel.send(channel_id, guild_id, digest, nonce)

    async def find(self, *_):
        return ()


async def test_a_refused_message_is_set_aside_with_the_reason_and_the_next_goes_out(world: World) -> None:
    await owed(world, "Prevent A", "Prevent B")
    world.channel.before = [Refused("50035: title too long")]
    assert (await world.deliver()).posted == 1
    waiting = await queue(world.archive)
    assert waiting.dead == 1 and [each.error for each in waiting.troubles] == ["50035: title too long"]
    world.time.pass_(days=1)
    await world.deliver()
    assert world.channel.calls == ["send", "send"]


@pytest.mark.parametrize("corrected", [False, True])
async def test_a_deleted_message_is_never_posted_again(world: World, corrected: bool) -> None:
    await owed(world)
    if corrected:
        await world.deliver()
        await correct(world)
    world.channel.before = [MessageGone("deleted")]
    await world.deliver()
    before = len(world.channel.calls)
    await correct(world, "Prevent thrice changed.")
    world.time.pass_(days=1)
    await world.deliver()
    await unsubscribe(world.archive, channel_id=1)
    await world.subscribe()
    await world.deliver()
    assert len(world.channel.calls) == before


async def test_a_fault_of_our_own_is_tried_again_and_stops_no_other_channel(world: World) -> None:
    await world.subscribe(2)
    await owed(world)
    world.channel.before = [TypeError("a bug")]
    done = await world.deliver()
    assert (done.posted, done.failed) == (1, 1)
    world.time.pass_(seconds=10)
    await world.deliver()
    assert len(world.channel.messages) == 2


async def test_told_to_stop_it_finishes_the_send_in_hand_and_takes_no_other(world: World) -> None:
    await owed(world, "Prevent A", "Prevent B")
    stop = asyncio.Event()

    class Slow:
        async def send(self, channel_id, guild_id, digest, nonce):
            stop.set()
            await asyncio.sleep(0.05)
            return await world.channel.send(channel_id, guild_id, digest, nonce)

    await deliver(world.archive, Slow(), clock=world.time, stop=stop)  # type: ignore[arg-type]
    assert [digest.title for _, digest in world.channel.messages.values()] == ["Prevent A"]
    await world.deliver()
    assert len(world.channel.messages) == 2


async def test_a_paused_subscriptions_messages_are_not_edited_until_it_is_resumed(world: World) -> None:
    await owed(world)
    await world.deliver()
    [subscription] = await subscriptions_of(world.archive)
    await pause(world.archive, subscription.id, "closed", NOON)
    await correct(world)
    await world.deliver()
    assert world.channel.shown() == [f"{OLD} [settled]"]
    await resume(world.archive, subscription.id)
    await world.deliver()
    assert world.channel.shown() == [f"{NEW} [settled]"]


async def test_a_correction_reaches_the_messages_of_an_ended_subscription_too(world: World) -> None:
    """A wrong word about somebody stays in sight until it is mended, subscribed or not."""
    await owed(world)
    await world.deliver()
    await unsubscribe(world.archive, channel_id=1)
    await correct(world)
    await world.deliver()
    assert world.channel.shown() == [f"{NEW} [settled]"]


def test_a_nonce_stands_for_one_story_in_one_channel() -> None:
    made = {
        deliveries.nonce(subscription, channel, story, NOON + timedelta(seconds=second))
        for subscription in (1, 2)
        for channel in (11, 12)
        for story in (1, 2)
        for second in (0, 1)
    }
    assert len(made) == 16 and {len(each) for each in made} == {22}
    assert deliveries.nonce(1, 1, 1, NOON) == deliveries.nonce(1, 1, 1, NOON)
