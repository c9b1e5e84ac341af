"""A small web on loopback: each test says what it answers, and reads what it was asked."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import Any

import pytest
from aiohttp import web

from bot.settings import Http
from bot.sources.http import Client

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Web:
    """`pages` maps a path to what it answers: a body, a response, or a handler."""

    base: str = ""
    pages: dict[str, Any] = field(default_factory=dict)
    asked: list[web.Request] = field(default_factory=list)

    def paths(self) -> list[str]:
        return [request.path for request in self.asked]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request)
        page = self.pages.get(request.path_qs, self.pages.get(request.path))
        if callable(page):
            page = await page(request)
        if page is None:
            return web.json_response({"title": "Not Found", "status": 404}, status=404)
        if isinstance(page, web.Response):
            # A response object is sent once; what a test wrote down may be asked for again.
            return web.Response(status=page.status, body=page.body, headers=page.headers)
        if isinstance(page, web.StreamResponse):
            return page
        if isinstance(page, bytes):
            return web.Response(body=page)
        return web.json_response(page)


@pytest.fixture
async def site() -> AsyncIterator[Web]:
    found = Web()
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", found.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    found.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield found
    await runner.cleanup()


LOOPBACK = (ip_network("127.0.0.0/8"),)


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with Client(Http(spacing=0, attempts=1, timeout=5, allow_private=LOOPBACK)) as opened:
        yield opened
