"""Is this installation fit to run? One finding a line, each with what to do about it.

Looks at the configuration, the database, the weights, each source and Discord; changes nothing but that a database
that is not there yet is made.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from importlib import metadata
from typing import Any

import aiohttp

from bot import permissions
from bot import settings as configuration
from bot.domain import LONDON
from bot.errors import ConfigurationError, DespatchError, SourceError
from bot.settings import Settings

TIMEOUT = timedelta(seconds=20)
"""For one request: a person is waiting."""

MOST_CHANNELS = 100
"""Subscribed channels that are looked at; Discord's limit is 50 requests a second."""

PORTAL = "https://discord.com/developers/applications"


class State(StrEnum):
    OK = "ok"
    WARNING = "warning"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class Finding:
    """`mend` says what to do where `state` is not OK. As text it is one line."""

    name: str
    state: State
    detail: str
    mend: str = ""

    def __str__(self) -> str:
        from bot.observe import redact

        line = f"{self.name}: {self.state}: {self.detail}" + (f"; {self.mend}" if self.mend else "")
        return redact(" ".join(line.split()))


async def examine(settings: Settings) -> AsyncIterator[Finding]:
    """Every finding, in order, each as soon as it is known; a room that fails is a finding and never an exception."""
    yield _configuration(settings)
    yield await _database(settings)
    yield await _vectors(settings)
    for finding in await asyncio.to_thread(_weights, settings):
        yield finding
    async for finding in _sources(settings):
        yield finding
    async for finding in _discord(settings):
        yield finding


def _configuration(settings: Settings) -> Finding:
    from bot.topics.topic import load

    try:
        feeds = configuration.feeds(settings)
        for name in settings.topics:
            path = settings.file(f"topics/{name}.toml")
            if not path.is_file():
                raise ConfigurationError(str(settings.folder / "despatch.toml"), "topics", f"there is no {path.name}")
            load(path)
    except DespatchError as error:
        return Finding("configuration", State.FAILED, str(error))
    where = settings.folder if (settings.folder / "despatch.toml").exists() else f"{settings.folder} (defaults)"
    topics = ", ".join(settings.topics)
    return Finding("configuration", State.OK, f"{where}; topics: {topics}; {len(feeds)} feeds")


async def _database(settings: Settings) -> Finding:
    from bot.archive import Archive

    url = settings.database()
    try:
        archive = await Archive.open(url)
        await archive.close()
    except DespatchError as error:
        return Finding("database", State.FAILED, str(error))
    return Finding("database", State.OK, url)


async def _vectors(settings: Settings) -> Finding:
    from bot.archive import Archive
    from bot.archive.vectors import of

    name = "search by meaning"
    try:
        async with await Archive.open(settings.database()) as archive:
            found = await of(archive).progress()
    except DespatchError as error:
        return Finding(name, State.FAILED, str(error))
    if found.encoder not in (None, settings.models.encoder):
        detail = f"{found.passages} passages encoded by {found.encoder}, not by {settings.models.encoder}"
        return Finding(name, State.WARNING, detail, "`despatch run` encodes them again")
    if found.failed:
        return Finding(name, State.WARNING, str(found), "they are found by their words alone")
    return Finding(name, State.OK, str(found))


def _weights(settings: Settings) -> list[Finding]:
    from bot.inference import weights

    found = []
    for weight in weights.check(settings.models):
        state = State.OK if weight.ok else State.FAILED
        mend = weight.mend if not weight.ok and weight.mend not in weight.detail else ""
        found.append(Finding(f"weights: {weight.name}", state, f"{weight.where}: {weight.detail}", mend))
    if settings.models.writer == "none":
        found.append(
            Finding("weights: writer", State.OK, "none is configured; digests are quoted and reported by rule")
        )
    return found


@dataclass(frozen=True, slots=True)
class _Probe:
    """The cheapest question that proves a source; `reads` says what an answer holds, or raises ValueError."""

    name: str
    url: str
    params: Mapping[str, str]
    accept: str
    reads: Callable[[bytes], str]
    mend: str


def _probes(settings: Settings) -> list[_Probe]:
    def api(name: str, url: str, variable: str, **params: str) -> _Probe:
        mend = f"is the network there, and {variable} right? The other sources go on meanwhile"
        return _Probe(name, url, params, "application/json", _reads_json, mend)

    written = settings.written_url
    today = datetime.now(LONDON).date().isoformat()
    probes = [
        api("hansard", f"{settings.hansard_url}/overview/lastsittingdate.json", "hansard_url", house="Commons"),
        api("hansard: members", f"{settings.members_url}/Members/Search", "members_url", take="1"),
        api("statements", f"{written}/writtenstatements/statements", "written_url", take="1"),
        api("questions", f"{written}/writtenquestions/questions", "written_url", take="1"),
        api("whatson", f"{settings.whatson_url}/events/list.json", "whatson_url", startDate=today, endDate=today),
    ]
    try:
        feeds = configuration.feeds(settings)
    except ConfigurationError:
        feeds = ()
    accept = "application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.1"
    mend = f"open it in a browser; mend or remove it in {settings.file('feeds.toml')}"
    return probes + [_Probe(f"feed:{feed.name}", feed.url, {}, accept, _reads_feed, mend) for feed in feeds]


def _reads_json(body: bytes) -> str:
    json.loads(body)
    return "answers"


def _reads_feed(body: bytes) -> str:
    import feedparser

    parsed = feedparser.parse(body)
    if not parsed.version:
        raise ValueError("what came is not a feed")
    return f"{len(parsed.entries)} items"


async def _sources(settings: Settings) -> AsyncIterator[Finding]:
    from bot.sources.http import Client

    hasty = settings.http.model_copy(update={"attempts": 1, "timeout": min(TIMEOUT, settings.http.timeout)})
    async with Client(hasty) as client:

        async def look(probe: _Probe) -> Finding:
            try:
                response = await client.get(probe.url, params=probe.params, accept=probe.accept)
                detail = await asyncio.to_thread(probe.reads, response.body)
            except SourceError as error:
                return Finding(probe.name, State.FAILED, str(error), probe.mend)
            except ValueError:
                wanted = "a feed" if probe.reads is _reads_feed else "JSON"
                return Finding(probe.name, State.FAILED, f"{probe.url}: what came is not {wanted}", probe.mend)
            return Finding(probe.name, State.OK, f"{probe.url}: {detail}")

        tasks = [asyncio.create_task(look(probe)) for probe in _probes(settings)]
        try:
            for task in tasks:
                yield await task
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


class _Refused(Exception):
    """Discord's answer was not a success."""

    def __init__(self, status: int, code: int) -> None:
        super().__init__(f"Discord answered {status}" + (f" (code {code})" if code else ""))
        self.status = status


Ask = Callable[..., Awaitable[Any]]


async def _discord(settings: Settings) -> AsyncIterator[Finding]:
    if settings.token is None:
        mend = f"set it to the bot's token ({PORTAL}, your application, Bot, Reset Token); only `run` needs it"
        yield Finding("discord", State.FAILED, "DISCORD_TOKEN is not set", mend)
        return
    headers = {"Authorization": f"Bot {settings.token.get_secret_value()}", "User-Agent": _agent()}
    limit = aiohttp.ClientTimeout(total=TIMEOUT.total_seconds())
    async with aiohttp.ClientSession(headers=headers, timeout=limit, trust_env=True) as session:

        async def ask(path: str, **params: str) -> Any:
            for again in (True, False):
                async with session.get(f"{settings.discord_url}{path}", params=params) as response:
                    if response.status == 429 and again:
                        await asyncio.sleep(min(10.0, float(response.headers.get("Retry-After", "1"))))
                        continue
                    try:
                        answer = await response.json(content_type=None)
                    except ValueError:
                        answer = None
                    if response.status != 200 or answer is None:
                        code = answer.get("code", 0) if isinstance(answer, dict) else 0
                        raise _Refused(response.status, code)
                    return answer
            raise AssertionError("unreachable")

        try:
            me = await ask("/users/@me")
        except _Refused as refused:
            mend = (
                f"make a new token ({PORTAL}, your application, Bot, Reset Token)" if refused.status == 401 else "wait"
            )
            detail = "Discord does not know this token" if refused.status == 401 else str(refused)
            yield Finding("discord", State.FAILED, detail, mend)
            return
        except (aiohttp.ClientError, TimeoutError) as error:
            detail = f"{settings.discord_url} does not answer ({type(error).__name__})"
            yield Finding("discord", State.FAILED, detail, "is the network there?")
            return
        yield Finding("discord", State.OK, f"logged in as {me.get('username')} ({me['id']})")
        try:
            async for finding in _servers(ask, me["id"]):
                yield finding
            async for finding in _channels(ask, me["id"], settings):
                yield finding
        except (_Refused, aiohttp.ClientError, TimeoutError, KeyError, DespatchError) as error:
            yield Finding("discord: permissions", State.FAILED, f"cannot be read: {error}", "try again in a minute")


async def _servers(ask: Ask, me: str) -> AsyncIterator[Finding]:
    """A line a server that the bot is in: which of the least permissions it lacks there."""
    application = await ask("/oauth2/applications/@me")
    address = permissions.invite(application.get("id", me))
    servers = await ask("/users/@me/guilds", limit="200")
    if not servers:
        yield Finding("discord: servers", State.WARNING, "the bot is in no server", f"invite it: {address}")
    for server in servers:
        name = f"discord: server {server['name']}"
        if lacking := permissions.missing(int(server["permissions"])):
            yield Finding(name, State.WARNING, f"lacks {', '.join(lacking)}", f"give its role these, or: {address}")
        else:
            yield Finding(name, State.OK, "has the permissions that it needs")


async def _channels(ask: Ask, me: str, settings: Settings) -> AsyncIterator[Finding]:
    """A line a subscribed channel: may the bot post there?"""
    from bot.archive import Archive
    from bot.archive.subscriptions import subscriptions_of

    async with await Archive.open(settings.database()) as archive:
        wished = await subscriptions_of(archive)
    seen = sorted({(each.guild_id or 0, each.channel_id) for each in wished})
    roles: dict[int, tuple[list[Any], list[str]]] = {}
    for guild, channel in seen[:MOST_CHANNELS]:
        name = f"discord: channel {channel}"
        try:
            row = await ask(f"/channels/{channel}")
            if not guild:
                yield Finding(name, State.OK, "a direct message")
                continue
            if guild not in roles:
                member = await ask(f"/guilds/{guild}/members/{me}")
                roles[guild] = (await ask(f"/guilds/{guild}/roles"), member["roles"])
            # A thread has no overwrites of its own; its parent's count.
            place = await ask(f"/channels/{row['parent_id']}") if row["type"] in (10, 11, 12) else row
        except _Refused as refused:
            why = "is gone" if refused.status == 404 else f"cannot be seen ({refused})"
            mend = "let the bot see it, or /unsubscribe it; deliveries to it are paused"
            yield Finding(name, State.FAILED, why, mend)
            continue
        everyone, mine = roles[guild]
        bits = permissions.of_roles(str(guild), everyone, mine)
        bits = permissions.in_channel(bits, place.get("permission_overwrites", []), str(guild), mine, me)
        label = f"discord: #{row.get('name', channel)}"
        if lacking := permissions.missing(bits, channel_type=row["type"]):
            mend = "give the bot's role these in the channel's settings"
            yield Finding(label, State.FAILED, f"lacks {', '.join(lacking)}", mend)
        else:
            yield Finding(label, State.OK, "the bot may post")
    if len(seen) > MOST_CHANNELS:
        yield Finding("discord: channels", State.WARNING, f"{len(seen) - MOST_CHANNELS} more were not looked at")


def _agent() -> str:
    """In the form that Discord's documentation asks for under "User Agent"."""
    return f"DiscordBot (https://github.com/despatch-bot/despatch, {version()})"


def version() -> str:
    """This release's number, or "checkout" where nothing was installed."""
    try:
        return metadata.version("despatch")
    except metadata.PackageNotFoundError:
        return "checkout"
