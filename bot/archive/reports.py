"""What readers say is wrong, and whether it has reached the operator."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, func, insert, or_, select, update

from bot.archive.digests import StoredDigest
from bot.archive.engine import Archive
from bot.archive.evidence import evidence_of
from bot.archive.health import MESSAGE
from bot.archive.schema import digests, reports
from bot.contract import digest_from_json
from bot.domain import Origin, Report, Sentence

KEPT = timedelta(days=30)
"""How long a report, and who made it, may be kept."""
EACH, WITHIN = 5, timedelta(hours=1)
"""Reports that one person may make within that time."""


class TooMany(Exception):
    """This person has made as many reports as may be."""


async def keep_report(
    archive: Archive,
    of: StoredDigest,
    line: Sentence | None,
    said: str,
    *,
    by: int,
    guild_id: int | None,
    now: datetime,
) -> None:
    """Keep it for the operator. Raises TooMany."""
    async with archive.write() as connection:
        lately = await connection.scalar(
            select(func.count()).where(reports.c.made_by == by, reports.c.made_at > now - WITHIN)
        )
        if (lately or 0) >= EACH:
            raise TooMany
        await connection.execute(
            insert(reports).values(
                story_id=of.story_id,
                digest_id=of.id,
                line=None if line is None else asdict(line),
                said=said,
                made_by=by,
                guild_id=guild_id,
                made_at=now,
            )
        )
    archive.owed.set()


async def unsent(archive: Archive, now: datetime, *, limit: int = 20) -> list[Report]:
    """Those that have not reached the operator and may be tried now, the oldest first."""
    async with archive.read() as connection:
        rows = await connection.execute(
            select(reports, digests.c.body)
            .join_from(reports, digests, digests.c.id == reports.c.digest_id)
            .where(reports.c.sent_at.is_(None), or_(reports.c.retry_at.is_(None), reports.c.retry_at <= now))
            .order_by(reports.c.id)
            .limit(limit)
        )
        found = rows.all()
    return [await _report(archive, row) for row in found]


async def waiting(archive: Archive) -> int:
    """How many have not reached the operator."""
    async with archive.read() as connection:
        return await connection.scalar(select(func.count()).where(reports.c.sent_at.is_(None))) or 0


async def sent(archive: Archive, report_id: int, now: datetime) -> None:
    async with archive.write() as connection:
        await connection.execute(update(reports).where(reports.c.id == report_id).values(sent_at=now, error=None))


async def not_sent(archive: Archive, report_id: int, error: str, again_at: datetime) -> None:
    async with archive.write() as connection:
        await connection.execute(
            update(reports)
            .where(reports.c.id == report_id)
            .values(attempts=reports.c.attempts + 1, retry_at=again_at, error=error[:MESSAGE])
        )


async def forget_reports(archive: Archive, now: datetime) -> int:
    """Delete those past their time; how many."""
    async with archive.write() as connection:
        return (await connection.execute(delete(reports).where(reports.c.made_at <= now - KEPT))).rowcount


async def _report(archive: Archive, row: Row[Any]) -> Report:
    line = row.line and Sentence(
        row.line["text"], tuple(row.line["evidence"]), Origin(row.line["origin"]), row.line["speaker"]
    )
    found = await evidence_of(archive, row.story_id)
    carried = next((each for each in found.lines if each.sentence == line), None) if found is not None else None
    return Report(
        row.id,
        digest_from_json(row.body),
        row.story_id,
        row.digest_id,
        line or None,
        tuple((item.speaker or "", item.text, item.url) for item in carried.contributions) if carried else (),
        row.said,
        row.made_at,
    )
