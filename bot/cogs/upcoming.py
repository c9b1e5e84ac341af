"""/upcoming: what Parliament has announced, from the archive alone; 'Post here' shows it to the channel."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import discord
from discord import app_commands

from bot import text, upcoming_text
from bot.archive import events
from bot.archive.health import SourceHealth, source_health
from bot.cogs.answering import acknowledged
from bot.cogs.desk import desk_of
from bot.cogs.posting import post_here
from bot.cogs.rendering import DESCRIPTION, SETTLED_COLOUR, TITLE, length
from bot.domain import LONDON, Event

SOURCE = "whatson"
ENDING = 600
"""Characters kept free for the count of what has no room, and for what was looked at."""
FOOTER = (
    f"From Parliament's calendar, What's On; times are London's, and business may be moved or cancelled. {text.LICENCE}"
)


@app_commands.command(description="What Parliament has announced on the topic for the coming four weeks")
@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
async def upcoming(interaction: discord.Interaction) -> None:
    async with acknowledged(interaction):
        view = discord.ui.View(timeout=None)
        view.add_item(PostUpcoming())
        await interaction.followup.send(embed=await _embed(interaction), view=view, ephemeral=True)


async def _embed(interaction: discord.Interaction) -> discord.Embed:
    desk, now = desk_of(interaction), datetime.now(UTC)
    found = await events.coming(desk.archive, tuple(desk.topics), now)
    health = next((each for each in await source_health(desk.archive) if each.name == SOURCE), None)
    return render(found, list(desk.topics.values()), health, now)


def render(found: list[Event], topics: list[str], health: SourceHealth | None, now: datetime) -> discord.Embed:
    """What is announced, by day; and until when it was looked, and when last."""
    heading = text.escape(f"{upcoming_text.HEADING}: {', '.join(topics)}")
    embed = discord.Embed(title=heading if length(heading) <= TITLE else upcoming_text.HEADING, colour=SETTLED_COLOUR)
    lines = _listed(found, now.astimezone(LONDON).date())
    looked = _looked(health)
    if not lines:
        lines = ["Nothing is announced." if health and health.last_success else "Nothing is known yet."]
    embed.description = "\n".join([*lines, "", looked])
    embed.set_footer(text=FOOTER)
    return embed


def _listed(found: list[Event], today: date) -> list[str]:
    """Each day with its events, as many as there is room for, and a count of the rest. What began before today and
    goes on stands under today."""
    lines: list[str] = []
    shown: date | None = None
    for number, event in enumerate(found):
        day = max(event.day, today)
        heading = ["", f"**{upcoming_text.weekday(day)}**"] if day != shown else []
        added = [*heading, _line(event)]
        if length("\n".join([*lines, *added])) > DESCRIPTION - ENDING:
            return [*lines[1:], "", upcoming_text.more(len(found) - number)]
        lines += added
        shown = day
    return lines[1:]


def _line(event: Event) -> str:
    """ "- 10:00 (in two days) [The work of …](…) · Commons · Home Affairs Committee, oral evidence"."""
    begins = event.begins()
    clock = f"{event.time:%H:%M} ({discord.utils.format_dt(begins, 'R')}) " if begins else ""
    until = f" · until {text.day_words(event.last)}" if event.last > event.day else ""
    return f"- {clock}{upcoming_text.marked_title(event)} · {text.escape(upcoming_text.place(event))}{until}"


def _looked(health: SourceHealth | None) -> str:
    if health is None or health.last_success is None:
        again = " The last attempt failed; it is tried again." if health and health.error else ""
        return f"Parliament's calendar has not been read yet.{again}"
    until = health.last_success.astimezone(LONDON).date() + events.AHEAD
    read = discord.utils.format_dt(health.last_success, "R")
    failed = " The last attempt to read it failed." if health.error else ""
    return f"*Looked until {text.day_words(until)}; the calendar was last read {read}.{failed}*"


class PostUpcoming(discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=r"upcoming:post"):
    """Publishes what is announced, as it stands now, where the answer was given."""

    def __init__(self) -> None:
        super().__init__(
            discord.ui.Button(label="Post here", style=discord.ButtonStyle.secondary, custom_id="upcoming:post")
        )

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[discord.ui.View], _match: re.Match[str], /
    ) -> PostUpcoming:
        return cls()

    async def callback(self, interaction: discord.Interaction) -> None:
        async def post() -> None:
            await interaction.followup.send(embed=await _embed(interaction))

        await post_here(interaction, post)
