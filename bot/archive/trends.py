"""How often a topic is spoken of, day by day, by whom, and on which days anybody looked.

A silence is told only of days that were read: those of a source's polls (`days.read_days`), of a backfill, and for
Parliament those of which a document is kept.
"""

from __future__ import annotations

import asyncio
import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
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
from bot.private import names_somebody

WRITTEN = ("questions", "statements")
SITTINGS = "hansard"
FEEDS = "feed:"

LEADS = 5
"""Stories named beside a picture."""
DOUBTFUL, DOUBTFUL_LINES = 20, 4000
"""Titles that are compared with what was said under them, and contributions read for that."""
_LOWER = re.compile(r"(?<![\w’'-])[a-z][\w’'-]*")


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
    part = part_of(row)
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


def part_of(row: Row[Any]) -> Part:
    if row.kind == Kind.ARTICLE.value:
        return Part.PRESS
    if row.source in WRITTEN:
        return Part.WRITTEN
    return Part.LORDS if (row.house or "").casefold() == "lords" else Part.COMMONS


async def days_read(archive: Archive, topic: str, since: date, until: date) -> dict[Part, frozenset[date]]:
    """The days, both included, on which each was looked at: what is written where both kinds were, the press where one
    feed was."""
    async with archive.read() as connection:
        names = list(await connection.scalars(select(sources.c.name)))
        found = {name: set(_within(await read_days(connection, name), since, until)) for name in names}
        filled = await connection.execute(
            select(backfilled.c.source, backfilled.c.day).where(
                backfilled.c.topic.in_(("", topic)), backfilled.c.day >= since, backfilled.c.day <= until
            )
        )
        for source, day in filled:
            found.setdefault(source, set()).add(day)
        for source in (SITTINGS, *WRITTEN):
            dated = await connection.scalars(
                select(documents.c.date)
                .where(
                    documents.c.source == source,
                    documents.c.date >= since,
                    documents.c.date <= until,
                    # A backfill may have read of that day what is on another topic alone.
                    documents.c.backfilled.is_(False),
                )
                .distinct()
            )
            found.setdefault(source, set()).update(dated)
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


# A period in bins.


class Unit(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


LONGEST = ((45, Unit.DAY), (400, Unit.WEEK), (5500, Unit.MONTH))
"""The longest span, in days, that is shown in each unit."""


@dataclass(frozen=True, slots=True)
class Span:
    """Days, both included, parted into bins; the first and last bin are whole units cut to the span. A week begins on
    Monday."""

    since: date
    until: date
    unit: Unit
    bins: tuple[tuple[date, date], ...]

    def sums(self, counted: Iterable[tuple[date, int]]) -> tuple[int, ...]:
        """What was counted on days of the span, by bin."""
        starts = [first for first, _ in self.bins]
        found = [0] * len(starts)
        for day, count in counted:
            if self.since <= day <= self.until:
                found[bisect_right(starts, day) - 1] += count
        return tuple(found)


def span(since: date, until: date) -> Span:
    """The days in units that suit their number."""
    length = (until - since).days + 1
    unit = next((unit for longest, unit in LONGEST if length <= longest), Unit.YEAR)
    found: list[tuple[date, date]] = []
    first = since
    while first <= until:
        following = _next(first, unit)
        found.append((first, min(following - timedelta(days=1), until)))
        first = following
    return Span(since, until, unit, tuple(found))


def _next(day: date, unit: Unit) -> date:
    match unit:
        case Unit.DAY:
            return day + timedelta(days=1)
        case Unit.WEEK:
            return day + timedelta(days=7 - day.weekday())
        case Unit.MONTH:
            return date(day.year + day.month // 12, day.month % 12 + 1, 1)
        case Unit.YEAR:
            return date(day.year + 1, 1, 1)


@dataclass(frozen=True, slots=True)
class Series:
    """One part's counts by bin. `unread` are the stretches on which nobody looked; `before` is the count of as many
    days just before, None unless all of these and of those were read."""

    part: Part
    counts: tuple[int, ...]
    unread: tuple[tuple[date, date], ...]
    before: int | None

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Lead:
    """What was most spoken of: Parliament's title, the day and the address of the proceedings that spoke most of it."""

    title: str
    day: date
    url: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Trend:
    """`peaks` names the fullest bins' story, by the bin's number, the fullest first."""

    span: Span
    series: tuple[Series, ...]
    leads: tuple[Lead, ...]
    peaks: tuple[tuple[int, Lead], ...]


async def trend(archive: Archive, topic: str, since: date, until: date, *, before: bool = True) -> Trend:
    """The topic on those days, both included; `before` compares with as many days just before them."""
    earlier = since - timedelta(days=(until - since).days + 1) if before else since
    found = await tallies(archive, topic, earlier, until)
    known = await days_read(archive, topic, earlier, until)
    found = await _unnamed(archive, found, since)
    return await asyncio.to_thread(_assembled, found, known, since, until, earlier)


async def _unnamed(archive: Archive, found: list[Tally], since: date) -> list[Tally]:
    """The same without the titles that may name a private person."""
    shown = sorted((each for each in found if each.day >= since and each.title), key=lambda each: -each.count)
    hidden = await naming(archive, {each.document: each.title for each in shown if each.title})
    return [replace(each, title=None) if each.document in hidden else each for each in found]


async def naming(archive: Archive, titles: Mapping[int, str]) -> frozenset[int]:
    """The documents, by row, whose title may name a private person: a few, the first ones, are compared with what was
    said under them, the others hidden in doubt."""
    doubtful = await asyncio.to_thread(lambda: [key for key, title in titles.items() if names_somebody(title)])
    if not doubtful:
        return frozenset()
    async with archive.read() as connection:
        rows = await connection.execute(
            select(contributions.c.document_id, contributions.c.text)
            .where(contributions.c.document_id.in_(doubtful[:DOUBTFUL]))
            .limit(DOUBTFUL_LINES)
        )
        said = rows.all()

    def named() -> frozenset[int]:
        lower: dict[int, set[str]] = {}
        for document, text in said:
            lower.setdefault(document, set()).update(_LOWER.findall(text))
        return frozenset(key for key in doubtful if names_somebody(titles[key], lower.get(key, ())))

    return await asyncio.to_thread(named)


def _assembled(
    found: list[Tally], known: dict[Part, frozenset[date]], since: date, until: date, earlier: date
) -> Trend:
    whole = span(since, until)
    series = []
    for part in Part:
        counted = [(each.day, each.count) for each in found if each.part is part]
        comparable = earlier < since and not unread(known[part], earlier, until)
        series.append(
            Series(
                part,
                whole.sums(counted),
                unread(known[part], since, until),
                sum(count for day, count in counted if day < since) if comparable else None,
            )
        )
    within = [each for each in found if each.day >= since]
    spoken = whole.sums((each.day, each.count) for each in within if each.part is not Part.PRESS)
    peaks: dict[str, tuple[int, Lead]] = {}
    for index in sorted(range(len(spoken)), key=lambda at: (-spoken[at], -at))[:LEADS]:
        first, last = whole.bins[index]
        if spoken[index] and (best := leads(each for each in within if first <= each.day <= last)):
            # A story of several bins is named at the fullest.
            peaks.setdefault(best[0].title, (index, best[0]))
    return Trend(whole, tuple(series), leads(within), tuple(peaks.values()))


def leads(found: Iterable[Tally]) -> tuple[Lead, ...]:
    """The stories most spoken of in Parliament, each by the title of what spoke most of it; a document without a story
    stands for itself. What has no title is left out."""
    by_story: dict[tuple[bool, int], list[Tally]] = {}
    for each in found:
        if each.title:
            key = (each.story is None, each.document if each.story is None else each.story)
            by_story.setdefault(key, []).append(each)
    ranked = sorted(by_story.values(), key=lambda told: (-sum(each.count for each in told), -told[0].day.toordinal()))
    best = [(max(told, key=lambda each: each.count), sum(each.count for each in told)) for told in ranked[:LEADS]]
    return tuple(Lead(first.title or "", first.day, first.url, count) for first, count in best)
