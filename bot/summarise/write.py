"""The writer's part: one speaker's chosen sentences, joined in one or two of reported speech.

Evidence goes to the model without pronouns that point out of it, and what comes back is cut to sentences, never
trusted: the
verifier decides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.inference.writer import Writer
from bot.summarise.sentences import split

_PROMPT = (
    "Rewrite what {name} said as one sentence of reported speech in the third person and the past tense. "
    "Begin with “{name} said that”. Keep every figure and name, and add nothing.\n\n"
    "{name}: {words}"
)
_LONGEST = 45


@dataclass(frozen=True, slots=True)
class Request:
    """One speaker's evidence for one sentence."""

    name: str
    words: str


def write(writer: Writer, requests: Sequence[Request]) -> list[str | None]:
    """One sentence a request, unverified, or None where the model gave nothing that has the form of one.

    All prompts go in one batch."""
    prompts = [_PROMPT.format(name=request.name, words=request.words) for request in requests]
    return [_tidied(answer, request.name) for answer, request in zip(writer.write(prompts), requests, strict=True)]


def _tidied(answer: str, name: str) -> str | None:
    text = " ".join(answer.split()).strip(" \"“”'")
    sentences = split(text)
    if not sentences:
        return None
    first = sentences[0].strip(" \"“”'")
    if not re.match(re.escape(name) + r" [a-z]", first) or not first.endswith(".") or len(first.split()) > _LONGEST:
        return None
    if re.search(r"[“”\"\[\]{}<>*_#]|\b(?:I|me|my|mine|we|us|our|ours|you|your)\b", first):
        return None
    return first
