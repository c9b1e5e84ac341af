"""Which lines a digest is made of, and in what order: chosen one by one within a budget of words."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from bot.domain import Point, Sentence, Voice
from bot.summarise.answers import Replies
from bot.summarise.cues import Act, dated
from bot.summarise.fairness import criticised, unanswered
from bot.summarise.people import Person, Side
from bot.summarise.phrase import Phraser, joined, spoken_frame, told_at
from bot.summarise.select import Candidates, Scored
from bot.summarise.sentences import Key
from bot.summarise.write import written_apart

if TYPE_CHECKING:
    from bot.inference.writer import Writer

_REPETITION = 0.75
"""Cosine above which two sentences say the same thing twice."""
SUBSTANCE = 25
"""Words, courtesies apart, below which a speaker is not counted among those who said something."""
_FIGURE = re.compile(r"\d")
_SAME_FIGURES = 0.985
_TRIES = 6
"""Sentences of one speaker tried for one line before giving up."""
_COMPARED = 3
"""Lines of one speaker among which the first in reported speech is taken before a quotation."""
_OPENING_LINE = 32
"""The longest line of the brief."""
_OPENING_QUOTATION = 25
"""The longest quotation of the brief, which is to be read at a glance."""


@dataclass
class Plan:
    """The lines of a digest as they are chosen, within its budget of words; `held` of them are kept for the writer."""

    found: Candidates
    phraser: Phraser
    persons: dict[str, Person]
    budget: int
    held: int = 0
    topical: bool = False
    in_order: bool = False
    brief: list[tuple[Scored, Sentence]] = field(default_factory=list)
    points: dict[str | None, list[tuple[Scored, Sentence]]] = field(default_factory=lambda: defaultdict(list))
    next: list[Sentence] = field(default_factory=list)
    chosen: list[Scored] = field(default_factory=list)
    answers: dict[int, tuple[Scored, Sentence]] = field(default_factory=dict)
    told: set[Key] = field(default_factory=set)
    """The keys of the sentences that the lines tell, once the writer has joined others to those chosen."""

    def write(self, writer: Writer) -> None:
        """Let the writer report what the rules had to quote, and join neighbours; what the verifier does not find
        carried stays as it was."""
        opening = list(dict.fromkeys(line.speaker for _, line in self.brief))
        lists = [[row for row in self.brief if row[1].speaker == speaker] for speaker in opening]
        runs = [self._runs(sorted(rows, key=told_at)) for rows in (*lists, *self.points.values())]
        room, self.held = self.left() + self.held, 0
        every = [run for rows in runs for run in rows]
        self.told |= {item.unit.key for item in self.chosen}
        made = iter(written_apart(every, self.phraser, writer, room=room, told=self.told))
        lists = [[row for _ in rows for row in next(made)] for rows in runs]
        self.brief = [row for rows in lists[: len(opening)] for row in rows]
        self.points.update(zip(self.points, lists[len(opening) :], strict=True))

    def _runs(self, rows: Sequence[tuple[Scored, Sentence]]) -> list[list[tuple[Scored, Sentence]]]:
        """The lines as they may be joined: one that has its answer beside it stands alone."""
        runs: list[list[tuple[Scored, Sentence]]] = [[]]
        for row in rows:
            if row[0].row in self.answers:
                runs += [[row], []]
            else:
                runs[-1].append(row)
        return [run for run in runs if run]

    def lines(self) -> Iterable[Sentence]:
        yield from (line for _, line in self.brief)
        for rows in self.points.values():
            yield from (line for _, line in rows)
        yield from (line for _, line in self.answers.values())
        yield from self.next

    def opening(self) -> tuple[Sentence, ...]:
        """The brief: each speaker's lines in the order in which they were said, neighbours joined."""
        order = self.found.order if self.in_order else [line.speaker for _, line in self.brief]
        made: list[Sentence] = []
        for speaker in dict.fromkeys(order):
            made += self._told([row for row in self.brief if row[1].speaker == speaker], speaker)
        return tuple(made)

    def _told(self, rows: Sequence[tuple[Scored, Sentence]], speaker: str | None) -> tuple[Sentence, ...]:
        """One speaker's lines in the order in which they were said, each question with its answer, neighbours
        joined."""
        made: list[Sentence] = []
        plain: list[Sentence] = []
        frame = spoken_frame(self.persons.get(speaker or ""))
        for item, line in sorted(rows, key=told_at):
            if item.row in self.answers:
                made += [*joined(plain, frame, self.phraser.verifier), line, self.answers[item.row][1]]
                plain = []
            else:
                plain.append(line)
        return (*made, *joined(plain, frame, self.phraser.verifier))

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
            person = self.persons.get(speaker or "")
            party, role = (person.party, person.role) if person else (None, None)
            made.append(Point(speaker, party, role, self._told(self.points[speaker], speaker)))
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

    @property
    def heads(self) -> list[str]:
        """The minister and the opposition's front bench, as far as they are there."""
        return [speaker for speaker in (self.lead, self.critic) if speaker is not None]

    def ranked(self) -> list[str | None]:
        """Speakers by their best sentence."""
        return list(dict.fromkeys(item.unit.contribution.speaker for item in self.found.scored))

    def asked(self, speaker: str | None) -> bool:
        """Whether a minister answers the speaker."""
        return any(self.replies.to(item) for item in self.found.of(speaker))

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
        return self.budget - self.held - sum(len(line.text.split()) for line in self.lines())

    @cached_property
    def replies(self) -> Replies:
        return Replies(self.found, self.persons, self.phraser.sentences)

    def to_brief(
        self,
        speaker: str | None,
        acts: tuple[Act, ...] = (),
        *,
        only: bool = False,
        sums: bool = False,
        share: float = 0.4,
    ) -> None:
        """The best sentence that names its speaker, of those acts if there is one; a quotation only for want of all
        else, and then a short one. `sums` asks for one that tells a sum of money; `share` is the brief's part of the
        words."""
        room = max(int(self.budget * share), 25) - sum(len(line.text.split()) for _, line in self.brief)
        pool = self.found.of(speaker) if speaker is not None else list(self.found.scored)
        opening = self.longest(speaker)
        doing = [item for item in pool if item.act in acts and item.unit.contribution.id == opening]
        doing = [item for item in doing if not sums or "£" in item.unit.text]
        room = min(room, _OPENING_LINE)
        for among, reported in ((doing, True), *(() if only else ((pool, True), (pool, False)))):
            for item, line in self.fresh(among, room):
                short = len(line.text.split()) <= _OPENING_QUOTATION or self.budget < _OPENING_QUOTATION
                if (not line.origin.quotes) is reported and (reported or short) and self.fair(item, line):
                    self.brief.append((item, line))
                    self.chosen.append(item)
                    return

    def to_point(
        self,
        speaker: str | None,
        *,
        prefer: Callable[[Scored], bool] | None = None,
        anyone: bool = False,
        longest: int | None = None,
        answered: bool = False,
    ) -> bool:
        """One more line of the speaker, the first of the best few that could be reported; False where none fits.

        `prefer` puts some sentences first, `longest` bounds the line, `answered` takes the reply with it if that
        fits."""
        pool = list(self.found.scored) if anyone else self.found.of(speaker)
        if prefer is not None:
            pool = [*filter(prefer, pool), *(item for item in pool if not prefer(item))]
        room = self.left() if longest is None else min(longest, self.left())
        lines: list[tuple[Scored, Sentence]] = []
        for item, line in self.fresh(pool, room):
            lines.append((item, line))
            if not line.origin.quotes or len(lines) == _COMPARED:
                break
        lines.sort(key=lambda row: row[1].origin.quotes)
        for item, line in lines:
            if self.fair(item, line):
                self.chosen.append(item)
                self.points[item.unit.contribution.speaker].append((item, line))
                if answered:
                    self.to_answer(item)
                return True
        return False

    def to_answer(self, item: Scored) -> None:
        """The reply to a chosen line, where it fits and says what no chosen line says."""
        for other, answer in self.replies.lines(item, self.phraser) if item.row not in self.answers else ():
            if other not in self.chosen and len(answer.text.split()) <= self.left():
                self.answers[item.row] = (other, answer)
                self.chosen.append(other)
                return

    def fair(self, item: Scored, line: Sentence) -> bool:
        """Whether the line may be shown as things stand: criticism of somebody named only with the reply to it, if the
        document has one, and that reply is then taken too."""
        if not criticised(line, self.persons) or self.replies.to(item) is None:
            return True
        spent = len(line.text.split())
        for other, answer in self.replies.lines(item, self.phraser):
            if other not in self.chosen and spent + len(answer.text.split()) <= self.left():
                self.answers[item.row] = (other, answer)
                self.chosen.append(other)
                return True
        return False

    def unanswered(self) -> list[str]:
        """A note for each criticism of somebody named to which the document has no reply."""
        rows = [*self.brief, *(row for rows in self.points.values() for row in rows)]
        return unanswered(((line, item.row in self.answers) for item, line in rows), self.persons)

    def to_next(self, lead: str, *, longest: int | None = None) -> None:
        pool = [item for item in self.found.of(lead) if item.act is Act.UNDERTAKES]
        pool.sort(key=lambda item: not dated(item.unit.text))
        for item, line in self.fresh(pool, self.left() if longest is None else min(longest, self.left())):
            self.chosen.append(item)
            self.next.append(line)
            return

    def fresh(self, pool: Sequence[Scored], room: int) -> Iterable[tuple[Scored, Sentence]]:
        """Lines of the pool that fit and say something that no chosen one says, best first."""
        tries = 0
        for item in pool:
            if (
                item in self.chosen
                or item.unit.key in self.told
                or self.found.likeness(item, self.chosen) > self._alike(item)
            ):
                continue
            tries += 1
            if tries > _TRIES:
                return
            line = self.phraser.line(item)
            if line is None or (item.unit.contribution.voice is Voice.REPORT and self._quotes_again(line)):
                continue
            if len(line.text.split()) <= min(room, self.left()):
                yield item, line

    def free(self, item: Scored) -> bool:
        """Whether no line tells the sentence yet."""
        return item not in self.chosen and item.unit.key not in self.told

    def _alike(self, item: Scored) -> float:
        """The cosine that makes it a repetition: an answer's figures for two years are two things."""
        return _SAME_FIGURES if self.in_order and _FIGURE.search(item.unit.text) else _REPETITION

    def _quotes_again(self, line: Sentence) -> bool:
        """Whether it would be a second quotation: of a publisher's own words a digest takes one."""
        return line.origin.quotes and any(other.origin.quotes for other in self.lines())
