"""Quotations: whether the words between the marks stand in a contribution, in that order.

An ellipsis parts the pieces of one quotation; square brackets hold whole words put in, a name for a pronoun.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_QUOTED = re.compile(r"“([^“”]+)”|\"([^\"]+)\"")
_WORD = re.compile(r"\[[^\]]*\]|…|\.\.\.|[\w£€$%&]+(?:[-'’.,/][\w%]+)*", re.UNICODE)
_PRONOUNS = frozenset(
    (
        "he she it they him her them his hers its their theirs this that these those i we me us my our you "
        "your who which mine ours"
    ).split()
)
_FIRST = frozenset(["i", "we", "me", "us", "my", "our", "mine", "ours"])
_MAX_REPLACED = 4
"""Source words that one bracket may stand for: 'the hon. and learned Member' is the longest that is usual."""
_TURNERS = frozenset("not never no nobody nothing none neither nor n't cannot if unless hardly without whether".split())
_SENTENCE_END = re.compile(r"[.!?]")


@dataclass(frozen=True, slots=True)
class Quotation:
    """The words between one pair of marks, and where the pair stands in the claim."""

    words: str
    start: int
    end: int


def quotations(text: str) -> list[Quotation]:
    """Every run of words between double quotation marks, curly or straight."""
    return [Quotation(hit[1] or hit[2], hit.start(), hit.end()) for hit in _QUOTED.finditer(text)]


def _tokens(text: str) -> list[str]:
    return [word.replace("’", "'") for word in _WORD.findall(text)]


def _low(words: list[str]) -> list[str]:
    return [word.lower() for word in words]


def fault(quoted: str, source: str, speaker_names: tuple[str, ...] = (), around: str = "") -> str | None:
    """What is wrong with the quotation as words of `source`, or None. `around`: where inserted names must stand.

    A cut that drops the 'not' or the 'if' of what it keeps is a fault although every word stands in the source."""
    wanted, have = _tokens(quoted), _tokens(source)
    if not [word for word in wanted if word not in {"…", "..."}]:
        return "the quotation is empty"
    pieces: list[list[str]] = [[]]
    for word in wanted:
        if word in {"…", "..."}:
            pieces.append([])
        else:
            pieces[-1].append(word)
    pieces = [piece for piece in pieces if piece]
    low = _low(have)
    spans: list[tuple[int, int]] = []
    position = 0
    for piece in pieces:
        span = _find(piece, low, position, speaker_names)
        if span is None:
            return f"the words “{' '.join(piece)}” do not stand in the source in that order"
        spans.append(span)
        position = span[1]
    for word in wanted:
        if word.startswith("[") and (
            problem := _unknown_insertion(word, f"{source} {around} {' '.join(speaker_names)}")
        ):
            return problem
    return _turned(spans, source)


def _find(piece: list[str], low: list[str], start: int, speaker: tuple[str, ...]) -> tuple[int, int] | None:
    """The first run of the source, from `start`, that the piece is: brackets stand for up to a few words."""
    first = next((word.lower() for word in piece if not word.startswith("[")), None)
    for begin in range(start, len(low) + 1):
        if first is not None and first not in low[begin : begin + _MAX_REPLACED + 1]:
            continue
        end = _run(piece, low, begin, speaker)
        if end is not None:
            return begin, end
    return None


def _run(piece: list[str], low: list[str], here: int, speaker: tuple[str, ...]) -> int | None:
    if not piece:
        return here
    word, rest = piece[0], piece[1:]
    if not word.startswith("["):
        return _run(rest, low, here + 1, speaker) if here < len(low) and low[here] == word.lower() else None
    is_speaker = bool(set(_low(_tokens(word[1:-1]))) & set(speaker))
    for length in (1, 2, 3, 4, 0):
        replaced = low[here : here + length]
        if len(replaced) < length:
            continue
        if is_speaker and length and not set(replaced) & _FIRST:
            continue  # the speaker may stand for 'I' alone: for 'he' that would be another's act given to the speaker
        if not is_speaker and set(replaced) & _FIRST:
            continue
        ahead = low[here - 1] if here else ""
        if not length and ahead in (_PRONOUNS - _FIRST if is_speaker else _FIRST):
            continue  # the pronoun before the cut is what the bracket would stand for
        if length == 1 and replaced[0] not in _PRONOUNS and not is_speaker:
            continue
        if length > 1 and _TURNERS & set(replaced):
            continue
        end = _run(rest, low, here + length, speaker)
        if end is not None:
            return end
    return None


def _unknown_insertion(bracket: str, allowed: str) -> str | None:
    known = set(_low(_tokens(allowed)))
    for word in _tokens(bracket[1:-1]):
        if word.lower() not in known and word.lower() not in frozenset(
            "the a an and of that his her their was is were had has".split()
        ):
            return f"“{word}”, put in between brackets, is not in the source"
    return None


_CONDITIONS = frozenset("if unless provided providing".split())


def _condition_cut(
    spans: list[tuple[int, int]], marks: list[re.Match[str]], bounds: list[int], source: str
) -> str | None:
    """Whether the sentence goes on, past the quotation's last word, with the condition on which it hangs."""
    last = spans[-1][1]
    stop = min((bound for bound in bounds if bound >= last), default=len(marks))
    for index in range(last, stop):
        word = marks[index][0].lower()
        between = source[marks[last - 1].end() : marks[index].start()]
        if re.search(r"[;:]|\b(?:and|but)\b", between):
            return None
        if word in _CONDITIONS and not (index and marks[index - 1][0].lower() in {"as", "even", "what", "only"}):
            return f"the cut drops “{marks[index][0]}”, on which what it keeps hangs"
    return None


def _turned(spans: list[tuple[int, int]], source: str) -> str | None:
    """Whether a cut inside a sentence dropped a word that turns what was kept."""
    marks = list(_WORD.finditer(source))
    ends = [hit.start() for hit in _SENTENCE_END.finditer(source)]
    bounds: list[int] = []
    for index in range(len(marks) - 1):
        if any(marks[index].end() <= end <= marks[index + 1].start() for end in ends):
            bounds.append(index + 1)
    if problem := _condition_cut(spans, marks, bounds, source):
        return problem
    kept = {index for start, end in spans for index in range(start, end)}
    for start, _ in spans:
        sentence = max((bound for bound in bounds if bound <= start), default=0)
        for index in range(sentence, start):
            word = marks[index][0].lower().replace("’", "'")
            if index in kept or not (word in _TURNERS or word.endswith("n't")):
                continue
            between = source[marks[index].end() : marks[start].start()]
            if not re.search(r"[;:]|,\s*(?:but|and|so|yet)\b|\bbut\b", between):
                return f"the cut drops “{marks[index][0]}”, which turns what it keeps"
    return None
