"""/ask and 'Ask about this': an answer in Parliament's own words, each sentence with its source."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import groupby

import aiohttp
import discord
import structlog
from discord import app_commands

from bot import text
from bot.cogs.answering import Refusal, acknowledged
from bot.cogs.desk import desk_of
from bot.cogs.places import THREADS
from bot.cogs.posting import post_here
from bot.cogs.rendering import RESERVE, SETTLED_COLOUR, TOTAL, Room, length, shortened
from bot.cogs.threads import REMEMBERED
from bot.domain import Answer, Sentence, Source
from bot.errors import ModelError
from bot.pipeline.ask import ask as ask_archive
from bot.pipeline.ask_story import ask_story

LONGEST = 1_000
"""Characters of a question: what is longer is no question that one answer could meet."""
PATIENCE = 5.0
"""Seconds after which the person is told that it is being read."""
TOKEN = 14 * 60.0
"""Seconds that an interaction can be answered in, Discord's fifteen minutes less one."""

_EARLIER, _NAME, _TITLE = 300, 100, 120
"""Characters shown of an earlier question, of a name or an office, and of a debate's title."""

_QUESTION_LINE = re.compile(r"^> (.+)$", re.MULTILINE)
_EARLIER_LINE = re.compile(r"^-# After: (.+)$", re.MULTILINE)
_ESCAPE = re.compile(r"\\(.)")


log = structlog.get_logger(__name__)


@app_commands.command(name="ask", description="A question, answered in Parliament's own words, each with its source")
@app_commands.describe(question="One thing to ask of the record, such as: what did ministers say about referrals?")
@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
async def ask(interaction: discord.Interaction, question: str) -> None:
    async with acknowledged(interaction):
        await _answer(interaction, checked(question), _remembered(interaction))


def checked(question: str) -> str:
    """The question, cleaned. Raises Refusal for one without a word, and for a longer one than can be answered."""
    asked = text.clean(question)
    if not any(c.isalnum() for c in asked):
        raise Refusal("There is no question in that; ask in a sentence what you want to know.")
    if len(asked) > LONGEST:
        raise Refusal(f"That is longer than {LONGEST:,} characters; ask one thing at a time.")
    return asked


def _remembered(interaction: discord.Interaction) -> tuple[str, ...]:
    """What this person asked lately in this thread; elsewhere each question stands alone."""
    if not _in_thread(interaction) or interaction.channel_id is None:
        return ()
    return desk_of(interaction).talk.previous(interaction.user.id, interaction.channel_id)


def _in_thread(interaction: discord.Interaction) -> bool:
    return interaction.channel is not None and interaction.channel.type in THREADS


async def _answer(
    interaction: discord.Interaction, question: str, previous: Sequence[str], story: int | None = None
) -> None:
    """Answer the acknowledged interaction, from the story alone where one is given; where that takes long, say
    meanwhile what is being done."""
    desk = desk_of(interaction)
    with desk.talk.turn(interaction.user.id):
        if _in_thread(interaction) and interaction.channel_id is not None:
            desk.talk.remember(interaction.user.id, interaction.channel_id, question)
        progress = Progress(interaction)
        try:
            async with asyncio.timeout(TOKEN), progress:
                answer = await (
                    ask_archive(desk.archive, desk.worker, question, previous=previous, reading=progress.reading)
                    if story is None
                    else ask_story(
                        desk.archive, desk.worker, story, question, previous=previous, reading=progress.reading
                    )
                )
        except TimeoutError:
            raise Refusal("That took too long, for much is being read just now; ask again in a few minutes.") from None
        except ModelError as error:
            log.error("question not read", interaction=interaction.id, exc_info=error)
            raise Refusal("I cannot read for an answer just now; /search finds the words meanwhile.") from None
    if answer is None:
        raise Refusal("What that digest was made of is not kept any more; put the question with /ask.")
    shown = drawn(question, answer, previous)
    await interaction.edit_original_response(content=None, embeds=shown, view=_row(story, own=True))


class Progress:
    """Tells the person, after five seconds, what is being done; where the work fails, that is taken back."""

    def __init__(self, interaction: discord.Interaction, waiting: str = "Your question waits its turn…") -> None:
        self._interaction, self._waiting = interaction, waiting
        self._many = 0
        self._told = False
        self._telling: asyncio.Task[None] | None = None

    def reading(self, contributions: int) -> None:
        self._many = contributions

    async def __aenter__(self) -> Progress:
        self._telling = asyncio.create_task(self._tell(), name="progress")
        return self

    async def __aexit__(self, failed: object, *_: object) -> None:
        assert self._telling is not None
        self._telling.cancel()
        await asyncio.wait({self._telling})
        if failed and self._told:
            with suppress(discord.HTTPException):
                await self._interaction.delete_original_response()

    async def _tell(self) -> None:
        said, wait = "", PATIENCE
        while True:
            await asyncio.sleep(wait)
            saying = f"Reading {self._many} contributions…" if self._many else self._waiting
            if saying != said:
                self._told = True
                with suppress(discord.HTTPException, aiohttp.ClientError):
                    await self._interaction.edit_original_response(content=saying)
            said, wait = saying, 1.0


def drawn(question: str, answer: Answer, previous: Sequence[str]) -> list[discord.Embed]:
    """The answer under its question, and under what was asked before it: a follow-up reads both from here.

    Every limit is kept whatever the texts are; a line that has no room is counted, never cut."""
    footer = f"{text.MADE} Follow a link before you rely on what it carries."
    room = Room(TOTAL - length(footer) - RESERVE)
    earlier = [f"-# After: {shortened(asked, _EARLIER)}" for asked in previous[-REMEMBERED:]]
    room.take([*earlier, f"> {text.escape(question)}"])
    omitted = 0
    for block in _blocks(answer):
        owed, lines = (["", block[0]], block[1:]) if len(block) > 1 else ([""], block)
        for line in lines:
            if room.take([*owed, line]):
                owed = []
            else:
                omitted += 1
    if omitted:
        many = "One line has" if omitted == 1 else f"{omitted} lines have"
        room.embeds[-1] += ["", f"*{many} no room here; ask more narrowly.*"]
    embeds = [discord.Embed(description="\n".join(lines).strip(), colour=SETTLED_COLOUR) for lines in room.embeds]
    embeds[-1].set_footer(text=footer)
    return embeds


def _blocks(answer: Answer) -> Iterator[list[str]]:
    """Each a heading and its lines: who said it, when and where, then the sentences; or why there is no answer."""
    if not answer.answered:
        why = [text.escape(note) for note in answer.notes]
        said = bool(answer.notes) and " not say" in answer.notes[0]
        yield [f"**{why[0]}**", *why[1:]] if said else ["**The record does not say.**", *why]
        for source in answer.sources:
            yield [_heading(None, source)]
        return
    sources = {source.id: source for source in answer.sources}
    told = [
        (sentence, next((sources[id_] for id_ in sentence.evidence if id_ in sources), None))
        for sentence in answer.sentences
    ]

    def place(line: tuple[Sentence, Source | None]) -> object:
        sentence, source = line
        return sentence.speaker, source and (source.title, source.date)

    for _, group in groupby(told, key=place):
        lines = list(group)
        yield [_heading(*lines[0]), *(_line(sentence, answer) for sentence, _ in lines)]
    if answer.notes:
        yield [f"-# {text.escape(note)}" for note in answer.notes]


def _heading(sentence: Sentence | None, source: Source | None) -> str:
    """ "**Dan Jarvis** · Labour · 12 February 2025 · [Prevent: Learning Review](…)", as much of it as is known."""
    speaker = (sentence.speaker if sentence else None) or (source.speaker if source else None)
    parts = [f"**{shortened(speaker, _NAME)}**" if speaker else ""]
    if source is not None:
        if source.speaker == speaker:
            parts += [text.escape(text.party_words(source.party)), shortened(source.role or "", _NAME)]
        title, url = shortened(source.title, _TITLE), text.linkable(source.url)
        parts += [text.day_words(source.date), f"[{title}]({url})" if url else title]
    return " · ".join(part for part in parts if part) or "**Unattributed**"


def _line(sentence: Sentence, answer: Answer) -> str:
    """The sentence with an arrow to each contribution that carries it."""
    links = [text.linkable(answer.links.get(id_)) for id_ in sentence.evidence]
    return f"- {text.marked_line(text.Line(sentence.text, tuple(dict.fromkeys(filter(None, links)))[:2]))}"


def _row(story: int | None, *, own: bool) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    view.add_item(FollowUp(story))
    if own:
        view.add_item(PostAnswer(story))
    return view


class FollowUp(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=r"ask:follow(?::(?P<story>[0-9]{1,18}))?"
):
    """Opens a form for the question that follows; what it follows is read from the answer it stands under."""

    def __init__(self, story: int | None = None) -> None:
        custom_id = _named("ask:follow", story)
        super().__init__(discord.ui.Button(label="Follow-up", style=discord.ButtonStyle.primary, custom_id=custom_id))
        self.story = story

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[discord.ui.View], match: re.Match[str], /
    ) -> FollowUp:
        return cls(_story(match))

    async def callback(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Form(asked_before(interaction.message), self.story))


class PostAnswer(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=r"ask:post(?::(?P<story>[0-9]{1,18}))?"
):
    """Shows the answer, as it stands, to the channel."""

    def __init__(self, story: int | None = None) -> None:
        super().__init__(discord.ui.Button(label="Post here", custom_id=_named("ask:post", story)))
        self.story = story

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[discord.ui.View], match: re.Match[str], /
    ) -> PostAnswer:
        return cls(_story(match))

    async def callback(self, interaction: discord.Interaction) -> None:
        async def post() -> None:
            shown = interaction.message.embeds if interaction.message else []
            await interaction.followup.send(embeds=shown, view=_row(self.story, own=False))

        await post_here(interaction, post)


class AskAbout(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=r"ask:about:(?P<story>[0-9]{1,18})"
):
    """Under a digest: opens a form for a question that is answered from that story's documents."""

    def __init__(self, story: int) -> None:
        super().__init__(discord.ui.Button(label="Ask about this", custom_id=f"ask:about:{story}"))
        self.story = story

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[discord.ui.View], match: re.Match[str], /
    ) -> AskAbout:
        return cls(int(match["story"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Form((), self.story))


def _named(what: str, story: int | None) -> str:
    return what if story is None else f"{what}:{story}"


def _story(match: re.Match[str]) -> int | None:
    return int(match["story"]) if match["story"] else None


class Form(discord.ui.Modal):
    """Asks for a question: one that follows `previous`, or of one story."""

    def __init__(self, previous: Sequence[str], story: int | None = None) -> None:
        super().__init__(title="A question that follows" if previous else "Ask about this", timeout=TOKEN)
        self.previous, self.story = tuple(previous), story
        self.question = discord.ui.TextInput[Form](
            style=discord.TextStyle.paragraph, custom_id="question", min_length=1, max_length=LONGEST
        )
        asked = text.clean(previous[-1])[:95] if previous else None
        self.add_item(discord.ui.Label(text="Your question", description=asked, component=self.question))

    async def on_submit(self, interaction: discord.Interaction, /) -> None:
        async with acknowledged(interaction):
            await _answer(interaction, checked(self.question.value), self.previous, self.story)


def asked_before(message: discord.Message | None) -> tuple[str, ...]:
    """The questions that an answer shows, newest last: what the next one may lean on, with nothing stored."""
    shown = (message.embeds[0].description or "") if message and message.embeds else ""
    found = [*_EARLIER_LINE.findall(shown), *_QUESTION_LINE.findall(shown)[:1]]
    return tuple(text.clean(_ESCAPE.sub(r"\1", question)) for question in found)[-REMEMBERED:]
