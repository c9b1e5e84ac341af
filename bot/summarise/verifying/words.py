"""Words as the verifier compares them: families of one stem, near-synonyms, opposites, and what is worth covering."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from functools import lru_cache

from spacy.tokens import Token

from bot.summarise.verifying import lexicon, opposites, synonyms

_QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "\u00a0": " ", "–": "-", "—": " - ", "−": "-"})
_STOPS = re.compile(r"\b(hon|Mr|Mrs|Ms|Dr|rt|No|St|Prof|Sgt|Lt|Col|Gen)\.(?=\s)")
_SUFFIXES = (
    "isations", "isation", "izations", "ization", "ations", "ation", "ments", "ment", "ances", "ance", "ences", "ence",
    "ingly", "edly", "ables", "able", "ible", "ively", "ive", "ically", "ical", "ally", "ional", "ions", "ion",
    "ings", "ing", "ness", "ures", "ure", "ally", "ly", "ers", "er", "ors", "or", "ists", "ist", "isms", "ism",
    "als", "al", "ies", "ied", "ed", "es", "s", "e", "y",
)  # fmt: skip
_MIN_STEM = 4
_MIN_PREFIX = 5
"""A shared beginning shorter than this joins words that are not akin ('part' and 'party')."""
_MAX_TAIL = 3

_MENDED = {"hop": "hope", "plane": "plan", "rat": "rate", "bas": "base", "scrape": "scrap", "wag": "wage"}
"""Lemmas that the parser's rules get wrong from an inflected form."""

CONTENT = frozenset({"NOUN", "PROPN", "VERB", "ADJ", "ADV", "NUM"})


def plain(text: str) -> str:
    """One form of quotes, dashes and spaces, and no full stop inside 'right hon.' or 'Mr.'; NFC."""
    return _STOPS.sub(r"\1", re.sub(r"[ \t]+", " ", unicodedata.normalize("NFC", text).translate(_QUOTES)))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """A crude derivational stem: 'publication', 'publish' and 'published' need not meet, 'funding' and 'fund' do."""
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _MIN_STEM:
            base = word[: -len(suffix)]
            if len(base) > _MIN_STEM and base[-1] == base[-2] and base[-1] not in "ls":
                base = base[:-1]
            return base.removesuffix("i") if len(base) > _MIN_STEM else base
    return word


def _index(groups: tuple[frozenset[str], ...]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for group in groups:
        for word in group:
            found[word] |= group
    return {word: frozenset(members) for word, members in found.items()}


_SYNONYMS = _index(synonyms.SYNONYMS)
_FAMILIES = _index(synonyms.IRREGULAR_FAMILIES)
_RIVALS = _index(opposites.RIVALS)
_OPPOSITES: dict[str, frozenset[str]] = {}
for _left, _right in opposites.OPPOSITES:
    for _word in _left:
        _OPPOSITES[_word] = _OPPOSITES.get(_word, frozenset()) | _right
    for _word in _right:
        _OPPOSITES[_word] = _OPPOSITES.get(_word, frozenset()) | _left


@lru_cache(maxsize=200_000)
def akin(left: str, right: str) -> bool:
    """Whether two lemmas are of one family: equal, one stem, or listed together."""
    if left == right or right in _FAMILIES.get(left, ()):
        return True
    if left in synonyms.DIFFERENT_FAMILIES or right in synonyms.DIFFERENT_FAMILIES:
        return False
    one, other = sorted((stem(left), stem(right)), key=len)
    if one == other:
        return True
    return len(one) >= _MIN_PREFIX and other.startswith(one) and len(other) - len(one) <= _MAX_TAIL


@lru_cache(maxsize=200_000)
def same_sense(left: str, right: str) -> bool:
    """Akin, or listed as near-synonyms."""
    return akin(left, right) or right in _SYNONYMS.get(left, ())


def rivals(left: str, right: str) -> bool:
    """Whether the two are listed as different things of one kind."""
    return left != right and right in _RIVALS.get(left, ())


@lru_cache(maxsize=200_000)
def opposite(left: str, right: str) -> bool:
    """Whether one turns the other's sense round: listed, or a bare negative prefix apart."""
    if right in _OPPOSITES.get(left, ()):
        return True
    short, long = sorted((left, right), key=len)
    return len(short) > _MIN_STEM and any(
        long == prefix + short for prefix in ("un", "in", "im", "dis", "ir", "non", "non-", "mis")
    )


def lemma(token: Token) -> str:
    """The token's lemma in lower case; a name's own letters, without a possessive."""
    if token.pos_ == "PROPN":
        return token.lower_.removesuffix("'s")
    found = token.lemma_.lower()
    return _MENDED.get(found, found) if found != token.lower_ else found


def is_content(token: Token) -> bool:
    """A word that the evidence must carry: not an auxiliary, not one of the light words."""
    if token.pos_ not in CONTENT or token.dep_ in {"aux", "auxpass", "neg"} or not any(map(str.isalpha, token.text)):
        return False
    return lemma(token) not in lexicon.LIGHT and not token.like_num


def is_name(token: Token) -> bool:
    """A proper noun as written: capitalised, and tagged as a name or an entity of a person, place or body."""
    if not token.text[:1].isupper() or token.like_num:
        return False
    first = token.is_sent_start or (token.i > 0 and token.nbor(-1).text in {'"', ":", "'"})
    if token.pos_ == "PROPN":
        return True
    return token.ent_type_ in {"PERSON", "GPE", "ORG", "LOC", "NORP", "FAC"} and not first
