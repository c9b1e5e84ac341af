"""Whether a document's own words carry a claim about it.

A claim is a sentence or two: reported speech, a paraphrase or a quotation. It is split into parts, one for each main
clause; each part must be carried by one sentence of the evidence and its neighbours, and no hard fault may stand: a
figure, name, speaker, negation, strength, question, cause, order, attitude or argument that is not the source's. What
is the source's own, word for word and by whole sentences, is kept without more. Where in doubt, it refuses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from spacy.language import Language
from spacy.tokens import Doc

from bot.domain import Contribution, Document, Origin
from bot.equivalents import Equivalents
from bot.summarise.introductions import introduced
from bot.summarise.verifying import press, quotations
from bot.summarise.verifying.acts import ACTS
from bot.summarise.verifying.agreement import Agreement
from bot.summarise.verifying.evidence import SMALL, Evidence
from bot.summarise.verifying.figures import spell_dates
from bot.summarise.verifying.joins import actors, joins
from bot.summarise.verifying.likeness import Encodes, Likeness
from bot.summarise.verifying.objections import Objection
from bot.summarise.verifying.passages import Part, SourceSentence, Window, parts, to_compare, windows
from bot.summarise.verifying.press import Article
from bot.summarise.verifying.speakers import Voice, named
from bot.summarise.verifying.words import lemma, plain, stem

LIMIT = 1.0
"""Objections that weigh this much together refuse; hard ones weigh as much alone."""
FAR = 100.0
"""The weight of having found nothing at all: more than any objections to something."""
CANDIDATES = 5
"""Sentences of the evidence that a part is laid beside, best first. More find little and cost time."""
ENCODED = 12
"""Sentences whose likeness is asked of the encoder, by shared words first."""
_FIRST_PERSON = re.compile(r"\b(?:I|we|my|our|us|me|I'm|I've|we're|we've|I'll|we'll)\b")
_WORDS = re.compile(r"[a-z0-9]+(?:[-'][a-z0-9]+)*")
_REACH = 1
_BY_ARTICLE = re.compile(
    r"(?:The|This|An) (?:(?:news|newspaper) )?(?:article|story) "
    r"(?:also )?(?:report(?:ed|s)|sa(?:id|ys)|stat(?:ed|es)|add(?:ed|s)|not(?:ed|es)|explain(?:ed|s)) that "
    r"|According to (?:the|this) (?:article|story), "
)
"""What an article says of itself; 'the report' is left, for it may be another's that the article tells of."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict on a claim. `score` lies in 0..1 and is over one half exactly when the claim is supported; `reasons`
    say in plain words what speaks against it, the gravest first, or where it stands."""

    supported: bool
    score: float
    reasons: tuple[str, ...]


_BODY = re.compile(
    r"(?:In (?:\w+ )?\d{4},? |Last year,? )?(?:the )?(?:(?:\w+ )?Government|Opposition|Home Office|Department|"
    r"Ministers)\b",
    re.IGNORECASE,
)
_ACCORDING = re.compile(r"According to (?P<who>[^,]+), (?P<what>.+)", re.S)
_IN_VIEW = re.compile(r"In (?P<who>[A-Z][\w .'-]+)'s? (?:view|opinion), (?P<what>.+)", re.S)
_TRAILING = re.compile(r"(?P<what>[^,].+), according to (?P<who>[^,.]+)\.?", re.S)


def _told_by(claim: str) -> str:
    """'According to X, it is so' in the form in which who speaks is looked for: 'X said that it is so'."""
    for form in (_ACCORDING, _IN_VIEW, _TRAILING):
        if (hit := form.fullmatch(claim)) is not None:
            return f"{hit['who'][:1].upper()}{hit['who'][1:]} said that {hit['what']}"
    return claim


_HEAP = 40
"""Words above which a claim of which not one word in five is a new one is no sentence."""
LONGEST = 4_000
"""Characters: a claim is a sentence or a few. What is longer is not checked, for the time that it would take."""


def _refused(*reasons: str) -> Finding:
    return Finding(False, 0.0, reasons)


class Verifier:
    """Checks claims against one document. Parses each contribution once, when first needed.

    Raises ConfigurationError where config/equivalents.toml is wrong."""

    def __init__(self, document: Document | Sequence[Contribution], parser: Language, encoder: Encodes) -> None:
        items = introduced(document.contributions if isinstance(document, Document) else tuple(document))
        self._evidence = Evidence(document if isinstance(document, Document) else None, items, parser)
        self._parser, self._likeness = parser, Likeness(encoder)
        self._known: Equivalents = self._evidence.known
        self._voices: dict[str, Voice] = self._evidence.voices
        self._agreement = Agreement(self._known, self._likeness.nearest)

    def check(
        self,
        text: str,
        *,
        evidence: Sequence[str] | None = None,
        speaker: str | None = None,
        origin: Origin | None = None,
    ) -> Finding:
        """Whether the evidence carries the text. Never raises on any text.

        `evidence` are contribution ids, and only they count; without it the document's spoken contributions do.
        `speaker` is who is claimed to have said it: what others said does not count, even verbatim. `origin` adds what
        that kind of sentence must be: quoted and shortened ones stand between quotation marks, the others speak in the
        third person."""
        if len(text) > LONGEST:
            return _refused(f"a claim of more than {LONGEST:,} characters is not checked; part it into sentences")
        claim = _told_by(self._bare_of_article(plain(spell_dates(text)).strip()))
        if not re.search(r"[^\W_]", claim):
            return _refused("there is nothing to check")
        words = claim.lower().split()
        if len(words) > _HEAP and len(set(words)) < len(words) // 5:
            return _refused("it repeats a few words and says nothing that could be checked")
        pool = self._evidence.pool(evidence)
        if isinstance(pool, str):
            return _refused(pool)
        if speaker is not None:
            said = self._evidence.said_by(speaker, pool)
            if isinstance(said, str):
                return _refused(said)
            pool = said
        if (
            origin not in {Origin.REPORTED, Origin.WRITTEN}
            and (where := self._evidence.verbatim(claim, pool)) is not None
        ):
            return Finding(True, 1.0, (f"word for word in {where.id}",))
        if (origin is not None and origin.quotes) or quotations.quotations(claim):
            return self._quoted(claim, pool, speaker, origin)
        if origin is not None and _FIRST_PERSON.search(claim):
            return _refused("reported speech has no first person")
        if (where := self._evidence.verbatim(claim, pool)) is not None:
            return Finding(True, 1.0, (f"word for word in {where.id}",))
        try:
            return self._paraphrase(claim, pool, speaker)
        except RecursionError:
            # Words heaped up without a sentence give a parse as deep as they are many.
            return _refused("it cannot be read as a sentence")

    def read(self, contribution_id: str) -> tuple[SourceSentence, ...]:
        """The sentences of one contribution, parsed. Raises KeyError where the document has none of that id."""
        return self._evidence.sentences(self._evidence.items[contribution_id])

    def _bare_of_article(self, claim: str) -> str:
        """Where nobody speaks, 'The article reported that' is true of whatever it holds: the rest is the claim."""
        if self._voices or (hit := _BY_ARTICLE.match(claim)) is None:
            return claim
        return claim[hit.end() : hit.end() + 1].upper() + claim[hit.end() + 1 :]

    def _quoted(self, claim: str, pool: list[Contribution], speaker: str | None, origin: Origin | None) -> Finding:
        found = quotations.quotations(claim)
        if not found:
            if origin is not None and origin.quotes:
                found = [quotations.Quotation(claim, 0, len(claim))]
            else:
                return self._paraphrase(claim, pool, speaker)
        frame = claim
        for quote in reversed(found):
            frame = frame[: quote.start] + " " + frame[quote.end :]
        if not found[0].start and found[0].end == len(claim) and not quotations.quotations(claim):
            frame = ""
        rest = " ".join(_WORDS.findall(frame.lower()))
        speakers = self._framed(frame) if rest else None
        if isinstance(speakers, frozenset):
            pool = [item for item in pool if item.speaker in speakers]
            if not pool:
                return _refused("the quotation is not that speaker's in the evidence")
        carrying = pool
        for quote in found:
            faults = {item.id: self._quotation_fault(quote.words, item) for item in carrying}
            carrying = [item for item in carrying if faults[item.id] is None]
            if not carrying:
                return _refused(next(iter(faults.values())) or "the quotation is not in the source")
        if not rest or (speakers is not None and self._bare_frame(frame)):
            return Finding(True, 1.0, (f"quoted from {carrying[0].id}",))
        whole = claim
        for quote in reversed(found):
            whole = whole[: quote.start] + quote.words.replace("[", "").replace("]", "") + whole[quote.end :]
        return self._paraphrase(whole, carrying, speaker)

    def _quotation_fault(self, words: str, item: Contribution) -> str | None:
        voice = self._voices.get(item.speaker or "")
        around = " ".join(other.text for other in self._evidence.items.values()) if "[" in words else ""
        names = " ".join(f"{v.speaker} {' '.join(v.roles)}" for v in self._voices.values()) if "[" in words else ""
        own = (*voice.names, *(word for role in voice.roles for word in _WORDS.findall(role))) if voice else ()
        return quotations.fault(
            words,
            item.text,
            tuple(word for word in own if word not in SMALL),
            f"{around} {names} {self._evidence.labels(item)}",
        )

    def _framed(self, frame: str) -> frozenset[str] | None:
        """The speakers that the words round a quotation name; None where they name nobody who speaks here."""
        found = [
            part
            for part in parts(self._parser(frame.strip() + " that it is so."), self._is_speaker)
            if part.frame is not None
        ]
        for part in found:
            if part.frame is not None and not part.frame.pronoun:
                return named(part.frame.subject, self._voices, self._known)
        meant = named(
            re.split(r"\b(?:said|told|asked|added|replied)\b", frame)[0].strip(" :,"), self._voices, self._known
        )
        return meant or None

    def _bare_frame(self, frame: str) -> bool:
        """Whether the words round a quotation are no more than 'Dan Jarvis said:'."""
        words = _WORDS.findall(frame.lower())
        names = {
            word
            for voice in self._voices.values()
            for phrase in (*voice.names, *voice.roles)
            for word in _WORDS.findall(phrase)
        }
        return all(word in names or word in _FRAMING for word in words)

    # --- paraphrase

    def _is_speaker(self, phrase: str) -> bool:
        return bool(named(phrase, self._voices, self._known))

    def _paraphrase(self, claim: str, pool: list[Contribution], speaker: str | None) -> Finding:
        """A body that acts ("the Government announced an increase") is either who speaks here or what is spoken of."""
        doc = self._parser(re.sub(r";\s+(?=[A-Z])", ". ", claim))  # a question and its answer, joined
        finding = self._carried(doc, claim, pool, speaker, self._is_speaker)
        if finding.supported or not _BODY.match(claim):
            return finding
        spoken_of = self._carried(doc, claim, pool, speaker, self._is_person)
        return spoken_of if spoken_of.supported else finding

    def _is_person(self, phrase: str) -> bool:
        return not _BODY.match(phrase) and self._is_speaker(phrase)

    def _carried(
        self, doc: Doc, claim: str, pool: list[Contribution], speaker: str | None, speaks: Callable[[str], bool]
    ) -> Finding:
        found = [
            part for part in parts(doc, speaks) if part.content or part.figures or part.names or _names_an_act(part)
        ]
        if not found:
            return _refused("there is nothing in it that could be checked")
        near = self._evidence.nearest(claim, pool)
        article = None if self._voices else self._article(pool, near)
        worst: list[Objection] = []
        where: list[str] = []
        last: frozenset[str] | None = None
        for part in found:
            own = near
            if part.frame is not None and not part.frame.pronoun and self._voices:
                last = named(part.frame.subject, self._voices, self._known)
            if (part.frame is not None and last is not None and part.frame.act is not None) or (
                part.frame is not None and last
            ):
                restricted = [item for item in pool if item.speaker in last]
                own = self._evidence.nearest(claim, restricted)
                if not own:
                    return _refused(f"“{part.frame.subject}” did not say it in the evidence")
            objections, place = self._best(part, own, article)
            if sum(item.weight for item in objections) > sum(item.weight for item in worst) or not where:
                worst = objections
            where += [place] if place and place not in where else []
        weight = sum(item.weight for item in worst)
        score = round(LIMIT / (LIMIT + weight), 3)
        if weight >= LIMIT:
            reasons = [item.reason for item in sorted(worst, key=lambda item: -item.weight)]
            return Finding(False, min(score, 0.5), tuple(dict.fromkeys(reasons)))
        return Finding(True, max(score, 0.501), (f"carried by {', '.join(where)}",))

    def _best(self, part: Part, pool: list[Contribution], article: Article | None) -> tuple[list[Objection], str]:
        best: list[Objection] = [Objection(FAR, "nothing in the evidence is like it")]
        place = ""
        candidates = [
            (likeness, item, windows(self._evidence.sentences(item), index, _REACH))
            for likeness, item, index in self._candidates(part, pool)
        ]
        self._likeness.prepare(to_compare(part, [window for _, _, window in candidates]))
        if article is not None:
            joined, place = self._joined(part, [(item, window) for _, item, window in candidates])
            known_as = press.sure(max((press.share(part, window) for _, _, window in candidates), default=0.0))
            absent = press.absent(part, article, known_as, self._likeness.nearest)
            joined += [*joins(part, article.sentences, article.text), *actors(part, article.sentences)]
            return [*absent, *joined], place
        for likeness, item, window in press.likest(part, candidates):
            objections = self._agreement.objections(part, window, self._evidence.setting(item), likeness)
            if sum(one.weight for one in objections) < sum(one.weight for one in best):
                best, place = objections, item.id
            if not best:
                break
        return best, place

    def _article(self, pool: list[Contribution], near: list[Contribution]) -> Article:
        self._evidence.read_all(near)
        return Article(
            " ".join([*(item.text for item in pool), self._evidence.labels(pool[0])]),
            tuple(sentence for item in near for sentence in self._evidence.sentences(item)),
            self._known,
        )

    def _joined(self, part: Part, found: list[tuple[Contribution, Window]]) -> tuple[list[Objection], str]:
        """What speaks against how an article's part is joined, by the sentence that the part is likest, and where that
        stands: of equally like ones the kindest counts."""
        shares = [press.share(part, window) for _, window in found]
        options = [
            (
                [
                    Objection(one.weight * press.sure(share), one.reason)
                    for one in self._agreement.relational(part, window, self._evidence.setting(item))
                ],
                item.id,
            )
            for (item, window), share in zip(found, shares, strict=True)
            if share >= max(shares) - press.TIE
        ]
        return min(options, key=lambda row: sum(one.weight for one in row[0]), default=([], ""))

    def _candidates(self, part: Part, pool: list[Contribution]) -> list[tuple[float, Contribution, int]]:
        wanted = {stem(word) for word in _WORDS.findall(part.text.lower()) if len(word) > 2}
        scored: list[tuple[float, Contribution, int]] = []
        self._evidence.read_all(pool)
        for item in pool:
            for index, sentence in enumerate(self._evidence.sentences(item)):
                scored.append((len(wanted & sentence.stems) / max(1, len(wanted)), item, index))
        scored.sort(key=lambda row: -row[0])
        first = scored[:ENCODED]
        if not first:
            return []
        likeness = self._likeness.of(
            part.text, [self._evidence.sentences(item)[index].text for _, item, index in first]
        )
        ranked = sorted(
            ((float(like), overlap, item, index) for like, (overlap, item, index) in zip(likeness, first, strict=True)),
            key=lambda row: -(row[0] + row[1]),
        )
        return [(like, item, index) for like, _, item, index in ranked[:CANDIDATES]]


_FRAMING = frozenset(
    (
        "said says told tells asked asks added adds replied answered the house commons lords mps members "
        "minister that he she of in to committee a an mr mrs ms sir dame lord lady baroness stated noted "
        "explained continued and also then hon right"
    ).split()
)


def _names_an_act(part: Part) -> bool:
    """'The minister apologised' has no other content than the act."""
    return part.frame is not None and part.frame.act is not None and lemma(part.frame.act) in ACTS
