"""The nouns of Despatch: frozen values that every room knows and that know no room.

Times are aware and in UTC; dates are sitting or publication days as Parliament or the publisher names them
(a sitting past midnight keeps its opening date), never shifted by a zone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo


class Kind(StrEnum):
    """What a document is. `transcript/1` uses the same four words."""

    DEBATE = "debate"
    STATEMENT = "statement"
    QUESTION = "question"
    ARTICLE = "article"


class Voice(StrEnum):
    """What a contribution is in the proceedings; only SPEECH and REPORT are ever summarised.

    SPEECH is a Member (or witness) speaking, named or not. CHAIR is the Speaker, a Deputy or a committee's chair
    conducting business. COLLECTIVE is "Hon. Members". PROCEDURE is printed matter that nobody said: motions, stage
    directions, "Asked by". REPRINT is another House's words reprinted in a Lords repeat: on record, but neither new
    nor the words of any peer. REPORT is a paragraph of an article.
    """

    SPEECH = "speech"
    CHAIR = "chair"
    COLLECTIVE = "collective"
    PROCEDURE = "procedure"
    REPRINT = "reprint"
    REPORT = "report"


class Origin(StrEnum):
    """How a digest's sentence came about; the contract defines each."""

    QUOTED = "quoted"
    SHORTENED = "shortened"
    REPORTED = "reported"
    WRITTEN = "written"

    @property
    def quotes(self) -> bool:
        """Whether the words are the source's own, between quotation marks."""
        return self in (Origin.QUOTED, Origin.SHORTENED)


PRESS_QUOTATION = 25
"""The most words of a publisher's own that may be quoted."""
LONDON = ZoneInfo("Europe/London")
"""Parliament's days and hours are London's."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """One person's words, once: a speech, an intervention, a question, a paragraph of an article.

    `text` is plain, NFC, paragraphs parted by a blank line. `speaker` is None where nobody is named. `party` is the
    abbreviation that Hansard prints ("Con", "Lab/Co-op", "CB"); `role` the office held on that day; `constituency`
    a Member's seat, None for a peer. `attributed_to` is the printed citation, byte for byte. `url` is the
    contribution's own address where it has one.
    """

    id: str
    text: str
    speaker: str | None = None
    member_id: int | None = None
    party: str | None = None
    role: str | None = None
    constituency: str | None = None
    time: datetime | None = None
    url: str | None = None
    attributed_to: str | None = None
    voice: Voice = Voice.SPEECH


@dataclass(frozen=True, slots=True)
class Document:
    """A debate, written statement, question with its answer, or article: contributions in order.

    `source` names the poller that brought it ("hansard", "statements", "questions", "feed:BBC Politics", or "file");
    (source, id) is its key for ever. `section` is the path above it, outermost first ("Commons Chamber", "Oral Answers
    to Questions", "Home Department"). `published` is when an article or answer appeared. `settled` is true once no
    change is expected (Hansard: `Source` is 2 or more and the day is past; everything else: at once). `doubts` are
    plain sentences on what was mended on reading ("the feed gave no date").
    `corrects` are ids of contributions, and of debates, that this document says it corrects.
    """

    source: str
    id: str
    kind: Kind
    title: str
    contributions: tuple[Contribution, ...]
    date: date | None = None
    house: str | None = None
    url: str | None = None
    publisher: str | None = None
    section: tuple[str, ...] = ()
    published: datetime | None = None
    settled: bool = True
    doubts: tuple[str, ...] = ()
    corrects: tuple[str, ...] = ()

    def content_hash(self) -> str:
        """Hex SHA-256 of title and of every contribution's id, speaker and text; equal means nothing to redo."""
        digest = hashlib.sha256(self.title.encode("utf-8", "surrogatepass"))
        for item in self.contributions:
            for part in (item.id, item.speaker or "", item.party or "", item.role or "", item.text):
                digest.update(b"\x1f" + part.encode("utf-8", "surrogatepass"))
            digest.update(b"\x1e")
        return digest.hexdigest()

    def spoken(self) -> Iterator[Contribution]:
        """The contributions that may be summarised: speeches and reported paragraphs with words in them."""
        return (item for item in self.contributions if item.voice in _SUMMARISED and item.text.strip())

    def words(self) -> int:
        """White-space tokens over all contributions."""
        return sum(len(item.text.split()) for item in self.contributions)


_SUMMARISED = frozenset({Voice.SPEECH, Voice.REPORT})


@dataclass(frozen=True, slots=True)
class Known:
    """What a digest was made of: the keys of its documents, a mark for each speaker and for each one's words."""

    documents: frozenset[str] = frozenset()
    heard: frozenset[str] = frozenset()

    def __or__(self, other: Known) -> Known:
        return Known(self.documents | other.documents, self.heard | other.heard)


@dataclass(frozen=True, slots=True)
class Match:
    """The verdict on one document for one topic. `reasons` are for readers; `parts` the contribution ids that carry it.

    `score` lies in 0..1 and `matched` is the decision. When the whole document is on the topic `parts` names the
    contributions that say so; in a long debate on something else a digest is made of `parts` alone (see `focused`).
    """

    document: str
    topic: str
    matched: bool
    score: float
    reasons: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    focused: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """A line of a digest with the contributions that carry it; `speaker` is the input's string, unchanged."""

    text: str
    evidence: tuple[str, ...]
    origin: Origin
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """What one speaker said. An article has one point, with no speaker."""

    speaker: str | None
    party: str | None
    role: str | None
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Others:
    """Speakers of substance who have no line of their own."""

    count: int = 0
    about: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """A news item that tells the same story."""

    publisher: str
    title: str
    url: str | None
    date: date | None


class Status(StrEnum):
    DRAFT = "draft"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Digest:
    """What a reader gets of one document or story; `digest/1` of the contract, before it is JSON.

    `news` is what this version tells and the one before did not, of the lines below; a first version has none.
    `update` says in a line what is new since the story was posted; empty where nothing is, or it was not.
    `links` maps each evidence id to its own address where it has one; `refused` counts the sentences that the verifier
    turned down on the way. `story` is the archive's number for what it tells, None outside it, and not in the JSON.
    """

    id: str
    title: str
    headline: str
    date: date | None
    house: str | None
    url: str | None
    topic: str | None
    status: Status
    brief: tuple[Sentence, ...] = ()
    points: tuple[Point, ...] = ()
    next: tuple[Sentence, ...] = ()
    others: Others = Others()
    coverage: tuple[Coverage, ...] = ()
    notes: tuple[str, ...] = ()
    encoder: str = ""
    writer: str = ""
    seconds: float = 0.0
    links: dict[str, str] = field(default_factory=dict)
    refused: int = 0
    kind: Kind = Kind.DEBATE
    news: tuple[Sentence, ...] = ()
    update: str = ""
    story: int | None = field(default=None, compare=False)

    def sentences(self) -> Iterator[Sentence]:
        yield from self.brief
        for point in self.points:
            yield from point.sentences
        yield from self.next

    def word_count(self) -> int:
        """White-space tokens of `brief`, `points` and `next`: what `--max-words` bounds."""
        return sum(len(sentence.text.split()) for sentence in self.sentences())


class When(StrEnum):
    """How a channel wants its stories: each as it comes, or those of a day or a week together, in London's time."""

    NOW = "now"
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class Entry:
    """A story of a round-up: its digest, cut to the one line that is shown, and to what that line needs.

    `update` says that the channel had the story before; the line is then what is new in it."""

    story: int
    digest: Digest
    update: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """Business that Parliament has announced, from `day` to `last` in London. `time` is London's too, None where none
    is given: the Chambers follow their Order Paper. `venue` is the Chamber, or the committee and what it does there;
    `about` an inquiry or bill, "" where the title says it. `house` is as announced: Commons, Lords, Joint."""

    id: str
    day: date
    last: date
    title: str
    venue: str
    about: str = ""
    time: time | None = None
    house: str | None = None
    url: str | None = None
    cancelled: bool = False

    def begins(self) -> datetime | None:
        """The moment, aware; None where no time is given."""
        return None if self.time is None else datetime.combine(self.day, self.time, LONDON)


@dataclass(frozen=True, slots=True)
class Roundup:
    """The stories of a period, the weightiest first. `title` is the topic's words; `when` None for one made by hand.
    `coming` is what is announced for the days after it was made, the soonest first, and `more` what is left out of it.
    """

    topic: str
    title: str
    when: When | None
    since: datetime
    until: datetime
    entries: tuple[Entry, ...]
    coming: tuple[Event, ...] = ()
    more: int = 0


Post = Digest | Roundup
"""What a channel is sent."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a reader says is wrong with a digest, for the operator. `line` is the line meant, None for the whole;
    `words` are its evidence: who, what, and where it can be read. `story` and `digest_id` are the archive's numbers."""

    id: int
    digest: Digest
    story: int
    digest_id: int
    line: Sentence | None
    words: tuple[tuple[str, str, str | None], ...]
    said: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Source:
    """Where a contribution that an answer cites stands: who spoke, when, in which House and debate. `id` is as the
    evidence names it; `url` is the contribution's own address, else its document's."""

    id: str
    title: str
    date: date | None = None
    house: str | None = None
    url: str | None = None
    speaker: str | None = None
    party: str | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a document says to a question, or the record; `answer/1` of the contract, before it is JSON. With no
    sentences it is not answered, and `notes` say why. `links` are as a digest's; `sources` has one for each
    contribution cited, in the order of the sentences, and for that of the nearest thing said where a note gives one."""

    question: str
    answered: bool
    sentences: tuple[Sentence, ...] = ()
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    links: dict[str, str] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()

    def word_count(self) -> int:
        """White-space tokens of the sentences: what `--max-words` bounds."""
        return sum(len(sentence.text.split()) for sentence in self.sentences)
