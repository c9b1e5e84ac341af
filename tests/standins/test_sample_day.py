"""The sample day has the shapes of Parliament's own answers, is as long as a real statement, and agrees with itself."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

import feedparser
import pytest

from tests.standins.loopback import SAMPLE
from tests.standins.publisher import PAPERS

DEBATES = sorted((SAMPLE / "hansard" / "debates").glob("*.json"))
TREES = sorted((SAMPLE / "hansard" / "sectiontrees").glob("*.json"))
OVERVIEW = {
    "Id": int,
    "ExtId": str,
    "Title": str,
    "HRSTag": str,
    "Date": str,
    "Location": str,
    "House": str,
    "Source": int,
    "VolumeNo": int,
    "ContentLastUpdated": str,
    "DebateTypeId": int,
    "SectionType": int,
    "NextDebateExtId": str,
    "NextDebateTitle": str,
    "PreviousDebateExtId": str,
    "PreviousDebateTitle": str,
}
ITEM = {
    "ItemType": str,
    "ItemId": int,
    "MemberId": int | None,
    "AttributedTo": str | None,
    "Value": str | None,
    "OrderInSection": int,
    "Timecode": str | None,
    "ExternalId": str | None,
    "HRSTag": str | None,
    "HansardSection": str | None,
    "UIN": str | None,
    "IsReiteration": bool,
}
NODE = {
    "Id": int,
    "Title": str,
    "ParentId": int | None,
    "SortOrder": int,
    "ExternalId": str,
    "HRSTag": str | None,
    "HansardSection": str | None,
    "Timecode": str | None,
}


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def plain(value: str | None) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", value or ""))


def obeys(row: dict[str, Any], shape: dict[str, Any]) -> None:
    assert list(row) == list(shape)
    wrong = {name: value for name, value in row.items() if not isinstance(value, shape[name])}
    assert not wrong


def commons() -> Any:
    return read(SAMPLE / "hansard/debates/2025-08-13_Commons_Debate_prevent-learning-review-norminster.json")


def lords() -> Any:
    return read(SAMPLE / "hansard/debates/2025-08-14_Lords_Debate_prevent-learning-review-norminster.json")


@pytest.mark.parametrize("path", DEBATES, ids=lambda path: path.stem)
def test_a_debate_has_the_fields_of_the_api(path: Path) -> None:
    debate = read(path)
    assert list(debate) == ["Overview", "Navigator", "Items", "ChildDebates"]
    obeys(debate["Overview"], OVERVIEW)
    for node in debate["Navigator"]:
        obeys(node, NODE)
    assert debate["Navigator"][-1]["ExternalId"] == debate["Overview"]["ExtId"]
    for order, item in enumerate(debate["Items"], 1):
        obeys(item, ITEM)
        assert item["OrderInSection"] == order
        assert item["ItemType"] in {"Contribution", "Timestamp"}
        assert "<p>" not in (item["Value"] or "")


def test_the_overviews_have_the_very_keys_of_real_ones(shared_data: Path) -> None:
    real = read(shared_data / "hansard" / "debate-overviews-202.json")[0]
    assert list(real) == list(OVERVIEW)


@pytest.mark.parametrize("path", TREES, ids=lambda path: path.stem)
def test_a_section_tree_is_flat_with_one_root(path: Path) -> None:
    (tree,) = read(path)
    nodes = tree["SectionTreeItems"]
    for node in nodes:
        obeys(node, NODE)
    ids = {node["Id"] for node in nodes}
    assert [node["ParentId"] for node in nodes].count(None) == 1
    assert all(node["ParentId"] in ids for node in nodes if node["ParentId"] is not None)


def test_every_debate_hangs_in_a_tree_and_no_id_is_used_twice() -> None:
    listed = {node["ExternalId"] for path in TREES for tree in read(path) for node in tree["SectionTreeItems"]}
    debates = [read(path) for path in DEBATES]
    assert {debate["Overview"]["ExtId"] for debate in debates} <= listed
    ids = [item["ExternalId"] for debate in debates for item in debate["Items"] if item["ExternalId"]]
    assert len(ids) == len(set(ids)) > 60


def test_every_speaker_is_a_listed_member() -> None:
    members = {row["value"]["id"] for row in read(SAMPLE / "members/members.json")}
    speaking = {item["MemberId"] for path in DEBATES for item in read(path)["Items"] if item["MemberId"]}
    assert speaking <= members
    assert {str(number) for number in members} == set(read(SAMPLE / "members/biographies.json"))
    assert min(members) > 990_000


def test_the_statement_is_as_long_as_a_real_one() -> None:
    items = commons()["Items"]
    opening = sum(
        len(plain(item["Value"]).split()) for item in items if item["MemberId"] == 990101 and item["OrderInSection"] < 6
    )
    assert 900 <= opening <= 1200
    assert len({item["MemberId"] for item in items if item["MemberId"]}) >= 16
    total = sum(len(plain(item["Value"]).split()) for path in DEBATES for item in read(path)["Items"])
    assert 4000 <= total <= 7000


def test_members_are_attributed_in_the_forms_that_hansard_uses() -> None:
    forms = {item["AttributedTo"] for path in DEBATES for item in read(path)["Items"]}
    assert {
        None,
        "",
        "The Minister for Security (Eleanor Marsh)",
        "Eleanor Marsh",
        "Alistair Croome (Wenlow Vale) (Con)",
        "Dr Simon Achebe (Leigh Cross) (Lab/Co-op)",
        "Madam Deputy Speaker (Dame Phyllida Orr)",
        "Madam Deputy Speaker",
        "Sir Roland Dunmore (in the Chair)",
        "Several hon. Members",
        "Hon. Members",
        "The Minister of State, Home Office (Lord Farrant of Wick) (Lab)",
        "Lord Farrant of Wick (Lab)",
        "The Lord Bishop of Norminster",
        "The Earl of Strathmuir (CB)",
        "Baroness Adeyo of Peckwell",
    } <= forms


def test_columns_begin_inside_sentences_and_a_clock_stands_inside_the_statement() -> None:
    items = commons()["Items"]
    assert any(
        re.search(r"[a-z] <span [^>]*column-number[^>]*></span>[a-z]", item["Value"] or "", re.I) for item in items
    )
    first, second = (i for i, item in enumerate(items) if item["ItemType"] == "Timestamp")
    assert items[second - 1]["MemberId"] == items[second + 1]["MemberId"] == 990101
    assert first < second


def test_the_lords_reprint_is_the_commons_statement_word_for_word() -> None:
    said = "\r\n\r\n".join(item["Value"] for item in commons()["Items"][2:5] if item["MemberId"] == 990101)
    reprint = [item for item in lords()["Items"] if item["HRSTag"] == "hs_brev"]
    assert (
        plain(reprint[0]["Value"]) == "The following Statement was made in the House of Commons on Wednesday 13 August."
    )
    quoted = "\r\n\r\n".join(plain(item["Value"]) for item in reprint[1:])
    assert quoted[0] == "“" and quoted[-1] == "”"
    assert quoted[1:-1].replace("‘", "“").replace("’", "”") == plain(said).replace("’", "”")
    assert all(item["MemberId"] is None and not item["IsReiteration"] for item in reprint)


def test_written_questions_have_the_very_keys_of_real_ones(shared_data: Path) -> None:
    real = read(shared_data / "hansard" / "written-questions-details-90.json")[0]
    for row in read(SAMPLE / "written/questions.json"):
        assert list(row["value"]) == list(real["value"])
        assert list(row) == list(real)


def test_the_written_statement_is_made_in_both_houses() -> None:
    twins = [r["value"] for r in read(SAMPLE / "written/statements.json") if "Prevent" in r["value"]["title"]]
    assert [twin["uin"][:4] for twin in twins] == ["HCWS", "HLWS"]
    assert twins[0]["text"] in twins[1]["text"]


@pytest.mark.parametrize("paper", PAPERS)
def test_a_feed_reads_cleanly_and_each_item_has_its_article(paper: str) -> None:
    feed = feedparser.parse((SAMPLE / "publisher" / paper / "feed.xml").read_bytes())
    assert not feed.bozo
    assert feed.version == {"courier": "rss20", "ledger": "atom10"}[paper]
    assert len(feed.entries) == 5
    for entry in feed.entries:
        slug = entry.link.split("?")[0].rsplit("/", 1)[1]
        page = (SAMPLE / "publisher" / paper / "articles" / f"{slug}.html").read_text(encoding="utf-8")
        assert html.escape(entry.title) in page and "Most read" in page
        assert entry.id and entry.published_parsed
    assert sum("Prevent" in entry.title for entry in feed.entries) == 1


def test_what_the_papers_report_was_said() -> None:
    said = " ".join(plain(item["Value"]) for item in commons()["Items"])
    for name in (
        "courier/articles/library-killer-prevent-review",
        "ledger/articles/security-minister-prevent-overhaul",
    ):
        page = (SAMPLE / "publisher" / f"{name}.html").read_text(encoding="utf-8")
        body = plain(page.split("</time>")[1].split("</article>")[0])
        figures = re.findall(r"£?\d+(?:,\d{3})*(?: million)?", body)
        assert len(figures) >= 6
        assert not [figure for figure in figures if figure not in said]


def test_the_folder_says_that_all_is_invented() -> None:
    assert "is invented" in (SAMPLE / "README.md").read_text(encoding="utf-8")
    for paper, name in PAPERS.items():
        for page in (SAMPLE / "publisher" / paper / "articles").glob("*.html"):
            assert f"{name} is an invented publisher" in page.read_text(encoding="utf-8")


def test_the_press_item_on_the_real_event_quotes_nobody(root: Path) -> None:
    page = (root / "tests/fixtures/amess_press.html").read_text(encoding="utf-8")
    body = plain(page.split("</time>")[1].split("</article>")[0])
    assert not set('“”‘"') & set(body)
    assert "Dan Jarvis" in body and "Mark Francois" in body and "nearly 60,000" in body
    feed = feedparser.parse((root / "tests/fixtures/amess_press.xml").read_bytes())
    assert not feed.bozo and html.escape(feed.entries[0].title) in page
