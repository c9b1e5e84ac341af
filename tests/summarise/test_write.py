"""The writer's sentences: asked of words that stand alone, shown only where they are a report and are carried."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.domain import Contribution, Document, Kind, Origin, Sentence
from bot.inference.models import Models
from bot.summarise.cues import Act
from bot.summarise.parsing import parse
from bot.summarise.people import people
from bot.summarise.phrase import Phraser
from bot.summarise.select import Scored
from bot.summarise.sentences import units
from bot.summarise.verify import Verifier
from bot.summarise.write import Request, formed, points_out, prompt, written, written_apart
from tests.standins.writer import LyingWriter, Scripted

MINISTER, MEMBER = "Eleanor Marsh", "Mr Tobias Wren"
SPEECHES = (
    Contribution(
        "c1",
        "Frankly, we have closed 34 of the 41 centres since March. We will publish the review of referrals in May. "
        "The killer left the programme in April 2016.",
        MINISTER,
        role="Minister for Security",
    ),
    Contribution(
        "c2",
        "I have met the families of Harrowby. Many councils in the north have lost their coordinators. "
        "Will the Minister publish the figures for Harrowby?",
        MEMBER,
    ),
)
DOCUMENT = Document("file", "d1", Kind.DEBATE, "Prevent", SPEECHES)


@pytest.fixture(scope="module")
def phraser(models: Models) -> Phraser:
    persons = people(SPEECHES, None)
    sentences = {item.id: list(units([item])) for item in SPEECHES}
    return Phraser(models.parser, Verifier(DOCUMENT, models.parser, models.encoder), persons, sentences)


@pytest.fixture(scope="module")
def quoted() -> dict[str, tuple[Scored, Sentence]]:
    """Each sentence of the speeches as a quoted line, by its first two words."""
    lines = {}
    for row, unit in enumerate(units(SPEECHES)):
        said = unit.contribution
        line = Sentence(f"“{unit.text}”", (said.id,), Origin.QUOTED, said.speaker)
        lines[" ".join(unit.text.split()[:2])] = (Scored(unit, Act.SAYS, 1.0, row), line)
    return lines


def texts(lines: Sequence[tuple[Scored, Sentence]]) -> list[str]:
    return [line.text for _, line in lines]


def test_a_quotation_gives_way_to_a_report_that_its_words_carry(phraser: Phraser, quoted) -> None:
    answer = "Eleanor Marsh said that the Government had closed 34 of the 41 centres since March."
    ((_, line),) = written([quoted["Frankly, we"]], phraser, Scripted([answer]), room=20)
    assert line.text == answer.replace("Government", "government")
    assert (line.origin, line.evidence, line.speaker) == (Origin.WRITTEN, ("c1",), MINISTER)


def test_neighbours_of_one_speaker_are_joined(phraser: Phraser, quoted) -> None:
    answer = (
        "Mr Tobias Wren said that he had met the families of Harrowby, and that many councils in the north had lost "
        "their coordinators."
    )
    lines = [quoted["I have"], quoted["Many councils"]]
    made = written(lines, phraser, Scripted([answer]), room=20)
    assert texts(made) == [answer]
    assert made[0][0] is lines[0][0]


def test_two_speakers_are_never_joined(phraser: Phraser, quoted) -> None:
    class Counting(Scripted):
        def write(self, prompts: Sequence[str], *, max_tokens: int = 70) -> list[str]:
            assert all(("Marsh" in asked) != ("Wren" in asked) for asked in prompts)
            return super().write(prompts)

    lines = [quoted["We will"], quoted["Many councils"]]
    assert written(lines, phraser, Counting([""]), room=20) == lines


@pytest.mark.parametrize(
    "answer",
    [
        "Eleanor Marsh said that the Government had closed 35 of the 41 centres since March.",
        "Eleanor Marsh said that the Government had closed 34 of the 41 centres because of the cost since March.",
        "Eleanor Marsh regretted that the Government had closed 34 of the 41 centres since March.",
        "Eleanor Marsh said that the Government had not closed 34 of the 41 centres since March.",
        "Eleanor Marsh asked whether the Government had closed 34 of the 41 centres since March.",
        "Mr Tobias Wren said that the Government had closed 34 of the 41 centres since March.",
    ],
)
def test_what_is_not_carried_leaves_the_quotation(phraser: Phraser, quoted, answer: str) -> None:
    lines = [quoted["Frankly, we"]]
    assert written(lines, phraser, Scripted([answer]), room=20) == lines


def test_a_third_persons_act_is_not_given_to_the_speaker(phraser: Phraser, quoted) -> None:
    lines = [quoted["The killer"]]
    lie = "Eleanor Marsh said that she had left the programme in April 2016."
    assert written(lines, phraser, Scripted([lie]), room=20) == lines


def test_a_report_goes_on_to_the_sentence_that_follows_where_there_is_room(phraser: Phraser, quoted) -> None:
    item, _ = quoted["We will"]
    report = "Eleanor Marsh said that the government would publish the review of referrals in May."
    lines = [(item, Sentence(report, ("c1",), Origin.REPORTED, MINISTER))]
    answer = report.replace(".", ", and that the killer left the programme in April 2016.")
    (made,) = written_apart([lines], phraser, Scripted([answer]), room=20, told={item.unit.key})
    assert texts(made) == [answer]
    assert written_apart([lines], phraser, Scripted([answer]), room=5, told={item.unit.key}) == [lines]
    assert written(lines, phraser, Scripted([answer]), room=20) == lines


def test_what_has_a_line_already_is_not_told_with_another(phraser: Phraser, quoted) -> None:
    class Silent(Scripted):
        def write(self, prompts: Sequence[str], *, max_tokens: int = 70) -> list[str]:
            assert not any("killer" in asked and "referrals" in asked for asked in prompts)
            return super().write(prompts)

    item, _ = quoted["We will"]
    report = Sentence("Eleanor Marsh said that they would publish it.", ("c1",), Origin.REPORTED, MINISTER)
    groups = [[(item, report)], [quoted["The killer"]]]
    assert (
        written_apart(groups, phraser, Silent([""]), room=20, told={row.unit.key for rows in groups for row, _ in rows})
        == groups
    )


def test_a_sentence_that_is_too_long_for_the_room_left_is_not_taken(phraser: Phraser, quoted) -> None:
    answer = "Eleanor Marsh said that the Government had closed 34 of the 41 centres since March."
    lines = [quoted["Frankly, we"]]
    assert written(lines, phraser, Scripted([answer]), room=1) == lines


def test_a_lying_or_rambling_writer_changes_nothing(phraser: Phraser, quoted) -> None:
    lines = list(quoted.values())
    for _ in range(8):
        for line in lines:
            assert written([line], phraser, LyingWriter(SPEECHES), room=50) == [line]
    for noise in ("", "the the the the", "Eleanor Marsh " * 40, "As an AI language model I cannot.", "\n.\n?"):
        assert written(lines, phraser, Scripted([noise]), room=50) == lines


@pytest.mark.parametrize(
    "answer",
    [
        "Eleanor Marsh said that we had closed 34 of the 41 centres since March.",
        "Eleanor Marsh said that the Government had “closed” 34 of the 41 centres since March.",
        "Eleanor Marsh said that [the Government] had closed 34 of the 41 centres since March.",
        "Eleanor Marsh said that he had closed 34 of the 41 centres since March.",
        "Eleanor Marsh said that Eleanor Marsh had closed 34 of the 41 centres since March.",
        "Eleanor Marsh said that the Government had closed 34 of the 41 centres since March",
        "Eleanor Marsh said that the Government has closed 34 of the 41 centres since March.",
        "She said that the Government had closed 34 of the 41 centres since March.",
        "Eleanor Marsh said that 34 of the centres, 34 of the centres since March had closed of the 41.",
        "Eleanor Marsh said that the Government had closed 34 of the 41 centres since March, since March.",
        "Eleanor Marsh said that the Government had closed 34 of the 41 centenders since March.",
        "Eleanor Marsh spoke.",
    ],
)
def test_what_has_not_the_form_of_a_report_is_refused(phraser: Phraser, answer: str) -> None:
    request = Request(phraser.people[MINISTER], ("Frankly, we have closed 34 of the 41 centres since March.",))
    assert formed(answer, request) is None


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("Will the Minister speak to the council?", "Eleanor Marsh asked whether the Minister spoke to the council."),
        (
            "The council may close the centre in May.",
            "Eleanor Marsh said that the council would close the centre in May.",
        ),
        ("Those who live in Harrowby know the cost.", "Eleanor Marsh said that those of whom Harrowby knew the cost."),
        ("Mr Chair, the council knows the cost.", "Eleanor Marsh said that Mr Chair, the council knew the cost."),
        ("The council knows the cost.", "Eleanor Marsh said that the council had never known the cost."),
    ],
)
def test_a_report_of_another_strength_or_tie_is_refused(phraser: Phraser, words: str, answer: str) -> None:
    assert formed(answer, Request(phraser.people[MINISTER], (words,))) is None


def test_a_join_that_leaves_one_of_its_sentences_out_is_refused(phraser: Phraser) -> None:
    words = ("We have closed 34 of the 41 centres.", "Many councils in the north have lost their coordinators.")
    request = Request(phraser.people[MINISTER], words)
    assert formed("Eleanor Marsh said that the Government had closed 34 of the 41 centres.", request) is None


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("He left the programme in April.", True),
        ("[The killer] said that he was sorry.", False),
        ("This is a scandal.", True),
        ("It has failed the town of Harrowby.", True),
        ("There are 34 centres, and it is right that councils keep their staff.", False),
        ("They have lost their coordinators.", True),
        ("Councils have lost their coordinators.", False),
        ("You know the answer.", True),
        ("The inspector said that the council was warned.", False),
    ],
)
def test_words_that_point_out_of_themselves_are_known(models: Models, text: str, points: bool) -> None:
    assert points_out(parse(models.parser, [text])[0]) is points


def test_the_writer_is_told_who_we_and_i_are(phraser: Phraser) -> None:
    minister, member = phraser.people[MINISTER], phraser.people[MEMBER]
    assert "“We” is the Government." in prompt(Request(minister, ("We will act.",)))
    asked = prompt(Request(member, ("We will act.", "I have asked.")))
    assert "“We” is “they”." in asked and "“I” is “he”." in asked
    assert asked.endswith(f"{MEMBER}: We will act.\nI have asked.")
