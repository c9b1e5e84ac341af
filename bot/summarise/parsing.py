"""Sentences parsed, with the programme's name kept from being read as the verb.

The parser takes a sentence that begins "Prevent is ..." for an order to prevent. A word that it cannot know stands in
for the
name while it parses, and every token gives its own text back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Token

_STAND_IN = "Prevanta"
_PROGRAMME = re.compile(
    r"(?<![.?!“] )(?<!^)\bPrevent\b|^Prevent\b(?=\s+(?:is|was|has|had|will|can|does|did|should|must|may|and|programme|"
    r"policy|strategy|duty|referral|officer|\w+s\b|\w+ed\b))"
)


@dataclass(frozen=True)
class Parsed:
    """A sentence, its parse, and each token's own text."""

    text: str
    doc: Doc

    @cached_property
    def words(self) -> tuple[str, ...]:
        return tuple(token.text.replace(_STAND_IN, "Prevent") for token in self.doc)

    @cached_property
    def root(self) -> Token:
        """The main verb: the root whose subtree holds most, where the parser saw more than one sentence."""
        roots = [token for token in self.doc if token.head is token or token.head.i == token.i]
        return max(roots, key=lambda token: len(list(token.subtree)))

    @property
    def whole(self) -> bool:
        """Whether the parser read it as one sentence."""
        return sum(1 for token in self.doc if token.head.i == token.i) == 1

    def between(self, start: int, end: int) -> str:
        """The source's own words from token `start` up to `end`, exactly as they stand."""
        parts = [self.words[index] + self.doc[index].whitespace_ for index in range(start, end)]
        return "".join(parts).strip()


def parse(parser: Language, texts: Sequence[str]) -> list[Parsed]:
    """Each text parsed as one sentence, in order."""
    hidden = (_PROGRAMME.sub(_STAND_IN, text) for text in texts)
    return [Parsed(text, doc) for text, doc in zip(texts, parser.pipe(hidden, batch_size=64), strict=True)]


def subject(verb: Token) -> Token | None:
    """The verb's own subject: an expletive "there" or "it" before all, else the leftmost."""
    found = [child for child in verb.children if child.dep_ in {"nsubj", "nsubjpass", "expl", "csubj"}]
    return min(found, key=lambda child: (child.dep_ != "expl", child.i), default=None)


def span(token: Token) -> tuple[int, int]:
    """The token's subtree as a half-open range."""
    return token.left_edge.i, token.right_edge.i + 1


def main_clauses(parsed: Parsed) -> list[tuple[int, int]]:
    """The main clauses that could stand alone, as half-open token ranges in order: the root's and its coordinates' with
    subjects of their own. One range, the whole sentence, where there is nothing to part."""
    doc, root = parsed.doc, parsed.root
    heads = [root, *(verb for verb in _coordinates(root) if subject(verb) is not None)]
    starts = [0, *(span(verb)[0] for verb in heads[1:])]
    ranges: list[tuple[int, int]] = []
    for index, start in enumerate(starts):
        end = starts[index + 1] if index + 1 < len(starts) else len(doc)
        while end > start and (doc[end - 1].is_punct or doc[end - 1].dep_ == "cc" or doc[end - 1].is_space):
            end -= 1
        if end > start:
            ranges.append((start, end))
    return ranges or [(0, len(doc))]


def _coordinates(verb: Token) -> Iterator[Token]:
    for child in verb.conjuncts:
        if child.pos_ in {"VERB", "AUX"}:
            yield child
