"""What a story's newer digest tells that the one before did not: an update that adds nothing posts nothing.

News is what was said, or reported, after the digest before was made. That another line was chosen from the same words
is none, and nor is a comma.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from bot.domain import Contribution, Coverage, Digest, Document, Kind, Known, Sentence, Voice
from bot.summarise.people import plain_name

_PUT_IN = re.compile(r"\[[^\]]*\]|…|[“”]")
_NAMED = 3
"""Newcomers and publishers that are named; more are counted, and so is a name too long for a line."""
_LONGEST = 60
_MOSTLY = 0.8


def known(documents: Iterable[Document]) -> Known:
    read = list(documents)
    return Known(
        frozenset(_key(each) for each in read),
        frozenset(
            mark for each in read for item in each.contributions for mark in (_mark(item), _marked(item.speaker or ""))
        ),
    )


def unchanged(before: Digest, of: Known, after: Digest, documents: Sequence[Document]) -> bool:
    """Whether a reader of the digest before would learn nothing from the one after, and nothing there is wrong."""
    if (before.id, before.title, before.headline, before.date, before.house, before.url, before.notes) != (
        (after.id, after.title, after.headline, after.date, after.house, after.url, after.notes)
    ):
        return False
    return not _parts(before, of, after, documents) and _stands(before, of, after, documents)


def news(before: Digest, of: Known, after: Digest, documents: Sequence[Document]) -> tuple[Sentence, ...]:
    """The lines of the digest after that rest on words unheard before and say what no line before said."""
    said = _by_id(documents)
    told = list(before.sentences())
    return tuple(
        line
        for line in after.sentences()
        if any(_mark(item) not in of.heard for name in line.evidence for item in said.get(name, ()))
        and not any(_alike(line, other) or _corrects(line, other) for other in told)
    )


def line(before: Digest, of: Known, after: Digest, documents: Sequence[Document]) -> str:
    """What is new in the digest after, for a reader of the one before; empty where nothing is."""
    parts = _parts(before, of, after, documents)
    if not parts and not all(_carried(each, of, _by_id(documents)) for each in before.sentences()):
        return "The record was corrected."
    return f"New: {'; '.join(parts)}." if parts else ""


def _parts(before: Digest, of: Known, after: Digest, documents: Sequence[Document]) -> list[str]:
    """What is new, in a reader's words; empty where nothing is."""
    principal = next((each for each in documents if each.id == after.id), None)
    joined = [each for each in documents if _key(each) not in of.documents and each.kind is not Kind.ARTICLE]
    parts = list(dict.fromkeys(_called(each, principal) for each in joined))
    if publishers := _publishers(before, after):
        parts.append(f"reported by {_listed(publishers)}")
    lines = news(before, of, after, documents)
    if people := _newcomers(of, after, documents):
        what = "more speaker" if len(people) == 1 else "more speakers"
        named = [name for name in people if len(name) <= _LONGEST]
        parts.append(f"{len(people)} {what}" + (f" ({_listed(people)})" if named else ""))
    if any(line in after.next for line in lines):
        parts.append("what is to be done next")
    if lines and not parts:
        told = dict.fromkeys(plain_name(line.speaker) for line in lines if line.speaker)
        parts.append(f"more from {_listed(list(told))}" if told else "more of the text")
    return parts


def _stands(before: Digest, of: Known, after: Digest, documents: Sequence[Document]) -> bool:
    """Whether each line of the digest before still has its words in the record, and each report still tells of it."""
    if not {*before.coverage} <= {*after.coverage}:
        return False
    said = _by_id(documents)
    again = {(line.text, line.speaker) for line in after.sentences()}
    return all((line.text, line.speaker) in again or _carried(line, of, said) for line in before.sentences())


def _carried(line: Sentence, of: Known, said: Mapping[str, Sequence[Contribution]]) -> bool:
    items = [said.get(name, ()) for name in line.evidence]
    if all(any(_mark(item) in of.heard for item in each) for each in items):
        return True
    if not line.origin.quotes:
        return False
    pieces = [piece for part in _PUT_IN.split(line.text) if (piece := " ".join(part.split()))]
    return any(_in_order(pieces, " ".join(item.text.split())) for each in items for item in each)


def _in_order(pieces: Iterable[str], text: str) -> bool:
    at = 0
    for piece in pieces:
        found = text.find(piece.rstrip(".,;: "), at)
        if found < 0:
            return False
        at = found + len(piece)
    return True


def _newcomers(of: Known, after: Digest, documents: Sequence[Document]) -> list[str]:
    """Who has a line or is counted in the digest after, and had said nothing before; in the order of speaking."""
    shown = {name for line in after.sentences() for name in line.evidence} | set(after.others.evidence)
    spoke = (
        item.speaker
        for document in documents
        for item in document.contributions
        if item.speaker and item.voice is Voice.SPEECH and {item.id, f"{document.id}/{item.id}"} & shown
    )
    return [plain_name(speaker) for speaker in dict.fromkeys(spoke) if _marked(speaker) not in of.heard]


def _publishers(before: Digest, after: Digest) -> list[str]:
    held = {mark for item in before.coverage for mark in _covered(item)}
    new = [item for item in after.coverage if not held & _covered(item)]
    return list(dict.fromkeys(item.publisher or "the press" for item in new))


def _covered(item: Coverage) -> set[str]:
    """By which a report is known again: its address, or what it is called there."""
    return {f"{item.publisher}: {' '.join(_words(item.title))}", *([item.url] if item.url else [])}


def _called(document: Document, principal: Document | None) -> str:
    """What a paper of Parliament is to the story that it joins."""
    house = f" in the {document.house}" if document.house else ""
    if document.source == "statements":
        return "the written statement"
    if document.kind is Kind.QUESTION:
        return f"a question{house}"
    if document is principal:
        return f"the {document.kind.value}{house}"
    if principal is not None and document.house == "Lords" and principal.house != "Lords":
        return "the Lords repeat" if document.title == principal.title else f"a {document.kind.value} in the Lords"
    return f"a {document.kind.value}{house}"


def _listed(names: Sequence[str]) -> str:
    shown = [name for name in names if len(name) <= _LONGEST][:_NAMED]
    if len(names) > len(shown):
        shown.append(f"{len(names) - len(shown)} more" if shown else f"{len(names)}")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _by_id(documents: Sequence[Document]) -> dict[str, list[Contribution]]:
    """Contributions by the ids that a digest may call them by: where two documents share one, the second's has its
    document's before it."""
    found: dict[str, list[Contribution]] = {}
    for document in documents:
        for item in document.contributions:
            found.setdefault(item.id, []).append(item)
            found.setdefault(f"{document.id}/{item.id}", []).append(item)
    return found


def _key(document: Document) -> str:
    return f"{document.source}/{document.id}"


def _mark(item: Contribution) -> str:
    """What stands for a contribution's words and speaker, however they are spaced, pointed or capitalised."""
    return _marked(" ".join([item.speaker or "", *_words(item.text)]))


def _marked(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def _words(text: str) -> list[str]:
    return re.findall(r"[\w’'£%]+", text.lower())


def _alike(line: Sentence, other: Sentence) -> bool:
    """Whether a line says nearly nothing beyond the other, and no other number."""
    words = _words(line.text)
    beyond = Counter(words) - Counter(_words(other.text))
    if any(any(letter.isdigit() for letter in word) for word in beyond) or {"not", "no", "never"} & beyond.keys():
        return False
    return sum(beyond.values()) <= (1 - _MOSTLY) * len(words)


def _corrects(line: Sentence, other: Sentence) -> bool:
    """Whether it is the other line with a word or two of the record changed."""
    if not set(line.evidence) & set(other.evidence):
        return False
    one, two = Counter(_words(line.text)), Counter(_words(other.text))
    return sum(((one - two) + (two - one)).values()) <= max(2, (1 - _MOSTLY) * sum(two.values()))
