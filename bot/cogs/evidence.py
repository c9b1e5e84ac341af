"""'Evidence': each line of a digest beside the words that carry it, with a link to that contribution."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator

import discord

from bot import text
from bot.archive.evidence import Carried, Evidence, evidence_of
from bot.cogs.answering import Refusal, acknowledged, turning
from bot.cogs.desk import desk_of
from bot.cogs.rendering import DESCRIPTION, SETTLED_COLOUR, TITLE, length, shortened
from bot.summarise.carrying import carrying

PAGE = 3_000
"""Characters of one page: a screen or two of a phone."""
LONGEST = 1_200
"""Characters of one line, and of the words shown for it."""


def evidence_pages(found: Evidence) -> list[str]:
    """The lines, numbered as they stand in the digest, in pages of at most `PAGE` characters (one line may be more)."""
    pages: list[list[str]] = [[]]
    for number, line in enumerate(found.lines, start=1):
        entry = "\n".join(_entry(number, line, found))
        used = sum(length(each) + 2 for each in pages[-1])
        if pages[-1] and used + length(entry) > PAGE:
            pages.append([])
        pages[-1].append(entry)
    return ["\n\n".join(page)[:DESCRIPTION] for page in pages if page]


def _entry(number: int, line: Carried, found: Evidence) -> Iterator[str]:
    speaker = text.escape(line.sentence.speaker or "")
    said = shortened(line.sentence.text, LONGEST)
    yield f"**{number}.** {f'**{speaker}:** ' if speaker and line.sentence.origin.quotes else ''}{said}"
    if not line.contributions:
        yield "*The words that carried this line have changed since; the full debate holds them.*"
    for item in line.contributions:
        words = shortened(carrying(line.sentence.text, item.text), LONGEST) or "…"
        url = text.allowed_url(item.url, found.stored.digest)
        who = text.escape(item.speaker or "") or "the text"
        yield f"> {words}\n> — {f'[{who}]({url})' if url else who}"


async def _page(interaction: discord.Interaction, story_id: int, number: int) -> tuple[discord.Embed, discord.ui.View]:
    found = await evidence_of(desk_of(interaction).archive, story_id)
    if found is None:
        raise Refusal("That digest is not kept any more; ask for it again with /digest.")
    if found.withdrawn:
        raise Refusal("That story was withdrawn; it is not shown any more.")
    pages = await asyncio.to_thread(evidence_pages, found)
    if not pages:
        raise Refusal("That digest has no lines to give evidence for.")
    number = min(number, len(pages) - 1)
    title = f"Evidence: {text.escape(found.stored.digest.title)}"
    embed = discord.Embed(
        title=title if length(title) <= TITLE else "Evidence",
        description=pages[number],
        url=text.allowed_url(found.stored.digest.url, found.stored.digest),
        colour=SETTLED_COLOUR,
    )
    embed.set_footer(text=f"Page {number + 1} of {len(pages)} · {text.LICENCE}")
    view = discord.ui.View(timeout=None)
    if number > 0:
        view.add_item(Turn(story_id, number - 1, "Previous"))
    if number + 1 < len(pages):
        view.add_item(Turn(story_id, number + 1, "Next"))
    return embed, view


class ShowEvidence(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=r"evidence:(?P<story>[0-9]{1,18})"
):
    """Under a digest; answers the one who presses."""

    def __init__(self, story_id: int) -> None:
        style = discord.ButtonStyle.primary
        super().__init__(discord.ui.Button(label="Evidence", style=style, custom_id=f"evidence:{story_id}"))
        self.story_id = story_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[discord.ui.View], match: re.Match[str], /
    ) -> ShowEvidence:
        return cls(int(match["story"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        async with acknowledged(interaction):
            embed, view = await _page(interaction, self.story_id, 0)
            await interaction.followup.send(embed=embed, view=view, ephemeral=True)


class Turn(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]],
    template=r"evidence:(?P<story>[0-9]{1,18}):(?P<page>[0-9]{1,4})",
):
    """Turns the page that its reader alone sees."""

    def __init__(self, story_id: int, page: int, label: str = "Next") -> None:
        super().__init__(discord.ui.Button(label=label, custom_id=f"evidence:{story_id}:{page}"))
        self.story_id, self.page = story_id, page

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[discord.ui.View], match: re.Match[str], /
    ) -> Turn:
        return cls(int(match["story"]), int(match["page"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        async with turning(interaction):
            embed, view = await _page(interaction, self.story_id, self.page)
            await interaction.edit_original_response(embed=embed, view=view)
