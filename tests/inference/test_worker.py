"""The model worker: its own process, started again when it dies, gone when its parent is."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import InputError, ModelError
from bot.inference.models import Models
from bot.inference.worker import Worker
from bot.settings import Models as ModelSettings


def process(models: Models) -> int:
    return os.getpid()


def die_once(models: Models, mark: str) -> str:
    if not Path(mark).exists():
        Path(mark).write_text("died", encoding="utf-8")
        os.kill(os.getpid(), signal.SIGKILL)
    return "done"


def die(models: Models) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def sleep(models: Models, seconds: float) -> None:
    time.sleep(seconds)


def refuse(models: Models) -> None:
    raise InputError("this is not right")


@pytest.fixture
async def worker() -> AsyncIterator[Worker]:
    async with Worker(ModelSettings(writer="none")) as running:
        yield running


async def test_work_is_done_in_one_other_process(worker: Worker) -> None:
    first, second = await asyncio.gather(worker.run(process), worker.run(process))
    assert first == second != os.getpid()


async def test_a_worker_that_dies_is_started_again_and_its_work_repeated(worker: Worker, tmp_path: Path) -> None:
    assert await worker.run(die_once, str(tmp_path / "mark")) == "done"
    assert worker.restarts == 1


async def test_a_worker_that_dies_while_it_has_nothing_to_do_is_started_again(worker: Worker) -> None:
    first = await worker.run(process)
    os.kill(first, signal.SIGKILL)
    await asyncio.sleep(0.5)
    assert await worker.run(process) != first
    assert worker.restarts == 1
    assert await worker.run(process) != first


async def test_work_that_always_kills_is_given_up_and_others_go_on(worker: Worker) -> None:
    with pytest.raises(ModelError, match="died twice over die"):
        await worker.run(die)
    assert await worker.run(process) != os.getpid()


async def test_work_past_its_time_is_ended() -> None:
    async with Worker(ModelSettings(writer="none", timeout=timedelta(seconds=4))) as worker:
        with pytest.raises(ModelError, match=r"longer than models\.timeout"):
            await worker.run(sleep, 60.0)


async def test_an_error_comes_back_as_itself(worker: Worker) -> None:
    with pytest.raises(InputError, match="this is not right"):
        await worker.run(refuse)


_PARENT = """
import asyncio, os
from bot.inference.worker import Worker
from bot.settings import Models
from tests.inference.test_worker import process

async def main():
    worker = Worker(Models(writer="none"))
    print(await worker.run(process), flush=True)
    await asyncio.sleep(60)

if __name__ == "__main__":
    asyncio.run(main())
"""


def test_a_killed_parent_leaves_no_worker_behind(tmp_path: Path, root: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(_PARENT, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, cwd=root, env={**os.environ, "PYTHONPATH": str(root)}
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, 0)
            time.sleep(0.05)
            continue
        return
    pytest.fail(f"worker {child} outlived its parent")
