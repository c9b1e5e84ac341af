"""What's On as it is really answered: double spaces, objects for texts, no times, joint Houses, private meetings."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, time, timedelta

import pytest

from bot.domain import Event
from bot.errors import SourceError
from bot.sources.http import Client
from bot.sources.whatson import Announced, WhatsOn
from tests.standins.parliament import Parliament

FIRST, LAST = date(2026, 11, 23), date(2026, 12, 20)
DAY = date(2026, 12, 2)


@pytest.fixture
async def parliament() -> AsyncIterator[Parliament]:
    async with Parliament(day=FIRST) as standin:
        yield standin


@pytest.fixture
def source(parliament: Parliament, client: Client) -> WhatsOn:
    return WhatsOn(client, f"{parliament.address}/whatson")


async def read(source: WhatsOn, first: date = FIRST, last: date = LAST) -> dict[str, Event]:
    return {each.event.id: each.event for each in (await source.announced(first, last)).found}


async def test_the_sample_days_announcements(source: WhatsOn) -> None:
    found = await read(source)
    assert found["99001"] == Event(
        id="99001",
        day=date(2026, 11, 30),
        last=date(2026, 11, 30),
        title="Prevent: the findings of the Norminster learning review",
        venue="Chamber, general debate",
        house="Commons",
        url="https://whatson.parliament.uk/event/cal99001",
    )
    evidence = found["99002"]
    assert (evidence.venue, evidence.time) == ("Home Affairs Committee, oral evidence", time(10))
    assert evidence.about == "Prevent: five years on"
    assert evidence.begins() is not None and found["99001"].begins() is None


async def test_what_is_judged_is_the_description_the_inquiry_the_bill_and_the_members_words(
    source: WhatsOn, parliament: Parliament
) -> None:
    parliament.whatson.announce(
        DAY,
        "Committee  stage",
        BillName="Counter-Terrorism Bill",
        Committee={"Id": 1, "Description": "Joint Committee", "Inquiries": [{"Id": 2, "Description": "The  inquiry"}]},
        Members=[{"Id": 1, "Name": "Ottilie Marchbanks", "Party": "Labour"}],
        Tags=[{"Description": "a tag"}],
        SummarisedDetails="<p>Witnesses: the&nbsp;Commissioner</p>",
        House="Joint",
    )
    said = (await source.announced(FIRST, LAST)).found[-1].said
    assert [item.text for item in said.contributions] == [
        "Committee stage",
        "Witnesses: the Commissioner",
        "The inquiry",
        "Counter-Terrorism Bill",
        "Joint Committee",
        "Ottilie Marchbanks",
        "a tag",
    ]
    assert said.house == "Joint"


async def test_texts_that_come_as_objects_are_read(source: WhatsOn, parliament: Parliament) -> None:
    key = parliament.whatson.announce(
        DAY,
        None,
        Description={"Id": 7, "Name": "The  Prevent duty"},
        Category={"Id": 1, "Name": "Westminster Hall debate"},
        Type={"Id": 2, "Name": "Westminster Hall"},
        House={"Id": 3, "Name": "Commons"},
        StartTime="14:30:00",
    )
    event = (await read(source))[str(key)]
    assert (event.title, event.venue, event.house, event.time) == (
        "The Prevent duty",
        "Westminster Hall debate",
        "Commons",
        time(14, 30),
    )


async def test_without_a_description_the_details_the_inquiry_or_the_bill_name_it(
    source: WhatsOn, parliament: Parliament
) -> None:
    whatson = parliament.whatson
    committee = {"Id": 1, "Description": "Home Affairs Committee", "Inquiries": [{"Id": 2, "Description": "Prevent"}]}
    keys = [
        whatson.announce(DAY, "", SummarisedDetails="Urgent question on Prevent"),
        whatson.announce(DAY, None, Committee=committee, Category="Oral evidence"),
        whatson.announce(DAY, "", BillName="Prevent Duty Bill"),
        whatson.announce(DAY, None, Category="", Type=None),
    ]
    found = await read(source)
    assert [found[str(key)].title for key in keys] == [
        "Urgent question on Prevent",
        "Prevent",
        "Prevent Duty Bill",
        "Business",
    ]
    assert found[str(keys[1])].about == "", "nothing is said twice"


async def test_private_meetings_are_left_out_and_cancelled_business_is_marked(
    source: WhatsOn, parliament: Parliament
) -> None:
    private = parliament.whatson.announce(DAY, "Prevent", Category="Private Meeting")
    hidden = parliament.whatson.announce(DAY, "Prevent", Category={"Name": "Private discussion"})
    cancelled = parliament.whatson.announce(DAY, "Prevent", CancelledDate="2026-11-20T00:00:00")
    found = await read(source)
    assert not {str(private), str(hidden)} & set(found) and found[str(cancelled)].cancelled


async def test_a_call_asks_for_28_days_at_most_and_all_days_are_asked_for(
    source: WhatsOn, parliament: Parliament
) -> None:
    await read(source, FIRST, FIRST + timedelta(days=69))
    asked = [
        (date.fromisoformat(seen.query["queryParameters.startDate"]), seen.query["queryParameters.endDate"])
        for seen in parliament.requests
    ]
    spans = [(date.fromisoformat(end) - start).days + 1 for start, end in asked]
    assert spans == [28, 28, 14] and asked[0][0] == FIRST
    assert asked[1][0] == FIRST + timedelta(days=28)


async def test_an_answer_that_nobody_filtered_is_read_for_the_days_that_were_asked(
    source: WhatsOn, parliament: Parliament
) -> None:
    parliament.whatson.announce(FIRST - timedelta(days=400), "Prevent")
    parliament.whatson.announce(LAST + timedelta(days=1), "Prevent")
    running = parliament.whatson.announce(FIRST - timedelta(days=2), "Prevent", EndDate=f"{DAY}T00:00:00")
    parliament.whatson.unfiltered = True
    found = await read(source)
    assert set(found) == {"99001", "99002", "99003", str(running)}
    assert (found[str(running)].day, found[str(running)].last) == (FIRST - timedelta(days=2), DAY)


@pytest.mark.parametrize("fields", [{"Id": None}, {"StartDate": "soon"}, {"StartDate": None}, {"Id": "../x"}])
async def test_a_row_that_cannot_be_read_is_counted_and_costs_nothing_else(
    source: WhatsOn, parliament: Parliament, fields: dict[str, object]
) -> None:
    parliament.whatson.announce(DAY, "Prevent")
    parliament.whatson.change(99004, **fields)
    parliament.whatson.unfiltered = True
    read: Announced = await source.announced(FIRST, LAST)
    assert (len(read.found), read.unread) == (3, 1)


@pytest.mark.parametrize("fault", ["500", "challenge", "404", "truncated"])
async def test_a_failure_is_a_source_error(source: WhatsOn, parliament: Parliament, fault: str) -> None:
    parliament.fail("/whatson", fault)
    with pytest.raises(SourceError, match="whatson"):
        await source.announced(FIRST, LAST)
