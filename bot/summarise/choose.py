"""Which lines a digest takes, the most wanted first, until its words are spent."""

from __future__ import annotations

from collections.abc import Sequence

from bot.summarise.cues import Act
from bot.summarise.plan import Plan


def fill(plan: Plan, *, article: bool, parliament: bool) -> None:
    """Choose the plan's lines.

    A debate where a minister answers, or one on a topic, takes what the minister and the opposition's front bench say
    first; any other is told by what matters most in it, whoever says it. `parliament` says that a House sits here, so
    that a minister's office orders the debate."""
    if article:
        _fill_article(plan)
    else:
        _fill_proceedings(plan)


def _fill_proceedings(plan: Plan) -> None:
    """The brief, a point of the minister and of the opposition's front bench, what happens next, then every other
    speaker, then more of the first two."""
    lead, critic = plan.lead, plan.critic
    heads = [speaker for speaker in (lead, critic) if speaker is not None]
    rest = [speaker for speaker in plan.ranked() if speaker not in heads]
    _fill_brief(plan, lead, critic, rest)
    for speaker in heads:
        plan.to_point(speaker, prefer=Act.CRITICISES if speaker == critic else None)
    if lead is not None:
        plan.to_next(lead)
    for other in rest:
        if plan.left() > plan.budget // 6:
            plan.to_point(other)
    if lead is not None:
        plan.to_next(lead)
    for _ in range(2):
        for again in heads or rest[:4]:
            plan.to_point(again)


def _fill_brief(plan: Plan, lead: str | None, critic: str | None, rest: Sequence[str | None]) -> None:
    if lead is not None:
        plan.to_brief(lead, (Act.FINDS, Act.ANNOUNCES))
    if critic is not None:
        plan.to_brief(critic, (Act.CRITICISES,))
    if lead is not None and plan.budget >= 150:
        for act in (Act.FINDS, Act.ANNOUNCES, Act.FINDS):
            plan.to_brief(lead, (act,), only=True)
    if lead is critic is None:
        for speaker in rest[:3]:
            plan.to_brief(speaker)


def _fill_article(plan: Plan) -> None:
    for _ in range(2):
        plan.to_brief(None)
    for _ in range(6):
        plan.to_point(None, anyone=True)
