"""Claims about an article, where nobody speaks: what is nowhere in it, then what is joined otherwise than there.

A summary of the press draws on the whole article and says it in other words, so that a name or a figure that stands
nowhere in it is the surest sign of an invention, and a clause phrased otherwise is none. How things are joined is
judged as surely as the sentence that the claim comes from is recognised.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from bot.domain import Contribution
from bot.equivalents import Equivalents
from bot.summarise.verifying import copies, lexicon
from bot.summarise.verifying.figures import Figure, figures
from bot.summarise.verifying.objections import REFUSAL, Objection
from bot.summarise.verifying.passages import Part, SourceSentence, Window
from bot.summarise.verifying.quantities import other_measure
from bot.summarise.verifying.words import akin, lemma, opposite, rivals, same_sense, stem

UNRECOGNISED, RECOGNISED = 0.55, 0.85
"""Share of a part's words that its sentence and neighbours hold: up to the first, how they are joined is not judged;
from the second, in full."""
WORD_WEIGHTS = {"NOUN": 0.8, "PROPN": 0.8, "VERB": 0.5, "ADJ": 0.5, "ADV": 0.15, "NUM": 0.2}
"""What an uncarried word costs: less than in a debate, for a headline's 'man' or 'row' may be nobody's word."""
ALMOST = 0.85
"""Share from which a sentence is the one that a part of a claim tells."""
LEAST = 4
"""Content words that tell a sentence from its neighbours."""
PUT_IN = 0.6
"""How much more a word weighs that is put into a sentence otherwise the article's."""
TIE = 0.08
"""Sentences this near the likest one may be what the part is about as well."""
LONG_PART = 9
SURE_SENSE, NO_SENSE = 0.72, 0.40
_WORDS = re.compile(r"[a-z0-9]+(?:[-'][a-z0-9]+)*")
_SCORE = re.compile(r"(?<![-\w])(\d{1,3})-(\d{1,3})(?![-\w])")
_HEADLINE = frozenset(
    "man woman people person year month week day time news plan row call case thing place part group set new former "
    "say face make give take want see find get use include report reveal claim hit launch leave latest local more "
    "first last major big top key home own next full early late a uk country area world life work mp minister".split()
)
"""Words that a summary may put in of itself."""


@dataclass(frozen=True)
class Article:
    """All that an article says: every word of it, and its sentences, parsed, that are likest the claim."""

    text: str
    sentences: tuple[SourceSentence, ...]
    known: Equivalents

    @cached_property
    def words(self) -> frozenset[str]:
        found = _WORDS.findall(self.known.widened(self.text).lower())
        return frozenset(form for word in found for form in (word, word.removesuffix("'s"), *word.split("-")))

    @cached_property
    def stems(self) -> frozenset[str]:
        return frozenset(stem(word) for word in self.words)

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        return tuple(figures(self.text))

    @cached_property
    def lemmas(self) -> frozenset[str]:
        return frozenset(lemma(token) for sentence in self.sentences for token in sentence.content)

    def holds(self, word: str) -> bool:
        return (
            word in self.words
            or stem(word) in self.stems
            or f"{word}s" in self.words
            or all(piece in self.words for piece in word.split("-"))
        )


def absent(
    part: Part, article: Article, known_as: float, similar: Callable[[str, list[str]], float]
) -> Iterable[Objection]:
    """Objections to the names, figures and words of the part that stand nowhere in the article.

    `known_as` says how surely a sentence of the article is what the part tells: a word put into that weighs more."""
    for figure in part.figures:
        if not any(figure.agrees(other) for other in article.figures):
            yield Objection(1.3 * REFUSAL, f"the figure “{figure.text}” is nowhere in the article")
        elif fault := other_measure(figure, part, article.sentences):
            yield Objection(REFUSAL, fault)
    for hit in _SCORE.finditer(part.text):
        if not re.search(rf"\b{hit[1]}(?:-| to | and ){hit[2]}\b", article.text):
            yield Objection(1.3 * REFUSAL, f"“{hit[0]}” is nowhere in the article")
    names = {token.i for token in part.names}
    for token in part.names:
        name = lemma(token)
        if len(name) < 2 or name in lexicon.TITLES or article.holds(name) or _initials(token.text, article.text):
            continue
        if any(akin(name, word) for word in article.lemmas):
            continue
        yield Objection(1.2 * REFUSAL, f"the name “{token.text}” is nowhere in the article")
    content = [token for token in part.content if token.i not in names]
    scale = min(1.0, LONG_PART / max(1, len(content)))
    known = sorted(article.lemmas)
    for token in content:
        word = lemma(token)
        if word in _HEADLINE or word in lexicon.SAYING or article.holds(word) or article.holds(token.lower_):
            continue
        if any(same_sense(word, other) for other in known):
            continue
        best = similar(word, [other for other in known if not opposite(word, other) and not rivals(word, other)])
        carried = min(1.0, max(0.0, (best - NO_SENSE) / (SURE_SENSE - NO_SENSE)))
        weight = WORD_WEIGHTS.get(token.pos_, 0.3) * (1 - carried) * scale * (1 + PUT_IN * known_as)
        if weight > 0.05:
            yield Objection(weight, f"“{token.text}” is nowhere in the article")


def share(part: Part, window: Window) -> float:
    """How much of the part's content a sentence holds; its neighbours' words count half."""
    names = {token.i for token in part.names}
    content = [lemma(token) for token in part.content if token.i not in names]
    own, around = window.main.lemmas, window.lemmas
    held = sum(_holds(own, word) or 0.5 * _holds(around, word) for word in content)
    return held / len(content) if content else 1.0


def _holds(words: frozenset[str], word: str) -> bool:
    return word in words or any(same_sense(word, other) or opposite(word, other) for other in words)


def likest(part: Part, found: list[tuple[float, Contribution, Window]]) -> list[tuple[float, Contribution, Window]]:
    """Where one sentence holds nearly all of the part, that one and its equals alone: its neighbours' clauses would
    excuse what is changed in it."""
    if own := [row for row in found if copies.near(part.text, row[2].main.text)]:
        return own
    shares = [share(part, window) for _, _, window in found]
    best = max(shares, default=0.0)
    if best < ALMOST or len(part.content) < LEAST:
        return found
    return [row for row, held in zip(found, shares, strict=True) if held >= best - TIE]


def sure(share: float) -> float:
    """0..1: how surely a part is the sentence's that holds this share of it."""
    return min(1.0, max(0.0, (share - UNRECOGNISED) / (RECOGNISED - UNRECOGNISED)))


def _initials(name: str, text: str) -> bool:
    if not name.isupper() or len(name) < 2:
        return False
    return name in "".join(word[0] for word in text.replace("-", " ").split() if word[:1].isupper())
