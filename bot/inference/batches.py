"""Texts in batches of like length, so that little of a batch is padding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence


def by_length(texts: Sequence[str], size: int) -> Iterator[list[int]]:
    """The texts' indices, each once, at most `size` together, shortest texts first."""
    order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
    for start in range(0, len(order), size):
        yield order[start : start + size]
