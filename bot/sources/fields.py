"""Reading JSON that another service made: each returns the value where it has the right type, else nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any


def table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def rows(value: object) -> list[Mapping[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def word(value: object) -> str | None:
    """A string that says something, without the white space round it."""
    return value.strip() or None if isinstance(value, str) else None


def number(value: object) -> int:
    """A whole number that a database can hold; 0 where there is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63 else 0


def day_of(value: object) -> date | None:
    """The day of `2025-02-12T00:00:00`, never shifted by a zone; None where it is none, or .NET's year 1."""
    if not isinstance(value, str):
        return None
    try:
        found = date.fromisoformat(value.strip()[:10])
    except ValueError:
        return None
    return found if found.year > 1 else None
