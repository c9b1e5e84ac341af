"""Digests and an archive to show, for the tests of what a channel sees."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import insert

from bot.archive.digests import Draft, keep_digest
from bot.archive.documents import save_reading
from bot.archive.engine import Archive
from bot.archive.schema import stories
from bot.domain import Contribution, Coverage, Digest, Document, Kind, Origin, Others, Point, Sentence, Status

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


ADA = ("Ada Thornbury", 7001, "Lab", "The Minister for Security")
RHYS = ("Rhys Calloway", 7002, "Con", None)
PENHALLOW = ("Lord Penhallow", 7003, "CB", None)


def contribution(key: str, said: str, who: tuple[str, int, str, str | None] = ADA, url: str = DEBATE) -> Contribution:
    """Words of an invented Member."""
    name, member, party, role = who
    return Contribution(key, said, name, member, party, role, url=f"{url}#contribution-{key}")


def debate(key: str, *contributions: Contribution, **changes: object) -> Document:
    values: dict[str, object] = {
        "source": "hansard",
        "id": key,
        "kind": Kind.DEBATE,
        "title": "Prevent: Learning Review",
        "date": date(2025, 2, 12),
        "house": "Commons",
        "url": DEBATE,
        "contributions": contributions,
    }
    return Document(**(values | changes))  # type: ignore[arg-type]


REVIEW = debate(
    "review",
    contribution(
        "r1",
        "I can tell the House what the learning review of the Prevent programme found. The panel's early closure of "
        "the case was wrong, and 14 recommendations follow from it. The Government accept all of them.",
    ),
    contribution(
        "r2",
        "I thank the Minister for early sight of the review. Will she say when the Prevent commissioner is to be "
        "appointed, and to whom he will answer?",
        RHYS,
    ),
    contribution("r3", "We will appoint an independent Prevent commissioner by July 2025, who will answer to me."),
    contribution("r4", "The review is welcome to my constituents.", ("Joan Marlow", 7004, "Con", None)),
    contribution("r5", "So it is to mine, and the review is overdue.", ("Peter Marlow", 7005, "Lab", None)),
)
LORDS = debate(
    "lords",
    contribution(
        "l1",
        "My Lords, the review says nothing of the cost of Channel panels, and the review ought to have done.",
        PENHALLOW,
    ),
    title="Channel Panels",
    date=date(2025, 2, 13),
    house="Lords",
)


async def hold(archive: Archive, *documents: Document) -> None:
    """Have the archive hold what was said, as a poll leaves it."""
    for document in documents:
        await save_reading(archive, document, NOW)
