"""Which lines a digest takes, the most wanted first, until its words are spent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.summarise.cues import Act, dated, figures
from bot.summarise.plan import SUBSTANCE, Plan
from bot.summarise.ranked import fill_ranked
from bot.summarise.select import Scored

_MANY = 5
"""Speakers beside the heads above which each has a short line rather than a few a long one."""
_SHORT = 30
"""Words of a short line."""
_WITH_ANSWERS = 1
"""Speakers beside the heads whose question takes its answer before the others have a line."""
_SHORTEST = 9
"""Words below which no more lines are looked for."""


def fill(plan: Plan, *, article: bool, parliament: bool) -> None:
    """Choose the plan's lines.

    A debate on the topic, or one where a minister and the opposition face each other, takes what those two say first;
    any other is told by what matters most in it, whoever says it. `parliament` says that a House sits here, so that
    offices order the debate."""
    if article:
        _fill_article(plan)
    elif _ranked(plan, parliament):
        fill_ranked(plan)
    else:
        _fill_proceedings(plan)


def refill(plan: Plan, *, article: bool, parliament: bool) -> None:
    """Spend the words that were held for the writer and those that it saved."""
    if article:
        return
    if _ranked(plan, parliament):
        fill_ranked(plan)
        return
    _fill_up(plan, _of_substance(plan))


def _ranked(plan: Plan, parliament: bool) -> bool:
    return not plan.topical and (not parliament or None in (plan.lead, plan.critic))


def _fill_proceedings(plan: Plan) -> None:
    """The brief, what the opposition's front bench says, the minister's figures, what happens next; then a line for
    every other speaker, the first with their answers; then more answers, and more of the first two."""
    lead, critic = plan.lead, plan.critic
    rest = _of_substance(plan)
    many = len(rest) > _MANY
    _fill_brief(plan, rest, share=0.28 if many else 0.4)
    short = _SHORT if many else None
    if critic is not None:
        counted = any(_counts_fault(item) for item in plan.found.of(critic))
        plan.to_point(critic, prefer=_counts_fault if counted else _finds_fault, longest=short, answered=not many)
        plan.to_point(critic, prefer=_asks, longest=short, answered=True)
    if lead is not None:
        plan.to_point(lead, prefer=_gives_figures, longest=short)
        plan.to_next(lead, longest=short)
    for place, other in enumerate(rest):
        asked = _asks if lead is not None and plan.asked(other) else None
        plan.to_point(other, prefer=asked, longest=short, answered=not many or place < _WITH_ANSWERS)
    _fill_up(plan, rest)


def _fill_up(plan: Plan, rest: Sequence[str | None]) -> None:
    """With the words that are left: longer lines for those who have none, answers to what has none, then more of the
    heads and of the others."""
    silent = [other for other in rest if not plan.points.get(other)]
    short = _SHORT if len(silent) > _MANY else None
    for other in silent:
        plan.to_point(other, prefer=_asks if plan.lead is not None and plan.asked(other) else None, longest=short)
    if plan.lead is not None:
        plan.to_next(plan.lead)
    for speaker, rows in [*plan.points.items()]:
        for item, _ in rows if speaker != plan.lead else ():
            plan.to_answer(item)
    first: list[str | None] = [*plan.heads] or [*rest[:4]]
    for again in [*first * 3, *rest]:
        if plan.left() >= _SHORTEST:
            plan.to_point(again, answered=again != plan.lead)


def _fill_brief(plan: Plan, rest: Sequence[str | None], *, share: float) -> None:
    lead, critic = plan.lead, plan.critic
    if lead is not None:
        plan.to_brief(lead, (Act.FINDS, Act.ANNOUNCES), share=share)
    if critic is not None:
        plan.to_brief(critic, (Act.CRITICISES,), share=share)
    if lead is not None and plan.budget >= 150:
        plan.to_brief(lead, (Act.ANNOUNCES,), only=True, share=share, sums=True)
        for act in (Act.FINDS, Act.ANNOUNCES, Act.FINDS):
            plan.to_brief(lead, (act,), only=True, share=share)
    if lead is critic is None:
        for speaker in rest[:3]:
            plan.to_brief(speaker, share=share)


def _fill_article(plan: Plan) -> None:
    for _ in range(2):
        plan.to_brief(None)
    for _ in range(6):
        plan.to_point(None, anyone=True)


def _of_substance(plan: Plan) -> list[str | None]:
    """The other speakers by their best sentence, those who said hardly anything last."""
    words = Counter[str | None]()
    for item in plan.found.scored:
        words[item.unit.contribution.speaker] += len(item.unit.text.split())
    others = [speaker for speaker in plan.ranked() if speaker not in plan.heads]
    return sorted(others, key=lambda speaker: words[speaker] < SUBSTANCE)


def _finds_fault(item: Scored) -> bool:
    return item.act is Act.CRITICISES


def _counts_fault(item: Scored) -> bool:
    return _finds_fault(item) and figures(item.unit.text)


def _asks(item: Scored) -> bool:
    return item.act is Act.ASKS


def _gives_figures(item: Scored) -> bool:
    return figures(item.unit.text) or dated(item.unit.text)
