"""Likeness of words and sentences by the encoder: asked in batches, and remembered from one document to the next."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Protocol
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

REMEMBERED = 20_000
"""Texts whose rows are kept for each encoder: some 30 MB, the vocabulary of a day's debates and their sentences."""


class Encodes(Protocol):
    """What is wanted of the encoder: one unit row a text."""

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]: ...


_Rows = OrderedDict[str, npt.NDArray[np.float32]]
_ROWS: WeakKeyDictionary[Encodes, _Rows] = WeakKeyDictionary()


class Likeness:
    """Cosines by one encoder. One text costs nearly what twenty do: `prepare` what will be compared."""

    def __init__(self, encoder: Encodes) -> None:
        self._encoder = encoder
        self._rows: _Rows = _ROWS.setdefault(encoder, OrderedDict())

    def prepare(self, texts: Iterable[str]) -> None:
        """Encodes in one batch those of the texts that are not remembered; forgets the least lately used."""
        wanted = list(dict.fromkeys(texts))
        missing = [text for text in wanted if text not in self._rows]
        for text in wanted:
            if text in self._rows:
                self._rows.move_to_end(text)
        if missing:
            for text, row in zip(missing, self._encoder.encode(missing), strict=True):
                self._rows[text] = row
        while len(self._rows) > max(REMEMBERED, len(wanted)):
            self._rows.popitem(last=False)

    def of(self, text: str, others: Sequence[str]) -> npt.NDArray[np.float32]:
        """The cosine of the text with each of the others."""
        self.prepare([text, *others])
        if not others:
            return np.zeros(0, dtype=np.float32)
        found: npt.NDArray[np.float32] = np.stack([self._rows[other] for other in others]) @ self._rows[text]
        return found

    def nearest(self, word: str, words: Sequence[str]) -> float:
        """The highest cosine of a lone word with any of the others; 0 where there are none."""
        return float(self.of(word, words).max()) if words else 0.0
