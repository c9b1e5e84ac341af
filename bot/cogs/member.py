"""/member: what a Member has said on the topic, the newest first, with a picture of it over time.

Members of either House alone, by Parliament's own number: nobody else has a page, whoever speaks of them."""

from __future__ import annotations

import asyncio
import difflib
import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import discord
from discord import app_commands

from bot import text
from bot.archive.members import Speaker, members_like, resolve
from bot.archive.members import words as name_words
from bot.archive.said import Said, member_days, member_of, said_by
from bot.archive.trends import Part, days_read, span, unread
from bot.cogs import charts, pictures
from bot.cogs.answering import Refusal, acknowledged, turning
from bot.cogs.desk import Desk, desk_of
from bot.cogs.posting import post_here
from bot.cogs.rendering import shortened
from bot.cogs.trend import NOUNS
from bot.domain import LONDON
from bot.errors import InputError
from bot.pipeline.carrying import carrying, lexicon_of

PAGE = 6
SHORTEST = 90
"""Days that a picture shows at least."""
CANDIDATES = 8
LONGEST = 4000
"""Characters of a page; Discord takes 4096 in an embed's description."""

_NUMBER = re.compile(r"#(\d{1,9})", re.ASCII)
"""What a chosen completion sends; a name may be typed as well."""


@app_commands.command(name="member", description="What a Member has said on the topic, with a chart over time")
@app_commands.describe(name="A Member of either House; begin to type and choose")
@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
async def member(interaction: discord.Interaction, name: app_commands.Range[str, 1, 100]) -> None:
    async with acknowledged(interaction):
        found = await whom(desk_of(interaction), name)
        await _show(interaction, found, 0, datetime.now(LONDON).date(), ephemeral=True)


@member.autocomplete("name")
async def complete(interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
    return await choices(desk_of(interaction), typed)


async def choices(desk: Desk, typed: str) -> list[app_commands.Choice[str]]:
    """Members for a name that is being typed; `whom` reads what is chosen."""
    found = await members_like(desk.archive, typed[:100], 50)
    return [
        app_commands.Choice(name=_label(each)[:100], value=f"#{each.member_id}") for each in found if each.member_id
    ][:25]


def _label(speaker: Speaker) -> str:
    party = text.party_words(speaker.party)
    return text.clean(f"{speaker.name} ({party})" if party else speaker.name)


async def whom(desk: Desk, typed: str) -> Speaker:
    """The one Member meant. Raises Refusal, naming the candidates, for nobody and for several."""
    if chosen := _NUMBER.fullmatch(typed.strip()):
        if found := await member_of(desk.archive, int(chosen[1])):
            return found
        raise Refusal("I hold nothing of that Member; begin to type a name and choose one.")
    shown = text.escape(text.clean(typed)[:60])
    try:
        async with desk.archive.read() as connection:
            named = await resolve(connection, typed)
    except InputError:
        named = []
    members = [each for each in named if each.member_id]
    if len(members) == 1:
        return members[0]
    if members:
        raise Refusal(f"“{shown}” may be {_either(members)}; write more of the name, or choose one as you type.")
    near = await _near(desk, typed)
    hint = f" The nearest: {_either(near)}." if near else " Begin to type a name and choose one."
    raise Refusal(f"I hold nothing said by a Member called “{shown}”.{hint}")


async def _near(desk: Desk, typed: str) -> list[Speaker]:
    """Members whose names are spelt much the same."""
    wanted = " ".join(name_words(typed))[:80]
    begins = {word[:2] for word in wanted.split()[-3:]}
    found = {
        each.name.casefold(): each
        for begin in sorted(begins)
        for each in await members_like(desk.archive, begin, 400)
        if each.member_id
    }
    return [found[name] for name in difflib.get_close_matches(wanted, found, n=3, cutoff=0.6)]


def _either(found: Sequence[Speaker]) -> str:
    labels = [text.escape(_label(each)) for each in found[:CANDIDATES]]
    more = [f"{len(found) - CANDIDATES} others"] if len(found) > CANDIDATES else []
    *first, last = [*labels, *more]
    return f"{', '.join(first)} or {last}" if first else last


async def _show(
    interaction: discord.Interaction, found: Speaker, page: int, until: date, *, ephemeral: bool, turned: bool = False
) -> None:
    """A page of what they said; the picture comes with the first answer and stays while pages are turned."""
    desk = desk_of(interaction)
    topic, words = next(iter(desk.topics.items()))
    assert found.member_id is not None
    days = await member_days(desk.archive, topic, found.member_id)
    total = sum(count for _, _, count in days)
    if not total:
        raise Refusal(f"In what I have read, {text.escape(found.name)} has said nothing on {text.escape(words)}.")
    page = min(page, (total - 1) // PAGE)
    said = await said_by(desk.archive, topic, found.member_id, limit=PAGE, offset=page * PAGE)
    lexicon = await asyncio.to_thread(lexicon_of, desk.settings, topic)
    quoted = await asyncio.to_thread(lambda: [carrying(lexicon, each.text, each.title or "") for each in said])
    made = embed(found, text.clean(words), days, list(zip(said, quoted, strict=True)), page * PAGE)
    view = _row(found.member_id, page, total, until, own=ephemeral)
    if turned:
        await interaction.edit_original_response(embed=made, view=view)
        return
    chart = await _chart(desk, found, topic, days, until)
    drawn = await pictures.picture(chart, "member.png", alt(chart, found, text.clean(words)))
    await pictures.answer(interaction, made, drawn, view, ephemeral=ephemeral)


async def _chart(
    desk: Desk, found: Speaker, topic: str, days: Sequence[tuple[date, Part, int]], until: date
) -> charts.Chart:
    until = max(until, days[-1][0])
    whole = span(min(days[0][0], until - timedelta(days=SHORTEST - 1)), until)
    known = await days_read(desk.archive, topic, whole.since, whole.until)
    panels = tuple(
        charts.Panel(
            part,
            f"{part} · {NOUNS[Part.COMMONS][1]}",
            whole.sums((day, count) for day, where, count in days if where is part),
            unread(known[part], whole.since, whole.until),
        )
        for part in Part
        if any(where is part for _, where, _ in days)
    )
    about = text.clean(desk.topics[topic])
    return charts.Chart(f"{charts.cut(found.name, 40)} on {about}, by {whole.unit}", whole, panels)


def embed(
    found: Speaker,
    words: str,
    days: Sequence[tuple[date, Part, int]],
    said: Sequence[tuple[Said, str | None]],
    before: int,
) -> discord.Embed:
    """A line for each contribution, with the sentence that carries it in quotation marks."""
    counts: Counter[Part] = Counter()
    for _, part, count in days:
        counts[part] += count
    total = counts.total()
    times = {1: "once", 2: "twice"}.get(total, f"{total:,} times")
    since = f" since {text.day_words(days[0][0])}" if total > 1 else ""
    where = ", ".join(f"{part}: {count:,}" for part, count in counts.items())
    lines = [f"Spoke of {text.escape(words)} {times}{since} ({where})."]
    for each, quoted in said:
        forms = (_line(each, quoted), _line(each, None), _line(each, None, linked=False))
        lines.append(next((line for line in forms if len("\n".join([*lines, line])) <= LONGEST), ""))
    name = text.clean(_label(found))
    made = discord.Embed(title=text.escape(name)[:256], description="\n".join(lines))
    made.set_footer(text=f"{before + 1}–{before + len(said)} of {total:,}, the newest first. {text.LICENCE}")
    return made


def _line(said: Said, quoted: str | None, *, linked: bool = True) -> str:
    where = "Written" if said.part is Part.WRITTEN else f"House of {said.part}"
    title, url = shortened(said.title or where, 90), text.linkable(said.url)
    debate = f"[{title}]({url})" if linked and url and len(url) <= 400 else title
    office = ", ".join(text.escape(part)[:120] for part in (said.role, text.party_words(said.party)) if part)
    head = " · ".join(part for part in (f"**{text.day_words(said.day)}**" if said.day else "", debate, office) if part)
    if not quoted:
        return f"\n{head}"
    inner = quoted.replace("“", "‘").replace("”", "’")
    return f"\n{head}\n“{text.escape(inner)}”"


def alt(chart: charts.Chart, found: Speaker, words: str) -> str:
    """The picture in words, for who does not see it."""
    bars = [
        f"{panel.part}: {sum(panel.counts):,}; most {pictures.bin_words(chart.span, at)}, {panel.counts[at]:,}."
        for panel in chart.panels
        for at in [max(range(len(panel.counts)), key=lambda index: panel.counts[index])]
    ]
    if any(panel.unread for panel in chart.panels):
        bars.append("Hatched days were not read.")
    dates = f"{text.day_words(chart.span.since)} to {text.day_words(chart.span.until)}"
    opening = f"Bars by {chart.span.unit}, {dates}, of how often {text.clean(found.name)} spoke of {words}."
    return pictures.fitted([opening, *bars], pictures.ALT)


def _row(member_id: int, page: int, total: int, until: date, *, own: bool) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    if page:
        view.add_item(Turn(member_id, page - 1, "Newer"))
    if (page + 1) * PAGE < total:
        view.add_item(Turn(member_id, page + 1, "Older"))
    if own:
        view.add_item(PostMember(member_id, page, until.isoformat()))
    return view


class Turn(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]],
    template=r"member:(?P<member>[0-9]{1,9}):(?P<page>[0-9]{1,4})",
):
    """Shows another page in the same message, below the same picture."""

    def __init__(self, member_id: int, page: int, label: str = "Turn") -> None:
        super().__init__(discord.ui.Button(label=label, custom_id=f"member:{member_id}:{page}"))
        self.member_id, self.page = member_id, page

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[discord.ui.View], match: re.Match[str], /
    ) -> Turn:
        return cls(int(match["member"]), int(match["page"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        own = interaction.message is not None and interaction.message.flags.ephemeral
        async with turning(interaction):
            found = await whom(desk_of(interaction), f"#{self.member_id}")
            today = datetime.now(LONDON).date()
            await _show(interaction, found, self.page, today, ephemeral=own, turned=True)


class PostMember(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]],
    template=r"member:post:(?P<member>[0-9]{1,9}):(?P<page>[0-9]{1,4}):(?P<until>[0-9]{4}-[0-9]{2}-[0-9]{2})",
):
    """Shows the page to the channel with its picture, drawn anew."""

    def __init__(self, member_id: int, page: int, until: str) -> None:
        custom_id = f"member:post:{member_id}:{page}:{until}"
        super().__init__(discord.ui.Button(label="Post here", custom_id=custom_id))
        self.member_id, self.page, self.until = member_id, page, until

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[discord.ui.View], match: re.Match[str], /
    ) -> PostMember:
        return cls(int(match["member"]), int(match["page"]), match["until"])

    async def callback(self, interaction: discord.Interaction) -> None:
        async def post() -> None:
            found = await whom(desk_of(interaction), f"#{self.member_id}")
            await _show(interaction, found, self.page, pictures.day(self.until), ephemeral=False)

        await post_here(interaction, post, files=True)
