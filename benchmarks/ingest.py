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
import tempfile
import time
from pathlib import Path

from bot.archive import Archive, stories
from bot.archive.documents import Reader, load, save_reading
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
    beside = max(found["judge"], total - found["judge"])
    print(
        f"{said:.0f} contributions of {given.debates} debates, one part after the other: {said / total:,.0f} a second"
    )
    print(f"judged in a process of its own, as the program does: {said / beside:,.0f} a second; reach 2,000")


if __name__ == "__main__":
    main()
