"""The writer's part: a speaker's chosen words as one sentence of reported speech, where the rules would have quoted, or
two neighbouring lines as one.

What goes to the model has no pronoun that points out of it; what comes back must have the form of a report, and is
shown only where the verifier finds it carried. In doubt the line stays as it was.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lemminflect import getAllLemmas

from bot.domain import Origin, Sentence
from bot.splitting import split
from bot.summarise.cues import courtesy, procedure
from bot.summarise.openings import prepared
from bot.summarise.parsing import Parsed, parse, subject
from bot.summarise.people import Person, Side
from bot.summarise.phrase import as_printed
from bot.summarise.select import Scored
from bot.summarise.sentences import Key, Unit

if TYPE_CHECKING:
    from spacy.tokens import Token

    from bot.inference.writer import Writer
    from bot.summarise.phrase import Phraser

Line = tuple[Scored, Sentence]

_MOST_SOURCE = 75
"""Words of evidence that go to the writer for one sentence."""
_FURTHER_WORDS = 26
"""Words that a following sentence may have to be told with the one before it."""
_NEAR = (1, -1, 2, -2, 3)
"""Which sentences of the paragraph a report may be told with, counted from its own."""
_KEPT = 0.45
"""The share of each source sentence's content words that a written one keeps."""
LONGEST = 45
"""Words that a written sentence may have."""
_FIRST = re.compile(r"\b(?:I|me|my|mine|myself)\b")
_WE = re.compile(r"\b(?:we|us|our|ours|ourselves)\b", re.IGNORECASE)
_FIRST_OR_SECOND = re.compile(r"\b(?:I|me|my|mine|we|us|our|ours|you|your|yours|ourselves|myself|yourself)\b", re.I)
_MARKS = re.compile(
    r"[“”\"\[\]{}<>*_#|…]|\s[-–—]\s|(?<!\w)[‘']|\bhon\.|\bnoble\b|\blearned friend\b|"
    r"\b(?:Mr|Madam)\.? ?(?:Chair|Speaker)\b"
)
_FOREIGN = re.compile(
    r"[“”‘\"—–;…]|[.?!]['’]$|\bhon\.|\bnoble\b|\bopposite\b|\bLordships?\b|\bthis (?:morning|afternoon|evening)\b|"
    r"\bof us\b|\bus all\b|\bas it['’]s\b|\bthe (?:same|former|latter|above)\b(?! (?:time|as|day)\b)",
    re.IGNORECASE,
)
"""What the writer is not given: others' words within a speaker's, broken sentences, the House's forms of address."""
_ASIDE = re.compile(
    r", (?:of course|frankly|obviously|clearly|actually|I think|I suppose|as I said|indeed|for example|for instance|"
    r"in fact|I believe|if I may|quite rightly|to be honest)\b",
    re.IGNORECASE,
)
_PRESENT = re.compile(r"\b(?:is|are|am|has|will|shall|can|today|tomorrow|yesterday|tonight)\b|n[’']t\b")
_ASKS = re.compile(r"\?$|\b(?:ask|asked|wonder\w*|question|know|understand|whether)\b", re.IGNORECASE)
_STOP = frozenset(
    "that this with have been were will would from they them their there what when which about into your very just "
    "also said asked then than some because think really going know does".split()
)
_LEANS = re.compile(
    r"(?:because|otherwise|instead|therefore|then|so|thus|hence|if so|for example|for instance|rather|after all|"
    r"in other words|either way|likewise|similarly|equally|nor)\b",
    re.IGNORECASE,
)
"""What ties a sentence to the one before by more than "and"."""
_IT = frozenset("it its itself".split())
_YOU = frozenset("you your yours yourself".split())
_MANY = frozenset("people police government who those everyone committee council".split())
_AGAIN = re.compile(r"\b(\w+(?: \w+){0,4}) \1\b")
_TIES = frozenset(
    "who whom whose which because since although though despite unless until without if not no never nor after before "
    "during while when".split()
)
"""Words that tie or deny, of which a report has none but the speaker's."""
_STRENGTHS = (
    (r"will|would|shall|won[’']t|wouldn[’']t|\w+[’'](?:ll|d)", "would|undertook"),
    (r"can|could|can[’']t|cannot|couldn[’']t", "could"),
    ("may|might", "may|might"),
    ("must", "must|had to"),
    ("should|shouldn[’']t|ought", "should|ought"),
)
"""What a speaker says of a thing's strength, and what becomes of it in reported speech."""
_THEY = frozenset("they them their theirs".split())
_HE, _SHE = frozenset("he him his himself".split()), frozenset("she her hers herself".split())
_SAYING = re.compile(
    r"(?:said|asked|announced|confirmed|undertook|welcomed|agreed|thought|believed|hoped|supported|opposed|urged|called|"
    r"accepted|acknowledged|recognised|recognized|regretted|warned|added|explained|noted|was|had|wanted|expected|"
    r"questioned|criticised|condemned|argued|insisted|repeated|apologised|suggested|encouraged|disagreed|understood|"
    r"promised|committed|invited|doubted|feared|proposed|rejected|pressed|told|stressed|reported|recommended|looked|"
    r"did|could|would|wished|knew|paid|thanked|intended|planned|also|saw|felt|made|met|worked|took|wondered|went)\b"
)


@dataclass(frozen=True, slots=True)
class Request:
    """One speaker's words for one sentence: one of theirs, or two in the order in which they were said."""

    person: Person
    words: tuple[str, ...]


def prompt(request: Request) -> str:
    """What the writer is asked, in training as in use."""
    person, words = request.person, "\n".join(request.words)
    notes = ""
    if _WE.search(words):
        notes += "“We” is the Government. " if person.side is Side.MINISTER else "“We” is “they”. "
    if _FIRST.search(words):
        notes += f"“I” is “{person.pronoun}”. " if person.pronoun else "Do not write “he” or “she” for “I”. "
    return (
        f"Report in one sentence what {person.name} said or asked, in the third person and the past tense. "
        f"{notes}Begin with “{person.name}”, keep figures and names, and add nothing.\n\n{person.name}: {words}"
    )


def formed(answer: str, request: Request) -> str | None:
    """The answer's first sentence, where it has the form of one report of this speaker; else None."""
    sentences = split(" ".join(answer.split()).strip(' "“”'))
    if not sentences:
        return None
    text, name = sentences[0], request.person.name
    said = " ".join(request.words).lower()
    rest = text.removeprefix(f"{name} ")
    words = re.findall(r"[\w’'-]+", rest.lower())
    if (
        rest == text
        or not text.endswith(".")
        or not 5 <= len(text.split()) <= LONGEST
        or not _SAYING.match(rest)
        or name in rest
        or _MARKS.search(text)
        or _FIRST_OR_SECOND.search(rest)
        or _PRESENT.search(rest)
        or _repeats(words)
        or _misspelt(rest, said)
        or (set(words) & _TIES) - set(re.findall(r"[a-z]+", re.sub(r"n[’']t\b|\bcannot\b", " not", said)))
        or not _same_strength(rest.lower(), said)
        or any(len(_content(part) & _content(rest)) < _KEPT * len(_content(part)) for part in request.words)
    ):
        return None
    asks = rest.startswith("asked") or ", and asked " in rest
    if asks != any(_ASKS.search(part) for part in request.words) and (asks or request.words[0].endswith("?")):
        return None
    if set(words) & _THEY and not re.search(r"\b(?:we|us|ours?|they|them|theirs?)\b", said):
        return None
    pronoun = request.person.pronoun
    for sex, spoken in ((_HE, "he"), (_SHE, "she")):
        if set(words) & sex and pronoun != spoken and not set(re.findall(r"\w+", said)) & sex:
            return None
    return text


def _repeats(words: list[str]) -> bool:
    """Whether words come twice in a row, or three in a row come twice, as a small model's do when it has lost its
    way."""
    rows = Counter(tuple(words[index : index + 3]) for index in range(len(words) - 2))
    again = _AGAIN.search(" ".join(words))
    return any(count > 1 for count in rows.values()) or (again is not None and again[1] != "had")


def _same_strength(rest: str, said: str) -> bool:
    """Whether the report will, can, may, must and should just where the speaker does."""
    return all(
        bool(re.search(rf"\b(?:{theirs})(?!\w)", said)) == bool(re.search(rf"\b(?:{mine})\b", rest))
        for theirs, mine in _STRENGTHS
    )


def _misspelt(text: str, said: str) -> bool:
    """Whether a word is neither the speaker's nor one that the dictionary knows."""
    known = {*re.findall(r"[a-z]+", said), "from", "with", "than", "into", "upon"}
    return any(word not in known and not getAllLemmas(word) for word in re.findall(r"(?<![\w’'])[a-z]{4,}\b", text))


def written(lines: Sequence[Line], phraser: Phraser, writer: Writer, *, room: int) -> list[Line]:
    """The lines with the writer's sentences in place of those that it could report, or join with the next, better."""
    return written_apart([lines], phraser, writer, room=room)[0]


def written_apart(
    groups: Sequence[Sequence[Line]], phraser: Phraser, writer: Writer, *, room: int, told: set[Key] | None = None
) -> list[list[Line]]:
    """Several lists of lines, each by itself, with one call of the writer.

    A sentence is taken where it has the form of a report and the verifier finds it carried by the words that it
    replaces, and is at most `room` words longer than they are, all taken together. Everything else stays as it was.
    `told` are the sentences that the digest has: the rules' own reports may go on, while there is room, to one near
    them that is not among them, which then joins them."""
    drafts = [_Drafts(lines, phraser, told) for lines in groups]
    requests = [one for draft in drafts for one in draft.requests.values()]
    answers = iter(writer.write([prompt(one) for one in requests]) if requests else ())
    for draft in drafts:
        draft.answers = {key: formed(next(answers), request) for key, request in draft.requests.items()}
    for draft in drafts:
        room = draft.replace((_BOTH, _ALONE), room)
    for draft in drafts:
        room = draft.replace((_FURTHER,), room)
    return [draft.lines for draft in drafts]


_ALONE, _BOTH, _FURTHER = "alone", "both", "further"


class _Drafts:
    """One list of lines, what the writer is asked about each, and the lines as its answers replace them.

    Where `told` says which sentences the digest has, a report may go on to one near it in the speech."""

    def __init__(self, lines: Sequence[Line], phraser: Phraser, told: set[Key] | None) -> None:
        self.lines = list(lines)
        self.answers: dict[tuple[str, int], str | None] = {}
        self.requests: dict[tuple[str, int], Request] = {}
        self._phraser = phraser
        self._told = told if told is not None else set()
        self._units: dict[tuple[str, int], list[Unit]] = {}
        said = [_sendable(item, line, phraser) for item, line in lines]
        for index, (item, line) in enumerate(lines):
            words, person = said[index], phraser.person(item.unit)
            if words is None or person is None or not person.named:
                continue
            if line.origin is not Origin.REPORTED or _ASIDE.search(words):
                self._ask(_ALONE, item, person, [item.unit], words)
            after = said[index + 1] if index + 1 < len(lines) else None
            if after is not None and lines[index + 1][1].speaker == line.speaker:
                self._ask(_BOTH, item, person, [item.unit, lines[index + 1][0].unit], words, after)
            elif told is not None and line.origin is Origin.REPORTED:
                beside = _beside(item.unit, phraser, told)
                if beside:
                    self._ask(_FURTHER, item, person, beside, *(unit.text for unit in beside))

    def _ask(self, kind: str, item: Scored, person: Person, units: list[Unit], *said: str) -> None:
        words = tuple(prepared(part)[0] for part in said)
        if person.pronoun is None and any(_FIRST.search(part.removeprefix("I ")) for part in words):
            return
        if sum(len(part.split()) for part in words) <= (_MOST_SOURCE if kind == _ALONE else LONGEST - 4):
            self.requests[kind, item.row] = Request(person, words)
            self._units[kind, item.row] = units

    def replace(self, kinds: Sequence[str], room: int) -> int:
        """Put the answers of these kinds, the first before the next, where they fit; gives the room that is left."""
        made: list[Line] = []
        index = 0
        while index < len(self.lines):
            item, line = self.lines[index]
            taken = 1
            for kind in kinds:
                old = self.lines[index : index + 2] if kind == _BOTH else [(item, line)]
                text = self.answers.get((kind, item.row)) if line.origin is not Origin.WRITTEN else None
                more = len(text.split()) - sum(len(other.text.split()) for _, other in old) if text else 0
                if text is None or more > room:
                    continue
                units = self._units[kind, item.row]
                if kind == _FURTHER and any(unit.key in self._told - {item.unit.key} for unit in units):
                    continue
                if new := self._phraser.verified(as_printed(text, *units), Origin.WRITTEN, *units):
                    line, taken, room = new, len(old), room - max(0, more)
                    self._told.update(unit.key for unit in units)
                    break
            made.append((item, line))
            index += taken
        self.lines = made
        return room


def _beside(unit: Unit, phraser: Phraser, told: set[Key]) -> list[Unit]:
    """The sentence with one near it in its paragraph, in their order, the one after it before all; none where nothing
    near could be told with it. A question may follow a statement, never the other way about."""
    said = phraser.sentences.get(unit.contribution.id, ())
    near = {other.index: other for other in said if other.paragraph == unit.paragraph and other.key not in told}
    words, person = len(unit.text.split()), phraser.person(unit)
    for away in _NEAR:
        other = near.get(unit.index + away)
        if other is None or words + len(other.text.split()) > LONGEST - 4 or not _tellable(other, phraser):
            continue
        if _FIRST.search(other.text) and (person is None or person.pronoun is None):
            continue
        first, second = (unit, other) if away > 0 else (other, unit)
        if first.question > second.question or (away < 0 and points_out(parse(phraser.parser, [first.text])[0])):
            continue
        if _follows(second, phraser, led=abs(away) == 1):
            return [first, second]
    return []


def _follows(unit: Unit, phraser: Phraser, *, led: bool) -> bool:
    """Whether "and" is all that ties the sentence to the one before."""
    return not _LEANS.match(unit.text) and not points_out(parse(phraser.parser, [unit.text])[0], led=led)


def _tellable(unit: Unit, phraser: Phraser) -> bool:
    text = unit.text
    if not 6 <= len(text.split()) <= _FURTHER_WORDS or courtesy(text) or procedure(text) or _FOREIGN.search(text):
        return False
    return unit.question or subject(parse(phraser.parser, [text])[0].root) is not None


def _sendable(item: Scored, line: Sentence, phraser: Phraser) -> str | None:
    """The words for the writer: a quotation's as mended, else the source's own; None where they point out of
    themselves."""
    if line.origin is Origin.WRITTEN or line.evidence != (item.unit.contribution.id,):
        return None
    words = item.unit.text
    if line.origin.quotes:
        words = line.text.strip("“”").strip("… ")
        words = words[:1].upper() + words[1:]
        if item.unit.question and not words.endswith("?"):
            return None
    if _FOREIGN.search(words) or not 5 <= len(words.split()) <= _MOST_SOURCE:
        return None
    parsed = parse(phraser.parser, [words])[0]
    return words if (item.unit.question or subject(parsed.root) is not None) and not points_out(parsed) else None


def points_out(parsed: Parsed, *, led: bool = False) -> bool:
    """Whether a pronoun of the sentence means somebody or something outside it. Where it is `led` by the sentence
    before, told with it, an "it" has its noun there."""
    return any(_points(token, parsed) for token in parsed.doc if not (led and token.lower_ in _IT))


def _points(token: Token, parsed: Parsed) -> bool:
    low, before = token.lower_, parsed.doc[: token.i]
    if low in _YOU:
        return not (parsed.text.endswith("?") and token.i <= 2)
    if low in _HE | _SHE:
        people = {other.ent_id_ or other.text for other in before if other.ent_type_ == "PERSON" and other.ent_iob == 3}
        return "[" not in parsed.text[: token.idx] and len(people) != 1
    if low in {"this", "that", "these", "those"}:
        if token.dep_ in {"mark", "det"} or token.tag_ in {"IN", "WDT"}:
            return (
                low in {"that", "those"}
                and token.dep_ == "det"
                and not any(child.dep_ in {"relcl", "acl", "prep"} for child in token.head.children)
            )
        return not any(child.dep_ in {"relcl", "acl", "prep"} for child in token.children)
    if low in _IT:
        return not _introduces(token) and not any(
            other.pos_ in {"NOUN", "PROPN"} and other.tag_ in {"NN", "NNP"} for other in before[:-1]
        )
    if low in _THEY or low == "themselves":
        return not any(other.tag_ in {"NNS", "NNPS"} or other.lower_ in _MANY for other in before)
    return False


def _content(text: str) -> set[str]:
    """The beginnings of the words that carry the sense: tenses and numbers of a verb leave them alone."""
    return {word[:4] for word in re.findall(r"[a-z]{4,}|\d+", text.lower()) if word not in _STOP}


def _introduces(token: Token) -> bool:
    """ "It is right that …", "it is for the House to …": an "it" that stands for the clause after it."""
    if token.dep_ == "expl":
        return True
    near = [*token.head.children, *(leaf for child in token.head.children for leaf in child.children)]
    return (
        token.head.lemma_ == "be"
        and any(child.dep_ in {"ccomp", "xcomp", "advcl", "acl", "csubj"} and child.i > token.head.i for child in near)
        and any(child.dep_ in {"acomp", "attr", "prep"} and child.pos_ != "ADV" for child in token.head.children)
    )
