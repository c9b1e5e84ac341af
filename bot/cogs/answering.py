"""Answering an interaction: acknowledged at once, privately, and in plain words when it cannot be done."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import discord
import structlog
from discord import app_commands

from bot.errors import DespatchError

log = structlog.get_logger(__name__)

LONGEST = 1900
"""Characters of an answer's content; Discord takes 2000."""

NEEDED = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "embed_links": "Embed Links",
}
NEEDED_IN_THREADS = NEEDED | {"send_messages": "Send Messages in Threads"}


class Refusal(Exception):
    """The asked thing will not be done; the text tells the person why and what to do."""


@asynccontextmanager
async def acknowledged(interaction: discord.Interaction) -> AsyncIterator[None]:
    """Acknowledge at once, for this person alone; what goes wrong inside is told to them and logged.

    Discord voids an interaction after three seconds: nothing may be awaited before this."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    try:
        yield
    except Refusal as error:
        await tell(interaction, str(error))
    except Exception as error:
        await explain(interaction, error)


@asynccontextmanager
async def turning(interaction: discord.Interaction) -> AsyncIterator[None]:
    """Acknowledge a press that changes its own message; what goes wrong is told to the person alone."""
    await interaction.response.defer()
    try:
        yield
    except Exception as error:
        await explain(interaction, error)


async def tell(interaction: discord.Interaction, content: str) -> None:
    """An answer in words, for this person alone."""
    if interaction.response.is_done():
        await interaction.followup.send(content[:LONGEST], ephemeral=True)
    else:
        await interaction.response.send_message(content[:LONGEST], ephemeral=True)


async def explain(interaction: discord.Interaction, error: BaseException) -> None:
    """Tell the person that it failed, with a reference that the log has as well; nothing of the insides."""
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    if isinstance(cause, discord.NotFound) and cause.code == 10062:
        log.warning("interaction answered too late", interaction=interaction.id)
        return
    if isinstance(cause, Refusal):
        words = str(cause)
    elif isinstance(cause, app_commands.TransformerError):
        words = "That is not something this command can use; choose one of what it offers."
    elif isinstance(cause, app_commands.CommandSignatureMismatch | app_commands.CommandNotFound):
        words = "This command has changed; try it again in a minute."
    else:
        reference = secrets.token_hex(4)
        log.error("command failed", reference=reference, interaction=interaction.id, exc_info=cause)
        what = "The archive does not answer" if isinstance(cause, DespatchError) else "Something went wrong here"
        words = f"{what}. Try again in a few minutes; if it stays, give the bot's operator the reference {reference}."
    with suppress(discord.HTTPException):
        await tell(interaction, words)


def check_manager(interaction: discord.Interaction) -> None:
    """Raises Refusal unless the person has Manage Server; in a direct message nothing is needed."""
    if interaction.guild_id is None:
        return
    if not (interaction.permissions.manage_guild or interaction.permissions.administrator):
        raise Refusal("This needs the permission Manage Server, which you do not have here; ask somebody who has it.")


def missing(permissions: discord.Permissions, *, thread: bool) -> list[str]:
    """What the bot lacks to post a digest, in the words of Discord's own settings."""
    if permissions.administrator:
        return []
    wanted = NEEDED_IN_THREADS if thread else NEEDED
    held = {
        "view_channel": permissions.view_channel,
        "send_messages": permissions.send_messages_in_threads if thread else permissions.send_messages,
        "embed_links": permissions.embed_links,
    }
    return [words for name, words in wanted.items() if not held[name]]
