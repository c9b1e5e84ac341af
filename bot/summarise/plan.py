"""Which lines a digest is made of, and in what order: chosen one by one within a budget of words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from bot.domain import Origin, Point, Sentence, Voice
from bot.summarise.cues import Act
from bot.summarise.people import Person, Side
from bot.summarise.phrase import Phraser, joined
from bot.summarise.report import PRESS_FRAME
from bot.summarise.select import Candidates, Scored
from bot.summarise.write import written_apart

if TYPE_CHECKING:
    from bot.inference.writer import Writer

_REPETITION = 0.75
"""Cosine above which two sentences say the same thing twice."""
SUBSTANCE = 25
"""Words, courtesies apart, below which a speaker is not counted among those who said something."""
_QUOTATIONS = frozenset({Origin.QUOTED, Origin.SHORTENED})
_PLAIN_LENGTH = 22
"""Words above which a line of one who is neither minister nor front bench costs another speaker a line."""
_TRIES = 6
"""Sentences of one speaker tried for one line before giving up."""


@dataclass
class Plan:
    """The lines of a digest as they are chosen, within its budget of words."""

    found: Candidates
    phraser: Phraser
    persons: dict[str, Person]
    budget: int
    topical: bool = False
    in_order: bool = False
    brief: list[tuple[Scored, Sentence]] = field(default_factory=list)
    points: dict[str | None, list[tuple[Scored, Sentence]]] = field(default_factory=lambda: defaultdict(list))
    next: list[Sentence] = field(default_factory=list)
    chosen: list[Scored] = field(default_factory=list)

    def write(self, writer: Writer) -> None:
        """Let the writer report what the rules had to quote, and join neighbours; what the verifier does not find
        carried stays as it was."""
        opening = list(dict.fromkeys(line.speaker for _, line in self.brief))
        groups = [sorted((row for row in self.brief if row[1].speaker == speaker), key=_place) for speaker in opening]
        groups += [sorted(rows, key=_place) for rows in self.points.values()]
        made = written_apart(groups, self.phraser, writer, room=self.left())
        self.brief = [row for rows in made[: len(opening)] for row in rows]
        self.points.update(zip(self.points, made[len(opening) :], strict=True))

    def lines(self) -> Iterable[Sentence]:
        yield from (line for _, line in self.brief)
        for rows in self.points.values():
            yield from (line for _, line in rows)
        yield from self.next

    def opening(self) -> tuple[Sentence, ...]:
        """The brief: each speaker's lines in the order in which they were said, neighbours joined."""
        speakers = list(dict.fromkeys(line.speaker for _, line in self.brief))
        made: list[Sentence] = []
        for speaker in speakers:
            lines = [line for _, line in sorted(self.brief, key=_place) if line.speaker == speaker]
            person = self.persons.get(speaker or "")
            made += joined(lines, _frame(person))
        return tuple(made)

    def composed(self) -> tuple[Point, ...]:
        """The points: ministers first, then the opposition's front bench, then the rest in the order in which they
        spoke."""
        order = {speaker: place for place, speaker in enumerate(self.found.order)}
        first = [] if self.in_order else [self.lead, self.critic]
        speakers = sorted(
            (speaker for speaker, rows in self.points.items() if rows),
            key=lambda speaker: (first.index(speaker) if speaker in first else len(first), order.get(speaker, 0)),
        )
        made = []
        for speaker in speakers:
            rows = sorted(self.points[speaker], key=_place)
            person = self.persons.get(speaker or "")
            lines = tuple(line for _, line in rows)
            made.append(
                Point(
                    speaker,
                    person.party if person else None,
                    person.role if person else None,
                    joined(lines, _frame(person)),
                )
            )
        return tuple(made)

    @cached_property
    def lead(self) -> str | None:
        """The minister who said most."""
        words = Counter[str]()
        for item in self.found.scored:
            if self.side(item) is Side.MINISTER and item.unit.contribution.speaker:
                words[item.unit.contribution.speaker] += len(item.unit.text.split())
        return words.most_common(1)[0][0] if words else None

    @cached_property
    def critic(self) -> str | None:
        """The first of the opposition to speak at some length: by the House's custom, its front bench."""
        words = Counter[str]()
        for item in self.found.scored:
            if self.side(item) is Side.OPPOSITION and item.unit.contribution.speaker:
                words[item.unit.contribution.speaker] += len(item.unit.text.split())
        spoke = [speaker for speaker in self.found.order if speaker is not None and speaker in words]
        shadow = [s for s in spoke if "shadow" in (self.persons[s].role or "").lower()]
        front = [s for s in shadow if words[s] >= SUBSTANCE]
        if front:
            return front[0]
        return next((s for s in spoke if words[s] >= 60), max(spoke, key=lambda s: words[s], default=None))

    def ranked(self) -> list[str | None]:
        """Speakers by their best sentence."""
        return list(dict.fromkeys(item.unit.contribution.speaker for item in self.found.scored))

    def longest(self, speaker: str | None) -> str | None:
        """The contribution in which the speaker said most: a minister's statement, the front bench's reply to it."""
        words = Counter[str]()
        for item in self.found.of(speaker):
            words[item.unit.contribution.id] += len(item.unit.text.split())
        return words.most_common(1)[0][0] if words else None

    def side(self, item: Scored) -> Side:
        person = self.phraser.person(item.unit)
        return person.side if person is not None else Side.OTHER

    def left(self) -> int:
        return self.budget - sum(len(line.text.split()) for line in self.lines())

    def to_brief(self, speaker: str | None, acts: tuple[Act, ...] = (), *, only: bool = False) -> None:
        """The best sentence that names its speaker, of those acts if there is one; a quotation only for want of all
        else."""
        share = max(self.budget * 2 // 5, 25) - sum(len(line.text.split()) for _, line in self.brief)
        pool = self.found.of(speaker) if speaker is not None else list(self.found.scored)
        opening = self.longest(speaker)
        doing = [item for item in pool if item.act in acts and item.unit.contribution.id == opening]
        reported, quoted = frozenset({Origin.REPORTED}), _QUOTATIONS
        wider = () if only else ((pool, reported), (pool, quoted))
        for among, wanted in ((doing, reported), *wider):
            for item, line in self.fresh(among, share):
                if line.origin in wanted:
                    self.chosen.append(item)
                    self.brief.append((item, line))
                    return

    def to_point(self, speaker: str | None, *, prefer: Act | None = None, anyone: bool = False) -> None:
        pool = list(self.found.scored) if anyone else self.found.of(speaker)
        if prefer is not None:
            pool = sorted(pool, key=lambda item: (item.act is not prefer, -item.score))
        elif speaker not in (self.lead, self.critic):
            pool = sorted(pool, key=lambda item: _long(item) - item.score)
        for item, line in self.fresh(pool, self.left()):
            self.chosen.append(item)
            self.points[item.unit.contribution.speaker].append((item, line))
            return

    def to_next(self, lead: str) -> None:
        pool = [item for item in self.found.of(lead) if item.act is Act.UNDERTAKES]
        for item, line in self.fresh(pool, self.left()):
            self.chosen.append(item)
            self.next.append(line)
            return

    def fresh(self, pool: Sequence[Scored], room: int) -> Iterable[tuple[Scored, Sentence]]:
        """Lines of the pool that fit and say something that no chosen one says, best first."""
        tries = 0
        for item in pool:
            if item in self.chosen or self.found.likeness(item, self.chosen) > _REPETITION:
                continue
            tries += 1
            if tries > _TRIES:
                return
            line = self.phraser.line(item)
            if line is None or (item.unit.contribution.voice is Voice.REPORT and self._quotes_again(line)):
                continue
            if len(line.text.split()) <= min(room, self.left()):
                yield item, line

    def _quotes_again(self, line: Sentence) -> bool:
        """Whether it would be a second quotation: of a publisher's own words a digest takes one."""
        return line.origin in _QUOTATIONS and any(other.origin in _QUOTATIONS for other in self.lines())


def _frame(person: Person | None) -> str:
    return f"{person.name} said that" if person else PRESS_FRAME


def _long(item: Scored) -> float:
    return 0.015 * max(0, len(item.unit.text.split()) - _PLAIN_LENGTH)


def _place(row: tuple[Scored, Sentence]) -> tuple[int, int, int]:
    unit = row[0].unit
    return unit.document, unit.position, unit.index
