"""Contributions into sentences, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.domain import Contribution
from bot.splitting import split

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
