"""Quotation: the speaker's own words, cut between clauses, a name put in square brackets for a pronoun."""

from __future__ import annotations

from bot.domain import Origin
from bot.inference.models import Models
from bot.summarise.parsing import parse
from bot.summarise.quote import quote


def quoted(models: Models, text: str, *before: str, longest: int = 40) -> tuple[str, Origin] | None:
    made = quote(parse(models.parser, [text])[0], parse(models.parser, list(before)), longest=longest)
    return (made.text, made.origin) if made else None


def test_a_short_sentence_is_quoted_whole(models: Models) -> None:
    text = "An apology is not a plan."
    assert quoted(models, text) == (f"“{text}”", Origin.QUOTED)


def test_a_pronoun_takes_the_one_name_before_it(models: Models) -> None:
    assert quoted(models, "He was closed to Channel in January 2020.", "Callum Dace was referred in 2019.") == (
        "“[Callum Dace] was closed to Channel in January 2020.”",
        Origin.SHORTENED,
    )


def test_a_pronoun_between_two_names_is_not_quoted(models: Models) -> None:
    assert quoted(models, "He left the programme in April.", "Martin Ellery met Callum Dace that day.") is None


def test_a_sentence_that_points_at_nothing_is_not_quoted(models: Models) -> None:
    assert quoted(models, "That is the whole of it.") is None


def test_a_long_sentence_is_cut_at_a_clause_and_says_so(models: Models) -> None:
    text = (
        "The panel met six times in seven months and the mentor wrote to it each week, but the officer who closed the "
        "second referral could not see the file on the first, and nobody in the force asked why the two systems had "
        "never been joined in all the years since they were bought."
    )
    made = quoted(models, text, longest=30)
    assert made is not None
    words, origin = made
    assert origin is Origin.SHORTENED
    assert "…" in words
    inside = words.strip("“”").replace("…", "").strip()
    assert inside in text


def test_unbalanced_quotation_marks_are_left_alone(models: Models) -> None:
    assert quoted(models, "The panel said that its concerns were “substantially reduced by then.") is None
