"""The program itself: run it, poll once, examine it."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Annotated

import typer

from bot import terminal
from bot.commands.options import day_option
from bot.domain import LONDON
from bot.errors import ConfigurationError, InputError


def run() -> None:
    """Run the bot: poll, digest and deliver until it is told to stop (SIGTERM or Ctrl-C)."""
    settings = terminal.configured()
    if settings.token is None:
        raise ConfigurationError("DISCORD_TOKEN", "", "is not set; it, or DISCORD_TOKEN_FILE, holds the bot's token")
    from bot import app as composition

    composition.main(settings)


def poll(
    source: Annotated[
        str | None, typer.Option(metavar="NAME", help="hansard, statements, questions, whatson or feed:NAME.")
    ] = None,
    date: Annotated[datetime | None, day_option("A sitting day, as 2025-02-12.")] = None,
) -> None:
    """Read every source once, digest what matches and queue its deliveries.

    Prints a line a source, beginning with its name. Exit code 1 if not one source could be read."""
    settings = terminal.configured(quiet=True)
    day = date.date() if date else None
    if day is not None and day > datetime.now(LONDON).date():
        raise InputError(f"--date {day}: is still to come")
    from bot.app import build

    async def work() -> bool:
        async with build(settings) as program:
            say("reading the sources")
            results = await program.poll(source, day)
            for result in results:
                print(result, file=out, flush=True)
            say("digesting what matches")
            typer.echo(str(await program.digest()), err=True)
            return any(result.ok for result in results)

    with terminal.answer() as out, terminal.progress() as say:
        if not asyncio.run(work()):
            raise typer.Exit(1)


def doctor() -> None:
    """Check the configuration, the database, the weights, each source and the Discord token; say what to do."""
    from bot import doctor as room

    worst = 0
    with terminal.answer() as out:
        try:
            settings = terminal.configured(quiet=True)
        except ConfigurationError as error:
            print(room.Finding("configuration", room.State.FAILED, str(error)), file=out)
            raise typer.Exit(2) from None

        async def work() -> int:
            code = 0
            async for finding in room.examine(settings):
                print(finding, file=out, flush=True)
                if finding.state is room.State.FAILED:
                    code = max(code, 2 if finding.name == "configuration" else 1)
            return code

        worst = asyncio.run(work())
    raise typer.Exit(worst)
