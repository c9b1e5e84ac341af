"""A page's article, taken out; and what a publisher asks of robots."""

from __future__ import annotations

import time
from datetime import date

import pytest
from aiohttp import web

from bot.domain import Kind, Voice
from bot.errors import SourceError
from bot.settings import Http
from bot.sources import articles as module
from bot.sources.articles import Articles, document, extract
from bot.sources.http import Client
from bot.sources.robots import Robots, allowed, parse
from tests.sources.conftest import Web

PARAGRAPHS = tuple(
    f"Finding {n} of the review was that the records of the case were poor and reasons were not written down."
    for n in ("one", "two", "three")
)
PAGE = (
    '<html><head><meta charset="utf-8"><title>Prevent review | The Example</title>'
    '<meta property="og:title" content="Prevent review finds “poor” records">'
    '<meta property="og:site_name" content="The Example">'
    '<meta property="article:published_time" content="2025-02-12T10:00:00Z"></head>'
    '<body><nav><a href="/">Home</a></nav>'
    "<article><h1>Prevent review finds “poor” records</h1>"
    + "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    + "</article><footer>Cookies and terms</footer></body></html>"
)


def test_an_article_is_its_paragraphs_and_not_its_navigation() -> None:
    found = extract(PAGE, "https://www.news.example/a")
    assert found
    assert (found.title, found.publisher) == ("Prevent review finds “poor” records", "The Example")
    assert found.paragraphs == PARAGRAPHS
    assert found.day == date(2025, 2, 12)
    one = document(found, source="file", name="x")
    assert (one.kind, one.id, one.url) == (Kind.ARTICLE, "https://www.news.example/a", "https://www.news.example/a")
    assert {said.voice for said in one.contributions} == {Voice.REPORT}


def test_a_short_item_is_its_paragraphs_too() -> None:
    page = (
        "<html><head><title>Limes to be felled</title></head><body><header><a href='/'>Courier</a></header><article>"
        "<h1>Limes to be felled</h1><p>The council will fell six limes to prevent the spread of a moth.</p>"
        "<p>Work begins in March.</p></article></body></html>"
    )
    found = extract(page, None)
    assert found
    assert found.paragraphs == (
        "The council will fell six limes to prevent the spread of a moth.",
        "Work begins in March.",
    )


@pytest.mark.parametrize("page", [b"", b"\x00\xff\xfe", "<html></html>", "<" * 5_000])
def test_a_page_without_an_article_is_none_or_an_error_and_never_a_crash(page: bytes | str) -> None:
    try:
        assert extract(page, None) is None
    except SourceError as error:
        assert "cannot be read" in str(error)


async def test_what_is_no_page_is_refused(site: Web, client: Client) -> None:
    site.pages |= {
        "/pdf": web.Response(body=b"%PDF-1.7", content_type="application/pdf"),
        "/empty": web.Response(text="<html><body></body></html>", content_type="text/html"),
        "/latin": web.Response(body=PAGE.encode("windows-1252"), content_type="text/html"),
    }
    articles = Articles(client)
    with pytest.raises(SourceError, match="application/pdf, not a web page"):
        await articles.read(site.base + "/pdf")
    with pytest.raises(SourceError, match="no article"):
        await articles.read(site.base + "/empty")
    assert (await articles.read(site.base + "/latin")).title == "Prevent review finds “poor” records"


async def test_hansards_own_site_is_never_fetched(client: Client) -> None:
    with pytest.raises(SourceError, match="Parliament's API"):
        await Articles(client).read("https://Hansard.parliament.uk/Commons/2025-02-12/debates/17D395DB/Prevent")


async def test_a_page_that_takes_too_long_to_read_is_given_up(
    site: Web, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.pages["/slow"] = web.Response(text=PAGE, content_type="text/html")
    monkeypatch.setattr(module, "LONGEST_READING", 0.0)
    with pytest.raises(SourceError, match="could not be taken out"):
        await Articles(client).read(site.base + "/slow")


RULES = """
# Comment
User-agent: Googlebot
Disallow: /

User-agent: *
Disallow: /private/ # here
Disallow: /*/print$
Disallow: /search?
Allow: /private/press
Crawl-delay: 5
Disallow:
"""


@pytest.mark.parametrize(
    ("path", "may"),
    [("/", True), ("/private/x", False), ("/private/press/1", True), ("/news/a/print", False), ("/news/print/a", True),
     ("/search?q=x", False), ("/searching", True), ("/caf%C3%A9", True)],
)  # fmt: skip
def test_the_longest_rule_wins(path: str, may: bool) -> None:
    assert allowed(parse(RULES), path) is may


def test_a_group_of_ones_own_stands_alone() -> None:
    text = "User-agent: *\nDisallow: /\n\nUser-agent: Despatch/1.0\nUser-agent: Other\nDisallow: /no"
    assert allowed(parse(text), "/yes")
    assert not allowed(parse(text), "/no")
    assert not allowed(parse(text, "someone"), "/yes")
    assert allowed(parse("User-agent: Despatch\nDisallow:\n\nUser-agent: *\nDisallow: /"), "/x")


@pytest.mark.parametrize(("status", "may"), [(404, True), (403, False), (500, False)])
async def test_no_robots_txt_is_leave_and_a_failing_one_is_not(
    site: Web, client: Client, status: int, may: bool
) -> None:
    site.pages["/robots.txt"] = web.Response(status=status)
    robots = Robots(client)
    assert (await robots.refusal(site.base + "/a") is None) is may
    assert (await robots.refusal(site.base + "/b") is None) is may
    assert len(site.asked) == 1


def test_a_hostile_pattern_takes_no_time() -> None:
    rules = parse("User-agent: *\nDisallow: /" + "*a" * 5_000 + "$")
    assert allowed(rules, "/" + "a" * 4_999)
    assert not allowed(rules, "/" + "a" * 5_000)


async def test_a_host_that_cannot_be_asked_is_left_alone_and_the_reason_is_the_true_one(site: Web) -> None:
    async with Client(Http(spacing=0, attempts=1, timeout=5)) as shut:
        with pytest.raises(SourceError, match="private network"):
            await Articles(shut).read(site.base + "/a")
        with pytest.raises(SourceError, match=r"left alone while its robots.txt cannot be read .*private network"):
            await Articles(shut).read("http://localhost/a")
    assert site.asked == []


async def test_a_redirect_leads_to_no_page_that_may_not_be_fetched(site: Web, client: Client) -> None:
    site.pages["/robots.txt"] = b"User-agent: *\nDisallow: /shut"
    site.pages["/to-shut"] = web.Response(status=302, headers={"Location": "/shut/page"})
    site.pages["/to-hansard"] = web.Response(status=301, headers={"Location": "https://hansard.parliament.uk/x"})
    articles = Articles(client)
    with pytest.raises(SourceError, match=r"robots\.txt asks not to fetch it"):
        await articles.read(site.base + "/to-shut")
    with pytest.raises(SourceError, match="Parliament's API"):
        await articles.read(site.base + "/to-hansard")
    assert "/shut/page" not in site.paths()


@pytest.mark.parametrize("url", ["http://[::1", "http://news.example/\ud800", "http://a..b/", "http://xn--a/"])
async def test_an_address_that_is_none_is_an_error_and_never_a_crash(client: Client, url: str) -> None:
    with pytest.raises(SourceError):
        await Articles(client).read(url)


def test_a_page_of_tags_alone_is_refused_before_it_is_read() -> None:
    for page in ("<p>a</p>" * 100_000, b"<p>a</p>" * 100_000):
        began = time.process_time()
        with pytest.raises(SourceError, match="more tags than an article can hold"):
            extract(page, "https://news.example/a")
        assert time.process_time() - began < 2
