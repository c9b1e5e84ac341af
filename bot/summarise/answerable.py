"""Does the document say anything to the question? A few scores, weighed by a small logistic regression.

`training/answerable.py` fits it: questions of one meeting are asked of another. What no weight may decide stands before
it: a stranger's words, a number or a time that nothing gives, an opinion, a prediction, an order.
"""

from __future__ import annotations

import json
import math
import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from importlib.resources import files
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.domain import Contribution, Document
from bot.summarise.asked import OFFICE, Asked, Wants
from bot.summarise.given import BECAUSE, FIGURE, TIME, counts
from bot.summarise.lexical import Bm25, content
from bot.summarise.people import minister
from bot.summarise.premise import GOVERNMENT
from bot.summarise.refused import ORDER
from bot.summarise.sentences import Unit, units

if TYPE_CHECKING:
    from bot.inference.encoder import Vectors
    from bot.summarise.verifying.likeness import Encodes

SCORES = (
    "best cosine", "best window", "speaker's best", "words in the document", "words in one passage",
    "words in one sentence", "words and cosine", "speaker's words", "setting's words", "names", "speaker named",
    "sentences", "BM25 of a sentence", "BM25 of a passage", "BM25 of a turn", "words asked", "their rarity",
)  # fmt: skip
_MONEY = frozenset(content("money funding funded spent spend spending cost costs costing budget paid pay allocated"))
SHORT = 250
"""Sentences below which a document is judged as the part of one: its words are few, and so are its subjects."""
_WILL = re.compile(r"\b(?:will|shall|going to|intend to|is to|are to|to be|from \d|by \d)\b|[’']ll\b", re.IGNORECASE)
_WHO_ASKED = re.compile(
    r"\b(?:who|which (?:\w+ )?(?:members?|mps?|peers?|lords))\b[^?]*\b(?:asks?|asked|raised|raises|put|questioned)\b",
    re.IGNORECASE,
)
_REACH = 2
"""Sentences on either side that may hold the words of the question which one of them answers."""
_FEW = 30
"""Sentences below which a document is as short as any that the weights were fitted on."""
_FOREIGN = 0.45
"""Cosine below which nothing is about a thing of which no word stands in the document."""
_OWN = 0.35
"""Cosine below which a speaker who says none of the words did not speak of it."""
_WORSE = 0.15
"""How much less of the question may stand about a figure than about the best, for it to be given too."""
_ENOUGH = 0.6
"""The share of the question's words that must stand about a figure or a time that answers it."""
_SOME, _NEAR, _NEARER = 0.4, 0.5, 0.3
"""What makes a sentence worth a line: the share of the question's words in it, or its cosine, which may be less where
the words stand beside it."""


class Gate:
    """The sentences of some documents, encoded and counted once, and what can be asked of them."""

    def __init__(
        self,
        documents: Sequence[Document],
        indexed: Iterable[tuple[int, Contribution]],
        encoder: Encodes,
        *,
        what: str = "document",
    ) -> None:
        """`what` the documents are called in a refusal."""
        self.encoder, self.what = encoder, what
        self.units = [
            unit for index, item in indexed for unit in units([item], index) if 5 <= len(unit.text.split()) <= 200
        ]
        self.rows = {(unit.document, unit.contribution.id, unit.index): row for row, unit in enumerate(self.units)}
        self.standing: dict[str, list[int]] = defaultdict(list)
        for row, unit in enumerate(self.units):
            for word in set(content(unit.text)):
                self.standing[word].append(row)
        labels = " ".join(
            f"{document.title} {document.house or ''} "
            + " ".join(
                f"{item.speaker or ''} {item.role or ''} {item.constituency or ''}" for item in document.spoken()
            )
            for document in documents
        )
        self.labels = frozenset(content(labels))
        self.known = self.labels.union(self.standing)
        self.begun = {word[:5] for word in self.known if len(word) >= 5}
        self.vectors = encoder.encode([unit.text for unit in self.units])

    @cached_property
    def windows(self) -> Vectors:
        """Each sentence with the one before and the one after."""
        total = self.vectors.copy()
        total[1:] += self.vectors[:-1]
        total[:-1] += self.vectors[1:]
        return np.asarray(total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-6), dtype=np.float32)

    def around(self, row: int, reach: int = _REACH) -> Iterator[int]:
        """The rows of the sentence and its neighbours in the same document."""
        for other in range(max(0, row - reach), min(len(self.units), row + reach + 1)):
            if self.units[other].document == self.units[row].document:
                yield other

    @cached_property
    def ranks(self) -> tuple[Bm25, Bm25, Bm25]:
        """Search by words over sentences, over each with those around it, and over turns."""
        stems = [content(unit.text) for unit in self.units]
        passages = [
            list(chain.from_iterable(stems[other] for other in self.around(row))) for row in range(len(self.units))
        ]
        turns: dict[tuple[int, str], list[str]] = defaultdict(list)
        for unit, words in zip(self.units, stems, strict=True):
            turns[unit.document, unit.contribution.id] += words
        for unit in self.units:
            if unit.index == 0:
                turns[unit.document, unit.contribution.id] += content(unit.contribution.speaker or "")
        return Bm25(stems), Bm25(passages), Bm25(list(turns.values()))

    def look(self, asked: Asked) -> Look:
        return Look(self, asked)

    def mentions(self, name: str) -> bool:
        """Whether an office stands in the documents whole, or a name by its last word."""
        words = content(name)
        return all(word in self.known for word in (words if OFFICE.search(name) else words[-1:]))


class Look:
    """What one question finds in the sentences of a gate."""

    def __init__(self, gate: Gate, asked: Asked) -> None:
        self._gate, self._asked = gate, asked
        self._weight = {term: _rarity(term) for term in asked.terms}

    @property
    def exact(self) -> bool:
        """Whether only some sentences can answer it: a figure's, a time's, those that name a stranger."""
        return self._asked.wants in (Wants.NUMBER, Wants.TIME) or bool(self._asked.strangers)

    def refusal(self) -> str | None:
        """Why the question is not answered, in a sentence for readers; None where it may be."""
        if why := self.barred():
            return why
        asked = self._asked
        if asked.terms and (self._unheard or self.score() < 0.5):
            return f"The {self._gate.what} does not say."
        return self.ruled()

    def ruled(self) -> str | None:
        """What rules alone refuse, whatever the weights: a figure, a time, an act or a promise that is not there."""
        asked, says = self._asked, f"The {self._gate.what} does not say"
        if asked.wants is Wants.NUMBER and not any(self.gives(unit) for unit in self._gate.units):
            return f"{says}: it gives no figure for that."
        if asked.wants is Wants.TIME and not any(self.gives(unit) for unit in self._gate.units):
            return f"{says} when."
        if asked.premise is not None and not asked.premise.held(self._gate.units, self._doers()):
            return f"{says} that this happened."
        if asked.speakers and asked.terms and not self._spoken_of():
            return f"{says} that {' or '.join(sorted(asked.speakers))} spoke of it."
        if asked.future and not any(self._undertakes(row) for row in range(len(self._gate.units))):
            return f"{says} what will happen; it holds only what was said."
        return None

    def barred(self) -> str | None:
        """Why no weight may decide: the question is none, or a stranger's words are asked for."""
        asked, says = self._asked, f"The {self._gate.what} does not say"
        if asked.refused:
            return f"{says}: {asked.refused}"
        if not (asked.terms or asked.speakers or asked.strangers):
            return "The question names nothing that could be looked for."
        if not self._gate.units:
            return f"The {self._gate.what} says nothing that could answer a question."
        if missing := [name for name in asked.strangers if not self._gate.mentions(name)]:
            return f"{says}: {' and '.join(missing)} neither speaks in it nor is named there."
        return None

    def silent(self) -> bool:
        """Whether nothing may be told beside the refusal: the question is none, or an order."""
        return self._asked.refused == ORDER or not self._asked.terms or not self._gate.units

    def _doers(self) -> frozenset[str]:
        """Labels of those who say "we" of what the question's people did: for the Government, its ministers."""
        premise = self._asked.premise
        labels = self._asked.speakers
        if premise is not None and premise.doer & GOVERNMENT:
            spoken = {(unit.contribution.speaker or "", unit.contribution.role) for unit in self._gate.units}
            labels |= {speaker for speaker, role in spoken if speaker and minister(speaker, role)}
        return labels

    def _spoken_of(self) -> bool:
        """Whether those whose words are asked for say a word of what is asked about, or anything like it."""
        own = np.array([unit.contribution.speaker in self._asked.speakers for unit in self._gate.units])
        if set(self._asked.terms) <= set(content(" ".join(self._asked.speakers))):
            return True
        share, near = self._share[0], self._gate.vectors @ self._vectors[1]
        return bool(((share > 0) & own).any() or (own & (near >= _OWN)).any())

    def _undertakes(self, row: int) -> bool:
        """Whether the sentence says that something will be done, with all that is asked about in it or beside it."""
        if not _WILL.search(self._gate.units[row].text):
            return False
        beside = set(self._gate.around(row, 1))
        return all(beside & set(self._gate.standing.get(term, ())) for term in self._asked.terms)

    def score(self) -> float:
        """0..1; one half and more is answered."""
        known = weights()["short" if len(self._gate.units) < SHORT else "long"]
        value = known["intercept"] + float(np.dot(self.scores(), known["coefficients"]))
        return 1 / (1 + math.exp(-value))

    def scores(self) -> list[float]:
        """What SCORES names, in that order."""
        gate, asked = self._gate, self._asked
        whole = self._vectors[0]
        likeness = gate.vectors @ whole
        own = np.array([not asked.speakers or unit.contribution.speaker in asked.speakers for unit in gate.units])
        share, around = self._share
        known = _held(self._weight, gate.known, gate.begun)
        setting = {term: _rarity(term) for term in asked.setting}
        return [
            float(likeness.max()),
            float((gate.windows @ whole).max()),
            float(np.where(own, likeness, 0.0).max()),
            known,
            float(around.max()),
            float(share.max()),
            float((share * np.clip(gate.vectors @ self._vectors[1], 0, 1)).max()),
            float((share * own).max()),
            _held(setting, gate.known, gate.begun) if setting else known,
            float(np.mean([gate.mentions(name) for name in asked.names])) if asked.names else 1.0,
            float(bool(asked.speakers)),
            math.log(max(_FEW, len(gate.units))),
            *(float(rank.scores(asked.terms).max()) for rank in gate.ranks),
            float(len(asked.terms)),
            float(np.mean(list(self._weight.values()))) if self._weight else 0.0,
        ]

    def bears(self, unit: Unit) -> bool:
        """Whether the sentence has to do with what is asked: by its own words, its neighbours' or its meaning."""
        row = self._gate.rows.get((unit.document, unit.contribution.id, unit.index))
        if row is None or not (self._asked.terms or self._asked.strangers):
            return not self._asked.strangers
        if self._asked.strangers and not self._names_stranger(row):
            return False
        if self._asked.wants in (Wants.NUMBER, Wants.TIME):
            return self.gives(unit) and self._given(row) >= self._best_given - _WORSE
        return self.near(unit)

    def relevance(self, unit: Unit) -> float:
        """How much the sentence has to do with what is asked: its likeness, its words and those round it."""
        row = self._gate.rows.get((unit.document, unit.contribution.id, unit.index))
        if row is None:
            return 0.0
        return float(self._near[row] + self._share[0][row] / 2 + self._share[1][row] / 4)

    def floor(self, share: float) -> float:
        """That share of the relevance of the best sentence of those whose words are asked for, sayable or not."""
        units, speakers = self._gate.units, self._asked.speakers
        own = (unit for unit in units if not speakers or unit.contribution.speaker in speakers)
        return share * max(map(self.relevance, own), default=0.0)

    def meets(self, unit: Unit) -> bool:
        """Whether it is the very thing that is asked for: the figure of what is counted, a reason, the act told by
        those who did it, or a question where it is asked who put one."""
        asked, units = self._asked, self._gate.units
        row = self._gate.rows.get((unit.document, unit.contribution.id, unit.index))
        if row is None:
            return False
        if asked.wants is Wants.NUMBER:
            return asked.counted is not None and self.gives(unit) and counts(unit.text, asked.counted)
        if asked.wants is Wants.REASON:
            return bool(BECAUSE.search(unit.text)) and self.near(unit) and bool(self._share[1][row] >= _ENOUGH)
        if asked.premise is not None and not asked.premise.told:
            return asked.premise.told_by(units, row, self._doers())
        return bool(_WHO_ASKED.search(asked.text)) and unit.question and self.near(unit)

    def _names_stranger(self, row: int) -> bool:
        """Whether the sentence, or the one before it, names somebody whose words are asked for and who is silent."""
        wanted = [set(content(name)) for name in self._asked.strangers]
        return any(
            (words if OFFICE.search(name) else {content(name)[-1]}) <= set(content(self._gate.units[other].text))
            for name, words in zip(self._asked.strangers, wanted, strict=True)
            for other in (row, row - 1)
            if words and other >= 0 and self._gate.units[other].contribution is self._gate.units[row].contribution
        )

    def near(self, unit: Unit) -> bool:
        """The same, whether or not a figure or a time is asked for."""
        row = self._gate.rows.get((unit.document, unit.contribution.id, unit.index))
        if row is None:
            return False
        (share, around), likeness = self._share, self._near[row]
        return bool(share[row] >= _SOME or likeness >= _NEAR or (likeness >= _NEARER and around[row] >= _ENOUGH))

    def gives(self, unit: Unit) -> bool:
        """Whether the sentence gives the figure or the time that is asked for, with what is asked about beside it."""
        form = FIGURE if self._asked.wants is Wants.NUMBER else TIME
        row = self._gate.rows.get((unit.document, unit.contribution.id, unit.index))
        if row is None or not form.search(unit.text):
            return False
        said = self._gate.labels.union(content(unit.contribution.text))
        if not all(set(content(name)) <= said for name in self._asked.names):
            return False
        counted = self._asked.counted
        sums = _MONEY if "£" in unit.text else frozenset[str]()
        beside = self._gate.around(row, 1)
        if counted and counted not in sums and not set(beside) & set(self._gate.standing.get(counted, ())):
            return False
        return self._given(row) >= _ENOUGH

    def _given(self, row: int) -> float:
        """How much of the question's words stands in the sentence or beside it, those most that mark it out here."""
        sums = _MONEY if "£" in self._gate.units[row].text else frozenset[str]()
        weight = {
            term: math.log(1 + len(self._gate.units) / (1 + len(self._gate.standing.get(term, ()))))
            for term in self._asked.terms
            if term not in sums
        }
        beside = set(self._gate.around(row, 1))
        here = {term for term in weight if beside & set(self._gate.standing.get(term, ()))}
        return _held(weight, here) if weight else 1.0

    @cached_property
    def _vectors(self) -> Vectors:
        return self._gate.encoder.encode([self._asked.text, self._asked.topic or self._asked.text])

    @property
    def _unheard(self) -> bool:
        """Whether no word of what is asked about stands in the document, nor anything like it."""
        heard = _held(self._weight, self._gate.known, self._gate.begun)
        return not heard and float((self._gate.vectors @ self._vectors[1]).max()) < _FOREIGN

    @cached_property
    def _best_given(self) -> float:
        given = (self._given(row) for row, unit in enumerate(self._gate.units) if self.gives(unit))
        return max(given, default=0.0)

    @cached_property
    def _near(self) -> Vectors:
        return np.asarray((self._gate.vectors @ self._vectors.T).max(axis=1), dtype=np.float32)

    @cached_property
    def _share(self) -> tuple[Vectors, Vectors]:
        """How much of the question's words each sentence holds, and each with those around it."""
        size = len(self._gate.units)
        share, around = np.zeros(size, dtype=np.float32), np.zeros(size, dtype=np.float32)
        total = sum(self._weight.values()) or 1.0
        for term, value in self._weight.items():
            for row in self._gate.standing.get(term, ()):
                share[row] += value / total
            reached = {other for row in self._gate.standing.get(term, ()) for other in self._gate.around(row)}
            around[list(reached)] += value / total
        return share, around


def _held(terms: Mapping[str, float], words: Container[str], begun: Container[str] = ()) -> float:
    """How much of what the terms weigh is among the words; a little less for one that only begins alike."""
    total = sum(terms.values())
    held = sum(
        value if term in words else 0.6 * value if len(term) >= 5 and term[:5] in begun else 0.0
        for term, value in terms.items()
    )
    return held / total if total else 0.0


def _rarity(term: str) -> float:
    """More for a word that few debates use; `common` counts the training meetings that use it."""
    known = weights()
    return max(0.05, math.log((known["meetings"] + 1) / (known["common"].get(term, 0) + 0.5)))


@cache
def weights() -> dict[str, Any]:
    """What training/answerable.py made."""
    found: dict[str, Any] = json.loads((files("bot.summarise") / "weights" / "answerable.json").read_text("utf-8"))
    return found
