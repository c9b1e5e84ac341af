"""Which sentences a digest or an answer is made of: scored one by one by what was learnt of real summaries.

The trees say how much a summary takes of a sentence (salience.py). A topic is in no summary that they learnt from, so
where one is given its words and the acts that its readers look for are weighed by hand, and what was learnt is one
voice among them.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from bot.domain import Contribution, Voice
from bot.summarise.cues import Act, courtesy, procedure
from bot.summarise.features import ANAPHORA, ASKED, FIGURE, PERSONAL, SPEECH, UNCLEAR, VAGUE, Material
from bot.summarise.lexical import Bm25, content
from bot.summarise.people import Person, Side
from bot.summarise.salience import trees
from bot.summarise.sentences import Unit, units

if TYPE_CHECKING:
    from bot.inference.encoder import Encoder, Vectors

_MOST = 1200
"""Sentences encoded at most, about 12 s on two cores; a longer debate is thinned by its own frequent words first."""

_BROKEN_OFF = re.compile(r"[—–-][.?!]?[”’\"']?$")
_READ_OUT = re.compile(r"^(?!.*(?:^|\W)[‘'“\"]\w).*[.?!]['’”]+$", re.DOTALL)
"""The end of words that are somebody else's, read out: the quotation closes here and was opened before."""
_WORD = re.compile(r"[a-z][a-z'’-]{2,}")
_OPENS = re.compile(
    r"\bwelcome\b.{0,20} to (?:\w+ ){0,6}[^.]*\b(?:committee|meeting|session)\b|^(?:\w+,? ){0,8}item \d+\b|"
    r"\b(?:evidence|scrutiny) session\b|\b(?:stage \d proceedings|our inquiry)\b",
    re.IGNORECASE,
)
_OPENING = 4
"""Contributions at a meeting's head in which somebody may say what it is for."""
LONGEST_SENTENCE = 90
"""Words above which a sentence is a list, a table or a fault, and no line is made of it."""
_FEWEST_WORDS = 3
"""Words of three letters or more without which a sentence is a row of a table or a cry."""

_LEARNT = 0.25
"""What a standard deviation of the learnt score adds beside the weights below, where a topic is given."""
_WEIGHTS = {
    "centrality": 1.0,
    "topic": 0.9,
    "named": 0.35,
    "position": 0.25,
    "figure": 0.12,
    "anaphora": -0.5,
    "unclear": -0.25,
    "personal": -0.3,
    "vague": -0.25,
    "short": -0.5,
    "long": -0.25,
}
_ACTS = {
    Act.ANNOUNCES: 0.35,
    Act.UNDERTAKES: 0.3,
    Act.FINDS: 0.3,
    Act.CRITICISES: 0.3,
    Act.ASKS: 0.15,
    Act.SAYS: 0.0,
}


@dataclass(frozen=True, slots=True)
class Scored:
    """A sentence worth considering: what it does, how much it matters, where it points in the encoder's space.

    `clear` says that its words point at nothing outside it: only such a sentence can be quoted alone."""

    unit: Unit
    act: Act
    score: float
    row: int
    clear: bool = True


@dataclass(frozen=True)
class Candidates:
    """Every sentence worth considering, best first within each speaker, with the vectors to tell repetition by."""

    scored: tuple[Scored, ...]
    vectors: Vectors
    order: tuple[str | None, ...]

    def of(self, speaker: str | None) -> list[Scored]:
        return [item for item in self.scored if item.unit.contribution.speaker == speaker]

    def likeness(self, item: Scored, chosen: Sequence[Scored]) -> float:
        """The greatest cosine to a chosen sentence; 0 where none is chosen."""
        if not chosen:
            return 0.0
        rows = self.vectors[[other.row for other in chosen]]
        return float(np.max(rows @ self.vectors[item.row]))


def candidates(
    contributions: Iterable[tuple[int, Contribution]],
    people: dict[str, Person],
    encoder: Encoder,
    *,
    about: Sequence[str] = (),
    named: Callable[[str], bool] | None = None,
    question: str | None = None,
) -> Candidates:
    """Score every sentence that says something.

    `contributions` come with their document's index. `about` are sentences that describe the topic, `named` tells
    whether a sentence names it; without either, relevance has no weight. With a `question`, a sentence scores by what
    an answer would take of it."""
    return Reading(contributions, people, encoder).candidates(about=about, named=named, question=question)


class Reading:
    """The sentences of some contributions, encoded and counted once, whatever is then asked of them."""

    def __init__(
        self, contributions: Iterable[tuple[int, Contribution]], people: dict[str, Person], encoder: Encoder
    ) -> None:
        self._said = [(index, item) for index, item in contributions if item.voice in (Voice.SPEECH, Voice.REPORT)]
        self._people = people
        self._encoder = encoder

    def candidates(
        self,
        *,
        about: Sequence[str] = (),
        named: Callable[[str], bool] | None = None,
        question: str | None = None,
    ) -> Candidates:
        """As `candidates` says."""
        topical = bool(about) or named is not None
        material = self.asked_of(question) if question else self._plain if topical else self.opened
        if not material.found:
            return Candidates((), np.zeros((0, 1), dtype=np.float32), ())
        if question:
            rows = np.hstack([material.speech, material.asked(question)])
            scores = _standard(trees("asked", SPEECH + ASKED).predict(rows))
        else:
            scores = _standard(trees("general", SPEECH).predict(material.speech))
            if topical:
                scores = _LEARNT * scores + self._by_topic(material, about, named)
        scored = [
            Scored(unit, material.acts[row], float(scores[row]), row, _clear(unit.text))
            for row, unit in enumerate(material.found)
        ]
        order = tuple(dict.fromkeys(unit.contribution.speaker for unit in material.found))
        return Candidates(tuple(sorted(scored, key=lambda item: -item.score)), material.vectors, order)

    @cached_property
    def _plain(self) -> Material:
        return self._material(_thinned(self._usual))

    @cached_property
    def opened(self) -> Material:
        """The sentences of a digest on no topic: with those in which somebody says what the meeting is for."""
        return self._material(_thinned(self._sentences(opening=True)))

    def asked_of(self, question: str) -> Material:
        """The sentences that an answer is chosen from."""
        if len(self._usual) <= _MOST:
            return self._plain
        return self._material(_thinned(self._usual, question))

    @cached_property
    def _usual(self) -> list[Unit]:
        return self._sentences(opening=False)

    def _material(self, found: list[Unit]) -> Material:
        return Material(found, self._said, self._encoder, self._minister)

    def _minister(self, speaker: str | None) -> bool:
        person = self._people.get(speaker or "")
        return person is not None and person.side is Side.MINISTER

    def _sentences(self, *, opening: bool) -> list[Unit]:
        by_document: dict[int, list[Contribution]] = defaultdict(list)
        for index, item in self._said:
            person = self._people.get(item.speaker or "")
            if person is None or not person.chair:
                by_document[index].append(item)
        return _unrepeated(
            unit
            for index, items in by_document.items()
            for unit in units(items, index)
            if 5 <= len(unit.text.split()) <= LONGEST_SENTENCE
            and not _BROKEN_OFF.search(unit.text)
            and not _READ_OUT.match(unit.text)
            and " | " not in unit.text
            and len(_WORD.findall(unit.text.lower())) >= _FEWEST_WORDS
            and ((opening and opens(unit)) or not (courtesy(unit.text) or procedure(unit.text)))
        )

    def _by_topic(self, material: Material, about: Sequence[str], named: Callable[[str], bool] | None) -> Vectors:
        """How much each sentence is about the topic, and what its readers want of a sentence at all."""
        centre = material.centre()
        topical = self._encoder.encode(list(about)) if about else None
        lengths = Counter((unit.document, unit.contribution.id) for unit in material.found)
        scores = []
        for row, unit in enumerate(material.found):
            features = _plain_features(unit, lengths[unit.document, unit.contribution.id])
            features["centrality"] = float(material.vectors[row] @ centre)
            if topical is not None:
                features["topic"] = float(np.max(topical @ material.vectors[row]))
            if named is not None and named(unit.text):
                features["named"] = 1.0
            scores.append(sum(_WEIGHTS[name] * value for name, value in features.items()) + _ACTS[material.acts[row]])
        return np.array(scores, dtype=np.float32)


def opens(unit: Unit) -> bool:
    """Whether somebody says here, at the head of a meeting, what it is for."""
    return unit.position < _OPENING and bool(_OPENS.search(unit.text))


def _clear(text: str) -> bool:
    return not (ANAPHORA.match(text) or UNCLEAR.search(text))


def _standard(scores: Vectors) -> Vectors:
    spread = float(scores.std())
    return np.asarray((scores - scores.mean()) / (spread or 1.0), dtype=np.float32)


def _plain_features(unit: Unit, siblings: int) -> dict[str, float]:
    words = len(unit.text.split())
    return {
        "position": 1.0 / (1.0 + unit.index) if siblings > 2 else 0.5,
        "figure": float(bool(FIGURE.search(unit.text))),
        "anaphora": float(bool(ANAPHORA.match(unit.text))),
        "unclear": float(bool(UNCLEAR.search(unit.text))),
        "personal": float(bool(PERSONAL.search(unit.text))),
        "vague": float(bool(VAGUE.search(unit.text))),
        "short": float(words < 6),
        "long": float(words > 45),
    }


def _thinned(found: list[Unit], question: str | None = None) -> list[Unit]:
    """At most _MOST sentences: those about the question where one is asked, else those of the most frequent words."""
    if len(found) <= _MOST:
        return found
    words = [content(unit.text) for unit in found]
    counts = Counter(word for known in words for word in set(known))
    weights = np.array(
        [
            sum(counts[word] for word in set(known)) / (8 + len(set(known))) + (20.0 if unit.index < 2 else 0.0)
            for unit, known in zip(found, words, strict=True)
        ]
    )
    if question:
        near = Bm25(words).scores(content(question))
        weights = weights / weights.max() + 10 * np.convolve(near, np.ones(5), mode="same")
    kept = set(np.argsort(-weights, kind="stable")[:_MOST].tolist())
    return [unit for index, unit in enumerate(found) if index in kept]


def _unrepeated(found: Iterable[Unit]) -> list[Unit]:
    """Boilerplate that stands more than once is kept where it stands first."""
    seen: set[str] = set()
    kept = []
    for unit in found:
        key = re.sub(r"\W+", " ", unit.text.lower()).strip()
        if key not in seen:
            seen.add(key)
            kept.append(unit)
    return kept
