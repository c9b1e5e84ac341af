"""The archive's own column types: moments in UTC, and JSON objects packed small."""

from __future__ import annotations

import json
import zlib
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, LargeBinary, TypeDecorator


class Moment(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC. A naive one is refused: ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def pack(value: dict[str, Any]) -> bytes:
    """A JSON object, deflated: a debate of 100 kB is read again all day and every version of it is kept."""
    return zlib.compress(json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode("ascii"), 6)


def unpack(value: bytes) -> dict[str, Any]:
    """What `pack` packed."""
    found: dict[str, Any] = json.loads(zlib.decompress(value))
    return found


class Packed(TypeDecorator[dict[str, Any]]):
    """A small JSON object, packed on the spot; large ones are packed in a thread by who keeps them."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: dict[str, Any] | None, dialect: Dialect) -> bytes | None:
        return None if value is None else pack(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> dict[str, Any] | None:
        return None if value is None else unpack(value)


def storable(text: str | None) -> str | None:
    """Half a surrogate pair cannot be written as UTF-8, nor a NUL in PostgreSQL; the version's body holds both."""
    return text if text is None else text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "\ufffd")
