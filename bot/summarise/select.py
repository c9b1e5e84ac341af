"""Which sentences a digest is made of: scored one by one, then chosen to cover the debate with little repetition."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bot.domain import Contribution, Voice
from bot.summarise.cues import Act, act, courtesy, procedure
from bot.summarise.people import Person, Side
from bot.summarise.sentences import Unit, units

if TYPE_CHECKING:
    from bot.inference.encoder import Encoder, Vectors

_MOST = 1200
"""Sentences encoded at most, about 12 s on two cores; a longer debate is thinned by its own frequent words first."""

_ANAPHORA = re.compile(
    r"^(?:and |but |so |or )?(?:he|she|it|they|this|that|these|those|such|his|her|their|its|the (?:former|latter)|"
    r"both|neither|another)\b(?! (?:is|was) (?:right|important|clear|vital|essential|wrong) (?:that|to))",
    re.IGNORECASE,
)
_UNCLEAR = re.compile(
    r"\b(?:this|that|these|those|it|they|them|so)\b(?=\s+(?:is|was|are|were|has|have|had|will|would|can|could|"
    r"should|must|"
    r"does|did|do|may|might|happen\w*|mean\w*)\b|[.,;?!]|$)|\b(?:those|such|the same|another|other)\s+\w+|"
    r"\b(?:is|was|are|were|do|does|did|has|have|will|would|can|could) (?:that|this|it|they|those|these)\b|"
    r"^(?:because|which|that(?:'s|’s)|it(?:'s|’s)|if so)\b",
    re.IGNORECASE,
)
_BROKEN_OFF = re.compile(r"[—–-][.?!]?[”’\"']?$")
_PERSONAL = re.compile(r"\b(?:he|she|him|her|his|hers)\b", re.IGNORECASE)
_VAGUE = re.compile(
    r"\b(?:you|your|hon\. (?:friend|gentleman|lady|member)|noble (?:lord|baroness|friend)|some of (?:this|"
    r"that|those))\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"\b\d[\d,.]*\b|\b(?:per cent|million|billion|hundred|thousand|dozen)\b|[£%]")
_WORD = re.compile(r"[a-z][a-z'’-]{2,}")
LONGEST_SENTENCE = 90
"""Words above which a sentence is a list, a table or a fault, and no line is made of it."""
_FEWEST_WORDS = 3
"""Words of three letters or more without which a sentence is a row of a table or a cry."""
_STOP = frozenset(
    "the and that this with for are was were has have had not but they them their there which will would from "
    "been about our you your who what when how why can could should may might must shall all any also into "
    "than then these those its his her him she did does done because more most some such very just only other "
    "over under upon out one two".split()
)

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
) -> Candidates:
    """Score every sentence that says something.

    `contributions` come with their document's index. `about` are sentences that describe the topic, `named` tells
    whether
    a sentence names it; without either, relevance has no weight."""
    by_document: dict[int, list[Contribution]] = defaultdict(list)
    for index, item in contributions:
        if item.voice in (Voice.SPEECH, Voice.REPORT) and not _chairs(item, people):
            by_document[index].append(item)
    found = [
        unit
        for index, items in by_document.items()
        for unit in units(items, index)
        if not courtesy(unit.text)
        and not procedure(unit.text)
        and 5 <= len(unit.text.split()) <= LONGEST_SENTENCE
        and not _BROKEN_OFF.search(unit.text)
        and len(_WORD.findall(unit.text.lower())) >= _FEWEST_WORDS
    ]
    found = _unrepeated(_thinned(found))
    if not found:
        return Candidates((), np.zeros((0, 1), dtype=np.float32), ())
    vectors = encoder.encode([unit.text for unit in found])
    centre = _centre(found, vectors)
    topical = encoder.encode(list(about)) if about else None
    lengths = Counter(unit.contribution.id for unit in found)
    scored = []
    for row, unit in enumerate(found):
        person = people.get(unit.contribution.speaker or "")
        doing = act(unit.text, question=unit.question, minister=person is not None and person.side is Side.MINISTER)
        features = _features(unit, lengths[unit.contribution.id])
        features["centrality"] = float(vectors[row] @ centre)
        if topical is not None:
            features["topic"] = float(np.max(topical @ vectors[row]))
        if named is not None and named(unit.text):
            features["named"] = 1.0
        total = sum(_WEIGHTS[name] * value for name, value in features.items()) + _ACTS[doing]
        clear = not (features["anaphora"] or features["unclear"])
        scored.append(Scored(unit, doing, total, row, clear))
    order = tuple(dict.fromkeys(unit.contribution.speaker for unit in found))
    return Candidates(tuple(sorted(scored, key=lambda item: -item.score)), vectors, order)


def _chairs(item: Contribution, people: dict[str, Person]) -> bool:
    person = people.get(item.speaker or "")
    return person is not None and person.chair


def _features(unit: Unit, siblings: int) -> dict[str, float]:
    words = len(unit.text.split())
    return {
        "position": 1.0 / (1.0 + unit.index) if siblings > 2 else 0.5,
        "figure": float(bool(_FIGURE.search(unit.text))),
        "anaphora": float(bool(_ANAPHORA.match(unit.text))),
        "unclear": float(bool(_UNCLEAR.search(unit.text))),
        "personal": float(bool(_PERSONAL.search(unit.text))),
        "vague": float(bool(_VAGUE.search(unit.text))),
        "short": float(words < 6),
        "long": float(words > 45),
    }


def _centre(found: Sequence[Unit], vectors: Vectors) -> Vectors:
    """The mean direction, each contribution counting by the square root of its length so that no one speaker is all."""
    lengths = Counter((unit.document, unit.contribution.id) for unit in found)
    weights = np.array(
        [1.0 / np.sqrt(lengths[unit.document, unit.contribution.id]) for unit in found], dtype=np.float32
    )
    middle = (vectors * weights[:, None]).sum(0)
    norm = float(np.linalg.norm(middle))
    return np.asarray(middle / norm if norm else middle, dtype=np.float32)


def _thinned(found: list[Unit]) -> list[Unit]:
    if len(found) <= _MOST:
        return found
    counts = Counter(word for unit in found for word in set(_WORD.findall(unit.text.lower())) - _STOP)

    def weight(unit: Unit) -> float:
        words = set(_WORD.findall(unit.text.lower())) - _STOP
        return sum(counts[word] for word in words) / (8 + len(words)) + (20.0 if unit.index < 2 else 0.0)

    kept = set(sorted(range(len(found)), key=lambda index: -weight(found[index]))[:_MOST])
    return [unit for index, unit in enumerate(found) if index in kept]


def _unrepeated(found: list[Unit]) -> list[Unit]:
    """Boilerplate that stands more than once is kept where it stands first."""
    seen: set[str] = set()
    kept = []
    for unit in found:
        key = re.sub(r"\W+", " ", unit.text.lower()).strip()
        if key not in seen:
            seen.add(key)
            kept.append(unit)
    return kept
