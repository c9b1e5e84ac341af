"""What every command shares: its settings, its input, and an answer printed alone on standard output."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO

from bot import settings as configuration
from bot.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from bot.domain import Document
    from bot.inference.models import Models
    from bot.settings import Settings
    from bot.topics.topic import Topic


def configured(*, quiet: bool = False) -> Settings:
    """The configuration, with logging set to it; `quiet` is for commands that a person waits for."""
    from bot import observe

    loaded = configuration.load()
    level = "warning" if quiet and loaded.log_level == "info" else loaded.log_level
    observe.configure(level, secrets=[loaded.token.get_secret_value()] if loaded.token else [])
    return loaded


def with_writer(settings: Settings, writer: str | None) -> Settings:
    """The settings with another writer, where one is named. Raises ModelMissing where it is not to be found."""
    from bot.inference.weights import locate

    if writer is not None:
        models = settings.models.model_copy(update={"writer": writer})
        settings = settings.model_copy(update={"models": models})
    if settings.models.writer != "none":
        locate(settings.models.writer)
    return settings


@contextlib.contextmanager
def answer() -> Iterator[TextIO]:
    """The real standard output, in UTF-8; whatever else prints goes to standard error meanwhile."""
    out = sys.stdout
    if reconfigure := getattr(out, "reconfigure", None):
        # A lone surrogate in a document becomes its own JSON escape.
        reconfigure(encoding="utf-8", errors="backslashreplace")
    with contextlib.redirect_stdout(sys.stderr):
        yield out
    out.flush()


class Say:
    """Tells a person at a terminal what is being done; silent where nobody watches."""

    def __init__(self, status: Any = None) -> None:
        self._status = status

    def __call__(self, text: str) -> None:
        if self._status is not None:
            from rich.markup import escape

            self._status.update(escape(text[:100]))


@contextlib.contextmanager
def progress() -> Iterator[Say]:
    if not sys.stderr.isatty():
        yield Say()
        return
    from rich.console import Console

    with Console(stderr=True).status("starting") as status:
        yield Say(status)


class PatientEncoder:
    """The encoder, loaded when the first doubtful document asks for it: most need none."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._models: Models | None = None

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        from bot.inference.models import Models

        self._models = self._models or Models(self._settings.models)
        return self._models.encoder.encode(texts)


def stdin() -> BinaryIO:
    return sys.stdin.buffer


def lines_of(path: str, stdin: BinaryIO, most: int) -> list[str]:
    """The lines of a UTF-8 file of at most `most` bytes ("-" is standard input). Raises InputError, naming the line
    that is not UTF-8."""
    try:
        if path == "-":
            raw = stdin.read(most + 1)
        else:
            with Path(path).open("rb") as file:
                raw = file.read(most + 1)
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if len(raw) > most:
        raise InputError(f"{path}: is longer than {most // 1_000_000} MB; split it")
    try:
        return raw.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise InputError(f"{path}: line {line}: is not UTF-8") from None


def read(paths: Sequence[str]) -> list[Document]:
    from bot.sources import transcript

    return [document for path in paths for document in transcript.read(path, stdin())]


def read_or_fetch(sources: Sequence[str], settings: Settings) -> list[Document]:
    if not any(_is_url(source) for source in sources):
        return read(sources)
    from bot.sources.http import Client
    from bot.sources.members import Members
    from bot.sources.transcript import fetch

    async def work() -> list[Document]:
        async with Client(settings.http) as client:
            members = Members(client, settings.members_url)
            found: list[Document] = []
            for source in sources:
                if _is_url(source):
                    found.append(await fetch(source, client, settings, members))
                else:
                    found.extend(read([source]))
            return found

    return asyncio.run(work())


def _is_url(source: str) -> bool:
    return source.lower().startswith(("http://", "https://"))


def topic_named(settings: Settings, name: str) -> Topic:
    from bot.topics.topic import load

    folders = (settings.folder / "topics", configuration.default_folder() / "topics")
    known = sorted({path.stem for folder in folders for path in folder.glob("*.toml")})
    if name not in known:
        raise InputError(f"--topic {name}: there is no such topic; there are {', '.join(known)}")
    return load(settings.file(f"topics/{name}.toml"))


def print_json(out: TextIO, value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, allow_nan=False), file=out, flush=True)


def print_verdict(out: TextIO, name: str, said: str, score: float, reasons: Sequence[str]) -> None:
    because = f": {'; '.join(reasons)}" if reasons else ""
    print(f"{name}  {said}  {score:.2f}{because}", file=out)


def print_stories(out: TextIO, rows: Sequence[tuple[Document, str]]) -> None:
    """Each story with its documents below it, the largest first."""
    from bot.text import clean

    told: dict[str, list[Document]] = {}
    for document, story in rows:
        told.setdefault(story, []).append(document)
    for story, documents in sorted(told.items(), key=lambda each: -len(each[1])):
        print(f"{story}  {len(documents)} {'document' if len(documents) == 1 else 'documents'}", file=out)
        for each in documents:
            where = " · ".join(
                part for part in (each.kind.value, clean(each.house or ""), str(each.date or "")) if part
            )
            print(f"  {clean(each.id)}  {where}  {clean(each.title)}", file=out)
