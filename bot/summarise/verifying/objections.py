"""What speaks against a claim, and how heavily."""

from __future__ import annotations

from dataclasses import dataclass

REFUSAL = 1.0
"""An objection that weighs this much refuses alone; lighter ones are doubts, which refuse together."""


@dataclass(frozen=True, slots=True)
class Objection:
    """A fault with its weight, in words for a reader."""

    weight: float
    reason: str
