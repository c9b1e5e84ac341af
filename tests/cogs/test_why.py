"""/why, through every reason that a reader can be given."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import simcord
from sqlalchemy import insert, update

from bot.archive.documents import save_reading
from bot.archive.engine import Archive
from bot.archive.health import record_failure, record_success
from bot.archive.schema import deliveries, matches, stories, story_documents
from bot.archive.subscriptions import pause, subscribe, subscriptions_of, unsubscribe
from bot.domain import Document
from tests.cogs.samples import NOW, digest, keep
from tests.cogs.test_evidence import SAID

pytestmark = pytest.mark.simcord(shard_count=1)
LINK = f"{SAID.url}#contribution-c1"


async def read(archive: Archive, document: Document = SAID, *, matched: bool | None = True) -> tuple[int, int]:
    """Read and judged; the document's row and its version's."""
    saved = await save_reading(archive, document, NOW)
    async with archive.write() as connection:
        await connection.execute(
            insert(matches).values(
                version_id=saved.version_id,
                topic="prevent",
                matched=matched,
                reasons=["the Prevent programme is named twice"] if matched else ["“prevent” is a verb here"],
            )
        )
    return saved.document_id, saved.version_id


async def told(archive: Archive, *, digested: bool = True) -> int:
    """A story of the document; its number."""
    document_id, _ = await read(archive)
    story = await keep(archive, digest()) if digested else await undigested(archive)
    async with archive.write() as connection:
        await connection.execute(
            insert(story_documents).values(
                story_id=story, document_id=document_id, topic="prevent", reason="first", added_at=NOW
            )
        )
    return story


async def undigested(archive: Archive) -> int:
    async with archive.write() as connection:
        made = await connection.execute(insert(stories).values(topic="prevent", created_at=NOW, ripe_at=NOW))
    return int(made.inserted_primary_key[0])


async def why(reader: simcord.MemberActor, channel: simcord.ChannelHandle, item: str = LINK) -> str:
    result = await reader.slash(channel, "why", item=item)
    assert result.response is not None
    assert result.response.ephemeral
    return result.response.content or (result.response.embeds[0].description or "")


async def test_an_item_that_was_never_read_says_when_the_sources_were(
    reader: simcord.MemberActor, channel: simcord.ChannelHandle, archive: Archive
) -> None:
    await record_success(archive, "hansard", NOW, items=3)
    await record_failure(archive, "feed:Ledger", NOW, "404")
    said = await why(reader, channel, "https://hansard.parliament.uk/Commons/2025-02-13/debates/AAAAAAAA-0000/Other")
    assert "not read anything at that address" in said
    assert "last read <t:" in said
    assert "Failing now: feed:Ledger" in said
    assert "those words in its title" in await why(reader, channel, "fisheries")
    assert "Give the link" in await why(reader, channel, "\u200b")
    assert "Give the link" in await why(reader, channel, "x" * 6_000)


@pytest.mark.parametrize("item", [LINK, SAID.url, "LEARNING review", f"<{SAID.url}?utm=1>"])
async def test_read_and_not_about_the_topic(
    reader: simcord.MemberActor, channel: simcord.ChannelHandle, archive: Archive, item: str
) -> None:
    await read(archive, matched=False)
    said = await why(reader, channel, item)
    assert f"[Prevent: Learning Review]({SAID.url})" in said
    assert "About the Prevent programme: no, so it is not posted: “prevent” is a verb here." in said
    assert "Posted here" not in said


async def test_judged_later_digested_later_withdrawn_and_filled_in(
    reader: simcord.MemberActor, channel: simcord.ChannelHandle, archive: Archive
) -> None:
    await read(archive, replace(SAID, id="other", title="Owed", url=None, settled=False), matched=None)
    assert "not judged yet" in (owed := await why(reader, channel, "owed"))
    assert "it may still change" in owed
    story = await told(archive, digested=False)
    assert "its digest is still to be made" in await why(reader, channel)
    async with archive.write() as connection:
        await connection.execute(
            update(stories).where(stories.c.id == story).values(first_digested_at=NOW, backfilled=True)
        )
    assert "filled in afterwards" in await why(reader, channel)
    async with archive.write() as connection:
        await connection.execute(update(stories).where(stories.c.id == story).values(withdrawn_at=NOW))
    assert "the story was withdrawn" in await why(reader, channel)


async def test_how_the_channel_stands_to_it(
    reader: simcord.MemberActor, channel: simcord.ChannelHandle, archive: Archive
) -> None:
    story = await told(archive)
    assert "this channel is not subscribed" in await why(reader, channel)
    later = NOW + timedelta(days=2)
    await subscribe(archive, guild_id=None, channel_id=channel.id, topic="prevent", by=5, now=later)
    assert "after the story was first told" in await why(reader, channel)
    [kept] = await subscriptions_of(archive, channel_id=channel.id)
    for state, words in (
        ("owed", "it waits to be posted"),
        ("gone", "somebody deleted the message"),
        ("dead", "Discord refused it: too \\*bold\\*"),
        ("posted", f"/{channel.id}/77"),
    ):
        async with archive.write() as connection:
            await connection.execute(deliveries.delete())
            await connection.execute(
                insert(deliveries).values(
                    subscription_id=kept.id,
                    story_id=story,
                    state=state,
                    owed_at=NOW,
                    messages=[77] if state == "posted" else [],
                    error="too *bold*" if state == "dead" else None,
                    posted_at=NOW,
                )
            )
        assert words in await why(reader, channel)
    async with archive.write() as connection:
        await connection.execute(deliveries.delete())
    await pause(archive, kept.id, "the bot may not post in the channel", later)
    assert "is paused since" in await why(reader, channel)
    await unsubscribe(archive, channel_id=channel.id)
    assert "subscription ended" in await why(reader, channel)
