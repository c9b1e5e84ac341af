"""Text becomes a digest: sentences, select, write, verify, compose. No network; nothing is added after the verifier."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from bot.domain import (
    Contribution,
    Coverage,
    Digest,
    Document,
    Kind,
    Match,
    Status,
    Voice,
)
from bot.summarise.choose import fill, refill
from bot.summarise.introductions import introduced
from bot.summarise.language import foreign
from bot.summarise.others import others
from bot.summarise.people import people
from bot.summarise.phrase import Phraser
from bot.summarise.plan import Plan
from bot.summarise.select import candidates
from bot.summarise.sentences import by_contribution
from bot.summarise.verify import Verifier

if TYPE_CHECKING:
    from bot.inference.models import Models
    from bot.topics.topic import Topic

DEFAULT_WORDS = 300
_LINE = 40
"""Words that the longest line of a digest may take."""


def summarise(
    models: Models,
    documents: Sequence[Document],
    *,
    topic: Topic | None = None,
    matches: Mapping[str, Match] | None = None,
    max_words: int = DEFAULT_WORDS,
) -> Digest:
    """The digest of one document, or of several that tell one story (the first is the principal; articles become its
    coverage).

    `matches` by document id say which parts are on the topic; a document without a match there, or with one that did
    not
    match, is digested whole, without regard to the topic. Raises ModelError where a model cannot be used."""
    started = time.monotonic()
    principal = documents[0]
    matches = matches or {}
    on_topic = topic if topic is not None and (m := matches.get(principal.id)) is not None and m.matched else None
    told = [item for item in documents if item.kind is not Kind.ARTICLE] or [principal]
    merged, indexed = _merged(told, matches)
    persons = people((item for _, item in indexed), principal.date)
    found = candidates(
        indexed,
        persons,
        models.encoder,
        about=on_topic.about if on_topic else (),
        named=_namer(on_topic),
    )
    phraser = Phraser(models.parser, Verifier(merged, models.parser, models.encoder), persons, by_contribution(indexed))
    notes = list(dict.fromkeys(doubt for document in told for doubt in document.doubts))
    if language := foreign(" ".join(item.text for _, item in indexed)):
        notes.append(f"The text is in {language}; it is quoted, not summarised.")
    writer = None if language else models.writer
    plan = Plan(
        found,
        phraser,
        persons,
        max_words,
        held=max_words // 5 if writer is not None else 0,
        topical=on_topic is not None,
        in_order=principal.kind is Kind.QUESTION,
    )
    fill(plan, article=principal.kind is Kind.ARTICLE, parliament=principal.house is not None)
    if writer is not None:
        plan.write(writer)
        refill(plan, article=principal.kind is Kind.ARTICLE, parliament=principal.house is not None)
    notes += plan.unanswered()
    if not (plan.brief or plan.points):
        why = "no contribution says anything that can be reported or quoted"
        if found.scored and max_words < _LINE:
            why = f"no line fits in {max_words} words"
        notes.append(f"There is nothing to digest: {why}.")
    used = {id_ for line in plan.lines() for id_ in line.evidence}
    return Digest(
        id=principal.id,
        title=principal.title,
        headline=headline(principal),
        date=principal.date,
        house=principal.house,
        url=principal.url,
        topic=on_topic.name if on_topic else None,
        status=Status.SETTLED if all(item.settled for item in documents) else Status.DRAFT,
        brief=plan.opening(),
        points=plan.composed(),
        next=tuple(plan.next),
        others=others(plan),
        coverage=tuple(_coverage(item) for item in documents if item.kind is Kind.ARTICLE and item is not principal),
        notes=tuple(notes),
        encoder=models.encoder.name,
        writer=models.writer.name if models.writer is not None else "none",
        refused=phraser.refused,
        kind=principal.kind,
        seconds=time.monotonic() - started,
        links={item.id: item.url for _, item in indexed if item.url and item.id in used},
    )


def headline(document: Document) -> str:
    """What it is, the House or publisher, the date; the title is Parliament's or the publisher's own."""
    where = document.publisher if document.kind is Kind.ARTICLE else document.house
    kind = {Kind.DEBATE: "debate", Kind.STATEMENT: "statement", Kind.QUESTION: "question", Kind.ARTICLE: "report"}
    written = "written " if document.source in {"statements", "questions"} else ""
    what = " ".join(part for part in (where, written + kind[document.kind]) if part)
    parts = [" ".join(document.title.split()) or "Untitled", what[:1].upper() + what[1:]]
    if document.date:
        parts.append(spelt(document.date))
    return " · ".join(parts)


def spelt(day: date) -> str:
    """12 February 2025."""
    return f"{day.day} {day:%B %Y}"


def _merged(told: Sequence[Document], matches: Mapping[str, Match]) -> tuple[Document, list[tuple[int, Contribution]]]:
    """One document for the verifier, and its contributions worth digesting with their document's index.

    An id that two documents share is told apart by its document's id."""
    seen: set[str] = set()
    everything: list[Contribution] = []
    wanted: list[tuple[int, Contribution]] = []
    for index, document in enumerate(told):
        match = matches.get(document.id)
        parts = set(match.parts) if match is not None and match.matched and match.focused and match.parts else None
        for item in document.contributions:
            unique = item if item.id not in seen else replace(item, id=f"{document.id}/{item.id}")
            seen.add(unique.id)
            everything.append(unique)
            if item.voice in (Voice.SPEECH, Voice.REPORT) and item.text.strip() and (parts is None or item.id in parts):
                wanted.append((index, unique))
    known = {item.id: item for item in introduced(everything)}
    merged = replace(told[0], contributions=tuple(known.values()))
    return merged, [(index, known[item.id]) for index, item in wanted]


def _namer(topic: Topic | None) -> Callable[[str], bool] | None:
    if topic is None:
        return None
    from bot.topics.matcher import Matcher

    return Matcher(topic, None).names


def _coverage(article: Document) -> Coverage:
    return Coverage(article.publisher or "", " ".join(article.title.split()), article.url, article.date)
