"""Who a Member was on a day; and that not knowing never stops a reading."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from aiohttp import web

from bot.sources.http import Client
from bot.sources.members import Member, Members
from tests.sources.conftest import Web

PAST = date(2025, 2, 12)


def member(**changes: Any) -> dict[str, Any]:
    return {"value": {
        "id": 4, "nameListAs": "Jarvis, Dan", "nameDisplayAs": "Dan Jarvis", "latestParty": {"abbreviation": "Lab"},
        "latestHouseMembership": {"membershipFrom": "Barnsley North", "house": 1, "membershipStatus": None},
    } | changes, "links": []}  # fmt: skip


def post(name: str, start: str, end: str | None = None) -> dict[str, Any]:
    return {"name": name, "id": 1, "startDate": f"{start}T00:00:00", "endDate": end and f"{end}T00:00:00"}


@pytest.fixture
def members(site: Web, client: Client) -> Members:
    return Members(client, site.base)


async def test_name_party_seat_and_office_are_those_of_the_day(site: Web, members: Members) -> None:
    site.pages["/Members/4?detailsForDate=2025-02-12"] = member()
    site.pages["/Members/4/Biography"] = {"value": {
        "governmentPosts": [post("Whip", "2010-01-01", "2025-02-12"), post("Minister of State", "2024-07-06")],
        "oppositionPosts": [post("Shadow Minister", "2010-01-01")],
    }}  # fmt: skip
    found = await members.on(4, PAST)
    assert found == Member(4, "Dan Jarvis", "Lab", "Barnsley North", "Minister of State", "Commons")
    assert await members.on(4, PAST) is found
    assert len(site.asked) == 2


@pytest.mark.parametrize(
    ("day", "office"),
    [(date(2020, 1, 1), None), (date(2021, 1, 1), "Shadow Home Secretary"), (date(2022, 1, 1), None)],
)
async def test_an_office_begins_on_its_first_day_and_has_ended_on_its_last(
    site: Web, members: Members, day: date, office: str | None
) -> None:
    site.pages["/Members/4"] = member()
    site.pages["/Members/4/Biography"] = {
        "value": {"oppositionPosts": [post("Shadow Home Secretary", "2021-01-01", "2022-01-01")]}
    }
    found = await members.on(4, day)
    assert found
    assert found.role == office


async def test_a_peer_has_no_seat(site: Web, members: Members) -> None:
    site.pages["/Members/9"] = member(latestHouseMembership={"membershipFrom": "Life peer", "house": 2})
    site.pages["/Members/9/Biography"] = {"value": {}}
    found = await members.on(9, PAST)
    assert found
    assert (found.house, found.constituency) == ("Lords", None)


@pytest.mark.parametrize("nobody", [None, 0, -1])
async def test_nobody_is_not_asked_for(site: Web, members: Members, nobody: int | None) -> None:
    assert await members.on(nobody, PAST) is None
    assert not site.asked


async def test_a_failing_service_gives_nobody_is_counted_and_is_left_in_peace(site: Web, members: Members) -> None:
    site.pages |= {f"/Members/{number}": web.Response(status=500) for number in range(1, 9)}
    assert [await members.on(number, PAST) for number in range(1, 9)] == [None] * 8
    assert members.failures == len(site.asked) == 3


async def test_an_unknown_member_is_no_failure(site: Web, members: Members) -> None:
    assert await members.on(77, PAST) is None
    assert members.failures == 0


@pytest.mark.parametrize("page", [[], {"value": None}, {"value": {"nameDisplayAs": 4}}])
async def test_a_strange_answer_gives_nobody(site: Web, members: Members, page: Any) -> None:
    site.pages["/Members/4"] = page
    assert await members.on(4, PAST) is None


async def test_several_are_asked_for_once_each(site: Web, members: Members) -> None:
    site.pages |= {"/Members/4": member(), "/Members/4/Biography": {"value": {}}}
    assert set(await members.all_on([4, 4, 5, 4], PAST)) == {4}
    assert site.paths().count("/Members/4") == 1
