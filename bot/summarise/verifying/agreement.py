"""Whether one part of a claim agrees with one window of the evidence: a list of objections, each with its weight.

A weight of REFUSAL alone refuses. Lighter ones are doubts, which refuse together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from spacy.tokens import Token

from bot.summarise.verifying import copies, lexicon
from bot.summarise.verifying.clauses import denied
from bot.summarise.verifying.equivalents import Equivalents
from bot.summarise.verifying.figures import Figure, figures
from bot.summarise.verifying.passages import Part, SourceSentence, Window
from bot.summarise.verifying.relations import Relations
from bot.summarise.verifying.speakers import SIDE
from bot.summarise.verifying.words import akin, lemma, opposite, rivals, same_sense

REFUSAL = 1.0
SURE_SENSE = 0.72
"""Cosine of two lone words from which MiniLM is sure of near-synonyms ('jail' and 'prison': .84); opposites and rivals score as high and are looked up."""
NO_SENSE = 0.50
"""Cosine up to which two lone words may be no more than of one kind ('school' and 'prison': .46)."""
WORD_WEIGHTS = {"NOUN": 1.05, "PROPN": 1.05, "VERB": 0.9, "ADJ": 0.9, "ADV": 0.5, "NUM": 0.5}
"""What an uncarried word costs: a new noun makes a new claim, a new adverb often only colours it."""
LONG_PART = 9
"""Content words from which on one more uncarried word weighs less: a long paraphrase strays further than a short one."""
HALF = 0.5
"""Carriage of a word, and share of a part's words, below which most of it is missing."""
UNLIKE = 0.30
"""Cosine of a part and its sentence below which their unlikeness is a doubt of its own."""


@dataclass(frozen=True, slots=True)
class Objection:
    """A fault with its weight, in words for a reader."""

    weight: float
    reason: str


@dataclass(frozen=True)
class Setting:
    """What is known beside the window: labels (title, date, House, speakers' names), figures that they lend, and who speaks."""

    labels: str
    figures: tuple[Figure, ...]
    contribution: str
    """The words of the whole contribution, lower case."""
    speaker: frozenset[str]
    """Words that name the one who speaks: name, office."""
    party: str
    """The speaker's party in words, a label that lends no content."""
    others: frozenset[str]
    """Names of the other speakers, lower case: whom 'she' or 'the hon. Lady' may mean."""
    title: frozenset[str]
    """Words of the document's title, lower case."""
    governs: bool
    """Whether this speaker's 'we' can be the Government."""


def _cover(word: str, lemmas: Iterable[str], similar: Callable[[str, list[str]], float]) -> float:
    """How far the evidence's words carry one word: 1 akin or synonymous, else the encoder's best guess, scaled to 0..1."""
    known = list(lemmas)
    if word in known or any(same_sense(word, other) for other in known):
        return 1.0
    best = similar(word, [other for other in known if not opposite(word, other) and not rivals(word, other)])
    return min(1.0, max(0.0, (best - NO_SENSE) / (SURE_SENSE - NO_SENSE)))


class Agreement:
    """Compares parts with windows. `similar(word, words)` is the encoder's highest cosine of a lone word with others."""

    def __init__(self, known: Equivalents, similar: Callable[[str, list[str]], float]) -> None:
        self._known = known
        self._similar = similar

    def objections(self, part: Part, window: Window, setting: Setting, likeness: float) -> list[Objection]:
        """Everything that speaks against the window's carrying the part; `likeness` is their cosine."""
        found = [
            *self._figures(part, window, setting),
            *self._names(part, window, setting),
            *self._words(part, window, setting, likeness),
            *self._quantities(part, window),
            *self._acts(part, window),
            *self._connectives(part, window),
            *(
                Objection(1.1 * REFUSAL, fault)
                for sentence in window.sentences
                for fault in copies.faults(part.text, sentence.text, self._similar)
            ),
        ]
        found += [
            Objection(weight, reason) for weight, reason in Relations(part, window, setting, self._similar).faults()
        ]
        return found

    def _figures(self, part: Part, window: Window, setting: Setting) -> Iterable[Objection]:
        have = [figure for sentence in window.sentences for figure in sentence.figures]
        if fault := _pairs_turned(part.text, window.text):
            yield Objection(1.1 * REFUSAL, fault)
        for figure in part.figures:
            if any(figure.agrees(other) for other in [*have, *setting.figures]):
                if fault := _bound_elsewhere(figure, part, window):
                    yield Objection(REFUSAL, fault)
                continue
            yield Objection(1.3 * REFUSAL, f"the figure “{figure.text}” is not in the evidence")

    def _names(self, part: Part, window: Window, setting: Setting) -> Iterable[Objection]:
        near = self._known.widened(f"{window.text} {setting.labels}").lower()
        near_words = _bare(near)
        far_words = _bare(self._known.widened(setting.contribution).lower())
        mine = self._known.widened(part.text).lower()
        labels = set(setting.party.lower().split()) if setting.party else set()
        for token in part.names:
            name = lemma(token)
            if fault := _other_title(token, window):
                yield Objection(1.1 * REFUSAL, fault)
            if name in labels and name not in setting.contribution.lower():
                yield Objection(0.6, f"“{token.text}” is the speaker's party, not what was said")
            if (
                len(name) < 2
                or name in lexicon.TITLES
                or name in lexicon.ADDRESSEES
                or (name in SIDE and window.lemmas & {"we", "our", "us"})
            ):
                continue
            if _has_name(name, near_words) or _initials(token.text, window.text) or self._equal(name, mine, near):
                continue
            if name in setting.others and (window.lemmas & _REFERRING):
                yield Objection(0.2, f"“{token.text}” for a pronoun of the evidence")
            elif _has_name(name, far_words) or _initials(token.text, setting.contribution):
                yield Objection(0.35, f"“{token.text}” is named elsewhere in the contribution, not with this")
            elif token.lower_ in window.lemmas or any(akin(name, other) for other in window.lemmas):
                continue
            else:
                yield Objection(1.2 * REFUSAL, f"the name “{token.text}” is not in the evidence")

    def _equal(self, name: str, mine: str, near: str) -> bool:
        """Whether the name is part of a listed form whose equal stands in the evidence."""
        return any(name in form.split() and form in mine and form in near for form in self._forms_of(mine))

    def _forms_of(self, text: str) -> tuple[str, ...]:
        return self._known.standing(text)

    def _words(self, part: Part, window: Window, setting: Setting, likeness: float) -> Iterable[Objection]:
        names = {token.i for token in part.names}
        content = [token for token in part.content if token.i not in names]
        scale = min(1.0, LONG_PART / max(1, len(content)))
        if likeness < UNLIKE:
            yield Objection(0.4, "nothing in the evidence is much like it")
        words = [
            (form, other)
            for sentence in window.sentences
            for other in sentence.span
            for form in (lemma(other), other.lower_)
        ]
        lemmas = [lemma(other) for sentence in window.sentences for other in sentence.content]
        widened = _bare(self._known.widened(f"{window.text} {setting.labels}").lower())
        own_sentence = window.main.lemmas
        missing = 0
        for token in content:
            word = lemma(token)
            if word in _OFFICES and window.lemmas & _REFERRING:
                continue
            if (
                word in widened
                or token.lower_ in widened
                or (word == "end" and token.i + 1 < len(token.doc) and token.nbor(1).lower_ == "of")
            ):
                continue
            if (
                word in lexicon.ACTS
                or (word in lexicon.SAYING and part.frame is not None and token.pos_ == "VERB" and token.dep_ == "ROOT")
            ) or any(akin(word, other) for other in own_sentence):
                continue
            elif contrary := next(
                (other for form, other in words if opposite(word, form) or opposite(token.lower_, form)), None
            ):
                if _denied_here(token) == _denied_here(contrary):
                    yield Objection(1.1 * REFUSAL, f"“{token.text}” where the evidence has “{contrary.text}”")
                continue
            elif (rival := next((other for form, other in words if rivals(word, form)), None)) and not any(
                same_sense(word, other) for other in lemmas
            ):
                yield Objection(1.1 * REFUSAL, f"“{token.text}” where the evidence has “{rival.text}”")
            else:
                carried = _cover(word, lemmas, self._similar)
                weight = WORD_WEIGHTS.get(token.pos_, 0.5) * (1 - carried) * scale
                missing += carried < HALF
                if weight > 0.05:
                    yield Objection(weight, f"“{token.text}” is not in the evidence")
        if missing and missing >= HALF * len(content):
            yield Objection(0.5, "most of its words are not in the evidence")

    def _quantities(self, part: Part, window: Window) -> Iterable[Objection]:
        have = window.lemmas
        for token in part.tokens:
            word = token.lower_
            if word == "all" and token.i > 0 and token.nbor(-1).lower_ in {"at", "above", "of", "after"}:
                continue
            if (
                (word in lexicon.UNIVERSALS and (not have & lexicon.UNIVERSALS or _partial(token, window)))
                or (
                    word in lexicon.ONLYS
                    and token.dep_ != "amod"
                    and not have & (lexicon.ONLYS | {"just", "alone", "but", "merely", "sole"})
                )
                or (
                    word in lexicon.MAJORITIES and token.dep_ != "advmod" and not have & (lexicon.MAJORITIES | {"half"})
                )
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
        yield from _bounds(part, window)
        yield from _unbounded(part, window)

    def _acts(self, part: Part, window: Window) -> Iterable[Objection]:
        tokens = [*part.tokens, *([part.frame.act] if part.frame is not None and part.frame.act is not None else [])]
        asked = any(sentence.text.rstrip().endswith("?") for sentence in window.sentences)
        for token in tokens:
            needs = lexicon.ACTS.get(lemma(token)) or lexicon.ACTS.get(token.lower_)
            if needs is None or token.pos_ not in {"VERB", "NOUN", "ADJ", "AUX"} or token.dep_ == "compound":
                continue
            if _cued(needs | {lemma(token)}, part, window):
                continue
            if lemma(token) in {"press", "urge", "call", "demand"} and asked:
                continue
            yield Objection(1.1 * REFUSAL, f"“{token.text}”: the evidence shows no such act or attitude")

    def _connectives(self, part: Part, window: Window) -> Iterable[Objection]:
        have = window.text.lower()
        words = window.lemmas
        for token in part.tokens:
            kind = _connective(token)
            if kind == "cause" and not words & _CAUSAL and "in order" not in have and "that is why" not in have:
                yield Objection(REFUSAL, f"“{token.text}”: the evidence gives no such cause")
            elif kind in {"after", "before"}:
                mine, other = (_AFTER, _BEFORE) if kind == "after" else (_BEFORE, _AFTER)
                if not words & mine and not (words & other and _swapped(token, part, window)):
                    yield Objection(REFUSAL, f"“{token.text}”: the evidence gives no such order")
                elif words & mine and _swapped(token, part, window):
                    yield Objection(REFUSAL, f"“{token.text}”: the evidence has the order the other way round")


_CAUSAL = frozenset(
    [
        "because",
        "since",
        "therefore",
        "thus",
        "hence",
        "consequently",
        "due",
        "owing",
        "result",
        "lead",
        "led",
        "cause",
        "reason",
        "thanks",
        "thereby",
        "why",
        "consequence",
        "mean",
        "force",
        "drive",
        "contribute",
        "trigger",
        "prompt",
        "blame",
        "responsible",
        "account",
    ]
)
_OFFICES = frozenset({"minister", "government", "secretary"})
_REFERRING = frozenset(
    ["he", "she", "him", "her", "his", "you", "your", "lady", "gentleman", "friend", "member", "minister"]
)
_AFTER = frozenset(
    [
        "after",
        "following",
        "since",
        "once",
        "subsequently",
        "then",
        "later",
        "afterwards",
        "next",
        "when",
        "from",
        "follow",
        "subsequent",
        "post",
        "upon",
        "until",
    ]
)
_BEFORE = frozenset(
    [
        "before",
        "prior",
        "until",
        "till",
        "earlier",
        "previously",
        "ahead",
        "when",
        "already",
        "pre",
        "by",
        "previous",
        "then",
    ]
)


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


def _bare(text: str) -> frozenset[str]:
    cleaned = "".join(letter if letter.isalnum() or letter in "'-&" else " " for letter in text)
    words = cleaned.split()
    return frozenset(form for word in words for form in (word, word.removesuffix("'s"), *word.split("-")))


def _has_name(name: str, words: frozenset[str]) -> bool:
    return (
        name in words
        or f"{name}s" in words
        or name.removesuffix("s") in words
        or all(piece in words for piece in name.split("-"))
    )


def _initials(name: str, text: str) -> bool:
    """'CTP' for 'Counter Terrorism Policing'."""
    if not name.isupper() or len(name) < 2:
        return False
    capitals = "".join(word[0] for word in text.replace("-", " ").split() if word[:1].isupper())
    return name in capitals


def _turns(tokens: Iterable[Token]) -> bool:
    return sum(token.lower_ in lexicon.NEGATIVES or lemma(token) in lexicon.DENIERS for token in tokens) % 2 == 1


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


def _other_title(token: Token, window: Window) -> str | None:
    """'Lord Hartwell' where the evidence speaks of Baroness Hartwell alone."""
    mine = _title(token)
    theirs = {
        _title(other) for sentence in window.sentences for other in sentence.span if other.lower_ == token.lower_
    } - {""}
    if mine and theirs and mine not in theirs:
        return f"“{token.text}” bears another title in the evidence"
    return None


def _cued(needs: frozenset[str], part: Part, window: Window) -> bool:
    """Whether a sentence that shows the act also speaks of what the act is said to be about."""
    content = [lemma(token) for token in part.content if lemma(token) not in lexicon.ACTS]
    for sentence in window.sentences:
        shows = any(akin(word, need) for word in sentence.lemmas for need in needs)
        if shows and (not content or any(same_sense(word, other) for word in content for other in sentence.lemmas)):
            return True
    return False


def _denied_here(token: Token) -> bool:
    """Whether the clause that a word stands in is denied."""
    for up in (token, *token.ancestors):
        if up.pos_ in {"VERB", "AUX"} and up.dep_ not in {"aux", "auxpass"}:
            return denied(up)
    return False


def _partial(token: Token, window: Window) -> bool:
    """'All schools' where the evidence speaks of 'some schools'."""
    noun = token.head if token.dep_ in {"det", "predet"} else token
    return any(
        lemma(other) == lemma(noun) and _quantifier(other)
        for sentence in window.sentences
        for other in sentence.content
        if noun is not token
    )


def _at(offset: int, tokens: Iterable[Token], base: int) -> Token | None:
    return next(
        (token for token in tokens if token.idx - base <= offset < token.idx - base + len(token.text_with_ws)), None
    )


def _noun(token: Token | None) -> str | None:
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


def _bound_elsewhere(figure: Figure, part: Part, window: Window) -> str | None:
    """Whether the evidence counts something else with this figure, and counts the claim's noun with another."""
    start = part.text.find(figure.text)
    if start < 0 or figure.unit == "month" or not part.tokens:
        return None
    noun = _noun(
        next((token for token in part.tokens if token.text in figure.text.split() or token.text == figure.text), None)
    )
    if noun is None:
        return None
    with_noun: list[Figure] = []
    nouns: list[str | None] = []
    for sentence in window.sentences:
        for other in sentence.figures:
            counted = _noun(_at(other.start, sentence.span, sentence.span.start_char))
            if figure.agrees(other):
                nouns.append(counted)
            elif counted is not None and akin(noun, counted):
                with_noun.append(other)
    if with_noun and nouns and not any(counted is None or same_sense(noun, counted) for counted in nouns):
        return f"“{figure.text}” counts something else in the evidence, which has “{with_noun[0].text}” {noun}"
    return None


_PAIR = re.compile(
    r"(from\s+)?([£$€]?[\w.,]+(?: (?:per cent|million|billion))?)\s+(?:of|to|out of)\s+(?:the\s+|its\s+)?([£$€]?[\w.,]+)",
    re.I,
)


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


def _pairs_turned(text: str, evidence: str) -> str | None:
    have = _pairs(evidence)
    for one, other in _pairs(text):
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
