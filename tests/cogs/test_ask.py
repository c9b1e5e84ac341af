"""/ask as people use it: each sentence with its source, follow-ups, posting, waiting, and refusals in a sentence."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import discord
import pytest
import simcord
from simcord import Env
from sqlalchemy import update

from bot.archive.engine import Archive
from bot.archive.schema import stories
from bot.cogs import ask as module
from bot.cogs.answering import Refusal
from bot.cogs.ask import asked_before, drawn
from bot.cogs.client import Despatch
from bot.cogs.threads import CONVERSATIONS, MINUTES, REMEMBERED, WAITING, WAITING_EACH, Talk
from bot.domain import Answer, Origin, Sentence, Source
from bot.errors import ModelError
from tests.cogs.conftest import desk_for
from tests.cogs.samples import LORDS, NOW, REVIEW, hold
from tests.cogs.test_digests import shown, words
from tests.cogs.test_evidence import story_of
from tests.standins.discord import Discord
from tests.standins.discord_rules import by_hand

pytestmark = pytest.mark.simcord(shard_count=1)

ADDRESS = REVIEW.contributions[2].url or ""
SOURCE = Source(
    "r3", REVIEW.title, REVIEW.date, "Commons", ADDRESS, "Ada Thornbury", "Lab", "The Minister for Security"
)


def answer(question: str) -> Answer:
    said = Sentence("“We will appoint an independent Prevent commissioner.”", ("r3",), Origin.QUOTED, "Ada Thornbury")
    return Answer(question, True, (said,), links={"r3": ADDRESS}, sources=(SOURCE,))


class Reader:
    """Answers in the place of the archive's reading: at once, or when `go` is set. `asked` keeps what it was given."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, tuple[str, ...]]] = []
        self.go = asyncio.Event()
        self.go.set()
        self.fails: Exception | None = None

    async def __call__(
        self, _archive: Archive, _worker: object, question: str, *, previous: Any, reading: Callable[[int], None]
    ) -> Answer:
        self.asked.append((question, tuple(previous)))
        reading(48)
        await self.go.wait()
        if self.fails:
            raise self.fails
        return answer(question)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Reader:
    made = Reader()
    monkeypatch.setattr(module, "ask_archive", made)
    return made


def body(result: simcord.InteractionResult) -> str:
    (part,) = shown(result)
    return "\n".join(embed.description or "" for embed in part.embeds)


async def test_each_sentence_stands_under_who_said_it_when_and_where_with_a_link(
    reader: simcord.MemberActor, channel: simcord.ChannelHandle, reads: Reader
) -> None:
    said = body(await reader.slash(channel, "ask", question="Will there be a commissioner?"))
    assert said.splitlines() == [
        "> Will there be a commissioner?",
        "",
        f"**Ada Thornbury** · Labour · The Minister for Security · 12 February 2025 · [{REVIEW.title}]({ADDRESS})",
        f"- “We will appoint an independent Prevent commissioner.” [↗]({ADDRESS})",
    ]


def test_what_the_record_does_not_say_is_said_first_and_then_the_nearest_with_its_source() -> None:
    near = "The nearest thing that it does say: Ada Thornbury: “We will appoint a commissioner.”"
    for notes in (("The record does not say how many cod.", near), ("Nobody spoke of cod.", near), ()):
        (embed,) = drawn("How many cod?", Answer("?", False, notes=notes, sources=(SOURCE,)), ())
        lines = (embed.description or "").splitlines()
        assert lines[0] == "> How many cod?" and "does not say" in lines[2] and lines[2].startswith("**")
        assert lines[-1].endswith(f"12 February 2025 · [{REVIEW.title}]({ADDRESS})")
        assert all(note in (embed.description or "") for note in notes)


async def test_a_follow_up_is_a_form_and_leans_on_what_the_answer_shows_after_a_restart_too(
    simcord_env: Env, reader: simcord.MemberActor, channel: simcord.ChannelHandle, reads: Reader, archive: Archive
) -> None:
    (part,) = shown(await reader.slash(channel, "ask", question="What of *the* commissioner @everyone?"))
    await simcord_env.restart_bot(Despatch(desk_for(archive), shard_count=1))
    form = await reader.click(part, label="Follow-up")
    second = await reader.submit_modal(form, {"question": "And when?"})
    assert reads.asked[-1] == ("And when?", ("What of *the* commissioner @everyone?",))
    assert body(second).startswith("-# After: What of \\*the\\* commissioner @\u200beveryone?\n> And when?")
    (part,) = shown(second)
    form = await reader.click(part, label="Follow-up")
    await reader.submit_modal(form, {"question": "To whom will he answer?"})
    assert reads.asked[-1][1] == ("What of *the* commissioner @everyone?", "And when?")


async def test_post_here_shows_the_answer_as_it_stands_and_others_may_go_on_from_it(
    simcord_env: Env, reader: simcord.MemberActor, channel: simcord.ChannelHandle, reads: Reader, archive: Archive
) -> None:
    result = await reader.slash(channel, "ask", question="Will there be a commissioner?")
    (part,) = shown(result)
    await simcord_env.restart_bot(Despatch(desk_for(archive), shard_count=1))
    await reader.click(part, label="Post here")
    posted = channel.last_message
    assert posted is not None and not posted.flags.ephemeral
    assert posted.embeds[0].description == body(result)
    assert [child.label for row in posted.components for child in row.children] == ["Follow-up"]  # type: ignore[union-attr]
    other = simcord_env.guild.add_member(simcord_env.create_user("other"))
    form = await other.click(posted, label="Follow-up")
    assert "And when?" in body(await other.submit_modal(form, {"question": "And when?"}))
    assert reads.asked[-1][1] == ("Will there be a commissioner?",)


async def test_in_a_thread_the_next_question_keeps_the_subject_and_elsewhere_it_does_not(
    simcord_env: Env, reader: simcord.MemberActor, channel: simcord.ChannelHandle, reads: Reader
) -> None:
    real = simcord_env.bot.get_channel(channel.id)
    assert isinstance(real, discord.TextChannel)
    await real.create_thread(name="The review", type=discord.ChannelType.public_thread)
    (thread,) = channel.threads
    for question in ("What did the review find?", "Who led it?", "And when?"):
        await reader.slash(thread, "ask", question=question)
    assert reads.asked[-1] == ("And when?", ("What did the review find?", "Who led it?"))
    other = simcord_env.guild.add_member(simcord_env.create_user("other"))
    await other.slash(thread, "ask", question="And where?")
    await reader.slash(channel, "ask", question="And why?")
    assert [previous for _, previous in reads.asked[-2:]] == [(), ()]


@pytest.mark.parametrize(
    ("question", "said"),
    [("\u202e\u200b ?", "no question in that"), ("why " * 400, "longer than 1,000 characters")],
)
async def test_what_is_no_question_is_said_plainly(
    reader: simcord.MemberActor, channel: simcord.ChannelHandle, reads: Reader, question: str, said: str
) -> None:
    assert said in words(await reader.slash(channel, "ask", question=question))
    assert reads.asked == []


async def test_a_model_that_fails_is_no_traceback(
    reader: simcord.MemberActor, channel: simcord.ChannelHandle, reads: Reader
) -> None:
    reads.fails = ModelError("the model worker died twice")
    said = words(await reader.slash(channel, "ask", question="Will there be a commissioner?"))
    assert "/search finds the words" in said and "worker" not in said


async def test_it_says_what_it_reads_where_that_takes_long_and_takes_it_back_where_it_fails(
    discord: Discord, online: Callable[[], Any], reads: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.1)
    await online()
    for number, error in enumerate((None, ModelError("gone")), start=1):
        reads.fails = error
        reads.go.clear()
        asking = asyncio.create_task(discord.interact(command="ask", options={"question": "Who?"}, settle=0.5))
        async with asyncio.timeout(5):
            while len(seen := list(discord.world.interactions.values())) < number or not seen[-1].messages:
                await asyncio.sleep(0.02)
        assert seen[-1].messages[0]["content"] == "Reading 48 contributions…"
        reads.go.set()
        told = await asking
        assert told["acknowledged_seconds"] < 1.5 and told["ephemeral"]
        (message,) = told["messages"]
        assert (message["content"] == "") is (error is None)
        assert bool(message["embeds"]) is (error is None)


async def test_too_many_questions_of_one_person_are_refused_until_one_is_answered(
    discord: Discord, online: Callable[[], Any], reads: Reader
) -> None:
    await online()
    reads.go.clear()
    waiting = [
        asyncio.create_task(discord.interact(command="ask", options={"question": f"Who is {n}?"}))
        for n in range(WAITING_EACH)
    ]
    async with asyncio.timeout(5):
        while len(reads.asked) < WAITING_EACH:
            await asyncio.sleep(0.02)
    refused = await discord.interact(command="ask", options={"question": "And who is the third?"})
    assert "still at work on 2 questions of yours" in refused["messages"][0]["content"]
    reads.go.set()
    assert all(each["messages"][0]["embeds"] for each in await asyncio.gather(*waiting))
    again = await discord.interact(command="ask", options={"question": "And who is the third?"})
    assert again["messages"][0]["embeds"]


def test_what_is_remembered_is_bounded_in_number_and_in_time() -> None:
    now = [0.0]
    talk = Talk(lambda: now[0])
    for n in range(REMEMBERED + 3):
        talk.remember(1, 2, f"q{n}")
    assert talk.previous(1, 2) == tuple(f"q{n}" for n in range(3, REMEMBERED + 3))
    for person in range(2, CONVERSATIONS + 5):
        talk.remember(person, 2, "q")
    assert talk.previous(1, 2) == () and len(talk._asked) == CONVERSATIONS
    now[0] = MINUTES * 60 + 1
    assert talk.previous(50, 2) == ()
    talk.remember(50, 2, "later")
    assert talk.previous(50, 2) == ("later",) and len(talk._asked) == 1


def test_the_waiting_room_is_bounded_for_all_together() -> None:
    talk = Talk()
    turns = [talk.turn(person) for person in range(WAITING)]
    for each in turns:
        each.__enter__()
    with pytest.raises(Refusal, match="Too many"), talk.turn(WAITING + 1):
        pass
    turns[0].__exit__(None, None, None)
    with talk.turn(WAITING + 1):
        pass


def test_every_limit_is_kept_and_no_line_is_cut_whatever_the_answer_is() -> None:
    nasty = "@everyone **[x](https://evil.example)** \U0001f469\u200d\U0001f4bb`|" * 40
    address = "https://hansard.parliament.uk/" + "a" * 480
    sources = tuple(
        Source(f"c{n}", nasty, REVIEW.date, nasty, address, f"{n} {nasty}", nasty[:60], nasty) for n in range(30)
    )
    lines = tuple(
        Sentence(f"Line {n} ends here.", (f"c{n}",), Origin.REPORTED, s.speaker) for n, s in enumerate(sources)
    )
    links = {s.id: address for s in sources}
    asked = Answer("?", True, lines, (nasty,), links=links, sources=sources)
    embeds = drawn("a_" * 500, asked, ("_b" * 500,) * 3)
    message = {"embeds": [each.to_dict() for each in embeds], "allowed_mentions": {"parse": []}}
    assert list(by_hand("POST", "/channels/1/messages", message)) == []
    whole = "\n".join(each.description or "" for each in embeds)
    told = whole.count("ends here.")
    assert f"{30 - told} lines have no room" in whole or f"{31 - told} lines have no room" in whole
    assert "@everyone" not in whole and "(https://evil" not in whole


async def told(discord: Discord, **given: Any) -> tuple[Any, str]:
    """The one message of an answer that the real models give, and its text."""
    done = await discord.interact(**given, wait=90)
    (message,) = done["messages"]
    assert done["acknowledged_seconds"] < 1.5 and done["ephemeral"]
    return message, message["embeds"][0]["description"]


async def test_a_story_is_asked_from_under_its_digest_and_read_by_the_real_models(
    discord: Discord, online: Callable[[], Any], archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 600)
    story = await story_of(archive, REVIEW)
    client = await online()
    try:
        (digest,) = (await discord.interact(command="digest"))["messages"]
        form = await discord.interact(custom_id=f"ask:about:{story}", message=digest["id"])
        asked = "How many recommendations follow from the review?"
        message, said = await told(discord, form=form, fields={"question": asked})
        assert "14 recommendations" in said and "**Ada Thornbury**" in said
        form = await discord.interact(custom_id=f"ask:follow:{story}", message=message["id"])
        _, said = await told(discord, form=form, fields={"question": "What is the quota for cod in the North Sea?"})
        assert said.startswith(f"-# After: {asked}") and "not say" in said
    finally:
        await client.desk.worker.close()


async def test_the_archive_is_read_by_the_real_models(
    discord: Discord, online: Callable[[], Any], archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 600)
    await hold(archive, REVIEW, LORDS)
    client = await online()
    try:
        asked = "When will the Prevent commissioner be appointed?"
        _, said = await told(discord, command="ask", options={"question": asked})
        assert "July 2025" in said and "**Ada Thornbury**" in said and ADDRESS in said
    finally:
        await client.desk.worker.close()


async def test_a_story_that_was_withdrawn_is_not_asked(
    reader: simcord.MemberActor, channel: simcord.ChannelHandle, archive: Archive
) -> None:
    story = await story_of(archive, REVIEW)
    (part,) = shown(await reader.slash(channel, "digest"))
    async with archive.write() as connection:
        await connection.execute(update(stories).where(stories.c.id == story).values(withdrawn_at=NOW))
    form = await reader.click(part, label="Ask about this")
    assert "not kept any more" in words(await reader.submit_modal(form, {"question": "What did it find?"}))


def test_what_stands_in_no_answer_is_no_question() -> None:
    assert asked_before(None) == ()
