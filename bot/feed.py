"""/feed.xml: the newest digests as an Atom feed (RFC 4287), for readers who are not in Discord."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree

import structlog
from aiohttp import web

from bot import text
from bot.archive.export import Newest, Told, newest
from bot.domain import Digest, Kind

if TYPE_CHECKING:
    from bot.archive import Archive

ENTRIES = 50
"""Digests in the feed."""
TIMEOUT = 20.0
"""Seconds that the feed may take: less than a reader's own patience."""

FEED_ID = "urn:uuid:ecdf585a-7807-5f0c-b089-806e3b1d6e85"
"""The feed's name for ever: a reader that knows it takes no entry for new."""
_NOTHING_YET = datetime(2025, 1, 1, tzinfo=UTC)
"""When a feed changed in which nothing was ever told."""
_ATOM = "http://www.w3.org/2005/Atom"
_NO_CHARACTERS = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 (section 2.2) does not let stand even when it is escaped."""


@dataclass(frozen=True, slots=True)
class _Made:
    """A feed as it is sent. `of` names the digests that it tells and the moment of its last change."""

    of: tuple[object, ...]
    body: bytes
    tag: str
    changed_at: datetime


class Feed:
    """Answers requests for the feed. It is made in a thread, one at a time, and kept until the archive tells more or
    less."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._turn = asyncio.Lock()
        self._made: _Made | None = None

    async def answer(self, request: web.Request) -> web.Response:
        """The feed; 304 where the reader has it already; 503 with a line where the archive fails."""
        try:
            async with asyncio.timeout(TIMEOUT):
                made = await self._current()
        except Exception as error:
            structlog.get_logger(__name__).warning("the feed could not be made", error=str(error) or repr(error))
            return web.Response(status=503, text="The archive cannot be read now; try again later.\n")
        headers = {
            "ETag": f'"{made.tag}"',
            "Last-Modified": format_datetime(made.changed_at, usegmt=True),
            "Cache-Control": "no-cache",
        }
        if _known(request, made):
            return web.Response(status=304, headers=headers)
        return web.Response(body=made.body, content_type="application/atom+xml", charset="utf-8", headers=headers)

    async def _current(self) -> _Made:
        async with self._turn:
            found = await newest(self._archive, ENTRIES)
            of = (found.changed_at, *(each.digest_id for each in found.stories))
            if self._made is None or self._made.of != of:
                self._made = await asyncio.to_thread(_make, found, of)
            return self._made


def _known(request: web.Request, made: _Made) -> bool:
    """RFC 9110, section 13.2.2: the time counts only where no tag is given."""
    if "If-None-Match" in request.headers:
        return any(each.value in ("*", made.tag) for each in request.if_none_match or ())
    since = request.if_modified_since
    return since is not None and made.changed_at <= since


def _make(found: Newest, of: tuple[object, ...]) -> _Made:
    # The header of HTTP has whole seconds: rounded up, so that nobody who read in that second is told of no change.
    changed_at = found.changed_at or _NOTHING_YET
    whole = changed_at.replace(microsecond=0) + timedelta(seconds=1 if changed_at.microsecond else 0)
    body = feed(found)
    return _Made(of, body, hashlib.sha256(body).hexdigest()[:32], whole)


def feed(found: Newest) -> bytes:
    """The stories as an Atom document, in UTF-8."""
    root = ElementTree.Element("feed", {"xmlns": _ATOM, "xml:lang": "en-GB"})
    _add(root, "id", FEED_ID)
    _add(root, "title", "Despatch")
    _add(root, "subtitle", "What Parliament and the press say, who said it, and the evidence")
    _add(root, "updated", _moment(found.changed_at or _NOTHING_YET))
    # Relative to the address that it was read from: behind a proxy the program does not know its own.
    _link(root, "self", "feed.xml", "application/atom+xml")
    _add(_add(root, "author"), "name", "Despatch")
    _add(root, "rights", text.MADE)
    _add(root, "generator", "Despatch")
    for each in found.stories:
        _entry(root, each)
    made: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return made


def _entry(root: ElementTree.Element, told: Told) -> None:
    digest = told.digest()
    entry = _add(root, "entry")
    # Two installations number their stories alike; no two made one at the same microsecond.
    name = f"despatch:{told.topic}:{told.story_id}:{told.created_at.isoformat()}"
    _add(entry, "id", f"urn:uuid:{uuid5(NAMESPACE_URL, name)}")
    _add(entry, "title", text.clean(digest.headline or digest.title) or "Untitled")
    _add(entry, "updated", _moment(told.made_at))
    _add(entry, "published", _moment(told.created_at))
    if url := text.allowed_url(digest.url, digest):
        _link(entry, "alternate", url, "text/html")
    _add(entry, "category", term=told.topic)
    _add(entry, "rights", text.MADE_OF_PRESS if digest.kind is Kind.ARTICLE else text.MADE)
    if brief := " ".join(line.text for block in text.blocks(digest)[:1] for line in block.lines if digest.brief):
        _add(entry, "summary", text.clean(brief))
    _add(entry, "content", "\n".join(_html(digest)), type="html")


def _html(digest: Digest) -> Iterator[str]:
    if line := text.subtitle(digest):
        yield f"<p>{_escaped(line)}</p>"
    if digest.update:
        yield f"<p><strong>{_escaped(digest.update)}</strong></p>"
    for block in text.blocks(digest):
        detail = f" ({_escaped(block.detail)})" if block.detail else ""
        yield f"<h3>{_escaped(block.heading)}{detail}</h3>"
        lines = [" ".join((_escaped(line.text), *map(_evidence, line.links))) for line in block.lines]
        if block.listed:
            yield f"<ul>{''.join(f'<li>{line}</li>' for line in lines)}</ul>"
        else:
            yield f"<p>{' '.join(lines)}</p>"
    yield f"<p><small>{_escaped(text.footer(digest))}</small></p>"


def _evidence(url: str) -> str:
    return f'<a href="{escape(url)}" title="the evidence">↗</a>'


def _escaped(words: str) -> str:
    return escape(text.clean(words))


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _link(parent: ElementTree.Element, rel: str, href: str, type: str) -> None:
    _add(parent, "link", rel=rel, href=href, type=type)


def _add(parent: ElementTree.Element, name: str, words: str = "", **attributes: str) -> ElementTree.Element:
    made = ElementTree.SubElement(
        parent, name, {key: _NO_CHARACTERS.sub("", value) for key, value in attributes.items()}
    )
    made.text = _NO_CHARACTERS.sub("", words) or None
    return made
