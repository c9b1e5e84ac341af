"""How fast a large archive is searched: full text beside LIKE on the same file, names, words and meaning fused, ingest.

    python -m benchmarks.search [--rows 1000000] [--folder FOLDER]

The archive is made once (`invented.py`; 1,000,000 contributions take some ten minutes and 4 GB) and used again where
`--folder` holds it; else it goes with the run. The process that searches does nothing else, and its memory is its own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import invented
from benchmarks.ingest import answers
from benchmarks.remembered import Remembered
from benchmarks.search_vectors import keep_vectors, moved
from bot.archive import Archive, members, vectors
from bot.archive.documents import Reader, save_reading
from bot.archive.search import Filters, search
from bot.inference.models import Models
from bot.settings import Models as ModelSettings
from bot.sources.debate import parse_debate

EACH = 12
"""Queries of a kind."""
SLOW = 2
"""Of those, how many LIKE is timed with: it reads the whole file."""
INGESTED = 200
"""Debates of sixty contributions read the ordinary way."""
Query = tuple[str, Filters]


def queries() -> dict[str, list[Query]]:
    """The mix, by kind. Names, places and sentences are those of the archive, drawn at random, the same every time."""
    chance = random.Random(7)
    names, places = invented.people(), invented.places()
    said = [each for each in invented.sentences() if each.count(" ") > 8]
    words = "government people schools police prevent minister police review fund local support children".split()
    days = [date(2008, 1, 1) + timedelta(chance.randrange(6500)) for _ in range(EACH)]

    def run(length: int) -> str:
        sentence = chance.choice(said).split()
        start = chance.randrange(len(sentence) - length)
        return " ".join(sentence[start : start + length])

    def each(make: Callable[[int], tuple[str, Filters] | str]) -> list[Query]:
        made = [make(n) for n in range(EACH)]
        return [(one, Filters()) if isinstance(one, str) else one for one in made]

    return {
        "a rare word": each(lambda n: places[-1 - 97 * n]),
        "a common word": each(lambda n: words[n]),
        "two common words": each(lambda n: f"{words[n]} {words[(n + 5) % 12]}"),
        "a phrase": each(lambda n: f'"{run(4)}"'),
        "words of a sentence": each(lambda n: run(6)),
        "a name": each(lambda n: names[n * n * 30]),
        "a name and a word": each(lambda n: f"{names[n * 11]} {words[n]}"),
        "an office": each(
            lambda n: f"{('home secretary', 'security minister', 'solicitor general')[n % 3]} {words[n]}"
        ),
        "all but a word": each(lambda n: f"{words[n]} -{words[(n + 3) % 12]} {run(1)}"),
        "a question": each(lambda n: f"What did the Minister say about {run(3)} in {places[n * n]}?"),
        "within dates": each(lambda n: (run(2), Filters(since=days[n], until=days[n] + timedelta(200)))),
        "of a party": each(lambda n: (words[n], Filters(party=invented.PARTIES[n % 7]))),
        "of a House and kind": each(lambda n: (run(2), Filters(house="Lords", kind="question"))),
        "of a Member in dates": each(
            lambda n: (words[n], Filters(members=(n * 9 + 1,), since=days[n], until=days[n] + timedelta(2000)))
        ),
    }


def like(connection: sqlite3.Connection, query: str, filters: Filters) -> None:
    """What a search without an index would do: rows that hold every word, the latest first."""
    words = [word for word in query.replace('"', "").split() if len(word) > 3 and not word.startswith("-")]
    clauses = ["(c.text LIKE ? OR c.speaker LIKE ?)"] * len(words)
    values: list[Any] = [f"%{word.strip('?')}%" for word in words for _ in range(2)]
    for column, value in (("c.party =", filters.party), ("d.house =", filters.house), ("d.kind =", filters.kind)):
        if value:
            clauses, values = [*clauses, f"{column} ?"], [*values, value]
    if filters.members:
        clauses, values = [*clauses, "c.member_id = ?"], [*values, filters.members[0]]
    if filters.since and filters.until:
        clauses += ["d.date BETWEEN ? AND ?"]
        values += [filters.since.isoformat(), filters.until.isoformat()]
    connection.execute(
        "SELECT c.id, c.text FROM contributions c JOIN documents d ON d.id = c.document_id "
        f"WHERE {' AND '.join(clauses)} ORDER BY d.date DESC LIMIT 20",
        values,
    ).fetchall()


def p95(seconds: Sequence[float]) -> float:
    """Milliseconds; of few values, the largest."""
    return max(seconds) * 1000 if len(seconds) < 20 else statistics.quantiles(seconds, n=20)[-1] * 1000


async def timed(call: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await call()
    return time.perf_counter() - began


def held() -> float:
    """GiB that this process has held at most; unlike getrusage's, nothing of who started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 2**20


def searching(path: str, known: str) -> dict[str, Any]:
    """In a process of its own: seconds of every search, by what was searched."""
    return asyncio.run(_searching(Path(path), np.load(known)))


async def _searching(path: Path, known: np.ndarray) -> dict[str, Any]:
    found: dict[str, Any] = {"text": {}, "fused": {}, "like": {}}
    chance = np.random.default_rng(3)
    async with await Archive.open(f"sqlite:///{path}") as archive:
        found["first"] = await timed(lambda: search(archive, "prevent review"))
        mix = queries()
        for kind, some in mix.items():
            found["text"][kind] = [await timed(lambda q=q, f=f: search(archive, q, f)) for q, f in some]  # type: ignore[misc]
        typed = [name[: 2 + n % 5] for n, name in enumerate(invented.people()[::40])]
        found["names"] = [await timed(lambda t=t: members.members_like(archive, t)) for t in typed]  # type: ignore[misc]
        found["held, words alone"] = held()
        found["loading"] = await timed(vectors.of(archive).load)
        for kind, some in mix.items():
            asked = moved(known[chance.integers(0, len(known), len(some))], chance)
            found["fused"][kind] = [
                await timed(lambda q=q, f=f, v=v: search(archive, q, f, vector=v))  # type: ignore[misc]
                for (q, f), v in zip(some, asked, strict=True)
            ]
        found["held"] = held()
    connection = sqlite3.connect(path)
    for kind, some in mix.items():
        found["like"][kind] = []
        for query, filters in some[:SLOW]:
            began = time.perf_counter()
            like(connection, query, filters)
            found["like"][kind].append(time.perf_counter() - began)
    connection.close()
    return found


async def ingest(folder: Path) -> float:
    """Contributions a second through `save_reading`, the vectors left for later."""
    read = [parse_debate(json.loads(one)) for one in answers(INGESTED)]
    path = folder / "ingest.sqlite3"
    path.unlink(missing_ok=True)
    async with await Archive.open(f"sqlite:///{path}", swift=True) as archive:
        began = time.perf_counter()
        for document in read:
            await save_reading(archive, document, datetime.now(UTC), Reader.BACKFILL)
        spent = time.perf_counter() - began
    return sum(len(document.contributions) for document in read) / spent


async def made(folder: Path, rows: int) -> tuple[Path, Path]:
    """The archive of so many rows with its vectors, and the encodings of which those were made."""
    path, known = folder / f"search-{rows}.sqlite3", folder / "known.npy"
    if not known.exists():
        encoder = Remembered(folder, lambda: Models(ModelSettings()).encoder)
        np.save(known, encoder.encode(invented.sentences()))
    if not path.exists():
        part = path.with_suffix(".part")
        part.unlink(missing_ok=True)
        async with await Archive.open(f"sqlite:///{part}"):
            pass
        spent = await asyncio.to_thread(invented.fill, part, rows)
        print(f"made {rows:,} contributions in {spent:.0f} s")
        await asyncio.to_thread(keep_vectors, part, np.load(known), rows)
        part.rename(path)
    return path, known


def row(name: str, reached: str, aim: str) -> None:
    print(f"{name:<46}{reached:>14}   {aim}")


def table(found: dict[str, Any], ingested: float) -> None:
    def every(of: str) -> list[float]:
        return [second for some in found[of].values() for second in some]

    print(f"{'':<24}{'words':>8}{'fused':>8}{'LIKE':>9}   p95, ms ({EACH} queries each; LIKE {SLOW}, the slower)")
    for kind, some in found["text"].items():
        print(f"{kind:<24}{p95(some):8.0f}{p95(found['fused'][kind]):8.0f}{p95(found['like'][kind]):9.0f}")
    words, slow = p95(every("text")), p95(every("like"))
    row("search by words, p95", f"{words:.0f} ms", "aim 50")
    row("median", f"{statistics.median(every('text')) * 1000:.0f} ms", "")
    row("the first of a process", f"{found['first'] * 1000:.0f} ms", "")
    row("LIKE on the same file, p95", f"{slow:.0f} ms", f"{slow / words:.0f} times; aim 50")
    row("search by words and meaning, p95", f"{p95(every('fused')):.0f} ms", "aim 150")
    row("the vectors read into memory, once", f"{found['loading']:.1f} s", "")
    row("names completed, p95", f"{p95(found['names']):.0f} ms", f"aim 50, of {invented.PEOPLE:,} names")
    row("ingest without vectors, contributions a second", f"{ingested:,.0f}", "aim 2,000")
    row("memory at most, by words alone", f"{found['held, words alone']:.2f} GiB", "")
    row("memory at most, with the vectors", f"{found['held']:.2f} GiB", "aim 1.5")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as passing:
        folder = given.folder or Path(passing)
        folder.mkdir(parents=True, exist_ok=True)
        path, known = asyncio.run(made(folder, given.rows))
        with multiprocessing.get_context("spawn").Pool(1) as alone:
            found = alone.apply(searching, (str(path), str(known)))
        print(f"{given.rows:,} contributions, {path.stat().st_size / 2**30:.1f} GiB")
        table(found, asyncio.run(ingest(folder)))


if __name__ == "__main__":
    main()
