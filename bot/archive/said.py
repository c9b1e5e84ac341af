"""What a Member has said on a topic, as the record stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, func, select

from bot.archive.engine import Archive
from bot.archive.members import Speaker
from bot.archive.schema import contributions, documents, speakers, topical
from bot.archive.trends import Part, naming, part_of
from bot.domain import Kind, Voice


@dataclass(frozen=True, slots=True)
class Said:
    """A Member's contribution on a topic, whole, with the office and party of that day. `document` is a row's id;
    `title` Parliament's, None where it may name a private person."""

    document: int
    day: date | None
    part: Part
    house: str | None
    title: str | None
    text: str
    url: str | None
    speaker: str
    party: str | None
    role: str | None
    constituency: str | None


def _of_member(topic: str, member: int, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(contributions)
        .join(topical, and_(topical.c.contribution_id == contributions.c.id, topical.c.topic == topic))
        .join(documents, documents.c.id == contributions.c.document_id)
        .where(
            contributions.c.member_id == member,
            contributions.c.voice == Voice.SPEECH.value,
            documents.c.kind != Kind.ARTICLE.value,
        )
    )


async def member_days(archive: Archive, topic: str, member: int) -> list[tuple[date, Part, int]]:
    """How many contributions of the Member's are on the topic, by day and part; a Member by Parliament's number."""
    query = _of_member(
        topic,
        member,
        documents.c.date,
        documents.c.source,
        documents.c.kind,
        documents.c.house,
        func.count().label("said"),
    ).group_by(documents.c.date, documents.c.source, documents.c.kind, documents.c.house)
    async with archive.read() as connection:
        rows = (await connection.execute(query.where(documents.c.date.is_not(None)).order_by(documents.c.date))).all()
    return [(row.date, part_of(row), row.said) for row in rows]


async def said_by(archive: Archive, topic: str, member: int, *, limit: int = 10, offset: int = 0) -> Sequence[Said]:
    """The Member's contributions on the topic, the newest first."""
    query = (
        _of_member(
            topic,
            member,
            contributions,
            documents.c.date,
            documents.c.source,
            documents.c.kind,
            documents.c.house,
            documents.c.title,
            documents.c.url.label("document_url"),
        )
        .order_by(documents.c.date.desc(), contributions.c.document_id.desc(), contributions.c.position.desc())
        .limit(limit)
        .offset(offset)
    )
    async with archive.read() as connection:
        rows = (await connection.execute(query)).all()
    hidden = await naming(archive, {row.document_id: row.title for row in rows})
    return [
        Said(
            row.document_id,
            row.date,
            part_of(row),
            row.house,
            row.title if row.document_id not in hidden else None,
            row.text,
            row.url or row.document_url,
            row.speaker or "",
            row.party,
            row.role,
            row.constituency,
        )
        for row in rows
    ]


async def member_of(archive: Archive, member: int) -> Speaker | None:
    """The Member of that number, by the name and party of the last day on which the archive has them speaking."""
    query = (
        select(speakers).where(speakers.c.member_id == member).order_by(speakers.c.seen.desc(), speakers.c.said.desc())
    )
    async with archive.read() as connection:
        row = (await connection.execute(query.limit(1))).one_or_none()
    return None if row is None else Speaker(row.name, row.member_id, row.party, row.house, row.said)
