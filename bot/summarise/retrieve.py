"""What of some documents bears on a question: whole contributions with their neighbours, within a budget of words.

Boosted trees say how likely a contribution is to be one of those that an annotator would mark for the question
(weights/turns.npz); neighbours lend each other their likelihood, and the budget goes to the likeliest for their words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from bot.domain import Contribution, Document
from bot.summarise.features import scaled, smoothed
from bot.summarise.lexical import Bm25, content
from bot.summarise.salience import trees
from bot.summarise.turns import COLUMNS, Turns

if TYPE_CHECKING:
    from bot.inference.encoder import Vectors
    from bot.inference.models import Models

WORDS = 1_500
READ = 12_000
"""Words read closely, some 5 s of encoding on two cores; of more, those whose own and whose neighbours' words meet the
question best."""
_LONGEST = 3
"""No contribution has more than this part of the budget."""
_EXCERPT = 200
"""Words of a longer contribution that are taken first, the nearest to the question; more of it where words are left.
So a statement that opens a debate is heard beside the short questions that follow it."""
_COST = 100
"""Words that any contribution costs beside its own: what is short is not for that alone worth having."""
_LENT = 1.0
"""Contributions, a standard deviation, over which neighbours lend each other their likelihood."""

Said = tuple[int, Contribution]


def retrieve(
    models: Models, question: str, documents: Sequence[Document], *, words: int = WORDS, previous: Sequence[str] = ()
) -> tuple[Document, ...]:
    """The contributions that bear on the question, with their neighbours, in at most `words` words in all.

    Each document keeps those of its spoken contributions, in their order, and is left out where it keeps none. One of
    more than 200 words may keep only a run of its sentences; all else of it, and every other, is unchanged. `previous`
    is what was asked before, newest last, for a question that leans on it: the last of it lends its words. Raises
    ModelError where the encoder cannot be used."""
    asked = " ".join([*previous[-1:], question])
    said = read_closely([(index, item) for index, each in enumerate(documents) for item in each.spoken()], asked)
    if not said:
        return ()
    turns = Turns(said, models.encoder)
    likely = turns.within(lambda each: smoothed(each, _LENT), likelihood(turns, asked))
    kept = _chosen(turns, likely, asked, words)
    made = []
    for index, document in enumerate(documents):
        held = tuple(kept[index, item.id] for item in document.contributions if (index, item.id) in kept)
        if held:
            made.append(replace(document, contributions=held))
    return tuple(made)


def likelihood(turns: Turns, question: str) -> Vectors:
    """How likely each contribution is to be among those that answer the question, 0 to 1."""
    logits = trees("turns", COLUMNS).predict(turns.beside(question))
    return np.asarray(1 / (1 + np.exp(-logits)), dtype=np.float32)


def read_closely(said: Sequence[Said], question: str) -> list[Said]:
    """At most READ words of contributions, in order."""
    lengths = [len(item.text.split()) for _, item in said]
    if sum(lengths) <= READ:
        return list(said)
    own = scaled(Bm25([content(f"{item.speaker} {item.text}") for _, item in said]).scores(content(question)))
    indices = np.array([index for index, _ in said])
    total = 0.3 * own
    for index in np.unique(indices):
        here = indices == index
        total[here] += smoothed(own[here], 2.0) + smoothed(own[here], 6.0)
    return [said[place] for place in sorted(_filled(total, lengths, READ))]


def _filled(worth: Vectors, lengths: Sequence[int], words: int) -> list[int]:
    """The best of what fits, one by one."""
    kept = []
    for place in np.argsort(-worth, kind="stable").tolist():
        if lengths[place] <= words:
            kept.append(place)
            words -= lengths[place]
    return kept


def _chosen(turns: Turns, likely: Vectors, question: str, words: int) -> dict[tuple[int, str], Contribution]:
    """What is kept, by its document's index and its id."""
    near = turns.near(question) if turns.lengths.max() > min(_EXCERPT, words // _LONGEST) else None
    parts = []
    for place, (_, item) in enumerate(turns.said):
        for most in (min(_EXCERPT, words // _LONGEST), words // _LONGEST):
            part = item if near is None or turns.lengths[place] <= most else _cut(turns, place, near, most)
            if length := len(part.text.split()):
                parts.append((float(likely[place]) / (length + _COST), place, part, length))
    kept: dict[int, tuple[Contribution, int]] = {}
    # The sort is stable, so a contribution's excerpt comes before the whole of it.
    for _, place, part, length in sorted(parts, key=lambda each: -each[0]):
        had = kept[place][1] if place in kept else 0
        if had < length <= words + had:
            kept[place] = part, length
            words += had - length
    return {(turns.said[place][0], part.id): part for place, (part, _) in kept.items()}


def _cut(turns: Turns, place: int, near: Vectors, words: int) -> Contribution:
    """The run of the contribution's sentences, of at most so many words, that is nearest to the question."""
    rows = [row for row, unit in enumerate(turns.sentences) if unit.position == place]
    sizes = [len(turns.sentences[row].text.split()) for row in rows]
    best: tuple[float, range] = (-np.inf, range(0))
    end, total = 0, 0
    for start in range(len(rows)):
        while end < len(rows) and total + sizes[end] <= words:
            total += sizes[end]
            end += 1
        run = range(start, end)
        worth = float(np.sum(np.maximum(near[[rows[each] for each in run]], 0.0))) if run else -np.inf
        best = max(best, (worth, run), key=lambda each: each[0])
        if end > start:
            total -= sizes[start]
        else:
            end = start + 1
    text = ""
    for each in best[1]:
        unit = turns.sentences[rows[each]]
        apart = "\n\n" if each and unit.paragraph != turns.sentences[rows[each - 1]].paragraph else " "
        text = f"{text}{apart}{unit.text}" if text else unit.text
    return replace(turns.said[place][1], text=text)
