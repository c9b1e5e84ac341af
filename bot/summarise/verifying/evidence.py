"""A document as evidence: its contributions, parsed when first needed, who said them, and what is known beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from spacy.language import Language

from bot.domain import Contribution, Document
from bot.equivalents import equivalents
from bot.summarise.verifying.agreement import Setting
from bot.summarise.verifying.figures import Figure, figures, of_date, spell_dates
from bot.summarise.verifying.passages import SourceSentence, read_sentence
from bot.summarise.verifying.speakers import named, voices
from bot.summarise.verifying.words import lemma, plain, stem

CONTRIBUTIONS = 10
"""Contributions that are parsed when no evidence is named, those that share most words first."""
_BACK = 4
"""Contributions before one that may hold what it answers: the Chair speaks between, and Members rise in pairs."""
_WORDS = re.compile(r"[a-z0-9]+(?:[-'][a-z0-9]+)*")
_PIECE = 50_000
SMALL = frozenset({"of", "the", "for", "and", "state"})
"""Words of offices that name nobody."""
_STOPPED = re.compile(r"\b(?:hon|Mr|Mrs|Ms|Dr|No)\.$")


class Evidence:
    """One document's contributions as the verifier reads them: plain quotes, dates spelt out.

    Raises ConfigurationError where config/equivalents.toml is wrong."""

    def __init__(self, document: Document | None, contributions: Sequence[Contribution], parser: Language) -> None:
        self._document, self._parser = document, parser
        self.items = {item.id: replace(item, text=plain(spell_dates(item.text))) for item in contributions}
        self.known, self.voices = equivalents(), voices(contributions)
        self._settings: dict[str, Setting] = {}
        kept = tuple(self.items.values())
        self._before = {item.id: kept[max(0, place - _BACK) : place][::-1] for place, item in enumerate(kept)}
        self._read: dict[str, tuple[SourceSentence, ...]] = {}
        self._stems: dict[str, frozenset[str]] = {}
        self._governing = any(voice.ministerial for voice in self.voices.values())

    def pool(self, evidence: Sequence[str] | None) -> list[Contribution] | str:
        """The contributions of those ids, or all; in words, why there are none."""
        if evidence is None:
            spoken = list(self.items.values())
            return spoken or "the document has no words to carry it"
        if not evidence:
            return "no evidence is given"
        unknown = [name for name in evidence if name not in self.items]
        if unknown:
            return f"the evidence “{unknown[0]}” is not in the document"
        return [self.items[name] for name in dict.fromkeys(evidence)]

    def said_by(self, speaker: str, pool: list[Contribution]) -> list[Contribution] | str:
        """Those of the pool that the named speaker said; in words, that there are none."""
        if not self.voices:
            words = [word for word in plain(speaker).split() if word[:1].isupper()]
            told = [item for item in pool if words and words[-1].lower() in item.text.lower()]
            return told or f"nothing in the evidence is said by {speaker}"
        meant = named(speaker, self.voices, self.known)
        said = [item for item in pool if item.speaker in meant]
        if said:
            return said
        others = sorted({item.speaker for item in pool if item.speaker})
        return f"{speaker} did not say it" + (f"; the evidence is the words of {others[0]}" if len(others) == 1 else "")

    def sentences(self, item: Contribution) -> tuple[SourceSentence, ...]:
        """The sentences of one contribution, parsed once."""
        self.read_all([item])
        return self._read[item.id]

    def read_all(self, items: Sequence[Contribution]) -> None:
        """Parses, in one run of the parser, those of the contributions that have not been."""
        found: dict[str, list[SourceSentence]] = {item.id: [] for item in items if item.id not in self._read}
        texts = (
            (piece, item)
            for item in items
            if item.id in found
            for paragraph in re.split(r"\n+", item.text)
            for piece in _pieces(paragraph)
        )
        if not found:
            return
        for doc, item in self._parser.pipe(texts, as_tuples=True):
            found[item.id] += [
                read_sentence(item, span)
                for span in doc.sents
                if any(token.is_alpha or token.like_num for token in span)
            ]
        self._read |= {name: tuple(sentences) for name, sentences in found.items()}

    def _stems_of(self, item: Contribution) -> frozenset[str]:
        if item.id not in self._stems:
            self._stems[item.id] = frozenset(stem(word) for word in _WORDS.findall(item.text.lower()))
        return self._stems[item.id]

    def nearest(self, claim: str, pool: list[Contribution]) -> list[Contribution]:
        """Those of the pool that share the rarest words with the claim."""
        if len(pool) <= CONTRIBUTIONS:
            return pool
        wanted = {stem(word) for word in _WORDS.findall(claim.lower()) if len(word) > 3}
        counts = {word: 1 + sum(word in self._stems_of(item) for item in pool) for word in wanted}
        ranked = sorted(pool, key=lambda item: -sum(1 / counts[word] for word in wanted & self._stems_of(item)))
        return ranked[:CONTRIBUTIONS]

    def verbatim(self, claim: str, pool: Iterable[Contribution]) -> Contribution | None:
        """The contribution of which the claim is one or more whole sentences, word for word."""
        wanted = re.sub(r"\s+", " ", claim)
        for item in pool:
            have = re.sub(r"\s+", " ", item.text)
            start = have.find(wanted)
            while start >= 0:
                before, after = have[:start].rstrip(), have[start + len(wanted) :].lstrip()
                opens = not before or (before[-1] in ".!?:\"')" and not _STOPPED.search(before))
                closes = (
                    not after
                    or wanted[-1] in '.!?"'
                    or (after[0] in ".!?" and len(after) < 2)
                    or after[:2] in {". ", "? ", "! "}
                )
                if opens and closes and not (after[:1] == "?" and wanted[-1] != "?"):
                    return item
                start = have.find(wanted, start + 1)
        return None

    def _ahead(self, item: Contribution) -> list[Contribution]:
        """The contributions of the last two others who spoke before this one, the nearest first, the Chair left out."""
        if not item.speaker:
            return []
        found: dict[str, Contribution] = {}
        for other in self._before.get(item.id, ()):
            if other.speaker and other.speaker != item.speaker and "Speaker" not in other.speaker:
                found.setdefault(other.speaker, other)
        return list(found.values())[:2]

    def labels(self, item: Contribution) -> str:
        """What is known of a contribution beside its words."""
        document = self._document
        known = [item.speaker, item.role, item.party, item.constituency, item.attributed_to]
        if document is not None:
            known += [document.title, document.house, *document.section, document.publisher]
        if voice := self.voices.get(item.speaker or ""):
            known += voice.roles
        return " ".join(part for part in known if part)

    def setting(self, item: Contribution) -> Setting:
        """What a window of the contribution is judged with."""
        if item.id not in self._settings:
            self._settings[item.id] = self._set(item)
        return self._settings[item.id]

    def _set(self, item: Contribution) -> Setting:
        voice = self.voices.get(item.speaker or "")
        extra: list[Figure] = figures(plain(self._document.title)) if self._document else []
        extra += of_date(self._document.date if self._document else None)
        words = {word for phrase in (*voice.names, *voice.roles) for word in _WORDS.findall(phrase)} if voice else set()
        governs = voice is None or voice.ministerial or not (self._governing or voice.shadow)
        return Setting(
            labels=plain(self.labels(item)),
            figures=tuple(extra),
            contribution=item.text,
            speaker=frozenset(words - SMALL),
            party=" ".join(self.known.others(item.party)) if item.party else "",
            others=frozenset(
                name for other in self.voices.values() if other is not voice for name in (*other.names, *other.roles)
            ),
            title=frozenset(_WORDS.findall(self._document.title.lower())) if self._document else frozenset(),
            governs=governs,
            everybody=" ".join(f"{voice.speaker} {' '.join(voice.roles)}" for voice in self.voices.values()),
            known=self.known,
            press=not self.voices,
            answered=frozenset(name for other in self._ahead(item) for name in self.voices[other.speaker or ""].names),
            asked=frozenset(
                lemma(clause.actor)
                for other in self._ahead(item)[:1]
                for sentence in (self.sentences(other) if "?" in other.text else ())
                for clause in sentence.clauses
                if clause.asked and clause.actor is not None and clause.actor.pos_ == "NOUN"
            ),
        )


def _pieces(paragraph: str) -> Iterator[str]:
    """The paragraph, in pieces that end between words where it is longer than any speech: memory grows with a text's
    length in the parser, which takes no more than 400,000 characters at once."""
    while len(paragraph) > _PIECE:
        cut = paragraph.rfind(" ", 1, _PIECE)
        cut = cut if cut > 0 else _PIECE
        yield paragraph[:cut]
        paragraph = paragraph[cut:].lstrip()
    if paragraph.strip():
        yield paragraph
