"""Matches weighed and put in order, and the sentence of each that is shown. Pure: rows in, order out."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.archive.facets import TOPICAL, fold
from bot.archive.query import Term
from bot.splitting import split

LONGEST = 300
"""Characters of a snippet."""
_ORDINARY = 120
"""Words of an ordinary contribution: in a longer one, a word tells less."""
_INFLECTED, _COMMON_NOUN = 0.5, 0.4
"""What another form of the word is worth, and lower case where the word is also a name ("prevent" beside "Prevent")."""
_ASIDE = {"procedure": 0.8, "collective": 0.8, "chair": 0.8, "reprint": 0.7}
_START, _END = "\x02", "\x03"
_PIECES = re.compile(f"([{_START}{_END}])")
_INITIAL = re.compile(r"(?:^|[.!?…:]\W+|\n\W*)$")


@dataclass(frozen=True, slots=True)
class Weighed:
    """A row of the archive with its score, 0 to 1, and its text with the places of the words that match."""

    row: Any
    score: float
    text: str
    marks: tuple[tuple[int, int], ...]


def ranked(rows: Sequence[Any], terms: Sequence[Term], weights: Sequence[float]) -> list[Weighed]:
    """Best first, then the latest; of equal words (a Lords repeat) the best one alone."""
    read = []
    known: dict[str, tuple[int, bool]] = {}
    wanted = [fold(term.text) for term in terms]
    for row in rows:
        text, marks = _marked(row.marked)
        read.append((row, text, marks, _forms(text, marks, wanted, known)))
    names = {at for *_, forms in read for at, form in forms if form == "name"}
    found = [
        Weighed(row, _score(row, text, forms, marks, names=names, weights=weights), text, marks)
        for row, text, marks, forms in read
    ]
    found.sort(key=lambda each: (each.score, str(each.row.date or ""), each.row.row), reverse=True)
    seen: set[str] = set()
    kept: list[Weighed] = []
    for each in found:
        key = fold(each.text[:200])
        if key not in seen or len(each.text) < 40:
            kept.append(each)
        seen.add(key)
    return kept


def _marked(marked: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The text without the index's marks (or other control characters than line ends), and where they stood."""
    out: list[str] = []
    marks: list[tuple[int, int]] = []
    length = 0
    start: int | None = None
    for piece in _PIECES.split(marked or ""):
        if piece == _START:
            start = length
        elif piece == _END:
            if start is not None:
                marks.append((start, length))
            start = None
        else:
            out.append(piece if piece.isprintable() else _printable(piece))
            length += len(out[-1])
    return "".join(out), tuple(marks)


def _printable(text: str) -> str:
    kept = (
        c if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs") else " " if c.isspace() else ""
        for c in text
    )
    return "".join(kept)


def _forms(
    text: str, marks: Sequence[tuple[int, int]], wanted: Sequence[str], known: dict[str, tuple[int, bool]]
) -> list[tuple[int, str]]:
    """Of each mark the term, by its place, and how it stands: "name", "word", or another "form" of it. `known` keeps
    what each marked word was found to be: the same few, hundreds of times."""
    found: list[tuple[int, str]] = []
    if not wanted:
        return found
    for start, end in marks:
        printed = text[start:end]
        if printed not in known:
            word = fold(printed)
            best = max(range(len(wanted)), key=lambda n: _alike(word, wanted[n]))
            known[printed] = best, word == wanted[best]
        at, same = known[printed]
        if not same:
            form = "form"
        elif printed[:1].isupper():
            form = "initial" if _INITIAL.search(text[max(0, start - 6) : start]) else "name"
        else:
            form = "word"
        found.append((at, form))
    return found


def _alike(word: str, wanted: str) -> float:
    if word == wanted:
        return 2.0
    shared = next(
        (n for n, (a, b) in enumerate(zip(word, wanted, strict=False)) if a != b), min(len(word), len(wanted))
    )
    return shared / max(len(word), len(wanted), 1)


def _score(
    row: Any,
    text: str,
    forms: Sequence[tuple[int, str]],
    marks: Sequence[tuple[int, int]],
    *,
    names: set[int],
    weights: Sequence[float],
) -> float:
    worth: dict[int, float] = {}
    for at, form in forms:
        value = _INFLECTED if form == "form" else _COMMON_NOUN if form == "word" and at in names else 1.0
        worth[at] = worth.get(at, 0.0) + value
    # A speaker's own name is no part of the text: it counts as said once.
    length = 0.5 + 0.5 * text.count(" ") / _ORDINARY
    total = sum(weights) or 1.0
    lexical = sum(weights[at] * value / (value + 0.6 * length) for at, value in worth.items()) / total
    near = _nearness(forms, marks) if len(weights) > 1 and len(worth) > 1 else 1.0
    topical = TOPICAL in row.facets.split()
    score = 0.6 * lexical + 0.12 * near * len(worth) / max(len(weights), 1) + 0.25 * topical + 0.02
    return min(score * _ASIDE.get(row.voice, 1.0), 1.0)


def _nearness(forms: Sequence[tuple[int, str]], marks: Sequence[tuple[int, int]]) -> float:
    """1 where two different words stand side by side, falling to 0 at 300 characters."""
    gaps = [
        later[0] - before[1]
        for (one, _), (other, _), before, later in zip(forms, forms[1:], marks, marks[1:], strict=False)
        if one != other
    ]
    return math.exp(-min(gaps, default=1000) / 60)


def snippet(text: str, marks: Sequence[tuple[int, int]]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The sentence with most of the marks, the earliest of several, and the marks in it."""
    best: tuple[int, str, list[tuple[int, int]]] | None = None
    at = 0
    for sentence in (each for part in re.split(r"\n\s*\n|\n", text) for each in split(part)):
        words = [re.escape(word) for word in sentence.split()]
        place = re.compile(r"\s+".join(words)).search(text, at)
        if place is None:
            continue
        at = place.end()
        inside = [(start, end) for start, end in marks if place.start() <= start and end <= place.end()]
        moved = []
        for start, end in inside:
            before = len(" ".join(text[place.start() : start].split(" ")))
            moved.append((before, before + end - start))
        if best is None or len({sentence[a:b].casefold() for a, b in moved}) > best[0]:
            best = (len({sentence[a:b].casefold() for a, b in moved}), sentence, moved)
    if best is None:
        return "", ()
    return _cut(best[1], best[2])


def _cut(sentence: str, marks: Sequence[tuple[int, int]]) -> tuple[str, tuple[tuple[int, int], ...]]:
    if len(sentence) <= LONGEST:
        return sentence, tuple((a, b) for a, b in marks if b <= len(sentence))
    first = marks[0][0] if marks else 0
    start = 0 if first < LONGEST // 2 else sentence.rfind(" ", 0, first - LONGEST // 3) + 1
    end = min(len(sentence), start + LONGEST)
    if end < len(sentence):
        end = max(sentence.rfind(" ", start, end), start + 1)
    lead, tail = "…" if start else "", "…" if end < len(sentence) else ""
    move = len(lead) - start
    kept = tuple((a + move, b + move) for a, b in marks if start <= a and b <= end)
    return f"{lead}{sentence[start:end].rstrip()}{tail}", kept
