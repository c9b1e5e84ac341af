"""Figures of a text: numbers in digits or words, sums, percentages, fractions, days, months and years.

Two figures are equal where value and unit are, however they are written: '£3.5 billion' and '£3,500 million',
'thirty-four' and '34', '2025-02-12' and '12 February 2025'.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
_WORDS = {word: value for value, word in enumerate(_ONES)}
_WORDS |= {
    word: 10 * (place + 2)
    for place, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"])
}
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000, "trillion": 10**12}
_SCALES |= {"dozen": 12, "m": 1_000_000, "bn": 10**9, "k": 1_000, "tn": 10**12}
_ORDINALS = {
    "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
    "eleventh": 11, "twelfth": 12,
}  # fmt: skip
_FRACTIONS = {
    "half": 0.5,
    "third": 1 / 3,
    "thirds": 1 / 3,
    "quarter": 0.25,
    "quarters": 0.25,
    "fifth": 0.2,
    "fifths": 0.2,
    "tenth": 0.1,
}
MONTHS = "january february march april may june july august september october november december".split()
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_UNIT = re.compile(r"\s*(per\s?cent|percent|%|percentage points?|p\b|pence\b|pounds?\b|euros?\b|dollars?\b)", re.I)
_DIGITS = r"(?P<sign>[£€$]\s?)?(?P<digits>\d[\d,]*(?:\.\d+)?)(?P<tail>st|nd|rd|th|m|bn|k|tn)?(?![\w])"
_NUMBER_WORD = "|".join(
    [*_ONES[1:], *list(_WORDS)[20:], "hundred", "thousand", "million", "billion", "trillion", "dozen"]
)
_SPELT = rf"\b(?P<spelt>(?:{_NUMBER_WORD})(?:(?:\s+and\s+|[\s-]+)(?:{_NUMBER_WORD}))*)\b"
_FIGURE = re.compile(rf"{_DIGITS}|{_SPELT}", re.I)
_SCALE_AFTER = re.compile(r"\s?-?(hundred|thousand|million|billion|trillion|dozen|m|bn)\b", re.I)
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_SLASHED = re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b")
_FRACTION = re.compile(r"\b(?:(a|one|two|three|four)[\s-]+)?(half|thirds?|quarters?|fifths?|tenth)\b", re.I)
_DECADE = re.compile(r"\b(?:a|one|past|last) decade\b", re.I)
_ONE_IN = re.compile(rf"\bone in ({'|'.join(_ONES[2:])}|[1-9]\d?)\b(?![\s-](?:hundred|thousand|million))", re.I)
_ORDINAL = re.compile(rf"\b({'|'.join(_ORDINALS)})\b", re.I)
_CALENDAR = re.compile(
    rf"\b({'|'.join(month.title() for month in MONTHS)}|{'|'.join(day.title() for day in WEEKDAYS)})\b"
)
_MONTH_AS_VERB = re.compile(
    r"\bMay\b(?=\s+(?:I|he|she|we|it|they|the|this|God|not)\b)|\bMarch(?=\s+(?:on|against|through)\b)"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` is canonical text, `unit` one of '', '%', 'money', 'day', 'month', 'fraction'; `start` an offset."""

    value: str
    unit: str
    start: int
    text: str

    def agrees(self, other: Figure) -> bool:
        """Equal in value and unit; a plain number agrees with a day's ('the 12th', '12 February') and with a sum's."""
        if self.value != other.value:
            return False
        loose = {"", "day", "money"}
        return self.unit == other.unit or (self.unit in loose and other.unit in loose and "" in (self.unit, other.unit))


def _canonical(value: float) -> str:
    return f"{value:.6g}" if value < 10**6 else f"{value:.9g}"


def _spelt(words: list[str]) -> float:
    total = current = 0.0
    for word in words:
        if word in _WORDS:
            current += _WORDS[word]
        elif word in _SCALES and _SCALES[word] < 1_000:
            current = max(current, 1) * _SCALES[word]
        elif word in _SCALES:
            total += max(current, 1) * _SCALES[word]
            current = 0
    return total + current


def spell_dates(text: str) -> str:
    """Numeric dates, day first, spelt out; a day that no calendar has is left as it stands."""

    def spelt(year: str, month: str, day: str, whole: str) -> str:
        try:
            found = date(int(year), int(month), int(day))
        except ValueError:
            return whole
        return f"{found.day} {MONTHS[found.month - 1].title()} {found.year}"

    text = _ISO.sub(lambda hit: spelt(hit[1], hit[2], hit[3], hit[0]), text)
    return _SLASHED.sub(lambda hit: spelt(hit[3], hit[2], hit[1], hit[0]), text)


def _read(hit: re.Match[str], text: str) -> tuple[float, str, int]:
    end = hit.end()
    unit = "money" if hit["digits"] and hit["sign"] else ""
    if hit["digits"]:
        value = float(hit["digits"].replace(",", "").rstrip("."))
        tail = (hit["tail"] or "").lower()
        value *= _SCALES.get(tail, 1)
    else:
        value = _spelt(re.split(r"[\s-]+", hit["spelt"].lower().replace(" and ", " ")))
    if hit["digits"] and (scale := _SCALE_AFTER.match(text, end)):
        value *= _SCALES[scale[1].lower()]
        end = scale.end()
    if after := _UNIT.match(text, end):
        unit = "%" if after[1].lower().startswith(("per", "%")) else "money"
    return value, unit, end


def figures(text: str) -> list[Figure]:
    """Every figure in order. A lone 'one', 'first' and 'second' are words, not figures."""
    text = spell_dates(text)
    found: list[Figure] = []
    taken: set[int] = set()
    for hit in _FRACTION.finditer(text):
        if hit[2].lower() in {"third", "fifth", "tenth", "quarter"} and not hit[1]:
            continue
        many = {"two": 2, "three": 3, "four": 4}.get((hit[1] or "").lower(), 1)
        found.append(Figure(_canonical(many * _FRACTIONS[hit[2].lower()]), "fraction", hit.start(), hit[0]))
        taken.update(range(*hit.span()))
    for hit in _DECADE.finditer(text):
        found.append(Figure("10", "", hit.start(), hit[0]))
    for hit in _ONE_IN.finditer(text):
        parts = _spelt([hit[1].lower()]) if hit[1].isalpha() else float(hit[1])
        found.append(Figure(_canonical(1 / parts), "fraction", hit.start(), hit[0]))
        taken.update(range(*hit.span()))
    for hit in _FIGURE.finditer(text):
        if hit.start() in taken or (hit["spelt"] and hit["spelt"].lower() == "one"):
            continue
        value, unit, end = _read(hit, text)
        nearby = text[end : end + 14].lower().lstrip(" of")
        if (
            hit["digits"]
            and value <= 31
            and (nearby.startswith(tuple(MONTHS)) or hit["tail"] in {"st", "nd", "rd", "th"})
        ):
            unit = "day"
        found.append(Figure(_canonical(value), unit, hit.start(), text[hit.start() : end]))
    for hit in _ORDINAL.finditer(text):
        if hit.start() not in taken:
            found.append(Figure(_canonical(_ORDINALS[hit[1].lower()]), "day", hit.start(), hit[0]))
    verbs = {hit.start() for hit in _MONTH_AS_VERB.finditer(text)}
    for hit in _CALENDAR.finditer(text):
        if hit.start() not in verbs:
            found.append(Figure(hit[1].lower(), "month", hit.start(), hit[0]))
    return sorted(found, key=lambda figure: figure.start)


def of_date(day: date | None) -> list[Figure]:
    """The figures that a document's own date lends to every claim about it."""
    return figures(day.isoformat()) if day else []
