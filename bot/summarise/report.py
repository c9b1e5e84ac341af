"""Reported speech by rule: the source's own clause, first person to third, tenses back, and nothing else changed.

`report` gives None wherever a rule would have to guess: who "he" is, whom "we" takes in, what "this" points to. What it
declines is quoted instead.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.summarise.own_acts import Clause, own_act, takes_the_floor
from bot.summarise.parsing import Parsed, subject
from bot.summarise.people import PERSON_NOUNS, Person, Side
from bot.summarise.tense import finite, shifted

if TYPE_CHECKING:
    from spacy.tokens import Token

MAX_WORDS = 45
PRESS_FRAME = "The article reported that"
"""True of an article by construction: its publisher is no part of its words, so the frame names none."""

_COMMON_PURPOSE = frozenset("must should need can ca could ought know see live owe remember learn".split())
_GOVERNMENT_S = frozenset(
    "manifesto plan review strategy response approach policy proposal commitment bill plans programme guidance "
    "department legislation counter proposals reforms reform investment ambition mission work new first intention "
    "consultation decision".split()
)
_ACTING = frozenset("will shall 'll ’ll have 've ’ve has are 're ’re intend plan accept propose".split())
_GOVERNING = frozenset(
    "announce launch introduce publish fund invest commission establish consult legislate issue roll bring provide "
    "increase reduce commit allocate appoint pass create extend accept reject respond support deliver set expand "
    "double protect pledge award sign ban repeal abolish implement review strengthen reform".split()
)
"""What a government does and a House or a country does not."""
_MALE_FEMALE = {"he", "she", "him", "her", "his", "hers", "himself", "herself"}
_SECOND = {"you", "your", "yours", "yourself"}
_FIRST = {"i", "me", "my", "mine", "myself", "we", "us", "our", "ours", "ourselves"}
_PLURAL = {"they", "them", "their", "theirs", "themselves"}
_DAYS = {"today": "that day", "yesterday": "the day before", "tomorrow": "the next day", "tonight": "that night"}
_NO_CAPITAL_NEEDED = frozenset("DET ADP SCONJ PRON ADV CCONJ AUX NUM ADJ NOUN VERB PART INTJ".split())
PARLIAMENTARY = re.compile(
    r"\b(?:hon\.|noble|right reverend|gallant) (?:and (?:learned|gallant) )?(?:Friend|Gentleman|Lady|Lord|"
    r"Baroness|Member|"
    r"Prelate|Lords|Members|Friends|Earl|Viscount)\b|\bright hon\.|\bLordships?\b|\bopposite\b",
    re.IGNORECASE,
)
_NAMED = frozenset("PERSON ORG GPE NORP FAC LOC PRODUCT EVENT WORK_OF_ART LAW LANGUAGE".split())
_ARTICLES = frozenset("the a an we our this these".split())
_QUOTED = re.compile(r"[“”\"‘]|(?<!\w)’|’(?!\w)(?<!s’)")


_NO_STATEMENT = re.compile(
    r"\bthe same (?:question|point|thing|issue|matter)\b|\b(?:do|did|does|done|doing) so\b|"
    r"\b(?:is|was|are|were) one thing\b|\bon (?:the )?one hand\b|\blet (?:us|me)\b|\bplease\b|^let\b|"
    r"^(?:what|how|why|when|who|where|which)\b(?: \w+){0,3} (?:has|have|had|is|are|was|were|do|does|did|will|would|can|"
    r"could|should)\b(?!.* (?:is|was|are|were|will) )",
    re.IGNORECASE,
)
_NOBODY = Person("", "", None, None, Side.OTHER, False, None)


def report(parsed: Parsed, person: Person, verb: str = "said") -> Clause | None:
    """The statement in reported speech, as `Name said that …`, or None where a rule would have to guess.

    `parsed` is what `openings.prepared` gave, parsed. For statements only: see `questions.report_question`."""
    if not person.named or not _reportable(parsed):
        return None
    root, head = parsed.root, subject(parsed.root)
    if head is None or (root.tag_ in {"VB", "VBG", "VBN"} and not _has_finite_auxiliary(root)):
        return None
    own = head.text == "I" and head.i <= 1
    if own and takes_the_floor(root):
        return None
    words = reported_words(parsed, person, skip=head.i if own and person.pronoun is None else None)
    if words is None:
        return None
    if own and person.pronoun is None:
        return own_act(parsed, root, head, person, words)
    text = "".join(words).strip()
    return Clause(f"{person.name} {verb} that", _lowered(parsed, text))


def report_press(parsed: Parsed) -> Clause | None:
    """A press article's own statement as `The article reported that …`, or None where a rule would have to guess."""
    if not _reportable(parsed) or subject(parsed.root) is None:
        return None
    words = reported_words(parsed, _NOBODY, third_person=True)
    if words is None:
        return None
    return Clause(PRESS_FRAME, _lowered(parsed, "".join(words).strip()))


def reported_words(
    parsed: Parsed,
    person: Person,
    *,
    skip: int | None = None,
    third_person: bool = False,
    same: frozenset[str] = frozenset(),
) -> list[str] | None:
    """Every token with its trailing space, persons and tenses moved; None where one of them needs a guess.

    `skip` is the token (the speaker's own "I") that the caller replaces. `third_person` allows a "he" whose person is
    named before it in the sentence: in an article, which has no speaker whom it could be taken for. `same` are the
    pronouns that still mean whom the caller has named, while nobody else is."""
    doc = parsed.doc
    words: list[str] = []
    government = False
    for token in doc:
        low, text = token.lower_, parsed.words[token.i]
        if token.i == skip:
            words.append("")
            continue
        if low in _FIRST:
            moved = _first_person(token, person, government)
            if moved is None:
                return None
            government = government or moved.startswith("the Government")
            text = moved
        elif (
            low in _SECOND
            or (low in _MALE_FEMALE and not (third_person and _one_person_before(token)) and not _still(token, same))
            or (low in {"this", "that", "these", "those"} and (not _determines(token) or _points_back(token)))
        ):
            return None
        elif low in {"this", "these"}:
            text = _demonstrative(token)
        elif (
            (low in _PLURAL and not _plural_before(token))
            or (low in {"it", "its", "itself"} and not _it_is_plain(token))
            or (low in {"here", "such"} and token.pos_ in {"ADV", "PRON"})
            or _stray(token)
        ):
            return None
        elif low == "also" and token.i <= 4:
            text = ""
            words.append("")
            continue
        elif low in _DAYS:
            text = _DAYS[low]
        elif low in {"n't", "n’t"} or (low == "not" and words and not words[-1].endswith(" ")):
            words[-1] = words[-1].rstrip() + " "
            text = "not"
        elif finite(token):
            text = shifted(token)
            if words and token.text[:1] in "'’":
                words[-1] = words[-1].rstrip() + " "
        words.append(text + token.whitespace_)
    return words


def _reportable(parsed: Parsed) -> bool:
    text = parsed.text
    if not 4 <= len(text.split()) <= MAX_WORDS or not parsed.whole:
        return False
    if (
        _QUOTED.search(text)
        or PARLIAMENTARY.search(text)
        or "[" in text
        or text.rstrip().endswith(("—", "…", "-", "!", "?"))
    ):
        return False
    return not _NO_STATEMENT.search(text)


def _has_finite_auxiliary(root: Token) -> bool:
    return any(child.dep_ in {"aux", "auxpass"} and (finite(child) or child.tag_ == "VBD") for child in root.children)


def _first_person(token: Token, person: Person, government: bool) -> str | None:
    low = token.lower_
    if low in {"i", "me", "my", "mine", "myself"}:
        if person.pronoun is None or (low == "my" and token.head.lower_ in {"friend", "lord", "lords"}):
            return None
        male = person.pronoun == "he"
        return {
            "i": person.pronoun,
            "me": "him" if male else "her",
            "my": "his" if male else "her",
            "mine": "his" if male else "hers",
            "myself": "himself" if male else "herself",
        }[low]
    if person.side is not Side.MINISTER:
        return None
    if low == "we":
        if _takes_in_everyone(token):
            return None
        return "they" if government else "the Government"
    if low == "our":
        noun = token.head.lower_
        if noun in {"government", "administration"}:
            return "the"
        if noun not in _GOVERNMENT_S:
            return None
        return "their" if government else "the Government’s"
    return None


def _takes_in_everyone(token: Token) -> bool:
    """Whether a minister's "we" may be the House or the country: common purpose, "we all", "if we"."""
    verb = token.head
    helpers = {child.lower_ for child in verb.children if child.dep_ in {"aux", "auxpass", "neg", "advmod"}}
    if (helpers | {verb.lower_}) & _COMMON_PURPOSE or verb.lemma_ in _COMMON_PURPOSE:
        return True
    following = token.doc[token.i + 1].lower_ if token.i + 1 < len(token.doc) else ""
    if following in {"all", "as", "in", "who"}:
        return True
    return not (helpers & _ACTING or verb.lower_ in _ACTING or (verb.tag_ == "VBD" and verb.lemma_ in _GOVERNING))


def _stray(token: Token) -> bool:
    """A noun that the parser took for a verb: it has nobody to do it."""
    if token.pos_ != "VERB" or token.tag_ not in {"VBP", "VBZ"} or token.dep_ in {"conj", "aux", "auxpass"}:
        return False
    return not any(child.dep_ in {"nsubj", "nsubjpass", "csubj", "expl"} for child in token.children)


def _determines(token: Token) -> bool:
    if token.dep_ in {"det", "mark"} or token.tag_ in {"IN", "WDT"}:
        return True
    return token.dep_ == "nsubj" and token.tag_ == "WDT"


def _points_back(token: Token) -> bool:
    """ "those ten months": a time or a thing told of before, where nothing after the noun says which."""
    if token.lower_ not in {"that", "those"} or token.dep_ != "det":
        return False
    return not any(child.dep_ in {"relcl", "acl", "prep"} for child in token.head.children)


def _demonstrative(token: Token) -> str:
    noun = token.head.lower_
    if noun in {"year", "month", "summer", "autumn", "spring", "winter"}:
        return token.text
    if noun in {"week", "morning", "afternoon", "evening"}:
        return "that"
    return "The" if token.text[0].isupper() else "the"


def _plural_before(token: Token) -> bool:
    return any(
        (other.tag_ in {"NNS", "NNPS"} or other.lower_ in {"people", "police", "government", "who", "those"})
        and other.pos_ in {"NOUN", "PROPN", "PRON"}
        for other in token.doc[: token.i]
    )


def _one_person_before(token: Token) -> bool:
    return len({entity.text for entity in token.doc.ents if entity.label_ == "PERSON" and entity.end <= token.i}) == 1


_TAILS = frozenset({"xcomp", "advcl", "acl"})


def _still(token: Token, same: frozenset[str]) -> bool:
    """Whether the pronoun means whom the question is put to: nobody else is named before it."""
    before = token.doc[: token.i]
    others = any(other.ent_type_ == "PERSON" or other.lemma_.lower() in PERSON_NOUNS for other in before)
    return token.lower_ in same and not others


def _it_is_plain(token: Token) -> bool:
    """An "it" that needs no noun ("it is right that …"), or has one before it in the sentence."""
    if token.dep_ == "expl":
        return True
    verb = token.head
    if token.dep_ in {"nsubj", "nsubjpass"} and verb.lemma_ == "be":
        told = any(child.dep_ in {"acomp", "attr"} for child in verb.children)
        tail = [child for child in verb.children if child.dep_ == "ccomp" or (told and child.dep_ in _TAILS)]
        inner = [g for child in verb.children if child.dep_ in {"acomp", "attr"} for g in child.children]
        if tail or any(child.dep_ in {"ccomp", "xcomp", "relcl", "acl"} for child in inner):
            return True
    doer = _doer(token) if token.dep_ in {"dobj", "pobj", "dative"} else None
    mine = set(doer.subtree) if doer is not None else set()
    return any(o.pos_ in {"NOUN", "PROPN"} and o.tag_ in {"NN", "NNP"} and o not in mine for o in token.doc[: token.i])


def _doer(token: Token) -> Token | None:
    """The subject of the clause in which the pronoun is done something to: it cannot be the same thing."""
    for verb in token.ancestors:
        if verb.pos_ in {"VERB", "AUX"}:
            return subject(verb)
    return None


def _lowered(parsed: Parsed, text: str) -> str:
    """The clause with its first letter small after "that", unless it begins with a name or an abbreviation."""
    first = parsed.doc[0]
    name = first.ent_type_ in _NAMED or first.tag_ in {"NNP", "NNPS"} or first.pos_ not in _NO_CAPITAL_NEEDED
    common = first.tag_ == "NNS" or first.lower_.endswith("ing") or first.lower_ in _ARTICLES
    abbreviated = text[:2].isalpha() and text[:2].isupper()
    if first.text == "Prevent" or abbreviated or (name and not common):
        return text
    return text[:1].lower() + text[1:]
