"""News feeds: RSS 0.9 to 2.0, RDF and Atom, read by feedparser from bytes, off the event loop.

An item's page is fetched only when its title and summary may be about a topic. What a feed leaves out is mended and
said in `doubts`: an item without an id is keyed on its link or its words, one without a believable date is taken as of
today.
"""

from __future__ import annotations

import asyncio
import calendar
import hashlib
import io
import re
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from bot.domain import LONDON, Document, Kind
from bot.errors import SourceError
from bot.settings import Feed
from bot.sources.articles import Article, Articles, contributions
from bot.sources.hansard_markup import line_of, read
from bot.sources.http import Client, Response
from bot.sources.source import Reading

LONGEST_FEED = 5_000_000
LONGEST_READING = 60.0
MOST_ITEMS = 200
LONGEST_TITLE = 300
LONGEST_SUMMARY = 20_000
"""Characters of a summary's markup that are read."""
MOST_TAGS, MOST_ENTITIES = 100_000, 300_000
"""The most "<" and "&" in a feed: fifty times a long one. feedparser takes minutes over a file of nothing else."""
HELD = 400
AGAIN_AFTER_FAILURE = timedelta(hours=1)
EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
SKEW = timedelta(minutes=15)
"""How far ahead of our clock a publisher's may be before its date is doubted."""

_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/rdf+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
)
_TRACKING = re.compile(r"(?:at_|utm_|ns_|CMP$|cmpid$|fbclid$|gclid$)", re.I)
_REVISION = re.compile(r"#\d+$")
_READ_ON = re.compile(r"\s*(?:Continue reading|Read more|Read on)\s*(?:\.\.\.|…|»)?\s*$", re.I)
_BBC_OTHER = re.compile(r"https?://(?:www\.)?bbc\.co(?:\.uk|m)/(?:news/(?:videos|live|av)/|iplayer/|sounds/)", re.I)
_ENDS = re.compile(rb"</\s*(?:\w+:)?(?:rss|feed|RDF)\s*>", re.I)


@dataclass(frozen=True, slots=True)
class Item:
    """One entry, mended. `id` is stable from poll to poll; `words` is the summary in paragraphs."""

    id: str
    title: str
    link: str | None
    words: tuple[str, ...]
    published: datetime
    doubts: tuple[str, ...]

    def fingerprint(self) -> str:
        """Changes when the feed says something else of the item, and not when its missing date is taken as now."""
        parts = (self.title, self.link or "", *self.words, "" if self.doubts else self.published.isoformat())
        return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()


@dataclass(frozen=True, slots=True)
class _Page:
    mark: str
    article: Article | None
    reason: str
    tried: datetime


class FeedSource:
    """The source `feed:NAME`. `wanted` says of a title with its summary whether the article itself should be read."""

    def __init__(self, client: Client, feed: Feed, wanted: Callable[[str], bool], article: Articles) -> None:
        self.name = f"feed:{feed.name}"
        self.every: timedelta | None = feed.every
        self._client, self._feed, self._wanted, self._articles = client, feed, wanted, article
        self._pages: OrderedDict[str, _Page] = OrderedDict()

    async def poll(self, reading: Reading) -> AsyncIterator[Document]:
        """The feed's items, newest as the publisher has them. Raises SourceError where it is no feed, or is cut off."""
        answer = await self._client.get(self._feed.url, accept=_ACCEPT, max_bytes=LONGEST_FEED)
        try:
            async with asyncio.timeout(LONGEST_READING):
                items, broken = await asyncio.to_thread(parse, answer, reading.now)
        except TimeoutError:
            raise SourceError(f"{self._feed.url}: could not be read in {LONGEST_READING:g} s") from None
        for item in items:
            yield await self._document(item, reading.now)
        if broken:
            raise SourceError(f"{self._feed.url}: {broken}")

    async def _document(self, item: Item, now: datetime) -> Document:
        summary = "\n\n".join((item.title, *item.words))
        page: _Page | None = None
        if item.link and self._wanted(summary):
            page = await self._page(item, item.link, now)
        parts = page.article.paragraphs if page and page.article else item.words or (item.title,)
        doubts = item.doubts
        if page and not page.article:
            doubts = (*doubts, f"only the feed's summary could be read ({page.reason})")
        return Document(
            source=self.name,
            id=item.id,
            kind=Kind.ARTICLE,
            title=item.title,
            contributions=contributions(tuple(parts), item.link),
            date=item.published.astimezone(LONDON).date(),
            url=item.link,
            publisher=self._feed.name,
            published=item.published,
            doubts=doubts,
        )

    async def _page(self, item: Item, link: str, now: datetime) -> _Page:
        """The item's article, fetched once for each thing that the feed says of it; a failure keeps what was read."""
        mark, held = item.fingerprint(), self._pages.get(item.id)
        if held and held.mark == mark and (held.article or now - held.tried < AGAIN_AFTER_FAILURE):
            self._pages.move_to_end(item.id)
            return held
        try:
            page = _Page(mark, await self._articles.read(link), "", now)
        except SourceError as error:
            reason = str(error).removeprefix(f"{link}: ")
            page = _Page(mark, held.article if held else None, reason, now)
        self._pages[item.id] = page
        while len(self._pages) > HELD:
            self._pages.popitem(last=False)
        return page


def parse(answer: Response, now: datetime) -> tuple[list[Item], str]:
    """A feed's items, each once, and what is wrong with the feed ("" where nothing is). It blocks.

    Raises SourceError where the answer is no feed at all: an HTML page, or nothing.
    """
    import feedparser

    if answer.body.count(b"<") > MOST_TAGS or answer.body.count(b"&") > MOST_ENTITIES:
        raise SourceError(f"{answer.url}: has more tags than a feed can hold")
    content_type = answer.content_type + (f"; charset={answer.charset}" if answer.charset else "")
    headers = {"content-type": content_type, "content-location": answer.url}
    try:
        found: Any = feedparser.parse(io.BytesIO(answer.body), response_headers=headers)
    except (ValueError, RecursionError, LookupError, AssertionError, TypeError, AttributeError) as error:
        # What feedparser's own parts raise on malformed input is no promise of theirs.
        raise SourceError(f"{answer.url}: cannot be read as a feed ({type(error).__name__})") from None
    if not found.get("version") and not found.get("entries"):
        html = re.match(rb"\s*(?:<!doctype html|<html)", answer.body.lstrip(b"\xef\xbb\xbf")[:200], re.I)
        raise SourceError(f"{answer.url}: answered {'a web page' if html else 'something'} that is not a feed")
    entries = list(found.get("entries", []))
    broken = ""
    if found.get("bozo") and not _ENDS.search(answer.body[-2000:].replace(b"\x00", b"")):
        broken = "is cut off before its end"
        entries = entries[:-1]
    guids = Counter(_guid(entry) for entry in entries[:MOST_ITEMS])
    items: dict[str, Item] = {}
    for entry in entries[:MOST_ITEMS]:
        item = _item(entry, now, guids)
        if item is not None and not _BBC_OTHER.match(item.link or ""):
            items.setdefault(item.id, item)
    return list(items.values()), broken


def _item(entry: Any, now: datetime, guids: Counter[str]) -> Item | None:
    doubts: list[str] = []
    title = line_of(_string(entry, "title")[:LONGEST_SUMMARY])[:LONGEST_TITLE].strip()
    words = read(_summary(entry)[:LONGEST_SUMMARY]).paragraphs
    words = tuple(part for part in (_READ_ON.sub("", one).strip() for one in words) if part)
    link = clean_link(_string(entry, "link"))
    if not title and not words:
        return None
    if not title:
        title = words[0][:LONGEST_TITLE]
        doubts.append("the feed gave no title")
    guid = _guid(entry)
    if guid and guids[guid] == 1:
        key = _REVISION.sub("", clean_link(guid) or guid)
    elif guid and link:
        key = link
        doubts.append("the feed gave several items one id")
    else:
        key = (
            link or "words:" + hashlib.sha256("\x1f".join((title, *words)).encode("utf-8", "replace")).hexdigest()[:32]
        )
        doubts.append("the feed gave no id")
    published, doubt = _published(entry, now)
    if doubt:
        doubts.append(doubt)
    return Item(key[:500], title, link, words, published, tuple(doubts))


def clean_link(link: str) -> str | None:
    """A page's address without the publisher's tracking; None where it is no web address."""
    link = link.strip()
    try:
        parts = urlsplit(link)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host or len(link) > 2000 or re.search(r"[\s<>\x00-\x1f]", link):
        return None
    kept = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.match(key)]
    query = parts.query if len(kept) == len(parse_qsl(parts.query, keep_blank_values=True)) else urlencode(kept)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, _REVISION.sub("", f"#{parts.fragment}")[1:]))


def _published(entry: Any, now: datetime) -> tuple[datetime, str]:
    """When the item appeared, in UTC, and what was mended about it."""
    # feedparser's own look-up gives `published` for a missing `updated`, with a warning; dict's does neither.
    given = next((at for key in ("published", "updated", "created") if (at := dict.get(entry, f"{key}_parsed"))), None)
    if not given:
        return now, "the feed gave no date that can be read; taken as today"
    try:
        found = datetime.fromtimestamp(calendar.timegm(given), UTC)
    except (ValueError, OverflowError, OSError, TypeError):
        return now, "the feed gave a date that does not exist; taken as today"
    if found > now + SKEW:
        return now, f"the feed dated it {found.date().isoformat()}, which is still to come; taken as today"
    if found < EARLIEST:
        return now, f"the feed dated it {found.date().isoformat()}, which cannot be; taken as today"
    return min(found, now), ""


def _guid(entry: Any) -> str:
    return _string(entry, "id")[:1000].strip()


def _summary(entry: Any) -> str:
    if summary := _string(entry, "summary"):
        return summary
    content = entry.get("content") or [{}]
    value = content[0].get("value") if isinstance(content, list) and content else ""
    return value if isinstance(value, str) else ""


def _string(entry: Any, key: str) -> str:
    value = entry.get(key)
    return value if isinstance(value, str) else ""
