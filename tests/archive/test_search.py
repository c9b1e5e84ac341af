"""Search: the index follows whatever happens to the rows; names, filters and phrases as people type them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from bot.archive import Archive
from bot.archive.documents import save_reading
from bot.archive.members import members_like
from bot.archive.retention import retain
from bot.archive.search import Filters, Found, search
from bot.domain import Contribution, Document, Kind, Voice
from bot.errors import InputError
from tests.pipeline.world import NOON, article, debate, open_archive

# Invented bearers of names, one for each way in which names are typed.
SPEAKERS: dict[str, tuple[int | None, str | None, str | None]] = {
    "Lord Anderson of Wickham": (11, "CB", None),
    "Lord Anderson of Stow": (12, "Lab", None),
    "Baroness Jones of Moulsecoomb": (13, "GP", None),
    "Sir Aldous Pym": (14, "Con", "The Shadow Home Secretary"),
    "Zoë Farthing": (15, "LD", None),
    "Ivo Tench": (16, "Lab/Co-op", None),
}


def said(document: Document, *rows: tuple[str | None, str]) -> Document:
    return replace(
        document,
        contributions=tuple(
            Contribution(f"{document.id}-{n}", words, name, *SPEAKERS.get(name or "", (None, None, None)))
            for n, (name, words) in enumerate(rows)
        ),
    )


DEBATE = said(
    debate("Prevent: Review", id="D1"),
    ("Sir Aldous Pym", "The Prevent duty on schools must be reviewed. To be or not to be: that is asked."),
    ("Ivo Tench", "We must prevent floods, prevent fires and prevent theft in our schools."),
    ("Zoë Farthing", "Channel panels meet in public. I said so to Zoë and to the panels."),
    ("Lord Anderson of Wickham", "The reviewer's report on Prevent was mine."),
    ("Baroness Jones of Moulsecoomb", "A hate crime is a crime. Prevent is not policing."),
)
OLDER = said(
    debate("Fisheries", id="D2", house="Lords", day=date(2023, 5, 4)),
    ("Lord Anderson of Stow", "Fish do not vote, and eels cannot."),
)


async def read(archive: Archive, *documents: Document, after: float = 0) -> None:
    for each in documents:
        await save_reading(archive, each, NOON + timedelta(hours=after))


async def whole(archive: Archive) -> None:
    """Each index is as its rows are, and the speakers are those of the rows."""
    async with archive.write() as connection:
        for index in ("spoken", "speaker_names"):
            await connection.execute(text(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)"))
        kept = await connection.execute(text("SELECT name, said FROM speakers ORDER BY 1"))
        counted = await connection.execute(
            text("SELECT speaker, count(*) FROM contributions WHERE speaker IS NOT NULL GROUP BY 1 ORDER BY 1")
        )
        assert [tuple(each) for each in kept] == [tuple(each) for each in counted]


def ids(found: Found) -> list[str]:
    return [each.id for each in found.results]


@pytest.fixture
async def held(archive: Archive) -> Archive:
    await read(archive, DEBATE, OLDER)
    return archive


async def test_the_index_follows_versions_deletions_and_retention(held: Archive) -> None:
    await whole(held)
    assert ids(await search(held, "theft")) == ["D1-1"]
    shrunk = said(DEBATE, ("Ivo Tench", "Nothing is left but otters."))
    await read(held, shrunk, after=1)
    await read(held, shrunk, after=2)
    await whole(held)
    assert ids(await search(held, "theft")) == [] and ids(await search(held, "otters")) == ["D1-0"]
    assert await members_like(held, "farthing") == []
    await read(held, article("Press", "A weasel was seen."))
    assert ids(await search(held, "weasel")) == ["p0"]
    await retain(held, NOON + timedelta(days=8))
    await whole(held)
    assert ids(await search(held, "weasel")) == []
    async with held.write() as connection:
        await connection.execute(text("DELETE FROM documents"))
    await whole(held)
    assert (await search(held, "otters eels")).total == 0


async def test_a_member_who_is_recognised_later_is_found_by_number(held: Archive) -> None:
    unknown = replace(DEBATE, contributions=tuple(replace(each, member_id=None) for each in DEBATE.contributions))
    await read(held, replace(unknown, id="D3"))
    assert [each.member_id for each in await members_like(held, "farthing")] == [15]
    assert sorted(ids(await search(held, "panels", Filters(members=("Farthing",))))) == ["D1-2"]
    await read(held, replace(DEBATE, id="D3"), after=1)
    await whole(held)
    assert [(each.member_id, each.said) for each in await members_like(held, "farthing")] == [(15, 2)]


async def test_prevent_the_programme_stands_above_prevent_the_verb(held: Archive) -> None:
    async with held.write() as connection:
        await connection.execute(
            text("INSERT INTO topical SELECT id, 'prevent' FROM contributions WHERE external_id IN ('D1-0', 'D1-4')")
        )
    found = await search(held, "prevent")
    assert set(ids(found)[:2]) == {"D1-0", "D1-4"} and found.total == 4
    async with held.write() as connection:
        await connection.execute(text("DELETE FROM topical"))
    await whole(held)


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("Lord Anderson", {"D1-3", "D2-0"}),
        ("Lord Anderson of Stow eels", {"D2-0"}),
        ("Baroness Jones of Moulsecoomb policing", {"D1-4"}),
        ("shadow home secretary schools", {"D1-0"}),
        ("Aldous Pym", {"D1-0"}),
        ("what did zoe farthing say about channel?", {"D1-2"}),
        ('"to be or not to be"', {"D1-0"}),
        ("to be or not to be", {"D1-0"}),
        ('"hate crime"', {"D1-4"}),
        ("prevent -duty -floods", {"D1-3", "D1-4"}),
        ("text:policing", {"D1-4"}),
    ],
)
async def test_names_offices_and_phrases_as_people_type_them(held: Archive, typed: str, wanted: set[str]) -> None:
    assert set(ids(await search(held, typed))) == wanted


async def test_what_was_given_up_is_said(held: Archive) -> None:
    found = await search(held, "Ivo Tench otters")
    assert found.notes and "nobody" not in found.notes[0] and "has not" in found.notes[0]
    assert "some of them" in (await search(held, "schools otters")).notes[0]
    assert (await search(held, "otters")).notes == ("Nothing has these words.",)
    assert "nothing to search for" in (await search(held, "AND (")).notes[0]
    assert (await search(held, "Lord Anderson of Stow")).notes == ("What Lord Anderson of Stow said.",)


@pytest.mark.parametrize(
    ("filters", "wanted"),
    [
        (Filters(party="Conservative"), {"D1-0"}),
        (Filters(party="Lib Dem"), {"D1-2"}),
        (Filters(house="House of Lords"), {"D2-0"}),
        (Filters(house="commons", members=(16,)), {"D1-1"}),
        (Filters(members=("pym", 15)), {"D1-0", "D1-2"}),
        (Filters(until=date(2024, 12, 31)), {"D2-0"}),
        (Filters(since=date(2023, 5, 4), until=date(2023, 5, 4)), {"D2-0"}),
        (Filters(since=date(2025, 2, 13)), set()),
        (Filters(kind="debate"), set()),
    ],
)
async def test_filters_narrow(held: Archive, filters: Filters, wanted: set[str]) -> None:
    found = await search(held, "schools panels eels", filters)
    assert set(ids(found)) == wanted and found.total == len(wanted)


@pytest.mark.parametrize(
    ("filters", "mend"),
    [
        (Filters(house="Senate"), "Commons or Lords"),
        (Filters(kind="song"), "article"),
        (Filters(since=date(2025, 2, 2), until=date(2025, 2, 1)), "earlier day first"),
        (Filters(members=("Farthng",)), "nearest: Zoë Farthing"),
    ],
)
async def test_a_filter_that_cannot_be_is_an_error_with_its_mend(held: Archive, filters: Filters, mend: str) -> None:
    with pytest.raises(InputError, match=mend):
        await search(held, "prevent", filters)


async def test_a_statement_repeated_in_the_lords_is_shown_once(held: Archive) -> None:
    words = "My right honourable friend has made this statement: Channel will be widened to every county by 2030."
    repeat = debate("Repeat", words, id="R", house="Lords")
    repeated = tuple(replace(each, voice=Voice.REPRINT) for each in repeat.contributions)
    await read(held, debate("First", words, id="F"), replace(repeat, contributions=repeated))
    found = await search(held, "widened county")
    assert ids(found) == ["F-0"] and found.total == 1


async def test_the_press_is_quoted_in_few_words(held: Archive) -> None:
    long = " ".join(f"word{n}" for n in range(40))
    await read(held, article("Press", f"{long} weasel {long}."))
    (found,) = (await search(held, "weasel", Filters(kind=Kind.ARTICLE.value))).results
    ((start, end),) = found.marks
    assert len(found.snippet.split()) == 25 and found.snippet[start:end] == "weasel"


@pytest.mark.parametrize(
    ("typed", "first"),
    [("fart", "Zoë Farthing"), ("zoe f", "Zoë Farthing"), ("jones of m", "Baroness Jones of Moulsecoomb")],
)
async def test_names_complete_as_they_are_typed(held: Archive, typed: str, first: str) -> None:
    assert (await members_like(held, typed))[0].name == first
    assert len(await members_like(held, "", limit=3)) == 3 and await members_like(held, "qq* OR") == []


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def kept(loop: asyncio.Runner, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    async def made(path: Path) -> Archive:
        archive = await open_archive(path)
        await read(archive, DEBATE, OLDER)
        return archive

    archive = loop.run(made(tmp_path_factory.mktemp("search") / "despatch.sqlite3"))
    yield archive
    loop.run(archive.close())


_PIECES = [
    '"',
    "'",
    "*",
    "(",
    ")",
    " AND ",
    " NEAR(",
    ":",
    "text:",
    "-",
    "^",
    ";--",
    "\x00",
    "\u202e",
    "Lord ",
    "%",
    "schools",
]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    query=st.one_of(st.text(max_size=60), st.lists(st.sampled_from(_PIECES), max_size=12).map("".join)),
    member=st.none() | st.text(max_size=20),
)
def test_nothing_typed_breaks_it_and_the_same_is_found_twice(
    loop: asyncio.Runner, kept: Archive, query: str, member: str | None
) -> None:
    filters = Filters(members=(member,) if member is not None else ())
    try:
        first = loop.run(search(kept, query, filters, limit=5))
    except InputError:
        return
    assert first == loop.run(search(kept, query, filters, limit=5))
    assert len(first.results) <= min(5, first.total) and all(0 <= each.score <= 1 for each in first.results)


def test_six_thousand_characters_are_cut(loop: asyncio.Runner, kept: Archive) -> None:
    found = loop.run(search(kept, "schools " * 750))
    assert found.total == 2 and "long" in found.notes[0]
