"""Contributions into sentences, with respect for how Hansard prints them.

Hansard's abbreviations ("right hon.", "Mr.", "No. 10", "Vol. 767, c. 95"), initials and quotations are why a parser's
own
sentence bounds are not used: it ends a sentence at every "hon.".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.domain import Contribution

_END = re.compile(r"[.!?…]+[”’\"')\]]*(?=\s+[“‘\"'(\[]*[A-Z0-9£])")
_ABBREVIATED = re.compile(
    r"(?:\b(?:hon|Hon|Mr|Mrs|Ms|Dr|Prof|Rev|Revd|St|Lt|Col|Gen|Capt|Sgt|Vol|vol|col|cols|cc?|pp?|para|paras|Cm|Cmnd"
    r"|vs?|e\.g|i\.e|etc|Inc|Ltd|Co|Jr|Sr|Bt|art|Art|sec|Sec|approx)\.|\b[A-Z]\.(?:[A-Z]\.)*)$"
)
_NUMBERED = re.compile(r"\bNos?\.$")
_ENDS_AFTER_ABBREVIATION = re.compile(r"\b(?:etc|Ltd|Inc|Co)\.$")
_PARAGRAPH = re.compile(r"\n\s*\n|\r?\n")


Key = tuple[str, int]
"""A sentence's contribution, by its id, and its place there."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence where it stands: `document` and `contribution` are indices, `paragraph` and `index` count within it.

    `text` is the source's own, white space folded."""

    contribution: Contribution
    document: int
    position: int
    paragraph: int
    index: int
    text: str

    @property
    def key(self) -> Key:
        """The same however its document was read."""
        return self.contribution.id, self.index

    @property
    def place(self) -> tuple[int, int, int]:
        """Where it stands among all that is read together."""
        return self.document, self.position, self.index

    @property
    def question(self) -> bool:
        return self.text.rstrip("”’\"') ").endswith("?")


def split(text: str) -> list[str]:
    """The sentences of one paragraph, in order, white space folded; joined by single spaces they are the paragraph."""
    text = " ".join(text.split())
    found: list[str] = []
    start = 0
    for end in _END.finditer(text):
        head = text[start : end.end()]
        ahead = text[end.end() :].lstrip()
        bare = head.rstrip("”’\"')]")
        if bare.endswith(".") and _joins(bare, ahead):
            continue
        if _inside_quotation(head) and len(head) < 600:
            continue
        found.append(head)
        start = end.end() + 1
    if tail := text[start:].strip():
        found.append(tail)
    return found


def _joins(head: str, ahead: str) -> bool:
    if _NUMBERED.search(head):
        return ahead[:1].isdigit()
    if _ENDS_AFTER_ABBREVIATION.search(head):
        return False
    return bool(_ABBREVIATED.search(head))


def _inside_quotation(head: str) -> bool:
    return head.count("“") > head.count("”")


def by_contribution(contributions: Iterable[tuple[int, Contribution]]) -> dict[str, list[Unit]]:
    """The sentences of each contribution by its id; contributions come with their document's index."""
    return {item.id: list(units([item], index)) for index, item in contributions}


def units(contributions: Iterable[Contribution], document: int = 0) -> Iterator[Unit]:
    """Every sentence of the contributions in order."""
    for position, item in enumerate(contributions):
        index = 0
        for number, paragraph in enumerate(filter(str.strip, _PARAGRAPH.split(item.text))):
            for text in split(paragraph):
                yield Unit(item, document, position, number, index, text)
                index += 1
