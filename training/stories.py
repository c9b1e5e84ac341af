"""Fits the weights by which two documents are held to tell one story (bot/summarise/stories.py), and prints them.

    .venv/bin/python training/stories.py [LOT.jsonl ...]

A lot is transcript/1 with a key `story`, one a line. Each lot is also grouped by weights fitted on the others alone:
that is the figure to believe. Where none is named, the last of the benchmark's is left for measuring.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.stories import LOTS, Lot, Score, bcubed, lot, models  # noqa: E402
from bot.summarise import stories  # noqa: E402
from bot.summarise.profiles import Profile, profiles  # noqa: E402

REGULAR, POSITIVE = 0.3, 3.0
"""The inverse strength of the penalty; how much more a pair of one story counts than one of two."""


def pairs(lots: list[tuple[Lot, list[Profile]]]) -> tuple[np.ndarray, np.ndarray]:
    """The features and the truth of each pair that must be weighed."""
    rows, truth = [], []
    for each, found in lots:
        table = stories.features(found)
        for one in range(len(found)):
            for other in range(one):
                if stories.settled(found[one], found[other]) is None:
                    rows.append(table[:, one, other])
                    truth.append(each.stories[one] == each.stories[other])
    return np.array(rows), np.array(truth)


def fit(lots: list[tuple[Lot, list[Profile]]]) -> tuple[tuple[float, ...], float]:
    from sklearn.linear_model import LogisticRegression

    rows, truth = pairs(lots)
    mean, scale = rows.mean(axis=0), np.maximum(rows.std(axis=0), 1e-6)
    model = LogisticRegression(C=REGULAR, class_weight={False: 1.0, True: POSITIVE})
    model.fit((rows - mean) / scale, truth)
    weights = model.coef_[0] / scale
    return tuple(round(float(each), 2) for each in weights), round(float(model.intercept_[0] - weights @ mean), 2)


def main() -> None:
    loaded = models()
    lots = [lot(path) for path in map(Path, sys.argv[1:])] or [lot(path) for path in LOTS[:-1]]
    known = [(each, profiles(loaded, each.documents)) for each in lots]
    scores: list[Score] = []
    for held in known:
        if len(known) > 1:
            stories.WEIGHTS, stories.BIAS = fit([each for each in known if each is not held])
            scores.append(bcubed(stories.group(held[1]), held[0].stories))
            print(f"{held[0].name:24} by the others' weights: {scores[-1]}")
    stories.WEIGHTS, stories.BIAS = fit(known)
    print(dict(zip(stories.FEATURES, stories.WEIGHTS, strict=True)))
    print(f"WEIGHTS = {stories.WEIGHTS}\nBIAS = {stories.BIAS}")


if __name__ == "__main__":
    main()
