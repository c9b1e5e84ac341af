"""Feeds of every dialect, in every state that publishers leave them in."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import settings as configuration
from bot.domain import Document, Kind, Voice
from bot.errors import SourceError
from bot.settings import Feed
from bot.sources.articles import Articles
from bot.sources.feeds import FeedSource, clean_link, parse
from bot.sources.http import Client, Response
from bot.sources.source import Reading
from tests.sources.conftest import Web

NOW = datetime(2025, 2, 12, 18, tzinfo=UTC)
RSS = '<?xml version="1.0"?><rss version="2.0"><channel><title>T</title>{}</channel></rss>'
ITEM = "<item><title>{0}</title><link>https://news.example/{0}</link><guid>{0}</guid><pubDate>{1}</pubDate></item>"
WED = "Wed, 12 Feb 2025 12:00:00 GMT"


def read(body: str | bytes, content_type: str = "application/xml", charset: str | None = None) -> Any:
    given_bytes = body.encode() if isinstance(body, str) else body
    return parse(Response("https://news.example/feeds/x.xml", 200, content_type, given_bytes, charset), NOW)[0]


def rss(*items: str) -> str:
    return RSS.format("".join(items))


DIALECTS = {
    "RSS 0.91": '<rss version="0.91"><channel><item><title>Prevent</title><link>/a</link></item></channel></rss>',
    "RSS 0.92": '<rss version="0.92"><channel><item><title>Prevent</title><link>/a</link></item></channel></rss>',
    "RSS 0.90": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns="http://my.netscape.com/rdf/simple/0.9/"><item><title>Prevent</title><link>/a</link></item></rdf:RDF>',
    "RSS 1.0": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
    '<item rdf:about="https://news.example/a"><title>Prevent</title><link>/a</link></item></rdf:RDF>',
    "RSS 2.0": rss("<item><title>Prevent</title><link>/a</link></item>"),
    "Atom 0.3": '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title>Prevent</title>'
    '<link rel="alternate" href="/a"/></entry></feed>',
    "Atom 1.0": '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>tag:x,1</id><title>Prevent</title>'
    '<link href="/a"/></entry></feed>',
}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_is_read_and_its_links_are_made_whole(dialect: str) -> None:
    (item,) = read(DIALECTS[dialect])
    assert (item.title, item.link) == ("Prevent", "https://news.example/a")


@pytest.mark.parametrize(
    ("encoding", "declared", "charset"),
    [("utf-8", "utf-8", None), ("iso-8859-1", "iso-8859-1", None), ("windows-1252", "windows-1252", None),
     ("utf-16", "utf-16", None), ("utf-8-sig", None, None), ("windows-1252", None, "windows-1252")],
)  # fmt: skip
def test_declared_encodings_are_obeyed(encoding: str, declared: str | None, charset: str | None) -> None:
    head = f'<?xml version="1.0" encoding="{declared}"?>' if declared else '<?xml version="1.0"?>'
    body = rss("<item><title>£5m café</title><link>https://x.example/a</link></item>")
    (item,) = read((head + body.partition("?>")[2]).encode(encoding), charset=charset)
    assert item.title == "£5m café"


def test_an_undeclared_encoding_is_found_out() -> None:
    (item,) = read(rss("<item><title>£5m</title><link>https://x.example/a</link></item>").encode("windows-1252"))
    assert item.title == "£5m"


def test_markup_and_entities_in_titles_and_summaries_become_text() -> None:
    (item,) = read(rss(
        "<item><title>&lt;b&gt;Review&lt;/b&gt; of&nbsp;Prevent &amp;amp; Channel</title><link>https://x.example/a</link>"
        "<description><![CDATA[<p>Records were <a href='/b'>poor</a>.</p><script>x()</script> Continue reading...]]>"
        "</description></item>"
    ))  # fmt: skip
    assert item.title == "Review of Prevent & Channel"
    assert item.words == ("Records were poor.",)


def test_an_item_without_an_id_keeps_its_key_from_poll_to_poll() -> None:
    bare = "<item><title>No link, no id</title><description>Words.</description></item>"
    linked = "<item><title>Linked</title><link>https://x.example/a?utm_source=rss</link></item>"
    first, second = read(rss(bare, linked)), read(rss(linked, bare))
    assert {one.id for one in first} == {one.id for one in second}
    assert "the feed gave no id" in first[0].doubts


def test_two_items_under_one_id_are_two_and_one_item_twice_is_one() -> None:
    same = "<item><guid>1</guid><title>{0}</title><link>https://x.example/{0}</link></item>"
    items = read(rss(same.format("a"), same.format("b"), same.format("b")))
    assert [one.id for one in items] == ["https://x.example/a", "https://x.example/b"]


@pytest.mark.parametrize(
    ("printed", "published", "doubt"),
    [
        (WED, datetime(2025, 2, 12, 12, tzinfo=UTC), None),
        ("Wed, 12 Feb 2025 07:00:00 EST", datetime(2025, 2, 12, 12, tzinfo=UTC), None),
        ("2025-02-12T13:00:00+01:00", datetime(2025, 2, 12, 12, tzinfo=UTC), None),
        ("", NOW, "no date"),
        ("yesterday-ish", NOW, "no date"),
        ("Thu, 01 Jan 1970 00:00:00 GMT", NOW, "1970-01-01"),
        ("Sun, 01 Feb 2099 00:00:00 GMT", NOW, "2099-02-01"),
        ("Wed, 12 Feb 2025 18:10:00 GMT", NOW, None),
    ],
)
def test_a_date_that_cannot_be_is_clamped_and_said(printed: str, published: datetime, doubt: str | None) -> None:
    (item,) = read(rss(ITEM.format("a", printed)))
    assert item.published == published
    assert (doubt is None and not item.doubts) or any(doubt and doubt in one for one in item.doubts)


def test_the_bbcs_links_lose_their_tracking_and_ids_their_revision() -> None:
    bbc = (
        "<item><title>{0}</title><link>https://www.bbc.co.uk/news/{0}?at_medium=RSS&amp;at_campaign=rss</link>"
        '<guid isPermaLink="false">https://www.bbc.co.uk/news/{0}#{1}</guid></item>'
    )
    kinds = ("articles/c1", "videos/c2", "live/c3")
    (first,), (second,) = (read(rss(*(bbc.format(one, revision) for one in kinds))) for revision in (0, 1))
    assert first.id == second.id == first.link == "https://www.bbc.co.uk/news/articles/c1"


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:text/html,x", "ftp://x/y", "http://[::1", "https://a b/"]
)
def test_a_link_that_is_no_web_address_is_dropped(link: str) -> None:
    assert clean_link(link) is None


def test_a_query_that_is_not_tracking_stays_as_it_was() -> None:
    assert clean_link("https://x.example/p?id=3&q=a%20b#part") == "https://x.example/p?id=3&q=a%20b#part"


def test_a_web_page_with_200_is_no_feed() -> None:
    with pytest.raises(SourceError, match="a web page that is not a feed"):
        read(
            "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Checking</body></html>", "text/html"
        )
    with pytest.raises(SourceError, match="not a feed"):
        read(b"")


def test_a_feed_with_nothing_in_it_is_a_feed() -> None:
    assert read(rss()) == []


def test_a_cut_feed_gives_what_was_whole_and_says_so() -> None:
    body = rss(*(ITEM.format(name, WED) for name in "abc"))
    cut = body[: body.index("<guid>c")].encode()
    items, broken = parse(Response("https://x.example/", 200, "text/xml", cut), NOW)
    assert [one.title for one in items] == ["a", "b"]
    assert broken == "is cut off before its end"


def test_entities_do_not_multiply_and_do_not_read_files() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol" * 10}">' for n in range(9))
    for name in ("&l8;", "&file;"):
        head = f'<!DOCTYPE rss [{laughs}<!ENTITY file SYSTEM "file:///etc/passwd">]>'
        body = head + rss(f"<item><title>x{name}</title><link>https://x.example/a</link></item>").partition("?>")[2]
        assert all(len(one.title) < 400 and "root:" not in one.title for one in read(body))


def test_an_enormous_feed_is_bounded() -> None:
    items = read(rss(*(ITEM.format(number, WED) for number in range(1_000))))
    assert len(items) == 200
    (item,) = read(rss(f"<item><title>{'long ' * 9_000}</title><link>https://x.example/a</link></item>"))
    assert len(item.title) <= 300


@pytest.mark.parametrize("body", ["<a>" * 300_000, "<item/>" * 300_000, "<![CDATA[" * 300_000, "&amp;" * 600_000])
def test_a_file_of_tags_alone_is_refused_before_it_is_read(body: str) -> None:
    began = time.process_time()
    with pytest.raises(SourceError, match="more tags than a feed can hold"):
        read(rss(body))
    assert time.process_time() - began < 2


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=300), st.integers(0, 300))
def test_no_bytes_bring_it_down(noise: bytes, at: int) -> None:
    whole = rss(ITEM.format("a", WED)).encode()
    for body in (noise, whole[:at] + noise + whole[at:]):
        try:
            read(body)
        except SourceError:
            continue


PAGE = "<html><head><title>Prevent review</title></head><body><article>{}</article></body></html>".format(
    "".join(
        f"<p>Paragraph {n} says that the records of the case were poor and that nobody wrote why.</p>" for n in "1234"
    )
)


def page(text: str = PAGE, status: int = 200) -> web.Response:
    return web.Response(text=text, status=status, content_type="text/html")


def feed(site: Web, *titles: str, **changes: str) -> None:
    items = (
        f"<item><title>{title}</title><link>{site.base}/{number}</link><guid>{number}</guid>"
        f"<description>{changes.get('summary', 'Standfirst.')}</description><pubDate>{WED}</pubDate></item>"
        for number, title in enumerate(titles)
    )
    site.pages["/feed"] = web.Response(text=rss(*items), content_type="application/rss+xml")


async def poll(source: FeedSource, now: datetime = NOW) -> list[Document]:
    return [document async for document in source.poll(Reading(now))]


@pytest.fixture
def source(site: Web, client: Client) -> FeedSource:
    wanted = Feed("The Example", site.base + "/feed", timedelta(minutes=10))
    return FeedSource(client, wanted, lambda text: "Prevent" in text, Articles(client))


async def test_only_what_may_be_on_the_topic_is_fetched(site: Web, source: FeedSource) -> None:
    feed(site, "Prevent review published", "Cat found")
    site.pages |= {"/0": page(), "/1": page()}
    found, other = await poll(source)
    assert (source.name, source.every) == ("feed:The Example", timedelta(minutes=10))
    assert (found.source, found.id, found.kind, found.publisher) == (
        "feed:The Example",
        site.base + "/0",
        Kind.ARTICLE,
        "The Example",
    )
    assert (found.date, found.published) == (date(2025, 2, 12), datetime(2025, 2, 12, 12, tzinfo=UTC))
    assert [one.id for one in found.contributions] == ["p1", "p2", "p3", "p4"]
    assert {(one.voice, one.speaker, one.url) for one in found.contributions} == {
        (Voice.REPORT, None, site.base + "/0")
    }
    assert [one.text for one in other.contributions] == ["Standfirst."]
    assert "/1" not in site.paths()


async def test_a_page_is_fetched_again_only_when_the_feed_says_something_new(site: Web, source: FeedSource) -> None:
    feed(site, "Prevent review")
    site.pages["/0"] = page()
    (one,), (two,) = await poll(source), await poll(source, NOW + timedelta(hours=2))
    assert one == two
    feed(site, "Prevent review", summary="Updated.")
    await poll(source)
    assert site.paths().count("/0") == 2
    assert site.paths().count("/robots.txt") == 1


async def test_a_page_that_fails_leaves_the_summary_and_later_the_page_that_was_read(
    site: Web, source: FeedSource
) -> None:
    feed(site, "Prevent review")
    site.pages["/0"] = page("gone", 403)
    (summary,) = await poll(source)
    assert [one.text for one in summary.contributions] == ["Standfirst."]
    assert "403" in summary.doubts[0]
    await poll(source, NOW + timedelta(minutes=10))
    assert site.paths().count("/0") == 1
    site.pages["/0"] = page()
    (whole,) = await poll(source, NOW + timedelta(hours=2))
    feed(site, "Prevent review", summary="Updated.")
    site.pages["/0"] = page("gone", 500)
    (kept,) = await poll(source, NOW + timedelta(hours=3))
    assert len(whole.contributions) == 4
    assert kept.contributions == whole.contributions


async def test_robots_txt_is_obeyed_and_said(site: Web, source: FeedSource) -> None:
    feed(site, "Prevent review")
    site.pages |= {"/0": page(), "/robots.txt": b"User-agent: *\nDisallow: /0"}
    (document,) = await poll(source)
    assert "robots.txt" in document.doubts[0]
    assert "/0" not in site.paths()


async def test_a_cut_feed_is_an_error_after_its_items(site: Web, source: FeedSource) -> None:
    body = rss(ITEM.format("a", WED), ITEM.format("b", WED))
    site.pages["/feed"] = web.Response(text=body[: body.index("<guid>b")], content_type="text/xml")
    found = []
    with pytest.raises(SourceError, match="cut off"):
        async for document in source.poll(Reading(NOW)):
            found.append(document.id)
    assert found == [site.base + "/a"]


def test_an_edited_title_is_a_new_version_of_the_same_item() -> None:
    first, second = (
        read(rss(f"<item><title>{title}</title><link>https://news.example/a</link></item>"))
        for title in ("Prevent review out", "Prevent review: what we know")
    )
    assert first[0].id == second[0].id and first[0].fingerprint() != second[0].fingerprint()


async def test_a_dateless_item_does_not_look_changed_at_every_poll(site: Web, source: FeedSource) -> None:
    site.pages["/feed"] = rss(f"<item><title>Prevent</title><link>{site.base}/0</link></item>").encode()
    site.pages["/0"] = page()
    (one,), (two,) = await poll(source), await poll(source, NOW + timedelta(days=1))
    assert one.content_hash() == two.content_hash()
    assert site.paths().count("/0") == 1


def test_the_feeds_that_come_with_the_program_are_well_formed(root: Path) -> None:
    found = configuration.feeds(configuration.Settings(folder=root / "config"))
    assert len(found) == len({one.url for one in found}) == 13
    assert all(one.url.startswith("https://") and one.every >= timedelta(minutes=15) for one in found)
