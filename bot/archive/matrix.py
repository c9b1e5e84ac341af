"""The codes of every passage in memory, with what a search may be narrowed by: 472 bytes a passage of 384 numbers.

A matrix is never changed: what is added or taken away makes another one, so that a search in a thread sees one state.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from bot.archive import codes, facets

if TYPE_CHECKING:
    from bot.archive.search import Filters

Places = npt.NDArray[np.int64]
"""Places in a matrix."""
Mask = npt.NDArray[np.bool_]

_COLUMNS = {
    "row": np.int64,
    "contribution": np.int64,
    "member": np.int32,
    "speaker": np.int32,
    "party": np.int32,
    "house": np.int32,
    "kind": np.int32,
    "day": np.int32,
}
NOBODY = -1
"""Of a number, a name or a day that is not known."""
FEW = 0.3
"""Where less than this share may be found, those alone are compared: gathering them costs some."""


class Names:
    """Numbers for words, each the same while the process lives."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, name: str | None) -> int:
        return NOBODY if name is None else self._numbers.setdefault(name, len(self._numbers))

    def like(self, *wanted: str) -> list[int]:
        """The numbers of the names that are the same as one of these but for case, accents and signs."""
        folded = {facets.fold(each) for each in wanted}
        return [number for name, number in self._numbers.items() if facets.fold(name) in folded]


@dataclass(frozen=True, slots=True)
class Matrix:
    """`signs` holds a word of every passage a row, `steps` a passage a row; the columns say of each passage, in order,
    its row of the archive (ascending), its contribution, and who said it where and when."""

    signs: codes.Words
    steps: codes.Words
    columns: dict[str, npt.NDArray[Any]]
    names: Names = field(default_factory=Names)

    @classmethod
    def empty(cls, width: int, steps: int) -> Matrix:
        """So many words a passage of signs, and of steps."""
        return cls(
            np.empty((width, 0), np.uint64),
            np.empty((0, steps), np.uint64),
            {name: np.empty(0, kind) for name, kind in _COLUMNS.items()},
        )

    @property
    def width(self) -> int:
        return len(self.signs)

    @property
    def last(self) -> int:
        """The newest row that it knows, 0 where it knows none."""
        rows = self.columns["row"]
        return int(rows[-1]) if len(rows) else 0

    def __len__(self) -> int:
        return int(self.signs.shape[1])

    def facts(self, rows: Sequence[Sequence[Any]]) -> dict[str, npt.NDArray[Any]]:
        """Columns of rows as the archive gives them: row, contribution, member, speaker, party, house, kind, day."""
        number = self.names.number
        row, contribution, member, speaker, party, house, kind, day = zip(*rows, strict=True)
        values: dict[str, list[int]] = {
            "row": list(row),
            "contribution": list(contribution),
            "member": [NOBODY if each is None else each for each in member],
            "day": [NOBODY if each is None else _days(each) for each in day],
        }
        for name, words in (("speaker", speaker), ("party", party), ("house", house), ("kind", kind)):
            values[name] = [number(each) for each in words]
        return {name: np.array(values[name], kind) for name, kind in _COLUMNS.items()}

    def joined(
        self,
        signs: Sequence[codes.Words],
        steps: Sequence[codes.Words],
        columns: Sequence[dict[str, npt.NDArray[Any]]],
    ) -> Matrix:
        """With these passages, newer than all it has; a row a passage."""
        if not signs:
            return self
        return replace(
            self,
            signs=np.concatenate([self.signs, *(each.T for each in signs)], axis=1),
            steps=np.concatenate([self.steps, *steps]),
            columns={
                name: np.concatenate([self.columns[name], *(each[name] for each in columns)]) for name in _COLUMNS
            },
        )

    def without(self, rows: Sequence[int]) -> Matrix:
        """Without the passages of these rows of the archive."""
        kept = ~np.isin(self.columns["row"], np.fromiter(rows, np.int64, len(rows)))
        return replace(
            self,
            signs=np.ascontiguousarray(self.signs[:, kept]),
            steps=self.steps[kept],
            columns={name: values[kept] for name, values in self.columns.items()},
        )

    def sift(self, code: codes.Words, filters: Filters | None, most: int) -> Places:
        """The places of the `most` passages (a few more where they tie) that differ least from `code`."""
        allowed = None if filters is None else self._allowed(filters)
        if allowed is None:
            return self._least(codes.distances(self.signs, code), most)
        places = np.flatnonzero(allowed)
        if len(places) < FEW * len(self):
            return self._least(codes.distances(self.signs[:, places], code), most, places)
        far = codes.distances(self.signs, code)
        far[~allowed] = np.iinfo(np.uint16).max
        return self._least(far, min(most, len(places)))

    def _least(self, far: npt.NDArray[np.uint16], most: int, places: Places | None = None) -> Places:
        if not len(far) or most < 1:
            return np.empty(0, np.int64)
        near = np.flatnonzero(far <= np.partition(far, most - 1)[most - 1]) if most < len(far) else np.arange(len(far))
        if len(near) > 2 * most:
            # Half the archive may tie: one text, printed a thousand times.
            near = near[np.argsort(far[near], kind="stable")[: 2 * most]]
        return near if places is None else places[near]

    def _allowed(self, filters: Filters) -> Mask | None:
        """Which passages the filters let through; None where they let all."""
        masks: list[Mask] = []
        if filters.members:
            numbers = [each for each in filters.members if isinstance(each, int)]
            named = [n for each in filters.members if isinstance(each, str) for n in self.names.like(each)]
            masks.append(np.isin(self.columns["member"], numbers) | np.isin(self.columns["speaker"], named))
        for name in ("party", "house", "kind"):
            if (wanted := getattr(filters, name)) is not None:
                masks.append(np.isin(self.columns[name], self.names.like(str(wanted))))
        if filters.since is not None:
            masks.append(self.columns["day"] >= filters.since.toordinal())
        if filters.until is not None:
            masks.append((self.columns["day"] <= filters.until.toordinal()) & (self.columns["day"] != NOBODY))
        return np.logical_and.reduce(masks) if masks else None


def _days(day: str | date) -> int:
    return (date.fromisoformat(day) if isinstance(day, str) else day).toordinal()
