"""Quotation, where a rule or a model would have to guess: the speaker's own words, cut only between clauses.

What is left out is marked with an ellipsis and what is put in stands in square brackets, so that every other word
between the
quotation marks is the source's, in its order.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain import Origin
from bot.summarise.openings import VOCATIVE
from bot.summarise.parsing import Parsed, main_clauses
from bot.summarise.people import PERSON_NOUNS

LONGEST = 40
"""Words that a quotation may have before it is cut to its best clause."""

_PERSON = re.compile(r"^(?:he|she|him|her|his)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Quotation:
    """The words between “ and ”, marks included, and whether anything was left out or put in."""

    text: str
    origin: Origin


def quote(parsed: Parsed, before: Sequence[Parsed] = (), *, longest: int = LONGEST) -> Quotation | None:
    """The sentence quoted, cut to a clause where it is longer than `longest` words; `before` are the sentences that
    the same
    speaker said just before it, to tell who "he" is.

    None where a pronoun has no noun that can be put in, or where no clause is short enough."""
    if parsed.text.count("“") != parsed.text.count("”"):
        return None
    for start, end in _spans(parsed, longest):
        mended = _mended(parsed, start, end, before)
        if mended is None:
            continue
        left = start > 0 and bool(_cut_matters(parsed, 0, start))
        if addressed := VOCATIVE.match(mended.strip()):
            mended, left = mended.strip()[addressed.end() :], True
        right = _cut_matters(parsed, end, len(parsed.doc))
        body = mended.strip().strip("—–").rstrip(",;: ")
        body = body.replace("“", "‘").replace("”", "’") if "“" in body else body
        text = f"“{'…' if left else ''}{body}{'…' if right else ''}”"
        changed = left or right or body != parsed.text.strip()
        return Quotation(text, Origin.SHORTENED if changed else Origin.QUOTED)
    return None


def _spans(parsed: Parsed, longest: int) -> list[tuple[int, int]]:
    whole = (0, len(parsed.doc))
    if len(parsed.text.split()) <= longest:
        return [whole]
    clauses = main_clauses(parsed)
    spans = [
        (clauses[first][0], clauses[last][1])
        for first in range(len(clauses))
        for last in range(first, len(clauses))
        if 8 <= len(parsed.between(clauses[first][0], clauses[last][1]).split()) <= longest
    ]
    return sorted(spans, key=lambda pair: (pair[0], -(pair[1] - pair[0])))


def _cut_matters(parsed: Parsed, start: int, end: int) -> bool:
    return any(not token.is_punct and token.dep_ != "cc" for token in parsed.doc[start:end])


def _mended(parsed: Parsed, start: int, end: int, before: Sequence[Parsed]) -> str | None:
    """The words from `start` to `end` with a name in square brackets for each pronoun that has none before it there."""
    parts: list[str] = []
    known = False
    for index in range(start, end):
        token = parsed.doc[index]
        word = parsed.words[index]
        if _PERSON.match(token.text) and not (known or _person_before(parsed, start, index)):
            name = _antecedent(before)
            if name is None:
                return None
            known = True
            possessive = token.tag_ == "PRP$"
            word = f"[{name}’s]" if possessive else f"[{name}]"
        elif _unpointed(parsed, index, start):
            return None
        parts.append(word + token.whitespace_)
    return "".join(parts)


def _person_before(parsed: Parsed, start: int, index: int) -> bool:
    return any(_is_person(parsed, other) for other in range(start, index))


def _is_person(parsed: Parsed, index: int) -> bool:
    token = parsed.doc[index]
    return token.ent_type_ == "PERSON" or token.lemma_.lower() in PERSON_NOUNS


def _antecedent(before: Sequence[Parsed]) -> str | None:
    """The one person that the sentences before name; None where they name none or more than one."""
    names: dict[str, None] = {}
    for parsed in before:
        for entity in parsed.doc.ents:
            if entity.label_ == "PERSON" and len(entity.text.split()) >= 2:
                names[" ".join(parsed.words[entity.start : entity.end])] = None
        for token in parsed.doc:
            if token.lemma_.lower() in PERSON_NOUNS and token.ent_type_ != "PERSON" and token.tag_ == "NN":
                names[f"the {token.text}"] = None
    return next(iter(names)) if len(names) == 1 else None


def _unpointed(parsed: Parsed, index: int, start: int) -> bool:
    """A "this" or "it" or "they" at the head of the quotation, with nothing before it that it could mean."""
    token = parsed.doc[index]
    if token.lower_ not in {"this", "that", "these", "those", "it", "they"} or index - start > 1:
        return False
    if token.dep_ in {"det", "mark", "expl"} or token.tag_ in {"IN", "WDT"}:
        return False
    if token.lower_ == "it":
        following = " ".join(word.lower() for word in parsed.words[index : index + 12])
        return not re.match(
            r"it (?:is|was|would be|will be|has been|seems|appears)\b.*\b(?:that|to|for|who|when)\b", following
        )
    return True
