"""What the product makes, measured: one command, a table a row of issue 4, the baselines in the same run.

    .venv/bin/python -m benchmarks.quality [--only ROW ...] [--writer none|default] [--each N] [--cache FOLDER]

ROUGE rows run `summarise` in 100 words and `ask` in 70 on all 30 meetings, in five folds: the ranker is fitted on four
and measured on the fifth (kept in the cache while the code that makes it stays the same). What decides whether a
question is answered at all was fitted on train's meetings, so val alone is the clean figure there; a question that is
refused scores nothing, and a row beside it says what would be scored were none refused. The interval resamples
meetings. The `sample` row, of the sample day, has no reference. `--each N` takes N questions a meeting, for a quick
look. Everything written is kept in the cache as JSON lines, to be read. Other rows are their own benchmarks, run in
turn.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

from benchmarks.rouge import (
    CACHE,
    DATA,
    FOLDS,
    GENERAL,
    GENERAL_WORDS,
    SPECIFIC,
    SPECIFIC_WORDS,
    Meeting,
    Query,
    Row,
    System,
    encoder_at,
    folds,
    interval,
    meetings,
    score,
    table,
)
from bot.domain import Document, Origin, Sentence
from bot.inference.models import Models
from bot.settings import Models as ModelSettings
from bot.sources.transcript import read
from bot.summarise import ask, digest, features, lexical, salience, select, sentences
from bot.summarise.answerable import Look
from bot.summarise.salience import Trees
from bot.topics.matcher import Matcher
from bot.topics.topic import load

ROOT = Path(__file__).resolve().parent.parent
_FIGURE = re.compile(r"\d[\d,.]*\d|\d")
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][\w’'-]+")
_MARKS = re.compile(r"[^a-z0-9]+")
_OURS = frozenset("I Government Minister Members Prevent".split())
"""Capitals that a rule may put for a small letter or a pronoun."""


@dataclass
class Made:
    """What the product made of one document or question."""

    document: Document
    sentences: list[Sentence]
    seconds: float
    query: Query
    refused: bool = False
    """Whether the product said that the document does not answer; the sentences are then what it would have said."""

    @property
    def text(self) -> str:
        return " ".join(sentence.text for sentence in self.sentences)

    def json(self, fold: int) -> str:
        return json.dumps(
            {
                "document": self.document.id,
                "fold": fold,
                "question": self.query.question,
                "reference": self.query.reference,
                "seconds": round(self.seconds, 1),
                "refused": self.refused,
                "sentences": [
                    {"text": s.text, "evidence": s.evidence, "speaker": s.speaker, "origin": s.origin.value}
                    for s in self.sentences
                ],
            },
            ensure_ascii=False,
        )


@dataclass
class Bench:
    """The meetings, the models and the folds' weights that every ROUGE row shares."""

    options: argparse.Namespace
    found: list[Meeting] = field(init=False)
    places: list[int] = field(init=False)
    models: Models = field(init=False)

    def __post_init__(self) -> None:
        everything = meetings(self.options.data)
        chosen = [
            pair for pair in zip(everything, folds(len(everything)), strict=True) if pair[0].val or not self.options.val
        ]
        self.found, self.places = [meeting for meeting, _ in chosen], [place for _, place in chosen]
        self.models = Models(ModelSettings(writer="none") if self.options.writer == "none" else ModelSettings())
        self.models.__dict__["encoder"] = encoder_at(self.options.cache)

    def asked(self, *, general: bool) -> list[tuple[Meeting, Query]]:
        """The questions measured, meeting by meeting."""
        each = self.options.each or None
        return [(m, q) for m in self.found for q in ((m.general,) if general else m.specific[:each])]

    def weights(self) -> Path:
        """The folder with each fold's weights, fitted where this code has none there yet."""
        from training import selection

        sources = (selection, features, lexical, sentences)
        code = b"".join(Path(str(module.__file__)).read_bytes() for module in sources)
        folder: Path = self.options.cache / f"selection-{hashlib.sha256(code).hexdigest()[:12]}"
        if not (folder / f"fold-{FOLDS - 1}" / "asked.npz").exists():
            print("fitting the ranker in five folds", file=sys.stderr, flush=True)
            selection.write(folder, self.options.data, self.options.cache, each_fold=True)
        return folder

    @contextmanager
    def fold(self, number: int) -> Iterator[None]:
        """The product with a ranker that has not seen the fold's meetings."""
        folder = self.weights() / f"fold-{number}"

        def trees(name: str, names: tuple[str, ...]) -> Trees:
            return salience.read(folder / f"{name}.npz", names)

        with patch.object(select, "trees", trees):
            yield

    def product(self, *, general: bool) -> list[Made]:
        """What the product writes, in the order of `asked`."""
        made: dict[tuple[str, str | None], tuple[int, Made]] = {}
        asked = self.asked(general=general)
        for number in sorted(set(self.places)):
            with self.fold(number):
                for meeting in (m for m, place in zip(self.found, self.places, strict=True) if place == number):
                    reading = None if general else ask.Reader(self.models, [meeting.document])
                    for query in (q for m, q in asked if m is meeting):
                        made[meeting.name, query.question] = number, self._make(meeting, query, reading)
                    print(".", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)
        kind = "general" if general else "specific"
        kept = self.options.cache / f"quality-{kind}-{self.options.writer}.jsonl"
        kept.write_text("\n".join(one.json(fold) for fold, one in made.values()), encoding="utf-8")
        return [made[m.name, q.question][1] for m, q in asked]

    def _make(self, meeting: Meeting, query: Query, reading: ask.Reader | None) -> Made:
        started = time.monotonic()
        if reading is None:
            told = digest.summarise(self.models, [meeting.document], max_words=GENERAL_WORDS)
            return Made(meeting.document, list(told.sentences()), told.seconds, query)
        sentences = reading.answer(query.question or "", max_words=SPECIFIC_WORDS).sentences
        if refused := not sentences:
            with patch.object(Look, "refusal", lambda _: None):
                sentences = reading.answer(query.question or "", max_words=SPECIFIC_WORDS).sentences
        return Made(meeting.document, list(sentences), time.monotonic() - started, query, refused)

    def sample_day(self) -> list[Made]:
        """A digest of each of the sample day's debates, on the topic where the matcher finds it."""
        topic = load(ROOT / "config" / "topics" / "prevent.toml")
        made = []
        for path in sorted((ROOT / "tests" / "sample_day" / "hansard" / "debates").glob("*.json")):
            (document,) = read(str(path))
            match = Matcher(topic, self.models.encoder).match(document)
            told = digest.summarise(self.models, [document], topic=topic, matches={document.id: match})
            made.append(Made(document, list(told.sentences()), told.seconds, Query(None, "")))
        return made


def general(bench: Bench) -> None:
    """Digests of whole meetings."""
    _rouge(bench, "general, 100 words", GENERAL, GENERAL_WORDS, "MiniLM centroid, MMR", True)


def specific(bench: Bench) -> None:
    """Answers to questions about parts of them."""
    _rouge(bench, "specific, 70 words", SPECIFIC, SPECIFIC_WORDS, "BM25's best turns", False)


def sample(bench: Bench) -> None:
    """Digests of the sample day, 300 words each: no reference, so only what they are made of."""
    made = bench.sample_day()
    print(f"\nsample day: {len(made)} debates, writer {bench.options.writer}")
    _shares(made, len(made))


def _rouge(bench: Bench, title: str, systems: dict[str, System], words: int, against: str, whole: bool) -> None:
    asked = bench.asked(general=whole)
    val = [meeting.val for meeting, _ in asked]
    rows = {
        name: [score(q.reference, system(m, q, bench.models.encoder, words), words) for m, q in asked]
        for name, system in systems.items()
    }
    made = bench.product(general=whole)
    ours = f"Despatch, writer {bench.options.writer}"
    forced = [score(one.query.reference, one.text, words) for one in made]
    rows[ours] = [(0.0, 0.0, 0.0) if one.refused else row for one, row in zip(made, forced, strict=True)]
    if any(one.refused for one in made):
        rows["the same, were nothing refused"] = forced
    table(f"{title}: {len(asked)} of {30 if whole else 351}", rows, val)
    names = [meeting.name for meeting, _ in asked]
    for row in [name for name in rows if name not in systems]:
        for part, inside in (("all", [True] * len(val)), ("val", val)):
            kept = [index for index, each in enumerate(inside) if each]
            ours_kept, theirs_kept = ([rows[name][index] for index in kept] for name in (row, against))
            _gain(ours_kept, theirs_kept, f"{row}, over {against}, {part}", [names[index] for index in kept])
    _shares([one for one in made if not one.refused], len(made))


def _gain(ours: Sequence[Row], theirs: Sequence[Row], title: str, groups: Sequence[str]) -> None:
    if ours:
        measures = zip(("R-1", "R-2", "R-Lsum"), interval(ours, theirs, groups), strict=True)
        told = ", ".join(
            f"{measure} {gain:+.1f} ({low:+.1f} to {high:+.1f})" for measure, (gain, low, high) in measures
        )
        print(f"  {title}: {told}")


def _shares(made: Sequence[Made], asked: int) -> None:
    """How the lines came about, how full the budget is, what could not be found again in its evidence."""
    origins = Counter(line.origin for one in made for line in one.sentences)
    total = max(1, origins.total())
    shares = ", ".join(f"{origin.value} {100 * origins[origin] / total:.0f} %" for origin in Origin)
    words = sum(len(one.text.split()) for one in made) / max(1, len(made))
    seconds = sum(one.seconds for one in made) / max(1, len(made))
    silent = asked - sum(bool(one.sentences) for one in made)
    print(f"  {total} lines: {shares}; {words:.0f} words and {seconds:.1f} s each; {silent} of {asked} without a line")
    lines = [(one, line, uncarried(line, one.document)) for one in made for line in one.sentences]
    faults = [(one, line, why) for one, line, why in lines if why]
    print(f"  lines without carrying evidence: {len(faults)}")
    for one, line, why in faults[:20]:
        print(f"    {one.document.id} {line.evidence}: {why}: {line.text}")


def uncarried(line: Sentence, document: Document) -> str | None:
    """Why the line's evidence does not carry it, looked at afresh: its ids are the document's, its figures and names
    stand there or in the label, a quotation's words stand there in their order. None where nothing is wrong."""
    held = [item for item in document.contributions if item.id in line.evidence]
    if not held or len(held) != len(set(line.evidence)):
        return "evidence that the document has not"
    labels = " ".join(f"{item.speaker or ''} {item.role or ''}" for item in held)
    source = " ".join([*(item.text for item in held), document.title, document.house or ""])
    figures = set(_FIGURE.findall(source))
    if missing := [each for each in _FIGURE.findall(line.text) if each not in figures]:
        return f"a figure that is not there, {missing[0]}"
    words = set(_MARKS.sub(" ", f"{source} {labels}".lower().replace("’s", "")).split())
    for name in _NAME.findall(line.text.replace("’s", "")):
        if name not in _OURS and not set(_MARKS.sub(" ", name.lower()).split()) <= words:
            return f"a name that is not there, {name}"
    if line.origin.quotes and not _in_order(line.text, " ".join(i.text for i in held)):
        return "words that were not said"
    return None


def _in_order(quotation: str, source: str) -> bool:
    """Whether the quotation's words, without what square brackets put in, stand in the source in that order."""
    wanted = iter(_MARKS.sub(" ", re.sub(r"\[[^\]]*\]", " ", quotation).lower()).split())
    sought = next(wanted, None)
    for word in _MARKS.sub(" ", source.lower()).split():
        if word == sought:
            sought = next(wanted, None)
    return sought is None


def _elsewhere(module: str) -> Callable[[argparse.Namespace], None]:
    """Another benchmark, run as its own command."""

    def run(options: argparse.Namespace) -> None:
        print(f"\n{module}", flush=True)
        subprocess.run([sys.executable, "-m", f"benchmarks.{module}"], check=False)

    return run


ROUGE: dict[str, Callable[[Bench], None]] = {"general": general, "specific": specific, "sample": sample}
OTHERS = {name: _elsewhere(name) for name in ("verifier", "relevance", "stories", "digest")}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=(*ROUGE, *OTHERS), default=(*ROUGE, *OTHERS), metavar="ROW")
    parser.add_argument("--writer", choices=("none", "default"), default="default")
    parser.add_argument("--each", type=int, default=0, help="questions of each meeting; 0 is all")
    parser.add_argument("--val", action="store_true", help="val's meetings alone, for a quick look")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--cache", type=Path, default=CACHE)
    options = parser.parse_args()
    rouge = [row for name, row in ROUGE.items() if name in options.only]
    bench = Bench(options) if rouge else None
    for row in rouge:
        assert bench is not None
        row(bench)
    for name, run in OTHERS.items():
        if name in options.only:
            run(options)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
