"""Days as people write them: 2025-02-12, 12/02/2025, 12 February 2025, yesterday; where a period may begin or end, also
February 2025 and 2025."""

from __future__ import annotations

import re
from calendar import month_abbr, month_name, monthrange
from datetime import date, timedelta

from bot import text
from bot.cogs.answering import Refusal

FIRST_DAY = date(1803, 1, 1)
"""Hansard begins in 1803."""

_MONTHS = {name.casefold(): number for names in (month_name, month_abbr) for number, name in enumerate(names) if name}
_MONTHS["sept"] = 9
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+)?"
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})", re.ASCII)
_FIGURES = re.compile(r"(?P<day>\d{1,2})([/.-])(?P<month>\d{1,2})\2(?P<year>\d{4}|\d{2})", re.ASCII)
_WORDS = re.compile(
    _WEEKDAY + r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>[a-z]+)\.?,?\s+(?P<year>\d{4})", re.ASCII
)
_MONTH_FIRST = re.compile(
    _WEEKDAY + r"(?P<month>[a-z]+)\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})", re.ASCII
)
_MONTH = re.compile(r"(?P<month>[a-z]+)\.?,?\s+(?P<year>\d{4})|(?P<year2>\d{4})-(?P<month2>\d{1,2})", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)


def read_day(written: str, today: date) -> date:
    """The day meant. Raises Refusal for what is no day, for one to come, and for one before Hansard."""
    day = _day(_plain(written), today)
    if day is None:
        raise _unreadable(written, today)
    return _checked(day, today)


def read_period(since: str | None, until: str | None, today: date) -> tuple[date | None, date | None]:
    """The first and last day meant, a month or a year whole. Raises Refusal as `read_day`, and for a reversed one."""
    first = _edge(since, today, last=False) if since else None
    final = _edge(until, today, last=True) if until else None
    if first and final and first > final:
        raise Refusal(
            f"That period ends ({text.day_words(final)}) before it begins ({text.day_words(first)}); "
            "change since and until round."
        )
    return first, final


def _edge(written: str, today: date, *, last: bool) -> date:
    wanted = _plain(written)
    if (day := _day(wanted, today)) is not None:
        return _checked(day, today)
    year, month = 0, 0
    if _YEAR.fullmatch(wanted):
        year = int(wanted)
    elif found := _MONTH.fullmatch(wanted):
        year = int(found["year"] or found["year2"])
        month = _month(found["month"] or found["month2"])
        if not month:
            raise _unreadable(written, today)
    if year < 1:
        raise _unreadable(written, today)
    first = _checked(date(year, month or 1, 1), today)
    final = date(year, month or 12, monthrange(year, month or 12)[1])
    return min(final, today) if last else first


def _plain(written: str) -> str:
    return text.clean(written).casefold()


def _day(wanted: str, today: date) -> date | None:
    if wanted in ("today", "yesterday"):
        return today - timedelta(days=wanted == "yesterday")
    for pattern in (_ISO, _FIGURES, _WORDS, _MONTH_FIRST):
        if found := pattern.fullmatch(wanted):
            year = found["year"]
            try:
                return date(int(year) + 2000 * (len(year) == 2), _month(found["month"]), int(found["day"]))
            except ValueError:
                return None
    return None


def _month(written: str) -> int:
    """1 to 12; 0 for what is no month."""
    number = int(written) if written.isdigit() else _MONTHS.get(written, 0)
    return number if 1 <= number <= 12 else 0


def _checked(day: date, today: date) -> date:
    if day > today:
        raise Refusal(f"{text.day_words(day)} is still to come; there is no record of it yet.")
    if day < FIRST_DAY:
        raise Refusal("Hansard begins in 1803; choose a later day.")
    return day


def _unreadable(written: str, today: date) -> Refusal:
    shown = text.escape(text.clean(written)[:40])
    return Refusal(
        f"“{shown}” is not a day that I can read; write it as {today.isoformat()} or {text.day_words(today)}."
    )
