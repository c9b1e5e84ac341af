"""Who a Member was on a day; and that not knowing never stops a reading."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web

from bot.domain import LONDON
from bot.sources.http import Client
from bot.sources.members import Member, Members
from tests.sources.conftest import Web
from tests.standins.parliament import Parliament

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
    assert site.paths() == ["/Members/History", "/Members/4", "/Members/4/Biography"]


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
    assert members.failures == 3
    assert site.paths() == ["/Members/History", "/Members/1", "/Members/2", "/Members/3"]


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


@pytest.fixture
async def parliament() -> AsyncIterator[Parliament]:
    async with Parliament() as serving:
        yield serving


def asking(client: Client, parliament: Parliament) -> Members:
    return Members(client, f"{parliament.address}/members")


DAYS = [date(2025, 2, 3) + timedelta(days=number) for number in range(10)]


async def test_twenty_members_over_ten_days_are_asked_for_once_each(client: Client, parliament: Parliament) -> None:
    members, twenty = asking(client, parliament), sorted(parliament.members)[:20]
    for day in DAYS:
        assert set(await members.all_on(twenty, day)) == set(twenty)
    assert parliament.count("/members/Members/History") == 1
    assert parliament.count("/members") == 21


async def test_histories_answer_as_each_day_does_through_changes_of_party_house_and_seat(
    client: Client, parliament: Parliament
) -> None:
    some = sorted(parliament.members)
    moves = parliament.membership
    moves.move(some[0], DAYS[3], party={"id": 8, "name": "Independent", "abbreviation": "Ind"})
    moves.move(some[0], DAYS[6], party={"id": 1, "name": "Green Party", "abbreviation": "Green"})
    moves.move(some[1], DAYS[5], seat={"house": 2, "membershipFrom": "Life peer", "membershipFromId": 1})
    moves.move(some[2], DAYS[7], seat={"house": 1, "membershipFrom": "Nether Ousby", "membershipFromId": 5999})
    moves.move(some[3], DAYS[1], party={"id": 9, "name": "No letters yet", "abbreviation": None})
    quick, slow = asking(client, parliament), asking(client, parliament)
    found = [await quick.all_on(some, day) for day in reversed(DAYS)]
    asked = parliament.count("/members")
    moves.serves_histories = False
    assert [await slow.all_on(some, day) for day in reversed(DAYS)] == found
    assert [day[some[0]].party for day in found][::-1] == ["Lab"] * 3 + ["Ind"] * 3 + ["Green"] * 4
    assert {day[some[1]].house for day in found} == {"Commons", "Lords"} and found[0][some[1]].constituency is None
    assert found[0][some[2]].constituency == "Nether Ousby" != found[-1][some[2]].constituency
    assert found[0][some[3]].party is None
    # One batch, a biography each, and each day of the Member whose party has no abbreviation.
    assert asked == 1 + len(some) + len(DAYS)


async def test_a_stranger_is_asked_for_once(client: Client, parliament: Parliament) -> None:
    members = asking(client, parliament)
    assert [await members.on(77, day) for day in DAYS] == [None] * len(DAYS)
    assert parliament.count("/members") == 2 and members.failures == 0


async def test_today_is_asked_for_by_itself(client: Client, parliament: Parliament) -> None:
    members, today = asking(client, parliament), datetime.now(LONDON).date()
    number = min(parliament.members)
    assert await members.on(number, today)
    assert parliament.count("/members/Members/History") == 0
    assert await members.on(number, today - timedelta(days=1))
    assert parliament.count("/members/Members/History") == 1


@pytest.mark.parametrize("page", [{"value": []}, web.Response(status=500)])
async def test_without_histories_each_day_is_asked_for(site: Web, members: Members, page: Any) -> None:
    site.pages |= {"/Members/History": page, "/Members/4": member(), "/Members/4/Biography": {"value": {}}}
    assert all([await members.on(4, day) for day in DAYS])
    assert site.paths().count("/Members/4") == len(DAYS) and site.paths().count("/Members/History") == 1
