"""Who a Member was on a day: name, party, seat and office, from the Members API.

    GET {base}/Members/{id}?detailsForDate=yyyy-mm-dd   party and seat as they were that day
    GET {base}/Members/{id}/Biography                   posts with their start and end

What it answers for a day that is past is kept for good (within bounds); for today, for some hours. It never fails a
reading: what it cannot tell is None, and counted in `failures`.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping
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
        self._posts: OrderedDict[int, tuple[float, tuple[_Post, ...]]] = OrderedDict()
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
        if now < self._rest_until:
            return held[1] if held else None
        try:
            found = await self._ask(member_id, day)
        except SourceError as error:
            self._failed(error)
            return held[1] if held else None
        self._in_a_row = 0
        past = day < datetime.now(LONDON).date()
        self._known[key] = (None if past and found else now + FRESH, found)
        _trim(self._known)
        return found

    async def all_on(self, member_ids: Iterable[int], day: date) -> dict[int, Member]:
        """Several at once, those that are known; two requests are under way at a time."""
        gate = asyncio.Semaphore(2)

        async def one(member_id: int) -> tuple[int, Member | None]:
            async with gate:
                return member_id, await self.on(member_id, day)

        found = await asyncio.gather(*(one(member_id) for member_id in dict.fromkeys(member_ids)))
        return {member_id: member for member_id, member in found if member}

    def _failed(self, error: SourceError) -> None:
        self.failures += 1
        self._in_a_row += 1
        _log.warning("a Member could not be looked up: %s", error)
        if self._in_a_row >= PATIENCE:
            self._rest_until = time.monotonic() + REST
            self._in_a_row = 0

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
        house = {1: "Commons", 2: "Lords"}.get(number(seat.get("house")))
        return Member(
            id=member_id,
            name=name,
            party=word(table(value.get("latestParty")).get("abbreviation")),
            constituency=word(seat.get("membershipFrom")) if house == "Commons" else None,
            role=_office(await self._posts_of(member_id), day),
            house=house,
        )

    async def _posts_of(self, member_id: int) -> tuple[_Post, ...]:
        now = time.monotonic()
        if (held := self._posts.get(member_id)) and now < held[0]:
            return held[1]
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
        self._posts[member_id] = (now + FRESH, posts)
        _trim(self._posts)
        return posts


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


def _trim(cache: OrderedDict[Any, Any]) -> None:
    while len(cache) > CACHED:
        cache.popitem(last=False)
