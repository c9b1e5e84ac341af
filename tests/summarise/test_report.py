"""Reported speech by rule: first person to third, tenses back, and silence where a rule would have to guess."""

from __future__ import annotations

import pytest

from bot.inference.models import Models
from bot.summarise.openings import prepared
from bot.summarise.parsing import parse
from bot.summarise.people import Person, Side
from bot.summarise.questions import asking, questions_of, report_asking, report_question
from bot.summarise.report import report, report_press

MINISTER = Person("Eleanor Marsh", "Eleanor Marsh", "Lab", "The Minister for Security", Side.MINISTER, False, None)
LORD = Person("Lord Merrion", "Lord Merrion", "Lab", "Minister of State", Side.MINISTER, False, "he")
MEMBER = Person("Alistair Croome", "Alistair Croome", "Con", None, Side.OPPOSITION, False, None)


def told(models: Models, text: str, person: Person) -> str | None:
    ready, verb = prepared(text)
    clause = report(parse(models.parser, [ready])[0], person, verb)
    return clause.sentence() if clause else None


@pytest.mark.parametrize(
    ("said", "person", "reported"),
    [
        (
            "We will publish the review, because families deserve answers.",
            MINISTER,
            "Eleanor Marsh said that the Government would publish the review, because families deserved answers.",
        ),
        (
            "I will write to the commissioner by the end of March.",
            MINISTER,
            "Eleanor Marsh undertook to write to the commissioner by the end of March.",
        ),
        (
            "My Lords, I have met the family.",
            LORD,
            "Lord Merrion said that he had met the family.",
        ),
        (
            "I can announce that the Government have accepted all ten recommendations.",
            MINISTER,
            "Eleanor Marsh announced that the Government had accepted all ten recommendations.",
        ),
        (
            "However, the programme can’t do the work of a clinic that isn’t there.",
            MEMBER,
            "Alistair Croome said that the programme could not do the work of a clinic that was not there.",
        ),
        (
            "I welcome the publication of the review.",
            MEMBER,
            "Alistair Croome welcomed the publication of the review.",
        ),
        (
            "Secondly, the records were poor.",
            MINISTER,
            "Eleanor Marsh said that the records were poor.",
        ),
    ],
)
def test_a_plain_clause_is_reported(models: Models, said: str, person: Person, reported: str) -> None:
    assert told(models, said, person) == reported


@pytest.mark.parametrize(
    ("said", "person", "why"),
    [
        ("He left the programme in April.", MINISTER, "who is he?"),
        ("He was asked to look at this case.", MINISTER, "who is he?"),
        ("We must all learn from this tragedy.", MINISTER, "we may be the House"),
        ("We will publish the review in full.", MEMBER, "we are not the Government"),
        ("That is why it matters to the town.", MINISTER, "what is why?"),
        ("They were told twice that the file was lost.", MEMBER, "who are they?"),
        ("My hon. Friend the Member for Norminster has put it well.", MEMBER, "an unnamed friend"),
        ("I am not saying that the programme works perfectly.", MINISTER, "a turn of phrase"),
        ("During those ten months, every force went on using the form.", MEMBER, "which months?"),
        ("You said that it would be published in May.", MEMBER, "who is you?"),
        ("Let us be honest about the cost of the programme.", MEMBER, "an order"),
        ("My officials met the family last week in Norminster.", MEMBER, "whose officials"),
        ("The panel said that its concerns had been “substantially reduced” by then.", MINISTER, "a quotation in it"),
    ],
)
def test_what_would_need_a_guess_is_declined(models: Models, said: str, person: Person, why: str) -> None:
    assert told(models, said, person) is None, why


@pytest.mark.parametrize(
    ("asked", "reported"),
    [
        (
            "Will the Minister publish the review in full?",
            "Alistair Croome asked whether the Minister would publish the review in full.",
        ),
        (
            "Does the Minister agree that the programme needs a commissioner?",
            "Alistair Croome asked whether the Minister agreed that the programme needed a commissioner.",
        ),
        ("When will he publish the guidance?", "Alistair Croome asked when the Minister would publish the guidance."),
        (
            "What assessment has the Minister made of the Prevent duty?",
            "Alistair Croome asked what assessment the Minister had made of the Prevent duty.",
        ),
        (
            "How many referrals were there last year?",
            "Alistair Croome asked how many referrals there were last year.",
        ),
        (
            "Is the Minister aware of the concerns of teachers?",
            "Alistair Croome asked whether the Minister was aware of the concerns of teachers.",
        ),
    ],
)
def test_a_real_question_is_reported_as_asked(models: Models, asked: str, reported: str) -> None:
    clause = report_question(parse(models.parser, [asked])[0], MEMBER, asked_minister=True)
    assert clause is not None
    assert clause.sentence() == reported


@pytest.mark.parametrize(
    "asked",
    [
        "Why did he leave the programme?",
        "Is it not the case that the programme failed?",
        "Can he confirm that the inquiry will cover it, and will he publish its terms?",
        "Does he not agree that the money was wasted?",
    ],
)
def test_a_question_that_would_need_a_guess_is_declined(models: Models, asked: str) -> None:
    assert report_question(parse(models.parser, [asked])[0], MEMBER, asked_minister=True) is None


def test_an_indirect_question_keeps_its_word(models: Models) -> None:
    parted = asking("May I ask the Minister what he will do about the backlog?")
    assert parted == ("what", "he will do about the backlog")
    clause = report_asking(parse(models.parser, [parted[1]])[0], parted[0], MEMBER, asked_minister=True)
    assert clause is not None
    assert clause.sentence() == "Alistair Croome asked what the Minister would do about the backlog."


def test_the_press_is_reported_as_the_press(models: Models) -> None:
    text = "Mark Fairley, a former minister, criticised how little Prevent achieves for what it costs."
    clause = report_press(parse(models.parser, [text])[0])
    assert clause is not None
    assert clause.sentence() == (
        "The article reported that Mark Fairley, a former minister, criticised how little Prevent achieved for what "
        "it cost."
    )


def test_the_programme_is_not_parsed_as_the_verb(models: Models) -> None:
    assert told(models, "Prevent is an essential part of the counter-terrorism strategy.", MEMBER) == (
        "Alistair Croome said that Prevent was an essential part of the counter-terrorism strategy."
    )


def test_to_be_told_why_is_to_ask_why(models: Models) -> None:
    parted = asking("Can the Secretary of State tell us why Ministers have been so slow to act?")
    assert parted == ("why", "Ministers have been so slow to act")
    clause = report_asking(parse(models.parser, [parted[1]])[0], parted[0], MEMBER, asked_minister=True)
    assert clause is not None
    assert clause.sentence() == "Alistair Croome asked why Ministers had been so slow to act."


SHE = Person("Eleanor Marsh", "Eleanor Marsh", "Lab", "The Minister for Security", Side.MINISTER, False, "she")


@pytest.mark.parametrize(
    ("said", "person", "reported"),
    [
        ("I do understand that schools are anxious.", MEMBER, "Alistair Croome understood that schools were anxious."),
        ("I don’t think there is any pushback.", MEMBER, "Alistair Croome did not think that there was any pushback."),
        ("I haven’t read the report of the panel.", MEMBER, "Alistair Croome had not read the report of the panel."),
        (
            "Well, look, I want to make it clear that the panel met six times.",
            MEMBER,
            "Alistair Croome said that the panel met six times.",
        ),
        (
            "Mr. Chair, the money’s gone to the council.",
            MEMBER,
            "Alistair Croome said that the money had gone to the council.",
        ),
        (
            "I have asked the force to look again.",
            SHE,
            "Eleanor Marsh said that she had asked the force to look again.",
        ),
        (
            "We launched a fund for local councils.",
            MINISTER,
            "Eleanor Marsh said that the Government launched a fund for local councils.",
        ),
        (
            "Our Government is buying equipment.",
            MINISTER,
            "Eleanor Marsh said that the Government was buying equipment.",
        ),
        (
            "This year the fund will open in Wales.",
            MINISTER,
            "Eleanor Marsh said that this year the fund would open in Wales.",
        ),
    ],
)
def test_more_is_reported_where_it_is_safe(models: Models, said: str, person: Person, reported: str) -> None:
    assert told(models, said, person) == reported


@pytest.mark.parametrize(
    ("said", "person", "why"),
    [
        ("I want to ask about the delay at the panel.", SHE, "what is done with the floor"),
        ("I am not saying that the programme works perfectly.", SHE, "a turn of phrase"),
        ("I taught in a college for 16 years.", MEMBER, "somebody's own past"),
        ("The consultation will ask about it.", MINISTER, "it is not the consultation"),
        ("I raised the same question three years ago.", MEMBER, "which question?"),
        ("It is now to come at the end of October.", MEMBER, "what is?"),
        ("Spending money on it is one thing.", MEMBER, "half of a contrast"),
        ("What concerns have been identified by the panel.", MEMBER, "a question without its mark"),
    ],
)
def test_what_tells_nothing_alone_is_declined(models: Models, said: str, person: Person, why: str) -> None:
    assert told(models, said, person) is None, why


def asked(models: Models, text: str) -> list[str]:
    found = []
    for question in questions_of(prepared(text)[0], asked="the Minister"):
        if parted := asking(question):
            clause = report_asking(parse(models.parser, [parted[1]])[0], parted[0], MEMBER, asked_minister=True)
        else:
            clause = report_question(parse(models.parser, [question])[0], MEMBER, asked_minister=True)
        found += [clause.sentence().removeprefix("Alistair Croome asked ")] if clause else []
    return found


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        ("Does my right hon. Friend agree that it is late?", ["whether the Minister agreed that it was late."]),
        (
            "Has she shared the review with Scotland, and will the form be agreed with the police?",
            [
                "whether the Minister had shared the review with Scotland.",
                "whether the form would be agreed with the police.",
            ],
        ),
        (
            "Will she confirm that 22 posts have gone since she took office?",
            ["whether the Minister would confirm that 22 posts had gone since she took office."],
        ),
        ("What is the longest that anyone should wait?", ["what was the longest that anyone should wait."]),
        ("And what about the capacity of mental health services?", ["about the capacity of mental health services."]),
        (
            "When will the Government fully fund the auditor’s office?",
            ["when the Government would fully fund the auditor’s office."],
        ),
        ("I wonder whether the Minister has met the council.", ["whether the Minister had met the council."]),
        (
            "What does a person who returns to work this week have to do?",
            ["what a person who returned to work that week had to do."],
        ),
        ("Will the Minister ask the hon. Member to withdraw it?", []),
    ],
)
def test_questions_are_reported_in_their_forms(models: Models, text: str, reported: list[str]) -> None:
    assert asked(models, text) == reported
