"""Who speaks: the name for a sentence, the side of the House, and a pronoun only where a title gives it."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain import Contribution, Voice
from bot.summarise.people import Side, people, plain_name


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Dan Jarvis", "Dan Jarvis"),
        ("The Minister for Security (Dan Jarvis)", "Dan Jarvis"),
        ("Hon. Bill Morneau (Minister of Finance)", "Hon. Bill Morneau"),
        ("The Minister of State, Home Office (Lord Hanson of Flint) (Lab)", "Lord Hanson of Flint"),
        ("Madam Deputy Speaker (Judith Cummins)", "Judith Cummins"),
        ("  Lynne   Neagle AM ", "Lynne Neagle AM"),
    ],
)
def test_a_label_gives_the_name_that_stands_in_a_sentence(label: str, name: str) -> None:
    assert plain_name(label) == name


def said(speaker: str, party: str | None = None, role: str | None = None, voice: Voice = Voice.SPEECH) -> Contribution:
    return Contribution(speaker, "Words.", speaker, party=party, role=role, voice=voice)


def test_sides_follow_the_ministers_party() -> None:
    found = people(
        [
            said("Dan Jarvis", "Lab", "The Minister for Security"),
            said("Mark Francois", "Con"),
            said("A Back-bencher", "Lab/Co-op"),
            said("Lord Carlile", "CB"),
            said("Madam Deputy Speaker", voice=Voice.CHAIR),
        ],
        date(2025, 2, 12),
    )
    assert {label: person.side for label, person in found.items()} == {
        "Dan Jarvis": Side.MINISTER,
        "Mark Francois": Side.OPPOSITION,
        "A Back-bencher": Side.GOVERNMENT_BACK_BENCH,
        "Lord Carlile": Side.OTHER,
        "Madam Deputy Speaker": Side.OTHER,
    }
    assert found["Madam Deputy Speaker"].chair


@pytest.mark.parametrize(
    ("day", "party", "side"),
    [
        (date(2023, 10, 24), "Con", Side.GOVERNMENT_BACK_BENCH),
        (date(2023, 10, 24), "Lab", Side.OPPOSITION),
        (date(2025, 2, 12), "Con", Side.OPPOSITION),
        (date(2012, 3, 1), "LD", Side.GOVERNMENT_BACK_BENCH),
        (date(2009, 10, 26), "Lab", Side.GOVERNMENT_BACK_BENCH),
    ],
)
def test_without_a_minister_the_day_says_who_governed(day: date, party: str, side: Side) -> None:
    assert people([said("Jane Doe", party)], day)["Jane Doe"].side is side


def test_a_shadow_minister_is_no_minister() -> None:
    found = people([said("Chris Doe", "Con", "Shadow Home Secretary")], date(2025, 2, 12))
    assert found["Chris Doe"].side is Side.OPPOSITION


def test_the_office_is_remembered_from_where_it_is_given() -> None:
    found = people([said("Dan Jarvis"), said("Dan Jarvis", "Lab", "The Minister for Security")], None)
    assert found["Dan Jarvis"].role == "The Minister for Security"
    assert found["Dan Jarvis"].side is Side.MINISTER


@pytest.mark.parametrize(
    ("name", "pronoun"),
    [
        ("Lord Hanson of Flint", "he"),
        ("Baroness Fox of Buckley", "she"),
        ("Sir Peter Lanyon", "he"),
        ("Dan Jarvis", None),
    ],
)
def test_only_a_title_tells_he_from_she(name: str, pronoun: str | None) -> None:
    assert people([said(name)], None)[name].pronoun == pronoun
