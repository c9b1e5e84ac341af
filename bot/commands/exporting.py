"""What the archive holds, for other programs and for spreadsheets."""

from __future__ import annotations

import asyncio
import contextlib
import csv
import json
import os
import sys
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer

from bot import terminal
from bot.commands.options import day_option
from bot.contract import EXPORTED, What
from bot.errors import InputError

if TYPE_CHECKING:
    from bot.archive.export import Record


class Rows(StrEnum):
    """How `export` prints."""

    CSV = "csv"
    JSONL = "jsonl"


_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def export(
    format: Annotated[Rows, typer.Option(help="jsonl is export/1, an object a line; csv has one header.")] = Rows.JSONL,
    topic: Annotated[
        str | None, typer.Option(metavar="NAME", help="A file of config/topics, without .toml; all if left out.")
    ] = None,
    since: Annotated[datetime | None, day_option("The first day.")] = None,
    until: Annotated[datetime | None, day_option("The last day.")] = None,
    what: Annotated[list[What] | None, typer.Option(help="May be given again; all if left out.")] = None,
) -> None:
    """Print what the archive holds: the contributions that matched, the digests with their lines, and the evidence."""
    settings = terminal.configured(quiet=True)
    from bot.archive import Archive
    from bot.archive.engine import path_of
    from bot.archive.export import Chosen, records
    from bot.summarise.carrying import carrying

    chosen = Chosen(topic, since and since.date(), until and until.date(), tuple(what or What))
    if topic is not None:
        terminal.topic_named(settings, topic)
    if chosen.since and chosen.until and chosen.since > chosen.until:
        raise InputError(f"--since {chosen.since}: is after --until {chosen.until}")
    path = path_of(settings.database())

    async def work(write: Callable[[Record], object]) -> None:
        async with (
            await Archive.open(settings.database()) as archive,
            contextlib.aclosing(records(archive, chosen, carrying)) as found,
        ):
            async for record in found:
                write(record)

    try:
        with terminal.answer() as out:
            write = _table(out) if format is Rows.CSV else _objects(out)
            if path.exists():
                asyncio.run(work(write))
            else:
                said = f"there is no archive at {path} yet; `despatch backfill` or `poll` fills one"
                typer.echo(f"despatch: {said}", err=True)
    except BrokenPipeError:
        # Whoever read it has had enough. The rest of the buffer goes nowhere: the interpreter would complain of it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _objects(out: TextIO) -> Callable[[Record], object]:
    return lambda record: print(json.dumps(record, ensure_ascii=False, allow_nan=False), file=out)


def _table(out: TextIO) -> Callable[[Record], object]:
    """As RFC 4180 has it, the header first."""
    table = csv.DictWriter(out, EXPORTED, lineterminator="\r\n")
    table.writeheader()
    return lambda record: table.writerow({key: _cell(value) for key, value in record.items()})


def _cell(value: Any) -> Any:
    """Words as they are, but an apostrophe before what a spreadsheet would take for a formula; a list in one cell."""
    if isinstance(value, list):
        value = "; ".join(" · ".join(filter(None, each.values())) if isinstance(each, dict) else each for each in value)
    if not isinstance(value, str):
        return value
    whole = value.encode("utf-8", "replace").decode("utf-8").replace("\x00", "\ufffd")
    return f"'{whole}" if whole.startswith(_FORMULA) else whole
