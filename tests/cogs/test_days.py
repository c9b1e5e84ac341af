"""Days as people write them."""

from __future__ import annotations

from datetime import date

import pytest

from bot.cogs.answering import Refusal
from bot.cogs.days import read_day, read_period

TODAY = date(2025, 2, 12)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2025-02-12", date(2025, 2, 12)),
        (" Today ", date(2025, 2, 12)),
        ("yesterday", date(2025, 2, 11)),
        ("11/02/2025", date(2025, 2, 11)),
        ("1.2.25", date(2025, 2, 1)),
        ("5 February 2025", date(2025, 2, 5)),
        ("Wednesday 5th of Feb 2025", date(2025, 2, 5)),
        ("Sept. 3, 2024", date(2024, 9, 3)),
        ("\u202e3\u200b Sept 2024", date(2024, 9, 3)),
    ],
)
def test_days_are_read_as_people_write_them(written: str, day: date) -> None:
    assert read_day(written, TODAY) == day


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("", "not a day"),
        ("2025-02-30", "not a day"),
        ("02/13/2025", "not a day"),
        ("2025", "not a day"),
        ("٢٠٢٥-٠٢-١٢", "not a day"),
        ("0000-01-01", "not a day"),
        ("@everyone [x](https://evil.example)", "not a day"),
        ("2025-02-13", "still to come"),
        ("1 January 1066", "1803"),
    ],
)
def test_what_is_no_day_is_refused_plainly(written: str, said: str) -> None:
    with pytest.raises(Refusal, match=said) as refused:
        read_day(written, TODAY)
    assert "@everyone" not in str(refused.value) and "https://" not in str(refused.value)


@pytest.mark.parametrize(
    ("since", "until", "period"),
    [
        ("2024", "2024", (date(2024, 1, 1), date(2024, 12, 31))),
        ("February 2024", "feb 2024", (date(2024, 2, 1), date(2024, 2, 29))),
        ("2024-02", "2025", (date(2024, 2, 1), TODAY)),
        (None, "11/02/2025", (None, date(2025, 2, 11))),
        ("today", "today", (TODAY, TODAY)),
    ],
)
def test_a_period_takes_months_and_years_whole(
    since: str | None, until: str | None, period: tuple[date | None, date | None]
) -> None:
    assert read_period(since, until, TODAY) == period


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        ("2025-02-01", "2024", "before it begins"),
        ("2026", None, "still to come"),
        (None, "March 2025", "still to come"),
        ("0000", None, "not a day"),
        ("Octember 2024", None, "not a day"),
        ("2024-13", None, "not a day"),
        ("9999", None, "still to come"),
    ],
)
def test_a_period_that_cannot_be_is_refused_plainly(since: str | None, until: str | None, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        read_period(since, until, TODAY)
