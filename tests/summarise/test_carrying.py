"""The words of a contribution that a reader is shown for a line."""

from __future__ import annotations

from bot.summarise.carrying import LONGEST, carrying

SPEECH = (
    "I thank the hon. Lady for her question. The review found that the case was closed too soon.\n\n"
    "It also found that the records of the panel were poor. I met the families last week. "
    "The Government will appoint a commissioner by 30 September."
)


def test_the_sentence_that_carries_the_line_literally() -> None:
    line = "Ottilie Marchbanks said that the Government would appoint a commissioner by 30 September."
    assert carrying(line, SPEECH) == "The Government will appoint a commissioner by 30 September."


def test_two_sentences_of_a_joined_line_in_their_order_with_the_gap_marked() -> None:
    line = "She said that a commissioner would be appointed by 30 September and that the review found a case closed."
    assert carrying(line, SPEECH) == (
        "The review found that the case was closed too soon. … "
        "The Government will appoint a commissioner by 30 September."
    )
    near = "The review found the case closed too soon and the records of the panel poor."
    assert " … " not in carrying(near, SPEECH)


def test_nothing_is_shown_for_what_shares_no_word() -> None:
    assert carrying("Fisheries quotas rose.", SPEECH) == ""
    assert carrying("", SPEECH) == carrying("The case", "") == ""


def test_a_sentence_without_end_is_cut_between_words() -> None:
    shown = carrying("The review found it.", "The review found " + "and found again " * 200)
    assert shown.endswith(" …")
    assert len(shown.split()) == LONGEST + 1
