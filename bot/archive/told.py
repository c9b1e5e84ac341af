"""What a subscription has been told of already, in a message of its own or in a round-up."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, and_, delete, func, insert, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.archive.schema import deliveries, digests, stories, told
from bot.domain import LONDON

OVERLAP = timedelta(days=1)
"""How far before the last round-up news is looked for: what was not ripe then had to wait."""


def midnight(moment: datetime) -> datetime:
    """When that London day began."""
    return datetime.combine(moment.astimezone(LONDON).date(), time(), LONDON).astimezone(UTC)


def newest() -> Any:
    """The id of each story's newest digest, as a subquery."""
    return select(digests.c.story_id, func.max(digests.c.id).label("id")).group_by(digests.c.story_id).subquery()


def untold(subscription_id: int, topic: str, since: datetime) -> Select[tuple[int, int]]:
    """Stories of the topic, with their newest digest, that no round-up told the subscription of: those first digested
    on that London day or later, and those of that day. Withdrawn ones are left out, and what a backfill alone read."""
    last = newest()
    known = select(told.c.story_id).where(told.c.subscription_id == subscription_id)
    return (
        select(stories.c.id, digests.c.id.label("digest_id"))
        .join(last, last.c.story_id == stories.c.id)
        .join(digests, digests.c.id == last.c.id)
        .where(
            stories.c.topic == topic,
            stories.c.withdrawn_at.is_(None),
            stories.c.first_digested_at.is_not(None),
            stories.c.backfilled.is_(False),
            or_(
                stories.c.first_digested_at >= midnight(since),
                digests.c.date == since.astimezone(LONDON).date(),
            ),
            stories.c.id.not_in(known),
        )
        .order_by(stories.c.id)
    )


async def remember_posted(connection: AsyncConnection, subscription_id: int) -> None:
    """From now on round-ups tell: what the messages of single stories show counts as told, later edits of theirs
    do not, for nobody reads old messages again."""
    await connection.execute(delete(told).where(told.c.subscription_id == subscription_id, told.c.roundup_id.is_(None)))
    await connection.execute(
        insert(told).from_select(
            ["subscription_id", "story_id", "digest_id", "roundup_id", "checked_id"],
            select(
                deliveries.c.subscription_id,
                deliveries.c.story_id,
                deliveries.c.digest_id,
                literal(None),
                deliveries.c.digest_id,
            ).where(
                deliveries.c.subscription_id == subscription_id,
                deliveries.c.story_id.is_not(None),
                deliveries.c.digest_id.is_not(None),
            ),
        )
    )


def newer(subscription_id: int, since: datetime) -> Select[Any]:
    """Digests made since about then of stories that the subscription knows an earlier version of (`known_id`), oldest
    first."""
    known = (
        select(told.c.story_id, func.max(told.c.digest_id).label("id"))
        .where(told.c.subscription_id == subscription_id)
        .group_by(told.c.story_id)
        .subquery()
    )
    return (
        select(digests.c.id, digests.c.story_id, digests.c.body, known.c.id.label("known_id"))
        .join(known, and_(known.c.story_id == digests.c.story_id, digests.c.id > known.c.id))
        .join(stories, stories.c.id == digests.c.story_id)
        .where(stories.c.withdrawn_at.is_(None), digests.c.made_at >= since - OVERLAP)
        .order_by(digests.c.story_id, digests.c.id)
    )
