"""A world with round-ups: stories put into it without models, and what stands in its channels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, select, update

from bot.archive.digests import Draft, keep_digest, keep_withdrawal
from bot.archive.schema import stories
from bot.domain import Digest, Kind, Origin, Roundup, Sentence, Status
from bot.pipeline.roundup import RoundUps
from tests.pipeline.world import DAY, World

MORNING = datetime(2025, 2, 12, 9, 0, tzinfo=UTC)
EVENING = datetime(2025, 2, 12, 18, 0, tzinfo=UTC)


class Desk:
    """A world with its round-ups, and stories put into it without models."""

    def __init__(self, world: World) -> None:
        self.world = world
        world.time.at = MORNING

    def at(self, moment: datetime) -> Desk:
        self.world.time.at = moment
        return self

    async def keep(
        self,
        name: str,
        *lines: str,
        story: int | None = None,
        news: Sequence[str] = (),
        status: Status = Status.SETTLED,
        unripe: timedelta = timedelta(),
    ) -> int:
        """Keep a story's digest: its first, or a later one of `story`."""
        now = self.world.time()
        async with self.world.archive.write() as connection:
            if story is None:
                made = await connection.execute(
                    insert(stories).values(topic="prevent", created_at=now, ripe_at=now + unripe)
                )
                story = made.inserted_primary_key[0]
                generation = 1
            else:
                generation = 1 + (await connection.scalar(select(stories.c.digested).where(stories.c.id == story)) or 0)
                await connection.execute(update(stories).where(stories.c.id == story).values(generation=generation))
        digest = Digest(
            id=name,
            title=name,
            headline=f"{name} · Commons debate",
            date=now.date(),
            house="Commons",
            url=f"https://hansard.parliament.uk/{name}",
            topic="prevent",
            status=status,
            brief=tuple(_sentence(line) for line in lines),
            news=tuple(_sentence(line) for line in news),
            kind=Kind.DEBATE,
        )
        content = f"{name} {now} {lines}".ljust(16, "-")
        assert await keep_digest(
            self.world.archive, Draft(story, "prevent", generation, (), {}, content, None), digest, now
        )
        return story

    async def withdraw(self, name: str, story: int) -> None:
        async with self.world.archive.write() as connection:
            await connection.execute(update(stories).where(stories.c.id == story).values(generation=99))
        gone = Digest(
            name,
            name,
            f"{name} · Commons debate",
            DAY,
            "Commons",
            None,
            "prevent",
            Status.SETTLED,
            notes=("Withdrawn.",),
        )
        draft = Draft(story, "prevent", 99, (), {}, name.ljust(16, "-"), None)
        await keep_withdrawal(self.world.archive, draft, gone, self.world.time())

    async def round_up(self) -> datetime | None:
        rounds = RoundUps(self.world.archive, {"prevent": "the Prevent programme"}, self.world.time)
        again = await rounds.run()
        await rounds.revise()
        await self.world.deliver()
        return again

    def told(self, channel: int = 1) -> list[list[str]]:
        """Each round-up that stands in the channel: a story's name and line an entry."""
        return [
            [_shown(entry.digest, entry.update) for entry in post.entries]
            for where, post in self.world.channel.messages.values()
            if where == channel and isinstance(post, Roundup)
        ]

    def single(self, channel: int = 1) -> list[str]:
        """The stories that have a message of their own."""
        return [
            post.title
            for where, post in self.world.channel.messages.values()
            if where == channel and isinstance(post, Digest)
        ]


def _sentence(text: str) -> Sentence:
    return Sentence(text, ("c1",), Origin.REPORTED)


def _shown(digest: Digest, update: bool) -> str:
    line = digest.brief[0].text if digest.brief else " ".join(digest.notes)
    return f"{digest.title}: {line}{' (update)' if update else ''}{' (draft)' if digest.status is Status.DRAFT else ''}"
