"""Which sentences are chosen: by what was learnt, by the question, by the topic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.quality import uncarried
from bot.domain import Contribution, Document, Kind, Origin, Sentence
from bot.inference.encoder import Vectors
from bot.inference.models import Models
from bot.settings import Models as ModelSettings
from bot.summarise import select
from bot.summarise.digest import summarise
from bot.summarise.features import ASKED, SPEECH
from bot.summarise.people import people
from bot.summarise.plan import Plan
from bot.summarise.salience import Trees, read, trees
from bot.summarise.select import Candidates, Reading, candidates

TURNS = (
    ("Olwen Parry AM", "Good morning, and welcome to the Rural Schools Committee. Item 2 this morning is our evidence "
     "session on school transport. Dafydd Rees, how many pupils were left without a bus last winter?"),
    ("Dafydd Rees", "Thank you for the question. Some 1,240 pupils were left without a bus for more than a week last "
     "winter. The councils were told of it in November, and the operators had warned them in September. We have asked "
     "every council to publish a winter timetable by the end of October."),
    ("Olwen Parry AM", "And what about the cost of fuel?"),
    ("Dafydd Rees", "The cost of fuel rose by 18 per cent, and the grant did not. Two small operators in Cwmdulas gave "
     "up their contracts because of it. The Government will review the grant before the next school year."),
    ("Ffion Lewis AM", "Parents in Cwmdulas told me that children walked along the main road in the dark. I believe "
     "that the council failed those families. Will the department pay for safe crossings?"),
    ("Dafydd Rees", "The department will pay for 14 crossings this year. Each crossing costs £60,000, and the police "
     "chose the places."),
)  # fmt: skip


@pytest.fixture(scope="module")
def meeting() -> Document:
    items = tuple(Contribution(f"t{place}", text, speaker=name) for place, (name, text) in enumerate(TURNS))
    return Document("file", "rural", Kind.DEBATE, "Committee meeting", items)


@pytest.fixture(scope="module")
def reading(meeting: Document, models: Models) -> Reading:
    said = [(0, item) for item in meeting.contributions]
    return Reading(said, people(meeting.contributions, None), models.encoder)


def _texts(found: Candidates) -> list[str]:
    return [item.unit.text for item in found.scored]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How many pupils had no bus?", "1,240 pupils"),
        ("What did Dafydd Rees say about the cost of fuel?", "fuel rose by 18 per cent"),
        ("Who pays for the crossings?", "will pay for 14 crossings"),
    ],
)
def test_the_sentence_that_answers_comes_near_the_top(reading: Reading, question: str, answer: str) -> None:
    first = _texts(reading.candidates(question=question))[:4]
    assert any(answer in text for text in first), first


def test_another_question_has_another_order(reading: Reading) -> None:
    fuel, bus = (_texts(reading.candidates(question=q)) for q in ("What of the fuel?", "Why was there no bus?"))
    assert sorted(fuel) == sorted(bus)
    assert fuel != bus


def test_what_opens_a_meeting_counts_only_where_there_is_no_topic(reading: Reading) -> None:
    assert any("evidence session" in text for text in _texts(reading.candidates()))
    topical = _texts(reading.candidates(about=("school buses",)))
    assert not any("welcome to" in text or "evidence session" in text for text in topical)


def test_a_topic_is_weighed_beside_what_was_learnt(reading: Reading) -> None:
    plain = reading.candidates()
    topical = reading.candidates(about=("the cost of fuel",), named=lambda text: "fuel" in text)
    assert "fuel" in topical.scored[0].unit.text
    assert _texts(topical)[:3] != _texts(plain)[:3]


def test_a_text_is_encoded_once_however_many_questions_are_asked(meeting: Document, models: Models) -> None:
    seen: list[str] = []

    class Counting:
        def encode(self, texts: Sequence[str]) -> Vectors:
            seen.extend(texts)
            return models.encoder.encode(texts)

    said = [(0, item) for item in meeting.contributions]
    held = Reading(said, people(meeting.contributions, None), Counting())  # type: ignore[arg-type]
    for question in ("What of the fuel?", "Why was there no bus?"):
        held.candidates(question=question)
    assert max(seen.count(text) for text in seen) == 1


def test_a_long_debate_keeps_what_the_question_asks_for(
    meeting: Document, models: Models, monkeypatch: pytest.MonkeyPatch
) -> None:
    padding = [
        Contribution(f"p{number}", f"The road to village {number} is narrow and the road is old.", speaker="A Witness")
        for number in range(60)
    ]
    said = [(0, item) for item in (*padding, *meeting.contributions)]
    monkeypatch.setattr(select, "_MOST", 30)
    found = candidates(
        said, people((item for _, item in said), None), models.encoder, question="Who pays for crossings?"
    )
    assert len(found.scored) == 30
    assert any("14 crossings" in text for text in _texts(found))


def test_nothing_said_gives_no_candidates(models: Models) -> None:
    assert candidates([], {}, models.encoder).scored == ()
    assert candidates([], {}, models.encoder, question="What?").scored == ()


def test_trees_add_the_leaf_that_each_row_falls_to(tmp_path: Path) -> None:
    stump = Trees(
        column=np.array([[1, -1, -1]], dtype=np.int16),
        threshold=np.array([[0.5, 0, 0]], dtype=np.float32),
        left=np.array([[1, 0, 0]], dtype=np.int16),
        right=np.array([[2, 0, 0]], dtype=np.int16),
        value=np.array([[0, -1.0, 2.0]], dtype=np.float32),
        base=10.0,
    )
    rows = np.array([[9, 0.5], [0, 0.6]], dtype=np.float32)
    assert stump.predict(rows).tolist() == [9.0, 12.0]
    stump.save(tmp_path / "stump.npz", ("a", "b"))
    assert read(tmp_path / "stump.npz", ("a", "b")).predict(rows).tolist() == [9.0, 12.0]
    with pytest.raises(ValueError, match=r"stump\.npz was fitted on other features"):
        read(tmp_path / "stump.npz", ("a", "c"))


def test_the_packaged_weights_are_of_these_features() -> None:
    for name, names in (("general", SPEECH), ("asked", SPEECH + ASKED)):
        found = trees(name, names)
        assert int(found.column.max()) < len(names)
        assert np.isfinite(found.predict(np.zeros((3, len(names)), dtype=np.float32))).all()


def test_a_digest_on_no_topic_spends_its_words_and_says_nothing_twice(meeting: Document, extractive: Models) -> None:
    made = summarise(extractive, [meeting], max_words=90)
    lines = [line.text for line in made.sentences()]
    assert 70 <= made.word_count() <= 90
    assert len(lines) == len(set(lines))
    assert {"Dafydd Rees", "Olwen Parry AM"} <= {line.speaker for line in made.sentences()}
    assert "Rural Schools Committee" in " ".join(lines)
    assert [why for line in made.sentences() if (why := uncarried(line, meeting))] == []


def test_words_that_the_writer_saves_are_spent_on_another_line(
    meeting: Document, models: Models, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Saving:
        name = "saving"

    left: list[int] = []

    def write(plan: Plan, writer: object) -> None:
        plan.points[next(iter(plan.points))].pop()
        plan.held = 0
        left.append(plan.left())

    monkeypatch.setattr(Plan, "write", write)
    held = Models(ModelSettings())
    held.__dict__.update(encoder=models.encoder, parser=models.parser, writer=Saving())
    made = summarise(held, [meeting], max_words=60)
    assert 60 - made.word_count() < left[0] - 6
    assert made.word_count() <= 60


@pytest.mark.parametrize(
    ("text", "origin", "evidence", "why"),
    [
        ("Dafydd Rees said that 1,240 pupils had no bus.", Origin.REPORTED, ("t1",), None),
        ("Dafydd Rees said that 1,250 pupils had no bus.", Origin.REPORTED, ("t1",), "figure"),
        ("Dafydd Rees said that Cwmdulas had no bus.", Origin.REPORTED, ("t1",), "name"),
        ("Dafydd Rees said that 1,240 pupils had no bus.", Origin.REPORTED, ("t9",), "evidence"),
        ("“The cost of fuel rose… and the grant did not.”", Origin.SHORTENED, ("t3",), None),
        ("“The grant did not rise.”", Origin.QUOTED, ("t3",), "words"),
    ],
)
def test_what_its_evidence_does_not_carry_is_found(
    meeting: Document, text: str, origin: Origin, evidence: tuple[str, ...], why: str | None
) -> None:
    found = uncarried(Sentence(text, evidence, origin, "Dafydd Rees"), meeting)
    assert (found is None) if why is None else (found is not None and why in found)


def test_a_chair_gives_no_candidates(meeting: Document, models: Models) -> None:
    chaired = [(0, replace(item, speaker=item.speaker and "The Chair")) for item in meeting.contributions[:2]]
    assert candidates(chaired, people((i for _, i in chaired), None), models.encoder).scored == ()


def test_a_table_and_what_is_read_out_give_no_candidates(meeting: Document, models: Models) -> None:
    read_out = "Please may I copy this letter to the Education Secretary.'"
    said = f"She wrote to us in May. {read_out}\n\nYear to March | Buses | 12 | 14"
    turn = replace(meeting.contributions[1], text=said)
    found = candidates([(0, turn)], people([turn], None), models.encoder).scored
    assert [item.unit.text for item in found] == ["She wrote to us in May."]
