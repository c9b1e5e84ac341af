"""What is asked of the archive as a whole."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from bot import terminal
from bot.commands.options import Newsletter, day_option
from bot.domain import LONDON
from bot.errors import InputError

if TYPE_CHECKING:
    from bot.domain import Roundup


def roundup(
    since: Annotated[datetime | None, day_option("The first day; the last one's week if left out.")] = None,
    until: Annotated[datetime | None, day_option("The last day; today if left out.")] = None,
    topic: Annotated[str, typer.Option(metavar="NAME", help="A file of config/topics, without .toml.")] = "prevent",
    format: Annotated[Newsletter, typer.Option(help="json is roundup/1.")] = Newsletter.TEXT,
) -> None:
    """Print what the archive holds of some days, the weightiest story first, in two lines each."""
    settings = terminal.configured(quiet=True)
    last = until.date() if until else datetime.now(LONDON).date()
    first = since.date() if since else last - timedelta(days=6)
    if first > last:
        raise InputError(f"--since {first}: is after --until {last}")
    from bot import roundup_text
    from bot.archive import Archive
    from bot.contract import roundup_json
    from bot.pipeline.roundup import by_hand

    title = terminal.topic_named(settings, topic).title

    async def work() -> Roundup:
        async with await Archive.open(settings.database()) as archive:
            return await by_hand(archive, topic, title, first, last)

    with terminal.answer() as out:
        made = asyncio.run(work())
        if format is Newsletter.JSON:
            terminal.print_json(out, roundup_json(made))
        else:
            shown = roundup_text.markdown(made) if format is Newsletter.MARKDOWN else roundup_text.plain(made)
            print(shown, end="", file=out, flush=True)
