"""What a contribution may be filtered by, as words of the full-text index: its kind, House, party, day, Member, office.

Words and filters are then met in one walk over one index, so that neither a common word nor a wide filter reads the
rows themselves. Every token is of letters and digits and ends in a digit, which keeps it from being stemmed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

TOPICAL = "about0"
"""Of a contribution that is about a topic itself; the archive's triggers add it and take it away."""
_LONGEST = 120
_NEITHER = bytes(n for n in range(128) if not chr(n).isalnum())


def fold(text: str) -> str:
    """Letters and digits alone, lower case, without accents: "Lab/Co-op" is "labcoop"."""
    if text.isascii():
        return text.lower().encode().translate(None, _NEITHER).decode()[:_LONGEST]
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in plain if c.isalnum())[:_LONGEST]


def member(number: int) -> str:
    return f"m{number}"


def name(speaker: str) -> str:
    return f"n{fold(speaker)}0"


def party(printed: str) -> str:
    return f"p{fold(printed)}0"


def house(of: str) -> str:
    return f"h{fold(of)}0"


def kind(of: str) -> str:
    return f"k{fold(of)}0"


def office(role: str) -> str:
    """The office, with or without its article."""
    return f"o{fold(role.removeprefix('The ').removeprefix('the '))}0"


def of_document(of_kind: str, of_house: str | None, day: date | None) -> str:
    """The tokens that all contributions of a document share."""
    found = [kind(of_kind), *([house(of_house)] if of_house else [])]
    return " ".join([*found, *([f"t{day:%Y}", f"t{day:%Y%m}", f"t{day:%Y%m%d}"] if day else [])])


def of_speaker(speaker: str | None, member_id: int | None, of_party: str | None, role: str | None) -> str:
    """The tokens of who speaks, each after a space."""
    found = [name(speaker)] if speaker else []
    found += [member(member_id)] if member_id and member_id > 0 else []
    found += [party(of_party)] if of_party else []
    found += [office(role)] if role else []
    return "".join(f" {token}" for token in found)


def days(since: date, until: date) -> Iterator[str]:
    """The fewest years, months and days that make up the time from one day to another, both included."""
    day = since
    while day <= until:
        year_end = date(day.year, 12, 31)
        month_end = (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        if (day.month, day.day) == (1, 1) and year_end <= until:
            yield f"t{day:%Y}"
            last = year_end
        elif day.day == 1 and month_end <= until:
            yield f"t{day:%Y%m}"
            last = month_end
        else:
            yield f"t{day:%Y%m%d}"
            last = day
        if last >= date.max:
            return
        day = last + timedelta(days=1)


def any_of(tokens: Iterable[str]) -> str:
    """An expression of FTS5 that asks for one of these tokens."""
    return "facets : (" + " OR ".join(f'"{token}"' for token in tokens) + ")"
