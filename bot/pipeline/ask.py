"""A question put to the archive: what the record says to it, in its own words, or that it does not say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bot.domain import Answer
from bot.pipeline import clock as clocks

if TYPE_CHECKING:
    from bot.archive import Archive
    from bot.pipeline.work import Worker


async def ask(
    archive: Archive,
    worker: Worker,
    question: str,
    *,
    topic: str | None = None,
    previous: Sequence[str] = (),
    max_words: int = 120,
    reading: Callable[[int], None] | None = None,
    clock: clocks.Clock = clocks.now,
) -> Answer:
    """What the record says to the question, in at most `max_words` words. `previous` are the questions asked before it
    in the same talk, newest last. `reading` is told how many contributions are read, once that is
    known. Raises ModelError where a model cannot be used."""
    raise NotImplementedError
