"""How names, roles and places are joined: each may stand in the evidence and their joining not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from spacy.tokens import Token

from bot.summarise.verifying import lexicon
from bot.summarise.verifying.figures import Figure
from bot.summarise.verifying.objections import REFUSAL, Objection
from bot.summarise.verifying.passages import Part, SourceSentence, Window
from bot.summarise.verifying.quantities import at, counted
from bot.summarise.verifying.words import akin, is_content, is_name, lemma, same_sense

LEAST, ALMOST = 2, 0.8
"""Words that a part must have, and the share of them that one sentence must hold, to be that sentence's own."""
_INSTEAD = re.compile(
    r"(?:(?:,|\band|\bbut|\balthough|\bthough|\bfound|\b-)\s+not|\brather than|\binstead of|^no)\s+"
    r"((?:[\w']+\s*){1,4})",
    re.I,
)
"""What a sentence sets aside: 'about safety and not about money'."""
_ORIGINS, _GOALS = frozenset({"from"}), frozenset({"to", "into", "towards"})
_NOS = lexicon.NEGATIVES | lexicon.DENIERS | {"rather", "instead"}


def joins(part: Part, evidence: Sequence[SourceSentence], text: str) -> Iterable[Objection]:
    """Objections to what the part joins: the halves of a name, a role and its bearer, a place and what it is of.

    `evidence` are the sentences that may carry it, `text` is all that stands there, labels and all."""
    yield from _mixed_names(part, text)
    yield from _roles(part, evidence)
    yield from _ways(part, evidence)
    yield from _lifted(part, evidence)


def _mixed_names(part: Part, text: str) -> Iterable[Objection]:
    """'Colin Duarte' of Colin Maddox and Ines Duarte: halves of two names that never stand together."""
    low = text.lower()
    for token in part.names:
        following = token.nbor(1) if token.i + 1 < len(token.doc) else None
        if following is None or following.pos_ != "PROPN" or token.pos_ != "PROPN" or not _one_name(token, following):
            continue
        one, other = token.lower_, following.lower_
        if one in lexicon.TITLES or other in lexicon.TITLES or one not in low or other not in low:
            continue
        apart = rf"\b{re.escape(one)}(?:\W+\w+){{0,3}}?\W+{re.escape(other)}"
        if not re.search(apart, low) and not re.search(rf"\b{re.escape(other)},?\W+{re.escape(one)}\b", low):
            yield Objection(1.1 * REFUSAL, f"“{token.text} {following.text}” are not one name in the evidence")


def _one_name(one: Token, other: Token) -> bool:
    return (
        one.text[:1].isupper()
        and other.text[:1].isupper()
        and (
            one.head.i == other.i or other.head.i == one.i or (one.head.i == other.head.i and one.head.pos_ == "PROPN")
        )
        and one.dep_ in {"compound", "nmod", "amod"}
        and not (other.dep_ == "compound" and other.head.pos_ == "NOUN")  # 'the Harrowby Prevent team'
    )


def _bearers(noun: Token) -> set[str]:
    """The names that a role is given to: 'the captain, Luke Amory', 'Luke Amory, the captain', 'captain Amory'."""
    found = [child for child in noun.children if child.dep_ == "appos" and child.pos_ == "PROPN"]
    if noun.dep_ in {"appos", "compound", "nmod"} and noun.head.pos_ == "PROPN":
        found.append(noun.head)
    names = {lemma(name) for name in found}
    return names | {lemma(leaf) for name in found for leaf in name.children if leaf.dep_ in {"compound", "flat"}}


def _roles(part: Part, evidence: Sequence[SourceSentence]) -> Iterable[Objection]:
    for token in part.tokens:
        if token.pos_ != "NOUN" or not (mine := _bearers(token)):
            continue
        theirs: set[str] = set()
        for sentence in evidence:
            for other in sentence.span:
                if other.pos_ in {"NOUN", "PROPN"} and akin(lemma(token), lemma(other)):
                    theirs |= _bearers(other)
        if theirs and not mine & theirs:
            yield Objection(1.1 * REFUSAL, f"“{token.text}” is another in the evidence")


def _way(token: Token) -> str:
    while token.dep_ == "compound":
        token = token.head
    if token.dep_ != "pobj" or token.head.dep_ not in {"prep", "dative"}:
        return ""
    word = token.head.lower_
    return "from" if word in _ORIGINS else "to" if word in _GOALS else "in" if word in {"in", "at"} else ""


def _ways(part: Part, evidence: Sequence[SourceSentence]) -> Iterable[Objection]:
    """'From Poland to Carlow' where the evidence has it the other way round."""
    for token in part.names:
        if not (mine := _way(token)):
            continue
        theirs = {
            way
            for sentence in evidence
            for other in sentence.span
            if other.lower_ == token.lower_ and _shares_head(token, other, mine) and (way := _way(other))
        }
        if (mine, *theirs) in {("from", "to"), ("to", "from")}:
            yield Objection(1.1 * REFUSAL, f"“{mine} {token.text}” is “{next(iter(theirs))}” in the evidence")
        elif mine == "in" and theirs == {"to"} and token.head.head.dep_ in {"nsubj", "nsubjpass"}:
            yield Objection(1.1 * REFUSAL, f"“in {token.text}” is “to” in the evidence")


def _shares_head(token: Token, other: Token, way: str) -> bool:
    """Whether both hang on one verb; a subject's place may hang on anything."""
    return way == "in" or any(
        same_sense(lemma(up), lemma(over))
        for up in token.ancestors
        for over in other.ancestors
        if up.pos_ == over.pos_ == "VERB"
    )


def _lifted(part: Part, evidence: Sequence[SourceSentence]) -> Iterable[Objection]:
    """'A museum in Lisbon' where the evidence has Lisbon in 'the University of Lisbon' alone."""
    for token in part.names:
        if token.dep_ != "pobj" or token.head.lower_ not in {"in", "at"} or token.head.head.pos_ != "NOUN":
            continue
        theirs = [other for sentence in evidence for other in sentence.span if other.lower_ == token.lower_]
        if theirs and all(other.dep_ == "pobj" and other.head.head.pos_ == "PROPN" for other in theirs):
            yield Objection(REFUSAL, f"“{token.text}” is part of a name in the evidence")


def set_aside(part: Part, sentence: SourceSentence) -> Iterable[Objection]:
    """'About money' where the evidence has 'about safety and not about money'; 'guilty' where it has 'not guilty'."""
    if any(token.lower_ in _NOS or token.lower_.endswith("n't") for token in part.tokens):
        return
    low = sentence.text.lower()
    aside = {word for hit in _INSTEAD.finditer(low) for word in re.findall(r"[a-z]+", hit[1])}
    if not aside:
        return
    kept = re.findall(r"[a-z]+", _INSTEAD.sub(" ", low))
    for token in part.tokens:
        if is_content(token) and token.lower_ in aside and token.lower_ not in kept:
            yield Objection(1.1 * REFUSAL, f"“{token.text}” is what the evidence sets aside")


def exchanged(part: Part, window: Window, widened: str) -> Iterable[Objection]:
    """A neighbour's figure or name in a sentence that is otherwise the evidence's own, which has another there.

    `widened` is that sentence with every equal form of what stands in it."""
    main = window.main
    names = {token.i for token in part.names}
    content = [lemma(token) for token in part.content if token.i not in names]
    if len(content) < LEAST or sum(_held(word, main.lemmas) for word in content) < ALMOST * len(content):
        return
    mine = part.figures
    spare = [figure for figure in main.figures if not any(figure.agrees(other) for other in mine)]
    for figure in mine:
        rival = next((other for other in spare if _counts_alike(figure, part, other, main)), None)
        if rival is not None and not any(figure.agrees(other) for other in main.figures):
            yield Objection(1.1 * REFUSAL, f"“{figure.text}” where the evidence has “{rival.text}”")
    known = [token for token in main.span if is_name(token)]
    words = {lemma(token) for token in part.tokens}
    for token in part.names:
        if lemma(token) in lexicon.TITLES or _held(lemma(token), main.lemmas) or lemma(token) in widened:
            continue
        spare_names = (other for other in known if lemma(other) not in words and _same_place(token, other))
        if (found := next(spare_names, None)) is not None:
            yield Objection(1.1 * REFUSAL, f"“{token.text}” where the evidence has “{found.text}”")


def _counts_alike(figure: Figure, part: Part, other: Figure, main: SourceSentence) -> bool:
    """Whether two figures are of one unit and, where they have none, count one noun."""
    if figure.unit or other.unit:
        return figure.unit == other.unit
    mine = counted(next((token for token in part.tokens if token.text == figure.text), None))
    theirs = counted(at(other.start, main.span, main.span.start_char))
    return mine is not None and theirs is not None and akin(mine, theirs)


def actors(part: Part, evidence: Sequence[SourceSentence]) -> Iterable[Objection]:
    """A named person's act that the evidence gives, wherever it tells of such an act, to others by name."""
    for clause in part.clauses:
        actor = clause.actor
        if actor is None or actor.ent_type_ != "PERSON" or clause.predicate in lexicon.SAYING | lexicon.LIGHT:
            continue
        mine = {lemma(actor), *(lemma(leaf) for leaf in actor.children if leaf.dep_ == "compound")}
        theirs: list[set[str]] = []
        for place, sentence in enumerate(evidence):
            for other in sentence.clauses:
                if akin(clause.predicate, other.predicate) and other.actor is not None:
                    theirs.append(_people(other.actor, evidence[max(0, place - 2) : place]))
        if theirs and all(people and not people & mine for people in theirs):
            yield Objection(0.9 * REFUSAL, f"“{actor.text}” is not who does so in the evidence")


def _people(actor: Token, before: Sequence[SourceSentence]) -> set[str]:
    """The names that a subject bears, or that its pronoun may stand for; empty where it cannot be told."""
    if actor.lower_ in {"he", "she", "who"}:
        ahead = [token for token in actor.sent if token.i < actor.i and token.ent_type_ == "PERSON"]
        for sentence in reversed(before):
            ahead = ahead or [token for token in sentence.span if token.ent_type_ == "PERSON"]
        return {lemma(token) for token in ahead}
    return {lemma(leaf) for leaf in actor.subtree if leaf.ent_type_ == "PERSON" and leaf.pos_ == "PROPN"}


def _held(word: str, lemmas: frozenset[str]) -> bool:
    return word in lemmas or any(same_sense(word, other) for other in lemmas)


def _same_place(one: Token, other: Token) -> bool:
    """Whether two names hang alike on words alike: 'to Holm' and 'to Thornhill' of one verb, or subjects of it."""
    one, other = _whole(one), _whole(other)
    if one.dep_ != other.dep_ or not same_sense(lemma(one.head), lemma(other.head)):
        return False
    return one.dep_ != "pobj" or same_sense(lemma(one.head.head), lemma(other.head.head))


def _whole(name: Token) -> Token:
    while name.dep_ in {"compound", "conj"}:
        name = name.head
    return name
