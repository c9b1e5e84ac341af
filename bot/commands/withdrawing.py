"""What an operator takes back."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from bot import terminal
from bot.errors import InputError


def withdraw(
    story: Annotated[
        str, typer.Argument(metavar="STORY", help="Its number, a link to one of its items, or words of a title.")
    ],
    *,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="What every reader of it is told.")],
) -> None:
    """Replace a story's text in every message posted, and stop it from being posted again."""
    settings = terminal.configured(quiet=True)
    from bot.archive import Archive
    from bot.pipeline.withdraw import meant
    from bot.pipeline.withdraw import withdraw as take_back
    from bot.text import clean

    if not clean(reason):
        raise InputError("--reason: is empty; every reader is shown it")

    async def work() -> str:
        async with await Archive.open(settings.database()) as archive:
            number = await meant(archive, clean(story))
            digest = await take_back(archive, number, clean(reason))
            return f"withdrawn: story {number}, {clean(digest.title)}; the running bot replaces it within a minute"

    with terminal.answer() as out:
        print(asyncio.run(work()), file=out)
