"""`despatch roundup`: the archive's days as a newsletter, on standard output alone."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.archive.engine import Archive
from bot.domain import Status
from tests.cogs.samples import DEBATE, digest, keep


@pytest.fixture
def database(tmp_path: Path) -> str:
    """An archive with two stories of 12 February 2025 and one of the 20th."""
    url = f"sqlite:///{tmp_path / 'despatch.sqlite3'}"

    async def fill() -> None:
        async with await Archive.open(url) as archive:
            await keep(archive, digest("A", status=Status.SETTLED))
            await keep(archive, digest("B", headline="Another", points=(), coverage=()))
            await keep(archive, digest("C", headline="Later", date=digest().date.replace(day=20)))

    asyncio.run(fill())
    return url


def despatch(database: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("DESPATCH_", "DISCORD_"))}
    return subprocess.run(
        [sys.executable, "-m", "bot", "roundup", *arguments],
        env=environment | {"DESPATCH_DATABASE_URL": database},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_as_json_it_is_a_round_up_of_those_days_the_weightiest_first(database: str) -> None:
    done = despatch(database, "--since", "2025-02-12", "--until", "2025-02-12", "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    made: dict[str, Any] = json.loads(done.stdout)
    assert (made["schema"], made["topic"], made["when"]) == ("roundup/1", "prevent", None)
    assert [entry["digest"]["headline"] for entry in made["entries"]] == ["Prevent: Learning Review", "Another"]
    first = made["entries"][0]["digest"]
    assert first["schema"] == "digest/1" and first["points"] == [] and first["url"] == DEBATE
    [line] = first["brief"]
    assert line["evidence"] == ["c1"] and line["origin"] == "reported"


def test_as_markdown_and_as_text_for_people_the_week_before_the_last_day_if_no_first_is_given(database: str) -> None:
    done = despatch(database, "--until", "2025-02-18", "--format", "markdown")
    assert done.stdout.startswith("# Round-up: the Prevent programme · 12 February 2025 to 18 February 2025\n\n1. **[")
    assert "Another" in done.stdout and "Later" not in done.stdout
    done = despatch(database, "--until", "2025-02-19")
    assert "Nothing to tell." in done.stdout and done.returncode == 0
    assert "Open Parliament Licence v3.0" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--since", "2025-02-13", "--until", "2025-02-12"), "--since 2025-02-13: is after --until 2025-02-12"),
        (("--topic", "fishing"), "--topic fishing: there is no such topic"),
        (("--format", "html"), "--format"),
        (("--since", "yesterday"), "--since"),
    ],
)
def test_a_wrong_call_is_named(database: str, arguments: tuple[str, ...], said: str) -> None:
    done = despatch(database, *arguments)
    assert done.returncode == 2 and done.stdout == ""
    assert said in done.stderr and "Traceback" not in done.stderr
