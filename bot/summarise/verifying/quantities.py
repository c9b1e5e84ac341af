"""Quantities: 'all', 'some' and 'only', limits of figures, and what a figure counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from spacy.tokens import Token

from bot.summarise.verifying import lexicon
from bot.summarise.verifying.figures import Figure, figures
from bot.summarise.verifying.objections import REFUSAL, Objection
from bot.summarise.verifying.passages import Part, SourceSentence, Window
from bot.summarise.verifying.words import akin, lemma, same_sense

_NEAR = 40
"""Characters after a sum within which its receiver is named."""


def quantities(part: Part, window: Window) -> Iterable[Objection]:
    """Objections to the part's 'all', 'some', 'only' and to its figures' limits."""
    have = window.lemmas
    for token in part.tokens:
        word = token.lower_
        if word == "all" and token.i > 0 and token.nbor(-1).lower_ in {"at", "above", "of", "after"}:
            continue
        if (
            (word in lexicon.UNIVERSALS and (not have & lexicon.UNIVERSALS or _partial(token, window)))
            or (word in lexicon.ONLYS and token.dep_ != "amod" and not _only(window))
            or (word in lexicon.MAJORITIES and token.dep_ != "advmod" and not have & (lexicon.MAJORITIES | {"half"}))
        ):
            yield Objection(REFUSAL, f"“{token.text}” is more than the evidence says")
        elif word in {"many", "numerous"} and not have & (
            lexicon.MANYS | {"dozens", "hundreds", "thousands", "large", "number"}
        ):
            yield Objection(0.7, f"“{token.text}” is not what the evidence says")
        elif (
            word in lexicon.SOMES
            and have & (lexicon.UNIVERSALS | lexicon.MAJORITIES)
            and not have & (lexicon.SOMES | {"one", "part"})
        ) or (word in {"nearly", "almost"} and have & {"over", "above"} and not have & {"nearly", "almost"}):
            yield Objection(REFUSAL, f"“{token.text}” is not what the evidence says")
    if fault := turned_ways(part.text, window.text):
        yield Objection(1.1 * REFUSAL, fault)
    yield from _bounds(part, window)
    yield from _unbounded(part, window)


def _only(window: Window) -> bool:
    """Whether the evidence limits anything as 'only' does; 'not just' does the contrary."""
    words = lexicon.ONLYS | {"just", "but", "merely", "sole"}
    return any(
        token.lower_ in words and (token.i == 0 or token.nbor(-1).lower_ != "not")
        for sentence in window.sentences
        for token in sentence.span
        if not (token.lower_ == "but" and token.dep_ == "cc")
    )


def _partial(token: Token, window: Window) -> bool:
    """'All schools' where the evidence speaks of 'some schools'."""
    noun = token.head if token.dep_ in {"det", "predet"} else token
    return any(
        lemma(other) == lemma(noun) and _quantifier(other)
        for sentence in window.sentences
        for other in sentence.content
        if noun is not token
    )


def _receiver(figure: Figure, tokens: Sequence[Token], base: int, others: Sequence[Figure]) -> str | None:
    """The first noun after a figure and before the next: whom a sum goes to."""
    end = figure.start + len(figure.text)
    stop = min((other.start for other in others if other.start >= end), default=end + _NEAR)
    for token in tokens:
        if end <= token.idx - base < min(stop, end + _NEAR) and token.pos_ in {"NOUN", "PROPN"}:
            if token.dep_ not in {"pobj", "compound"}:
                return None
            return lemma(token.head if token.dep_ == "compound" else token)
    return None


def _shared_out(figure: Figure, part: Part, window: Window) -> str | None:
    """'£7 million to councils' where the evidence has £11 million for councils and the £7 million for another."""
    if figure.unit not in {"money", "%"} or not part.tokens:
        return None
    start = part.text.find(figure.text)
    mine = _receiver(replace(figure, start=start), part.tokens, part.tokens[0].idx, part.figures)
    for sentence in window.sentences if mine else ():
        base = sentence.span.start_char
        whose = {other: _receiver(other, list(sentence.span), base, sentence.figures) for other in sentence.figures}
        own = [noun for other, noun in whose.items() if noun and figure.agrees(other)]
        rival = next((other for other, noun in whose.items() if noun == mine and other.unit == figure.unit), None)
        if own and mine not in own and rival is not None and not figure.agrees(rival):
            return f"“{figure.text}” is not for “{mine}” in the evidence, which has “{rival.text}”"
    return None


def _of_another(figure: Figure, part: Part, window: Window) -> str | None:
    """'Mrs Noor for twelve' where the evidence has 'Mr Abbot for twelve and Mrs Noor for five'."""
    names = {lemma(token) for token in part.names}
    for sentence in window.sentences if names else ():
        base = sentence.span.start_char
        marks: list[tuple[int, str, Figure | None]] = [
            (token.idx - base, lemma(token), None)
            for token in sentence.span
            if token.ent_type_ in {"PERSON", "ORG", "GPE"} and token.pos_ == "PROPN"
        ]
        marks += [(other.start, "", other) for other in sentence.figures if other.unit == figure.unit]
        marks.sort(key=lambda row: row[0])
        pairs: list[tuple[str, Figure]] = []
        for (_, name, first), (_, _, second) in pairwise(marks):
            if first is None and second is not None:
                pairs.append((name, second))
        whose = {name for name, other in pairs if figure.agrees(other)}
        own = [other for name, other in pairs if name in names]
        if len(pairs) > 1 and whose and own and not whose & names and not any(figure.agrees(other) for other in own):
            return f"“{figure.text}” is another's in the evidence"
    return None


_MEASURES = frozenset("year month week day hour minute mile kilometre metre".split())


def other_measure(figure: Figure, part: Part, evidence: Sequence[SourceSentence]) -> str | None:
    """'16 years' where the evidence counts months with this figure and never years."""
    noun = counted(next((token for token in part.tokens if token.text == figure.text), None))
    if noun not in _MEASURES:
        return None
    nouns = {
        counted(at(other.start, sentence.span, sentence.span.start_char))
        for sentence in evidence
        for other in sentence.figures
        if figure.agrees(other)
    }
    other = next((each for each in nouns if each in _MEASURES), None)
    return f"“{figure.text}” is of “{other}” in the evidence" if other and noun not in nouns else None


_WAY = re.compile(r"\b(from|to)\s+(?:only\s+|about\s+|some\s+)?(?=[£$€]?\d)")


def turned_ways(text: str, evidence: str) -> str | None:
    """'Fell to £19m' where the evidence has 'to £11m from £19m'."""
    mine, theirs = _ways(text), _ways(evidence)
    for value, ways in mine.items():
        if value in theirs and not ways & theirs[value]:
            return f"“{next(iter(ways))} {value}” is “{next(iter(theirs[value]))}” in the evidence"
    return None


def _ways(text: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for hit in _WAY.finditer(text):
        if first := figures(text[hit.end() : hit.end() + 30])[:1]:
            found.setdefault(first[0].value, set()).add(hit[1])
    return found


def at(offset: int, tokens: Iterable[Token], base: int) -> Token | None:
    return next(
        (token for token in tokens if token.idx - base <= offset < token.idx - base + len(token.text_with_ws)), None
    )


def counted(token: Token | None) -> str | None:
    """The noun that a figure counts."""
    for _ in range(4):
        if token is None:
            return None
        if (
            token.pos_ in {"NOUN", "PROPN"}
            and not token.like_num
            and lemma(token) not in {"cent", "%", "million", "billion", "per"}
        ):
            return lemma(token)
        if token.head.i == token.i or token.head.pos_ in {"VERB", "AUX"}:
            return None
        token = token.head
    return None


def bound_elsewhere(figure: Figure, part: Part, window: Window) -> str | None:
    """Whether the evidence counts something else with this figure, and counts the claim's noun with another."""
    start = part.text.find(figure.text)
    if start < 0 or figure.unit == "month" or not part.tokens:
        return None
    if fault := _shared_out(figure, part, window) or _of_another(figure, part, window):
        return fault
    noun = counted(
        next((token for token in part.tokens if token.text in figure.text.split() or token.text == figure.text), None)
    )
    if noun is None:
        return None
    if fault := other_measure(figure, part, window.sentences):
        return fault
    with_noun: list[Figure] = []
    nouns: list[str | None] = []
    for sentence in window.sentences:
        for other in sentence.figures:
            whose = counted(at(other.start, sentence.span, sentence.span.start_char))
            if figure.agrees(other):
                nouns.append(whose)
            elif whose is not None and akin(noun, whose):
                with_noun.append(other)
    if with_noun and nouns and not any(other is None or same_sense(noun, other) for other in nouns):
        return f"“{figure.text}” counts something else in the evidence, which has “{with_noun[0].text}” {noun}"
    return None


_PAIR = re.compile(
    r"(from\s+)?([£$€]?[\w.,]+(?: (?:per cent|million|billion))?)\s+(?:of|to|out of)\s+(?:the\s+|its\s+)?"
    r"([£$€]?[\w.,]+)",
    re.I,
)


_CONTRAST = re.compile(r"([\w.,]+)(?: \w+)?,? (?:rather than|instead of|and not|not) (?:after )?([\w.]+)", re.I)


def _contrasts(text: str) -> set[tuple[str, str]]:
    """Figures that stand against each other as 'two years rather than six'."""
    found = set()
    for start in (hit.start() for hit in re.finditer(r"\b\w", text)):
        if hit := _CONTRAST.match(text, start):
            one, other = figures(hit[1]), figures(hit[2])
            if len(one) == 1 and len(other) == 1:
                found.add((one[0].value, other[0].value))
    return found


def _pairs(text: str) -> set[tuple[str, str]]:
    """Figures that stand to each other as 'from 7,318 to 6,922' or '30 of the 34'."""
    found = set()
    for start in range(len(text)):
        if start and not text[start - 1].isspace():
            continue
        if hit := _PAIR.match(text, start):
            one, other = figures(hit[2]), figures(hit[3])
            if len(one) == 1 and len(other) == 1:
                found.add((one[0].value, other[0].value))
    return found


def pairs_turned(text: str, evidence: str) -> str | None:
    have = _pairs(evidence) | _contrasts(evidence)
    for one, other in _pairs(text) | _contrasts(text):
        if (other, one) in have and (one, other) not in have:
            return "the two figures stand the other way round in the evidence"
    return None


def _limit(tokens: list[Token]) -> str:
    text = " ".join(token.lower_ for token in tokens)
    if any(form in text for form in ("more than", "at least", "upwards of", "in excess of")) or any(
        token.lower_ in {"over", "above", "exceeding"} and token.i + 1 < len(token.doc) and token.nbor(1).like_num
        for token in tokens
    ):
        return "over"
    if any(form in text for form in ("less than", "fewer than", "at most", "no more than")) or any(
        token.lower_ in {"under", "below", "nearly", "almost"}
        and token.i + 1 < len(token.doc)
        and (token.nbor(1).like_num or token.nbor(1).text in "£$€")
        for token in tokens
    ):
        return "under"
    return ""


def _bounds(part: Part, window: Window) -> Iterable[Objection]:
    mine = _limit(list(part.tokens))
    theirs = _limit([token for sentence in window.sentences for token in sentence.span])
    if mine and theirs != mine and any(token.like_num for token in part.tokens):
        yield Objection(REFUSAL if theirs else 0.8, "the figure's limit ('more than', 'nearly') is not the evidence's")


def _quantifier(noun: Token) -> str:
    words = {child.lower_ for child in noun.children if child.dep_ in {"det", "amod", "nummod", "predet", "nmod"}}
    if noun.head.lower_ == "of" and noun.dep_ == "pobj":
        words.add(noun.head.head.lower_)
    for name, group in (("some", lexicon.SOMES | lexicon.MANYS), ("most", lexicon.MAJORITIES)):
        if words & group:
            return name
    return ""


def _unbounded(part: Part, window: Window) -> Iterable[Objection]:
    """'Some schools' made 'schools': every mention in the main sentence is limited, the claim's is not."""
    main: SourceSentence = window.main
    for token in part.tokens:
        if (
            token.tag_ not in {"NNS", "NNPS"}
            or _quantifier(token)
            or any(child.dep_ in {"nummod", "det", "predet"} for child in token.children)
        ):
            continue
        mentions = [other for other in main.content if lemma(other) == lemma(token) and other.tag_ in {"NNS", "NNPS"}]
        if mentions and all(_quantifier(other) for other in mentions) and token.dep_ in {"nsubj", "nsubjpass", "dobj"}:
            yield Objection(0.8, f"the evidence says so of some {token.text} only")
