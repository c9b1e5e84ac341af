"""'Post here': showing an answer that one person has to the channel they are in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress

import discord

from bot.cogs.answering import explain, missing, tell
from bot.cogs.places import THREADS


async def post_here(
    interaction: discord.Interaction, post: Callable[[], Awaitable[None]], *, files: bool = False
) -> None:
    """`post` follow-ups for everyone to see, where this person and the bot may; else tell the person why not.
    `files` says that there are attachments among them."""
    if refused := why_not(interaction, files=files):
        await tell(interaction, refused)
        return
    # The visibility chosen here is that of the answer, so what may be refused was looked at first.
    await interaction.response.defer(thinking=True, ephemeral=False)
    try:
        await post()
    except Exception as error:
        with suppress(discord.HTTPException):
            await interaction.delete_original_response()
        await explain(interaction, error)


def why_not(interaction: discord.Interaction, *, files: bool = False) -> str | None:
    """Why this person, or the bot, may not post in this channel; None where both may."""
    if interaction.guild_id is None:
        return None
    thread = interaction.channel is not None and interaction.channel.type in THREADS
    theirs = interaction.permissions
    if not (theirs.administrator or (theirs.send_messages_in_threads if thread else theirs.send_messages)):
        return "You may not post in this channel, so I do not do it for you."
    mine = interaction.app_permissions
    lacking = missing(mine, thread=thread)
    if files and not (mine.attach_files or mine.administrator):
        lacking.append("Attach Files")
    if lacking:
        return f"I cannot post here: I lack the permission {', '.join(lacking)} in this channel."
    return None
