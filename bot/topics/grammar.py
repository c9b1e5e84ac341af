"""Whether a word stands as a name ("Prevent has been cut") or as an ordinary word ("Prevent floods", "to prevent").

General English, and nothing of any topic: what may come before a bare infinitive, what may come after a noun, and how
headlines and printed titles use capitals.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.topics.topic import Name


class Use(StrEnum):
    """HEADED: a noun follows that settles it ("the Prevent duty"), or words before do ("referred to Prevent"). NAME:
    it stands where only a noun can. PERHAPS: grammar cannot tell. ORDINARY: the verb, or another thing."""

    HEADED = "headed"
    NAME = "name"
    PERHAPS = "perhaps"
    ORDINARY = "ordinary"


_REACH = 90
"""Characters looked at on either side: enough for the few words that decide."""

_TOKEN = re.compile(r"\w+(?:[.'-]\w+)*|\n+|[^\w\s]")


def _words(line: str) -> frozenset[str]:
    return frozenset(line.split())


_BEFORE_INFINITIVE = _words(
    "to will would can could may might must shall should cannot not never help helps helped helping let "
    "lets do does did don't doesn't didn't can't couldn't won't wouldn't shouldn't mustn't i'll we'll "
    "they'll it'll you'll i you we they please better also always actively effectively and/or"
)
_PREPOSITIONS = _words(
    "of under in on about with within through by from for into against via over around behind between "
    "beyond towards without upon despite regarding concerning called named like as than at"
)
_WITHIN = _words("in into onto on to through via from under of by with about before for within")
"""Prepositions after which the name of a place or a thing that we call "the" would have its article."""
_ARTICLES = _words("the a an this that our your its his her their every each no any some")
_OWNERS = _words("the our their its your this that his her my whose current new existing local national")
_FINITE = _words(
    "is was has had does did will would should could can may might must cannot isn't hasn't doesn't "
    "wasn't didn't won't can't aims aimed works worked seeks sought plays played remains remained became "
    "becomes needs needed exists existed operates sits failed fails takes took covers began begins starts "
    "started faces faced provides provided ensures requires required means meant makes made gives gave "
    "goes went came comes lacks lost deserves depends relies targets targeted stigmatises helps helped "
    "prevents prevented "
    "saves saved deals dealt intervenes turned passed closed judged assessed said says stopped ended got "
    "gets ought are were never have do relates refers falls fell stands stood shows showed rests rose"
)
_OR_THINGS = _words(
    "falls works plays aims needs deals targets stops covers means starts stands shows fails takes rests lacks"
)
"""Finite verbs that are also things, which a verb in a headline may have for its object ("Prevent Falls at Home")."""
_AFTER_NOUN = _words(
    "in on of for from with by as at to under through via within into about against after before since "
    "because when while where which who than if so but nor also itself alone altogether too then not "
    "though although until unless over across during between per simply only even yet aged twice once "
    "again three four six earlier despite rather"
)
_OBJECTS = _words(
    "the a an any all every each such these those their his her its our your my them him it us me you "
    "another other others more further some many most both no one someone anyone everyone people anybody "
    "everybody that this what whatever"
)
_NEVER_OBJECT = _words(
    "is was has isn't wasn't does doesn't hasn't were would should could will can can't cannot must might"
)
"""No object begins with these, so that a verb does not stand before them."""
_AUXILIARIES = _words("does do did can could will would should has is was might must")
_ASKING = _words("why how when where what extent who whether and but")
_STOPS = frozenset(".?!;:")
_CLOSERS = frozenset(".?!;:()]”»…—–/\n")
_QUOTES = frozenset("\"“”'‘’«»")
_SMALL = _words("a an the of to in on for and or by with at from as is be not but vs via")


@dataclass(frozen=True, slots=True)
class Place:
    """A word's neighbours: the tokens before it (nearest last) and after it, a new paragraph as "\\n"."""

    word: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    joined: bool = False
    """Whether a hyphen ties it to the word before ("anti-Prevent")."""

    @property
    def initial(self) -> bool:
        """Whether it opens a sentence, a line or a heading."""
        words = [token for token in self.before if token not in _QUOTES]
        return not words or words[-1] in _STOPS or "\n" in words[-1] or words[-1] in {"•", "*", "–", "—", "|", ")"}

    @property
    def headline(self) -> bool:
        """Whether its neighbours are in capitals too, so that its own says nothing."""
        near = [token for token in self.before[-4:] + self.after[:4] if token[0].isalpha()]
        telling = [token for token in near if token.lower() not in _SMALL]
        if self.word.isupper():
            return bool(telling) and all(token.isupper() for token in telling)
        capital = sum(token[0].isupper() for token in telling)
        return len(telling) >= 2 and capital >= max(2, 0.75 * len(telling))


def place(text: str, start: int, end: int) -> Place:
    """The neighbours of text[start:end]."""
    before = _TOKEN.findall(text[max(0, start - _REACH) : start])
    after = _TOKEN.findall(text[end : end + _REACH])
    joined = start > 1 and text[start - 1] == "-" and text[start - 2].isalpha()
    return Place(text[start:end], tuple(before[-8:]), tuple(after[:8]), joined)


def judge(name: Name, text: str, start: int, end: int, *, company: bool) -> Use:
    """How text[start:end], the name in some case, is used. `text` has been through `patterns.plain`."""
    where = place(text, start, end)
    led = _led(name, text, start)
    head = _head(name, where, company=company)
    if not name.verb:
        return _noun(name, where, led=led, head=head)
    if where.joined and where.before[-2].lower() in {"anti", "non", "pro", "pre", "post", "ex"}:
        return Use.HEADED
    if where.word.islower():
        return _lower(where, led=led, head=head)
    if where.headline:
        return _headline(where, led=led, head=head)
    return _capital(name, where, led=led, head=head)


def _led(name: Name, text: str, start: int) -> bool:
    """Whether one of the name's leads ends just before it."""
    window = text[max(0, start - _REACH) : start].rstrip(" \"“”'‘(")
    if not name.leads.worth(window.lower()):
        return False
    tail = re.compile(r"(?:\s(?:the|a|an))?\Z")
    return any(tail.match(window, stop) for _, stop in _overlapping(name, window))


def _overlapping(name: Name, window: str) -> list[tuple[int, int]]:
    found = []
    for pattern in name.leads.patterns:
        begin = 0
        while match := pattern.regex.search(window, begin):
            found.append(match.span())
            begin = match.start() + 1
    return found


def _head(name: Name, where: Place, *, company: bool) -> bool:
    """Whether a noun follows that only the name has, next or after one or two words of its own phrase."""
    words = [token for token in where.after[:4] if token not in _QUOTES]
    heads = name.heads | name.heads_in_company if company else name.heads
    for index, token in enumerate(words[: 3 if company else 2]):
        low = token.lower()
        if low == "-":
            continue
        if low in heads or (index + 1 < len(words) and f"{low} {words[index + 1].lower()}" in heads):
            following = words[index + 1].lower() if index + 1 < len(words) else ""
            return not (following == "from" and where.initial)
        if (
            not token[0].isalpha()
            or low in _OBJECTS
            or low in _AFTER_NOUN
            or low in _FINITE
            or (index and low == token)
        ):
            return False
        if index == 0 and low == token and where.word.islower():
            return False
    return False


def _next(where: Place) -> tuple[str, str]:
    """The next two tokens, quotation marks passed over; "" at the end."""
    words = [token for token in where.after if token not in _QUOTES]
    return (words[0] if words else ""), (words[1] if len(words) > 1 else "")


def _previous(where: Place) -> str:
    words = [token for token in where.before if token not in _QUOTES]
    return words[-1].lower() if words else ""


def _inverted(where: Place) -> bool:
    """Whether a question's auxiliary stands before it, so that it is the subject ("Does Prevent work?")."""
    words = [token.lower() for token in where.before if token not in _QUOTES]
    if not words or words[-1] not in _AUXILIARIES:
        return False
    return len(words) == 1 or words[-2] in _ASKING or words[-2] in _STOPS or "\n" in words[-2]


def _articleless(where: Place) -> bool:
    """Whether a name stands in mid-sentence after lower-case words, none of which is its article."""
    near = [token for token in where.before if token not in _QUOTES][-3:]
    return len(near) == 3 and all(token.islower() and token not in _ARTICLES for token in near)


def _possessive(where: Place) -> bool:
    return len(where.after) > 1 and where.after[0] == "'" and where.after[1] == "s"


def _noun_follows(following: str, second: str, *, initial: bool) -> bool:
    """Whether what follows cannot be a verb's object, so that a noun stands before it."""
    low = following.lower()
    if not following or following in _CLOSERS or "\n" in following:
        return True
    if following in {",", "-"}:
        return not initial or second.lower() in _OBJECTS | _AFTER_NOUN or second.lower() in {"", "like", "once"}
    if low in {"and", "or"}:
        return not initial or second.lower() in _OBJECTS | _OWNERS
    return low in _FINITE or low in _AFTER_NOUN


def _noun(name: Name, where: Place, *, led: bool, head: bool) -> Use:
    """A name that is otherwise an ordinary noun: the capital and what stands beside it decide."""
    if not where.word[0].isupper():
        return Use.HEADED if led and head else Use.ORDINARY
    if head:
        return Use.HEADED
    following, second = _next(where)
    if following[:1].isdigit() or _previous(where) in {"the", "a", "tv", "television"}:
        return Use.ORDINARY
    bare = _previous(where) in _WITHIN or following.lower() in _FINITE or _articleless(where)
    if led or (bare and not following[:1].isupper() and not where.headline):
        return Use.NAME
    noun = _noun_follows(following, second, initial=False) or _possessive(where)
    noun |= following.lower() in name.heads_in_company
    return Use.PERHAPS if noun and not where.headline else Use.ORDINARY


def _lower(where: Place, *, led: bool, head: bool) -> Use:
    following, second = _next(where)
    previous = _previous(where)
    free = _noun_follows(following, second, initial=True)
    if led and (head or free):
        return Use.HEADED
    if previous in _BEFORE_INFINITIVE or previous.endswith("n't"):
        return Use.ORDINARY
    if (previous in _OWNERS and previous not in {"that", "this"}) or previous == "s":
        return Use.HEADED if head else Use.NAME if free else Use.PERHAPS
    if previous in _PREPOSITIONS - {"as", "like", "than"}:
        if head:
            return Use.HEADED
        named = free or following.lower() in {"that", "and", "or"} or following.lower() not in _OBJECTS
        return Use.NAME if named else Use.ORDINARY
    if head and (
        where.initial or previous in {"a", "an", "no", "any", "lost", "some", "many", "all", "these", "police"}
    ):
        return Use.HEADED
    if head:
        return Use.NAME if previous not in {"and", "or", ",", "which", "who", "that", "it"} else Use.PERHAPS
    if following.lower() in _NEVER_OBJECT and previous not in {"which", "who", "what"}:
        return Use.NAME
    return Use.ORDINARY


def _headline(where: Place, *, led: bool, head: bool) -> Use:
    following, _ = _next(where)
    previous = _previous(where)
    low = following.lower()
    closed = not following or following in _CLOSERS or _possessive(where)
    if led and (head or closed or low in _FINITE | _AFTER_NOUN):
        return Use.HEADED
    if previous in _BEFORE_INFINITIVE | {"and", "&"}:
        return Use.HEADED if head and previous in {"and", "&"} else Use.ORDINARY
    if head:
        return Use.HEADED
    if where.initial and low in _OR_THINGS:
        return Use.PERHAPS
    if closed or low in _FINITE or low in _AFTER_NOUN - {"three", "four", "six"}:
        return Use.NAME
    if previous in _PREPOSITIONS - {"as", "like", "than"}:
        return Use.NAME
    if previous in _OWNERS and low not in _OBJECTS:
        return Use.PERHAPS
    return Use.ORDINARY


def _capital(name: Name, where: Place, *, led: bool, head: bool) -> Use:
    following, second = _next(where)
    previous = _previous(where)
    low = following.lower()
    shouted = where.word.isupper()
    free = _noun_follows(following, second, initial=where.initial) or _possessive(where)
    run = following[:1].isupper()
    if led and (head or free or not (run or low in _OBJECTS or where.initial)):
        return Use.HEADED
    if where.initial and not shouted:
        if not head and (not following or following in _CLOSERS) and where.before:
            return Use.PERHAPS
        if head or free:
            return Use.HEADED if head else Use.NAME
        maybe = low in name.heads_in_company and second.lower() not in _OBJECTS | {"from"}
        maybe |= low in {"and", "or"} and second[:1].isupper()
        return Use.PERHAPS if maybe else Use.ORDINARY
    if head:
        return Use.HEADED
    if free:
        return Use.NAME
    if _inverted(where):
        return Use.NAME
    if previous in _BEFORE_INFINITIVE or (previous in {"and", "or"} and (run or low in _OBJECTS)):
        return Use.ORDINARY
    if previous in _PREPOSITIONS or previous in _OWNERS:
        return Use.PERHAPS if run else Use.NAME
    if run:
        return Use.PERHAPS if not shouted else Use.ORDINARY
    return Use.NAME if low not in _OBJECTS else Use.PERHAPS
