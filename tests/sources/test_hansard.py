"""A sitting day is read from the API: found, fetched, named, once each; and what fails is said at the end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from aiohttp import web

from bot.domain import Document
from bot.errors import SourceError
from bot.sources.hansard import Hansard
from bot.sources.http import Client
from bot.sources.members import Members
from bot.sources.source import Reading
from tests.sources.conftest import Web
from tests.sources.house import DAY, answer, item

READING = Reading(datetime(2031, 2, 13, 9, tzinfo=UTC), (date(2031, 2, 12),))


def node(number: int, ext_id: str, parent: int | None, tag: str | None = None, **changes: Any) -> dict[str, Any]:
    return {"Id": number, "Title": ext_id, "ParentId": parent, "SortOrder": number, "ExternalId": ext_id, "HRSTag": tag,
            "HansardSection": None, "Timecode": None} | changes  # fmt: skip


def tree(*nodes: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"House": "Commons", "Title": "Commons Chamber", "SectionTreeItems": list(nodes)}]


def sat(site: Web, house: str, **trees: Any) -> None:
    site.pages[f"/overview/sectionsforday.json?date={DAY}&house={house}"] = list(trees)
    for section, given in trees.items():
        site.pages[f"/overview/sectiontrees.json?section={section}&date={DAY}&house={house}"] = given


def debate(site: Web, ext_id: str, *items: dict[str, Any], **changes: Any) -> None:
    site.pages[f"/debates/debate/{ext_id}.json"] = answer(*items, ExtId=ext_id, Title=ext_id, **changes)


@pytest.fixture
def hansard(site: Web, client: Client) -> Hansard:
    return Hansard(client, site.base, Members(client, site.base + "/members"))


async def poll(hansard: Hansard, reading: Reading = READING) -> tuple[list[Document], str]:
    found: list[Document] = []
    try:
        async for document in hansard.poll(reading):
            found.append(document)
    except SourceError as error:
        return found, str(error)
    return found, ""


async def test_every_venue_that_sat_is_read_but_for_what_has_its_own_service(site: Web, hansard: Hansard) -> None:
    sat(site, "Commons", Debate=tree(node(1, "root", None), node(2, "D-1", 1)), WestHall=tree(node(3, "W-1", None)),
        WMS=tree(node(4, "WMS-1", None)), CWA=tree(node(5, "CWA-1", None)))  # fmt: skip
    sat(site, "Lords", Debate=tree(node(6, "L-1", None)), GrandCommittee=tree(node(7, "G-1", None)))
    for ext_id in ("D-1", "W-1", "L-1", "G-1", "WMS-1", "CWA-1"):
        debate(site, ext_id, item(f"Words of {ext_id}.", "Tom Vale", 2))
    documents, error = await poll(hansard)
    assert ([one.id for one in documents], error) == (["D-1", "W-1", "L-1", "G-1"], "")
    assert "/debates/debate/root.json" not in site.paths()


@pytest.mark.parametrize("answers", [[], None])
async def test_a_day_that_nobody_sat_is_quiet(site: Web, hansard: Hansard, answers: Any) -> None:
    site.pages["/overview/sectionsforday.json"] = answers
    assert await poll(hansard) == ([], "")


async def test_headings_that_hold_others_are_no_documents_and_their_own_words_are_told_once(
    site: Web, hansard: Hansard
) -> None:
    oral = [node(2, "ORAL", 1, "hs_3OralAnswers"), node(3, "HOME", 2, "hs_6bDepartment"), node(4, "Q-1", 3)]
    nodes = [node(1, "root", None), *oral, node(5, "BILL", 1, "hs_2cBillTitle"), node(6, "CLAUSE-1", 5)]
    sat(site, "Commons", Debate=tree(*nodes))
    clause = item("I speak to the clause.", "Tom Vale", 2, ExternalId="C1")
    debate(site, "Q-1", item("What steps?", "Tom Vale", 2))
    debate(site, "CLAUSE-1", clause)
    debate(site, "BILL", item("I open for the Government.", "Nora Quill", 1, ExternalId="B1"),
           item("Order.", "Mr Speaker", 8, ExternalId="B2"), clause)  # fmt: skip
    documents, error = await poll(hansard)
    assert error == ""
    assert {one.id: [said.text for said in one.contributions] for one in documents} == {
        "Q-1": ["What steps?"],
        "CLAUSE-1": ["I speak to the clause."],
        "BILL": ["I open for the Government.", "Order."],
    }
    assert not {"/debates/debate/ORAL.json", "/debates/debate/HOME.json"} & set(site.paths())


async def test_debates_that_only_their_wrapper_holds_are_read_too(site: Web, hansard: Hansard) -> None:
    sat(site, "Lords", GrandCommittee=tree(node(1, "WRAP", None)))
    said = item("My Lords.", "Lord Hale (Lab)", 12, ExternalId="G1")
    child = answer(said, ExtId="CHILD", House="Lords", Title="Prevent")
    site.pages["/debates/debate/WRAP.json"] = answer(said, children=(child,), ExtId="WRAP", House="Lords")
    documents, error = await poll(hansard)
    assert ([(one.id, len(one.contributions)) for one in documents], error) == ([("CHILD", 1)], "")


async def test_a_tree_that_flaps_is_asked_again_and_a_debate_it_lost_is_kept(site: Web, hansard: Hansard) -> None:
    whole, cut, empty = tree(node(1, "D-1", None), node(2, "D-2", None)), tree(node(1, "D-1", None)), []
    answers: Iterator[Any] = iter([empty, whole, cut, whole, cut, cut])

    async def flapping(_: web.Request) -> web.Response:
        return web.json_response(next(answers))

    sat(site, "Commons", Debate=flapping)
    debate(site, "D-1", item("One.", "Tom Vale", 2))
    debate(site, "D-2", item("Two.", "Tom Vale", 2))
    for _ in range(3):
        documents, error = await poll(hansard)
        assert ([one.id for one in documents], error) == (["D-1", "D-2"], "")
    assert next(answers, None) is None


async def test_one_debate_that_fails_leaves_the_others_and_is_named_at_the_end(site: Web, hansard: Hansard) -> None:
    sat(
        site,
        "Commons",
        Debate=tree(node(1, "D-1", None), node(2, "D-2", None), node(3, "D-3", None), node(4, "D-4", None)),
    )
    debate(site, "D-1", item("One.", "Tom Vale", 2))
    site.pages["/debates/debate/D-2.json"] = web.Response(status=500)
    site.pages["/debates/debate/D-3.json"] = b"<html>challenge</html>"
    debate(site, "D-4", item("Four.", "Tom Vale", 2))
    documents, error = await poll(hansard)
    assert [one.id for one in documents] == ["D-1", "D-4"]
    assert error.startswith(f"{site.base}/debates/debate/D-2.json: answered 500")
    assert error.endswith("(and 1 more)")


async def test_a_server_that_is_down_is_not_asked_for_every_debate_of_the_day(site: Web, hansard: Hansard) -> None:
    sat(site, "Commons", Debate=tree(*(node(number, f"D-{number}", None) for number in range(1, 41))))
    site.pages |= {f"/debates/debate/D-{number}.json": web.Response(status=500) for number in range(1, 41)}
    documents, error = await poll(hansard)
    assert documents == []
    assert error.endswith("(and 5 more); the rest was not asked for")
    assert sum(path.startswith("/debates") for path in site.paths()) == 6


async def test_a_house_that_cannot_be_asked_is_unknown_and_not_in_recess(site: Web, hansard: Hansard) -> None:
    site.pages[f"/overview/sectionsforday.json?date={DAY}&house=Commons"] = web.Response(status=503)
    sat(site, "Lords", Debate=tree(node(1, "L-1", None)))
    debate(site, "L-1", item("My Lords.", "Lord Hale (Lab)", 12), House="Lords")
    documents, error = await poll(hansard)
    assert [one.id for one in documents] == ["L-1"]
    assert "503" in error


@pytest.mark.parametrize("page", [{"Message": "error"}, b"<html>", b"[{"])
async def test_a_strange_answer_is_an_error(site: Web, hansard: Hansard, page: Any) -> None:
    site.pages["/overview/sectionsforday.json"] = page
    documents, error = await poll(hansard)
    assert (documents, bool(error)) == ([], True)


async def test_a_debate_listed_before_it_is_there_is_waited_for(site: Web, hansard: Hansard) -> None:
    sat(site, "Commons", Debate=tree(node(1, "D-1", None)))
    assert await poll(hansard) == ([], "")


async def test_a_growing_debate_changes_and_a_restamped_one_does_not(site: Web, hansard: Hansard) -> None:
    sat(site, "Commons", Debate=tree(node(1, "D-1", None)))
    one, two = item("One.", "Tom Vale", 2, ExternalId="1"), item("Two.", "Nora Quill", 1, ExternalId="2")
    hashes = []
    for items, stamp, source in [((one,), "a", 1), ((one, two), "b", 1), ((one, two), "c", 2)]:
        debate(site, "D-1", *items, ContentLastUpdated=stamp, Source=source)
        (document,), _ = await poll(hansard)
        hashes.append(document.content_hash())
    assert hashes[0] != hashes[1] == hashes[2]


async def test_speakers_are_looked_up_as_of_the_day(site: Web, hansard: Hansard) -> None:
    sat(site, "Commons", Debate=tree(node(1, "D-1", None), node(2, "D-2", None)))
    debate(site, "D-1", item("One.", "The Minister for Security (Nora Quill)", 1))
    debate(site, "D-2", item("Two.", "Nora Quill", 1), item("Three.", "Mr Vale", 2))
    site.pages[f"/members/Members/1?detailsForDate={DAY}"] = {
        "value": {"nameDisplayAs": "Nora Quill", "latestParty": {"abbreviation": "Lab"},
                  "latestHouseMembership": {"house": 1, "membershipFrom": "Quayside"}}
    }  # fmt: skip
    documents, error = await poll(hansard)
    quill, again, vale = (said for one in documents for said in one.contributions)
    assert error == ""
    for said in (quill, again):
        assert (said.speaker, said.party, said.constituency) == ("Nora Quill", "Lab", "Quayside")
        assert said.role == "The Minister for Security"
    assert vale.speaker == "Mr Vale"
    assert site.paths().count("/members/Members/1") == 1


async def test_a_debate_is_had_by_its_id_and_by_a_contribution_that_a_correction_names(
    site: Web, hansard: Hansard
) -> None:
    debate(site, "abc-1", item("One.", "Tom Vale", 2))
    site.pages["/search/debatebyexternalid.json?contentItemExternalId=B1&house=Commons"] = {
        "Results": [{"DebateSectionExtId": "abc-1"}]
    }
    assert (await hansard.debate("abc-1")).id == "ABC-1"
    assert await hansard.debate_of("B1", "Commons") == "ABC-1"
    with pytest.raises(SourceError):
        await hansard.debate("absent")


async def test_a_correction_names_the_debate_too_and_asks_for_it_once(site: Web, hansard: Hansard) -> None:
    quoted = '“Wrong.”<span class="cross-reference" data-external-id="B1">—[<em>Official Report</em>, c. 1.]</span>'
    sat(site, "Commons", Corrections=tree(node(1, "C-1", None)))
    debate(site, "C-1", item(quoted, "Nora Quill", 1), Location="Written Corrections")
    site.pages["/search/debatebyexternalid.json?contentItemExternalId=B1&house=Commons"] = {
        "Results": [{"DebateSectionExtId": "abc-1"}]
    }
    for _ in range(2):
        (correction,), error = await poll(hansard)
        assert (correction.corrects, error) == (("B1", "ABC-1"), "")
    assert site.paths().count("/search/debatebyexternalid.json") == 1


async def test_ids_with_anything_in_them_stay_within_their_path(site: Web, hansard: Hansard) -> None:
    with pytest.raises(SourceError):
        await hansard.debate("../search?x=1")
    assert site.asked[0].raw_path.startswith("/debates/debate/..%2F")
