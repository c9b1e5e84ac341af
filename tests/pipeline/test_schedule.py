"""When things happen: sitting hours, back-off, once at start, and loops that sleep until there is work."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from bot.archive import health
from bot.archive.health import record_failure, source_health
from bot.pipeline import clock as clocks
from bot.pipeline import schedule as room
from bot.pipeline.collect import Collected
from bot.pipeline.schedule import Schedule, interval, keep_working, wait
from bot.settings import Poll
from tests.pipeline.world import DAY, NOON, Shelf, World, debate

SITTING, QUIET = timedelta(minutes=15), timedelta(hours=2)


@pytest.mark.parametrize(
    ("at", "sat", "expected"),
    [
        (datetime(2025, 2, 12, 13, 0, tzinfo=UTC), True, SITTING),
        (datetime(2025, 2, 12, 13, 0, tzinfo=UTC), False, QUIET),
        (datetime(2025, 2, 12, 9, 0, tzinfo=UTC), True, SITTING),
        (datetime(2025, 2, 12, 8, 59, tzinfo=UTC), True, QUIET),
        (datetime(2025, 2, 12, 23, 59, tzinfo=UTC), True, SITTING),
        (datetime(2025, 2, 13, 0, 1, tzinfo=UTC), True, QUIET),
        (datetime(2025, 2, 15, 13, 0, tzinfo=UTC), True, QUIET),
        (datetime(2025, 7, 2, 8, 0, tzinfo=UTC), True, SITTING),
        (datetime(2025, 7, 1, 23, 30, tzinfo=UTC), True, QUIET),
    ],
)
async def test_parliament_is_read_often_while_it_sits(
    world: World, at: datetime, sat: bool, expected: timedelta
) -> None:
    if sat:
        for day in {DAY, datetime(2025, 2, 15).date(), datetime(2025, 7, 2).date()}:
            await world.read(debate(id=str(day), day=day))
    for name in ("hansard", "statements"):
        assert await interval(world.archive, Shelf(name=name), Poll(), at) == expected


async def test_a_feed_has_its_own_interval_and_every_rules_all(world: World) -> None:
    feed = Shelf(name="feed:News", every=timedelta(minutes=10))
    assert await interval(world.archive, feed, Poll(), NOON) == timedelta(minutes=10)
    for source in (feed, Shelf()):
        assert await interval(world.archive, source, Poll(every="5s"), NOON) == timedelta(seconds=5)


@pytest.mark.parametrize(
    ("every", "failures", "asked", "expected"),
    [
        (SITTING, 0, None, SITTING),
        (SITTING, 1, None, SITTING),
        (SITTING, 3, None, timedelta(hours=1)),
        (SITTING, 400, None, timedelta(hours=6)),
        (timedelta(days=1), 9, None, timedelta(days=1)),
        (SITTING, 1, 3600.0, timedelta(hours=1)),
        (SITTING, 1, 5.0, SITTING),
        (SITTING, 1, 1e12, timedelta(days=1)),
    ],
)
def test_failures_double_the_wait_up_to_a_bound(
    every: timedelta, failures: int, asked: float | None, expected: timedelta
) -> None:
    assert wait(every, failures, fixed=False, retry_after=asked) == expected
    assert wait(every, failures, fixed=True, retry_after=asked) == every


async def until(condition, seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about"
        await asyncio.sleep(0.01)


async def test_every_source_is_polled_at_start_and_then_in_its_rhythm_a_slow_one_alone(world: World) -> None:
    polled: list[str] = []
    never = asyncio.Event()

    async def poll(source: Shelf) -> Collected:
        polled.append(source.name)
        if source.name == "slow":
            await never.wait()
        if source.name == "bad":
            await record_failure(world.archive, "bad", clocks.now(), "503")
            return Collected("bad", error="503")
        if source.name == "broken":
            raise RuntimeError("a bug")
        return Collected(source.name)

    names = ("good", "slow", "bad", "broken")
    schedule = Schedule(world.archive, [Shelf(name=name) for name in names], Poll(every="0.2s"), poll)
    schedule.start()
    try:
        await until(lambda: all(polled.count(name) >= 3 for name in ("good", "bad", "broken")))
    finally:
        await schedule.stop()
    assert polled.count("slow") == 1, "one instance a source"
    assert set(polled[:4]) == set(names)
    due = {each.name: each.next_due for each in await source_health(world.archive)}
    assert due["good"] is not None and due["bad"] is not None


async def test_a_poll_that_was_passed_over_comes_all_the_same(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long it takes to note when the next one is due: here longer than the interval itself."""
    polled: list[str] = []
    real = health.set_next_due

    async def slowly(*args) -> None:
        await asyncio.sleep(0.3)
        await real(*args)

    async def poll(source: Shelf) -> Collected:
        polled.append(source.name)
        return Collected(source.name)

    monkeypatch.setattr(health, "set_next_due", slowly)
    monkeypatch.setattr(room, "SHORTEST_SLEEP", timedelta(milliseconds=10))
    schedule = Schedule(world.archive, [Shelf()], Poll(every="0.05s"), poll)
    schedule.start()
    try:
        await until(lambda: len(polled) >= 2)
        schedule._passed_over(SimpleNamespace(job_id="poll hansard"))  # type: ignore[arg-type]
        await until(lambda: len(polled) >= 4)
    finally:
        await schedule.stop()


async def test_round_ups_begin_when_every_source_has_been_read_once(world: World) -> None:
    """A bot that was down at the hour must not round up before it has read what it missed."""
    happened: list[str] = []
    read = asyncio.Event()

    async def poll(source: Shelf) -> Collected:
        if source.name == "slow":
            await read.wait()
        happened.append(source.name)
        return Collected(source.name)

    async def round_up() -> None:
        happened.append("round up")

    schedule = Schedule(world.archive, [Shelf(name=name) for name in ("quick", "slow")], Poll(), poll, round_up)
    schedule.start()
    try:
        await until(lambda: "quick" in happened)
        await asyncio.sleep(0.3)
        assert happened == ["quick"]
        read.set()
        await until(lambda: "round up" in happened)
        assert happened == ["quick", "slow", "round up"]
    finally:
        await schedule.stop()


async def test_a_source_that_never_answers_holds_round_ups_back_for_a_while_only(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    never, rounds = asyncio.Event(), []

    async def poll(source: Shelf) -> Collected:
        await never.wait()
        return Collected(source.name)

    async def round_up() -> None:
        rounds.append(1)

    monkeypatch.setattr(room, "FIRST_POLLS", timedelta(milliseconds=200))
    schedule = Schedule(world.archive, [Shelf()], Poll(), poll, round_up)
    schedule.start()
    try:
        await until(lambda: rounds)
    finally:
        await schedule.stop()


async def test_round_ups_come_again_at_the_full_hour_sooner_where_asked_and_after_a_failure(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "ROUND_AGAIN", timedelta(milliseconds=150))
    monkeypatch.setattr(room, "ROUND_JITTER", timedelta(milliseconds=10))
    monkeypatch.setattr(room, "SHORTEST_SLEEP", timedelta(milliseconds=10))
    runs: list[float] = []

    async def round_up() -> datetime | None:
        runs.append(time.monotonic())
        if len(runs) == 1:
            raise RuntimeError("disk full")
        return clocks.now() + timedelta(milliseconds=150) if len(runs) == 2 else None

    schedule = Schedule(world.archive, [], Poll(), lambda _: None, round_up)  # type: ignore[arg-type,return-value]
    schedule.start()
    try:
        await until(lambda: len(runs) == 3)
        assert runs[1] - runs[0] >= 0.14 and runs[2] - runs[1] >= 0.14
        await asyncio.sleep(0.4)
        job = schedule._scheduler.get_job(room.ROUNDS)
        at = job.next_run_time.astimezone(UTC)
        assert len(runs) == 3 and at.minute == 0 and at.second == 0
        assert timedelta() < at - clocks.now() <= timedelta(hours=1, seconds=1)
        schedule._passed_over(SimpleNamespace(job_id=room.ROUNDS))  # type: ignore[arg-type]
        await until(lambda: len(runs) == 4)
    finally:
        await schedule.stop()


async def test_a_failed_source_is_next_due_after_its_back_off(world: World) -> None:
    async def poll(source: Shelf) -> Collected:
        for _ in range(3):
            await record_failure(world.archive, "hansard", world.time(), "503")
        return Collected("hansard", error="503")

    world.time.at = clocks.now()
    schedule = Schedule(world.archive, [Shelf()], Poll(sitting="10m", quiet="10m"), poll, clock=world.time)
    schedule.start()
    try:
        async with asyncio.timeout(10):
            while not (rows := await source_health(world.archive)) or rows[0].next_due is None:
                await asyncio.sleep(0.02)
    finally:
        await schedule.stop()
    assert timedelta(minutes=40) <= rows[0].next_due - world.time() <= timedelta(minutes=44)


async def test_a_stage_runs_at_once_when_woken_and_sleeps_otherwise() -> None:
    wake, stop, runs = asyncio.Event(), asyncio.Event(), []

    async def work() -> None:
        runs.append(time.monotonic())

    loop = asyncio.create_task(keep_working("digest", work, wake, stop))
    await until(lambda: len(runs) == 1)
    await asyncio.sleep(0.1)
    assert len(runs) == 1
    asked = time.monotonic()
    wake.set()
    await until(lambda: len(runs) == 2)
    assert runs[1] - asked < 0.5
    stop.set()
    await asyncio.wait_for(loop, 1)


async def test_a_stage_wakes_for_its_next_due_row() -> None:
    wake, stop, runs = asyncio.Event(), asyncio.Event(), []

    async def work() -> datetime:
        runs.append(time.monotonic())
        return clocks.now() + timedelta(seconds=1.2)

    loop = asyncio.create_task(keep_working("deliver", work, wake, stop))
    await until(lambda: len(runs) == 2)
    assert 1.0 <= runs[1] - runs[0] < 3
    stop.set()
    await asyncio.wait_for(loop, 1)


async def test_a_wish_that_comes_while_the_stage_works_is_not_missed() -> None:
    wake, stop, runs = asyncio.Event(), asyncio.Event(), []

    async def work() -> None:
        runs.append(1)
        if len(runs) == 1:
            wake.set()

    loop = asyncio.create_task(keep_working("digest", work, wake, stop))
    await until(lambda: len(runs) == 2)
    stop.set()
    await asyncio.wait_for(loop, 1)


async def test_a_stage_that_fails_is_tried_again() -> None:
    wake, stop, runs = asyncio.Event(), asyncio.Event(), []

    async def work() -> None:
        runs.append(1)
        raise RuntimeError("disk full")

    loop = asyncio.create_task(keep_working("digest", work, wake, stop))
    await until(lambda: len(runs) == 2)
    stop.set()
    await asyncio.wait_for(loop, 1)
