"""One event is one story: a repeat, a twin and the press about it; another event on the same day is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain import Document
from bot.inference.models import Models
from bot.sources.transcript import read
from bot.summarise.stories import same_story

Find = Callable[[str], Document]


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
    assert sure > 0, reason


@pytest.mark.parametrize("other", [ANNUAL, "coastal-flooding", "boats-channel"])
def test_another_event_of_the_day_is_another_story(models: Models, sample: Find, other: str) -> None:
    sure, reason = same_story(models, sample(STATEMENT), sample(other))
    assert sure == 0, reason


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
