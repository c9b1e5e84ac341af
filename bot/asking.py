"""Questions as people give them, one or a file of them, and answers as text."""

from __future__ import annotations

from typing import BinaryIO
from urllib.parse import urlsplit

from bot.domain import Answer, Source
from bot.errors import InputError
from bot.terminal import lines_of
from bot.text import LONGEST_URL, clean, day_words

MAX_BYTES = 5_000_000
"""More than this is not a list of questions."""


def questions(path: str, stdin: BinaryIO) -> list[str]:
    """The questions of a file, one a line ("-" is standard input); blank lines are passed over.

    Raises InputError where there is none or the file cannot be read."""
    found = [line.strip() for line in lines_of(path, stdin, MAX_BYTES) if clean(line)]
    if not found:
        raise InputError(f"{path}: holds no question; write one a line")
    return found


def plain(answer: Answer) -> str:
    """The answer for a terminal: who said it, where it stands, links written out; ends with a newline."""
    sources = {source.id: source for source in answer.sources}
    written = [clean(answer.question)]
    for sentence in answer.sentences:
        quoted = sentence.origin.quotes and sentence.speaker
        written.append(f"  - {clean(f'{sentence.speaker}: {sentence.text}' if quoted else sentence.text)}")
        places = [_place(id_, answer.links.get(id_), sources.get(id_)) for id_ in sentence.evidence]
        written.append(f"    [{'; '.join(places)}]")
    if not answer.answered:
        written.append("  Not answered.")
    written += [f"  {clean(note)}" for note in answer.notes]
    if not answer.answered:
        written += [f"    [{_place(id_, source.url, source)}]" for id_, source in sources.items()]
    return "\n".join(written) + "\n"


def _place(id_: str, url: str | None, source: Source | None) -> str:
    """The contribution's id, when and where it was said, with its address where that can be shown."""
    told = [day_words(source.date), source.house or "", source.title] if source else []
    said = clean(", ".join(part for part in (id_, *told) if part))
    if not url or len(url) > LONGEST_URL or url != clean(url) or " " in url:
        return said
    try:
        parts = urlsplit(url)
    except ValueError:
        return said
    return f"{said} <{url}>" if parts.scheme in {"http", "https"} and parts.username is None else said
