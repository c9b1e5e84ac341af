"""What a conversation remembers, and how many questions may wait: in memory alone, and bounded."""

from __future__ import annotations

import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bot.cogs.answering import Refusal

REMEMBERED = 6
"""Questions of a conversation that the next one may lean on."""
MINUTES = 30
CONVERSATIONS = 1_000
"""Conversations remembered at once; the one that was longest silent is forgotten first."""
WAITING_EACH, WAITING = 2, 20
"""Questions being read or waiting, of one person and of all."""


class Talk:
    """The last questions of each person in each thread, for half an hour, and who waits for an answer.

    Nothing of it is written down: a restart forgets it. `clock` gives seconds, as time.monotonic."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._asked: OrderedDict[tuple[int, int], deque[tuple[float, str]]] = OrderedDict()
        self._waiting: Counter[int] = Counter()

    def previous(self, person: int, channel: int) -> tuple[str, ...]:
        """What this person asked there lately, newest last."""
        return tuple(question for at, question in self._asked.get((person, channel), ()) if at > self._since())

    def remember(self, person: int, channel: int, question: str) -> None:
        kept = self._asked.setdefault((person, channel), deque(maxlen=REMEMBERED))
        kept.append((self._clock(), question))
        self._asked.move_to_end((person, channel))
        while len(self._asked) > CONVERSATIONS or next(iter(self._asked.values()))[-1][0] <= self._since():
            self._asked.popitem(last=False)

    def _since(self) -> float:
        return self._clock() - MINUTES * 60

    @contextmanager
    def turn(self, person: int) -> Iterator[None]:
        """A place among those who wait. Raises Refusal where this person, or everybody together, has too many."""
        if self._waiting[person] >= WAITING_EACH:
            raise Refusal(f"I am still at work on {WAITING_EACH} questions of yours; ask again once one is answered.")
        if self._waiting.total() >= WAITING:
            raise Refusal("Too many questions are waiting just now; ask again in a few minutes.")
        self._waiting[person] += 1
        try:
            yield
        finally:
            self._waiting[person] -= 1
            if not self._waiting[person]:
                del self._waiting[person]
