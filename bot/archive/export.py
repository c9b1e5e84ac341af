"""What the archive holds for whoever takes it elsewhere: what was matched, what was told of it, and the evidence.

The press rule holds here as everywhere: of an article publisher, headline and link, and of its digest no more than
`PRESS_QUOTATION` words, one quotation among them. What an operator or a correction took back is not told.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import LargeBinary, Select, and_, case, func, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.archive.columns import unpack
from bot.archive.engine import Archive
from bot.archive.evidence import by_evidence, made_of
from bot.archive.schema import contributions, digests, documents, matches, stories, topical, versions
from bot.contract import EXPORT, What, digest_from_json
from bot.domain import PRESS_QUOTATION, Contribution, Digest, Document, Kind, Sentence
from bot.text import allowed_url, linkable

PAGE = 100
"""Rows held at a time."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Of one topic or (None) all, from the first day to the last, both included; an item without a day counts on that
    of its reading."""

    topic: str | None = None
    since: date | None = None
    until: date | None = None
    what: Collection[What] = tuple(What)


Record = dict[str, Any]
Carrying = Callable[[str, str], str]
"""Which words of a contribution's text carry a line: `carrying(line, text)`."""


async def records(archive: Archive, chosen: Chosen, carrying: Carrying) -> AsyncGenerator[Record, None]:
    """The records, all of one moment of the archive, a page in memory at a time: what was said in Parliament by day,
    then the press, then the stories by day, each digest before its lines and each line before its evidence. A key
    without a value is left out. Raises ArchiveError where the database fails."""
    async with archive.read() as connection:
        if What.CONTRIBUTIONS in chosen.what:
            async for row in _stream(connection, _spoken(chosen)):
                yield _contribution(row)
            async for row in _stream(connection, _reported(chosen)):
                yield _article(row)
        if What.DIGESTS in chosen.what or What.EVIDENCE in chosen.what:
            async for row in _stream(connection, _told(chosen)):
                for record in await _digest(connection, row, chosen.what, carrying):
                    yield record


async def _stream(connection: AsyncConnection, query: Select[Any]) -> AsyncIterator[Any]:
    async with connection.stream(query.execution_options(yield_per=PAGE)) as result:
        async for row in result:
            yield row


def _between(query: Select[Any], day: Any, chosen: Chosen) -> Select[Any]:
    if chosen.since is not None:
        query = query.where(day >= chosen.since)
    return query if chosen.until is None else query.where(day <= chosen.until)


_DAY = func.coalesce(documents.c.date, func.date(documents.c.first_read_at))
_VERDICT = (matches.c.topic, matches.c.score, matches.c.reasons)


def _matched(query: Select[Any], chosen: Chosen) -> Select[Any]:
    """Of documents whose standing version is on the topic."""
    query = query.join(
        versions, and_(versions.c.document_id == documents.c.id, versions.c.number == documents.c.version)
    ).join(matches, and_(matches.c.version_id == versions.c.id, matches.c.matched.is_(True)))
    if chosen.topic is not None:
        query = query.where(matches.c.topic == chosen.topic)
    return _between(query, _DAY, chosen)


def _spoken(chosen: Chosen) -> Select[Any]:
    item, head = contributions.c, documents.c
    said = (item.external_id.label("contribution"), item.speaker, item.party, item.role, item.text, item.url)
    held = (head.external_id.label("document"), head.source, head.title, head.kind, head.date, head.house)
    query = (
        select(*said, *held, head.url.label("document_url"), *_VERDICT)
        .select_from(documents)
        .join(contributions, item.document_id == head.id)
    )
    return (
        _matched(query, chosen)
        .join(topical, and_(topical.c.contribution_id == item.id, topical.c.topic == matches.c.topic))
        .where(head.kind != Kind.ARTICLE.value)
        .order_by(_DAY, head.id, item.position, matches.c.topic)
    )


def _reported(chosen: Chosen) -> Select[Any]:
    head = documents.c
    query = select(
        head.external_id.label("document"), head.source, head.title, head.kind, head.date, head.publisher, head.url,
        *_VERDICT,
    ).select_from(documents)  # fmt: skip
    return _matched(query, chosen).where(head.kind == Kind.ARTICLE.value).order_by(_DAY, head.id, matches.c.topic)


def _told(chosen: Chosen) -> Select[Any]:
    """The newest digest of each story that was not taken back."""
    newest = select(func.max(digests.c.id).label("id")).group_by(digests.c.story_id).subquery()
    day = func.coalesce(digests.c.date, func.date(digests.c.made_at))
    query = (
        select(
            digests.c.id, digests.c.story_id, digests.c.version, digests.c.made_at,
            type_coerce(digests.c.body, LargeBinary).label("body"), stories.c.topic, stories.c.created_at,
        )
        .join(newest, newest.c.id == digests.c.id)
        .join(stories, stories.c.id == digests.c.story_id)
        .where(stories.c.withdrawn_at.is_(None))
    )  # fmt: skip
    if chosen.topic is not None:
        query = query.where(stories.c.topic == chosen.topic)
    return _between(query, day, chosen).order_by(day, digests.c.story_id)


def _record(name: str, **values: Any) -> Record:
    held = {key: value for key, value in values.items() if value not in (None, "", [])}
    return {"schema": EXPORT, "record": name, **held}


def _iso(moment: date | datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _contribution(row: Any) -> Record:
    return _record(
        "contribution",
        topic=row.topic,
        document=row.document,
        source=row.source,
        contribution=row.contribution,
        kind=row.kind,
        title=row.title,
        date=_iso(row.date),
        house=row.house,
        url=linkable(row.url) or linkable(row.document_url),
        speaker=row.speaker,
        party=row.party,
        role=row.role,
        text=row.text,
        score=round(row.score, 3),
        reasons=list(row.reasons),
    )


def _article(row: Any) -> Record:
    return _record(
        "contribution",
        topic=row.topic,
        document=row.document,
        source=row.source,
        kind=row.kind,
        title=row.title,
        date=_iso(row.date),
        publisher=row.publisher,
        url=linkable(row.url),
        score=round(row.score, 3),
        reasons=list(row.reasons),
    )


async def _digest(connection: AsyncConnection, row: Any, what: Collection[What], carrying: Carrying) -> list[Record]:
    """A digest's records: of all that is said here one story is the most that is in memory."""
    digest = of_the_press(digest_from_json(unpack(row.body)))
    told = await made_of(connection, row.story_id)
    head = {"topic": row.topic, "story": row.story_id, "version": row.version, "date": _iso(digest.date)}
    found: list[Record] = []
    if What.DIGESTS in what:
        publisher = told[0].publisher if told and digest.kind is Kind.ARTICLE else None
        found.append(_whole(digest, head, publisher, row.made_at))
    known = by_evidence(told)
    for number, (place, line, party, role) in enumerate(_lines(digest), start=1):
        mine = head | {"line": number, "place": place}
        if What.DIGESTS in what:
            found.append(
                _record(
                    "line", **mine, speaker=line.speaker, party=party, role=role, text=line.text,
                    origin=line.origin.value,
                )
            )  # fmt: skip
        if What.EVIDENCE in what:
            found += [_evidence(mine, digest, line, id_, known.get(id_), carrying=carrying) for id_ in line.evidence]
    return found


def _whole(digest: Digest, head: Record, publisher: str | None, made_at: datetime) -> Record:
    return _record(
        "digest",
        **head,
        kind=digest.kind.value,
        title=digest.title,
        headline=digest.headline,
        house=digest.house,
        publisher=publisher,
        url=allowed_url(digest.url, digest),
        status=digest.status.value,
        made_at=_iso(made_at),
        coverage=[
            {"publisher": each.publisher, "title": each.title, "url": linkable(each.url), "date": _iso(each.date)}
            for each in digest.coverage
        ],
        notes=list(digest.notes),
    )


def _lines(digest: Digest) -> list[tuple[str, Sentence, str | None, str | None]]:
    """Each line in the order of reading: its place, itself, and its speaker's party and office where a point has it."""
    found: list[tuple[str, Sentence, str | None, str | None]] = [("brief", line, None, None) for line in digest.brief]
    for point in digest.points:
        for line in point.sentences:
            own = line.speaker in (None, point.speaker)
            found.append(("point", line, point.party if own else None, point.role if own else None))
    return found + [("next", line, None, None) for line in digest.next]


def _evidence(
    mine: Record,
    digest: Digest,
    line: Sentence,
    id_: str,
    held: tuple[Document, Contribution] | None,
    *,
    carrying: Carrying,
) -> Record:
    """Without `words` where the contribution is gone, changed or a publisher's."""
    document, item = held or (None, None)
    press = digest.kind is Kind.ARTICLE or (document is not None and document.kind is Kind.ARTICLE)
    return _record(
        "evidence",
        **mine,
        contribution=id_,
        document=document.id if document else None,
        source=document.source if document else None,
        url=allowed_url(digest.links.get(id_) or (item.url if item else None), digest),
        speaker=item.speaker if item else None,
        party=item.party if item else None,
        role=item.role if item else None,
        words=carrying(line.text, item.text) if item and not press else None,
    )


def of_the_press(digest: Digest) -> Digest:
    """The digest; of an article's only so many lines, in their order, as have `PRESS_QUOTATION` words together and one
    quotation at most."""
    if digest.kind is not Kind.ARTICLE:
        return digest
    left, quoted = PRESS_QUOTATION, False

    def kept(lines: tuple[Sentence, ...]) -> tuple[Sentence, ...]:
        nonlocal left, quoted
        chosen = []
        for line in lines:
            if (words := len(line.text.split())) <= left and not (quoted and line.origin.quotes):
                left, quoted = left - words, quoted or line.origin.quotes
                chosen.append(line)
        return tuple(chosen)

    brief = kept(digest.brief)
    points = tuple(replace(point, sentences=kept(point.sentences)) for point in digest.points)
    return replace(
        digest, brief=brief, points=tuple(each for each in points if each.sentences), next=kept(digest.next), news=()
    )


@dataclass(frozen=True, slots=True)
class Told:
    """A story as it is told now. `body` is a `digest/1`, packed."""

    digest_id: int
    story_id: int
    topic: str
    created_at: datetime
    made_at: datetime
    body: bytes

    def digest(self) -> Digest:
        return of_the_press(digest_from_json(unpack(self.body)))


@dataclass(frozen=True, slots=True)
class Newest:
    """The stories told last, and when any of that last changed (None where nothing was ever told)."""

    stories: tuple[Told, ...]
    changed_at: datetime | None


async def newest(archive: Archive, limit: int) -> Newest:
    """The stories told last, the newest first; one of the past that a backfill read stands in its own day."""
    at = case((stories.c.backfilled.is_(True), stories.c.first_digested_at), else_=digests.c.made_at)
    query = _told(Chosen()).order_by(None).order_by(at.desc(), digests.c.id.desc()).limit(limit)
    async with archive.read() as connection:
        rows = (await connection.execute(query)).all()
        withdrawn = await connection.scalar(select(func.max(stories.c.withdrawn_at)))
    told = tuple(Told(row.id, row.story_id, row.topic, row.created_at, row.made_at, row.body) for row in rows)
    return Newest(told, max((each for each in (withdrawn, *(row.made_at for row in told)) if each), default=None))
