"""One debate's answer becomes a Document in which everyone says what they said."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import Contribution, Document, Kind, Voice
from bot.errors import SourceError
from bot.sources.debate import parse_debate
from bot.sources.members import Member
from bot.sources.speakers import Memory
from tests.sources.house import answer, item

DAY_AFTER = date(2031, 2, 13)
MINISTER = "The Minister for Security (Nora Quill)"
STATEMENT = "With permission, Madam Deputy Speaker, I will make a statement on the Prevent learning review."


def parsed(*items: dict[str, Any], **changes: Any) -> Document:
    return parse_debate(answer(*items, **changes), today=date(2031, 2, 13))


def voices(document: Document) -> list[tuple[Voice, str]]:
    return [(one.voice, one.text) for one in document.contributions]


def test_a_statement_is_read_whole() -> None:
    document = parsed(
        item("14:32:00", HRSTag="hs_TimeCode", ItemType="Timestamp"),
        item("Before we begin.", "Madam Deputy Speaker (Ann Ode)", 7, ExternalId="CH"),
        item(STATEMENT, MINISTER, 1, ExternalId="A1", Timecode="2031-02-12T14:33:05"),
        item('I thank <span class="column-number" id="9"></span>him.', "Tom Vale (Eastmoor) (Con)", 2, ExternalId="B1"),
    )
    assert (document.source, document.id) == ("hansard", "17D395DB-E0CB-4AB5-B5E0-C7EC346C85DE")
    assert (document.kind, document.title) == (Kind.STATEMENT, "Prevent: Learning Review")
    assert (document.house, document.date, document.settled) == ("Commons", date(2031, 2, 12), True)
    assert document.section == ("Commons Chamber",)
    page = "https://hansard.parliament.uk/Commons/2031-02-12/debates/17d395db-e0cb-4ab5-b5e0-c7ec346c85de/"
    assert document.url == page + "PreventLearningReview"
    chair, minister, other = document.contributions
    assert (chair.voice, chair.time) == (Voice.CHAIR, datetime(2031, 2, 12, 14, 32, tzinfo=UTC))
    assert minister == Contribution(
        id="A1", text=STATEMENT, speaker="Nora Quill", member_id=1, role="The Minister for Security",
        time=datetime(2031, 2, 12, 14, 33, 5, tzinfo=UTC), url=page + "PreventLearningReview#contribution-A1",
        attributed_to=MINISTER,
    )  # fmt: skip
    assert (other.text, other.party, other.constituency) == ("I thank him.", "Con", "Eastmoor")


def test_the_clock_on_the_page_is_londons() -> None:
    (one,) = parsed(item("Words", "Tom Vale", 2, Timecode="2031-07-17T19:09:26")).contributions
    assert one.time == datetime(2031, 7, 17, 18, 9, 26, tzinfo=UTC)


def test_a_sitting_past_midnight_goes_on_into_the_next_day() -> None:
    document = parsed(
        item("23:50:00", ItemType="Timestamp"),
        item("Late.", "Tom Vale", 2),
        item("00:20:00", ItemType="Timestamp"),
        item("Later.", "Nora Quill", 1),
    )
    assert [one.time.isoformat() for one in document.contributions if one.time] == [
        "2031-02-12T23:50:00+00:00",
        "2031-02-13T00:20:00+00:00",
    ]


def test_items_of_one_speech_are_one_contribution_with_the_first_ones_link() -> None:
    document = parsed(
        item("The review found that records", "Tom Vale (Eastmoor) (Con)", 2, ExternalId="B1"),
        item("15:00:00", ItemType="Timestamp"),
        item(None, HRSTag="hs_ColumnNumber"),
        item("were poor.", "Tom Vale", 2, ExternalId="B2"),
        item("<em>rose</em><em>—</em>", "Ivy Stone", 3, ExternalId="C1"),
        item("rose—", "Several hon. Members"),
        item(None, "Several hon. Members rose—"),
        item("I give way.", "Mr Vale", 2, ExternalId="B3"),
        item("Will he say more?", "Ivy Stone (Westmoor) (Lab)", 3, ExternalId="C2"),
        item("I will.", "Tom Vale", 2, ExternalId="B4"),
    )
    assert [(one.id, one.speaker, one.text) for one in document.contributions] == [
        ("B1", "Tom Vale", "The review found that records were poor.\n\nI give way."),
        ("C2", "Ivy Stone", "Will he say more?"),
        ("B4", "Tom Vale", "I will."),
    ]
    assert document.contributions[2].party == "Con"


def test_a_division_or_printed_words_keep_a_members_two_speeches_apart() -> None:
    document = parsed(
        item("One.", "Tom Vale", 2, ExternalId="B1"),
        item("12|Ayes 3|Noes 4", ItemType="Division", ExternalId="D"),
        item("Two.", "Tom Vale", 2, ExternalId="B2"),
        item("Question put and agreed to.", HRSTag="hs_Para"),
        item("Three.", "Tom Vale", 2, ExternalId="B3"),
    )
    assert [one.id for one in document.contributions if one.speaker] == ["B1", "B2", "B3"]


def test_items_stand_in_the_order_of_the_house_whether_it_is_counted_from_nought_or_one() -> None:
    for first in (0, 1):
        given = answer(item("First.", MINISTER, 1, ExternalId="A"), item("Second.", "Tom Vale", 2, ExternalId="B"))
        for at, one in enumerate(given["Items"], first):
            one["OrderInSection"] = at
        given["Items"].reverse()
        assert [one.id for one in parse_debate(given).contributions] == ["A", "B"]


def test_short_forms_are_filled_in_from_what_was_printed_before_that_day() -> None:
    day = Memory()
    first = answer(item("Words.", MINISTER, 1), item("More.", "Kay Badd (Northmoor) (LD)", 4))
    later = answer(item("I said so.", "Nora Quill", 1), item("No.", "Mrs Badd", 4), ExtId="LATER")
    parse_debate(first, memory=day)
    one, two = parse_debate(later, memory=day).contributions
    assert (one.speaker, one.role) == ("Nora Quill", "The Minister for Security")
    assert (two.speaker, two.party, two.constituency) == ("Kay Badd", "LD", "Northmoor")
    alone = parse_debate(later).contributions
    assert [(one.speaker, one.party) for one in alone] == [("Nora Quill", None), ("Mrs Badd", None)]


def test_the_members_api_fills_in_seat_party_and_office_and_the_page_keeps_its_names() -> None:
    members = {
        1: Member(1, "Nora Quill", "Lab", "Quayside", "Minister of State (Home Office)", "Commons"),
        2: Member(2, "Thomas Vale", "Ind", "Eastmoor", "Shadow Home Secretary", "Commons"),
        9: Member(9, "Andrew Prime", "Lab", "Capital", "Prime Minister", "Commons"),
    }
    given = answer(
        item("Words.", MINISTER, 1),
        item("Reply.", "Tom Vale (Eastmoor) (Con)", 2),
        item("Order.", "The Prime Minister", 9),
        item("Nobody knows me.", "The Prime Minister", 10),
    )
    quill, vale, prime, unknown = parse_debate(given, members=members).contributions
    assert (quill.role, quill.party, quill.constituency) == ("The Minister for Security", "Lab", "Quayside")
    assert (vale.speaker, vale.party, vale.role) == ("Tom Vale", "Con", "Shadow Home Secretary")
    assert (prime.speaker, prime.role) == ("Andrew Prime", "The Prime Minister")
    assert (unknown.speaker, unknown.role) == ("The Prime Minister", "The Prime Minister")


def test_the_chair_and_bishops_are_shown_without_a_party_as_hansard_prints_them() -> None:
    members = {
        5: Member(5, "Sir Guy Rale", "Con", "Moor"),
        6: Member(6, "The Lord Bishop of Moor", "BP", house="Lords"),
    }
    given = answer(item("Order.", "Madam Deputy Speaker (Ann Ode)", 5), item("I pray.", "The Lord Bishop of Moor", 6))
    assert [one.party for one in parse_debate(given, members=members).contributions] == [None, None]


def test_a_turn_in_the_chair_is_no_office() -> None:
    given = answer(item("Order.", "Sir Guy Rale (in the Chair)", 5), item("I spoke.", "Sir Guy Rale (Moor) (Con)", 5))
    chair, speech = parse_debate(given).contributions
    assert (chair.voice, speech.voice, speech.role) == (Voice.CHAIR, Voice.SPEECH, None)


def test_printed_matter_is_nobodys_and_unattributed_words_are_kept() -> None:
    document = parsed(
        item("[Sir Guy Rale in the Chair]", HRSTag="hs_76fChair"),
        item("Motion made, and Question proposed, That this House do now adjourn.", HRSTag="hs_Para"),
        item("<em>Question agreed to.</em>"),
        item("indicated assent.", MINISTER, 1),
        item("<em>indicated dissent.</em>", MINISTER, 1),
        item("Hear, hear!", "Hon. Members"),
        item("Somebody said this from behind the Chair, and the Official Report did not hear who it was."),
        item("What is this?", "Tom Vale", 2, ItemType="Hologram"),
    )
    assert [voice for voice, _ in voices(document)] == [
        Voice.PROCEDURE, Voice.PROCEDURE, Voice.PROCEDURE, Voice.SPEECH, Voice.PROCEDURE, Voice.COLLECTIVE,
        Voice.SPEECH, Voice.SPEECH,
    ]  # fmt: skip
    assert document.contributions[6].speaker is None
    assert document.doubts == ("an item of a kind that is not known (Hologram) was kept",)
    assert len({one.id for one in document.contributions}) == 8


def test_an_item_without_an_id_has_the_same_one_at_every_reading_wherever_it_stands() -> None:
    anonymous = item("Ordered, That the report be printed and that it lie upon the Table of this House.")
    one = parsed(anonymous)
    two = parsed(item("New first.", "Tom Vale", 2, ExternalId="B1"), anonymous, anonymous)
    assert one.contributions[0].id == two.contributions[1].id
    assert two.contributions[2].id == two.contributions[1].id + "-2"
    assert one.contributions[0].url is None


def test_an_oral_question_loses_its_number_and_keeps_its_words() -> None:
    document = parsed(
        item(
            '<Question HRSContentId="{A}">7. <QuestionText HRSContentId="{B}">Whether he plans a review.'
            " </QuestionText> </Question>",
            "Tom Vale (Eastmoor) (Con)", 2, HRSTag="Question", ExternalId="B1",
        ),
        item("I do.", MINISTER, 1),
        HRSTag="hs_8Question",
    )  # fmt: skip
    assert document.kind is Kind.QUESTION
    assert document.contributions[0].text == "Whether he plans a review."


@pytest.mark.parametrize(
    ("first", "tag", "kind"),
    [
        (STATEMENT, "hs_2DebBill", Kind.STATEMENT),
        ("With permission, I shall now make a further statement about Southport.", None, Kind.STATEMENT),
        ("(Urgent Question): To ask the Secretary of State if she will make a statement on it.", "hs_2cUrgentQuestion",
         Kind.DEBATE),
        ("I beg to move, That this House has considered Prevent.", "hs_2cDebatedMotion", Kind.DEBATE),
    ],
)  # fmt: skip
def test_a_statement_is_told_by_its_words(first: str, tag: str | None, kind: Kind) -> None:
    document = parsed(item("Order.", "Mr Speaker", 7), item(first, "Tom Vale", 2), HRSTag=tag)
    assert document.kind is kind
    assert "(Urgent Question)" not in document.contributions[1].text


@pytest.mark.parametrize(
    ("printed", "kind"),
    [("Question", Kind.QUESTION), ("Statement", Kind.STATEMENT), ("Motion to Take Note", Kind.DEBATE),
     ("Commons Urgent Question", Kind.DEBATE)],
)  # fmt: skip
def test_the_lords_print_the_kind_as_the_first_line(printed: str, kind: Kind) -> None:
    lords = {"House": "Lords", "Location": "Lords Chamber", "HRSTag": "NewDebate"}
    document = parsed(item(printed), item("Asked by"), item("To ask.", "Lord West of Moor", 3), **lords)
    assert document.kind is kind
    assert [voice for voice, _ in voices(document)] == [Voice.PROCEDURE, Voice.PROCEDURE, Voice.SPEECH]
    assert document.contributions[2].speaker == "Lord West of Moor"


LORDS = {"House": "Lords", "Location": "Lords Chamber", "HRSTag": "NewDebate", "Title": "Prevent: Learning Review"}
MARK = "The following Statement was made in the House of Commons on Wednesday 12 February."


def test_a_lords_repeat_does_not_give_the_commons_words_to_a_peer() -> None:
    document = parsed(
        item("Statement"),
        item(MARK + "\r\n\r\n“With permission, I will make a statement.\r\n\r\n“He called it “Prevent” then."),
        item("“Prevent works,” they said, and I agree."),
        item("I commend this statement to the House.”"),
        item("My Lords, I am grateful.", "Lord Davies of Moor (Con)", 11, ExternalId="L1"),
        item("My Lords, “with permission” is right.", "The Minister of State, Home Office (Lord Hale) (Lab)", 12),
        **LORDS,
    )
    assert [voice for voice, _ in voices(document)] == [
        Voice.PROCEDURE, Voice.PROCEDURE, Voice.REPRINT, Voice.SPEECH, Voice.SPEECH,
    ]  # fmt: skip
    reprint = document.contributions[2]
    assert reprint.text.startswith("“With permission")
    assert reprint.text.endswith("to the House.”")
    assert (reprint.speaker, reprint.member_id) == (None, None)
    assert [one.speaker for one in document.spoken()] == ["Lord Davies of Moor", "Lord Hale"]
    assert document.kind is Kind.STATEMENT


def test_a_reprint_that_is_never_closed_ends_with_the_first_peer() -> None:
    document = parsed(
        item("The following Answer to an Urgent Question was given on Tuesday 28 January."),
        item("“The Government are reviewing it.", None),
        item("My Lords, I object.", "Lord Davies of Moor (Con)", 11),
        **LORDS,
    )
    assert [voice for voice, _ in voices(document)] == [Voice.PROCEDURE, Voice.REPRINT, Voice.SPEECH]


def test_a_statement_that_a_peer_repeats_aloud_is_not_the_peers_own() -> None:
    speech = (
        "My Lords, I shall now repeat a Statement made in the other place. The Statement is as follows:\r\n\r\n"
        "“Today I publish the review.\r\n\r\nRecords were poor.”\r\n\r\nMy Lords, that concludes the Statement."
    )
    document = parsed(item(speech, "Lord Hale (Lab)", 12, ExternalId="L2"), **LORDS)
    assert [(one.voice, one.speaker) for one in document.contributions] == [
        (Voice.SPEECH, "Lord Hale"), (Voice.REPRINT, None), (Voice.SPEECH, "Lord Hale"),
    ]  # fmt: skip
    assert [one.id for one in document.contributions] == ["L2", "L2-2", "L2-3"]


def test_a_quotation_in_the_commons_is_the_members_own_to_make() -> None:
    document = parsed(item(f"{MARK}\r\n\r\n“Words.”", "Tom Vale", 2), item("“More.”", "Tom Vale", 2))
    assert {one.voice for one in document.contributions} == {Voice.SPEECH}


def test_a_correction_names_what_it_corrects() -> None:
    quoted = '“Wrong.”<span class="cross-reference" data-external-id="OLD-1">—[<em>Official Report</em>, c. 1.]</span>'
    venue = parsed(item(quoted, "Nora Quill", 1), Location="Written Corrections")
    said = "On a point of order, I wish to correct the record.\r\n\r\n" + quoted
    assert venue.corrects == parsed(item(said, "Nora Quill", 1)).corrects == ("OLD-1",)
    assert parsed(item("As he said, " + quoted, "Nora Quill", 1)).corrects == ()


@pytest.mark.parametrize(
    ("source", "today", "settled"),
    [(1, date(2031, 3, 1), False), (2, date(2031, 2, 12), False), (2, date(2031, 2, 13), True),
     ("RollingHansard", date(2031, 3, 1), False), ("BoundVolume", date(2031, 3, 1), True)],
)  # fmt: skip
def test_a_debate_is_settled_once_it_is_the_daily_part_and_the_day_is_past(
    source: Any, today: date, settled: bool
) -> None:
    assert parse_debate(answer(Source=source), today=today).settled is settled


@pytest.mark.parametrize("given", [[], {}, {"Overview": {"ExtId": "X"}}, {"Overview": {"ExtId": "", "Date": "2031"}}])
def test_what_is_no_debate_is_an_error(given: Any) -> None:
    with pytest.raises(SourceError):
        parse_debate(given)


def test_fields_of_the_wrong_type_do_not_break_a_debate() -> None:
    broken = answer(item("Words.", "Tom Vale", 2)) | {"Navigator": None, "ChildDebates": {}}
    broken["Items"] += [None, 3, item(5, 6, "x", Timecode="noon", OrderInSection=None)]  # type: ignore[arg-type]
    assert [one.text for one in parse_debate(broken).contributions] == ["Words."]


ANYTHING = st.none() | st.booleans() | st.integers(-2, 5) | st.sampled_from(
    ["", "rose—", "“Words", "words.”", "The following Answer was given on Tuesday.", "14:32:00", "2031-02-12T25:00:00",
     "9999-12-31T23:59:59-12:00", "Timestamp", "Division", "Hologram", "Tom Vale (A) (Con)", "<em>", "hs_quote", "(",
     "The Statement is as follows:", "Lord Hale (Lab)"]
)  # fmt: skip
FIELDS = ("ItemType", "ExternalId", "MemberId", "AttributedTo", "Value", "OrderInSection", "Timecode", "HRSTag")


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.fixed_dictionaries(dict.fromkeys(FIELDS, ANYTHING)), max_size=12), st.sampled_from(["Commons", "Lords"])
)
def test_whatever_the_items_hold_ids_differ_and_a_reading_is_repeatable(items: list[Any], house: str) -> None:
    broken = answer(House=house) | {"Items": items}
    document = parse_debate(broken, today=DAY_AFTER)
    assert len({one.id.upper() for one in document.contributions}) == len(document.contributions)
    assert all(one.text and one.id for one in document.contributions)
    assert all(one.speaker is None for one in document.contributions if one.voice is Voice.REPRINT)
    assert parse_debate(broken, today=DAY_AFTER) == document
