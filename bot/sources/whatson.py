"""What's On: the business that Parliament has announced for the days to come.

    /events/list.json?queryParameters.startDate=…&queryParameters.endDate=…    31 days a call at the very most

Texts have double spaces, and some come as objects with a `Name`. A time is empty where business follows the Order
Paper; a committee may be null; a House may be joint. An unknown name in a query is ignored with an unfiltered answer,
so each row's own days are looked at. Private meetings tell a reader nothing and are left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from bot.domain import Contribution, Document, Event, Kind, Voice
from bot.errors import SourceError
from bot.sources.fields import day_of, number, rows, table
from bot.sources.hansard_markup import line_of
from bot.sources.http import Client

SPAN = 28
"""Days a call, both ends included."""
MOST = 5_000
"""Events of a call; four busy weeks have some 600."""
LONGEST = 500
"""Characters kept of a title; a longer one is cut at a word."""

_ID = re.compile(r"[\w-]{1,40}")
_CLOCK = re.compile(r"\b([01]?\d|2[0-3])[:.]([0-5]\d)")
_PRIVATE = re.compile(r"\bprivate (?:meeting|session|discussion)\b", re.IGNORECASE)
_PLAIN_TYPES = {"main chamber": "Chamber", "select & joint committees": "Committee"}


@dataclass(frozen=True, slots=True)
class Announcement:
    """An event, and what it says of itself as a document to be judged; that is never kept."""

    event: Event
    said: Document


@dataclass(frozen=True, slots=True)
class Announced:
    """A reading of the days from `first` to `last`. `unread` counts rows that could not be understood: then nothing is
    known of what is not there."""

    first: date
    last: date
    found: tuple[Announcement, ...]
    unread: int = 0


class WhatsOn:
    """The source `whatson`. It gives announcements, never documents: nothing of it becomes a story."""

    name = "whatson"
    every: timedelta | None = timedelta(hours=6)

    def __init__(self, client: Client, base: str) -> None:
        self._client, self._base = client, base

    async def announced(self, first: date, last: date) -> Announced:
        """Everything announced for those days, both included. Raises SourceError where any of them was not read."""
        found: dict[str, Announcement] = {}
        unread = 0
        start = first
        while start <= last:
            end = min(start + timedelta(days=SPAN - 1), last)
            for row in await self._list(start, end):
                days = _days(row)
                if days is None or not _id(row):
                    unread += 1
                elif days[0] <= last and days[1] >= first and (read := _announcement(row, *days)) is not None:
                    found[read.event.id] = read
            start = end + timedelta(days=1)
        return Announced(first, last, tuple(found.values()), unread)

    async def _list(self, first: date, last: date) -> list[Mapping[str, Any]]:
        asked = {"queryParameters.startDate": first.isoformat(), "queryParameters.endDate": last.isoformat()}
        address = f"{self._base}/events/list.json"
        answer = await self._client.json(address, params=asked)
        if not isinstance(answer, list):
            raise SourceError(f"{address}: answered something that is not a list")
        if len(answer) > MOST:
            raise SourceError(f"{address}: answered {len(answer)} events for {SPAN} days")
        return rows(answer)


def _days(row: Mapping[str, Any]) -> tuple[date, date] | None:
    first = day_of(row.get("StartDate"))
    if first is None:
        return None
    return first, max(first, day_of(row.get("EndDate")) or first)


def _id(row: Mapping[str, Any]) -> str:
    value = row.get("Id")
    return str(number(value) or "") if not isinstance(value, str) else (value if _ID.fullmatch(value) else "")


def _announcement(row: Mapping[str, Any], first: date, last: date) -> Announcement | None:
    """None for a private meeting."""
    category, type_ = _said(row.get("Category")), _said(row.get("Type"))
    description, details = _said(row.get("Description")), _said(row.get("SummarisedDetails"))
    if any(_PRIVATE.search(each) for each in (category, description)):
        return None
    committee = table(row.get("Committee"))
    body = _said(committee)
    inquiries = [_said(each) for each in rows(committee.get("Inquiries"))]
    bill = _said(row.get("BillName"))
    title = description or details or next(filter(None, [*inquiries, bill]), "") or category or type_ or "Business"
    about = [each for each in [*inquiries, bill] if each and each.casefold() not in title.casefold()]
    what = "" if category.casefold() in title.casefold() else category
    place = body or _PLAIN_TYPES.get(type_.casefold(), type_)
    if place and what.casefold().startswith(place.casefold()):
        place = ""
    elif place and what[1:].islower():
        what = what[:1].lower() + what[1:]
    id_ = _id(row)
    event = Event(
        id=id_,
        day=first,
        last=last,
        title=_cut(title),
        venue=_cut(", ".join(filter(None, (place, what)))),
        about=_cut("; ".join(dict.fromkeys(about))),
        time=_time(row.get("StartTime")),
        house=_said(row.get("House")) or None,
        url=f"https://whatson.parliament.uk/event/cal{id_}",
        cancelled=bool(row.get("CancelledDate")),
    )
    members = [_said(each) for each in rows(row.get("Members"))]
    tags = [_said(each) for each in rows(row.get("Tags"))]
    lines = [description, details, *inquiries, bill, body, ", ".join(filter(None, members)), *tags]
    said = Document(
        source=WhatsOn.name,
        id=id_,
        kind=Kind.STATEMENT,
        title=event.title,
        contributions=tuple(
            Contribution(id=str(place), text=line, voice=Voice.REPORT)
            for place, line in enumerate(dict.fromkeys(filter(None, lines)))
        ),
        date=first,
        house=event.house,
    )
    return Announcement(event, said)


def _said(value: object) -> str:
    """A text field on one line: a string, or an object that says it as `Name` or `Description`; else ""."""
    if isinstance(value, dict):
        value = next((value[key] for key in ("Name", "Description") if isinstance(value.get(key), str)), "")
    return line_of(value) if isinstance(value, str) else ""


def _time(value: object) -> time | None:
    found = _CLOCK.match(_said(value))
    return time(int(found[1]), int(found[2])) if found else None


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST].rsplit(" ", 1)[0] + " …"
