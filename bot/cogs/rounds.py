"""A round-up as messages, within every limit of Discord by construction.

The weightiest stories have two lines each; those after them, or for which there is no room, are listed by headline,
and what has no room there either is counted. What is announced for the coming days ends the last message.
"""

from __future__ import annotations

from dataclasses import replace

import discord

from bot import roundup_text, text
from bot.cogs.rendering import (
    CONTINUED,
    DESCRIPTION,
    DRAFT_COLOUR,
    MESSAGES,
    RESERVE,
    SETTLED_COLOUR,
    TITLE,
    TOTAL,
    Page,
    Room,
    length,
)
from bot.domain import Entry, Roundup, Status

TOP = 10
"""Stories with two lines each: what can be read in a minute."""
COMING = 1500
"""Characters that the list of what is announced may take."""


def title(roundup: Roundup) -> str:
    """The title of the first message; a second one's begins so too."""
    return text.escape(roundup_text.title(roundup))


def pages(roundup: Roundup) -> tuple[Page, ...]:
    """The round-up as one message, or two."""
    coming = _coming(roundup)
    free = TOTAL - TITLE - length(roundup_text.footer(roundup)) - RESERVE - sum(length(line) + 1 for line in coming)
    rooms = [Room(free)]
    shown = _fill(rooms, free, [["", *_lines(entry)] for entry in roundup.entries[:TOP]])
    rest = [[f"- {roundup_text.heading(entry)}"] for entry in roundup.entries[shown:]]
    if rest:
        rest[0][:0] = ["", f"**And {len(rest)} more**"]
    left = len(rest) - _fill(rooms, free, rest)
    if coming:
        _close(rooms[-1], coming)
    return tuple(_page(roundup, room, number, left if room is rooms[-1] else 0) for number, room in enumerate(rooms))


def _coming(roundup: Roundup) -> list[str]:
    """The lines of what is announced, as many as a short list may take, and the count of the others."""
    events = list(roundup.coming)
    while events:
        more = roundup.more + len(roundup.coming) - len(events)
        heading, *lines = roundup_text.coming(replace(roundup, coming=tuple(events), more=more))
        shown = ["", f"**{heading}**", *lines]
        if sum(length(line) + 1 for line in shown) <= COMING:
            return shown
        events.pop()
    return []


def _close(room: Room, lines: list[str]) -> None:
    """Add the lines that room was kept for, in an embed that holds them whole."""
    room.left += sum(length(line) + 1 for line in lines)
    room.take(lines)


def _lines(entry: Entry) -> list[str]:
    line = roundup_text.line(entry)
    heading = roundup_text.heading(entry)
    return [heading] if line is None else [heading, text.marked_line(line)]


def _fill(rooms: list[Room], free: int, blocks: list[list[str]]) -> int:
    """How many of the blocks found room, in order, in a second message if need be."""
    for number, lines in enumerate(blocks):
        if rooms[-1].take(lines):
            continue
        if len(rooms) == MESSAGES:
            return number
        rooms.append(Room(free))
        if not rooms[-1].take(lines):
            return number
    return len(blocks)


def _page(roundup: Roundup, room: Room, number: int, left: int) -> Page:
    draft = any(entry.digest.status is Status.DRAFT for entry in roundup.entries)
    parts = ["\n".join(lines).strip() for lines in room.embeds]
    if left:
        note = f"*{left} of these have no room here; /digest shows them.*"
        if length(parts[-1]) + length(note) + 2 <= DESCRIPTION:
            parts[-1] = f"{parts[-1]}\n\n{note}".strip()
        else:
            parts.append(note)
    embeds = [
        discord.Embed(description=part or None, colour=DRAFT_COLOUR if draft else SETTLED_COLOUR) for part in parts
    ]
    embeds[0].title = title(roundup) + (CONTINUED if number else "")
    embeds[-1].set_footer(text=roundup_text.footer(roundup))
    return Page(tuple(embeds))
