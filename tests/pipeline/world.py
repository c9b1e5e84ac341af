"""A small Parliament for the stages' tests: documents, a source, a worker without models, a channel that remembers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from bot.archive import Archive
from bot.archive.documents import save_reading
from bot.archive.subscriptions import Subscription, subscribe
from bot.domain import (
    Contribution,
    Coverage,
    Digest,
    Document,
    Kind,
    Match,
    Origin,
    Post,
    Roundup,
    Sentence,
    Status,
)
from bot.pipeline.deliver import Delivered, deliver
from bot.pipeline.digest import Digested, Digester
from bot.sources.source import Reading

NOON = datetime(2025, 2, 12, 12, 0, tzinfo=UTC)
DAY = NOON.date()


def debate(
    title: str = "Prevent: Learning Review",
    *texts: str,
    id: str = "17D395DB",
    source: str = "hansard",
    house: str = "Commons",
    day: date | None = DAY,
    kind: Kind = Kind.STATEMENT,
    settled: bool = False,
    **more: Any,
) -> Document:
    spoken = texts or ("The Prevent programme will change.",)
    return Document(
        source=source,
        id=id,
        kind=kind,
        title=title,
        contributions=tuple(
            Contribution(id=f"{id}-{n}", text=text, speaker="Dan Jarvis", party="Lab") for n, text in enumerate(spoken)
        ),
        date=day,
        house=house,
        url=f"https://hansard.parliament.uk/{id}",
        settled=settled,
        **more,
    )


def article(
    title: str = "Prevent: Learning Review", *texts: str, id: str = "https://news.example/1", **more: Any
) -> Document:
    return Document(
        source="feed:News",
        id=id,
        kind=Kind.ARTICLE,
        title=title,
        contributions=tuple(
            Contribution(id=f"p{n}", text=text) for n, text in enumerate(texts or ("Prevent failed, a review says.",))
        ),
        date=more.pop("day", DAY),
        url=id,
        publisher="News",
        **more,
    )


class Time:
    """A clock that stands still until it is moved."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def pass_(self, **by: float) -> None:
        self.at += timedelta(**by)


_migrated: dict[str, bytes] = {}


async def open_archive(path: Path) -> Archive:
    """An archive on that file; the migrations are run once for all tests."""
    if not path.exists():
        if "file" not in _migrated:
            await (await Archive.open(f"sqlite:///{path}")).close()
            _migrated["file"] = path.read_bytes()
        path.write_bytes(_migrated["file"])
    return await Archive.open(f"sqlite:///{path}")


class Killed(BaseException):
    """The process ends here: no `except Exception` may notice."""


class Models:
    """What the worker would do with models: on the topic if a text says Prevent; one story if titles are equal."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.fail: dict[str, Exception | BaseException] = {}

    async def run(self, function: Callable[..., Any], *args: Any, **_: Any) -> Any:
        name = function.__name__
        self.calls.append(name)
        if name in self.fail:
            raise self.fail[name]
        return {
            "match_document": self._match,
            "find_story": self._story,
            "digest_story": self._digest,
            "encode": self._encode,
        }[name](*args)

    def _encode(self, texts: list[str]) -> np.ndarray:
        """A unit vector a text, its place told by the number of its letters."""
        return np.eye(384, dtype=np.float32)[[len(text) % 384 for text in texts]]

    def _match(self, document: Document, path: str) -> Match:
        if "unreadable" in document.title:
            raise ValueError("cannot be judged")
        parts = tuple(item.id for item in document.contributions if "Prevent" in item.text)
        return Match(document.id, Path(path).stem, bool(parts), float(bool(parts)), ("says Prevent",), parts)

    def _story(self, document: Document, candidates: list[list[Document]]) -> tuple[int, str] | None:
        for place, members in enumerate(candidates):
            if any(each.title == document.title for each in members):
                return place, "the same title"
        return None

    def _digest(self, documents: tuple[Document, ...], path: str, matches: dict[str, Match], max_words: int) -> Digest:
        principal = documents[0]
        if "undigestible" in principal.title:
            raise ValueError("cannot be digested")
        assert max_words and principal.contributions and set(matches) == {each.id for each in documents}
        item = principal.contributions[0]
        return Digest(
            id=principal.id,
            title=principal.title,
            headline=f"{principal.title}, {principal.house or principal.publisher}",
            date=principal.date,
            house=principal.house,
            url=principal.url,
            topic=Path(path).stem,
            status=Status.DRAFT,
            brief=(Sentence(item.text, (item.id,), Origin.QUOTED, item.speaker),),
            coverage=tuple(
                Coverage(each.publisher or "", each.title, each.url, each.date)
                for each in documents[1:]
                if each.kind is Kind.ARTICLE
            ),
            links={item.id: "https://hansard.parliament.uk/x"},
        )


@dataclass
class Channel:
    """A sender with Discord's memory of nonces, which may be told to fail before or after it has posted."""

    time: Time
    messages: dict[int, tuple[int, Any]] = field(default_factory=dict)
    nonces: dict[str, tuple[datetime, int]] = field(default_factory=dict)
    before: list[BaseException] = field(default_factory=list)
    after: list[BaseException] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    last: int = 100

    def _before(self, call: str) -> None:
        self.calls.append(call)
        if self.before:
            raise self.before.pop(0)

    def _after(self) -> None:
        if self.after:
            raise self.after.pop(0)

    async def send(self, channel_id: int, guild_id: int | None, post: Post, nonce: str) -> tuple[int, ...]:
        assert len(nonce) == 22
        self._before("send")
        at, made = self.nonces.get(nonce, (datetime.min.replace(tzinfo=UTC), 0))
        if self.time() - at > timedelta(minutes=5):
            self.last += 1
            made = self.last
            self.messages[made] = (channel_id, post)
            self.nonces[nonce] = (self.time(), made)
        self._after()
        return (made,)

    async def edit(
        self, channel_id: int, guild_id: int | None, messages: tuple[int, ...], post: Post, nonce: str
    ) -> tuple[int, ...]:
        self._before("edit")
        for message in messages:
            assert self.messages[message][0] == channel_id
            self.messages[message] = (channel_id, post)
        self._after()
        return messages

    async def find(self, channel_id: int, guild_id: int | None, post: Post, after: datetime) -> tuple[int, ...]:
        self._before("find")
        return tuple(
            key for key, (where, shown) in self.messages.items() if where == channel_id and _mark(shown) == _mark(post)
        )

    def shown(self, channel_id: int = 1) -> list[str]:
        """What a reader sees: each message's first sentence or note, with its status."""
        return [
            f"{(digest.brief[0].text if digest.brief else digest.notes[0])} [{digest.status}]"
            for where, digest in self.messages.values()
            if where == channel_id
        ]


def _mark(post: Post) -> object:
    """What only this story's, or this round-up's, messages carry."""
    return (post.topic, post.until) if isinstance(post, Roundup) else post.url


class Shelf:
    """A source that gives what lies on it, then fails if told to."""

    def __init__(self, *items: Document, name: str = "hansard", every: timedelta | None = None) -> None:
        self.items: list[Any] = list(items)
        self.name, self.every = name, every
        self.error: Exception | None = None
        self.readings: list[Reading] = []

    async def poll(self, reading: Reading) -> AsyncIterator[Document]:
        self.readings.append(reading)
        for item in self.items:
            yield item
        if self.error is not None:
            raise self.error


@dataclass
class World:
    """An archive on a file, with everything round it; `kill` leaves it as a dead process would."""

    path: Path
    archive: Archive
    time: Time = field(default_factory=Time)
    models: Models = field(default_factory=Models)
    channel: Channel = field(init=False)

    def __post_init__(self) -> None:
        self.channel = Channel(self.time)

    @property
    def digester(self) -> Digester:
        return Digester(self.archive, self.models, {"prevent": "topics/prevent.toml"}, 300, self.time)

    async def read(self, *documents: Document) -> list[str]:
        return [(await save_reading(self.archive, each, self.time())).state for each in documents]

    async def digest(self) -> Digested:
        return await self.digester.run()

    async def deliver(self) -> Delivered:
        return await deliver(self.archive, self.channel, clock=self.time)

    async def subscribe(self, channel_id: int = 1, guild_id: int | None = 7, **more: Any) -> Subscription:
        made, _ = await subscribe(
            self.archive, guild_id=guild_id, channel_id=channel_id, topic="prevent", by=5, now=self.time(), **more
        )
        return made

    async def restart(self) -> None:
        await self.archive.close()
        self.archive = await open_archive(self.path)
