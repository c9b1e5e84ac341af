"""What people type into a search: words, phrases, what is left out; and that nothing typed is an error."""

from __future__ import annotations

import pytest

from bot.archive.query import LONGEST, MOST, Term, read, telling, together


def words(typed: str) -> list[str]:
    return [f'"{each.text}"' if each.quoted else each.text for each in telling(read(typed).terms)]


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("prevent duty", ["prevent", "duty"]),
        ("“prevent duty” schools", ['"prevent duty"', "schools"]),
        ("what did the Minister say about Channel?", ["Minister", "Channel"]),
        ("counter-terrorism Britain's U.S.", ["counter terrorism", "Britain", "U S"]),
        ("prevent PREVENT", ["PREVENT"]),
        ('one "two', ["one", "two"]),
        ('"to be or not to be"', ['"to be or not to be"']),
        ("text:prevent SPEAKER:marsh", ["prevent", "marsh"]),
        ('text:"prevent duty"', ['"prevent duty"']),
        ("AND ( OR ) NOT", []),
        ("prevent* ^duty {a b} NEAR(x y, 3)", ["prevent", "duty", "b", "x", "y", "3"]),
        ("x'; DROP TABLE contributions;--", ["x", "DROP", "TABLE", "contributions"]),
        ("* ** \x00 \ud800 \u202e", []),
        ("réfugiés שלום", ["réfugiés", "שלום"]),
    ],
)
def test_words_and_phrases_are_read_and_syntax_is_not(typed: str, wanted: list[str]) -> None:
    assert words(typed) == wanted


def test_a_hyphen_before_a_word_leaves_it_out_and_within_one_does_not() -> None:
    typed = read('prevent -crime -"hate crime" anti-social')
    assert [each.text for each in typed.terms] == ["prevent", "anti social"]
    assert [each.text for each in typed.excluded] == ["crime", "hate crime"]


def test_a_query_without_end_is_cut_and_says_so() -> None:
    typed = read("prevent " * 750)
    assert typed.cut and telling(typed.terms) == (Term("prevent"),)
    assert len(telling(read(" ".join(f"w{n}" for n in range(200))).terms)) == MOST
    assert not read("x" * LONGEST).cut


def test_words_that_tell_nothing_are_read_side_by_side() -> None:
    assert together(read("to be or not").terms) == Term("to be or not", quoted=True)
    assert together(read("the").terms) is None and together(()) is None
