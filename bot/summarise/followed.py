"""A question that leans on the one before it, made whole: "And what did he say about funding?", "What about the
Lords?", "When was that?". Who "he" is is never guessed: one person must have been named, and no other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

KEPT = 8
"""Questions before this one that are looked at."""


@dataclass(frozen=True, slots=True)
class Followed:
    """The question, whole. `about` is the subject of the talk where it leans on one; `unclear` says for readers why it
    cannot be made whole; `when` that the day on which it was said is asked for."""

    text: str
    about: str = ""
    when: bool = False
    unclear: str | None = None


_LEADS = r"(?:and|but|so|also|then|ok(?:ay)?|thanks|well|right|yes|no)\b,? *"
_ABOUT = re.compile(rf"^(?:{_LEADS})*(?:what|how) about (?P<what>[^?]+?)\s*\?*$", re.IGNORECASE)
_BARE = re.compile(
    rf"^(?:{_LEADS})+(?P<what>(?:(?:in|on|by|from|for|since|during) )?[^?]{{1,80}}?)\s*\?*$", re.IGNORECASE
)
_VERB = re.compile(
    r"\b(?:did|does|do|is|are|was|were|has|have|had|will|would|can|could|should|say|said|who|what|when|where|"
    r"why|how|which)\b",
    re.IGNORECASE,
)
_WHEN = re.compile(
    rf"^(?:{_LEADS})*(?:when (?:was|were|is|did) (?:that|this|it|he|she|they|those|these)(?: (?:said|say that|"
    rf"say this|say it|"
    r"announced|promised|asked|published|agreed))?|when|on (?:what|which) (?:day|date))\s*\?*$",
    re.IGNORECASE,
)
_WHY = re.compile(
    rf"^(?:{_LEADS})*why(?: (?:was|is|did|does) (?:that|this|it|so|(?:he|she|they) (?:say|think|do) (?:that|so|"
    rf"this|it))|"
    r" not| so)?\s*\?*$",
    re.IGNORECASE,
)
_WHO = re.compile(
    rf"^(?:{_LEADS})*who(?: else)? (?:said|says|asked|raised|mentioned|agreed with)(?: that| this| it| so)?\s*\?*$",
    re.I,
)
_PERSON = re.compile(r"\b(?P<word>he|she|him|her|his|hers|they|them|their)\b", re.IGNORECASE)
_THING = re.compile(
    r"\b(?:that|this|it|its|those|these)\b(?! \w+ (?:is|was|are|were|did|has|have|had|will)\b)", re.IGNORECASE
)
_NAME = (
    r"(?:(?:[Tt]he )?(?:(?:[Ss]hadow|[Dd]eputy|[Pp]rime|[Ff]irst|[Hh]ome|[Ff]oreign|"
    r"[Ss]ecurity) ){0,2}(?:[Mm]inister|[Ss]ecretary"
    r"(?: of [Ss]tate)?|[Cc]hancellor|[Ll]eader|[Ss]peaker|[Cc]ommissioner)(?: (?:for|"
    r"of) (?:the )?[A-Z]\w+(?:(?: and|,)? [A-Z]\w+)*)?|"
    r"(?:[Tt]he )?(?:(?:Lord|Lady|Baroness|Earl|Viscount|Viscountess|Bishop|Duke|Sir|Dame|Dr|Mr|Mrs|Ms|"
    r"Miss) )*(?:of )?"
    r"[A-Z][\w’'-]+(?: (?:of )?[A-Z][\w’'-]+)*)"
)
_WHOSE = re.compile(rf"\b(?:[Dd]id|[Dd]oes|[Hh]as|[Hh]ave|[Hh]ad) (?P<who>(?!I\b)(?:the )?{_NAME}) (?=[a-z])")
_BY = re.compile(rf"\b(?:[Aa]ccording to|[Ss]aid by|[Aa]sked by|[Rr]aised by) (?P<who>{_NAME})")
_SAYS = re.compile(
    r"^(?P<lead>.*?\bwhat (?:did|does|has|have|do) )(?P<who>.+?) (?P<verb>say|said|think|ask|promise|announce|"
    r"argue|call|tell[^?]*?|"
    r"suggest|mention|propose|want)\b(?: (?:about|on|of|for|regarding) (?P<topic>[^?]+))?",
    re.IGNORECASE,
)
_TOPIC = re.compile(
    r"\b(?:about|on|regarding|of|for|with|to) (?P<topic>(?:the |a |an |any )?[^?]+?)\s*\?*$", re.IGNORECASE
)
_COUNTED = re.compile(
    r"\bhow (?:many|much) (?P<what>[\w’'-]+(?: [\w’'-]+){0,2}?) (?=were|was|are|is|did|do|does|has|have|had|"
    r"will)",
    re.I,
)
_HOUSE = re.compile(r"^(?:in |of )?the (?:house of )?(?P<house>lords|commons)$", re.IGNORECASE)
_IN_HOUSE = re.compile(
    r"\s*\b(?:in|of|by|from) the (?:house of )?(?P<house>lords|commons)\b(?! library)", re.IGNORECASE
)
_HOUSE_SAYS = re.compile(
    r"^(?P<lead>.*?\bwhat )(?:did|do|does|have|has) (?:the )?(?:house of )?(?:members of the )?(?:house of )?"
    r"(?P<house>lords|peers|commons|mps) (?P<verb>say|said|ask|asked)\b(?P<rest>.*)$",
    re.IGNORECASE,
)
_SAID = {"say": "said", "ask": "asked"}
_TIME = re.compile(
    r"^(?:in |on |since |during )?(?:(?:last|this|previous) (?:year|month|week|session)|yesterday|today|"
    r"(?:\w+ )?(?:19|20)\d\d)$",
    re.I,
)
_DID = re.compile(
    r"^(?:when|why|how|where) (?:did|has|have|had) (?:\S+ ){1,5}?(?:first |last )?(?:promise[d]?|say|said|"
    r"announce[d]?|mention(?:ed)?|"
    r"raise[d]?|call(?:ed)? for|ask(?:ed)? for|commit(?:ted)? to|accept(?:ed)?|reject(?:ed)?|"
    r"publish(?:ed)?) (?:to |that )?(?P<topic>[^?]+)",
    re.IGNORECASE,
)
_THERE = re.compile(r" (?:(?:were|was|are|is|will) there|(?:will )?be)\b.*$", re.IGNORECASE)
_ASKING = re.compile(
    rf"^(?:{_LEADS})*(?:(?:what|why|how|who|when|where|which)(?: (?:many|much|long|often))?\b ?)?(?:(?:did|does|"
    rf"do|is|are|was|were|"
    r"has|have|had|will|would)(?:n[’']t| not)? )?(?:anyone|anybody|somebody|someone|they|we|there)? ?(?:first |"
    r"last )?"
    r"(?:say|said|call(?:ed)?(?: for)?|ask(?:ed)?(?: for)?|mention(?:ed)?|promise[d]?)? ?(?:about|that|on)? ?",
    re.IGNORECASE,
)


def followed(question: str, previous: Sequence[str]) -> Followed:
    """The question made whole from those asked before it, newest last; one that needs none is given back as it is."""
    base: Followed | None = None
    for earlier in list(previous)[-KEPT:]:
        base = _whole(" ".join(earlier.split())[:1000], base)
        base = None if base.unclear else base
    return _whole(question, base)


def house_of(question: str) -> tuple[str, str | None]:
    """The question without the House that it is asked of, and the House ("Commons" or "Lords")."""
    if hit := _HOUSE_SAYS.match(question):
        house = "Lords" if hit["house"].lower() in {"lords", "peers"} else "Commons"
        return f"{hit['lead']}was {_SAID.get(hit['verb'].lower(), hit['verb'])}{hit['rest']}", house
    hits = list(_IN_HOUSE.finditer(question))
    if len({hit["house"].lower() for hit in hits}) != 1:
        return question, None
    return _IN_HOUSE.sub("", question).strip(), hits[0]["house"].capitalize()


def _whole(question: str, base: Followed | None) -> Followed:
    named = _person(question)
    if base is None:
        return _alone(question, named)
    about = base.about or subject(base.text)
    if _WHEN.match(question):
        return Followed(base.text, about, when=True)
    if _WHY.match(question):
        who = _person(base.text)
        asked = f"What reasons did {who} give for" if who else "What reasons were given for"
        return Followed(f"{asked} {subject(base.text)}?", about)
    if _WHO.match(question):
        return Followed(f"Who spoke of {subject(base.text)}?", about)
    hit = _ABOUT.match(question) or _BARE.match(question)
    if hit and not _VERB.search(hit["what"]):
        return Followed(_instead(base.text, hit["what"].strip()), about)
    return _with_antecedents(question, named, base, about)


def _alone(question: str, named: str | None) -> Followed:
    if (hit := _PERSON.search(question)) and not named and _subject_first(question, hit):
        return Followed(question, unclear=f"It is not clear whom “{hit['word']}” stands for; name the Member.")
    return Followed(question)


def _with_antecedents(question: str, named: str | None, base: Followed, about: str) -> Followed:
    text, leans = question, False
    hit = _PERSON.search(question)
    if hit and not (named and question.find(named) < hit.start()) and _subject_first(question, hit):
        who = _person(base.text)
        if who is None:
            if hit["word"].lower() in {"they", "them", "their"}:
                return Followed(question, about)
            return Followed(question, unclear=f"It is not clear whom “{hit['word']}” stands for; name the Member.")
        text = _PERSON.sub(lambda each: _in_place(each, who), question)
        leans = True
    if (_THING.search(text) and not _THING.sub("", _ASKING.sub("", text)).strip(" ?.")) or re.search(
        r"\b(?:about|of|for|on|to|by|with|did|was|is|does|were|has) (?:it|that|this|those|"
        r"these)\b(?=\s*(?:\?|$|cost|mean|happen|work|"
        r"change|include|take|come|start|begin|end))",
        text,
        re.IGNORECASE,
    ):
        topic = subject(base.text)
        text = _THING.sub(topic, text, count=1)
        leans = True
    if re.match(rf"^{_LEADS}", question, re.IGNORECASE) and not named:
        leans = True
    return Followed(text, about if leans else "")


def _subject_first(question: str, hit: re.Match[str]) -> bool:
    """Whether nobody whom the question itself speaks of before can be meant."""
    before = question[: hit.start()]
    nouns = re.findall(
        r"\b(?:anyone|anybody|who|Minister|minister|Member|commissioner|mother|man|victim|people|families|teachers|"
        r"police|officers|Government|[Oo]pposition|peers|MPs|Members|Democrats|Conservatives|council|party|they)\b",
        before,
    )
    return not nouns


def _in_place(hit: re.Match[str], who: str) -> str:
    return f"{who}’s" if hit["word"].lower() in {"his", "her", "hers", "their"} else who


def _person(question: str) -> str | None:
    """The one person whose words are asked for, or who is named; None for nobody and for several."""
    found = {hit["who"] for pattern in (_WHOSE, _BY) for hit in pattern.finditer(question)}
    if re.search(rf"{_NAME} (?:and|or) (?:the )?{_NAME}", question):
        return None
    found = {who for who in found if who.split()[-1].lower() not in _NOBODY}
    return found.pop() if len(found) == 1 else None


_NOBODY = frozenset("government prevent channel parliament house commons lords opposition england britain".split())


def subject(question: str) -> str:
    """What the question is about, in its own words."""
    if (hit := _SAYS.match(question)) and hit["topic"]:
        return hit["topic"].strip(" ?.")
    if hit := _DID.match(question):
        return hit["topic"].strip(" ?.")
    bare = _THERE.sub("", _ASKING.sub("", question, count=1)).strip(" ?.")
    return bare or question.strip(" ?.")


def _instead(base: str, what: str) -> str:
    """The question before, asked of another House, time, person or thing."""
    if house := _HOUSE.match(what):
        rest, _ = house_of(base)
        if hit := _SAYS.match(rest):
            rest = f"What was said about {hit['topic'] or subject(rest)}"
        return f"{rest.rstrip(' ?')} in the {house['house'].capitalize()}?"
    if _TIME.match(what):
        when = (
            what
            if re.match(r"(?:in|on|since|during|last|this|previous|yesterday|today)\b", what, re.I)
            else f"in {what}"
        )
        bare = re.sub(
            r",? (?:(?:in|on|since|during) )?(?:(?:last|this|previous) (?:year|month|week|session)|(?:in|on|"
            r"since) [^?]*\d{4})",
            "",
            base,
            flags=re.I,
        )
        return f"{bare.rstrip(' ?')} {when}?"
    says = _SAYS.match(base)
    if (
        re.fullmatch(rf"(?:the )?{_NAME}", what) and not re.match(r"(?:the |a )?[a-z]", what.removeprefix("the "))
    ) or re.fullmatch(
        r"(?:the )?(?:(?:shadow|security|home) )*(?:minister|secretary|opposition|government|lib dems|"
        r"conservatives|tories|snp)",
        what,
        re.I,
    ):
        if says:
            return f"{says['lead']}{what} {says['verb']} about {says['topic'] or subject(base)}?".replace("  ", " ")
        return f"What did {what} say about {subject(base)}?"
    if counted := _COUNTED.search(base):
        return base[: counted.start("what")] + what + base[counted.end("what") :]
    if says:
        return f"{says['lead']}{says['who']} {says['verb']} about {what}?"
    return f"What was said about {what}?"
