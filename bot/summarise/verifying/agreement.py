"""Whether one part of a claim agrees with one window of the evidence: a list of objections, each with its weight.

A weight of REFUSAL alone refuses. Lighter ones are doubts, which refuse together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from spacy.tokens import Token

from bot.equivalents import Equivalents
from bot.summarise.verifying import copies, lexicon
from bot.summarise.verifying.acts import ACTS
from bot.summarise.verifying.clauses import denied
from bot.summarise.verifying.figures import Figure
from bot.summarise.verifying.joins import exchanged, joins, set_aside
from bot.summarise.verifying.naming import bare, beside, has_name, initials, other_title
from bot.summarise.verifying.objections import REFUSAL, Objection
from bot.summarise.verifying.order import connectives
from bot.summarise.verifying.passages import Part, Window
from bot.summarise.verifying.quantities import bound_elsewhere, pairs_turned, quantities
from bot.summarise.verifying.relations import Relations
from bot.summarise.verifying.speakers import SIDE
from bot.summarise.verifying.words import akin, lemma, opposite, rivals, same_sense

SURE_SENSE = 0.72
"""Cosine of two lone words from which MiniLM is sure of near-synonyms ('jail' and 'prison': .84); opposites and
rivals score as high and are looked up."""
NO_SENSE = 0.50
"""Cosine up to which two lone words may be no more than of one kind ('school' and 'prison': .46)."""
WORD_WEIGHTS = {"NOUN": 1.05, "PROPN": 1.05, "VERB": 0.9, "ADJ": 0.9, "ADV": 0.5, "NUM": 0.5}
"""What an uncarried word costs: a new noun makes a new claim, a new adverb often only colours it."""
LONG_PART = 9
"""Content words from which on one more uncarried word weighs less: a long paraphrase strays further than a short
one."""
ANSWER = 2
"""Sentences of an answer in which 'it' may still be what the question asked about."""
LOOSER = 0.35
"""What is added to the likeness of a word exchanged in an article's sentence."""
SLIGHT = 0.05
"""Objections lighter than this are none."""
EARLIER = 3
"""Sentences ahead of the window whose words a claim may put for 'it', 'both' and 'this'."""
HALF = 0.5
"""Carriage of a word, and share of a part's words, below which most of it is missing."""
UNLIKE = 0.30
"""Cosine of a part and its sentence below which their unlikeness is a doubt of its own."""


@dataclass(frozen=True)
class Setting:
    """What is known beside the window: labels (title, date, House, speakers' names), figures that they lend, and
    who speaks."""

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
    answered: frozenset[str] = frozenset()
    """Names of those who spoke just before: whom 'my hon. Friend' most likely means."""
    everybody: str = ""
    """The labels of everybody who speaks in the document, whose names a claim may give."""
    known: Equivalents | None = None
    press: bool = False
    """Whether nobody speaks here: who says what is in the words alone."""
    asked: frozenset[str] = frozenset()
    """Nouns that the question before this answer asks about: what its 'it' may mean."""


def _cover(word: str, lemmas: Iterable[str], similar: Callable[[str, list[str]], float]) -> float:
    """How far the evidence's words carry one word: 1 akin or synonymous, else the encoder's best guess, scaled to
    0..1."""
    known = list(lemmas)
    if word in known or any(same_sense(word, other) for other in known):
        return 1.0
    best = similar(word, [other for other in known if not opposite(word, other) and not rivals(word, other)])
    return min(1.0, max(0.0, (best - NO_SENSE) / (SURE_SENSE - NO_SENSE)))


class Agreement:
    """Compares parts with windows. `similar(word, words)` is the encoder's highest cosine of a lone word with
    others."""

    def __init__(self, known: Equivalents, similar: Callable[[str, list[str]], float]) -> None:
        self._known = known
        self._similar = similar

    def objections(self, part: Part, window: Window, setting: Setting, likeness: float) -> list[Objection]:
        """Everything that speaks against the window's carrying the part; `likeness` is their cosine."""
        found = [
            *self._figures(part, window, setting),
            *self._names(part, window, setting),
            *self._words(part, window, setting, likeness),
            *joins(part, window.sentences, f"{setting.contribution} {setting.everybody}"),
            *self.relational(part, window, setting),
        ]
        return [objection for objection in found if objection.weight >= SLIGHT]

    def relational(self, part: Part, window: Window, setting: Setting) -> list[Objection]:
        """What speaks against it beside words, names and figures that are not there: how they are joined."""
        clauses = window.alone if setting.press else window
        similar = self._loosely if setting.press else self._similar
        return [
            *quantities(part, window),
            *self._acts(part, window),
            *_denials(part, window),
            *connectives(part, window),
            *set_aside(part, window.main),
            *exchanged(part, window, self._known.widened(window.main.text).lower()),
            *(
                Objection(1.1 * REFUSAL, fault)
                for sentence in clauses.sentences
                for fault in copies.faults(part.text, sentence.text, similar)
            ),
            *(
                Objection(weight, reason)
                for weight, reason in Relations(part, clauses, setting, self._similar).faults()
            ),
        ]

    def _loosely(self, word: str, words: list[str]) -> float:
        """An article is told in other words than its own."""
        return self._similar(word, words) + LOOSER

    def _figures(self, part: Part, window: Window, setting: Setting) -> Iterable[Objection]:
        have = [figure for sentence in window.sentences for figure in sentence.figures]
        if fault := pairs_turned(part.text, window.text):
            yield Objection(1.1 * REFUSAL, fault)
        for figure in part.figures:
            if any(figure.agrees(other) for other in [*have, *setting.figures]):
                if fault := bound_elsewhere(figure, part, window):
                    yield Objection(REFUSAL, fault)
                continue
            yield Objection(1.3 * REFUSAL, f"the figure “{figure.text}” is not in the evidence")

    def _names(self, part: Part, window: Window, setting: Setting) -> Iterable[Objection]:
        near = self._known.widened(f"{window.text} {setting.labels}").lower()
        near_words = bare(near)
        far_words = bare(self._known.widened(setting.contribution).lower())
        mine = self._known.widened(part.text).lower()
        labels = set(setting.party.lower().split()) if setting.party else set()
        for token in part.names:
            name = lemma(token)
            if fault := other_title(token, window):
                yield Objection(1.1 * REFUSAL, fault)
            if name in labels and name not in setting.contribution.lower():
                yield Objection(REFUSAL, f"“{token.text}” is the speaker's party, not what was said")
            if (
                len(name) < 2
                or name in lexicon.TITLES
                or name in lexicon.ADDRESSEES
                or (name in SIDE and window.lemmas & {"we", "our", "us"})
                or (name in _OFFICES and setting.governs and window.lemmas & {"i", "my"} and setting.speaker)
            ):
                continue
            if has_name(name, near_words) or initials(token.text, window.text) or self._equal(name, mine, near):
                continue
            if name in setting.others and (window.lemmas & _REFERRING):
                weight = 0.1 if name in setting.answered else 0.5
                yield Objection(weight, f"“{token.text}” for a pronoun of the evidence")
            elif beside(token, near_words, setting.contribution):
                continue
            elif has_name(name, far_words) or initials(token.text, setting.contribution):
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
        lemmas += sorted(window.lemmas & _MOVING)
        earlier: frozenset[str] = frozenset().union(*(sentence.lemmas for sentence in window.before[-EARLIER:]))
        widened = bare(self._known.widened(f"{window.text} {setting.labels}").lower())
        own_sentence = window.main.lemmas
        missing = 0
        for token in content:
            word = lemma(token)
            if _excused(token, window) or _given(token, part, window, setting, widened):
                continue
            if (
                word in setting.asked
                and token.dep_ in {"nsubj", "nsubjpass"}
                and len(window.before) + window.primary < ANSWER
                and window.lemmas & {"it", "they", "this", "that"}
            ):
                yield Objection(0.15, f"“{token.text}” is of the question that the evidence answers")
                continue
            if any(akin(word, other) for other in own_sentence):
                continue
            if contrary := next(
                (other for form, other in words if opposite(word, form) or opposite(token.lower_, form)), None
            ):
                if _denied_here(token) == _denied_here(contrary):
                    yield Objection(1.1 * REFUSAL, f"“{token.text}” where the evidence has “{contrary.text}”")
                continue
            elif (rival := next((other for form, other in words if rivals(word, form)), None)) and not any(
                same_sense(word, other) for other in window.lemmas
            ):
                yield Objection(1.1 * REFUSAL, f"“{token.text}” where the evidence has “{rival.text}”")
            else:
                carried = _cover(word, lemmas, self._similar)
                weight = WORD_WEIGHTS.get(token.pos_, 0.5) * (1 - carried) * scale
                opening = token.dep_ == "advmod" and token.is_sent_start
                finding = word in _FINDING and any(child.dep_ == "ccomp" for child in token.children)
                weight *= 0.4 if word in earlier else 0.3 if opening or finding else 1.0
                missing += carried < HALF and word not in earlier
                yield Objection(weight, f"“{token.text}” is not in the evidence")
        if missing and missing >= HALF * len(content):
            yield Objection(0.5, "most of its words are not in the evidence")

    def _acts(self, part: Part, window: Window) -> Iterable[Objection]:
        tokens = [*part.tokens, *([part.frame.act] if part.frame is not None and part.frame.act is not None else [])]
        asked = any(sentence.text.rstrip().endswith("?") for sentence in window.sentences)
        for token in tokens:
            needs = ACTS.get(lemma(token)) or ACTS.get(token.lower_)
            if needs is None or token.pos_ not in {"VERB", "NOUN", "ADJ", "AUX"} or token.dep_ == "compound":
                continue
            if lemma(token) in _ASSENT and token.pos_ == "VERB" and denied(token):
                needs |= ACTS["disagree"] | ACTS["refuse"]
            if _cued(needs | {lemma(token)}, part, window):
                continue
            if lemma(token) in {"press", "urge", "call", "demand"} and asked:
                continue
            yield Objection(1.1 * REFUSAL, f"“{token.text}”: the evidence shows no such act or attitude")


_PLEDGES = frozenset("promise pledge undertake commit commitment vow guarantee assure ensure".split())
_UNSURE = frozenset("hope intend expect aim wish plan may might try".split())
"""Words beside which 'will' is no promise."""
_ASSENT = frozenset("agree accept support back endorse".split())
_FINDING = frozenset("find conclude show reveal establish".split())
"""Verbs by which a claim gives a clause to an inquiry: the clause is what must be carried."""
_MOVING = frozenset({"come", "go", "give", "get"})
"""Light verbs that a claim may tell more plainly: 'visit', 'attend', 'provide', 'receive'."""
_OFFICES = frozenset({"minister", "government", "secretary"})
_REFERRING = frozenset("he she him her his you your lady gentleman friend member minister".split())


def _denials(part: Part, window: Window) -> Iterable[Objection]:
    """A 'not' of the claim's where nothing in the evidence denies: 'about ideology but not about violence'."""
    mine = next((token for token in part.tokens if token.lower_ in _PLAIN_NOS), None)
    if mine is None or window.lemmas & (lexicon.NEGATIVES | lexicon.DENIERS | _LIKE_NOS):
        return
    if not any(opposite(lemma(token), word) for token in part.content for word in window.lemmas):
        yield Objection(REFUSAL, f"“{mine.text}”: the evidence denies nothing")


_PLAIN_NOS = frozenset("not n't never no none nobody nothing neither nor without".split())
_LIKE_NOS = frozenset(
    "disagree reject dismiss little few only prevent stop ban lack than too devolved rather unless yet".split()
)


def _excused(token: Token, window: Window) -> bool:
    """An office for a pronoun, and what is a figure and judged as one: 'a quarter'."""
    if token.lower_ in {"per", "cent", "percent"} or (
        token.lower_ == "unable" and window.lemmas & {"not", "n't", "cannot"}
    ):
        return True
    if lemma(token) in _OFFICES and window.lemmas & _REFERRING:
        return True
    return token.lower_ in _PARTS and any(child.lower_ in _COUNTS for child in token.children)


def _given(token: Token, part: Part, window: Window, setting: Setting, widened: frozenset[str]) -> bool:
    """What no sentence need hold: labels, the speaker's own office and party, verbs of saying, acts judged apart."""
    word = lemma(token)
    telling = word in lexicon.SAYING and token.pos_ == "VERB"
    return (
        word in widened
        or token.lower_ in widened
        or word in ACTS
        or (word in {"day", "night"} and token.i > 0 and token.nbor(-1).lower_ == "that")  # 'today', reported
        or (word in setting.speaker and bool(window.lemmas & {"i", "my", "we", "our"}))
        or (word == "government" and setting.governs and bool(window.lemmas & {"we", "our", "us"}))
        or (word == "party" and bool(set(setting.party.lower().split()) & window.lemmas))
        or _lends(token)
        or (word in lexicon.ASKING and token.pos_ == "VERB" and "?" in window.text)
        or (telling and (bool(window.lemmas & lexicon.SAYING) or (part.frame is not None and token.dep_ == "ROOT")))
        or (word == "end" and token.i + 1 < len(token.doc) and token.nbor(1).lower_ == "of")
    )


def _lends(token: Token) -> bool:
    """A verb that lends its tense to a noun ('gave a sentence', 'took a decision'), and 'the following' January."""
    if lemma(token) in _LENDING and token.pos_ == "VERB":
        return any(child.dep_ in {"dobj", "nsubjpass"} and child.pos_ == "NOUN" for child in token.children)
    return token.lower_ in {"following", "next", "previous"} and token.head.ent_type_ == "DATE"


_LENDING = frozenset("give make take hold pay carry".split())
_PARTS = frozenset("half third thirds quarter quarters fifth fifths tenth tenths".split())
_COUNTS = frozenset("a one two three four 1 2 3 4".split())


def _cued(needs: frozenset[str], part: Part, window: Window) -> bool:
    """Whether a sentence that shows the act also speaks of what the act is said to be about."""
    content = [lemma(token) for token in part.content if lemma(token) not in ACTS]
    for sentence in window.sentences:
        if "pledge" in needs and not sentence.lemmas & _PLEDGES and sentence.lemmas & _UNSURE:
            continue
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
