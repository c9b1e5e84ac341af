"""Written statements, and written questions with their answers, from the questions-statements API.

    /writtenstatements/statements?madeWhenFrom=&madeWhenTo=            a list that cuts the text
    /writtenstatements/statements/{id}                                 one, whole
    /writtenquestions/questions?answeredWhenFrom=… | correctedWhenFrom=…
    /writtenquestions/questions/{date tabled}/{uin}

A list is `{"totalResults": n, "results": [{"value": {…}, "links": […]}]}` and cuts texts at some 255 characters, so
each row is read whole; a row that has not changed since is not fetched twice. The ids are `{date}/{uin}`, since a
number comes round again in another session.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any
from urllib.parse import quote

from bot.domain import Contribution, Document, Kind, Voice
from bot.errors import SourceError
from bot.sources import found, links
from bot.sources.fields import day_of, number, rows, table, word
from bot.sources.hansard_markup import line_of, read, text_of
from bot.sources.http import Client, Missing
from bot.sources.listed import WRITTEN, whole
from bot.sources.members import Member, Members
from bot.sources.source import Failures, Reading

HELD = 4_096

_POINTER = re.compile(
    r"\b(?:refer|referred|see)\b.{0,60}\b(?:oral statement|statement I (?:have )?made|answer I gave)\b", re.I | re.S
)
_POINTER_WORDS = 60
_ELSEWHERE = re.compile(
    r"\b(?:my )?(?:right hon(?:\.|ourable)?|hon(?:\.|ourable)?|noble) friend\b.{0,240}"
    r"\b(?:has|have)\b.{0,40}\b(?:made|issued)\b.{0,60}\bstatement\b",
    re.I | re.S,
)

Fetch = Callable[[], Awaitable[Document | None]]


class _Held:
    """Documents by key, with a fingerprint of the list row that they were read from."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, tuple[str, Document | None]] = OrderedDict()

    async def get(self, key: str, row: object, fetch: Fetch) -> Document | None:
        mark = hashlib.sha256(json.dumps(row, sort_keys=True, default=str).encode()).hexdigest()
        if (held := self._held.get(key)) and held[0] == mark:
            self._held.move_to_end(key)
            return held[1]
        document = await fetch()
        self._held[key] = (mark, document)
        while len(self._held) > HELD:
            self._held.popitem(last=False)
        return document


class _Written:
    """What the two sources share: a base, a list in pages, a failure that lets the rest go on."""

    every: timedelta | None = None

    def __init__(self, client: Client, base: str, members: Members) -> None:
        self._client, self._base, self._members = client, base, members
        self._held = _Held()

    async def _list(self, path: str, asked: Mapping[str, str]) -> list[Mapping[str, Any]]:
        """Every row of a list, whatever changes while its pages are read."""
        # A day without any is an empty list: a list that is not there (404) is a failure, as is every other.
        return await whole(self._client, f"{self._base}/{path}", {**asked, "sessionStatus": "Any"}, WRITTEN)

    async def _read(self, key: str, row: object, fetch: Fetch, failed: Failures) -> Document | None:
        """One listed row's document; None where it has none, or could not be read, which `failed` then knows."""
        try:
            document = await self._held.get(key, row, fetch)
        except SourceError as error:
            failed.add(error)
            return None
        failed.none()
        return document

    def _missing(self, reading: Reading, failed: Failures) -> Iterator[str]:
        """The ids alone asked for that are not held, while there is hope."""
        for key in reading.only or ():
            if failed.hopeless():
                return
            if key.upper() not in reading.held:
                yield key

    async def _one(self, path: str) -> Mapping[str, Any]:
        answer = await self._client.json(f"{self._base}/{path}", params={"expandMember": "true"})
        value = table(table(answer).get("value"))
        if not value:
            raise SourceError(f"{self._base}/{path}: answered something that is not a statement or question")
        return value

    async def _who(self, value: Mapping[str, Any], kind: str, day: date, *, office: bool = False) -> Member | None:
        """The Member of a role (`asking`, `answering`): as the answer itself says, which costs nothing, else as the
        Members API says. Where the `office` is wanted, only that API knows it."""
        member_id = number(value.get(f"{kind}MemberId" if kind else "memberId"))
        given = table(value.get(f"{kind}Member" if kind else "member"))
        name = line_of(word(given.get("name")))
        if (office or not name) and (found := await self._members.on(member_id, day)):
            return found
        if not name:
            return None
        seat = word(given.get("memberFrom")) if value.get("house") == "Commons" else None
        return Member(member_id, name, word(given.get("partyAbbreviation")) or word(given.get("party")), seat)


class Statements(_Written):
    """The source `statements`: ministers' written statements of a day."""

    name = "statements"

    async def poll(self, reading: Reading) -> AsyncIterator[Document]:
        """The statements made on the days asked for. Raises SourceError at the end."""
        failed = Failures()
        for day in () if reading.only is not None else reading.days:
            if failed.hopeless():
                break
            asked = {"madeWhenFrom": day.isoformat(), "madeWhenTo": day.isoformat(), "expandMember": "true"}
            try:
                listed = await self._list("writtenstatements/statements", asked)
            except SourceError as error:
                failed.add(error)
                continue
            for row in listed:
                if failed.hopeless():
                    break
                if day_of(row.get("dateMade")) != day or f"{day}/{word(row.get('uin'))}".upper() in reading.held:
                    continue
                if document := await self._read(str(row.get("id")), row, partial(self._whole, row), failed):
                    yield document
        for key in self._missing(reading, failed):
            if document := await self._read(key, key, partial(self._named, key), failed):
                yield document
        failed.tell()

    async def find(self, phrases: tuple[str, ...], first: date, last: date) -> Mapping[date, tuple[str, ...]]:
        """The statements with one of the phrases, as `poll` takes them for `only`. Raises SourceError."""
        url = f"{self._base}/writtenstatements/statements"
        return await found.written(self._client, url, phrases, (first, last), dated={"madeWhen": "dateMade"}, key=_made)

    async def _named(self, key: str) -> Document | None:
        return await self.parsed(await self._one(f"writtenstatements/statements/{key}"))

    async def statement(self, day: date, uin: str) -> Document:
        """One statement by the date and number in its address. Raises SourceError."""
        value = await self._one(f"writtenstatements/statements/{day.isoformat()}/{quote(uin, safe='')}")
        document = await self.parsed(value)
        if document is None:
            raise SourceError(f"{links.written_url('written-statements', day, uin)}: has no text of its own")
        return document

    async def _whole(self, row: Mapping[str, Any]) -> Document | None:
        return await self.parsed(await self._one(f"writtenstatements/statements/{number(row.get('id'))}"))

    async def parsed(self, value: Mapping[str, Any]) -> Document | None:
        """A statement's value as a Document; None for one that only points at an oral statement."""
        day, uin = day_of(value.get("dateMade")), word(value.get("uin"))
        marked = read(word(value.get("text")))
        if day is None or not uin:
            raise SourceError("a written statement has no number or date")
        if not marked.paragraphs or (len(marked.text.split()) < _POINTER_WORDS and _POINTER.search(marked.text)):
            return None
        who = await self._who(value, "", day)
        url = links.written_url("written-statements", day, uin)
        own = Contribution(
            id=uin,
            text=marked.text,
            speaker=who.name if who else None,
            member_id=who.id if who else number(value.get("memberId")) or None,
            party=who.party if who else None,
            role=line_of(word(value.get("memberRole"))) or (who.role if who else None),
            constituency=who.constituency if who else None,
            url=url,
        )
        return Document(
            source="statements",
            id=f"{day.isoformat()}/{uin}",
            kind=Kind.STATEMENT,
            title=line_of(word(value.get("title"))) or "Written statement",
            contributions=_own_words(own, marked.paragraphs),
            date=day,
            house=word(value.get("house")),
            url=url,
            publisher="UK Parliament",
            section=("Written Statements", line_of(word(value.get("answeringBodyName")))),
        )


class Questions(_Written):
    """The source `questions`: written questions answered, or their answers corrected, on a day."""

    name = "questions"

    async def poll(self, reading: Reading) -> AsyncIterator[Document]:
        """The answers given or corrected on the days asked for, a group as one. Raises SourceError at the end."""
        failed = Failures()
        seen: set[str] = set()
        for day in () if reading.only is not None else reading.days:
            if failed.hopeless():
                break
            listed: list[Mapping[str, Any]] = []
            for kind in ("answered", "corrected"):
                asked = {f"{kind}WhenFrom": day.isoformat(), f"{kind}WhenTo": day.isoformat(), "expandMember": "true"}
                try:
                    listed += await self._list("writtenquestions/questions", asked)
                except SourceError as error:
                    failed.add(error)
            for row in listed:
                if failed.hopeless():
                    break
                key = _group_key(row)
                dates = {day_of(row.get("dateAnswered")), day_of(row.get("dateAnswerCorrected"))}
                if key is None or key in seen or row.get("isWithdrawn") is True or day not in dates:
                    continue
                seen.add(key)
                if key.upper() in reading.held and day_of(row.get("dateAnswerCorrected")) in (None, day):
                    continue
                if document := await self._read(key, row, partial(self._whole, row), failed):
                    yield document
        for key in self._missing(reading, failed):
            if document := await self._read(key, key, partial(self._named, key), failed):
                yield document
        failed.tell()

    async def find(self, phrases: tuple[str, ...], first: date, last: date) -> Mapping[date, tuple[str, ...]]:
        """The questions with one of the phrases, as `poll` takes them for `only`. Raises SourceError."""
        url = f"{self._base}/writtenquestions/questions"
        dated = {"answeredWhen": "dateAnswered", "correctedWhen": "dateAnswerCorrected"}
        return await found.written(self._client, url, phrases, (first, last), dated=dated, key=_group_key)

    async def _named(self, key: str) -> Document | None:
        value = await self._one(f"writtenquestions/questions/{key}")
        return await self._whole(value, value)

    async def question(self, tabled: date, uin: str) -> Document:
        """One question, with its group, by the date and number in its address. Raises SourceError."""
        value = await self._one(_question_path(tabled, uin))
        document = await self._whole(value, value)
        if document is None:
            raise SourceError(f"{links.written_url('written-questions', tabled, uin)}: has not been answered yet")
        return document

    async def _whole(self, row: Mapping[str, Any], value: Mapping[str, Any] | None = None) -> Document | None:
        tabled, uin = day_of(row.get("dateTabled")), word(row.get("uin"))
        if tabled is None or not uin:
            raise SourceError("a written question has no number or date")
        group = [value or await self._one(_question_path(tabled, uin))]
        for day, other in _group(group[0]):
            if (day, other) == (tabled, uin):
                continue
            try:
                group.append(await self._one(_question_path(day, other)))
            except Missing:
                continue
        return await self.parsed(group)

    async def parsed(self, group: list[Mapping[str, Any]]) -> Document | None:
        """Questions answered together, and the answer, as one Document; None while there is no answer."""
        group = sorted(group, key=_order)
        value = next((one for one in group if word(one.get("answerText"))), None)
        if value is None:
            return None
        key = _group_key(group[0])
        answered = day_of(value.get("dateAnswerCorrected")) or day_of(value.get("dateAnswered"))
        tabled, uin = day_of(group[0].get("dateTabled")), word(group[0].get("uin"))
        if key is None or answered is None or tabled is None or uin is None:
            raise SourceError("a written question has no number or date")
        url = links.written_url("written-questions", tabled, uin)
        asked = [await self._asked(one, *dated) for one in group if (dated := _dated(one))]
        corrected = value.get("answerIsCorrection") is True or bool(value.get("dateAnswerCorrected"))
        holding = value.get("answerIsHolding") is True
        doubts = ["this answer corrects an earlier one"] if corrected else []
        if holding:
            doubts.append("this is a holding answer; the full one follows")
        return Document(
            source="questions",
            id=key,
            kind=Kind.QUESTION,
            title=line_of(word(group[0].get("heading"))) or "Written question",
            contributions=(*asked, await self._answer(value, answered, url, corrected=corrected)),
            date=answered,
            house=word(value.get("house")),
            url=url,
            publisher="UK Parliament",
            section=("Written Questions", line_of(word(value.get("answeringBodyName")))),
            settled=not holding,
            doubts=tuple(doubts),
        )

    async def _asked(self, value: Mapping[str, Any], day: date, uin: str) -> Contribution:
        who = await self._who(value, "asking", day)
        return Contribution(
            id=f"{uin}-question",
            text=text_of(word(value.get("questionText"))),
            speaker=who.name if who else None,
            member_id=who.id if who else number(value.get("askingMemberId")) or None,
            party=who.party if who else None,
            role=who.role if who else None,
            constituency=who.constituency if who else None,
            url=links.written_url("written-questions", day, uin),
        )

    async def _answer(self, value: Mapping[str, Any], day: date, url: str, *, corrected: bool) -> Contribution:
        who = await self._who(value, "correcting", day, office=True) if corrected else None
        who = who or await self._who(value, "answering", day, office=True)
        return Contribution(
            id=f"{word(value.get('uin'))}-answer",
            text=text_of(word(value.get("answerText"))),
            speaker=who.name if who else None,
            member_id=who.id if who else number(value.get("answeringMemberId")) or None,
            party=who.party if who else None,
            role=who.role if who else None,
            constituency=who.constituency if who else None,
            url=url,
        )


def _made(row: Mapping[str, Any]) -> str | None:
    day, uin = day_of(row.get("dateMade")), word(row.get("uin"))
    return f"{day.isoformat()}/{quote(uin, safe='')}" if day and uin else None


def _question_path(tabled: date, uin: str) -> str:
    return f"writtenquestions/questions/{tabled.isoformat()}/{quote(uin, safe='')}"


def _own_words(own: Contribution, paragraphs: tuple[str, ...]) -> tuple[Contribution, ...]:
    """A Lords minister who lays another's statement says one sentence; the rest is in another person's "I"."""
    if len(paragraphs) < 2 or not _ELSEWHERE.search(paragraphs[0]):
        return (own,)
    rest = Contribution(
        id=f"{own.id}-text", text="\n\n".join(paragraphs[1:]), url=own.url, time=own.time, voice=Voice.REPRINT
    )
    return replace(own, text=paragraphs[0]), rest


def _dated(value: Mapping[str, Any]) -> tuple[date, str] | None:
    tabled, uin = day_of(value.get("dateTabled")), word(value.get("uin"))
    return (tabled, uin) if tabled and uin else None


def _order(value: Mapping[str, Any]) -> tuple[date, str]:
    return day_of(value.get("dateTabled")) or date.max, (word(value.get("uin")) or "").zfill(12)


def _group(value: Mapping[str, Any]) -> list[tuple[date, str]]:
    """The questions answered together with this one, itself among them, by date tabled and number."""
    tabled, uin = day_of(value.get("dateTabled")), word(value.get("uin"))
    if tabled is None or not uin:
        return []
    dated = {
        word(row.get("questionUin")): day_of(row.get("dateTabled")) for row in rows(value.get("groupedQuestionsDates"))
    }
    named = value.get("groupedQuestions")
    others = {str(one).strip() for one in named if str(one).strip()} if isinstance(named, list) else set()
    found = {(tabled, uin)} | {(dated.get(other) or tabled, other) for other in others}
    return sorted(found, key=lambda one: (one[0], one[1].zfill(12)))


def _group_key(value: Mapping[str, Any]) -> str | None:
    """The first question of a group names it for ever: the same key from whichever of them one starts."""
    group = _group(value)
    return f"{group[0][0].isoformat()}/{group[0][1]}" if group else None
