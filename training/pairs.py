"""Pairs that teach the writer its frame: a speaker's words, and one sentence of reported speech that says the same.

They are made by rule from transcripts. The rules that report speech in a digest turn one sentence; here the turned
sentences are also joined in twos, stripped of asides, and widened to what those rules leave to the writer ("we" of one
who is no minister, "can you tell us how …"). A pair is kept only where the verifier finds the report carried by the
words and the report has the form that the writer's answers must have.
"""

from __future__ import annotations

import itertools
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from bot.domain import Contribution, Origin
from bot.inference.models import Models
from bot.summarise.language import foreign
from bot.summarise.openings import prepared
from bot.summarise.parsing import main_clauses, parse
from bot.summarise.people import Person, Side, people
from bot.summarise.questions import asking, report_asking, report_question
from bot.summarise.report import report
from bot.summarise.sentences import Unit, units
from bot.summarise.verify import Verifier
from bot.summarise.write import LONGEST, Request, formed

_FIRST = "Asha Bram Cerys Dai Edwina Fergus Gwen Hamza Iona Joss Kofi Lena Mair Niall Olwen Priya Quentin Rhona".split()
_LAST = (
    "Abbotsley Brackenbury Cutler Dunmore Eastham Farrow Gethin Holroyd Inskip Jessop Kettleby Loxley Marchmont "
    "Nettleton Ormesby Pellow Quarrington Rushbrook Saltmarsh Thirlby Umberleigh Varley Wexcombe Yarrow"
).split()
_TITLES = ("", "", "", "Mr", "Mrs", "Ms", "Sir", "Dame", "Lord", "Baroness", "Dr", "Professor")
_ASIDE = re.compile(
    r",? (?:of course|frankly|obviously|clearly|actually|basically|certainly|I think|I suppose|I would say|as I said|"
    r"I have to say|as I say|if you like|you know|in fact|if I may|with respect|to be honest|I believe|I must say|"
    r"as you know|for example|for instance|quite rightly|by the way|really|Chair|Mr\.? Chair|Madam Chair|Minister|"
    r"again|indeed)(?:, |(?=[.?!]))"
)
_HEAD = re.compile(
    r"^(?:(?:well|so|and|but|yes|no|okay|now|look|again|obviously|actually|of course|i mean|you know|certainly|"
    r"absolutely|right|also|as i said|thank you(?: very much)?(?:,? (?:chair|minister|mr\.? chair))?)[,.]? )+",
    re.IGNORECASE,
)
_OPENERS = (
    "Well, ", "And ", "So, ", "But ", "Mr Speaker, ", "My Lords, ", "Frankly, ", "Again, ", "Of course, ", "Now, ",
    "As I said, ", "Indeed, ", "Thank you, Chair. ", "I thank the hon. Gentleman for that. ", "Obviously, ",
)  # fmt: skip
_TELL_ME = re.compile(
    r"^(?:(?:(?:can|could|will|would) (?:you|i ask you to) (?:please |just |maybe |perhaps |briefly |also )*"
    r"(?:tell|say|explain|set out|outline|clarify|confirm|describe)(?: to)?"
    r"(?: us| me| the committee)?)|"
    r"(?:i am|i'm) (?:just |also )?(?:wondering|keen to (?:know|understand|find out))|i (?:just )?wondere?d?|"
    r"i (?:would|'d) (?:just |also )*(?:like|want) to (?:know|ask|understand)|i (?:just )?(?:want|wanted) to "
    r"(?:know|ask)(?: you)?) (?P<how>whether|if|what|when|how|why|which|who|where) (?P<rest>[^?]+)\??$",
    re.IGNORECASE,
)
_GIVE_ME = re.compile(
    r"^(?:can|could|will|would) you (?:please |just |maybe |perhaps |briefly |also )*(?:(?P<on>talk(?: to us)? about|"
    r"comment on|expand on|elaborate on|say (?:something|more|a bit more|a little(?: bit)?(?: more)?) about)|give us|"
    r"give me|outline|set out|provide(?: us with)?|describe|share) (?P<what>[^?,;]+)\?$",
    re.IGNORECASE,
)
_BROKEN = re.compile(
    r"[—–;:…]|\b(?:the|a|an|to|of|and|or|that|in|is|was|had|have|for|with|but)[.?!]?$|"
    r"\b(?:item \d|shall I say|how do)\b",
    re.IGNORECASE,
)
_SUBJECT = re.compile(r"(?P<noun>The [a-z]+|[A-Z][a-z]+ [A-Z][a-z]+) (?=is|was|has|had|will|did|does|can|said|\w+ed )")
_EITHER = re.compile(
    r"\b(?:you|your|I|me|my|we|us|our|is|are|has|have|will|can|he|she|it|they|this|that|these)\b", re.I
)
_WE = "the Delegates"
_BEFORE_THEM = r"of|to|for|with|by|from|on|at|about|help\w*|let|give\w*|allow\w*|gave|tell|told"
_WE_FORMS = (
    (r"\bwe['’]ve\b", f"{_WE} have"), (r"\bwe['’]re\b", f"{_WE} are"), (r"\bwe['’]ll\b", f"{_WE} will"),
    (r"\bwe\b", _WE), (r"\bus\b", _WE), (r"\bours\b", "theirs"), (r"\bour\b", f"{_WE}’"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pair:
    """What the writer is given and what it should answer; `kind` says how the pair was made."""

    kind: str
    request: Request
    answer: str


@dataclass(frozen=True, slots=True)
class Taught:
    """One sentence of a transcript as the rules report it."""

    unit: Unit
    person: Person
    text: str
    answer: str


def pairs(file: Path, models: Models, *, seed: int = 11) -> list[Pair]:
    """Every pair that a file of QMSum's meetings gives, in a settled order."""
    chance = random.Random(seed)
    found: list[Pair] = []
    seen: set[str] = set()
    for line in file.read_text(encoding="utf-8").splitlines():
        turns = json.loads(line)["meeting_transcripts"]
        items = [Contribution(f"t{number}", turn["content"], turn["speaker"]) for number, turn in enumerate(turns)]
        if foreign(" ".join(item.text for item in items)[:4000]):
            continue
        for pair in _of_meeting(items, models, chance):
            body = pair.answer.removeprefix(pair.request.person.name)
            if body not in seen:
                seen.add(body)
                found.append(pair)
    return found


def _of_meeting(items: list[Contribution], models: Models, chance: random.Random) -> Iterator[Pair]:
    known = people(items, None)
    for item in items:
        person = known.get(item.speaker or "")
        if person is None or person.chair or not person.named or len(item.text.split()) < 12:
            continue
        person = person if chance.random() < 0.35 else _invented(chance)
        said = list(units([replace(item, speaker=person.label, role=person.role)]))
        taught = [made for unit in said if (made := _taught(unit, person, models)) is not None]
        yield from _kept(_alone(taught, chance) + _joined(taught, chance), models)


def _invented(chance: random.Random) -> Person:
    title, last = chance.choice(_TITLES), chance.choice(_LAST)
    name = f"{title} {last}" if title in {"Lord", "Baroness"} else f"{title} {chance.choice(_FIRST)} {last}".strip()
    governs = chance.random() < 0.4
    role = f"Minister for {chance.choice(('Security', 'Education', 'Health', 'Justice', 'Sport'))}" if governs else None
    return replace(
        people([Contribution("c", "", name, role=role)], None)[name], side=Side.MINISTER if governs else Side.OTHER
    )


def _taught(unit: Unit, person: Person, models: Models) -> Taught | None:
    if not 6 <= len(unit.text.split()) <= 60 or _BROKEN.search(unit.text):
        return None
    text = _HEAD.sub("", unit.text)
    text = _ASIDE.sub(" ", text).replace(" .", ".").replace(" ?", "?").strip()
    if person.side is not Side.MINISTER:
        for form, word in _WE_FORMS:
            text = re.sub(form, word, text, flags=re.IGNORECASE)
    text = text[:1].upper() + text[1:]
    answer = _reported(text, person, models)
    if answer is None:
        return None
    return Taught(unit, person, text, _they(answer))


def _they(answer: str) -> str:
    """ "They" for the noun that stood in for "we" while the rules worked."""
    answer = re.sub(rf"{_WE}[’']", "their", answer)
    answer = re.sub(rf"\b({_BEFORE_THEM}) {_WE}\b", r"\1 them", answer)
    return answer.replace(_WE, "they")


def _reported(text: str, person: Person, models: Models) -> str | None:
    if found := _TELL_ME.match(text):
        how = "whether" if found["how"].lower() == "if" else found["how"].lower()
        clause = report_asking(parse(models.parser, [found["rest"]])[0], how, person, asked_minister=False)
        return clause.sentence() if clause else None
    if found := _GIVE_ME.match(text):
        about = "about" if found["on"] else "for"
        return None if _EITHER.search(found["what"]) else f"{person.name} asked {about} {found['what'].strip()}."
    if found_asking := asking(text):
        how, rest = found_asking
        clause = report_asking(parse(models.parser, [rest])[0], how, person, asked_minister=False)
        return clause.sentence() if clause else None
    bare, verb = prepared(text)
    parsed = parse(models.parser, [bare])[0]
    if text.rstrip().endswith("?"):
        asks_minister = person.side is not Side.MINISTER and "minister" in text.lower()
        clause = report_question(parsed, person, asked_minister=asks_minister)
        return clause.sentence() if clause else None
    if (clause := report(parsed, person, verb)) is not None:
        return clause.sentence()
    parts = main_clauses(parsed)
    if len(parts) < 2:
        return None
    made = []
    for start, end in parts:
        one = parse(models.parser, [prepared(parsed.between(start, end))[0]])[0]
        if (clause := report(one, person, verb)) is None:
            return None
        made.append(clause.sentence())
    answer = made[0]
    for other in made[1:]:
        answer = join(answer, other, person.name)
    return answer


def join(one: str, other: str, name: str) -> str:
    """Two reports of one speaker in one sentence, the name and what the frames share said once."""
    first, second = one.rstrip("."), other.rstrip(".").removeprefix(f"{name} ")
    frame = first.removeprefix(f"{name} ")
    for shared in ("said that they ", "said that the Government "):
        if frame.startswith(shared) and second.startswith(shared) and ", and " not in frame:
            return f"{first}, and {second.removeprefix(shared)}."
    if frame.startswith("said that ") and second.startswith("said that "):
        return f"{first}, and {second.removeprefix('said ')}."
    if frame.startswith("asked ") and second.startswith("asked "):
        return f"{first}, and {second.removeprefix('asked ')}."
    return f"{first}, and {second}."


def _alone(taught: list[Taught], chance: random.Random) -> list[Pair]:
    found: list[Pair] = []
    for made in taught:
        words = made.unit.text
        kind = "cut" if len(made.text.split()) < len(_HEAD.sub("", words).split()) else "plain"
        kind = "question" if " asked " in made.answer[:60] else kind
        kind = "we" if re.search(r"\b[Ww]e\b|\b[Oo]ur\b", words) and kind == "plain" else kind
        if kind == "plain" and chance.random() < 0.4:
            opener, kind = chance.choice(_OPENERS), "cut"
            words = opener + (
                words if words.startswith("I") or opener.endswith(". ") else words[:1].lower() + words[1:]
            )
        elif kind == "plain" and (bracketed := _bracketed(words, made.answer, chance)):
            words, kind = bracketed, "bracket"
        found.append(Pair(kind, Request(made.person, (words,)), made.answer))
    return found


def _bracketed(words: str, answer: str, chance: random.Random) -> str | None:
    """The subject in square brackets, as a pronoun's noun stands in evidence: the report has it without them."""
    head = _SUBJECT.match(words)
    if head is None or chance.random() < 0.3:
        return None
    noun = head["noun"]
    inside = noun if not noun.startswith("The ") else noun[:1].lower() + noun[1:]
    return f"[{inside}]{words[len(noun) :]}" if inside in answer else None


def _joined(taught: list[Taught], chance: random.Random) -> list[Pair]:
    found: list[Pair] = []
    for one, other in itertools.pairwise(taught):
        if other.unit.index - one.unit.index > 6:
            continue
        answer = join(one.answer, other.answer, one.person.name)
        if len(answer.split()) <= LONGEST:
            found.append(Pair("join", Request(one.person, (one.unit.text, other.unit.text)), answer))
    return found


def _kept(found: list[Pair], models: Models) -> Iterator[Pair]:
    for pair in found:
        person = pair.request.person
        if formed(pair.answer, pair.request) is None:
            continue
        text = " ".join(pair.request.words).replace("[", "").replace("]", "")
        item = Contribution("c1", text, person.label, role=person.role)
        if (
            Verifier([item], models.parser, models.encoder)
            .check(pair.answer, evidence=("c1",), speaker=person.label, origin=Origin.WRITTEN)
            .supported
        ):
            yield pair
