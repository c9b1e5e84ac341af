"""The first tier: what a topic's words say of a text, and how surely, with no model.

Cheap for the many texts that hold nothing: a text is searched for phrases only where one of their words is in it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice

from bot.topics import frames, grammar
from bot.topics.frames import Sheet
from bot.topics.grammar import Use
from bot.topics.patterns import Phrases, plain
from bot.topics.topic import Name, Phrase, Topic

PLAIN = 0.8
"""From here up the words alone settle that a text is on the topic."""
IDLE = 0.2
"""Up to here they settle that it is not; between the two it is doubtful."""

_AROUND = 300
"""Characters on either side in which a phrase looks for its company, home and abroad."""
_PERHAPS = 0.5
"""The weight of a name that grammar cannot tell from the ordinary word."""
_LONELY, _HOME, _BOTH, _ABROAD = 0.3, 0.5, 0.6, 0.3
"""What becomes of a phrase with no company; the share of doubt that a home word removes; what is left of a phrase's
weight beside words of home and abroad at once, and of abroad alone."""
_RAISED = 0.48
"""A phrase that says less than this says no more beside a home word."""
_LENT = 0.65
"""What is left of a frame's weight for each word that the title lends it."""
_BRIEF = 900
"""The most characters of a text to which its title lends words: a long speech strays from what heads it."""
_CANDIDATES = 2000
"""The most places that are judged in one text; no speech names a thing so often, a flood of words might."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One place that speaks of the topic: its weight in 0..1, what it says, and whether the name stands there."""

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


class Passage:
    """A text that keeps others company. What was once looked for in it is not looked for again: a whole article keeps
    each of its paragraphs company, and each place that is judged there."""

    __slots__ = ("_found", "_lowered", "_text")

    def __init__(self, text: str) -> None:
        self._text = plain(text)
        self._lowered = self._text.lower()
        self._found: dict[int, tuple[Phrases, bool]] = {}

    def holds(self, phrases: Phrases) -> bool:
        """Whether one of the phrases stands in it."""
        known = self._found.get(id(phrases))
        if known is None:
            known = self._found[id(phrases)] = (phrases, phrases.found(self._text, self._lowered))
        return known[1]


@dataclass(slots=True)
class _Page:
    """A text being read: itself, lower-cased, what stands around it, and the spans that are something else."""

    text: str
    lowered: str
    around: tuple[Passage, ...]
    barred: list[tuple[int, int]] = field(default_factory=list)

    def holds(self, phrases: Phrases) -> bool:
        """Whether one stands in the text or around it."""
        return phrases.found(self.text, self.lowered) or self.beside(phrases)

    def beside(self, phrases: Phrases) -> bool:
        """Whether one stands around the text."""
        return any(other.holds(phrases) for other in self.around)

    def headed(self, phrases: Phrases) -> bool:
        """Whether one stands in the title above the text."""
        return any(other.holds(phrases) for other in self.around[:1])

    def near(self, start: int, end: int) -> str:
        return self.text[max(0, start - _AROUND) : end + _AROUND]

    def barred_at(self, start: int, end: int) -> bool:
        return any(low < end and start < high for low, high in self.barred)


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
            (
                name,
                re.compile(rf"(?<!\w)(?:{name.word}|{name.word.upper()}|{name.word.lower()})(?!\w)"),
                name.word.lower(),
            )
            for name in topic.names
        ]
        anchors = {anchor for phrase in topic.phrases for anchor in phrase.match.anchors}
        anchors |= {anchor for frame in topic.frames for anchor in frame.groups[-1].anchors}
        self._anchors = tuple(sorted(anchors | {low for _, _, low in self._names}))

    def possible(self, text: str, title: Passage | None = None) -> bool:
        """Whether the text could hold anything of the topic; quick, and never wrong when it says no."""
        lowered = plain(text).lower()
        return any(anchor in lowered for anchor in self._anchors) or (title is not None and self._lends(title))

    def _lends(self, title: Passage) -> bool:
        """Whether a title holds what a frame would otherwise have to find in the text."""
        return any(title.holds(frame.groups[-1]) for frame in self.topic.frames)

    def read(self, text: str, beside: Iterable[str | Passage] = ()) -> Reading:
        """What `text` says of the topic. `beside` keeps it company: its title first, then the text around it."""
        reading = Reading()
        text = plain(text)
        lowered = text.lower()
        around = tuple(other if isinstance(other, Passage) else Passage(other) for other in beside)
        if not any(anchor in lowered for anchor in self._anchors) and not (around and self._lends(around[0])):
            return reading
        page = _Page(text, lowered, around)
        self._bar(page, reading)
        for phrase in self.topic.phrases:
            if phrase.match.worth(lowered):
                self._phrase(phrase, page, reading)
        self._frames(page, reading)
        reading.hits = _apart(reading.hits)
        names = [(name, regex) for name, regex, low in self._names if low in lowered]
        if names:
            company = self.topic.company.found(text, lowered) or page.beside(self.topic.company)
            for name, regex in names:
                self._name(name, regex, page, reading, company=company)
        reading.hits.sort(key=lambda hit: (hit.start, -hit.weight))
        return reading

    def beckons(self, text: str) -> bool:
        """Whether a headline or summary is worth opening its article for, though it says nothing of the topic yet."""
        return self.topic.worth_reading.found(plain(text))

    def echoes(self, text: str) -> bool:
        """Whether a text under a heading that names the topic goes on about it."""
        return self.topic.echoes.found(plain(text))

    def _bar(self, page: _Page, reading: Reading) -> None:
        """Mark what is something else, so that nothing is looked for there."""
        for exclusion in self.topic.exclusions:
            if not exclusion.match.worth(page.lowered):
                continue
            spans = exclusion.match.spans(page.text, page.lowered)[:_CANDIDATES]
            if not spans or (exclusion.near and not page.holds(exclusion.near)):
                continue
            if page.holds(exclusion.unless):
                continue
            page.barred += spans
            reading.excluded[exclusion.says] += len(spans)

    def _phrase(self, phrase: Phrase, page: _Page, reading: Reading) -> None:
        for start, end in phrase.match.spans(page.text, page.lowered)[:_CANDIDATES]:
            if page.barred_at(start, end):
                continue
            near = page.near(start, end)
            if phrase.near and not (phrase.near.found(near) or page.headed(phrase.near)):
                continue
            weight = phrase.weight
            if phrase.company and not (self.topic.company.found(near) or page.beside(self.topic.company)):
                weight *= _LONELY
            weight = self._ours(weight, near, page) if phrase.ours else weight
            reading.hits.append(Hit(start, end, weight, phrase.says, named=False))

    def _frames(self, page: _Page, reading: Reading) -> None:
        sheet: Sheet | None = None
        lending = len(page.text) <= _BRIEF
        for frame in self.topic.frames:
            if not frame.groups[0].worth(page.lowered):
                continue
            if not (frame.groups[-1].worth(page.lowered) or (lending and page.headed(frame.groups[-1]))):
                continue
            sheet = sheet or Sheet(page.text, page.lowered)
            lend = page.headed if lending else _nothing
            for start, lent in islice(frames.found(frame, sheet, lend), _CANDIDATES):
                if not page.barred_at(start, start + 1):
                    weight = frame.weight * _LENT**lent
                    weight = self._ours(weight, page.near(start, start + 1), page) if frame.ours else weight
                    reading.hits.append(Hit(start, start + 1, weight, frame.says, named=False))

    def _ours(self, weight: float, near: str, page: _Page) -> float:
        """The weight of an unnamed scheme beside words of home and abroad."""
        home = self.topic.home.found(near) or page.headed(self.topic.home)
        if self.topic.abroad.found(near) or page.headed(self.topic.abroad):
            return weight * (_BOTH if home else _ABROAD)
        return weight + (1.0 - weight) * _HOME if home and weight >= _RAISED else weight

    def _name(self, name: Name, regex: re.Pattern[str], page: _Page, reading: Reading, *, company: bool) -> None:
        for match in islice(regex.finditer(page.text), _CANDIDATES):
            start, end = match.span()
            if page.barred_at(start, end):
                continue
            beside = company and (name.verb or self.topic.company.found(page.near(start, end)))
            use = grammar.judge(name, page.text, start, end, company=beside)
            weight = self._weigh(name, use, company=beside)
            if weight > 0:
                reading.hits.append(Hit(start, end, weight, name.says, named=True))
            else:
                reading.ordinary[name.word] += 1

    @staticmethod
    def _weigh(name: Name, use: Use, *, company: bool) -> float:
        if use is Use.ORDINARY:
            return 0.0
        if use is Use.HEADED:
            return max(name.weight, 0.95)
        if use is Use.NAME:
            return name.weight if company else name.alone
        return _PERHAPS if company else name.alone * _PERHAPS


def _nothing(_: Phrases) -> bool:
    return False


def _apart(hits: list[Hit]) -> list[Hit]:
    """The hits without those whose words a surer one has taken, so that nothing is counted or told twice."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda item: -item.weight)[:_CANDIDATES]:
        if not any(other.start < hit.end and hit.start < other.end for other in kept):
            kept.append(hit)
    return kept
