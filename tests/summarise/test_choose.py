"""What a digest takes of each kind of proceeding: questions with answers, sums, every speaker, no courtesies."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from bot.domain import Contribution, Digest, Document, Kind, Match, Origin
from bot.inference.models import Models
from bot.sources.transcript import read
from bot.summarise.digest import summarise
from bot.summarise.verify import Verifier
from bot.topics.topic import load

Make = Callable[[Document, int], Digest]


@pytest.fixture(scope="module")
def prevent(extractive: Models, root: Path) -> Make:
    """The digest of a document that is about Prevent."""
    topic = load(root / "config" / "topics" / "prevent.toml")

    def made(document: Document, words: int = 300) -> Digest:
        match = Match(document.id, "prevent", True, 1.0)
        return summarise(extractive, [document], topic=topic, matches={document.id: match}, max_words=words)

    return made


def fixture(root: Path, name: str) -> Document:
    return read(str(root / "tests" / "fixtures" / f"{name}.json"))[0]


def told(digest: Digest) -> str:
    return "\n".join(line.text for line in digest.sentences())


@pytest.fixture(scope="module")
def hall(prevent: Make, root: Path) -> Digest:
    return prevent(fixture(root, "westminster_hall"), 300)


@pytest.fixture(scope="module")
def statement(prevent: Make, root: Path) -> Digest:
    (path,) = (root / "tests" / "sample_day").rglob("*Commons_Debate_prevent-learning-review*")
    return prevent(read(str(path))[0], 300)


def test_every_member_of_substance_has_a_line_in_a_short_debate(hall: Digest) -> None:
    assert {point.speaker for point in hall.points} == {
        "Martin Sealey", "Helena Voss", "Penelope Ashdown", "Miles Orchard", "Siobhan Keane", "David Prentice",
    }  # fmt: skip
    assert hall.others.count == 0


def test_criticism_of_a_cut_stands_beside_its_answer(hall: Digest) -> None:
    text = told(hall)
    assert "cut the training budget by £2.4 million" in text
    assert "the training budget was not cut" in text


def test_a_long_statement_gives_many_a_line_and_counts_the_rest(statement: Digest) -> None:
    assert len(statement.points) >= 8
    assert statement.others.count == len(statement.others.evidence) <= 8
    assert "£18 million" in told(statement)
    assert "cut by £9 million" in told(statement)


def test_an_answer_stands_with_its_question(statement: Digest) -> None:
    pairs = [
        (asked, answer)
        for point in statement.points
        for asked, answer in pairwise(point.sentences)
        if asked.speaker == point.speaker != "Eleanor Marsh" and answer.speaker == "Eleanor Marsh"
    ]
    assert pairs
    assert any(re.search(r" asked (?:whether|what|when|how|why)\b", asked.text) for asked, _ in pairs)
    assert all(set(asked.evidence).isdisjoint(answer.evidence) for asked, answer in pairs)


def test_a_reply_to_several_is_parted_among_what_they_asked(prevent: Make, root: Path) -> None:
    (path,) = (root / "tests" / "sample_day").rglob("*Lords_Debate_prevent-learning-review*")
    (point,) = (p for p in prevent(read(str(path))[0], 300).points if p.speaker == "Baroness Tolley of Frome")
    asked, answer = point.sentences[:2]
    assert "how many of the officers" in asked.text
    assert "164 officers" in answer.text
    assert answer.speaker == "Lord Farrant of Wick"


def test_a_written_answer_gives_what_was_asked_and_its_figure_once(prevent: Make, root: Path) -> None:
    lines = told(prevent(fixture(root, "written_answer"), 300)).splitlines()
    assert any(" asked " in line for line in lines)
    assert len(lines) == len(set(lines))


@pytest.mark.parametrize("name", ["westminster_hall", "oral_question", "written_answer"])
def test_every_line_as_it_is_shown_passes_the_verifier(
    extractive: Models, prevent: Make, root: Path, name: str
) -> None:
    document = fixture(root, name)
    verifier = Verifier(document, extractive.parser, extractive.encoder)
    speakers = {item.id: item.speaker for item in document.contributions}
    for line in prevent(document, 300).sentences():
        alone = len({speakers[id_] for id_ in line.evidence}) == 1
        found = verifier.check(
            line.text, evidence=line.evidence, speaker=line.speaker if alone else None, origin=line.origin
        )
        assert found.supported, (line.text, found.reasons)


def test_courtesies_and_private_grief_take_no_line(statement: Digest, hall: Digest) -> None:
    text = told(statement) + told(hall)
    assert not re.search(r"thank|tribute|grateful|sympathy|think of Martin|chairship|Register of Members", text)


def test_those_without_a_line_are_told_by_subject_not_by_name(statement: Digest) -> None:
    about = statement.others.about
    assert about
    assert not re.search(r"Ellery|Dace|Joanne|\d", about)


def test_an_oral_question_is_told_in_the_order_of_the_house(prevent: Make, root: Path) -> None:
    made = prevent(fixture(root, "oral_question"), 300)
    assert "£44 million" in told(made)
    assert {"Judith Lorne", "Rowan Tait", "Edmund Frith", "Aled Probert"} == {p.speaker for p in made.points}
    assert not re.search(r"happy to meet my|Gentleman is wrong", told(made))


def test_a_written_answer_keeps_both_years(prevent: Make, root: Path) -> None:
    made = prevent(fixture(root, "written_answer"), 300)
    text = told(made)
    assert made.brief[0].speaker == "Nigel Upcott"
    assert "6,922 referrals" in text
    assert "7,410 referrals" in text
    assert any("10 December" in line.text for line in made.next)


def debate(*rows: tuple[str | None, str]) -> Document:
    items = tuple(Contribution(f"c{number}", text, speaker) for number, (speaker, text) in enumerate(rows, 1))
    return Document("file", "x", Kind.DEBATE, "A debate", items, date(2025, 8, 13), "Commons")


def test_criticism_that_the_minister_answers_is_not_shown_without_the_answer(prevent: Make) -> None:
    opened = "The Prevent programme will open four offices in the spring."
    attacked = "Judith Lorne has failed the officers of the Prevent programme and has ignored the report on it."
    replied = "The report on Prevent was answered in full in May. The officers of Prevent have had a pay rise of 4%."
    items = (
        Contribution("c1", opened, "Judith Lorne", role="The Minister for Security"),
        Contribution("c2", attacked, "Edmund Frith", party="Con"),
        Contribution("c3", replied, "Judith Lorne", role="The Minister for Security"),
    )
    made = prevent(Document("file", "x", Kind.DEBATE, "Prevent", items, date(2025, 8, 13), "Commons"), 300)
    assert "failed" not in told(made) or re.search("answered in full|pay rise", told(made))


def test_criticism_that_nobody_answers_says_so(prevent: Make) -> None:
    made = prevent(
        debate(("Edmund Frith", "Sir Alan Brook failed to act on the Prevent programme’s warnings for two years.")), 300
    )
    assert "Sir Alan Brook" in told(made)
    assert made.notes == ("No reply in this debate to what Edmund Frith said of Sir Alan Brook.",)


def test_one_line_is_told_as_one_line(extractive: Models) -> None:
    made = summarise(extractive, [debate(("Jane Doe", "The panel closed the case after seven months."))])
    assert [line.text for line in made.sentences()] == [
        "Jane Doe said that the panel closed the case after seven months."
    ]
    assert made.others.count == 0


def test_words_that_nobody_is_named_for_are_only_quoted(extractive: Models) -> None:
    made = summarise(
        extractive, [debate((None, "The panel closed the case after seven months, and the file was lost."))]
    )
    lines = list(made.sentences())
    assert lines
    assert all(line.origin in (Origin.QUOTED, Origin.SHORTENED) and line.speaker is None for line in lines)


def test_repeated_boilerplate_is_told_once_at_most(extractive: Models) -> None:
    boilerplate = "The council publishes its papers on the first Monday of each month."
    rows = [
        (f"Member {letter}", f"{boilerplate} Ward {letter} has {n} empty shops.")
        for n, letter in enumerate("ABCDEF", 11)
    ]
    made = summarise(extractive, [debate(*rows)])
    assert told(made).count("first Monday") <= 1


def test_sixty_thousand_words_give_a_digest_within_its_words(extractive: Models) -> None:
    order = " ".join(f"Standing Order {n} was read to the House in full before the debate on it." for n in range(60))
    rows = [(f"Member {n}", f"{order} Ward {n} lost {n + 3} buses last year.") for n in range(72)]
    document = debate(*rows)
    assert document.words() > 50_000
    made = summarise(extractive, [document])
    assert 0 < made.word_count() <= 300
