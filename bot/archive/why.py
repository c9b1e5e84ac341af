"""What became of an item: was it read, was it judged to be on the topic, and in which messages is it told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, and_, func, or_, select

from bot.archive.engine import Archive
from bot.archive.schema import (
    contributions,
    deliveries,
    documents,
    matches,
    roundups,
    stories,
    story_documents,
    subscriptions,
    told,
    versions,
)

_ANCHOR = re.compile(r"#(?:contribution|division)-(.+)$")
_ID = re.compile(r"[0-9A-Fa-f-]{12,40}")
_WORDS = 20


@dataclass(frozen=True, slots=True)
class Verdict:
    """`matched` is None while it is owed; `error` says what went wrong on the last attempt."""

    topic: str
    matched: bool | None
    reasons: tuple[str, ...]
    error: str | None


@dataclass(frozen=True, slots=True)
class Telling:
    """The story that an item belongs to; not `active` once a correction has taken it off the topic."""

    id: int
    topic: str
    active: bool
    first_digested_at: datetime | None
    withdrawn_at: datetime | None
    backfilled: bool
    error: str | None


@dataclass(frozen=True, slots=True)
class Fate:
    """One document that was read."""

    title: str
    kind: str
    date: date | None
    house: str | None
    publisher: str | None
    url: str | None
    source: str
    settled: bool
    version: int
    first_read_at: datetime
    last_read_at: datetime
    verdicts: tuple[Verdict, ...]
    stories: tuple[Telling, ...]


@dataclass(frozen=True, slots=True)
class Here:
    """A channel's subscription to the story's topic, ended ones too, and how it was told of the story: `state` of its
    delivery (None: none), or `round_up`, when it stood in one."""

    when: str
    created_at: datetime
    ended_at: datetime | None
    paused_at: datetime | None
    paused_reason: str | None
    next_at: datetime | None
    state: str | None
    error: str | None
    posted_at: datetime | None
    retry_at: datetime | None
    messages: tuple[int, ...]
    round_up: datetime | None


async def fates(archive: Archive, item: str, *, limit: int = 4) -> list[Fate]:
    """The documents meant by a link, an id or words of a title, the newest first, `limit` at most."""
    link = "://" in item
    keys = _keys(item)
    chosen = select(documents)
    if link or keys:
        bare = item.partition("#")[0]
        holding = select(contributions.c.document_id).where(contributions.c.external_id.in_(keys))
        chosen = chosen.where(
            or_(
                func.lower(documents.c.external_id).in_({key.lower() for key in keys}),
                documents.c.url.in_({item, bare, bare.partition("?")[0]}),
                documents.c.id.in_(holding),
            )
        )
    else:
        for word in item.lower().split()[:_WORDS]:
            chosen = chosen.where(func.lower(documents.c.title).contains(word, autoescape=True))
    async with archive.read() as connection:
        rows = await connection.execute(
            chosen.order_by(documents.c.date.is_(None), documents.c.date.desc(), documents.c.id.desc()).limit(limit)
        )
        found = rows.all()
        ids = [row.id for row in found]
        judged = await connection.execute(
            select(documents.c.id, matches)
            .join_from(documents, versions, _standing())
            .join(matches, matches.c.version_id == versions.c.id)
            .where(documents.c.id.in_(ids))
            .order_by(matches.c.topic)
        )
        verdicts: dict[int, list[Verdict]] = {}
        for row in judged:
            verdicts.setdefault(row[0], []).append(Verdict(row.topic, row.matched, tuple(row.reasons), row.error))
        placed = await connection.execute(
            select(story_documents, stories)
            .join_from(story_documents, stories, stories.c.id == story_documents.c.story_id)
            .where(story_documents.c.document_id.in_(ids))
            .order_by(story_documents.c.id)
        )
        tellings: dict[int, list[Telling]] = {}
        for each in placed.mappings():
            tellings.setdefault(each[story_documents.c.document_id], []).append(_telling(each))
    return [_fate(row, verdicts.get(row.id, []), tellings.get(row.id, [])) for row in found]


async def here(archive: Archive, story_id: int, topic: str, channel_id: int) -> Here | None:
    """How the channel stands to the story; None where it was never subscribed to the topic."""
    mine = select(subscriptions).where(subscriptions.c.channel_id == channel_id, subscriptions.c.topic == topic)
    async with archive.read() as connection:
        row = (await connection.execute(mine)).one_or_none()
        if row is None:
            return None
        delivery = (
            await connection.execute(
                select(deliveries).where(deliveries.c.subscription_id == row.id, deliveries.c.story_id == story_id)
            )
        ).one_or_none()
        round_up = await connection.scalar(
            select(func.max(roundups.c.until))
            .join(told, told.c.roundup_id == roundups.c.id)
            .where(told.c.subscription_id == row.id, told.c.story_id == story_id)
        )
    return Here(
        row.when,
        row.created_at,
        row.ended_at,
        row.paused_at,
        row.paused_reason,
        row.next_at,
        None if delivery is None else delivery.state,
        None if delivery is None else delivery.error,
        None if delivery is None else delivery.posted_at,
        None if delivery is None else delivery.retry_at,
        () if delivery is None else tuple(delivery.messages),
        round_up,
    )


def _standing() -> Any:
    return and_(versions.c.document_id == documents.c.id, versions.c.number == documents.c.version)


def _keys(item: str) -> set[str]:
    """What could be an id in it: Hansard's in the path or after the anchor, a written item's day and number."""
    if "://" not in item:
        return {item.upper(), item.lower()} if _ID.fullmatch(item) else set()
    anchor = _ANCHOR.search(item)
    parts = item.partition("#")[0].partition("?")[0].rstrip("/").split("/")[3:]
    keys = {part for part in parts if _ID.fullmatch(part)} | ({anchor[1]} if anchor else set())
    if "detail" in parts[:-2]:
        keys.add("/".join(parts[-2:]))
    return keys | {key.upper() for key in keys} | {key.lower() for key in keys}


def _telling(row: Any) -> Telling:
    return Telling(
        row[story_documents.c.story_id],
        row[stories.c.topic],
        row[story_documents.c.active],
        row[stories.c.first_digested_at],
        row[stories.c.withdrawn_at],
        row[stories.c.backfilled],
        row[stories.c.error],
    )


def _fate(row: Row[Any], verdicts: Sequence[Verdict], tellings: Sequence[Telling]) -> Fate:
    return Fate(
        row.title,
        row.kind,
        row.date,
        row.house,
        row.publisher,
        row.url,
        row.source,
        row.settled,
        row.version,
        row.first_read_at,
        row.last_read_at,
        tuple(verdicts),
        tuple(tellings),
    )
