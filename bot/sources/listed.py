"""A list that a service gives in pages, read whole although it may change meanwhile.

A row that comes or goes while the pages are read shifts the others: one would be missed or come twice. So each page
begins with the last row of the one before, and a list that does not join, or counts otherwise, is read again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.errors import SourceError
from bot.sources.fields import number, rows, table
from bot.sources.http import Client

PAGE = 100
LONGEST_LIST = 5_000
READINGS = 4
"""How often a list is read that will not keep still."""

Row = Mapping[str, Any]


class TooLong(SourceError):
    """More rows than are read at once: ask for less."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What an answer's fields are called. `row` takes an entry apart, `key` names a row."""

    rows: str
    total: str
    skip: str
    take: str
    row: Callable[[Row], Row]
    key: Callable[[Row], object]


async def whole(
    client: Client,
    url: str,
    asked: Mapping[str, str],
    shape: Shape,
    check: Callable[[Row], None] = lambda row: None,
) -> list[Row]:
    """Every row of a list, each once, in its order. `check` may raise SourceError for a row that was not asked for.

    Raises SourceError for an answer that is no list, a list of more than `LONGEST_LIST` rows (`TooLong`), and one that
    changed at every reading."""
    before: set[str] | None = None
    for _ in range(READINGS):
        found, steady = await _once(client, url, asked, shape, check)
        if found is None:
            continue
        if steady or found.keys() == before:
            return list(found.values())
        before = set(found)
    raise SourceError(f"{url}: its list kept changing while it was read; try again later")


async def _once(
    client: Client, url: str, asked: Mapping[str, str], shape: Shape, check: Callable[[Row], None]
) -> tuple[dict[str, Row] | None, bool]:
    """The rows by key, and whether they are as many as the list says; None where the list changed meanwhile."""
    found: dict[str, Row] = {}
    read, total, last = 0, None, ""
    while True:
        answer = await client.json(url, params={**asked, shape.skip: str(max(read - 1, 0)), shape.take: str(PAGE)})
        if not isinstance(answer, dict) or not isinstance(answer.get(shape.rows), list):
            raise SourceError(f"{url}: answered something that is not a list")
        page = [shape.row(row) for row in rows(answer[shape.rows])]
        counted = number(answer.get(shape.total))
        if total is not None and (counted != total or not page or _key(page[0], shape) != last):
            return None, False
        total = counted
        if total > LONGEST_LIST:
            raise TooLong(f"{url}: lists {total:,} rows; more than {LONGEST_LIST:,} are not read at once")
        new = page[1:] if read else page
        for row in new:
            check(row)
            found[_key(row, shape)] = row
        read += len(new)
        if not new or read >= total:
            return found, len(found) == read == total
        last = _key(new[-1], shape)


def _key(row: Row, shape: Shape) -> str:
    found = shape.key(row)
    return str(found) if found else json.dumps(row, sort_keys=True, default=str)


WRITTEN = Shape(
    "results", "totalResults", "skip", "take", lambda row: table(row.get("value")), lambda row: row.get("id")
)
FOUND = Shape(
    "Results",
    "TotalResultCount",
    "queryParameters.skip",
    "queryParameters.take",
    lambda row: row,
    lambda row: row.get("ContributionExtId") or row.get("ItemId"),
)
