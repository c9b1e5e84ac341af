"""What a sentence does: courtesies and business are never news; findings, promises and criticism are."""

from __future__ import annotations

import pytest

from bot.summarise.cues import Act, act, courtesy, procedure


@pytest.mark.parametrize(
    "text",
    [
        "I thank the Minister for advance sight of his statement.",
        "May I start by paying tribute to Martin Ellery?",
        "I am grateful to my hon. Friend for that question.",
        "Mr. Chair, I want to thank my honourable colleague for giving me this opportunity.",
        "My hon. Friend makes an important point.",
        "Our thoughts are with the family.",
        "Okay, thank you very much.",
        "I, too, think of the family of Martin Ellery today.",
        "I am happy to meet my hon. Friend.",
        "The right hon. Gentleman is wrong.",
    ],
)
def test_a_courtesy_is_told(text: str) -> None:
    assert courtesy(text)


@pytest.mark.parametrize(
    "text",
    [
        "Order. The House will come to order.",
        "We'll move on, then, to item 2 this morning.",
        "I call the shadow Minister.",
        "I refer to my entry in the register.",
        "Copies of the review are available in the Vote Office.",
        "Will the hon. Lady give way?",
        "Motion made, and Question proposed.",
        "I draw the House’s attention to my entry in the register.",
        "I will place a summary of it in the Library.",
        "Can I ask Members if they've got any declarations of interest, please?",
        "I want to press two points.",
        "My Lords, the noble Earl asks the hardest question in the review.",
        "The noble Baroness asks about staff.",
    ],
)
def test_the_conduct_of_business_is_told(text: str) -> None:
    assert procedure(text)


@pytest.mark.parametrize(
    "text",
    [
        "I welcome the review and its 17 recommendations.",
        "The programme failed the people of Norminster three times.",
        "We will go further than any government before us.",
        "The review asks the Government to train 40,000 teachers by May.",
        "The Committee asks about one in four referrals that were closed, and has had no answer.",
    ],
)
def test_news_is_neither(text: str) -> None:
    assert not procedure(text)
    assert not courtesy(text)


@pytest.mark.parametrize(
    ("text", "minister", "does"),
    [
        ("First, the case was closed too soon.", True, Act.FINDS),
        ("The review found that records were poor.", True, Act.FINDS),
        ("I accept all 17 of the recommendations.", True, Act.ANNOUNCES),
        ("I have asked the commissioner to report by March.", True, Act.ANNOUNCES),
        ("By 31 October, a new framework will be in use in every force.", True, Act.UNDERTAKES),
        ("We will not abandon the programme.", True, Act.SAYS),
        ("The programme has little to show for its cost.", False, Act.CRITICISES),
        ("The budget for co-ordinators was cut by £9 million.", False, Act.CRITICISES),
        ("The town held a vigil last night.", False, Act.SAYS),
    ],
)
def test_what_a_sentence_does_depends_on_who_says_it(text: str, minister: bool, does: Act) -> None:
    assert act(text, question=False, minister=minister) is does


def test_a_question_to_a_minister_asks() -> None:
    assert act("Will he publish it?", question=True, minister=False) is Act.ASKS
