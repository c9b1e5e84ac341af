"""'Wrong?': a reader's report, as the operator sees it, and the operator's button that withdraws the story."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import discord

from bot import text
from bot.archive.digests import StoredDigest, digest_of
from bot.archive.reports import TooMany, keep_report
from bot.cogs.answering import Refusal, acknowledged, explain, tell
from bot.cogs.desk import desk_of
from bot.cogs.rendering import DRAFT_COLOUR, TITLE, Page, length, shortened
from bot.domain import Report, Sentence
from bot.errors import InputError
from bot.pipeline.withdraw import LONGEST, withdraw
from bot.summarise.carrying import carrying

LISTED = 24
"""Lines to choose from: Discord allows 25 options, and one is for the whole."""
SAID = 1_000
"""Characters of a report."""
LINE = 300
"""Characters of the line, and of the words beside it, that the operator is shown."""
_WHOLE = "whole"


class Wrong(discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=r"wrong:(?P<story>[0-9]{1,18})"):
    """Under a digest: opens a form."""

    def __init__(self, story_id: int) -> None:
        super().__init__(discord.ui.Button(label="Wrong?", custom_id=f"wrong:{story_id}"))
        self.story_id = story_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[discord.ui.View], match: re.Match[str], /
    ) -> Wrong:
        return cls(int(match["story"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        try:
            stored = await digest_of(desk_of(interaction).archive, self.story_id)
            if stored is None:
                raise Refusal("That digest is not kept any more, so there is nothing to report.")
            await interaction.response.send_modal(ReportForm(stored))
        except Exception as error:
            await explain(interaction, error)


class ReportForm(discord.ui.Modal):
    """Which line, and what is wrong with it."""

    def __init__(self, stored: StoredDigest) -> None:
        super().__init__(title="What is wrong?", timeout=900)
        self.stored = stored
        self.lines = list(stored.digest.sentences())[:LISTED]
        options = [discord.SelectOption(label="The digest as a whole", value=_WHOLE)]
        for number, line in enumerate(self.lines):
            words = text.clean(f"{number + 1}. {line.text}")
            options.append(
                discord.SelectOption(label=words if length(words) <= 100 else f"{words[:48]} …", value=str(number))
            )
        self.which: discord.ui.Select[discord.ui.View] = discord.ui.Select(
            custom_id="which", placeholder="Choose a line", options=options
        )
        self.said: discord.ui.TextInput[discord.ui.View] = discord.ui.TextInput(
            custom_id="said",
            style=discord.TextStyle.paragraph,
            min_length=3,
            max_length=SAID,
            placeholder="Such as: it was not the Minister who said this",
        )
        self.add_item(discord.ui.Label(text="Which line?", component=self.which))
        self.add_item(
            discord.ui.Label(
                text="What is wrong with it?",
                description="The operator of this bot reads it. It is kept for 30 days, with your user id.",
                component=self.said,
            )
        )

    async def on_submit(self, interaction: discord.Interaction, /) -> None:
        async with acknowledged(interaction):
            said = text.clean(self.said.value)
            if not said:
                raise Refusal("Say in a few words what is wrong.")
            desk = desk_of(interaction)
            try:
                await keep_report(
                    desk.archive,
                    self.stored,
                    self._line(),
                    said[:SAID],
                    by=interaction.user.id,
                    guild_id=interaction.guild_id,
                    now=datetime.now(UTC),
                )
            except TooMany:
                raise Refusal(
                    "You have made several reports within the hour; the operator will read those first."
                ) from None
            await tell(interaction, "Thank you. The operator gets it with the line and its evidence.")

    def _line(self) -> Sentence | None:
        chosen = self.which.values[0] if self.which.values else _WHOLE
        return self.lines[int(chosen)] if chosen.isdigit() and int(chosen) < len(self.lines) else None


def page(report: Report) -> Page:
    """The report for the operator: the digest's number, the line, its evidence, and what the reader says."""
    digest = report.digest
    lines = [f"**Story {report.story}, digest {report.digest_id}**", f"A reader says: {shortened(report.said, LINE)}"]
    if report.line is not None:
        speaker = f"{text.escape(report.line.speaker)}: " if report.line.speaker else ""
        lines += ["", f"**The line** ({report.line.origin.value})", f"{speaker}{shortened(report.line.text, LINE)}"]
        lines += ["", "**Its evidence**"]
        for who, words, url in report.words[:2]:
            shown, address = shortened(carrying(report.line.text, words), LINE) or "…", text.allowed_url(url, digest)
            name = text.escape(who)[:120] or "the text"
            lines.append(f"> {shown}\n> — {f'[{name}]({address})' if address else name}")
        if not report.words:
            lines.append("*The words have changed since, or were deleted.*")
    title = f"Reported: {text.escape(digest.title)}"
    embed = discord.Embed(
        title=title if length(title) <= TITLE else "Reported",
        description="\n".join(lines),
        url=text.allowed_url(digest.url, digest),
        colour=DRAFT_COLOUR,
        timestamp=report.made_at,
    )
    return Page((embed,))


def operators_row(report: Report) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    view.add_item(Withdraw(report.story))
    return view


class Withdraw(discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=r"withdraw:(?P<story>[0-9]{1,18})"):
    """In the operator's channel: asks for a reason, and takes the story back."""

    def __init__(self, story_id: int) -> None:
        style = discord.ButtonStyle.danger
        super().__init__(discord.ui.Button(label="Withdraw the story", style=style, custom_id=f"withdraw:{story_id}"))
        self.story_id = story_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[discord.ui.View], match: re.Match[str], /
    ) -> Withdraw:
        return cls(int(match["story"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        try:
            check_operator(interaction)
            await interaction.response.send_modal(WithdrawForm(self.story_id))
        except Exception as error:
            await explain(interaction, error)


def check_operator(interaction: discord.Interaction) -> None:
    """Raises Refusal unless this is the operator's channel and the person manages its messages."""
    theirs = interaction.permissions
    here = interaction.channel_id == desk_of(interaction).settings.operator_channel
    if not here or not (theirs.manage_messages or theirs.administrator):
        raise Refusal("Only the bot's operator can do that: in their own channel, with Manage Messages.")


class WithdrawForm(discord.ui.Modal):
    def __init__(self, story_id: int) -> None:
        super().__init__(title="Withdraw the story", timeout=900)
        self.story_id = story_id
        self.reason: discord.ui.TextInput[discord.ui.View] = discord.ui.TextInput(
            custom_id="reason", min_length=3, max_length=LONGEST
        )
        self.add_item(
            discord.ui.Label(
                text="Why?",
                description="It takes the digest's place in every copy. The story is not posted again.",
                component=self.reason,
            )
        )

    async def on_submit(self, interaction: discord.Interaction, /) -> None:
        async with acknowledged(interaction):
            check_operator(interaction)
            try:
                digest = await withdraw(desk_of(interaction).archive, self.story_id, text.clean(self.reason.value))
            except InputError as error:
                raise Refusal(f"That was not done: {text.escape(str(error))}.") from None
            await tell(interaction, f"Withdrawn: {text.escape(digest.title)[:300]}. Its copies are being replaced.")
