"""One poll: what it asks for, what it keeps, and what a failure costs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bot.archive.health import record_failure, record_success, source_health
from bot.errors import ArchiveError, SourceError
from bot.pipeline import collect as room
from bot.pipeline.collect import Collected, collect, plan
from bot.settings import Poll
from bot.sources.source import Reading
from tests.pipeline.world import DAY, NOON, Shelf, World, article, debate

READING = Reading(NOON, (DAY,))


def back(*days: int) -> tuple[date, ...]:
    return tuple(DAY - timedelta(days=each) for each in days)


async def once(world: World, shelf: Shelf, **how: bool) -> Collected:
    return await collect(world.archive, shelf, READING, clock=world.time, **how)


async def test_each_document_is_kept_and_counted_and_the_source_is_well(world: World) -> None:
    shelf = Shelf(debate(), debate(id="B"), debate(id="B"))
    done = await once(world, shelf)
    assert (done.read, done.new, done.same, done.ok) == (3, 2, 1, True)
    assert str(done) == "hansard: 3 read, 2 new, 0 changed"
    [row] = await source_health(world.archive)
    assert (row.name, row.last_success, row.failures, row.error, row.items) == ("hansard", NOON, 0, None, 3)


async def test_a_source_that_fails_half_way_keeps_what_it_gave_and_says_why(world: World) -> None:
    shelf = Shelf(debate())
    shelf.error = SourceError("https://api/x: 503", retry_after=120)
    for failures in (1, 2):
        done = await once(world, shelf)
        assert not done.ok and done.read == 1 and done.retry_after == 120
        [row] = await source_health(world.archive)
        assert (row.error, row.failures, row.last_success) == ("https://api/x: 503", failures, None)
    assert str(done).startswith("hansard: failed: https://api/x: 503")
    shelf.error = None
    await once(world, shelf)
    [row] = await source_health(world.archive)
    assert (row.error, row.failures) == (None, 0)


async def test_a_source_that_breaks_unforeseen_is_a_failed_source_and_no_more(world: World) -> None:
    shelf = Shelf(debate())
    shelf.error = KeyError("Items")
    assert (await once(world, shelf)).error == "KeyError: 'Items'"


async def test_one_document_that_cannot_be_kept_stops_no_other_and_is_told(world: World) -> None:
    bad = debate(id="BAD", published=datetime(2025, 2, 12))
    done = await once(world, Shelf(debate(id="A"), bad, debate(id="B")))
    assert (done.read, done.broken) == (2, 1)
    assert done.error is not None and "BAD could not be kept" in done.error
    [row] = await source_health(world.archive)
    assert row.failures == 1, "its day must be read again"


async def test_a_poll_without_end_is_broken_off(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    class Endless(Shelf):
        async def poll(self, reading: Reading) -> AsyncIterator:
            import asyncio

            yield debate()
            await asyncio.sleep(60)

    monkeypatch.setattr(room, "LONGEST", timedelta(seconds=0.2))
    done = await once(world, Endless())
    assert done.new == 1 and done.error is not None and "longer than" in done.error


async def test_an_archive_that_fails_is_not_the_sources_fault(world: World) -> None:
    from sqlalchemy import text

    async with world.archive.write() as connection:
        await connection.execute(text("DROP TABLE contributions"))
    with pytest.raises(ArchiveError):
        await once(world, Shelf(debate()))
    assert await source_health(world.archive) == []


async def test_a_day_asked_for_by_hand_says_nothing_of_the_days_since_the_last_poll(world: World) -> None:
    shelf = Shelf(debate())
    assert (await once(world, shelf, counts_as_success=False)).new == 1
    shelf.error = SourceError("503")
    assert not (await once(world, shelf, counts_as_success=False)).ok
    assert await source_health(world.archive) == []


async def asked(
    world: World, *, day: date | None = None, source: Shelf | None = None, **settings: int
) -> tuple[date, ...]:
    return (await plan(world.archive, source or Shelf(), Poll(**settings), world.time(), day)).days


async def test_the_first_poll_looks_back_as_far_as_it_is_told(world: World) -> None:
    assert await asked(world) == back(0, 1, 2, 3)
    assert await asked(world, lookback_days=0) == (DAY,)


async def test_a_named_day_is_read_alone(world: World) -> None:
    await world.read(debate(day=DAY - timedelta(days=2)))
    assert await asked(world, day=date(2009, 3, 1)) == (date(2009, 3, 1),)


async def test_later_polls_read_today_and_yesterday_and_the_days_that_were_missed(world: World) -> None:
    await record_success(world.archive, "hansard", NOON, items=0)
    assert await asked(world) == back(0, 1)
    world.time.pass_(days=4)
    assert await asked(world) == tuple(DAY + timedelta(days=4 - n) for n in range(5))
    world.time.pass_(days=60)
    assert len(await asked(world)) == 15
    assert len(await asked(world, catch_up_days=3)) == 4


async def test_a_failure_does_not_count_as_read(world: World) -> None:
    await record_success(world.archive, "hansard", NOON, items=0)
    world.time.pass_(days=4)
    await record_failure(world.archive, "hansard", world.time(), "down")
    assert len(await asked(world)) == 5


async def test_today_is_londons(world: World) -> None:
    world.time.at = NOON.replace(month=6, day=30, hour=23, minute=30)
    assert (await asked(world, lookback_days=0)) == (date(2025, 7, 1),)


async def test_days_of_unsettled_documents_and_those_due_again_are_read_with_them(world: World) -> None:
    world.time.at = NOON - timedelta(days=16)
    due = debate(id="DUE", day=DAY - timedelta(days=16), settled=True)
    await world.read(due, debate(id="OPEN", day=DAY - timedelta(days=10)))
    world.time.at = NOON
    await record_success(world.archive, "hansard", NOON, items=0)
    assert await asked(world) == back(0, 1, 10, 16)
    assert await asked(world, source=Shelf(name="statements"), lookback_days=0) == (DAY,)


async def test_what_was_due_and_read_whole_is_not_due_again_but_what_failed_is(world: World) -> None:
    world.time.at = NOON - timedelta(days=16)
    await world.read(debate(id="DUE", day=DAY - timedelta(days=16), settled=True))
    world.time.at = NOON
    await record_success(world.archive, "hansard", NOON, items=0)
    shelf = Shelf()
    shelf.error = SourceError("503")
    for expected in (back(0, 1, 16), back(0, 1, 16), back(0, 1)):
        reading = await plan(world.archive, shelf, Poll(), world.time())
        assert reading.days == expected
        await collect(world.archive, shelf, reading, clock=world.time)
        shelf.error = None


async def test_from_a_poll_to_the_message_a_story_is_one_message(world: World) -> None:
    await world.subscribe()
    shelf = Shelf(debate(settled=True), debate(id="LORDS", house="Lords", settled=True))
    news = Shelf(article(), name="feed:News", every=timedelta(minutes=10))
    for _ in range(2):
        for source in (shelf, news):
            await once(world, source)
        await world.digest()
        await world.deliver()
    assert world.channel.calls == ["send"]
    shelf.items = [replace(each, title="Prevent: Review") for each in shelf.items]
    await once(world, shelf)
    await world.digest()
    await world.deliver()
    assert [digest.title for _, digest in world.channel.messages.values()] == ["Prevent: Review"]
