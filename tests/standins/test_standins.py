"""The stand-ins answer as the real services do, go wrong on demand, and stop when told."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import sys
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import aiohttp
import feedparser
import pytest

from tests.standins import faults
from tests.standins.parliament import Parliament
from tests.standins.publisher import Publisher

DAY = date(2026, 11, 22)


@pytest.fixture
async def web() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def parliament() -> AsyncIterator[Parliament]:
    async with Parliament(day=DAY) as standin:
        yield standin


@pytest.fixture
async def publisher() -> AsyncIterator[Publisher]:
    async with Publisher(day=DAY) as standin:
        yield standin


async def ask(web: aiohttp.ClientSession, standin: Parliament, path: str, **query: str) -> Any:
    async with web.get(standin.address + path, params=query) as response:
        assert response.status == 200, await response.text()
        return await response.json()


async def test_the_day_can_be_walked_as_clients_walk_it(web: aiohttp.ClientSession, parliament: Parliament) -> None:
    found = []
    for day, house in (("2026-11-22", "Commons"), ("2026-11-23", "Lords")):
        for code in await ask(web, parliament, "/hansard/overview/sectionsforday.json", date=day, house=house):
            where = {"section": code, "date": day, "house": house}
            for tree in await ask(web, parliament, "/hansard/overview/sectiontrees.json", **where):
                parents = {item["ParentId"] for item in tree["SectionTreeItems"]}
                leaves = [item for item in tree["SectionTreeItems"] if item["Id"] not in parents]
                for leaf in leaves:
                    debate = await ask(web, parliament, f"/hansard/Debates/Debate/{leaf['ExternalId'].lower()}.json")
                    assert debate["Overview"]["Date"] == f"{day}T00:00:00"
                    found.append(debate["Overview"]["Title"].strip())
    assert found.count("Prevent Learning Review: Norminster") == 2
    assert len(found) == len(parliament.debates) == 8


async def test_timecodes_move_with_the_day(web: aiohttp.ClientSession, parliament: Parliament) -> None:
    ext_id = parliament.ext_id("Learning Review")
    debate = await ask(web, parliament, f"/hansard/debates/debate/{ext_id}.json")
    assert {item["Timecode"][:10] for item in debate["Items"] if item["Timecode"]} == {"2026-11-22"}
    lords = await ask(web, parliament, f"/hansard/debates/debate/{parliament.ext_id('Learning Review', 'Lords')}.json")
    assert lords["Items"][1]["Value"].endswith("House of Commons on Sunday 22 November.")


async def test_a_container_repeats_its_children(web: aiohttp.ClientSession, parliament: Parliament) -> None:
    where = {"section": "Debate", "date": "2026-11-22", "house": "Commons"}
    (tree,) = await ask(web, parliament, "/hansard/overview/sectiontrees.json", **where)
    oral = next(item for item in tree["SectionTreeItems"] if item["HRSTag"] == "hs_3OralAnswers")
    debate = await ask(web, parliament, f"/hansard/debates/debate/{oral['ExternalId']}.json")
    department = debate["ChildDebates"][0]
    assert department["ChildDebates"][0]["Overview"]["Title"] == "Rural Broadband"
    assert debate["Items"] == []


async def test_a_day_without_sitting_is_an_empty_list_or_a_404(
    web: aiohttp.ClientSession, parliament: Parliament
) -> None:
    path, query = "/hansard/overview/sectionsforday.json", {"date": "2026-11-22", "house": "Lords"}
    assert await ask(web, parliament, path, **query) == []
    parliament.silence("2026-11-22", 404)
    async with web.get(parliament.address + path, params=query | {"house": "Commons"}) as response:
        assert response.status == 404


async def test_a_debate_grows_settles_is_restamped_and_corrected(
    web: aiohttp.ClientSession, parliament: Parliament
) -> None:
    ext_id = parliament.ext_id("Learning Review")
    path = f"/hansard/debates/debate/{ext_id}.json"
    parliament.settle(1)
    parliament.reveal(3, ext_id)
    partial = await ask(web, parliament, path)
    assert len(partial["Items"]) == 3 and partial["Overview"]["Source"] == 1
    parliament.reveal(None)
    parliament.settle()
    whole = await ask(web, parliament, path)
    assert len(whole["Items"]) > 40 and whole["Overview"]["Source"] == 2
    parliament.restamp("2026-12-08T09:00:00.5")
    again = await ask(web, parliament, path)
    assert again["Items"] == whole["Items"] and again["Overview"] != whole["Overview"]
    corrected = parliament.correct(ext_id, "about 2,300 of those cases", "about 2,030 of those cases")
    now = await ask(web, parliament, path)
    item = next(item for item in now["Items"] if item["ExternalId"] == corrected)
    assert "2,030" in item["Value"] and item["Value"].count("(Correction)</span>") == 1
    rows = await ask(web, parliament, "/hansard/search/contributions/Corrections.json", searchTerm="cases")
    assert rows["TotalResultCount"] == 1
    assert f'data-external-id="{corrected}"' in rows["Results"][0]["ContributionTextFull"]
    parliament.withdraw(ext_id)
    async with web.get(parliament.address + path) as response:
        assert response.status == 404


async def test_a_tree_flaps_once(web: aiohttp.ClientSession, parliament: Parliament) -> None:
    where = {"section": "Debate", "date": "2026-11-22", "house": "Commons"}
    parliament.flap()
    first = await ask(web, parliament, "/hansard/overview/sectiontrees.json", **where)
    second = await ask(web, parliament, "/hansard/overview/sectiontrees.json", **where)
    assert len(first[0]["SectionTreeItems"]) + 1 == len(second[0]["SectionTreeItems"])


async def test_search_pages_phrases_and_ignores_names_that_it_does_not_know(
    web: aiohttp.ClientSession, parliament: Parliament
) -> None:
    path = "/hansard/search/contributions/Spoken.json"
    everything = await ask(web, parliament, path, startdate="2026-11-22", serchTerm="Prevent")
    assert len(everything["Results"]) == 20 < everything["TotalResultCount"]
    phrase = await ask(web, parliament, path, **{"queryParameters.searchTerm": '"Channel panel"', "house": "Commons"})
    assert 0 < phrase["TotalResultCount"] < everything["TotalResultCount"]
    assert {row["House"] for row in phrase["Results"]} == {"Commons"}
    row = phrase["Results"][0]
    assert row["ContributionText"][0] == " " and len(row["ContributionText"]) == 255
    page = await ask(web, parliament, path, skip="20", take="100")
    assert page["Results"][0] != everything["Results"][0]
    titles = await ask(web, parliament, "/hansard/search/debates.json", searchTerm="learning review")
    assert titles["TotalResultCount"] == 2


async def test_search_rows_have_the_very_keys_of_real_ones(
    web: aiohttp.ClientSession, parliament: Parliament, shared_data: Path
) -> None:
    real = json.loads((shared_data / "hansard/contributions-spoken-member185-2024-2026.json").read_text())
    answer = await ask(web, parliament, "/hansard/search/contributions/Spoken.json", take="1")
    assert list(answer["Results"][0]) == list(real[0])


async def test_written_lists_are_cut_and_details_whole(web: aiohttp.ClientSession, parliament: Parliament) -> None:
    days = {"answeredWhenFrom": "2026-11-22", "answeredWhenTo": "2026-11-22"}
    listed = await ask(web, parliament, "/written/writtenquestions/questions", **days)
    assert listed["totalResults"] == 2
    value = listed["results"][0]["value"]
    assert len(value["questionText"]) == 255
    assert len(value["answerText"]) == 258 and value["answerText"].endswith("...") and "<" not in value["answerText"]
    key = f"{value['dateTabled'][:10]}/{value['uin']}"
    for path in (key, str(value["id"])):
        whole = await ask(web, parliament, f"/written/writtenquestions/questions/{path}", expandMember="true")
        assert "<table>" in whole["value"]["answerText"]
        assert whole["value"]["askingMember"]["name"] == "Nadia Rahimi"
    statements = await ask(web, parliament, "/written/writtenstatements/statements", madeWhenFrom="2026-11-22")
    assert [len(row["value"]["text"]) for row in statements["results"][:2]] == [255, 255]
    none = await ask(web, parliament, "/written/writtenstatements/statements", madeWhenTo="2026-11-21")
    assert none == {"totalResults": 0, "results": []}


async def test_a_holding_answer_gives_way_to_the_real_one(web: aiohttp.ClientSession, parliament: Parliament) -> None:
    path = "/written/writtenquestions/questions/1990101"
    real = await ask(web, parliament, path)
    parliament.hold("990417")
    held = await ask(web, parliament, path)
    assert held["value"]["answerIsHolding"] and held["value"]["id"] == real["value"]["id"]
    parliament.hold("990417", None)
    assert await ask(web, parliament, path) == real


async def test_members_and_coming_business_answer(web: aiohttp.ClientSession, parliament: Parliament) -> None:
    marsh = await ask(web, parliament, "/members/Members/990101", detailsForDate="2026-11-22")
    assert marsh["value"]["latestParty"]["abbreviation"] == "Lab"
    biography = await ask(web, parliament, "/members/Members/990101/Biography")
    assert biography["value"]["governmentPosts"][0]["name"] == "Minister of State (Home Office) (Security)"
    found = await ask(web, parliament, "/members/Members/Search", Name="farrant")
    assert found["totalResults"] == 1
    days = {"queryParameters.startDate": "2026-11-23", "queryParameters.endDate": "2026-12-20"}
    assert len(await ask(web, parliament, "/whatson/events/list.json", **days)) == 3
    async with web.get(
        f"{parliament.address}/whatson/events/list.json", params={"startDate": "2026-01-01", "endDate": "2026-12-01"}
    ) as response:
        assert response.status == 400


@pytest.mark.parametrize(
    ("fault", "expected"), [("403", 403), ("404", 404), ("429", 429), ("500", 500), ("503", 503), ("challenge", 200)]
)
async def test_a_fault_strikes_its_prefix_as_often_as_told(
    web: aiohttp.ClientSession, parliament: Parliament, fault: str, expected: int
) -> None:
    parliament.fail("/members", fault, times=1)
    url = f"{parliament.address}/members/Members/990101"
    async with web.get(url) as response:
        assert response.status == expected
        assert (response.content_type == "application/json") is False
        assert ("Retry-After" in response.headers) is (fault == "429")
    async with web.get(url) as response:
        assert response.status == 200
    assert [seen.status for seen in parliament.requests] == [expected, 200]


async def test_bodies_can_be_spoilt(web: aiohttp.ClientSession, parliament: Parliament) -> None:
    url = f"{parliament.address}/members/Members/990101"
    spoilt = {}
    for fault in ("bom", "truncated", "empty"):
        parliament.heal()
        parliament.fail("/members", fault)
        async with web.get(url) as response:
            spoilt[fault] = await response.read()
    assert json.loads(spoilt["bom"].decode("utf-8-sig"))["value"]["id"] == 990101
    assert spoilt["empty"] == b""
    with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
        json.loads(spoilt["truncated"])
    parliament.heal()
    parliament.fail("/members", "hang-up")
    with pytest.raises(aiohttp.ClientPayloadError):
        async with web.get(url) as response:
            await response.read()


async def test_a_slow_answer_outlasts_patience_and_does_not_delay_the_stop(web: aiohttp.ClientSession) -> None:
    async with Parliament(day=DAY) as parliament:
        parliament.fail("/hansard", faults.slow(60))
        with pytest.raises(TimeoutError):
            await web.get(f"{parliament.address}/hansard/x.json", timeout=aiohttp.ClientTimeout(total=0.1))
        started = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - started < 2


async def test_large_answers_come_as_a_bomb_or_without_end(web: aiohttp.ClientSession, publisher: Publisher) -> None:
    publisher.fail("/courier", faults.bomb(5))
    async with web.get(publisher.feed_url("courier"), auto_decompress=False) as response:
        assert len(await response.read()) < 20_000
        assert response.headers["Content-Encoding"] == "gzip"
    publisher.heal()
    publisher.fail("/courier", "endless")
    async with web.get(publisher.feed_url("courier")) as response:
        assert "Content-Length" not in response.headers
        assert len(await response.content.readexactly(3_000_000)) == 3_000_000
        response.close()


async def test_a_redirect_can_have_no_end(web: aiohttp.ClientSession, publisher: Publisher) -> None:
    publisher.fail("/ledger", "loop")
    with pytest.raises(aiohttp.TooManyRedirects):
        await web.get(publisher.feed_url("ledger"), max_redirects=4)


async def test_feeds_and_articles_stand_at_the_servers_own_address(
    web: aiohttp.ClientSession, publisher: Publisher
) -> None:
    for paper in ("courier", "ledger"):
        async with web.get(publisher.feed_url(paper)) as response:
            tag, feed = response.headers["ETag"], feedparser.parse(await response.read())
        assert not feed.bozo
        assert feed.entries[0].published_parsed[:3] == (2026, 11, 22)
        for entry in feed.entries:
            assert entry.link.startswith(publisher.address)
            async with web.get(entry.link) as response:
                assert response.status == 200
                assert re.search(r"· <time datetime=\"2026-11-[12]\d", await response.text())
        async with web.get(publisher.feed_url(paper), headers={"If-None-Match": tag}) as response:
            assert response.status == 304


async def test_a_feed_can_lose_ids_dates_and_be_edited(web: aiohttp.ClientSession, publisher: Publisher) -> None:
    async def entries(paper: str) -> Any:
        async with web.get(publisher.feed_url(paper)) as response:
            return feedparser.parse(await response.read()).entries

    for paper in ("courier", "ledger"):
        title = (await entries(paper))[0].title
        publisher.edit(paper, title, "A better title")
        assert (await entries(paper))[0].title == "A better title"
        publisher.misdate(paper, 2099)
        assert {entry.published_parsed[0] for entry in await entries(paper)} == {2099}
        publisher.strip(paper, "dates")
        assert not [entry for entry in await entries(paper) if "published" in entry or "updated" in entry]
        publisher.strip(paper, "ids")
        assert not [
            entry
            for entry in await entries(paper)
            if entry.get("id", "").startswith("tag:") or "#0" in entry.get("id", "")
        ]
        assert len(await entries(paper)) == 5


async def test_robots_can_forbid(web: aiohttp.ClientSession, publisher: Publisher) -> None:
    publisher.forbid("User-agent: *\nDisallow: /\n")
    async with web.get(f"{publisher.address}/robots.txt") as response:
        assert "Disallow: /\n" in await response.text()
    publisher.forbid(None)
    async with web.get(f"{publisher.address}/robots.txt") as response:
        assert response.status == 404


@pytest.mark.parametrize("name", ["parliament", "publisher"])
async def test_a_stand_in_runs_as_a_process_is_turned_from_outside_and_stops_on_sigterm(
    web: aiohttp.ClientSession, root: Path, name: str
) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", f"tests.standins.{name}", "--date", "2026-11-22", cwd=root, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    address = (await asyncio.wait_for(process.stdout.readline(), 20)).decode().strip()
    path = {"parliament": "/hansard/overview/currentlyprocessing.json", "publisher": "/courier/feed.xml"}[name]
    async with web.get(address + path) as response:
        assert response.status == 200
    async with web.put(f"{address}/control/fail", json=["/", "503"]) as response:
        assert response.status == 200
    async with web.get(address + path) as response:
        assert response.status == 503
    async with web.put(f"{address}/control/explode", json=[]) as response:
        assert response.status == 404
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 5) == 0
