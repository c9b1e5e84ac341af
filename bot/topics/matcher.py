"""Is this document about the topic, which contributions say so, and why.

Two tiers. The lexicon settles what is plain: most documents hold no candidate at all and cost a string search. Where
it doubts, the encoder compares the doubtful passage with the topic's own descriptions of what it is and what it is
not. Without an encoder the lexicon's score decides alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from bot.domain import Contribution, Document, Kind, Match, Voice
from bot.topics import reasons
from bot.topics.lexicon import IDLE, PLAIN, Hit, Lexicon, Passage, Reading, combine
from bot.topics.topic import Topic

DECIDED = 0.5
"""A score from here up is a match."""

_GAIN = 2.0
"""How far the encoder's margin (in cosine, seldom past 0.25 either way) moves the lexicon's score."""
_PASSAGES = 8
"""The most doubtful passages of one document that are encoded: the surest of them decide."""
_PASSAGE = 350
"""Characters of a doubtful passage on either side of its hit."""
_SOFT = 0.05
"""How far below the best a likeness may lie, in cosine, and still count."""
_UNDER = 0.1
"""The margin at which a contribution under a heading that names the topic is about it, though no word says so."""
_HEADING_ONLY = 60
"""Words: an article shorter than this is a summary, whose headline speaks for it."""
_FOCUS_CONTRIBUTIONS, _FOCUS_SHARE, _ARTICLE_SHARE = 4, 1 / 3, 0.15
"""A document of so many contributions, of which no more than this share is on the topic, matches by those alone."""

_SILENT = frozenset({Voice.CHAIR, Voice.COLLECTIVE})
_MINISTER = re.compile(
    r"\b(?:Minister|Secretary|Chancellor|Attorney|Solicitor General|Advocate General|Lord Privy Seal|Paymaster|"
    r"(?:Lord|Baroness|Lords|Captain|Whip).{0,12}in[ -]Waiting|Leader of the House|Chief Whip)\b"
)
_OPPOSITION = re.compile(r"\b(?:Shadow|Opposition|former|spokes\w+)\b", re.IGNORECASE)


class Encoder(Protocol):
    """What the second tier asks of `bot.inference.models.encoder`."""

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]: ...


@dataclass(frozen=True, slots=True)
class _Part:
    """A contribution with what its words say."""

    index: int
    reading: Reading
    score: float


class Matcher:
    """One topic's verdicts. The descriptions are encoded once, on the first doubt. Not for two threads at once."""

    def __init__(self, topic: Topic, encoder: Encoder | None = None) -> None:
        self.topic = topic
        self.lexicon = Lexicon(topic)
        self._encoder = encoder if topic.about else None
        self._poles: tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]] | None = None
        self.encoded = 0
        """Passages that have gone to the encoder so far: what the first tier could not settle."""

    def glance(self, text: str) -> bool:
        """Whether a headline with its summary is worth reading on: plain, doubtful, or near enough. Lexicon alone."""
        return self.lexicon.read(text).score > IDLE or self.lexicon.beckons(text)

    def names(self, text: str) -> bool:
        """Whether the words of one sentence or paragraph, by themselves, say something of the topic. Lexicon alone."""
        return self.lexicon.read(text).score >= DECIDED

    def match(self, document: Document) -> Match:
        """The verdict on one document. A debate is judged contribution by contribution, anything else as a whole."""
        lines = [item for item in document.contributions if item.text.strip() and item.voice not in _SILENT]
        whole = "\n\n".join(item.text for item in lines) if document.kind is not Kind.DEBATE else ""
        title = self._heading(document, lines, whole)
        parts = self._parts(document, lines, whole)
        if not title.hits and not parts:
            return self._refuse(document, Reading(), 0.0)
        if _headed(title) and (echoed := self._echoed(document, lines, parts)) is not None:
            return self._accept(document, lines, parts, title, echoed)
        if document.kind is not Kind.DEBATE:
            return self._whole(document, lines, parts, title)
        return self._by_parts(document, lines, parts, title)

    def _heading(self, document: Document, lines: list[Contribution], whole: str) -> Reading:
        """What the title says; that of an article which is only its summary runs on into it."""
        beside = (whole or "\n".join(item.text for item in lines[:3]),)
        title = self.lexicon.read(document.title, beside)
        if _short(document, lines):
            end = len(document.title)
            running = self.lexicon.read(f"{document.title}. {whole}", ("",))
            title.hits += [hit for hit in running.hits if hit.start < end and not hit.named]
        return title

    def _parts(self, document: Document, lines: list[Contribution], whole: str) -> list[_Part]:
        """The contributions that hold a candidate. A speech's company is the title and the speeches on either side;
        a paragraph's is the whole text."""
        parts = []
        heading, text = Passage(document.title), Passage(whole)
        for index, item in enumerate(lines):
            if not self.lexicon.possible(item.text, heading):
                continue
            near = (
                [text] if whole else [Passage(lines[at].text) for at in (index - 1, index + 1) if 0 <= at < len(lines)]
            )
            reading = self.lexicon.read(item.text, (heading, *near))
            parts.append(_Part(index, reading, reading.score))
        return parts

    def _echoed(self, document: Document, lines: list[Contribution], parts: list[_Part]) -> list[int] | None:
        """Under a heading that names the topic: the contributions that go on about it; None where none does."""
        sure = {part.index for part in parts if part.score >= DECIDED}
        found = [index for index, item in enumerate(lines) if index in sure or self.lexicon.echoes(item.text)]
        if found:
            return found
        if not lines or _short(document, lines) or document.kind is Kind.QUESTION:
            return list(range(len(lines)))
        if self._encoder is None:
            return None
        margins = self._margins([item.text[: 2 * _PASSAGE] for item in lines[:_PASSAGES]])
        return [index for index, margin in enumerate(margins) if margin >= _UNDER] or None

    def _whole(self, document: Document, lines: list[Contribution], parts: list[_Part], title: Reading) -> Match:
        """A statement, question or article: weak signs in different paragraphs add up."""
        hits = [hit for part in parts for hit in part.reading.hits]
        if any(part.score > IDLE for part in parts) or _short(document, lines):
            hits += title.hits
        score = combine(hits)
        if IDLE < score < PLAIN and self._encoder is not None:
            score = self._doubted(document, lines, parts, score)
        if score < DECIDED:
            return self._refuse(document, _together(parts), score)
        bearing = [part.index for part in parts if part.score > IDLE] or [part.index for part in parts] or [0]
        return self._accept(document, lines, parts, title, bearing, score=score)

    def _by_parts(self, document: Document, lines: list[Contribution], parts: list[_Part], title: Reading) -> Match:
        """A debate: each contribution speaks for itself."""
        settled: list[_Part] = [part for part in parts if part.score >= PLAIN]
        doubtful = sorted((part for part in parts if IDLE < part.score < PLAIN), key=lambda part: -part.score)
        if self._encoder is None:
            settled += [part for part in doubtful if part.score >= DECIDED]
        else:
            for part in doubtful[:_PASSAGES]:
                score = self._doubted(document, lines, [part], part.score)
                if score >= DECIDED:
                    settled.append(_Part(part.index, part.reading, score))
        if not settled:
            best = max((part.score for part in parts), default=0.0)
            return self._refuse(document, _together(parts), min(best, DECIDED - 0.01))
        settled.sort(key=lambda part: part.index)
        best = max(part.score for part in settled)
        return self._accept(document, lines, settled, title, [part.index for part in settled], score=best)

    def _doubted(self, document: Document, lines: list[Contribution], parts: list[_Part], score: float) -> float:
        """The score after the encoder has compared the doubtful passages with the topic's descriptions."""
        places = [(hit.weight, part.index, hit) for part in parts for hit in part.reading.hits]
        places.sort(key=lambda item: -item[0])
        passages = _passages(document.title, lines, [(index, hit) for _, index, hit in places])
        if self._encoder is None:
            return score
        if not passages:
            passages = [f"{document.title}. {lines[0].text[: 2 * _PASSAGE] if lines else ''}".strip()]
        return float(np.clip(score + _GAIN * max(self._margins(passages)), 0.0, 1.0))

    def _margins(self, passages: list[str]) -> list[float]:
        """How much nearer each passage is to what the topic is than to what it is not."""
        assert self._encoder is not None
        vectors = self._encoder.encode(passages)
        self.encoded += len(passages)
        about, not_about = (_nearness(vectors @ described.T) for described in self._described())
        return [float(margin) for margin in about - not_about]

    def _described(self) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        if self._poles is None:
            assert self._encoder is not None
            self._poles = (self._encoder.encode(self.topic.about), self._encoder.encode(self.topic.not_about))
        return self._poles

    def _accept(
        self,
        document: Document,
        lines: list[Contribution],
        parts: list[_Part],
        title: Reading,
        bearing: list[int],
        *,
        score: float | None = None,
    ) -> Match:
        wanted = set(bearing)
        headed = _headed(title)
        hits = [hit for part in parts if part.index in wanted for hit in part.reading.hits]
        if score is None:
            score = max(combine(hits + title.hits), DECIDED)
        why = ["its title says so"] if headed else []
        why += reasons.for_match(self.topic, hits or title.hits if not headed else hits)
        focused = not headed and _narrow(document, lines, wanted)
        if focused:
            why.append(f"said in {len(wanted)} of {len(lines)} contributions")
            wanted |= _replies(lines, wanted)
        chosen = tuple(lines[index].id for index in sorted(wanted))
        return Match(
            document=document.id,
            topic=self.topic.name,
            matched=True,
            score=round(min(score, 1.0), 4),
            reasons=tuple(why[: reasons.MOST]),
            parts=chosen,
            focused=focused,
        )

    def _refuse(self, document: Document, reading: Reading, score: float) -> Match:
        return Match(
            document=document.id,
            topic=self.topic.name,
            matched=False,
            score=round(score, 4),
            reasons=tuple(reasons.for_refusal(self.topic, reading)),
        )


def _short(document: Document, lines: list[Contribution]) -> bool:
    """Whether an article is only its summary."""
    return document.kind is Kind.ARTICLE and sum(len(item.text.split()) for item in lines) < _HEADING_ONLY


def _headed(title: Reading) -> bool:
    """Whether a heading names the topic: one that only may ("Prevent Falls at Home") does not."""
    return title.score > DECIDED


def _nearness(cosines: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """One nearness a passage: a soft maximum, so that one chance likeness decides less, and a mean, so that a topic
    may describe what it is not at more length than what it is."""
    nearness: npt.NDArray[np.float32] = _SOFT * np.log(np.mean(np.exp(cosines / _SOFT), axis=1))
    return nearness


def _together(parts: list[_Part]) -> Reading:
    hits = [hit for part in parts for hit in part.reading.hits]
    ordinary: Counter[str] = Counter()
    excluded: Counter[str] = Counter()
    for part in parts:
        ordinary += part.reading.ordinary
        excluded += part.reading.excluded
    return Reading(hits, ordinary, excluded)


def _passages(title: str, lines: list[Contribution], places: list[tuple[int, Hit]]) -> list[str]:
    """What to encode for these hits, the surest first: none twice, and no two from the same few sentences."""
    chosen: list[tuple[int, Hit]] = []
    for index, hit in places:
        if len(chosen) == _PASSAGES:
            break
        if all(index != other or abs(hit.start - near.start) > _PASSAGE for other, near in chosen):
            chosen.append((index, hit))
    return [_passage(title, lines[index].text, hit) for index, hit in chosen]


def _passage(title: str, text: str, hit: Hit) -> str:
    """The hit's own sentences, cut at white space, with the title before them."""
    start, end = max(0, hit.start - _PASSAGE), min(len(text), hit.end + _PASSAGE)
    if start:
        start = text.find(" ", start, hit.start) + 1 or start
    if end < len(text):
        end = max(text.rfind(" ", hit.end, end), hit.end)
    return f"{title}. {text[start:end]}".strip()


def _narrow(document: Document, lines: list[Contribution], wanted: set[int]) -> bool:
    """Whether a document on something else says this only in passing."""
    if len(lines) < _FOCUS_CONTRIBUTIONS:
        return False
    share = _FOCUS_SHARE if document.kind is Kind.DEBATE else _ARTICLE_SHARE
    return len(wanted) / len(lines) <= share


def _replies(lines: list[Contribution], wanted: set[int]) -> set[int]:
    """A minister's direct answer to a contribution that is wanted belongs to it, whatever words it uses."""
    ministers = {
        item.member_id or item.speaker
        for item in lines
        if item.role and _MINISTER.search(item.role) and not _OPPOSITION.search(item.role)
    }
    ministers.discard(None)

    def speaks(index: int) -> bool:
        item = lines[index]
        return (item.member_id or item.speaker) in ministers

    return {index + 1 for index in wanted if index + 1 < len(lines) and not speaks(index) and speaks(index + 1)}
