"""Clauses of a parsed sentence: who does what to whom, whether it is denied, how sure, asked or supposed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Span, Token

from bot.summarise.verifying import lexicon
from bot.summarise.verifying.lexicon import CAN, INTENT, MAY, MUST, PLAIN, WILL
from bot.summarise.verifying.words import lemma

_SUBJECTS = {"nsubj", "nsubjpass", "csubj", "csubjpass"}
_OBJECTS = {"dobj", "attr", "oprd", "dative", "obj"}
_STEERING = frozenset(
    (
        "ask tell urge allow want invite force enable help expect get make let permit encourage require order "
        "persuade see hear leave"
    ).split()
)
"""Verbs whose object is the subject of the infinitive that follows it."""
_PERFORMED = frozenset("confirm announce tell assure say rule report inform promise guarantee undertake".split())
_ALLOWING = frozenset("allow permit let enable able possible".split())
_IFS = {"if", "unless", "provided", "providing", "supposing", "lest"}


@dataclass(frozen=True, slots=True)
class Clause:
    """One verb with its arguments in active order: `actor` does it to `patient`.

    `strength` is one of the lexicon's WILL, MAY, CAN, MUST, INTENT or PLAIN. `denied` counts negations and heads such
    as 'fail to' modulo two. `asked` marks a question, `supposed` an if-clause or what depends on one. `teller` is the
    head that reports the clause ('claim', 'suggest') where its subject is not in the first person.
    """

    verb: Token
    predicate: str
    complement: Token | None
    actor: Token | None
    patient: Token | None
    denied: bool
    strength: str
    asked: bool
    supposed: bool
    teller: Token | None
    passive: bool


def _child(token: Token, dependencies: set[str]) -> Token | None:
    return next((child for child in token.children if child.dep_ in dependencies), None)


_CALLED = frozenset("chair speaker chairman president mr.chair mr.speaker".split())


def _is_called(token: Token) -> bool:
    """'Mr Chair,' at the head of a sentence: whom it is said to, not its subject."""
    following = token.nbor(1).text if token.i + 1 < len(token.doc) else ""
    return token.lower_ in _CALLED and following == "," and token.i - token.sent.start <= 1


def _relative_target(verb: Token, subject: Token | None) -> Token | None:
    """For 'which/who/that' of a relative clause, the noun that it stands for."""
    if subject is not None and subject.tag_ in {"WDT", "WP"} and verb.dep_ == "relcl":
        return verb.head
    return subject


def _subject(verb: Token, depth: int = 0) -> Token | None:
    own = next((child for child in verb.children if child.dep_ in _SUBJECTS and not _is_called(child)), None)
    if own is not None:
        return _relative_target(verb, own)
    if depth > 6:
        return None
    head = verb.head
    if verb.dep_ in {"conj", "advcl"} and head.pos_ in {"VERB", "AUX"}:
        return _subject(head, depth + 1)
    if verb.dep_ in {"xcomp", "ccomp"} and head.pos_ in {"VERB", "AUX", "ADJ"}:
        steered = _child(head, {"dobj", "obj"}) if lemma(head) in _STEERING else None
        return steered or _subject(head, depth + 1)
    if verb.dep_ in {"acl", "relcl"}:
        return head
    return None


def _own_auxiliaries(verb: Token) -> list[Token]:
    return [child for child in verb.children if child.dep_ in {"aux", "auxpass"}]


def _is_infinitive(verb: Token) -> bool:
    return any(child.lower_ == "to" and child.dep_ == "aux" for child in verb.children)


def strength_of(verb: Token) -> str:
    """How sure the clause is, from its own auxiliaries, then from the head that it hangs on."""
    words = [lexicon.MODALS.get(child.lower_, "") for child in _own_auxiliaries(verb)]
    if CAN in words and _performs(verb):
        return PLAIN
    for level in (MAY, CAN, MUST, WILL):
        if level in words:
            return level
    if (
        verb.dep_ == "xcomp"
        or (verb.dep_ == "ccomp" and (lemma(verb.head) in _ALLOWING or _is_infinitive(verb)))
        or (verb.dep_ in {"acl", "advcl"} and _is_infinitive(verb))
    ):
        return _strength_by_head(verb)
    if verb.dep_ == "ccomp" and any(child.lower_ == "be" and child.dep_ == "auxpass" for child in verb.children):
        return INTENT  # 'the question is that it be agreed'
    if verb.dep_ == "conj" and verb.head.pos_ in {"VERB", "AUX"} and _child(verb, _SUBJECTS) is None:
        return strength_of(verb.head)
    return PLAIN


def _performs(verb: Token) -> bool:
    """'I can confirm', 'I can rule out': said is done."""
    subject = _child(verb, _SUBJECTS)
    return subject is not None and subject.lower_ in {"i", "we"} and lemma(verb) in _PERFORMED and not _negations(verb)


def _strength_by_head(verb: Token) -> str:
    head, name = verb.head, lemma(verb.head)
    if not _is_infinitive(verb):
        return PLAIN
    if any(leaf.lower_ == "whether" for leaf in verb.children):
        return INTENT
    if name == "go" and head.tag_ == "VBG":
        return WILL
    if name in {"have", "need"}:
        return MUST
    if name in {"able", "allow", "permit", "enable"}:
        return CAN
    if name == "be" and verb.dep_ == "xcomp":
        return WILL  # 'is to close'
    if name in lexicon.UNDERTAKINGS:
        return WILL
    if name in lexicon.INTENTS or head.pos_ == "NOUN":
        return INTENT
    return strength_of(head) if head.pos_ in {"VERB", "AUX"} and name in {"continue", "begin", "start"} else PLAIN


def _negations(verb: Token) -> int:
    count = 0
    for child in verb.children:
        if child.dep_ == "neg" or child.lower_ in {"never", "hardly", "scarcely", "neither", "nor"}:
            count += 1
        elif child.dep_ in _SUBJECTS | _OBJECTS | {"acomp", "prep", "expl", "npadvmod"}:
            if child.lower_ in {"nobody", "nothing", "none", "neither", "no-one"}:
                count += 1
            else:
                count += any(
                    leaf.lower_ in {"no", "neither"} for leaf in child.children if leaf.dep_ in {"det", "preconj"}
                )
                if child.dep_ == "prep" and child.lower_ not in {"without"}:
                    count += any(
                        leaf.dep_ == "det" and leaf.lower_ == "no" for noun in child.children for leaf in noun.children
                    )
        elif child.lower_ == "longer" and any(leaf.lower_ == "no" for leaf in child.children):
            count += 1
    return count


def denied(verb: Token) -> bool:
    count = _negations(verb)
    for auxiliary in _own_auxiliaries(verb):
        count += auxiliary.lower_ == "cannot"
    head = verb.head
    if verb.dep_ in {"xcomp", "acl"} and lemma(head) in lexicon.DENIERS:
        count += 1 + _negations(head) if head.pos_ in {"VERB", "AUX"} else 1
    elif (verb.dep_ == "ccomp" and lemma(head) in _ALLOWING) or (
        verb.dep_ == "xcomp"
        and head.pos_ in {"VERB", "AUX"}
        and not any(leaf.lower_ == "whether" for leaf in verb.children)
    ):
        count += _negations(head)
    elif verb.dep_ == "pcomp" and head.lower_ == "without":
        count += 1
    elif verb.dep_ == "ccomp" and lemma(head) in frozenset(
        "think believe accept agree deny doubt mean say suggest disagree dispute reject".split()
    ):
        count += _negations(head) + (lemma(head) in {"deny", "doubt", "disagree", "dispute", "reject"})
    return bool(count % 2)


def _supposed(verb: Token) -> bool:
    here: Token | None = verb
    for _ in range(6):
        if here is None:
            break
        if here.dep_ == "advcl" and any(child.dep_ == "mark" and child.lower_ in _IFS for child in here.children):
            return True
        for child in here.children:
            if child.dep_ == "advcl" and any(
                leaf.lower_ in _IFS for leaf in child.children if leaf.dep_ in {"mark", "prep"}
            ):
                return True
        if here.dep_ not in {"conj", "ccomp", "xcomp", "advcl"} or here.head.i == here.i:
            break
        if here.dep_ == "ccomp" and here.head.dep_ == "ROOT":
            break
        here = here.head
    return False


def _teller(verb: Token) -> Token | None:
    if verb.dep_ == "ccomp" and lemma(verb.head) in lexicon.NON_FACTIVE:
        return verb.head
    if verb.dep_ == "conj" and verb.head.pos_ in {"VERB", "AUX"} and verb.head.dep_ == "ccomp":
        return _teller(verb.head)
    return None


def _arguments(verb: Token) -> tuple[Token | None, Token | None, bool]:
    subject, passive = _subject(verb), any(child.dep_ in {"auxpass", "nsubjpass"} for child in verb.children)
    if not passive and verb.dep_ == "acl" and verb.tag_ == "VBN":
        passive = True
    if not passive:
        return subject, _child(verb, _OBJECTS), False
    agent = _child(verb, {"agent"})
    actor = _child(agent, {"pobj"}) if agent is not None else None
    if (
        actor is not None
        and (actor.like_num or any(child.like_num for child in actor.children))
        and (actor.ent_type_ in {"PERCENT", "MONEY", "CARDINAL"})
    ):
        actor = None  # 'cut by 9 per cent'
    return actor, subject, True


def clauses(sentence: Span) -> Iterator[Clause]:
    """The sentence's clauses in order: one for each verb, auxiliaries excepted."""
    asked = sentence.text.rstrip("\"' )").endswith("?")
    for token in sentence:
        if token.pos_ not in {"VERB", "AUX"} or token.dep_ in {"aux", "auxpass"}:
            continue
        if token.dep_ in {"amod", "compound", "punct", "intj"}:
            continue
        complement = _child(token, {"acomp", "attr"}) if lemma(token) in {"be", "become", "remain", "seem"} else None
        actor, patient, passive = _arguments(token)
        yield Clause(
            verb=token,
            predicate=lemma(token),
            complement=complement,
            actor=actor,
            patient=None if complement is not None else patient,
            denied=denied(token),
            strength=strength_of(token),
            asked=asked,
            supposed=_supposed(token),
            teller=_teller(token),
            passive=passive,
        )
