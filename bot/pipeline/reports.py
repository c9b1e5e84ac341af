"""Reports: what a reader says is wrong reaches the operator's channel, once."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Protocol

import structlog

from bot.archive import reports
from bot.archive.engine import Archive
from bot.domain import Report
from bot.pipeline import clock as clocks
from bot.pipeline.deliver import Later, Outcome

CLOSED_WAIT = timedelta(hours=1)
"""A channel that refuses is asked again so much later: an operator mends it meanwhile."""

_log = structlog.get_logger(__name__)


class Teller(Protocol):
    async def tell(self, channel_id: int, report: Report, nonce: str) -> None:
        """Post it in the operator's channel; a repeat with the same nonce makes no second message. Raises Outcome."""
        ...


async def forward(archive: Archive, teller: Teller, channel_id: int, *, clock: clocks.Clock = clocks.now) -> int:
    """Send what has not reached the operator yet; how many were sent."""
    done = 0
    for report in await reports.unsent(archive, clock()):
        nonce = hashlib.blake2b(f"report/{report.id}/{report.made_at.isoformat()}".encode(), digest_size=11).hexdigest()
        try:
            await teller.tell(channel_id, report, nonce)
        except Outcome as outcome:
            wait = timedelta(seconds=outcome.seconds) if isinstance(outcome, Later) else CLOSED_WAIT
            await reports.not_sent(archive, report.id, outcome.reason, clock() + wait)
            _log.warning("report did not reach the operator", report=report.id, reason=outcome.reason)
            continue
        await reports.sent(archive, report.id, clock())
        done += 1
    return done
