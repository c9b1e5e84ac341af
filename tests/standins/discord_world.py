"""What the loopback Discord holds: a bot, servers with channels, messages, interactions; and the JSON for each."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]

EPOCH_MS = 1_420_070_400_000
BOT = 900_000_000_000_000_001
GUILD = 900_000_000_000_000_100
HANSARD, QUIET, DM = 900_000_000_000_000_200, 900_000_000_000_000_201, 900_000_000_000_000_300
CLERK = 900_000_000_000_000_400

VIEW, SEND, EMBED, HISTORY, MANAGE_GUILD = 1 << 10, 1 << 11, 1 << 14, 1 << 16, 1 << 5
THREADS = 1 << 38
BOT_PERMISSIONS = VIEW | SEND | EMBED | HISTORY | THREADS
CLERK_PERMISSIONS = BOT_PERMISSIONS | MANAGE_GUILD

_counter = itertools.count()


def snowflake() -> int:
    """An id made now, as Discord makes them: milliseconds since 2015, then a counter."""
    return (int(time.time() * 1000) - EPOCH_MS) << 22 | (next(_counter) & 0xFFF)


def user(key: int, name: str, *, bot: bool = False) -> Json:
    return {
        "id": str(key),
        "username": name,
        "discriminator": "0",
        "global_name": None,
        "avatar": None,
        "bot": bot,
        "flags": 0,
        "public_flags": 0,
    }


@dataclass(slots=True)
class Channel:
    """`denied` are permission bits that @everyone, and so the bot, lacks here."""

    id: int
    name: str
    guild_id: int | None
    type: int = 0
    denied: int = 0
    messages: list[Json] = field(default_factory=list)

    def payload(self) -> Json:
        base: Json = {"id": str(self.id), "type": self.type, "last_message_id": None, "flags": 0}
        if self.guild_id is None:
            return base | {"recipients": [user(CLERK, "clerk")]}
        overwrite = {"id": str(self.guild_id), "type": 0, "allow": "0", "deny": str(self.denied)}
        return base | {
            "guild_id": str(self.guild_id),
            "name": self.name,
            "position": 0,
            "parent_id": None,
            "topic": None,
            "nsfw": False,
            "rate_limit_per_user": 0,
            "permission_overwrites": [overwrite] if self.denied else [],
        }


@dataclass(slots=True)
class Interaction:
    """One injected interaction and what the bot made of it. Times are of the monotonic clock."""

    id: int
    token: str
    channel_id: int
    began: float
    acknowledged: float | None = None
    kind: int | None = None
    ephemeral: bool = False
    waiting: bool = False
    messages: list[Json] = field(default_factory=list)
    data: Json | None = None

    def payload(self) -> Json:
        seconds = None if self.acknowledged is None else self.acknowledged - self.began
        return {
            "id": str(self.id),
            "type": self.kind,
            "ephemeral": self.ephemeral,
            "waiting": self.waiting,
            "acknowledged_seconds": seconds,
            "messages": self.messages,
            "data": self.data,
        }


class World:
    """One application, one server with `#hansard` (open), `#quiet` (the bot may not send), and a direct message."""

    def __init__(self) -> None:
        self.channels = {
            HANSARD: Channel(HANSARD, "hansard", GUILD),
            QUIET: Channel(QUIET, "quiet", GUILD, denied=SEND),
            DM: Channel(DM, "", None, type=1),
        }
        self.commands: list[Json] = []
        self.interactions: dict[str, Interaction] = {}
        self.nonces: dict[str, tuple[float, int, int]] = {}

    def bot(self) -> Json:
        return user(BOT, "despatch", bot=True) | {"mfa_enabled": False, "verified": True, "email": None}

    def application(self) -> Json:
        return {
            "id": str(BOT),
            "name": "despatch",
            "icon": None,
            "description": "",
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "0" * 64,
            "owner": user(CLERK, "clerk"),
            "team": None,
            "flags": 0,
        }

    def role(self) -> Json:
        return {
            "id": str(GUILD),
            "name": "@everyone",
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "position": 0,
            "permissions": str(BOT_PERMISSIONS),
            "managed": False,
            "mentionable": False,
            "flags": 0,
        }

    def member(self, of: Json, permissions: int | None = None) -> Json:
        found: Json = {
            "user": of,
            "roles": [],
            "joined_at": "2025-01-01T00:00:00+00:00",
            "deaf": False,
            "mute": False,
            "flags": 0,
            "nick": None,
            "avatar": None,
            "premium_since": None,
            "pending": False,
            "communication_disabled_until": None,
        }
        return found if permissions is None else found | {"permissions": str(permissions)}

    def guild(self) -> Json:
        zeros = ("verification_level", "default_message_notifications", "explicit_content_filter", "mfa_level")
        more = ("nsfw_level", "premium_tier", "premium_subscription_count", "system_channel_flags", "afk_timeout")
        empties = ("emojis", "stickers", "features", "threads", "voice_states", "presences", "stage_instances")
        return {
            "id": str(GUILD),
            "name": "The Clerks",
            "icon": None,
            "owner_id": str(CLERK),
            "roles": [self.role()],
            "channels": [c.payload() for c in self.channels.values() if c.guild_id == GUILD],
            "members": [self.member(self.bot())],
            "member_count": 2,
            "large": False,
            "unavailable": False,
            "joined_at": "2025-01-01T00:00:00+00:00",
            "preferred_locale": "en-GB",
            "guild_scheduled_events": [],
            **dict.fromkeys((*zeros, *more), 0),
            **{name: [] for name in empties},
        }

    def message(self, channel_id: int, body: Json, *, key: int | None = None, ephemeral: bool = False) -> Json:
        """A message of the bot's as Discord stores it: texts trimmed, each component with a number."""
        components = body.get("components") or []
        for number, component in enumerate(_each(components), start=1):
            component.setdefault("id", number)
        return {
            "id": str(key or snowflake()),
            "channel_id": str(channel_id),
            "author": user(BOT, "despatch", bot=True),
            "content": (body.get("content") or "").strip(),
            "timestamp": datetime.now(UTC).isoformat(),
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "attachments": [_attachment(each) for each in body.get("attachments") or []],
            "embeds": [_stored(embed) for embed in body.get("embeds") or []],
            "pinned": False,
            "type": 0,
            "flags": (body.get("flags") or 0) | (64 if ephemeral else 0),
            "components": components,
        } | ({"nonce": body["nonce"]} if body.get("nonce") is not None else {})

    def find(self, channel_id: int, message_id: str) -> Json | None:
        channel = self.channels.get(channel_id)
        found = channel.messages if channel else []
        shown = [m for i in self.interactions.values() if i.channel_id == channel_id for m in i.messages]
        return next((m for m in [*found, *shown] if m["id"] == message_id), None)

    def edit(self, message: Json, body: Json) -> Json:
        fresh = self.message(int(message["channel_id"]), message | body, key=int(message["id"]))
        message.update({name: fresh[name] for name in ("content", "embeds", "components")})
        message["edited_timestamp"] = datetime.now(UTC).isoformat()
        return message

    def filled(self, form: Json, fields: Json) -> Json:
        """A form as it comes back: of each labelled field its number, its name and what was written."""
        components = [
            {
                "type": 18,
                "id": number,
                "component": {
                    "type": label["component"]["type"],
                    "id": number + 100,
                    "custom_id": label["component"]["custom_id"],
                    "value": fields[label["component"]["custom_id"]],
                },
            }
            for number, label in enumerate(form["components"], start=1)
        ]
        return {"custom_id": form["custom_id"], "components": components}

    def option(self, kind: int, value: Any) -> tuple[Any, Json]:
        """A command's option as sent, with what `resolved` says of it."""
        if kind != 7:
            return value, {}
        channel = self.channels[int(value)]
        resolved = {"id": str(value), "name": channel.name, "type": channel.type, "permissions": str(CLERK_PERMISSIONS)}
        return str(value), {"channels": {str(value): resolved | {"flags": 0, "parent_id": None}}}


def _each(components: list[Json]) -> list[Json]:
    return [c for outer in components for c in (outer, *_each(outer.get("components") or []))]


def _attachment(sent: Json) -> Json:
    """A file as Discord keeps it; here its bytes are in its address. One that an edit keeps stays as it is."""
    if "file" not in sent:
        return sent
    size = len(sent["file"]) * 3 // 4 - sent["file"].count("=")
    address = f"data:image/png;base64,{sent['file']}"
    named = {"filename": sent["filename"], "description": sent.get("description")}
    return {"id": str(snowflake()), "size": size, "url": address, "proxy_url": address, **named}


def _stored(embed: Json) -> Json:
    texts = {name: embed[name].strip() for name in ("title", "description") if isinstance(embed.get(name), str)}
    return {"type": "rich"} | embed | texts
