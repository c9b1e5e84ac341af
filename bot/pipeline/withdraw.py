"""Withdraw: a story is taken back, in every message that tells it, and is not told again."""

from __future__ import annotations

from dataclasses import replace

import structlog

from bot.archive import digests
from bot.archive.engine import Archive
from bot.archive.why import fates
from bot.domain import Digest, Others, Status
from bot.errors import InputError
from bot.pipeline import clock as clocks

LONGEST = 300
"""Characters of a reason, which every reader is shown."""

_log = structlog.get_logger(__name__)


def emptied(digest: Digest, note: str) -> Digest:
    """The digest with nothing left of it but its headline and a note."""
    return replace(
        digest,
        status=Status.SETTLED,
        brief=(),
        points=(),
        next=(),
        others=Others(),
        coverage=(),
        notes=(note,),
        links={},
        news=(),
        update="",
    )


async def withdraw(archive: Archive, story_id: int, reason: str, *, clock: clocks.Clock = clocks.now) -> Digest:
    """Replace the story's text by the reason in every copy, as the deliveries are made, and never post it again.

    Gives its last digest. Raises InputError where there is no such story, or it was withdrawn before."""
    if not reason or len(reason) > LONGEST:
        raise InputError(f"give a reason, in at most {LONGEST} characters; every reader is shown it")
    stored = await digests.digest_of(archive, story_id)
    if stored is None:
        raise InputError(f"there is no story {story_id} with a digest")
    of = await digests.draft(archive, story_id)
    note = f"Withdrawn by the operator: {reason}"
    if not await digests.keep_withdrawal(archive, of, emptied(stored.digest, note), clock(), reason=reason):
        raise InputError(f"story {story_id} was withdrawn before")
    _log.warning("story withdrawn by the operator", story=story_id, reason=reason)
    return stored.digest


async def meant(archive: Archive, written: str) -> int:
    """The story that is meant by its number, by a link to one of its items, or by words of a title.

    Raises InputError where there is none, or more than one."""
    if written.isascii() and written.isdigit():
        return int(written[:18])
    found = await fates(archive, written)
    stories = {telling.id: fate.title for fate in found for telling in fate.stories}
    if len(stories) == 1:
        return next(iter(stories))
    if not stories:
        raise InputError(f"{written}: no story tells that; give its number, or the link of one of its items")
    several = "; ".join(f"{number} ({title})" for number, title in sorted(stories.items()))
    raise InputError(f"{written}: several stories tell that; give the number of one: {several}")
