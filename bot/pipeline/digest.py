"""Digest: versions are judged, take their place in a story, and each story that changed gets its digest.

Each step is repeatable: what was not committed is done again, and what is done twice is kept once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import structlog

from bot import observe
from bot.archive import digests, stories
from bot.archive.digests import Draft
from bot.archive.documents import Stored
from bot.archive.engine import Archive
from bot.archive.stories import Placement
from bot.domain import Digest, Match, Origin, Status
from bot.errors import ArchiveError, ModelError
from bot.pipeline import clock as clocks
from bot.pipeline import work
from bot.pipeline.withdraw import emptied
from bot.summarise import novelty

WITHDRAWN = "Withdrawn: the record was corrected and no longer speaks of this topic."
TRIES = 5
"""How often a place is looked for again when another process has made a story meanwhile."""
ENOUGH = 5
"""Failures in a row after which a run stops: then it is rarely the documents' fault."""

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Digested:
    """Counts of one run. `made` are the stories that have a new digest."""

    judged: int = 0
    matched: int = 0
    withdrawn: int = 0
    failed: int = 0
    made: list[int] = field(default_factory=list)

    def __str__(self) -> str:
        said = f"{self.judged} judged, {self.matched} matched, {len(self.made)} digests made"
        return f"{said}, {self.failed} failed" if self.failed else said


@dataclass(slots=True)
class Digester:
    """The digest stage. `topics` maps each topic's name to its file; `worker` hosts the models.

    `written` and `refused` count the writer's sentences since the start that the check passed and did not; `trouble`
    says why the models could not be used, None once they could."""

    archive: Archive
    worker: work.Worker
    topics: Mapping[str, str]
    max_words: int = 300
    clock: clocks.Clock = clocks.now
    written: int = 0
    refused: int = 0
    trouble: str | None = None

    async def run(
        self, stop: asyncio.Event | None = None, *, days: tuple[date, date] | None = None, done: Digested | None = None
    ) -> Digested:
        """Do all that is owed now. One document's or story's failure is kept with it, for a later try, and the
        others go on; of `days`, the first and the last, all is judged, however long ago it was read. `done` is
        counted on as the work goes. Raises ArchiveError alone."""
        done = done or Digested()
        streak = 0
        while stop is None or not stop.is_set():
            step = await self._step(done, days)
            if step is None:
                break
            streak = 0 if step else streak + 1
            if streak >= ENOUGH:
                _log.error("digesting stops for now", failures_in_a_row=streak)
                break
        return done

    async def _step(self, done: Digested, days: tuple[date, date] | None) -> bool | None:
        """The next piece of work, verdicts first so that a story is digested whole; None where there is none."""
        for topic in self.topics:
            for stored in await stories.unjudged(self.archive, topic, self.clock(), limit=1, days=days):
                return await self._judge(stored, topic, done)
        for topic in self.topics:
            for story_id in await digests.undigested(self.archive, topic, self.clock(), limit=1):
                return await self._digest(story_id, done)
        return None

    async def _judge(self, stored: Stored, topic: str, done: Digested) -> bool:
        try:
            match = await self.worker.run(work.match_document, stored.document, self.topics[topic])
            match = replace(match, document=stored.document.id, topic=topic)
            await self._keep(stored, match)
        except ArchiveError:
            raise
        except Exception as error:
            done.failed += 1
            self._note(error)
            _log.exception("document could not be judged", document=stored.document.id, topic=topic)
            await stories.verdict_failed(self.archive, stored, topic, _reason(error), self.clock())
            return False
        done.judged += 1
        self.trouble = None
        done.matched += match.matched
        observe.MATCHES.labels(topic, str(match.matched).lower()).inc()
        if match.matched:
            _log.info(
                "matched", document=stored.document.id, title=stored.document.title, topic=topic, score=match.score
            )
        return True

    async def _keep(self, stored: Stored, match: Match) -> None:
        if not match.matched:
            await stories.keep_verdict(self.archive, stored, match, self.clock())
            return
        for _ in range(TRIES):
            choice = await stories.choose(self.archive, stored, match.topic)
            if choice.known:
                await stories.keep_verdict(self.archive, stored, match, self.clock())
                return
            placement = Placement(None, "the first to tell it")
            if choice.candidates:
                members = [each.documents for each in choice.candidates]
                found = await self.worker.run(work.find_story, stored.document, members)
                if found is not None:
                    placement = Placement(choice.candidates[found[0]].story_id, found[1])
            if await stories.keep_verdict(
                self.archive, stored, match, self.clock(), placement=placement, epoch=choice.epoch
            ):
                return
        raise RuntimeError("the stories of the topic kept changing; it will be tried again")

    async def _digest(self, story_id: int, done: Digested) -> bool:
        draft = await digests.draft(self.archive, story_id)
        try:
            if not draft.documents:
                await self._withdraw(draft)
                done.withdrawn += 1
                return True
            made_of = novelty.known(each.document for each in draft.documents)
            if draft.last is not None and draft.last.made_of is not None:
                # What was once told is no news, though its text has been deleted since.
                made_of |= draft.last.made_of
            digest = await self._written(draft)
            kept = await digests.keep_digest(self.archive, draft, digest, self.clock(), made_of)
        except ArchiveError:
            raise
        except Exception as error:
            done.failed += 1
            self._note(error)
            attempts = await digests.digest_failed(self.archive, draft, _reason(error), self.clock())
            _log.exception("story could not be digested", story=story_id, attempts=attempts)
            return False
        if kept is not None and (draft.last is None or kept.shown != draft.last.shown):
            done.made.append(story_id)
            observe.DIGESTS.labels(draft.topic, digest.status.value).inc()
            _log.info("digested", story=story_id, headline=digest.headline, status=digest.status.value)
        return True

    async def _written(self, draft: Draft) -> Digest:
        status = Status.SETTLED if all(each.document.settled for each in draft.documents) else Status.DRAFT
        if draft.last is not None and draft.last.content == draft.content:
            # The same words: only their standing has changed.
            return replace(draft.last.digest, status=status)
        told = [each.document for each in draft.documents if each.document.contributions]
        if not told and draft.last is not None:
            return replace(draft.last.digest, status=status)
        # An article whose text has been deleted still stands among the coverage.
        told += [each.document for each in draft.documents if not each.document.contributions]
        digest = await self.worker.run(
            work.digest_story, tuple(told), self.topics[draft.topic], draft.matches, self.max_words
        )
        self._count(digest)
        return _compared(draft, replace(digest, topic=draft.topic, status=status))

    def _note(self, error: Exception) -> None:
        if isinstance(error, ModelError):
            self.trouble = str(error)

    def _count(self, digest: Digest) -> None:
        observe.DIGEST_SECONDS.observe(digest.seconds)
        observe.REFUSED.inc(digest.refused)
        self.refused += digest.refused
        for sentence in digest.sentences():
            observe.SENTENCES.labels(sentence.origin.value).inc()
            self.written += sentence.origin is Origin.WRITTEN

    async def _withdraw(self, draft: Draft) -> None:
        last = None if draft.last is None else emptied(draft.last.digest, WITHDRAWN)
        await digests.keep_withdrawal(self.archive, draft, last, self.clock())
        _log.warning("story withdrawn", story=draft.story_id)


def _compared(draft: Draft, digest: Digest) -> Digest:
    """The digest with what is new in it; the last one where nothing is, so that no message is edited for nothing."""
    documents = [each.document for each in draft.documents]
    last, posted = draft.last, draft.posted
    if last is None or last.made_of is None:
        return digest
    # What a backfill read was said long ago.
    past = novelty.known(each.document for each in draft.documents if each.backfilled)
    if novelty.unchanged(last.digest, last.made_of, digest, documents):
        return replace(last.digest, status=digest.status)
    update = ""
    if posted is not None and posted.made_of is not None:
        update = novelty.line(posted.digest, posted.made_of | past, digest, documents)
    return replace(digest, news=novelty.news(last.digest, last.made_of | past, digest, documents), update=update)


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
