"""Near copies: a claim that is a source sentence but for a word or two must owe those words to reported speech alone.

Where most words stand in the source's order, what was put in, left out or exchanged is plain to see, and is judged
more sharply than in a free paraphrase: 'because' for 'and', 'some' for 'all' and 'will' for 'may' are falsehoods there.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import SequenceMatcher
from functools import lru_cache

from lemminflect import getAllLemmas

from bot.summarise.verifying import lexicon
from bot.summarise.verifying.words import opposite, same_sense

NEAR_COPY = 0.75
"""Share of the claim's words that stand in the source's order from which it counts as a copy."""
LEAST = 5
"""Words below which a copy cannot be told from a coincidence."""
SHORT_CUT = 3
"""Words whose leaving out, between words that were kept, is looked at."""
NEAR_WORD = 0.6
"""Cosine of two lone words above which the encoder may excuse an exchange."""

_WORD = re.compile(r"n't|[\w£$€%&]+(?:[-.,/]\w+)*")
_LOOSE = frozenset(
    (
        "i me my mine myself we us our ours he she him her his hers they them their theirs it its the a an "
        "that this these those of to in on at for by with from and is are was were be been being am has have "
        "had do does did whether s m re ve ll d t there here said says which who as also too then now today new "
        "government minister ministers"
    ).split()
)
_TURNERS = (
    lexicon.NEGATIVES | lexicon.UNIVERSALS | lexicon.SOMES | lexicon.MAJORITIES | lexicon.ONLYS | lexicon.MANYS
    | frozenset("because if unless before after until therefore so although first last same different".split())
)  # fmt: skip
_LOST = lexicon.NEGATIVES | lexicon.SOMES | lexicon.MAJORITIES | lexicon.ONLYS | frozenset({"if", "unless", "whether"})


@lru_cache(maxsize=20_000)
def _bases(word: str) -> frozenset[str]:
    """The word and every lemma that it may have."""
    return frozenset({word, *(form for forms in getAllLemmas(word).values() for form in forms)})


def _alike(one: str, other: str) -> bool:
    return any(same_sense(left, right) for left in _bases(one) for right in _bases(other))


def _words(text: str) -> list[str]:
    return _WORD.findall(re.sub(r"(\w)n't\b", r"\1 n't", text.lower()).replace("cannot", "can not"))


def near(claim: str, source: str) -> bool:
    """Whether the claim is a near copy of the source."""
    mine, theirs = _words(claim), _words(source)
    if len(mine) < LEAST or len(set(mine) & set(theirs)) < NEAR_COPY * len(set(mine)):
        return False
    same = sum(block.size for block in SequenceMatcher(None, theirs, mine, autojunk=False).get_matching_blocks())
    return same / len(mine) >= NEAR_COPY


def faults(claim: str, source: str, similar: Callable[[str, list[str]], float]) -> list[str]:
    """What a near copy of `source` changes that reported speech does not; nothing where it is no near copy."""
    mine, theirs = _words(claim), _words(source)
    matcher = SequenceMatcher(None, theirs, mine, autojunk=False)
    same = sum(block.size for block in matcher.get_matching_blocks())
    if len(mine) < LEAST or same / len(mine) < NEAR_COPY:
        return []
    found: list[str] = []
    for kind, start, end, first, last in matcher.get_opcodes():
        gone, come = theirs[start:end], mine[first:last]
        inside = first > 0 and last < len(mine)
        if kind == "equal":
            continue
        found += [fault for word in come if (fault := _put_in(word, gone, mine, theirs, similar))]
        if kind == "delete" and inside and len(gone) <= SHORT_CUT:
            found += [
                f"“{word}” is left out"
                for word in gone
                if word in _LOST
                and not any(word in group and group & set(mine) for group in _GROUPS)
                and word not in mine
            ]
    return found


def _put_in(
    word: str, gone: list[str], mine: list[str], theirs: list[str], similar: Callable[[str, list[str]], float]
) -> str | None:
    strength = lexicon.MODALS.get(word)
    if strength is not None:
        known = [lexicon.MODALS[other] for other in theirs if other in lexicon.MODALS]
        instead = [lexicon.MODALS[other] for other in gone if other in lexicon.MODALS]
        return None if strength in (instead or known) or not known else f"“{word}” is not as sure as the evidence is"
    if word in _LOOSE or any(character.isdigit() for character in word):
        return None
    if word in _TURNERS:
        kin = next((group for group in _GROUPS if word in group), frozenset({word}))
        if kin & set(gone) or sum(other in kin for other in mine) <= sum(other in kin for other in theirs):
            return None
        if word in lexicon.NEGATIVES and any(_bases(other) & lexicon.DENIERS for other in gone):
            return None
        return f"“{word}” is put in"
    if any(opposite(word, other) for other in gone):
        return f"“{word}” where the evidence has “{' '.join(gone)}”"
    if len(gone) != 1 or any(_alike(word, other) for other in theirs) or gone[0] in _LOOSE:
        return None
    if similar(word, gone) >= NEAR_WORD:
        return None
    return f"“{word}” where the evidence has “{gone[0]}”"


_GROUPS = (lexicon.NEGATIVES, lexicon.UNIVERSALS, lexicon.SOMES, lexicon.MAJORITIES, lexicon.ONLYS, lexicon.MANYS)
