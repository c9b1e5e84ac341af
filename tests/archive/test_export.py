"""What can be taken out of the archive: what was matched, told and shown as evidence, and nothing that was not kept."""

from __future__ import annotations

import tracemalloc
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.archive import Archive
from bot.archive.digests import draft, keep_digest, keep_withdrawal
from bot.archive.documents import load, save_reading
from bot.archive.export import Chosen, Newest, newest, of_the_press, records
from bot.archive.retention import retain
from bot.archive.schema import stories, story_documents
from bot.archive.stories import Placement, choose, keep_verdict, touch
from bot.contract import EXPORTED, What
from bot.domain import Coverage, Digest, Document, Kind, Match, Origin, Point, Sentence, Status
from bot.summarise.carrying import carrying
from tests.pipeline.world import DAY, NOON, article, debate

SAID = (
    "The Prevent programme will change. We will appoint a commissioner by July, and publish the records.",
    "I thank the Minister for what she said of the weather.",
    "Will the commissioner be independent of the Home Office?",
)

ALL = Chosen()


async def tell(archive: Archive, document: Document, parts: tuple[str, ...], digest: Digest | None) -> int:
    """Have the archive hold the document, the verdict and (where given) the digest; the story's number."""
    saved = await save_reading(archive, document, NOON)
    stored = (await load(archive, [saved.document_id]))[saved.document_id]
    match = Match(document.id, "prevent", True, 0.91, ("names the programme",), parts)
    epoch = (await choose(archive, stored, "prevent")).epoch
    assert await keep_verdict(archive, stored, match, NOON, placement=Placement(None, "new"), epoch=epoch)
    async with archive.read() as connection:
        story = await connection.scalar(
            select(story_documents.c.story_id).where(story_documents.c.document_id == stored.id)
        )
    assert story is not None
    if digest is not None:
        assert await keep_digest(archive, await draft(archive, story), digest, NOON)
    return story


def told(key: str = "17D395DB", **changes: Any) -> Digest:
    url = f"https://hansard.parliament.uk/{key}"
    values: dict[str, Any] = {
        "id": key,
        "title": "Prevent: Learning Review",
        "headline": "A commissioner for Prevent",
        "date": DAY,
        "house": "Commons",
        "url": url,
        "topic": "prevent",
        "status": Status.SETTLED,
        "brief": (Sentence("Dan Jarvis said that a commissioner would be appointed.", (f"{key}-0",), Origin.REPORTED),),
        "points": (
            Point(
                "Dan Jarvis",
                "Lab",
                "The Minister for Security",
                (Sentence("“Will the commissioner be independent?”", (f"{key}-2",), Origin.SHORTENED, "Dan Jarvis"),),
            ),
        ),
        "next": (Sentence("The records were to be published.", (f"{key}-0", "gone"), Origin.REPORTED),),
        "coverage": (Coverage("News", "Prevent to change", "https://news.example/1", DAY),),
        "links": {f"{key}-0": f"{url}#contribution-0", f"{key}-2": f"{url}#contribution-2"},
    }
    return Digest(**(values | changes))


async def taken(archive: Archive, chosen: Chosen = ALL) -> list[dict[str, Any]]:
    return [record async for record in records(archive, chosen, carrying)]


def of(rows: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    return [row for row in rows if row["record"] == name]


async def test_only_the_contributions_that_the_verdict_names_are_in_it_with_score_and_reasons(archive: Archive) -> None:
    await tell(archive, debate("Prevent", *SAID), ("17D395DB-0", "17D395DB-2"), None)
    first, second = await taken(archive)
    assert first == {
        "schema": "export/1",
        "record": "contribution",
        "topic": "prevent",
        "document": "17D395DB",
        "source": "hansard",
        "contribution": "17D395DB-0",
        "kind": "statement",
        "title": "Prevent",
        "date": "2025-02-12",
        "house": "Commons",
        "url": "https://hansard.parliament.uk/17D395DB",
        "speaker": "Dan Jarvis",
        "party": "Lab",
        "text": SAID[0],
        "score": 0.91,
        "reasons": ["names the programme"],
    }
    assert (second["contribution"], second["text"]) == ("17D395DB-2", SAID[2])


async def test_a_verdict_on_a_text_that_no_longer_stands_brings_nothing(archive: Archive) -> None:
    await tell(archive, debate("Prevent", *SAID), ("17D395DB-0",), None)
    changed = debate("Prevent", "Nothing of the kind was ever said in this House, on this or any other day.", *SAID[1:])
    assert (await save_reading(archive, changed, NOON)).state == "changed"
    assert await taken(archive) == []


async def test_a_digest_comes_with_its_lines_in_order_and_each_line_with_the_words_that_carry_it(
    archive: Archive,
) -> None:
    story = await tell(archive, debate("Prevent", *SAID), ("17D395DB-0",), told())
    rows = await taken(archive, Chosen(what=(What.DIGESTS, What.EVIDENCE)))
    [digest] = of(rows, "digest")
    assert (digest["story"], digest["status"], digest["headline"]) == (story, "settled", "A commissioner for Prevent")
    assert digest["coverage"] == [
        {"publisher": "News", "title": "Prevent to change", "url": "https://news.example/1", "date": "2025-02-12"}
    ]
    lines = of(rows, "line")
    assert [(row["line"], row["place"], row["origin"]) for row in lines] == [
        (1, "brief", "reported"),
        (2, "point", "shortened"),
        (3, "next", "reported"),
    ]
    assert (lines[1]["speaker"], lines[1]["role"]) == ("Dan Jarvis", "The Minister for Security")
    assert {row["version"] for row in rows} == {digest["version"]}
    evidence = of(rows, "evidence")
    assert [(row["line"], row["contribution"]) for row in evidence] == [
        (1, "17D395DB-0"),
        (2, "17D395DB-2"),
        (3, "17D395DB-0"),
        (3, "gone"),
    ]
    assert evidence[0]["words"] == "We will appoint a commissioner by July, and publish the records."
    assert evidence[0]["url"] == "https://hansard.parliament.uk/17D395DB#contribution-0"
    assert "words" not in evidence[3] and "url" not in evidence[3]


async def test_every_key_has_its_column(archive: Archive) -> None:
    await tell(archive, debate("Prevent", *SAID), ("17D395DB-0",), told())
    await tell(archive, article("Prevent fails"), ("p0",), press())
    rows = await taken(archive)
    assert {row["record"] for row in rows} == {"contribution", "digest", "line", "evidence"}
    assert set().union(*rows) <= set(EXPORTED)


async def test_what_was_withdrawn_is_not_told_and_an_older_digest_neither(archive: Archive) -> None:
    kept = await tell(archive, debate("Prevent", *SAID), ("17D395DB-0",), told())
    gone = await tell(archive, debate("Channel", *SAID, id="B"), ("B-0",), told("B", headline="Taken back"))
    of_gone = await draft(archive, gone)
    assert await keep_withdrawal(archive, of_gone, told("B", headline="Withdrawn"), NOON, reason="wrong")
    await keep_again(archive, kept, told(headline="The newest"))
    rows = await taken(archive, Chosen(what=(What.DIGESTS, What.EVIDENCE)))
    assert [row["headline"] for row in of(rows, "digest")] == ["The newest"]
    assert {row["story"] for row in rows} == {kept}
    assert [each.story_id for each in (await newest(archive, 50)).stories] == [kept]


async def keep_again(archive: Archive, story: int, digest: Digest) -> None:
    """A later version of a story that is made of the same documents."""
    async with archive.write() as connection:
        await touch(connection, story)
    of_story = await draft(archive, story)
    assert await keep_digest(archive, of_story, digest, NOON + timedelta(hours=1))


@pytest.mark.parametrize(
    ("chosen", "headlines"),
    [
        (Chosen(), ["A", "B"]),
        (Chosen(since=DAY), ["A", "B"]),
        (Chosen(since=DAY + timedelta(days=1)), ["B"]),
        (Chosen(until=DAY), ["A"]),
        (Chosen(topic="prevent", since=DAY, until=DAY), ["A"]),
        (Chosen(topic="fishing"), []),
    ],
)
async def test_a_topic_and_days_can_be_asked_for(archive: Archive, chosen: Chosen, headlines: list[str]) -> None:
    later = DAY + timedelta(days=20)
    await tell(archive, debate("B", *SAID, id="B", day=later), ("B-0",), told("B", headline="B", date=later))
    await tell(archive, debate("A", *SAID, id="A"), ("A-0",), told("A", headline="A"))
    rows = await taken(archive, chosen)
    assert [row["headline"] for row in of(rows, "digest")] == headlines
    assert [row["document"] for row in of(rows, "contribution")] == headlines


def press(*lines: Sentence) -> Digest:
    return told(
        "https://news.example/1",
        kind=Kind.ARTICLE,
        house=None,
        url="https://news.example/1",
        brief=lines
        or (
            Sentence("“Prevent failed, a review says.”", ("p0",), Origin.QUOTED),
            Sentence("“It failed again.”", ("p0",), Origin.QUOTED),
            Sentence("The report said " + "that it failed and " * 6 + "failed.", ("p0",), Origin.REPORTED),
        ),
        points=(),
        next=(Sentence("The report said that it ended.", ("p0",), Origin.REPORTED),),
        coverage=(),
        links={},
    )


async def test_of_an_article_nothing_but_headline_publisher_link_and_25_words_before_its_text_is_deleted_and_after(
    archive: Archive,
) -> None:
    words = "Secret paragraph of a publisher that says Prevent failed, and says so at some length."
    await tell(archive, article("Prevent fails", words), ("p0",), press())
    before = await taken(archive)
    assert await retain(archive, NOON + timedelta(days=8)) == 1
    after = await taken(archive)
    for rows in (before, after):
        [item] = of(rows, "contribution")
        assert (item["title"], item["publisher"], item["url"]) == ("Prevent fails", "News", "https://news.example/1")
        assert "text" not in item and "Secret" not in repr(rows)
        [digest] = of(rows, "digest")
        assert digest["publisher"] == "News"
        assert [row["text"] for row in of(rows, "line")] == [
            "“Prevent failed, a review says.”",
            "The report said that it ended.",
        ]
        assert all("words" not in row for row in of(rows, "evidence")) and of(rows, "evidence")


def test_a_quotation_of_the_press_that_is_too_long_is_left_out_and_parliaments_is_not() -> None:
    long = Sentence("word " * 26, ("p0",), Origin.QUOTED)
    assert of_the_press(press(long)).brief == ()
    assert of_the_press(told(brief=(long,))).brief == (long,)


async def test_a_large_archive_is_not_held_in_memory(archive: Archive) -> None:
    one = "The Prevent programme. " + "word " * 2_000
    document = debate("Long", *[one] * 600)
    await tell(archive, document, tuple(item.id for item in document.contributions), None)
    del document
    tracemalloc.start()
    count = size = 0
    async for record in records(archive, Chosen(what=(What.CONTRIBUTIONS,)), carrying):
        count, size = count + 1, size + len(record["text"])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 600 and size > 6_000_000
    assert peak < 3_000_000


async def test_the_past_that_was_backfilled_stands_behind_the_news(archive: Archive) -> None:
    news = await tell(archive, debate("Prevent", *SAID), ("17D395DB-0",), told())
    past = await tell(archive, debate("Old", *SAID, id="OLD"), ("OLD-0",), None)
    assert await keep_digest(archive, await draft(archive, past), told("OLD"), NOON + timedelta(hours=1))
    assert [each.story_id for each in (await newest(archive, 50)).stories] == [past, news]
    async with archive.write() as connection:
        await connection.execute(
            stories.update()
            .where(stories.c.id == past)
            .values(backfilled=True, first_digested_at=NOON - timedelta(days=900))
        )
    assert [each.story_id for each in (await newest(archive, 50)).stories] == [news, past]
    assert [each.story_id for each in (await newest(archive, 1)).stories] == [news]


async def test_an_empty_archive_has_nothing_to_tell(archive: Archive) -> None:
    assert await taken(archive) == [] and await newest(archive, 50) == Newest((), None)
