"""A question to the whole record, in the process that hosts the models: what to look for, and what is answered from
what was found."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from bot.domain import Answer, Document
from bot.equivalents import equivalents
from bot.summarise.ask import LONGEST, Reader
from bot.summarise.asked import ANYBODY, Wants, asks_for, read_question, whose
from bot.summarise.dated import Order, dated
from bot.summarise.followed import followed, house_of
from bot.summarise.refused import ORDER
from bot.summarise.retrieve import retrieve
from bot.text import clean, day_words

if TYPE_CHECKING:
    from bot.inference.encoder import Vectors
    from bot.inference.models import Models

_APART = 8
"""Documents that are read one by one where the first or the latest to answer is wanted."""
_WORDS = 1_500
"""Words of the record that one answer is made from."""
_WORDS_FOR_A_FIGURE = 3_000
"""The same where a number or a time is wanted: it stands in one sentence, which a short excerpt may leave out."""
_LEADING_WHEN = re.compile(
    r"^(?:and |so |but )*(?:when|on (?:what|which) (?:day|date)|in (?:what|which) year)\b", re.IGNORECASE
)
_TYPED = re.compile(
    r"\b(?:what|why|how|when) (?:did|does|has|do|have) (?P<who>[\w’'.-]+(?: [\w’'.-]+){0,3}?) (?:say|think|ask|"
    r"want|call)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Request:
    """What to look for. `query` are the words, `vector` the encoding (of length one); `names` and `offices` are those
    whose words are asked for, `typed` one who may be a Member named without a capital, `party` theirs.

    `wants` stands for what the question's own words ask for. `said` says that the day on which something was said is
    part of the answer. `refused` says why nothing need be looked for."""

    text: str
    query: str = ""
    vector: Vectors | None = None
    names: tuple[str, ...] = ()
    typed: str | None = None
    offices: tuple[str, ...] = ()
    party: str | None = None
    house: str | None = None
    since: date | None = None
    until: date | None = None
    order: Order | None = None
    said: bool = False
    wants: Wants | None = None
    about: str = ""
    refused: str | None = None


def understood(models: Models, question: str, previous: Sequence[str], today: date) -> Request:
    """The question as it is looked for, read against those asked before it (newest last) and against today. Never
    raises on any question; ModelError where a model cannot be used."""
    text = clean(question)
    if len(text) > LONGEST:
        return Request(text, refused=f"The question is longer than {LONGEST:,} characters; ask one thing at a time.")
    whole = followed(text, [clean(each) for each in previous])
    if whole.unclear:
        return Request(text, refused=whole.unclear)
    when = dated(whole.text, today)
    bare, house = house_of(when.text)
    said = when.said or whole.when
    bare = _LEADING_WHEN.sub("What", bare) if when.said else bare
    asked = read_question(bare, (), {}, models.parser)
    if asked.refused == f"{ORDER}":
        return Request(bare, refused=f"The record does not say: {ORDER}")
    people = whose(models.parser(bare))
    parties = {form.lower(): row[0] for row in equivalents().parties for form in row}
    party = next((parties[each.text.lower()] for each in people if each.text.lower() in parties), None)
    names = tuple(each.text for each in people if not each.office and each.text.lower() not in parties)
    offices = tuple(each.text for each in people if each.office)
    typed = _TYPED.search(bare)
    lone = typed["who"] if typed and not people and typed["who"].split()[-1].lower() not in ANYBODY else None
    topic = " ".join(
        word for word in asked.topic.split() if word not in {part for name in names for part in name.split()}
    )
    query = f"{topic} {whole.about}".strip()
    if not any((query, names, offices, lone, party)):
        return Request(bare, refused="The question names nothing that could be looked for.")
    return Request(
        bare,
        query,
        models.encoder.encode([f"{bare} {whole.about}".strip()])[0],
        names,
        lone,
        offices,
        party,
        house,
        when.since,
        when.until,
        when.order,
        said,
        Wants.WORDS if said else None,
        whole.about,
    )


def answered(models: Models, request: Request, documents: Sequence[Document], max_words: int) -> Answer:
    """What these parts of the record say to the request, the newest first. Raises ModelError where a model cannot be
    used."""
    previous = (request.about,) if request.about else ()
    read = sorted(documents, key=lambda each: each.date or date.min, reverse=request.order is not Order.OLDEST)
    groups = [[each] for each in read[:_APART]] if request.order else [read]
    words = _WORDS_FOR_A_FIGURE if asks_for(request.text) in (Wants.NUMBER, Wants.TIME) else _WORDS
    first: Answer | None = None
    for group in groups:
        kept = retrieve(models, request.text, group, words=words, previous=previous)
        found = (
            Reader(models, kept, what="record", spare=True).answer(
                request.text, max_words=max_words, wants=request.wants
            )
            if kept
            else None
        )
        if found is not None and found.answered:
            return replace(found, notes=(*found.notes, *_told_when(request, found)))
        first = first or found
    return first or Answer(request.text, answered=False, notes=("The record does not say.",))


def _told_when(request: Request, found: Answer) -> list[str]:
    """On which day it was said, where that was asked for."""
    days = sorted({source.date for source in found.sources if source.date})
    if not days or not (request.said or request.order):
        return []
    if request.order is Order.OLDEST:
        return [
            f"The earliest that was found in the archive, which may not reach back to the first: {day_words(days[0])}."
        ]
    if request.order is Order.NEWEST:
        return [f"The latest that was found in the archive: {day_words(days[-1])}."]
    return [f"Said on {' and '.join(day_words(each) for each in days)}."]
