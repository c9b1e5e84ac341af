"""Who a speaker is, by what others say: the office in a welcome, "he" or "she" in the House's own forms."""

from __future__ import annotations

import pytest

from bot.domain import Contribution
from bot.summarise.introductions import introduced, pronouns

MINISTER = "Eleanor Marsh"


def said(*rows: tuple[str, str]) -> list[Contribution]:
    return [Contribution(f"c{number}", text, speaker) for number, (speaker, text) in enumerate(rows, 1)]


def test_a_welcome_gives_each_witness_the_office_that_it_names() -> None:
    items = said(
        (
            "Nerys Vaughan AM",
            "I’m very pleased to welcome Owen Pryce AM, Minister for Learning; Ann Lloyd, who is chief executive of "
            "the Harbour Council, and Siân Rees, deputy director for schools. We will go straight to questions.",
        ),
        ("Owen Pryce AM", "Thank you."),
        ("Dr Ann Lloyd", "Good morning."),
        ("Sian Rees", "Good morning."),
    )
    assert {item.speaker: item.role for item in introduced(items)} == {
        "Nerys Vaughan AM": None,
        "Owen Pryce AM": "Minister for Learning",
        "Dr Ann Lloyd": "Chief executive of the Harbour Council",
        "Sian Rees": "Deputy director for schools",
    }


def test_being_named_is_no_office() -> None:
    items = said(("Jane Doe", "I welcome what Owen Pryce said, as a director would."), ("Owen Pryce", "Thank you."))
    assert all(item.role is None for item in introduced(items))


@pytest.mark.parametrize(
    ("asked", "answered", "expected"),
    [
        ("Why was it late?", "The hon. Lady asks a fair question.", {"Jo Frith": "she"}),
        ("Why was it late?", "I thank the right hon. Gentleman.", {"Jo Frith": "he"}),
        ("I thank the Minister for her statement.", "It was late.", {MINISTER: "she"}),
        ("When will he publish it?", "Soon.", {}),
        ("It is late. Will he publish it?", "Soon.", {MINISTER: "he"}),
        ("Why was it late?", "My hon. Friend knows why.", {}),
        ("I thank the Minister for her statement. Will he publish it?", "Soon.", {}),
    ],
)
def test_the_house_says_he_or_she(asked: str, answered: str, expected: dict[str, str]) -> None:
    items = said(("Jo Frith", asked), (MINISTER, answered))
    assert pronouns(items, frozenset({MINISTER})) == expected
