"""The markup inside a Hansard item, a written answer or a feed's summary, turned into plain text.

Hansard's `Value` is a fragment of HTML without `<p>`: paragraphs part at a blank line. Written answers use `<p>`,
`<table>` and `<br>`. Both are taken. Printed column numbers stand anywhere, even inside a sentence, and go; a
cross-reference to another debate is part of the words and stays.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser

_BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "caption", "dd", "div", "dl", "dt", "fieldset", "figure", "footer",
        "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section",
        "table", "tbody", "tfoot", "thead", "tr", "ul",
    }
)  # fmt: skip
_CELLS = frozenset({"td", "th"})
_SILENT = frozenset({"script", "style", "noscript", "template"})
_PARAGRAPH = "\x00"
_CELL = "\x01"
_SPACE = re.compile(r"[\s\u00a0\u2009\u202f]+")
_INVISIBLE = re.compile(r"[\x02-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]")
_TAGGED = re.compile(r"<[A-Za-z/!?]|&(?:#\d|#x|[A-Za-z])")
_TAG = re.compile(r"""</?[A-Za-z](?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+>""")
_DECLARATION = re.compile(r"<[!?][^<>]*+>")
"""Neither reaches past the next "<", so that looking for them is linear in any text."""


@dataclass(frozen=True, slots=True)
class CrossReference:
    """A printed pointer to another column. `external_id` is the contribution that it points at, where it says so."""

    text: str
    external_id: str | None


@dataclass(frozen=True, slots=True)
class Marked:
    """What a fragment says. `paragraphs` are NFC with single spaces; `italic` is true when all of it is in `<em>`."""

    paragraphs: tuple[str, ...]
    references: tuple[CrossReference, ...] = ()
    italic: bool = False

    @property
    def text(self) -> str:
        return "\n\n".join(self.paragraphs)


@dataclass(slots=True)
class _Open:
    tag: str
    classes: frozenset[str]
    external_id: str | None
    start: int = 0


@dataclass(slots=True)
class _Heard:
    words: list[str] = field(default_factory=list)
    references: list[CrossReference] = field(default_factory=list)
    upright: bool = False
    slanted: bool = False


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.heard = _Heard()
        self._open: list[_Open] = []
        self._count: Counter[str] = Counter()
        self._referring = 0
        self._muted = 0
        self._slant = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self._put(_PARAGRAPH)
            return
        named = dict(attrs)
        classes = frozenset((named.get("class") or "").split())
        if tag in _BLOCKS:
            self._put(_PARAGRAPH)
        elif tag in _CELLS:
            self._put(_CELL)
        if tag in {"img", "hr", "input", "meta", "link", "wbr", "col", "source"}:
            return
        opened = _Open(tag, classes, named.get("data-external-id"), len(self.heard.words))
        self._open.append(opened)
        self._count[tag] += 1
        self._referring += "cross-reference" in classes
        self._muted += self._mutes(opened)
        self._slant += tag in {"em", "i"}

    def handle_endtag(self, tag: str) -> None:
        # A tag that was never opened closes nothing; one that was, everything opened since.
        while self._count[tag]:
            closed = self._open.pop()
            self._close(closed)
            if closed.tag == tag:
                break
        if tag in _BLOCKS:
            self._put(_PARAGRAPH)

    def handle_data(self, data: str) -> None:
        if self._muted:
            return
        if data.strip():
            self.heard.slanted |= bool(self._slant)
            self.heard.upright |= not self._slant
        self.heard.words.append(data)

    def close(self) -> None:
        super().close()
        while self._open:
            self._close(self._open.pop())

    def _put(self, mark: str) -> None:
        if not self._muted:
            self.heard.words.append(mark)

    @staticmethod
    def _mutes(opened: _Open) -> bool:
        return opened.tag in _SILENT or "column-number" in opened.classes

    def _close(self, closed: _Open) -> None:
        self._count[closed.tag] -= 1
        self._muted -= self._mutes(closed)
        self._slant -= closed.tag in {"em", "i"}
        if "cross-reference" not in closed.classes:
            return
        self._referring -= 1
        if not self._referring:
            said = _line("".join(self.heard.words[closed.start :]))
            self.heard.references.append(CrossReference(said, closed.external_id or None))


def read(fragment: str | None) -> Marked:
    """The paragraphs and cross-references of a fragment of HTML, or of plain text."""
    if not fragment:
        return Marked(())
    fragment = fragment.replace("\x00", "").replace("\x01", "")
    if not _TAGGED.search(fragment):
        return Marked(paragraphs(fragment))
    reader = _Reader()
    reader.feed(_whole_tags(fragment))
    reader.close()
    heard = reader.heard
    return Marked(paragraphs("".join(heard.words)), tuple(heard.references), heard.slanted and not heard.upright)


def _whole_tags(fragment: str) -> str:
    """The same markup without comments and declarations, and with whatever else is no whole tag written as text: the
    standard library's parser takes minutes over a page of tags that are never closed."""
    kept: list[str] = []
    at, no_comment_from = 0, len(fragment)
    while (start := fragment.find("<", at)) >= 0:
        kept.append(fragment[at:start])
        if fragment.startswith("<!--", start) and start < no_comment_from:
            end = fragment.find("-->", start + 4)
            if end >= 0:
                at = end + 3
                continue
            no_comment_from = start
        if found := _TAG.match(fragment, start):
            kept.append(found[0])
            at = found.end()
        elif found := _DECLARATION.match(fragment, start):
            at = found.end()
        else:
            kept.append("&lt;")
            at = start + 1
    kept.append(fragment[at:])
    return "".join(kept)


def text_of(fragment: str | None) -> str:
    """The plain text of a fragment, its paragraphs parted by a blank line."""
    return read(fragment).text


def line_of(fragment: str | None) -> str:
    """The plain text of a fragment on one line: titles, headings, names."""
    return " ".join(read(fragment).paragraphs)


def paragraphs(text: str) -> tuple[str, ...]:
    """Plain text parted at blank lines; NFC, one space between words, no control characters."""
    found: list[str] = []
    for block in text.split(_PARAGRAPH):
        lines: list[str] = []
        for printed in [*block.splitlines(), ""]:
            if printed.strip():
                lines.append(printed)
            elif lines:
                found.append("\n".join(lines))
                lines = []
    return tuple(line for part in found if (line := _line(part)))


def sound(text: str) -> str:
    """NFC without control characters, bidirectional overrides or lone surrogates; white space is left alone."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFC", whole(text)).replace("\x00", "").replace("\x01", ""))


def whole(text: str) -> str:
    """The same text with halves of surrogate pairs replaced, so that it can be written as UTF-8."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _line(part: str) -> str:
    cells = [_SPACE.sub(" ", sound(cell)).strip() for cell in part.split(_CELL)]
    return " | ".join(cell for cell in cells if cell)
