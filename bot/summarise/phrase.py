"""One chosen sentence becomes one line: reported by rule where a rule suffices, quoted where it would have to guess.

Every line passes the verifier here, or is not made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from bot.domain import Origin, Sentence, Voice
from bot.summarise.openings import prepared
from bot.summarise.own_acts import Clause
from bot.summarise.parsing import main_clauses, parse
from bot.summarise.people import Person, Side
from bot.summarise.questions import asking, questions_of, report_asking, report_question
from bot.summarise.quote import quote
from bot.summarise.report import PRESS_FRAME, report, report_press
from bot.summarise.select import LONGEST_SENTENCE, Scored
from bot.summarise.sentences import Unit

if TYPE_CHECKING:
    from spacy.language import Language

    from bot.summarise.verify import Finding

PRESS_QUOTATION = 25
"""The most words of a publisher's own that a digest may quote."""
_BOTH_QUESTIONS = 36
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
    _made: dict[int, Sentence | None] = field(default_factory=dict)

    def line(self, item: Scored) -> Sentence | None:
        """The sentence as a verified line, reported or quoted; None where neither can be made and carried."""
        if item.row not in self._made:
            self._made[item.row] = self._reported(item) or (self._quoted(item) if item.clear else None)
        return self._made[item.row]

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
        text, verb = prepared(unit.text)
        parsed = parse(self.parser, [text])[0]
        if whole := report(parsed, person, verb):
            return [whole]
        parts = main_clauses(parsed)
        if len(parts) < 2:
            return []
        texts = [parsed.between(start, end) for start, end in parts]
        found = []
        for part in parse(self.parser, [prepared(text)[0] for text in texts if len(text.split()) >= 6]):
            if clause := report(part, person, verb):
                found.append(clause)
        return found[:1]

    def _asked(self, unit: Unit, person: Person) -> list[Clause]:
        """The sentence's questions as one, else the first of them that the rules can report."""
        minister = person.side is not Side.MINISTER and self._minister_answers(unit)
        clauses = []
        for text in questions_of(prepared(unit.text)[0], asked_minister=minister):
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

    def _minister_answers(self, unit: Unit) -> bool:
        """Whether a minister speaks next after the unit's contribution, to whom its questions are then put."""
        ids = list(self.sentences)
        after = ids.index(unit.contribution.id) + 1 if unit.contribution.id in self.sentences else len(ids)
        for id_ in ids[after:]:
            if (units := self.sentences[id_]) and (person := self.person(units[0])) and not person.chair:
                return person.side is Side.MINISTER
        return any(other.side is Side.MINISTER for other in self.people.values())

    def _quoted(self, item: Scored) -> Sentence | None:
        unit = item.unit
        parsed = parse(self.parser, [unit.text])[0]
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


def as_printed(text: str, *units: Unit) -> str:
    """A capital only where the evidence has it: "the Government" that stands for "we", "the Minister" for "he", are no
    names of the source's own unless it names them."""
    items = [unit.contribution for unit in units]
    printed = " ".join(f"{item.text} {item.speaker or ''} {item.role or ''}" for item in items)
    for word in ("Government", "Minister"):
        if word not in printed:
            text = text.replace(f"the {word}", f"the {word.lower()}")
    return text


def joined(lines: Sequence[Sentence], frame: str) -> tuple[Sentence, ...]:
    """Neighbouring reports in one frame as one sentence: "Name said that A, and that B." Nothing else is changed."""
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
            result[-1] = Sentence(
                text, tuple(dict.fromkeys((*last.evidence, *line.evidence))), line.origin, line.speaker
            )
        else:
            result.append(line)
    return tuple(result)
