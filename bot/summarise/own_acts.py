"""What a speaker says of himself or herself, where no title says which: the name is the subject, "Name welcomed …"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.summarise.people import Person, Side
from bot.summarise.tense import finite, past

if TYPE_CHECKING:
    from spacy.tokens import Token

    from bot.summarise.parsing import Parsed

_MIND = frozenset(
    "believe think hope expect accept agree acknowledge recognise recognize welcome regret support oppose urge "
    "ask invite call encourage note commit undertake promise share fear doubt insist want recommend propose "
    "condemn deplore reject reiterate repeat apologise apologize confirm announce suggest question press understand "
    "argue disagree need know see feel appreciate worry wonder find object dispute wish trust regard consider maintain "
    "represent value applaud commend favour favor remember recall concede appeal echo endorse remain like "
    "prefer dislike seek stand".split()
)
_DEEDS = frozenset(
    "meet visit ask write raise call vote warn accept publish announce commission see hear receive table launch sign "
    "introduce order refuse appoint delay decide".split()
)
"""What a Member did that a digest tells of; where somebody once lived or taught is no news."""
_STATES = frozenset(
    "concerned worried clear determined disappointed proud pleased glad aware confident convinced sorry sure "
    "certain keen committed surprised alarmed troubled anxious happy unhappy sceptical sympathetic open willing "
    "delighted grateful ashamed shocked appalled heartened optimistic pessimistic interested hopeful content angry "
    "frustrated struck".split()
)
_DENIED = frozenset(
    "agree accept believe think support understand want know recognise recognize expect see have doubt regret "
    "dispute share oppose".split()
)
"""What may be denied of a speaker: "did not agree". "I am not saying that …" is a turn of phrase."""
_TALK = frozenset("say tell do go speak talk mention start begin come turn mean let get".split())
"""Verbs that conduct the talk itself, of which nothing is told."""
_NOTHING = frozenset(
    "question questions supplementary point points minute query request comment couple interest issue one two few "
    "sense feeling friend word go problem".split()
)
"""What one "has" when one only takes the floor."""
_SAYS_NOTHING = _TALK | frozenset(
    "ask make raise add thank take move pick touch press finish end return focus know hear check follow explore".split()
)
_MODALS = frozenset("would could can ca must should might may".split())


@dataclass(frozen=True, slots=True)
class Clause:
    """A report in the making: the frame ("Dan Jarvis said that") and the words that follow it."""

    frame: str
    words: str

    def sentence(self) -> str:
        text = f"{self.frame} {self.words.lstrip(' ,;:—–-')}".rstrip(" ,;:—–-.?!")
        return f"{text}."


def own_act(parsed: Parsed, root: Token, head: Token, person: Person, words: list[str]) -> Clause | None:
    """The main clause whose subject is the speaker's own "I", with the name for it; None where it tells nothing, or
    where the name would say more than the "I" did. `words` are the sentence's, moved, with the "I" left out."""
    doc = parsed.doc
    if "".join(words[: head.i]).strip() or head.i + 1 >= len(doc) or root.lemma_ in _TALK:
        return None
    if takes_the_floor(root):
        return None
    first = doc[head.i + 1]
    if first.tag_ == "MD" and first.lower_ in {"will", "shall", "'ll", "’ll"}:
        return _undertaking(parsed, root, first, person, words) if person.side is Side.MINISTER else None
    negated = next((child for child in root.children if child.dep_ == "neg"), None)
    if negated is not None and root.lemma_ not in _DENIED and not _perfect(root):
        return None
    words = _without_stress(root, words) if negated is None else words
    if not (_tells(root) or (first.tag_ == "MD" and first.lower_ in _MODALS and _may(root, first, negated))):
        return None
    return Clause(person.name, "".join(_with_that(root, head, words)).strip())


def _tells(root: Token) -> bool:
    """Whether the verb says what the speaker thinks, is, has done or is doing."""
    if root.lemma_ in _MIND and (finite(root) or root.tag_ == "VBD" or _progressive(root) or _did_not(root)):
        return True
    if root.lemma_ == "be" and any(c.dep_ == "acomp" and c.lower_ in _STATES for c in root.children):
        return True
    if root.lower_ in _STATES and any(c.lemma_ == "be" and c.dep_ in {"auxpass", "aux"} for c in root.children):
        return True
    if root.lemma_ == "have" and (finite(root) or _did_not(root)):
        owned = [c for c in root.children if c.dep_ == "dobj"]
        return bool(owned) and owned[0].pos_ == "NOUN" and owned[0].lower_ not in _NOTHING
    return _progressive(root) or _perfect(root) or (root.tag_ == "VBD" and root.lemma_ in _DEEDS)


def _may(root: Token, modal: Token, negated: Token | None) -> bool:
    if root.tag_ != "VB" or (negated is not None and modal.lower_ not in {"can", "ca", "could", "would"}):
        return False
    return root.lemma_ not in _SAYS_NOTHING | {"like", "argue", "suggest", "urge", "appreciate", "encourage"}


def _without_stress(root: Token, words: list[str]) -> list[str]:
    """ "I do understand" as "understood"."""
    for child in root.children:
        if child.lemma_ == "do" and child.dep_ == "aux" and child.i < root.i:
            words = [*words]
            words[child.i] = ""
            words[root.i] = (past(root) if child.tag_ != "VBD" else root.text) + root.whitespace_
    return words


def takes_the_floor(root: Token) -> bool:
    """ "I want to ask", "I am not saying that": what is done with the floor, not what is said."""
    if root.lemma_ in _TALK and any(child.dep_ == "neg" for child in root.children):
        return True
    return any(
        child.dep_ in {"xcomp", "ccomp"} and child.tag_ in {"VB", "VBG"} and child.lemma_ in _SAYS_NOTHING
        for child in root.children
    )


def _with_that(root: Token, head: Token, words: list[str]) -> list[str]:
    """ "thought there was" as "thought that there was"."""
    for child in root.children:
        told = any(inner.dep_.startswith(("nsubj", "expl")) for inner in child.children)
        if child.dep_ != "ccomp" or child.i < root.i or not told:
            continue
        start = child.left_edge.i
        if start == root.i + 1 and child.doc[start].tag_ not in {"IN", "WDT", "WP", "WRB", "WP$"}:
            words = [*words]
            words[root.i] = words[root.i].rstrip() + " that "
    return words[head.i + 1 :]


def _undertaking(parsed: Parsed, root: Token, modal: Token, person: Person, words: list[str]) -> Clause | None:
    """ "I will write to them" is "Name undertook to write to them"; a negated or passive one is left alone."""
    after = parsed.doc[modal.i + 1] if modal.i + 1 < len(parsed.doc) else None
    skipped = modal.i + 1
    if any(child.dep_ == "neg" for child in root.children):
        return None
    if after is not None and after.pos_ == "ADV" and after.lower_ in {"also", "now", "certainly", "of"}:
        skipped += 1
        after = parsed.doc[skipped] if skipped < len(parsed.doc) else None
    if after is None or after.tag_ != "VB" or after.i != root.i or root.lemma_ in {"be", "have"}:
        return None
    return Clause(f"{person.name} undertook to", "".join(words[skipped:]).strip())


def _progressive(root: Token) -> bool:
    return root.tag_ == "VBG" and any(c.dep_ == "aux" and c.lemma_ == "be" and finite(c) for c in root.children)


def _perfect(root: Token) -> bool:
    tags = {child.lemma_ for child in root.children if child.dep_ == "aux" and finite(child)}
    return root.tag_ == "VBN" and "have" in tags


def _did_not(root: Token) -> bool:
    return root.tag_ == "VB" and any(c.dep_ == "aux" and c.lemma_ == "do" for c in root.children)
