"""What a document is compared by, found once: its day, its words, names and figures, and the drift of its parts.

A report's later paragraphs retell last week's event, so a sentence that looks back is left out, and the title with the
first words (the lead) is kept apart from the rest: that is where a document says what is new.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from bot.domain import Contribution, Document, Kind, Voice
from bot.summarise.people import minister, plain_name

if TYPE_CHECKING:
    from bot.inference.encoder import Vectors
    from bot.inference.models import Models

_LEAD = 80
_READ = 600
"""Words whose stems are compared: the head of a long debate tells what it is about."""
_PIECES = 5
"""Paragraphs with which another document's lead is compared, the longest."""
_PIECE = 120

_CALENDAR = frozenset(
    "january february march april may june july august september october november december monday tuesday wednesday "
    "thursday friday saturday sunday".split()
)
_COMMON = _CALENDAR | frozenset(
    "the a an and or but if of to in on at by for from with without into over under about after before between during "
    "through as is are was were be been being am do does did done has have had having will would shall should can "
    "could may might must not no nor so than that this these those there their them they he she it its his her him "
    "who whom whose which what when where why how all any both each few more most other some such only own same too "
    "very just also then now we our us you your i my me one first last week year month day today yesterday tomorrow "
    "make made take give given say said says tell told ask asked new old many much out up down off again still even "
    "yet because while since until against among within".split()
)
_DOMAIN = frozenset(
    "prevent channel government minister secretary state home office department house commons lord lords lady baroness "
    "hon right friend noble gentleman member speaker deputy madam sir mr mrs ms dame police policing officer "
    "programme scheme referral referred refer panel extremism extremist terrorism terror terrorist counter anti "
    "radicalisation radicalised duty report review statement debate bill act question committee parliament mp mps peer "
    "peers britain british uk united kingdom england wales scotland people public national security local council "
    "authority case country community conservative labour liberal democrat green reform snp party opposition shadow "
    "support work system service risk threat general commissioner strategy attack child children young school family "
    "families funding guidance million london move beg permission grateful answer raise important published publish "
    "announced announce call majesty student university college court crown justice chief executive board service "
    "services officers members referrals reports reviews councils councillor hall street".split()
)
"""Words that stand in half of what is said about the programme: they tell no event from another."""

_COUNTS = {
    word: str(number)
    for number, word in enumerate(
        "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen twenty".split(),
        2,
    )
}
_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_NAME = re.compile(r"\b[A-Z][\w’'-]+(?:\s+[A-Z][\w’'-]+)*")
_FIGURE = re.compile(r"(£?)(\d[\d,]*(?:\.\d+)?|\b(?:" + "|".join(_COUNTS) + r")\b)(?:[ -]([^\W\d_]+))?", re.IGNORECASE)
_MINISTER_NAMED = re.compile(
    r"\b(?:[Mm]inister|Secretary)(?: (?:for|of) [A-Z]\w+(?: (?:and )?[A-Z]\w+)*)?(?:,? \(|, | )"
    r"([A-Z][\w’'-]+ [A-Z][\w’'-]+)|"
    r"\b([A-Z][\w’'-]+ [A-Z][\w’'-]+), the (?:[A-Z]\w+ )*(?:[Mm]inister|[Ss]ecretary)"
)
_LOOKS_BACK = re.compile(
    r"\b(?:last (?:week|month)|earlier this (?:week|month|year)|"
    r"a (?:day|week|month|fortnight) (?:later|earlier|ago|after)|(?:days|weeks|months|years) (?:ago|earlier|after)|"
    r"comes? (?:after|amid)|in the wake of|since the|previously|has been criticised)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_STAGE = re.compile(r"[(\[][^)\]]*\b(?:sitting|day)\b[^)\]]*[)\]]", re.IGNORECASE)
_ROUTINE = re.compile(
    r"^(?:topical questions|engagements|business of the house|points? of order|oral answers.*|petitions?|prayers|"
    r"speaker[’']s statement|questions?|debate|statement|untitled|)$"
)


@dataclass(frozen=True, slots=True)
class Profile:
    """One document as it is compared. `title` and `text` are folded, a title without its sitting's number. `named` are
    the words of names and places that it tells of, `lead_named` those of its lead, `speakers` the surnames of those
    who speak in it, `figures` numbers with what they count, `terms` stems with their weight. `drift` has a row for the
    lead, then one a piece."""

    key: tuple[str, str]
    day: date | None
    kind: Kind
    house: str
    title: str
    text: str
    named: frozenset[str]
    lead_named: frozenset[str]
    speakers: frozenset[str]
    figures: frozenset[str]
    terms: Mapping[str, float]
    drift: Vectors

    @property
    def press(self) -> bool:
        return self.kind is Kind.ARTICLE

    @property
    def routine(self) -> bool:
        """Whether it has a heading under which anything may be said."""
        return bool(_ROUTINE.match(self.title))

    @property
    def particular(self) -> bool:
        """Whether its title says more than what is said of the programme every month."""
        return not self.routine and any(not common(word) for word in stems(self.title))


def profiles(models: Models, documents: Sequence[Document]) -> list[Profile]:
    """The profile of each document, in order; the encoder is asked once for all."""
    read = [_paragraphs(document) for document in documents]
    texts = [[_lead(document, parts), *_pieces(parts)] for document, parts in zip(documents, read, strict=True)]
    rows = models.encoder.encode([text for each in texts for text in each])
    found, at = [], 0
    for document, parts, each in zip(documents, read, texts, strict=True):
        found.append(_profile(document, parts, rows[at : at + len(each)]))
        at += len(each)
    return found


def _profile(document: Document, parts: Sequence[str], drift: Vectors) -> Profile:
    whole = "\n".join(item.text for item in _told(document))
    ministers = _ministers(document, whole)
    named = _names(document.title, "\n".join(parts)) - ministers
    speakers = {
        plain_name(item.speaker).split()[-1].lower()
        for item in document.contributions
        if item.speaker and item.voice is Voice.SPEECH and not minister(item.speaker, item.role)
    }
    terms: dict[str, float] = {}
    for text, weight in [(document.title, 2.0), *((part, 1.0 if at < 2 else 0.5) for at, part in enumerate(parts))]:
        for stem in stems(" ".join(text.split()[:_READ])):
            terms[stem] = terms.get(stem, 0.0) + weight
        if sum(terms.values()) > _READ:
            break
    return Profile(
        key=(document.source, document.id),
        day=document.date or (document.published.date() if document.published else None),
        kind=document.kind,
        house=(document.house or "").casefold(),
        title=folded(_STAGE.sub(" ", document.title)),
        text=folded(whole),
        named=frozenset(named),
        lead_named=frozenset(_names(document.title, _opening(parts)) & named),
        speakers=frozenset(speakers - ministers),
        figures=frozenset(_figures("\n".join([document.title, *parts]))),
        terms=terms,
        drift=drift,
    )


def folded(text: str) -> str:
    """Lower case, one space between words, no punctuation."""
    return " ".join(re.sub(r"[^\w’' ]+", " ", text.lower()).split())


def stems(text: str) -> list[str]:
    """Its words of substance, without their endings."""
    words = (word.replace("’s", "").replace("'s", "").strip("’'-") for word in _WORD.findall(text.lower()))
    return [_stem(word) for word in words if len(word) > 2 and word not in _COMMON]


def common(word: str) -> bool:
    """Whether a stem or a name is on everybody's lips where the programme is spoken of."""
    return word in _DOMAIN_STEMS


def _stem(word: str) -> str:
    for ending in ("ations", "ation", "ing", "ies", "ied", "es", "ed", "s", "e", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word.removesuffix(ending)
    return word


_DOMAIN_STEMS = _DOMAIN | {_stem(word) for word in _DOMAIN}


def _told(document: Document) -> list[Contribution]:
    """What it says in its own words: a reprint is left out, or a repeat would be nothing else."""
    return [item for item in document.contributions if item.voice in (Voice.SPEECH, Voice.REPORT)]


def _paragraphs(document: Document) -> list[str]:
    """Its paragraphs without the sentences that look back. A report's first says what it reacts to, and stays."""
    whole = [part for item in _told(document) for part in item.text.split("\n\n") if part.strip()]
    first = 1 if document.kind is Kind.ARTICLE else 0
    kept = (
        " ".join(sentence for sentence in _SENTENCE.split(part) if not _LOOKS_BACK.search(sentence))
        for part in whole[first:]
    )
    return [*whole[:first], *(part for part in kept if part)] or whole


def _opening(parts: Sequence[str]) -> str:
    return " ".join(" ".join(parts[:3]).split()[:_LEAD])


def _lead(document: Document, parts: Sequence[str]) -> str:
    return f"{document.title}. {_opening(parts)}"


def _pieces(parts: Sequence[str]) -> list[str]:
    longest = sorted(range(len(parts)), key=lambda at: (-len(parts[at]), at))[:_PIECES]
    return [" ".join(parts[at].split()[:_PIECE]) for at in sorted(longest)]


def _ministers(document: Document, text: str) -> set[str]:
    """The words of ministers' own names, which tell nothing: the same one answers for everything that day."""
    spoken = (plain_name(item.speaker) for item in document.contributions if item.speaker and _answers(item))
    written = (found[1] or found[2] for found in _MINISTER_NAMED.finditer(text))
    return {word.lower() for name in (*spoken, *written) for word in _WORD.findall(name)}


def _answers(item: Contribution) -> bool:
    return minister(item.speaker or "", item.role)


def _names(title: str, text: str) -> set[str]:
    """Names of people, places and bodies, a word each, lower case. A word that only ever begins a sentence is none."""
    capitals = sum(word[:1].isupper() for word in title.split())
    if capitals * 2 <= len(title.split()) + 2:
        text = f"{title}.\n{text}"
    found: set[str] = set()
    for match in _NAME.finditer(text):
        words = match[0].split()
        if _sentence_start(text, match.start()) and (len(words) == 1 or words[0].lower() in _COMMON):
            words = words[1:]
        for word in words:
            plain = word.replace("’s", "").replace("'s", "").strip("’'-").lower()
            if len(plain) > 2 and plain not in _COMMON and not common(_stem(plain)):
                found.add(plain)
    return found


def _sentence_start(text: str, at: int) -> bool:
    before = text[:at].rstrip(" ‘’“”\"'(")
    return not before or before[-1] in ".!?:\n"


def _figures(text: str) -> Iterable[str]:
    """Numbers with what they count ("14 recommend"); a sum, or a long number, stands alone. A year is none."""
    for sign, number, counted in _FIGURE.findall(text):
        digits = _COUNTS.get(number.lower(), number.rstrip(",").replace(",", ""))
        if re.fullmatch(r"(?:19|20)\d\d", digits) or counted.lower() in _CALENDAR:
            continue
        if sign or len(digits) > 2:
            yield f"{sign}{digits}"
        if counted and not sign and counted.lower() not in _COMMON:
            yield f"{digits} {_stem(counted.lower())}"
