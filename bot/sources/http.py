"""The one door to the web: polite, bounded, and closed to private networks.

Every request names the bot and whom to write to, keeps its distance from the last one to the same host, and is bounded
in time, in bytes on the wire, in bytes unpacked and in redirects. An address is checked after its name is resolved and
again when a socket is made for it, so that neither a redirect nor a name that changes its mind reaches a private
network.
"""

from __future__ import annotations

import asyncio
import json
import time
import zlib
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from importlib import metadata
from types import TracebackType
from typing import Any, Self

import aiohttp
import stamina
from aiohttp.abc import AbstractResolver
from yarl import URL

from bot.errors import SourceError
from bot.settings import Http
from bot.sources.addresses import Guard, GuardedResolver, Refused

CHUNK = 64 * 1024
UNPACKED_STEP = 1024 * 1024
CACHE_BYTES = 48_000_000
CACHED_BODY = 6_000_000
LONGEST_WAIT = 60.0
"""Seconds of Retry-After that are waited for here; a longer wait is the scheduler's."""

_MOVED = frozenset({301, 302, 303, 307, 308})
_PASSING = frozenset({408, 425, 429})
_HOSTS = 1024


Permit = Callable[[str], Awaitable[None]]


class Missing(SourceError):
    """The server answered 404 or 410: there is no such thing, which may be all that was asked."""


class _Passing(SourceError):
    """Worth another attempt: a timeout, a broken connection, a 5xx, a 429."""


@dataclass(frozen=True, slots=True)
class Response:
    """An answer of 200. `url` is the address after redirects; `body` is unpacked; `charset` is what the header said."""

    url: str
    status: int
    content_type: str
    body: bytes
    charset: str | None = None

    def text(self) -> str:
        """The body as text: a byte-order mark decides, then the header, then UTF-8, then Windows-1252."""
        if self.body.startswith((b"\xff\xfe", b"\xfe\xff")):
            return self.body.decode("utf-16", "replace")
        for name in ("utf-8-sig" if self.body.startswith(b"\xef\xbb\xbf") else self.charset, "utf-8"):
            try:
                return self.body.decode(name or "utf-8")
            except (LookupError, UnicodeDecodeError):
                continue
        return self.body.decode("cp1252", "replace")

    def json(self) -> Any:
        """The body as JSON (UTF-8, with or without a mark). Raises SourceError naming the address."""
        try:
            return json.loads(self.body.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            html = self.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"
            raise SourceError(
                f"{self.url}: answered {'a web page' if html else 'something'} that is not JSON"
            ) from None


@dataclass(frozen=True, slots=True)
class _Kept:
    etag: str | None
    modified: str | None
    response: Response


class _Cache:
    """Answers with their validators, the least recently used dropped once `limit` bytes are held."""

    def __init__(self, limit: int) -> None:
        self._limit, self._size = limit, 0
        self._kept: OrderedDict[tuple[str, str], _Kept] = OrderedDict()

    def get(self, key: tuple[str, str]) -> _Kept | None:
        if kept := self._kept.get(key):
            self._kept.move_to_end(key)
        return kept

    def put(self, key: tuple[str, str], kept: _Kept | None) -> None:
        if old := self._kept.pop(key, None):
            self._size -= len(old.response.body)
        if kept is None or len(kept.response.body) > CACHED_BODY:
            return
        self._kept[key] = kept
        self._size += len(kept.response.body)
        while self._size > self._limit:
            _, dropped = self._kept.popitem(last=False)
            self._size -= len(dropped.response.body)


class Client:
    """`async with Client(settings.http) as client: await client.get(url)`.

    `resolver` stands for the system's own, in tests. Every failure is a SourceError that names the address and the
    reason.
    """

    def __init__(self, settings: Http, *, resolver: AbstractResolver | None = None) -> None:
        self.settings = settings
        self._guard = Guard(settings.allow_private)
        self._resolver = resolver
        self._session: aiohttp.ClientSession | None = None
        self._cache = _Cache(CACHE_BYTES)
        self._next: OrderedDict[str, float] = OrderedDict()

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(
            limit=16,
            limit_per_host=2,
            resolver=GuardedResolver(self._guard, self._resolver),
            use_dns_cache=False,
            socket_factory=self._guard.socket,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            timeout=aiohttp.ClientTimeout(total=self.settings.timeout.total_seconds(), sock_connect=20, sock_read=45),
            headers={
                "User-Agent": user_agent(self.settings),
                "Accept-Encoding": "gzip, deflate",
            },
            max_line_size=16_384,
            max_field_size=16_384,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session:
            await self._session.close()
            self._session = None

    async def get(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        accept: str = "*/*",
        max_bytes: int | None = None,
        permit: Permit | None = None,
    ) -> Response:
        """The answer at `url`, at most `max_bytes` of it (the settings' caps where None), retried while that may help.
        `permit` is asked of each address that it redirects to, and raises SourceError to go no further.

        Raises Missing on 404 and 410, SourceError on everything else that is not a 200; `retry_after` is set where the
        server asked for a wait.
        """
        target = self._parse(url, url)
        if params:
            target = target.update_query(params)
        async for attempt in stamina.retry_context(
            on=_again, attempts=self.settings.attempts, timeout=None, wait_initial=0.4, wait_max=10.0, wait_jitter=0.4
        ):
            with attempt:
                return await self._follow(target, accept, max_bytes, permit)
        raise AssertionError("stamina raises the last error itself")

    async def json(self, url: str, *, params: Mapping[str, str] | None = None) -> Any:
        """The JSON at `url`; a large answer is parsed off the event loop."""
        response = await self.get(url, params=params, accept="application/json")
        if len(response.body) < UNPACKED_STEP:
            return response.json()
        return await asyncio.to_thread(response.json)

    def check(self, url: str) -> None:
        """Raises SourceError where `url` is no address, or is a number's that is not fetched."""
        self._parse(url, url)

    def _parse(self, url: str, shown: str) -> URL:
        try:
            target = URL(url)
        except ValueError:
            raise SourceError(f"{shown[:300]}: is not an address") from None
        return self._checked(target)

    def _checked(self, target: URL) -> URL:
        try:
            host = target.host
        except ValueError:
            raise SourceError(f"{str(target)[:300]}: is not an address") from None
        if target.scheme not in {"http", "https"} or not host:
            raise SourceError(f"{str(target)[:300]}: is not an http or https address")
        if target.user or target.password:
            raise SourceError(f"{target.with_user(None)}: an address with a name or password in it is not fetched")
        try:
            self._guard.check_literal(host, target.port or 0)
        except Refused as error:
            raise SourceError(f"{target}: {error}") from None
        return target.with_fragment(None)

    async def _follow(self, target: URL, accept: str, max_bytes: int | None, permit: Permit | None) -> Response:
        seen = {target}
        while True:
            answer = await self._once(target, accept, max_bytes)
            if isinstance(answer, Response):
                return answer
            try:
                following = target.join(URL(answer))
            except ValueError:
                raise SourceError(f"{target}: redirects to something that is not an address") from None
            following = self._checked(following)
            if following in seen:
                raise SourceError(f"{target}: redirects in a circle")
            if len(seen) > self.settings.max_redirects:
                raise SourceError(f"{target}: redirects more than {self.settings.max_redirects} times")
            if permit:
                await permit(str(following))
            seen.add(following)
            target = following

    async def _once(self, target: URL, accept: str, max_bytes: int | None) -> Response | str:
        """One request: the answer, or where it redirects."""
        if self._session is None:
            raise RuntimeError("the client is not open; use `async with`")
        key = (str(target), accept)
        kept = self._cache.get(key)
        headers = {"Accept": accept}
        if kept and kept.etag:
            headers["If-None-Match"] = kept.etag
        if kept and kept.modified:
            headers["If-Modified-Since"] = kept.modified
        await self._keep_distance(target)
        try:
            async with self._session.get(target, headers=headers, allow_redirects=False) as answer:
                if answer.status == 304 and kept:
                    return kept.response
                if answer.status in _MOVED and (moved := answer.headers.get("Location")):
                    return moved
                if answer.status != 200:
                    raise self._refusal(target, answer)
                body = await self._read(target, answer, max_bytes)
                response = Response(str(target), 200, answer.content_type, body, answer.charset)
                self._keep(key, answer.headers, response)
                return response
        except Refused as error:
            raise SourceError(f"{target}: {error}") from None
        except aiohttp.ClientConnectorError as error:
            if isinstance(error.os_error, Refused):
                raise SourceError(f"{target}: {error.os_error}") from None
            raise _Passing(f"{target}: cannot be reached ({error.os_error.strerror or error.os_error})") from None
        except TimeoutError:
            raise _Passing(f"{target}: gave no whole answer in {self.settings.timeout.total_seconds():g} s") from None
        except (aiohttp.InvalidURL, UnicodeError):
            # UnicodeError: a host's name that cannot be one, as the system's resolver puts it.
            raise SourceError(f"{target}: is not an address") from None
        except (aiohttp.ClientError, ConnectionError) as error:
            raise _Passing(f"{target}: broke off ({type(error).__name__})") from None

    def _keep(self, key: tuple[str, str], headers: Mapping[str, str], response: Response) -> None:
        etag, modified = headers.get("ETag"), headers.get("Last-Modified")
        keep = (etag or modified) and "no-store" not in headers.get("Cache-Control", "").lower()
        self._cache.put(key, _Kept(etag, modified, response) if keep else None)

    def _refusal(self, target: URL, answer: aiohttp.ClientResponse) -> SourceError:
        message = f"{target}: answered {answer.status} {answer.reason or ''}".rstrip()
        wait = _seconds(answer.headers.get("Retry-After"))
        if answer.status in {404, 410}:
            return Missing(message)
        if answer.status in _PASSING or answer.status >= 500:
            if wait is not None:
                self._next[_server(target)] = time.monotonic() + min(wait, LONGEST_WAIT)
            return _Passing(message, retry_after=wait)
        return SourceError(message, retry_after=wait)

    async def _keep_distance(self, target: URL) -> None:
        host, now = _server(target), time.monotonic()
        at = max(now, self._next.get(host, 0.0))
        self._next[host] = at + self.settings.spacing
        self._next.move_to_end(host)
        while len(self._next) > _HOSTS:
            self._next.popitem(last=False)
        if at > now:
            await asyncio.sleep(at - now)

    async def _read(self, target: URL, answer: aiohttp.ClientResponse, max_bytes: int | None) -> bytes:
        packed_cap = min(self.settings.max_compressed, max_bytes or self.settings.max_compressed)
        cap = min(self.settings.max_decompressed, max_bytes or self.settings.max_decompressed)
        if (length := answer.content_length) is not None and length > packed_cap:
            raise SourceError(f"{target}: is too large ({length:,} bytes; the limit is {packed_cap:,})")
        found = bytearray()
        async for piece in _unpacked(target, answer, packed_cap):
            found += piece
            if len(found) > cap:
                raise SourceError(f"{target}: is too large (more than {cap:,} bytes unpacked)")
        return bytes(found)


async def _unpacked(target: URL, answer: aiohttp.ClientResponse, packed_cap: int) -> AsyncIterator[bytes]:
    """The body, unpacked a piece at a time, each piece at most UNPACKED_STEP bytes."""
    coding = answer.headers.get("Content-Encoding", "identity").strip().lower()
    if coding not in {"identity", "", "gzip", "x-gzip", "deflate"}:
        raise SourceError(f"{target}: is packed in a way that was not asked for ({coding[:40]})")
    plain = coding in {"identity", ""}
    unpacker = None if plain else zlib.decompressobj(_window(coding))
    received, begun = 0, False
    async for chunk in answer.content.iter_chunked(CHUNK):
        received += len(chunk)
        if received > packed_cap:
            raise SourceError(f"{target}: is too large (more than {packed_cap:,} bytes)")
        if unpacker is None:
            yield chunk
            continue
        left = chunk
        while left:
            try:
                piece = unpacker.decompress(left, UNPACKED_STEP)
            except zlib.error:
                if coding == "deflate" and not begun:
                    # Some servers send bare deflate where the standard means zlib's wrapping.
                    unpacker, begun = zlib.decompressobj(-zlib.MAX_WBITS), True
                    continue
                raise _Passing(f"{target}: its packing is damaged") from None
            begun = True
            yield piece
            left = unpacker.unconsumed_tail
            if unpacker.eof:
                left = unpacker.unused_data
                if left.strip(b"\0"):
                    unpacker = zlib.decompressobj(_window(coding))
                else:
                    left = b""
            await asyncio.sleep(0)
    if unpacker is not None and received and not unpacker.eof:
        raise _Passing(f"{target}: broke off in the middle")


def user_agent(settings: Http) -> str:
    """Who asks, and whom to write to about it."""
    try:
        version = metadata.version("despatch")
    except metadata.PackageNotFoundError:
        version = "checkout"
    return f"Despatch/{version} (+{settings.contact})"


def _window(coding: str) -> int:
    return zlib.MAX_WBITS | 16 if "gzip" in coding else zlib.MAX_WBITS


def _again(error: Exception) -> bool | float:
    """Whether to try again, or after how many seconds."""
    if not isinstance(error, _Passing):
        return False
    if error.retry_after is None:
        return True
    return error.retry_after if error.retry_after <= LONGEST_WAIT else False


def _server(target: URL) -> str:
    """Whom a wait concerns: another port of a host is another server."""
    return f"{target.host}:{target.port}"


def _seconds(value: str | None) -> float | None:
    """Retry-After in seconds, from either of its forms; None where it says nothing usable."""
    if not value:
        return None
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        when = parsedate_to_datetime(value)
    except (ValueError, TypeError):
        return None
    return max(0.0, when.timestamp() - time.time())
