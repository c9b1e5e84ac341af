"""/member: a Member's own words on the topic with their picture, and nobody else's page."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import discord
import pytest
import simcord
from simcord import Env

from bot.archive.documents import save_reading
from bot.archive.engine import Archive
from bot.cogs.client import Despatch
from bot.cogs.member import PAGE
from bot.domain import LONDON, Contribution, Document, Kind
from bot.pipeline.carrying import carrying, lexicon_of
from bot.settings import Settings
from tests.cogs.conftest import desk_for
from tests.spoken import spoken
from tests.standins.discord import Discord

pytestmark = pytest.mark.simcord(shard_count=1)

DAY = date(2025, 2, 12)
FILES = discord.Permissions(view_channel=True, send_messages=True, embed_links=True, attach_files=True).value
WORDS = "I thank the Chair. The Prevent duty on schools does more harm than good. I shall sit down."


def shown(result: simcord.InteractionResult) -> simcord.ResponseMessage:
    assert result.response is not None
    (part,) = [result.response, *result.followups]
    return part


def by(name: str, member: int | None, words: str = WORDS, *, id: str = "c1", **more: Any) -> Contribution:
    return Contribution(id, words, name, member, **more)


async def test_what_they_said_with_office_and_party_of_then(
    reader: simcord.MemberActor, channel: simcord.ChannelHandle, archive: Archive
) -> None:
    early = by("Jane Marsh", 7, party="Con", role="Shadow Minister", id="a1")
    await spoken(archive, "a", DAY, early, by("Tom Reed", 8, "The Prevent programme saves lives.", id="a2"))
    late = by("Jane Marsh", 7, "Prevent failed the town of Norminster.", party="Lab", id="b1")
    await spoken(archive, "b", DAY + timedelta(days=30), late, title="Prevent: Northmoor")
    part = shown(await reader.slash(channel, "member", name="jane marsh"))
    assert part.ephemeral
    (said,) = part.embeds
    assert said.title == "Jane Marsh (Labour)"
    lines = (said.description or "").split("\n")
    assert lines[0] == "Spoke of the Prevent programme twice since 12 February 2025 (Commons: 2)."
    assert [each for each in lines[1:] if each] == [
        "**14 March 2025** · [Prevent: Northmoor](https://hansard.parliament.uk/b) · Labour",
        "“Prevent failed the town of Norminster.”",
        "**12 February 2025** · [Prevent: Learning Review](https://hansard.parliament.uk/a) · "
        "Shadow Minister, Conservative",
        "“The Prevent duty on schools does more harm than good.”",
    ]
    (picture,) = part.attachments
    assert "Jane Marsh spoke of the Prevent programme. Commons: 2; most" in (picture.description or "")


async def test_pages_turn_below_the_same_picture_and_may_be_posted_with_it(
    simcord_env: Env, reader: simcord.MemberActor, channel: simcord.ChannelHandle, archive: Archive
) -> None:
    for number in range(PAGE + 2):
        await spoken(archive, f"d{number}", DAY + timedelta(days=number), by("Jane Marsh", 7), title=f"Item {number}")
    first = shown(await reader.slash(channel, "member", name="#7"))
    assert "Item 7" in (first.embeds[0].description or "")
    assert "Item 1" not in (first.embeds[0].description or "")
    await simcord_env.restart_bot(Despatch(desk_for(archive), shard_count=1))
    await reader.click(first, label="Older")
    assert "Item 1" in (first.embeds[0].description or "")
    assert "Item 7" not in (first.embeds[0].description or "")
    assert len(first.attachments) == 1
    await reader.click(first, label="Post here")
    posted = channel.last_message
    assert posted is not None
    assert "Item 1" in (posted.embeds[0].description or "")
    assert [each.filename for each in posted.attachments] == ["member.png"]


async def test_the_name_completes_from_the_archive_with_members_alone(
    reader: simcord.MemberActor, channel: simcord.ChannelHandle, archive: Archive
) -> None:
    witness = by("Marsha Otherson", None, "Prevent let my son down.", id="w")
    await spoken(archive, "a", DAY, by("Jane Marsh", 7, party="Lab"), by("Lord Marsham of Wick", 9, id="c2"), witness)
    offered = await reader.autocomplete(channel, "member", "name", "mars")
    assert {(each["name"], each["value"]) for each in offered} == {
        ("Jane Marsh (Labour)", "#7"),
        ("Lord Marsham of Wick", "#9"),
    }


async def test_a_debate_that_is_named_after_somebody_is_named_by_its_house(
    reader: simcord.MemberActor, channel: simcord.ChannelHandle, archive: Archive
) -> None:
    await spoken(archive, "a", DAY, by("Jane Marsh", 7), title="Ann Otherson: Inquiry")
    part = shown(await reader.slash(channel, "member", name="Jane Marsh"))
    assert "Otherson" not in (part.embeds[0].description or "")
    assert "[House of Commons](https://hansard.parliament.uk/a)" in (part.embeds[0].description or "")


@pytest.mark.parametrize("name", ["Marsha Otherson", "marsha", "Otherson"])
async def test_nobody_but_a_member_has_a_page(
    reader: simcord.MemberActor, channel: simcord.ChannelHandle, archive: Archive, name: str
) -> None:
    witness = by("Marsha Otherson", None, "Prevent let my son down.", id="w")
    await spoken(archive, "a", DAY, by("Jane Marsh", 7), witness)
    part = shown(await reader.slash(channel, "member", name=name))
    assert "nothing said by a Member called" in part.content
    assert "my son" not in part.content
    assert part.attachments == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Marsh", "may be Jane Marsh or Tom Marsh"),
        ("Jane Marhs", "The nearest: Jane Marsh"),
        ("#404", "nothing of that Member"),
        ("Zzyzx", "choose one"),
        ("Ann Reed", "has said nothing on the Prevent programme"),
        ("@everyone **x** [y](https://evil.example)", "nothing said by a Member"),
        ('" OR 1; DROP TABLE', "nothing said by a Member"),
        ("\u202e\u200b", "nothing said by a Member"),
    ],
)
async def test_whom_it_does_not_know_it_says_so(
    reader: simcord.MemberActor, channel: simcord.ChannelHandle, archive: Archive, name: str, expected: str
) -> None:
    await spoken(archive, "a", DAY, by("Jane Marsh", 7), by("Tom Marsh", 8, id="c2"))
    quiet = Document("hansard", "q", Kind.DEBATE, "Bees", (by("Ann Reed", 9, "Bees thrive."),), DAY, "Commons")
    await save_reading(archive, quiet, datetime(2025, 2, 12, tzinfo=UTC))
    part = shown(await reader.slash(channel, "member", name=name))
    assert expected in part.content
    assert "@everyone" not in part.content
    assert "https://" not in part.content


async def test_long_words_and_names_stay_within_discords_limits(
    archive: Archive, discord: Discord, online: Any
) -> None:
    long = "The Prevent duty does harm, " + "_and_ " * 50 + "so it must go."
    for number in range(PAGE + 1):
        said = by("Jane Marsh", 7, long, id=f"c{number}", role="Minister " * 60, party="Lab")
        day = datetime.now(LONDON).date() - timedelta(days=number)
        await spoken(archive, f"d{number}", day, said, title="[x](y) " * 60)
    await online()
    answer = await discord.interact(command="member", options={"name": "jane marsh"}, app_permissions=FILES)
    assert answer["acknowledged_seconds"] < 1.5
    (message,) = answer["messages"]
    assert len(message["attachments"]) == 1
    older = message["components"][0]["components"][0]["custom_id"]
    await discord.interact(custom_id=older, message=message["id"], app_permissions=FILES)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (WORDS, "The Prevent duty on schools does more harm than good."),
        ("We must prevent floods. That is all I have to say.", None),
        # Read out: the words of a report are not the Member's own.
        (
            "The report says:\n\n“Prevent failed the boy.\n\n“The Prevent duty is broken.” I agree with all of that.",
            None,
        ),
        ("The Prevent programme let Ann Otherson down. It must change soon.", None),
        ("The Prevent programme must—", None),
        (
            "The Prevent duty " + "and so on " * 40 + "ends. Prevent has failed this town.",
            "Prevent has failed this town.",
        ),
    ],
)
def test_the_sentence_that_carries_it(words: str, sentence: str | None) -> None:
    found = carrying(lexicon_of(Settings(), "prevent"), words)
    assert found == sentence
    assert found is None or found in words
