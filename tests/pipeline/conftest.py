"""One world a test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, MutableMapping
from pathlib import Path
from typing import Any

import pytest
import structlog
import structlog.testing

from tests.pipeline.world import World, open_archive


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    path = tmp_path / "despatch.sqlite3"
    made = World(path, await open_archive(path))
    yield made
    await made.archive.close()


@pytest.fixture(autouse=True)
def logs() -> Iterator[list[MutableMapping[str, Any]]]:
    """What was logged, instead of a page of it."""
    with structlog.testing.capture_logs() as captured:
        yield captured
