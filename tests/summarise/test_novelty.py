"""What an update adds, in a line; and that what adds nothing is known for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.domain import (
    Contribution,
    Coverage,
    Digest,
    Document,
    Kind,
    Origin,
    Others,
    Point,
    Sentence,
    Status,
)
from bot.summarise import novelty

DAY = date(2031, 3, 4)
MINISTER = Contribution(
    "c1", "We accept all 14 recommendations. A review will report by May.", "The Minister for Security (Ada Pell)"
)
CRITIC = Contribution("c2", "The Government have cut the budget by £9 million, and that is a disgrace.", "Bram Holt")
LATER = Contribution("c3", "Will the Minister publish the timetable for the new panels?", "Cora Wynn")


def debate(*said: Contribution, id: str = "D", house: str = "Commons", **more: object) -> Document:
    given = {"source": "hansard", "kind": Kind.STATEMENT, "title": "Prevent: Marlowe Review", "date": DAY} | more
    return Document(id=id, contributions=said, house=house, **given)  # type: ignore[arg-type]


def quoted(item: Contribution, text: str | None = None) -> Sentence:
    return Sentence(f"“{text or item.text}”", (item.id,), Origin.QUOTED, item.speaker)


def digest(*lines: Sentence, **more: object) -> Digest:
    points = tuple(Point(line.speaker, None, None, (line,)) for line in lines)
    return replace(
        Digest("D", "Prevent: Marlowe Review", "Marlowe", DAY, "Commons", None, "prevent", Status.DRAFT, points=points),
        **more,  # type: ignore[arg-type]
    )


BEFORE_DOCUMENTS = [debate(MINISTER, CRITIC)]
BEFORE = digest(quoted(MINISTER), quoted(CRITIC))
KNOWN = novelty.known(BEFORE_DOCUMENTS)


def line(after: Digest, *documents: Document) -> str:
    return novelty.line(BEFORE, KNOWN, after, documents)


def unchanged(after: Digest, *documents: Document) -> bool:
    return novelty.unchanged(BEFORE, KNOWN, after, documents)


def test_the_same_lines_in_another_order_are_nothing_new() -> None:
    after = digest(quoted(CRITIC), quoted(MINISTER))
    assert unchanged(after, *BEFORE_DOCUMENTS) and line(after, *BEFORE_DOCUMENTS) == ""


def test_another_line_from_words_heard_before_is_nothing_new() -> None:
    after = digest(quoted(MINISTER, "A review will report by May."), quoted(CRITIC))
    assert unchanged(after, *BEFORE_DOCUMENTS)
    assert novelty.news(BEFORE, KNOWN, after, BEFORE_DOCUMENTS) == ()


def test_a_comma_or_a_capital_is_nothing_new() -> None:
    pointed = replace(CRITIC, text="The government have cut the budget by £9 million and that is a disgrace.")
    assert unchanged(digest(quoted(MINISTER), quoted(pointed)), debate(MINISTER, pointed))


def test_thanks_that_make_no_line_are_nothing_new() -> None:
    thanks = Contribution("c4", "I thank the Minister for her statement.", "Dov Mistry")
    assert unchanged(BEFORE, debate(MINISTER, CRITIC, thanks))


def test_a_corrected_number_is_a_correction_and_no_news() -> None:
    corrected = replace(CRITIC, text=CRITIC.text.replace("£9", "£8"))
    after = digest(quoted(MINISTER), quoted(corrected))
    documents = [debate(MINISTER, corrected)]
    assert not unchanged(after, *documents)
    assert line(after, *documents) == "The record was corrected."
    assert novelty.news(BEFORE, KNOWN, after, documents) == ()


def test_a_correction_elsewhere_in_a_speech_leaves_a_quotation_standing_but_no_line_made_of_it() -> None:
    minister = replace(MINISTER, text=MINISTER.text.replace("May", "June"))
    first = "We accept all 14 recommendations."
    before = digest(quoted(MINISTER, first))
    documents = [debate(minister, CRITIC)]
    assert novelty.unchanged(before, KNOWN, digest(quoted(minister, first)), documents)
    assert novelty.unchanged(before, KNOWN, digest(quoted(CRITIC)), documents), "the quotation is still in the record"
    said = Sentence("Ada Pell said that a review would report by May.", ("c1",), Origin.REPORTED, MINISTER.speaker)
    assert not novelty.unchanged(digest(said), KNOWN, digest(quoted(CRITIC)), documents)


def test_a_later_part_of_the_debate_names_who_spoke_in_it() -> None:
    after = digest(quoted(MINISTER), quoted(CRITIC), quoted(LATER))
    documents = [debate(MINISTER, CRITIC, LATER)]
    assert not unchanged(after, *documents)
    assert line(after, *documents) == "New: 1 more speaker (Cora Wynn)."
    assert novelty.news(BEFORE, KNOWN, after, documents) == (quoted(LATER),)


def test_those_who_are_only_counted_are_counted_as_new() -> None:
    many = [Contribution(f"n{n}", f"Question {n} about Marlowe.", f"Member {n}") for n in range(5)]
    after = replace(BEFORE, others=Others(5, "", tuple(item.id for item in many)))
    told = line(after, debate(MINISTER, CRITIC, *many))
    assert told == "New: 5 more speakers (Member 0, Member 1, Member 2 and 2 more)."


def test_more_from_one_who_spoke_before_and_what_is_to_be_done() -> None:
    more = Contribution("c5", "I will write to the council about the panel by Friday week.", MINISTER.speaker)
    documents = [debate(MINISTER, CRITIC, more)]
    assert line(digest(quoted(MINISTER), quoted(more)), *documents) == "New: more from Ada Pell."
    undertaking = replace(BEFORE, next=(quoted(more),))
    assert line(undertaking, *documents) == "New: what is to be done next."


def test_the_lords_repeat_the_written_statement_and_the_press() -> None:
    lords = debate(Contribution("l1", "My Lords, I repeat it.", "Lord Esk"), id="L", house="Lords")
    written = debate(Contribution("w1", "I am today publishing it.", "Ada Pell"), id="W", source="statements")
    report = Coverage("The Ledger", "Marlowe: what went wrong", "https://ledger.example/1", DAY)
    after = replace(BEFORE, coverage=(report,))
    assert (
        line(after, *BEFORE_DOCUMENTS, written, lords)
        == "New: the written statement; the Lords repeat; reported by The Ledger."
    )
    again = replace(after, coverage=(replace(report, title="Marlowe: what went right"),))
    known = KNOWN | novelty.known([written, lords])
    assert novelty.line(after, known, again, [*BEFORE_DOCUMENTS, written, lords]) == ""


def test_parliament_joins_a_story_that_the_press_began_and_leads_it() -> None:
    press = debate(
        Contribution("p1", "A minister will speak of Marlowe."), id="https://ledger.example/1", kind=Kind.ARTICLE
    )
    before = replace(digest(), id=press.id, brief=(quoted(press.contributions[0]),))
    told = novelty.line(before, novelty.known([press]), BEFORE, [*BEFORE_DOCUMENTS, press])
    assert told == "New: the statement in the Commons; 2 more speakers (Ada Pell and Bram Holt)."


def test_a_report_that_left_the_story_is_taken_from_the_message() -> None:
    report = Coverage("The Ledger", "Another matter", None, DAY)
    before = replace(BEFORE, coverage=(report,))
    assert not novelty.unchanged(before, KNOWN, BEFORE, BEFORE_DOCUMENTS)
    assert novelty.line(before, KNOWN, BEFORE, BEFORE_DOCUMENTS) == ""


def test_a_name_too_long_for_a_line_is_counted() -> None:
    long = replace(LATER, speaker="Cora " * 500)
    after = digest(quoted(MINISTER), quoted(CRITIC), quoted(long))
    assert line(after, debate(MINISTER, CRITIC, long)) == "New: 1 more speaker."
