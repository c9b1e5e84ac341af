"""A round-up as text: what every medium shows of it, and the same as plain text and as Markdown.

Each story is a heading, which links to it, and one line; what is announced for the coming days ends it. Nothing of a
story is cut but a headline that is longer than two lines: Parliament's and publishers' own are not.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot import text, upcoming_text
from bot.domain import LONDON, Entry, Kind, Roundup, Status, When

LONGEST_HEADLINE = 200
LONGEST_TITLE = 80
KINDS = {When.DAILY: "Daily round-up", When.WEEKLY: "Weekly round-up"}
NOTHING = "Nothing to tell."


def title(roundup: Roundup) -> str:
    """ "Daily round-up: the Prevent programme · 13 February 2025, 08:00": no other of this topic is called so."""
    subject = text.clean(roundup.title or roundup.topic)[:LONGEST_TITLE]
    until = roundup.until.astimezone(LONDON)
    if roundup.when is not None:
        return f"{KINDS[roundup.when]}: {subject} · {text.day_words(until.date())}, {until:%H:%M}"
    first, last = roundup.since.astimezone(LONDON).date(), (until - timedelta(seconds=1)).date()
    days = text.day_words(first) if first == last else f"{text.day_words(first)} to {text.day_words(last)}"
    return f"Round-up: {subject} · {days}"


def headline(entry: Entry) -> str:
    """The story's headline as it is shown, not escaped."""
    words = text.clean(entry.digest.headline or entry.digest.title) or "Untitled"
    if len(words) <= LONGEST_HEADLINE:
        return words
    return words[:LONGEST_HEADLINE].rsplit(" ", 1)[0] + " …"


def marks(entry: Entry) -> tuple[str, ...]:
    """What a reader should know of the story beside its headline."""
    found = ["update"] if entry.update else []
    if entry.digest.status is Status.DRAFT:
        found.append("draft")
    publishers = len({report.publisher for report in entry.digest.coverage})
    if publishers:
        found.append("reported by one publisher" if publishers == 1 else f"reported by {publishers} publishers")
    return tuple(found)


def line(entry: Entry) -> text.Line | None:
    """The story's one line; None where its digest has none that may stand alone."""
    shown = text.blocks(replace(entry.digest, coverage=()))
    found = shown[0].lines[0] if shown else None
    return replace(found, text=f"New: {found.text}") if found and entry.update and entry.digest.brief else found


def link(entry: Entry) -> str | None:
    """Where the story can be read, if that may be shown."""
    return text.allowed_url(entry.digest.url, entry.digest)


def footer(roundup: Roundup) -> str:
    """Who made it, under which licence, and that drafts may change."""
    press = roundup.entries and all(entry.digest.kind is Kind.ARTICLE for entry in roundup.entries)
    draft = any(entry.digest.status is Status.DRAFT for entry in roundup.entries)
    made = text.MADE_OF_PRESS if press else text.MADE
    return f"{made} A draft may still change." if draft else made


def plain(roundup: Roundup) -> str:
    """The round-up for a terminal: no mark-up, links written out after what they carry; ends with a newline."""
    written = [title(roundup)]
    for number, entry in enumerate(roundup.entries, 1):
        noted = f" ({', '.join(marks(entry))})" if marks(entry) else ""
        written += ["", f"{number}. {headline(entry)}{noted}"]
        if url := link(entry):
            written.append(f"   <{url}>")
        if (shown := line(entry)) is not None:
            written.append(f"   {text.clean(shown.text)}")
            written += [f"     <{each}>" for each in shown.links]
    if not roundup.entries:
        written += ["", NOTHING]
    if roundup.coming:
        written += ["", upcoming_text.HEADING, *(line for each in roundup.coming for line in upcoming_text.plain(each))]
        written += filter(None, [upcoming_text.more(roundup.more)])
    return "\n".join([*written, "", footer(roundup)]) + "\n"


def markdown(roundup: Roundup) -> str:
    """The round-up as CommonMark, source text escaped; ends with a newline."""
    written = [f"# {text.escape(title(roundup))}"]
    for number, entry in enumerate(roundup.entries, 1):
        written += ["", f"{number}. {heading(entry)}"]
        if (shown := line(entry)) is not None:
            written += ["", f"   {text.marked_line(shown)}"]
    if not roundup.entries:
        written += ["", NOTHING]
    if lines := coming(roundup):
        written += ["", f"## {lines[0]}", "", *lines[1:]]
    return "\n".join([*written, "", f"*{footer(roundup)}*"]) + "\n"


def coming(roundup: Roundup) -> list[str]:
    """What is announced for the days that follow, as lines of Markdown below a heading's words; [] for nothing."""
    if not roundup.coming:
        return []
    lines = [upcoming_text.HEADING, *(upcoming_text.marked(each) for each in roundup.coming)]
    return lines if not roundup.more else [*lines, f"- {upcoming_text.more(roundup.more)}"]


def heading(entry: Entry) -> str:
    """The headline in Markdown, linked, with its marks."""
    words, url = text.escape(headline(entry)), link(entry)
    return " · ".join([f"**[{words}]({url})**" if url else f"**{words}**", *(f"*{mark}*" for mark in marks(entry))])
