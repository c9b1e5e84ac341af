"""Who a contribution is by: the printed citation, the Members API and what was printed earlier, put together.

Hansard prints a Member's full name, seat and party once and then "Mrs Badenoch"; a minister's office once and then the
name. The Member id ties them. The printed name is what a reader finds on the page, so it is preferred; seat and office
of the day come from the API where it knows them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.domain import Voice
from bot.sources.attribution import PARTIES, Attribution
from bot.sources.members import Member

_BISHOP = re.compile(r"The (?:Lord )?(?:Arch)?[Bb]ishop\b")


@dataclass(frozen=True, slots=True)
class Speaker:
    """A contribution's label, ready to be shown. All None where nobody is named."""

    name: str | None = None
    party: str | None = None
    role: str | None = None
    constituency: str | None = None


class Memory:
    """What was printed of each Member, in a debate and before it on the day. Grows with the day's speakers alone."""

    def __init__(self, day: Memory | None = None) -> None:
        self._day = day
        self._known: dict[int, Speaker] = {}

    def recall(self, member_id: int) -> Speaker:
        """The fullest form printed so far; empty where the Member has not been heard."""
        here = self._known.get(member_id, Speaker())
        if self._day is None:
            return here
        before = self._day.recall(member_id)
        return Speaker(
            here.name or before.name,
            here.party or before.party,
            here.role or before.role,
            here.constituency or before.constituency,
        )

    def learn(self, member_id: int, printed: Attribution) -> None:
        """Remember what a citation adds. A turn in the Chair is no office to remember."""
        if printed.voice is not Voice.SPEECH:
            return
        known = self._known.get(member_id, Speaker())
        if printed.name and not printed.short:
            known = replace(known, name=printed.name)
        known = replace(
            known,
            party=_party(printed) or known.party,
            role=printed.role or known.role,
            constituency=printed.constituency or known.constituency,
        )
        self._known[member_id] = known
        if self._day is not None:
            self._day.learn(member_id, printed)


def identify(
    printed: Attribution, member_id: int | None, house: str, members: Mapping[int, Member], memory: Memory
) -> Speaker:
    """The label of one contribution; call in order, for citations teach the memory."""
    if printed.voice is Voice.COLLECTIVE:
        return Speaker(printed.name)
    if member_id is None:
        return Speaker(
            printed.name or printed.role,
            _party(printed),
            printed.role,
            None if house == "Lords" else printed.constituency,
        )
    memory.learn(member_id, printed)
    before = memory.recall(member_id)
    member = members.get(member_id)
    full = printed.name if printed.name and not printed.short else None
    seat = printed.constituency or before.constituency
    if member and member.house:
        seat = member.constituency
    return Speaker(
        name=full or before.name or (member.name if member else None) or printed.name or printed.role,
        party=_party(printed) or before.party or (member.party if member and _shows_party(printed) else None),
        role=printed.role or before.role or (member.role if member else None),
        constituency=None if house == "Lords" else seat,
    )


def _shows_party(printed: Attribution) -> bool:
    """Hansard prints no party for whoever is in the Chair, nor for a bishop, though the API gives both one."""
    return printed.voice is not Voice.CHAIR and not _BISHOP.match(printed.name or "")


def _party(printed: Attribution) -> str | None:
    """A printed party: one of Hansard's marks, or whatever stands in the second bracket after a seat."""
    if printed.party and (printed.party in PARTIES or printed.constituency):
        return printed.party
    return None
