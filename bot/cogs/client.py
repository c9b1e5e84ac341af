"""The bot's line to Discord: log-in, the gateway, the commands, and coming back when either is lost.

No privileged intent and no member cache: slash commands, buttons and posting work with guilds alone.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from typing import Any

import aiohttp
import discord
import structlog
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.archive.health import get_mark, set_mark
from bot.archive.subscriptions import erase_guild, guilds
from bot.cogs import (
    ask,
    digests,
    evidence,
    member,
    privacy,
    reports,
    search,
    status,
    subscriptions,
    summarise,
    trend,
    upcoming,
    why,
)
from bot.cogs.answering import explain
from bot.cogs.desk import Desk, HasDesk, Standing, desk_of
from bot.cogs.places import is_outside
from bot.cogs.sender import DiscordSender
from bot.errors import ConfigurationError

__all__ = ["Desk", "Despatch", "HasDesk", "Standing", "desk_of"]

log = structlog.get_logger(__name__)

_UNREACHABLE = (
    discord.HTTPException,
    discord.RateLimited,
    discord.GatewayNotFound,
    aiohttp.ClientError,
    OSError,
)

FIRST_WAIT, LONGEST_WAIT = 2.0, 300.0
FINISHING = 1.0
"""Seconds for events in hand once the gateway is left."""

FEW_SESSIONS = 10
"""Discord allows about 1,000 sessions a day and resets the token of a bot that uses them up."""

discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
"""Warnings of what voice lacks: this bot never speaks."""

_BAD_TOKEN, _FATAL = 4004, {4010, 4011, 4012, 4013, 4014}


class Commands(app_commands.CommandTree[discord.Client]):
    async def on_error(self, interaction: discord.Interaction, error: app_commands.AppCommandError, /) -> None:
        await explain(interaction, error)


class Despatch(discord.AutoShardedClient):
    """Make it once, within a running loop; `stay` until `leave`. `sender` posts and edits from log-in on.

    Sharded even with one shard: the plain client dies when its first connection to the gateway fails."""

    def __init__(self, desk: Desk, *, shard_count: int | None = None) -> None:
        # Read by discord.py whenever it makes a route, so before anything else; it is one for the process.
        Route.BASE = desk.settings.discord_url
        super().__init__(
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            max_ratelimit_timeout=30.0,
            shard_count=shard_count,
        )
        self.desk = desk
        self.tree = Commands(self)
        commands: tuple[app_commands.Command[Any, ..., Any], ...] = (
            subscriptions.subscribe,
            subscriptions.end,
            subscriptions.overview,
            digests.digest,
            search.find,
            ask.ask,
            member.member,
            trend.show_trend,
            upcoming.upcoming,
            why.why,
            status.status,
            status.about,
            privacy.privacy,
        )
        for command in commands:
            self.tree.add_command(command)
        self.tree.add_command(summarise.summarise)
        self._logged_in = False
        self._left = asyncio.Event()
        self._under_way: set[asyncio.Task[Any]] = set()
        self.sender = DiscordSender(self, lambda: self._logged_in)

    def connected(self) -> bool:
        """Whether the gateway is ready and each shard's connection stands."""
        return self.is_ready() and not self.is_closed() and not any(s.is_closed() for s in self.shards.values())

    async def stay(self, token: str) -> None:
        """Log in and stay until `leave`; come back, with growing waits, whenever Discord cannot be reached.

        Raises ConfigurationError where Discord refuses the token or what it is used for."""
        try:
            await self._stay(token)
        finally:
            self._logged_in = False
            if self._under_way:
                # What an event still writes is written before the archive is closed.
                await asyncio.wait(self._under_way, timeout=FINISHING)
            await self.http.close()

    async def _stay(self, token: str) -> None:
        wait = FIRST_WAIT
        while not self._left.is_set():
            try:
                await self.start(token)
                return
            except discord.LoginFailure:
                raise _refused_token() from None
            except discord.ConnectionClosed as error:
                if error.code == _BAD_TOKEN:
                    raise _refused_token() from None
                if error.code in _FATAL:
                    raise ConfigurationError("Discord", str(error.code), "the gateway refuses this bot") from None
                reason: Exception = error
            except discord.PrivilegedIntentsRequired:
                raise ConfigurationError("Discord", "4014", "the gateway refuses this bot's intents") from None
            except _UNREACHABLE as error:
                reason = error
            except Exception as error:
                # An answer that discord.py cannot read (a proxy's page), an archive that fails for a moment.
                log.exception("Discord's answer, or ours, was not what was expected")
                reason = error
            if self.is_ready():
                wait = FIRST_WAIT
            log.warning("Discord cannot be reached", reason=f"{type(reason).__name__}: {reason}", wait=wait)
            await self._reopen()
            await self._pause(wait)
            wait = min(wait * 2, LONGEST_WAIT)

    async def leave(self) -> None:
        """Close the gateway properly and end `stay`; at once, whatever it is doing."""
        self._left.set()
        self._logged_in = False
        if self.http.token is not None and not self.is_closed():
            await self.close()

    async def setup_hook(self) -> None:
        self._logged_in = True
        self.add_dynamic_items(member.Turn, member.PostMember, trend.PostTrend, upcoming.PostUpcoming)
        self.add_dynamic_items(subscriptions.Change, digests.PostHere, evidence.ShowEvidence, evidence.Turn)
        self.add_dynamic_items(reports.Wrong, reports.Withdraw, privacy.Mine, summarise.PostShown)
        self.add_dynamic_items(search.Turn, search.PostPage, ask.FollowUp, ask.PostAnswer, ask.AskAbout)
        await self._sync()

    async def connect(self, *, reconnect: bool = True) -> None:
        # discord.py falls back to Discord's own gateway when a session is lost, whatever the REST address is.
        _, url, limits = await self.http.get_bot_gateway()
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(url)
        # Where the limits are left out (a proxy's short answer) there is nothing to wait for.
        remaining = limits.get("remaining", FEW_SESSIONS)
        if remaining < FEW_SESSIONS:
            wait = limits.get("reset_after", 0) / 1000
            log.warning("few sessions left today; waiting", remaining=remaining, wait=wait)
            await self._pause(wait)
        if not self._left.is_set():
            await super().connect(reconnect=reconnect)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot was removed from a server (an outage does not come here): nothing of it is kept."""
        self._hold()
        erased = await erase_guild(self.desk.archive, guild.id)
        log.info("left a server", guild=guild.id, subscriptions=erased)

    async def on_ready(self) -> None:
        """Forget the servers that removed the bot while it was away: Discord tells of them no more."""
        self._hold()
        for guild_id in sorted(await guilds(self.desk.archive) - {guild.id for guild in self.guilds}):
            if not self._left.is_set() and await is_outside(self, guild_id):
                erased = await erase_guild(self.desk.archive, guild_id)
                log.info("left a server meanwhile", guild=guild_id, subscriptions=erased)

    async def on_error(self, event_method: str, /, *_args: Any, **_kwargs: Any) -> None:
        log.exception("event failed", gateway_event=event_method)

    def _hold(self) -> None:
        """Have `stay` wait for the event that this is about."""
        if (task := asyncio.current_task()) is not None:
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def _sync(self) -> None:
        """Register the commands where they differ from those registered last: Discord counts registrations."""
        wanted = json.dumps([command.to_dict(self.tree) for command in self.tree.get_commands()], sort_keys=True)
        digest = hashlib.sha256(f"{self.desk.settings.discord_url}\n{wanted}".encode()).hexdigest()
        key = f"commands:{self.application_id}"
        if await get_mark(self.desk.archive, key) == digest:
            return
        try:
            await self.tree.sync()
        except app_commands.CommandSyncFailure:
            # Discord refuses what is written here: trying again would not mend it, and the old commands still work.
            log.exception("commands not registered")
            return
        await set_mark(self.desk.archive, key, digest)
        log.info("commands registered", count=len(self.tree.get_commands()))

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._left.wait()
        except TimeoutError:
            return

    async def _reopen(self) -> None:
        """Make the client as it was before log-in; discord.py alone leaves the old session and its queue behind."""
        self._logged_in = False
        await self.http.close()
        self.clear()
        self.http.connector = discord.utils.MISSING
        await self._async_setup_hook()


def _refused_token() -> ConfigurationError:
    return ConfigurationError(
        "DISCORD_TOKEN", "", "Discord refuses the token; copy it again from the application's page, under Bot"
    )
