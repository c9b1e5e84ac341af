"""A digest as messages, within every limit of Discord by construction.

A message is one title and two embeds (a third for a count) under 6,000 characters in UTF-16 units, the strictest way
to count them. A sentence is never cut: one that has no room goes to the second message, and what has none there either
is counted, under a title that links to where it can be read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import discord

from bot import text
from bot.domain import Digest, Status

TITLE = 256
DESCRIPTION = 4096
TOTAL = 6000
MESSAGES = 2
EMBEDS = 2
RESERVE = 100
"""Characters kept free in a message for the count of what was left out."""

DRAFT_COLOUR = discord.Colour(0xB58900)
SETTLED_COLOUR = discord.Colour(0x006548)
CONTINUED = " (continued)"


@dataclass(frozen=True, slots=True)
class Page:
    """One message."""

    embeds: tuple[discord.Embed, ...]


@dataclass(slots=True)
class Room:
    """The lines of one message while it fills; `left` is what its 6,000 characters still hold."""

    left: int
    embeds: list[list[str]] = field(default_factory=lambda: [[]])
    used: int = 0

    def take(self, lines: list[str]) -> bool:
        """Add the lines together, in this embed or the message's next; False where there is no room."""
        size = sum(length(line) + 1 for line in lines)
        if size > self.left or size > DESCRIPTION:
            return False
        if self.used + size > DESCRIPTION:
            if len(self.embeds) == EMBEDS:
                return False
            self.embeds.append([])
            self.used = 0
        self.embeds[-1] += lines
        self.used += size
        self.left -= size
        return True


def length(value: str) -> int:
    """Characters as Discord counts them."""
    return len(value.encode("utf-16-le")) // 2


def shortened(words: str, most: int) -> str:
    """Escaped, and cut with an ellipsis to at most `most` characters as Discord counts them."""
    plain = text.clean(words)
    if length(shown := text.escape(plain)) <= most:
        return shown
    cut = plain[:most]
    while length(shown := f"{text.escape(cut)}…") > most:
        cut = cut[:-1]
    return shown


def pages(digest: Digest) -> tuple[Page, ...]:
    """The digest as one message, or two. The first names every speaker who has a line."""
    rooms, omitted = _fill(digest, named=False)
    if len(rooms) > 1:
        rooms, omitted = _fill(digest, named=True)
    return tuple(_page(digest, room, number, omitted if room is rooms[-1] else 0) for number, room in enumerate(rooms))


def marker(digest: Digest) -> tuple[str | None, str]:
    """What all of this story's messages carry and no other's: their title's link, or the headline where it has none."""
    return text.allowed_url(digest.url, digest), _titles(digest)[0]


def link(digest: Digest) -> discord.ui.Button[discord.ui.View] | None:
    """The button that leads to the whole text, where there is an address for it."""
    url = text.allowed_url(digest.url, digest)
    label = "Full debate" if digest.house else "Full report"
    return None if url is None else discord.ui.Button(style=discord.ButtonStyle.link, label=label, url=url)


def _titles(digest: Digest) -> tuple[str, str | None]:
    """The embed's title, and the headline as a line of its own where it is too long for a title."""
    headline = text.escape(digest.headline or digest.title) or "Untitled"
    if length(headline) <= TITLE:
        return headline, None
    return text.escape(text.dateline(digest)) or "Digest", f"**{headline}**"


def _opening(digest: Digest, named: bool) -> Iterator[str]:
    _, headline = _titles(digest)
    if headline and length(headline) <= DESCRIPTION // 4:
        yield headline
    elif headline:
        yield "The headline is too long to show; the link above leads to it."
    if (line := text.escape(text.subtitle(digest))) and not headline:
        yield f"*{line}*"
    if (update := text.escape(digest.update)) and length(update) <= DESCRIPTION // 4:
        yield f"**{update}**"
    if not named:
        return
    shown: list[str] = []
    for speaker in text.speakers(digest):
        name = text.escape(speaker)
        if length(", ".join([*shown, name])) > DESCRIPTION // 8:
            break
        shown.append(name)
    rest = len(text.speakers(digest)) - len(shown)
    if shown:
        yield f"With {', '.join(shown)}" + (f" and {rest} more." if rest else ".")


def _fill(digest: Digest, *, named: bool) -> tuple[list[Room], int]:
    free = TOTAL - TITLE - length(text.footer(digest)) - RESERVE
    rooms = [Room(free)]
    rooms[0].take(list(_opening(digest, named)))
    omitted = 0
    for block in text.blocks(digest):
        heading = f"**{text.escape(block.heading)}**"
        if block.detail:
            heading += f" · {text.escape(block.detail)}"
        owed = ["", heading]
        for line in block.lines:
            shown = text.marked_line(line)
            shown = f"- {shown}" if block.listed else shown
            if rooms[-1].take([*owed, shown]):
                owed = []
                continue
            if len(rooms) < MESSAGES and length(f"{heading}{shown}") < DESCRIPTION - RESERVE:
                rooms.append(Room(free))
                owed = owed or ["", f"{heading} *(continued)*"]
                if rooms[-1].take([*owed, shown]):
                    owed = []
                    continue
            omitted += 1
    return rooms, omitted


def _page(digest: Digest, room: Room, number: int, omitted: int) -> Page:
    url = text.allowed_url(digest.url, digest)
    colour = SETTLED_COLOUR if digest.status is Status.SETTLED else DRAFT_COLOUR
    parts = ["\n".join(lines).strip() for lines in room.embeds]
    if omitted:
        what = "One line has" if omitted == 1 else f"{omitted} lines have"
        note = f"*{what} no room here; see the {'full debate' if digest.house else 'source'}.*"
        if length(parts[-1]) + length(note) + 2 <= DESCRIPTION:
            parts[-1] = f"{parts[-1]}\n\n{note}".strip()
        else:
            parts.append(note)
    embeds = [discord.Embed(description=part or None, colour=colour) for part in parts]
    title, _ = _titles(digest)
    embeds[0].title = title if number == 0 or length(title + CONTINUED) > TITLE else title + CONTINUED
    embeds[0].url = url
    embeds[-1].set_footer(text=text.footer(digest))
    return Page(tuple(embeds))
