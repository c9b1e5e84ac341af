"""Whether two documents tell one story: one event with its statements, repeats, reports and reactions within 14 days.

A Lords repeat and a written twin carry the same title; a press report carries the same people and figures. Both are
asked for
before likeness of wording is believed, since everything about one programme is alike.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from bot.domain import Document, Kind, Voice
from bot.summarise.people import minister, plain_name

if TYPE_CHECKING:
    from bot.inference.models import Models

WINDOW = timedelta(days=14)
_REPEAT = timedelta(days=7)
"""The Lords take a Commons statement a day or so later, under the same title; a recess may come between."""
_LIKE = 0.45
_VERY_LIKE = 0.72
_SHARED = 2
_SHARE = 0.2
"""Of the names of the shorter document: a report of a debate names little that was not named there."""
_READ = 350
"""Words of a document that are read for its names and its drift: the head of a report or of a statement tells both."""

_PIECES = 8
"""The longest contributions whose paragraphs a report is compared with."""

_ROUTINE = re.compile(
    r"^(?:topical questions|engagements|business of the house|points? of order|oral answers.*|petitions?|prayers|"
    r"speaker[’']s statement|questions?|debate|statement|untitled|)$"
)
_EVERYDAY = frozenset(
    "prevent channel government parliament house commons lords office department police minister ministers "
    "secretary uk britain united kingdom england wales scotland ireland british state bill act review report "
    "committee today london home counter terrorism policing europe of the dame baroness hon right rev "
    "conservative conservatives labour liberal commissioner statement democrat democrats reform green national north "
    "south east west "
    "city county council mps english security general programme strategy member members speaker deputy madam "
    "mr mrs sir".split()
)
_NAME = re.compile(r"\b[A-Z][\w’'-]+(?:\s+(?:of\s+|the\s+)?[A-Z][\w’'-]+)*")
_MINISTER_NAMED = re.compile(
    r"\b(?:[Mm]inister|Secretary)(?: (?:for|of) [A-Z]\w+(?: (?:and )?[A-Z]\w+)*)?,? (?:\(|"
    r", )?(?:[A-Z][\w’'-]+ )([A-Z][\w’'-]+)|"
    r"\b[A-Z][\w’'-]+ ([A-Z][\w’'-]+), the (?:[A-Z]\w+ )*(?:Minister|Secretary)"
)
_NUMBER = re.compile(r"\b\d{1,3}(?:,\d{3})+\b|\b\d{3,}\b|£\d[\d,.]*(?: [mb]illion)?")


def same_story(models: Models, a: Document, b: Document) -> tuple[float, str]:
    """How surely both tell one story, and why, in words: 0 where they do not, 1 for a repeat or a twin. Symmetric.

    The encoder is asked only where titles and names leave it open. Two papers of Parliament under different titles
    are two
    events unless they are very alike; a report's title is its own."""
    first, second = _day(a), _day(b)
    if first and second and abs(first - second) > WINDOW:
        return 0.0, "more than 14 days apart"
    if a.source == b.source and a.id == b.id:
        return 1.0, "the same document"
    if _same_title(a, b) and (not first or not second or abs(first - second) <= _REPEAT):
        return 1.0, "the same title within a week"
    if a.kind is b.kind is Kind.QUESTION:
        return 0.0, "two questions"
    theirs = _names(a), _names(b)
    shared = theirs[0] & theirs[1]
    if len(shared) < _SHARED:
        return 0.0, "too few people, places and figures in common"
    likeness = _likeness(models, a, b)
    share = len(shared) / min(map(len, theirs))
    press = Kind.ARTICLE in (a.kind, b.kind)
    needed = _LIKE if press and len(shared) > _SHARED and share >= _SHARE else _VERY_LIKE
    told = ", ".join(sorted(shared)[:4])
    if likeness >= needed:
        return likeness * (0.5 + share / 2), f"both tell of {told} (likeness {likeness:.2f})"
    return 0.0, f"both name {told}, but are not alike (likeness {likeness:.2f})"


def _day(document: Document) -> date | None:
    return document.date or (document.published.date() if document.published else None)


def _same_title(a: Document, b: Document) -> bool:
    left, right = _plain(a.title), _plain(b.title)
    if left != right or _ROUTINE.match(left):
        return False
    return Kind.ARTICLE not in (a.kind, b.kind) and not (a.kind is b.kind is Kind.QUESTION and a.house == b.house)


def _plain(title: str) -> str:
    return re.sub(r"[^\w’' ]+", " ", " ".join(title.lower().split())).strip()


def _opening(document: Document) -> str:
    """The head of what it says in its own words: a reprint is left out, or a repeat would be nothing else."""
    words: list[str] = []
    for item in document.contributions:
        if item.voice not in (Voice.SPEECH, Voice.REPORT):
            continue
        words += item.text.split()
        if len(words) >= _READ:
            break
    return " ".join(words[:_READ])


def _gist(document: Document) -> str:
    return f"{document.title}. {_opening(document)}"


def _likeness(models: Models, a: Document, b: Document) -> float:
    """The cosine of the shorter one's drift to the part of the longer that is nearest: a report tells a piece of a
    debate."""
    short, long = sorted((a, b), key=Document.words)
    rows = models.encoder.encode([_gist(short), _gist(long), *_pieces(long)])
    return float((rows[1:] @ rows[0]).max())


def _pieces(document: Document) -> list[str]:
    said = [item for item in document.contributions if item.voice in (Voice.SPEECH, Voice.REPORT)]
    longest = sorted(said, key=lambda item: -len(item.text))[:_PIECES]
    return [f"{document.title}. {paragraph}" for item in longest for paragraph in item.text.split("\n\n")[:6]]


def _names(document: Document) -> set[str]:
    """Names, places and figures that tell this event from others on the same subject, lower case.

    A minister's own name tells nothing: the same one answers for everything that day."""
    said = [item for item in document.contributions if item.voice in (Voice.SPEECH, Voice.REPORT)]
    text = ". ".join([document.title, *(item.text for item in said), *{item.speaker or "" for item in said}])
    ministers = {
        plain_name(item.speaker).split()[-1].lower()
        for item in document.contributions
        if item.speaker and minister(item.speaker, item.role)
    } | {(named[1] or named[2]).lower() for named in _MINISTER_NAMED.finditer(text)}
    found: set[str] = set()
    for match in _NAME.finditer(text):
        words = [word.strip("’'-") for word in match[0].replace("’s", "").split()]
        if len(words) == 1 and _sentence_start(text, match.start()):
            continue
        kept = [word for word in words if word.lower() not in _EVERYDAY and not _MONTH_OR_DAY.match(word.lower())]
        if kept and len(kept[-1]) > 2 and kept[-1].lower() not in ministers:
            found.add(kept[-1].lower())
    found.update(number.strip("£.,") for number in _NUMBER.findall(text) if not re.fullmatch(r"(?:19|20)\d\d", number))
    return found


_MONTH_OR_DAY = re.compile(
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day)$"
)


def _sentence_start(text: str, at: int) -> bool:
    before = text[:at].rstrip()
    return not before or before[-1] in ".!?“:"
