"""Questions with their answers, and criticism with its reply: what was said next to what a speaker said."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise

from bot.domain import Contribution, Sentence, Voice
from bot.summarise.people import Person, Side
from bot.summarise.phrase import Phraser
from bot.summarise.select import Candidates, Scored
from bot.summarise.sentences import Unit

_NEAR = 0.4
"""Cosine below which a sentence of the reply answers something else that was asked."""
_NEARLY = 0.1
"""How much further than the nearest sentence of the reply another may be and still be the answer."""


class Replies:
    """Who answered whom: the contribution of a minister that follows one of somebody else."""

    def __init__(self, found: Candidates, persons: dict[str, Person], sentences: dict[str, list[Unit]]) -> None:
        self._found = found
        self._persons = persons
        self._sentences = sentences

    @cached_property
    def _next(self) -> dict[str, str]:
        """The id of the minister's contribution that follows, by the id of the one that it answers."""
        spoken = [units[0].contribution for units in self._sentences.values() if units]
        spoken = [item for item in spoken if item.voice is Voice.SPEECH and not self._chairs(item)]
        return {
            item.id: after.id
            for item, after in pairwise(spoken)
            if self._ministerial(after) and not self._ministerial(item)
        }

    def to(self, item: Scored) -> str | None:
        """The id of the reply to the sentence's contribution, None where no minister speaks next."""
        return self._next.get(item.unit.contribution.id)

    def lines(self, item: Scored, phraser: Phraser) -> Iterator[tuple[Scored, Sentence]]:
        """What the reply says to the sentence, as lines with all their figures, the nearest to it first; nothing where
        the nearest sentence makes no line, since another would seem to answer what it does not."""
        reply = self.to(item)
        found = [other for other in self._found.scored if other.unit.contribution.id == reply] if reply else []
        likeness = {other.row: self._found.likeness(other, [item]) for other in found}
        least = max(_NEAR, max(likeness.values(), default=0.0) - _NEARLY)
        for other in sorted(found, key=lambda each: -likeness[each.row]):
            if likeness[other.row] >= least and (line := phraser.whole(other)):
                yield other, line

    def _chairs(self, item: Contribution) -> bool:
        person = self._persons.get(item.speaker or "")
        return person is not None and person.chair

    def _ministerial(self, item: Contribution) -> bool:
        person = self._persons.get(item.speaker or "")
        return person is not None and person.side is Side.MINISTER
