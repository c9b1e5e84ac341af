"""What of a meeting is retrieved for a question, beside BM25 and BM25 with MiniLM, in one run.

    .venv/bin/python -m benchmarks.retrieval [--words 1500] [--cache FOLDER]

QMSum's annotators marked the turns that answer each of 351 specific questions of 30 committee meetings. Recall is the
share of a question's marked turns that stands in what is retrieved in 1,500 words, averaged over the questions; a turn
of which a part is retrieved counts by the part of its words. Beside it the share of the marked words, which nothing
short helps. Five folds by meeting, as in benchmarks/quality.py: what is learnt is fitted on four and measured on the
fifth; the interval of the gain resamples meetings. The baselines take turns whole, in their order, passing over what
no longer fits: by BM25 (with the speaker's name); by the mean of BM25 and MiniLM's cosine, each turn with its
neighbours (a Gaussian two turns wide). The last rows ask the same of all the meetings of a fold put together (six
meetings, some 80,000 words), as a search over an archive does.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from unittest.mock import patch

import numpy as np

from benchmarks.rouge import CACHE, DATA, FOLDS, Meeting, Query, encoder_at, folds, interval, meetings
from bot.domain import Document
from bot.inference.encoder import Encoder
from bot.inference.models import Models
from bot.settings import Models as ModelSettings
from bot.summarise import features, lexical, retrieve, salience, sentences, turns
from bot.summarise.salience import Trees
from training import retrieval

System = Callable[[str, Sequence[Document], int], dict[tuple[str, str], int]]
"""Of a question, documents and a budget: the words kept of each contribution, by its document's id and its own."""


def _filled(documents: Sequence[Document], scores: Sequence[float], words: int) -> dict[tuple[str, str], int]:
    turns_ = [(document.id, item) for document in documents for item in document.spoken()]
    kept: dict[tuple[str, str], int] = {}
    for place in np.argsort(-np.array(scores), kind="stable"):
        id_, item = turns_[place]
        length = len(item.text.split())
        if length <= words:
            kept[id_, item.id] = length
            words -= length
    return kept


def _bm25(question: str, documents: Sequence[Document]) -> list[float]:
    said = [lexical.content(f"{item.speaker}: {item.text}") for each in documents for item in each.spoken()]
    scores: list[float] = lexical.Bm25(said).scores(lexical.content(question)).tolist()
    return scores


def _both(encoder: Encoder, question: str, documents: Sequence[Document]) -> list[float]:
    texts = [[item.text for item in each.spoken()] for each in documents]
    match = np.array(_bm25(question, documents))
    near = encoder.encode([text for each in texts for text in each]) @ encoder.encode([question])[0]
    both = (match / (match.max() or 1.0) + near / (near.max() or 1.0)) / 2
    bounds = np.cumsum([len(each) for each in texts])[:-1]
    return [float(value) for part in np.split(both, bounds) for value in part + features.smoothed(part, 2.0)]


def systems(models: Models) -> dict[str, System]:
    """The rows of the table, the product last."""

    def ours(question: str, documents: Sequence[Document], words: int) -> dict[tuple[str, str], int]:
        made = retrieve.retrieve(models, question, documents, words=words)
        return {(each.id, item.id): len(item.text.split()) for each in made for item in each.contributions}

    return {
        "BM25": lambda question, documents, words: _filled(documents, _bm25(question, documents), words),
        "BM25 + MiniLM, with neighbours": lambda question, documents, words: _filled(
            documents, _both(models.encoder, question, documents), words
        ),
        "retrieve": ours,
    }


def recall(meeting: Meeting, query: Query, kept: dict[tuple[str, str], int]) -> tuple[float, float, float]:
    """The shares of the marked turns and of their words that are kept, and the words kept in all, in hundreds."""
    items = meeting.document.contributions
    marked = {place for start, end in query.spans for place in range(start, min(end, len(items) - 1) + 1)}
    sizes = {items[place].id: len(items[place].text.split()) for place in marked if items[place].text.strip()}
    had = {id_: kept.get((meeting.document.id, id_), 0) for id_ in sizes}
    turns_ = sum(had[id_] / size for id_, size in sizes.items()) / len(sizes)
    return 100 * turns_, 100 * sum(had.values()) / sum(sizes.values()), sum(kept.values()) / 100


def weights(cache: Path, found: Sequence[Meeting], encoder: Encoder) -> Path:
    """The folder with each fold's trees, fitted where this code has none there yet."""
    sources = (retrieval, turns, features, lexical, sentences, retrieve)
    code = b"".join(Path(str(module.__file__)).read_bytes() for module in sources)
    folder = cache / f"retrieval-{hashlib.sha256(code).hexdigest()[:12]}"
    if not (folder / f"fold-{FOLDS - 1}.npz").exists():
        print("fitting the trees in five folds", file=sys.stderr, flush=True)
        folder.mkdir(parents=True, exist_ok=True)
        rows = [retrieval.rows(meeting, encoder) for meeting in found]
        for fold in range(FOLDS):
            fitted = [each for each, place in zip(rows, folds(len(found)), strict=True) if place != fold]
            retrieval.fit(row for each in fitted for row in each).save(folder / f"fold-{fold}.npz", turns.COLUMNS)
    return folder


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--words", type=int, default=retrieve.WORDS)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument("--one", action="store_true", help="one meeting at a time alone, without the last rows")
    options = parser.parse_args()
    models = Models(ModelSettings(writer="none"))
    models.__dict__["encoder"] = encoder_at(options.cache)
    found = meetings(options.data)
    places = folds(len(found))
    folder = weights(options.cache, found, models.encoder)
    _table("one meeting", found, [[meeting.document] for meeting in found], places, folder, models, options.words)
    if not options.one:
        together = [
            [other.document for other, there in zip(found, places, strict=True) if there == place] for place in places
        ]
        _table("six meetings at once", found, together, places, folder, models, options.words)
    return 0


def _table(
    title: str,
    found: Sequence[Meeting],
    documents: Sequence[Sequence[Document]],
    places: Sequence[int],
    folder: Path,
    models: Models,
    words: int,
) -> None:
    asked = [(m, q, d, p) for m, d, p in zip(found, documents, places, strict=True) for q in m.specific]
    rows: dict[str, list[tuple[float, float, float]]] = {}
    print(
        f"\n{f'{title}, {len(asked)} questions, {words:,} words':44} turns  words  budget   val's turns  seconds each"
    )
    for name, system in systems(models).items():
        started = time.monotonic()
        rows[name] = []
        for meeting, query, read, place in asked:

            def trees(_: str, names: tuple[str, ...], place: int = place) -> Trees:
                return salience.read(folder / f"fold-{place}.npz", names)

            with patch.object(retrieve, "trees", trees):
                rows[name].append(recall(meeting, query, system(query.question or "", read, words)))
        seconds = (time.monotonic() - started) / len(asked)
        turns_, words_, filled = np.mean(rows[name], axis=0)
        val = np.mean([row[0] for row, (m, *_) in zip(rows[name], asked, strict=True) if m.val])
        print(f"{name:44} {turns_:5.1f}  {words_:5.1f}  {filled * 100:6.0f}   {val:11.1f}  {seconds:.2f}", flush=True)
    names = [meeting.name for meeting, *_ in asked]
    *baselines, ours = rows
    for name in baselines:
        gain, low, high = interval(rows[ours], rows[name], names)[0]
        print(f"  turns, {ours} over {name}: {gain:+.1f} ({low:+.1f} to {high:+.1f})")


if __name__ == "__main__":
    raise SystemExit(main())
