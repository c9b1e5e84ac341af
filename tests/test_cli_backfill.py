"""`despatch backfill` as people run it: killed, stopped, called wrongly; what it prints, and its exit codes."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.standins.past import PastParliament

SAT = (date(2025, 5, 6), date(2025, 5, 13), date(2025, 5, 20))
DAYS = ("--from", "2025-05-19", "--to", "2025-05-22")


@pytest.fixture
async def parliament() -> AsyncIterator[PastParliament]:
    async with PastParliament(SAT) as serving:
        yield serving


def start(
    archive: Path, parliament: PastParliament | None = None, *arguments: str, **more: str
) -> subprocess.Popen[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DESPATCH_", "DISCORD_"))}
    place = {"DESPATCH_DATABASE_URL": f"sqlite:///{archive}", "DESPATCH_MODELS__WRITER": "none"}
    served = parliament.environment() if parliament else {}
    return subprocess.Popen(
        [sys.executable, "-m", "bot", "backfill", *(arguments or DAYS)],
        env=kept | place | served | more,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


async def finish(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = await asyncio.to_thread(process.communicate, timeout=60)
    return process.returncode, out, err


def rows(archive: Path) -> dict[str, list[tuple[Any, ...]]]:
    asked = {
        "documents": "SELECT source, external_id, content_hash, version, backfilled FROM documents ORDER BY 1, 2",
        "contributions": "SELECT d.external_id, position, c.external_id, speaker, party, role, text "
        "FROM contributions c JOIN documents d ON d.id = document_id ORDER BY d.source, 1, 2",
        "verdicts": "SELECT d.external_id, number, topic, matched FROM matches JOIN versions v ON v.id = version_id "
        "JOIN documents d ON d.id = document_id ORDER BY d.source, 1, 2, 3",
        "days": "SELECT source, topic, day FROM backfilled ORDER BY 1, 2, 3",
    }
    with contextlib.closing(sqlite3.connect(archive)) as connection:
        return {name: connection.execute(query).fetchall() for name, query in asked.items()}


async def test_killed_again_and_again_it_ends_with_the_rows_of_a_run_that_was_not(
    tmp_path: Path, parliament: PastParliament
) -> None:
    whole, killed = tmp_path / "whole.sqlite3", tmp_path / "killed.sqlite3"
    code, out, err = await finish(start(whole, parliament))
    assert code == 0, err
    assert [line.split(":")[0] for line in out.splitlines()] == ["hansard", "statements", "questions", "digests"]
    assert "backfill: 12 of 12 days" in err
    for documents in (0, 6):
        process = start(killed, parliament, DESPATCH_HTTP__SPACING="0.02")
        deadline = time.monotonic() + 20
        while process.poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(sqlite3.Error):
                if len(rows(killed)["documents"]) > documents:
                    break
            await asyncio.sleep(0.01)
        process.kill()
        await finish(process)
    code, out, err = await finish(start(killed, parliament))
    assert code == 0, err
    assert rows(killed) == rows(whole)


async def test_told_to_stop_it_does_so_at_once_and_says_how_to_go_on(
    tmp_path: Path, parliament: PastParliament
) -> None:
    process = start(tmp_path / "a.sqlite3", parliament, DESPATCH_HTTP__SPACING="1")
    while not parliament.requests:
        await asyncio.sleep(0.02)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    code, _, err = await finish(process)
    assert code == 1 and time.monotonic() - began < 3
    assert err.splitlines()[-1] == "despatch: stopped before the end; the same command goes on where this one stopped"
    assert "Traceback" not in err


async def test_a_day_that_failed_is_named_and_the_exit_code_says_so(tmp_path: Path, parliament: PastParliament) -> None:
    parliament.fail("/hansard/overview/sectionsforday", "500")
    only = ("--from", "2025-05-09", "--to", "2025-05-09")
    code, out, err = await finish(start(tmp_path / "a.sqlite3", parliament, *only))
    assert code == 1 and "failed on 2025-05-09: " in out.splitlines()[0]
    assert "the same command goes on" in err


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--from", "2025-05-06", "--to", "2025-05-05"), "write --from 2025-05-05 --to 2025-05-06"),
        (("--from", f"{datetime.now(UTC).date() + timedelta(days=3)}"), "is after --to"),
        (("--from", "2025-01-01", "--to", f"{datetime.now(UTC).date() + timedelta(days=3)}"), "is still to come"),
        (("--from", "1790-01-01", "--to", "1790-01-02"), "Hansard begins in 1803"),
        (("--from", "2025-01-01", "--topic", "gardening"), "is not a topic that is followed"),
    ],
)
async def test_a_wrong_call_is_told_in_a_sentence(tmp_path: Path, given: tuple[str, ...], said: str) -> None:
    code, out, err = await finish(start(tmp_path / "a.sqlite3", None, *given))
    assert code == 2 and said in err and not out and len(err.splitlines()) == 1
