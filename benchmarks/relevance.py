"""How well, and how fast, documents about Prevent are told from the rest.

    .venv/bin/python benchmarks/relevance.py                    the table
    .venv/bin/python benchmarks/relevance.py --write dev.jsonl  the development passages as transcript/1,
                                                                for `despatch match`

Rows: our matcher with and without the encoder, beside the keyword alerts that people use today. Sets: the passages of
the project's own (benchmarks/data; what each scored at first sight is in its README), and where they are present, the
real development passages and the real texts of Parliament beside the project, in which nothing is about Prevent but
what is said to be. Speed is in documents a second of one processor's time.
"""

from __future__ import annotations

import argparse
import html
import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("HF_HUB_OFFLINE", "1")

from bot import settings  # noqa: E402
from bot.domain import Contribution, Document, Kind, Match  # noqa: E402
from bot.topics.matcher import Matcher  # noqa: E402
from bot.topics.topic import load  # noqa: E402

DATA = Path(__file__).parent / "data"
OWN = {
    "own passages": "relevance.jsonl",
    **{
        f"own passages, {lot}": f"relevance-{lot}.jsonl"
        for lot in ("second", "third", "fourth", "fifth", "sixth", "seventh")
    },
}
SHARED = ROOT.parent / "shared" / "data"
KINDS = {"news": Kind.ARTICLE}

Verdict = Callable[[Document], bool]


@dataclass(frozen=True, slots=True)
class Case:
    document: Document
    about: bool


@dataclass(frozen=True, slots=True)
class Score:
    right: int
    false: int
    missed: int

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.false) if self.right + self.false else 1.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def passages(path: Path) -> list[Case]:
    """Marked passages, one a line: {id, kind, title, text, label}; a blank line parts contributions."""
    cases = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        kind = KINDS.get(row["kind"]) or Kind(row["kind"])
        cases.append(
            Case(_document(row["id"], kind, row["title"], re.split(r"\n\s*\n", row["text"])), bool(row["label"]))
        )
    return cases


def transcript(case: Case) -> dict[str, object]:
    """The passage as transcript/1."""
    document = case.document
    said = [{"id": item.id, "text": item.text} for item in document.contributions]
    return {
        "schema": "transcript/1",
        "id": document.id,
        "kind": document.kind.value,
        "title": document.title,
        "contributions": said,
    }


def _document(key: str, kind: Kind, title: str, texts: list[str]) -> Document:
    said = tuple(Contribution(f"c{index}", text) for index, text in enumerate(texts, 1))
    return Document("benchmark", key, kind, title, said)


def _text(markup: str | None) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", markup or "")).strip()


def real(folder: Path) -> Iterator[tuple[str, list[Case]]]:
    """Real texts by set: speeches, written questions, a debate about Prevent, and committees that never speak of it."""
    rows = json.loads((folder / "hansard" / "contributions-spoken-member185-2024-2026.json").read_text())
    debates: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        debates.setdefault(row["DebateSectionExtId"], []).append(row)
    said = [
        Case(
            _document(
                key, Kind.DEBATE, rows[0]["DebateSection"].strip(), [_text(row["ContributionTextFull"]) for row in rows]
            ),
            False,
        )
        for key, rows in debates.items()
    ]
    yield "Hansard speeches 2024-26", said
    asked = []
    for row in json.loads((folder / "hansard" / "written-questions-details-90.json").read_text()):
        value = row["value"]
        texts = [_text(value["questionText"]), _text(value["answerText"])]
        asked.append(
            Case(_document(str(value["id"]), Kind.QUESTION, value.get("heading") or "", [t for t in texts if t]), False)
        )
    yield "written questions 2024-26", asked
    debate = json.loads((folder / "hansard" / "commons-2009-10-26-prevent.json").read_text())
    texts = [item["text"] for item in debate["contributions"]]
    yield "Prevent questions, 2009", [Case(_document("2009", Kind.DEBATE, debate["title"], texts), True)]
    turns = []
    for name in ("train", "val"):
        for number, line in enumerate((folder / "qmsum-committee" / f"{name}.jsonl").read_text().splitlines()):
            for index, turn in enumerate(json.loads(line)["meeting_transcripts"]):
                turns.append(Case(_document(f"{name}-{number}-{index}", Kind.DEBATE, "", [turn["content"]]), False))
    yield "committee turns", turns


def keyword(*, cased: bool) -> Verdict:
    """The alert that people set today: the word anywhere in title or text."""
    regex = re.compile(r"\bPrevent\b" if cased else r"\bprevent\b", 0 if cased else re.IGNORECASE)
    return lambda document: any(
        regex.search(text) for text in (document.title, *(c.text for c in document.contributions))
    )


@dataclass(frozen=True, slots=True)
class Row:
    """One method on one set: its score, the cases that went wrong, and documents a second."""

    title: str
    about: int
    cases: int
    method: str
    score: Score
    wrong: tuple[Case, ...]
    speed: float


def rows(sets: Iterable[tuple[str, list[Case]]], methods: dict[str, Matcher | Verdict]) -> Iterator[Row]:
    """Every method on every set, in order, as each is measured."""
    for title, cases in sets:
        about = sum(case.about for case in cases)
        for label, method in methods.items():
            score, wrong, speed = measure(cases, _verdict(method))
            yield Row(title, about, len(cases), label, score, tuple(wrong), speed)


def _verdict(method: Matcher | Verdict) -> Verdict:
    return (lambda document: method.match(document).matched) if isinstance(method, Matcher) else method


def sets(dev: Path, shared: Path = SHARED) -> Iterator[tuple[str, list[Case]]]:
    """The sets that are here; what is absent is said aloud."""
    yield from ((title, passages(DATA / name)) for title, name in OWN.items())
    if dev.exists():
        yield f"{dev.stem} passages", passages(dev)
    else:
        print(f"skipped: development passages, absent at {dev}", file=sys.stderr)
    if shared.is_dir():
        yield from real(shared)
    else:
        print(f"skipped: real texts, absent at {shared}", file=sys.stderr)


def methods(*, encoder: bool = True) -> dict[str, Matcher | Verdict]:
    """The matcher with the encoder and without it, and the two alerts."""
    topic = load(settings.default_folder() / "topics" / "prevent.toml")
    found: dict[str, Matcher | Verdict] = {}
    if encoder:
        from bot.inference.encoder import Encoder

        model = Encoder(settings.Models().encoder)
        found["lexicon and encoder"] = Matcher(topic, model)
        # The topic's own descriptions are encoded on the first doubt: not while the clock runs.
        found["lexicon and encoder"].match(_document("warm", Kind.DEBATE, "", ["Referrals over extremism."]))
    found["lexicon alone"] = Matcher(topic)
    return found | {"alert on “Prevent”": keyword(cased=True), "alert on “prevent”": keyword(cased=False)}


def measure(cases: list[Case], verdict: Verdict) -> tuple[Score, list[Case], float]:
    """The score, the cases that went wrong, and documents a second."""
    began = time.process_time()
    said = [verdict(case.document) for case in cases]
    took = max(time.process_time() - began, 1e-6)
    wrong = [case for case, about in zip(cases, said, strict=True) if about != case.about]
    right = sum(about and case.about for case, about in zip(cases, said, strict=True))
    false = sum(not case.about for case in wrong)
    return Score(right, false, len(wrong) - false), wrong, len(cases) / took


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--write", type=Path, metavar="FILE.jsonl", help="write the development passages as transcript/1 and stop"
    )
    parser.add_argument("--dev", type=Path, default=SHARED / "relevance" / "dev.jsonl", help="marked passages")
    parser.add_argument("--wrong", action="store_true", help="print each case that goes wrong, with the reasons given")
    parser.add_argument("--no-encoder", action="store_true", help="measure the lexicon alone")
    options = parser.parse_args(arguments)
    if options.write:
        if not options.dev.exists():
            print(f"skipped: there are no passages at {options.dev}", file=sys.stderr)
            return 1
        lines = [json.dumps(transcript(case), ensure_ascii=False) for case in passages(options.dev)]
        options.write.write_text("\n".join(lines) + "\n", encoding="utf-8")
        print(f"{len(lines)} passages written to {options.write}")
        return 0
    found = methods(encoder=not options.no_encoder)
    table(rows(sets(options.dev), found), found if options.wrong else {})
    return 0


def table(measured: Iterable[Row], telling: dict[str, Matcher | Verdict]) -> None:
    """Print the rows as they come, and what those methods say of each case that went wrong."""
    print(
        f"{'set':27}{'about':>7}{'not':>7}  {'method':21}{'prec.':>7}{'recall':>8}{'F1':>7}"
        f"{'false':>7}{'missed':>8}{'docs/s':>10}"
    )
    for row in measured:
        score = row.score
        figures = f"{score.precision:7.3f}{score.recall:8.3f}{score.f1:7.3f}{score.false:7}{score.missed:8}"
        print(
            f"{row.title:27}{row.about:7}{row.cases - row.about:7}  {row.method:21}{figures}{row.speed:10,.0f}",
            flush=True,
        )
        matcher = telling.get(row.method)
        if isinstance(matcher, Matcher):
            for case in row.wrong:
                explain(case, matcher.match(case.document))


def explain(case: Case, verdict: Match) -> None:
    print(f"    {'missed' if case.about else 'false'} {case.document.id} {verdict.score:.2f} {case.document.title!r}")
    for reason in verdict.reasons:
        print(f"        {reason}")


if __name__ == "__main__":
    sys.exit(main())
