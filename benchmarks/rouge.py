"""ROUGE on QMSum's committee meetings: the meetings, one scorer and one length rule for every row, the baselines, five
folds by meeting, and a paired interval.

    .venv/bin/python -m benchmarks.rouge [--data ../shared/data/qmsum-committee] [--cache FOLDER]

prints the baselines. Every row is cut to its limit in white-space words before it is scored; a row is F1, stemmed,
averaged over the questions; the interval resamples meetings, for a meeting's questions are not independent. The
baselines' settings (sentences of eight words or more, MMR 0.6, BM25 over content words and speakers) are the best of
those tried here on all meetings.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.remembered import Remembered
from benchmarks.transcripts import transcripts
from bot.domain import Document
from bot.inference.encoder import Encoder, Vectors
from bot.settings import Models as ModelSettings
from bot.sources.transcript import read
from bot.splitting import split
from bot.summarise.lexical import Bm25, content

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "qmsum-committee"
CACHE = Path(tempfile.gettempdir()) / "despatch-benchmarks"
GENERAL_WORDS, SPECIFIC_WORDS = 100, 70
FOLDS, SEED = 5, 20261123
Row = tuple[float, float, float]
"""ROUGE-1, ROUGE-2 and ROUGE-Lsum F1 of one text, 0 to 100."""


@dataclass(frozen=True)
class Query:
    """One thing asked of a meeting: `question` is None for the digest of the whole."""

    question: str | None
    reference: str
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Meeting:
    """A meeting as the product reads it, with what the annotators asked and answered."""

    name: str
    document: Document
    general: Query
    specific: tuple[Query, ...]

    @property
    def val(self) -> bool:
        return self.name.startswith("val")


def meetings(folder: Path = DATA) -> list[Meeting]:
    """All meetings of train and val, in that order."""
    return [meeting for split_ in ("train", "val") for meeting in _meetings(folder / f"{split_}.jsonl")]


def _meetings(file: Path) -> Iterator[Meeting]:
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "meetings.jsonl"
        path.write_text("\n".join(json.dumps(item) for item in transcripts(file)), encoding="utf-8")
        documents = read(str(path))
    for row, document in zip(rows, documents, strict=True):
        yield Meeting(
            document.id,
            document,
            _query(row["general_query_list"][0], asked=False),
            tuple(_query(item) for item in row["specific_query_list"]),
        )


def _query(item: dict[str, Any], *, asked: bool = True) -> Query:
    spans = tuple((int(a), int(b)) for a, b in item.get("relevant_text_span", ()))
    return Query(item["query"] if asked else None, item["answer"], spans)


def folds(number: int, parts: int = FOLDS) -> list[int]:
    """Which fold each of `number` meetings is measured in."""
    order = list(range(number))
    random.Random(SEED).shuffle(order)
    places = [0] * number
    for place, index in enumerate(order):
        places[index] = place % parts
    return places


def cut(text: str, words: int) -> str:
    """The first `words` white-space words."""
    return " ".join(text.split()[:words])


@cache
def _scorer() -> Any:
    from rouge_score import rouge_scorer  # type: ignore[import-untyped]

    return rouge_scorer.RougeScorer(["rouge1", "rouge2", "rougeLsum"], use_stemmer=True)


def score(reference: str, text: str, words: int) -> Row:
    """The text, cut to `words`, against the reference. Lsum parts both into sentences by the same rule."""
    lines = ["\n".join(split(part)) for part in (reference, cut(text, words))]
    found = _scorer().score(*lines)
    return tuple(100 * found[key].fmeasure for key in ("rouge1", "rouge2", "rougeLsum"))


def mean(rows: Sequence[Row]) -> Row:
    return tuple(float(value) for value in np.mean(np.array(rows), axis=0))  # type: ignore[return-value]


def interval(ours: Sequence[Row], theirs: Sequence[Row], groups: Sequence[str], samples: int = 2000) -> list[Row]:
    """Per measure: the mean gain of `ours` over `theirs`, and its 95 % interval, meetings resampled."""
    gains = np.array(ours) - np.array(theirs)
    names = sorted(set(groups))
    sums = np.array([gains[[group == name for group in groups]].sum(0) for name in names])
    counts = np.array([sum(group == name for group in groups) for name in names])
    rng = np.random.default_rng(SEED)
    picks = rng.integers(0, len(names), (samples, len(names)))
    means = sums[picks].sum(1) / counts[picks].sum(1)[:, None]
    low, high = np.percentile(means, [2.5, 97.5], axis=0)
    return [(float(m), float(a), float(b)) for m, a, b in zip(gains.mean(0), low, high, strict=True)]


def lead(meeting: Meeting, query: Query, encoder: Encoder, words: int) -> str:
    """The meeting's first words."""
    return cut(" ".join(item.text for item in meeting.document.contributions), words)


def centroid(meeting: Meeting, query: Query, encoder: Encoder, words: int) -> str:
    """Sentences nearest to the mean vector, with MMR, in the order in which they were said."""
    texts = [text for item in meeting.document.contributions for text in split(item.text) if len(text.split()) >= 8]
    vectors = encoder.encode(texts)
    middle = vectors.mean(0)
    relevance = vectors @ (middle / np.linalg.norm(middle))
    chosen = mmr(relevance, vectors, [len(text.split()) for text in texts], words)
    return " ".join(texts[index] for index in sorted(chosen))


def bm25_turns(meeting: Meeting, query: Query, encoder: Encoder, words: int) -> str:
    """The turns that BM25 puts first, whole, until the words are spent."""
    turns = [f"{item.speaker}: {item.text}" for item in meeting.document.contributions]
    ranks = Bm25([content(turn) for turn in turns]).scores(content(query.question or ""))
    return _told([item.text for item in meeting.document.contributions], [int(i) for i in np.argsort(-ranks)], words)


def bm25_encoder_turns(meeting: Meeting, query: Query, encoder: Encoder, words: int) -> str:
    """Turns by the mean of BM25 and the encoder's cosine, each scaled to 1, with MMR."""
    texts = [item.text for item in meeting.document.contributions]
    lexical = Bm25([content(f"{item.speaker}: {item.text}") for item in meeting.document.contributions])
    ranks = lexical.scores(content(query.question or ""))
    vectors = encoder.encode(texts)
    near = vectors @ encoder.encode([query.question or ""])[0]
    relevance = (ranks / (ranks.max() or 1.0) + near / (near.max() or 1.0)) / 2
    return _told(texts, mmr(relevance, vectors, [len(text.split()) for text in texts], words), words)


def mmr(relevance: Vectors, vectors: Vectors, lengths: Sequence[int], words: int, weight: float = 0.6) -> list[int]:
    """Indices chosen one by one by relevance less likeness to what is chosen, until the words are spent."""
    chosen: list[int] = []
    alike = np.zeros(len(relevance))
    free = np.array(lengths) > 0
    while free.any() and sum(lengths[index] for index in chosen) < words:
        best = int(np.argmax(np.where(free, weight * relevance - (1 - weight) * alike, -np.inf)))
        chosen.append(best)
        free[best] = False
        alike = np.maximum(alike, vectors @ vectors[best])
    return chosen


def _told(texts: Sequence[str], order: Sequence[int], words: int) -> str:
    return cut(" ".join(texts[index] for index in order[:words]), words)


System = Callable[[Meeting, Query, Encoder, int], str]
GENERAL: dict[str, System] = {"lead": lead, "MiniLM centroid, MMR": centroid}
SPECIFIC: dict[str, System] = {"BM25's best turns": bm25_turns, "BM25 + MiniLM turns, MMR": bm25_encoder_turns}


def encoder_at(folder: Path = CACHE) -> Encoder:
    """The configured encoder, its vectors kept in `folder`."""
    return Remembered(folder, lambda: Encoder(ModelSettings().encoder))  # type: ignore[return-value]


def table(title: str, rows: dict[str, list[Row]], val: Sequence[bool]) -> None:
    """One line a row: all meetings, then val alone."""
    print(f"\n{title:34} {'all meetings':^22}   {'val':^20}")
    for name, found in rows.items():
        alone = mean([row for row, inside in zip(found, val, strict=True) if inside])
        print(f"{name:34} {_row(mean(found))}   {_row(alone)}", flush=True)


def _row(row: Row) -> str:
    return " / ".join(f"{value:5.1f}" for value in row)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--cache", type=Path, default=CACHE)
    options = parser.parse_args()
    found, encoder = meetings(options.data), encoder_at(options.cache)
    for title, systems, words in (
        ("general, 100 words", GENERAL, GENERAL_WORDS),
        ("specific, 70 words", SPECIFIC, SPECIFIC_WORDS),
    ):
        asked = [(m, q) for m in found for q in ((m.general,) if systems is GENERAL else m.specific)]
        rows = {
            name: [score(q.reference, system(m, q, encoder, words), words) for m, q in asked]
            for name, system in systems.items()
        }
        table(title, rows, [m.val for m, _ in asked])
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
