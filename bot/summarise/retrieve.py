"""What of some documents bears on a question: whole contributions with their neighbours, within a budget of words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from bot.domain import Contribution, Document
from bot.summarise.features import _smoothed
from bot.summarise.lexical import Bm25, content

if TYPE_CHECKING:
    from bot.inference.encoder import Encoder, Vectors
    from bot.inference.models import Models

WORDS = 1_500
_WIDTH = 2.0


def retrieve(
    models: Models,
    question: str,
    documents: Sequence[Document],
    *,
    words: int = WORDS,
    previous: Sequence[str] = (),
) -> tuple[Document, ...]:
    """The contributions that bear on the question, with their neighbours, in at most `words` words in all.

    Each document keeps only those of its spoken contributions, unchanged and in order; one of which nothing is kept is
    left out. `previous` are the earlier questions of the conversation, oldest first, whose subject a short question
    keeps. A first contribution longer than the budget is kept whole, so that something always is."""
    turns = [(place, item) for place, document in enumerate(documents) for item in document.spoken()]
    if not turns:
        return ()
    scores = _scores(models.encoder, " ".join([*previous[-1:], question]), turns)
    kept: set[tuple[int, int]] = set()
    left = words
    for index in np.argsort(-scores, kind="stable"):
        place, item = turns[index]
        length = len(item.text.split())
        if length <= left or not kept:
            kept.add((place, id(item)))
            left -= length
    chosen = (
        replace(document, contributions=tuple(item for item in document.contributions if (place, id(item)) in kept))
        for place, document in enumerate(documents)
    )
    return tuple(document for document in chosen if document.contributions)


def _scores(encoder: Encoder, question: str, turns: Sequence[tuple[int, Contribution]]) -> Vectors:
    match = Bm25([content(f"{item.speaker}: {item.text}") for _, item in turns]).scores(content(question))
    near = encoder.encode([item.text for _, item in turns]) @ encoder.encode([question])[0]
    both = match / (match.max() or 1.0) + near / (near.max() or 1.0)
    places = np.array([place for place, _ in turns])
    smooth = np.zeros(len(turns), dtype=np.float32)
    for place in set(places.tolist()):
        smooth[places == place] = _smoothed(both[places == place], _WIDTH)
    return np.asarray(both + smooth, dtype=np.float32)
