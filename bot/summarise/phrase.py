"""One chosen sentence becomes one line: reported by rule where a rule suffices, quoted where it would have to guess.

Every line passes the verifier here, or is not made.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from bot.domain import PRESS_QUOTATION, Origin, Sentence, Voice
from bot.summarise.openings import prepared
from bot.summarise.own_acts import Clause
from bot.summarise.parsing import main_clauses, parse
from bot.summarise.people import Person, Side
from bot.summarise.questions import asking, questions_of, report_asking, report_question
from bot.summarise.quote import quote
from bot.summarise.report import PRESS_FRAME, report, report_press
from bot.summarise.select import LONGEST_SENTENCE, Scored
from bot.summarise.sentences import Key, Unit

if TYPE_CHECKING:
    from spacy.language import Language

    from bot.summarise.verify import Finding

_FIGURES = re.compile(r"\d[\d,.]*\d|\d")
_HIS_DEPARTMENT = re.compile(r"\b([Hh])(?:er|is) (Department|Government)\b")
_AFTER_THAT = re.compile(r"^that (?=(?:I|we|the|there|it|she|he|they)\b)")
_SHORTEST_PART = 6
_OTHERS_WORDS = re.compile(
    r"^(?:The|He|She|They|Ministers?|Some|Many)\b[\w .’'-]{0,60}? (?:says?|said|claims?|tells?|told|suggests?) "
)
"""A clause that tells what somebody else says, to answer it in the next: alone, it would say the opposite."""
_MEMBER_FOR = re.compile(
    r"\b(?:[Tt]he|[Mm]y) (?:right )?hon\.(?: and \w+)? (?:Member|Friend,? the Member|Gentleman,? the Member|Lady,? the "
    r"Member) for (?P<seat>[A-Z][\w’'-]+(?:,? (?:and|of|upon|on|the|[A-Z][\w’'-]+))*)"
    r"(?: \((?P<name>[A-Z][^()]{3,50})\))?"
)
_HON = re.compile(
    r"\b(?:[Tt]he|[Mm]y) (?:right )?(?:hon\.|noble) (?:and (?:learned|gallant) )?"
    r"(?P<who>Friend|Gentleman|Lady|Lord|Baroness)(?P<whose>’s|'s)?\b(?!,? (?:the|Lord|Baroness|Lady|Viscount)\b)"
)
_TITLES = frozenset("The Hon Right Sir Dame Lord Lady Baroness Mrs Miss Professor Viscount Earl".split())
_BOTH_QUESTIONS = 27
"""Words that two questions in one line may take."""


class Check(Protocol):
    """The verifier's door."""

    def check(
        self,
        text: str,
        *,
        evidence: Sequence[str] | None = None,
        speaker: str | None = None,
        origin: Origin | None = None,
    ) -> Finding: ...


@dataclass
class Phraser:
    """Makes lines of one story's sentences and remembers them. `refused` counts what the verifier turned down."""

    parser: Language
    verifier: Check
    people: dict[str, Person]
    sentences: dict[str, list[Unit]]
    refused: int = 0
    _made: dict[Key, Sentence | None] = field(default_factory=dict)
    _quotations: dict[Key, Sentence | None] = field(default_factory=dict)

    def line(self, item: Scored) -> Sentence | None:
        """The sentence as a verified line, reported or quoted; None where neither can be made and carried."""
        key = item.unit.key
        if key not in self._made:
            self._made[key] = self._reported(item) or self._quoted(item)
        return self._made[key]

    def quoted(self, item: Scored) -> Sentence | None:
        """The sentence in its speaker's own words, where those can be shown by themselves."""
        return self._quoted(item)

    def whole(self, item: Scored) -> Sentence | None:
        """The line where it has all the figures of its sentence; else the sentence quoted, if that has them."""
        figures = set(_FIGURES.findall(item.unit.text))
        for line in (self.line(item), self._quoted(item)):
            if line is not None and figures <= set(_FIGURES.findall(line.text)):
                return line
        return None

    def verified(self, text: str, origin: Origin, unit: Unit, *also: Unit) -> Sentence | None:
        """The line, where the verifier finds it carried by the contribution and by nobody else's words; `also` are
        other sentences of the same speaker's that it tells."""
        item = unit.contribution
        ids = tuple(dict.fromkeys(one.contribution.id for one in (unit, *also)))
        words = text.removeprefix(f"{PRESS_FRAME} ") if item.voice is Voice.REPORT else text
        finding = self.verifier.check(words, evidence=ids, speaker=item.speaker, origin=origin)
        if not finding.supported:
            self.refused += 1
            return None
        return Sentence(text, ids, origin, item.speaker)

    def person(self, unit: Unit) -> Person | None:
        return self.people.get(unit.contribution.speaker or "")

    def _reported(self, item: Scored) -> Sentence | None:
        for clause in self._clauses(item.unit):
            if line := self.verified(as_printed(clause.sentence(), item.unit), Origin.REPORTED, item.unit):
                return line
        return None

    def _clauses(self, unit: Unit) -> list[Clause]:
        """What the rules can make of the sentence: the whole of it, else its main clauses one by one."""
        if unit.contribution.voice is Voice.REPORT:
            parsed = parse(self.parser, [unit.text])[0]
            return [clause] if (clause := report_press(parsed)) else []
        person = self.person(unit)
        if person is None:
            return []
        if unit.question or asking(unit.text):
            return self._asked(unit, person)
        text, verb = prepared(self._addressed(unit, person))
        parsed = parse(self.parser, [text])[0]
        whole = report(parsed, person, verb)
        found = [whole] if whole else []
        parts = main_clauses(parsed)
        if len(parts) < 2:
            return found
        texts = [parsed.between(start, end) for start, end in parts]
        texts = [text for text in texts if len(text.split()) >= _SHORTEST_PART and not _OTHERS_WORDS.match(text)]
        for part in parse(self.parser, [prepared(_AFTER_THAT.sub("", text))[0] for text in texts]):
            if clause := report(part, person, verb):
                return [*found, clause]
        return found

    def _asked(self, unit: Unit, person: Person) -> list[Clause]:
        """The sentence's questions as one, else the first of them that the rules can report."""
        minister = person.side is not Side.MINISTER and self._minister_answers(unit)
        after = self._after(unit)
        asked = "the Minister" if minister else after.name if after is not None and after is not person else None
        clauses = []
        for text in questions_of(prepared(self._addressed(unit, person))[0], asked=asked):
            if parted := asking(text):
                how, rest = parted
                clause = report_asking(parse(self.parser, [rest])[0], how, person, asked_minister=minister)
            else:
                clause = report_question(parse(self.parser, [text])[0], person, asked_minister=minister)
            if clause is not None:
                clauses.append(clause)
        frame = f"{person.name} asked "
        if len(clauses) == 2 and all(clause.sentence().startswith(frame) for clause in clauses):
            first, second = (clause.sentence().rstrip(".") for clause in clauses)
            if len(first.split()) + len(second.split()) <= _BOTH_QUESTIONS:
                return [Clause(first, f"and {second.removeprefix(frame)}"), *clauses]
        return clauses

    def _addressed(self, unit: Unit, person: Person) -> str:
        """The text without the names that it calls ("some work, Llyr, around"), and with "the Department" for "her
        Department" where the minister who answers is meant."""
        text = self._called.sub("", unit.text) if self._called else unit.text
        text = _MEMBER_FOR.sub(lambda hit: hit["name"] or self._seats.get(hit["seat"], hit[0]), text)
        text = self._named(text, unit, "{}")
        if person.side is not Side.MINISTER and self._minister_answers(unit):
            text = _HIS_DEPARTMENT.sub(lambda hit: f"{'The' if hit[1].isupper() else 'the'} {hit[2]}", text)
        return text

    @cached_property
    def _seats(self) -> dict[str, str]:
        """Names by constituency: whom "the hon. Member for Norminster" means."""
        spoken = (units[0].contribution for units in self.sentences.values() if units)
        return {
            item.constituency: person.name
            for item in spoken
            if item.constituency and (person := self.people.get(item.speaker or ""))
        }

    @cached_property
    def _called(self) -> re.Pattern[str] | None:
        firsts = {person.name.split()[0] for person in self.people.values() if person.named and " " in person.name}
        firsts = {name for name in firsts if name.isalpha() and len(name) > 2 and name not in _TITLES}
        return re.compile(rf",\s(?:{'|'.join(sorted(firsts))})(?=[,.?])") if firsts else None

    def _minister_answers(self, unit: Unit) -> bool:
        """Whether a minister speaks next after the unit's contribution, to whom its questions are then put."""
        if (after := self._after(unit)) is not None:
            return after.side is Side.MINISTER
        return any(other.side is Side.MINISTER for other in self.people.values())

    def _after(self, unit: Unit) -> Person | None:
        """Who speaks next, the Chair apart."""
        return self._neighbours.get(unit.contribution.id, (None, None))[1]

    def _before(self, unit: Unit) -> Person | None:
        """Who spoke before, the Chair apart."""
        return self._neighbours.get(unit.contribution.id, (None, None))[0]

    @cached_property
    def _neighbours(self) -> dict[str, tuple[Person | None, Person | None]]:
        spoken = [(id_, person) for id_, units in self.sentences.items() if units and (person := self.person(units[0]))]
        spoken = [(id_, person) for id_, person in spoken if not person.chair]
        before = [None, *(person for _, person in spoken)]
        after = [*(person for _, person in spoken[1:]), None]
        return {id_: (one, other) for (id_, _), one, other in zip(spoken, before, after, strict=False)}

    def _named(self, text: str, unit: Unit, form: str) -> str:
        """The text of a minister's reply with the name of whom it answers for "the hon. Lady", as `form` puts it."""
        person, asker = self.person(unit), self._before(unit)
        if person is None or asker is None or person.side is not Side.MINISTER or not asker.named or asker is person:
            return text

        def name(hit: re.Match[str]) -> str:
            who = hit["who"]
            if asker.side is Side.MINISTER or (who == "Friend") != (asker.side is Side.GOVERNMENT_BACK_BENCH):
                return hit[0]
            if (who in {"Lady", "Baroness"} and asker.pronoun == "he") or (
                who == "Gentleman" and asker.pronoun == "she"
            ):
                return hit[0]
            if (who == "Lord" and not asker.name.startswith("Lord")) or (
                who == "Baroness" and "Baroness" not in asker.name
            ):
                return hit[0]
            return form.format(asker.name + (hit["whose"] or ""))

        return _HON.sub(name, text)

    def _quoted(self, item: Scored) -> Sentence | None:
        """The sentence quoted, where its words point at nothing outside it."""
        key = item.unit.key
        if key not in self._quotations:
            self._quotations[key] = self._quotation(item.unit) if item.clear else None
        return self._quotations[key]

    def _quotation(self, unit: Unit) -> Sentence | None:
        parsed = parse(self.parser, [self._named(unit.text, unit, "[{}]")])[0]
        around = self.sentences.get(unit.contribution.id, ())
        earlier = [
            other.text
            for other in around
            if unit.index - 3 < other.index < unit.index and len(other.text.split()) <= LONGEST_SENTENCE
        ]
        press = unit.contribution.voice is Voice.REPORT
        made = quote(
            parsed, parse(self.parser, earlier) if earlier else (), **({"longest": PRESS_QUOTATION} if press else {})
        )
        return self.verified(made.text, made.origin, unit) if made else None


def spoken_frame(person: Person | None) -> str:
    """What a report of the person's begins with; without one, an article's."""
    return f"{person.name} said that" if person else PRESS_FRAME


def told_at(row: tuple[Scored, Sentence]) -> tuple[int, int, int]:
    """Where the line's sentence stands in what was read."""
    return row[0].unit.place


def as_printed(text: str, *units: Unit) -> str:
    """A capital only where the evidence has it: "the Government" that stands for "we", "the Minister" for "he", are no
    names of the source's own unless it names them."""
    items = [unit.contribution for unit in units]
    printed = " ".join(f"{item.text} {item.speaker or ''} {item.role or ''}" for item in items)
    for word in ("Government", "Minister"):
        if word not in printed:
            text = text.replace(f"the {word}", f"the {word.lower()}")
    return text


def joined(lines: Sequence[Sentence], frame: str, verifier: Check | None = None) -> tuple[Sentence, ...]:
    """Neighbouring reports in one frame as one sentence: "Name said that A, and that B." Nothing else is changed; with
    a verifier, they stay two where it does not find the one carried."""
    frame = f"{frame} "
    result: list[Sentence] = []
    for line in lines:
        last = result[-1] if result else None
        fits = (
            last is not None
            and last.origin is line.origin is Origin.REPORTED
            and last.text.startswith(frame)
            and line.text.startswith(frame)
            and ", and that " not in last.text
            and len(last.text.split()) + len(line.text.split()) <= 44
        )
        if last is not None and fits:
            text = f"{last.text.rstrip('.')}, and that {line.text.removeprefix(frame)}"
            ids = tuple(dict.fromkeys((*last.evidence, *line.evidence)))
            words = text.removeprefix(f"{PRESS_FRAME} ") if frame.startswith(PRESS_FRAME) else text
            if (
                verifier is None
                or verifier.check(words, evidence=ids, speaker=line.speaker, origin=line.origin).supported
            ):
                result[-1] = Sentence(text, ids, line.origin, line.speaker)
                continue
        result.append(line)
    return tuple(result)
