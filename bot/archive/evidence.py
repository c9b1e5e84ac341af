"""The lines of a story's digest beside the contributions that carry them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.archive.digests import StoredDigest, digest_of
from bot.archive.documents import load_with
from bot.archive.engine import Archive
from bot.archive.schema import stories, story_documents
from bot.archive.stories import in_order
from bot.domain import Contribution, Document, Kind, Sentence


@dataclass(frozen=True, slots=True)
class Carried:
    """A line, and what carries it; a contribution that a later reading has lost is left out."""

    sentence: Sentence
    contributions: tuple[Contribution, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """`documents` are those that the digest was made of, the principal first."""

    stored: StoredDigest
    lines: tuple[Carried, ...]
    documents: tuple[Document, ...]
    withdrawn: bool


async def evidence_of(archive: Archive, story_id: int) -> Evidence | None:
    """Every line of the story's newest digest, in its order, each once; None where there is no such story or it was
    never digested. The contributions are those of the versions that stand now."""
    stored = await digest_of(archive, story_id)
    if stored is None:
        return None
    async with archive.read() as connection:
        told = await made_of(connection, story_id)
        withdrawn = await connection.scalar(select(stories.c.withdrawn_at).where(stories.c.id == story_id))
    known = {key: item for key, (_, item) in by_evidence(told).items()}
    lines = {
        (sentence.text, sentence.speaker): Carried(
            sentence, tuple(known[id_] for id_ in sentence.evidence if id_ in known)
        )
        for sentence in stored.digest.sentences()
    }
    return Evidence(stored, tuple(lines.values()), told, withdrawn is not None)


async def made_of(connection: AsyncConnection, story_id: int) -> tuple[Document, ...]:
    """The documents as they stand that the story's digest is made of, the principal first; the press only where nobody
    else tells it."""
    ids = await connection.scalars(
        select(story_documents.c.document_id).where(
            story_documents.c.story_id == story_id, story_documents.c.active.is_(True)
        )
    )
    held = [each.document for each in in_order((await load_with(connection, list(ids))).values())]
    return tuple([each for each in held if each.kind is not Kind.ARTICLE] or held[:1])


def by_evidence(documents: Iterable[Document]) -> dict[str, tuple[Document, Contribution]]:
    """What each id means that a line of a digest of these documents gives as its evidence."""
    known: dict[str, tuple[Document, Contribution]] = {}
    for document in documents:
        for item in document.contributions:
            # The digest tells an id that two documents share apart by its document's id.
            known[item.id if item.id not in known else f"{document.id}/{item.id}"] = (document, item)
    return known
