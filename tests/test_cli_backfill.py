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
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from bot.archive import Archive
from bot.commands import backfilling
from bot.errors import InputError
from bot.inference.models import Models
from bot.pipeline.backfill import Backfill
from bot.pipeline.digest import Digester
from bot.settings import Http
from bot.sources.hansard import Hansard
from bot.sources.http import Client
from bot.sources.members import Members
from bot.sources.written import Questions, Statements
from tests.standins.past import PastParliament

SAT = (date(2025, 5, 6), date(2025, 5, 13), date(2025, 5, 20))
FIRST, LAST = date(2025, 5, 20), date(2025, 5, 21)
DAYS = ("--from", f"{FIRST}", "--to", f"{LAST}")


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
    try:
        out, err = await asyncio.to_thread(process.communicate, timeout=180)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
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


class _Here:
    """The models' worker, without a process of its own: it need not start."""

    def __init__(self, models: Models) -> None:
        self.models = models

    async def run(self, function: Callable[..., Any], *args: Any, **more: Any) -> Any:
        return await asyncio.to_thread(function, self.models, *args, **more)


async def _whole(archive: Path, parliament: PastParliament, extractive: Models) -> None:
    """What a run without a kill leaves, by the command's own parts."""
    http = Http(spacing=0, allow_private=(ip_network("127.0.0.0/8"),))
    async with await Archive.open(f"sqlite:///{archive}") as opened, Client(http) as client:
        members = Members(client, f"{parliament.address}/members")
        written = f"{parliament.address}/written"
        hansard = Hansard(client, f"{parliament.address}/hansard", members)
        sources = (hansard, Statements(client, written, members), Questions(client, written, members))
        await Backfill(opened, sources, FIRST, LAST).run()
        await Digester(opened, _Here(extractive), {"prevent": "config/topics/prevent.toml"}).run(days=(FIRST, LAST))


async def test_killed_again_and_again_it_ends_with_the_rows_of_a_run_that_was_not(
    tmp_path: Path, parliament: PastParliament, extractive: Models
) -> None:
    whole, killed = tmp_path / "whole.sqlite3", tmp_path / "killed.sqlite3"
    for documents in (0, 4):
        process = start(killed, parliament, DESPATCH_HTTP__SPACING="0.02")
        deadline = time.monotonic() + 30
        while process.poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(sqlite3.Error):
                if len(rows(killed)["documents"]) > documents:
                    break
            await asyncio.sleep(0.01)
        process.kill()
        await finish(process)
        assert process.returncode == -signal.SIGKILL
    finishing = asyncio.create_task(finish(start(killed, parliament)))
    await _whole(whole, parliament, extractive)
    code, out, err = await finishing
    assert code == 0, err
    assert [line.split(":")[0] for line in out.splitlines()] == ["hansard", "statements", "questions", "digests"]
    assert "days, " in err and rows(killed) == rows(whole)
    assert any(row[3] for row in rows(whole)["verdicts"])


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
        (("--from", "2025-01-01", "--topic", "gardening"), "is not a topic that is followed"),
    ],
)
async def test_a_wrong_call_is_told_in_a_sentence(tmp_path: Path, given: tuple[str, ...], said: str) -> None:
    code, out, err = await finish(start(tmp_path / "a.sqlite3", None, *given))
    assert code == 2 and said in err and not out and len(err.splitlines()) == 1


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2025-01-01", f"{datetime.now(UTC).date() + timedelta(days=3)}", "is still to come"),
        ("1790-01-01", "1790-01-02", "Hansard begins in 1803"),
    ],
)
def test_days_that_cannot_be_are_refused(first: str, last: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        backfilling.checked(date.fromisoformat(first), date.fromisoformat(last))
