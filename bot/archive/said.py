"""What a Member has said on a topic, as the record stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, func, select

from bot.archive.engine import Archive
from bot.archive.schema import contributions, documents, topical
from bot.archive.trends import Part, part_of
from bot.domain import Kind, Voice


@dataclass(frozen=True, slots=True)
class Said:
    """A Member's contribution on a topic, whole, with what the record names it by on that day."""

    id: int
    day: date | None
    part: Part
    house: str | None
    title: str
    text: str
    url: str | None
    speaker: str
    party: str | None
    role: str | None
    constituency: str | None


def _by(member: int | str) -> Any:
    return contributions.c.member_id == member if isinstance(member, int) else contributions.c.speaker == member


def _of_member(topic: str, member: int | str, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(contributions)
        .join(topical, and_(topical.c.contribution_id == contributions.c.id, topical.c.topic == topic))
        .join(documents, documents.c.id == contributions.c.document_id)
        .where(
            _by(member),
            contributions.c.voice == Voice.SPEECH.value,
            documents.c.kind != Kind.ARTICLE.value,
        )
    )


async def member_days(archive: Archive, topic: str, member: int | str) -> list[tuple[date, Part, int]]:
    """How many contributions of the Member's are on the topic, by day and part; a Member by Parliament's number, or
    by the name in the record where it gives none."""
    query = _of_member(
        topic,
        member,
        documents.c.date,
        documents.c.source,
        documents.c.kind,
        documents.c.house,
        func.count().label("n"),
    ).group_by(documents.c.date, documents.c.source, documents.c.kind, documents.c.house)
    async with archive.read() as connection:
        rows = (await connection.execute(query.where(documents.c.date.is_not(None)).order_by(documents.c.date))).all()
    return [(row.date, part_of(row), row.said) for row in rows]


async def said_by(
    archive: Archive, topic: str, member: int | str, *, limit: int = 10, offset: int = 0
) -> Sequence[Said]:
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
    return [
        Said(
            row.id,
            row.date,
            part_of(row),
            row.house,
            row.title,
            row.text,
            row.url or row.document_url,
            row.speaker or "",
            row.party,
            row.role,
            row.constituency,
        )
        for row in rows
    ]
