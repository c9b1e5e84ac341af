"""The text of a news page: fetched when its publisher's robots.txt lets us, taken out by trafilatura, in paragraphs."""

from __future__ import annotations

import asyncio
import copy
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from bot.domain import Contribution, Document, Kind, Voice
from bot.errors import SourceError
from bot.sources.fields import day_of
from bot.sources.hansard_markup import line_of, paragraphs
from bot.sources.http import Client
from bot.sources.robots import Robots

LONGEST_PAGE = 4_000_000
LONGEST_READING = 60.0
"""Seconds that taking the text out of one page may last."""

NEVER_FETCHED = frozenset({"hansard.parliament.uk"})
"""Sites that are linked to and never read: Hansard's answers programs from its API alone."""

MOST_TAGS = 40_000
"""The most "<" in a page: several times a live blog's. trafilatura takes a minute over 100,000 empty paragraphs."""
LONGEST_TEXT = 200_000
MOST_PARAGRAPHS = 400
LONGEST_TITLE = 300
_PAGES = frozenset({"text/html", "application/xhtml+xml", "application/xml", "text/xml", "application/octet-stream"})


@dataclass(frozen=True, slots=True)
class Article:
    """What a page says. `paragraphs` are plain; `day` is the day that the page says it was published."""

    url: str | None
    title: str
    paragraphs: tuple[str, ...]
    publisher: str | None = None
    day: date | None = None


class Articles:
    """The door to news pages. One for all feeds, so that a host's robots.txt is asked for once."""

    def __init__(self, client: Client) -> None:
        self._client, self._robots = client, Robots(client)

    async def read(self, url: str) -> Article:
        """The article at `url`. Raises SourceError where it may not be fetched, cannot be, or has no text."""
        await self._permit(url)
        answer = await self._client.get(
            url, accept="text/html,application/xhtml+xml", max_bytes=LONGEST_PAGE, permit=self._permit
        )
        if answer.content_type not in _PAGES:
            raise SourceError(f"{url}: is {answer.content_type}, not a web page")
        try:
            async with asyncio.timeout(LONGEST_READING):
                found = await asyncio.to_thread(extract, answer.text(), answer.url)
        except TimeoutError:
            raise SourceError(f"{url}: its text could not be taken out in {LONGEST_READING:g} s") from None
        if found is None:
            raise SourceError(f"{url}: no article's text was found on the page")
        return found

    async def _permit(self, url: str) -> None:
        """Raises SourceError where a page, or the one that it redirects to, is not to be fetched."""
        self._client.check(url)
        if (urlsplit(url).hostname or "").lower() in NEVER_FETCHED:
            raise SourceError(f"{url}: is not fetched; the same text comes from Parliament's API")
        if refusal := await self._robots.refusal(url):
            raise SourceError(f"{url}: {refusal}")


def extract(page: bytes | str, url: str | None) -> Article | None:
    """The article in a page of HTML, None where there is none. It blocks: on the event loop, call it in a thread."""
    import trafilatura
    from trafilatura.settings import DEFAULT_CONFIG

    if (page.count(b"<") if isinstance(page, bytes) else page.count("<")) > MOST_TAGS:
        raise SourceError(f"{url or 'the page'}: has more tags than an article can hold")

    # A news item of four lines is an article too: below its usual size trafilatura runs a page's words together.
    config = copy.deepcopy(DEFAULT_CONFIG)
    config["DEFAULT"]["MIN_EXTRACTED_SIZE"] = "40"
    try:
        found = trafilatura.bare_extraction(
            page, url=url, include_comments=False, include_tables=True, with_metadata=True, config=config
        )
    except (ValueError, RecursionError, AttributeError, TypeError, AssertionError) as error:
        # lxml and trafilatura fail on some broken pages in ways of their own; to a reader it is one thing.
        raise SourceError(f"{url or 'the page'}: its HTML cannot be read ({type(error).__name__})") from None
    text = getattr(found, "text", None)
    if not isinstance(text, str):
        return None
    title = line_of(getattr(found, "title", None))[:LONGEST_TITLE]
    parts = [part for line in text[:LONGEST_TEXT].split("\n") for part in paragraphs(line.replace("|", " | "))]
    if parts and parts[0].casefold() == title.casefold():
        parts = parts[1:]
    if not parts:
        return None
    host = (urlsplit(url).hostname or "").removeprefix("www.") if url else ""
    return Article(
        url=url,
        title=title,
        paragraphs=tuple(parts[:MOST_PARAGRAPHS]),
        publisher=line_of(getattr(found, "sitename", None)) or host or None,
        day=day_of(getattr(found, "date", None)),
    )


def contributions(parts: tuple[str, ...], url: str | None) -> tuple[Contribution, ...]:
    """One contribution a paragraph, by nobody: p1, p2, …"""
    return tuple(
        Contribution(id=f"p{number}", text=part, url=url, voice=Voice.REPORT) for number, part in enumerate(parts, 1)
    )


def document(article: Article, *, source: str, name: str) -> Document:
    """An article given by hand or fetched by its address, as a Document called `name`."""
    return Document(
        source=source,
        id=article.url or name,
        kind=Kind.ARTICLE,
        title=article.title or name,
        contributions=contributions(article.paragraphs, article.url),
        date=article.day,
        url=article.url,
        publisher=article.publisher,
    )
