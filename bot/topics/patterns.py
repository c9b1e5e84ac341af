"""The way phrases are written in a topic's file, made into regular expressions.

A phrase is words parted by spaces. `a/b/c` is any of them; `word*` any ending; `word?` may be left out;
`counter-terror` also meets "counter terror" and "counterterror"; `...` is up to six words of the same sentence. A word
with a capital needs it in the text (there it may also stand all in capitals); one without is met in either case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

GAP = 6
"""The most words that `...` passes over."""

_ELLIPSIS = "..."
_SEPARATOR = r"""[\s,:"“”‘’'()\-–—]{1,8}"""
_GAP = rf"""(?:[\s,:"“”()–—/]{{1,8}}[^\s,:"“”()–—/.!?;]{{1,40}}){{0,{GAP}}}?"""
"""A separator, then a word, whose characters have none in common: one way to read any text, however hostile."""
_ODDITIES = (
    ("’", "'"),
    ("‘", "'"),
    ("‛", "'"),
    ("\u00a0", " "),
    ("\u2009", " "),
    ("\u202f", " "),
    ("\u2010", "-"),
    ("\u2011", "-"),
)


@dataclass(frozen=True, slots=True)
class Pattern:
    """One phrase. `anchors` are lower-case strings of which a lower-cased text must hold one to be worth searching."""

    source: str
    regex: re.Pattern[str]
    anchors: tuple[str, ...]


def plain(text: str) -> str:
    """The text with one kind of apostrophe, space and hyphen; every character keeps its place."""
    if not text.isascii():
        for odd, even in _ODDITIES:
            text = text.replace(odd, even)
    return text


def compile_phrase(source: str) -> Pattern:
    """Raises ValueError, saying what is wrong, on a phrase that is empty, all optional, or begins or ends in a gap."""
    pieces = source.split()
    if not pieces or _ELLIPSIS in {pieces[0], pieces[-1]}:
        raise ValueError(f"{source!r} must begin and end with a word")
    expression, glue = "", ""
    anchors: tuple[str, ...] = ()
    for written in pieces:
        if written == _ELLIPSIS:
            expression += _GAP
            continue
        optional = written.endswith("?") and len(written) > 1
        words = [word for word in (written[:-1] if optional else written).split("/") if word]
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
    """Several phrases as one thing to look for. Each is searched for only where one of its own words stands, so that
    a long list costs little in a text that holds none of it."""

    __slots__ = ("_standing", "anchors", "patterns")

    def __init__(self, sources: Iterable[str]) -> None:
        self.patterns = tuple(compile_phrase(source) for source in sources)
        self._standing: dict[str, list[int]] = {}
        for place, pattern in enumerate(self.patterns):
            for anchor in pattern.anchors:
                self._standing.setdefault(anchor, []).append(place)
        self.anchors = tuple(sorted(self._standing))

    def __bool__(self) -> bool:
        return bool(self.patterns)

    def worth(self, lowered: str) -> bool:
        """Whether a lower-cased text could hold one at all: cheap, and never wrong when it says no."""
        for anchor in self.anchors:  # noqa: SIM110 - a generator costs as much again as the looking
            if anchor in lowered:
                return True
        return False

    def found(self, text: str, lowered: str | None = None) -> bool:
        """Whether one stands in `text`, which has been through `plain`."""
        lowered = text.lower() if lowered is None else lowered
        return any(pattern.regex.search(text) for pattern in self._likely(lowered))

    def spans(self, text: str, lowered: str | None = None) -> list[tuple[int, int]]:
        """Where they stand in `text`, which has been through `plain`: in order, those that overlap as one."""
        lowered = text.lower() if lowered is None else lowered
        places = sorted(match.span() for pattern in self._likely(lowered) for match in pattern.regex.finditer(text))
        merged: list[tuple[int, int]] = []
        for start, end in places:
            if merged and start < merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        return merged

    def _likely(self, lowered: str) -> list[Pattern]:
        # One look for each word, however many phrases share it: this is most of what a text costs.
        here = [anchor for anchor in self.anchors if anchor in lowered]
        if not here:
            return []
        return [self.patterns[place] for place in sorted({place for word in here for place in self._standing[word]})]
