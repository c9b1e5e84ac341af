"""Move a sample sitting day to another date: every date near it, in every way that the data write one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

NEAR = timedelta(days=31)
"""Dates this close to the sample day belong to it and move with it; older and later ones are history or promises."""

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

_DATES = re.compile(
    rf"(?P<weekday>{'|'.join(WEEKDAYS)}) (?P<d1>\d{{1,2}}) (?P<m1>{'|'.join(MONTHS)})(?: (?P<y1>\d{{4}}))?\b"
    rf"|(?P<short>{'|'.join(day[:3] for day in WEEKDAYS)}), (?P<d2>\d{{2}}) (?P<m2>{'|'.join(m[:3] for m in MONTHS)})"
    r" (?P<y2>\d{4})\b"
    rf"|\b(?P<d3>\d{{1,2}}) (?P<m3>{'|'.join(MONTHS)}) (?P<y3>\d{{4}})\b"
    r"|(?<![\w-])(?P<y4>\d{4})-(?P<m4>\d{2})-(?P<d4>\d{2})(?=T|_|\b)"
)


@dataclass(frozen=True, slots=True)
class Shift:
    """From `origin`, the day in the files, to `target`, the day that a test wants."""

    origin: date
    target: date

    def day(self, value: date) -> date:
        return value + (self.target - self.origin)

    def text(self, text: str) -> str:
        """`text` with the dates near `origin` moved: `2025-08-13`, `Wed, 13 Aug 2025`, `13 August 2025` and
        `Wednesday 13 August` (only where that weekday is right, so that other years' days stay)."""
        return text if self.origin == self.target else _DATES.sub(self._moved, text)

    def _moved(self, found: re.Match[str]) -> str:
        try:
            old = self._read(found)
        except ValueError:
            return found[0]
        if old is None or abs(old - self.origin) > NEAR:
            return found[0]
        new = self.day(old)
        month = MONTHS[new.month - 1]
        if found["weekday"]:
            return f"{WEEKDAYS[new.weekday()]} {new.day} {month}" + (f" {new.year}" if found["y1"] else "")
        if found["short"]:
            return f"{WEEKDAYS[new.weekday()][:3]}, {new.day:02} {month[:3]} {new.year}"
        if found["d3"]:
            return f"{new.day} {month} {new.year}"
        return new.isoformat()

    def _read(self, found: re.Match[str]) -> date | None:
        if found["weekday"]:
            old = date(int(found["y1"] or self.origin.year), MONTHS.index(found["m1"]) + 1, int(found["d1"]))
            return old if WEEKDAYS[old.weekday()] == found["weekday"] else None
        if found["short"]:
            month = next(n for n, name in enumerate(MONTHS, 1) if name.startswith(found["m2"]))
            return date(int(found["y2"]), month, int(found["d2"]))
        if found["d3"]:
            return date(int(found["y3"]), MONTHS.index(found["m3"]) + 1, int(found["d3"]))
        return date(int(found["y4"]), int(found["m4"]), int(found["d4"]))
