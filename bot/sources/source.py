"""What a poller asks of a source, and what it gets back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from bot.domain import Document


@dataclass(frozen=True, slots=True)
class Reading:
    """One poll's wish. `now` is aware; `days` are the sitting days to read, which feeds ignore."""

    now: datetime
    days: tuple[date, ...] = ()


class Source(Protocol):
    """A place that documents come from.

    `name` is the key of its health row. `every` is its own interval, None where the schedule of Parliament's day
    applies.
    """

    @property
    def name(self) -> str: ...

    @property
    def every(self) -> timedelta | None: ...

    def poll(self, reading: Reading) -> AsyncIterator[Document]:
        """Everything that can be read, in the order of the source.

        Raises SourceError at the end, or at once, when something could not be read; what was yielded before that
        stands.
        """
        ...
