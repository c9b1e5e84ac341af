"""Those who said something of substance and have no line of their own: how many, and what they spoke of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from bot.domain import Others
from bot.summarise.parsing import Parsed, parse
from bot.summarise.plan import SUBSTANCE, Plan
from bot.summarise.select import Scored

if TYPE_CHECKING:
    from spacy.tokens import Token

_NAMED = 3
"""Things that are named at most."""
_COMMON = 2
"""Speakers who named a thing before it comes ahead of those that say more."""
_GENERAL = frozenset(
    "prevent review programme program strategy report policy scheme referral duty terrorism problem".split()
)
"""What everybody in a debate on Prevent speaks of."""
_READ = 4
"""Sentences of each speaker that are read for them."""
_LONGEST = 6
"""Words of a thing's name at most."""
_EMPTY = frozenset(
    "people thing things point points matter matters question questions issue issues members member statement "
    "house government minister today place number order terms those something someone anything answer lords "
    "friend years year person committee constituents constituency time way part lot kind sort case cases work day "
    "days week weeks month months side sense fact view hope concern concerns example reason end start country "
    "minute moment opportunity chance word words job role need needs area areas range level levels bit couple "
    "gentleman lady secretary opposition party parties debate colleague colleagues man woman boy girl family "
    "attention being search families son daughter "
    "mother father widow victim victims truth answers everyone anybody nobody hour "
    "hours".split()
)
_VAGUE = frozenset(
    "many different several other new same certain various some more most such own whole real great good big important "
    "individual particular specific further additional recent current latest key very huge significant".split()
)
_ONE_OF_MANY = frozenset("a an any each every one another no either neither".split())
"""What stands before one thing of a kind, which cannot be named without it."""
_PRIVATE = frozenset({"PERSON"})
_BODIES = re.compile(
    r"\b(?:Service|University|Council|Office|Police|Committee|Department|Act|Bill|Fund|Agency|Authority|Commission|Board|"
    r"Channel|Duty|Strategy|Programme|Panel|Inquiry|School|College|Government|Parliament|Court)s?\b",
    re.IGNORECASE,
)
"""What a name may be of to stand in our words: whatever else has a capital may be somebody's."""
_NOT_NAMES = re.compile(
    r"\b(?:hon|right|noble|my|our|your|his|her|their|its|this|that|these|those|such|same)\b", re.IGNORECASE
)


def others(plan: Plan) -> Others:
    """Those who said something of substance and have no line, and what they spoke of: first what several of them did,
    then what the most telling of them did. Nobody is named, and nothing is said of what was said."""
    shown = {line.speaker for line in plan.lines()}
    words: Counter[str] = Counter()
    said: dict[str, list[Scored]] = {}
    for item in plan.found.scored:
        speaker = item.unit.contribution.speaker
        if speaker is not None and speaker not in shown:
            words[speaker] += len(item.unit.text.split())
            said.setdefault(speaker, []).append(item)
    silent = [speaker for speaker in said if words[speaker] >= SUBSTANCE]
    evidence = tuple(dict.fromkeys(said[speaker][0].unit.contribution.id for speaker in silent))
    return Others(len(silent), _about(plan, [said[speaker][:_READ] for speaker in silent]), evidence)


def _about(plan: Plan, said: Sequence[Sequence[Scored]]) -> str:
    """The things that most speakers named, as a list in words."""
    spoken: Counter[str] = Counter()
    forms: dict[str, str] = {}
    first: dict[str, int] = {}
    for items in said:
        things: dict[str, str] = {}
        for parsed in parse(plan.phraser.parser, [item.unit.text for item in items]):
            for key, form in _things(parsed):
                things.setdefault(key, form)
        for place, (key, form) in enumerate(things.items()):
            spoken[key] += 1
            forms[key] = max(forms.get(key, form), form, key=lambda known: len(known.split()))
            first[key] = min(place, first.get(key, place))
    common = {key for key in spoken if spoken[key] >= _COMMON and key not in _GENERAL}
    ranked = sorted(
        spoken,
        key=lambda key: (
            key not in common,
            -spoken[key] if key in common else 0,
            key in _GENERAL,
            -len(forms[key].split()),
            first[key],
        ),
    )
    telling = [key for key in ranked if key in common or " " in forms[key].removeprefix("the ")]
    named = _apart([forms[key] for key in telling])[:_NAMED]
    return named[0] if len(named) == 1 else ", ".join(named[:-1]) + " and " + named[-1] if named else ""


def _apart(forms: Sequence[str]) -> list[str]:
    """The forms without those that share a noun with one before them."""
    kept: list[str] = []
    used: set[str] = set()
    for form in forms:
        nouns = {word.lower().rstrip("s") for word in form.split() if len(word) > 3}
        if not nouns & used:
            kept.append(form)
            used |= nouns
    return kept


def _things(parsed: Parsed) -> Iterator[tuple[str, str]]:
    """The noun phrases of a sentence that say what it is about, each with its head as a key; the longest first."""
    found: list[tuple[str, str]] = []
    for chunk in parsed.doc.noun_chunks:
        head = chunk.root
        if head.tag_ not in {"NN", "NNS", "NNP", "NNPS"} or head.lemma_.lower() in _EMPTY or head.lower_ in _EMPTY:
            continue
        if any(token.ent_type_ in _PRIVATE for token in chunk) or head.ent_type_ in {
            "DATE",
            "CARDINAL",
            "MONEY",
            "TIME",
        }:
            continue
        if head.tag_ == "NN" and parsed.doc[chunk.start].lower_ in _ONE_OF_MANY:
            continue
        start, end = chunk.start, _with_of(head, chunk.end)
        while start < end and (
            parsed.doc[start].pos_ in {"DET", "PRON", "PUNCT", "CCONJ", "ADV"} or parsed.doc[start].lower_ in _VAGUE
        ):
            start += 1
        if any(token.pos_ in {"NUM", "PART", "VERB"} for token in parsed.doc[start:end]):
            continue
        form = parsed.between(start, end)
        if not form or len(form.split()) > _LONGEST or _NOT_NAMES.search(form) or re.search(r"[“”\d£?!—;:,]", form):
            continue
        if form.lower() in _GENERAL or (head.tag_ in {"NNP", "NNPS"} and not _BODIES.search(form)):
            continue
        article = "the " if parsed.doc[chunk.start].lower_ == "the" else ""
        shown = form if parsed.doc[start].tag_ in {"NNP", "NNPS"} or form[:2].isupper() else form[:1].lower() + form[1:]
        found.append((head.lemma_.lower(), f"{article}{shown}"))
    yield from sorted(found, key=lambda row: -len(row[1].split()))


def _with_of(head: Token, end: int) -> int:
    """Where the phrase ends with its "of": "the outcome of the referrals"."""
    for child in head.children:
        if child.dep_ == "prep" and child.lower_ == "of" and child.i == end:
            inner = list(child.subtree)
            if len(inner) <= 5 and all(token.pos_ not in {"VERB", "AUX", "PRON"} for token in inner):
                return inner[-1].i + 1
    return end
