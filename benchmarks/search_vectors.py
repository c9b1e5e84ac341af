"""Search by nearness over many passages: the archive's way beside a plain scan of float32 vectors, in one run.

    python -m benchmarks.search_vectors --passages 1000000

The passages are made from encodings of the texts in benchmarks/data: each one of those, moved at random, so that they
lie in clusters as speeches do. Queries are other passages of the same texts. The same numbers every time.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from bot.archive import Archive, codes
from bot.archive.vectors import ENCODER, WIDTH, Vectors
from bot.inference.models import Models
from bot.pipeline.embed import passages
from bot.settings import Models as ModelSettings

DATA = Path(__file__).with_name("data")
PARTIES = ("Con", "Lab", "LD", "SNP", "CB", "Green")
NOISE = 0.7
"""The length of what is added to a unit vector."""
QUERIES = 100
NEAREST = 20
_BLOCK = 20_000
_EACH = 20
"""Contributions of a document."""


@dataclass(frozen=True, slots=True)
class Narrow:
    """The filters that `nearest` reads, as search's own are."""

    members: tuple[int | str, ...] = ()
    party: str | None = None
    house: str | None = None
    since: date | None = None
    until: date | None = None
    kind: str | None = None


def texts() -> list[str]:
    """The passages of every text in benchmarks/data, each once, sorted."""
    found: set[str] = set()
    for file in sorted(DATA.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            whole = [row.get("text", ""), *(each["text"] for each in row.get("contributions", ()))]
            found |= {part for text in whole for paragraph in text.splitlines() for part in passages(paragraph)}
    return sorted(each for each in found if len(each) > 40)


def moved(known: codes.Floats, random: np.random.Generator) -> codes.Floats:
    """Unit vectors at random about these, `NOISE` away."""
    made = known + NOISE / known.shape[1] ** 0.5 * random.standard_normal(known.shape, dtype=np.float32)
    return made / np.linalg.norm(made, axis=1, keepdims=True)  # type: ignore[no-any-return]


def keep_vectors(path: Path, known: codes.Floats, count: int) -> codes.Floats:
    """Write a vector to each of the contributions 1 to `count` of an archive, made of the known ones; gives them."""
    random = np.random.default_rng(0)
    every = np.empty((count, known.shape[1]), np.float32)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA synchronous = OFF")
    with connection:
        connection.execute("DELETE FROM unencoded")
        connection.executemany("INSERT INTO marks VALUES (?, ?)", [(ENCODER, "e"), (WIDTH, str(known.shape[1]))])
    for start in range(0, count, _BLOCK):
        end = min(start + _BLOCK, count)
        every[start:end] = moved(known[random.integers(0, len(known), end - start)], random)
        signs, steps = (codes.sealed(code(every[start:end])) for code in (codes.signs, codes.steps))
        with connection:
            connection.executemany(
                "INSERT INTO vectors (contribution_id, part, signs, steps) VALUES (?, 0, ?, ?)",
                zip(range(start + 1, end + 1), signs, steps, strict=True),
            )
    connection.close()
    return every


def fill(path: Path, known: codes.Floats, count: int) -> codes.Floats:
    """Write `count` contributions of a passage each to the archive; gives their vectors."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA synchronous = OFF")
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f'DROP TRIGGER "{name}"')  # the full-text index is measured elsewhere
    for start in range(0, count, _BLOCK):
        end = min(start + _BLOCK, count)
        with connection:
            connection.executemany(
                "INSERT INTO documents (id, source, external_id, kind, title, date, house, settled, version,"
                " content_hash, reading_hash, equal_readings, first_read_at, last_read_at, ripe_at)"
                " VALUES (?, 'b', ?, 'debate', 't', ?, ?, 1, 1, '', '', 1, '2020-01-01', '2020-01-01', '2020-01-01')",
                (
                    (n, n, date.fromordinal(730_000 + n // 10).isoformat(), ("Commons", "Lords")[n % 3 == 0])
                    for n in range(start // _EACH + 1, -(-end // _EACH) + 1)
                ),
            )
            connection.executemany(
                "INSERT INTO contributions (id, document_id, position, external_id, speaker, member_id, party, voice,"
                " text) VALUES (?, ?, ?, ?, ?, ?, ?, 'speech', 'x')",
                (
                    (n, (n - 1) // _EACH + 1, n, n, f"M{n % 1500}", n % 1500, PARTIES[n % 7 % 6])
                    for n in range(start + 1, end + 1)
                ),
            )
    connection.close()
    return keep_vectors(path, known, count)


def p95(seconds: Sequence[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1] * 1000


def peak() -> float:
    """GiB that this process has held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


async def measure(count: int) -> None:
    found = texts()
    encoder = Models(ModelSettings()).encoder
    encoded = encoder.encode(found)
    order = np.random.default_rng(1).permutation(len(found))
    queries, known = encoded[order[:QUERIES]], encoded[order[QUERIES:]]
    print(f"{count} passages made of {len(known)} real ones; {len(queries)} queries")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive.sqlite3"
        async with await Archive.open(f"sqlite:///{path}"):
            pass
        every = await asyncio.to_thread(fill, path, known, count)
        async with await Archive.open(f"sqlite:///{path}") as archive:
            kept = Vectors(archive)
            before, held = time.perf_counter(), current()
            await kept.load()
            print(f"loaded in {time.perf_counter() - before:.1f} s, {current() - held:.2f} GiB")
            narrow = {
                "no filter": Narrow(),
                "a party": Narrow(party="Lab"),
                "a Member": Narrow(members=(7,)),
                "a House and two years": Narrow(
                    house="Lords", since=date.fromordinal(731_000), until=date.fromordinal(731_730)
                ),
            }
            for name, filters in narrow.items():
                times, hits = [], 0
                for query in queries:
                    start = time.perf_counter()
                    near = await kept.nearest(query, filters, NEAREST)  # type: ignore[arg-type]
                    times.append(time.perf_counter() - start)
                    if name == "no filter":
                        hits += len({row - 1 for row, _ in near} & set(scan(every, query).tolist()))
                recall = f", recall at {NEAREST} {hits / NEAREST / len(queries):.3f}" if hits else ""
                print(f"nearest, {name}: p95 {p95(times):.0f} ms{recall}")
                if name == "no filter":
                    ours = p95(times)
        times = []
        for query in queries[:30]:
            start = time.perf_counter()
            scan(every, query)
            times.append(time.perf_counter() - start)
        print(f"float32 scan: p95 {p95(times):.0f} ms, {p95(times) / ours:.1f} times ours")
    print(f"peak of the whole run, the float32 vectors ({every.nbytes / 2**30:.2f} GiB) included: {peak():.2f} GiB")


def scan(every: codes.Floats, query: codes.Floats) -> np.ndarray:
    likeness = every @ query
    best = np.argpartition(-likeness, NEAREST)[:NEAREST]
    return best[np.argsort(-likeness[best])]


def current() -> float:
    """GiB that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 2**30


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=1_000_000)
    asyncio.run(measure(parser.parse_args().passages))


if __name__ == "__main__":
    main()
