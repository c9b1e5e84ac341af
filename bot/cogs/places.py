"""Where a digest may be posted: the channel that was meant, and what the bot may do there."""

from __future__ import annotations

from dataclasses import dataclass

import discord
import structlog
from discord import app_commands
from discord.enums import AppCommandOptionType, ChannelType

from bot.cogs.answering import Refusal, missing

Chosen = app_commands.AppCommandChannel | app_commands.AppCommandThread

THREADS = (ChannelType.public_thread, ChannelType.private_thread, ChannelType.news_thread)
TAKEN = (ChannelType.text, ChannelType.news, ChannelType.voice, *THREADS)
"""Where a bot can write a message; a forum takes only posts."""

_UNSEEN = {10003, 10004, 50001}
"""Unknown channel, unknown server, missing access: Discord's own words, which no proxy's 404 has."""

log = structlog.get_logger(__name__)


class ChannelOption(app_commands.Transformer):
    """A channel or thread as Discord names it, whether or not the bot can see it."""

    @property
    def type(self) -> AppCommandOptionType:
        return AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[ChannelType]:
        return list(TAKEN)

    async def transform(self, interaction: discord.Interaction, value: Chosen, /) -> Chosen:
        return value


@dataclass(frozen=True, slots=True)
class Place:
    """A channel, or (guild_id None) a direct message. `mention` is how to call it in an answer."""

    channel_id: int
    guild_id: int | None
    mention: str


def place_of(interaction: discord.Interaction, chosen: Chosen | None) -> Place:
    """The channel chosen, else the one that the command was given in."""
    if interaction.channel_id is None:
        raise Refusal("Discord did not say which channel this is; choose one with the option channel.")
    if interaction.guild_id is None:
        return Place(interaction.channel_id, None, "this conversation")
    channel_id = chosen.id if chosen is not None else interaction.channel_id
    return Place(channel_id, interaction.guild_id, f"<#{channel_id}>")


async def check_postable(interaction: discord.Interaction, place: Place) -> None:
    """Raises Refusal, naming what is missing, where the bot cannot post in the place.

    What cannot be found out is no ground for refusing: the first post will tell, and pauses the subscription."""
    if place.guild_id is None:
        return
    if interaction.client.get_guild(place.guild_id) is None and await is_outside(interaction.client, place.guild_id):
        raise Refusal("I am not a member of this server, only my commands are; ask somebody to invite me as a bot.")
    if place.channel_id == interaction.channel_id:
        kind = interaction.channel.type if interaction.channel else ChannelType.text
        permissions, thread = interaction.app_permissions, kind in THREADS
        locked = isinstance(interaction.channel, discord.Thread) and interaction.channel.locked
    elif (looked := await _look(interaction, place)) is not None:
        kind, permissions, thread, locked = looked
    else:
        log.warning("permissions in the channel cannot be found out", channel=place.channel_id)
        return
    if kind not in TAKEN:
        raise Refusal(f"{place.mention} takes no messages; choose a text channel, an announcement channel or a thread.")
    if lacking := missing(permissions, thread=thread):
        raise Refusal(
            f"I cannot post in {place.mention}: I lack the permission {', '.join(lacking)} there. "
            "Give it to me in the channel's settings, then try again."
        )
    if locked and not permissions.manage_threads:
        raise Refusal(f"{place.mention} is locked; unlock it, or choose another.")


async def is_outside(client: discord.Client, guild_id: int) -> bool:
    """Whether Discord says that the bot is in no such server; one that the gateway has not named yet may be its own."""
    try:
        await client.fetch_guild(guild_id, with_counts=False)
    except discord.HTTPException as error:
        return error.code in _UNSEEN
    return False


async def _look(
    interaction: discord.Interaction, place: Place
) -> tuple[ChannelType, discord.Permissions, bool, bool] | None:
    """A channel that is not the command's own: its kind, the bot's permissions there, whether it is a thread, and
    whether it is locked; None where neither the gateway nor the API has told. Raises Refusal for one out of sight."""
    unseen = Refusal(
        f"I cannot see {place.mention}: I lack the permission View Channel there. "
        "Give it to me in the channel's settings, then try again."
    )
    guild = interaction.guild
    channel = guild.get_channel_or_thread(place.channel_id) if guild else None
    if channel is None:
        try:
            found = await interaction.client.fetch_channel(place.channel_id)
        except discord.HTTPException as error:
            if error.code in _UNSEEN:
                raise unseen from None
            return None
        if not isinstance(found, discord.abc.GuildChannel | discord.Thread) or found.guild.id != place.guild_id:
            raise unseen
        channel = found
    user = interaction.client.user
    me = channel.guild.get_member(user.id) if user else None
    if me is None:
        return None
    try:
        permissions = channel.permissions_for(me)
    except discord.ClientException:
        raise unseen from None
    thread = isinstance(channel, discord.Thread)
    return channel.type, permissions, thread, isinstance(channel, discord.Thread) and channel.locked
