"""Who speaks, read from `AttributedTo`, the citation that Hansard prints before a contribution.

    Kemi Badenoch (North West Essex) (Con)                          name (constituency) (party)
    The Minister for Security (Dan Jarvis)                          office (name)
    The Minister of State, Home Office (Lord Hanson of Flint) (Lab) office (name) (party)
    Lord Pannick (CB) · The Earl of Devon (CB)                      name (party)
    Madam Deputy Speaker (Judith Cummins) · Sir Roger Gale (in the Chair)

A lone bracket is never taken for a party unless it is one of Hansard's marks: it may be a name, a seat or a remark
("Urgent Question"). Identity comes from the Member id; this is the printed half, and what is left without it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.domain import Voice
from bot.sources.hansard_markup import line_of

PARTIES = frozenset(
    {
        "Con", "Lab", "Lab/Co-op", "Lab Co-op", "Lab/Coop", "LD", "SNP", "Reform", "Reform UK", "RUK", "Green", "GP",
        "PC", "DUP", "SF", "SDLP", "Alliance", "APNI", "All", "UUP", "TUV", "Ind", "Ind Lab", "Ind UU", "Ind SD",
        "Alba", "Your Party", "CB", "XB", "Non-Afl", "Non-afl", "UKIP", "BNP", "Respect", "Workers", "Restore Britain",
        "Change UK", "TIG", "IGC", "Con Ind", "Lab Ind", "LD Ind", "Bishops",
    }
)  # fmt: skip
"""Marks as Hansard prints them; an unknown second bracket after a seat is kept as printed."""

_REMARKS = re.compile(
    r"(?:urgent question|private notice question|maiden speech|valedictory speech|by video ?link|[vV]|continued)", re.I
)
_BY_VIDEO = re.compile(r"\s*\[V\]$")
"""Printed after whoever spoke by video link, in 2020 and 2021."""

_IN_CHAIR = re.compile(r"in the chair", re.I)
_PEERAGE = re.compile(
    r"The (?:(?:Most |Right |Very )?(?:Rev(?:erend|d\.?)?|Hon(?:ourable|\.?)) (?:the )?)*"
    r"(?:Earl|Duke|Duchess|Marquess|Marchioness|Viscount|Viscountess|Countess|Baroness|Baron|Lord Archbishop|"
    r"Lord Bishop|Archbishop|Bishop|Lord|Lady)\b"
    r"(?! (?:Speaker|Chancellor|Privy Seal|President|Chairman|Advocate|Commissioner))"
)
_OFFICE = re.compile(
    r"(?:The )?(?:Prime Minister|Deputy Prime Minister|Minister|Secretary of State|Parliamentary Under|Chancellor|"
    r"Attorney|Solicitor|Advocate General|Leader of|Lord (?:Chancellor|Privy Seal|President|Speaker|Advocate)|"
    r"Treasurer|Comptroller|Vice-Chamberlain|Captain of|Lords? (?:Commissioner|in Waiting)|Baroness(?:es)? in Waiting|"
    r"Home Secretary|Financial Secretary|Economic Secretary|Exchequer Secretary|Chief Secretary|Paymaster|"
    r"President of|Deputy Leader|Second Church Estates|Assistant Whip|Government Whip)\b"
)
_CHAIR = re.compile(
    r"(?:(?:Mr\.?|Mrs\.?|Ms\.?|Madam|Madame) (?:Deputy )?(?:Speaker|Chair(?:man|woman)?)"
    r"|(?:The )?(?:(?:Acting|Temporary|Deputy|Senior Deputy|Principal Deputy|First Deputy|Second Deputy) )*"
    r"(?:Lord )?(?:Speaker|Chair|Chairman|Chairwoman|Chairperson|Vice-Chair)"
    r"(?: of (?:Ways and Means|Committees?))?)",
    re.I,
)
_COLLECTIVE = re.compile(
    r"(?:(?:several|some|many|other|a number of) )?(?:(?:right )?hon(?:\.|ourable)? )?"
    r"(?:members|noble lords|lords|peers)"
    r"(?: (?:on (?:both|all) sides|opposite))?(?: rose)?\s*[—–-]*"
    r"|an? (?:(?:right )?hon(?:\.|ourable)? )?(?:member|noble lord|lord|baroness|noble baroness|voice)"
    r"|(?:noble )?lords|the committee|several voices|some hon\. members",
    re.I,
)
_HONORIFIC = re.compile(r"(?:Mr|Mrs|Ms|Miss|Dr|Sir|Dame|Lady|Madam)\.? ")


@dataclass(frozen=True, slots=True)
class Attribution:
    """A citation taken apart. What is not printed is None; `name` is as printed, without office, seat or party."""

    name: str | None = None
    role: str | None = None
    constituency: str | None = None
    party: str | None = None
    voice: Voice = Voice.SPEECH

    @property
    def short(self) -> bool:
        """Whether the name is only an honorific and a surname ("Mrs Badenoch"): the same person, later on."""
        if not self.name or not (found := _HONORIFIC.match(self.name)):
            return False
        return " " not in self.name[found.end() :].strip()


def is_chair(label: str) -> bool:
    """Whether a speaker's label is that of the Chair alone: "Mr Speaker", "The Chair", "The Deputy Speaker"."""
    return bool(_CHAIR.fullmatch(_head(label)[0])) or any(_IN_CHAIR.fullmatch(group) for group in _head(label)[1])


def is_collective(label: str) -> bool:
    """Whether a label names nobody: "Hon. Members", "Several hon. Members rose—"."""
    return bool(_COLLECTIVE.fullmatch(label.strip().rstrip(":")))


def read(attributed_to: str | None) -> Attribution:
    """Take a citation apart. Nothing printed gives a nameless SPEECH: what it is, its text must say."""
    printed = _BY_VIDEO.sub("", line_of(attributed_to).rstrip(":").strip())
    if not printed:
        return Attribution()
    if is_collective(printed):
        return Attribution(name=printed.rstrip("—–- ") or None, voice=Voice.COLLECTIVE)
    head, groups = _head(printed)
    if any(_IN_CHAIR.fullmatch(group) for group in groups):
        return Attribution(name=head or None, role="in the Chair", voice=Voice.CHAIR)
    groups = [group for group in groups if not _REMARKS.fullmatch(group)]
    if _CHAIR.fullmatch(head):
        party = groups[1] if len(groups) > 1 and groups[1] in PARTIES else None
        named = groups[0] if groups and groups[0] not in PARTIES else None
        return Attribution(name=named or head, role=head, party=party, voice=Voice.CHAIR)
    if _is_office(head, groups):
        return _officer(head, groups)
    return _member(head, groups)


def _is_office(head: str, groups: list[str]) -> bool:
    if _OFFICE.match(head):
        return True
    return head.startswith("The ") and not _PEERAGE.match(head) and not (len(groups) == 1 and groups[0] in PARTIES)


def _officer(head: str, groups: list[str]) -> Attribution:
    party = groups[-1] if groups and groups[-1] in PARTIES else None
    rest = groups[:-1] if party else groups
    if not rest:
        # "The Prime Minister", alone: who that is, an earlier citation or the Members API says.
        return Attribution(name=None, role=head, party=party)
    seat = rest[1] if len(rest) > 1 else None
    return Attribution(name=rest[0], role=head, constituency=seat, party=party)


def _member(head: str, groups: list[str]) -> Attribution:
    name = head or None
    if len(groups) >= 2:
        return Attribution(name=name, constituency=", ".join(groups[:-1]), party=groups[-1])
    if len(groups) == 1:
        if groups[0] in PARTIES:
            return Attribution(name=name, party=groups[0])
        return Attribution(name=name, constituency=groups[0])
    return Attribution(name=name)


def _head(printed: str) -> tuple[str, list[str]]:
    """What stands before the closing brackets, and those brackets, outermost pairs, in order."""
    rest, groups = printed.strip(), []
    while rest.endswith(")"):
        depth = 0
        for at in range(len(rest) - 1, -1, -1):
            depth += {")": 1, "(": -1}.get(rest[at], 0)
            if depth == 0:
                break
        if depth or at == 0:
            break
        groups.append(rest[at + 1 : -1].strip())
        rest = rest[:at].rstrip()
    return rest, groups[::-1]
