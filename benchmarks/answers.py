"""Does an answer come where there is one, and silence where there is none?

    .venv/bin/python -m benchmarks.answers [--only meetings|questions] [--cache FOLDER] [--data FOLDER]

`meetings`: every question of QMSum's 30 committee meetings is asked of its own meeting, which answers it, and of the
others of its fold, which are taken not to; some do, for one committee meets on one subject for months, so no system
reaches all. Five folds by meeting, as in benchmarks/quality.py: the gate's weights, its list of common words and every
threshold are fitted on the other four folds alone, so that neither the question nor the meeting was seen. Each
threshold refuses 95 % (and 92 %, the product's own) of the training folds' foreign questions. Beside the product: the
best BM25 score of a turn, and the best cosine of a sentence (all-MiniLM-L6-v2).

`questions`: ours (benchmarks/data/questions.jsonl) of the sample day, all its debates read as one: false premises,
opinions, predictions, orders, other subjects and people who do not speak, which must be refused, and answerable ones,
whose answer must hold one of the words given.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np

from benchmarks.rouge import CACHE, DATA, SEED, encoder_at, folds, meetings
from bot.inference.models import Models
from bot.settings import Models as ModelSettings
from bot.sources.transcript import read
from bot.summarise import answerable
from bot.summarise.ask import Reader
from bot.summarise.lexical import Bm25, content
from training import answerable as training

ROOT = Path(__file__).resolve().parent.parent
SHARES = (0.92, 0.95)
FOREIGN = 4
"""Other meetings of which a training question is asked."""
Put = tuple[training.Room, str, str, bool]
"""A meeting, a question, whose it is, and whether it is that meeting's own."""


def _foreign(rooms: list[training.Room], most: int, rng: random.Random) -> list[Put]:
    found: list[Put] = []
    for room in rooms:
        others = [other for other in rooms if other is not room]
        for query in room.meeting.specific:
            question = query.question or ""
            found.append((room, question, room.meeting.name, True))
            asked = rng.sample(others, min(most, len(others)))
            found += [(other, question, room.meeting.name, False) for other in asked]
    return found


class Baselines:
    """The scores of the two plain systems, each put at once."""

    def __init__(self, encoder: training.Remembered) -> None:
        self._encoder = encoder
        self._turns: dict[str, Bm25] = {}

    def bm25(self, puts: list[Put]) -> np.ndarray:
        for room, *_ in puts:
            if room.meeting.name not in self._turns:
                turns = [content(f"{item.speaker}: {item.text}") for item in room.contributions]
                self._turns[room.meeting.name] = Bm25(turns)
        return np.array([self._turns[room.meeting.name].scores(content(q)).max() for room, q, *_ in puts])

    def cosine(self, puts: list[Put]) -> np.ndarray:
        return np.array([(room.gate.vectors @ self._encoder.encode([q])[0]).max() for room, q, *_ in puts])


def of_meetings(options: argparse.Namespace) -> None:
    encoder, rng = encoder_at(options.cache), random.Random(SEED)
    rooms = [training.Room(meeting, encoder) for meeting in meetings(options.data)]  # type: ignore[arg-type]
    places = folds(len(rooms))
    baselines = Baselines(encoder)  # type: ignore[arg-type]
    answers: dict[tuple[str, float], list[bool]] = defaultdict(list)
    own: list[bool] = []
    for fold in sorted(set(places)):
        train = [room for room, place in zip(rooms, places, strict=True) if place != fold]
        test = [room for room, place in zip(rooms, places, strict=True) if place == fold]
        used = Counter(
            word for room in train for word in set(content(" ".join(item.text for item in room.contributions)))
        )
        common = {word: count for word, count in used.items() if count >= training.COMMON}
        answerable.weights().update(meetings=len(train), common=common)
        seen, unseen = _foreign(train, FOREIGN, rng), _foreign(test, len(test), rng)
        cases, held = ([room.case(q, whose, own=mine) for room, q, whose, mine in part] for part in (seen, unseen))
        weights = training.fit(cases)
        scores = {
            "Despatch": (training.values(cases, *weights), training.values(held, *weights)),
            "BM25, best turn": (baselines.bm25(seen), baselines.bm25(unseen)),
            "MiniLM, best sentence": (baselines.cosine(seen), baselines.cosine(unseen)),
        }
        wrong = np.array([not mine for *_, mine in seen])
        for name, (fitted, measured) in scores.items():
            for share in SHARES:
                answers[name, share] += list(measured > np.quantile(fitted[wrong], share))
        own += [mine for *_, mine in unseen]
        print(".", end="", flush=True)
    mine = np.array(own)
    print(f"\nmeetings: {mine.sum()} questions of their own meeting, {(~mine).sum()} of another")
    for (name, share), row in sorted(answers.items()):
        said = np.array(row)
        kept, left = said[mine].mean(), 1 - said[~mine].mean()
        print(f"  {name:24} threshold {share:.0%}: answered {kept:.1%}, refused {left:.1%}")


def of_questions(options: argparse.Namespace) -> None:
    models = Models(ModelSettings(writer="none"))
    debates = sorted((ROOT / "tests" / "sample_day" / "hansard" / "debates").glob("*.json"))
    reader = Reader(models, [document for path in debates for document in read(str(path))], what="record")
    rows = (ROOT / "benchmarks" / "data" / "questions.jsonl").read_text("utf-8").splitlines()
    right: Counter[tuple[int, str]] = Counter()
    asked: Counter[tuple[int, str]] = Counter()
    for row in map(json.loads, rows):
        found = reader.answer(row["question"])
        told = " ".join(line.text for line in found.sentences).lower()
        good = not found.answered if not row["holds"] else any(each.lower() in told for each in row["holds"])
        key = (row["set"], row["kind"])
        right[key] += good
        asked[key] += 1
        if not good:
            print(f"  {row['set']} {row['kind']}: {row['question']} -> {told or found.notes[0]}"[:200])
    for key, number in asked.items():
        print(f"  set {key[0]}, {key[1]:12} {right[key]} of {number}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=("meetings", "questions"))
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--cache", type=Path, default=CACHE)
    options = parser.parse_args()
    if options.only != "meetings":
        of_questions(options)
    if options.only != "questions":
        of_meetings(options)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
