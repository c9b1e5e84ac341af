"""Contributions found by their words, and by their meaning where the archive holds vectors."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import textwrap
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bot import terminal
from bot.commands.options import Verdicts, day_option
from bot.errors import InputError, ModelMissing

if TYPE_CHECKING:
    from bot.archive import Archive
    from bot.archive.search import Filters, Found, Result
    from bot.settings import Settings

MOST = 1000
"""Results of one call: whoever wants more wants `export`."""
_WIDTH = 100
_OPEN, _CLOSE = "\x02", "\x03"
_BOLD, _PLAIN = ("\x1b[1m", "\x1b[22m"), ("*", "*")


def search(
    query: Annotated[
        str,
        typer.Argument(help='Words, a name or an office; "in quotes" they stand together, -WORD leaves one out.'),
    ],
    *,
    member: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only what this Member said, named as people do.")
    ] = None,
    house: Annotated[str | None, typer.Option(metavar="HOUSE", help="Only Commons or Lords.")] = None,
    party: Annotated[
        str | None, typer.Option(metavar="PARTY", help="Only this party: Lab and Labour are the same.")
    ] = None,
    kind: Annotated[
        str | None, typer.Option(metavar="KIND", help="Only debate, statement, question or article.")
    ] = None,
    since: Annotated[datetime | None, day_option("Not before this day.")] = None,
    until: Annotated[datetime | None, day_option("Not after this day.")] = None,
    limit: Annotated[int, typer.Option(metavar="N", help=f"How many are printed, {MOST} at most.")] = 20,
    format: Annotated[Verdicts, typer.Option(help="json is search/1.")] = Verdicts.TEXT,
) -> None:
    """Print the archive's contributions that match, best first, each with its speaker, day and address."""
    settings = terminal.configured(quiet=True)
    from bot.archive.search import Filters, check
    from bot.contract import search_json
    from bot.text import clean

    if not clean(query):
        raise InputError("the query is empty; write a word or two that were said")
    if not 1 <= limit <= MOST:
        raise InputError(f"--limit {limit}: write a number from 1 to {MOST}")
    if member is not None and not clean(member):
        raise InputError("--member is empty; write a name, or leave it out")
    filters = Filters((member,) if member else (), party, house, _day(since), _day(until), kind)
    check(filters)
    with terminal.answer() as out:
        found = asyncio.run(_found(settings, query, filters, limit))
        if format is Verdicts.JSON:
            terminal.print_json(out, search_json(found))
        else:
            bold = out.isatty() and not os.environ.get("NO_COLOR")
            width = min(shutil.get_terminal_size().columns, _WIDTH) if out.isatty() else None
            print(plain(found, bold=bold, width=width), end="", file=out, flush=True)


def _day(typed: datetime | None) -> date | None:
    return typed.date() if typed else None


async def _found(settings: Settings, query: str, filters: Filters, limit: int) -> Found:
    """What the archive has; one that is not there yet is not made."""
    from bot.archive import Archive
    from bot.archive.engine import path_of
    from bot.archive.query import read
    from bot.archive.search import Found, search

    path = path_of(settings.database())
    if not path.exists():
        note = f"There is no archive at {path} yet; `despatch backfill` or `poll` fills one."
        return Found(query, 0, (), (note,))
    async with await Archive.open(settings.database()) as archive:
        if not (terms := read(query).terms) or any(term.quoted for term in terms) or not await _held(archive, settings):
            return await search(archive, query, filters, limit=limit)
        from bot.inference.models import Models

        try:
            (vector,) = Models(settings.models).encoder.encode([query])
        except ModelMissing as error:
            found = await search(archive, query, filters, limit=limit)
            return replace(found, notes=(*found.notes, f"Searched by words alone: {error}."))
        return await search(archive, query, filters, limit=limit, vector=vector)


async def _held(archive: Archive, settings: Settings) -> bool:
    """Whether the archive holds vectors of this encoder's."""
    from bot.archive import vectors

    held = await vectors.of(archive).progress()
    return bool(held.passages) and held.encoder == settings.models.encoder


def plain(found: Found, *, bold: bool = False, width: int | None = None) -> str:
    """Results for a terminal, matching words in bold or between asterisks, links written out; wrapped where there is
    a width. Ends with a newline."""
    from bot.archive.search import COUNTED
    from bot.text import clean

    many = f"at least {found.total:,}" if found.total >= COUNTED else f"{found.total:,}"
    shown = len(found.results)
    counted = f"{many} found" if shown == found.total else f"{many} found, the best {shown} of them"
    written = [f"{clean(found.query)[:200]}: {counted if found.total else 'nothing found'}"]
    written += [f"  {clean(note)}" for note in found.notes]
    for number, result in enumerate(found.results, 1):
        written += ["", *_shown(number, result, _BOLD if bold else _PLAIN, width)]
    return "\n".join(written) + "\n"


def _shown(number: int, result: Result, marks: tuple[str, str], width: int | None) -> list[str]:
    from bot.domain import Kind
    from bot.text import day_words, linkable, party_words

    lead = f"{number:3}. "
    indent = " " * len(lead)
    nobody = "Press report" if result.kind == Kind.ARTICLE else "Unattributed"
    who = (result.speaker or nobody, party_words(result.party), result.role)
    house = f"House of {result.house}" if result.house in ("Commons", "Lords") else result.house
    where = (day_words(result.date), house, result.title)
    said = _marked(result)
    lines = textwrap.wrap(said, width - len(indent), break_on_hyphens=False) if width and width > 20 else [said]
    text = "\n".join(f"{indent}{line}" for line in lines).replace(_OPEN, marks[0]).replace(_CLOSE, marks[1])
    written = [f"{lead}{_joined(who)}", text, f"{indent}{_joined(where)}"]
    return [*written, f"{indent}<{url}>"] if (url := linkable(result.url)) else written


def _joined(parts: Iterable[str | None]) -> str:
    from bot.text import clean

    return " · ".join(each for part in parts if part and (each := clean(part)))


def _marked(result: Result) -> str:
    """The snippet with what matches between two control characters; words that match side by side, once."""
    from bot.text import clean

    shown, at = "", 0
    for start, end in sorted(result.marks):
        if start >= at:
            shown += f"{result.snippet[at:start]}{_OPEN}{result.snippet[start:end]}{_CLOSE}"
            at = end
    pieces = re.split(f"([{_OPEN}{_CLOSE}])", shown + result.snippet[at:])
    kept = "".join(each if each in (_OPEN, _CLOSE) else _kept(each, clean(each)) for each in pieces)
    return re.sub(f"{_CLOSE}( ?){_OPEN}", r"\1", kept)


def _kept(piece: str, cleaned: str) -> str:
    if not cleaned:
        return " " if piece else ""
    return f"{' ' * piece[0].isspace()}{cleaned}{' ' * piece[-1].isspace()}"
