"""What is known of a contribution beside a question: its words, its meaning, who speaks, and all of that of its
neighbours, for an answer is a run of contributions more often than one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from bot.domain import Contribution
from bot.summarise.features import OF_ALL, Question, asked, name_stems, rank, scaled, smoothed
from bot.summarise.lexical import Bm25, content
from bot.summarise.sentences import Unit, units

if TYPE_CHECKING:
    from bot.inference.encoder import Encoder, Vectors

SIGNALS = ("match", "match or name", "sentence match", "near", "nearest sentence")
_OF_EACH = (
    "", " to best", " beside", " around", " far around", " widely", " around to best", " around rank",
    " far around rank", " before", " after", " second before", " second after", " rank",
)  # fmt: skip
_WIDTHS = (1.0, 2.0, 4.0, 8.0)
COLUMNS = (
    *(f"{signal}{each}" for signal in SIGNALS for each in _OF_EACH),
    "window near", "window near to best",
    *(f"{part} covered {reach}" for part in ("question", "focus", "setting") for reach in (0, 1, 3)),
    "covered 1 to best", "covered 3 to best", "setting far around", "setting widely",
    "asked speaker", "asked speaker's names", "any asked speaker", "asked before", "asked after", "asked around",
    "asked widely", "asked speaker's share", "all", "all rank", "all nearby", "all nearby rank", "all around",
    "all around rank", "length", "length before", "length after", "length around", "likeness to before",
    "likeness of next", "asks", "asks before", "asks after", "question's words", "focus's words", "setting's words",
    "question's length", "of everybody", "summary",
)  # fmt: skip
"""The columns that `Turns.beside` makes, in their order."""


class Turns:
    """Contributions of one or more documents, each with its document's index and in order, encoded and counted once,
    whatever is then asked of them. Neighbours are those that stand next to each other here, of one document."""

    def __init__(self, said: Sequence[tuple[int, Contribution]], encoder: Encoder) -> None:
        self.said = tuple(said)
        self._encoder = encoder
        places = np.array([index for index, _ in said])
        bounds = [0, *(np.flatnonzero(np.diff(places)) + 1).tolist(), len(said)]
        self._runs = [slice(start, end) for start, end in pairwise(bounds)]
        self.lengths = np.array([len(item.text.split()) for _, item in said], dtype=np.float32)
        self.sentences: list[Unit] = list(units(item for _, item in said))
        self._turn = np.array([unit.position for unit in self.sentences], dtype=int)
        self._vectors = encoder.encode([unit.text for unit in self.sentences])
        words = [content(item.text) for _, item in said]
        self._kinds = [frozenset(each) for each in words]
        self._words = Bm25(words)
        self._labelled = Bm25([content(f"{item.speaker} {item.text}") for _, item in said])
        self._by_sentence = Bm25([content(unit.text) for unit in self.sentences])
        self._names = [name_stems(item.speaker) for _, item in said]
        self._asks = np.array([item.text.rstrip().endswith("?") for _, item in said], dtype=np.float32)
        total = np.zeros((len(said), self._vectors.shape[1]), dtype=np.float32)
        np.add.at(total, self._turn, self._vectors)
        self._directions = _unit(total)
        self._windows = np.vstack([_unit(_spans(total[run], -2, 3)) for run in self._runs])
        self._likeness = np.concatenate(
            [(_unit(_spans(total[run], -4, 0)) * _unit(_spans(total[run], 0, 4))).sum(1) for run in self._runs]
        )

    def within(self, function: Callable[[Vectors], Vectors], values: Vectors) -> Vectors:
        """The function of each document's values by themselves."""
        return np.concatenate([function(values[run]) for run in self._runs])

    def near(self, text: str) -> Vectors:
        """Each sentence's cosine to the text."""
        return np.asarray(self._vectors @ self._encoder.encode([text])[0], dtype=np.float32)

    def beside(self, text: str) -> Vectors:
        """A row a contribution, a column a name of COLUMNS: how each bears on the question."""
        names = frozenset().union(*self._names)
        question = asked(text, names)
        wanted = set(content(text))
        vector = self._encoder.encode([text])[0]
        match = scaled(self._words.scores(question.words))
        nearest = self._most(self._vectors @ vector, -0.2)
        near = self._directions @ vector
        signals = (
            match,
            scaled(self._labelled.scores(content(text))),
            scaled(self._most(self._by_sentence.scores(question.words), 0.0)),
            near,
            nearest,
        )
        window = self._windows @ vector
        covered = [
            self._covered(part, reach)
            for part in (question.words, question.focus, question.setting)
            for reach in (0, 1, 3)
        ]
        setting = scaled(self._words.scores(question.setting))
        is_asked = np.array([bool(name & wanted) for name in self._names], dtype=np.float32)
        both = (match + nearest) * (np.where(is_asked > 0, 1.0, 0.3) if is_asked.any() else 1.0)
        nearby = self.within(_nearby, both)
        around = self._smooth(both, 1.0)
        lengths, likeness = self.lengths, self._likeness
        columns = [
            *(column for signal in signals for column in self._columns(signal)),
            window, window - window.max(), *covered, covered[1] - covered[1].max(), covered[2] - covered[2].max(),
            self._smooth(setting, 4.0), self._smooth(setting, 8.0),
            is_asked, np.array([len(name & wanted) / max(1, len(name)) for name in self._names]),
            self._all(float(is_asked.any())), self._shift(is_asked, 1), self._shift(is_asked, -1),
            self._smooth(is_asked, 2.0), self._smooth(is_asked, 6.0), self._all(float(is_asked.mean())),
            both, rank(both), nearby, rank(nearby), around, rank(around),
            lengths, self._shift(lengths, 1), self._shift(lengths, -1), self._smooth(lengths, 2.0),
            likeness, self._shift(likeness, -1),
            self._asks, self._shift(self._asks, 1), self._shift(self._asks, -1),
            *self._of(question),
        ]  # fmt: skip
        return np.stack([np.asarray(column, dtype=np.float32) for column in columns], axis=1)

    def _columns(self, signal: Vectors) -> list[Vectors]:
        """A column a name of _OF_EACH."""
        widths = [self._smooth(signal, width) for width in _WIDTHS]
        return [
            signal, signal - signal.max(), *widths, widths[1] - widths[1].max(), rank(widths[1]), rank(widths[2]),
            *(self._shift(signal, by) for by in (1, -1, 2, -2)), rank(signal),
        ]  # fmt: skip

    def _of(self, question: Question) -> list[Vectors]:
        """What is the same for every contribution."""
        counts = (len(question.words), len(question.focus), len(question.setting), len(question.text.split()))
        kinds = (bool(OF_ALL.match(question.text)), question.text.lower().startswith("summar"))
        return [self._all(value) for value in (*counts, *kinds)]

    def _covered(self, words: Sequence[str], reach: int) -> Vectors:
        """The share of the words, rare ones counting most, that stand here or at most `reach` contributions away."""
        if not words:
            return self._all(0.0)
        unknown = float(np.log(2 * len(self.said) + 2))
        weights = np.array([self._words.idf.get(word, unknown) for word in words], dtype=np.float32)
        held = np.array([[word in kinds for word in words] for kinds in self._kinds], dtype=np.float32)
        parts = [np.max([_moved(held[run], by) for by in range(-reach, reach + 1)], axis=0) for run in self._runs]
        return np.asarray(np.vstack(parts) @ weights / weights.sum(), dtype=np.float32)

    def _most(self, values: Vectors, least: float) -> Vectors:
        """Of each contribution's sentences, the greatest value."""
        found = np.full(len(self.said), least, dtype=np.float32)
        np.maximum.at(found, self._turn, values)
        return found

    def _smooth(self, values: Vectors, width: float) -> Vectors:
        return self.within(lambda each: smoothed(each, width), values)

    def _shift(self, values: Vectors, by: int) -> Vectors:
        return self.within(lambda each: _moved(each, by), values)

    def _all(self, value: float) -> Vectors:
        return np.full(len(self.said), value, dtype=np.float32)


def _moved(values: Vectors, by: int) -> Vectors:
    """Each row where the one `by` places before it stood; 0 where there is none."""
    moved = np.zeros_like(values)
    if by == 0:
        return values
    if abs(by) < len(values):
        if by > 0:
            moved[by:] = values[:-by]
        else:
            moved[:by] = values[-by:]
    return moved


def _nearby(values: Vectors) -> Vectors:
    """The greatest of each and of the two on either side."""
    padded = np.pad(values, 2, constant_values=values.min())
    return np.asarray(np.max([padded[place : place + len(values)] for place in range(5)], axis=0), dtype=np.float32)


def _spans(rows: Vectors, start: int, end: int) -> Vectors:
    """For each row the sum of those from `start` to before `end` places from it."""
    running = np.vstack([np.zeros((1, rows.shape[1]), dtype=np.float32), np.cumsum(rows, axis=0)])
    here = np.arange(len(rows))
    return np.asarray(running[np.clip(here + end, 0, len(rows))] - running[np.clip(here + start, 0, len(rows))])


def _unit(rows: Vectors) -> Vectors:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6), dtype=np.float32)
