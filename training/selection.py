"""Fit the ranker of sentences (bot/summarise/weights/general.npz and asked.npz) on QMSum's committee meetings.

    .venv/bin/python -m training.selection --data ../shared/data/qmsum-committee [--folds] [--cache FOLDER]

A sentence's target is the share of its words, and twice that of its pairs of words, that stand in the annotators' text,
a short sentence counting less: (words + 2 pairs) / (length + 5). The digest's trees learn from the text on the whole
meeting and, half as much, from the best of the answers about its parts; the answers' trees from the answer to each
question. `--folds` measures plain extraction by trees fitted on four fifths of the meetings, and writes nothing;
without it the trees are fitted on all of them and written.
"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from rouge_score import tokenizers  # type: ignore[import-untyped]
from sklearn.ensemble import HistGradientBoostingRegressor  # type: ignore[import-untyped]

from benchmarks.rouge import (
    CACHE,
    DATA,
    GENERAL_WORDS,
    SPECIFIC_WORDS,
    Meeting,
    Row,
    encoder_at,
    folds,
    mean,
    meetings,
    score,
)
from bot.inference.encoder import Encoder, Vectors
from bot.summarise.features import ASKED, SPEECH, Material
from bot.summarise.people import people
from bot.summarise.salience import Trees
from bot.summarise.select import Reading

WEIGHTS = Path(__file__).resolve().parent.parent / "bot" / "summarise" / "weights"
PAIRS, SHORT, ANSWERS = 2.0, 5.0, 0.5
REPETITION = 0.5
SETTINGS: dict[str, dict[str, Any]] = {
    "general": {"max_iter": 200, "learning_rate": 0.05, "max_leaf_nodes": 8, "min_samples_leaf": 40},
    "asked": {"max_iter": 200, "learning_rate": 0.05, "max_leaf_nodes": 16, "min_samples_leaf": 40},
}
MOST_ROWS = 100_000
"""Sentences that the answers' trees are fitted on at most, drawn evenly: more took longer and gained nothing."""
_TOKENS = tokenizers.DefaultTokenizer(use_stemmer=True)


@dataclass
class Read:
    """A meeting's sentences as the ranker sees them, and what each would bring to each reference."""

    meeting: Meeting
    encoder: Encoder

    @cached_property
    def reading(self) -> Reading:
        said = list(self.meeting.document.spoken())
        return Reading([(0, item) for item in said], people(said, None), self.encoder)

    @cached_property
    def general(self) -> tuple[Vectors, Vectors]:
        """The digest's rows and targets."""
        material = self.reading.opened
        whole = worth(material, self.meeting.general.reference)
        answers = np.max([worth(material, query.reference) for query in self.meeting.specific], axis=0)
        return material.speech, _standard(whole) + ANSWERS * _standard(answers)

    @cached_property
    def asked(self) -> list[tuple[Vectors, Vectors]]:
        """Each question's rows and targets."""
        found = []
        for query in self.meeting.specific:
            material = self.reading.asked_of(query.question or "")
            rows = np.hstack([material.speech, material.asked(query.question or "")])
            found.append((rows, worth(material, query.reference)))
        return found


@cache
def tokens(text: str) -> tuple[str, ...]:
    """The scorer's own tokens."""
    return tuple(_TOKENS.tokenize(text))


def worth(material: Material, reference: str) -> Vectors:
    """What a summary would take of each sentence."""
    wanted = tokens(reference)
    words, pairs = Counter(wanted), Counter(pairwise(wanted))
    values = []
    for unit in material.found:
        said = tokens(unit.text)
        taken = (Counter(said) & words).total()
        joined = (Counter(pairwise(said)) & pairs).total()
        values.append((taken + PAIRS * joined) / (len(said) + SHORT))
    return np.array(values, dtype=np.float32)


def _standard(values: Vectors) -> Vectors:
    return np.asarray((values - values.mean()) / max(1e-6, float(values.std())), dtype=np.float32)


def fit(kind: str, read: list[Read]) -> Trees:
    """The trees of that kind, fitted on those meetings."""
    pairs = [each.general for each in read] if kind == "general" else [pair for each in read for pair in each.asked]
    rows, targets = np.vstack([rows for rows, _ in pairs]), np.concatenate([values for _, values in pairs])
    if len(rows) > MOST_ROWS:
        drawn = np.random.default_rng(0).permutation(len(rows))[:MOST_ROWS]
        rows, targets = rows[drawn], targets[drawn]
    model = HistGradientBoostingRegressor(
        random_state=0, l2_regularization=1.0, max_features=0.5, early_stopping=False, **SETTINGS[kind]
    ).fit(rows, targets)
    return exported(model)


def exported(model: HistGradientBoostingRegressor) -> Trees:
    """scikit-learn's trees as plain arrays."""
    nodes = [each[0].nodes for each in model._predictors]
    width = max(len(each) for each in nodes)

    def padded(name: str, kind: type) -> Any:
        return np.stack([np.pad(each[name].astype(kind), (0, width - len(each))) for each in nodes])

    leaf = padded("is_leaf", bool)
    for row, each in enumerate(nodes):
        leaf[row, len(each) :] = True
    return Trees(
        np.where(leaf, -1, padded("feature_idx", np.int16)).astype(np.int16),
        padded("num_threshold", np.float32),
        padded("left", np.int16),
        padded("right", np.int16),
        padded("value", np.float32),
        float(np.ravel(model._baseline_prediction)[0]),
    )


def extract(material: Material, scores: Vectors, words: int) -> str:
    """The best sentences, less their likeness to those chosen, as they stand, in the order in which they were said."""
    values, alike = _standard(scores), np.zeros(len(scores), dtype=np.float32)
    lengths = [len(unit.text.split()) for unit in material.found]
    chosen: list[int] = []
    while sum(lengths[index] for index in chosen) < words and len(chosen) < len(scores):
        order = np.argsort(-(values - REPETITION * alike))
        best = int(next(index for index in order if index not in chosen))
        chosen.append(best)
        alike = np.maximum(alike, material.vectors @ material.vectors[best])
    kept = sorted(chosen[:-1]) + chosen[-1:]
    return " ".join(material.found[index].text for index in kept)


def measure(read: list[Read]) -> None:
    """Plain extraction in folds: what the ranker is worth before any sentence is reported or refused."""
    places = folds(len(read))
    for kind in SETTINGS:
        found: list[tuple[bool, Row]] = []
        for fold in sorted(set(places)):
            model = fit(kind, [each for each, place in zip(read, places, strict=True) if place != fold])
            for each in (each for each, place in zip(read, places, strict=True) if place == fold):
                found += [(each.meeting.val, row) for row in _rows(kind, each, model)]
        for name, rows in (("all", [row for _, row in found]), ("val", [row for val, row in found if val])):
            print(f"{kind:8} {name} " + " / ".join(f"{value:.1f}" for value in mean(rows)), flush=True)


def _rows(kind: str, each: Read, model: Trees) -> list[Row]:
    if kind == "general":
        text = extract(each.reading.opened, model.predict(each.general[0]), GENERAL_WORDS)
        return [score(each.meeting.general.reference, text, GENERAL_WORDS)]
    return [
        score(
            query.reference,
            extract(each.reading.asked_of(query.question or ""), model.predict(rows), SPECIFIC_WORDS),
            SPECIFIC_WORDS,
        )
        for query, (rows, _) in zip(each.meeting.specific, each.asked, strict=True)
    ]


def write(out: Path, data: Path, cache_folder: Path, *, each_fold: bool = False) -> None:
    """Fit on all meetings and write to `out`; with `each_fold`, on each four fifths too, to `out`/fold-N."""
    encoder = encoder_at(cache_folder)
    read = [Read(meeting, encoder) for meeting in meetings(data)]
    places = folds(len(read))
    chosen = {out: read}
    for fold in sorted(set(places)) if each_fold else ():
        chosen[out / f"fold-{fold}"] = [each for each, place in zip(read, places, strict=True) if place != fold]
    for folder, those in chosen.items():
        folder.mkdir(parents=True, exist_ok=True)
        for kind, names in (("general", SPEECH), ("asked", SPEECH + ASKED)):
            fit(kind, those).save(folder / f"{kind}.npz", names)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument("--folds", action="store_true", help="measure, and write nothing")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="where the weights are written")
    options = parser.parse_args()
    if options.folds:
        encoder = encoder_at(options.cache)
        measure([Read(meeting, encoder) for meeting in meetings(options.data)])
    else:
        write(options.out, options.data, options.cache)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
