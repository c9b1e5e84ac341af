"""One answer of `GET /debates/debate/{extId}.json`, turned into a Document. No network: the same for a file by hand.

The answer is {"Overview": {…}, "Navigator": […], "Items": […], "ChildDebates": […]}; field by field it is described in
the API's Swagger (https://hansard-api.parliament.uk/swagger/docs/v1). Own Items only are read: children are documents
of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.domain import LONDON, Contribution, Document, Kind, Voice
from bot.errors import SourceError
from bot.sources import links
from bot.sources.debate_items import Items, Said
from bot.sources.fields import day_of, number, rows, table, word
from bot.sources.hansard_markup import line_of
from bot.sources.members import Member
from bot.sources.speakers import Memory

CONTAINERS = frozenset(
    {"hs_3oralanswers", "hs_6bdepartment", "hs_3mainhdg", "hs_3cmainhdg", "hs_6bpetitions", "hs_3coppositionday",
     "hs_venue"}
)  # fmt: skip
"""HRSTags, in lower case, of headings that only hold other debates."""

_FINAL_SOURCE = 2
_MAKES_STATEMENT = re.compile(
    r"\bI (?:(?:shall|will|would like to|should like to|wish to|want to|propose to|am going to) (?:now )?)?"
    r"(?:make|repeat) (?:a|an|the|this) (?:\w+ ){0,3}statement\b",
    re.I,
)
_ASKS_STATEMENT = re.compile(r"\bif (?:he|she|they|the \w+(?: \w+)?) will make a statement\b", re.I)
_ORAL_ANSWERS = re.compile(r"oral answers", re.I)
_CORRECTIONS = re.compile(r"corrections?\b", re.I)
_LORDS_QUESTION = frozenset({"question", "oral question", "starred question", "topical question"})
_LORDS_STATEMENT = re.compile(r"(?:commons )?(?:ministerial )?statement(?: repeat)?", re.I)


@dataclass(frozen=True, slots=True)
class Heading:
    """What an Overview says. `ext_id` is as the API spells it; `final` is true once it is not the rolling edition."""

    ext_id: str
    title: str
    day: date
    house: str
    location: str
    tag: str
    final: bool

    @property
    def url(self) -> str:
        return links.debate_url(self.house, self.day, self.ext_id, self.title)


def heading(answer: object) -> Heading:
    """The debate's own line. Raises SourceError where the answer is not a debate."""
    overview = table(table(answer).get("Overview"))
    ext_id, day = word(overview.get("ExtId")), day_of(overview.get("Date"))
    if not ext_id or day is None:
        raise SourceError("the Hansard API's debate has no ExtId or Date in its Overview")
    house = word(overview.get("House")) or "Commons"
    return Heading(
        ext_id=ext_id,
        title=line_of(word(overview.get("Title"))) or "Untitled debate",
        day=day,
        house={"1": "Commons", "2": "Lords"}.get(house, house.capitalize()),
        location=line_of(word(overview.get("Location"))),
        tag=(word(overview.get("HRSTag")) or "").lower(),
        final=_is_final(overview.get("Source")),
    )


def member_ids(answer: object) -> tuple[int, ...]:
    """Who speaks in a debate, each once, in order."""
    found = (number(item.get("MemberId")) for item in rows(table(answer).get("Items")))
    return tuple(dict.fromkeys(member_id for member_id in found if member_id and member_id > 0))


def children(answer: object) -> Iterator[Mapping[str, Any]]:
    """The nested debates, each of them a whole answer of its own, at any depth."""
    waiting = rows(table(answer).get("ChildDebates"))
    while waiting:
        child = waiting.pop(0)
        if table(child.get("Overview")):
            yield child
        waiting = rows(child.get("ChildDebates")) + waiting


def parse_debate(
    answer: object,
    *,
    members: Mapping[int, Member] | None = None,
    memory: Memory | None = None,
    today: date | None = None,
    leave_out: frozenset[str] = frozenset(),
) -> Document:
    """The Document of one debate: speakers named by `members` first, then by what was printed here, then by `memory`.

    `leave_out` are contribution ids that another document holds already (a heading's answer repeats its children's).
    `today` decides whether the day is past (London's day where None). Raises SourceError where this is not a debate.
    """
    head = heading(answer)
    section = _path(answer, head)
    reader = Items(head.ext_id, head.day, head.house, members or {}, memory or Memory())
    said = [one for one in reader.read(rows(table(answer).get("Items"))) if one.contribution.id not in leave_out]
    contributions = tuple(_linked(one, head.url) for one in said)
    today = today or datetime.now(LONDON).date()
    return Document(
        source="hansard",
        id=head.ext_id.upper(),
        kind=_kind(head, section, said, asked=_asked(answer)),
        title=head.title,
        contributions=contributions,
        date=head.day,
        house=head.house,
        url=head.url,
        publisher="Hansard",
        section=section,
        settled=head.final and head.day < today,
        doubts=tuple(reader.doubts),
        corrects=_corrects(head, said),
    )


def _linked(said: Said, debate: str) -> Contribution:
    return said.with_url(links.contribution_url(debate, said.external_id) if said.external_id else None)


def _is_final(source: object) -> bool:
    if isinstance(source, str):
        return source.strip().lower() not in {"", "0", "1", "rollinghansard"}
    return number(source) >= _FINAL_SOURCE


def _path(answer: object, head: Heading) -> tuple[str, ...]:
    """The headings above a debate. The Navigator's last entry is the debate itself."""
    path = [line_of(word(step.get("Title"))) for step in rows(table(answer).get("Navigator"))]
    path = [title for title in path[:-1] if title]
    if head.location and head.location not in path:
        path.insert(0, head.location)
    return tuple(path)


def _asked(answer: object) -> bool:
    """Whether an item is tagged as a question of the order paper."""
    return any((word(item.get("HRSTag")) or "").lower() == "question" for item in rows(table(answer).get("Items")))


def _kind(head: Heading, section: tuple[str, ...], said: list[Said], *, asked: bool) -> Kind:
    printed = next((one.contribution.text.strip().rstrip(".") for one in said if one.contribution.speaker is None), "")
    if asked or head.tag == "hs_8question" or any(_ORAL_ANSWERS.search(title) for title in section):
        return Kind.QUESTION
    if head.house == "Lords" and len(printed) < 60:
        if printed.lower() in _LORDS_QUESTION:
            return Kind.QUESTION
        if _LORDS_STATEMENT.fullmatch(printed):
            return Kind.STATEMENT
    first = next((one.contribution for one in said if one.contribution.voice is Voice.SPEECH), None)
    opening = first.text[:1200] if first else ""
    if _MAKES_STATEMENT.search(opening) and not _ASKS_STATEMENT.search(opening):
        return Kind.STATEMENT
    if head.tag == "hs_2cstatement" and first and first.role:
        return Kind.STATEMENT
    return Kind.DEBATE


def _corrects(head: Heading, said: list[Said]) -> tuple[str, ...]:
    """The contributions that a correction quotes: all of a correction's references, else those of one that says so."""
    stands_alone = bool(_CORRECTIONS.search(head.location))
    chosen = [one for one in said if stands_alone or _says_correction(one)]
    return tuple(dict.fromkeys(found for one in chosen for found in one.references))


_SAYS_CORRECTION = re.compile(
    r"\b(?:correct(?:ed|ing|ion)?|put right|set straight)\b.{0,120}\b(?:record|error|mistake|Official Report|Hansard)\b"
    r"|\b(?:made an? (?:error|mistake)|misspoke|inadvertently misled)\b",
    re.I | re.S,
)


def _says_correction(one: Said) -> bool:
    return bool(one.references) and bool(_SAYS_CORRECTION.search(one.contribution.text))
