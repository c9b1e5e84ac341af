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
from bot.summarise.people import minister

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
    "conservative conservatives labour liberal democrat democrats reform green national north south east west "
    "city county council mps english security general programme strategy member members speaker deputy madam "
    "mr mrs sir".split()
)
_NAME = re.compile(r"\b[A-Z][\w’'-]+(?:\s+(?:of\s+|the\s+)?[A-Z][\w’'-]+)*")
_NUMBER = re.compile(r"\b\d{1,3}(?:,\d{3})+\b|\b\d{3,}\b|£\d[\d,.]*(?: [mb]illion)?")


def same_story(models: Models, a: Document, b: Document) -> tuple[bool, str]:
    """The verdict with its reason, in words. Symmetric. Uses the encoder only where titles and names leave it open.

    Two papers of Parliament under different titles are two events unless they are very alike; a report's title is its
    own."""
    first, second = _day(a), _day(b)
    if first and second and abs(first - second) > WINDOW:
        return False, "more than 14 days apart"
    if a.source == b.source and a.id == b.id:
        return True, "the same document"
    if _same_title(a, b) and (not first or not second or abs(first - second) <= _REPEAT):
        return True, "the same title within a week"
    if a.kind is b.kind is Kind.QUESTION:
        return False, "two questions"
    shared = _names(a) & _names(b)
    if len(shared) < _SHARED:
        return False, "too few people, places and figures in common"
    likeness = _likeness(models, a, b)
    share = len(shared) / min(len(_names(a)), len(_names(b)))
    press = Kind.ARTICLE in (a.kind, b.kind)
    needed = _LIKE if press and len(shared) > _SHARED and share >= _SHARE else _VERY_LIKE
    told = ", ".join(sorted(shared)[:4])
    if likeness >= needed:
        return True, f"both tell of {told} (likeness {likeness:.2f})"
    return False, f"both name {told}, but are not alike (likeness {likeness:.2f})"


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
    ministers = {
        word.lower()
        for item in said
        if minister(item.speaker or "", item.role)
        for word in (item.speaker or "").split()
    }
    text = ". ".join([document.title, *(item.text for item in said), *{item.speaker or "" for item in said}])
    found: set[str] = set()
    for match in _NAME.finditer(text):
        words = match[0].replace("’s", "").split()
        if len(words) == 1 and _sentence_start(text, match.start()):
            continue
        for word in (word.lower().strip("’'-") for word in words):
            if word not in _EVERYDAY | ministers and len(word) > 2 and not _MONTH_OR_DAY.match(word):
                found.add(word)
    found.update(number.lstrip("£") for number in _NUMBER.findall(text) if not re.fullmatch(r"(?:19|20)\d\d", number))
    return found


_MONTH_OR_DAY = re.compile(
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day)$"
)


def _sentence_start(text: str, at: int) -> bool:
    before = text[:at].rstrip()
    return not before or before[-1] in ".!?“:"
