"""An archive in which a topic was spoken of on days: documents with their verdicts, and what polls have read."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from bot.archive.days import days_were_read
from bot.archive.documents import load, save_reading
from bot.archive.engine import Archive
from bot.archive.health import record_success
from bot.archive.stories import Placement, choose, keep_verdict
from bot.domain import Contribution, Document, Kind, Match, Voice

TITLE = "Prevent: Learning Review"


async def spoken(
    archive: Archive,
    key: str,
    day: date | None,
    *lines: Contribution,
    source: str = "hansard",
    kind: Kind = Kind.DEBATE,
    house: str | None = "Commons",
    title: str = TITLE,
    matched: bool = True,
    parts: int | None = None,
    story: int | None = None,
) -> None:
    """Keep a document of which the first `parts` contributions (all, if left out) are on the topic."""
    said = lines or (line("The Prevent programme must change.", id=f"{key}-1"),)
    now = datetime.combine(day or date(2025, 2, 10), datetime.min.time(), UTC) + timedelta(hours=20)
    document = Document(source, key, kind, title, said, day, house, f"https://hansard.parliament.uk/{key}")
    saved = await save_reading(archive, document, now)
    stored = (await load(archive, [saved.document_id]))[saved.document_id]
    match = Match(key, "prevent", matched, 0.9, parts=tuple(each.id for each in said[:parts]) if matched else ())
    placement = Placement(story, "told so") if matched else None
    chosen = await choose(archive, stored, "prevent")
    assert await keep_verdict(archive, stored, match, now, placement=placement, epoch=chosen.epoch)


def line(
    words: str, *, id: str = "c1", member: int | None = 7, voice: Voice = Voice.SPEECH, **more: str
) -> Contribution:
    return Contribution(id, words, "Jane Marsh", member, voice=voice, **({"party": "Lab"} | more))  # type: ignore[arg-type]


async def polled(archive: Archive, source: str, first: date, last: date) -> None:
    now = datetime.combine(last, datetime.min.time(), UTC)
    days = [first + timedelta(days=more) for more in range((last - first).days + 1)]
    await record_success(archive, source, now, items=0)
    await days_were_read(archive, source, days, now)
