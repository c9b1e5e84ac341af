"""A small HTTP server on 127.0.0.1 for a test or a demonstration: a request log, faults on demand, a clean stop."""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import signal
from collections import deque
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, ClassVar, Self

from aiohttp import web

from tests.standins.days import Shift
from tests.standins.faults import NAMED, Fault

SAMPLE = Path(__file__).parent.parent / "sample_day"
SAMPLE_DAY = date(2025, 8, 13)
"""The Commons' day in the files of `SAMPLE`; the Lords' is the next."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as it came. Header names are lower case."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    status: int


@dataclass(slots=True)
class _Failing:
    prefix: str
    fault: Fault
    times: int | None


class Loopback:
    """Serves while its `async with` block runs; `address` is known inside it.

    `requests` holds the last 20,000 requests. `conditional` says whether answers carry an ETag and honour
    If-None-Match. The methods named in `knobs` can also be called from another process: `PUT /control/NAME` with a
    JSON list of arguments.
    """

    knobs: ClassVar[tuple[str, ...]] = ("fail", "heal")

    def __init__(self, *, port: int = 0, conditional: bool = False) -> None:
        self.port = port
        self.conditional = conditional
        self.requests: deque[Seen] = deque(maxlen=20_000)
        self._failing: list[_Failing] = []
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/{path:.*}", self._get)
        app.router.add_put("/control/{knob}", self._turn)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2, handler_cancellation=True)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def fail(self, prefix: str, fault: Fault | str, times: int | None = None) -> None:
        """From now on (or for the next `times` requests) paths beginning with `prefix` meet `fault`, a name of
        `faults.NAMED` or a fault."""
        self._failing.append(_Failing(prefix, NAMED[fault]() if isinstance(fault, str) else fault, times))

    def heal(self) -> None:
        """End every fault."""
        self._failing.clear()

    def count(self, prefix: str = "/") -> int:
        """How many requests have come for paths beginning with `prefix`, whatever their case."""
        return sum(seen.path.lower().startswith(prefix.lower()) for seen in self.requests)

    async def answer(self, request: web.Request) -> web.Response:
        """The right answer; subclasses give it."""
        raise NotImplementedError

    async def _get(self, request: web.Request) -> web.StreamResponse:
        code = 500
        try:
            fault = self._fault(request.path)
            response = await (fault(request, lambda: self._good(request)) if fault else self._good(request))
            code = response.status
            return response
        except web.HTTPException as error:
            code = error.status
            raise
        finally:
            headers = {name.lower(): value for name, value in request.headers.items()}
            self.requests.append(Seen(request.method, request.path, dict(request.query), headers, code))

    def _fault(self, path: str) -> Fault | None:
        for failing in self._failing:
            if path.lower().startswith(failing.prefix.lower()) and failing.times != 0:
                if failing.times is not None:
                    failing.times -= 1
                return failing.fault
        return None

    async def _good(self, request: web.Request) -> web.Response:
        response = await self.answer(request)
        if self.conditional and response.status == 200 and isinstance(response.body, bytes):
            tag = f'"{hashlib.sha256(response.body).hexdigest()[:16]}"'
            response.headers["ETag"] = tag
            if request.headers.get("If-None-Match") == tag:
                return web.Response(status=304, headers={"ETag": tag})
        return response

    async def _turn(self, request: web.Request) -> web.Response:
        knob = request.match_info["knob"]
        if knob not in self.knobs:
            return web.json_response({"error": f"no such knob; there are {', '.join(self.knobs)}"}, status=404)
        try:
            getattr(self, knob)(*await request.json())
        except (TypeError, ValueError, KeyError, LookupError) as error:
            return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)
        return web.json_response({"done": knob})


class Sample:
    """The files of a sample day, their dates moved so that the Commons' day is `day`."""

    def __init__(self, folder: Path = SAMPLE, day: date | None = None) -> None:
        self.folder = folder
        self.shift = Shift(SAMPLE_DAY, day or SAMPLE_DAY)
        self.day = self.shift.target
        self.next_day = self.day + timedelta(days=1)

    def text(self, path: str | Path) -> str:
        return self.shift.text((self.folder / path).read_text(encoding="utf-8"))

    def json(self, path: str | Path) -> Any:
        return json.loads(self.text(path))


def arguments(description: str) -> argparse.ArgumentParser:
    """`--port` and `--date`, which both stand-ins take when they run as a process."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--port", type=int, default=0, help="0 (the default) takes a free one")
    parser.add_argument(
        "--date",
        type=date.fromisoformat,
        default=date.today() - timedelta(days=1),
        help="the Commons' sitting day; the Lords sit on the next (default: yesterday)",
    )
    return parser


async def serve(standin: Loopback) -> None:
    """Print the address on one line when ready, serve until SIGTERM or SIGINT, then stop cleanly."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with standin:
        print(standin.address, flush=True)
        await stop.wait()
