"""Linked: the digest of what a link leads to, from the archive where it is there, else read and made on the spot."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import select

from bot.archive.digests import digest_of
from bot.archive.engine import Archive
from bot.archive.schema import documents
from bot.archive.why import fates
from bot.domain import Digest, Document, Kind
from bot.errors import InputError
from bot.pipeline import work

PARLIAMENT = frozenset({"hansard.parliament.uk", "questions-statements.parliament.uk"})


@dataclass(frozen=True, slots=True)
class Linked:
    """`topics` maps a topic to its file; `fetch` reads the document at an address."""

    archive: Archive
    worker: work.Worker
    topics: Mapping[str, str]
    max_words: int
    fetch: Callable[[str], Awaitable[Document]]

    async def followed(self, url: str) -> bool:
        """Whether it leads to Hansard, the written papers, or a publisher of whom a report has been read."""
        try:
            parts = urlsplit(url)
            host = parts.hostname or ""
        except ValueError:
            return False
        if parts.scheme not in ("http", "https") or parts.username is not None or not host:
            return False
        if host in PARLIAMENT:
            return True
        theirs = documents.c.url.startswith(f"{parts.scheme}://{parts.netloc}/", autoescape=True)
        read = select(documents.c.id).where(documents.c.kind == Kind.ARTICLE.value, theirs).limit(1)
        async with self.archive.read() as connection:
            return await connection.scalar(read) is not None

    async def digest(self, url: str) -> Digest:
        """Its story's digest where the archive has one; else one of the document alone, about a topic or not.

        Raises InputError for what is not followed or was withdrawn, SourceError where it cannot be read, ModelError
        where no digest can be made."""
        if not await self.followed(url):
            raise InputError("it leads neither to Hansard nor to a publisher that is followed")
        for fate in await fates(self.archive, url):
            for telling in fate.stories:
                if telling.withdrawn_at is not None:
                    raise InputError("its story was withdrawn")
                if (stored := await digest_of(self.archive, telling.id)) is not None:
                    return stored.digest
        document = await self.fetch(url)
        return await self.worker.run(work.digest_document, document, tuple(self.topics.values()), self.max_words)
