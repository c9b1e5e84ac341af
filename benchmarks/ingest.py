"""How fast the past comes in: contributions a second from an answer's bytes to its verdict, and what each part costs.

    python -m benchmarks.ingest [--debates N]

The debates have a sitting day's shape: 60 contributions each, of the sample day's own, one debate in twenty on the
topic. The network is left out, for politeness sets its pace; the
matcher runs as the worker runs it, with no encoder (what it doubts is rare, and digested later).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from pathlib import Path

from bot.archive import Archive, stories
from bot.archive.documents import Reader, load, save_reading
from bot.domain import Document, Match
from bot.pipeline import clock
from bot.sources.debate import parse_debate
from bot.topics.matcher import Matcher
from bot.topics.topic import load as topic_of
from tests.standins.loopback import SAMPLE

SPOKEN = 60


def answers(count: int) -> list[bytes]:
    kept = [json.loads(path.read_text("utf-8")) for path in sorted((SAMPLE / "hansard/debates").glob("*.json"))]
    about = [one for one in kept if "Prevent" in one["Overview"]["Title"]]
    others = [one for one in kept if one not in about and "Written" not in one["Overview"]["Location"]]
    found = []
    for number in range(count):
        some = about if number % 20 == 0 else others
        answer = some[number % len(some)] | {"ChildDebates": []}
        spoken = [item for item in answer["Items"] if item["ItemType"] == "Contribution" and item["MemberId"]]
        items = []
        for place in range(SPOKEN):
            item = spoken[place % len(spoken)]
            # Other Members in turn: the successive items of one are a single speech.
            items.append(item | {"ExternalId": f"{number}-{place}", "MemberId": place + 1, "OrderInSection": place})
        answer = answer | {"Items": items, "Overview": answer["Overview"] | {"ExtId": f"{number:08}-0000"}}
        found.append(json.dumps(answer).encode())
    return found


async def measure(count: int, folder: Path) -> dict[str, float]:
    """Seconds by part, and the number of contributions."""
    raw = answers(count)
    matcher = Matcher(topic_of("config/topics/prevent.toml"))
    spent = dict.fromkeys(("source", "archive", "judge", "verdict"), 0.0)
    said = 0
    async with await Archive.open(f"sqlite:///{folder}/ingest.sqlite3", swift=True) as archive:
        for one in raw:
            began = time.perf_counter()
            document = parse_debate(json.loads(one))
            spent["source"] += time.perf_counter() - began
            said += len(document.contributions)
            began = time.perf_counter()
            saved = await save_reading(archive, document, clock.now(), Reader.BACKFILL)
            spent["archive"] += time.perf_counter() - began
            stored = (await load(archive, [saved.document_id]))[saved.document_id]
            began = time.perf_counter()
            verdict = matcher.match(document)
            spent["judge"] += time.perf_counter() - began
            began = time.perf_counter()
            await stories.keep_verdict(archive, stored, type(verdict)(document.id, "prevent", False, 0.0), clock.now())
            spent["verdict"] += time.perf_counter() - began
    return spent | {"contributions": float(said)}


_TOPIC = "config/topics/prevent.toml"


def _judged(document: Document) -> Match:
    return _matcher().match(document)


@lru_cache(maxsize=1)
def _matcher() -> Matcher:
    return Matcher(topic_of(_TOPIC))


async def whole(count: int, folder: Path) -> float:
    """Seconds until the last debate is kept and has its verdict, its parts beside each other as a backfill has them:
    one task reads and keeps, the other judges what is there, in a process of its own that has started before."""
    raw, loop = answers(count), asyncio.get_running_loop()
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as judge:
        await loop.run_in_executor(judge, _judged, parse_debate(json.loads(raw[0])))
        async with await Archive.open(f"sqlite:///{folder}/whole.sqlite3", swift=True) as archive:
            began = time.perf_counter()

            async def read() -> None:
                for one in raw:
                    document = parse_debate(await asyncio.to_thread(json.loads, one))
                    await save_reading(archive, document, clock.now(), Reader.BACKFILL)

            reading, done = asyncio.create_task(read()), 0
            while done < count:
                owed = await stories.unjudged(archive, "prevent", clock.now(), limit=1)
                for stored in owed:
                    verdict = await loop.run_in_executor(judge, _judged, stored.document)
                    unmatched = type(verdict)(stored.document.id, "prevent", False, 0.0)
                    await stories.keep_verdict(archive, stored, unmatched, clock.now())
                    done += 1
                if not owed:
                    if reading.done():
                        break
                    await asyncio.sleep(0.005)
            await reading
            return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--debates", type=int, default=200)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(measure(given.debates, Path(folder)))
    said = found.pop("contributions")
    total = sum(found.values())
    for name, seconds in found.items():
        print(f"{name:<10} {1000 * seconds / given.debates:7.1f} ms a debate {100 * seconds / total:5.0f} %")
    print(
        f"{said:.0f} contributions of {given.debates} debates, one part after the other: {said / total:,.0f} a second"
    )
    with tempfile.TemporaryDirectory() as folder:
        seconds = asyncio.run(whole(given.debates, Path(folder)))
    print(f"as the command does it, read beside judged in a process of its own: {said / seconds:,.0f} a second")
    print(
        f"reach 2,000; the machine's load in the last minute: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
    )


if __name__ == "__main__":
    main()
