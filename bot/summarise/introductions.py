"""What others say of who a speaker is: a chair's "I welcome Jane Doe, Minister for Education", a reply's "the hon.
Lady".

Only what is said in so many words counts, and two that differ count for nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from bot.domain import Contribution, Voice

_WELCOMES = re.compile(r"\b(?:welcom\w+|joined (?:today |this \w+ )?by|introduce|with us)\b", re.IGNORECASE)
_POSTNOMINAL = r"(?:,? (?:AM|MS|MP|MSP|MLA|AC|AS|KC|QC|CBE|OBE|MBE))*"
_LINK = r"(?:,? (?:who(?: is|[’']s)|as)|,) (?:also )?(?:who is |is |as )?(?:the |our )?"
_OFFICE = re.compile(
    r"\b(?:Minister|Secretary|director|chief|head|officer|commissioner|inspector|adviser|advisor|president|lawyer|"
    r"co-?ordinator|reviewer)\b",
    re.IGNORECASE,
)
_TITLES = frozenset(
    "hon right rt mr mrs ms miss dr prof professor sir dame lord lady baroness am mp msp mla as ac".split()
)
_SOON = 6
"""Words of an office within which it says which: "strategic lead officer for schools"."""
_LONGEST = 14
"""Words that an office may have before it is taken for something else."""


def introduced(contributions: Sequence[Contribution]) -> tuple[Contribution, ...]:
    """The contributions, with the office by which each speaker who has none was welcomed: "Minister for Education"."""
    without = {item.speaker for item in contributions if item.speaker}
    without -= {item.speaker for item in contributions if item.role}
    names = {label: name for label in without if label and len((name := _bare(label)).split()) >= 2}
    offices: dict[str, str] = {}
    for item in contributions:
        if not names or not _WELCOMES.search(item.text):
            continue
        printed = unicodedata.normalize("NFC", " ".join(item.text.split()))
        text = _folded(printed)
        found = {label: match.span() for label, name in names.items() if (match := _named(name).search(text))}
        for label, (_, end) in found.items():
            upto = min((start for start, _ in found.values() if start > end), default=len(text))
            if office := _office(printed[end:upto]):
                offices.setdefault(label, office)
    if not offices:
        return tuple(contributions)
    return tuple(
        replace(item, role=offices[item.speaker]) if item.speaker in offices else item for item in contributions
    )


def _named(name: str) -> re.Pattern[str]:
    return re.compile(r"\b" + re.escape(name) + _POSTNOMINAL, re.IGNORECASE)


def _office(text: str) -> str | None:
    """The office at the head of what follows a name, or None."""
    bare = re.sub(rf"^{_LINK}", "", text)
    ends = r"[;.(]|, (?:and|also|who|from|by)\b| and (?:also )?$| who\b|,\s*$"
    office = re.split(ends, bare, maxsplit=1)[0].strip(" ,")
    office = re.sub(r",? and$", "", office)
    if (
        bare == text
        or "—" in office
        or not _OFFICE.search(" ".join(office.split()[:_SOON]))
        or len(office.split()) > _LONGEST
    ):
        return None
    return office[:1].upper() + office[1:]


def _bare(label: str) -> str:
    label = label.partition("(")[0]
    return " ".join(word for word in _folded(label).split() if word.lower().strip(".,") not in _TITLES)


def _folded(text: str) -> str:
    """The text without accents, each letter in its place."""
    return "".join(unicodedata.normalize("NFD", char)[0] for char in text)


_LADY = re.compile(
    r"\b(?:[Tt]he|[Mm]y) (?:right )?(?:hon\. |noble )(?:and (?:learned|gallant) )?(?:Lady|Baroness)\b|"
    r"\b[Tt]he noble Baroness\b"
)
_GENTLEMAN = re.compile(
    r"\b(?:[Tt]he|[Mm]y) (?:right )?hon\. (?:and (?:learned|gallant) )?Gentleman\b|\b[Tt]he noble Lord\b"
)
_OF_THE_MINISTER = re.compile(
    r"\bthe (?:Minister|Secretary of State|Home Secretary|Prime Minister|Under-Secretary)"
    r"(?: of State)? (?:for (?:early |advance |prior )?(?:sight|notice|copy) of |for )(?P<whose>his|her) "
    r"(?:\w+ )?(?:statement|answer|reply|response|letter|speech|update)\b"
)
_OF_WHO_ANSWERS = re.compile(
    r"(?:^|[.?!] |, )(?:(?:And|So|But|Finally,) )?[Ww]ill (?P<who>he|she) (?:now |also |therefore |please )?"
    r"(?:agree|accept|commit|confirm|tell|explain|set out|assure|publish|consider|meet|outline|ensure|join)\b"
)
_AT_FIRST = 60
"""Words of a reply in which "the hon. Lady" is she who asked."""


def pronouns(contributions: Sequence[Contribution], ministers: frozenset[str]) -> dict[str, str]:
    """ "he" or "she" for each speaker of whom the House says it: by "the hon. Lady" at the head of the reply to what
    she said; by "her statement" and "will she confirm" of the only minister who speaks."""
    said: dict[str, set[str]] = {}
    spoken = [item for item in contributions if item.voice is Voice.SPEECH and item.speaker]
    only = next(iter(ministers)) if len(ministers) == 1 else None
    for before, item in pairwise(spoken):
        if item.speaker not in ministers or before.speaker in ministers or before.speaker is None:
            continue
        head = " ".join(item.text.split()[:_AT_FIRST])
        for form, word in ((_LADY, "she"), (_GENTLEMAN, "he")):
            if form.search(head):
                said.setdefault(before.speaker, set()).add(word)
        if only is not None:
            told = [{"his": "he", "her": "she"}[found["whose"]] for found in _OF_THE_MINISTER.finditer(before.text)]
            told += [found["who"] for found in _OF_WHO_ANSWERS.finditer(before.text)]
            said.setdefault(only, set()).update(told)
    return {speaker: next(iter(words)) for speaker, words in said.items() if len(words) == 1}
