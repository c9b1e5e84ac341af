"""What a question takes for granted ("Why did the Minister resign?"), and whether the record says that it came about.

Only acts that are plainly done or not done are looked at, each with the words by which a record would tell of it: a
resignation, a refusal, a cut. For all else a question's own words must do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.summarise.lexical import content
from bot.summarise.refused import attributed

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from bot.summarise.sentences import Unit

_NOT = r"\b(?:not|n[’']t|never|no|cannot|neither|nor)\b"
_REFUSING = rf"refus\w+|declin\w+|reject\w*|den(?:y|ied|ies|ial)|block\w*|turn\w* down|oppos\w+|rul\w+ out|{_NOT}"
_ACTS: tuple[tuple[str, str], ...] = (
    (r"resign\w*|(?:step|stand|stood|stepp)\w* down|quit", r"resign\w*|(?:step|stepp|stand|stood)\w* down|quit"),
    (r"sack(?:ed|ing)?|fired|dismiss(?:ed|al)", r"sack\w*|fired|dismiss\w*|removed from"),
    (
        r"abolish\w*|scrap\w*|axed?|disband\w*|abolition",
        r"abolish\w*|abolition|scrap\w*|axed?|disband\w*|abandon\w*|ended|end(?:ing)? the|wound up|closed down",
    ),
    (r"cancel\w*", r"cancel\w*|scrap\w*|abandon\w*|withdr\w+|call\w* off"),
    (r"ban|banned|bans|prohibit\w*|outlaw\w*", r"ban|banned|bans|prohibit\w*|outlaw\w*|unlawful|illegal"),
    (r"refus\w+|declin(?:e|ed|es)|den(?:y|ied|ies)|block(?:ed|s)?|turn\w* down", _REFUSING),
    (r"reject\w*|veto\w*", rf"reject\w*|veto\w*|{_REFUSING}"),
    (r"apologi\w+|sorry", r"apolog\w+|sorry|regret\w*"),
    (r"lie|lied|lies|lying|misle\w+|deceiv\w+", r"lie|lied|lies|lying|misle\w+|deceiv\w+|untrue|dishonest\w*"),
    (r"confess\w*|admit\w*", r"confess\w*|admit\w*|admission|accept\w*|acknowledg\w+|conced\w+|sorry|right that"),
    (r"acquit\w*|exonerat\w+", r"acquit\w*|exonerat\w+|cleared|not guilty"),
    (r"arrest\w*|jail\w*|imprison\w*", r"arrest\w*|jail\w*|imprison\w*|prison|sentence\w*|custody"),
    (r"suspend\w*|suspension", r"suspend\w*|suspension|paus\w+|halt\w*"),
    (r"cut|cuts|cutting|slash\w*", r"cut|cuts|cutting|slash\w*|reduc\w+|fell|fallen|lower|less|fewer"),
    (r"doubled?|tripled?", r"doubl\w+|tripl\w+|twice|two-fold|three times"),
    (r"blam(?:e|ed|es|ing)", r"blam\w+|fault\w*|responsib\w+"),
    (r"withdraw\w*|withdrew", r"withdr\w+|pull\w* (?:out|back)|revok\w+"),
    (r"leak\w*", r"leak\w*"),
    (r"hid|hide|hiding|conceal\w*|cover(?:ed|ing)? up|suppress\w*", r"hid\w*|conceal\w*|cover\w* up|suppress\w*|"
    r"redact\w*"),
    (r"threaten\w*", r"threat\w*"),
    (r"sued?|suing", r"sue\w*|suing|legal action|judicial review|court"),
    (r"walk(?:ed)? out|storm(?:ed)? out|boycott\w*", r"walk\w* out|storm\w* out|boycott\w*"),
    (r"drop|dropped|abandon(?:ed)?", r"drop\w*|abandon\w*|scrap\w*|withdr\w+|no longer"),
    (r"compensat\w+", r"compensat\w+|damages|redress"),
    (r"bribe\w*|steal|stole\w*|embezzl\w+", r"brib\w+|steal|stol\w+|theft|embezzl\w+"),
)  # fmt: skip
_SUPPORTS = [
    (re.compile(rf"\b(?:{asked})\b", re.I), re.compile(rf"(?:\b|(?<=n))(?:{said})\b", re.I)) for asked, said in _ACTS
]
_NEGATIVE = {index for index, (_, said) in enumerate(_ACTS) if _NOT in said}
_DENIED = re.compile(rf"(?:{_NOT}|n[’']t) (?:\w+ ){{0,3}}$", re.IGNORECASE)
_SUPPOSED = re.compile(
    r"\b(?:should|would|could|may|might|will|shall|if|whether|to|must|calls?|called|calling|ask|suggest\w*|say|says) "
    r"(?:[\w’]+ ){0,6}$",
    re.IGNORECASE,
)
_SELF = re.compile(r"\b(?:I|we|my|our|me|us)\b", re.IGNORECASE)
_FIGURE = re.compile(r"£?\d[\d,.]*\d|£?\d")
GOVERNMENT = frozenset(content("government minister ministers department cabinet"))
"""Words for those who act as the Government."""
_SOME = 0.5
"""The share of the question's other words that must stand in the sentence that tells of the act."""


@dataclass(frozen=True, slots=True)
class Premise:
    """An act that a question takes for granted: which of the table, its other words, its figures, and who did it (the
    words of a name or office; empty where nobody is named)."""

    act: int
    terms: frozenset[str]
    figures: frozenset[str]
    doer: frozenset[str]
    told: bool
    """Whether the question asks what was said of it; then it need not have come about."""

    def held(self, units: Sequence[Unit], speakers: Iterable[str]) -> bool:
        """Whether some sentence tells of it; `speakers` are labels of those whom the question names."""
        own = frozenset(speakers)
        return any(self.told_by(units, row, own) for row in range(len(units)))

    def told_by(self, units: Sequence[Unit], row: int, speakers: frozenset[str]) -> bool:
        """Whether this sentence does."""
        unit = units[row]
        for hit in _SUPPORTS[self.act][1].finditer(unit.text):
            before = unit.text[: hit.start()]
            if self.act not in _NEGATIVE and _DENIED.search(before):
                continue
            if not self.told and _SUPPOSED.search(before):
                continue
            if not self.figures <= set(_FIGURE.findall(unit.text)):
                continue
            here = set(content(unit.text))
            if self.terms and len(self.terms & here) < (1 if self.act in _NEGATIVE else _SOME) * len(self.terms):
                continue
            if self.doer and not self._done_by(unit, units[row - 1] if row else None, speakers):
                continue
            return True
        return False

    def _done_by(self, unit: Unit, before: Unit | None, speakers: frozenset[str]) -> bool:
        if unit.contribution.speaker in speakers and _SELF.search(unit.text):
            return True
        if self.doer & GOVERNMENT and GOVERNMENT & set(content(unit.text)):
            return True
        near = f"{before.text} " if before and before.contribution.id == unit.contribution.id else ""
        return bool(self.doer & set(content(near + unit.text)))


def premise_of(doc: Doc) -> Premise | None:
    """The act that the question is about, if it is one of the table's."""
    for act, (asked, _) in enumerate(_SUPPORTS):
        for token in doc:
            hit = asked.match(doc.text, token.idx)
            if hit is None or token.pos_ not in {"VERB", "NOUN", "AUX", "ADJ", "PROPN"}:
                continue
            taken = set(range(hit.start(), hit.end()))
            told = attributed(doc.text)
            doers = _doers(token) if token.pos_ in {"VERB", "AUX", "ADJ"} else []
            skip = {word.i for word in doers}
            terms = {
                stem
                for word in doc
                if word.i not in skip
                and word.idx not in taken
                and word.pos_ in {"NOUN", "PROPN", "VERB", "ADJ"}
                and word.lemma_.lower() not in _LIGHT
                and not (told and _says(word, token))
                for stem in content(word.text)
            }
            names = {stem for word in doers if word.pos_ in {"PROPN", "NOUN"} for stem in content(word.text)}
            return Premise(act, frozenset(terms), frozenset(_FIGURE.findall(doc.text)), frozenset(names), told)
    return None


def _doers(token: Token) -> list[Token]:
    """The words of the subject of an act, one that it is done to apart."""
    subjects = [child for child in token.lefts if child.dep_ in {"nsubj", "nsubjpass", "poss"}]
    return [word for subject in subjects for word in subject.subtree]


def _says(word: Token, act: Token) -> bool:
    """Whether the word belongs to what asks who said it, not to what was said."""
    return word in act.ancestors or any(
        word in list(above.lefts) or word.head in list(above.lefts) for above in act.ancestors
    )


_LIGHT = frozenset("do have be get make take give say tell much many reason year month day time people person".split())
