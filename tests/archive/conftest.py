"""One archive a test, on a file of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, MutableMapping
from pathlib import Path
from typing import Any

import pytest
import structlog
import structlog.testing

from bot.archive import Archive
from tests.pipeline.world import open_archive


@pytest.fixture
async def archive(tmp_path: Path) -> AsyncIterator[Archive]:
    async with await open_archive(tmp_path / "despatch.sqlite3") as opened:
        yield opened


@pytest.fixture(autouse=True)
def logs() -> Iterator[list[MutableMapping[str, Any]]]:
    """What was logged, instead of a page of it."""
    with structlog.testing.capture_logs() as captured:
        yield captured
