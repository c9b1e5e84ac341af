"""The lines of a digest that has no topic and no minister's statement to order it: what matters most, whoever says
it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from bot.domain import Origin, Sentence
from bot.summarise.plan import Plan
from bot.summarise.select import Scored, opens

if TYPE_CHECKING:
    from bot.inference.encoder import Vectors

_BRIEF = 0.4
"""The brief's part of the words."""
_REPEATED = 0.5
"""What likeness to a chosen line costs, of a cosine of 1, where a score's standard deviation is 1."""
_ALIKE = 0.8
"""Cosine above which two sentences say the same thing twice."""
_AGAIN = 0.15
"""What each line that a speaker has costs the next."""
_QUOTED = 0.3
"""What a quotation costs, and a shortened one twice: a report of about the same worth is read more easily."""
_UNCLEAR = 0.3
"""What words that point at something outside the sentence cost."""
_TRIES = 60
_SHORTEST = 7
"""Words below which no line is worth looking for in what is left."""
_WELCOME = re.compile(
    r"\bwelcome(?P<whom> everybody| everyone| members)?(?: back)? to (?P<what>(?:the|today[’']s|this \w+[’']s) "
    r"(?:[\w-]+ )*?(?:(?:meeting|session) of (?:the )?)?(?:[A-Z][\w’'-]*,? (?:and |on |for |of |the )*)+[A-Z]?[\w-]*)"
)
_WHEN = re.compile(r",? (?:this (?:morning|afternoon|evening)|today)$")


def fill_ranked(plan: Plan) -> None:
    """Choose lines by their learnt score, less what they repeat, until hardly a word is left: first the one that says
    what the meeting is for, the best of the rest in the brief, then each speaker's. Called again, it spends the words
    that the writer saved."""
    free = [item for item in plan.found.scored if plan.free(item)]
    opening = [item for item in free if opens(item.unit)]
    for item in opening[:2]:
        line = _welcomed(plan, item) or plan.phraser.line(item)
        if line is not None and _fits(plan, item, line):
            plan.brief.append((item, line))
            plan.chosen.append(item)
    pool = [item for item in free if not opens(item.unit)]
    worth = np.array([item.score - _UNCLEAR * (not item.clear) for item in pool])
    quoted: set[int] = set()
    tries = 0
    while tries < _TRIES and plan.left() >= _SHORTEST:
        place = _best(plan, pool, worth)
        if place is None:
            return
        item = pool[place]
        line = plan.phraser.line(item)
        if line is not None and line.origin.quotes and place not in quoted:
            quoted.add(place)
            worth[place] -= _QUOTED if line.origin is Origin.QUOTED else 2 * _QUOTED
            continue
        worth[place] = -np.inf
        tries += 1
        if line is None or not _fits(plan, item, line) or not plan.fair(item, line):
            continue
        plan.chosen.append(item)
        spent = sum(len(told.text.split()) for _, told in plan.brief) + len(line.text.split())
        if spent <= plan.budget * _BRIEF:
            plan.brief.append((item, line))
        else:
            plan.points[item.unit.contribution.speaker].append((item, line))


def _best(plan: Plan, pool: Sequence[Scored], worth: Vectors) -> int | None:
    """The place of the best left, `worth` less what it repeats and what its speaker has had; None where none is."""
    if not len(pool) or not np.isfinite(worth).any():
        return None
    had = Counter(item.unit.contribution.speaker for item in plan.chosen)
    costs = np.array([_AGAIN * had[item.unit.contribution.speaker] for item in pool])
    if plan.chosen:
        chosen = plan.found.vectors[[item.row for item in plan.chosen]]
        costs = costs + _REPEATED * (plan.found.vectors[[item.row for item in pool]] @ chosen.T).max(1)
    return int(np.argmax(worth - costs))


def _fits(plan: Plan, item: Scored, line: Sentence) -> bool:
    return len(line.text.split()) <= plan.left() and plan.found.likeness(item, plan.chosen) <= _ALIKE


def _welcomed(plan: Plan, item: Scored) -> Sentence | None:
    """ "Welcome to the Education Committee" as what its speaker did, where the verifier finds it carried."""
    person, found = plan.phraser.person(item.unit), _WELCOME.search(item.unit.text)
    if person is None or not person.named or found is None:
        return None
    what = _WHEN.sub("", found["what"].strip(" ,"))
    whom = (found["whom"] or " everyone").strip()
    whom = "Members" if whom.lower() == "members" else "everyone"
    return plan.phraser.verified(f"{person.name} welcomed {whom} to {what}.", Origin.REPORTED, item.unit)
