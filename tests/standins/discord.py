"""A loopback Discord: REST and gateway as far as a bot of slash commands needs them.

    python -m tests.standins.discord --port 8082

It prints its address when it is ready; `ADDRESS/api/v10` is what DESPATCH_DISCORD_URL takes, and the token is `TOKEN`
unless `--token` names another. Create Message honours nonces and the channel's limit of five in five seconds; what is
not acknowledged in three seconds is void. Each request is kept and judged by `discord_rules`.

    POST /control/interaction  {"command": "subscribe", "options": {}, "channel": …, "permissions": …, "dm": false}
                               {"custom_id": "post:1", "message": "…"} · {"command", "options", "focused": "topic"}
                               {"form": {the answer that a button opened}, "fields": {"question": "…"}}
    GET  /control/messages[?channel=ID] · /control/requests · /control/violations · /control/commands · /control/state
    POST /control/fail         {"method", "path" (regular expression), "status", "code", "times", "after", "drop"}
    POST /control/gateway      {"do": "drop" | "reconnect" | "invalidate" | "remove" | "close", "code": 4000}
    POST /control/forget       {"nonces": true} as when minutes have passed; {"message": ID} as when somebody deletes it
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import time
from dataclasses import dataclass
from typing import Any, Self

from aiohttp import WSMsgType, web

from tests.standins.discord_rest import TOKEN, Rest
from tests.standins.discord_rules import Rules
from tests.standins.discord_world import (
    BOT,
    BOT_PERMISSIONS,
    CLERK,
    CLERK_PERMISSIONS,
    DM,
    EMBED,
    GUILD,
    HANSARD,
    SEND,
    VIEW,
    Interaction,
    Json,
    snowflake,
    user,
)

API = "/api/v10"


@dataclass(slots=True)
class _Session:
    id: str
    socket: web.WebSocketResponse | None
    sequence: int
    events: list[Json]


class Discord(Rest):
    """Serves while its `async with` block runs. `violations` should be empty at the end of every test."""

    def __init__(self, *, port: int = 0, token: str = TOKEN, rules: Rules | None = None) -> None:
        super().__init__(token=token, rules=rules or Rules())
        self.port = port
        self.resumed = 0
        self._sessions: dict[str, _Session] = {}
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """For DESPATCH_DISCORD_URL."""
        return f"{self.address}{API}"

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/gateway", self._gateway)
        app.router.add_route("*", API + "/{path:.*}", self._rest)
        app.router.add_route("*", "/control/{knob}", self._control)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2, handler_cancellation=True)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]
        self.address = f"http://127.0.0.1:{self.port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        for session in self._sessions.values():
            if session.socket is not None and not session.socket.closed:
                await session.socket.close(code=1001)
        if self._runner is not None:
            await self._runner.cleanup()

    # What a test or another process asks for.

    async def interact(self, *, wait: float = 10.0, settle: float = 0.3, **given: Any) -> Json:
        """Have a person use a command or press a button; what the bot answered within `wait` seconds."""
        session = next((s for s in self._sessions.values() if s.socket is not None and not s.socket.closed), None)
        if session is None:
            raise RuntimeError("the bot is not connected to the gateway")
        token = f"interaction-{snowflake()}"
        dm = bool(given.get("dm"))
        channel = int(given.get("channel") or (DM if dm else HANSARD))
        pending = Interaction(snowflake(), token, channel, time.monotonic())
        payload = self._interaction(pending, given, dm)
        self.world.interactions[token] = pending
        await self._dispatch(session, "INTERACTION_CREATE", payload)
        deadline, shown, since = time.monotonic() + wait, -1, 0.0
        while time.monotonic() < deadline:
            await asyncio.sleep(0.02)
            if pending.kind is None or pending.waiting:
                continue
            if len(pending.messages) != shown:
                shown, since = len(pending.messages), time.monotonic()
            if time.monotonic() - since > settle:
                break
        return pending.payload()

    async def gateway(self, do: str, code: int = 4000) -> None:
        """Trouble for every connection: see the module's text."""
        for session in list(self._sessions.values()):
            socket = session.socket
            if socket is None or socket.closed:
                continue
            if do == "drop":
                transport = socket._req.transport if socket._req else None
                if transport is not None:
                    transport.abort()
            elif do == "reconnect":
                await socket.send_json({"op": 7, "d": None})
            elif do == "invalidate":
                del self._sessions[session.id]
                await socket.send_json({"op": 9, "d": False})
            elif do == "remove":
                self.removed = True
                await self._dispatch(session, "GUILD_DELETE", {"id": str(GUILD)})
            else:
                await socket.close(code=code)

    async def _control(self, request: web.Request) -> web.Response:
        knob = request.match_info["knob"]
        given = await request.json() if request.can_read_body else {}
        if knob == "interaction":
            try:
                return web.json_response(await self.interact(**given))
            except (KeyError, RuntimeError, StopIteration) as error:
                return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=409)
        if knob == "messages":
            wanted = request.query.get("channel")
            channels = [int(wanted)] if wanted else list(self.world.channels)
            return web.json_response([m for c in channels for m in self.messages(c)])
        if knob in ("fail", "forget"):
            getattr(self, knob)(**given)
        elif knob == "gateway":
            await self.gateway(**given)
        shown = {
            "requests": list(self.requests),
            "violations": self.violations,
            "commands": self.world.commands,
        }
        connected = any(s.socket is not None and not s.socket.closed for s in self._sessions.values())
        state = {"connected": connected, "identified": self.identified, "resumed": self.resumed}
        return web.json_response(shown.get(knob, state))

    def _interaction(self, pending: Interaction, given: Json, dm: bool) -> Json:
        channel = self.world.channels[pending.channel_id]
        person = user(int(given.get("user", CLERK)), "clerk")
        data: Json
        base: Json = {}
        if "form" in given:
            kind, data = 5, self.world.filled(given["form"]["data"], given["fields"])
        elif "custom_id" in given:
            kind, data = 3, {"custom_id": given["custom_id"], "component_type": 2, "id": 1}
            base["message"] = self.world.find(pending.channel_id, str(given["message"]))
        else:
            kind = 4 if "focused" in given else 2
            command = next(c for c in self.world.commands if c["name"] == given["command"])
            known = {o["name"]: o["type"] for o in command.get("options", [])}
            options, resolved = [], {}
            for name, value in given.get("options", {}).items():
                sent, more = self.world.option(known[name], value)
                options.append(
                    {"name": name, "type": known[name], "value": sent}
                    | ({"focused": True} if given.get("focused") == name else {})
                )
                resolved |= more
            data = {"id": command["id"], "name": command["name"], "type": 1, "options": options, "resolved": resolved}
        bot = int(given.get("app_permissions", BOT_PERMISSIONS & ~channel.denied))
        base |= {
            "id": str(pending.id),
            "application_id": str(BOT),
            "type": kind,
            "token": pending.token,
            "version": 1,
            "data": data,
            "channel_id": str(pending.channel_id),
            "channel": channel.payload(),
            "locale": "en-GB",
            "app_permissions": str(VIEW | SEND | EMBED if dm else bot),
            "attachment_size_limit": 10_485_760,
            "entitlements": [],
            "authorizing_integration_owners": {"0": "0" if dm else str(GUILD)},
            "context": 1 if dm else 0,
        }
        if dm:
            return base | {"user": person}
        member = self.world.member(person, int(given.get("permissions", CLERK_PERMISSIONS)))
        guild = {"id": str(GUILD), "locale": "en-GB", "features": []}
        return base | {"guild_id": str(GUILD), "guild": guild, "guild_locale": "en-GB", "member": member}

    # The gateway.

    async def _dispatch(self, session: _Session, name: str, data: Json) -> None:
        session.sequence += 1
        event = {"op": 0, "t": name, "s": session.sequence, "d": data}
        session.events.append(event)
        if session.socket is not None and not session.socket.closed:
            await session.socket.send_json(event)

    async def _gateway(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 41250}})
        try:
            async for frame in socket:
                if frame.type is not WSMsgType.TEXT:
                    continue
                message = json.loads(frame.data)
                given = message.get("d")
                if message["op"] == 1:
                    # discord.py takes an answer that comes at once for one that is a heartbeat late.
                    await asyncio.sleep(0.05)
                    await socket.send_json({"op": 11, "d": None})
                elif message["op"] == 2:
                    await self._identify(socket, given)
                elif message["op"] == 6:
                    await self._resume(socket, given)
        finally:
            # A client that was killed leaves its session behind, and nobody at the other end of it.
            for session in self._sessions.values():
                if session.socket is socket:
                    session.socket = None
        return socket

    async def _identify(self, socket: web.WebSocketResponse, given: Json) -> None:
        if given["token"] != self.token:
            await socket.close(code=4004)
            return
        self.identified += 1
        session = _Session(f"session-{snowflake()}", socket, 0, [])
        self._sessions[session.id] = session
        ready = {
            "v": 10,
            "user": self.world.bot(),
            "session_id": session.id,
            "resume_gateway_url": self.address.replace("http", "ws") + "/gateway",
            "guilds": [{"id": str(GUILD), "unavailable": True}],
            "application": {"id": str(BOT), "flags": 0},
            "shard": given.get("shard", [0, 1]),
        }
        await self._dispatch(session, "READY", ready)
        await self._dispatch(session, "GUILD_CREATE", self.world.guild())

    async def _resume(self, socket: web.WebSocketResponse, given: Json) -> None:
        session = self._sessions.get(given["session_id"])
        if session is None:
            await socket.send_json({"op": 9, "d": False})
            return
        self.resumed += 1
        session.socket = socket
        for event in session.events:
            if event["s"] > given["seq"]:
                await socket.send_json(event)
        await self._dispatch(session, "RESUMED", {})


async def serve(standin: Discord) -> None:
    """Print the address on one line when ready, serve until SIGTERM or SIGINT, then stop cleanly."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with standin:
        print(standin.address, flush=True)
        await stop.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description="Discord's REST and gateway on loopback.")
    parser.add_argument("--port", type=int, default=0, help="0 (the default) takes a free one")
    parser.add_argument("--token", default=TOKEN)
    given = parser.parse_args()
    asyncio.run(serve(Discord(port=given.port, token=given.token)))


if __name__ == "__main__":
    main()
