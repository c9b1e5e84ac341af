"""The REST half of the loopback Discord: routes, limits, nonces, answers to interactions, and failures on demand."""

from __future__ import annotations

import base64
import json
import re
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.standins.discord_rules import Rules
from tests.standins.discord_world import (
    BOT,
    BOT_PERMISSIONS,
    GUILD,
    HANSARD,
    SEND,
    VIEW,
    Interaction,
    Json,
    World,
    snowflake,
)

TOKEN = "OTAwMDAwMDAwMDAwMDAwMDAx.AAAAAA.loopback-loopback-loopback-loopba"
NONCE_SECONDS = 180.0
ANSWER_SECONDS = 3.0
LIMIT, WINDOW = 5, 5.0
VIA = {"Via": "1.1 google"}


@dataclass(slots=True)
class _Failing:
    method: str
    path: str
    status: int
    code: int
    times: int
    after: bool
    drop: bool


class Refused(Exception):
    def __init__(self, status: int, code: int, message: str = "", **more: Any) -> None:
        super().__init__(message)
        self.status, self.body = status, {"message": message or f"Error {code}", "code": code, **more}


class Rest:
    """Answers every request under /api/v10. `requests` holds each, `violations` what Discord would refuse."""

    def __init__(self, *, token: str, rules: Rules) -> None:
        self.token, self.rules = token, rules
        self.world = World()
        self.requests: deque[Json] = deque(maxlen=20_000)
        self.violations: list[str] = []
        self.identified = 0
        self.removed = False
        self.address = ""
        self._failing: list[_Failing] = []
        self._windows: dict[int, deque[float]] = {}

    def fail(
        self,
        method: str,
        path: str,
        status: int,
        code: int = 0,
        *,
        times: int = 1,
        after: bool = False,
        drop: bool = False,
    ) -> None:
        """The next `times` requests to a path that `path` matches whole fail; `after` they were carried out, or
        (`drop`) with the connection cut."""
        self._failing.append(_Failing(method, path, status, code, times, after, drop))

    def heal(self) -> None:
        """End every failure."""
        self._failing.clear()

    def forget(self, *, nonces: bool = False, message: int | str | None = None) -> None:
        if nonces:
            self.world.nonces.clear()
        for channel in self.world.channels.values():
            channel.messages = [m for m in channel.messages if m["id"] != str(message)]

    def messages(self, channel: int = HANSARD) -> list[Json]:
        return self.world.channels[channel].messages

    def sent(self, method: str, path: str) -> list[Json]:
        """The requests of that method to a path that `path` matches whole."""
        return [r for r in self.requests if r["method"] == method and re.fullmatch(path, r["path"])]

    async def _rest(self, request: web.Request) -> web.StreamResponse:
        path = "/" + request.match_info["path"]
        body = await _body(request)
        seen: Json = {"method": request.method, "path": path, "query": dict(request.query), "json": body, "status": 0}
        self.requests.append(seen)
        failing = self._due(request.method, path)
        try:
            if failing is not None and not failing.after:
                raise _Cut if failing.drop else Refused(failing.status, failing.code)
            status, answer, headers = self._answer(request, path, body)
            if failing is not None:
                raise _Cut if failing.drop else Refused(failing.status, failing.code)
        except _Cut:
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=500)
        except Refused as refused:
            status, answer, headers = refused.status, refused.body, {}
            if "retry_after" in refused.body:
                headers = {"Retry-After": str(refused.body["retry_after"]), "X-RateLimit-Scope": "user"}
        seen["status"] = status
        text = "" if answer is None else json.dumps(answer)
        # discord.py takes a body for JSON only where the type has no charset.
        kind = {"Content-Type": "application/json"} if text else {}
        return web.Response(status=status, body=text.encode(), headers=VIA | kind | headers)

    def _due(self, method: str, path: str) -> _Failing | None:
        for failing in self._failing:
            if failing.times > 0 and failing.method == method and re.fullmatch(failing.path, path):
                failing.times -= 1
                return failing
        return None

    def _answer(self, request: web.Request, path: str, body: Any) -> tuple[int, Any, dict[str, str]]:
        spoken = path.startswith(("/interactions/", "/webhooks/"))
        if not spoken and request.headers.get("Authorization") != f"Bot {self.token}":
            raise Refused(401, 0, "401: Unauthorized")
        if faults := self.rules.faults(request.method, path, body):
            self.violations += faults
            raise Refused(400, 50035, "Invalid Form Body", errors={"_errors": [{"code": "X", "message": faults[0]}]})
        for pattern, methods in ROUTES:
            if found := re.fullmatch(pattern, path):
                if name := methods.get(request.method):
                    result: tuple[int, Any, dict[str, str]] = getattr(self, name)(request, body, *found.groups())
                    return result
                raise Refused(405, 0, "405: Method Not Allowed")
        raise Refused(404, 0, "404: Not Found")

    def _me(self, *_: Any) -> Any:
        return 200, self.world.bot(), {}

    def _application(self, *_: Any) -> Any:
        return 200, self.world.application(), {}

    def _guilds(self, *_: Any) -> Any:
        return 200, [{"id": str(GUILD), "name": "The Clerks", "permissions": str(BOT_PERMISSIONS)}], {}

    def _server(self, _request: Any, _body: Any, guild: str) -> Any:
        if guild != str(GUILD) or self.removed:
            raise Refused(404, 10004, "Unknown Guild")
        return 200, self.world.guild(), {}

    def _guild(self, _request: Any, _body: Any, _guild: str, part: str) -> Any:
        members = self.world.member(self.world.bot())
        parts = {"channels": self.world.guild()["channels"], "roles": [self.world.role()], f"members/{BOT}": members}
        if part not in parts:
            raise Refused(404, 10004)
        return 200, parts[part], {}

    def _bot_gateway(self, *_: Any) -> Any:
        limits = {"total": 1000, "remaining": 1000 - self.identified, "reset_after": 1000, "max_concurrency": 1}
        return (
            200,
            {"url": self.address.replace("http", "ws") + "/gateway", "shards": 1, "session_start_limit": limits},
            {},
        )

    def _commands(self, _request: Any, body: Any, application: str) -> Any:
        made = {"application_id": application, "version": "1"}
        self.world.commands = [{"description": ""} | c | made | {"id": str(snowflake())} for c in body]
        return 200, self.world.commands, {}

    def _channel(self, _request: Any, _body: Any, channel: str) -> Any:
        return 200, self._seen(channel).payload(), {}

    def _seen(self, channel: str) -> Any:
        found = self.world.channels.get(int(channel))
        if found is None:
            raise Refused(404, 10003, "Unknown Channel")
        if found.denied & VIEW:
            raise Refused(403, 50001, "Missing Access")
        return found

    def _post(self, _request: Any, body: Json, channel: str) -> Any:
        place = self._seen(channel)
        if place.denied & SEND:
            raise Refused(403, 50013, "Missing Permissions")
        now = time.monotonic()
        window = self._windows.setdefault(place.id, deque())
        while window and now - window[0] > WINDOW:
            window.popleft()
        after = max(0.0, WINDOW - (now - window[0])) if window else WINDOW
        if len(window) >= LIMIT:
            raise Refused(429, 0, "You are being rate limited.", retry_after=round(after, 3), **{"global": False})
        window.append(now)
        headers = {
            "X-RateLimit-Limit": str(LIMIT),
            "X-RateLimit-Remaining": str(LIMIT - len(window)),
            "X-RateLimit-Reset": f"{time.time() + after:.3f}",
            "X-RateLimit-Reset-After": f"{after:.3f}",
            "X-RateLimit-Bucket": "create-message",
        }
        nonce = body.get("nonce")
        if nonce is not None and body.get("enforce_nonce"):
            made, where, key = self.world.nonces.get(str(nonce), (-NONCE_SECONDS * 2, 0, 0))
            if now - made < NONCE_SECONDS:
                # The scope is the author: the same nonce in another channel gives back the first channel's message.
                old = self.world.find(where, str(key))
                if old is None:
                    raise Refused(404, 10008, "Unknown Message")
                return 200, old, headers
        message = self.world.message(place.id, body)
        place.messages.append(message)
        if nonce is not None:
            self.world.nonces[str(nonce)] = (now, place.id, int(message["id"]))
        return 200, message, headers

    def _history(self, request: web.Request, _body: Any, channel: str) -> Any:
        after, before = int(request.query.get("after", 0)), int(request.query.get("before", 1 << 63))
        found = [m for m in self._seen(channel).messages if after < int(m["id"]) < before]
        limit = int(request.query.get("limit", 50))
        page = found[:limit] if "after" in request.query else found[-limit:]
        return 200, page[::-1], {}

    def _one(self, request: web.Request, body: Any, channel: str, key: str) -> Any:
        place = self._seen(channel)
        found = next((m for m in place.messages if m["id"] == key), None)
        if found is None:
            raise Refused(404, 10008, "Unknown Message")
        if request.method == "PATCH":
            self.world.edit(found, body)
        elif request.method == "DELETE":
            place.messages.remove(found)
            return 204, None, {}
        return 200, found, {}

    # Answers to interactions.

    def _callback(self, _request: Any, body: Json, key: str, token: str) -> Any:
        pending = self.world.interactions.get(token)
        if pending is None or str(pending.id) != key or time.monotonic() - pending.began > ANSWER_SECONDS:
            raise Refused(404, 10062, "Unknown interaction")
        if pending.kind is not None:
            raise Refused(400, 40060, "Interaction has already been acknowledged.")
        data = body.get("data") or {}
        pending.kind, pending.acknowledged, pending.data = body["type"], time.monotonic(), data
        pending.ephemeral = bool((data.get("flags") or 0) & 64)
        pending.waiting = body["type"] == 5
        resource: Json = {"type": body["type"]}
        if body["type"] == 4:
            resource["message"] = self._shown(pending, data, ephemeral=pending.ephemeral)
        done = {
            "id": key,
            "type": 2,
            "response_message_id": str(snowflake()),
            "response_message_ephemeral": pending.ephemeral,
        }
        return 200, {"interaction": done, "resource": resource}, {}

    def _shown(self, pending: Interaction, body: Json, *, ephemeral: bool) -> Json:
        message = self.world.message(pending.channel_id, body, ephemeral=ephemeral)
        message |= {"webhook_id": str(BOT), "application_id": str(BOT)}
        pending.messages.append(message)
        if not ephemeral:
            self.world.channels[pending.channel_id].messages.append(message)
        return message

    def _follow(self, _request: Any, body: Json, _application: str, token: str) -> Any:
        pending = self._pending(token)
        own = bool((body.get("flags") or 0) & 64)
        # The first follow-up after a deferral takes its place, and with it its visibility.
        ephemeral = pending.ephemeral if pending.waiting else own
        pending.waiting = False
        return 200, self._shown(pending, body, ephemeral=ephemeral), {}

    def _answered(self, request: web.Request, body: Any, _application: str, token: str, key: str) -> Any:
        pending = self._pending(token)
        if request.method == "DELETE" and key == "@original" and pending.waiting:
            pending.waiting = False
            return 204, None, {}
        if request.method == "PATCH" and key == "@original" and pending.waiting:
            pending.waiting = False
            return 200, self._shown(pending, body, ephemeral=pending.ephemeral), {}
        wanted = (lambda m: True) if key == "@original" else (lambda m: m["id"] == key)
        found = next((m for m in pending.messages if wanted(m)), None)
        if found is None:
            raise Refused(404, 10008, "Unknown Message")
        if request.method == "DELETE":
            pending.messages.remove(found)
            with suppress(ValueError):
                self.world.channels[pending.channel_id].messages.remove(found)
            return 204, None, {}
        return 200, self.world.edit(found, body) if request.method == "PATCH" else found, {}

    def _pending(self, token: str) -> Interaction:
        pending = self.world.interactions.get(token)
        if pending is None or pending.kind is None:
            raise Refused(404, 10015, "Unknown Webhook")
        return pending


class _Cut(Exception):
    """The connection is to be cut."""


ROUTES: tuple[tuple[str, dict[str, str]], ...] = (
    (r"/users/@me", {"GET": "_me"}),
    (r"/oauth2/applications/@me|/applications/@me", {"GET": "_application"}),
    (r"/users/@me/guilds", {"GET": "_guilds"}),
    (r"/gateway/bot", {"GET": "_bot_gateway"}),
    (r"/applications/(\d+)/commands", {"PUT": "_commands"}),
    (r"/guilds/(\d+)", {"GET": "_server"}),
    (r"/guilds/(\d+)/([\w/]+)", {"GET": "_guild"}),
    (r"/channels/(\d+)", {"GET": "_channel", "PATCH": "_channel"}),
    (r"/channels/(\d+)/messages", {"POST": "_post", "GET": "_history"}),
    (r"/channels/(\d+)/messages/(\d+)", dict.fromkeys(("GET", "PATCH", "DELETE"), "_one")),
    (r"/interactions/(\d+)/([^/]+)/callback", {"POST": "_callback"}),
    (r"/webhooks/(\d+)/([^/]+)", {"POST": "_follow"}),
    (r"/webhooks/(\d+)/([^/]+)/messages/([^/]+)", dict.fromkeys(("GET", "PATCH", "DELETE"), "_answered")),
)


async def _body(request: web.Request) -> Any:
    if not request.can_read_body:
        return None
    if request.content_type == "multipart/form-data":
        form = await request.post()
        body = json.loads(str(form["payload_json"]))
        for each in body.get("attachments") or []:
            # Discord takes the file's number as a number too, as its documentation has it, though its schema does not.
            each["id"] = str(each["id"])
            sent = form.get(f"files[{each['id']}]")
            if isinstance(sent, web.FileField):
                each["file"] = base64.b64encode(sent.file.read()).decode()
        return body
    return await request.json()
