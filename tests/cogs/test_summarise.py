"""*Summarise* on a message: the archive's digest, one made on the spot by the real models, and every refusal."""

from __future__ import annotations

from dataclasses import replace

import pytest
import simcord
from simcord import Env

from bot.archive.documents import save_reading
from bot.archive.engine import Archive
from bot.archive.schema import stories
from bot.cogs.client import Despatch
from bot.domain import Document
from bot.errors import SourceError
from bot.inference.models import Models
from bot.pipeline.linked import Linked
from tests.cogs.conftest import desk_for
from tests.cogs.samples import DEBATE, NOW
from tests.cogs.test_evidence import story_of
from tests.cogs.test_updates import REPORT, STATEMENT, Here

pytestmark = pytest.mark.simcord(shard_count=1)
ELSEWHERE = "https://hansard.parliament.uk/Commons/2031-03-04/debates/17D395DB-0000-0000-0000-000000000000/Prevent"


async def summarised(
    reader: simcord.MemberActor, channel: simcord.ChannelHandle, content: str
) -> simcord.ResponseMessage:
    result = await reader.context_menu(channel, "Summarise", await reader.send(channel, content))
    assert result.response is not None
    assert result.response.ephemeral
    return result.response


async def test_what_the_archive_tells_is_shown_and_may_be_posted(
    reader: simcord.MemberActor, channel: simcord.ChannelHandle, archive: Archive
) -> None:
    await story_of(archive)
    shown = await summarised(reader, channel, f"Look: https://example.org/a and {DEBATE}#contribution-c1.")
    assert [embed.title for embed in shown.embeds] == ["Prevent: Learning Review"]
    labels = [each["label"] for row in shown.components for each in row["components"]]
    assert labels == ["Evidence", "Full debate", "Ask about this", "Wrong?", "Post here"]
    await reader.click(shown, label="Post here")
    posted = channel.last_message
    assert posted is not None
    assert posted.embeds[0].title == "Prevent: Learning Review"


async def test_what_it_does_not_hold_is_read_and_digested_and_posted_after_a_restart(
    simcord_env: Env,
    reader: simcord.MemberActor,
    channel: simcord.ChannelHandle,
    archive: Archive,
    models: Models,
    root,  # type: ignore[no-untyped-def]
) -> None:
    asked: list[str] = []

    async def fetch(url: str) -> Document:
        asked.append(url)
        return STATEMENT

    paths = {"prevent": str(root / "config" / "topics" / "prevent.toml")}
    desk = desk_for(archive)
    there = replace(desk, linked=Linked(archive, Here(models), paths, 300, fetch))
    await simcord_env.restart_bot(Despatch(there, shard_count=1))
    shown = await summarised(reader, channel, f"({ELSEWHERE}), please")
    assert asked == [ELSEWHERE]
    said = shown.embeds[0].description or ""
    assert "Ottilie Marchbanks" in said and "closed too early" in said
    await simcord_env.restart_bot(Despatch(desk_for(archive), shard_count=1))
    await reader.click(shown, label="Post here")
    posted = channel.last_message
    assert posted is not None
    assert posted.embeds[0].description == said


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("No link at all", "it has no link"),
        ("https://example.org/prevent and http://[broken", "none of its links leads"),
        ("https://user:secret@hansard.parliament.uk/x", "none of its links leads"),
        (ELSEWHERE, "cannot be read just now"),
        ("https://hansard.parliament.uk.evil.example/Commons/x", "none of its links leads"),
    ],
)
async def test_a_refusal_says_what_can_be_summarised(
    reader: simcord.MemberActor, channel: simcord.ChannelHandle, content: str, words: str
) -> None:
    assert words in (await summarised(reader, channel, content)).content


async def test_a_publisher_that_was_read_is_followed_and_a_withdrawn_story_is_not_shown(
    reader: simcord.MemberActor, channel: simcord.ChannelHandle, archive: Archive
) -> None:
    await save_reading(archive, REPORT, NOW)
    linked = desk_for(archive).linked
    assert await linked.followed("https://ledger.example/another")
    assert not await linked.followed("https://ledger.example.evil/another")
    assert not await linked.followed("https://ledger_example/another")
    with pytest.raises(SourceError):
        await linked.digest("https://ledger.example/another")
    await story_of(archive)
    async with archive.write() as connection:
        await connection.execute(stories.update().values(withdrawn_at=NOW))
    assert "was withdrawn" in (await summarised(reader, channel, DEBATE)).content
