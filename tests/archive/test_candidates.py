"""Which of many matches are weighed: the latest said, however they were read."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

from bot.archive import Archive, candidates, search
from bot.archive.documents import save_reading
from tests.pipeline.world import DAY, NOON, debate


def test_time_is_walked_backwards_by_years_and_by_the_newest_ones_months_where_there_is_much() -> None:
    assert list(candidates.periods(date(2026, 3, 4), date(2024, 12, 31), 500)) == ["t2026", "t2025", "t2024"]
    found = list(candidates.periods(date(2026, 3, 4), date(2024, 12, 31), 10_000))
    assert found == ["t202603", "t202602", "t202601", "t2025", "t2024"]


async def test_what_a_backfill_read_last_does_not_stand_before_what_was_said_last(archive: Archive) -> None:
    said = [f"Contribution {n} on widgets." for n in range(search.WEIGHED + 40)]
    await save_reading(archive, debate("Now", *said[:60], id="N"), NOON)
    await save_reading(archive, debate("Then", *said[60:], id="T", day=DAY - timedelta(1000)), NOON)
    found = await search.search(archive, "widgets", limit=100)
    assert found.total == len(said)
    assert [each.date for each in found.results] == [DAY] * 60 + [DAY - timedelta(1000)] * 40


def test_what_meaning_adds_has_nothing_excluded_and_passes_every_filter() -> None:
    row = SimpleNamespace
    rows = [
        row(marked="Ferries were late.", speaker="A", facets="hlords0 t2025"),
        row(marked="Buses were late.", speaker="A", facets="hlords0 t2025"),
        row(marked="Buses were late.", speaker="A", facets="hcommons0 t2025"),
    ]
    groups = [("hlords0",), ("t2024", "t2025")]
    assert candidates.without(rows, '"ferry"', groups) == [rows[1]]
    assert candidates.without(rows, "", groups) == rows[:2] and candidates.without([], '"ferry"', groups) == []
