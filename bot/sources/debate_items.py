"""The Items of a debate answer, as contributions: cleaned, named, timed, merged, and each told for what it is.

Items are of ItemType Contribution, Timestamp, Division or Amendment. A speech comes in several items (a column or a
clock divides it): those of one Member in a row are one contribution, with the first one's id. Markers, divisions and
"rose—" say nothing and go. A type that nobody has seen is kept and doubted.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from bot.domain import LONDON, Contribution, Voice
from bot.sources import attribution, speakers
from bot.sources.fields import number, word
from bot.sources.hansard_markup import Marked, read
from bot.sources.members import Member
from bot.sources.reprint import Reprints

_MARKERS = frozenset({"hs_columnnumber", "hs_timecode"})
_PROCEDURAL = frozenset(
    {"hs_procedure", "hs_tabledby", "hs_debatetype", "hs_76fchair", "hs_clheading", "hs_clchairman", "hs_clmember",
     "hs_clstaff", "hs_clclerks", "hs_amendmentheading", "err_tablewrapper"}
)  # fmt: skip
_PRINTED = re.compile(r"hs_(?:quote.*|brev|6bformalmotion|amendmentlevel\d)")
"""Quoted or formal matter: a Member's where one is named, nobody's otherwise."""

_ROSE = re.compile(r"(?:(?:several |some )?(?:right )?hon\. members |and [\w .’'-]{1,80} )?rose\s*[—–-]+\.?", re.I)
_ORDER_NUMBER = re.compile(r"^(?:[TQ]?\d{1,3}\.)\s+")
_QUESTION_ID = re.compile(r"\s*[\[(]\d{5,7}[\])]\s*$")
_REMARK = re.compile(r"^\((?:Urgent Question|Private Notice Question|Maiden Speech|Valedictory Speech)\)[:,]?\s*", re.I)
_SHORT_LINE = 8
_FORMAL = re.compile(
    r"(?:(?:asked|moved|tabled|considered) by\b|motion\b|main question"
    r"|question (?:again )?(?:put|proposed|agreed|accordingly)|resolved\b|ordered\b|amendments?\b|bill\b|clause\b"
    r"|schedule\b|new clause|that (?:this|the|an?|there)\b|debate (?:resumed|adjourned)|sitting (?:suspended|resumed)"
    r"|on resuming|read (?:a|the)\b|lords amendments?|considered in|prayers\b|the following\b"
    r"|leave (?:given|withheld)|adjourned\b|agreed to|house (?:resumed|adjourned)"
    r"|the (?:house|committee) (?:divided|adjourned|met|sat|having|resumed)|relevant documents?|copy of the"
    r"|presentation and first|a bill to\b|royal assent|it being\b|proceedings\b|ayes\b|noes\b|division\b"
    r"|the [^.]{3,90} (?:was|were) asked\s*[—–-]|petition\b|to be (?:moved|published)\b)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Said:
    """A contribution on its way: `external_id` is its anchor on the site, `references` the ids that its text quotes."""

    contribution: Contribution
    external_id: str | None = None
    references: tuple[str, ...] = ()
    joins: bool = False
    """Whether nothing stood between this and the one before."""

    def with_url(self, url: str | None) -> Contribution:
        return replace(self.contribution, url=url)


class Items:
    """Reads one debate's items, once. `doubts` is filled on the way."""

    def __init__(
        self, ext_id: str, day: date, house: str, members: Mapping[int, Member], memory: speakers.Memory
    ) -> None:
        self._ext_id, self._day, self._house = ext_id, day, house
        self._members, self._memory = members, speakers.Memory(memory)
        self._reprints = Reprints()
        self._clock: datetime | None = None
        self._used: set[str] = set()
        self._joins = False
        self.doubts: list[str] = []

    def read(self, items: Sequence[Mapping[str, Any]]) -> list[Said]:
        """The contributions in the order of the House."""
        found: list[Said] = []
        if all(isinstance(item.get("OrderInSection"), int) for item in items):
            items = sorted(items, key=lambda item: number(item.get("OrderInSection")))
        for item in items:
            for said in self._item(item):
                if found and (merged := _merged(found[-1], said)):
                    found[-1] = merged
                else:
                    found.append(said)
        return [self._numbered(said) for said in found]

    def _item(self, item: Mapping[str, Any]) -> Iterator[Said]:
        kind, tag = word(item.get("ItemType")) or "Contribution", (word(item.get("HRSTag")) or "").lower()
        value = item.get("Value")
        text = value if isinstance(value, str) else ""
        when = self._when(item, kind, text)
        if kind == "Timestamp" or tag in _MARKERS:
            return
        if kind == "Division":
            self._joins = False
            return
        cited = word(item.get("AttributedTo"))
        marked = read(text)
        if not marked.paragraphs or _ROSE.fullmatch(marked.text) or _rose(cited):
            return
        if kind not in {"Contribution", "Amendment"}:
            self.doubts.append(f"an item of a kind that is not known ({kind[:40]}) was kept")
        yield from self._told(item, marked, when)

    def _told(self, item: Mapping[str, Any], marked: Marked, when: datetime | None) -> Iterator[Said]:
        kind, tag = word(item.get("ItemType")) or "Contribution", (word(item.get("HRSTag")) or "").lower()
        cited = word(item.get("AttributedTo"))
        member_id = member if (member := number(item.get("MemberId"))) > 0 else None
        printed = attribution.read(cited)
        speaker = speakers.identify(printed, member_id, self._house, self._members, self._memory)
        named = member_id is not None or speaker.name is not None
        voice = _voice(kind, tag, marked, printed, named)
        parts = list(_tidied(marked, tag))
        key = str(member_id or speaker.name) if named else None
        external_id = word(item.get("ExternalId"))
        references = tuple(found.external_id for found in marked.references if found.external_id)
        for at, (own, text) in enumerate(self._parted(parts, voice, key)):
            mine = own in {Voice.SPEECH, Voice.CHAIR, Voice.COLLECTIVE} or (own is Voice.PROCEDURE and named)
            contribution = Contribution(
                id=external_id or "",
                text=text,
                speaker=speaker.name if mine else None,
                member_id=member_id if mine else None,
                party=speaker.party if mine else None,
                role=speaker.role if mine else None,
                constituency=speaker.constituency if mine else None,
                time=when,
                attributed_to=cited,
                voice=own,
            )
            yield Said(contribution, external_id, references if at == 0 else (), self._joins)
            self._joins = True

    def _parted(self, parts: Sequence[str], voice: Voice, key: str | None) -> Iterator[tuple[Voice, str]]:
        """The item's paragraphs, in runs of one voice: only the Lords reprint another House's words."""
        if self._house != "Lords":
            yield voice, "\n\n".join(parts)
            return
        run: list[str] = []
        current = voice
        for part in parts:
            if self._reprints.announces(part, key):
                own = Voice.PROCEDURE
            else:
                own = Voice.REPRINT if self._reprints.holds(part, key) else voice
            if run and own is not current:
                yield current, "\n\n".join(run)
                run = []
            current = own
            run.append(part)
        yield current, "\n\n".join(run)

    def _when(self, item: Mapping[str, Any], kind: str, text: str) -> datetime | None:
        """The item's time in UTC: its own, a clock's in its text, or the last one known."""
        found = _timecode(item.get("Timecode"))
        if found is None and kind == "Timestamp":
            found = self._clock_time(read(text).text)
        if found is not None:
            self._clock = found
        return self._clock

    def _clock_time(self, text: str) -> datetime | None:
        try:
            clock = time.fromisoformat(text.strip()[:8])
        except ValueError:
            return None
        found = datetime.combine(self._day, clock, LONDON).astimezone(UTC)
        if self._clock is not None and found < self._clock - timedelta(hours=6):
            # The sitting went on past midnight and keeps its opening date.
            found += timedelta(days=1)
        return found

    def _numbered(self, said: Said) -> Said:
        """A contribution with an id that nothing else in the debate has, the same at every reading."""
        one = said.contribution
        if one.id:
            base = one.id
        else:
            words = "\x1f".join((self._ext_id.upper(), one.attributed_to or "", one.text))
            base = hashlib.sha256(words.encode()).hexdigest()[:24]
        own, count = base, 1
        while own.upper() in self._used:
            count += 1
            own = f"{base}-{count}"
        self._used.add(own.upper())
        return replace(said, contribution=replace(one, id=own))


def _voice(kind: str, tag: str, marked: Marked, printed: attribution.Attribution, named: bool) -> Voice:
    if kind == "Amendment" or tag in _PROCEDURAL:
        return Voice.PROCEDURE
    if named:
        return Voice.PROCEDURE if marked.italic and len(marked.text.split()) <= _SHORT_LINE else printed.voice
    text = marked.text
    formal = (
        marked.italic
        or bool(_PRINTED.fullmatch(tag))
        or len(text.split()) <= _SHORT_LINE
        or (text.startswith("[") and text.endswith("]"))
        or bool(_FORMAL.match(text))
    )
    return Voice.PROCEDURE if formal else Voice.SPEECH


def _tidied(marked: Marked, tag: str) -> Iterator[str]:
    """The paragraphs without the order paper's number and the printed remark before the first words."""
    for at, paragraph in enumerate(marked.paragraphs):
        text = _REMARK.sub("", paragraph) if at == 0 else paragraph
        if tag == "question" and at == 0:
            text = _QUESTION_ID.sub("", _ORDER_NUMBER.sub("", text))
        if text:
            yield text


def _rose(cited: str | None) -> bool:
    return bool(cited and _ROSE.fullmatch(read(cited).text))


def _merged(before: Said, said: Said) -> Said | None:
    """Both as one, where one person (or one reprint) goes on and nothing stood between."""
    one, two = before.contribution, said.contribution
    if not said.joins or one.voice is not two.voice or one.voice in {Voice.PROCEDURE, Voice.COLLECTIVE}:
        return None
    same_person = one.speaker is not None and (one.speaker, one.member_id) == (two.speaker, two.member_id)
    if one.voice is not Voice.REPRINT and not same_person:
        return None
    broken_off = one.text[-1:].isalnum() or one.text.endswith((",", ";"))
    gap = " " if broken_off and two.text[:1].islower() else "\n\n"
    joined = replace(one, text=one.text + gap + two.text)
    return replace(before, contribution=joined, references=before.references + said.references)


def _timecode(value: object) -> datetime | None:
    """London's wall clock (or a time with its zone) in UTC."""
    if not isinstance(value, str) or not value:
        return None
    try:
        found = datetime.fromisoformat(value)
        if found.year < 1800:
            return None
        return (found if found.tzinfo else found.replace(tzinfo=LONDON)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
