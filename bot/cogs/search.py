"""/search: contributions, best first, in pages whose buttons outlive a restart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Self
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import discord
from discord import app_commands

from bot import text
from bot.archive.search import COUNTED, Filters, Found, Result, search
from bot.cogs.answering import Refusal, acknowledged, turning
from bot.cogs.days import read_period
from bot.cogs.desk import Desk, desk_of
from bot.cogs.member import choices, whom
from bot.cogs.posting import post_here
from bot.cogs.rendering import TITLE, length, shortened
from bot.domain import LONDON, PRESS_QUOTATION, Kind
from bot.errors import InputError

PAGE = 5
PAGES = 40
"""Nobody reads the two-hundredth best; another search finds it sooner."""
LONGEST_QUERY, LONGEST_WRITTEN = 200, 1_400
"""Characters of a query, and of it as a part of an address: Discord takes 2,048 for the whole."""
HANSARD_SEARCH = "https://hansard.parliament.uk/search/Contributions"

_NAME, _SNIPPET, _DEBATE, _URL, _NOTE, _HOUSE = 140, 280, 120, 360, 200, 40
"""Characters of a result's parts as they are sent: five results, a title and a footer stay within 6,000, and a value
(snippet, debate, address) within 1,024."""
PATIENCE, LONGER = 3.0, 20.0
"""Seconds that the models may take to read a query: for the first page, which does without them, and for the others."""

House = Literal["Commons", "Lords"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is searched for. An answer carries it as the address of Hansard's own search for the same: a reader can
    compare, and a page is turned from it after a restart although nothing was stored. `near` says that what means the
    same counts as well: every page of one answer is made in the same way."""

    query: str
    member: int | None = None
    name: str | None = None
    house: str | None = None
    since: date | None = None
    until: date | None = None
    near: bool = False

    def url(self) -> str:
        given = {
            "searchTerm": self.query,
            "memberId": self.member,
            "member": self.name,
            "house": self.house,
            "startDate": self.since,
            "endDate": self.until,
            "near": 1 if self.near else None,
        }
        return f"{HANSARD_SEARCH}?{urlencode({name: value for name, value in given.items() if value is not None})}"

    @classmethod
    def read(cls, url: str | None) -> Self | None:
        """What `url` wrote; None for any other address."""
        if not url or not url.startswith(HANSARD_SEARCH):
            return None
        given = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        try:
            return cls(
                query=given["searchTerm"],
                member=int(given["memberId"]) if "memberId" in given else None,
                name=given.get("member"),
                house=given.get("house"),
                since=date.fromisoformat(given["startDate"]) if "startDate" in given else None,
                until=date.fromisoformat(given["endDate"]) if "endDate" in given else None,
                near="near" in given,
            )
        except (KeyError, ValueError):
            return None

    def words(self) -> str:
        """The narrowing, for a reader: "by Dan Jarvis · House of Lords · since 1 March 2024"; "" for none."""
        parts = [
            f"by {text.escape(self.name)}" if self.name else "",
            f"House of {text.escape(self.house)}" if self.house else "",
            f"since {text.day_words(self.since)}" if self.since else "",
            f"until {text.day_words(self.until)}" if self.until else "",
        ]
        return " · ".join(part for part in parts if part)

    def filters(self) -> Filters:
        members = (self.member,) if self.member is not None else (self.name,) if self.name else ()
        return Filters(members=members, house=self.house, since=self.since, until=self.until)


@app_commands.command(name="search", description="Who said what: contributions with your words, best first, in pages")
@app_commands.describe(
    query="Words to look for; “in quotes” together, -word to leave one out",
    member="Only what this Member said; begin to type and choose",
    house="Only this House",
    since="Not before: a day, a month or a year, such as 2025-02-12, February 2025 or 2025",
    until="Not after: a day, a month or a year",
)
@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
async def find(
    interaction: discord.Interaction,
    query: str,
    member: str | None = None,
    house: House | None = None,
    *,
    since: str | None = None,
    until: str | None = None,
) -> None:
    async with acknowledged(interaction):
        desk = desk_of(interaction)
        first, final = read_period(since, until, datetime.now(LONDON).date())
        query = checked(query)
        whose = await whom(desk, member) if member else None
        member_id, name = (whose.member_id, text.clean(whose.name)[:60]) if whose else (None, None)
        encoded = await desk.encodings.of(desk.archive, desk.worker, query, within=PATIENCE)
        wanted = Wanted(query, member_id, name, house, first, final, near=encoded is not None)
        found = await _page(desk, wanted, 0)
        if not found.results:
            raise Refusal(_nothing(wanted, found))
        await interaction.followup.send(embed=drawn(wanted, found, 0), view=_row(found, 0, own=True), ephemeral=True)


@find.autocomplete("member")
async def members(interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
    return await choices(desk_of(interaction), typed)


def checked(query: str) -> str:
    """The query, cleaned. Raises Refusal for one that nothing can be found by."""
    wanted = text.clean(query)
    if not any(c.isalnum() for c in wanted):
        raise Refusal("There is nothing to look for in that; write a word or two that were said.")
    if len(wanted) > LONGEST_QUERY or len(quote(wanted)) > LONGEST_WRITTEN:
        raise Refusal(f"That is too long to look for; give the words that matter, at most {LONGEST_QUERY} characters.")
    return wanted


async def _page(desk: Desk, wanted: Wanted, page: int) -> Found:
    """Raises Refusal where the search says what is wrong with what was asked."""
    near = await desk.encodings.of(desk.archive, desk.worker, wanted.query, within=LONGER) if wanted.near else None
    try:
        return await search(desk.archive, wanted.query, wanted.filters(), limit=PAGE, offset=page * PAGE, vector=near)
    except InputError as error:
        said = text.escape(str(error))
        raise Refusal(f"{said[:1].upper()}{said[1:]}.") from None


def _nothing(wanted: Wanted, found: Found) -> str:
    said = f"I hold nothing with “{text.escape(wanted.query)}”"
    if narrowed := wanted.words():
        said += f" ({narrowed})"
    notes = "".join(f" {text.escape(note)}" for note in found.notes)
    tries = ["fewer or other words"]
    if '"' in wanted.query or "“" in wanted.query:
        tries.append("no quotation marks")
    tries += [f"no {name}" for name, value in (("member", wanted.name), ("house", wanted.house)) if value]
    if wanted.since or wanted.until:
        tries.append("a longer period")
    *first, last = tries
    advice = f"{', '.join(first)} or {last}" if first else last
    return f"{said}.{notes} Try {advice}."


def drawn(wanted: Wanted, found: Found, page: int) -> discord.Embed:
    """One page; every limit is kept by the sizes above, whatever the texts are."""
    embed = discord.Embed(
        title=shortened(f"Search: {wanted.query}", TITLE),
        url=wanted.url(),
        description=_understood(wanted, found) or None,
    )
    for result in found.results[:PAGE]:
        embed.add_field(name=_who(result), value=_said(result), inline=False)
    first = page * PAGE + 1
    many = f"{'at least ' if found.total >= COUNTED else ''}{found.total:,}"
    span = f"{first}–{first + len(found.results[:PAGE]) - 1} of {many}, best first"
    embed.set_footer(text=f"{span}. The title opens Hansard's own search. {text.LICENCE}")
    return embed


def _understood(wanted: Wanted, found: Found) -> str:
    return "\n".join(filter(None, [wanted.words(), *(f"-# {shortened(note, _NOTE)}" for note in found.notes[:2])]))


def _who(result: Result) -> str:
    if result.kind == Kind.ARTICLE:
        return "Press report"
    who = " · ".join(
        part for part in (result.speaker or "Unattributed", text.party_words(result.party), result.role) if part
    )
    return shortened(who, _NAME)


def _said(result: Result) -> str:
    where = f"House of {result.house}" if result.house in ("Commons", "Lords") else result.house or ""
    title, url = shortened(result.title, _DEBATE) or "Untitled", text.linkable(result.url)
    place = [
        f"[{title}]({url})" if url and len(url) <= _URL else title,
        text.day_words(result.date),
        shortened(where, _HOUSE),
    ]
    return f"{emboldened(result)}\n{' · '.join(part for part in place if part)}"


def emboldened(result: Result, most: int = _SNIPPET) -> str:
    """The snippet with its matching words in bold, escaped, in at most `most` characters; the press in few words."""
    words = list(re.finditer(r"\S+", result.snippet))
    if result.kind == Kind.ARTICLE and len(words) > PRESS_QUOTATION:
        first = next((n for n, word in enumerate(words) if result.marks and word.end() > result.marks[0][0]), 0)
        start = max(0, min(first - PRESS_QUOTATION // 2, len(words) - PRESS_QUOTATION))
        words = words[start : start + PRESS_QUOTATION]
    while words:
        start, end = words[0].start(), words[-1].end()
        shown = _bold(result.snippet, result.marks, start, end)
        shown = f"{'…' if start else ''}{shown}{'…' if end < len(result.snippet) else ''}"
        if length(shown) <= most:
            return shown
        words.pop()
    return "…"


def _bold(snippet: str, marks: tuple[tuple[int, int], ...], start: int, end: int) -> str:
    shown, at = "", start
    for opened, closed in sorted(marks):
        first, last = max(opened, at), min(closed, end)
        if first < last and (word := text.escape(snippet[first:last])):
            shown += f"{_kept(snippet[at:first])}**{word}**"
            at = last
    return shown + _kept(snippet[at:end])


def _kept(piece: str) -> str:
    """Escaped, with the spaces at its ends."""
    inner = text.escape(piece)
    if not inner:
        return " " if piece else ""
    return f"{' ' * piece[0].isspace()}{inner}{' ' * piece[-1].isspace()}"


def _row(found: Found, page: int, *, own: bool) -> discord.ui.View:
    """The buttons under a page: where there is another, and to show it where it is one person's own."""
    last = min(-(-found.total // PAGE), PAGES) - 1
    view = discord.ui.View(timeout=None)
    if page > 0:
        view.add_item(Turn(page - 1, "Previous"))
    if page < last:
        view.add_item(Turn(page + 1, "Next"))
    if own:
        view.add_item(PostPage(page))
    return view


class Turn(discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=r"search:(?P<page>[0-9]{1,2})"):
    """Shows another page in the same message; pressed twice, it shows the same one."""

    def __init__(self, page: int, label: str = "") -> None:
        super().__init__(discord.ui.Button(label=label or "Turn", custom_id=f"search:{page}"))
        self.page = page

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[discord.ui.View], match: re.Match[str], /
    ) -> Turn:
        return cls(int(match["page"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        async with turning(interaction):
            wanted = _wanted(interaction)
            found = await _page(desk_of(interaction), wanted, min(self.page, PAGES - 1))
            if not found.results:
                raise Refusal("There is no such page any more; search again with /search.")
            own = interaction.message is not None and interaction.message.flags.ephemeral
            view = _row(found, self.page, own=own)
            await interaction.edit_original_response(embed=drawn(wanted, found, self.page), view=view)


class PostPage(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=r"search:post:(?P<page>[0-9]{1,2})"
):
    """Shows the page to the channel, where everybody may turn it."""

    def __init__(self, page: int) -> None:
        super().__init__(discord.ui.Button(label="Post here", custom_id=f"search:post:{page}"))
        self.page = page

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[discord.ui.View], match: re.Match[str], /
    ) -> PostPage:
        return cls(int(match["page"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        async def post() -> None:
            wanted = _wanted(interaction)
            found = await _page(desk_of(interaction), wanted, self.page)
            if not found.results:
                raise Refusal("There is no such page any more; search again with /search.")
            await interaction.followup.send(
                embed=drawn(wanted, found, self.page), view=_row(found, self.page, own=False)
            )

        await post_here(interaction, post)


def _wanted(interaction: discord.Interaction) -> Wanted:
    embeds = interaction.message.embeds if interaction.message else []
    wanted = Wanted.read(embeds[0].url) if embeds else None
    if wanted is None:
        raise Refusal("That search cannot be read any more; search again with /search.")
    return wanted
