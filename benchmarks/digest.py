"""Seconds a digest, and the memory of the process that makes it, beside the model left to summarise alone.

    .venv/bin/python benchmarks/digest.py

The debate is the sample day's own statement, with turns of its other debates until it holds 8,000 words of 16
speakers. Rows: our digest with the default writer and with none; the baseline is `transformers` generation over the
whole text, cut in pieces of 400 words and summarised one by one by the same weights, as a first try would do it. Models
are loaded before the clock starts. The ratio decides; the times are this machine's.
"""

from __future__ import annotations

import argparse
import itertools
import os
import resource
import sys
import time
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("HF_HUB_OFFLINE", "1")

from bot.domain import Contribution, Document, Voice  # noqa: E402
from bot.inference.models import Models  # noqa: E402
from bot.inference.writer import Writer  # noqa: E402
from bot.settings import Models as ModelSettings  # noqa: E402
from bot.sources.transcript import read  # noqa: E402
from bot.summarise.digest import summarise  # noqa: E402

DEBATES = ROOT / "tests" / "sample_day" / "hansard" / "debates"
WORDS, SPEAKERS, PIECE = 8_000, 16, 400


def debate() -> Document:
    """The statement, lengthened to WORDS by its own paragraphs under other ids, spoken by SPEAKERS people."""
    (path,) = DEBATES.glob("*Commons_Debate_prevent-learning-review*")
    statement = read(str(path))[0]
    others = [
        item for other in sorted(DEBATES.glob("*.json")) if other != path for item in read(str(other))[0].spoken()
    ]
    names = list(dict.fromkeys(item.speaker for item in statement.spoken() if item.speaker))[:SPEAKERS]
    items = [item for item in statement.contributions if item.speaker in names or item.voice is not Voice.SPEECH]
    words = sum(len(item.text.split()) for item in items)
    for number, (item, name) in enumerate(zip(itertools.cycle(others), itertools.cycle(names), strict=False)):
        if words >= WORDS:
            break
        text = f"On point {number + 1}. {item.text}"
        items.append(Contribution(f"more-{number}", text, name))
        words += len(text.split())
    return replace(statement, contributions=tuple(items))


def chunked(writer: Writer, document: Document) -> list[str]:
    """The baseline: every piece of the text summarised by the model, unverified."""
    words = " ".join(f"{item.speaker}: {item.text}" for item in document.spoken()).split()
    pieces = [" ".join(words[start : start + PIECE]) for start in range(0, len(words), PIECE)]
    return writer.write([f"Summarise in two sentences what was said:\n\n{piece}" for piece in pieces], max_tokens=80)


def peak() -> float:
    """The most memory that this process has held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3, help="runs of each row; the median is printed")
    runs = parser.parse_args().runs
    document = debate()
    speakers = len({item.speaker for item in document.spoken() if item.speaker})
    print(f"{document.words()} words, {speakers} speakers, {runs} runs, median seconds")
    plain, full = Models(ModelSettings(writer="none")), Models(ModelSettings())
    assert full.writer is not None
    full.__dict__.update(encoder=plain.encoder, parser=plain.parser)
    rows = {
        "extractive (no writer)": lambda: summarise(plain, [document]),
        "default writer": lambda: summarise(full, [document]),
        "chunked generation, unverified": lambda: chunked(full.writer, document),  # type: ignore[arg-type]
    }
    taken: dict[str, float] = {}
    for name, work in rows.items():
        times = []
        for _ in range(runs):
            started = time.perf_counter()
            work()
            times.append(time.perf_counter() - started)
        taken[name] = sorted(times)[len(times) // 2]
        print(f"{name:32} {taken[name]:8.1f} s   peak so far {peak():6.0f} MiB", flush=True)
    slow = taken["chunked generation, unverified"]
    for name in ("extractive (no writer)", "default writer"):
        print(f"chunked generation / {name}: {slow / taken[name]:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
