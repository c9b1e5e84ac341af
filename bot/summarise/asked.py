"""What a question asks, and of whom: read against the people of the document that it is asked of.

People are named loosely ("the Prime Minister", "Bains", "the shadow minister", "the Member for Barnsley North"); a name
is matched or it is a stranger's, and a stranger's words are never looked for in another's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.domain import Contribution
from bot.equivalents import Equivalents, equivalents
from bot.summarise.asking_words import ASKING, LOOSE
from bot.summarise.lexical import content
from bot.summarise.people import Person, Side
from bot.summarise.premise import Premise, premise_of
from bot.summarise.refused import FUTURE, why_refused
from bot.summarise.verifying.lexicon import TITLES
from bot.summarise.verifying.speakers import Voice, named, voices
from bot.summarise.verifying.words import plain

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Token


class Wants(StrEnum):
    """What would answer: anything said, or a sentence with a number, a time or a reason in it."""

    WORDS = "words"
    NUMBER = "number"
    TIME = "time"
    REASON = "reason"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is looked for.

    `topic` are the words of what it asks about, people and asking words apart, and `terms` their stems; `setting` are
    the stems of where it says that this was discussed ("when talking about the childcare offer"), no part of `terms`.

    `speakers` are labels of those whose words are asked for, empty where anybody's are. `strangers` are people whose
    words are asked for and who do not speak here. `names` are the other proper names, `counted` the stem of what is
    counted. `refused` says why no record could answer it, where none could. `premise` is the act that it takes for
    granted, `future` says that it asks whether something will come about."""

    text: str
    wants: Wants
    topic: str
    terms: tuple[str, ...]
    setting: tuple[str, ...] = ()
    speakers: frozenset[str] = frozenset()
    strangers: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    counted: str | None = None
    refused: str | None = None
    premise: Premise | None = None
    future: bool = False


_NUMBER = re.compile(
    r"\bhow (?:many|much(?! (?:of a )?(?:importance|did \w+ (?:like|agree|support)))|old|large|big|high|long|often)\b|"
    r"\b(?:what|which) (?:is |was |were |are )?(?:the )?(?:\w+ ){0,2}(?:number|percentage|proportion|share|rate|figure|"
    r"amount|cost|sum|budget|total)\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"^(?:and |so |but )?(?:when|since when|by when|until when|on (?:what|which) (?:day|date)|(?:what|which) (?:date|"
    r"day|year|month))\b|\bwhen (?:will|did|does|is|was|were|are|would|has|had)\b",
    re.IGNORECASE,
)
_REASON = re.compile(r"\bwhy\b|\bfor what reason|\breasons?\b|\bwhat (?:caused|led to)\b|\bcauses?\b", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-zÀ-ÿ0-9£%][\w’'&./%-]*")
_SAYING = frozenset(
    "say think mention discuss argue respond reply answer tell ask claim state suggest believe explain comment "
    "elaborate describe express propose announce promise criticise criticize support oppose recommend agree feel "
    "emphasise emphasize stress point note add find debate talk raise want warn call accept admit confirm deny "
    "undertake justify question challenge speak view see consider introduce report ensure put".split()
)
_SAYINGS = frozenset(
    "opinion opinions view views response responses reply comment comments attitude attitudes thought thoughts stance "
    "position argument answer suggestion suggestions criticism remarks remark question concerns concern explanation "
    "statement speech words belief".split()
)
ANYBODY = frozenset(
    "they it he she who anybody anyone somebody someone everybody everyone group meeting committee house members "
    "member participants participant team people peers lords mps speakers commons parliament debate witnesses witness "
    "document article report text record government ministers opposition parliament review department".split()
)
OFFICE = re.compile(
    r"\b(?:(?i:shadow|deputy|junior|prime|first|lead) )*(?:(?:[A-Z][\w-]+|home|foreign|security|health|education|"
    r"defence|justice|shadow) ){0,2}"
    r"(?i:minister|secretary of state|secretary|chancellor|attorney general|solicitor general|leader|spokes\w+|"
    r"president|premier|commissioner)\b(?: (?:for|of|to) (?:the )?[A-Z][\w-]+(?:(?:,| and| of| the|,? and the)* "
    r"[A-Z][\w-]+)*)?"
)
_SEAT = re.compile(
    r"\b(?i:member|mp|am|ms) (?i:of parliament )?for ([A-Z][\w'’-]+(?:(?:,| and| of| the| upon)* [A-Z][\w'’-]+)*)"
)
_OPPOSITION = re.compile(r"\b(?:the )?opposition(?: part(?:y|ies)| members?| mps| benches| front bench)?\b", re.I)
_SETTING = re.compile(
    r"\b(?:when|while|in|during) (?:they (?:were )?)?(?:talk|discuss|answer|ask|debat|consider|mention|introduc|"
    r"explain|speak|address)(?:ing|ed)?\b"
)


def read_question(
    text: str,
    contributions: Iterable[Contribution],
    people: Mapping[str, Person],
    parser: Language,
) -> Asked:
    """The question, white space folded, read against those who speak. Never raises on any text."""
    question = " ".join(plain(text).split())
    known = equivalents()
    spoken = voices(contributions)
    found = _Mentions(question, spoken, people, known)
    doc = parser(question)
    strangers = [] if not spoken else _strangers(doc, found, spoken, known)
    ministers = frozenset(label for label, person in people.items() if person.side is Side.MINISTER and label in spoken)
    for token in doc:
        if ministers and token.lower_ in {"government", "ministers"} and _whose(token) and not found.speakers:
            found.speakers |= ministers
            found.taken |= set(range(token.idx, token.idx + len(token.text)))
    skip = found.taken
    words = [hit for hit in _WORD.finditer(question) if not skip & set(range(hit.start(), hit.end()))]
    bare = [(hit, hit[0].lower().removesuffix("'s").strip(".'’-/")) for hit in words]
    aside = found_at.start() if (found_at := _SETTING.search(question)) else len(question)
    told = [(hit, low) for hit, low in bare if low not in ASKING]
    told = [(hit, low) for hit, low in told if low not in LOOSE] or told
    head, tail = (" ".join(hit[0] for hit, _ in told if (hit.start() < aside) is before) for before in (True, False))
    topic, setting = (head, tail) if head else (tail, "")
    names = tuple(
        dict.fromkeys(
            hit[0].removesuffix("'s").strip(".'")
            for hit in words
            if hit[0][0].isupper() and hit.start() > 0 and hit[0].lower() not in ASKING
        )
    )
    return Asked(
        question,
        asks_for(question),
        topic,
        tuple(dict.fromkeys(content(topic))),
        tuple(dict.fromkeys(content(setting))),
        frozenset(found.speakers),
        tuple(strangers),
        names,
        _counted(doc),
        why_refused(question),
        premise_of(doc),
        bool(FUTURE.search(question)),
    )


def asks_for(question: str) -> Wants:
    """What would answer it, by its own words."""
    for form, wants in ((_TIME, Wants.TIME), (_NUMBER, Wants.NUMBER), (_REASON, Wants.REASON)):
        if form.search(question):
            return wants
    return Wants.WORDS


def _counted(doc: Doc) -> str | None:
    """The stem of what "how many" or "the number of" counts."""
    for token in doc:
        counts = token.lower_ in {"many", "much"} and token.i and doc[token.i - 1].lower_ == "how"
        if counts and token.head.i > token.i and token.head.pos_ in {"NOUN", "PROPN"}:
            return next(iter(content(token.head.lower_)), None)
        if token.lower_ in {"number", "percentage", "proportion", "share"}:
            for preposition in token.rights:
                for held in preposition.children:
                    if preposition.lower_ == "of" and held.dep_ == "pobj":
                        return next(iter(content(held.lower_)), None)
    return None


class _Mentions:
    """Where the question names people who speak: `speakers`, and `taken`, the characters that name them."""

    def __init__(
        self, question: str, spoken: Mapping[str, Voice], people: Mapping[str, Person], known: Equivalents
    ) -> None:
        self.question, self.spoken, self.people, self.known = question, dict(spoken), people, known
        self.speakers: set[str] = set()
        self.taken: set[int] = set()
        self._words = [(hit[0], hit.start(), hit.end()) for hit in re.finditer(r"[\w’'.-]+", question)]
        self._cased = any(word[:1].isupper() for word, start, _ in self._words if start)
        self._by_name()
        self._by_name_run_together()
        self._by_office()
        self._by_seat()
        sided = [label for label, person in people.items() if person.side is not Side.OTHER and label in self.spoken]
        if (hit := _OPPOSITION.search(question)) and len(sided) * 2 > len(self.spoken):
            held = (label for label in sided if people[label].side is Side.OPPOSITION)
            self._take(held, hit.start(), hit.end())
        self._by_party()

    def _take(self, speakers: Iterable[str], start: int, end: int) -> None:
        if found := set(speakers):
            self.speakers |= found
            self.taken |= set(range(start, end))

    def _by_name(self) -> None:
        bare = [word.lower().removesuffix("'s").strip(".'") for word, _, _ in self._words]
        for place, (word, start, end) in enumerate(self._words):
            if start in self.taken or (self._cased and not word[0].isupper()):
                continue
            if not self._cased and not (place and (bare[place - 1] in _LEADS or bare[place - 1] in self._given())):
                continue
            for voice in self.spoken.values():
                names = _own_names(voice)
                if not names:
                    continue
                last = bare[place] == names[-1] or (len(names[-1]) > 5 and _typed_wrong(bare[place], names[-1]))
                if last:
                    first = self._given_before(place, bare, names)
                    if first is not None and (bare[place] == names[-1] or first < place):
                        self._take({voice.speaker}, self._words[first][1], end)
                elif bare[place] == names[0] and len(names) > 1 and self._alone(place, bare):
                    self._take({voice.speaker}, start, end)

    def _by_name_run_together(self) -> None:
        """ "JustinTrudeau", "Janet-Finch-Saunders"."""
        for word, start, end in self._words:
            if start in self.taken or not word[0].isupper():
                continue
            letters = _letters(word.removesuffix("'s"))
            self._take((v.speaker for v in self.spoken.values() if letters == _letters("".join(v.names))), start, end)

    def _given(self) -> set[str]:
        return {name for voice in self.spoken.values() for name in _own_names(voice)[:-1]}

    def _given_before(self, place: int, bare: list[str], names: tuple[str, ...]) -> int | None:
        """The first word of the name that ends at `place`; None where another's given name stands before it."""
        first = place
        while first and (bare[first - 1] in names[:-1] or bare[first - 1] in TITLES - {"the"}):
            first -= 1
        if first == place and place:
            before, start = self._words[place - 1][0], self._words[place - 1][1]
            given = [name for name in names[:-1] if len(bare[place - 1]) == 1 and name[0] == bare[place - 1]]
            if given:
                return place - 1
            named_other = before[0].isupper() and start > 0 and bare[place - 1] not in ASKING | _OFFICE_WORDS
            joined = self.question[self._words[place - 1][2] : self._words[place][1]] == " "
            if named_other and joined and self._cased:
                return None
        return first

    def _alone(self, place: int, bare: list[str]) -> bool:
        """A given name that only one speaker bears, not followed by another's surname."""
        bearers = {_own_names(v) for v in self.spoken.values() if _own_names(v)[:1] == (bare[place],)}
        after = self._words[place + 1][0] if place + 1 < len(self._words) else ""
        before = self._words[place - 1][0] if place else ""
        return (
            len(bearers) == 1
            and self._cased
            and not after[:1].isupper()
            and (place < 2 or not before[:1].isupper())
            and len(bare[place]) > 2
        )

    def _by_office(self) -> None:
        for hit in OFFICE.finditer(self.question):
            if set(range(hit.start(), hit.end())) & self.taken:
                continue
            exact = frozenset(v.speaker for v in self.spoken.values() if hit[0].lower() in v.roles)
            held = exact or frozenset(
                label for label in named(hit[0], self.spoken, self.known) if _may_hold(hit[0], self.people.get(label))
            )
            if held and held != frozenset(self.spoken):
                same = {_own_names(self.spoken[label]) for label in held}
                self._take(
                    (label for label, voice in self.spoken.items() if label in held or _own_names(voice) in same),
                    hit.start(),
                    hit.end(),
                )

    def _by_seat(self) -> None:
        for hit in _SEAT.finditer(self.question):
            seat = hit[1].lower()
            held = [v.speaker for v in self.spoken.values() if v.constituency and v.constituency.lower() == seat]
            self._take(held, hit.start(), hit.end())

    def _by_party(self) -> None:
        for row in self.known.parties:
            forms = "|".join(re.escape(form) for form in sorted(row, key=len, reverse=True) if len(form) > 2)
            if not forms:
                continue
            hit = re.search(
                rf"\b(?:did|does|do|by|from|according to|were|was|would|have|has) (?:the )?((?:{forms})(?: (?:mps?|"
                rf"members?|peers?|party|spokes\w+|front ?bench\w*))?)(?='s| |\?|$)(?! market)",
                self.question,
                re.IGNORECASE,
            )
            if hit:
                held = [v.speaker for v in self.spoken.values() if v.party and self.known.first(v.party) == row[0]]
                self._take(held, hit.start(1), hit.end(1))


def _may_hold(office: str, person: Person | None) -> bool:
    """Whether the label's office has the words of the one that is asked for: a Minister of State in the Home Office is
    not the Home Secretary. Without an office in the label, what is said of the person must do."""
    if person is None or not person.role or "spokes" in office.lower():
        return True
    printed = f"{person.role} {person.label}".lower()
    return all(word in printed for word in re.findall(r"[a-z]+", office.lower()) if word not in _JOINING)


_JOINING = frozenset("the for of to and state".split())
_LEADS = frozenset("did does do was is by to according mr mrs ms sir dame lord lady baroness what why how and".split())
_OFFICE_WORDS = frozenset("minister secretary chancellor member leader president commissioner".split())


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text.lower())


def _own_names(voice: Voice) -> tuple[str, ...]:
    """The name without the place of a peerage: ("anderson",) of Lord Anderson of Ipswich."""
    return voice.names[: voice.names.index("of")] if "of" in voice.names[1:] else voice.names


def _typed_wrong(word: str, name: str) -> bool:
    return len(word) > 5 and word != name and SequenceMatcher(None, word, name).ratio() >= 0.87


def _strangers(doc: Doc, found: _Mentions, spoken: dict[str, Voice], known: Equivalents) -> list[str]:
    """Those whose words are asked for, by name or office, and who do not speak here."""
    strangers = []
    for each in whose(doc):
        phrase = doc.text[each.start : each.end]
        held = named(phrase, spoken, known)
        if each.office:
            held = frozenset(label for label in held if _may_hold(phrase, found.people.get(label)))
        if not held and not set(range(each.start, each.end)) & found.taken:
            strangers.append(each.text)
    return strangers


@dataclass(frozen=True, slots=True)
class Whose:
    """A name or an office whose words are asked for, and where it stands in the question."""

    text: str
    office: bool
    start: int
    end: int


def whose(doc: Doc) -> list[Whose]:
    """All whose words the question asks for, groups of people apart."""
    found: list[Whose] = []
    for token in doc:
        if not _whose(token) or token.lower_ in ANYBODY:
            continue
        phrase = _noun_phrase(token)
        start, end = phrase[0].idx, phrase[-1].idx + len(phrase[-1].text)
        if any(word.tag_ in {"WDT", "WP", "WP$"} for word in token.subtree):
            continue
        own = [word for word in phrase if word.tag_ in {"NNP", "NNPS"}]
        office = OFFICE.search(doc.text[start:end])
        if own or office:
            text = " ".join(word.text for word in (own or phrase) if word.text.lower() not in {"the", "'s", "’s"})
            found.append(Whose(text, office is not None, start, end))
    return found


def _whose(token: Token) -> bool:
    """Whether the word names those whose words are asked for."""
    if token.dep_ in {"nsubj", "nsubjpass"} and token.head.lemma_ in _SAYING:
        return True
    if token.dep_ == "poss" and token.head.lower_ in _SAYINGS:
        return True
    return (
        token.dep_ == "pobj"
        and token.head.lower_ in {"to", "by"}
        and (token.head.head.lower_ in {"according", "said", "made", "given", "asked", "raised", "put"})
    )


def _noun_phrase(token: Token) -> list[Token]:
    """The noun with what is joined to it on its left, and "for …" or "of …" after an office."""
    left = [word for word in token.lefts if word.dep_ in {"compound", "amod", "det", "nmod", "flat"}]
    start = min([word.left_edge.i for word in left], default=token.i)
    right = [word for word in token.rights if word.dep_ == "prep" and word.lower_ in {"for", "of"}]
    end = right[0].right_edge.i if right and token.lower_ in _OFFICE_WORDS else token.i
    return list(token.doc[start : end + 1])
