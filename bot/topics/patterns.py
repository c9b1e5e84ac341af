"""The way phrases are written in a topic's file, made into regular expressions.

A phrase is words parted by spaces. `a/b/c` is any of them; `word*` any ending; `word?` may be left out; `counter-terror`
also meets "counter terror" and "counterterror"; `...` is up to six words of the same sentence. A word with a capital
needs it in the text (there it may also stand all in capitals); a word without one is met in either case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

GAP = 6
"""The most words that `...` passes over."""

_SEPARATOR = r"""[\s,:"“”‘’'()\-–—]+"""
_GAP = rf"(?:[^\w.!?;\n]+\w[\w.'’-]*\b){{0,{GAP}}}?"
_ODDITIES = str.maketrans(
    {"’": "'", "‘": "'", "‛": "'", "\u00a0": " ", "\u2010": "-", "\u2011": "-", "\u2009": " ", "\u202f": " "}
)


@dataclass(frozen=True, slots=True)
class Pattern:
    """One phrase. `anchors` are lower-case strings of which a lower-cased text must hold one to be worth searching."""

    source: str
    regex: re.Pattern[str]
    anchors: tuple[str, ...]


def plain(text: str) -> str:
    """The text with one kind of apostrophe, space and hyphen; every character keeps its place."""
    return text.translate(_ODDITIES)


def compile_phrase(source: str) -> Pattern:
    """Raises ValueError, saying what is wrong, on a phrase that is empty, all optional, or begins or ends in a gap."""
    tokens = source.split()
    if not tokens or tokens[0] == "..." or tokens[-1] == "...":
        raise ValueError(f"{source!r} must begin and end with a word")
    expression, anchors, glue = "", (), ""
    for token in tokens:
        if token == "...":
            expression += _GAP
            continue
        optional = token.endswith("?") and len(token) > 1
        words = [word for word in (token[:-1] if optional else token).split("/") if word]
        if not words or any(word.strip("*") == "" for word in words):
            raise ValueError(f"{source!r} has a word with no letters")
        piece = "(?:" + "|".join(_word(word) for word in words) + ")"
        if optional:
            expression += f"(?:{glue}{piece})?" if glue else f"(?:{piece}{_SEPARATOR})?"
            continue
        expression += glue + piece
        glue = _SEPARATOR
        found = tuple(_anchor(word) for word in words)
        if not anchors or min(map(len, found)) > min(map(len, anchors)):
            anchors = found
    if not anchors:
        raise ValueError(f"{source!r} needs a word that is not optional")
    return Pattern(source, re.compile(rf"(?<![\w]){expression}(?!\w)"), anchors)


def _word(word: str) -> str:
    stem, ending = (word[:-1], r"\w*") if word.endswith("*") else (word, "")
    parts = r"[\s\-–]?".join(re.escape(part) for part in stem.split("-"))
    if any(letter.isupper() for letter in stem):
        return f"(?:{parts}|{parts.upper() if parts.isalpha() else parts}){ending}"
    return f"(?i:{parts}){ending}"


def _anchor(word: str) -> str:
    return max(word.rstrip("*").lower().split("-"), key=len)


class Phrases:
    """Several phrases as one thing to look for."""

    __slots__ = ("_anchors", "_regex", "patterns")

    def __init__(self, sources: Iterable[str]) -> None:
        self.patterns = tuple(compile_phrase(source) for source in sources)
        self._anchors = tuple(sorted({anchor for pattern in self.patterns for anchor in pattern.anchors}))
        joined = "|".join(f"(?:{pattern.regex.pattern})" for pattern in self.patterns)
        self._regex = re.compile(joined) if joined else None

    @property
    def anchors(self) -> tuple[str, ...]:
        return self._anchors

    def worth(self, lowered: str) -> bool:
        """Whether a lower-cased text could hold one at all: cheap, and never wrong when it says no."""
        return any(anchor in lowered for anchor in self._anchors)

    def find(self, text: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        """The first in `text`, which has been through `plain`."""
        if self._regex is None:
            return None
        return self._regex.search(text, start, len(text) if end is None else end)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where they stand in `text`, which has been through `plain`."""
        return [match.span() for match in self._regex.finditer(text)] if self._regex else []
