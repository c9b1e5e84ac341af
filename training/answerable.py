"""Fit the gate that says whether a document answers a question (bot/summarise/weights/answerable.json).

    .venv/bin/python -m training.answerable --data ../shared/data/qmsum-committee

Every question of a training meeting is asked of that meeting, which answers it, and of others, which are taken not to:
once as it stands, and once with a speaker of the other meeting put for the one whom it names, so that a name alone is
no reason to answer. Excerpts are asked too, and have weights of their own: where little is said, few words decide. Both
shares are printed for the training meetings (each measured by weights fitted without it) and for val, which fits
nothing.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]
from sklearn.model_selection import GroupKFold  # type: ignore[import-untyped]
from spacy.language import Language

from benchmarks.remembered import Remembered
from benchmarks.rouge import CACHE, DATA, Meeting, Query, encoder_at, meetings
from bot.domain import Document
from bot.inference.parser import load_parser
from bot.settings import Models as ModelSettings
from bot.summarise import answerable
from bot.summarise.asked import Asked, read_question
from bot.summarise.lexical import content
from bot.summarise.people import people

WEIGHTS = Path(__file__).resolve().parent.parent / "bot" / "summarise" / "weights" / "answerable.json"
FOREIGN, SWAPPED, SEED, FOLDS = 4, 1, 20261123, 6
REFUSED = {"long": 0.92, "short": 0.95}
"""The share of foreign questions that the threshold refuses: at 95 % of a whole meeting's, one question in
seven that it answers would be refused too."""
AROUND = 2
"""Turns on either side that an excerpt takes in."""
COMMON = 3
"""Meetings that must use a word before it is kept among the common ones."""


@dataclass(frozen=True)
class Case:
    """A question put to a meeting. `own` is true where the meeting answers it, `hard` where a rule refuses it."""

    meeting: str
    own: bool
    swapped: bool
    hard: bool
    scores: tuple[float, ...]


class Room:
    """A meeting, or the part of it that answers one question, with its gate."""

    def __init__(self, meeting: Meeting, encoder: Remembered, query: Query | None = None) -> None:
        self.meeting = meeting
        document = meeting.document if query is None else _excerpt(meeting.document, query)
        self.contributions = tuple(document.spoken())
        self.people = people(self.contributions, None)
        self.gate = answerable.Gate([document], [(0, item) for item in self.contributions], encoder)

    def read(self, question: str) -> Asked:
        return read_question(question, self.contributions, self.people, _parser())

    def case(self, question: str, whose: str, *, own: bool, swapped: bool = False) -> Case:
        """`swapped`: with a speaker of this meeting named in place of another's."""
        asked = self.read(question)
        look = self.gate.look(asked)
        hard = (look.barred() or look.ruled()) is not None
        return Case(whose, own, swapped, hard, tuple(look.scores()))


@cache
def _parser() -> Language:
    return load_parser(ModelSettings().parser)


def cases(rooms: list[Room], rng: random.Random) -> list[Case]:
    found = []
    for room in rooms:
        others = [other for other in rooms if other is not room]
        name = room.meeting.name
        for query in room.meeting.specific:
            question = query.question or ""
            found.append(room.case(question, name, own=True))
            asked = room.read(question)
            for place, other in enumerate(rng.sample(others, FOREIGN)):
                found.append(other.case(question, name, own=False))
                if place < SWAPPED and asked.speakers:
                    put = _swapped(question, room, asked, rng.choice(sorted(other.people)))
                    found.append(other.case(put, name, own=False, swapped=True))
    return found


def excerpts(rooms: list[Room], encoder: Remembered, rng: random.Random) -> list[Case]:
    """The same with short documents: the part that answers a question, and the part that answers another's."""
    parts = [(query, Room(room.meeting, encoder, query)) for room in rooms for query in room.meeting.specific]
    found = []
    for query, part in parts:
        question, name = query.question or "", part.meeting.name
        found.append(part.case(question, name, own=True))
        _, other = rng.choice([pair for pair in parts if pair[1].meeting is not part.meeting])
        found.append(other.case(question, name, own=False))
        asked = part.read(question)
        if asked.speakers and other.people:
            put = _swapped(question, part, asked, rng.choice(sorted(other.people)))
            found.append(other.case(put, name, own=False, swapped=True))
    return found


def _excerpt(document: Document, query: Query) -> Document:
    wanted = {place for a, b in query.spans for place in range(a - AROUND, b + AROUND + 1)}
    return replace(document, contributions=tuple(c for i, c in enumerate(document.contributions) if i in wanted))


def _swapped(question: str, room: Room, asked: Asked, label: str) -> str:
    for speaker in sorted(asked.speakers, key=len):
        question = question.replace(room.people[speaker].name.removesuffix(" AM"), label.partition(" (")[0])
    return question


def fit(found: list[Case]) -> tuple[np.ndarray, float]:
    """Coefficients of the raw scores, and the intercept."""
    scores = np.array([case.scores for case in found])
    own = np.array([case.own for case in found])
    middle, spread = scores.mean(0), scores.std(0) + 1e-9
    model = LogisticRegression(C=0.3, class_weight="balanced", max_iter=5000).fit((scores - middle) / spread, own)
    coefficients = model.coef_[0] / spread
    return coefficients, float(model.intercept_[0] - coefficients @ middle)


def values(found: list[Case], coefficients: np.ndarray, intercept: float) -> np.ndarray:
    """The logistic's argument for each case; far below any threshold where a rule refuses it."""
    scores = np.array([case.scores for case in found])
    return np.where([case.hard for case in found], -99.0, scores @ coefficients + intercept)


def report(title: str, found: list[Case], value: np.ndarray, threshold: float) -> None:
    own = np.array([case.own for case in found])
    swapped = np.array([case.swapped for case in found])
    rows = [
        ("answerable, answered", (value > threshold)[own]),
        ("foreign, refused", (value <= threshold)[~own & ~swapped]),
        ("foreign with a speaker of the meeting, refused", (value <= threshold)[swapped]),
    ]
    rows = [row for row in rows if len(row[1])]
    print(f"{title}: " + "; ".join(f"{name} {hit.mean():.1%} of {len(hit)}" for name, hit in rows))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--cache", type=Path, default=CACHE)
    options = parser.parse_args()
    encoder, rng = encoder_at(options.cache), random.Random(SEED)
    told = meetings(options.data)
    train = [meeting for meeting in told if not meeting.val]
    used = Counter(
        word for m in train for word in set(content(" ".join(item.text for item in m.document.contributions)))
    )
    common = {word: count for word, count in sorted(used.items()) if count >= COMMON}
    answerable.weights().update(meetings=len(train), common=common)
    rooms = [Room(meeting, encoder) for meeting in told]
    found = cases([room for room in rooms if not room.meeting.val], rng)
    short = excerpts([room for room in rooms if not room.meeting.val], encoder, rng)
    held = cases([room for room in rooms if room.meeting.val], rng)
    held_short = excerpts([room for room in rooms if room.meeting.val], encoder, rng)
    fitted = {}
    for name, cases_, unseen in (("long", found, held), ("short", short, held_short)):
        apart = out_of_fold(cases_)
        threshold = float(np.quantile(apart[foreign(cases_)], REFUSED[name]))
        coefficients, intercept = fit(cases_)
        report(f"{name}: train, out of fold", cases_, apart, threshold)
        own = np.array([case.own for case in cases_])
        for share in (0.85, 0.9, 0.95, 0.98):
            answered = (apart[own] > np.quantile(apart[foreign(cases_)], share)).mean()
            print(f"  where {share:.0%} of the foreign are refused, {answered:.1%} of the answerable are answered")
        report(f"{name}: val", unseen, values(unseen, coefficients, intercept), threshold)
        fitted[name] = {
            "coefficients": [round(float(value), 4) for value in coefficients],
            "intercept": round(intercept - threshold, 4),
        }
        for score, value in zip(answerable.SCORES, coefficients, strict=True):
            print(f"  {score:24} {value:8.3f}")
    write({"scores": answerable.SCORES, **fitted, "meetings": len(train), "common": common})
    return 0


def out_of_fold(cases_: list[Case]) -> np.ndarray:
    """Each case's value by weights fitted without its meeting."""
    apart = np.zeros(len(cases_))
    for fitted, measured in GroupKFold(FOLDS).split(cases_, groups=[case.meeting for case in cases_]):
        weights = fit([cases_[index] for index in fitted])
        apart[measured] = values([cases_[index] for index in measured], *weights)
    return apart


def foreign(cases_: list[Case]) -> np.ndarray:
    return np.array([not case.own and not case.swapped for case in cases_])


def write(row: dict[str, object]) -> None:
    WEIGHTS.write_text(json.dumps(row, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
