"""Frames: what a text says in no fixed words, as kinds of word that stand together in two or three sentences.

"Officials whose job is to spot youths on the road to terrorism closed his file" names nothing, yet holds a risk of
terrorism, somebody whose work it is and what became of a case. No one of these tells much; together they do.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from itertools import pairwise

from bot.topics.patterns import Phrases
from bot.topics.topic import Frame

MOST = 400
"""The most characters that are read as one stretch, where it holds more than one sentence."""
SENTENCES = 4
"""The most sentences that are read as one stretch."""

_END = re.compile(r"(?<=[.?!;])[\"”’']?\s+|\n+")


def stretches(text: str) -> Iterator[tuple[int, int]]:
    """Each sentence with those that follow it, so far as they are few and short enough to speak of one thing."""
    starts = [0, *(match.end() for match in _END.finditer(text)), len(text)]
    sentences = [(low, high) for low, high in pairwise(starts) if text[low:high].strip()]
    for index, (start, end) in enumerate(sentences):
        together = [high for _, high in sentences[index + 1 : index + SENTENCES] if high - start <= MOST]
        yield start, min(max([end, *together]), start + 2 * MOST)


class Sheet:
    """A text laid out for frames: its stretches, and where each group stands, looked for once however many ask."""

    __slots__ = ("_places", "lowered", "stretches", "text")

    def __init__(self, text: str, lowered: str) -> None:
        self.text, self.lowered = text, lowered
        self.stretches = tuple(stretches(text))
        self._places: dict[int, tuple[Phrases, list[int]]] = {}

    def places(self, group: Phrases) -> list[int]:
        """Where the group's words begin, in order."""
        known = self._places.get(id(group))
        if known is None:
            begins = [start for start, _ in group.spans(self.text, self.lowered)]
            known = self._places[id(group)] = (group, begins)
        return known[1]


def found(frame: Frame, sheet: Sheet, headed: Callable[[Phrases], bool]) -> Iterator[tuple[int, int]]:
    """Where a frame's first group begins with all of the others beside it, none of them told twice; and how many of
    the others the title had to lend, by `headed`: never all of them."""
    first, *others = frame.groups
    starts = sheet.places(first)
    last = -1
    for low, high in sheet.stretches if starts else ():
        begin = _within(starts, max(low, last + 1), high)
        if begin is None:
            continue
        absent = [group for group in others if _within(sheet.places(group), low, high) is None]
        if len(absent) == len(others) or not all(headed(group) for group in absent):
            continue
        if not frame.unless.found(sheet.text[low:high]):
            last = high - 1
            yield begin, len(absent)


def _within(starts: list[int], low: int, high: int) -> int | None:
    """The first of the starts that lies from low up to high."""
    index = bisect_left(starts, low)
    return starts[index] if index < len(starts) and starts[index] < high else None
