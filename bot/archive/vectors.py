"""The encodings of contributions: kept as rows of the archive, found again by nearness.

Finding is in two steps: the signs of all passages sift out some hundreds, which are then ranked by a byte a number.
Both are in memory; the best are looked up in the archive, so that nothing is ever found that is no longer there. A row
that is damaged, or another encoder's, is dropped and owed again; a search goes on with those that are whole.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
import structlog
from sqlalchemy import delete, func, insert, literal, select, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.archive import codes
from bot.archive.engine import Archive
from bot.archive.health import MESSAGE, put_mark
from bot.archive.matrix import Matrix
from bot.archive.schema import contributions, documents, marks, topical, unencoded, vectors
from bot.domain import Voice
from bot.errors import ArchiveError

if TYPE_CHECKING:
    from bot.archive.search import Filters

ENCODER, WIDTH = "vectors.encoder", "vectors.width"
"""Marks: whose vectors the archive holds, and how many numbers each has."""
TRIES = 3
"""How often a contribution is encoded in vain before it waits for a person."""
SIFTED = 1500
"""Passages ranked for a search; where it asks for more than 60, 25 for each."""
REST = 60.0
"""Seconds without a try after the vectors could not be read: a million rows in vain would cost every search."""
_AT_ONCE = 4096
_FACTS = """
SELECT vectors.id, vectors.contribution_id, contributions.member_id, contributions.speaker, contributions.party,
       documents.house, documents.kind, documents.date, vectors.signs, vectors.steps
FROM vectors JOIN contributions ON contributions.id = vectors.contribution_id
JOIN documents ON documents.id = contributions.document_id
WHERE vectors.id > ? ORDER BY vectors.id
"""
_STAND = "SELECT id FROM vectors WHERE id IN (SELECT value FROM json_each(?))"

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Owed:
    """A contribution without vectors, by its row."""

    contribution: int
    text: str


@dataclass(frozen=True, slots=True)
class Progress:
    """`owed` contributions wait; `failed` ones have been tried in vain, the last with `error`."""

    passages: int
    owed: int
    failed: int
    error: str | None
    encoder: str | None

    def __str__(self) -> str:
        said = f"{self.passages} passages encoded, {self.owed} contributions to come"
        return f"{said}, {self.failed} failed ({self.error})" if self.failed else said


@dataclass(frozen=True, slots=True)
class _Found:
    near: list[tuple[int, float]]
    gone: list[int]


class Vectors:
    """The vectors of one open archive; `of(archive)` gives the one that all share.

    What is in memory is read when first wanted, in a thread, and what other processes add is read before each search.
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._matrix: Matrix | None = None
        self._made_by: tuple[str | None, int] = (None, 0)
        self._turn = asyncio.Lock()
        self._told = False
        self._rests_until = 0.0

    async def nearest(
        self, vector: codes.Floats, filters: Filters | None = None, limit: int = 100
    ) -> list[tuple[int, float]]:
        """The contributions (row ids) whose passages are nearest to a unit vector, best first, with their cosines.

        Empty where there are none yet, where `vector` is not of the width of the archive's, and where they cannot be
        read, which is logged and not tried again for `REST`: a search goes on without."""
        query = np.ascontiguousarray(vector, np.float32)
        if limit < 1 or not np.isfinite(query).all() or time.monotonic() < self._rests_until:
            return []
        try:
            for _ in range(TRIES):
                matrix = await self._current()
                if not len(matrix) or len(query) != self._made_by[1]:
                    return []
                found = await asyncio.to_thread(_nearest, self._archive, matrix, query, filters, limit)
                if not found.gone:
                    break
                await self._forget(found.gone)
            return found.near
        except (sqlite3.Error, ArchiveError, MemoryError) as error:
            if not self._told:
                _log.error("vectors cannot be read; searching goes on without", error=str(error))
            self._told = True
            self._rests_until = time.monotonic() + REST
            return []

    async def load(self) -> int:
        """Read what is not in memory yet; says how many passages there are."""
        return len(await self._current())

    async def owed(self, limit: int) -> list[Owed]:
        """Contributions that want vectors: those on a topic first, then the newest."""
        async with self._archive.read() as connection:
            rows = await connection.execute(
                select(contributions.c.id, contributions.c.text)
                .join(unencoded, unencoded.c.contribution_id == contributions.c.id)
                .where(unencoded.c.attempts < TRIES)
                .order_by(unencoded.c.topical.desc(), unencoded.c.day.desc(), unencoded.c.contribution_id.desc())
                .limit(limit)
            )
            return [Owed(row.id, row.text) for row in rows]

    async def keep(self, rows: Sequence[tuple[Owed, codes.Floats]]) -> int:
        """Keep contributions' vectors, a row a passage (none for one without words); they are owed no longer.

        A contribution that was replaced meanwhile is passed over, and owed still. Says how many passages were kept.
        Raises ValueError for vectors of another width than the archive's, or that are not numbers."""
        width = next((each.shape[1] for _, each in rows if len(each)), None)
        made = await asyncio.to_thread(_rows, rows, width) if width else []
        async with self._archive.write() as connection:
            if width:
                kept_width = await connection.scalar(select(marks.c.value).where(marks.c.key == WIDTH))
                if kept_width is None:
                    await put_mark(connection, WIDTH, str(width))
                elif kept_width != str(width):
                    raise ValueError(f"vectors of {width} numbers; the archive's have {kept_width}")
            # A row id is given out again: the same one may be another text by now.
            texts = {owed.contribution: owed.text for owed, _ in rows}
            wanted = select(contributions.c.id, contributions.c.text).where(contributions.c.id.in_(texts))
            ids = {row.id for row in await connection.execute(wanted) if row.text == texts[row.id]}
            await connection.execute(delete(vectors).where(vectors.c.contribution_id.in_(ids)))
            values = [each for each in made if each["contribution_id"] in ids]
            if values:
                await connection.execute(insert(vectors), values)
            await connection.execute(delete(unencoded).where(unencoded.c.contribution_id.in_(ids)))
        return len(values)

    async def fail(self, contribution: int, error: str) -> None:
        """Note that a contribution was encoded in vain; after `TRIES` times it is owed no longer."""
        async with self._archive.write() as connection:
            await connection.execute(
                update(unencoded)
                .where(unencoded.c.contribution_id == contribution)
                .values(attempts=unencoded.c.attempts + 1, error=error[:MESSAGE])
            )

    async def begin(self, encoder: str) -> bool:
        """From now on vectors are this encoder's. Where the archive's are another's they are dropped and owed again:
        then True."""
        async with self._archive.write() as connection:
            before = await connection.scalar(select(marks.c.value).where(marks.c.key == ENCODER))
            if before == encoder:
                return False
            await put_mark(connection, ENCODER, encoder)
            await connection.execute(delete(marks).where(marks.c.key == WIDTH))
            dropped = await connection.execute(delete(vectors))
            if dropped.rowcount:
                await _owe(connection, contributions.c.voice != Voice.PROCEDURE.value)
        if dropped.rowcount:
            _log.warning("another encoder's vectors dropped", encoder=encoder, before=before, passages=dropped.rowcount)
        return bool(dropped.rowcount)

    async def any(self) -> bool:
        """Whether anything is encoded."""
        async with self._archive.read() as connection:
            return await connection.scalar(select(vectors.c.id).limit(1)) is not None

    async def progress(self) -> Progress:
        """How far encoding is."""
        async with self._archive.read() as connection:
            failed = unencoded.c.attempts >= TRIES
            return Progress(
                passages=await connection.scalar(select(func.count()).select_from(vectors)) or 0,
                owed=await connection.scalar(select(func.count()).select_from(unencoded).where(~failed)) or 0,
                failed=await connection.scalar(select(func.count()).select_from(unencoded).where(failed)) or 0,
                error=await connection.scalar(select(unencoded.c.error).where(unencoded.c.error.is_not(None)).limit(1)),
                encoder=await connection.scalar(select(marks.c.value).where(marks.c.key == ENCODER)),
            )

    async def _current(self) -> Matrix:
        async with self._turn:
            matrix, made_by, damaged = await asyncio.to_thread(_read, self._archive, self._matrix, self._made_by)
            self._matrix, self._made_by = matrix, made_by
        if damaged:
            await self._mend(damaged)
        return matrix

    async def _forget(self, rows: Sequence[int]) -> None:
        async with self._turn:
            if self._matrix is not None:
                self._matrix = await asyncio.to_thread(self._matrix.without, rows)

    async def _mend(self, rows: Sequence[int]) -> None:
        """Drop damaged rows with the rest of their contributions, which are owed again."""
        _log.warning("damaged vectors dropped; they are made again", rows=len(rows))
        for start in range(0, len(rows), _AT_ONCE):
            some = select(vectors.c.contribution_id).where(vectors.c.id.in_(rows[start : start + _AT_ONCE]))
            async with self._archive.write() as connection:
                ids = (await connection.execute(some.distinct())).scalars().all()
                await _owe(connection, contributions.c.id.in_(ids))
                await connection.execute(delete(vectors).where(vectors.c.contribution_id.in_(ids)))
        self._archive.unencoded.set()


_open: WeakKeyDictionary[Archive, Vectors] = WeakKeyDictionary()


def of(archive: Archive) -> Vectors:
    """The vectors of an open archive: one a process, for there is one matrix in memory."""
    if (found := _open.get(archive)) is None:
        found = _open[archive] = Vectors(archive)
    return found


async def _owe(connection: AsyncConnection, which: Any) -> None:
    about = select(topical.c.contribution_id).where(topical.c.contribution_id == contributions.c.id).exists()
    wanted = (
        select(contributions.c.id, about, documents.c.date, literal(0))
        .join(documents, documents.c.id == contributions.c.document_id)
        .where(which)
    )
    columns = ["contribution_id", "topical", "day", "attempts"]
    await connection.execute(upsert(unencoded).from_select(columns, wanted).on_conflict_do_nothing())


def _rows(rows: Sequence[tuple[Owed, codes.Floats]], width: int) -> list[dict[str, Any]]:
    if any(len(each) and each.shape[1] != width for _, each in rows):
        raise ValueError("vectors of several widths")
    together = np.concatenate([each for _, each in rows if len(each)])
    if not np.isfinite(together).all():
        raise ValueError("vectors that are not numbers")
    places = [(owed.contribution, part) for owed, each in rows for part in range(len(each))]
    kept = zip(places, codes.sealed(codes.signs(together)), codes.sealed(codes.steps(together)), strict=True)
    return [{"contribution_id": c, "part": part, "signs": signs, "steps": steps} for (c, part), signs, steps in kept]


@contextmanager
def _reading(archive: Archive) -> Iterator[sqlite3.Connection]:
    """The file itself, for a thread: a million rows through the archive's own connections would hold up the loop."""
    with closing(sqlite3.connect(f"{archive.path.as_uri()}?mode=ro", uri=True, timeout=30)) as connection:
        yield connection


def _read(
    archive: Archive, matrix: Matrix | None, made_by: tuple[str | None, int]
) -> tuple[Matrix, tuple[str | None, int], list[int]]:
    """The matrix with what is new, whose vectors those are and how wide, and the rows that are damaged."""
    with _reading(archive) as connection:
        held = dict(connection.execute("SELECT key, value FROM marks WHERE key IN (?, ?)", (ENCODER, WIDTH)))
        width = int(held[WIDTH]) if held.get(WIDTH, "").isdigit() else 0
        words = -(-width // 64)
        if matrix is None or (held.get(ENCODER), width) != made_by:
            matrix = Matrix.empty(words, -(-width // codes.WORD))
        signs, steps, columns, damaged = [], [], [], []
        cursor = connection.execute(_FACTS, (matrix.last,))
        while width and (rows := cursor.fetchmany(_AT_ONCE)):
            found, whole = codes.unsealed([row[-2] for row in rows], words)
            ranked, fine = codes.unsealed([row[-1] for row in rows], matrix.steps.shape[1])
            whole &= fine
            damaged += [row[0] for row, fine in zip(rows, whole, strict=True) if not fine]
            good = rows if whole.all() else [row for row, fine in zip(rows, whole, strict=True) if fine]
            if good:
                signs.append(found[whole])
                steps.append(ranked[whole])
                columns.append(matrix.facts([row[:-2] for row in good]))
        return matrix.joined(signs, steps, columns), (held.get(ENCODER), width), damaged


def _nearest(archive: Archive, matrix: Matrix, query: codes.Floats, filters: Filters | None, limit: int) -> _Found:
    places = matrix.sift(codes.signs(query[None])[0], filters, max(SIFTED, 25 * limit))
    cosines = codes.cosines(matrix.steps[places], query)
    best: dict[int, tuple[int, float]] = {}
    for at in np.lexsort((places, -cosines)):
        contribution = int(matrix.columns["contribution"][places[at]])
        best.setdefault(contribution, (int(matrix.columns["row"][places[at]]), float(cosines[at])))
        if len(best) == limit:
            break
    rows = {row for row, _ in best.values()}
    with _reading(archive) as connection:
        standing = {row for (row,) in connection.execute(_STAND, (json.dumps(sorted(rows)),))}
    near = [(contribution, cosine) for contribution, (row, cosine) in best.items() if row in standing]
    return _Found(near, sorted(rows - standing))
