"""Whether a text is English at all: Members may speak Welsh in the Senedd and in the Grand Committee that sits in
Wales."""

from __future__ import annotations

import re
from collections import Counter

_ENGLISH = frozenset(
    "the of to and a in that is for on it with as be was are this by have not we i they from which".split()
)
_WELSH = frozenset(
    "y yr yn ac a i o ar wedi mae yw ei eu bod gan fod hynny hwn oedd am at sydd nid ond os ein ni".split()
)
_OFFERED = 30
"""Words below which nothing is said of the language."""


def foreign(text: str) -> str | None:
    """ "Welsh", or "a language other than English", or None for English and for texts too short to tell."""
    words = re.findall(r"[^\W\d_]+", text.lower()[:20_000])
    if len(words) < _OFFERED:
        return None
    counts = Counter(words)
    english = sum(counts[word] for word in _ENGLISH) / len(words)
    welsh = sum(counts[word] for word in _WELSH - _ENGLISH) / len(words)
    if english >= 0.12 or english >= welsh:
        return None if english >= 0.06 else "a language other than English"
    return "Welsh"
