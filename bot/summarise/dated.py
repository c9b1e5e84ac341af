"""When a question asks about: "last year", "in March 2024", "since the election of 2024", "first", "latest".

Days are Parliament's, in London; a year is a calendar year and a week begins on Monday."""

from __future__ import annotations

import re
from calendar import month_name, monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.summarise.refused import attributed


class Order(StrEnum):
    """Which of several answers is wanted."""

    OLDEST = "oldest"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class Dated:
    """A question without its dates: what was said on none but these days, both included, is asked for.

    `said` says that the day on which something was said is itself the answer."""

    text: str
    since: date | None = None
    until: date | None = None
    order: Order | None = None
    said: bool = False


_MONTHS = {name.lower(): number for number, name in enumerate(month_name) if name}
_MONTH = "|".join(_MONTHS)
_SMALL = dict(zip("one two three four five six seven eight nine ten eleven twelve".split(), range(1, 13), strict=True))
_DAY = rf"(?:(?P<iso>\d{{4}}-\d\d-\d\d)|(?P<d>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<m>{_MONTH}),? (?P<y>\d{{4}}))"
_PERIOD = rf"(?:{_DAY}|(?P<pm>{_MONTH}),? (?P<py>\d{{4}})|(?P<year>(?:18|19|20)\d\d))"
_AT = re.compile(
    rf"(?:^|[\s,(])(?P<how>in|on|during|since|after|before|until|from|by|as of)? ?(?:{_PERIOD}|"
    rf"(?P<rel>(?P<which>last|this|previous|past) (?P<span>year|month|week|session)|(?P<near>today|yesterday)|"
    rf"(?:the )?(?:last|past) (?P<count>\d{{1,3}}|{'|'.join(_SMALL)}|few|couple of) (?P<unit>day|week|month|year)s|"
    rf"(?P<ago>\d{{1,3}}|{'|'.join(_SMALL)}|a) (?P<agounit>day|week|month|year)s? ago|"
    rf"(?P<bare>{_MONTH})(?=[\s,?]|$)(?! \d)))(?=[\s,.?!)]|$)",
    re.IGNORECASE,
)
_FIRST = re.compile(
    r"\b(?:for the first time|the (?:earliest|first) (?:mention|time|promise|reference|commitment|"
    r"occasion)s?(?: of| that)?|"
    r"originally|initially)\b|(?<!the )(?<!their )(?<!her )(?<!his )(?<!its )\bfirst\b(?= \w+)",
    re.IGNORECASE,
)
_LATEST = re.compile(
    r"\b(?:most recently|most recent|latest|newest|(?<=did )(?:\w+ ){1,4}last(?= \w)|last (?:say|said|"
    r"mention\w*|speak|spoke|"
    r"ask\w*|rais\w+|debat\w+|discuss\w*))\b",
    re.IGNORECASE,
)
_SAYING = (
    r"(?:promis\w+|announc\w+|sa(?:y|id)|mention\w*|rais\w+|ask\w*|call\w* for|commit\w*|pledg\w+|undert\w+|debat\w+|"
    r"discuss\w*|speak|spoke|spoken|talk\w*|admit\w*|den(?:y|ied)|accept\w*|apologi[sz]\w+|propos\w+|suggest\w*|"
    r"warn\w*|"
    r"told|tell|confirm\w*|publish\w*|said)"
)
_WHEN_SAID = re.compile(
    rf"^(?:and |so |but )*(?:when|on (?:what|which) (?:day|date)|in (?:what|which) year) "
    rf"(?:did|was|were|has|have|had)\b[^?]*?\b{_SAYING}\b",
    re.IGNORECASE,
)
_DIRECTLY = re.compile(rf"\b{_SAYING}$|^$|\b(?:was|were|been) {_SAYING}$", re.IGNORECASE)


def dated(question: str, today: date) -> Dated:
    """The question's days read against today; a date that is none is left in the text. Never raises."""
    text, since, until, order = question, None, None, None
    for hit in _AT.finditer(question):
        period = _period(hit, today)
        if period is None:
            continue
        first, last = period
        how = (hit["how"] or "").lower()
        before = question[: hit.start()].rstrip(" ,(")
        if how in {"since", "after", "from"}:
            since = max(filter(None, (since, first)))
        elif how in {"before", "until", "by"}:
            until = min(filter(None, (until, last if how == "until" else first - timedelta(days=1))))
        elif hit["rel"] is None and not how and not _DIRECTLY.search(before):
            continue
        else:
            said = attributed(question) and (hit["rel"] is not None or bool(_DIRECTLY.search(before)))
            since, until = first, last if said and not hit["bare"] else None
            if hit["rel"] is None and not said:
                # "the attack in 2023" is told of in later years; its year stays a word of the question.
                continue
        text = text.replace(hit[0], " ", 1)
    if hit_first := _FIRST.search(text):
        order, text = Order.OLDEST, text[: hit_first.start()] + text[hit_first.end() :]
    elif hit_last := _LATEST.search(text):
        kept = re.sub(r"\b(?:most recently|most recent|latest|newest|last)\b", " ", hit_last[0], flags=re.IGNORECASE)
        order, text = Order.NEWEST, text[: hit_last.start()] + kept + text[hit_last.end() :]
    said = bool(_WHEN_SAID.search(question)) and not re.search(r"\bwill\b", question, re.IGNORECASE)
    text = re.sub(r"\s+([?.!,])", r"\1", " ".join(text.split()))
    return Dated(text or question, since, until, order, said)


def _period(hit: re.Match[str], today: date) -> tuple[date, date] | None:
    try:
        if hit["iso"]:
            day = date.fromisoformat(hit["iso"])
            return day, day
        if hit["d"]:
            day = date(int(hit["y"]), _MONTHS[hit["m"].lower()], int(hit["d"]))
            return day, day
        if hit["pm"]:
            return _month(int(hit["py"]), _MONTHS[hit["pm"].lower()])
        if hit["year"]:
            return date(int(hit["year"]), 1, 1), date(int(hit["year"]), 12, 31)
        if hit["bare"]:
            number = _MONTHS[hit["bare"].lower()]
            # "May" alone is as like to be a verb or a name, and a month to come is no day on which something was said.
            if number == 5 or not hit["how"]:
                return None
            return _month(today.year - (number > today.month), number)
        return _relative(hit, today)
    except ValueError:
        return None


def _relative(hit: re.Match[str], today: date) -> tuple[date, date]:
    if hit["near"]:
        day = today - timedelta(days=hit["near"].lower() == "yesterday")
        return day, day
    if hit["ago"]:
        first = _back(today, _number(hit["ago"]), hit["agounit"])
        return first, min(today, first + (today - _back(today, 1, hit["agounit"])))
    if hit["count"]:
        return _back(today, _number(hit["count"]), hit["unit"]), today
    span, this = hit["span"].lower(), hit["which"].lower() == "this"
    if span in {"year", "session"}:
        year = today.year - (not this)
        return date(year, 1, 1), date(year, 12, 31)
    if span == "month":
        first = today.replace(day=1) if this else (today.replace(day=1) - timedelta(days=1)).replace(day=1)
        return _month(first.year, first.month)
    monday = today - timedelta(days=today.weekday() + (0 if this else 7))
    return monday, monday + timedelta(days=6)


def _number(word: str) -> int:
    low = word.lower()
    return int(low) if low.isdigit() else {"few": 5, "couple of": 2, "a": 1}.get(low) or _SMALL[low]


def _back(today: date, count: int, unit: str) -> date:
    days = {"day": 1, "week": 7, "month": 31, "year": 366}[unit.lower()]
    return today - timedelta(days=min(count * days, (today - date(1803, 1, 1)).days))


def _month(year: int, number: int) -> tuple[date, date]:
    return date(year, number, 1), date(year, number, monthrange(year, number)[1])
