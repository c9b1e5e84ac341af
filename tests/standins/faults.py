"""What goes wrong with a server, each as a wrapper round its right answer; a test names one and a path prefix.

A fault is called with the request and with a coroutine function that gives the right answer.
"""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import Awaitable, Callable

from aiohttp import web

Right = Callable[[], Awaitable[web.Response]]
Fault = Callable[[web.Request, Right], Awaitable[web.StreamResponse]]

_CHALLENGE = (
    "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>"
    "<noscript>Enable JavaScript and cookies to continue</noscript></body></html>"
)


def status(code: int, text: str = "", **headers: str) -> Fault:
    """Answer `code` with `text` and headers (`retry_after="2"` becomes Retry-After)."""

    async def answer(request: web.Request, right: Right) -> web.StreamResponse:
        named = {name.replace("_", "-").title(): value for name, value in headers.items()}
        return web.Response(status=code, text=text, headers=named)

    return answer


def busy(seconds: float = 1) -> Fault:
    """429 with Retry-After."""
    return status(429, "Too many requests", retry_after=f"{seconds:g}")


def slow(seconds: float = 60) -> Fault:
    """The right answer, after `seconds`: longer than the caller's patience is a timeout."""

    async def answer(request: web.Request, right: Right) -> web.StreamResponse:
        await asyncio.sleep(seconds)
        return await right()

    return answer


def page(code: int = 200, text: str = _CHALLENGE) -> Fault:
    """A page of HTML (a challenge, unless told) where something else was asked for."""

    async def answer(request: web.Request, right: Right) -> web.StreamResponse:
        return web.Response(status=code, text=text, content_type="text/html")

    return answer


def rewritten(change: Callable[[bytes], bytes], **headers: str) -> Fault:
    """The right answer, its bytes changed."""

    async def answer(request: web.Request, right: Right) -> web.StreamResponse:
        good = await right()
        body = good.body if isinstance(good.body, bytes | bytearray) else b""
        kept = {"Content-Type": good.headers["Content-Type"]} if "Content-Type" in good.headers else {}
        named = {name.replace("_", "-").title(): value for name, value in headers.items()}
        return web.Response(status=good.status, body=change(bytes(body)), headers=kept | named)

    return answer


def hang_up() -> Fault:
    """Promise more bytes than are sent, then close the connection: a body cut off on the wire."""

    async def answer(request: web.Request, right: Right) -> web.StreamResponse:
        good = await right()
        body = bytes(good.body) if isinstance(good.body, bytes | bytearray) else b"{}"
        response = web.StreamResponse(headers={"Content-Length": str(len(body) + 1000)})
        response.content_type = good.content_type
        await response.prepare(request)
        await response.write(body[: len(body) // 2])
        if request.transport is not None:
            request.transport.close()
        return response

    return answer


def bomb(megabytes: int = 200) -> Fault:
    """A small gzip body that unpacks to `megabytes` of spaces."""

    async def answer(request: web.Request, right: Right) -> web.StreamResponse:
        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        block = b" " * 1_000_000
        packed = b"".join(packer.compress(block) for _ in range(megabytes)) + packer.flush()
        return web.Response(body=packed, headers={"Content-Encoding": "gzip", "Content-Type": "application/json"})

    return answer


def endless(total: int = 1_000_000_000) -> Fault:
    """`total` bytes in chunks, no Content-Length: the reader must stop by itself."""

    async def answer(request: web.Request, right: Right) -> web.StreamResponse:
        response = web.StreamResponse()
        response.content_type = "application/xml"
        await response.prepare(request)
        block = b"<item><title>more</title></item>" * 2048
        for _ in range(total // len(block) + 1):
            await response.write(block)
        return response

    return answer


def loop() -> Fault:
    """A redirect to itself by way of a changing query, for ever."""

    async def answer(request: web.Request, right: Right) -> web.StreamResponse:
        turn = int(request.query.get("turn", "0")) + 1
        raise web.HTTPFound(str(request.url.update_query(turn=str(turn))))

    return answer


def redirect(url: str) -> Fault:
    """A redirect to `url`, such as an address in a private network."""

    async def answer(request: web.Request, right: Right) -> web.StreamResponse:
        raise web.HTTPFound(url)

    return answer


def _entities(_: bytes) -> bytes:
    steps = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    channel = '<rss version="2.0"><channel><title>&l9;</title></channel></rss>'
    return f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "lol">{steps}]>{channel}'.encode()


NAMED: dict[str, Callable[[], Fault]] = {
    "403": lambda: page(403),
    "404": lambda: status(404, "Not found"),
    "429": busy,
    "500": lambda: status(500, "Internal server error"),
    "503": lambda: status(503, "Service unavailable"),
    "timeout": slow,
    "html": lambda: page(200, "<html><body><h1>Maintenance</h1></body></html>"),
    "challenge": page,
    "bom": lambda: rewritten(lambda body: b"\xef\xbb\xbf" + body),
    "truncated": lambda: rewritten(lambda body: body[: len(body) * 2 // 3]),
    "empty": lambda: rewritten(lambda body: b""),
    "bad-gzip": lambda: rewritten(lambda body: gzip.compress(body)[:-20], content_encoding="gzip"),
    "hang-up": hang_up,
    "bomb": bomb,
    "endless": endless,
    "loop": loop,
    "entities": lambda: rewritten(_entities),
}
"""The faults that need no words, by name: `fail("/hansard", "503")`."""
