"""What the bot must be allowed in a Discord server, the address that invites it with just that, and what is missing.

Bits and the order in which overwrites apply are those of Discord's documentation, "Permissions".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

VIEW_CHANNEL = 1 << 10
SEND_MESSAGES = 1 << 11
EMBED_LINKS = 1 << 14
ATTACH_FILES = 1 << 15
READ_MESSAGE_HISTORY = 1 << 16
SEND_MESSAGES_IN_THREADS = 1 << 38
_ADMINISTRATOR = 1 << 3

NEEDED: Mapping[str, int] = {
    "View Channels": VIEW_CHANNEL,
    "Send Messages": SEND_MESSAGES,
    "Send Messages in Threads": SEND_MESSAGES_IN_THREADS,
    "Embed Links": EMBED_LINKS,
    "Attach Files": ATTACH_FILES,
    "Read Message History": READ_MESSAGE_HISTORY,
}
"""Each by the name that a server's settings show: to post, to post in threads, links, pictures, finding a message
that was posted just before a crash."""

LEAST = sum(NEEDED.values())
_THREADS = (10, 11, 12)
_EVERYTHING = (1 << 53) - 1


def invite(application: str) -> str:
    """The address at which a server's manager adds the bot with the least permissions."""
    asked = f"client_id={application}&scope=bot+applications.commands&permissions={LEAST}"
    return f"https://discord.com/oauth2/authorize?{asked}"


def missing(bits: int, *, channel_type: int | None = None) -> tuple[str, ...]:
    """The names of what `bits` lacks, anywhere or (with a Discord channel type) to post in such a channel."""
    if bits & _ADMINISTRATOR:
        return ()
    here = SEND_MESSAGES if channel_type in _THREADS else SEND_MESSAGES_IN_THREADS
    unused = 0 if channel_type is None else here
    return tuple(name for name, bit in NEEDED.items() if not bits & bit and bit != unused)


def of_roles(guild: str, roles: Iterable[Mapping[str, Any]], mine: Iterable[str]) -> int:
    """A member's permissions in a server: @everyone's (the role with the server's id) and those of the roles held."""
    held = {guild, *mine}
    bits = 0
    for role in roles:
        if role["id"] in held:
            bits |= int(role["permissions"])
    return _EVERYTHING if bits & _ADMINISTRATOR else bits


def in_channel(bits: int, overwrites: Iterable[Mapping[str, Any]], guild: str, mine: Iterable[str], me: str) -> int:
    """`bits` as a channel's overwrites change them: @everyone's first, then the roles' together, then the member's."""
    if bits & _ADMINISTRATOR:
        return _EVERYTHING
    rows = {row["id"]: (int(row["allow"]), int(row["deny"])) for row in overwrites}
    roles = [rows[role] for role in mine if role in rows and role != guild]
    together = (_union(allow for allow, _ in roles), _union(deny for _, deny in roles))
    for allow, deny in (rows.get(guild, (0, 0)), together, rows.get(me, (0, 0))):
        bits = (bits & ~deny) | allow
    return bits


def _union(values: Iterable[int]) -> int:
    total = 0
    for value in values:
        total |= value
    return total
