"""What the ranker knows of a sentence: its words, its place, its neighbours and, where one is asked, the question."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from bot.domain import Contribution
from bot.summarise.cues import Act, act
from bot.summarise.lexical import STOP, Bm25, content, stem
from bot.summarise.sentences import Unit

if TYPE_CHECKING:
    from bot.inference.encoder import Encoder, Vectors

ANAPHORA = re.compile(
    r"^(?:and |but |so |or )?(?:he|she|it|they|this|that|these|those|such|his|her|their|its|the (?:former|latter)|"
    r"both|neither|another)\b(?! (?:is|was) (?:right|important|clear|vital|essential|wrong) (?:that|to))",
    re.IGNORECASE,
)
UNCLEAR = re.compile(
    r"\b(?:this|that|these|those|it|they|them|so)\b(?=\s+(?:is|was|are|were|has|have|had|will|would|can|could|"
    r"should|must|"
    r"does|did|do|may|might|happen\w*|mean\w*)\b|[.,;?!]|$)|\b(?:those|such|the same|another|other)\s+\w+|"
    r"\b(?:is|was|are|were|do|does|did|has|have|will|would|can|could) (?:that|this|it|they|those|these)\b|"
    r"^(?:because|which|that(?:'s|’s)|it(?:'s|’s)|if so)\b",
    re.IGNORECASE,
)
PERSONAL = re.compile(r"\b(?:he|she|him|her|his|hers)\b", re.IGNORECASE)
VAGUE = re.compile(
    r"\b(?:you|your|hon\. (?:friend|gentleman|lady|member)|noble (?:lord|baroness|friend)|some of (?:this|"
    r"that|those))\b",
    re.IGNORECASE,
)
FIGURE = re.compile(r"\b\d[\d,.]*\b|\b(?:per cent|million|billion|hundred|thousand|dozen)\b|[£%]")
_FIRST = re.compile(r"\b(?:I|me|my)\b")
_WE = re.compile(r"\b(?:we|our|us)\b", re.IGNORECASE)
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]+")
_REASON = re.compile(
    r"\b(?:because|therefore|so that|in order to|as a result|due to|which means|reason)\b", re.IGNORECASE
)
_OPINION = re.compile(
    r"\b(?:think|believe|feel|concern\w*|important|need|should|must|agree|support|hope)\b", re.IGNORECASE
)
_DEED = re.compile(r"\b(?:will|have|has|are|am|been) (?:\w+ )?(?:\w+ed|\w+ing)\b", re.IGNORECASE)
_SETTING = re.compile(r"\bwhen (?:talk|discuss|answer|ask|debat|consider|mention|introduc|explain|speak|address)\w*\b")
WHY = re.compile(r"why\b|.*\breasons?\b", re.IGNORECASE)
OF_ALL = re.compile(r"summari[sz]e\b|.*\b(?:group|meeting|committee)\b", re.IGNORECASE)
_ASKED = frozenset(
    stem(word)
    for word in "summarize summarise discuss discussion discussed talk talking say said think thought mention opinion "
    "meeting committee participants group members member according describe explain explanation elaborate debate "
    "comment commented response respond answer question views view attitude am hon mr ms mrs minister professor dr "
    "rt whole".split()
)
_TITLES = frozenset("am mp ms mr mrs dr sir dame lord lady baroness hon rt right the chair professor minister".split())
SPEECH = (
    "length", "long", "short", "place", "from end", "siblings", "turn words", "meeting place", "figures", "names",
    "anaphora", "unclear", "personal", "vague", "first person", "we", "question", "reason", "opinion", "deed",
    "content share", "rarity", "repeated", "centrality", "turn centrality", "density", "near density", "share of talk",
    "asked before", "announces", "undertakes", "finds", "criticises",
)  # fmt: skip
ASKED = (
    "match", "match rank", "turn match", "turn match rank", "before match", "after match", "region", "wide region",
    "region rank", "covered", "near", "near rank", "turn near", "turn near rank", "turn nearest", "before near",
    "region near", "wide region near", "focus match", "setting region", "setting near", "speaker asked",
    "speaker asked is this", "speaker before", "speaker beside", "speaker named in words", "asks why", "asks of all",
    "neighbours match", "neighbours near", "both rank",
)  # fmt: skip


@dataclass(frozen=True)
class Question:
    """A question's words: `focus` is what is asked, `setting` where it says it was discussed."""

    text: str
    words: tuple[str, ...]
    focus: tuple[str, ...]
    setting: tuple[str, ...]
    setting_text: str


def asked(text: str, names: frozenset[str]) -> Question:
    """The question without the words that any question has and without the speakers' names."""
    found = _SETTING.search(text)
    head, tail = (text[: found.start()], text[found.end() :]) if found else (text, "")

    def kept(part: str) -> tuple[str, ...]:
        return tuple(word for word in dict.fromkeys(content(part)) if word not in _ASKED and word not in names)

    return Question(text, kept(text), kept(head), kept(tail), tail)


class Material:
    """A document's sentences, encoded and counted once, whatever is asked of it afterwards.

    `found` are the sentences worth considering, `said` all contributions, in order."""

    def __init__(
        self,
        found: Sequence[Unit],
        said: Sequence[tuple[int, Contribution]],
        encoder: Encoder,
        minister: Callable[[str | None], bool] = lambda _: False,
    ) -> None:
        self.found = tuple(found)
        self._encoder = encoder
        self.vectors: Vectors = (
            encoder.encode([unit.text for unit in found]) if found else np.zeros((0, 1), dtype=np.float32)
        )
        self._minister = minister
        self._said = [item for _, item in said]
        places = {(index, item.id): place for place, (index, item) in enumerate(said)}
        self.turn = np.array([places[unit.document, unit.contribution.id] for unit in found], dtype=int)
        self._words = [content(unit.text) for unit in found]
        self._kinds = [frozenset(words) for words in self._words]

    @cached_property
    def acts(self) -> list[Act]:
        """What each sentence does."""
        return [
            act(unit.text, question=unit.question, minister=self._minister(unit.contribution.speaker))
            for unit in self.found
        ]

    @cached_property
    def _sentences(self) -> Bm25:
        return Bm25(self._words)

    @cached_property
    def _turns(self) -> Bm25:
        return Bm25([content(item.text) for item in self._said])

    @cached_property
    def _turn_vectors(self) -> Vectors:
        total = np.zeros((len(self._said), self.vectors.shape[1]), dtype=np.float32)
        np.add.at(total, self.turn, self.vectors)
        return np.asarray(total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-6), dtype=np.float32)

    @cached_property
    def _names(self) -> list[frozenset[str]]:
        return [name_stems(item.speaker) for item in self._said]

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset().union(*self._names)

    def centre(self) -> Vectors:
        """The mean direction, each turn counting by the square root of its length so that no one speaker is all."""
        counts = np.bincount(self.turn, minlength=len(self._said))
        weights = 1.0 / np.sqrt(counts[self.turn])
        middle = (self.vectors * weights[:, None]).sum(0)
        norm = float(np.linalg.norm(middle))
        return np.asarray(middle / norm if norm else middle, dtype=np.float32)

    @cached_property
    def speech(self) -> Vectors:
        """A row a sentence, a column a name of SPEECH."""
        lengths = np.array([len(item.text.split()) for item in self._said], dtype=np.float32)
        counts = np.bincount(self.turn, minlength=len(self._said))
        talk: Counter[str | None] = Counter()
        for item, words in zip(self._said, lengths, strict=True):
            talk[item.speaker] += int(words)
        total = max(1, sum(talk.values()))
        likeness = self.vectors @ self.vectors.T
        np.fill_diagonal(likeness, 0.0)
        density = np.maximum(likeness - 0.3, 0.0).sum(1)
        density = density / max(1e-6, float(density.max(initial=0.0)))
        central = self.vectors @ self.centre()
        turn_central = self._turn_vectors @ self.centre()
        frequent = Counter(word for words in self._words for word in set(words))
        rows = []
        for row, unit in enumerate(self.found):
            text, words, turn = unit.text, len(unit.text.split()), int(self.turn[row])
            known = self._words[row]
            doing = self.acts[row]
            asking = self._said[turn - 1].text.rstrip().endswith("?") if turn else False
            rows.append(
                (
                    words, words > 45, words < 8, unit.index, max(0, int(counts[turn]) - 1 - unit.index), counts[turn],
                    lengths[turn], turn / max(1, len(self._said)), len(FIGURE.findall(text)), len(_NAME.findall(text)),
                    bool(ANAPHORA.match(text)), bool(UNCLEAR.search(text)), bool(PERSONAL.search(text)),
                    bool(VAGUE.search(text)), bool(_FIRST.search(text)), bool(_WE.search(text)), unit.question,
                    bool(_REASON.search(text)), bool(_OPINION.search(text)), bool(_DEED.search(text)),
                    len(known) / max(1, words), np.mean([self._sentences.idf[word] for word in known] or [0.0]),
                    np.mean([np.log1p(frequent[word]) for word in known] or [0.0]), central[row], turn_central[turn],
                    density[row], density[max(0, row - 2) : row + 3].mean(),
                    talk[unit.contribution.speaker] / total, asking,
                    *(doing is name for name in (Act.ANNOUNCES, Act.UNDERTAKES, Act.FINDS, Act.CRITICISES)),
                )
            )  # fmt: skip
        return np.array(rows, dtype=np.float32).reshape(len(self.found), len(SPEECH))

    def asked(self, text: str) -> Vectors:
        """A row a sentence, a column a name of ASKED: how each bears on the question."""
        question = asked(text, self.names)
        match = scaled(self._sentences.scores(question.words))
        turns = scaled(self._turns.scores(question.words))
        region, wide = smoothed(turns, 2.0), smoothed(turns, 6.0)
        vector = self._encoder.encode([text])[0]
        near, turn_near = self.vectors @ vector, self._turn_vectors @ vector
        nearest = np.full(len(self._said), -1.0, dtype=np.float32)
        np.maximum.at(nearest, self.turn, near)
        near_region, near_wide = smoothed(turn_near, 2.0), smoothed(turn_near, 6.0)
        setting = smoothed(scaled(self._turns.scores(question.setting)), 4.0)
        setting_near = (
            smoothed(self._turn_vectors @ self._encoder.encode([question.setting_text])[0], 4.0)
            if question.setting
            else near_wide
        )
        wanted = set(content(text))
        is_asked = np.array([bool(name & wanted) for name in self._names], dtype=np.float32)
        before = np.concatenate([[0.0], is_asked[:-1]])
        beside = smoothed(is_asked, 2.0)
        turn = self.turn
        words, called = set(question.words), wanted & self.names
        columns = (
            match, rank(match), turns[turn], rank(turns)[turn], shifted(turns, 1)[turn], shifted(turns, -1)[turn],
            region[turn], wide[turn], rank(region)[turn],
            np.array([len(words & known) / max(1, len(words)) for known in self._kinds]),
            near, rank(near), turn_near[turn], rank(turn_near)[turn], nearest[turn], shifted(turn_near, 1)[turn],
            near_region[turn], near_wide[turn], scaled(self._sentences.scores(question.focus)), setting[turn],
            setting_near[turn], np.full(len(turn), is_asked.any()), is_asked[turn], before[turn], beside[turn],
            np.array([bool(called & known) for known in self._kinds]),
            np.full(len(turn), bool(WHY.match(text))),
            np.full(len(turn), bool(OF_ALL.match(text))),
            _around(match), _around(near), rank(match) + rank(near),
        )  # fmt: skip
        return np.stack([np.asarray(column, dtype=np.float32) for column in columns], axis=1)


def name_stems(speaker: str | None) -> frozenset[str]:
    """The stems of a speaker's names, titles left out: `Hon. Navdeep Bains (Minister of …)` is navdeep and bains."""
    head = (speaker or "").partition(" (")[0]
    words = [word for word in re.findall(r"[a-z’'-]+", head.lower()) if word not in _TITLES and word not in STOP]
    return frozenset(stem(word) for part in words for word in re.findall(r"[a-z]{2,}", part))


def scaled(values: Vectors) -> Vectors:
    return np.asarray(values / max(1e-6, float(values.max(initial=0.0))), dtype=np.float32)


def rank(values: Vectors) -> Vectors:
    """0 for the least, 1 for the greatest."""
    order = np.empty(len(values), dtype=np.float32)
    order[np.argsort(values, kind="stable")] = np.arange(len(values))
    return np.asarray(order / max(1, len(values) - 1), dtype=np.float32)


def shifted(values: Vectors, by: int) -> Vectors:
    moved = np.roll(values, by)
    moved[0 if by > 0 else -1] = 0.0
    return moved


def smoothed(values: Vectors, width: float) -> Vectors:
    """Each turn with its neighbours, near ones most."""
    reach = np.arange(-int(3 * width), int(3 * width) + 1)
    kernel = np.exp(-0.5 * (reach / width) ** 2)
    padded = np.convolve(values, kernel, mode="full")[int(3 * width) : int(3 * width) + len(values)]
    weight = np.convolve(np.ones(len(values)), kernel, mode="full")[int(3 * width) : int(3 * width) + len(values)]
    return np.asarray(padded / weight, dtype=np.float32)


def _around(values: Vectors) -> Vectors:
    """The mean of the two sentences before and the two after."""
    total = shifted(values, 1) + shifted(values, -1)
    if len(values) > 2:
        total = total + shifted(shifted(values, 1), 1) + shifted(shifted(values, -1), -1)
    return np.asarray(total / 4, dtype=np.float32)
