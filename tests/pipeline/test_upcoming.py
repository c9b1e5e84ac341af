"""Coming business: what is announced is judged, kept, changed and dropped; it never becomes a story."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.archive import events, schema
from bot.archive.health import source_health
from bot.archive.schema import documents, stories
from bot.inference.models import Models
from bot.pipeline import work
from bot.pipeline.collect import Collected
from bot.pipeline.upcoming import Announcements
from bot.settings import Http
from bot.sources.http import Client
from bot.sources.whatson import WhatsOn
from bot.topics.topic import load
from tests.pipeline.world import Time, World
from tests.sources.conftest import LOOPBACK
from tests.standins.parliament import Parliament

MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAY = MORNING.date() + timedelta(days=9)
TOPIC = Path("config/topics/prevent.toml")


class Direct:
    """The worker's work, done here with the real models."""

    def __init__(self, models: Models) -> None:
        self.models = models
        self.judged: list[str] = []

    async def run(self, function: Any, *args: Any, **_: Any) -> Any:
        assert function is work.match_document
        self.judged.append(args[0].title)
        return function(self.models, *args)


class Calendar:
    """A world whose What's On can be read again and again."""

    def __init__(self, world: World, parliament: Parliament, client: Client, models: Models, root: Path) -> None:
        self.world, self.parliament, self.whatson = world, parliament, parliament.whatson
        world.time = Time(MORNING)
        self.worker = Direct(models)
        self.source = WhatsOn(client, f"{parliament.address}/whatson")
        path = root / TOPIC
        self.stage = Announcements(world.archive, {"prevent": load(path)}, {"prevent": str(path)}, clock=world.time)

    async def read(self) -> Collected:
        return await self.stage.read(self.source, self.worker)

    async def coming(self, **more: Any) -> list[str]:
        return [each.title for each in await events.coming(self.world.archive, ("prevent",), self.world.time(), **more)]


@pytest.fixture
async def calendar(world: World, extractive: Models, root: Path) -> AsyncIterator[Calendar]:
    http = Http(spacing=0, attempts=1, timeout=5, allow_private=LOOPBACK)
    async with Parliament(day=MORNING.date()) as parliament, Client(http) as client:
        yield Calendar(world, parliament, client, extractive, root)


SAMPLE = ["The work of the independent Prevent Commissioner", "Prevent: the findings of the Norminster learning review"]


async def test_what_is_about_the_topic_is_kept_in_order_and_nothing_else(calendar: Calendar) -> None:
    result = await calendar.read()
    assert str(result) == "whatson: 3 read, 2 new, 0 changed"
    assert await calendar.coming() == SAMPLE
    assert str(await calendar.read()) == "whatson: 3 read, 0 new, 0 changed"
    [row] = await source_health(calendar.world.archive)
    assert (row.name, row.items, row.failures, row.last_success) == ("whatson", 3, 0, MORNING)


@pytest.mark.parametrize(
    ("description", "more", "matches"),
    [
        ("Prevent", {}, True),
        ("The work of the Home Secretary", {"inquiry": "Prevent strategy"}, True),
        ("Second reading", {"BillName": "Prevent Duty (Repeal) Bill"}, True),
        ("Oral evidence", {"SummarisedDetails": "Witnesses: the Independent Prevent Commissioner"}, True),
        ("Prevention of future deaths", {}, False),
        ("Prevention of violence against women and girls", {"inquiry": "Preventing violence"}, False),
        ("Measures to prevent suicide", {}, False),
        ("Small boats crossing the Channel", {}, False),
        ("Second reading", {"BillName": "Fraud (Prevention) Bill"}, False),
    ],
)
async def test_the_programme_and_not_the_verb(
    calendar: Calendar, description: str, more: dict[str, Any], matches: bool
) -> None:
    if inquiry := more.pop("inquiry", None):
        inquiries = [{"Id": 1, "Description": inquiry}]
        more["Committee"] = {"Id": 83, "Description": "Home Affairs Committee", "Inquiries": inquiries}
    calendar.whatson.events.clear()
    calendar.whatson.announce(DAY, description, **more)
    await calendar.read()
    assert await calendar.coming() == ([description] if matches else [])


async def test_it_becomes_neither_a_document_nor_a_story(calendar: Calendar) -> None:
    await calendar.read()
    async with calendar.world.archive.read() as connection:
        for table in (documents, stories):
            assert await connection.scalar(select(func.count()).select_from(table)) == 0


async def test_only_what_may_be_about_the_topic_goes_to_the_models(calendar: Calendar) -> None:
    for number in range(300):
        calendar.whatson.announce(DAY, f"Fisheries (No. {number})")
    assert (await calendar.read()).read == 303
    assert len(calendar.worker.judged) <= 3


async def test_a_new_date_moves_it_a_cancellation_marks_it_and_what_is_struck_out_is_dropped(
    calendar: Calendar,
) -> None:
    await calendar.read()
    calendar.whatson.change(99001, StartDate=f"{DAY}T00:00:00", EndDate=f"{DAY}T00:00:00", StartTime="16:30")
    calendar.whatson.change(99002, CancelledDate=f"{MORNING.date()}T00:00:00")
    assert str(await calendar.read()) == "whatson: 3 read, 0 new, 2 changed"
    moved = {each.id: each for each in await events.coming(calendar.world.archive, ("prevent",), MORNING)}
    assert (moved["99001"].day, str(moved["99001"].time)) == (DAY, "16:30:00") and moved["99002"].cancelled
    calendar.whatson.strike(99001)
    await calendar.read()
    assert await calendar.coming() == SAMPLE[:1]


async def test_put_off_past_the_four_weeks_it_is_not_told_for_its_old_day(calendar: Calendar) -> None:
    await calendar.read()
    later = MORNING.date() + timedelta(days=90)
    calendar.whatson.change(99001, StartDate=f"{later}T00:00:00", EndDate=f"{later}T00:00:00")
    await calendar.read()
    assert await calendar.coming() == SAMPLE[:1]


async def test_renamed_to_something_else_it_is_dropped(calendar: Calendar) -> None:
    await calendar.read()
    calendar.whatson.change(99001, Description="Fisheries")
    await calendar.read()
    assert await calendar.coming() == SAMPLE[:1]


@pytest.mark.parametrize("fault", ["500", "challenge", "truncated"])
async def test_a_failure_drops_nothing_and_shows_in_its_own_line_alone(calendar: Calendar, fault: str) -> None:
    await calendar.read()
    calendar.parliament.fail("/whatson", fault)
    calendar.world.time.pass_(hours=6)
    result = await calendar.read()
    assert not result.ok and str(result).startswith("whatson: failed: ")
    assert await calendar.coming() == SAMPLE
    [row] = await source_health(calendar.world.archive)
    assert (row.failures, row.last_success) == (1, MORNING) and row.error
    calendar.parliament.heal()
    await calendar.read()
    assert (await source_health(calendar.world.archive))[0].failures == 0


async def test_where_a_row_cannot_be_read_the_others_are_kept_and_none_is_dropped(calendar: Calendar) -> None:
    await calendar.read()
    calendar.whatson.change(99001, StartDate=None)
    calendar.whatson.unfiltered = True
    calendar.whatson.announce(DAY, "The Prevent duty")
    result = await calendar.read()
    assert result.error == "one event of 4 could not be read"
    assert await calendar.coming() == [*SAMPLE, "The Prevent duty"]


async def test_models_that_fail_are_this_polls_failure(calendar: Calendar) -> None:
    async def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("out of memory")

    calendar.worker.run = broken  # type: ignore[method-assign]
    assert str(await calendar.read()) == "whatson: failed: out of memory (0 read, 0 new, 0 changed)"


async def test_what_is_over_is_not_coming_and_is_forgotten_after_a_month(calendar: Calendar) -> None:
    calendar.whatson.announce(MORNING.date(), "Prevent at nine", StartTime="08:30")
    calendar.whatson.announce(MORNING.date(), "Prevent at ten", StartTime="10:00")
    calendar.whatson.announce(MORNING.date(), "Prevent, when it is reached")
    await calendar.read()
    assert await calendar.coming(days=0) == ["Prevent at ten", "Prevent, when it is reached"]
    calendar.world.time.pass_(days=60)
    await calendar.read()
    async with calendar.world.archive.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(schema.events)) == 0
