"""Posting a digest or a round-up in a channel so that a repeat does no harm, and what each of Discord's refusals means.

A part's nonce is the delivery's with the part's number; Discord answers a repeat within some minutes with the message
that it made the first time, and this process remembers for longer. Codes are those of Discord's "JSON Error Codes".
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

import aiohttp
import discord
import structlog

from bot.cogs import card, rendering, reports, rounds
from bot.cogs.rendering import Page
from bot.domain import Post, Report, Roundup
from bot.pipeline.deliver import ChannelClosed, Later, MessageGone, Refused

TIMEOUT = 30.0
"""Seconds for one request with discord.py's own repeats; past it, whether a message was made is not known."""

LONGEST_WAIT = 86400.0
"""Seconds of a wait that is believed."""

REMEMBERED = 2000
HISTORY = 100

_CLOSED = {
    10003: "the channel is gone",
    10004: "the server is gone",
    50001: "the bot cannot see the channel",
    50013: "the bot may not post in the channel",
    50007: "this person takes no direct messages from the bot",
    50278: "this person takes no direct messages from the bot",
    160005: "the thread is locked",
    50083: "the thread is archived",
}
_BLOCKED = {200000: "the server's AutoMod", 240000: "Discord's filter of harmful links"}
_SLOW = {20016, 20028, 20022, 30046, 130000}
_UNKNOWN_MESSAGE = 10008
_NO_HISTORY = {50013}
_NO_ROUTE = {404, 405, 501}
_ARCHIVED = 50083

T = TypeVar("T")

log = structlog.get_logger(__name__)


class DiscordSender:
    """The pipeline's `Sender` over a logged-in client; it needs no cache, so it works before the gateway is ready.

    Every method raises ChannelClosed, Later, Refused or MessageGone and nothing else of Discord's.
    """

    def __init__(self, client: discord.Client, ready: Callable[[], bool]) -> None:
        self._client = client
        self._ready = ready
        self._made: OrderedDict[str, int] = OrderedDict()

    async def send(self, channel_id: int, guild_id: int | None, post: Post, nonce: str) -> tuple[int, ...]:
        """Post it; the ids of its messages in order. Repeating it with the same nonce posts nothing twice."""
        self._check_ready()
        made: list[int] = []
        for number, page in enumerate(_pages(post), start=1):
            made.append(await self._send_part(channel_id, guild_id, post, page, f"{nonce}{number}"))
        return tuple(made)

    async def edit(
        self, channel_id: int, guild_id: int | None, messages: tuple[int, ...], post: Post, nonce: str
    ) -> tuple[int, ...]:
        """Make the messages show this post; a part more is posted, one too many is deleted.

        A second message that somebody deleted stays deleted; MessageGone is raised for the first."""
        self._check_ready()
        parts = _pages(post)
        kept = list(messages[: len(parts)])
        for number, page in enumerate(parts, start=1):
            if number > len(kept):
                kept.append(await self._send_part(channel_id, guild_id, post, page, f"{nonce}{number}"))
                continue
            try:
                await self._edit_part(channel_id, guild_id, kept[number - 1], post, page)
            except MessageGone:
                if number == 1:
                    raise
        for surplus in messages[len(parts) :]:
            await self._delete(channel_id, guild_id, surplus)
        return tuple(kept)

    async def tell(self, channel_id: int, report: Report, nonce: str) -> None:
        """Post a reader's report in the operator's channel, as `send` posts a digest."""
        self._check_ready()
        page, view = reports.page(report), reports.operators_row(report)

        async def make() -> None:
            await self._channel(channel_id, None).send(embeds=list(page.embeds), nonce=nonce, view=view)

        await _translated(make)

    async def find(self, channel_id: int, guild_id: int | None, post: Post, after: datetime) -> tuple[int, ...]:
        """This bot's messages since `after` that carry the post's mark, oldest first; () where there are none.

        Also () where the history cannot be read: to a bot without Read Message History Discord shows an empty one, and
        what stands in Discord's place may have none. A story told twice does less harm than one never told, and a
        channel that is closed to posting says so to the post."""
        self._check_ready()
        me = self._client.user
        url, title = _marker(post)

        async def look() -> tuple[int, ...]:
            found = []
            try:
                async for message in self._channel(channel_id, guild_id).history(
                    limit=HISTORY, after=after, oldest_first=True
                ):
                    if me is not None and message.author.id == me.id and _is_marked(message, url, title):
                        found.append(message.id)
            except discord.HTTPException as error:
                if error.code not in _NO_HISTORY and not (not error.code and error.status in _NO_ROUTE):
                    raise
                log.warning("history cannot be read", channel=channel_id, status=error.status, code=error.code)
            return tuple(found)

        return await _translated(look)

    def _check_ready(self) -> None:
        if not self._ready():
            raise Later(5, "not logged in to Discord yet")

    def _channel(self, channel_id: int, guild_id: int | None) -> discord.PartialMessageable:
        return self._client.get_partial_messageable(channel_id, guild_id=guild_id)

    async def _send_part(self, channel_id: int, guild_id: int | None, post: Post, page: Page, nonce: str) -> int:
        if nonce in self._made:
            await self._edit_part(channel_id, guild_id, self._made[nonce], post, page)
            return self._made[nonce]
        view = _buttons(post)

        async def make() -> discord.Message:
            channel = self._channel(channel_id, guild_id)
            if view is None:
                return await channel.send(embeds=list(page.embeds), nonce=nonce)
            return await channel.send(embeds=list(page.embeds), nonce=nonce, view=view)

        message = await _translated(make)
        self._made[nonce] = message.id
        while len(self._made) > REMEMBERED:
            self._made.popitem(last=False)
        if not _shows(message, page):
            # Discord gave back what an earlier attempt with this nonce had made, and the story has moved on since.
            await self._edit_part(channel_id, guild_id, message.id, post, page)
        return message.id

    async def _edit_part(self, channel_id: int, guild_id: int | None, message_id: int, post: Post, page: Page) -> None:
        view = _buttons(post)

        async def change() -> None:
            partial = self._channel(channel_id, guild_id).get_partial_message(message_id)
            await partial.edit(embeds=list(page.embeds), view=view)

        async def reopen_and_change() -> None:
            try:
                await change()
            except discord.HTTPException as error:
                if error.code != _ARCHIVED:
                    raise
                await self._client.http.edit_channel(channel_id, archived=False)
                await change()

        await _translated(reopen_and_change)

    async def _delete(self, channel_id: int, guild_id: int | None, message_id: int) -> None:
        async def remove() -> None:
            await self._channel(channel_id, guild_id).get_partial_message(message_id).delete()

        try:
            await _translated(remove)
        except MessageGone:
            log.debug("message already deleted", channel=channel_id, message=message_id)


def _pages(post: Post) -> tuple[Page, ...]:
    return rounds.pages(post) if isinstance(post, Roundup) else rendering.pages(post)


def _marker(post: Post) -> tuple[str | None, str]:
    """What all of this post's messages carry and no other's: their title's link, or (None) how their title begins."""
    return (None, rounds.title(post)) if isinstance(post, Roundup) else rendering.marker(post)


def _buttons(post: Post) -> discord.ui.View | None:
    return None if isinstance(post, Roundup) else card.buttons(post)


def _is_marked(message: discord.Message, url: str | None, title: str) -> bool:
    if message.webhook_id is not None or message.interaction_metadata is not None:
        return False  # an answer that 'Post here' published
    if url is not None:
        return any(embed.url == url for embed in message.embeds)
    return any((embed.title or "").startswith(title) for embed in message.embeds)


def _shows(message: discord.Message, page: Page) -> bool:
    return [_text_of(embed) for embed in message.embeds] == [_text_of(embed) for embed in page.embeds]


def _text_of(embed: discord.Embed) -> tuple[str, ...]:
    return tuple((part or "").strip() for part in (embed.title, embed.url, embed.description, embed.footer.text))


async def _translated(work: Callable[[], Awaitable[T]]) -> T:
    """`work()` with every failure in the pipeline's words."""
    try:
        async with asyncio.timeout(TIMEOUT):
            return await work()
    except discord.RateLimited as error:
        raise Later(error.retry_after, "Discord asks to wait") from error
    except discord.HTTPException as error:
        raise _meaning(error) from error
    except (TimeoutError, aiohttp.ClientError, OSError) as error:
        raise Later(15, f"Discord cannot be reached ({type(error).__name__})") from error


def _meaning(error: discord.HTTPException) -> Exception:
    """One of the pipeline's four outcomes for a refused request."""
    known: Exception | None = None
    if error.code == _UNKNOWN_MESSAGE:
        known = MessageGone("the message was deleted")
    elif error.code in _CLOSED:
        known = ChannelClosed(_CLOSED[error.code])
    elif error.code in _BLOCKED:
        known = Refused(f"blocked by {_BLOCKED[error.code]}")
    elif error.code in _SLOW:
        known = Later(600, f"Discord limits this channel ({error.code})")
    return known or _by_status(error)


def _by_status(error: discord.HTTPException) -> Exception:
    answer = f"Discord answers {error.status} ({error.code})"
    if error.status >= 500:
        return Later(30, answer)
    if error.status == 429 and (wait := _asked_wait(error)) is not None:
        return Later(wait, answer)
    if error.status in (401, 408, 429) or not error.code:
        # A refusal without a code of Discord's own is a proxy's or Cloudflare's, which bans by address: stay away.
        return Later(600, answer)
    if error.status in (403, 404):
        return ChannelClosed(answer)
    return Refused(f"{answer}: {error.text[:500]}")


def _asked_wait(error: discord.HTTPException) -> float | None:
    """The seconds that a 429 of Discord's own asks for; None for Cloudflare's, which has no such scope and is a ban.

    discord.py raises the first kind too where a proxy has taken the header Via away."""
    headers = error.response.headers
    if "X-RateLimit-Scope" not in headers:
        return None
    try:
        wait = float(headers["Retry-After"])
    except (KeyError, ValueError):
        return None
    return wait if 0 <= wait <= LONGEST_WAIT else None
