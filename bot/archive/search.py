"""Search over contributions: the one function behind which the full-text index stands, SQLite's today.

What is promised: every result passes the filters, has all the words and phrases (a name or an office is understood as
who speaks) and none that was excluded. Where nothing has all of them, results with some follow, which a note says; of a
question they do so at once. `total` is exact up to `COUNTED`. At most `WEIGHED` matches are weighed: how often, in what
form and how near each other the words stand, and whether the contribution is about a topic itself. Of more, these
are those on a topic first, then the latest said (`candidates`); so that the work after the index is bounded.
"""

# ruff: noqa: S608 -- what is put together here are constants of this file; all that is typed is bound

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.archive import candidates, facets, members, ranking, vectors
from bot.archive.engine import Archive
from bot.archive.query import Term, read, telling, together
from bot.archive.ranking import Weighed
from bot.archive.schema import documents
from bot.domain import PRESS_QUOTATION, Kind
from bot.equivalents import equivalents
from bot.errors import InputError

if TYPE_CHECKING:
    from bot.archive.codes import Floats

COUNTED = 10_000
WEIGHED = 250
NEAREST = 100
"""Contributions taken of those that are near in meaning."""
NEAR = 0.25
"""The cosine below which two texts have nothing to do with each other: of a small archive all are among the nearest."""
FUSED = 60
"""What is added to a rank before reciprocals are summed (Cormack, Clarke and Büttcher 2009)."""
_EARLIEST, _LATEST = date(1800, 1, 1), date(2199, 12, 31)

_OFFICE = re.compile(
    r"\b(?:secretary|minister|chancellor|attorney|solicitor|commissioner|reviewer|leader|whip|premier)\b"
)
_COLUMNS = """c.external_id, c.speaker, c.party, c.role, c.url, c.voice, c.facets, d.id AS document_row,
       d.external_id AS document, d.title, d.kind, d.date, d.house, d.url AS document_url"""
_JOINED = "JOIN documents d ON d.id = c.document_id"
_ROW = (
    f"SELECT spoken.rowid AS row, highlight(spoken, 0, char(2), char(3)) AS marked, {_COLUMNS} "
    f"FROM spoken JOIN contributions c ON c.id = spoken.rowid {_JOINED}"
)
_PLAIN = f"SELECT c.id AS row, c.text AS marked, {_COLUMNS} FROM contributions c {_JOINED}"


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search is narrowed to. Members are ids or names as typed, any of them; a party is in any form that
    config/equivalents.toml knows; the days are both included."""

    members: tuple[int | str, ...] = ()
    party: str | None = None
    house: str | None = None
    since: date | None = None
    until: date | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """A contribution. `snippet` is the sentence with the matching words, cut at word bounds to a length; `marks` are
    the words' places in it, from and to. `contribution` and `document_row` are rows of the archive. `url` is the
    contribution's own address, else its document's. `score` lies in 0..1."""

    contribution: int
    id: str
    document_row: int
    document: str
    title: str
    kind: str
    speaker: str | None
    party: str | None
    role: str | None
    date: date | None
    house: str | None
    url: str | None
    snippet: str
    marks: tuple[tuple[int, int], ...]
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """A page of results, best first. `total` counts all there are; from `COUNTED` on it says "at least". `notes` are
    plain sentences on how the query was understood, or why nothing was found."""

    query: str
    total: int
    results: tuple[Result, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """A query as the index is asked it. `groups` are alternatives of filter tokens, of each of which one must hold;
    `members` are those of the filters, or whom the query names, by number or else by printed name."""

    terms: tuple[Term, ...]
    excluded: tuple[Term, ...]
    groups: tuple[tuple[str, ...], ...]
    members: tuple[int | str, ...] = ()

    def expression(self, terms: Iterable[Term] | None = None, *more: str, some: bool = False) -> str:
        """Of FTS5: all these terms (or one of them), one of each group, and no excluded one. Empty for nothing."""
        asked = [f"{{text speaker}} : {term.fts}" for term in (self.terms if terms is None else terms)]
        parts = [f"({' OR '.join(asked)})"] if some and asked else asked
        parts += [facets.any_of(group) for group in self.groups]
        wanted = " AND ".join(f"({part})" for part in [*parts, *more])
        if not self.excluded or not wanted:
            return wanted
        return f"({wanted}) NOT ({{text speaker}} : ({' OR '.join(term.fts for term in self.excluded)}))"


async def search(
    archive: Archive,
    query: str,
    filters: Filters = Filters(),
    *,
    limit: int = 20,
    offset: int = 0,
    vector: Floats | None = None,
) -> Found:
    """A page of what matches. `vector` is the query's encoding, of length one: what is near in meaning is then fused
    in by reciprocal rank.

    Raises InputError, with the mend, as `check` does and for a Member whom nobody is called."""
    check(filters)
    typed = read(query)
    wanted = max(WEIGHED, offset + limit)
    async with archive.read() as connection:
        whom = await _members(connection, filters)
        plain = Plan(telling(typed.terms), telling(typed.excluded), _groups(filters, whom), whom)
        plan, notes = await _understood(connection, typed.terms, plain)
        if plan is plain and not plan.terms and (phrase := together(typed.terms)):
            side_by_side = replace(plain, terms=(phrase,))
            if not plain.groups or await _count(connection, side_by_side.expression(), most=1):
                plan = side_by_side
                notes.append("Words as common as these are searched for side by side.")
        if typed.cut:
            notes.append("The query is long: only its beginning was searched for.")
        if not plan.expression():
            return Found(query, 0, (), (*notes, _WRITE))
        plan, some, total = await _met(connection, plan, plain, notes, some=typed.question and len(plan.terms) > 2)
        weights = await candidates.weights(connection, plan.terms)
        rows = await candidates.rows(
            connection, _ROW, plan.expression(some=some), total, wanted, days=(filters.since, filters.until)
        )
    ranks = await asyncio.to_thread(ranking.ranked, rows, plan.terms, weights)
    total -= len(rows) - len(ranks)
    if vector is not None and not any(term.quoted for term in plan.terms):
        ranks, added = await _fused(archive, ranks, plan, replace(filters, members=plan.members), vector)
        if added and not total:
            notes.append("Nothing has these words; these are near in meaning.")
        total += added
    if not total:
        notes.append("Nothing has these words" + (" within what the search is narrowed to." if plain.groups else "."))
    shown = await asyncio.to_thread(lambda: tuple(_result(each) for each in ranks[offset : offset + limit]))
    return Found(query, total, shown, tuple(notes))


_WRITE = "There is nothing to search for in it: write words that were said, such common ones in quotation marks."


def check(filters: Filters) -> None:
    """Raises InputError, with the mend, for dates reversed and for a House or kind that is none."""
    if filters.house and _house(filters.house) not in ("commons", "lords"):
        raise InputError(f"there is no House called {filters.house[:40]!r}; write Commons or Lords")
    if filters.kind and filters.kind not in tuple(Kind):
        raise InputError(f"there is no kind called {filters.kind[:40]!r}; write {', '.join(Kind)}")
    if filters.since and filters.until and filters.since > filters.until:
        raise InputError(f"the dates are reversed: {filters.since} is after {filters.until}; put the earlier day first")


def _house(typed: str) -> str:
    return equivalents().first(typed)


async def _members(connection: AsyncConnection, filters: Filters) -> tuple[int | str, ...]:
    """Those of the filters, by number or else by the name as printed."""
    found: list[int | str] = []
    for each in filters.members:
        known = [each] if isinstance(each, int) else _named(await members.resolve(connection, each))
        found += known
    return tuple(dict.fromkeys(found))


def _named(speakers: Iterable[members.Speaker]) -> list[int | str]:
    return list(dict.fromkeys(each.member_id or each.name for each in speakers))


def _token(member: int | str) -> str:
    return facets.member(member) if isinstance(member, int) else facets.name(member)


def _groups(filters: Filters, whom: Sequence[int | str]) -> tuple[tuple[str, ...], ...]:
    groups: list[tuple[str, ...]] = []
    if whom:
        groups.append(tuple(_token(each) for each in whom))
    if filters.party:
        groups.append(tuple({facets.party(form) for form in (filters.party, *equivalents().others(filters.party))}))
    if filters.house:
        groups.append((facets.house(_house(filters.house)),))
    if filters.kind:
        groups.append((facets.kind(filters.kind),))
    if filters.since or filters.until:
        since, until = filters.since or _EARLIEST, filters.until or _LATEST
        groups.append(tuple(facets.days(max(since, _EARLIEST), min(until, _LATEST))) or ("t0",))
    return tuple(groups)


async def _understood(connection: AsyncConnection, typed: tuple[Term, ...], plain: Plan) -> tuple[Plan, list[str]]:
    """The plan with the first run of words that is somebody's name, or an office, understood as who speaks; the plain
    one itself where none is."""
    bare = ["" if term.quoted else term.text for term in typed]
    if named := await members.named_in(connection, bare):
        start, end, whom = named
        left, who = telling((*typed[:start], *typed[end:])), tuple(_named(whom))
        names = " or ".join(dict.fromkeys(each.name for each in whom[:3]))
        groups = (*plain.groups, tuple(_token(each) for each in who))
        return replace(plain, terms=left, groups=groups, members=plain.members or who), [f"What {names} said."]
    for length in range(min(len(bare), 8), 1, -1):
        for start in range(len(bare) - length + 1):
            run = bare[start : start + length]
            form = " ".join(run).casefold()
            if not all(run) or not _OFFICE.search(form):
                continue
            tokens = tuple(dict.fromkeys(facets.office(each) for each in (form, *equivalents().others(form))))
            if await _count(connection, facets.any_of(tokens), most=1):
                left = telling((*typed[:start], *typed[start + length :]))
                return replace(plain, terms=left, groups=(*plain.groups, tokens)), [f"What the {form} said."]
    return plain, []


async def _met(
    connection: AsyncConnection, plan: Plan, plain: Plan, notes: list[str], *, some: bool
) -> tuple[Plan, bool, int]:
    """The first plan that anything meets, whether by some of its words, and how many do: all the words of whom the
    query names, all of anybody, then some. What was given up stands in the notes."""
    if total := await _count(connection, plan.expression(some=some)):
        return plan, some, total
    loose = len(plan.terms) > 1 and not any(term.quoted for term in plan.terms)
    named = plan.groups != plain.groups
    left_out = f"{notes[0].removesuffix('.')} has not all the other words" if named else ""
    if named and plain.terms and (total := await _count(connection, plain.expression())):
        notes[0] = f"{left_out}: what follows has them, and is anybody's."
        return plain, False, total
    if loose and (total := await _count(connection, plan.expression(some=True))):
        notes += ["Nothing has all of these words; these have some of them."]
        return plan, True, total
    unquoted = named and not any(term.quoted for term in plain.terms)
    if unquoted and plain.terms and (total := await _count(connection, plain.expression(some=True))):
        notes[0] = f"{left_out}: what follows has some of the words, and is anybody's."
        return plain, True, total
    return plan, some, 0


async def _count(connection: AsyncConnection, expression: str, most: int = COUNTED) -> int:
    if not expression:
        return 0
    asked = "SELECT count(*) FROM (SELECT 1 FROM spoken WHERE spoken MATCH :fts LIMIT :most)"
    return int(await connection.scalar(text(asked), {"fts": expression, "most": most}) or 0)


async def _fused(
    archive: Archive, ranks: list[Weighed], plan: Plan, filters: Filters, vector: Floats
) -> tuple[list[Weighed], int]:
    """Ranks by words and by meaning as one; and how many more there are now. What meaning adds passes every filter."""
    nearest = await vectors.of(archive).nearest(vector, replace(filters, party=None), NEAREST)
    near = [row for row, cosine in nearest if cosine >= NEAR]
    known = {each.row.row: each for each in ranks}
    if new := [row for row in near if row not in known]:
        async with archive.read() as connection:
            rows = await connection.execute(
                text(f"{_PLAIN} WHERE c.id IN (SELECT value FROM json_each(:rows))").columns(
                    date=documents.c.date.type
                ),
                {"rows": json.dumps(new)},
            )
            found = rows.all()
        excluded = " OR ".join(term.fts for term in plan.excluded)
        left = await asyncio.to_thread(candidates.without, found, excluded, plan.groups)
        read = {row.row: row for row in left}
        known |= {row: Weighed(read[row], 0.0, read[row].marked, ()) for row in new if row in read}
    score = dict.fromkeys(known, 0.0)
    for order in ([each.row.row for each in ranks], [row for row in near if row in known]):
        for at, row in enumerate(order, 1):
            score[row] += (FUSED + 1) / (FUSED + at) / 2
    fused = [replace(each, score=score[row]) for row, each in known.items()]
    return sorted(fused, key=lambda each: -each.score), len(known) - len(ranks)


def _result(each: Weighed) -> Result:
    row = each.row
    shown, marks = ranking.snippet(each.text, each.marks)
    if row.kind == Kind.ARTICLE:
        shown, marks = _in_few_words(shown, marks)
    return Result(
        contribution=row.row,
        id=row.external_id,
        document_row=row.document_row,
        document=row.document,
        title=row.title,
        kind=row.kind,
        speaker=row.speaker,
        party=row.party,
        role=row.role,
        date=row.date,
        house=row.house,
        url=row.url or row.document_url,
        snippet=shown,
        marks=marks,
        score=round(each.score, 4),
    )


def _in_few_words(shown: str, marks: tuple[tuple[int, int], ...]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """What may be quoted of the press: the words round the first that matches."""
    words = list(re.finditer(r"[^\s…]\S*", shown))
    if len(words) <= PRESS_QUOTATION:
        return shown, marks
    first = next((n for n, word in enumerate(words) if marks and word.end() > marks[0][0]), 0)
    start = max(0, min(first - PRESS_QUOTATION // 2, len(words) - PRESS_QUOTATION))
    begin, end = words[start].start(), words[start + PRESS_QUOTATION - 1].end()
    lead, tail = "…" if begin else "", "…" if end < len(shown.rstrip("…")) or shown.endswith("…") else ""
    move = len(lead) - begin
    kept = tuple((a + move, b + move) for a, b in marks if begin <= a and b <= end)
    return f"{lead}{shown[begin:end].rstrip('…')}{tail}", kept
