"""Embed: what was read gets its vectors, in the background, so that it is found by what it means.

The model worker takes one short batch at a time, in turn with digests and questions. What was encoded is kept batch by
batch: a kill loses one at most, and the next run begins where it ended.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from bot import observe
from bot.archive import vectors
from bot.archive.engine import Archive
from bot.archive.vectors import Owed
from bot.errors import ModelError
from bot.pipeline import work
from bot.splitting import split

if TYPE_CHECKING:
    from bot.archive.codes import Floats
    from bot.inference.models import Models

PASSAGE = 1000
"""Characters of a passage: the encoder reads 256 tokens, and a token of Hansard has more than four characters."""
MOST_PASSAGES = 24
"""A contribution's; what a longer one says after them is found by its words alone."""
BATCH = 32
"""Passages of one call, where they are short."""
BATCH_CHARACTERS = 12_000
"""Of one call: about half a second on two cores, for which a digest or a question may have to wait."""
RUN = 512
"""Contributions looked up at a time, and sorted by length so that batches are even."""

Encode = Callable[[Sequence[str]], Awaitable["Floats"]]

_log = structlog.get_logger(__name__)


def passages(text: str) -> list[str]:
    """A contribution in whole sentences, as many together as fit `PASSAGE`, in order; a longer one is cut at a word."""
    found: list[str] = []
    for sentence in (each for paragraph in text.splitlines() for each in split(paragraph)):
        for piece in _pieces(sentence):
            if found and len(found[-1]) + len(piece) < PASSAGE:
                found[-1] += f" {piece}"
            elif len(found) == MOST_PASSAGES:
                return found
            else:
                found.append(piece)
    return found


def _pieces(sentence: str) -> Iterator[str]:
    while len(sentence) > PASSAGE:
        end = sentence.rfind(" ", 0, PASSAGE + 1)
        end = end if end > 0 else PASSAGE
        yield sentence[:end]
        sentence = sentence[end:].lstrip()
    if sentence:
        yield sentence


def encode(models: Models, texts: Sequence[str]) -> Floats:
    """Their unit vectors, a row a text; runs in the model worker."""
    return models.encoder.encode(texts)


@dataclass(slots=True)
class Embedder:
    """The stage. `encoder` is the model's name; `trouble` says why it could not be used, None once it could;
    `progress` is as of the last look."""

    archive: Archive
    worker: work.Worker
    encoder: str
    trouble: str | None = None
    progress: vectors.Progress | None = None

    def __str__(self) -> str:
        """For `/status`, from memory."""
        if self.trouble is not None:
            return f"the encoder fails: {self.trouble}"
        return "not begun" if self.progress is None else str(self.progress)

    async def run(self, stop: asyncio.Event | None = None) -> int:
        """Encode all that is owed now; says how many contributions were. Raises ModelError where the encoder cannot
        be used, ArchiveError."""
        await vectors.of(self.archive).begin(self.encoder)
        done = 0
        try:
            while count := await catch_up(self.archive, self._encode, most=RUN, stop=stop):
                done += count
                await self.measure()
            self.trouble = None
        except ModelError as error:
            self.trouble = str(error)
            raise
        finally:
            await self.measure()
        if done:
            _log.info("encoded", contributions=done)
        return done

    async def measure(self) -> None:
        """Look how far it is, for `/status` and the metrics."""
        self.progress = await vectors.of(self.archive).progress()
        observe.QUEUE.labels("vectors").set(self.progress.owed)

    async def _encode(self, texts: Sequence[str]) -> Floats:
        return await self.worker.run(encode, list(texts))


async def catch_up(archive: Archive, encode: Encode, *, most: int, stop: asyncio.Event | None = None) -> int:
    """Encode at most that many contributions of those owed, on a topic first, then the newest; says how many were.
    Whose vectors they are, `Vectors.begin` has been told.

    A batch that the encoder refuses is tried one by one, and what fails alone is noted with it. Raises ModelError
    where not one of a batch could be encoded."""
    kept = vectors.of(archive)
    owed = await kept.owed(most)
    cut = await asyncio.to_thread(lambda: sorted(((each, passages(each.text)) for each in owed), key=_length))
    done, keeping = 0, None
    try:
        for batch in _batches(cut):
            if stop is not None and stop.is_set():
                break
            made = await _encoded(kept, batch, encode)
            if keeping is not None:
                await keeping
            # The next batch is encoded while this one is written.
            keeping = asyncio.create_task(kept.keep(made))
            done += len(made)
    finally:
        if keeping is not None:
            await keeping
    return done


Cut = tuple[Owed, list[str]]


def _length(cut: Cut) -> int:
    return sum(map(len, cut[1]))


def _batches(cut: Sequence[Cut]) -> Iterator[list[Cut]]:
    batch: list[Cut] = []
    count = characters = 0
    for each in cut:
        if batch and (count + len(each[1]) > BATCH or characters + _length(each) > BATCH_CHARACTERS):
            yield batch
            batch, count, characters = [], 0, 0
        batch.append(each)
        count, characters = count + len(each[1]), characters + _length(each)
    if batch:
        yield batch


async def _encoded(kept: vectors.Vectors, batch: Sequence[Cut], encode: Encode) -> list[tuple[Owed, Floats]]:
    try:
        return await _together(batch, encode)
    except Exception:
        if len(batch) == 1:
            raise
        _log.exception("a batch could not be encoded; one by one now", contributions=len(batch))
    made: list[tuple[Owed, Floats]] = []
    failed: list[tuple[Owed, Exception]] = []
    for each in batch:
        try:
            made += await _together([each], encode)
        except Exception as error:
            failed.append((each[0], error))
            if len(failed) > 1 and not made:
                # Then it is the encoder's fault, and no contribution's.
                raise
    for owed, why in failed:
        await kept.fail(owed.contribution, f"{type(why).__name__}: {why}")
    return made


async def _together(batch: Sequence[Cut], encode: Encode) -> list[tuple[Owed, Floats]]:
    rows = await encode([passage for _, each in batch for passage in each])
    made, start = [], 0
    for owed, each in batch:
        made.append((owed, rows[start : start + len(each)]))
        start += len(each)
    return made
