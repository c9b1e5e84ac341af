"""Moving the sample day moves the day's dates, however written, and nobody's history."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tests.standins.days import Shift
from tests.standins.loopback import SAMPLE, SAMPLE_DAY

SHIFT = Shift(SAMPLE_DAY, date(2026, 11, 23))


def test_each_way_of_writing_the_day_moves() -> None:
    assert SHIFT.text("2025-08-13T12:41:00") == "2026-11-23T12:41:00"
    assert SHIFT.text("2025-08-14_Lords_Debate") == "2026-11-24_Lords_Debate"
    assert SHIFT.text("Wed, 13 Aug 2025 13:05:00 GMT") == "Mon, 23 Nov 2026 13:05:00 GMT"
    assert SHIFT.text("on Wednesday 13 August.") == "on Monday 23 November."
    assert SHIFT.text("· 13 August 2025<") == "· 23 November 2026<"


def test_history_promises_and_things_that_are_no_dates_stay() -> None:
    for text in (
        "On 14 May 2023,",
        "2019-12-12T00:00:00",
        "by 31 October",
        "Monday 13 August",
        "990417-2025-08-13",
        "2025-13-45",
    ):
        assert SHIFT.text(text) == text


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_there_and_back_again_is_the_same_file(target: date) -> None:
    for path in ("publisher/courier/feed.xml", "whatson/events.json"):
        text = (SAMPLE / path).read_text(encoding="utf-8")
        moved = Shift(SAMPLE_DAY, target).text(text)
        assert target == SAMPLE_DAY or moved != text
        assert Shift(target, SAMPLE_DAY).text(moved) == text
