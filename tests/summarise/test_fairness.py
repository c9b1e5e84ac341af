"""Criticism of somebody named: known by its words, and shown with the reply to it or a note that there is none."""

from __future__ import annotations

import pytest

from bot.domain import Origin, Sentence
from bot.summarise.fairness import criticised, unanswered
from bot.summarise.people import Person, Side

PEOPLE = {
    name: Person(name, name, None, None, side, False, None)
    for name, side in (("Judith Lorne", Side.MINISTER), ("Edmund Frith", Side.OPPOSITION))
}


def line(text: str, speaker: str = "Edmund Frith") -> Sentence:
    return Sentence(text, ("c1",), Origin.REPORTED, speaker)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Edmund Frith said that Judith Lorne had failed the families.", ("Judith Lorne",)),
        ("Edmund Frith said that it was a failure of Sir Alan Brook to act.", ("Sir Alan Brook",)),
        ("Edmund Frith said that Dame Ruth Callow’s report was late.", ()),
        ("Edmund Frith said that Sir Alan Brook found that the records were poor.", ()),
        ("Edmund Frith said that the programme had failed.", ()),
        ("Edmund Frith welcomed what Judith Lorne had published.", ()),
    ],
)
def test_whom_a_line_finds_fault_with(text: str, named: tuple[str, ...]) -> None:
    assert criticised(line(text), PEOPLE) == named


def test_what_nobody_answered_is_said_to_be_unanswered() -> None:
    hit = line("Edmund Frith said that Sir Alan Brook was wrong to close the case.")
    assert unanswered([(hit, False)], PEOPLE) == [
        "No reply in this debate to what Edmund Frith said of Sir Alan Brook."
    ]
    assert unanswered([(hit, True)], PEOPLE) == []
