"""The past comes in once, whatever breaks on the way, and is never told as news."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.archive import Archive
from bot.archive.deliveries import due
from bot.archive.documents import Reader, save_reading
from bot.archive.roundups import tellable
from bot.archive.schema import backfilled, contributions, documents, stories
from bot.pipeline import backfill as room
from bot.pipeline.backfill import Backfill, Filled
from bot.pipeline.collect import collect
from bot.settings import Http
from bot.sources.hansard import Hansard
from bot.sources.http import Client
from bot.sources.members import Members
from bot.sources.source import Reading
from bot.sources.written import Questions, Statements
from bot.topics.topic import Topic, load
from tests.pipeline.world import DAY, NOON, Killed, Shelf, World, debate, open_archive
from tests.standins.parliament import Parliament
from tests.standins.past import PastParliament

SAT = (date(2025, 5, 6), date(2025, 5, 13), date(2025, 5, 20))
FIRST, LAST = date(2025, 5, 5), date(2025, 5, 23)
LATER = datetime(2025, 8, 1, 12, tzinfo=UTC)


@pytest.fixture
async def parliament() -> AsyncIterator[PastParliament]:
    async with PastParliament(SAT) as serving:
        yield serving


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with Client(Http(spacing=0, allow_private=(ip_network("127.0.0.0/8"),), attempts=1)) as opened:
        yield opened


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "PAUSES", (0.0, 0.0, 0.0))


def job(archive: Archive, client: Client, parliament: Parliament, topic: Topic | None = None, **more: Any) -> Backfill:
    base = parliament.address
    members = Members(client, f"{base}/members")
    sources = (
        Hansard(client, f"{base}/hansard", members),
        Statements(client, f"{base}/written", members),
        Questions(client, f"{base}/written", members),
    )
    wish: dict[str, Any] = {"first": FIRST, "last": LAST, "clock": lambda: LATER} | more
    return Backfill(archive, sources, topic=topic, **wish)


async def rows(archive: Archive) -> tuple[list[Any], list[Any]]:
    """What the archive holds, without the times of reading."""
    async with archive.read() as connection:
        found = await connection.execute(
            select(
                documents.c.source, documents.c.external_id, documents.c.content_hash, documents.c.version,
                documents.c.backfilled, documents.c.settled, documents.c.date,
            ).order_by(documents.c.source, documents.c.external_id)
        )  # fmt: skip
        said = await connection.execute(
            select(
                documents.c.external_id, contributions.c.position, contributions.c.external_id, contributions.c.speaker,
                contributions.c.party, contributions.c.role, contributions.c.text,
            ).join(documents).order_by(documents.c.source, documents.c.external_id, contributions.c.position)
        )  # fmt: skip
        return [tuple(row) for row in found], [tuple(row) for row in said]


async def test_every_document_of_the_days_is_there_once_and_a_second_run_asks_for_nothing(
    world: World, client: Client, parliament: PastParliament
) -> None:
    first = job(world.archive, client, parliament)
    await first.run()
    assert all(each.ok and each.left == 0 for each in first.filled.values())
    held, said = await rows(world.archive)
    assert len({row[:2] for row in held}) == len(held) and all(row[3] == 1 and row[4] for row in held)
    assert {row[6] for row in held if row[0] == "hansard"} == {*SAT, *(day + timedelta(days=1) for day in SAT)}
    assert len(said) > 3 * 60
    parliament.requests.clear()
    again = job(world.archive, client, parliament)
    await again.run()
    assert not parliament.requests and again.filled["hansard"].known == 19
    assert await rows(world.archive) == (held, said)


async def test_a_recess_day_costs_hansard_two_requests(
    world: World, client: Client, parliament: PastParliament
) -> None:
    await job(world.archive, client, parliament, first=date(2025, 5, 9), last=date(2025, 5, 9)).run()
    assert parliament.count("/hansard") == 2


async def test_a_day_that_was_polled_whole_costs_no_debate_again(
    world: World, client: Client, parliament: PastParliament
) -> None:
    asked = job(world.archive, client, parliament, first=SAT[0], last=SAT[0])
    await collect(world.archive, asked.sources[0], Reading(LATER, (SAT[0],)), clock=lambda: LATER)
    parliament.requests.clear()
    await asked.run()
    assert parliament.count("/hansard/debates") == 0 and parliament.count("/hansard/overview/sectiontrees") <= 2
    assert not any(row[4] for row in (await rows(world.archive))[0] if row[0] == "hansard")


def _dies(archive: Archive, monkeypatch: pytest.MonkeyPatch, at: int = 0) -> Callable[[], int]:
    """The archive is killed just before its commit of that number; what it gives counts the commits so far."""
    real, commits = archive.write, 0

    @contextlib.asynccontextmanager
    async def write() -> AsyncIterator[Any]:
        nonlocal commits
        async with real() as connection:
            yield connection
            commits += 1
            if commits == at:
                raise Killed

    monkeypatch.setattr(archive, "write", write)
    return lambda: commits


async def test_a_kill_at_any_commit_loses_nothing_and_doubles_nothing(
    tmp_path: Path, client: Client, parliament: PastParliament, monkeypatch: pytest.MonkeyPatch
) -> None:
    days: dict[str, Any] = {"first": SAT[0], "last": SAT[0] + timedelta(days=1)}
    empty = tmp_path / "empty.sqlite3"
    await (await open_archive(empty)).close()

    async def filled(name: str) -> Archive:
        shutil.copy(empty, tmp_path / name)
        return await open_archive(tmp_path / name)

    whole = await filled("whole")
    commits = _dies(whole, monkeypatch)
    await job(whole, client, parliament, **days).run()
    wanted, most = (await rows(whole), await noted(whole)), commits()
    await whole.close()
    assert most >= len(wanted[0][0]) + 6
    for number in range(1, most + 1):
        killed = await filled(f"{number}")
        _dies(killed, monkeypatch, number)
        with pytest.raises(BaseExceptionGroup) as died:
            await job(killed, client, parliament, **days).run()
        assert died.value.subgroup(Killed)
        await killed.close()
        again = await open_archive(tmp_path / f"{number}")
        assert (await rows(again), await noted(again)) != wanted
        await job(again, client, parliament, **days).run()
        assert (await rows(again), await noted(again)) == wanted
        await again.close()


async def noted(archive: Archive) -> list[Any]:
    async with archive.read() as connection:
        found = await connection.execute(select(backfilled.c.source, backfilled.c.day).order_by("source", "day"))
        return [tuple(row) for row in found]


async def test_a_tree_that_flaps_misses_nothing(
    world: World, tmp_path: Path, client: Client, parliament: PastParliament
) -> None:
    day: dict[str, Any] = {"first": SAT[0], "last": SAT[0]}
    parliament.flap(1)
    await job(world.archive, client, parliament, **day).run()
    other = await open_archive(tmp_path / "steady.sqlite3")
    await job(other, client, parliament, **day).run()
    assert [row[:3] for row in (await rows(world.archive))[0]] == [row[:3] for row in (await rows(other))[0]]
    await other.close()


async def test_one_broken_debate_leaves_its_day_for_the_next_run_and_the_rest_comes(
    world: World, client: Client, parliament: PastParliament
) -> None:
    broken = next(key for key, one in parliament.debates.items() if one["Overview"]["Date"][:10] == str(SAT[1]))
    parliament.fail(f"/hansard/debates/debate/{broken}", "500")
    first = job(world.archive, client, parliament)
    await first.run()
    filled = first.filled["hansard"]
    if broken in {row[1] for row in (await rows(world.archive))[0]}:
        pytest.fail("the broken debate was read")
    assert list(filled.failed) == [SAT[1]] and f"failed on {SAT[1]}" in str(filled)
    parliament.heal()
    parliament.requests.clear()
    again = job(world.archive, client, parliament)
    await again.run()
    assert again.filled["hansard"].ok and again.filled["hansard"].read == 1
    assert parliament.count("/hansard/debates/debate") == 1


async def test_a_source_that_is_down_is_given_up_with_what_to_say(
    world: World, client: Client, parliament: PastParliament
) -> None:
    parliament.fail("/hansard", "503")
    down = job(world.archive, client, parliament)
    await down.run()
    filled = down.filled["hansard"]
    assert len(filled.failed) == 4 and filled.left == 15 and "gave up with 15 days left" in str(filled)
    assert down.filled["questions"].ok


async def test_today_and_a_rolling_hansard_are_read_and_not_final(
    world: World, client: Client, parliament: PastParliament
) -> None:
    parliament.settle(1)
    today = job(
        world.archive, client, parliament, first=SAT[0], last=SAT[0] + timedelta(days=3),
        clock=lambda: datetime(2025, 5, 9, 12, tzinfo=UTC),
    )  # fmt: skip
    await today.run()
    async with world.archive.read() as connection:
        found = await connection.execute(select(backfilled.c.day).where(backfilled.c.source == "hansard"))
        assert not found.all()
    assert set(today.filled["hansard"].open) == {SAT[0] + timedelta(days=back) for back in range(4)}


async def test_a_topic_brings_only_what_the_search_finds_each_debate_whole(
    world: World, client: Client, parliament: PastParliament
) -> None:
    topic = load("config/topics/prevent.toml")
    await job(world.archive, client, parliament, topic).run()
    held, said = await rows(world.archive)
    titles = {row[1] for row in held if row[0] == "hansard"}
    assert titles == {
        key
        for key, one in parliament.debates.items()
        if key in titles or (one["Overview"]["Location"] != "Written Statements" and _speaks(one, topic))
    }
    assert 0 < len(titles) < 18 and len(said) > 50
    parliament.requests.clear()
    await job(world.archive, client, parliament, topic).run()
    assert not parliament.requests


def _speaks(answer: dict[str, Any], topic: Topic) -> bool:
    words = " ".join(item["Value"] or "" for item in answer["Items"] if item["ItemType"] == "Contribution").lower()
    return any(f" {phrase.lower()} " in words for phrase in topic.search)


@pytest.mark.parametrize("subscribed", ["before", "after"])
@pytest.mark.parametrize("when", ["now", "daily"])
async def test_a_backfilled_story_is_told_to_nobody(world: World, subscribed: str, when: str) -> None:
    if subscribed == "before":
        wish = await world.subscribe(when=when)
    world.time.pass_(hours=1)
    await save_reading(world.archive, debate(settled=True), world.time(), Reader.BACKFILL)
    assert len((await world.digest()).made) == 1
    if subscribed == "after":
        wish = await world.subscribe(when=when)
    assert not (await due(world.archive, world.time())).due
    assert not await tellable(world.archive, wish, world.time())
    async with world.archive.read() as connection:
        row = (await connection.execute(select(stories))).one()
    assert row.backfilled and row.first_digested_at == world.time()


async def test_a_story_of_the_past_counts_from_the_end_of_its_day(world: World) -> None:
    await save_reading(world.archive, debate(settled=True, day=date(2024, 7, 3)), NOON, Reader.BACKFILL)
    await world.digest()
    async with world.archive.read() as connection:
        row = (await connection.execute(select(stories))).one()
    assert row.first_digested_at == datetime(2024, 7, 3, 23, tzinfo=UTC)


@pytest.mark.parametrize("digested", [True, False])
async def test_a_poll_makes_news_of_what_was_backfilled_first(world: World, digested: bool) -> None:
    await world.subscribe(1)
    told = debate(settled=True)
    await save_reading(world.archive, told, NOON, Reader.BACKFILL)
    if digested:
        await world.digest()
    await world.subscribe(2)
    await collect(world.archive, Shelf(told), Reading(NOON, (DAY,)), clock=world.time)
    await world.digest()
    assert {each.channel_id for each in (await due(world.archive, NOON)).due} == {1, 2}
    await save_reading(world.archive, told, NOON, Reader.BACKFILL)
    await world.digest()
    await world.deliver()
    assert len(world.channel.shown(1)) == len(world.channel.shown(2)) == 1


async def test_looking_again_at_an_old_day_makes_no_news_of_it(world: World) -> None:
    await world.subscribe()
    told = debate(settled=True)
    await save_reading(world.archive, told, NOON, Reader.BACKFILL)
    await world.digest()
    await collect(world.archive, Shelf(told), Reading(NOON, (DAY,), again=frozenset({DAY})), clock=world.time)
    await world.digest()
    assert not (await due(world.archive, NOON)).due


def test_what_is_left_is_reckoned_from_the_pace() -> None:
    filled = Filled("hansard")
    filled.waiting.update({True: 10, False: 4})
    assert filled.seconds_left() is None
    filled.taken[True] += [2.0, 4.0]
    filled.taken[False] += [0.5]
    assert filled.seconds_left() == pytest.approx(32.0)
