"""A story as a channel sees it move: real models, a real archive, and Discord's stand-in on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.archive.digests import digest_of
from bot.archive.documents import save_reading
from bot.archive.engine import Archive
from bot.archive.subscriptions import subscribe
from bot.domain import Contribution, Document, Kind, Status, Voice
from bot.inference.models import Models
from bot.pipeline.deliver import Sender, deliver
from bot.pipeline.digest import Digester
from tests.cogs.conftest import Online
from tests.standins.discord import Discord
from tests.standins.discord_world import GUILD, HANSARD

EDIT = r"/channels/\d+/messages/\d+"
DAY = date(2031, 3, 4)
TOLD = (
    "With permission, Madam Deputy Speaker, I will make a statement on the Prevent learning review into the attack at "
    "Marlowe. The review found that the case of Rowan Tilley was closed too early and that records were poor. "
    "The Government will appoint an independent Prevent commissioner by 30 September."
)
ASKED = "Nine officers in Marlowe had no Prevent training at all. Why did the Home Office cut the budget by £9 million?"
LATER = "The Channel panel in Marlowe has not met since January. Will the Minister publish its records of Rowan Tilley?"


class Here:
    """The models in this process, where the stages ask for a worker; what is new does not hang on the writer."""

    def __init__(self, models: Models) -> None:
        self.encoder, self.parser, self.writer = models.encoder, models.parser, None

    async def run(self, function, *args, **more):  # type: ignore[no-untyped-def]
        return function(self, *args, **more)


@dataclass
class Place:
    archive: Archive
    digester: Digester
    sender: Sender
    discord: Discord
    now: list[datetime] = field(default_factory=lambda: [datetime(2031, 3, 4, 16, tzinfo=UTC)])

    async def read(self, *documents: Document) -> None:
        """A poll that brings these, then all that follows from it, a quarter of an hour after the last."""
        self.now[0] += timedelta(minutes=15)
        for document in documents:
            await save_reading(self.archive, document, self.now[0])
        done = await self.digester.run()
        assert done.failed == 0, done
        await deliver(self.archive, self.sender, clock=lambda: self.now[0])

    @property
    def edits(self) -> int:
        return len(self.discord.sent("PATCH", EDIT))

    @property
    def shown(self) -> str:
        """All that the story's one message says."""
        [message] = self.discord.messages()
        return "\n".join(f"{embed.get('title', '')}\n{embed.get('description', '')}" for embed in message["embeds"])


@pytest.fixture
async def place(archive: Archive, online: Online, discord: Discord, models: Models, root) -> AsyncIterator[Place]:  # type: ignore[no-untyped-def]
    client = await online()
    now = [datetime(2031, 3, 4, 16, tzinfo=UTC)]
    await subscribe(archive, guild_id=GUILD, channel_id=HANSARD, topic="prevent", by=5, now=now[0])
    topics = {"prevent": str(root / "config" / "topics" / "prevent.toml")}
    digester = Digester(archive, Here(models), topics, clock=lambda: now[0])
    yield Place(archive, digester, client.sender, discord, now)


def said(number: int, speaker: str, text: str, party: str, role: str | None = None) -> Contribution:
    return Contribution(f"c{number}", text, speaker, party=party, role=role)


STATEMENT = Document(
    source="hansard",
    id="17D395DB",
    kind=Kind.STATEMENT,
    title="Prevent: Marlowe Learning Review",
    contributions=(
        said(1, "Ottilie Marchbanks", TOLD, "Lab", "The Minister for Security"),
        said(2, "Barnaby Thistlewood", ASKED, "Con", "Shadow Minister"),
    ),
    date=DAY,
    house="Commons",
    url="https://hansard.parliament.uk/Commons/2031-03-04/debates/17D395DB/Prevent",
    settled=False,
)
REPORT = Document(
    source="feed:Ledger",
    id="https://ledger.example/1",
    kind=Kind.ARTICLE,
    title="Marlowe attacker Rowan Tilley’s Prevent case was closed too early, review finds",
    contributions=(
        Contribution(
            "p1",
            "The Prevent case of Rowan Tilley, the Marlowe attacker, was closed too early and records were poor, a "
            "learning review has found. The minister will appoint a Prevent commissioner.",
            voice=Voice.REPORT,
        ),
    ),
    date=DAY,
    url="https://ledger.example/1",
    publisher="The Ledger",
)


async def test_a_message_is_edited_for_what_is_new_and_says_what(place: Place) -> None:
    await place.read(STATEMENT)
    await place.read(STATEMENT)
    first = place.shown
    assert "£9 million" in first and "New:" not in first and place.edits == 0, "an identical poll edits nothing"

    comma = replace(STATEMENT.contributions[1], text=ASKED.replace("at all.", "at all;").replace("; Why", ". Why"))
    thanks = said(3, "Dilys Farr", "I thank the Minister for advance sight of her statement.", "LD")
    await place.read(replace(STATEMENT, contributions=(STATEMENT.contributions[0], comma, thanks)))
    assert place.shown == first and place.edits == 0, "a comma and a courtesy are nothing new"

    await place.read(REPORT)
    assert "New: reported by The Ledger." in place.shown and place.edits == 1

    corrected = replace(STATEMENT.contributions[1], text=ASKED.replace("£9", "£8"))
    await place.read(replace(STATEMENT, contributions=(STATEMENT.contributions[0], corrected)))
    assert "£8 million" in place.shown and "£9 million" not in place.shown and place.edits == 2
    assert "The record was corrected." in place.shown

    later = replace(STATEMENT, contributions=(STATEMENT.contributions[0], corrected, said(4, "Cora Wynn", LATER, "LD")))
    await place.read(later)
    assert "New: 1 more speaker (Cora Wynn)." in place.shown and place.edits == 3
    kept = await digest_of(place.archive, 1)
    assert kept is not None and kept.digest.status is Status.DRAFT
    assert [line.speaker for line in kept.digest.news] and {line.speaker for line in kept.digest.news} == {"Cora Wynn"}

    await place.read(replace(later, settled=True))
    assert "New: 1 more speaker (Cora Wynn)." in place.shown and place.edits == 4, "the mark goes, the news stays"
    await place.read(replace(later, settled=True))
    assert place.edits == 4 and len(place.discord.messages()) == 1


async def test_the_lords_repeat_joins_the_message(place: Place) -> None:
    settled = replace(STATEMENT, settled=True)
    lords = replace(
        STATEMENT,
        id="LORDS",
        house="Lords",
        date=DAY + timedelta(days=1),
        settled=True,
        contributions=(
            Contribution(
                "l1",
                "My Lords, nine days is no assessment. What has the Prevent panel in Marlowe done since the review?",
                "Baroness Winstead",
                party="Con",
            ),
        ),
    )
    await place.read(settled)
    await place.read(lords)
    assert "New: the Lords repeat" in place.shown and "Baroness Winstead" in place.shown and place.edits == 1
