"""Who speaks in the archive, found as people type names: by the first letters of any word, with title or without.

A name is looked up in an index of some thousands of speakers that triggers keep, never among the contributions."""

# ruff: noqa: S608 -- what is put together here are constants of this file; all that is typed is bound

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.archive import facets
from bot.archive.engine import Archive
from bot.errors import InputError

LOOKED_AT = 400
"""Speakers of a beginning that are ranked, those who said most first."""
_MOST_WORDS = 200
_COURTESY = frozenset("mr mrs ms miss dr sir dame lady madam the rt hon right honourable rev prof professor".split())
_PEERAGE = frozenset(
    "lord baroness earl viscount viscountess countess lady bishop archbishop duke duchess marquess baron".split()
)
_ROWS = "SELECT id, who, name, member_id, party, house, said FROM speakers"


@dataclass(frozen=True, slots=True)
class Speaker:
    """A Member, or another who speaks, under the name last printed; `said` counts the contributions of the archive."""

    name: str
    member_id: int | None
    party: str | None
    house: str | None
    said: int

    @property
    def facet(self) -> str:
        return facets.member(self.member_id) if self.member_id else facets.name(self.name)


def words(name: str) -> list[str]:
    """Of a name, lower case and without accents: "Baroness Jones of Moulsecoomb" has four."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    return re.findall(r"[^\W_]+", "".join(c for c in plain if not unicodedata.combining(c)))


async def members_like(archive: Archive, typed: str, limit: int = 25) -> list[Speaker]:
    """Those whose name has words that begin as the typed ones do ("fran", "lord and", "jones of m"), best first: the
    beginning of the name or the surname before another word, then who said most. Of nothing typed, who said most."""
    async with archive.read() as connection:
        found = await _beginning(connection, words(typed)[:8])
    wanted, found = words(typed), _numbered(found)
    found.sort(key=lambda each: (_fit(wanted, words(each.name)), -each.said, each.name))
    return found[: max(limit, 0)]


async def resolve(connection: AsyncConnection, typed: str) -> list[Speaker]:
    """Whom a name as typed means: all it may. Raises InputError with the nearest names where nobody has it."""
    wanted = words(typed)
    found = await _beginning(connection, wanted[:8]) if wanted else []
    for fits in (lambda name: name == wanted, lambda name: is_named(name, wanted), lambda _: True):
        if chosen := [each for each in found if fits(words(each.name))]:
            return chosen
    raise InputError(await _unknown(connection, typed))


async def named_in(connection: AsyncConnection, typed: Sequence[str]) -> tuple[int, int, list[Speaker]] | None:
    """The longest run of these words that is somebody's name, of two words at least: where it begins and ends, and
    whom it means."""
    low = [" ".join(words(each)) for each in typed]
    # Every run looked up by itself would be dozens of queries for a question.
    known = await _in_names(connection, " ".join(low).split())
    for length in range(min(len(low), 8), 1, -1):
        for start in range(len(low) - length + 1):
            run = low[start : start + length]
            if all(run) and set(" ".join(run).split()) <= known and (found := await _called(connection, run)):
                return start, start + length, found
    return None


async def _in_names(connection: AsyncConnection, typed: Iterable[str]) -> set[str]:
    """Those of some words that are in anybody's name, or in how people are addressed."""
    each = list(dict.fromkeys(typed))[:_MOST_WORDS]
    asked = (
        f"SELECT * FROM (SELECT :n{n} AS n FROM speaker_names WHERE speaker_names MATCH :w{n} LIMIT 1)"
        for n in range(len(each))
    )
    given = {f"n{n}": n for n in range(len(each))} | {f"w{n}": f'"{word}"' for n, word in enumerate(each)}
    met = (await connection.execute(text(" UNION ALL ".join(asked)), given)).scalars().all() if each else []
    return {each[n] for n in met} | _COURTESY


def is_named(name: Sequence[str], run: Sequence[str]) -> bool:
    """Whether these words name that person: "mark francois", "edward leigh" of Sir Edward, "lord anderson" of Lord
    Anderson of Swansea, "mrs badenoch" of Kemi Badenoch; never a surname alone."""
    name, run = list(name), list(run)
    if name == run:
        return True
    if run[0] in _PEERAGE:
        return len(run) > 1 and name[: len(run)] == run and (len(name) == len(run) or name[len(run)] in ("of", "and"))
    bare, called = _bare(name), _bare(run)
    if len(called) >= 2:
        return bare == called or (bare[-1:] == called[-1:] and bare[:1] == called[:1])
    return len(run) > len(called) == 1 and bool(bare) and bare[-1] == called[0] and name[0] not in _PEERAGE


def _bare(name: Sequence[str]) -> list[str]:
    start = next((at for at, word in enumerate(name) if word not in _COURTESY), len(name))
    return list(name[start:])


async def _called(connection: AsyncConnection, run: Sequence[str]) -> list[Speaker]:
    last = run[-1]
    if all(word in _COURTESY or word in _PEERAGE or len(word) < 2 for word in run) or last in ("of", "and"):
        return []
    wanted = [word for word in run if word not in _COURTESY] or list(run)
    rows = await _matching(connection, " AND ".join(f'"{word}"' for word in wanted))
    return [each for each in rows if is_named(words(each.name), run)]


async def _beginning(connection: AsyncConnection, wanted: Sequence[str]) -> list[Speaker]:
    if not wanted:
        rows = await connection.execute(text(f"{_ROWS} ORDER BY said DESC LIMIT :n"), {"n": LOOKED_AT})
        return _once(rows)
    return await _matching(connection, " AND ".join(f'"{word}" *' for word in wanted))


async def _matching(connection: AsyncConnection, expression: str) -> list[Speaker]:
    rows = await connection.execute(
        text(
            f"{_ROWS} WHERE id IN (SELECT rowid FROM speaker_names WHERE speaker_names MATCH :fts) "
            "ORDER BY said DESC LIMIT :n"
        ),
        {"fts": expression, "n": LOOKED_AT},
    )
    return _once(rows)


def _once(rows: Iterable[Any]) -> list[Speaker]:
    """A Member of several names is there once, under the one with which most was said."""
    found: dict[str, Speaker] = {}
    for row in rows:
        found.setdefault(row.who, Speaker(row.name, row.member_id, row.party, row.house, row.said))
    return list(found.values())


def _numbered(speakers: Sequence[Speaker]) -> list[Speaker]:
    """Without those who were printed once with a number, by which one Member alone is meant, and once without it."""
    named: dict[str, set[int]] = {}
    for each in speakers:
        if each.member_id:
            named.setdefault(facets.name(each.name), set()).add(each.member_id)
    return [each for each in speakers if each.member_id or len(named.get(facets.name(each.name), ())) != 1]


def _fit(wanted: Sequence[str], name: Sequence[str]) -> int:
    if not wanted:
        return 0
    if name[: len(wanted)] == wanted:
        return 0
    joined, typed = " ".join(name), " ".join(wanted)
    if joined.startswith(typed):
        return 1
    bare = _bare(name)
    if " ".join(bare).startswith(typed) or (bare and bare[-1].startswith(wanted[0])):
        return 2
    return 3


async def _unknown(connection: AsyncConnection, typed: str) -> str:
    rows = await connection.execute(text(f"{_ROWS} ORDER BY said DESC LIMIT 20000"))
    speakers = _once(rows)
    # A surname alone is near to surnames.
    names = {bare[-1]: each.name for each in reversed(speakers) if (bare := _bare(words(each.name)))}
    names |= {" ".join(words(each.name)): each.name for each in speakers}
    near = difflib.get_close_matches(" ".join(words(typed))[:80], names, n=3, cutoff=0.6)
    shown = " ".join(typed.split())[:80]
    if not near:
        return f"nobody called {shown!r} speaks in the archive"
    nearest = ", ".join(dict.fromkeys(names[each] for each in near))
    return f"nobody called {shown!r} speaks in the archive; nearest: {nearest}"
