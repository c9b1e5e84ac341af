"""Criticism of somebody named: which lines are that, and what is said where nobody answered it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.domain import Sentence
from bot.summarise.cues import critical
from bot.summarise.people import Person

_TITLES = frozenset("sir dame lord lady baroness mr mrs ms dr the hon right rt of earl bishop am ms mp msp".split())
_TITLED = re.compile(
    r"\b(?:Sir|Dame|Lord|Lady|Baroness|Viscount|Earl) [A-Z][\w’'-]+(?: of [A-Z][\w’'-]+| [A-Z][\w’'-]+)?"
)
_ONLY_TELLS = re.compile(
    r"^(?:’s|'s)? ?(?:\w+ ){0,1}(?:says?|said|finds?|found|records?|recorded|recommend\w*|conclud\w*|is (?:\w+ )?clear|"
    r"has asked|asked|told|tells|set out|sets out|report\w*|review|reviews|calls?|warn\w*)\b"
)
_AFTER, _BEFORE = 6, 4
"""Words after or before a name within which fault is found with whom it names."""


def criticised(line: Sentence, persons: dict[str, Person]) -> tuple[str, ...]:
    """The names of those with whom the line finds fault: speakers of the document other than its own, and holders of a
    title whom it names."""
    own = persons.get(line.speaker or "")
    text = line.text.strip("“”…")
    text = text.removeprefix(own.name) if own else text
    if not critical(text):
        return ()
    names = {person.name: _surname(person.name) for label, person in persons.items() if label != line.speaker}
    found = [name for name, surname in names.items() if surname and _faulted(text, rf"{re.escape(surname)}")]
    known = {surname for surname in names.values() if surname} | ({_surname(own.name)} if own else set())
    for hit in _TITLED.finditer(text):
        if not known & set(hit[0].split()) and _faulted(text, re.escape(hit[0])):
            found.append(hit[0])
    return tuple(dict.fromkeys(found))


def unanswered(lines: Iterable[tuple[Sentence, bool]], persons: dict[str, Person]) -> list[str]:
    """A note for each whom a shown line criticises and for whom nobody answers; each line comes with whether the
    digest shows a reply to it."""
    notes = []
    for line, answered in lines:
        speaker = persons.get(line.speaker or "")
        if not answered and speaker is not None and (names := criticised(line, persons)):
            notes.append(f"No reply in this debate to what {speaker.name} said of {' and '.join(names)}.")
    return list(dict.fromkeys(notes))


def _faulted(text: str, name: str) -> bool:
    for hit in re.finditer(rf"\b{name}\b", text):
        after = text[hit.end() :]
        near = " ".join(after.split()[:_AFTER])
        before = " ".join(text[: hit.start()].split()[-_BEFORE:])
        if not _ONLY_TELLS.match(after.lstrip()) and (critical(near) or critical(before)):
            return True
    return False


def _surname(name: str) -> str:
    words = [word for word in name.split() if word.lower().strip(".,") not in _TITLES and word[:1].isupper()]
    return words[-1] if words else ""
