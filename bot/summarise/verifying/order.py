"""Cause and order: 'because', 'after' and their kin, which the evidence must give and give the same way round."""

from __future__ import annotations

from collections.abc import Iterable

from spacy.tokens import Token

from bot.summarise.verifying import lexicon
from bot.summarise.verifying.clauses import denied
from bot.summarise.verifying.objections import REFUSAL, Objection
from bot.summarise.verifying.passages import Part, Window
from bot.summarise.verifying.words import lemma


def connectives(part: Part, window: Window) -> Iterable[Objection]:
    """Objections to a cause or an order that the part gives and the window does not."""
    have = window.text.lower()
    words = window.lemmas
    for token in part.tokens:
        kind = _connective(token)
        if kind == "cause" and not _gives_cause(window) and "in order" not in have and "that is why" not in have:
            yield Objection(REFUSAL, f"“{token.text}”: the evidence gives no such cause")
        elif kind in {"after", "before"}:
            mine, other = (_AFTER, _BEFORE) if kind == "after" else (_BEFORE, _AFTER)
            if not words & mine and not (words & other and _swapped(token, part, window)):
                yield Objection(REFUSAL, f"“{token.text}”: the evidence gives no such order")
            elif words & mine and _swapped(token, part, window):
                yield Objection(REFUSAL, f"“{token.text}”: the evidence has the order the other way round")


_CAUSAL = frozenset(
    (
        "because since therefore thus hence consequently due owing result lead led cause reason thanks "
        "thereby why consequence mean force drive contribute trigger prompt blame responsible account"
    ).split()
)


_AFTER = frozenset(
    (
        "after following since once subsequently then later afterwards next when from follow subsequent post upon until"
    ).split()
)


_BEFORE = frozenset("before prior until till earlier previously ahead when already pre by previous then".split())


def _gives_cause(window: Window) -> bool:
    """Whether a word of cause stands in the window that is not denied: 'I do not accept that it was the reason'."""
    return any(
        token.lower_ in _CAUSAL or lemma(token) in _CAUSAL
        for sentence in window.sentences
        for token in sentence.span
        if not (lemma(token) in {"reason", "cause"} and any(denied(up) for up in token.ancestors if up.pos_ in VERBAL))
    )


VERBAL = frozenset({"VERB", "AUX"})


def _connective(token: Token) -> str:
    word = token.lower_
    following = token.nbor(1).lower_ if token.i + 1 < len(token.doc) else ""
    if word in {"because", "therefore", "consequently", "hence", "thus"} or (
        word in {"due", "owing", "thanks"} and following == "to"
    ):
        return "cause"
    if (
        word == "since"
        and token.dep_ == "mark"
        and "because" in lexicon.CAUSES
        and token.head.tag_ not in {"VBD", "VBN"}
    ):
        return "cause"
    if (
        lemma(token) in {"cause", "result", "lead"}
        and token.pos_ == "VERB"
        and (lemma(token) == "cause" or following in {"to", "in", "from"})
    ):
        return "cause"
    if word == "result" and token.i > 1 and token.nbor(-1).lower_ == "a" and token.nbor(-2).lower_ == "as":
        return "cause"
    if word in {"after", "subsequently", "afterwards"} or (word == "following" and token.dep_ in {"prep", "mark"}):
        return "after"
    if word == "before" or (word == "prior" and following == "to"):
        return "before"
    return ""


def _sides(marker: Token, tokens: Iterable[Token]) -> tuple[set[str], set[str]]:
    inside = {leaf.i for leaf in (marker.head.subtree if marker.dep_ == "mark" else marker.subtree)}
    left: set[str] = set()
    right: set[str] = set()
    for token in tokens:
        if token.pos_ in {"NOUN", "PROPN", "VERB", "NUM", "ADJ"} and token != marker:
            (right if token.i in inside else left).add(lemma(token))
    return left, right


def _swapped(marker: Token, part: Part, window: Window) -> bool:
    """Whether what the claim puts on one side of the marker, the evidence puts on the other side of its own."""
    left, right = _sides(marker, part.tokens)
    for sentence in window.sentences:
        for token in sentence.span:
            if token.lower_ in {"after", "before", "following", "until", "since"} and token.dep_ in {"mark", "prep"}:
                main, sub = _sides(token, sentence.span)
                if len(left & sub - main) + len(right & main - sub) > len(left & main - sub) + len(right & sub - main):
                    return True
    return False
