"""What a poller asks of a source, and what it gets back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol

from bot.domain import Document
from bot.errors import SourceError


@dataclass(frozen=True, slots=True)
class Held:
    """A settled document that the archive has: each contribution's id, Member and citation, in order."""

    said: tuple[tuple[str, int | None, str | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """One poll's wish. `now` is aware; `days` are the sitting days to read, which feeds ignore; those `again` were read
    before and hold no news.

    For the past: what is `held` (by id, in capitals) is not read again; `only` these ids are read, where it is not
    None; `thorough` takes what is listed and not there for a failure, and believes a tree only when seen twice."""

    now: datetime
    days: tuple[date, ...] = ()
    again: frozenset[date] = frozenset()
    held: Mapping[str, Held] = field(default_factory=dict)
    only: tuple[str, ...] | None = None
    thorough: bool = False


class Polled(Protocol):
    """A place that is read again and again.

    `name` is the key of its health row. `every` is its own interval, None where the schedule of Parliament's day
    applies.
    """

    @property
    def name(self) -> str: ...

    @property
    def every(self) -> timedelta | None: ...


class Source(Polled, Protocol):
    """A place that documents come from."""

    def poll(self, reading: Reading) -> AsyncIterator[Document]:
        """Everything that can be read, in the order of the source.

        Raises SourceError at the end, or at once, when something could not be read; what was yielded before that
        stands.
        """
        ...


class Past(Source, Protocol):
    """A source whose past can be read day by day, and searched."""

    async def find(self, phrases: tuple[str, ...], first: date, last: date) -> Mapping[date, tuple[str, ...]]:
        """The ids of the documents of those days, both included, that hold one of the phrases, by day.

        Raises SourceError."""
        ...


PATIENCE = 6
"""Failures in a row after which a poll stops asking: the server is down, and each answer is waited for in vain."""


@dataclass(slots=True)
class Failures:
    """What went wrong in one poll, to be raised as one error when everything else has been read."""

    errors: list[SourceError] = field(default_factory=list)
    _in_a_row: int = 0

    def add(self, error: SourceError) -> None:
        self.errors.append(error)
        self._in_a_row += 1

    def none(self) -> None:
        """Something was read: the server is there."""
        self._in_a_row = 0

    def hopeless(self) -> bool:
        """Whether the server seems to be down."""
        return self._in_a_row >= PATIENCE

    def tell(self) -> None:
        """Raise one SourceError for all, with the longest wait that was asked for; nothing where nothing failed."""
        if not self.errors:
            return
        more = f" (and {len(self.errors) - 1} more)" if len(self.errors) > 1 else ""
        ending = "; the rest was not asked for" if self.hopeless() else ""
        waits = [error.retry_after for error in self.errors if error.retry_after is not None]
        raise SourceError(f"{self.errors[0]}{more}{ending}", retry_after=max(waits, default=None))
