"""Those who said something of substance and have no line of their own: how many, and what they spoke of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.domain import Others
from bot.summarise.parsing import parse
from bot.summarise.plan import SUBSTANCE, Plan
from bot.summarise.select import Scored

_COMMON = 3
"""Speakers who must have spoken of a thing before it is said that they did."""
_EMPTY_NOUNS = frozenset(
    "people thing things point points matter matters question questions issue issues members member statement "
    "house government minister today place number order terms those something someone anything answer lords "
    "friend years person committee constituents constituency matters".split()
)


def others(plan: Plan) -> Others:
    """Those who said something of substance and have no line, and what most of them spoke of."""
    shown = {line.speaker for line in plan.lines()}
    words: Counter[str] = Counter()
    best: dict[str, Scored] = {}
    for item in plan.found.scored:
        speaker = item.unit.contribution.speaker
        if speaker is not None and speaker not in shown:
            words[speaker] += len(item.unit.text.split())
            best.setdefault(speaker, item)
    silent = [speaker for speaker in best if words[speaker] >= SUBSTANCE]
    evidence = tuple(dict.fromkeys(best[speaker].unit.contribution.id for speaker in silent))
    return Others(len(silent), _subjects(plan, [best[speaker] for speaker in silent]), evidence)


def _subjects(plan: Plan, items: Sequence[Scored]) -> str:
    counts: Counter[str] = Counter()
    for parsed in parse(plan.phraser.parser, [item.unit.text for item in items]):
        nouns = {
            parsed.words[token.i].lower()
            for token in parsed.doc
            if token.tag_ in {"NN", "NNS"} and token.dep_ in {"pobj", "dobj", "nsubj"} and len(token.text) > 4
        }
        counts.update(nouns - _EMPTY_NOUNS)
    return " and ".join(noun for noun, count in counts.most_common(2) if count >= _COMMON)
