"""Questions: of a document, and of the archive."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Concatenate, ParamSpec, TypeVar

import typer

from bot import terminal
from bot.commands.options import Answers
from bot.errors import InputError

if TYPE_CHECKING:
    from bot.domain import Answer
    from bot.inference.models import Models
    from bot.settings import Settings

P = ParamSpec("P")
R = TypeVar("R")


def ask(
    question: Annotated[str | None, typer.Argument(metavar="[QUESTION]", help="What is asked.")] = None,
    *,
    questions: Annotated[
        str | None, typer.Option(metavar="FILE", help="Many questions in one run, one a line; - is standard input.")
    ] = None,
    file: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="The document, or a .jsonl of several that are read as one; else the archive is asked."
        ),
    ] = None,
    max_words: Annotated[int, typer.Option(min=1, metavar="N", help="The longest answer, in words.")] = 120,
    writer: Annotated[
        str | None, typer.Option(metavar="NAME|none", help="As for `summarise`; none writes by rule alone.")
    ] = None,
    format: Annotated[Answers, typer.Option(help="json is answer/1; jsonl one a line, for several.")] = Answers.TEXT,
) -> None:
    """Answer a question from a document, or from the archive, each sentence with its source; or say that it is not said
    there."""
    settings = terminal.with_writer(terminal.configured(quiet=True), writer)
    if (question is None) is (questions is None):
        raise InputError("give one question, or --questions with a file of them")
    if questions == file == "-":
        raise InputError("only one of the questions and the document can be standard input")
    from bot import asking
    from bot.text import clean

    if question is not None and not clean(question):
        raise InputError("the question is empty")
    with terminal.answer() as out, terminal.progress() as say:
        asked = [question] if question is not None else asking.questions(questions or "", terminal.stdin())
        if len(asked) > 1 and format is Answers.JSON:
            raise InputError(f"{len(asked)} questions were given; several need --format jsonl")
        from bot.contract import answer_json

        found = (
            _of_archive(settings, asked, max_words, say) if file is None else _of(settings, file, asked, max_words, say)
        )
        for number, each in enumerate(found, 1):
            if format is Answers.TEXT:
                print(asking.plain(each), end="" if number == len(asked) else "\n", file=out, flush=True)
            else:
                terminal.print_json(out, answer_json(each))


def _of(settings: Settings, file: str, asked: Sequence[str], max_words: int, say: terminal.Say) -> Iterator[Answer]:
    """The answers of the file's documents, read as one."""
    documents = terminal.read([file])
    from bot.inference.models import Models
    from bot.summarise.ask import Reader

    reader = Reader(Models(settings.models), documents)
    for number, each in enumerate(asked, 1):
        say(f"{number} of {len(asked)}: {each}")
        yield reader.answer(each, max_words=max_words)


def _of_archive(settings: Settings, asked: Sequence[str], max_words: int, say: terminal.Say) -> Iterator[Answer]:
    """The archive's answers; one that is not there yet is not made."""
    from bot.archive import Archive
    from bot.archive.engine import path_of
    from bot.domain import Answer
    from bot.inference.models import Models
    from bot.pipeline.ask import ask as ask_archive

    path = path_of(settings.database())
    if not path.exists():
        note = f"The record does not say: there is no archive at {path} yet; `despatch backfill` or `poll` fills one."
        yield from (Answer(each, answered=False, notes=(note,)) for each in asked)
        return
    here = _Here(Models(settings.models))
    with asyncio.Runner() as runner:
        archive = runner.run(Archive.open(settings.database()))
        try:
            for number, each in enumerate(asked, 1):
                say(f"{number} of {len(asked)}: {each}")
                yield runner.run(ask_archive(archive, here, each, max_words=max_words))
        finally:
            runner.run(archive.close())


class _Here:
    """Runs the models' work in this process: a command has nothing else to keep going."""

    def __init__(self, models: Models) -> None:
        self._models = models

    async def run(self, function: Callable[Concatenate[Models, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        return function(self._models, *args, **kwargs)
