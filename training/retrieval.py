"""Fit what says which contributions bear on a question (bot/summarise/weights/turns.npz) on QMSum's committee meetings.

    .venv/bin/python -m training.retrieval --data ../shared/data/qmsum-committee [--cache FOLDER]

A contribution is wanted where it stands in a span that the annotators marked for the question. Figures come of five
folds by meeting: `.venv/bin/python -m benchmarks.retrieval`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier  # type: ignore[import-untyped]

from benchmarks.rouge import CACHE, DATA, Meeting, encoder_at, meetings
from bot.inference.encoder import Encoder, Vectors
from bot.summarise.retrieve import read_closely
from bot.summarise.salience import Trees
from bot.summarise.turns import COLUMNS, Turns
from training.selection import WEIGHTS, exported

Rows = tuple[Vectors, Vectors]


def rows(meeting: Meeting, encoder: Encoder) -> list[Rows]:
    """Each question's columns and, a contribution of the meeting each, whether it is marked."""
    said = [(0, item) for item in meeting.document.spoken()]
    made, known = [], {}
    for query in meeting.specific:
        question = query.question or ""
        read = read_closely(said, question)
        ids = tuple(item.id for _, item in read)
        if ids not in known:
            known[ids] = Turns(read, encoder)
        wanted = {f"t{place}" for start, end in query.spans for place in range(start, end + 1)}
        made.append((known[ids].beside(question), np.array([id_ in wanted for id_ in ids], dtype=np.float32)))
    return made


def fit(questions: Iterable[Rows]) -> Trees:
    """The trees fitted on those questions."""
    held = list(questions)
    model = HistGradientBoostingClassifier(
        max_iter=120,
        learning_rate=0.08,
        max_leaf_nodes=12,
        min_samples_leaf=60,
        l2_regularization=5.0,
        max_features=0.3,
        early_stopping=False,
        random_state=0,
    )
    model.fit(np.vstack([columns for columns, _ in held]), np.concatenate([wanted for _, wanted in held]))
    return exported(model)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument("--out", type=Path, default=WEIGHTS / "turns.npz", help="where the weights are written")
    options = parser.parse_args()
    encoder = encoder_at(options.cache)
    fit(row for meeting in meetings(options.data) for row in rows(meeting, encoder)).save(options.out, COLUMNS)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
