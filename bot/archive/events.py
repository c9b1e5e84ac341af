"""What Parliament has announced about a topic. An event is keyed on (external id, topic); nothing of it is a story."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, and_, delete, func, insert, or_, select, update

from bot.archive.engine import Archive
from bot.archive.schema import events
from bot.domain import LONDON, Event, Match

AHEAD = timedelta(days=27)
"""How many days after today are looked at: four weeks with today."""
KEPT = timedelta(days=31)
"""How long what is over is kept."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What a reading changed, in events about a topic."""

    new: int = 0
    changed: int = 0
    dropped: int = 0


async def keep_events(
    archive: Archive,
    topic: str,
    judged: Iterable[tuple[Event, Match]],
    now: datetime,
    *,
    read: tuple[date, date] | None,
) -> Kept:
    """Keep the events that match. Of the days that were `read` whole, from the first to the last, what is not among
    them any more is dropped, unless it was over before; None where nothing is known of what is not there."""
    matched = {event.id: (event, match) for event, match in judged if match.matched}
    new = changed = dropped = 0
    async with archive.write() as connection:
        rows = await connection.execute(select(events).where(events.c.topic == topic))
        known = {row.external_id: row for row in rows}
        for id_, (event, match) in matched.items():
            values = _row(event)
            if id_ not in known:
                await connection.execute(
                    insert(events).values(
                        external_id=id_, topic=topic, seen_at=now, reasons=list(match.reasons), **values
                    )
                )
                new += 1
                continue
            changed += any(getattr(known[id_], name) != value for name, value in values.items())
            await connection.execute(
                update(events)
                .where(events.c.id == known[id_].id)
                .values(seen_at=now, reasons=list(match.reasons), **values)
            )
        if read is not None:
            gone = [
                row.id for row in known.values() if row.external_id not in matched and _within(row.day, row.last, read)
            ]
            if gone:
                await connection.execute(delete(events).where(events.c.id.in_(gone)))
            dropped = len(gone)
        await connection.execute(delete(events).where(events.c.last < now.astimezone(LONDON).date() - KEPT))
    return Kept(new, changed, dropped)


def _within(day: date, last: date, read: tuple[date, date]) -> bool:
    return day <= read[1] and last >= read[0]


async def coming(
    archive: Archive, topics: Sequence[str], now: datetime, *, days: int = AHEAD.days, limit: int = 1000
) -> list[Event]:
    """What is announced from now to so many days after today, the soonest first, cancelled business too; each once,
    whichever of the topics it is about. What began earlier today and has a time is past."""
    local = now.astimezone(LONDON)
    today, clock = local.date(), f"{local:%H:%M}"
    ahead = or_(
        events.c.day > today,
        events.c.last > today,
        and_(events.c.last == today, or_(events.c.time.is_(None), events.c.time >= clock)),
    )
    once = select(func.min(events.c.id)).where(events.c.topic.in_(topics)).group_by(events.c.external_id)
    async with archive.read() as connection:
        rows = await connection.execute(
            select(events)
            .where(events.c.id.in_(once), ahead, events.c.day <= today + timedelta(days=days))
            .order_by(events.c.day, events.c.time.is_(None), events.c.time, events.c.id)
            .limit(limit)
        )
        return [_event(row) for row in rows]


def _row(event: Event) -> dict[str, Any]:
    return {
        "day": event.day,
        "last": event.last,
        "time": f"{event.time:%H:%M}" if event.time else None,
        "house": event.house[:40] if event.house else None,
        "venue": event.venue,
        "title": event.title,
        "about": event.about,
        "url": event.url,
        "cancelled": event.cancelled,
    }


def _event(row: Row[Any]) -> Event:
    return Event(
        id=row.external_id,
        day=row.day,
        last=row.last,
        title=row.title,
        venue=row.venue,
        about=row.about,
        time=time.fromisoformat(row.time) if row.time else None,
        house=row.house,
        url=row.url,
        cancelled=row.cancelled,
    )
