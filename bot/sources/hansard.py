"""Hansard, from its API: both Chambers, Westminster Hall, Grand Committee, public bill committees, corrections.

    /overview/sectionsforday.json?date=&house=            which venues sat: ["Debate", "WestHall", "WMS"]
    /overview/sectiontrees.json?section=&date=&house=     each venue's headings, flat, with ParentId
    /debates/debate/{ExternalId}.json                     one debate, whole

A day that nobody sat answers `[]` (or 404) and is quiet. The trees flap: a heading that was there a minute ago may be
missing, so an empty or shrunken tree is asked for once more, and one poll's lack of a debate means nothing.
Statements and written answers printed in Hansard are taken from their own service (written.py), and not twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

from bot.domain import LONDON, Document
from bot.errors import SourceError
from bot.sources import attribution, debate, found
from bot.sources.debate import parse_debate
from bot.sources.fields import number, rows, table, word
from bot.sources.http import Client, Missing
from bot.sources.members import Members
from bot.sources.source import Failures, Held, Reading
from bot.sources.speakers import Memory

HOUSES = ("Commons", "Lords")
ELSEWHERE = frozenset({"WMS", "CWA", "QWA", "LWA"})
"""Section codes that written.py reads: ministerial statements and written answers."""

REMEMBERED_TREES = 512
LONGEST_TREE = 2_000
SIGHTINGS = 4
"""How often a past day's tree is looked at, until it shows nothing new."""
MOST_CORRECTED = 20

__all__ = ["Hansard", "parse_debate"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Node:
    """A heading of a venue's tree. `leaf` is true where nothing hangs below it."""

    external_id: str
    title: str
    tag: str
    order: int
    leaf: bool
    root: bool

    @property
    def holds_only_others(self) -> bool:
        return not self.leaf and (self.root or self.tag in debate.CONTAINERS)


class Hansard:
    """The source `hansard`. `base` has no trailing slash."""

    name = "hansard"
    every: timedelta | None = None

    def __init__(self, client: Client, base: str, members: Members) -> None:
        self._client, self._base, self._members = client, base, members
        self._corrected: OrderedDict[str, str | None] = OrderedDict()
        self._trees: OrderedDict[tuple[date, str, str], dict[str, Node]] = OrderedDict()

    async def poll(self, reading: Reading) -> AsyncIterator[Document]:
        """Every debate of the days asked for. Raises SourceError at the end, naming what could not be read."""
        failed = Failures()
        if reading.only is not None:
            async for document in self._named(reading.only, reading, failed):
                yield await self._traced(document, failed)
        for day in () if reading.only is not None else reading.days:
            for house in HOUSES:
                if failed.hopeless():
                    break
                async for document in self._day(day, house, reading, failed):
                    yield await self._traced(document, failed)
        failed.tell()

    async def find(self, phrases: tuple[str, ...], first: date, last: date) -> Mapping[date, tuple[str, ...]]:
        """The debates with one of the phrases, as `poll` takes them for `only`. Raises SourceError."""
        return await found.debates(self._client, self._base, phrases, first, last)

    async def _named(self, ext_ids: Iterable[str], reading: Reading, failed: Failures) -> AsyncIterator[Document]:
        """Those debates' own words, less what stands in a debate below them."""
        memory = Memory()
        for ext_id in ext_ids:
            if failed.hopeless():
                return
            if ext_id.upper() in reading.held:
                continue
            try:
                answer = await self._answer(ext_id)
                failed.none()
                below = [await asyncio.to_thread(parse_debate, one) for one in debate.children(answer)]
                said = frozenset(item.id for one in below for item in one.contributions)
                document = await self._document(answer, memory, reading, leave_out=said)
            except SourceError as error:
                failed.add(error)
                continue
            if document.contributions:
                yield document

    async def debate(self, ext_id: str) -> Document:
        """One debate by its id. Raises SourceError."""
        answer = await self._answer(ext_id)
        return await self._document(answer, Memory(), None)

    async def debate_of(self, contribution_id: str, house: str) -> str | None:
        """The id of the debate that holds a contribution, for a correction names contributions. Raises SourceError."""
        answer = await self._client.json(
            f"{self._base}/search/debatebyexternalid.json",
            params={"contentItemExternalId": contribution_id, "house": house},
        )
        found = (word(row.get("DebateSectionExtId")) for row in rows(table(answer).get("Results")))
        return next((ext_id.upper() for ext_id in found if ext_id), None)

    async def _traced(self, document: Document, failed: Failures) -> Document:
        """A correction with the ids of the debates that it corrects, too: the item that it names may be a later part of
        a speech that was put together under its first part's id."""
        found: list[str] = []
        for item in document.corrects[:MOST_CORRECTED]:
            if item not in self._corrected:
                try:
                    debate_id = await self.debate_of(item, document.house or HOUSES[0])
                except SourceError as error:
                    failed.add(error)
                    continue
                self._corrected[item] = debate_id
                while len(self._corrected) > REMEMBERED_TREES:
                    self._corrected.popitem(last=False)
            if (debate_of_item := self._corrected[item]) is not None:
                found.append(debate_of_item)
        return replace(document, corrects=tuple(dict.fromkeys((*document.corrects, *found)))) if found else document

    async def _day(self, day: date, house: str, reading: Reading, failed: Failures) -> AsyncIterator[Document]:
        try:
            sections = await self._sections(day, house)
        except SourceError as error:
            failed.add(error)
            return
        memory = Memory()
        seen: set[str] = set()
        for section in sections:
            try:
                nodes = await self._tree(day, house, section)
            except SourceError as error:
                failed.add(error)
                continue
            said: set[str] = set()
            for _ in range(SIGHTINGS if reading.thorough else 1):
                read = {key for key, node in nodes.items() if not node.holds_only_others}
                fresh = read - seen - reading.held.keys()
                async for document in self._venue(nodes, memory, seen, reading, failed, said=said):
                    if document.contributions:
                        yield document
                if not reading.thorough or not fresh or failed.hopeless():
                    break
                # A tree that flaps may have lacked a heading: only one that shows nothing new is believed.
                try:
                    nodes = await self._tree(day, house, section)
                except SourceError as error:
                    failed.add(error)
                    break

    async def _venue(
        self,
        nodes: Mapping[str, Node],
        memory: Memory,
        seen: set[str],
        reading: Reading,
        failed: Failures,
        *,
        said: set[str],
    ) -> AsyncIterator[Document]:
        """A tree's leaves in order, then the headings' own words, less what their children said."""
        listed = frozenset(nodes)
        ordered = sorted(nodes.values(), key=lambda node: (not node.leaf, node.order))
        for node in ordered:
            if node.holds_only_others or node.external_id.upper() in seen:
                continue
            if failed.hopeless():
                return
            seen.add(node.external_id.upper())
            if held := reading.held.get(node.external_id.upper()):
                _remember(held, memory, said)
                continue
            try:
                answer = await self._answer(node.external_id)
                failed.none()
                # A wrapper that the tree shows as a leaf (Grand Committee) may hold debates that are listed nowhere.
                unlisted = [one for one in debate.children(answer) if _ext_id(one) not in listed | seen]
                for one in (*reversed(unlisted), answer):
                    seen.add(_ext_id(one))
                    if held := reading.held.get(_ext_id(one)):
                        _remember(held, memory, said)
                        continue
                    left_out = frozenset[str]() if node.leaf and not unlisted else frozenset(said)
                    document = await self._document(one, memory, reading, leave_out=left_out)
                    said.update(contribution.id for contribution in document.contributions)
                    yield document
            except Missing as error:
                if reading.thorough:
                    failed.add(error)
                    continue
                # Listed and not yet there: the next poll will find it.
                _log.info("hansard lists a debate that it does not give yet: %s", node.external_id)
            except SourceError as error:
                failed.add(error)

    async def _document(
        self,
        answer: Mapping[str, Any],
        memory: Memory,
        reading: Reading | None,
        *,
        leave_out: frozenset[str] = frozenset(),
    ) -> Document:
        day = debate.heading(answer).day
        members = await self._members.all_on(debate.member_ids(answer), day)
        today = reading.now.astimezone(LONDON).date() if reading else None
        return await asyncio.to_thread(
            parse_debate, answer, members=members, memory=memory, today=today, leave_out=leave_out
        )

    async def _answer(self, ext_id: str) -> Mapping[str, Any]:
        url = f"{self._base}/debates/debate/{quote(ext_id, safe='')}.json"
        answer = await self._client.json(url)
        if not isinstance(answer, dict) or not isinstance(answer.get("Overview"), dict):
            raise SourceError(f"{url}: answered something that is not a debate")
        return answer

    async def _sections(self, day: date, house: str) -> list[str]:
        """The venues that sat and are read here; none on a day that nobody sat."""
        found = await self._codes(day, house)
        if not found and any(held[:2] == (day, house) for held in self._trees):
            found = await self._codes(day, house)
        return [code for code in dict.fromkeys(found) if code.upper() not in ELSEWHERE]

    async def _codes(self, day: date, house: str) -> list[str]:
        url = f"{self._base}/overview/sectionsforday.json"
        try:
            answer = await self._client.json(url, params={"date": day.isoformat(), "house": house})
        except Missing:
            return []
        if not isinstance(answer, list):
            raise SourceError(f"{url}: answered something that is not a list of sections")
        return [code for value in answer if (code := word(value))]

    async def _tree(self, day: date, house: str, section: str) -> dict[str, Node]:
        """A venue's headings by upper-case id: this poll's, and those that an earlier one saw."""
        key = (day, house, section)
        before = self._trees.get(key, {})
        found = await self._headings(day, house, section)
        if not found or not before.keys() <= found.keys():
            found |= await self._headings(day, house, section)
        self._trees[key] = found = before | found
        self._trees.move_to_end(key)
        while len(self._trees) > REMEMBERED_TREES:
            self._trees.popitem(last=False)
        return found

    async def _headings(self, day: date, house: str, section: str) -> dict[str, Node]:
        url = f"{self._base}/overview/sectiontrees.json"
        asked = {"section": section, "date": day.isoformat(), "house": house}
        try:
            answer = await self._client.json(url, params=asked)
        except Missing:
            return {}
        if not isinstance(answer, list):
            raise SourceError(f"{url}: answered something that is not a list of trees")
        found: dict[str, Node] = {}
        for tree in rows(answer):
            items = rows(tree.get("SectionTreeItems"))[:LONGEST_TREE]
            parents = {number(item.get("ParentId")) for item in items}
            for item in items:
                if external_id := word(item.get("ExternalId")):
                    found[external_id.upper()] = Node(
                        external_id=external_id,
                        title=word(item.get("Title")) or "",
                        tag=(word(item.get("HRSTag")) or "").lower(),
                        order=number(item.get("SortOrder")),
                        leaf=number(item.get("Id")) not in parents,
                        root=item.get("ParentId") is None,
                    )
        return found


def _remember(held: Held, memory: Memory, said: set[str]) -> None:
    for item, member_id, citation in held.said:
        said.add(item)
        if member_id is not None:
            memory.learn(member_id, attribution.read(citation))


def _ext_id(answer: Mapping[str, Any]) -> str:
    return (word(table(answer.get("Overview")).get("ExtId")) or "").upper()
