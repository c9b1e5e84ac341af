"""Fit what says which contributions bear on a question (bot/summarise/weights/turns.npz) on QMSum's committee meetings.

    .venv/bin/python -m training.retrieval --data ../shared/data/qmsum-committee [--cache FOLDER]

A contribution is wanted where it stands in a span that the annotators marked for the question. Figures come of five
folds by meeting: `.venv/bin/python -m benchmarks.retrieval`.
"""

from __future__ import annotations

import argparse
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier  # type: ignore[import-untyped]

from benchmarks.rouge import CACHE, DATA, SEED, Meeting, encoder_at, meetings
from bot.inference.encoder import Encoder, Vectors
from bot.summarise.retrieve import Said, read_closely
from bot.summarise.salience import Trees
from bot.summarise.turns import COLUMNS, SIGNALS, Turns
from training.selection import WEIGHTS, exported

Rows = tuple[Vectors, Vectors]
VIEWS = 2
"""Handfuls of the meeting that a question is fitted on beside the whole of it: a search finds no more than that."""
_RISING = frozenset(
    [f"{signal}{each}" for signal in SIGNALS for each in ("", " to best", " rank", " beside")]
    + [f"question covered {reach}" for reach in (0, 1, 3)]
    + ["asked speaker", "all", "all rank", "all nearby", "window near", "window near to best"]
)
"""Columns of which more never makes a contribution less likely."""


def rows(meeting: Meeting, encoder: Encoder) -> list[Rows]:
    """Each question's columns and, a contribution each, whether it is marked: of the meeting, then of handfuls."""
    said = [(0, item) for item in meeting.document.spoken()]
    rng = np.random.default_rng(SEED)
    made, known = [], {}
    for query in meeting.specific:
        question = query.question or ""
        wanted = {f"t{place}" for start, end in query.spans for place in range(start, end + 1)}
        views = [read_closely(said, question), *(_handful(said, wanted, rng) for _ in range(VIEWS))]
        for read in views:
            ids = tuple((index, item.id) for index, item in read)
            if ids not in known:
                known[ids] = Turns(read, encoder)
            marked = np.array([id_ in wanted for _, id_ in ids], dtype=np.float32)
            made.append((known[ids].beside(question), marked))
    return made


def _handful(said: Sequence[Said], wanted: Collection[str], rng: np.random.Generator) -> list[Said]:
    """Some runs of one to seven contributions, each as if of its own document, one of them beside a marked one."""
    marked = [place for place, (_, item) in enumerate(said) if item.id in wanted]
    centres = [*rng.choice(marked or [0], 1), *rng.integers(0, len(said), rng.integers(1, 9))]
    kept = {
        place
        for centre in centres
        for place in range(centre - rng.integers(0, 4), centre + rng.integers(1, 5))
        if 0 <= place < len(said)
    }
    found: list[Said] = []
    document = 0
    for place in sorted(kept):
        document += place - 1 not in kept
        found.append((document, said[place][1]))
    return found


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
        monotonic_cst=[int(name in _RISING) for name in COLUMNS],
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
