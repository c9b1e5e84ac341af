"""*Summarise*, on any message with a link to Hansard or to a followed publisher: its digest, for who asks."""

from __future__ import annotations

import asyncio
import re

import discord
import structlog
from discord import app_commands

from bot import text
from bot.cogs.answering import Refusal, acknowledged
from bot.cogs.ask import TOKEN, Progress
from bot.cogs.card import buttons
from bot.cogs.desk import desk_of
from bot.cogs.digests import PostHere
from bot.cogs.posting import post_here
from bot.cogs.rendering import pages
from bot.errors import InputError, ModelError, SourceError

LOOKED_AT = 10
"""Links of one message that are looked at; the first that is followed is summarised."""

_LINK = re.compile(r"https?://[^\s<>()\[\]|*]{4,500}")

log = structlog.get_logger(__name__)


@app_commands.context_menu(name="Summarise")
@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
async def summarise(interaction: discord.Interaction, message: discord.Message) -> None:
    async with acknowledged(interaction):
        desk = desk_of(interaction)
        urls = _links(message)
        for url in urls:
            if await desk.linked.followed(url):
                break
        else:
            what = "none of its links leads" if urls else "it has no link"
            raise Refusal(
                f"I can summarise what a message links to, and {what} to Hansard, to a written answer or to a "
                "publisher that I follow."
            )
        with desk.talk.turn(interaction.user.id):
            try:
                async with asyncio.timeout(TOKEN), Progress(interaction, "Reading what the link leads to…"):
                    digest = await desk.linked.digest(url)
            except TimeoutError:
                raise Refusal("That took too long; try again in a few minutes.") from None
            except InputError as error:
                raise Refusal(f"That link cannot be summarised: {text.escape(str(error))[:300]}.") from None
            except SourceError as error:
                log.info("link not read", interaction=interaction.id, reason=str(error))
                raise Refusal("What that link leads to cannot be read just now; try again in a few minutes.") from None
            except ModelError as error:
                log.error("link not summarised", interaction=interaction.id, exc_info=error)
                raise Refusal("I cannot make a digest just now; the operator sees why in the log.") from None
        parts = pages(digest)
        for number, page in enumerate(parts):
            view = buttons(digest) or discord.ui.View(timeout=None)
            view.add_item(PostShown() if digest.story is None else PostHere(digest.story))
            if number == 0:
                await interaction.edit_original_response(content=None, embeds=list(page.embeds), view=view)
            else:
                await interaction.followup.send(embeds=list(page.embeds), view=view, ephemeral=True)


def _links(message: discord.Message) -> list[str]:
    """The links of its text and of its embeds, in order, each once."""
    found = [match[0].rstrip(".,;:!?'\"”’") for match in _LINK.finditer(message.content)]
    found += [embed.url for embed in message.embeds if embed.url]
    return list(dict.fromkeys(found))[:LOOKED_AT]


class PostShown(discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=r"shown:post"):
    """Shows the channel what the message with this button shows one person: a digest that is not in the archive."""

    def __init__(self) -> None:
        super().__init__(discord.ui.Button(label="Post here", custom_id="shown:post"))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[discord.ui.View], _match: re.Match[str], /
    ) -> PostShown:
        return cls()

    async def callback(self, interaction: discord.Interaction) -> None:
        shown = interaction.message

        async def post() -> None:
            if shown is None or not shown.embeds:
                raise Refusal("There is nothing left to post; summarise the message again.")
            await interaction.followup.send(embeds=shown.embeds)

        await post_here(interaction, post)
