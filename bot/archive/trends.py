"""How often a topic is spoken of, day by day, by whom, and on which days anybody looked.

A silence is told only of days that were read: those of a source's polls (`days.read_days`), of a backfill, and for
Parliament those of which a document is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, Select, and_, func, or_, select

from bot.archive.days import read_days
from bot.archive.engine import Archive
from bot.archive.schema import (
    backfilled,
    contributions,
    documents,
    matches,
    sources,
    stories,
    story_documents,
    topical,
    versions,
)
from bot.domain import LONDON, Kind, Voice

WRITTEN = ("questions", "statements")
SITTINGS = "hansard"
FEEDS = "feed:"

LEADS = 5
"""Stories named beside a picture."""


class Part(StrEnum):
    """Who speaks. A Chamber is counted in contributions that are about the topic, what is written in questions and
    statements, the press in reports."""

    COMMONS = "Commons"
    LORDS = "Lords"
    WRITTEN = "Written"
    PRESS = "Press"


@dataclass(frozen=True, slots=True)
class Tally:
    """A matched document. `count` is 1 but for a sitting's; `day` an undated report's first reading. `title` is
    Parliament's own; None for the press, and where the story was withdrawn."""

    document: int
    day: date
    part: Part
    count: int
    story: int | None = None
    title: str | None = None
    url: str | None = None


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


async def tallies(archive: Archive, topic: str, since: date | None, until: date) -> list[Tally]:
    """The matched documents of those days, both included, by day; from the beginning where `since` is None."""
    told = (
        select(contributions.c.document_id, func.count().label("said"))
        .select_from(topical.join(contributions, contributions.c.id == topical.c.contribution_id))
        .where(topical.c.topic == topic, contributions.c.voice == Voice.SPEECH.value)
        .group_by(contributions.c.document_id)
        .subquery()
    )
    query = (
        select(
            documents.c.id,
            documents.c.date,
            documents.c.first_read_at,
            documents.c.source,
            documents.c.kind,
            documents.c.house,
            documents.c.title,
            documents.c.url,
            told.c.said,
            story_documents.c.story_id,
            stories.c.withdrawn_at,
        )
        .select_from(matches)
        .join(versions, versions.c.id == matches.c.version_id)
        .join(documents, and_(documents.c.id == versions.c.document_id, documents.c.version == versions.c.number))
        .outerjoin(told, told.c.document_id == documents.c.id)
        .outerjoin(
            story_documents, and_(story_documents.c.document_id == documents.c.id, story_documents.c.topic == topic)
        )
        .outerjoin(stories, stories.c.id == story_documents.c.story_id)
        .where(
            matches.c.topic == topic,
            matches.c.matched.is_(True),
            or_(documents.c.date.is_(None), documents.c.date <= until),
        )
    )
    if since is not None:
        query = query.where(or_(documents.c.date.is_(None), documents.c.date >= since))
    async with archive.read() as connection:
        found = [_tally(row) for row in await connection.execute(query)]
    return sorted(
        (each for each in found if each.day <= until and (since is None or each.day >= since)),
        key=lambda each: (each.day, each.document),
    )


def _tally(row: Row[Any]) -> Tally:
    part = _part(row)
    sitting = part in (Part.COMMONS, Part.LORDS)
    return Tally(
        row.id,
        row.date or row.first_read_at.astimezone(LONDON).date(),
        part,
        # The verdict says that it speaks of the topic, be it in printed matter alone.
        max(row.said or 0, 1) if sitting else 1,
        row.story_id,
        row.title if part is not Part.PRESS and row.withdrawn_at is None else None,
        row.url,
    )


def _part(row: Row[Any]) -> Part:
    if row.kind == Kind.ARTICLE.value:
        return Part.PRESS
    if row.source in WRITTEN:
        return Part.WRITTEN
    return Part.LORDS if (row.house or "").casefold() == "lords" else Part.COMMONS


async def days_read(archive: Archive, since: date, until: date) -> dict[Part, frozenset[date]]:
    """The days, both included, on which each was looked at: what is written where both kinds were, the press where one
    feed was."""
    async with archive.read() as connection:
        names = list(await connection.scalars(select(sources.c.name)))
        found = {name: set(_within(await read_days(connection, name), since, until)) for name in names}
        filled = await connection.execute(
            select(backfilled.c.source, backfilled.c.day).where(backfilled.c.day >= since, backfilled.c.day <= until)
        )
        for source, day in filled:
            found.setdefault(source, set()).add(day)
        for source in (SITTINGS, *WRITTEN):
            days = await connection.scalars(
                select(documents.c.date)
                .where(documents.c.source == source, documents.c.date >= since, documents.c.date <= until)
                .distinct()
            )
            found.setdefault(source, set()).update(days)
    sittings = frozenset(found[SITTINGS])
    written = [days for name in WRITTEN if (days := found[name])]
    feeds = [days for name, days in found.items() if name.startswith(FEEDS)]
    return {
        Part.COMMONS: sittings,
        Part.LORDS: sittings,
        Part.WRITTEN: frozenset(set.intersection(*written)) if written else frozenset(),
        Part.PRESS: frozenset(set().union(*feeds)),
    }


async def first_day(archive: Archive, topic: str) -> date | None:
    """The first day of which anything is known: read, or spoken of the topic. None in an empty archive."""
    async with archive.read() as connection:
        names = list(await connection.scalars(select(sources.c.name)))
        days = [ranges[0][0] for name in names if (ranges := await read_days(connection, name))]
        days += filter(None, [await connection.scalar(select(func.min(backfilled.c.day)))])
        oldest = await connection.scalar(_matched(topic).with_only_columns(func.min(documents.c.date)))
    return min([*days, *filter(None, [oldest])], default=None)


def _matched(topic: str) -> Select[Any]:
    return (
        select(documents.c.id)
        .select_from(matches)
        .join(versions, versions.c.id == matches.c.version_id)
        .join(documents, and_(documents.c.id == versions.c.document_id, documents.c.version == versions.c.number))
        .where(matches.c.topic == topic, matches.c.matched.is_(True))
    )


def _within(ranges: Iterable[tuple[date, date]], since: date, until: date) -> Iterable[date]:
    for first, last in ranges:
        start, end = max(first, since), min(last, until)
        yield from (start + timedelta(days=more) for more in range((end - start).days + 1))


def unread(known: frozenset[date], since: date, until: date) -> tuple[tuple[date, date], ...]:
    """The stretches of days, ends included, on which nobody looked; a week-end between days that were read is none."""
    found: list[tuple[date, date]] = []
    for more in range((until - since).days + 1):
        day = since + timedelta(days=more)
        if day in known:
            continue
        if found and found[-1][1] == day - timedelta(days=1):
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return tuple((first, last) for first, last in found if (last - first).days > 1 or _has_weekday(first, last))


def _has_weekday(first: date, last: date) -> bool:
    return any((first + timedelta(days=more)).weekday() < 5 for more in range((last - first).days + 1))


# What a Member said.


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
    return [(row.date, _part(row), row.said) for row in rows]


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
            _part(row),
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
