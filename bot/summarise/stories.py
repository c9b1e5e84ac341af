"""Which documents tell one story: one event with its statements, repeats, reports and reactions within 14 days.

Everything about one programme is alike, so a word that two documents share tells the more the fewer of those in hand
have it. How surely two tell one story is a logistic score of what they share; a list is grouped by the average of its
pairs, so that no chain of half-likely pairs draws two events together.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from bot.domain import Document, Kind
from bot.summarise.profiles import Profile, common, profiles

if TYPE_CHECKING:
    from bot.inference.models import Models

Matrix = npt.NDArray[np.float32]

WINDOW = timedelta(days=14)
_REPEAT = 7
"""Days within which a paper of Parliament comes back under its title: the Lords take a statement a day or so later."""
SURE = 0.5
"""The average sureness from which documents are one story."""

FEATURES = ("figures", "terms", "lead", "piece", "gap", "names", "papers", "routine")
WEIGHTS: tuple[float, ...] = (0.45, 8.48, 1.37, 8.33, -0.97, 3.15, -3.41, -3.0)
BIAS = -4.13
"""By training/stories.py. `terms`, `lead` and `piece` are likenesses: of the words, of the leads, and of each lead to
the other's nearest paragraph. `names` is the part of the leads' names that the other names too. Two papers of
Parliament, or one under a heading for anything, must have more in common."""
_GAP_KNOWN, _GAP = 4.0, 2.0
"""Days apart count up to four; where one has no date, as two."""
_TELLING = 10.0
"""Shared figures weigh no more than this: a long debate is full of them."""
_PRIOR, _COMMONER = 10.0, 5.0
"""Documents imagined beside those in hand, and how many of them have each word of the programme's own."""


def stories(models: Models, documents: Sequence[Document]) -> list[str]:
    """The story of each document, in order: a name that those which tell one event share. The order of the input
    changes no more than the names."""
    return group(profiles(models, documents))


def group(found: Sequence[Profile]) -> list[str]:
    """As `stories`, of profiles."""
    # A copy without a date is of its twin's day.
    dated = {text: day for day, text in sorted(((each.day, each.text) for each in found if each.day), reverse=True)}
    found = [replace(each, day=each.day or (dated.get(each.text) if each.text else None)) for each in found]
    order = sorted(range(len(found)), key=lambda at: _sorting(found[at]))
    ordered = [found[at] for at in order]
    clusters = _average_link(sureness(ordered), [each.day for each in ordered])
    names: dict[int, str] = {}
    where = {order[at]: cluster for cluster, members in enumerate(clusters) for at in members}
    return [names.setdefault(where[at], f"story-{len(names) + 1}") for at in range(len(found))]


def find(of: Profile, candidates: Sequence[Sequence[Profile]]) -> tuple[int, str] | None:
    """The candidate story that a document tells most surely: its place, and why; None where it tells none of them."""
    flat = [of, *(member for members in candidates for member in members)]
    sure = sureness(flat)[0]
    best: tuple[float, int, str] | None = None
    at = 1
    for place, members in enumerate(candidates):
        rows = sure[at : at + len(members)]
        at += len(members)
        if len(rows) and (mean := float(rows.mean())) >= SURE and (best is None or mean > best[0]):
            best = mean, place, why(of, members[int(rows.argmax())])
    return (best[1], best[2]) if best else None


def why(a: Profile, b: Profile) -> str:
    """What two documents have in common, or what parts them, in a reader's words."""
    if _apart(a, b):
        return "more than 14 days apart"
    if a.key == b.key:
        return "the same document"
    if _told_again(a, b):
        return "the same words"
    if _repeat(a, b):
        return "the same title within a week"
    if _two_questions(a, b):
        return "two questions"
    shared = sorted(_shared(a, b)) or sorted(a.figures & b.figures)
    if shared:
        return f"both tell of {', '.join(shared[:4])}"
    return "the wording is alike" if a.terms and b.terms else "too few people, places and figures in common"


def sureness(found: Sequence[Profile]) -> Matrix:
    """How surely each two of these tell one story, from 0 to 1; a row and a column for each."""
    scores = np.tensordot(np.array(WEIGHTS, dtype=np.float32), features(found), axes=1) + BIAS
    sure: Matrix = 1 / (1 + np.exp(-scores))
    for one, a in enumerate(found):
        for other, b in enumerate(found[:one]):
            known = settled(a, b)
            if known is not None:
                sure[one, other] = sure[other, one] = known
    np.fill_diagonal(sure, 1.0)
    return sure


def settled(a: Profile, b: Profile) -> float | None:
    """What needs no weighing."""
    if _apart(a, b):
        return 0.0
    if _told_again(a, b) or a.key == b.key or _repeat(a, b):
        return 1.0
    return 0.0 if _two_questions(a, b) or (a.routine and b.routine) or _silent(a) or _silent(b) else None


def _apart(a: Profile, b: Profile) -> bool:
    return a.day is not None and b.day is not None and abs(a.day - b.day) > WINDOW


def _told_again(a: Profile, b: Profile) -> bool:
    return bool(a.text) and a.text == b.text


def _repeat(a: Profile, b: Profile) -> bool:
    """A title that says more than the programme's name is given twice in a week to one thing; a question's is not."""
    near = a.day is None or b.day is None or abs((a.day - b.day).days) <= _REPEAT
    questions = a.kind is b.kind is Kind.QUESTION and a.house == b.house
    return near and a.title == b.title and a.particular and not (a.press or b.press or questions)


def _two_questions(a: Profile, b: Profile) -> bool:
    return a.kind is b.kind is Kind.QUESTION and not (a.title == b.title and a.house != b.house)


def _silent(of: Profile) -> bool:
    """Whether neither its words nor its title tell anything."""
    return not of.text and of.routine


def _shared(a: Profile, b: Profile) -> frozenset[str]:
    shared = a.named & b.named
    if a.press:
        shared |= a.named & b.speakers
    return shared | b.named & a.speakers if b.press else shared


def features(found: Sequence[Profile]) -> Matrix:
    """What each two share, by FEATURES: a layer a feature, symmetric."""
    weigh = _rarity(found)
    press = np.array([each.press for each in found], dtype=np.float32)
    lead = _table([each.lead_named for each in found], [each.named for each in found], weigh)
    spoken = _table([each.lead_named for each in found], [each.named | each.speakers for each in found], weigh)
    told = np.where(press[:, None] > 0, spoken, lead)
    held = np.array([sum(map(weigh, each.lead_named)) for each in found], dtype=np.float32)
    both = held[:, None] + held[None, :]
    figures = _table([each.figures for each in found], [each.figures for each in found], weigh)
    drift = np.stack([each.drift[0] for each in found]) if found else np.zeros((0, 1), dtype=np.float32)
    pieces = np.stack([(each.drift @ drift.T).max(axis=0) for each in found]) if found else drift
    paper = np.logical_not(press)
    papers = np.logical_and(paper[:, None], paper[None, :])
    routine = np.array([each.routine for each in found], dtype=bool)
    return np.stack(
        [
            np.minimum(figures, _TELLING),
            _cosines(found, weigh),
            drift @ drift.T,
            np.minimum(pieces, pieces.T),
            _gaps([each.day for each in found]),
            np.where(both > 0, (told + told.T) / np.maximum(both, 1e-6), 0.3),
            papers,
            routine[:, None] | routine[None, :],
        ]
    ).astype(np.float32)


def _rarity(found: Sequence[Profile]) -> Callable[[str], float]:
    held: dict[str, int] = {}
    for each in found:
        for word in {*each.terms, *each.named, *each.speakers, *each.figures}:
            held[word] = held.get(word, 0) + 1
    size = _PRIOR + len(found) + 1

    def weigh(word: str) -> float:
        return math.log(size / (held.get(word, 0) + (_COMMONER if common(word) else 0.5) + 0.5))

    return weigh


def _table(rows: Sequence[Iterable[str]], columns: Sequence[Iterable[str]], weigh: Callable[[str], float]) -> Matrix:
    """The weight of the words that each row shares with each column."""
    places: dict[str, int] = {}
    for words in rows:
        for word in words:
            places.setdefault(word, len(places))
    left = np.zeros((len(rows), len(places)), dtype=np.float32)
    right = np.zeros((len(columns), len(places)), dtype=np.float32)
    for at, words in enumerate(rows):
        for word in words:
            left[at, places[word]] = weigh(word)
    for at, words in enumerate(columns):
        for word in words:
            if word in places:
                right[at, places[word]] = 1
    return left @ right.T


def _cosines(found: Sequence[Profile], weigh: Callable[[str], float]) -> Matrix:
    places: dict[str, int] = {}
    for each in found:
        for word in each.terms:
            places.setdefault(word, len(places))
    table = np.zeros((len(found), max(1, len(places))), dtype=np.float32)
    for at, each in enumerate(found):
        for word, times in each.terms.items():
            table[at, places[word]] = weigh(word) * (1 + math.log(times) if times >= 1 else times)
    table /= np.maximum(np.linalg.norm(table, axis=1, keepdims=True), 1e-6)
    return table @ table.T


def _gaps(days: Sequence[date | None]) -> Matrix:
    known = np.array([day.toordinal() if day else 0 for day in days], dtype=np.float32)
    missing = np.array([day is None for day in days], dtype=bool)
    gaps: Matrix = np.minimum(np.abs(known[:, None] - known[None, :]), _GAP_KNOWN)
    return np.where(missing[:, None] | missing[None, :], _GAP, gaps)


def _sorting(of: Profile) -> tuple[str, str, str, str, str]:
    return (of.day.isoformat() if of.day else "", of.kind.value, of.title, of.text, of.key[1])


def _average_link(sure: Matrix, days: Sequence[date | None]) -> list[list[int]]:
    """Groups, the surest two joined first, while the average of the pairs between them is SURE and the whole lies
    within the window."""
    links = sure.astype(np.float64)
    np.fill_diagonal(links, -1.0)
    members: dict[int, list[int]] = {at: [at] for at in range(len(links))}
    spans: Mapping[int, list[date]] = {at: [day] if day else [] for at, day in enumerate(days)}
    while len(members) > 1:
        one, other = divmod(int(links.argmax()), len(links))
        if links[one, other] < SURE:
            break
        told = spans[one] + spans[other]
        if told and max(told) - min(told) > WINDOW:
            links[one, other] = links[other, one] = 0.0
            continue
        mine, theirs = len(members[one]), len(members[other])
        merged = (links[one] * mine + links[other] * theirs) / (mine + theirs)
        links[one] = links[:, one] = merged
        links[one, one] = -1.0
        links[other] = links[:, other] = -1.0
        members[one] += members.pop(other)
        spans[one].extend(spans[other])
    return list(members.values())
