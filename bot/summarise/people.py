"""Who speaks, as far as a transcript tells: the name in a sentence, the office, the side of the House.

Nothing here guesses a person's sex from a first name: only a title says it ("Sir", "Baroness"), or the House ("the hon.
Lady").
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from bot.domain import Contribution
from bot.summarise.introductions import pronouns

_MINISTER = re.compile(
    r"\b(?:Minister|Ministers|Secretary of State|Under[- ]Secretary|Prime Minister|Chancellor|Home Secretary|"
    r"Foreign Secretary|Attorney General|Solicitor General|Advocate General|Lord Privy Seal|Leader of the House|"
    r"Paymaster General|Treasurer|Whip|Lord President)\b",
    re.IGNORECASE,
)
_SHADOW = re.compile(r"\b(?:shadow|spokes(?:man|woman|person)|opposition)\b", re.IGNORECASE)
_CHAIR = re.compile(
    r"^(?:the )?(?:(?:madam |mr\.? )?(?:deputy )?speaker|(?:temporary |vice-?)?chair(?:man|woman)?\b|llywydd)",
    re.IGNORECASE,
)
_MALE = re.compile(r"^(?:(?:Right|Rt)\.? Hon\.? |Hon\.? |The )?(?:Mr|Sir|Lord|Viscount|Earl|Duke|Marquess)\b")
_FEMALE = re.compile(
    r"^(?:(?:Right|Rt)\.? Hon\.? |Hon\.? |The )?(?:Mrs|Ms|Miss|Dame|Lady|Baroness|Viscountess|Countess|Duchess)\b"
)
_NAMELESS = re.compile(
    r"^(?:an? |the |several |some |unknown|unidentified|witness\b|speaker\b|hon\. members)", re.IGNORECASE
)
_GOVERNED = (
    (date(2024, 7, 5), frozenset({"Lab", "Lab/Co-op", "Lab Co-op"})),
    (date(2015, 5, 8), frozenset({"Con"})),
    (date(2010, 5, 12), frozenset({"Con", "LD"})),
    (date(1997, 5, 2), frozenset({"Lab", "Lab/Co-op", "Lab Co-op"})),
)
"""The parties in government since a day, newest first."""


PERSON_NOUNS = frozenset(
    "perpetrator killer attacker murderer suspect man woman boy girl teenager commissioner reviewer author "
    "chair judge coroner individual offender minister secretary pupil student teacher officer".split()
)
"""Nouns that "he" or "she" may stand for."""


class Side(StrEnum):
    MINISTER = "minister"
    OPPOSITION = "opposition"
    GOVERNMENT_BACK_BENCH = "government"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Person:
    """One speaker of a document. `label` is the input's string; `name` stands in a sentence, without brackets."""

    label: str
    name: str
    party: str | None
    role: str | None
    side: Side
    chair: bool
    pronoun: str | None

    @property
    def named(self) -> bool:
        return not _NAMELESS.match(self.name)


def plain_name(label: str) -> str:
    """The speaker's name for a sentence: `Hon. Bill Morneau (Minister of Finance)` is `Hon. Bill Morneau`.

    `The Minister for Security (Dan Jarvis)` is `Dan Jarvis`: after an office the bracket is the name."""
    label = " ".join(label.split())
    head, _, rest = label.partition(" (")
    if rest and (_MINISTER.search(head) or _CHAIR.match(head)) and head.lower().startswith(("the ", "mr ", "madam ")):
        inner = rest.partition(")")[0].partition(" (")[0]
        if re.match(r"(?:(?:Rt|Right)\.? )?(?:Hon\.? )?[A-Z]", inner) and len(inner.split()) <= 7:
            return inner
    return head or label


def people(contributions: Iterable[Contribution], day: date | None) -> dict[str, Person]:
    """Every named speaker by the input's string. Party and office are taken from where they are first given, and "he"
    or "she" from a title or from what the House says of them."""
    contributions = tuple(contributions)
    parties: dict[str, str] = {}
    roles: dict[str, str] = {}
    order: list[str] = []
    chairs: set[str] = set()
    for item in contributions:
        if not item.speaker:
            continue
        if item.speaker not in order:
            order.append(item.speaker)
        if item.party:
            parties.setdefault(item.speaker, item.party)
        if item.role:
            roles.setdefault(item.speaker, item.role)
        if item.voice.value == "chair" or _CHAIR.match(item.speaker):
            chairs.add(item.speaker)
    governing = _governing(day, parties, roles)
    found: dict[str, Person] = {}
    for label in order:
        name = plain_name(label)
        party, role = parties.get(label), roles.get(label)
        found[label] = Person(
            label, name, party, role, _side(label, party, role, governing), label in chairs, _pronoun(name)
        )
    ministers = frozenset(label for label, person in found.items() if person.side is Side.MINISTER)
    for label, pronoun in pronouns(contributions, ministers).items():
        if found[label].pronoun is None:
            found[label] = replace(found[label], pronoun=pronoun)
    return found


def minister(label: str, role: str | None) -> bool:
    """Whether the office or the label is a minister's."""
    return any(_MINISTER.search(text) and not _SHADOW.search(text) for text in (role or "", label))


def _governing(day: date | None, parties: dict[str, str], roles: dict[str, str]) -> frozenset[str]:
    for label, party in parties.items():
        if minister(label, roles.get(label)):
            return next((ruling for _, ruling in _GOVERNED if party in ruling), frozenset({party}))
    if day is not None:
        return next((ruling for since, ruling in _GOVERNED if day >= since), frozenset())
    return frozenset()


def _side(label: str, party: str | None, role: str | None, governing: frozenset[str]) -> Side:
    if minister(label, role):
        return Side.MINISTER
    if party is None or not governing:
        return Side.OPPOSITION if _SHADOW.search(role or label) else Side.OTHER
    if party in governing:
        return Side.GOVERNMENT_BACK_BENCH
    if party in {"CB", "Non-Afl", "Bishops"}:
        return Side.OTHER
    return Side.OPPOSITION


def _pronoun(name: str) -> str | None:
    if _MALE.match(name):
        return "he"
    if _FEMALE.match(name):
        return "she"
    return None
