"""/feed.xml over HTTP: a feed that any reader reads, whatever the words in it, and that is not made twice."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import aiohttp
import feedparser
import pytest
from multidict import CIMultiDictProxy

from bot import feed as feeds
from bot import observe, text
from bot.archive import Archive
from bot.archive.digests import draft, keep_digest, keep_withdrawal
from bot.archive.export import newest
from bot.domain import Coverage, Kind, Origin, Point, Sentence
from bot.settings import Settings
from tests.cogs.samples import DEBATE, NOW, REPORT, digest, keep
from tests.pipeline.world import open_archive

ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = "]]> & <script>alert(1)</script> \x00\x08\x1b[31m \ud800 \u202eflow\u2066 \ufffe\uffff ﷽ 👩‍👩‍👧 \u0085 “end”"


async def _well() -> str | None:
    return None


class Served:
    """The feed as a reader reaches it."""

    def __init__(self, archive: Archive, address: tuple[str, int]) -> None:
        self.archive = archive
        self.url = f"http://{address[0]}:{address[1]}/feed.xml"

    async def get(self, method: str = "GET", **headers: str) -> tuple[int, bytes, CIMultiDictProxy[str]]:
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        async with aiohttp.ClientSession() as session, session.request(method, self.url, headers=named) as answer:
            return answer.status, await answer.read(), answer.headers

    async def read(self) -> feedparser.FeedParserDict:
        status, body, headers = await self.get()
        assert status == 200
        named = {key.lower(): value for key, value in headers.items()}
        found = feedparser.parse(body, response_headers=named | {"content-location": self.url})
        assert not found.bozo, found.get("bozo_exception")
        assert found.version == "atom10"
        return found


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    async with await open_archive(tmp_path / "despatch.sqlite3") as archive:
        answer = feeds.Feed(archive).answer
        async with observe.serve(Settings(metrics_port=0), _well, answer) as address:
            assert address is not None
            yield Served(archive, address)


def checked(body: bytes) -> ElementTree.Element:
    """The document, after what RFC 4287 demands of it: sections 4.1.1, 4.1.2, 4.2.7 and 3.3."""
    root = ElementTree.fromstring(body)
    assert root.tag == f"{ATOM}feed"
    for element in (root, *root.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            [only] = element.findall(f"{ATOM}{name}")
            assert only.text
        assert datetime.fromisoformat(element.findtext(f"{ATOM}updated", "")).utcoffset() == timedelta()
        assert element.findtext(f"{ATOM}id", "").startswith("urn:uuid:")
        for name in ("rights", "summary", "content", "published", "subtitle", "generator"):
            assert len(element.findall(f"{ATOM}{name}")) <= 1
        links = [(each.get("rel"), each.get("type"), each.get("hreflang")) for each in element.findall(f"{ATOM}link")]
        assert len(links) == len(set(links))
        assert all(each.get("term") for each in element.findall(f"{ATOM}category"))
    assert root.findtext(f"{ATOM}author/{ATOM}name") == "Despatch"
    ids = [each.text for each in root.iter(f"{ATOM}id")]
    assert len(ids) == len(set(ids))
    return root


async def test_a_reader_reads_the_digests_the_newest_first_with_lines_and_their_evidence(served: Served) -> None:
    await keep(served.archive, digest("A", headline="First"))
    await keep(served.archive, digest("B", headline="Second"), now=NOW + timedelta(hours=1))
    found = await served.read()
    assert found.feed.title == "Despatch" and found.feed.author == "Despatch"
    assert found.feed.rights == text.MADE and "Open Parliament Licence v3.0" in text.MADE
    assert [each.title for each in found.entries] == ["Second", "First"]
    entry = found.entries[1]
    assert entry.link == DEBATE and entry.links[0].rel == "alternate"
    assert entry.tags[0].term == "prevent"
    assert entry.summary == "The Minister announced the review of how Prevent handled a case."
    assert entry.updated == "2025-02-12T15:00:00.000000Z"
    [content] = entry.content
    assert content.type == "text/html"
    for said in (
        "The case was closed too soon.",
        "<h3>Dan Jarvis (Labour · The Minister for Security)</h3>",
        "4 others",
    ):
        assert said in content.value
    for link in (f"{DEBATE}#contribution-c1", f"{DEBATE}#contribution-c2", REPORT):
        assert f'href="{link}"' in content.value
    [own] = [each for each in found.feed.links if each.rel == "self"]
    assert own.href == served.url
    checked((await served.get())[1])


async def test_an_archive_without_digests_has_an_empty_feed(served: Served) -> None:
    assert (await served.read()).entries == []
    checked((await served.get())[1])


async def test_hostile_words_stay_words(served: Served) -> None:
    columns = HOSTILE.replace("\ud800", "")  # SQLite's own text holds no half of a pair; the digest's body does
    line = Sentence(HOSTILE, ("c1", "c2"), Origin.REPORTED, HOSTILE)
    bad = digest(
        "X",
        title=columns,
        headline=columns,
        house=HOSTILE,
        url="javascript:alert(1)",
        topic=HOSTILE,
        brief=(line,),
        points=(Point(HOSTILE, HOSTILE, HOSTILE, (line,)),),
        notes=(HOSTILE,),
        coverage=(Coverage(HOSTILE, HOSTILE, "https://news.example/a?b=1&c='\"<", None),),
        links={"c1": "https://elsewhere.example/", "c2": f'{DEBATE}?"><script>'},
    )
    await keep(served.archive, replace(bad, topic="prevent"))
    root = checked((await served.get())[1])
    [entry] = (await served.read()).entries
    assert entry.title.startswith("]]> & <script>") and entry.title.endswith("“end”") and not entry.get("links")
    body = root.findtext(f"{ATOM}entry/{ATOM}content", "")
    assert "<script" not in body and "&lt;script&gt;" in body
    assert "javascript" not in body and "elsewhere.example" not in body
    whole = "".join(root.itertext())
    assert not set("\x00\x08\x1b\u202e\u2066\ufffe\uffff\u0085") & set(whole)
    assert not [each for each in whole if 0xD800 <= ord(each) < 0xE000]
    assert all(urlsplit(each.get("href", "")).scheme in ("", "https") for each in root.iter(f"{ATOM}link"))


async def test_a_report_of_the_press_leads_to_its_publisher_and_says_what_it_is_made_of(served: Served) -> None:
    line = Sentence("“word" + " word" * 24 + "”", ("p0",), Origin.QUOTED)
    more = Sentence("“More of the publisher's own.”", ("p0",), Origin.QUOTED)
    await keep(served.archive, digest("P", kind=Kind.ARTICLE, url=REPORT, house=None, brief=(line, more), next=()))
    [entry] = (await served.read()).entries
    assert entry.link == REPORT and entry.rights == text.MADE_OF_PRESS
    assert "More of" not in entry.content[0].value and "word word" in entry.summary


async def test_the_names_of_feed_and_entries_outlive_the_program_and_a_new_version(
    served: Served, tmp_path: Path
) -> None:
    story = await keep(served.archive, digest("A"))
    before = await served.read()
    again = replace(await draft(served.archive, story), generation=2)
    later = NOW + timedelta(hours=2)
    assert await keep_digest(served.archive, again, digest("A", headline="Corrected"), later)
    async with await open_archive(tmp_path / "despatch.sqlite3") as reopened:
        after = feedparser.parse(feeds.feed(await newest(reopened, 50)))
    assert [each.title for each in after.entries] == ["Corrected"]
    assert after.entries[0].id == before.entries[0].id and after.feed.id == before.feed.id
    assert after.entries[0].updated == after.feed.updated == "2025-02-12T17:00:00.000000Z"
    assert after.entries[0].published == before.entries[0].published


async def test_it_holds_the_newest_fifty(served: Served) -> None:
    for number in range(52):
        await keep(served.archive, digest(str(number), headline=f"Story {number}"), now=NOW + timedelta(minutes=number))
    titles = [each.title for each in (await served.read()).entries]
    assert titles == [f"Story {number}" for number in range(51, 1, -1)]


async def test_one_who_has_it_is_not_sent_it_again_until_there_is_more(served: Served) -> None:
    await keep(served.archive, digest("A"))
    status, _, headers = await served.get()
    tag, at = headers["ETag"], headers["Last-Modified"]
    assert (status, headers["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
    assert at == "Wed, 12 Feb 2025 15:00:00 GMT"
    for asked in ({"If_None_Match": tag}, {"If_None_Match": f'"x", W/{tag}'}, {"If_None_Match": "*"}):
        assert (await served.get(**asked))[:2] == (304, b"")
    assert (await served.get(If_Modified_Since=at))[0] == 304
    assert (await served.get(If_Modified_Since="Wed, 12 Feb 2025 14:59:59 GMT"))[0] == 200
    assert (await served.get(If_Modified_Since=at, If_None_Match='"old"'))[0] == 200
    assert (await served.get(If_Modified_Since="a day"))[0] == 200
    status, body, headers = await served.get("HEAD")
    assert (status, body, headers["ETag"]) == (200, b"", tag)

    await keep(served.archive, digest("B"), now=NOW + timedelta(seconds=0.5))
    status, _, headers = await served.get(If_None_Match=tag)
    assert status == 200 and headers["ETag"] != tag
    assert (await served.get(If_Modified_Since=at))[0] == 200


async def test_a_story_that_was_withdrawn_leaves_it_and_those_who_have_it_are_told(served: Served) -> None:
    story = await keep(served.archive, digest("A", headline="Taken back"))
    await keep(served.archive, digest("B", headline="Stays"))
    _, _, headers = await served.get()
    of = await draft(served.archive, story)
    assert await keep_withdrawal(served.archive, of, None, NOW + timedelta(days=1), reason="wrong")
    assert [each.title for each in (await served.read()).entries] == ["Stays"]
    for asked in ({"If_None_Match": headers["ETag"]}, {"If_Modified_Since": headers["Last-Modified"]}):
        assert (await served.get(**asked))[0] == 200


async def test_it_is_made_once_in_a_thread_however_many_ask(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    await keep(served.archive, digest("A"))
    threads: list[int] = []
    real = feeds.feed
    monkeypatch.setattr(feeds, "feed", lambda found: threads.append(threading.get_ident()) or real(found))
    answers = await asyncio.gather(*(served.get() for _ in range(20)))
    assert {status for status, _, _ in answers} == {200} and len({body for _, body, _ in answers}) == 1
    assert len(threads) == 1 and threads[0] != threading.get_ident()
    await keep(served.archive, digest("B"))
    await served.get()
    await served.get()
    assert len(threads) == 2


async def test_an_archive_that_fails_is_a_503_with_a_plain_line(
    served: Served, capsys: pytest.CaptureFixture[str]
) -> None:
    await keep(served.archive, digest("A"))
    assert (await served.get())[0] == 200
    async with served.archive.write() as connection:
        await connection.exec_driver_sql("ALTER TABLE digests RENAME TO lost")
    status, body, headers = await served.get()
    assert (status, body) == (503, b"The archive cannot be read now; try again later.\n")
    assert headers["Content-Type"].startswith("text/plain") and "ETag" not in headers


async def test_metrics_and_health_answer_beside_it_and_without_a_feed_there_is_none(served: Served) -> None:
    async with aiohttp.ClientSession() as session:
        for path, wanted in (("metrics", 200), ("healthz", 200), ("feed.json", 404)):
            async with session.get(served.url.replace("feed.xml", path)) as answer:
                assert answer.status == wanted
        async with observe.serve(Settings(metrics_port=0), _well) as address:
            assert address is not None
            async with session.get(f"http://{address[0]}:{address[1]}/feed.xml") as answer:
                assert answer.status == 404


def test_a_moment_is_rfc_3339() -> None:
    assert feeds._moment(datetime(2025, 2, 12, 15, tzinfo=UTC)) == "2025-02-12T15:00:00.000000Z"
