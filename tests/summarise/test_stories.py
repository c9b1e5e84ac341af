"""One event is one story: a repeat, a twin and the press about it; another event on the same day is not."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from benchmarks.stories import DATA, bcubed, lot
from bot.domain import Contribution, Document, Kind
from bot.inference.models import Models
from bot.sources.transcript import read
from bot.summarise.profiles import profiles
from bot.summarise.stories import SURE, stories, sureness, why

Find = Callable[[str], Document]


def same_story(models: Models, a: Document, b: Document) -> tuple[float, str]:
    first, second = profiles(models, [a, b])
    return float(sureness([first, second])[0, 1]), why(first, second)


@pytest.fixture
def sample(root: Path) -> Find:
    def find(name: str) -> Document:
        (path,) = (root / "tests" / "sample_day").rglob(f"*{name}*")
        return read(str(path))[0]

    return find


STATEMENT = "Commons_Debate_prevent-learning-review"
REPEAT = "Lords_Debate_prevent-learning-review"
ANNUAL = "WMS_independent-prevent-commissioner"


@pytest.mark.parametrize("other", [REPEAT, "library-killer-prevent-review", "security-minister-prevent-overhaul"])
def test_a_statement_its_repeat_and_its_reports_are_one_story(models: Models, sample: Find, other: str) -> None:
    sure, reason = same_story(models, sample(STATEMENT), sample(other))
    assert sure >= SURE, reason


@pytest.mark.parametrize("other", [ANNUAL, "coastal-flooding", "boats-channel"])
def test_another_event_of_the_day_is_another_story(models: Models, sample: Find, other: str) -> None:
    sure, reason = same_story(models, sample(STATEMENT), sample(other))
    assert sure < SURE, reason


def test_a_report_belongs_to_the_event_that_it_tells_and_not_to_the_other(models: Models, sample: Find) -> None:
    report = sample("security-minister-prevent-overhaul")
    assert same_story(models, report, sample(STATEMENT))[0] > same_story(models, report, sample(ANNUAL))[0]


def test_a_fortnight_ends_a_story(models: Models, sample: Find) -> None:
    statement, repeat = sample(STATEMENT), sample(REPEAT)
    assert statement.date is not None
    later = replace(repeat, date=statement.date + timedelta(days=15))
    assert same_story(models, statement, later) == (0.0, "more than 14 days apart")


def test_which_comes_first_makes_no_difference(models: Models, sample: Find) -> None:
    a, b = sample(STATEMENT), sample("library-killer-prevent-review")
    assert same_story(models, a, b)[0] == pytest.approx(same_story(models, b, a)[0], abs=1e-5)


def paper(
    id: str,
    text: str,
    *,
    title: str = "Report",
    day: date | None = date(2025, 3, 4),
    kind: Kind = Kind.ARTICLE,
    house: str | None = None,
) -> Document:
    said = (Contribution("c1", text),) if text else ()
    return Document("file", id, kind, title, said, date=day, house=house)


REVIEW = "A review of the murder of Priya Nandra in Marlowe finds that Rowan Tilley was referred to Prevent twice."
OTHER = "The Court of Appeal has ruled that Avonside police unlawfully kept a record about Tamsin Lowe for nine years."


def test_the_order_of_the_documents_changes_no_group(models: Models) -> None:
    found = lot(DATA / "stories.jsonl")
    told = list(zip(found.documents, stories(models, found.documents), strict=True))
    shuffled = told[:]
    random.Random(7).shuffle(shuffled)
    again = dict(zip([each.id for each, _ in shuffled], stories(models, [each for each, _ in shuffled]), strict=True))
    assert [[again[each.id] == again[other.id] for other, _ in told] for each, _ in told] == [
        [mine == theirs for _, theirs in told] for _, mine in told
    ]
    assert bcubed([name for _, name in told], found.stories).f1 > 0.93


def test_the_same_words_are_one_story_even_without_a_date(models: Models) -> None:
    documents = [paper("a", REVIEW), paper("b", OTHER), paper("c", REVIEW, title="Agency copy", day=None)]
    assert stories(models, documents) == ["story-1", "story-2", "story-1"]


def test_documents_without_words_are_each_their_own(models: Models) -> None:
    empty = [paper(id, "", title=title, kind=Kind.DEBATE) for id, title in (("a", ""), ("b", ""), ("c", "Debate"))]
    assert stories(models, [*empty, paper("d", REVIEW)]) == ["story-1", "story-2", "story-3", "story-4"]
    assert stories(models, []) == []


def test_two_questions_to_one_minister_are_two_stories(models: Models) -> None:
    asked = "To ask the Home Secretary how many people in {} were referred to Prevent in 2024."
    documents = [
        paper(place, asked.format(place), title=f"Prevent: {place}", kind=Kind.QUESTION, house="Commons")
        for place in ("Kentmere", "Avonside")
    ]
    assert stories(models, documents) == ["story-1", "story-2"]


def test_two_headings_for_anything_are_two_stories(models: Models) -> None:
    documents = [
        paper(title, f"{REVIEW} {extra}", title=title, kind=Kind.DEBATE, house="Commons")
        for title, extra in (
            ("Points of Order", "On a point of order."),
            ("Business of the House", "May we debate it?"),
        )
    ]
    assert stories(models, documents) == ["story-1", "story-2"]


def test_b_cubed_is_the_mean_over_documents() -> None:
    score = bcubed(["a", "a", "b"], ["x", "y", "y"])
    assert (score.precision, score.recall) == pytest.approx((2 / 3, 2 / 3))


def test_one_general_title_is_given_to_two_debates(models: Models) -> None:
    documents = [
        paper("a", REVIEW, title="Prevent Programme", kind=Kind.DEBATE, house="Commons"),
        paper("b", OTHER, title="Prevent Programme", kind=Kind.DEBATE, house="Lords"),
    ]
    assert stories(models, documents) == ["story-1", "story-2"]


def test_no_story_lasts_longer_than_a_fortnight_even_where_each_day_leads_to_the_next(models: Models) -> None:
    first = date(2025, 3, 4)
    documents = [paper(str(days), REVIEW, day=first + timedelta(days=days)) for days in (0, 7, 14, 21)]
    names = stories(models, documents)
    spans = [[each.date for each, name in zip(documents, names, strict=True) if name == one] for one in set(names)]
    assert all(max(days) - min(days) <= timedelta(days=14) for days in spans if all(days))  # type: ignore[type-var,operator]
    assert len(set(names)) == 2
