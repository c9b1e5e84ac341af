"""The one process that hosts the models, so that a long generation never delays a heartbeat or a slash command.

What it runs are module-level functions that take the models first; arguments and results are pickled values. A process
that dies is started again and the call repeated once; a call past its time limit has its process killed.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, Concatenate, ParamSpec, TypeVar

import structlog

from bot.errors import ModelError
from bot.inference.models import Models
from bot.settings import Models as ModelSettings

P = ParamSpec("P")
R = TypeVar("R")

_log = structlog.get_logger(__name__)
_models: Models | None = None


class Worker:
    """Runs one call at a time in its process, in the order asked. Close it, or use it as a context manager.

    `restarts` counts the processes that were lost."""

    def __init__(self, settings: ModelSettings) -> None:
        self._settings = settings
        self._pool: ProcessPoolExecutor | None = None
        self._turn = asyncio.Lock()
        self.restarts = 0

    async def __aenter__(self) -> Worker:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def run(
        self,
        function: Callable[Concatenate[Models, P], R],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """`function(models, *args, **kwargs)`, run in the worker.

        Raises what the function raises; ModelError where the process died twice over it or the time limit
        (`models.timeout`) passed."""
        async with self._turn:
            for attempt in (1, 2):
                pool = self._pool or self._start()
                try:
                    # Raises at once where the process has died since the last call.
                    future = asyncio.get_running_loop().run_in_executor(pool, _call, function, args, kwargs)
                    return await asyncio.wait_for(future, self._settings.timeout.total_seconds())
                except BrokenProcessPool:
                    self.restarts += 1
                    _log.warning("model worker died", function=function.__name__, attempt=attempt)
                    self._kill()
                except TimeoutError:
                    self._kill()
                    self.restarts += 1
                    limit = self._settings.timeout
                    raise ModelError(f"{function.__name__} took longer than models.timeout ({limit})") from None
                except asyncio.CancelledError:
                    self._kill()
                    raise
            raise ModelError(f"the model worker died twice over {function.__name__}; is there enough memory?")

    async def close(self) -> None:
        """End the process; what it was doing is lost and will be repeated."""
        self._kill()

    def _start(self) -> ProcessPoolExecutor:
        self._pool = ProcessPoolExecutor(
            max_workers=1,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_begin,
            initargs=(self._settings,),
        )
        return self._pool

    def _kill(self) -> None:
        pool, self._pool = self._pool, None
        if pool is None:
            return
        # The executor offers no way to stop a running call before Python 3.14.
        for process in list((pool._processes or {}).values()):
            process.kill()
        pool.shutdown(wait=False, cancel_futures=True)


def _begin(settings: ModelSettings) -> None:
    global _models  # noqa: PLW0603 - the process holds its models for as long as it lives
    from tqdm import tqdm  # type: ignore[import-untyped]

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # Its bars, which nobody sees, would hold a semaphore of the system's; a process that is killed leaves it behind.
    tqdm.set_lock(threading.RLock())
    threading.Thread(target=_end_with_parent, name="end-with-parent", daemon=True).start()
    _models = Models(settings)


def _end_with_parent() -> None:
    """A killed parent must not leave a gigabyte of models behind."""
    if (parent := multiprocessing.parent_process()) is not None:
        parent.join()
    os._exit(1)


def _call(function: Callable[..., R], args: tuple[Any, ...], kwargs: dict[str, Any]) -> R:
    assert _models is not None
    return function(_models, *args, **kwargs)
