"""What people type into a search, read into words, phrases and what is not wanted. Nothing typed is an error here: what
is no word (FTS syntax, stray quotation marks) is passed over."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

LONGEST, MOST = 2000, 24
"""Characters that are read, and words or phrases that are searched for; the rest is told of and passed over."""

STOP = frozenset(
    "a about above after again all also am an and any are as at be because been before being between both but by can "
    "could did do does doing down during each few for from further had has have having he her here hers him his how i "
    "if in into is it its just me more most my no nor not now of off on once only or other our out over own please "
    "said same say says she should so some such tell than that the their them then there these they this those through "
    "to too under until up us very was we were what when where which while who whom whose why will with would you your "
    "near".split()
)
"""Words that tell nothing of what is wanted. In quotation marks they count."""

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»″＂", '"') | dict.fromkeys("‘’‛`´", "'") | dict.fromkeys("−–—‐‑", "-"))
_PIECE = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<quoted>[^"]*)"|(?P<bare>[^\s"]+))')
_COLUMN = re.compile(r"(?<!\S)(-?)\(*(?:text|speaker|facets):(?=\S)", re.I)
_WORD = re.compile(r"[^\W_]+")
_POSSESSIVE = re.compile(r"'s?(?![^\W_])", re.I)
_JOINED = re.compile(r"[^\W_]+(?:[-'./&][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Term:
    """One word, or several that stand together, as the index has them: letters and digits parted by single spaces.

    `quoted` ones were asked for as they stand."""

    text: str
    quoted: bool = False

    @property
    def fts(self) -> str:
        """As a string of FTS5, which has no syntax within."""
        return f'"{self.text}"'

    @property
    def words(self) -> list[str]:
        return self.text.split()


@dataclass(frozen=True, slots=True)
class Typed:
    """`terms` in order, stop words among them, for names hold some; `excluded` are not wanted."""

    terms: tuple[Term, ...]
    excluded: tuple[Term, ...] = ()
    cut: bool = False
    question: bool = False


def read(typed: str) -> Typed:
    """Quoted phrases, words, and after a hyphen what is not wanted. Hyphened words stand together; a possessive is
    dropped."""
    text = unicodedata.normalize("NFC", typed.encode("utf-8", "replace").decode()).translate(_QUOTES)
    cut = len(text) > LONGEST
    # Of those who know the index: its columns are no words.
    text = _COLUMN.sub(r"\1", text[:LONGEST])
    if text.count('"') % 2:
        # One mark without its fellow: the last is taken for none.
        before, _, after = text.rpartition('"')
        text = f"{before} {after}"
    terms: list[Term] = []
    excluded: list[Term] = []
    for piece in _PIECE.finditer(text):
        quoted = piece["quoted"] is not None
        made = [_phrase(piece["quoted"])] if quoted else _words(piece["bare"])
        (excluded if piece["minus"] else terms).extend(each for each in made if each.text)
    asked = text.rstrip().endswith("?") or bool(
        re.match(r"\s*(?:who|what|when|where|which|why|how|did|does|is|are)\b", text, re.I)
    )
    kept, left = terms[: MOST * 2], excluded[:MOST]
    return Typed(tuple(kept), tuple(left), cut or len(kept) < len(terms) or len(left) < len(excluded), asked)


def _phrase(text: str) -> Term:
    return Term(" ".join(_WORD.findall(text)), quoted=True)


def _words(text: str) -> list[Term]:
    # "speaker:Francois" and "(a,b)" are words beside each other; "counter-terrorism" and "U.S." stand together.
    plain = _POSSESSIVE.sub(" ", text)
    return [Term(" ".join(_WORD.findall(found[0]))) for found in _JOINED.finditer(plain)]


def telling(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """Without stop words, unless they were quoted, and without repeats; at most `MOST`."""
    kept = (each for each in terms if each.quoted or any(word.casefold() not in STOP for word in each.words))
    found = {each.text.casefold(): each for each in kept}
    return tuple(found.values())[:MOST]


def together(terms: tuple[Term, ...]) -> Term | None:
    """All of them as one phrase; None of fewer than two."""
    words = [word for term in terms for word in term.words][:MOST]
    return Term(" ".join(words), quoted=True) if len(words) > 1 else None
