"""How well documents are grouped by the story that they tell.

    .venv/bin/python benchmarks/stories.py [LOT.jsonl ...]

Prints B-cubed precision, recall and F1 a lot: ours, beside equal titles, one story a day, and the encoder's cosine at
the threshold that is best for that very lot (single link within 14 days). The lots are described in data/README.md.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("HF_HUB_OFFLINE", "1")

from bot import settings  # noqa: E402
from bot.domain import Document  # noqa: E402
from bot.inference.encoder import Vectors  # noqa: E402
from bot.inference.models import Models  # noqa: E402
from bot.sources.transcript import read  # noqa: E402
from bot.summarise import stories  # noqa: E402

DATA = Path(__file__).parent / "data"
LOTS = tuple(DATA / f"stories{which}.jsonl" for which in ("", "-second", "-third", "-fourth", "-fifth"))
THRESHOLDS = (0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8)


@dataclass(frozen=True, slots=True)
class Lot:
    """Documents with the story that each tells."""

    name: str
    documents: tuple[Document, ...]
    stories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Score:
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def __str__(self) -> str:
        return f"{self.precision:.3f} / {self.recall:.3f} / {self.f1:.3f}"


def models() -> Models:
    return Models(settings.load().models)


def lot(path: Path) -> Lot:
    lines = path.read_text(encoding="utf-8").splitlines()
    return Lot(path.stem, tuple(read(str(path))), tuple(json.loads(line)["story"] for line in lines))


def bcubed(found: Sequence[str], truth: Sequence[str]) -> Score:
    """The mean over documents of how much of its group belongs with it, and how much of what belongs is there."""
    precision = recall = 0.0
    for mine, right in zip(found, truth, strict=True):
        group = [story for label, story in zip(found, truth, strict=True) if label == mine]
        precision += group.count(right) / len(group)
        recall += group.count(right) / list(truth).count(right)
    return Score(precision / len(truth), recall / len(truth))


def drift(loaded: Models, documents: Sequence[Document]) -> Vectors:
    """The encoder's row for each document's title and text."""
    return loaded.encoder.encode(
        [f"{each.title}. {' '.join(item.text for item in each.contributions)}" for each in documents]
    )


def by_cosine(rows: Vectors, documents: Sequence[Document], threshold: float) -> list[str]:
    """Single link by those rows' cosine, within a fortnight."""
    labels = list(range(len(documents)))
    for one, a in enumerate(documents):
        for other, b in enumerate(documents[:one]):
            near = a.date is None or b.date is None or abs(a.date - b.date) <= stories.WINDOW
            if near and float(rows[one] @ rows[other]) >= threshold:
                labels = [labels[other] if label == labels[one] else label for label in labels]
    return [str(label) for label in labels]


def measure(loaded: Models, of: Lot) -> dict[str, Score]:
    """Each way's score on a lot, ours first."""
    rows = drift(loaded, of.documents)
    cosines = [bcubed(by_cosine(rows, of.documents, each), of.stories) for each in THRESHOLDS]
    return {
        "despatch": bcubed(stories.stories(loaded, of.documents), of.stories),
        "encoder's cosine, best threshold": max(cosines, key=lambda score: score.f1),
        "equal titles": bcubed([each.title for each in of.documents], of.stories),
        "one story a day": bcubed([str(each.date) for each in of.documents], of.stories),
    }


def main() -> None:
    loaded = models()
    for of in [lot(Path(name)) for name in sys.argv[1:]] or [lot(path) for path in LOTS]:
        started = time.monotonic()
        rows = measure(loaded, of)
        told = f"{len(of.documents)} documents, {len(set(of.stories))} stories, {time.monotonic() - started:.1f} s"
        print(f"{of.name} ({told}): B-cubed precision / recall / F1")
        for name, score in rows.items():
            print(f"  {name:34} {score}")


if __name__ == "__main__":
    main()
