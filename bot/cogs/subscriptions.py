"""/subscribe, /unsubscribe, /subscriptions: which channel is told of which topic."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Literal

import discord
from discord import app_commands

from bot import text
from bot.archive.subscriptions import Subscription, resume, subscriptions_of, unsubscribe
from bot.archive.subscriptions import subscribe as keep_subscription
from bot.cogs.answering import LONGEST, Refusal, acknowledged, check_manager, tell
from bot.cogs.desk import Desk, desk_of
from bot.cogs.places import ChannelOption, Chosen, Place, check_postable, place_of
from bot.domain import LONDON, When

LISTED = 5
"""Subscriptions a message: Discord gives a message five rows of buttons."""

MESSAGES = 5

Topic = app_commands.Range[str, 1, 80]
Hour = app_commands.Range[int, 0, 23]
Where = app_commands.Transform[Chosen, ChannelOption]


@app_commands.command(
    description="Tell a channel what Parliament and the press say of a topic: as it comes, daily or weekly"
)
@app_commands.describe(
    channel="The channel or thread to post in; this one if left out",
    topic="What to follow; Prevent if left out",
    when="now: each story as it comes; daily, weekly: the most important together, in two lines each",
    hour="The hour of a daily or weekly round-up, in London; 8 if left out. Weekly ones come on Mondays",
)
@app_commands.default_permissions(manage_guild=True)
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
async def subscribe(
    interaction: discord.Interaction,
    channel: Where | None = None,
    topic: Topic | None = None,
    when: Literal["now", "daily", "weekly"] | None = None,
    hour: Hour | None = None,
) -> None:
    async with acknowledged(interaction):
        desk = desk_of(interaction)
        check_manager(interaction)
        if when == "now" and hour is not None:
            raise Refusal("An hour goes with when: daily or weekly; with now each story is told as it comes.")
        name = _topic(desk, topic) or next(iter(desk.topics))
        place = place_of(interaction, channel)
        await check_postable(interaction, place)
        theirs = await _theirs(desk, interaction)
        before = next((s for s in theirs if (s.channel_id, s.topic) == (place.channel_id, name)), None)
        kept, _ = await keep_subscription(
            desk.archive,
            guild_id=place.guild_id,
            channel_id=place.channel_id,
            topic=name,
            when=when,
            hour=hour,
            by=interaction.user.id,
            now=datetime.now(UTC),
        )
        await tell(interaction, _answer(place, text.escape(desk.topics[name]), before, kept))


def _answer(place: Place, words: str, before: Subscription | None, kept: Subscription) -> str:
    if before is None:
        first = f", first on {_moment(kept.next_at)}" if kept.next_at else ""
        said = f"Subscribed: {place.mention} is told of {words} {rhythm(kept)}{first}, beginning with today's stories."
    elif (before.when, before.hour) == (kept.when, kept.hour):
        said = f"{place.mention} was subscribed to {words} already, and is told of it {rhythm(kept)}."
    else:
        said = (
            f"Changed: {place.mention} was told of {words} {rhythm(before)}, and is told {rhythm(kept)} from now on. "
        )
        if kept.next_at is None:
            said += "What waited for the next round-up comes at once."
        else:
            said += f"The next round-up comes on {_moment(kept.next_at)}, with what was not posted yet."
    silent = {
        When.DAILY: " A day with nothing new posts nothing.",
        When.WEEKLY: " A week with nothing new posts nothing.",
    }
    return f"{said}{silent.get(When(kept.when), '')} End it with /unsubscribe."


def rhythm(subscription: Subscription) -> str:
    """ "daily at 08:00 (London time)": when a channel is told, for a sentence."""
    hour = f"{subscription.hour or 0:02}:00 (London time)"
    if subscription.when == When.DAILY:
        return f"daily at {hour}"
    return f"weekly, on Mondays at {hour}" if subscription.when == When.WEEKLY else "as it comes"


def _moment(at: datetime) -> str:
    local = at.astimezone(LONDON)
    return f"{local:%A} {local.day} {local:%B} at {local:%H:%M}"


@app_commands.command(name="unsubscribe", description="End a channel's subscriptions")
@app_commands.describe(channel="The channel or thread; this one if left out", topic="Which; all if left out")
@app_commands.default_permissions(manage_guild=True)
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
async def end(interaction: discord.Interaction, channel: Where | None = None, topic: Topic | None = None) -> None:
    async with acknowledged(interaction):
        desk = desk_of(interaction)
        check_manager(interaction)
        name, place = _topic(desk, topic, known_only=False), place_of(interaction, channel)
        mine = {s.topic for s in await _theirs(desk, interaction) if s.channel_id == place.channel_id}
        if not mine or (name and name not in mine):
            raise Refusal(f"{place.mention} is not subscribed{f' to {text.escape(name)}' if name else ''}.")
        ended = await unsubscribe(desk.archive, channel_id=place.channel_id, topic=name)
        what = "one subscription" if ended == 1 else f"{ended} subscriptions"
        await tell(interaction, f"Ended {what} of {place.mention}. What was posted stays.")


@app_commands.command(name="subscriptions", description="Which channels are subscribed, and to what")
@app_commands.describe(channel="Only this channel or thread")
@app_commands.default_permissions(manage_guild=True)
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
async def overview(interaction: discord.Interaction, channel: Where | None = None) -> None:
    async with acknowledged(interaction):
        desk = desk_of(interaction)
        check_manager(interaction)
        found = await _theirs(desk, interaction)
        if channel is not None:
            found = [s for s in found if s.channel_id == channel.id]
        if not found:
            raise Refusal("Nothing is subscribed here. Begin with /subscribe in the channel that is to be told.")
        shown = found[: LISTED * MESSAGES]
        for start in range(0, len(shown), LISTED):
            part = shown[start : start + LISTED]
            lines = [describe(desk, s, number) for number, s in enumerate(part, start=start + 1)]
            view = discord.ui.View(timeout=None)
            for row, subscription in enumerate(part):
                number = start + row + 1
                view.add_item(Change(subscription.id, "remove", f"Remove {number}", row))
                if subscription.paused_at:
                    view.add_item(Change(subscription.id, "resume", f"Resume {number}", row))
            await interaction.followup.send("\n".join(lines)[:LONGEST], view=view, ephemeral=True)
        if len(found) > len(shown):
            await tell(interaction, f"{len(found) - len(shown)} more; name a channel to see its own.")


@subscribe.autocomplete("topic")
@end.autocomplete("topic")
async def topics(interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
    """The topics whose name or words hold what was typed; at most 25, Discord's limit."""
    wanted = current.casefold().strip()
    return [
        app_commands.Choice(name=text.clean(words)[:100] or name, value=name)
        for name, words in desk_of(interaction).topics.items()
        if wanted in name.casefold() or wanted in words.casefold()
    ][:25]


def describe(desk: Desk, subscription: Subscription, number: int) -> str:
    """One line of a list of subscriptions."""
    place = "this conversation" if subscription.guild_id is None else f"<#{subscription.channel_id}>"
    words = text.escape(desk.topics.get(subscription.topic, subscription.topic))
    line = f"{number}. {place}: {words}, {rhythm(subscription)}"
    if subscription.paused_at:
        since = discord.utils.format_dt(subscription.paused_at, "d")
        line += f"; **paused** since {since}: {text.escape(subscription.paused_reason or 'no reason kept')[:200]}"
    return line


async def _theirs(desk: Desk, interaction: discord.Interaction) -> list[Subscription]:
    """What this server, or this conversation, has subscribed; never another's."""
    if interaction.guild_id is not None:
        return await subscriptions_of(desk.archive, guild_id=interaction.guild_id)
    assert interaction.channel_id is not None
    return await subscriptions_of(desk.archive, channel_id=interaction.channel_id)


def _topic(desk: Desk, asked: str | None, *, known_only: bool = True) -> str | None:
    """The topic's name, by name or by its words. Raises Refusal for one that is not followed."""
    if asked is None:
        return None
    wanted = asked.casefold().strip()
    for name, words in desk.topics.items():
        if wanted in (name.casefold(), words.casefold()):
            return name
    if not known_only:
        return asked.strip()
    followed = ", ".join(text.escape(name) for name in desk.topics)
    raise Refusal(f"I do not follow “{text.escape(asked[:80])}”. What I follow: {followed}.")


class Change(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]],
    template=r"subscription:(?P<id>[0-9]{1,18}):(?P<what>remove|resume)",
):
    """A button on a listed subscription; it lives as long as its message, over restarts. Who presses is checked."""

    def __init__(self, subscription_id: int, what: str, label: str = "", row: int | None = None) -> None:
        style = discord.ButtonStyle.danger if what == "remove" else discord.ButtonStyle.success
        custom_id = f"subscription:{subscription_id}:{what}"
        super().__init__(discord.ui.Button(label=label or what, style=style, custom_id=custom_id, row=row))
        self.subscription_id, self.what = subscription_id, what

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[discord.ui.View], match: re.Match[str], /
    ) -> Change:
        return cls(int(match["id"]), match["what"])

    async def callback(self, interaction: discord.Interaction) -> None:
        async with acknowledged(interaction):
            desk = desk_of(interaction)
            check_manager(interaction)
            found = next((s for s in await _theirs(desk, interaction) if s.id == self.subscription_id), None)
            if found is None:
                raise Refusal("That subscription has ended already.")
            here = found.guild_id is None
            place = Place(found.channel_id, found.guild_id, "this conversation" if here else f"<#{found.channel_id}>")
            if self.what == "remove":
                await unsubscribe(desk.archive, channel_id=found.channel_id, topic=found.topic)
                await tell(interaction, f"Removed: {place.mention} is not told of {text.escape(found.topic)} any more.")
                return
            await check_postable(interaction, place)
            await resume(desk.archive, found.id)
            await tell(interaction, f"Resumed: {place.mention} is told of {text.escape(found.topic)} again.")
