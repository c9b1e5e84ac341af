"""Digests and an archive to show, for the tests of what a channel sees."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import insert

from bot.archive.digests import Draft, keep_digest
from bot.archive.engine import Archive
from bot.archive.schema import stories
from bot.domain import Coverage, Digest, Origin, Others, Point, Sentence, Status

NOW = datetime(2025, 2, 12, 15, 0, tzinfo=UTC)
DEBATE = "https://hansard.parliament.uk/commons/2025-02-12/debates/17D395DB-E0CB-4AB5-B5E0-C7EC346C85DE/Prevent"
REPORT = "https://www.bbc.co.uk/news/articles/prevent-review"


def sentence(text: str, evidence: str = "c1", origin: Origin = Origin.REPORTED) -> Sentence:
    return Sentence(text, (evidence,), origin)


def digest(key: str = "17D395DB", **changes: object) -> Digest:
    """A statement, its answer and a report; `changes` replace fields."""
    values: dict[str, object] = {
        "id": key,
        "title": "Prevent: Learning Review",
        "headline": "Prevent: Learning Review",
        "date": date(2025, 2, 12),
        "house": "Commons",
        "url": DEBATE,
        "topic": "prevent",
        "status": Status.DRAFT,
        "brief": (sentence("The Minister announced the review of how Prevent handled a case."),),
        "points": (
            Point(
                "Dan Jarvis",
                "Lab",
                "The Minister for Security",
                (sentence("The case was closed too soon."), sentence("“Records were poor.”", "c1", Origin.QUOTED)),
            ),
            Point("Mark Francois", "Con", None, (sentence("He criticised what Prevent achieves.", "c2"),)),
        ),
        "next": (sentence("The Home Office undertook to report by the summer."),),
        "others": Others(4, "whether the inquiry should cover it", ("c3",)),
        "coverage": (Coverage("BBC News", "Prevent closed case too soon", REPORT, date(2025, 2, 12)),),
        "links": {item: f"{DEBATE}#contribution-{item}" for item in ("c1", "c2", "c3")},
    }
    return Digest(**(values | changes))  # type: ignore[arg-type]


async def keep(archive: Archive, item: Digest, *, now: datetime = NOW) -> int:
    """Keep the digest as a story's newest; the story's id."""
    async with archive.write() as connection:
        made = await connection.execute(
            insert(stories).values(topic=item.topic or "prevent", created_at=now, ripe_at=now - timedelta(minutes=1))
        )
        key: int = made.inserted_primary_key[0]
    assert await keep_digest(archive, Draft(key, item.topic or "prevent", 1, (), {}, item.id, None), item, now)
    return key
