"""/digest: what was said on a day, or of an item; 'Post here' shows the answer to the channel."""

from __future__ import annotations

import re
from datetime import date, datetime

import discord
from discord import app_commands

from bot import text
from bot.archive.digests import StoredDigest, digest_of, find_digests
from bot.cogs.answering import Refusal, acknowledged, tell
from bot.cogs.card import buttons
from bot.cogs.days import read_day
from bot.cogs.desk import desk_of
from bot.cogs.posting import post_here
from bot.cogs.rendering import length, pages
from bot.domain import LONDON, Digest

SHOWN = 3
"""Digests shown whole; more are listed by headline."""

LISTED = 10
CHOICES, CHOICE = 25, 100
"""What Discord offers while one types: so many, each of so many characters."""


@app_commands.command(name="digest", description="What was said on a day, or about an item")
@app_commands.describe(
    date="A sitting day, as 2025-02-12 or 12 February 2025; also yesterday. The newest if left out",
    about="Words of its title, such as: learning review",
)
@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
async def digest(
    interaction: discord.Interaction,
    date: app_commands.Range[str, 1, 40] | None = None,
    about: app_commands.Range[str, 1, 200] | None = None,
) -> None:
    async with acknowledged(interaction):
        day = read_day(date, datetime.now(LONDON).date()) if date else None
        wanted = text.clean(about or "") or None
        if about and not wanted:
            raise Refusal("There is nothing to look for in that; write a word or two of the title.")
        found = await find_digests(desk_of(interaction).archive, day=day, about=wanted, limit=LISTED + SHOWN + 1)
        if not found:
            raise Refusal(_nothing(day, wanted))
        whole = SHOWN if day or wanted else 1
        for stored in found[:whole]:
            await show(interaction, stored, ephemeral=True)
        if rest := found[whole:]:
            await tell(interaction, _listed(rest))


@digest.autocomplete("about")
async def titles(interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """The newest digests whose title has what was typed; what is chosen are words that find it again."""
    found = await find_digests(desk_of(interaction).archive, about=text.clean(typed)[:100] or None, limit=CHOICES)
    offered: dict[str, app_commands.Choice[str]] = {}
    for stored in found:
        title = text.clean(stored.digest.title or stored.digest.headline)
        day = text.day_words(stored.digest.date)
        name = f"{_words(title, CHOICE - len(day) - 3)} ({day})" if day else _words(title, CHOICE)
        if value := _words(title, CHOICE):
            offered.setdefault(value, app_commands.Choice(name=name, value=value))
    return list(offered.values())


def _words(title: str, most: int) -> str:
    """As many whole words as fit; of one that does not, its beginning."""
    return title if length(title) <= most else title[:most].rpartition(" ")[0] or title[: most // 2]


def _nothing(day: date | None, about: str | None) -> str:
    of = f" of {text.day_words(day)}" if day else ""
    on = f" about “{text.escape(about[:100])}”" if about else ""
    hint = "Try another day or fewer words." if day or about else "They come with the next sitting day."
    return f"I hold no digest{of}{on}. {hint}"


def _listed(rest: list[StoredDigest]) -> str:
    lines = ["Also:"]
    for stored in rest[:LISTED]:
        item = stored.digest
        headline = text.escape((item.headline or item.title)[:120])
        day = f" ({text.day_words(item.date)})" if item.date else ""
        url = text.allowed_url(item.url, item)
        line = f"- [{headline}](<{url}>){day}" if url else f"- {headline}{day}"
        if len("\n".join([*lines, line])) > 1700:
            break
        lines.append(line)
    if len(rest) > len(lines) - 1:
        lines.append("And more; name a day, or words of the title.")
    return "\n".join(lines)


async def show(interaction: discord.Interaction, stored: StoredDigest, *, ephemeral: bool) -> None:
    """Answer with the digest; a private answer ends with 'Post here'."""
    parts = pages(stored.digest)
    for number, page in enumerate(parts, start=1):
        view = _row(stored.digest, stored.story_id if ephemeral and number == len(parts) else None)
        await interaction.followup.send(embeds=list(page.embeds), view=view, ephemeral=ephemeral)


def _row(item: Digest, story_id: int | None) -> discord.ui.View:
    view = buttons(item) or discord.ui.View(timeout=None)
    if story_id is not None:
        view.add_item(PostHere(story_id))
    return view


class PostHere(discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=r"post:(?P<story>[0-9]{1,18})"):
    """Publishes the digest that the answer shows, in its newest version, where the answer was given."""

    def __init__(self, story_id: int) -> None:
        super().__init__(
            discord.ui.Button(label="Post here", style=discord.ButtonStyle.secondary, custom_id=f"post:{story_id}")
        )
        self.story_id = story_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[discord.ui.View], match: re.Match[str], /
    ) -> PostHere:
        return cls(int(match["story"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        async def post() -> None:
            stored = await digest_of(desk_of(interaction).archive, self.story_id)
            if stored is None:
                raise Refusal("That digest is not kept any more; ask for it again with /digest.")
            await show(interaction, stored, ephemeral=False)

        await post_here(interaction, post)
