"""A picture on its way to Discord: drawn off the event loop, sent above its words, with what it shows in words."""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime

import discord
import structlog

from bot import text
from bot.archive.trends import Span, Unit
from bot.cogs.answering import Refusal
from bot.cogs.charts import Chart, draw
from bot.domain import LONDON

ALT = 1024
"""Characters of a picture's description."""

_ARTIST = ThreadPoolExecutor(1, "charts")
"""One picture at a time: matplotlib's settings are one for the process, and other work wants the loop's own threads."""
_QUEUE = threading.BoundedSemaphore(20)
"""Pictures that are drawn or wait; one takes about a second."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG of at most 200 kB, and what it shows in words, for who does not see it."""

    png: bytes
    name: str
    alt: str


async def picture(chart: Chart, name: str, alt: str) -> Picture | None:
    """The chart drawn; None where that fails, which is logged, or where too many wait: the words are told without."""
    if not _QUEUE.acquire(blocking=False):
        return None
    try:
        return Picture(await asyncio.get_running_loop().run_in_executor(_ARTIST, draw, chart), name, alt)
    except Exception:
        log.exception("picture not drawn", picture=name)
        return None
    finally:
        _QUEUE.release()


def fitted(sentences: Iterable[str], longest: int) -> str:
    """As many of the sentences as fit."""
    kept = ""
    for sentence in sentences:
        if len(kept) + len(sentence) + 1 > longest:
            break
        kept = f"{kept} {sentence}" if kept else sentence
    return kept


def bin_words(span: Span, index: int) -> str:
    """When a bin is, after "most"."""
    first, _ = span.bins[index]
    match span.unit:
        case Unit.DAY:
            return f"on {text.day_words(first)}"
        case Unit.WEEK:
            return f"in the week of {text.day_words(first)}"
        case Unit.MONTH:
            return f"in {first:%B %Y}"
        case Unit.YEAR:
            return f"in {first.year}"


def day(written: str) -> date:
    """A day out of a button's id, today at the latest. Raises Refusal for none: ids come from outside."""
    try:
        return min(date.fromisoformat(written), datetime.now(LONDON).date())
    except ValueError:
        raise Refusal("That answer cannot be read any more; ask again.") from None


async def answer(
    interaction: discord.Interaction,
    embed: discord.Embed,
    shown: Picture | None,
    view: discord.ui.View,
    *,
    ephemeral: bool,
) -> None:
    """Send the picture with the words below it; the words alone where it could not be drawn or may not be attached."""
    why = "could not be drawn"
    if shown is not None:
        try:
            file = discord.File(io.BytesIO(shown.png), shown.name, description=shown.alt)
            await interaction.followup.send(embed=embed, file=file, view=view, ephemeral=ephemeral)
            return
        except discord.Forbidden:
            why = "may not be attached here"
    embed.set_footer(text=f"{embed.footer.text} The picture {why}.")
    await interaction.followup.send(embed=embed, view=view, ephemeral=ephemeral)
