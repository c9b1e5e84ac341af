"""A question put to the archive: what the record says to it, in its own words, or that it does not say."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.archive import documents as kept
from bot.domain import LONDON, Answer, Contribution, Document
from bot.errors import InputError
from bot.pipeline import clock as clocks
from bot.summarise.dated import Order
from bot.summarise.record import Request, answered, understood
from bot.summarise.verifying.lexicon import TITLES
from bot.summarise.verifying.speakers import voices

if TYPE_CHECKING:
    from bot.archive import Archive
    from bot.archive.search import Filters, Result
    from bot.pipeline.work import Worker

HITS, HITS_IN_ORDER = 24, 60
"""Contributions looked at; more where the first or the latest is wanted, for those are seldom the best found."""
READ = 12
"""Documents that one answer is made from."""
BEFORE, AFTER = 2, 2
"""Contributions of a debate read on either side of one that was found."""


async def ask(
    archive: Archive,
    worker: Worker,
    question: str,
    *,
    topic: str | None = None,
    previous: Sequence[str] = (),
    max_words: int = 120,
    reading: Callable[[int], None] | None = None,
    clock: clocks.Clock = clocks.now,
) -> Answer:
    """What the record says to the question, in at most `max_words` words. `previous` are the questions asked before it
    in the same talk, newest last. `reading` is told how many contributions are read, once that is known. `topic` is
    what the talk is about where a question names nothing. Raises ModelError where a model cannot be used, ArchiveError
    where the archive fails; any question is answered or told why not."""
    started = time.monotonic()
    today = clock().astimezone(LONDON).date()
    request = await worker.run(understood, question, tuple(previous), today)
    notes: tuple[str, ...] = ()
    if request.refused:
        found = Answer(question, answered=False, notes=(request.refused,))
    else:
        documents, strange = await _read(archive, request, topic)
        if strange and not _mentioned(request.names, documents):
            found = Answer(question, answered=False, notes=(f"The record does not say: {strange}.",))
        elif several := _several(request.names or (request.typed or "",), documents):
            found = Answer(question, answered=False, notes=(f"It is not clear who is meant: {several}. Say which.",))
        elif not documents:
            found = Answer(question, answered=False, notes=(_nothing(request),))
        else:
            if reading is not None:
                reading(sum(1 for document in documents for _ in document.spoken()))
            found = await worker.run(answered, request, documents, max_words)
            notes = (f"{strange[0].upper()}{strange[1:]}.",) if strange and not found.answered else ()
    return replace(found, question=question, notes=(*found.notes, *notes), seconds=time.monotonic() - started)


async def _read(archive: Archive, request: Request, topic: str | None) -> tuple[list[Document], str | None]:
    """The parts of the record that may answer, and why a named Member could not be found, if one could not."""
    from bot.archive.search import Filters

    filters = Filters(
        members=request.names,
        party=request.party,
        house=request.house,
        since=request.since,
        until=request.until,
    )
    if request.since and request.until and request.since > request.until:
        return [], None
    query = request.query or topic or ""
    strange = None
    try:
        results = await _found(archive, query, filters, request)
    except InputError as error:
        # Somebody who does not speak may be spoken of: what is said of him is looked for, and told as that.
        strange = str(error)
        spoken_of = " ".join((*request.names, query))
        results = await _found(archive, spoken_of, replace(filters, members=(), party=None), request)
    for office in request.offices:
        results += await _found(archive, f"{office} {query}", filters, request)
    if request.typed:
        with contextlib.suppress(InputError):
            results = await _found(archive, query, replace(filters, members=(request.typed,)), request) + results
    return await _windows(archive, results), strange


async def _found(archive: Archive, query: str, filters: Filters, request: Request) -> list[Result]:
    from bot.archive.search import search

    limit = HITS_IN_ORDER if request.order else HITS
    # A question is met by some of its words; the mark tells the search that it is one.
    found = await search(archive, f"{query}?" if query else "", filters, limit=limit, vector=request.vector)
    results = [each for each in found.results if each.date or not request.order]
    if request.order:
        results.sort(key=lambda each: str(each.date), reverse=request.order is Order.NEWEST)
    return results


async def _windows(archive: Archive, results: Iterable[Result]) -> list[Document]:
    """The documents found, each cut to the contributions found and those round them."""
    wanted: dict[int, set[str]] = {}
    for result in results:
        if result.document_row in wanted or len(wanted) < READ:
            wanted.setdefault(result.document_row, set()).add(result.id)
    stored = await kept.load(archive, list(wanted))
    return [
        cut
        for row, ids in wanted.items()
        if row in stored and (cut := _window(stored[row].document, ids)).contributions
    ]


def _window(document: Document, ids: set[str]) -> Document:
    held = voices(document.contributions)
    # The Chair's call names an office that the window may leave out.
    spoken = [
        replace(item, role=next((role for role in held[item.speaker].roles if "shadow" in role), None))
        if item.speaker and not item.role
        else item
        for item in document.contributions
    ]
    near = {
        place
        for index, item in enumerate(spoken)
        if item.id in ids
        for place in range(max(0, index - BEFORE), min(len(spoken), index + AFTER + 1))
    }
    return replace(document, contributions=tuple(spoken[place] for place in sorted(near)))


def _mentioned(names: Sequence[str], documents: Sequence[Document]) -> bool:
    """Whether the last word of each name stands in what was found."""
    said = [item for document in documents for item in document.spoken()]
    return bool(names) and all(any(_says(item, name) for item in said) for name in names)


def _several(names: Sequence[str], documents: Sequence[Document]) -> str | None:
    """Those who bear one of the names, where several people do."""
    spoken = voices(item for document in documents for item in document.spoken()).values()
    for name in names:
        typed = frozenset(name.casefold().split()) - TITLES
        borne: dict[frozenset[str], str] = {}
        for voice in spoken:
            own = frozenset(word.casefold() for word in voice.names)
            # "Starmer" and "Keir Starmer" are one.
            if typed and typed <= own and not any(own <= other or other <= own for other in borne):
                borne[own] = voice.speaker
        if len(borne) > 1 and typed not in borne:
            return "; ".join(sorted(borne.values()))
    return None


def _says(item: Contribution, name: str) -> bool:
    return name.rpartition(" ")[2].casefold() in item.text.casefold()


def _nothing(request: Request) -> str:
    if request.since or request.until:
        return "The record does not say: the archive holds nothing on that from those days."
    return "The record does not say: the archive holds nothing on that."
