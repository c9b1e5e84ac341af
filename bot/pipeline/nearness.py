"""What was searched for, as the encoder sees it: so that a search finds what means the same in other words."""

from __future__ import annotations

import asyncio
from collections import OrderedDict

import numpy as np
import numpy.typing as npt
import structlog

from bot.archive import vectors
from bot.archive.engine import Archive
from bot.pipeline.embed import encode
from bot.pipeline.work import Worker

REMEMBERED = 200
"""Queries whose encodings are kept, so that the pages of one search stand in one order."""
WAITING = 10
"""Queries that may wait for the models at once; one more is searched for by its words alone."""

_log = structlog.get_logger(__name__)


class Encodings:
    """The encodings of the last queries, made in the models' process, each once."""

    def __init__(self) -> None:
        self._made: OrderedDict[str, asyncio.Task[npt.NDArray[np.float32]]] = OrderedDict()

    async def of(
        self, archive: Archive, worker: Worker, query: str, *, within: float
    ) -> npt.NDArray[np.float32] | None:
        """The query's encoding; None where the archive holds none to compare it with, or the models do not give it
        within so many seconds (it is then there for the next search)."""
        if not await vectors.of(archive).any():
            return None
        task = self._made.get(query)
        if task is None:
            if sum(not each.done() for each in self._made.values()) >= WAITING:
                return None
            # Not ended with who asked for it: a call that is broken off takes the models' process with it.
            task = self._made[query] = asyncio.create_task(_encoded(worker, query), name="encode a query")
            while len(self._made) > REMEMBERED:
                self._made.popitem(last=False)
        self._made.move_to_end(query)
        await asyncio.wait({task}, timeout=within)
        if not task.done():
            return None
        if task.cancelled() or (error := task.exception()) is not None:
            self._made.pop(query, None)
            _log.warning("query not encoded; searched for by its words", error=str(None if task.cancelled() else error))
            return None
        return task.result()


async def _encoded(worker: Worker, query: str) -> npt.NDArray[np.float32]:
    found: npt.NDArray[np.float32] = (await worker.run(encode, [query]))[0]
    return found
