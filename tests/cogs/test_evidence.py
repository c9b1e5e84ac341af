"""'Evidence' under a digest, as a reader uses it."""

from __future__ import annotations

from dataclasses import replace

import pytest
import simcord
from simcord import Env
from sqlalchemy import insert, update

from bot.archive.documents import save_reading
from bot.archive.engine import Archive
from bot.archive.evidence import evidence_of
from bot.archive.schema import stories, story_documents
from bot.cogs.client import Despatch
from bot.cogs.evidence import PAGE, evidence_pages
from bot.cogs.rendering import DESCRIPTION, length
from bot.domain import Contribution, Document, Kind, Origin, Point
from tests.cogs.conftest import desk_for
from tests.cogs.samples import DEBATE, NOW, digest, keep, sentence

pytestmark = pytest.mark.simcord(shard_count=1)

SAID = Document(
    "hansard",
    "17D395DB",
    Kind.STATEMENT,
    "Prevent: Learning Review",
    (
        Contribution("c1", "The case was closed too soon. Records were poor.", "Dan Jarvis", url=f"{DEBATE}#c1"),
        Contribution("c2", "Prevent achieves @everyone little for **what** it costs.", "Mark Francois"),
    ),
    date=digest().date,
    house="Commons",
    url=DEBATE,
)


async def story_of(archive: Archive, document: Document = SAID, **changes: object) -> int:
    story = await keep(archive, digest(**changes))
    saved = await save_reading(archive, document, NOW)
    async with archive.write() as connection:
        await connection.execute(
            insert(story_documents).values(
                story_id=story, document_id=saved.document_id, topic="prevent", reason="first", added_at=NOW
            )
        )
    return story


async def pressed(
    reader: simcord.MemberActor, channel: simcord.ChannelHandle, label: str = "Evidence"
) -> simcord.InteractionResult:
    shown = await reader.slash(channel, "digest")
    assert shown.response is not None
    return await reader.click(shown.response, label=label)


async def test_each_line_stands_beside_the_words_that_carry_it(
    reader: simcord.MemberActor, channel: simcord.ChannelHandle, archive: Archive
) -> None:
    await story_of(archive)
    answer = await pressed(reader, channel)
    assert answer.response is not None
    assert answer.response.ephemeral
    [embed] = answer.response.embeds
    said = embed.description or ""
    assert f"The case was closed too soon.\n> The case was closed too soon.\n> — [Dan Jarvis]({DEBATE}#c1)" in said
    assert "“Records were poor.”\n> Records were poor.\n" in said
    assert "> Prevent achieves @\u200beveryone little for \\*\\*what\\*\\* it costs.\n> — Mark Francois" in said


async def test_a_line_whose_words_have_gone_says_so(
    reader: simcord.MemberActor, channel: simcord.ChannelHandle, archive: Archive
) -> None:
    await story_of(archive, replace(SAID, contributions=SAID.contributions[:1]))
    answer = await pressed(reader, channel)
    assert answer.response is not None
    assert "have changed since" in (answer.response.embeds[0].description or "")


async def test_pages_turn_and_the_buttons_outlive_a_restart(
    reader: simcord.MemberActor, channel: simcord.ChannelHandle, archive: Archive, simcord_env: Env
) -> None:
    lines = tuple(sentence(f"Line {number} of the case closed too soon, " + "at length " * 20) for number in range(40))
    await story_of(archive, points=(Point("Dan Jarvis", "Lab", None, lines),))
    answer = await pressed(reader, channel)
    assert answer.response is not None
    await simcord_env.restart_bot(Despatch(desk_for(archive), shard_count=1))
    seen = [answer.response.embeds[0].description or ""]
    page = answer.response
    while "Next" in [each["label"] for row in page.components for each in row["components"]]:
        turned = await reader.click(page, label="Next")
        page = turned.response or page
        seen.append(page.embeds[0].description or "")
        assert len(seen) < 20
    told = "\n".join(seen)
    assert all(f"Line {number} of" in told for number in range(40))
    back = await reader.click(page, label="Previous")
    assert back.response is not None
    assert back.response.embeds[0].description == seen[-2]


async def test_a_withdrawn_story_and_one_that_is_gone_are_refused_in_words(
    reader: simcord.MemberActor, channel: simcord.ChannelHandle, archive: Archive
) -> None:
    story = await story_of(archive)
    shown = await reader.slash(channel, "digest")
    assert shown.response is not None
    async with archive.write() as connection:
        await connection.execute(update(stories).where(stories.c.id == story).values(withdrawn_at=NOW))
    answer = await reader.click(shown.response, label="Evidence")
    assert answer.response is not None
    assert "was withdrawn" in answer.response.content
    assert await evidence_of(archive, 999) is None


async def test_no_text_whatever_makes_a_page_too_long(archive: Archive) -> None:
    hostile = "\U0001f600`*" * 3_000
    document = replace(SAID, contributions=(replace(SAID.contributions[0], text=hostile + ". " + "x" * 9_000),))
    lines = (sentence(hostile), sentence("x" * 9_000, origin=Origin.QUOTED), sentence("Short."))
    story = await story_of(archive, document, points=(Point("\U0001f600" * 200, None, None, lines),))
    found = await evidence_of(archive, story)
    assert found is not None
    pages = evidence_pages(found)
    assert len(pages) > 1
    assert all(length(page) <= DESCRIPTION for page in pages)
    assert sum(length(page) <= PAGE for page in pages) >= 1
