"""A period's digests become a round-up: each story in two lines, the weightiest first, nothing told twice.

The order: a minister's statement before other business of Parliament, and that before what only the press has. Among
equals the heavier: each speaker weighs one, each publisher that reports it three, criticism three; a story that was
told before weighs half. Then the newer, then the one first kept.

The first line is the digest's headline; the second a sentence of the digest as it stands there, verified and whole:
the first of its brief that may stand alone. Criticism of somebody may not, for its answer would be missing, nor may a
publisher's words beyond what may be quoted of them; a story without such a sentence has its headline alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain import PRESS_QUOTATION, Digest, Entry, Kind, Others, Roundup, Sentence, When
from bot.summarise.cues import critical
from bot.summarise.people import minister, plain_name

LONGEST, WIDEST = 60, 600
"""Words and characters of a line."""
REPORT, CRITICISM = 3, 3
"""What a publisher's report, and criticism, weigh; a speaker weighs one."""

_SOMEBODY = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Sir|Dame|Lord|Lady|Baroness|Ministers?|Secretary|Commissioner)\b|"
    r"\b[A-Z][\w’'-]+ (?:\w+ )?[A-Z][\w’'-]+"
)


@dataclass(frozen=True, slots=True)
class Telling:
    """A story that may be told: its newest digest. Where the channel was `told` of it before: the version that it
    knows, and those made since, oldest first."""

    story: int
    digest: Digest
    told: Digest | None = None
    since: tuple[Digest, ...] = ()


def compose(
    tellings: Iterable[Telling], *, topic: str, title: str, when: When | None, since: datetime, until: datetime
) -> Roundup:
    """The round-up of these stories. One with nothing in it, or told before and without news, is left out."""
    found: list[tuple[tuple[int, float, int, int], Entry]] = []
    for telling in tellings:
        if (entry := _entry(telling)) is not None:
            found.append((_order(telling), entry))
    found.sort(key=lambda row: row[0])
    return Roundup(topic, title, when, since, until, tuple(entry for _, entry in found))


def revised(entry: Entry, newest: Digest, *, withdrawn: bool) -> Entry:
    """The entry after its story's digest has changed: the same line while the digest still carries it, else what
    stands now (of an update, what is new now), and of a withdrawn story only that it was withdrawn."""
    if withdrawn:
        return replace(entry, digest=_cut(newest, None, newest.notes))
    shown = entry.digest.brief[0] if entry.digest.brief else None
    if shown is not None and _has(newest, shown):
        return replace(entry, digest=_cut(newest, shown))
    if not entry.update:
        return replace(entry, digest=_cut(newest, _line(newest)))
    news = (line for line in newest.news if _stands_alone(line, newest))
    return replace(entry, digest=_cut(newest, next(news, None)))


def _entry(telling: Telling) -> Entry | None:
    digest = telling.digest
    if not any(True for _ in digest.sentences()):
        return None
    if telling.told is None:
        return Entry(telling.story, _cut(digest, _line(digest)))
    news = (line for version in reversed(telling.since) for line in version.news)
    fresh = (line for line in news if not _has(telling.told, line) and _has(digest, line))
    found = next((line for line in fresh if _stands_alone(line, digest)), None)
    return None if found is None else Entry(telling.story, _cut(digest, found), update=True)


def _has(digest: Digest, line: Sentence) -> bool:
    """Whether the digest carries this very line."""
    lines = (*digest.sentences(), *digest.news)
    return any(line.text == each.text and set(line.evidence) == set(each.evidence) for each in lines)


def _line(digest: Digest) -> Sentence | None:
    ministers = [point for point in digest.points if minister(point.speaker or "", point.role)]
    rest = [point for point in digest.points if point not in ministers]
    lines = [*digest.brief, *(line for point in (*ministers, *rest) for line in point.sentences), *digest.next]
    return next((line for line in lines if _stands_alone(line, digest)), None)


def _stands_alone(line: Sentence, digest: Digest) -> bool:
    words = len(line.text.split())
    if words > LONGEST or len(line.text) > WIDEST:
        return False
    if digest.kind is Kind.ARTICLE and line.origin.quotes and words > PRESS_QUOTATION:
        return False
    return not (_criticises(line, digest) and _names_somebody(line, digest))


def _criticises(line: Sentence, digest: Digest) -> bool:
    """Whether somebody who is not a minister criticises."""
    roles = {point.speaker: point.role for point in digest.points}
    if line.speaker is not None and minister(line.speaker, roles.get(line.speaker)):
        return False
    return critical(line.text)


def _names_somebody(line: Sentence, digest: Digest) -> bool:
    """Whether the line names anybody but its speaker, or an office; a place or a body counts where none can tell."""
    text = line.text.replace(plain_name(line.speaker), "") if line.speaker else line.text
    others = {plain_name(each.speaker) for each in digest.points if each.speaker and each.speaker != line.speaker}
    surnames = [re.escape(name.split()[-1]) for name in others if name]
    return bool(_SOMEBODY.search(text) or (surnames and re.search(rf"\b(?:{'|'.join(surnames)})\b", text)))


def _cut(digest: Digest, line: Sentence | None, notes: tuple[str, ...] = ()) -> Digest:
    """The digest with that line alone, and the addresses that carry it."""
    evidence = line.evidence if line else ()
    return replace(
        digest,
        brief=(line,) if line else (),
        points=(),
        next=(),
        news=(),
        update="",
        others=Others(),
        notes=notes,
        links={id_: url for id_, url in digest.links.items() if id_ in evidence},
    )


def _order(telling: Telling) -> tuple[int, float, int, int]:
    digest = telling.digest
    speakers = {point.speaker for point in digest.points if point.speaker}
    weight: float = len(speakers) + digest.others.count
    weight += REPORT * len({report.publisher for report in digest.coverage})
    weight += CRITICISM * any(_criticises(line, digest) for line in digest.sentences())
    if telling.told is not None:
        weight /= 2
    tier = {Kind.STATEMENT: 0, Kind.ARTICLE: 2}.get(digest.kind, 1)
    return tier, -weight, -(digest.date or date.min).toordinal(), telling.story
