"""A question put to the documents of one story alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bot.archive.evidence import evidence_of
from bot.domain import Answer, Document

if TYPE_CHECKING:
    from bot.archive import Archive
    from bot.inference.models import Models
    from bot.pipeline.work import Worker


async def ask_story(
    archive: Archive,
    worker: Worker,
    story_id: int,
    question: str,
    *,
    previous: Sequence[str] = (),
    max_words: int = 120,
    reading: Callable[[int], None] | None = None,
) -> Answer | None:
    """As `ask`, of what the story's digest was made of; None where there is no such story, or none any more."""
    found = await evidence_of(archive, story_id)
    if found is None or found.withdrawn or not found.documents:
        return None
    if reading is not None:
        reading(sum(1 for document in found.documents for _ in document.spoken()))
    return await worker.run(answered, found.documents, question, tuple(previous), max_words)


def answered(
    models: Models, documents: Sequence[Document], question: str, previous: Sequence[str], max_words: int
) -> Answer:
    """What the documents, read as one, say to the question, which may lean on those asked before it."""
    from bot.summarise.ask import Reader
    from bot.summarise.followed import followed

    whole = followed(question, list(previous))
    if whole.unclear:
        return Answer(question, answered=False, notes=(whole.unclear,))
    return Reader(models, documents).answer(whole.text, max_words=max_words)
