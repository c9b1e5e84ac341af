"""The ranker: boosted trees read with numpy, which say how much a summary would take of a sentence.

`training/selection.py` makes the weights; bot/summarise/weights/README.md says of what, and how well they do.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable
    from pathlib import Path

    from bot.inference.encoder import Vectors

VERSION = 1
"""Of the weights' form and of the columns that they were fitted on; a file of another is refused."""


@dataclass(frozen=True)
class Trees:
    """A sum of regression trees. Each array has a row a tree and a column a node; node 0 is the root.

    A node with `column` -1 is a leaf and adds `value`; any other sends a row left where its column is at most
    `threshold`."""

    column: npt.NDArray[np.int16]
    threshold: npt.NDArray[np.float32]
    left: npt.NDArray[np.int16]
    right: npt.NDArray[np.int16]
    value: npt.NDArray[np.float32]
    base: float

    def predict(self, rows: Vectors) -> Vectors:
        """One number a row."""
        total = np.full(len(rows), self.base, dtype=np.float32)
        every = np.arange(len(rows))
        for column, threshold, left, right, value in zip(
            self.column, self.threshold, self.left, self.right, self.value, strict=True
        ):
            node = np.zeros(len(rows), dtype=np.int16)
            while True:
                inner = column[node] >= 0
                if not inner.any():
                    break
                goes_left = rows[every, np.maximum(column[node], 0)] <= threshold[node]
                node = np.where(inner, np.where(goes_left, left[node], right[node]), node)
            total += value[node]
        return total

    def save(self, path: Path, names: tuple[str, ...]) -> None:
        np.savez_compressed(
            path,
            version=np.array(VERSION),
            names=np.array(names),
            column=self.column,
            threshold=self.threshold,
            left=self.left,
            right=self.right,
            value=self.value.astype(np.float32),
            base=np.array(self.base, dtype=np.float32),
        )


@cache
def trees(name: str, names: tuple[str, ...]) -> Trees:
    """The packaged trees called `name`. Raises ValueError where they were fitted on other columns than `names`."""
    return read(files("bot.summarise") / "weights" / f"{name}.npz", names)


def read(path: Traversable, names: tuple[str, ...]) -> Trees:
    """The trees of a file. Raises ValueError where they were fitted on other columns than `names`."""
    with path.open("rb") as file, np.load(file) as held:
        if int(held["version"]) != VERSION or tuple(str(each) for each in held["names"]) != names:
            raise ValueError(f"{path.name} was fitted on other features; run training/selection.py")
        return Trees(held["column"], held["threshold"], held["left"], held["right"], held["value"], float(held["base"]))
