"""Round-ups: which are due, what they may tell, and what was told; kept in the transaction that owes them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, func, insert, select, update

from bot.archive import told as knowledge
from bot.archive.digests import owe
from bot.archive.engine import Archive
from bot.archive.schema import deliveries, digests, roundups, stories, subscriptions, told
from bot.archive.subscriptions import Subscription, next_round, read_row
from bot.contract import digest_from_json, roundup_from_json, roundup_json
from bot.domain import Digest, Roundup, When

BATCH = 100


@dataclass(frozen=True, slots=True)
class Tellable:
    """A story's newest digest. Where the subscription was `told` of it before: the version that it knows, and those
    made since, oldest first."""

    story_id: int
    digest_id: int
    digest: Digest
    told: Digest | None = None
    since: tuple[Digest, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """A story's newest digest, where a round-up shows an older one."""

    digest_id: int
    digest: Digest
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Outdated:
    """A round-up of whose stories some have changed, by story; `state` is its delivery's."""

    id: int
    roundup: Roundup
    changes: Mapping[int, Change]
    state: str

    @property
    def sent(self) -> bool:
        """Whether its message stands already."""
        return self.state != "owed"


def shown(roundup: Roundup) -> str:
    """A hash of what a reader sees: all but how it was made."""
    body = roundup_json(roundup)
    for entry in body["entries"]:
        for key in ("seconds", "models", "refused"):
            entry["digest"].pop(key, None)
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=True).encode("ascii")).hexdigest()


def _living() -> ColumnElement[bool]:
    return and_(
        subscriptions.c.ended_at.is_(None), subscriptions.c.paused_at.is_(None), subscriptions.c.next_at.is_not(None)
    )


async def due(archive: Archive, now: datetime) -> list[Subscription]:
    """The subscriptions whose round-up is due, the longest due first. A paused one waits until it is resumed."""
    async with archive.read() as connection:
        rows = await connection.execute(
            select(subscriptions)
            .where(_living(), subscriptions.c.next_at <= now)
            .order_by(subscriptions.c.next_at, subscriptions.c.id)
        )
        return [read_row(row) for row in rows]


async def next_due(archive: Archive) -> datetime | None:
    """When the next round-up is due; None where nobody wants one."""
    async with archive.read() as connection:
        found: datetime | None = await connection.scalar(select(func.min(subscriptions.c.next_at)).where(_living()))
        return found


async def tellable(archive: Archive, subscription: Subscription, now: datetime) -> list[Tellable]:
    """What the subscription may be told now: the stories that it does not know, and later versions of those it does.

    A text that is still being read waits until it is ripe, as a single story does."""
    async with archive.read() as connection:
        fresh = knowledge.untold(subscription.id, subscription.topic, subscription.created_at).subquery()
        rows = await connection.execute(
            select(fresh.c.id.label("story_id"), fresh.c.digest_id, digests.c.body)
            .join(digests, digests.c.id == fresh.c.digest_id)
            .join(stories, stories.c.id == fresh.c.id)
            .where(stories.c.ripe_at <= now)
        )
        found = [Tellable(row.story_id, row.digest_id, digest_from_json(row.body)) for row in rows]
        since = subscription.told_to or subscription.created_at
        newer = knowledge.newer(subscription.id, since).where(stories.c.ripe_at <= now)
        later: dict[int, list[Row[Any]]] = {}
        for row in await connection.execute(newer):
            later.setdefault(row.story_id, []).append(row)
        known = await connection.execute(
            select(digests.c.story_id, digests.c.body).where(
                digests.c.id.in_([versions[0].known_id for versions in later.values()])
            )
        )
        for row in known:
            versions = [digest_from_json(each.body) for each in later[row.story_id]]
            digest_id = later[row.story_id][-1].id
            found.append(Tellable(row.story_id, digest_id, versions[-1], digest_from_json(row.body), tuple(versions)))
    return found


async def keep_roundup(
    archive: Archive, subscription: Subscription, roundup: Roundup, versions: Mapping[int, int], now: datetime
) -> bool:
    """Keep and owe a due round-up, and set when the next one is due; one without entries only does the latter.

    `versions` are the digests' ids by story. False where the wish has changed meanwhile, or another process was
    first."""
    async with archive.write() as connection:
        claimed = await connection.execute(
            update(subscriptions)
            .where(
                subscriptions.c.id == subscription.id,
                _living(),
                subscriptions.c.next_at == subscription.next_at,
            )
            .values(
                next_at=next_round(subscription.when, subscription.hour or 0, now),
                told_to=roundup.until,
            )
        )
        if not claimed.rowcount:
            return False
        if roundup.entries:
            made = await connection.execute(
                insert(roundups).values(
                    subscription_id=subscription.id,
                    until=roundup.until,
                    body=roundup_json(roundup),
                    shown=shown(roundup),
                    made_at=now,
                )
            )
            key: int = made.inserted_primary_key[0]  # type: ignore[index]
            await connection.execute(
                insert(told),
                [
                    {
                        "subscription_id": subscription.id,
                        "story_id": entry.story,
                        "digest_id": versions[entry.story],
                        "checked_id": versions[entry.story],
                        "roundup_id": key,
                    }
                    for entry in roundup.entries
                ],
            )
            await connection.execute(
                insert(deliveries).values(subscription_id=subscription.id, roundup_id=key, state="owed", owed_at=now)
            )
    archive.owed.set()
    return True


async def outdated(archive: Archive) -> list[Outdated]:
    """Round-ups, posted or still owed, of whose stories there is a newer digest than they were compared with.

    One that is being sent is looked at afterwards: its message must show what that call carried."""
    last = knowledge.newest()
    found: dict[int, Outdated] = {}
    async with archive.read() as connection:
        rows = await connection.execute(
            select(
                roundups.c.id,
                roundups.c.body,
                deliveries.c.state,
                told.c.story_id,
                stories.c.withdrawn_at,
                digests.c.id.label("digest_id"),
                digests.c.body.label("digest"),
            )
            .join_from(told, roundups, roundups.c.id == told.c.roundup_id)
            .join(deliveries, deliveries.c.roundup_id == roundups.c.id)
            .join(stories, stories.c.id == told.c.story_id)
            .join(last, last.c.story_id == told.c.story_id)
            .join(digests, digests.c.id == last.c.id)
            .where(digests.c.id != told.c.checked_id, deliveries.c.state.in_(("owed", "posted", "editing")))
            .order_by(roundups.c.id, told.c.story_id)
            .limit(BATCH)
        )
        for row in rows:
            known = found.get(row.id)
            changes = dict(known.changes) if known else {}
            changes[row.story_id] = Change(row.digest_id, digest_from_json(row.digest), row.withdrawn_at is not None)
            roundup = known.roundup if known else roundup_from_json(row.body)
            found[row.id] = Outdated(row.id, roundup, changes, row.state)
    return list(found.values())


async def revise(archive: Archive, old: Outdated, roundup: Roundup, gone: Collection[int], now: datetime) -> bool:
    """Keep the round-up as it reads now; where that differs, its message is edited. Stories that are `gone` from one
    that was not sent yet count as not told; if none is left it is not sent at all. Where no more round-ups come, news
    of a story is owed as a message of its own.

    False where its delivery has moved on meanwhile."""
    async with archive.write() as connection:
        row = (
            await connection.execute(
                select(deliveries.c.state, subscriptions.c.id, subscriptions.c.when)
                .join(subscriptions, subscriptions.c.id == deliveries.c.subscription_id)
                .where(deliveries.c.roundup_id == old.id)
            )
        ).one_or_none()
        if row is None or row.state != old.state:
            return False
        await connection.execute(
            update(roundups).where(roundups.c.id == old.id).values(body=roundup_json(roundup), shown=shown(roundup))
        )
        for story_id, change in old.changes.items():
            await connection.execute(
                update(told)
                .where(told.c.roundup_id == old.id, told.c.story_id == story_id)
                .values(checked_id=change.digest_id)
            )
            if row.when == When.NOW and change.digest.news and not change.withdrawn:
                await owe(connection, row.id, story_id, now)
        if gone:
            await connection.execute(delete(told).where(told.c.roundup_id == old.id, told.c.story_id.in_(gone)))
        if not roundup.entries:
            await connection.execute(
                update(deliveries).where(deliveries.c.roundup_id == old.id).values(state="dropped", retry_at=None)
            )
    archive.owed.set()
    return True


async def digested_between(archive: Archive, topic: str, first: date, last: date) -> list[Tellable]:
    """The newest digests of the topic's stories of those days, whoever has been told of them; withdrawn ones are left
    out. A story without a day has that on which it was first digested."""
    latest = knowledge.newest()
    day = func.coalesce(digests.c.date, func.date(stories.c.first_digested_at))
    async with archive.read() as connection:
        rows = await connection.execute(
            select(digests.c.id, digests.c.story_id, digests.c.body)
            .join(latest, latest.c.id == digests.c.id)
            .join(stories, stories.c.id == digests.c.story_id)
            .where(stories.c.topic == topic, stories.c.withdrawn_at.is_(None), day >= first, day <= last)
            .order_by(digests.c.story_id)
        )
        return [Tellable(row.story_id, row.id, digest_from_json(row.body)) for row in rows]
