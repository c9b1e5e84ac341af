"""Who a phrase names among a document's speakers: by name, surname, office or 'the Minister'."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain import Contribution
from bot.equivalents import Equivalents
from bot.summarise.verifying.lexicon import TITLES
from bot.summarise.verifying.words import plain

_PARENTHESIS = re.compile(r"\(([^)]*)\)")
_MINISTERIAL = re.compile(
    r"\b(minister|secretary of state|secretary|chancellor|attorney general|solicitor general|whip|under-secretary)\b"
)
_OF_OFFICE = {"of", "state", "the", "for", "and", "parliamentary", "under", "secretary", "under-secretary", "minister"}
_CALLS = re.compile(
    r"(?:Order\. )?I (?:now )?call the ((?:shadow|Liberal|Chair|Minister|Secretary|spokes)[^.]{2,80}?)(?: to [^.]+)?\.$"
)
"""How the Chair gives the floor to an office: the next to speak holds it."""
SIDE = frozenset("government ministers minister administration department office home they we party opposition".split())
"""Words that 'we' of a speaker may become."""


@dataclass(frozen=True, slots=True)
class Voice:
    """One speaker of the document: the input's string, the words of the name, and every office given anywhere in it."""

    speaker: str
    names: tuple[str, ...]
    roles: tuple[str, ...]
    constituency: str | None
    party: str | None

    @property
    def surname(self) -> str:
        return self.names[-1] if self.names else ""

    @property
    def ministerial(self) -> bool:
        return any(_MINISTERIAL.search(role) and "shadow" not in role for role in self.roles)

    @property
    def shadow(self) -> bool:
        return any("shadow" in role for role in self.roles)


def _name_words(speaker: str) -> tuple[str, ...]:
    bare = _PARENTHESIS.sub(" ", plain(speaker)).lower()
    words = [word.strip(".,") for word in bare.split()]
    kept = tuple(word for word in words if word and word not in TITLES)
    return kept or tuple(word for word in words if word)


def voices(contributions: Iterable[Contribution]) -> dict[str, Voice]:
    """The document's speakers by the input's string; an office printed once holds for all of a speaker's words."""
    roles: dict[str, list[str]] = {}
    kept: dict[str, Contribution] = {}
    called: str | None = None
    for item in contributions:
        if not item.speaker:
            continue
        kept.setdefault(item.speaker, item)
        own = roles.setdefault(item.speaker, [])
        calling, called = called, None
        if hit := _CALLS.match(item.text.strip()):
            called = hit[1]
        for role in [item.role, calling, *_PARENTHESIS.findall(item.speaker)]:
            if role and role.lower() not in own:
                own.append(role.lower())
    return {
        name: Voice(name, _name_words(name), tuple(roles[name]), item.constituency, item.party)
        for name, item in kept.items()
    }


def _office_matches(phrase: str, role: str, known: Equivalents) -> bool:
    role = re.sub(r"^the\s+", "", role)
    if ("shadow" in phrase) != ("shadow" in role):
        return False
    if known.first(phrase) == known.first(role):
        return True
    distinct = set(re.findall(r"[a-z]+", phrase)) - _OF_OFFICE
    return (
        bool(distinct)
        and distinct <= set(re.findall(r"[a-z]+", role))
        and bool(_MINISTERIAL.search(phrase) or "shadow" in phrase)
    )


def named(phrase: str, known_voices: dict[str, Voice], known: Equivalents) -> frozenset[str]:
    """The speakers that the phrase can mean: none where it means somebody who does not speak here.

    A full name or surname decides; then an office; 'the Minister' is every ministerial speaker."""
    if phrase in known_voices:
        return frozenset({phrase})
    low = re.sub(r"'s$", "", re.sub(r"\s+", " ", plain(phrase).lower()).strip(" .,:;"))
    words = [word.strip(".,;:'()") for word in low.split()]
    by_name = {
        voice.speaker
        for voice in known_voices.values()
        if voice.surname and voice.surname in words and _names_agree(words, voice)
    }
    if by_name:
        return frozenset(by_name)
    office = re.sub(r"^(?:the|our|a)\s+", "", low)
    by_office = {
        voice.speaker
        for voice in known_voices.values()
        if any(_office_matches(office, role, known) for role in voice.roles)
    }
    if by_office:
        return frozenset(by_office)
    if office in {"minister", "government minister", "secretary of state", "secretary", "government"}:
        return frozenset(voice.speaker for voice in known_voices.values() if voice.ministerial)
    if office in {
        "shadow minister",
        "opposition",
        "opposition spokesman",
        "opposition spokesperson",
        "shadow secretary",
    }:
        return frozenset(voice.speaker for voice in known_voices.values() if voice.shadow)
    seat = re.search(r"(?:member|mp) for (.+)$", office)
    if seat:
        return frozenset(
            v.speaker for v in known_voices.values() if v.constituency and v.constituency.lower() == seat[1]
        )
    if office in {"member", "mp", "hon member", "backbencher", "peer", "witness", "speaker", "member of parliament"}:
        return frozenset(known_voices)
    return frozenset()


def _names_agree(words: list[str], voice: Voice) -> bool:
    """A given name in the phrase must be the voice's own: 'Dan Jarvis' is not 'Sue Jarvis'."""
    here = len(words) - 1 - words[::-1].index(voice.surname)
    before = [word for word in words[:here] if word not in TITLES and word.isalpha()]
    last = before[-1] if before else ""
    if not last or last in voice.names or len(voice.names) < 2:
        return True
    if any(name.startswith(last) or last.startswith(name) for name in voice.names[:-1]):
        return True
    return last in _OF_OFFICE or any(last in role for role in voice.roles)
