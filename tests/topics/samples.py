"""Documents in a line, for this room's tests."""

from __future__ import annotations

from bot.domain import Contribution, Document, Kind, Voice


def debate(*texts: str, title: str = "", voices: tuple[Voice, ...] = ()) -> Document:
    return document(Kind.DEBATE, title, texts, voices or (Voice.SPEECH,) * len(texts))


def article(*texts: str, title: str = "") -> Document:
    return document(Kind.ARTICLE, title, texts, (Voice.REPORT,) * len(texts))


def document(kind: Kind, title: str, texts: tuple[str, ...], voices: tuple[Voice, ...]) -> Document:
    said = (
        Contribution(f"c{index}", text, voice=voice)
        for index, (text, voice) in enumerate(zip(texts, voices, strict=True), 1)
    )
    return Document("file", "d", kind, title, tuple(said))
