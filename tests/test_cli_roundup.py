"""`despatch roundup`: the archive's days as a newsletter, on standard output alone."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.archive.engine import Archive
from bot.archive.events import keep_events
from bot.domain import LONDON, Event, Match, Status
from bot.text import day_words
from tests.cogs.samples import DEBATE, digest, keep
from tests.test_cli import Despatch, _own_surroundings, despatch

__all__ = ["_own_surroundings", "despatch"]


@pytest.fixture(autouse=True)
def stories(_own_surroundings, tmp_path: Path) -> None:
    """An archive with two stories of 12 February 2025 and one of the 20th."""

    async def fill() -> None:
        async with await Archive.open(f"sqlite:///{tmp_path}/archive.sqlite3") as archive:
            await keep(archive, digest("A", status=Status.SETTLED))
            await keep(archive, digest("B", headline="Another", points=(), coverage=()))
            await keep(archive, digest("C", headline="Later", date=digest().date.replace(day=20)))

    asyncio.run(fill())


def test_as_json_it_is_a_round_up_of_those_days_the_weightiest_first(despatch: Despatch) -> None:
    done = despatch("roundup", "--since", "2025-02-12", "--until", "2025-02-12", "--format", "json")
    assert (done.code, done.err) == (0, "")
    made: dict[str, Any] = json.loads(done.out)
    assert (made["schema"], made["topic"], made["when"]) == ("roundup/1", "prevent", None)
    assert [entry["digest"]["headline"] for entry in made["entries"]] == ["Prevent: Learning Review", "Another"]
    first = made["entries"][0]["digest"]
    assert first["schema"] == "digest/1" and first["points"] == [] and first["url"] == DEBATE
    [line] = first["brief"]
    assert line["evidence"] == ["c1"] and line["origin"] == "reported"


def test_as_markdown_and_as_text_for_people_the_week_before_the_last_day_if_no_first_is_given(
    despatch: Despatch,
) -> None:
    done = despatch("roundup", "--until", "2025-02-18", "--format", "markdown")
    assert done.out.startswith("# Round-up: the Prevent programme · 12 February 2025 to 18 February 2025\n\n1. **[")
    assert "Another" in done.out and "Later" not in done.out
    done = despatch("roundup", "--until", "2025-02-19")
    assert "Nothing to tell." in done.out and done.code == 0
    assert "Open Parliament Licence v3.0" in done.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--since", "2025-02-13", "--until", "2025-02-12"), "--since 2025-02-13: is after --until 2025-02-12"),
        (("--topic", "fishing"), "--topic fishing: there is no such topic"),
        (("--format", "html"), "--format"),
        (("--since", "yesterday"), "--since"),
    ],
)
def test_a_wrong_call_is_named(despatch: Despatch, arguments: tuple[str, ...], said: str) -> None:
    done = despatch("roundup", *arguments)
    assert done.code == 2 and done.out == ""
    assert said in done.err and "Traceback" not in done.err


def test_what_is_announced_ends_it_in_every_format(despatch: Despatch, tmp_path: Path) -> None:
    today = datetime.now(LONDON)
    day = today.date() + timedelta(days=2)
    event = Event(
        "9", day, day, "The Prevent duty", "Chamber", house="Lords", url="https://whatson.parliament.uk/event/cal9"
    )

    async def announce() -> None:
        async with await Archive.open(f"sqlite:///{tmp_path}/archive.sqlite3") as archive:
            judged = [(event, Match("9", "prevent", True, 1.0))]
            await keep_events(archive, "prevent", judged, today, read=None)

    asyncio.run(announce())
    made = json.loads(despatch("roundup", "--format", "json").out)
    assert [each["title"] for each in made["coming"]] == ["The Prevent duty"] and made["more"] == 0
    assert f"{day:%A} {day_words(day)}: The Prevent duty · Lords Chamber\n  <{event.url}>" in despatch("roundup").out
    assert f"\n## Coming up\n\n- {day:%A} " in despatch("roundup", "--format", "markdown").out
