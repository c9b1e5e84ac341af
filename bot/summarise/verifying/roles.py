"""Who does it and to whom: whether a clause's subject and object are those of the evidence's clause."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from spacy.tokens import Token

from bot.summarise.verifying.clauses import Clause
from bot.summarise.verifying.objections import REFUSAL
from bot.summarise.verifying.passages import Part, Window
from bot.summarise.verifying.speakers import SIDE
from bot.summarise.verifying.words import is_content, lemma, opposite, same_sense

if TYPE_CHECKING:
    from bot.summarise.verifying.agreement import Setting

NEAR_NOUN = 0.70
"""Cosine of two lone nouns above which they may be one person or thing."""
FIRST = {"i", "me", "myself", "my", "mine"}
WE = {"we", "us", "ourselves", "our"}
_THIRD = {"he", "she", "him", "her", "himself", "herself"}
_THEY = {"they", "them", "themselves", "those", "these"}
_IT = {"it", "this", "that", "which", "who", "whom", "what", "itself", "there", "one"}
_YOU = {"you", "yourself"}
_ADDRESSED = {"friend", "gentleman", "lady", "member"}
"""How a speaker names the one who has just spoken."""
_TITULAR = frozenset("secretary minister chancellor department council councillor police government".split())
"""Nouns that are written as names and name an office."""
_SPANS = frozenset("year month week day phase stage term".split())
_GENERIC = {"programme", "scheme", "strategy", "policy", "bill", "review", "inquiry", "duty", "project"}
"""Nouns by which a debate speaks of what its title names."""
PRONOUNS = FIRST | WE | _THIRD | _THEY | _IT | _YOU

Fault = tuple[float, str]


def _phrase_words(token: Token) -> list[str]:
    """The content lemmas of a noun's own phrase, the head first, clauses that hang on it left out."""
    words = [lemma(token)]
    for child in token.children:
        if child.dep_ in {"compound", "amod", "poss", "nmod", "appos", "conj"} and is_content(child):
            words.append(lemma(child))
            words += [lemma(leaf) for leaf in child.children if leaf.dep_ in {"compound", "amod", "poss", "conj"}]
        elif child.dep_ == "prep":
            words += [lemma(leaf) for leaf in child.children if leaf.dep_ == "pobj"]
    return words


def _heads(token: Token) -> list[str]:
    """The lemmas of a noun and of the nouns joined to it."""
    found = [lemma(token)]
    if lemma(token) in frozenset(
        "one some half quarter third many most all both number majority lot part each none series range".split()
    ):
        found += [
            lemma(leaf)
            for prep in token.children
            if prep.dep_ == "prep"
            for leaf in prep.children
            if leaf.dep_ == "pobj"
        ]
    for child in token.children:
        if child.dep_ in {"conj", "appos"}:
            found += _heads(child)
    return found


def _owners(token: Token) -> set[str]:
    """Whose it is: 'Dace' of 'Dace's mentor', who is not Dace."""
    return {lemma(child) for child in token.children if child.dep_ == "poss"}


def own_words(verb: Token) -> set[str]:
    """Content lemmas of the clause, not those of clauses within it."""
    found: set[str] = set()
    stack = list(verb.children)
    while stack:
        token = stack.pop()
        if token.dep_ in {"conj", "ccomp", "advcl", "parataxis"} and token.pos_ in {"VERB", "AUX"}:
            continue
        if is_content(token):
            found.add(lemma(token))
        stack += list(token.children)
    return found


class Roles:
    """Compares the subjects and objects of one part with those of one window."""

    def __init__(
        self, part: Part, window: Window, setting: Setting, similar: Callable[[str, list[str]], float]
    ) -> None:
        self._part, self._window, self._setting, self._similar = part, window, setting, similar

    def _kind(self, token: Token | None, claim: bool) -> str:
        if token is None:
            return "none"
        low = token.lower_
        if low in FIRST:
            return "self"
        if low in WE:
            return "we"
        if low in _YOU:
            return "you"
        if claim and low in _THIRD and not self._setting.press:
            return "self" if self._means_speaker(token) else "third"
        if low in _THIRD:
            return "third"
        if low in _THEY:
            return "they"
        if low in _IT:
            return "it"
        if token.pos_ in {"PRON", "DET", "NUM"}:
            return "they"
        if claim and not self._setting.press and self._names_speaker(token):
            return "self"
        return "noun"

    def _names_speaker(self, token: Token) -> bool:
        frame = self._part.frame
        words = set(_phrase_words(token))
        if (
            frame is not None
            and frame.subject
            and not frame.pronoun
            and lemma(token) in frame.subject.lower().split()
            and not any(child.dep_ == "poss" for child in token.children)
        ):
            return True
        return bool(words & self._setting.speaker) and lemma(token) in self._setting.speaker

    def _means_speaker(self, token: Token) -> bool:
        """A claim's 'he' is the speaker, unless a person named between the frame and it may be meant."""
        if self._part.frame is None:
            return True
        start = max(self._part.frame.tokens, default=-1)
        if self._part.frame.asks:
            return False
        if token.i in self._part.frame.tokens:
            return True
        between = token.doc[start + 1 : token.i] if start + 1 < token.i else ()
        return not any(other.dep_ in {"nsubj", "nsubjpass", "pobj", "dobj"} and _is_person(other) for other in between)

    def subject(self, mine: Clause, theirs: Clause, asks: bool) -> Iterator[Fault]:
        one, other = mine.actor, theirs.actor
        if mine.passive != theirs.passive and (one is None or other is None):
            if theirs.passive and one is not None and not asks and self._kind(one, True) == "self":
                yield REFUSAL, f"the evidence does not say that “{one.text}” did it"
            return
        if one is None and other is None:
            return
        mine_kind, their_kind = self._kind(one, True), self._kind(other, False)
        who = one.text if one is not None else ""
        if mine_kind == "it" and their_kind == "noun" and mine.teller is not None and other is not None:
            own = next((child for child in mine.teller.children if child.dep_ == "nsubj"), None)
            framed = self._part.frame is not None and self._part.frame.act == mine.teller
            if (
                own is not None and own.pos_ in {"NOUN", "PROPN"} and not framed
            ):  # 'the council said it would': the council would
                yield from self._nouns(own, other, theirs)
                return
        if mine_kind == "self" and their_kind in {"third", "you", "they", "noun"} and not asks:
            if (
                their_kind == "noun"
                and other is not None
                and set(_phrase_words(other)) & (self._setting.speaker | set(who.lower().split()))
            ):
                return
            yield (
                1.2 * REFUSAL,
                f"“{who}” is given what the evidence says of “{other.text if other is not None else ''}”",
            )
            return
        if mine_kind == "noun" and their_kind == "noun" and one is not None and other is not None:
            yield from self._nouns(one, other, theirs)
            return
        if mine_kind == "noun" and one is not None and their_kind in {"self", "we"}:
            if lemma(one) in SIDE or set(_phrase_words(one)) & SIDE:
                if (
                    lemma(one) in {"government", "minister", "ministers", "department", "office"}
                    and not self._setting.governs
                ):
                    yield REFUSAL, f"this speaker's '{other.text if other is not None else 'we'}' is not “{who}”"
                return
            yield (1.1 if their_kind == "self" else 0.6), f"“{who}” is given what the evidence says of the speaker"
            return
        if mine_kind == "noun" and one is not None and their_kind in {"third", "they", "it"}:
            yield from self._antecedent(one, other, theirs)
            return
        yield from self._loose(mine_kind, their_kind, who)

    def owner(self, mine: Clause, theirs: Clause) -> Iterator[Fault]:
        """'Her Government' where the evidence has 'the hon. Gentleman's Government'."""
        for one, other in ((mine.actor, theirs.actor), (mine.patient, theirs.patient)):
            if one is None or other is None or lemma(one) != lemma(other):
                continue
            owner = next((child for child in one.children if child.dep_ == "poss"), None)
            known = next((child for child in other.children if child.dep_ == "poss"), None)
            if known is None or lemma(known) == "lady" or known.lower_ in FIRST | WE | {"our", "my"}:
                continue
            if (
                owner is not None
                and self._kind(owner, True) != "noun"
                and known.pos_ != "PRON"
                and owner.lower_ in {"her", "his", "their"}
            ):
                yield 1.05 * REFUSAL, f"“{owner.text} {one.text}” is “{known.text}'s” in the evidence"
            elif (
                owner is None
                and lemma(one) in {"government", "party"}
                and not any(child.dep_ == "amod" for child in one.children)
            ):
                yield 0.7, f"whose “{one.text}” it is the evidence says: “{known.text}'s”"

    def _loose(self, mine: str, theirs: str, who: str) -> Iterator[Fault]:
        weight = _SUBJECT_KINDS.get((mine, theirs), 0.0)
        if weight:
            yield weight, f"“{who}” is not plainly who the evidence means"

    def _same_noun(self, one: str, other: str) -> bool:
        if same_sense(one, other) and not opposite(one, other):
            return True
        return not opposite(one, other) and self._similar(one, [other]) >= NEAR_NOUN

    def may_be_one(self, one: Token, other: Token) -> bool:
        """Whether two nouns share a word of their phrases."""
        known = [*_heads(other), *_phrase_words(other)]
        return any(self._same_noun(word, name) for word in [*_heads(one), *_phrase_words(one)] for name in known)

    def _nouns(self, one: Token, other: Token, theirs: Clause) -> Iterator[Fault]:
        heads = _heads(one)
        known = [*_heads(other), *(set(_phrase_words(other)) - _owners(other))]
        if any(self._same_noun(head, word) for head in heads for word in known):
            return
        own = set(_phrase_words(one)) - _owners(one)
        if any(same_sense(word, head) for word in own for head in _heads(other)):
            return
        if lemma(one) in _SPANS & own_words(theirs.verb) and any(
            same_sense(word, head) for word in _owners(one) for head in known
        ):
            return  # 'the pilot's first year cost' for 'the pilot cost ... in its first year'
        if self._setting.known is not None and one.pos_ == "PROPN":
            phrase = " ".join(leaf.text for leaf in other.subtree).lower()
            if lemma(one) in self._setting.known.standing(phrase):
                return
        if lemma(one) == "party" and set(_phrase_words(other)) & set(self._setting.party.lower().split()):
            return
        if lemma(other) in _GENERIC and any(word in self._setting.title for word in heads):
            return
        patient = theirs.patient
        if self._setting.press and _is_named(one) != _is_named(other):
            return  # 'the engineer' may be Mr Maddox: an article names whom it describes
        if patient is not None and any(same_sense(head, word) for head in heads for word in _phrase_words(patient)):
            yield 1.2 * REFUSAL, f"“{one.text}” does what in the evidence is done to it"
            return
        yield 1.05 * REFUSAL, f"“{one.text}” is given what the evidence says of “{other.text}”"

    def _antecedent(self, one: Token, other: Token | None, theirs: Clause) -> Iterator[Fault]:
        before = [*self._window.before[-4:], *self._window.sentences]
        words = {lemma(token) for sentence in before for token in sentence.content}
        earlier = any(self._same_noun(word, known) for word in _phrase_words(one)[:3] for known in words if known != "")
        earlier = earlier or (lemma(one) in self._setting.asked and len(self._window.before) + self._window.primary < 2)
        if theirs.patient is not None and lemma(one) == lemma(theirs.patient):
            yield REFUSAL, f"“{one.text}” does what in the evidence is done to it"
        elif not earlier and lemma(one) not in {"minister", "government"} and lemma(one) not in self._setting.others:
            yield 0.7, f"nothing before “{other.text if other is not None else 'it'}” in the evidence is “{one.text}”"
        else:
            yield 0.1, f"“{one.text}” for the evidence's “{other.text if other is not None else 'it'}”"

    def object(self, mine: Clause, theirs: Clause) -> Iterator[Fault]:
        one, other = mine.patient, theirs.patient
        if one is None or other is None or (one.lower_ in PRONOUNS and not (mine.passive and theirs.passive)):
            return
        heads = _heads(one)
        if self._kind(one, True) == "self" and self._kind(other, False) in {"third", "they"} and not self._asks():
            yield 1.2 * REFUSAL, f"“{one.text}” is given what the evidence says of “{other.text}”"
            return
        if other.lower_ in FIRST | WE | _THIRD and self._kind(one, True) == "noun":
            named = set(_phrase_words(one)) & self._setting.speaker
            if other.lower_ in _THIRD and named:
                yield REFUSAL, f"“{one.text}” is given what the evidence says of “{other.text}”"
            return
        if other.lower_ in PRONOUNS:
            return
        if lemma(other) in _ADDRESSED and set(_phrase_words(one)) & self._setting.answered:
            return
        known = [*_heads(other), *_phrase_words(other), *own_words(theirs.verb)]
        if any(self._same_noun(head, word) for head in heads for word in known):
            actor = theirs.actor
            if (
                actor is not None
                and mine.actor is not None
                and any(same_sense(head, word) for head in heads for word in _heads(actor))
                and not any(same_sense(head, word) for head in heads for word in _phrase_words(other))
            ):
                yield REFUSAL, f"“{one.text}” is done what in the evidence it does"
            return
        yield 0.45, f"“{one.text}” is not what the evidence's “{theirs.verb.text}” is done to"

    def _asks(self) -> bool:
        return self._part.frame is not None and self._part.frame.asks


def _is_named(token: Token) -> bool:
    """Whether a person's or a body's own name stands in the noun's phrase."""
    if lemma(token) in _TITULAR:
        return False
    return token.pos_ == "PROPN" or any(child.pos_ == "PROPN" and child.dep_ == "appos" for child in token.children)


def _is_person(token: Token) -> bool:
    return token.ent_type_ in {"PERSON", "NORP"} or lemma(token) in frozenset((
    "killer murderer attacker man woman perpetrator victim commissioner officer teacher official person "
    "suspect prisoner offender boy girl child individual member chief head director minister secretary"
).split())  # fmt: skip


_SUBJECT_KINDS: dict[tuple[str, str], float] = {
    # (claim, evidence)
    ("self", "we"): 0.1, ("self", "none"): 0.25, ("self", "it"): 0.7,
    ("third", "self"): 0.9, ("third", "we"): 0.7, ("third", "noun"): 0.2, ("third", "it"): 0.3, ("third", "you"): 0.1,
    ("they", "self"): 0.4, ("they", "third"): 0.3, ("it", "self"): 0.7, ("it", "third"): 0.5,
    ("noun", "you"): 0.1, ("we", "third"): 0.9, ("we", "they"): 0.7, ("we", "noun"): 0.4,
}  # fmt: skip
