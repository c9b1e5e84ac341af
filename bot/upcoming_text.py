"""Announced business as text: the words for a day, a time, a place and a title, for every medium.

A time is London's. Where none is given none is made up: the Chambers follow their Order Paper.
"""

from __future__ import annotations

from datetime import date

from bot import text
from bot.domain import Event

HEADING = "Coming up"
LONGEST, DETAIL, HOUSE = 160, 100, 40
"""Characters shown of a title, of an inquiry or a place, and of a House."""

_HOUSES = {"joint": "Both Houses", "both": "Both Houses"}


def day(event: Event) -> str:
    """ "Wednesday 2 December 2026", and of business that runs on "… to 4 December 2026"."""
    first = weekday(event.day)
    return first if event.last == event.day else f"{first} to {text.day_words(event.last)}"


def weekday(day: date) -> str:
    return f"{day:%A} {text.day_words(day)}"


def moment(event: Event) -> str:
    """The day, and "10:00" where a time is given."""
    return f"{day(event)}, {event.time:%H:%M}" if event.time else day(event)


def title(event: Event) -> str:
    """What it is on, with its inquiry or bill, cut at a word."""
    about = f" ({_cut(event.about, DETAIL)})" if event.about else ""
    return f"{_cut(event.title, LONGEST)}{about}"


def place(event: Event) -> str:
    """ "Commons Chamber, general debate", "Commons · Home Affairs Committee, oral evidence"."""
    house = _HOUSES.get((event.house or "").casefold(), _cut(event.house or "", HOUSE))
    venue = _cut(event.venue, DETAIL)
    if venue.startswith("Chamber"):
        return f"{house} {venue}" if house else venue
    return " · ".join(part for part in (house, venue) if part)


def plain(event: Event) -> list[str]:
    """The event for a terminal: a line, and its address on one of its own."""
    off = "cancelled: " if event.cancelled else ""
    lines = [f"- {moment(event)}: {off}{title(event)} · {place(event)}"]
    return [*lines, f"  <{url}>"] if (url := text.linkable(event.url)) else lines


def marked(event: Event) -> str:
    """The event as one line of Markdown, escaped, its title linked."""
    return f"- {moment(event)}: {marked_title(event)} · {text.escape(place(event))}"


def marked_title(event: Event) -> str:
    words, url = text.escape(title(event)), text.linkable(event.url)
    if event.cancelled:
        return f"**Cancelled:** ~~{words}~~"
    return f"[{words}]({url})" if url else words


def more(count: int) -> str:
    """What is said of those that are left out; "" for none."""
    return "" if not count else "And one more is announced." if count == 1 else f"And {count} more are announced."


def _cut(words: str, longest: int) -> str:
    whole = text.clean(words)
    return whole if len(whole) <= longest else whole[:longest].rsplit(" ", 1)[0] + " …"
