"""Hansard's abbreviations, numbers and quotations do not end a sentence; full stops do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Contribution
from bot.splitting import split
from bot.summarise.sentences import units


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("My right hon. Friend is right. I will write to him.", 2),
        ("The hon. and learned Member for Rawbridge asked about No. 10 last week.", 1),
        ("Mr. Ellery was 52. He ran a reading club.", 2),
        ("It is in the Official Report, 12 May 2025; Vol. 767, c. 95. That is where it stands.", 2),
        ("The answer is no. The Government will not do it.", 2),
        ("He told us: “We knew. We did nothing.” That was all.", 2),
        ("Will the Minister publish it? Yes, he will!", 2),
        ("J. R. Hartley wrote to us. We replied.", 2),
        ("It cost £4.5 million. It was worth 3.2 per cent. of that.", 2),
    ],
)
def test_a_sentence_ends_where_hansard_ends_it(text: str, count: int) -> None:
    assert len(split(text)) == count


@given(st.text(alphabet=st.sampled_from("aA .?!“”1\n'), hon Mr"), max_size=200))
def test_no_word_is_lost_or_moved(text: str) -> None:
    assert " ".join(split(text)).split() == text.split()


def test_units_know_where_they_stand() -> None:
    item = Contribution("c1", "First it is. Then it was.\n\nWas it ever?")
    assert [(unit.paragraph, unit.index, unit.question) for unit in units([item])] == [
        (0, 0, False),
        (0, 1, False),
        (1, 2, True),
    ]
