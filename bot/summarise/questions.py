"""Questions in reported speech by rule: "Will the Minister publish it?" is "Name asked whether the Minister would
publish it."

Only what is really asked is reported as asked: a question that presses a view ("Is it not the case that …?") is left to
quotation.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.summarise.own_acts import Clause
from bot.summarise.parsing import Parsed, span, subject
from bot.summarise.people import Person
from bot.summarise.report import PARLIAMENTARY, reported_words
from bot.summarise.tense import finite, participle, past

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

MAX_WORDS = 45

_ASKING = re.compile(
    r"^(?:(?:and|so|but|finally|therefore|first(?:ly)?|secondly|lastly),? )*(?:(?:may|can|could|"
    r"might) i (?:also |just |therefore |"
    r"gently |again |please )*(?:ask|press|push|urge)|i (?:would like to |want to |wish to |also |therefore )*ask) "
    r"(?:(?P<who>him|her|the (?:[A-Z][\w-]+ ?){1,6}(?:of State)?(?:for [A-Z]\w+)?|the noble Lord, the Minister,?) )?"
    r"(?P<how>whether|if|what|when|how|why|which|who|where) (?P<rest>.+)$",
    re.IGNORECASE,
)
_ADDRESSED = frozenset(
    "agree accept commit confirm tell say explain set join assure share publish undertake consider meet update "
    "outline ensure recognise acknowledge guarantee reassure clarify look give provide make support write take "
    "plan intend believe think inform respond address hold put reconsider introduce legislate bring come visit help "
    "investigate instruct extend increase fund raise back apologise order suspend scrap halt require direct speak work "
    "urge invite convene deliver promise undertake reverse restore abolish".split()
)
"""What a minister is asked to do: "will he publish it" can then mean nobody else, as "will he be released" could."""
_PRESSING = re.compile(
    r"\b(?:is it not|isn[’']t it|does (?:he|she|the \w+) not|surely|is that not|do we not|is not)\b", re.IGNORECASE
)
_ASKED_TWICE = re.compile(
    r"\s,|, (?:and|or|but) (?:had|has|have|is|was|were|are|do|does|did|will|would|can|could|should|what|how|why|when)\b"
)
_SHORT_SUBJECT = 5
"""Tokens above which "what was the …" reads better than "what the … was"."""
_WH = {"what", "when", "how", "why", "which", "who", "where", "whose", "whom"}


def report_question(parsed: Parsed, person: Person, *, asked_minister: bool) -> Clause | None:
    """The question as `Name asked whether/what …`, or None where a rule would have to guess.

    `asked_minister` says that a minister answers here, so that "Will he commit …" can only mean the minister."""
    text = parsed.text
    if not person.named or not 4 <= len(text.split()) <= MAX_WORDS or _PRESSING.search(text):
        return None
    if PARLIAMENTARY.search(text):
        return None
    if any(mark in text for mark in '“”"‘[—…') or text.count("?") != 1:
        return None
    root, head = parsed.root, subject(parsed.root)
    if head is None:
        return None
    replaced = _addressee(parsed, head, root, asked_minister)
    if replaced is None:
        return None
    words = _with_addressee(parsed, person, head, replaced)
    if words is None:
        return None
    turned = _turned(parsed, root, head, words)
    if turned is None:
        return None
    frame, body = turned
    return Clause(f"{person.name} asked {frame}".rstrip(), body)


_PARTS = re.compile(
    r"(?:,| —|;)? (?:and|or|but|if so,?) (?=(?:will|can|could|would|should|has|have|had|is|are|was|were|do|does|did|"
    r"what|how|why|when|who|which|where) (?!(?:is|was|are|were|it)\b))",
    re.IGNORECASE,
)
_PREFIX = re.compile(
    r"^[^?:]{0,80}\b(?:question|ask|asking|questions|this|know|point)\b[^?:]{0,40}: (?=[A-Za-z])", re.IGNORECASE
)
_ADDRESSEE = re.compile(
    r"^(?P<aux>(?:(?:What|How|When|Why|Where|Which)\b[^?]{0,60}? )?(?i:will|can|could|would|does|has|is|did)) "
    r"(?:my|the) (?:right )?(?:hon\.|honourable|noble) (?:and (?:learned|gallant) )?"
    r"(?:[Ff]riend|Gentleman|Lady|Lord|Baroness)"
    r"(?:,? the (?:noble )?(?:Minister|Home Secretary|Secretary of State),?)? "
)


_TO_US = re.compile(r",? so that (?:we|I|you|my|our)\b[^?]*$")
"""What the asker would do with the answer: it may go, and the question is the same."""


def questions_of(text: str, *, asked: str | None) -> list[str]:
    """The questions that a sentence asks, each whole: "Has she met them, and will she publish it?" asks two. `asked` is
    what stands for "my hon. Friend", to whom they are put."""
    text = _PREFIX.sub("", text)
    text = text[:1].upper() + text[1:]
    bare = _TO_US.sub("", text.rstrip("? "))
    parts = [part.strip(" ,") for part in _PARTS.split(bare)]
    if any(len(part.split()) < 4 for part in parts):
        parts = [bare]
    found = [f"{part[:1].upper()}{part[1:]}?" for part in parts]
    if asked:
        found = [_ADDRESSEE.sub(lambda hit: f"{hit['aux']} {asked} ", part) for part in found]
    return found


_TABLED = re.compile(
    r"^(?:\d+\. )?(?:\([^)]*\) )?(?:To ask (?:the|Her|His) [^,?]*?(?:,| (?=what|whether|how|when|why|which|if))\s*)"
    r"(?:pursuant to [^,]+,(?: [^,]+,)? )?(?P<how>whether|if|what|when|how|why|which|who|where) (?P<rest>.+)$"
)
_TELL_US = re.compile(
    r"^(?i:(?:and|so|but|finally|therefore|first|secondly),? )*(?i:can|could|will|would) "
    r"(?:(?i:the )(?:[A-Z][\w-]+ |of |for |and ){1,8}|(?:the )?(?:prime )?ministers? |my (?:right )?hon\. Friend |"
    r"the (?:right )?hon\. (?:Gentleman|Lady) |he |she |you |they )"
    r"(?:please |also |now |therefore |just |perhaps |briefly |simply )*"
    r"(?:tell|say|explain|set out|clarify|confirm|update|advise|inform|outline|share with)(?: to)?"
    r"(?: us| me| the House| the Committee| the committee| members| this committee| Canadians| people)?"
    r"(?: today| here| please|,)* "
    r"(?P<how>if|whether|what|when|how|why|which|who|where) (?P<rest>.+)\?$"
)
_WONDERS = re.compile(
    r"^(?:(?:and|so|but|well|now|then|also),? )*(?:i (?:just |also )*wonder(?:ed)?|"
    r"i(?: would|['’]d) (?:just |also |really )*(?:like|be interested|be grateful) to know|"
    r"i want(?:ed)? to know|i am (?:just )?interested to know|do (?:you|we) know|my question is|the question is),? "
    r"(?P<how>if|whether|what|when|how|why|which|who|where) (?P<rest>.+)$",
    re.IGNORECASE,
)
_DO_YOU_THINK = re.compile(
    r"^(?:(?:and|so|but|well|now|then),? )*(?P<how>do|would) you (?:think|believe|feel|say|accept|agree|consider) "
    r"(?:that )?(?P<rest>(?:there|the|that the|it|\w+s|[A-Z]\w+) .+)\?$",
    re.IGNORECASE,
)
_WHAT_ABOUT = re.compile(
    r"^(?:(?:and|so|but|well|now|then|also),? )*(?:what|how) (?P<how>about) (?P<rest>[^,?]{4,120})\?$", re.IGNORECASE
)
_IF_HE_WILL = re.compile(
    r"^(?:\d+\. )?(?P<how>If|Whether|What|How|When) "
    r"(?P<rest>(?:[\w’'-]+ ){0,9}(?:he|she|the Government|(?:his|her) Department|Ministers|the Minister) (?:(?!\?).)+)"
    r"\.$"
)


def asking(text: str) -> tuple[str, str] | None:
    """`May I ask the Minister what he will do?` parted into the question word and its indirect clause, or None.

    So are the forms of the Order Paper, `To ask the Secretary of State, what …; and how …` (its first question, for
    each is one of its own) and `If he will …`."""
    for form in (_ASKING, _TABLED, _TELL_US, _IF_HE_WILL, _WONDERS, _DO_YOU_THINK, _WHAT_ABOUT):
        if (found := form.match(text.strip())) is None:
            continue
        how = found["how"].lower()
        rest = found["rest"].split(";")[0] if form is _TABLED else found["rest"]
        return ("whether" if how in {"if", "do", "would"} else how), rest.rstrip("?. ")
    return None


def report_asking(parsed: Parsed, how: str, person: Person, *, asked_minister: bool) -> Clause | None:
    """The indirect clause that `asking` gave, parsed, as `Name asked whether …`; None where a rule would have to
    guess."""
    if not person.named or not 3 <= len(parsed.text.split()) <= MAX_WORDS or "?" in parsed.text:
        return None
    if PARLIAMENTARY.search(parsed.text):
        return None
    if any(mark in parsed.text for mark in '“”"‘[—…') or not parsed.whole:
        return None
    first = parsed.doc[0]
    words = None
    if first.lower_ in {"he", "she"}:
        if asked_minister and first.head.lemma_ in _ADDRESSED | {"do", "have"}:
            words = reported_words(parsed, person, skip=0)
            if words is not None:
                words[0] = "the Minister" + first.whitespace_
    else:
        words = reported_words(parsed, person)
    if words is None:
        return None
    return Clause(f"{person.name} asked {how}", _low("".join(words).strip()))


def _addressee(parsed: Parsed, head: Token, root: Token, asked_minister: bool) -> str | None:
    """What stands for the subject: "" for itself, a name for a pronoun that can only be the minister; None to
    decline."""
    if head.lower_ in {"you", "i", "we"}:
        return "the Minister" if head.lower_ == "you" and asked_minister and root.lemma_ in _ADDRESSED else None
    if head.lower_ in {"he", "she"}:
        return "the Minister" if asked_minister and root.lemma_ in _ADDRESSED and head.i <= 3 else None
    if head.lower_ in {"they", "it", "this", "that", "these", "those"}:
        return "" if head.lower_ == "it" and head.dep_ == "expl" else None
    return ""


def _with_addressee(parsed: Parsed, person: Person, head: Token, replaced: str) -> list[str] | None:
    if not replaced:
        return reported_words(parsed, person)
    words = reported_words(parsed, person, skip=head.i, same=frozenset(_SAME.get(head.lower_, ())))
    if words is not None:
        words[head.i] = replaced + head.whitespace_
    return words


_SAME = {"she": ("she", "her"), "he": ("he", "his", "him")}


def _turned(parsed: Parsed, root: Token, head: Token, words: list[str]) -> tuple[str, str] | None:
    """The question word and the clause in the order of a statement."""
    doc = parsed.doc
    left, right = _subject_span(root, head)
    inverted = next((child for child in root.children if child.dep_ in {"aux", "auxpass"} and child.i < left), None)
    if inverted is None and root.lemma_ == "be" and root.i < left:
        inverted = root
    end = len(doc) - 1 if doc[-1].is_punct else len(doc)
    opening = doc[0].lower_
    if inverted is None:
        if opening in _WH and left == 0 and doc[1].lemma_ != "do":
            return "", re.sub(r"\b(was|were) there\b", r"there \1", _low("".join(words[:end])))
        return None
    if doc[inverted.i + 1].dep_ == "neg" or (inverted.i + 1 != left and inverted.i > 0 and opening not in _WH):
        return None
    before = "".join(words[: inverted.i]).strip()
    named = "".join(words[left:right]).strip()
    if inverted is root and opening in {"what", "who"} and right - left > _SHORT_SUBJECT:
        return "", re.sub(
            r"\s+", " ", f"{_low(before)} {words[inverted.i].strip()} {_low(named)}{''.join([' ', *words[right:end]])}"
        )
    verb = words[inverted.i].strip().lower()
    rest = words[right:end]
    if inverted.lemma_ == "do":
        moved = past(root) if inverted.tag_ != "VBD" else f"had {participle(root)}"
        place = root.i - right
        if not 0 <= place < len(rest) or _negated(root):
            return None
        rest[place] = moved + root.whitespace_
        verb = ""
    tail = _also_asked(doc, right, end, rest)
    if tail is None:
        return None
    body = " ".join(part for part in (_low(named), verb, tail) if part)
    body = re.sub(r"\b(thought|believed) (?=(?:there|it)\b)", r"\1 that ", body)
    if _ASKED_TWICE.search(body):
        return None
    if before:
        if opening not in _WH:
            return None
        return _low(before), body
    return "whether", body


def _subject_span(root: Token, head: Token) -> tuple[int, int]:
    """The subject's own words; before a copula the parser hangs "aware of …" on the noun, so it ends at the noun
    there."""
    left, right = span(head)
    if root.lemma_ == "be" and root.i < left:
        after = head.i + 1
        if after < right and head.doc[after].pos_ in {"ADJ", "VERB", "ADV"}:
            right = after
    return left, right


def _also_asked(doc: Doc, start: int, end: int, rest: list[str]) -> str | None:
    """The rest of the clause; None where a second question joined by "and" ("… and will he …") would want turning
    too."""
    for token in doc[start:end]:
        if token.dep_ == "cc" and token.i + 2 < end:
            after, then = doc[token.i + 1], doc[token.i + 2]
            if after.pos_ == "AUX" and finite(after) and then.dep_ in {"nsubj", "expl", "det", "nsubjpass"}:
                return None
    return "".join(rest).strip()


def _negated(verb: Token) -> bool:
    return any(child.dep_ == "neg" for child in verb.children)


def _low(text: str) -> str:
    first = text.split(" ", 1)[0]
    if first in {
        "The",
        "A",
        "An",
        "What",
        "When",
        "How",
        "Why",
        "Which",
        "Who",
        "Where",
        "Whose",
        "His",
        "Her",
        "In",
        "On",
        "At",
        "For",
        "To",
        "By",
        "With",
        "Any",
        "All",
        "Some",
        "More",
        "There",
        "It",
    }:
        return text[:1].lower() + text[1:]
    return text
