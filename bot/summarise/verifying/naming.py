"""Names as written: their words, initials, titles and halves."""

from __future__ import annotations

from functools import lru_cache

from spacy.tokens import Token

from bot.summarise.verifying import lexicon
from bot.summarise.verifying.passages import Window


@lru_cache(maxsize=256)
def bare(text: str) -> frozenset[str]:
    cleaned = "".join(letter if letter.isalnum() or letter in "'-&" else " " for letter in text)
    words = cleaned.split()
    return frozenset(form for word in words for form in (word, word.removesuffix("'s"), *word.split("-")))


def has_name(name: str, words: frozenset[str]) -> bool:
    return (
        name in words
        or f"{name}s" in words
        or name.removesuffix("s") in words
        or all(piece in words for piece in name.split("-"))
    )


def beside(token: Token, near: frozenset[str], contribution: str) -> bool:
    """'Dean Abbot' where the sentence has 'Mr Abbot', and the contribution the whole name."""
    for other in (token.nbor(-1) if token.i else None, token.nbor(1) if token.i + 1 < len(token.doc) else None):
        if other is not None and other.pos_ == "PROPN" and other.lower_ in near and len(other) > 1:
            first, last = sorted((token, other), key=lambda each: each.i)
            if f"{first.text} {last.text}" in contribution and other.lower_ not in lexicon.TITLES:
                return True
    return False


def initials(name: str, text: str) -> bool:
    """'CTP' for 'Counter Terrorism Policing'."""
    if not name.isupper() or len(name) < 2:
        return False
    capitals = "".join(word[0] for word in text.replace("-", " ").split() if word[:1].isupper())
    return name in capitals


_TITLED = {
    "mr": "m",
    "sir": "m",
    "lord": "m",
    "viscount": "m",
    "earl": "m",
    "mrs": "f",
    "ms": "f",
    "miss": "f",
    "dame": "f",
    "lady": "f",
    "baroness": "f",
}


def _title(token: Token) -> str:
    for other in reversed(list(token.doc[max(0, token.i - 3) : token.i])):
        if other.lower_ in _TITLED:
            return _TITLED[other.lower_]
        if other.pos_ != "PROPN":
            break
    return ""


def other_title(token: Token, window: Window) -> str | None:
    """'Lord Hartwell' where the evidence speaks of Baroness Hartwell alone."""
    mine = _title(token)
    theirs = {
        _title(other) for sentence in window.sentences for other in sentence.span if other.lower_ == token.lower_
    } - {""}
    if mine and theirs and mine not in theirs:
        return f"“{token.text}” bears another title in the evidence"
    return None
