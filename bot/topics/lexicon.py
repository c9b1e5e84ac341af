"""The first tier: what a topic's words say of a text, and how surely, with no model.

Cheap for the many texts that hold nothing: a text is searched for phrases only where one of their words is in it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.topics import grammar
from bot.topics.grammar import Use
from bot.topics.patterns import plain
from bot.topics.topic import Exclusion, Name, Phrase, Topic

PLAIN = 0.8
"""From here up the words alone settle that a text is on the topic."""
IDLE = 0.2
"""Up to here they settle that it is not; between the two it is doubtful."""

_AROUND = 300
"""Characters on either side in which a phrase looks for its company, home and abroad."""
_PERHAPS, _FAR, _NEAR = 0.5, 0.3, 0.5
_CANDIDATES = 2000
"""The most places that are judged in one text; no speech names a thing so often, a flood of words might."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One place that speaks of the topic: its weight in 0..1, what it says, and whether the name itself stands there."""

    start: int
    end: int
    weight: float
    says: str
    named: bool


@dataclass(slots=True)
class Reading:
    """What the words of one text say. `score` is 0..1; `ordinary` counts names used as ordinary words, by name;
    `excluded` counts what was taken for something else, by what it is."""

    hits: list[Hit] = field(default_factory=list)
    ordinary: Counter[str] = field(default_factory=Counter)
    excluded: Counter[str] = field(default_factory=Counter)

    @property
    def score(self) -> float:
        return combine(self.hits)

    @property
    def doubtful(self) -> bool:
        return IDLE < self.score < PLAIN


def combine(hits: Iterable[Hit]) -> float:
    """The chance that at least one kind of hit is right; several of one kind are no better than the best of them."""
    best: dict[str, float] = {}
    for hit in hits:
        best[hit.says] = max(best.get(hit.says, 0.0), hit.weight)
    miss = 1.0
    for weight in best.values():
        miss *= 1.0 - weight
    return 1.0 - miss


class Lexicon:
    """A topic's words, made ready to be looked for."""

    def __init__(self, topic: Topic) -> None:
        self.topic = topic
        self._names = [
            (name, re.compile(rf"(?<!\w)(?:{name.word}|{name.word.upper()}|{name.word.lower()})(?!\w)"), name.word.lower())
            for name in topic.names
        ]
        anchors = {anchor for phrase in topic.phrases for anchor in phrase.match.anchors}
        self._anchors = tuple(sorted(anchors | {low for _, _, low in self._names}))

    def possible(self, text: str) -> bool:
        """Whether the text could hold anything of the topic; quick, and never wrong when it says no."""
        lowered = plain(text).lower()
        return any(anchor in lowered for anchor in self._anchors)

    def read(self, text: str, beside: Iterable[str] = ()) -> Reading:
        """What `text` says of the topic; `beside` is text that keeps it company (a title, the speeches around it)."""
        reading = Reading()
        text = plain(text)
        lowered = text.lower()
        if not any(anchor in lowered for anchor in self._anchors):
            return reading
        around = tuple(plain(other) for other in beside)
        barred = self._barred(text, lowered, around, reading)
        for phrase in self.topic.phrases:
            if phrase.match.worth(lowered):
                self._phrase(phrase, text, around, barred, reading)
        company: bool | None = None
        for name, regex, low in self._names:
            if low not in lowered:
                continue
            if company is None:
                company = any(self.topic.company.find(part) for part in (text, *around))
            self._name(name, regex, text, barred, reading, company=company)
        reading.hits.sort(key=lambda hit: (hit.start, -hit.weight))
        return reading

    def beckons(self, text: str) -> bool:
        """Whether a headline or summary is worth opening its article for, though it says nothing of the topic yet."""
        return self.topic.worth_reading.find(plain(text)) is not None

    def echoes(self, text: str) -> bool:
        """Whether a text under a heading that names the topic goes on about it."""
        return self.topic.echoes.find(plain(text)) is not None

    def _barred(
        self, text: str, lowered: str, around: tuple[str, ...], reading: Reading
    ) -> list[tuple[int, int, Exclusion]]:
        barred: list[tuple[int, int, Exclusion]] = []
        for exclusion in self.topic.exclusions:
            if not exclusion.match.worth(lowered):
                continue
            spans = exclusion.match.spans(text)[:_CANDIDATES]
            if not spans:
                continue
            parts = (text, *around)
            if exclusion.near.patterns and not any(exclusion.near.find(part) for part in parts):
                continue
            if any(exclusion.unless.find(part) for part in parts):
                continue
            barred += [(start, end, exclusion) for start, end in spans]
            reading.excluded[exclusion.says] += len(spans)
        return barred

    def _phrase(
        self, phrase: Phrase, text: str, around: tuple[str, ...], barred: list[tuple[int, int, Exclusion]], reading: Reading
    ) -> None:
        for start, end in phrase.match.spans(text)[:_CANDIDATES]:
            if _inside(start, end, barred):
                continue
            weight = phrase.weight
            low, high = max(0, start - _AROUND), min(len(text), end + _AROUND)
            near = text[low:high]
            if phrase.company and not any(self.topic.company.find(part) for part in (near, *around)):
                weight *= _FAR
            if phrase.ours:
                home = any(self.topic.home.find(part) for part in (near, *around[:1]))
                abroad = self.topic.abroad.find(near) is not None
                if abroad and not home:
                    weight *= _FAR
                elif home and not abroad:
                    weight += (1.0 - weight) * _NEAR
            reading.hits.append(Hit(start, end, weight, phrase.says, named=False))

    def _name(
        self,
        name: Name,
        regex: re.Pattern[str],
        text: str,
        barred: list[tuple[int, int, Exclusion]],
        reading: Reading,
        *,
        company: bool,
    ) -> None:
        for count, match in enumerate(regex.finditer(text)):
            if count >= _CANDIDATES:
                break
            start, end = match.span()
            if _inside(start, end, barred):
                continue
            beside = company
            if company and not name.verb:
                beside = self.topic.company.find(text[max(0, start - _AROUND) : end + _AROUND]) is not None
            use = grammar.judge(name, text, start, end, company=beside)
            if use is Use.ORDINARY:
                reading.ordinary[name.word] += 1
                continue
            weight = self._weigh(name, use, company=beside)
            if weight > 0:
                reading.hits.append(Hit(start, end, weight, name.says, named=True))
            else:
                reading.ordinary[name.word] += 1

    @staticmethod
    def _weigh(name: Name, use: Use, *, company: bool) -> float:
        if use is Use.HEADED:
            return max(name.weight, 0.95)
        if use is Use.NAME:
            return name.weight if company else name.alone
        return _PERHAPS if company else name.alone * _PERHAPS


def _inside(start: int, end: int, barred: list[tuple[int, int, Exclusion]]) -> bool:
    return any(low < end and start < high for low, high, _ in barred)
