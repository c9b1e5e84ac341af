"""A digest as text: the parts that every medium shows, and the same as plain text and as Markdown.

All words of a digest come from outside (Hansard, a publisher, a model), so they are shown as text and never obeyed:
`clean` takes out what would act on a terminal or turn a line round, `escape` what Markdown or Discord would read as
mark-up, `allowed_url` lets through only links to the document's own host, to Parliament and to the reports named.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote, urlsplit

from bot.domain import Digest, Kind, Point, Sentence, Status

LICENCE = "Contains Parliamentary information licensed under the Open Parliament Licence v3.0."
MADE = f"Machine-made, from Hansard. {LICENCE}"
MADE_OF_PRESS = (
    "Machine-made, from a press report, not from Hansard. "
    "Any Parliamentary information in it is licensed under the Open Parliament Licence v3.0."
)

LONGEST_URL = 512
"""Discord's limit for a link button; a longer address is not linked."""

PARTIES = {
    "All": "Alliance",
    "APNI": "Alliance",
    "Alba": "Alba Party",
    "Bishops": "Bishops",
    "CB": "Crossbench",
    "Con": "Conservative",
    "DUP": "Democratic Unionist Party",
    "GP": "Green Party",
    "Green": "Green Party",
    "Ind": "Independent",
    "Lab": "Labour",
    "Lab/Co-op": "Labour and Co-operative",
    "Lab Co-op": "Labour and Co-operative",
    "LD": "Liberal Democrat",
    "Lib Dem": "Liberal Democrat",
    "Non-afl": "non-affiliated",
    "PC": "Plaid Cymru",
    "RUK": "Reform UK",
    "Reform": "Reform UK",
    "SDLP": "Social Democratic and Labour Party",
    "SF": "Sinn Féin",
    "SNP": "Scottish National Party",
    "TUV": "Traditional Unionist Voice",
    "UUP": "Ulster Unionist Party",
}
"""Hansard's printed abbreviations and the words for them; an unknown one is shown as it is printed."""

_SPACE = re.compile(r"\s+")
_MARKUP = re.compile(r"([\\`*_~|<>\[\]#])")
_LINE_START = re.compile(r"^([-+=]|\d+(?=[.)]))")
_MASS_MENTION = re.compile(r"@(?=everyone|here)", re.IGNORECASE)
_SCHEME = re.compile(r"(?<=\w):(?=//)")


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence as shown, with the addresses that carry it (checked by `allowed_url`)."""

    text: str
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A heading and its lines. `listed` is false where the lines read as one paragraph."""

    heading: str
    lines: tuple[Line, ...]
    detail: str = ""
    listed: bool = True


def clean(text: str) -> str:
    """One line in NFC: white space folded; control, format (bidi, zero-width) and lone surrogate characters gone."""
    spaced = _SPACE.sub(" ", text)
    kept = "".join(c for c in spaced if unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    return _SPACE.sub(" ", unicodedata.normalize("NFC", kept)).strip()


def escape(text: str) -> str:
    """`clean(text)` with everything neutralised that Discord or CommonMark would read as mark-up, mention or link."""
    safe = _MARKUP.sub(r"\\\1", clean(text))
    safe = _LINE_START.sub(_escape_start, safe)
    return _MASS_MENTION.sub("@\u200b", _SCHEME.sub(r"\\:", safe))


def _escape_start(found: re.Match[str]) -> str:
    return f"\\{found[0]}" if not found[0].isdigit() else f"{found[0]}\\"


def allowed_url(url: str | None, digest: Digest) -> str | None:
    """The address, safe to stand in a masked link, or None where it may not be shown.

    Allowed: what `linkable` lets through to the digest's own host, to parliament.uk or to a report that it names.
    """
    safe, host = linkable(url), host_of(url)
    if host != host_of(digest.url) and not _of_parliament(host) and all(url != item.url for item in digest.coverage):
        return None
    return safe


def linkable(url: str | None) -> str | None:
    """The address of a source, safe to stand in a masked link; None where it is not http(s), has credentials, or would
    not fit."""
    if not url or len(url) > LONGEST_URL or url != clean(url) or " " in url:
        return None
    if not host_of(url) or urlsplit(url).scheme not in ("http", "https") or urlsplit(url).username is not None:
        return None
    safe = quote(url, safe=":/?#@!$&'*+,;=%-._~")
    return safe if "\\" not in url and len(safe) <= LONGEST_URL else None


def party_words(party: str | None) -> str:
    """ "Lab" as "Labour"; "" for None."""
    return PARTIES.get(party or "", party or "")


def day_words(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else ""


def dateline(digest: Digest) -> str:
    """ "House of Commons · 12 February 2025", as much of it as is known."""
    house = clean(digest.house or "")
    place = f"House of {house}" if house in ("Commons", "Lords") else house
    return " · ".join(part for part in (place, day_words(digest.date)) if part)


def subtitle(digest: Digest) -> str:
    """The dateline for below the headline; "" where the headline says the day itself."""
    return "" if digest.date and day_words(digest.date) in clean(digest.headline) else dateline(digest)


def footer(digest: Digest) -> str:
    """Who made it, under which licence, and whether its source may still change."""
    made = MADE_OF_PRESS if digest.kind is Kind.ARTICLE else MADE
    settled = digest.status is Status.SETTLED
    return f"{made} {'Settled text.' if settled else 'Draft: the source may still change.'}"


def host_of(url: str | None) -> str:
    """The host in lower case, "" where the address has none or cannot be read."""
    try:
        return (urlsplit(url or "").hostname or "").lower()
    except ValueError:
        return ""


def _of_parliament(host: str) -> bool:
    return host == "parliament.uk" or host.endswith(".parliament.uk")


def speakers(digest: Digest) -> tuple[str, ...]:
    """Who is given a line, in the digest's order, each once."""
    return tuple(dict.fromkeys(clean(point.speaker) for point in digest.points if point.speaker))


def blocks(digest: Digest) -> tuple[Block, ...]:
    """What is shown, in the order in which it is read; texts are as given, neither cleaned nor escaped."""
    return tuple(block for block in _blocks(digest) if block.lines)


def _blocks(digest: Digest) -> Iterator[Block]:
    yield Block("In brief", _lines(digest, digest.brief, named=True), listed=False)
    for point in digest.points:
        yield Block(_who(point, digest), _lines(digest, point.sentences, under=point.speaker), detail=_about(point))
    yield Block("What happens next", _lines(digest, digest.next, named=True))
    if digest.others.count > 0:
        yield Block("Others", (Line(_others(digest), _links(digest, digest.others.evidence)),))
    yield Block(
        "Reported by",
        tuple(
            Line(
                ": ".join(part for part in (item.publisher, item.title) if part)
                + (f" ({day_words(item.date)})" if item.date else ""),
                tuple(filter(None, (allowed_url(item.url, digest),))),
            )
            for item in digest.coverage
        ),
    )
    yield Block("Notes", tuple(Line(note) for note in digest.notes))


def _who(point: Point, digest: Digest) -> str:
    if point.speaker:
        return point.speaker
    return "The report says" if digest.kind is Kind.ARTICLE else "Unattributed"


def _about(point: Point) -> str:
    return " · ".join(part for part in (party_words(point.party), point.role) if part)


def _others(digest: Digest) -> str:
    count, about = digest.others.count, clean(digest.others.about)
    who = "One other also spoke" if count == 1 else f"{count} others also spoke"
    return f"{who}, among other things of {about}." if about else f"{who}."


def _lines(
    digest: Digest, sentences: Iterable[Sentence], *, named: bool = False, under: str | None = None
) -> tuple[Line, ...]:
    """`named` puts the speaker before a quotation, where no heading says whose words they are; `under` is whom the
    heading names, and a quotation of anybody else has its speaker before it too."""
    return tuple(
        Line(
            f"{s.speaker}: {s.text}" if (named or s.speaker != under) and s.speaker and s.origin.quotes else s.text,
            _links(digest, s.evidence),
        )
        for s in sentences
        if clean(s.text)
    )


def _links(digest: Digest, evidence: Iterable[str]) -> tuple[str, ...]:
    found = (allowed_url(digest.links.get(item), digest) for item in evidence)
    return tuple(dict.fromkeys(link for link in found if link))[:3]


def plain(digest: Digest) -> str:
    """The digest for a terminal: no mark-up, links written out after what they carry; ends with a newline."""
    written = [clean(digest.headline or digest.title)]
    if line := subtitle(digest):
        written.append(line)
    if digest.update:
        written.append(clean(digest.update))
    if url := allowed_url(digest.url, digest):
        written.append(url)
    for block in blocks(digest):
        heading = clean(block.heading)
        written += ["", f"{heading} ({clean(block.detail)})" if block.detail else heading]
        for item in block.lines:
            written.append(f"  {'- ' if block.listed else ''}{clean(item.text)}")
            written += [f"    <{link}>" for link in item.links]
    return "\n".join([*written, "", footer(digest)]) + "\n"


def markdown(digest: Digest) -> str:
    """The digest as CommonMark, source text escaped; ends with a newline."""
    headline, url = escape(digest.headline or digest.title), allowed_url(digest.url, digest)
    written = [f"# [{headline}]({url})" if url else f"# {headline}"]
    if line := subtitle(digest):
        written += ["", escape(line)]
    if digest.update:
        written += ["", f"**{escape(digest.update)}**"]
    for block in blocks(digest):
        heading = f"## {escape(block.heading)}"
        written += ["", f"{heading} — {escape(block.detail)}" if block.detail else heading, ""]
        marked = [marked_line(item) for item in block.lines]
        written += [f"- {item}" for item in marked] if block.listed else [" ".join(marked)]
    return "\n".join([*written, "", f"*{footer(digest)}*"]) + "\n"


def marked_line(line: Line) -> str:
    """The line, escaped, with an arrow to each contribution that carries it."""
    return " ".join([escape(line.text), *(f"[↗]({link})" for link in line.links)])
