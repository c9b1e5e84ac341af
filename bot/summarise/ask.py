"""A question answered in the document's own words, or told that the document does not say.

The sentences that bear on the question are chosen by what was learnt of real answers, made into lines by rule,
quotation or the writer, and verified one by one. A question about one person's words is answered with that person's
words alone.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, cast

import numpy as np

from bot.domain import Answer, Document, Origin, Sentence, Source, Voice
from bot.summarise.answerable import Gate, Look
from bot.summarise.asked import Asked, Wants, read_question
from bot.summarise.language import foreign
from bot.summarise.people import people
from bot.summarise.phrase import Phraser, joined, spoken_frame, told_at
from bot.summarise.select import Candidates, Scored
from bot.summarise.select import Reading as Ranking
from bot.summarise.sentences import Unit, by_contribution
from bot.summarise.verify import Verifier
from bot.summarise.write import written
from bot.text import clean

if TYPE_CHECKING:
    from bot.inference.encoder import Encoder, Vectors
    from bot.inference.models import Models

DEFAULT_WORDS = 120
LONGEST = 1_000
"""Characters: what is longer is no question that one answer could meet."""
_REPETITION = 0.8
"""Cosine above which two sentences say the same thing twice."""
_TRIES = 40
"""Sentences tried for the lines of one answer."""
_SHORTEST = 6
"""Words below which no line is worth looking for in what is left of the budget."""
_BESIDE = 0.3
"""What a sentence gains by standing beside a chosen one, where a score's standard deviation is 1."""
_SURE = 0.5
"""A score, in standard deviations, that needs no word of the question beside it."""
_FLOOR = 0.6
"""The share of the best sentence's relevance that any other must have."""
_AGAIN = 0.1
"""What each line that a speaker already has costs the next, where everybody's words are asked for."""
_NEAREST = 5
"""Sentences tried for what comes nearest to a question that is not answered."""
_LINKED = 60
"""Words that two neighbouring sentences may have in one quotation."""

Line = tuple[Scored, Sentence]


def answer(models: Models, document: Document, question: str, *, max_words: int = DEFAULT_WORDS) -> Answer:
    """What the document says to the question, in at most `max_words` words. Raises ModelError where a model cannot be
    used."""
    return Reader(models, [document]).answer(question, max_words=max_words)


class Reader:
    """Documents made ready for questions and read as one: each sentence is encoded and parsed once, however many are
    asked. An id that two documents share is told apart by its document's id. `what` they are called in a refusal.
    `spare` ends an answer where nothing more comes near the best of it, though words are left: what an archive gives is
    of many debates."""

    def __init__(
        self, models: Models, documents: Sequence[Document], *, what: str = "document", spare: bool = False
    ) -> None:
        self._models = models
        self._documents = _told_apart(documents)
        self._indexed = [(index, item) for index, document in enumerate(self._documents) for item in document.spoken()]
        self._people = people((item for _, item in self._indexed), documents[0].date)
        encoder = cast("Encoder", _Remembering(models.encoder))
        self._what, self._spare = what, spare
        self._gate = Gate(self._documents, self._indexed, encoder, what=what)
        self._ranking = Ranking(self._indexed, self._people, encoder)
        self._phrasers: dict[int, Phraser] = {}
        self._language = foreign(" ".join(item.text for _, item in self._indexed))

    def answer(self, question: str, *, max_words: int = DEFAULT_WORDS, wants: Wants | None = None) -> Answer:
        """What the documents say to the question, in at most `max_words` words: no sentences where they do not say it,
        and notes that say why. `wants` stands for what the question's own words ask for. Never raises on any
        question."""
        started = time.monotonic()
        sentences, notes, near = self._answered(clean(question), max_words, wants)
        used = dict.fromkeys(id_ for line in (*sentences, *near) for id_ in line.evidence)
        sources = self._sources(used)
        return Answer(
            question=question,
            answered=bool(sentences),
            sentences=tuple(sentences),
            notes=tuple(notes),
            seconds=time.monotonic() - started,
            links={source.id: source.url for source in sources if source.url},
            sources=sources,
        )

    def _sources(self, ids: Iterable[str]) -> tuple[Source, ...]:
        found = {item.id: (self._documents[index], item) for index, item in self._indexed}
        return tuple(
            Source(
                id_,
                document.title,
                document.date,
                document.house,
                item.url or document.url,
                item.speaker,
                item.party,
                item.role,
            )
            for id_, (document, item) in ((id_, found[id_]) for id_ in ids)
        )

    def _answered(
        self, question: str, most: int, wants: Wants | None
    ) -> tuple[Sequence[Sentence], list[str], Sequence[Sentence]]:
        """The lines, the notes, and the line that a note gives as the nearest."""
        if len(question) > LONGEST:
            return (), [f"The question is longer than {LONGEST:,} characters; ask one thing at a time."], ()
        asked = read_question(question, (item for _, item in self._indexed), self._people, self._models.parser)
        asked = asked if wants is None else replace(asked, wants=wants)
        look = self._gate.look(asked)
        if why := look.refusal():
            near = self._nearest(asked, look)
            return (), [why, *(self._as_note(line) for line in near)], near
        notes = []
        if self._language:
            notes.append(f"The text is in {self._language}; it is quoted, not summarised.")
        found = self._ranking.candidates(question=asked.text)
        lines = self._chosen(found, asked, look, most)
        if not lines:
            why = f"The {self._what} says nothing on it that can be reported or quoted by itself."
            near = self._nearest(asked, look)
            return (), [*notes, why, *(self._as_note(line) for line in near)], near
        writer = self._models.writer
        if writer is not None and not self._language:
            room = most - sum(len(line.text.split()) for _, line in lines)
            for index, phraser in self._phrasers.items():
                own = [row for row in lines if row[0].unit.document == index]
                others = [row for row in lines if row[0].unit.document != index]
                before = sum(len(line.text.split()) for _, line in own)
                own = written(own, phraser, writer, room=room)
                room -= max(0, sum(len(line.text.split()) for _, line in own) - before)
                lines = sorted([*others, *own], key=told_at)
        return self._told(lines), notes, ()

    def _nearest(self, asked: Asked, look: Look) -> Sequence[Sentence]:
        """The line that comes nearest to a question that is not answered, if one comes near."""
        if look.silent():
            return ()
        for item in self._ranking.candidates(question=asked.text).scored[:_NEAREST]:
            if look.near(item.unit) and (line := self._line(item)) is not None:
                return (line,)
        return ()

    def _as_note(self, line: Sentence) -> str:
        said = f"{line.speaker}: {line.text}" if line.origin.quotes and line.speaker else line.text
        return f"The nearest thing that it does say: {said}"

    def _chosen(self, found: Candidates, asked: Asked, look: Look, most: int) -> list[Line]:
        """The best lines, one by one, until the words are spent: beside what is chosen rather than far from it, and
        spread over the speakers where everybody's words are asked for. In the order in which they were said."""
        heard = [
            item for item in found.scored if not asked.speakers or item.unit.contribution.speaker in asked.speakers
        ]
        met = [item for item in heard if self._spare and look.meets(item.unit)]
        floor = look.floor(_FLOOR) if self._spare else 0.0
        rest = [
            item
            for item in heard
            if (look.bears(item.unit) or (item.score >= _SURE and not look.exact))
            and look.relevance(item.unit) >= floor
        ]
        told = asked.premise is not None
        return self._filled(found, met, asked, most, quoted=told) or self._filled(found, rest, asked, most)

    def _filled(
        self, found: Candidates, items: Iterable[Scored], asked: Asked, most: int, *, quoted: bool = False
    ) -> list[Line]:
        """Lines of these sentences until the words are spent; `quoted` in their own words where that can be, for a part
        of a sentence that tells of an act may not tell of it."""
        free = {item.row: item for item in items}
        lines: list[Line] = []
        taken: list[Scored] = []
        left = most
        for _ in range(_TRIES):
            if not free or left < _SHORTEST:
                break
            had = Counter(item.unit.contribution.speaker for item in taken)

            def worth(item: Scored, had: Counter[str | None] = had) -> float:
                again = 0 if asked.speakers else had[item.unit.contribution.speaker]
                return item.score + _BESIDE * _beside(item, taken) - _AGAIN * again

            best = max(free.values(), key=worth)
            del free[best.row]
            if found.likeness(best, taken) > _REPETITION:
                continue
            line = (quoted and self._phraser(best.unit.document).quoted(best)) or self._line(best)
            if line is None:
                if (linked := self._linked(best, lines, left)) is not None:
                    place, line = linked
                    left -= len(line.text.split()) - len(lines[place][1].text.split())
                    lines[place] = (lines[place][0], line)
                    taken.append(best)
                continue
            if len(line.text.split()) <= left and not self._quotes_press_again(line, best, lines):
                lines.append((best, line))
                taken.append(best)
                left -= len(line.text.split())
        return sorted(lines, key=told_at)

    def _linked(self, item: Scored, lines: Sequence[Line], left: int) -> tuple[int, Sentence] | None:
        """A sentence that leans on the one before it, quoted after it where that is quoted whole: the line's place and
        what it becomes."""
        unit = item.unit
        for place, (other, line) in enumerate(lines):
            before = other.unit
            follows = before.contribution.id == unit.contribution.id and before.index == unit.index - 1
            if not follows or line.origin is not Origin.QUOTED or line.text != f"“{before.text}”":
                continue
            text = f"“{before.text} {unit.text}”"
            more = len(unit.text.split())
            if (
                "“" in unit.text
                or len(text.split()) > _LINKED
                or more > left
                or unit.contribution.voice is Voice.REPORT
            ):
                return None
            made = self._phraser(unit.document).verified(text, Origin.QUOTED, before, unit)
            return None if made is None else (place, made)
        return None

    def _quotes_press_again(self, line: Sentence, item: Scored, lines: Sequence[Line]) -> bool:
        """Whether it would be a second quotation of a publisher's own words."""
        press = item.unit.contribution.voice is Voice.REPORT and line.origin.quotes
        return press and any(other.origin.quotes for _, other in lines)

    def _told(self, lines: Sequence[Line]) -> list[Sentence]:
        """One speaker's neighbouring lines joined, where the whole is carried too."""
        made: list[Sentence] = []
        for (document, speaker), group in groupby(lines, key=lambda row: (row[0].unit.document, row[1].speaker)):
            frame = spoken_frame(self._people.get(speaker or ""))
            made += joined([line for _, line in group], frame, self._phraser(document).verifier)
        return made

    def _line(self, item: Scored) -> Sentence | None:
        return self._phraser(item.unit.document).line(item)

    def _phraser(self, index: int) -> Phraser:
        if index not in self._phrasers:
            document, parser = self._documents[index], self._models.parser
            by_id = by_contribution((index, item) for item in document.spoken())
            verifier = Verifier(document, parser, self._models.encoder)
            here = people(document.spoken(), document.date)
            self._phrasers[index] = Phraser(parser, verifier, here, by_id)
        return self._phrasers[index]


class _Remembering:
    """The encoder, each text encoded once."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder, self.name = encoder, encoder.name
        self._known: dict[str, Vectors] = {}

    def encode(self, texts: Sequence[str]) -> Vectors:
        if new := [text for text in dict.fromkeys(texts) if text not in self._known]:
            self._known.update(zip(new, self._encoder.encode(new), strict=True))
        return np.array([self._known[text] for text in texts]) if texts else self._encoder.encode([])


def _beside(item: Scored, taken: Sequence[Scored]) -> bool:
    return any(_near(item.unit, other.unit) for other in taken)


def _near(here: Unit, there: Unit) -> bool:
    same = here.document == there.document and here.contribution.id == there.contribution.id
    return same and abs(here.index - there.index) <= 2


def _told_apart(documents: Sequence[Document]) -> list[Document]:
    seen: set[str] = set()
    told = []
    for document in documents:
        items = tuple(
            replace(item, id=f"{document.id}/{item.id}") if item.id in seen else item for item in document.contributions
        )
        seen |= {item.id for item in items}
        told.append(replace(document, contributions=items))
    return told
