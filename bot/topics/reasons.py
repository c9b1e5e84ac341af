"""A verdict's reasons, in words that a reader understands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from bot.topics.lexicon import Hit, Reading
from bot.topics.topic import Topic

MOST = 6
"""The most reasons that a verdict gives."""

_NUMBERS = ("no times", "once", "twice")


def times(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else f"{count:,} times"


def for_match(topic: Topic, hits: Iterable[Hit]) -> list[str]:
    """What speaks for the topic: the name first, then the rest by how surely and how often it does."""
    named: Counter[str] = Counter()
    other: Counter[str] = Counter()
    weight: dict[str, float] = {}
    for hit in hits:
        (named if hit.named else other)[hit.says] += 1
        weight[hit.says] = max(weight.get(hit.says, 0.0), hit.weight)
    order = {name.says: index for index, name in enumerate(topic.names)}
    reasons = []
    for says in sorted(named, key=lambda item: order.get(item, len(order))):
        reasons.append(f"{says} is named {times(named[says])}")
    for says in sorted(other, key=lambda item: (-weight[item], -other[item], item)):
        if weight[says] > 0.25:
            count = other[says]
            reasons.append(f"it tells of {says}" + (f" ({times(count)})" if count > 1 else ""))
    return reasons[:MOST]


def for_refusal(topic: Topic, reading: Reading) -> list[str]:
    """Why what looks like the topic is not it, or that nothing looks like it."""
    reasons = []
    ordinary = {name.word: name.ordinary for name in topic.names}
    for word, count in reading.ordinary.most_common():
        what = ordinary[word]
        always = "always " if count > 1 else ""
        reasons.append(f"“{word.lower()}” stands {times(count)}, {always}as {what}")
    for says, count in reading.excluded.most_common():
        reasons.append(f"it names {says}" + (f" ({times(count)})" if count > 1 else ""))
    for says in sorted({hit.says for hit in reading.hits}):
        reasons.append(f"{says}: too little on its own to be about {topic.title}")
    return reasons[:MOST] or [f"nothing in it names or describes {topic.title}"]
