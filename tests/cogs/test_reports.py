"""'Wrong?', the operator's channel, and what is withdrawn: a real archive, SimCord and the loopback Discord."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import simcord
from discord import Permissions
from simcord import Env
from sqlalchemy import update

from bot.archive.digests import digest_of, undigested
from bot.archive.engine import Archive
from bot.archive.reports import EACH, KEPT, forget_reports, unsent, waiting
from bot.archive.schema import stories
from bot.archive.subscriptions import subscribe
from bot.cogs.client import Despatch
from bot.cogs.rendering import DESCRIPTION, length
from bot.cogs.reports import page
from bot.domain import Digest, Report
from bot.errors import InputError
from bot.pipeline.deliver import ChannelClosed, Later, deliver
from bot.pipeline.reports import forward
from bot.pipeline.withdraw import meant, withdraw
from tests.cogs.conftest import Online, desk_for
from tests.cogs.samples import NOW, digest, keep, sentence
from tests.cogs.test_evidence import story_of
from tests.standins.discord import Discord
from tests.standins.discord_world import GUILD, HANSARD

pytestmark = pytest.mark.simcord(shard_count=1)


async def report(
    reader: simcord.MemberActor, channel: simcord.ChannelHandle, said: str, which: str = "1"
) -> simcord.InteractionResult:
    shown = await reader.slash(channel, "digest")
    assert shown.response is not None
    form = await reader.click(shown.response, label="Wrong?")
    return await reader.submit_modal(form, {"which": [which], "said": said})


def answer(result: simcord.InteractionResult) -> str:
    assert result.response is not None
    assert result.response.ephemeral
    return result.response.content


async def test_a_report_is_kept_with_its_line_and_evidence(
    reader: simcord.MemberActor, channel: simcord.ChannelHandle, archive: Archive
) -> None:
    story = await story_of(archive)
    assert "Thank you" in answer(await report(reader, channel, "It was the **police** who closed it @everyone"))
    [made] = await unsent(archive, NOW + timedelta(days=3650))
    assert made.line is not None
    assert (made.story, made.line.text) == (story, "The case was closed too soon.")
    assert made.words == (("Dan Jarvis", "The case was closed too soon. Records were poor.", made.words[0][2]),)
    said = page(made).embeds[0].description or ""
    assert "A reader says: It was the \\*\\*police\\*\\* who closed it @\u200beveryone" in said
    assert "> The case was closed too soon." in said
    assert f"Story {story}, digest {made.digest_id}" in said
    await report(reader, channel, "All of it", which="whole")
    assert [each.line is None for each in await unsent(archive, NOW + timedelta(days=3650))] == [False, True]


async def test_one_person_cannot_flood_the_operator(
    reader: simcord.MemberActor, channel: simcord.ChannelHandle, archive: Archive
) -> None:
    await story_of(archive)
    said = [answer(await report(reader, channel, f"Wrong {number}")) for number in range(EACH + 1)]
    assert "several reports within the hour" in said[-1]
    assert await waiting(archive) == EACH


async def test_no_length_of_anything_breaks_the_operators_page() -> None:
    hostile = "*`\U0001f600" * 3_000
    made = Report(
        1,
        digest(title=hostile),
        1,
        2,
        sentence(hostile),
        tuple(("x" * 900, hostile, None) for _ in range(9)),
        hostile,
        NOW,
    )
    embed = page(made).embeds[0]
    assert length(embed.description or "") <= DESCRIPTION
    assert length(embed.title or "") <= 256


class Told:
    """The operator's channel: what was told, and what it answers next."""

    def __init__(self, *outcomes: Exception) -> None:
        self.outcomes, self.told = list(outcomes), dict[str, Report]()

    async def tell(self, channel_id: int, report: Report, nonce: str) -> None:
        assert channel_id == 9
        if self.outcomes:
            raise self.outcomes.pop(0)
        self.told[nonce] = report


async def test_a_report_is_forwarded_once_through_refusals_and_forgotten_after_its_time(
    reader: simcord.MemberActor, channel: simcord.ChannelHandle, archive: Archive
) -> None:
    await story_of(archive)
    await report(reader, channel, "Wrong")
    [made] = await unsent(archive, NOW + timedelta(days=3650))
    at = made.made_at
    operator = Told(Later(60, "Discord asks to wait"), ChannelClosed("the bot may not post in the channel"))
    for minutes, left in ((0, 1), (0.5, 1), (1.1, 1), (30, 1), (62, 0), (63, 0)):
        await forward(archive, operator, 9, clock=lambda after=minutes: at + timedelta(minutes=after))
        assert await waiting(archive) == left
    assert len(operator.told) == 1
    assert operator.outcomes == []
    assert await forget_reports(archive, at + KEPT - timedelta(seconds=1)) == 0
    assert await forget_reports(archive, at + KEPT) == 1


async def test_the_operator_withdraws_it_from_its_channel_and_nobody_else_does(
    simcord_env: Env, reader: simcord.MemberActor, channel: simcord.ChannelHandle, archive: Archive
) -> None:
    story = await story_of(archive)
    await report(reader, channel, "Wrong")
    operators = simcord_env.guild.create_text_channel("operators")
    client = Despatch(desk_for(archive, operator_channel=operators.id), shard_count=1)
    await simcord_env.restart_bot(client)
    await forward(archive, client.sender, operators.id)
    posted = operators.last_message
    assert posted is not None
    refused = await reader.click(posted, label="Withdraw the story")
    assert "Only the bot's operator" in answer(refused)
    owner = simcord_env.guild.add_member(
        simcord_env.create_user("owner"),
        roles=[simcord_env.guild.create_role("op", permissions=Permissions(manage_messages=True))],
    )
    form = await owner.click(posted, label="Withdraw the story")
    assert "Withdrawn: Prevent: Learning Review" in answer(
        await owner.submit_modal(form, {"reason": "It was the police who closed the case"})
    )
    stored = await digest_of(archive, story)
    assert stored is not None
    assert stored.digest.notes == ("Withdrawn by the operator: It was the police who closed the case",)
    again = await owner.click(posted, label="Withdraw the story")
    assert "was withdrawn before" in answer(await owner.submit_modal(again, {"reason": "Once more"}))


async def test_every_posted_copy_is_replaced_and_no_later_text_brings_it_back(
    archive: Archive, online: Online, discord: Discord
) -> None:
    client = await online()
    await subscribe(archive, guild_id=GUILD, channel_id=HANSARD, topic="prevent", by=5, now=NOW)
    story = await story_of(archive)
    await deliver(archive, client.sender, clock=lambda: NOW)
    [message] = discord.messages()
    assert "closed too soon" in str(message["embeds"])
    labels = [each["label"] for row in message["components"] for each in row["components"]]
    assert labels == ["Evidence", "Full debate", "Ask about this", "Wrong?"]
    await withdraw(archive, story, "The record was misread")
    await deliver(archive, client.sender, clock=lambda: NOW)
    [message] = discord.messages()
    assert "closed too soon" not in str(message["embeds"])
    assert "Withdrawn by the operator: The record was misread" in str(message["embeds"])
    async with archive.write() as connection:
        await connection.execute(update(stories).values(generation=stories.c.generation + 1))
    assert await undigested(archive, "prevent", NOW + timedelta(days=9)) == []


async def test_a_story_is_meant_by_number_link_or_title(archive: Archive) -> None:
    story = await story_of(archive)
    assert await meant(archive, str(story)) == story
    assert await meant(archive, "learning review") == story
    item: Digest = digest()
    assert await meant(archive, item.url or "") == story
    with pytest.raises(InputError, match="no story tells that"):
        await meant(archive, "fisheries")
    with pytest.raises(InputError, match="there is no story 99"):
        await withdraw(archive, 99, "Because")
    with pytest.raises(InputError, match="give a reason"):
        await withdraw(archive, story, "")
    await withdraw(archive, await keep(archive, replace(item, id="other")), "Another")
