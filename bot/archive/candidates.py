"""Which of many matches are weighed, and how telling each word is: a bounded look into the full-text index.

Of more matches than are weighed, half of those may be on a topic, the latest of these first; the others are the latest
said: to the month within the newest year where there are very many, else to the year (within it, those read last), and
what has no day after all that has one."""

# ruff: noqa: S608 -- what is put together here are constants and filter tokens; all that is typed is bound

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.archive import facets
from bot.archive.query import Term
from bot.archive.schema import documents

TOKENS = "porter unicode61 remove_diacritics 2"
"""How the index parts and stems words (migration 0003)."""
Days = tuple[date | None, date | None]
_DENSE = 10_000
"""From so many matches on, the newest year alone may hold more than are weighed."""
_PROBED = 2_000
"""Of a common word, the latest so many contributions tell how common it is."""
_MOST_YEARS = 80


async def rows(
    connection: AsyncConnection, chosen: str, expression: str, total: int, wanted: int, *, days: Days = (None, None)
) -> Sequence[Row[Any]]:
    """At most `wanted` of the `total` matches of an expression. `chosen` selects from `spoken` and what is joined;
    `days` are the first and the last that the expression lets through, where they are known."""
    if not total:
        return []
    if total <= wanted:
        return await _read(connection, chosen, [expression], wanted)
    first, last = (await connection.execute(text(_SPAN))).one()
    parts: list[str] = []
    if first and last:
        oldest, newest = date.fromisoformat(first), date.fromisoformat(last)
        parts = list(periods(min(newest, days[1] or newest), max(oldest, days[0] or oldest), total))
    found: dict[int, Row[Any]] = {}
    half = wanted // 2
    about = f"({expression}) AND {facets.any_of([facets.TOPICAL])}"
    topical = await _read(connection, chosen, [about], half + 1)
    if len(topical) > half:
        topical = await _read(connection, chosen, list(_within(about, parts)), half)
    for row in (*topical, *await _read(connection, chosen, list(_within(expression, parts)), wanted)):
        found.setdefault(row.row, row)
    return list(found.values())[:wanted]


def without(rows: Sequence[Any], excluded: str, groups: Sequence[Sequence[str]]) -> list[Any]:
    """Of some rows with `marked`, `speaker` and `facets`, those that pass each group of filter tokens and in which
    nothing of an expression of FTS5 stands ("" for none). An index of these rows alone: the large one would be walked
    for each."""
    passing = [row for row in rows if all(set(group) & set(row.facets.split()) for group in groups)]
    if not excluded or not passing:
        return passing
    with closing(sqlite3.connect(":memory:")) as few:
        few.execute(f"CREATE VIRTUAL TABLE few USING fts5(text, speaker, tokenize='{TOKENS}')")
        few.executemany(
            "INSERT INTO few (rowid, text, speaker) VALUES (?, ?, ?)",
            [(at, row.marked, row.speaker) for at, row in enumerate(passing)],
        )
        struck = {at for (at,) in few.execute("SELECT rowid FROM few WHERE few MATCH ?", (excluded,))}
    return [row for at, row in enumerate(passing) if at not in struck]


_SPAN = "SELECT (SELECT min(date) FROM documents), (SELECT max(date) FROM documents)"


def periods(newest: date, oldest: date, total: int) -> Iterator[str]:
    """The filter tokens of the time from the newest day to the oldest, backwards."""
    first = newest.year
    if total >= _DENSE:
        yield from (f"t{newest.year}{month:02}" for month in range(newest.month, 0, -1))
        first -= 1
    yield from (f"t{year}" for year in range(first, max(oldest.year, newest.year - _MOST_YEARS) - 1, -1))


def _within(expression: str, parts: Sequence[str]) -> Iterator[str]:
    yield from (f"({expression}) AND {facets.any_of([part])}" for part in parts)
    yield f"({expression}) NOT ({facets.any_of(parts)})" if parts else expression


async def _read(connection: AsyncConnection, chosen: str, parts: Sequence[str], most: int) -> Sequence[Row[Any]]:
    # SQLite walks a compound in order and stops at its limit: the parts after that cost nothing.
    each = [
        f"SELECT * FROM ({chosen} WHERE spoken MATCH :part{n} ORDER BY spoken.rowid DESC LIMIT :most)"
        for n in range(len(parts))
    ]
    asked = text(" UNION ALL ".join(each) + " LIMIT :most").columns(date=documents.c.date.type)
    given = {f"part{n}": part for n, part in enumerate(parts)}
    return (await connection.execute(asked, given | {"most": most})).all()


async def weights(connection: AsyncConnection, terms: Sequence[Term]) -> list[float]:
    """How telling each word is: the rarer the more. How many contributions have a common one is judged by how far
    back the latest of them reach."""
    if len(terms) < 2:
        return [1.0] * len(terms)
    each = [
        f"SELECT * FROM (SELECT :at{n} AS at, count(*) AS met, min(row) AS first FROM "
        f"(SELECT rowid AS row FROM spoken WHERE spoken MATCH :term{n} ORDER BY rowid DESC LIMIT :most))"
        for n in range(len(terms))
    ]
    given: dict[str, Any] = {"most": _PROBED}
    for n, term in enumerate(terms):
        given |= {f"at{n}": n, f"term{n}": term.fts}
    last = int(await connection.scalar(text("SELECT max(id) FROM contributions")) or 1)
    found = {row.at: row for row in await connection.execute(text(" UNION ALL ".join(each)), given)}
    counts = [
        row.met if row.met < _PROBED else row.met * last / (last - row.first + 1)
        for row in (found[n] for n in range(len(terms)))
    ]
    return [math.log(1 + max(last, count) / (count + 0.5)) for count in counts]
