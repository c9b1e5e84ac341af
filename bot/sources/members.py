"""Who a Member was on a day: name, party, seat and office, from the Members API.

    GET {base}/Members/History?ids=1&ids=2              names, parties and seats of several, each with its start
    GET {base}/Members/{id}/Biography                   posts with their start and end
    GET {base}/Members/{id}?detailsForDate=yyyy-mm-dd   party and seat as they were that day

A history that was read today answers every day before, so that a Member of the past is asked for once and not once a
day. Today, and a day of which the history does not tell name, party and seat, is asked for by itself. What is known of
a day that is past is kept for good (within bounds); of today, for some hours. It never fails a reading: what it cannot
tell is None, and counted in `failures`.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.domain import LONDON
from bot.errors import SourceError
from bot.sources.fields import day_of, number, rows, table, word
from bot.sources.hansard_markup import line_of
from bot.sources.http import Client, Missing

CACHED = 8192
FRESH = 6 * 3600.0
"""Seconds for which an answer about today holds."""
REST = 300.0
"""Seconds without a request after `PATIENCE` failures in a row."""
PATIENCE = 3
BATCH = 50
"""Histories that are asked for at once: half a kilobyte of address."""

HOUSES = {1: "Commons", 2: "Lords"}

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Member:
    """A Member on one day. `party` is an abbreviation; `constituency` is None for a peer; `role` is the office held."""

    id: int
    name: str
    party: str | None = None
    constituency: str | None = None
    role: str | None = None
    house: str | None = None


class Members:
    """One door to the Members API for every source. `base` has no trailing slash."""

    def __init__(self, client: Client, base: str) -> None:
        self._client, self._base = client, base
        self._known: OrderedDict[tuple[int, date], tuple[float | None, Member | None]] = OrderedDict()
        self._posts: OrderedDict[int, tuple[float, date, tuple[_Post, ...]]] = OrderedDict()
        self._histories: OrderedDict[int, _History] = OrderedDict()
        self._strangers: OrderedDict[int, float] = OrderedDict()
        self._learning = asyncio.Lock()
        self._without_until = 0.0
        self._in_a_row = 0
        self._rest_until = 0.0
        self.failures = 0
        """How many look-ups failed since the start."""

    async def on(self, member_id: int | None, day: date) -> Member | None:
        """The Member as of that day, None where the API has nothing to say, or fails."""
        if not member_id or member_id < 0:
            return None
        key, now = (member_id, day), time.monotonic()
        if held := self._known.get(key):
            until, member = held
            if until is None or now < until:
                self._known.move_to_end(key)
                return member
        if now < self._rest_until or now < self._strangers.get(member_id, 0.0):
            return held[1] if held else None
        past = day < _today()
        if past:
            await self._learn([member_id], day)
        try:
            found = await self._told(member_id, day) if past else None
            if found is None:
                found = await self._ask(member_id, day)
        except SourceError as error:
            self._failed(error)
            return held[1] if held else None
        self._in_a_row = 0
        if found is None and self._unheard(member_id):
            self._strangers[member_id] = now + FRESH
            _trim(self._strangers)
        self._known[key] = (None if past and found else now + FRESH, found)
        _trim(self._known)
        return found

    async def all_on(self, member_ids: Iterable[int], day: date) -> dict[int, Member]:
        """Several at once, those that are known; two requests are under way at a time."""
        wanted = [each for each in dict.fromkeys(member_ids) if each > 0]
        if day < _today():
            await self._learn([each for each in wanted if (each, day) not in self._known], day)
        gate = asyncio.Semaphore(2)

        async def one(member_id: int) -> tuple[int, Member | None]:
            async with gate:
                return member_id, await self.on(member_id, day)

        found = await asyncio.gather(*(one(member_id) for member_id in wanted))
        return {member_id: member for member_id, member in found if member}

    def _failed(self, error: SourceError) -> None:
        self.failures += 1
        self._in_a_row += 1
        _log.warning("a Member could not be looked up: %s", error)
        if self._in_a_row >= PATIENCE:
            self._rest_until = time.monotonic() + REST
            self._in_a_row = 0

    async def _learn(self, member_ids: Iterable[int], day: date) -> None:
        """Have the histories that tell of a past day; what does not come is asked for day by day."""
        async with self._learning:
            wanted = [each for each in member_ids if not self._tells(each, day)]
            for first in range(0, len(wanted), BATCH):
                now = time.monotonic()
                if now < self._rest_until or now < self._without_until:
                    return
                some, today = wanted[first : first + BATCH], _today()
                query = "&".join(f"ids={each}" for each in some)
                try:
                    answer = await self._client.json(f"{self._base}/Members/History?{query}")
                except Missing:
                    self._without_until = now + FRESH
                    return
                except SourceError as error:
                    self._failed(error)
                    self._without_until = now + REST
                    return
                if not isinstance(answer, list):
                    self._without_until = now + FRESH
                    return
                self._in_a_row = 0
                told = {number(value.get("id")): value for row in rows(answer) if (value := table(row.get("value")))}
                self._histories |= {each: _history(told.get(each, {}), today) for each in some}
                _trim(self._histories)

    def _tells(self, member_id: int, day: date) -> bool:
        held = self._histories.get(member_id)
        return held is not None and day < held.read

    def _unheard(self, member_id: int) -> bool:
        """Whether the histories were asked and know of nobody by that number."""
        held = self._histories.get(member_id)
        return held is not None and held == _History(held.read)

    async def _told(self, member_id: int, day: date) -> Member | None:
        """The Member as the history says; None where it leaves something open."""
        if not self._tells(member_id, day):
            return None
        history = self._histories[member_id]
        name, party, house = (_then(spells, day) for spells in (history.names, history.parties, history.houses))
        seat = _then(history.seats, day)
        if not (name and party and house) or (house == "Commons" and not seat):
            return None
        role = _office(await self._posts_of(member_id, day), day)
        return Member(member_id, name, party, seat if house == "Commons" else None, role, house)

    async def _ask(self, member_id: int, day: date) -> Member | None:
        try:
            answer = await self._client.json(
                f"{self._base}/Members/{member_id}", params={"detailsForDate": day.isoformat()}
            )
        except Missing:
            return None
        value = table(table(answer).get("value"))
        name = line_of(word(value.get("nameDisplayAs")) or word(value.get("nameListAs")))
        if not name:
            return None
        seat = table(value.get("latestHouseMembership"))
        house = HOUSES.get(number(seat.get("house")))
        return Member(
            id=member_id,
            name=name,
            party=word(table(value.get("latestParty")).get("abbreviation")),
            constituency=word(seat.get("membershipFrom")) if house == "Commons" else None,
            role=_office(await self._posts_of(member_id, day), day),
            house=house,
        )

    async def _posts_of(self, member_id: int, day: date) -> tuple[_Post, ...]:
        now, today = time.monotonic(), _today()
        if (held := self._posts.get(member_id)) and (now < held[0] or day < held[1]):
            return held[2]
        try:
            answer = await self._client.json(f"{self._base}/Members/{member_id}/Biography")
        except Missing:
            answer = {}
        value = table(table(answer).get("value"))
        posts = tuple(
            post
            for kind in ("governmentPosts", "oppositionPosts")
            for row in rows(value.get(kind))
            if (post := _post(row, government=kind == "governmentPosts"))
        )
        self._posts[member_id] = (now + FRESH, today, posts)
        _trim(self._posts)
        return posts


_Spell = tuple[date, date, str]


@dataclass(frozen=True, slots=True)
class _History:
    """What a Member was called, and belonged to, each with its start and end, as of the day it was `read`. Where one
    entry does not say when or what, that whole list is empty: an older one must not stand for it."""

    read: date
    names: tuple[_Spell, ...] = ()
    parties: tuple[_Spell, ...] = ()
    houses: tuple[_Spell, ...] = ()
    seats: tuple[_Spell, ...] = ()


def _history(value: Mapping[str, Any], read: date) -> _History:
    named, joined, sat = (rows(value.get(f"{kind}History")) for kind in ("name", "party", "houseMembership"))
    since, until = "membershipStartDate", "membershipEndDate"
    return _History(
        read,
        _spells(named, lambda row: line_of(word(row.get("nameDisplayAs")) or word(row.get("nameListAs")))),
        _spells(joined, lambda row: word(table(row.get("party")).get("abbreviation"))),
        _spells(sat, lambda row: HOUSES.get(number(row.get("house"))), since, until),
        _spells(sat, lambda row: word(row.get("membershipFrom")), since, until),
    )


def _spells(
    entries: list[Mapping[str, Any]],
    said: Callable[[Mapping[str, Any]], str | None],
    since: str = "startDate",
    until: str = "endDate",
) -> tuple[_Spell, ...]:
    found = []
    for row in entries:
        start, what = day_of(row.get(since)), said(row)
        if start is None or not what:
            return ()
        found.append((start, day_of(row.get(until)) or date.max, what))
    return tuple(found)


def _then(spells: tuple[_Spell, ...], day: date) -> str | None:
    """The latest that had begun by that day, though it may have ended: between a dissolution and an election the API
    answers what was last."""
    begun = [spell for spell in spells if spell[0] <= day]
    return max(begun, key=lambda spell: spell[:2])[2] if begun else None


@dataclass(frozen=True, slots=True)
class _Post:
    name: str
    start: date
    end: date | None
    government: bool


def _office(posts: tuple[_Post, ...], day: date) -> str | None:
    """The office of that day; of two, a government's before an opposition's, then the newer one."""
    held = [post for post in posts if post.start <= day and (post.end is None or day < post.end)]
    return max(held, key=lambda post: (post.government, post.start)).name if held else None


def _post(row: Mapping[str, Any], *, government: bool) -> _Post | None:
    name, start = line_of(word(row.get("name"))), day_of(row.get("startDate"))
    if not name or start is None:
        return None
    return _Post(name, start, day_of(row.get("endDate")), government)


def _today() -> date:
    return datetime.now(LONDON).date()


def _trim(cache: OrderedDict[Any, Any]) -> None:
    while len(cache) > CACHED:
        cache.popitem(last=False)
