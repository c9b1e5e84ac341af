"""Written statements and questions: whole, once, by whom, and what a correction or a holding answer makes of them."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.domain import Document, Kind, Voice
from bot.errors import SourceError
from bot.sources.http import Client
from bot.sources.members import Members
from bot.sources.source import Reading, Source
from bot.sources.written import Questions, Statements
from tests.sources.conftest import Web

DAY = date(2031, 2, 12)
READING = Reading(datetime(2031, 2, 12, 20, tzinfo=UTC), (DAY,))
QUILL = {"id": 1, "name": "Nora Quill", "party": "Labour", "partyAbbreviation": "Lab", "memberFrom": "Quayside"}
VALE = {"id": 2, "name": "Tom Vale", "party": "Conservative", "partyAbbreviation": "Con", "memberFrom": "Eastmoor"}


def listed(*values: dict[str, Any]) -> dict[str, Any]:
    return {"totalResults": len(values), "results": [{"value": value, "links": []} for value in values]}


def statement(number: int = 5, **changes: Any) -> dict[str, Any]:
    return {
        "id": number, "memberId": 1, "member": QUILL, "memberRole": "Minister of State for Security",
        "uin": f"HCWS{number}", "dateMade": "2031-02-12T00:00:00", "answeringBodyName": "Home Office",
        "title": " Prevent:  Annual Report", "text": "<p>Today I publish it.</p><p>Referrals rose.</p>",
        "house": "Commons",
    } | changes  # fmt: skip


def question(uin: str = "901", **changes: Any) -> dict[str, Any]:
    return {
        "id": int(uin), "askingMemberId": 2, "askingMember": VALE, "house": "Commons", "uin": uin,
        "dateTabled": "2031-02-03T00:00:00", "questionText": "To ask what Prevent costs.", "isWithdrawn": False,
        "answeringBodyName": "Home Office", "groupedQuestions": [], "answerIsHolding": False,
        "answerIsCorrection": False, "answeringMemberId": 1, "answeringMember": QUILL, "correctingMemberId": None,
        "correctingMember": None, "dateAnswered": "2031-02-12T00:00:00", "answerText": "<p>It costs &pound;5m.</p>",
        "dateAnswerCorrected": None, "heading": "Prevent: Costs", "groupedQuestionsDates": [],
    } | changes  # fmt: skip


def tell(site: Web, *values: dict[str, Any]) -> None:
    """Questions as the list cuts them, and whole at their own address."""
    site.pages["/writtenquestions/questions"] = listed(*(value | {"answerText": "It cos..."} for value in values))
    for value in values:
        whole = {"value": value, "links": []}
        site.pages[f"/writtenquestions/questions/{value['dateTabled'][:10]}/{value['uin']}"] = whole


@pytest.fixture
def members(site: Web, client: Client) -> Members:
    return Members(client, site.base + "/members")


@pytest.fixture
def statements(site: Web, client: Client, members: Members) -> Statements:
    return Statements(client, site.base, members)


@pytest.fixture
def questions(site: Web, client: Client, members: Members) -> Questions:
    return Questions(client, site.base, members)


async def poll(source: Source) -> tuple[list[Document], str]:
    found: list[Document] = []
    try:
        async for document in source.poll(READING):
            found.append(document)
    except SourceError as error:
        return found, str(error)
    return found, ""


async def test_a_statement_is_read_whole_with_its_minister(site: Web, statements: Statements) -> None:
    site.pages["/writtenstatements/statements"] = listed(statement(text="Today I pub"))
    site.pages["/writtenstatements/statements/5"] = {"value": statement()}
    (document,), error = await poll(statements)
    (said,) = document.contributions
    assert error == ""
    assert (document.id, document.kind, document.title) == (
        "2031-02-12/HCWS5",
        Kind.STATEMENT,
        "Prevent: Annual Report",
    )
    assert said.text == "Today I publish it.\n\nReferrals rose."
    assert (said.speaker, said.party, said.constituency) == ("Nora Quill", "Lab", "Quayside")
    assert said.role == "Minister of State for Security"
    page = "https://questions-statements.parliament.uk/written-statements/detail/2031-02-12/HCWS5"
    assert document.url == said.url == page
    asked = site.asked[0].query
    assert (asked["madeWhenFrom"], asked["madeWhenTo"], asked["sessionStatus"]) == ("2031-02-12", "2031-02-12", "Any")


async def test_an_unchanged_row_is_not_fetched_twice_and_a_changed_one_is(site: Web, statements: Statements) -> None:
    site.pages["/writtenstatements/statements"] = listed(statement(text="Today"))
    site.pages["/writtenstatements/statements/5"] = {"value": statement()}
    first, _ = await poll(statements)
    again, _ = await poll(statements)
    assert first == again
    assert site.paths().count("/writtenstatements/statements/5") == 1
    site.pages["/writtenstatements/statements"] = listed(statement(text="Yesterday"))
    await poll(statements)
    assert site.paths().count("/writtenstatements/statements/5") == 2


async def test_a_pointer_to_an_oral_statement_is_no_document(site: Web, statements: Statements) -> None:
    text = "<p>Please refer to the Oral Statement I have made today in the House.</p>"
    site.pages["/writtenstatements/statements"] = listed(statement())
    site.pages["/writtenstatements/statements/5"] = {"value": statement(text=text)}
    assert await poll(statements) == ([], "")


async def test_a_lords_twin_does_not_put_another_ministers_words_in_a_peers_mouth(
    site: Web, statements: Statements
) -> None:
    lead = "<p>My Right Honourable Friend the Minister (Nora Quill) has today made the following Statement:</p>"
    text = lead + "<p>Today I publish it.</p>"
    twin = statement(uin="HLWS5", house="Lords", text=text, member={"id": 9, "name": "Lord Hale", "memberFrom": "Life"})
    site.pages["/writtenstatements/statements"] = listed(twin)
    site.pages["/writtenstatements/statements/5"] = {"value": twin}
    (document,), _ = await poll(statements)
    assert [(one.voice, one.speaker, one.constituency) for one in document.contributions] == [
        (Voice.SPEECH, "Lord Hale", None),
        (Voice.REPRINT, None, None),
    ]


async def test_rows_of_other_days_are_left_out_and_one_failure_leaves_the_rest(
    site: Web, statements: Statements
) -> None:
    other = statement(6, dateMade="2019-01-01T00:00:00")
    site.pages["/writtenstatements/statements"] = listed(statement(5), other, statement(7))
    site.pages["/writtenstatements/statements/5"] = web.Response(status=500)
    site.pages["/writtenstatements/statements/7"] = {"value": statement(7)}
    documents, error = await poll(statements)
    assert [one.id for one in documents] == ["2031-02-12/HCWS7"]
    assert "statements/5" in error


async def test_lists_are_read_to_their_last_page(site: Web, statements: Statements) -> None:
    async def page(request: web.Request) -> web.Response:
        skip = int(request.query["skip"])
        rows = [{"value": statement(number)} for number in range(skip + 1, min(skip + 101, 251))]
        return web.json_response({"totalResults": 250, "results": rows})

    site.pages["/writtenstatements/statements"] = page
    site.pages |= {f"/writtenstatements/statements/{number}": {"value": statement(number)} for number in range(1, 251)}
    documents, _ = await poll(statements)
    assert len({one.id for one in documents}) == 250


async def test_a_question_is_read_with_its_answer(site: Web, questions: Questions) -> None:
    tell(site, question())
    (document,), error = await poll(questions)
    asked, answered = document.contributions
    assert error == ""
    assert (document.id, document.kind, document.date) == ("2031-02-03/901", Kind.QUESTION, DAY)
    assert (asked.id, asked.speaker, asked.party, asked.constituency) == ("901-question", "Tom Vale", "Con", "Eastmoor")
    assert (answered.id, answered.speaker, answered.text) == ("901-answer", "Nora Quill", "It costs £5m.")
    assert document.url == "https://questions-statements.parliament.uk/written-questions/detail/2031-02-03/901"
    lists = [request.query for request in site.asked if request.path == "/writtenquestions/questions"]
    assert [query.get("answeredWhenFrom") for query in lists] == ["2031-02-12", None]
    assert [query.get("correctedWhenFrom") for query in lists] == [None, "2031-02-12"]


async def test_questions_answered_together_are_one_document_from_whichever_one_starts(
    site: Web, questions: Questions
) -> None:
    dates = [{"questionUin": uin, "dateTabled": "2031-02-03T00:00:00"} for uin in ("901", "902")]
    pair = [
        question("902", groupedQuestions=["901"], groupedQuestionsDates=dates, questionText="And what it saves."),
        question("901", groupedQuestions=["902"], groupedQuestionsDates=dates),
    ]
    tell(site, *pair)
    (document,), _ = await poll(questions)
    assert document.id == "2031-02-03/901"
    assert [one.id for one in document.contributions] == ["901-question", "902-question", "901-answer"]
    assert (await questions.question(date(2031, 2, 3), "902")) == document


async def test_a_holding_answer_is_followed_by_the_full_one_under_the_same_id(site: Web, questions: Questions) -> None:
    tell(site, question(answerIsHolding=True, answerText="<p>It will not be possible to answer.</p>"))
    (holding,), _ = await poll(questions)
    tell(site, question())
    (full,), _ = await poll(questions)
    assert (holding.settled, full.settled) == (False, True)
    assert holding.doubts == ("this is a holding answer; the full one follows",)
    assert holding.id == full.id
    assert holding.content_hash() != full.content_hash()


async def test_a_correction_is_dated_when_it_was_made_by_whom(site: Web, questions: Questions) -> None:
    tell(site, question(
        answerIsCorrection=True, dateAnswered="2031-01-05T00:00:00", dateAnswerCorrected="2031-02-12T00:00:00",
        correctingMemberId=3, correctingMember={"id": 3, "name": "Ivy Stone", "partyAbbreviation": "Lab"},
    ))  # fmt: skip
    (document,), _ = await poll(questions)
    assert document.date == DAY
    assert document.doubts == ("this answer corrects an earlier one",)
    assert document.contributions[-1].speaker == "Ivy Stone"


async def test_withdrawn_unanswered_and_other_days_questions_are_left_out(site: Web, questions: Questions) -> None:
    tell(site, question("1", isWithdrawn=True), question("2", dateAnswered="2030-01-01T00:00:00"),
         question("3", dateAnswered="2031-02-12T00:00:00", answerText=None))  # fmt: skip
    assert await poll(questions) == ([], "")


@pytest.mark.parametrize("page", [[], {"results": 3}, b"<html>", {"title": "Bad Request", "status": 400}])
async def test_a_strange_list_is_an_error(site: Web, questions: Questions, page: Any) -> None:
    site.pages["/writtenquestions/questions"] = page
    documents, error = await poll(questions)
    assert (documents, bool(error)) == ([], True)


async def test_a_list_that_is_not_there_is_a_failure_and_an_empty_one_a_quiet_day(
    site: Web, statements: Statements, questions: Questions
) -> None:
    for source in (statements, questions):
        found, error = await poll(source)
        assert found == [] and "404" in error
    site.pages["/writtenstatements/statements"] = site.pages["/writtenquestions/questions"] = listed()
    for source in (statements, questions):
        assert await poll(source) == ([], "")


async def test_every_real_question_is_read(shared_data: Path, questions: Questions, members: Members) -> None:
    members._rest_until = float("inf")
    rows = json.loads((shared_data / "hansard" / "written-questions-details-90.json").read_text(encoding="utf-8"))
    assert len(rows) == 90
    unanswered = 0
    for row in rows:
        document = await questions.parsed([row["value"]])
        if document is None:
            unanswered += 1
            assert not row["value"]["answerText"]
            continue
        asked, answered = document.contributions
        assert asked.text == " ".join(row["value"]["questionText"].split())
        assert not re.search(r"</?(?:p|td|a|sup)\b|&amp;|  ", answered.text)
        assert (asked.member_id, answered.member_id) == (185, row["value"]["answeringMemberId"])
    assert unanswered == 1


async def test_the_real_list_answer_is_read(
    shared_data: Path, site: Web, questions: Questions, members: Members
) -> None:
    members._rest_until = float("inf")
    real = json.loads((shared_data / "hansard" / "written-questions-list-20.json").read_text(encoding="utf-8"))
    site.pages["/writtenquestions/questions"] = real
    for row in real["results"]:
        value = row["value"]
        site.pages[f"/writtenquestions/questions/{value['dateTabled'][:10]}/{value['uin']}"] = {"value": value}
    days = sorted({date.fromisoformat(row["value"]["dateAnswered"][:10]) for row in real["results"]})
    found = [one async for one in questions.poll(Reading(READING.now, tuple(days)))]
    uins = {contribution.id.removesuffix("-question") for one in found for contribution in one.contributions[:-1]}
    assert uins >= {row["value"]["uin"] for row in real["results"]}
