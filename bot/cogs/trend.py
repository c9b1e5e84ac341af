"""/trend: how often Parliament and the press speak of the topic, as a picture and in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import discord
from discord import app_commands

from bot import text
from bot.archive.trends import Part, Series, Span, Trend, first_day, trend
from bot.cogs import charts, pictures
from bot.cogs.answering import Refusal, acknowledged
from bot.cogs.desk import desk_of
from bot.cogs.posting import post_here
from bot.cogs.rendering import shortened
from bot.domain import LONDON

DAYS: dict[str, int | None] = {"month": 30, "quarter": 91, "year": 364, "all": None}
"""How many days each period has, today included; `all` begins with the first day of which anything is known."""

NOUNS = {
    Part.COMMONS: ("contribution", "contributions"),
    Part.LORDS: ("contribution", "contributions"),
    Part.WRITTEN: ("question or statement", "questions and statements"),
    Part.PRESS: ("report", "reports"),
}


@app_commands.command(name="trend", description="How often Parliament and the press speak of it: a picture")
@app_commands.describe(period="How far back; three months if left out")
@app_commands.choices(
    period=[
        app_commands.Choice(name="the last month", value="month"),
        app_commands.Choice(name="three months", value="quarter"),
        app_commands.Choice(name="a year", value="year"),
        app_commands.Choice(name="all", value="all"),
    ]
)
@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
async def show_trend(interaction: discord.Interaction, period: str | None = None) -> None:
    async with acknowledged(interaction):
        await _show(interaction, period or "quarter", datetime.now(LONDON).date(), ephemeral=True)


async def _show(interaction: discord.Interaction, period: str, until: date, *, ephemeral: bool) -> None:
    desk = desk_of(interaction)
    topic, words = next(iter(desk.topics.items()))
    length = DAYS[period]
    since = until - timedelta(days=length - 1) if length else await first_day(desk.archive, topic)
    if since is None or since > until:
        raise Refusal("I have read nothing yet; the first poll comes with the bot's start.")
    found = await trend(desk.archive, topic, since, until, before=bool(length))
    about = text.clean(words)
    if refused := silence(found, about):
        raise Refusal(refused)
    drawn = await pictures.picture(chart(found, about), "trend.png", alt(found, about))
    view = discord.ui.View(timeout=None)
    if ephemeral:
        view.add_item(PostTrend(period, until.isoformat()))
    await pictures.answer(interaction, embed(found, about), drawn, view, ephemeral=ephemeral)


class PostTrend(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]],
    template=r"trend:(?P<period>month|quarter|year|all):(?P<until>[0-9]{4}-[0-9]{2}-[0-9]{2})",
):
    """Shows the same period, drawn anew, to the channel."""

    def __init__(self, period: str, until: str) -> None:
        super().__init__(discord.ui.Button(label="Post here", custom_id=f"trend:{period}:{until}"))
        self.period, self.until = period, until

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[discord.ui.View], match: re.Match[str], /
    ) -> PostTrend:
        return cls(match["period"], match["until"])

    async def callback(self, interaction: discord.Interaction) -> None:
        async def post() -> None:
            await _show(interaction, self.period, pictures.day(self.until), ephemeral=False)

        await post_here(interaction, post, files=True)


def silence(found: Trend, words: str) -> str | None:
    """The one sentence that is said where there is nothing to draw."""
    if any(series.total for series in found.series):
        return None
    days = f"from {text.day_words(found.span.since)} to {text.day_words(found.span.until)}"
    whole = ((found.span.since, found.span.until),)
    if all(series.unread == whole for series in found.series):
        return f"I have read nothing of the days {days}; the operator can fill them in with `despatch backfill`."
    rest = " Not all of these days were read." if any(series.unread for series in found.series) else ""
    return f"In what I have read, nobody spoke of {text.escape(words)} {days}.{rest}"


def chart(found: Trend, words: str) -> charts.Chart:
    panels = tuple(
        charts.Panel(each.part, f"{each.part} · {NOUNS[each.part][1]}", each.counts, each.unread)
        for each in found.series
    )
    marks = tuple((index, charts.cut(lead.title)) for index, lead in found.peaks[: charts.MARKED])
    return charts.Chart(f"{_capital(words)}, by {found.span.unit}", found.span, panels, marks)


def embed(found: Trend, words: str) -> discord.Embed:
    made = discord.Embed(
        title=f"{_capital(text.escape(words))}: {_dates(found.span)}"[:256],
        description="\n".join(f"**{each.part}**: {told(each, found.span)}" for each in found.series),
    )
    lines: list[str] = []
    for lead in found.leads:
        title, url = shortened(lead.title, 90), text.linkable(lead.url)
        named = f"[{title}]({url})" if url and len(url) <= 400 else title
        line = f"- {named} ({text.day_words(lead.day)}): {lead.count:,}"
        if len("\n".join([*lines, line])) > 1024:
            break
        lines.append(line)
    if lines:
        made.add_field(name="Most spoken of in Parliament", value="\n".join(lines), inline=False)
    made.set_footer(text=f"Counted by machine. {text.LICENCE}")
    return made


def told(series: Series, span: Span) -> str:
    """ "480 contributions, 52 more than in the 30 days before"."""
    if series.unread == ((span.since, span.until),) and not series.total:
        return "not read"
    said = f"{series.total:,} {NOUNS[series.part][series.total != 1]}"
    if series.before is not None:
        more = series.total - series.before
        change = f"{abs(more):,} {'more' if more > 0 else 'fewer'} than" if more else "as many as"
        return f"{said}, {change} in the {(span.until - span.since).days + 1} days before"
    if series.unread:
        days = sum((last - first).days + 1 for first, last in series.unread)
        return f"{said}; {days:,} of these days were not read"
    return said


def alt(found: Trend, words: str) -> str:
    """The picture in words, for who does not see it."""
    return pictures.fitted(_alt(found, words), pictures.ALT)


def _alt(found: Trend, words: str) -> Iterator[str]:
    span = found.span
    yield f"Bars by {span.unit}, {_dates(span)}, of how often {words} was spoken of."
    for each in found.series:
        highest = max(range(len(each.counts)), key=lambda at: each.counts[at])
        most = f"; most {pictures.bin_words(span, highest)}, {each.counts[highest]:,}" if each.counts[highest] else ""
        yield f"{each.part}: {told(each, span)}{most}."
    for index, lead in found.peaks[: charts.MARKED]:
        yield f"Marked {pictures.bin_words(span, index)}: {charts.cut(lead.title)}."


def _dates(span: Span) -> str:
    return f"{text.day_words(span.since)} to {text.day_words(span.until)}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
