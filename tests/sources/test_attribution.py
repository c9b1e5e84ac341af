"""Every form in which Hansard says who speaks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.domain import Voice
from bot.sources.attribution import is_chair, is_collective, read

SPEECH, CHAIR, COLLECTIVE = Voice.SPEECH, Voice.CHAIR, Voice.COLLECTIVE


@pytest.mark.parametrize(
    ("printed", "name", "role", "seat", "party", "voice"),
    [
        ("Kemi Badenoch (North West Essex) (Con)", "Kemi Badenoch", None, "North West Essex", "Con", SPEECH),
        ("Jim McMahon (Oldham West) (Lab/Co-op)", "Jim McMahon", None, "Oldham West", "Lab/Co-op", SPEECH),
        ("Jo Bloggs (Islington North) (Your Party)", "Jo Bloggs", None, "Islington North", "Your Party", SPEECH),
        ("A Member (Somewhere (North)) (New Mark)", "A Member", None, "Somewhere (North)", "New Mark", SPEECH),
        ("Jeremy Corbyn", "Jeremy Corbyn", None, None, None, SPEECH),
        ("Mrs Badenoch", "Mrs Badenoch", None, None, None, SPEECH),
        ("The Minister for Security (Dan Jarvis)", "Dan Jarvis", "The Minister for Security", None, None, SPEECH),
        ("The Prime Minister (Andy Burnham)", "Andy Burnham", "The Prime Minister", None, None, SPEECH),
        ("The Prime Minister", None, "The Prime Minister", None, None, SPEECH),
        ("Mr Speaker", "Mr Speaker", "Mr Speaker", None, None, CHAIR),
        ("Madam Deputy Speaker (Judith Cummins)", "Judith Cummins", "Madam Deputy Speaker", None, None, CHAIR),
        ("Mr Deputy Speaker", "Mr Deputy Speaker", "Mr Deputy Speaker", None, None, CHAIR),
        ("Sir Roger Gale (in the Chair)", "Sir Roger Gale", "in the Chair", None, None, CHAIR),
        ("The Chairman of Ways and Means (Ms Nusrat Ghani)", "Ms Nusrat Ghani", "The Chairman of Ways and Means", None,
         None, CHAIR),
        ("The Temporary Chair (Carolyn Harris)", "Carolyn Harris", "The Temporary Chair", None, None, CHAIR),
        ("The Deputy Speaker (Lord Geddes) (Con)", "Lord Geddes", "The Deputy Speaker", None, "Con", CHAIR),
        ("Hon. Members", "Hon. Members", None, None, None, COLLECTIVE),
        ("Several hon. Members rose—", "Several hon. Members rose", None, None, None, COLLECTIVE),
        ("An hon. Member", "An hon. Member", None, None, None, COLLECTIVE),
        ("Noble Lords", "Noble Lords", None, None, None, COLLECTIVE),
        ("Lord Pannick (CB)", "Lord Pannick", None, None, "CB", SPEECH),
        ("Baroness Fox of Buckley (Non-Afl)", "Baroness Fox of Buckley", None, None, "Non-Afl", SPEECH),
        ("Lord West of Spithead (Lab Co-op)", "Lord West of Spithead", None, None, "Lab Co-op", SPEECH),
        ("The Lord Bishop of St Albans", "The Lord Bishop of St Albans", None, None, None, SPEECH),
        ("The Archbishop of York", "The Archbishop of York", None, None, None, SPEECH),
        ("The Earl of Devon (CB)", "The Earl of Devon", None, None, "CB", SPEECH),
        ("The Minister of State, Home Office (Lord Hanson of Flint) (Lab)", "Lord Hanson of Flint",
         "The Minister of State, Home Office", None, "Lab", SPEECH),
        ("The Lord Privy Seal (Baroness Smith of Basildon) (Lab)", "Baroness Smith of Basildon", "The Lord Privy Seal",
         None, "Lab", SPEECH),
        ("Lord Hanson of Flint (Lab)", "Lord Hanson of Flint", None, None, "Lab", SPEECH),
        ("Baroness Fox of Buckley (Non-Afl) [V]", "Baroness Fox of Buckley", None, None, "Non-Afl", SPEECH),
        ("Yvette Cooper (Urgent Question)", "Yvette Cooper", None, None, None, SPEECH),
        ("A New Peer (Con) (Maiden Speech)", "A New Peer", None, None, "Con", SPEECH),
        (None, None, None, None, None, SPEECH),
        ("  ", None, None, None, None, SPEECH),
    ],
)  # fmt: skip
def test_a_citation_is_taken_apart(
    printed: str | None, name: str | None, role: str | None, seat: str | None, party: str | None, voice: Voice
) -> None:
    found = read(printed)
    assert (found.name, found.role, found.constituency, found.party, found.voice) == (name, role, seat, party, voice)


def test_a_lone_bracket_is_never_guessed_to_be_a_party() -> None:
    assert read("Jo Stone (Unheard Of)").party is None


def test_only_an_honorific_with_a_surname_is_short() -> None:
    assert read("Mrs Badenoch").short
    assert not any(read(name).short for name in ("Ms Nusrat Ghani", "Sir Roger Gale", "Lord Pannick", "Jim Shannon"))


def test_labels_of_transcripts_are_told_apart() -> None:
    assert is_chair("The Chair")
    assert is_chair("The Chair (Hon. Anthony Rota (Nipissing—Timiskaming, Lib.))")
    assert is_collective("Some hon. members")
    assert not is_chair("Sir Charles Chairman")
    assert not is_collective("Lord Members of Deal")


def test_every_real_citation_names_the_member_that_the_api_names(shared_data: Path) -> None:
    rows = json.loads((shared_data / "hansard" / "contributions-spoken-member185-2024-2026.json").read_text())
    assert len(rows) == 306
    for row in rows:
        found = read(row["AttributedTo"])
        assert found.name == row["MemberName"]
        assert found.party in {None, "Ind", "Your Party"}
