"""Whether the clauses of a part say of the same people the same thing as clauses of the evidence.

Subject, verb and object are held together: a claim's clause is laid beside the evidence's clause with the nearest verb
and the most shared arguments, and then must agree in denial, strength, question, condition, subject and object.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from spacy.tokens import Token

from bot.summarise.verifying import copies, lexicon
from bot.summarise.verifying.clauses import Clause
from bot.summarise.verifying.lexicon import CAN, INTENT, MAY, MUST, PLAIN, WILL
from bot.summarise.verifying.objections import REFUSAL
from bot.summarise.verifying.passages import Part, Window
from bot.summarise.verifying.roles import FIRST, WE, Fault, Roles, own_words
from bot.summarise.verifying.words import akin, lemma, opposite, same_sense

if TYPE_CHECKING:
    from bot.summarise.verifying.agreement import Setting

SAME_VERB = 0.5
"""The least kinship of two verbs at which their clauses are compared."""
NEAR_VERB = 0.55
"""Cosine of two lone verbs above which they are compared as one."""
TIE = 0.15
"""Alignments this close are equal; of equals, the one with the fewest faults counts."""
HALF = 0.5
MAIN = 0.3
"""What standing in the window's own sentence, not in a neighbour, adds to it."""
FIGURE = 2.0
"""What a figure that both clauses hold adds to their likeness: more than all else, for it is that clause's own."""
AKIN = 0.95
"""Kinship of one verb's own forms."""
LIGHT_VERBS = frozenset("be have do make take get give go come become let keep put see need want".split())


class Relations:
    """The comparison of one part with one window."""

    def __init__(
        self, part: Part, window: Window, setting: Setting, similar: Callable[[str, list[str]], float]
    ) -> None:
        self._part, self._window, self._setting, self._similar = part, window, setting, similar
        self._roles = Roles(part, window, setting, similar)
        self._evidence = [(clause, sentence) for sentence in window.sentences for clause in sentence.clauses]
        self._words = {clause.verb: own_words(clause.verb) for clause, _ in self._evidence}

    def faults(self) -> Iterator[Fault]:
        """Weighted faults of every clause of the part."""
        matched = False
        for clause in self._part.clauses:
            aligned = self._aligned(clause)
            if aligned is None and self._is_act(clause):
                matched = True
                continue
            if aligned is None:
                if clause.denied and not self._denies(clause):
                    yield REFUSAL, f"“{clause.verb.text}” is denied, and the evidence denies nothing of the kind"
                continue
            matched = True
            yield from aligned
        frame = self._part.frame
        if frame is not None and frame.act is not None and lemma(frame.act) in {"ask", "question", "enquire", "query"}:
            main = self._window.main
            told = (main,) if copies.near(self._part.text, main.text) else self._window.sentences
            asked = any(sentence.text.rstrip("\"' )").endswith("?") for sentence in told)
            if not asked and not self._first_person_asking():
                yield REFUSAL, "the evidence asks nothing"
        if not matched:
            yield from self._unmatched()

    def _denies(self, clause: Clause) -> bool:
        """Whether a denied clause of the evidence, or one with a word of denial, shares a word with this one."""
        mine = {*own_words(clause.verb), clause.predicate}
        for other, _ in self._evidence:
            theirs = {*self._words[other.verb], other.predicate}
            denies = other.denied or theirs & (lexicon.DENIERS | _CONTRARY)
            if opposite(clause.predicate, other.predicate):
                return True
            if denies and any(same_sense(word, known) for word in mine for known in theirs):
                return True
        return False

    def _is_act(self, clause: Clause) -> bool:
        """Whether the clause is the frame's own act, which may go by another verb in the evidence."""
        frame = self._part.frame
        return frame is not None and frame.act is not None and frame.act.i == clause.verb.i

    def _kinship(self, mine: Clause, theirs: Clause) -> tuple[float, bool]:
        """How near two predicates are, 0..1, and whether one is the other's opposite."""
        one, other = mine.predicate, theirs.predicate
        if (mine.complement is None) != (theirs.complement is None):
            if mine.complement is not None and same_sense(lemma(mine.complement), other):
                return 0.7, False
            if theirs.complement is not None and same_sense(one, lemma(theirs.complement)):
                return 0.7, False
            return 0.0, False
        if mine.complement is not None and theirs.complement is not None:
            one, other = lemma(mine.complement), lemma(theirs.complement)
        if one == other:
            return (0.8 if one in LIGHT_VERBS else 1.0), False
        if akin(one, other):
            return 0.95, False
        if opposite(one, other):
            return 0.8, True
        if same_sense(one, other):
            return 0.85, False
        if one in LIGHT_VERBS or other in LIGHT_VERBS:
            return 0.0, False
        near = self._similar(one, [other])
        return (near if near >= NEAR_VERB else 0.0), False

    def _aligned(self, clause: Clause) -> list[Fault] | None:
        mine = own_words(clause.verb)
        options: list[tuple[float, list[Fault]]] = []
        for other, sentence in self._evidence:
            kinship, turned = self._kinship(clause, other)
            if kinship < SAME_VERB:
                continue
            theirs = self._words[other.verb]
            shared = sum(any(same_sense(word, known) for known in theirs) for word in mine)
            overlap = shared / len(mine) if mine else float(not theirs)
            if clause.predicate in LIGHT_VERBS and clause.complement is None and overlap < 0.5:
                continue
            sure = kinship >= AKIN and clause.predicate not in lexicon.SAYING
            if self._setting.press and not sure and (overlap := self._held(clause, theirs)) < HALF:
                continue
            counted = bool(_numerals(clause.verb) & _numerals(other.verb))
            score = kinship + overlap + FIGURE * counted + (MAIN if sentence is self._window.main else 0.0)
            options.append((score, list(self._compare(clause, other, turned))))
        if not options:
            return None
        best = max(score for score, _ in options)
        return min(
            (faults for score, faults in options if score >= best - TIE),
            key=lambda faults: sum(weight for weight, _ in faults),
        )

    def _held(self, clause: Clause, theirs: set[str]) -> float:
        """The share of the clause's words, its subject's left out, that another clause has."""
        actor = {lemma(leaf) for leaf in clause.actor.subtree} if clause.actor is not None else set()
        mine = own_words(clause.verb) - actor
        return sum(any(same_sense(word, known) for known in theirs) for word in mine) / len(mine) if mine else 1.0

    def _compare(self, mine: Clause, theirs: Clause, turned: bool) -> Iterator[Fault]:
        asks = self._part.frame is not None and self._part.frame.asks
        verb = mine.verb.text
        if mine.denied != (theirs.denied != turned) and not (theirs.asked and asks):
            if turned:
                yield 1.1 * REFUSAL, f"“{verb}” is the contrary of the evidence's “{theirs.verb.text}”"
            else:
                yield (
                    1.1 * REFUSAL,
                    f"“{verb}” is {'denied' if mine.denied else 'affirmed'}, the evidence has the contrary",
                )
        if theirs.asked and not asks and not self._asks_itself(mine):
            yield 1.1 * REFUSAL, "the evidence asks it and does not state it"
        elif mine.asked and not theirs.asked:
            yield REFUSAL, "it asks, and the evidence states"
        elif asks and not theirs.asked and not self._asking_words(theirs):
            yield REFUSAL, "the evidence states it and does not ask it"
        restricted = any(clause.verb.dep_ == "relcl" for clause in self._part.clauses)
        if theirs.supposed and not mine.supposed and not theirs.asked and mine.strength != MAY and not restricted:
            yield 0.8 if mine.strength in {WILL, CAN} else REFUSAL, f"“{verb}”: the evidence supposes it with an 'if'"
        act = self._part.frame.act if self._part.frame is not None else None
        own = mine.teller is not None and (act is None or mine.teller.i != act.i)
        if theirs.teller is not None and not own and not theirs.asked and (fault := self._told(theirs.teller)):
            yield fault
        if own and theirs.teller is not None and mine.teller is not None:
            yield from self._tellers(mine.teller, theirs.teller)
        yield from self._strength(mine, theirs, asks)
        yield from self._roles.subject(mine, theirs, asks)
        yield from self._roles.owner(mine, theirs)
        yield from self._roles.object(mine, theirs)

    def _asks_itself(self, mine: Clause) -> bool:
        here = mine.verb
        if mine.asked or any(
            child.lower_ in {"whether", "if", "what", "why", "how", "when", "who", "which", "where"}
            for child in here.children
        ):
            return True
        return any(lemma(up) in lexicon.ASKING or lemma(up) in {"question", "whether"} for up in here.ancestors) or (
            self._part.frame is not None
            and self._part.frame.act is not None
            and lemma(self._part.frame.act) in {"suggest", "argue", "urge", "call", "press"}
        )

    def _asking_words(self, theirs: Clause) -> bool:
        words = self._window.lemmas
        if theirs.asked:
            return True
        if self._first_person_asking() or any(
            sentence.text.endswith("?") and len(sentence.text.split()) <= 3 for sentence in self._window.sentences
        ):
            return True  # 'It took three years. Why?'
        act = lemma(self._part.frame.act) if self._part.frame is not None and self._part.frame.act is not None else ""
        return act not in {"ask", "question", "enquire", "query", "wonder"} and bool(
            words & {"should", "must", "need", "please", "want"}
        )

    def _first_person_asking(self) -> bool:
        for token in self._window.main.span:
            if lemma(token) in lexicon.ASKING and token.pos_ == "VERB":
                subject = next((child for child in token.children if child.dep_ == "nsubj"), None)
                if subject is None or subject.lower_ in FIRST | WE:
                    return True
        return False

    def _told(self, teller: Token) -> Fault | None:
        subject = next((child for child in teller.children if child.dep_ in {"nsubj"}), None)
        if subject is None or subject.lower_ in FIRST | WE:
            return None
        if any(same_sense(lemma(token), lemma(teller)) for token in self._part.tokens):
            return None
        tells = any(lemma(token) in lexicon.SAYING for token in self._part.tokens if token.pos_ == "VERB")
        if tells and any(same_sense(lemma(token), lemma(subject)) for token in self._part.tokens):
            return None
        if lemma(subject) in self._setting.speaker:
            return None
        name = " ".join(leaf.text for leaf in subject.subtree)
        # The press tells what was said as news; what was claimed or believed it must still give as that.
        weight = 0.3 if self._setting.press and lemma(teller) in {"say", "tell"} else REFUSAL
        return weight, f"the evidence gives this as the word of “{name}”"

    def _tellers(self, one: Token, other: Token) -> Iterator[Fault]:
        """'The council believed that it was leading' where the evidence has the police believe so of the council."""
        mine = next((child for child in one.children if child.dep_ == "nsubj"), None)
        theirs = next((child for child in other.children if child.dep_ == "nsubj"), None)
        if mine is None or theirs is None or not {mine.pos_, theirs.pos_} <= {"NOUN", "PROPN"}:
            return
        if not self._roles.may_be_one(mine, theirs):
            yield REFUSAL, f"“{mine.text}” is given what the evidence has “{theirs.text}” {other.text}"

    def _to_come(self, theirs: Clause) -> bool:
        """Whether a present tense stands with a date, as of what is arranged: 'officials meet on 9 September'."""
        dated = any(figure.unit in {"day", "month"} for figure in self._part.figures)
        return dated and theirs.verb.tag_ in {"VBP", "VBZ"} and theirs.verb.pos_ == "VERB" and theirs.strength == PLAIN

    def _strength(self, mine: Clause, theirs: Clause, asks: bool) -> Iterator[Fault]:
        one, other = mine.strength, theirs.strength
        for weaker, surer in _HARDENED:
            if _modals(theirs.verb) & weaker and _modals(mine.verb) & surer:
                yield REFUSAL, f"“{mine.verb.text}” is surer than the evidence has it"
                return
        if mine.verb.dep_ == "pcomp" or (mine.verb.tag_ == "VBG" and mine.verb.dep_ in {"acl", "advcl"}):
            return
        if (
            mine.verb.tag_ != "VBG"
            and mine.verb.dep_ not in {"xcomp", "pcomp", "acl"}
            and theirs.verb.dep_ == "pcomp"
            and theirs.verb.head.lower_ in _UNDONE
        ):
            yield REFUSAL, f"the evidence does not say that “{mine.verb.text}” was done"
        if one == other or (asks and theirs.asked):
            if one == PLAIN and self._part.frame is None and mine.verb.tag_ == "VBD" and self._to_come(theirs):
                yield REFUSAL, f"“{mine.verb.text}” is past, in the evidence to come"
            return
        weight = _STRENGTHS.get((other, one), 0.5)
        dated = any(figure.unit in {"day", "month"} for figure in self._part.figures)
        if (other, one) == (PLAIN, WILL):
            weight = REFUSAL if _done(theirs.verb) else 0.3 if dated and theirs.verb.tag_ in {"VBP", "VBZ"} else weight
        progressive = theirs.verb.tag_ == "VBG" and other == PLAIN
        if weight and not (progressive and one == WILL):
            names = {
                PLAIN: "as done or being so",
                WILL: "as certain to come",
                MAY: "as possible",
                CAN: "as possible",
                MUST: "as needed",
                INTENT: "as wished or meant",
            }
            yield weight, f"“{mine.verb.text}” stands {names[one]}, in the evidence {names[other]}"

    def _unmatched(self) -> Iterator[Fault]:
        main = self._window.main
        asks = self._part.frame is not None and self._part.frame.asks
        about = self._part.frame is not None and self._part.frame.act is not None and not self._part.clauses
        mine = any(token.lower_ in lexicon.NEGATIVES or lemma(token) in lexicon.DENIERS for token in self._part.tokens)
        theirs = any(token.lower_ in lexicon.NEGATIVES or lemma(token) in lexicon.DENIERS for token in main.span)
        if mine and not theirs:
            yield REFUSAL, "it denies, and the evidence denies nothing"
        elif theirs and not mine and not about and main.clauses and all(clause.denied for clause in main.clauses):
            yield 0.8, "the evidence denies, and it does not"
        if self._part.clauses and not asks and main.text.rstrip().endswith("?"):
            yield 0.9, "the evidence asks and does not state"
        strengths = {clause.strength for clause in self._part.clauses}
        known = {
            clause.strength
            for _, clauses in [(0, sentence.clauses) for sentence in self._window.sentences]
            for clause in clauses
        }
        if WILL in strengths and not known & {WILL, INTENT}:
            yield 0.6, "it speaks of what is to come, the evidence does not"
        if self._part.clauses:
            yield 0.3, "no clause of the evidence has such a verb"


_HARDENED = (
    (frozenset({"should", "ought"}), frozenset({"must"})),
    (frozenset({"could", "might"}), frozenset({"can"})),
)
"""Modals of one strength of which the second, where the evidence has the first, says more."""


def _modals(verb: Token) -> set[str]:
    return {child.lower_ for child in verb.children if child.dep_ == "aux"}


def _numerals(verb: Token) -> set[str]:
    """The numerals of the clause, not those of clauses within it."""
    found: set[str] = set()
    stack = list(verb.children)
    while stack:
        token = stack.pop()
        if token.dep_ in {"conj", "ccomp", "advcl", "parataxis", "relcl"} and token.pos_ in {"VERB", "AUX"}:
            continue
        if token.pos_ == "NUM" and token.lower_ not in {"one", "hundred", "thousand", "million", "billion"}:
            found.add(token.lower_)
        stack += list(token.children)
    return found


_CONTRARY = frozenset("reject oppose disagree prevent stop ban lack miss disregard lose".split())
_UNDONE = frozenset("before without against from instead of about".split())
"""Prepositions whose 'doing' need not have been done."""


def _done(verb: Token) -> bool:
    """Past or perfect."""
    return verb.tag_ == "VBD" or any(child.lower_ in {"has", "have", "had", "was", "were"} for child in verb.children)


_STRENGTHS: dict[tuple[str, str], float] = {
    # (evidence, claim): what the change costs.
    (PLAIN, WILL): 0.8, (PLAIN, MAY): 1.0, (PLAIN, CAN): 0.3, (PLAIN, MUST): 0.9, (PLAIN, INTENT): 0.4,
    (WILL, PLAIN): 1.0, (WILL, MAY): 1.0, (WILL, CAN): 0.7, (WILL, MUST): 0.9, (WILL, INTENT): 0.2,
    (MAY, PLAIN): 1.1, (MAY, WILL): 1.1, (MAY, CAN): 0.2, (MAY, MUST): 1.1, (MAY, INTENT): 0.8,
    (CAN, PLAIN): 0.9, (CAN, WILL): 1.0, (CAN, MAY): 0.1, (CAN, MUST): 1.0, (CAN, INTENT): 0.7,
    (MUST, PLAIN): 1.1, (MUST, WILL): 1.1, (MUST, MAY): 1.1, (MUST, CAN): 0.9, (MUST, INTENT): 0.3,
    (INTENT, PLAIN): 1.0, (INTENT, WILL): 1.05, (INTENT, MAY): 0.7, (INTENT, CAN): 0.6, (INTENT, MUST): 0.6,
}  # fmt: skip
"""Cost of reading one strength as another; the largest harden a wish or a chance into a fact."""
