"""Words as a search engine sees them: stems, BM25, and the words too common to tell anything apart."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from bot.inference.encoder import Vectors

_WORD = re.compile(r"[a-z0-9]+(?:[.,]\d+)*")
_SUFFIXES = (
    ("ational", "ate"), ("ization", "ize"), ("isation", "ise"), ("fulness", "ful"), ("iveness", "ive"),
    ("ments", "ment"), ("ings", ""), ("edly", ""), ("ions", "ion"), ("ies", "y"), ("ied", "y"), ("ing", ""),
    ("ely", "e"), ("ed", ""), ("es", "e"), ("ly", ""), ("s", ""),
)  # fmt: skip
STOP = frozenset(
    "a an the and or but if of to in on at by for with from into about as than then so that this these those there "
    "here it its he she they them their his her him i me my we us our you your who whom which what when where why how "
    "is are was were be been being am do does did done has have had having will would shall should can could may might "
    "must not no nor very just also all any some such more most much many few other over under up down out only own "
    "same too s t re ve ll m d don".split()
)


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """A plain stem, enough to join "funds", "funding" and "funded"."""
    for suffix, put in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) + len(put) >= 3 and not word.endswith("ss"):
            word = word[: len(word) - len(suffix)] + put
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiousl":
        word = word[:-1]
    return word[:-1] if len(word) > 4 and word.endswith("e") else word


def stems(text: str) -> list[str]:
    """The text's words in order, stemmed, in small letters; a possessive counts as its noun."""
    return [stem(word) for word in _WORD.findall(text.lower().replace("’s", "").replace("'s", ""))]


def content(text: str) -> list[str]:
    """The stems of the words that carry meaning."""
    found = (word for word in _WORD.findall(text.lower().replace("’s", "").replace("'s", "")) if word not in STOP)
    return [stem(word) for word in found]


class Bm25:
    """Okapi BM25 over texts given as stems (k1 1.2, b 0.75)."""

    def __init__(self, texts: Sequence[Sequence[str]], k1: float = 1.2, b: float = 0.75) -> None:
        self.size = len(texts)
        lengths = np.array([len(text) for text in texts], dtype=np.float32)
        damping = k1 * (1 - b + b * lengths / (lengths.mean() if self.size and lengths.any() else 1.0))
        postings: dict[str, tuple[list[int], list[float]]] = {}
        for row, text in enumerate(texts):
            for word, count in Counter(text).items():
                rows, counts = postings.setdefault(word, ([], []))
                rows.append(row)
                counts.append(count)
        self.idf = {
            word: math.log(1 + (self.size - len(rows) + 0.5) / (len(rows) + 0.5))
            for word, (rows, _) in postings.items()
        }
        self._weights = {
            word: (np.array(rows), self.idf[word] * np.array(counts) * (k1 + 1) / (np.array(counts) + damping[rows]))
            for word, (rows, counts) in postings.items()
        }

    def scores(self, query: Sequence[str]) -> Vectors:
        """One number a text; a word asked twice counts once."""
        found = np.zeros(self.size, dtype=np.float32)
        for word in dict.fromkeys(query):
            if word in self._weights:
                rows, weights = self._weights[word]
                found[rows] += weights
        return found
