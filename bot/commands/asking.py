"""Questions: of a document, and of the archive."""

from __future__ import annotations

from typing import Annotated

import typer

from bot import terminal
from bot.commands.options import Answers
from bot.errors import InputError


def ask(
    question: Annotated[str | None, typer.Argument(metavar="[QUESTION]", help="What is asked.")] = None,
    *,
    questions: Annotated[
        str | None, typer.Option(metavar="FILE", help="Many questions in one run, one a line; - is standard input.")
    ] = None,
    file: Annotated[
        str | None, typer.Option(metavar="FILE", help="The document, or a .jsonl of several that are read as one.")
    ] = None,
    max_words: Annotated[int, typer.Option(min=1, metavar="N", help="The longest answer, in words.")] = 120,
    writer: Annotated[
        str | None, typer.Option(metavar="NAME|none", help="As for `summarise`; none writes by rule alone.")
    ] = None,
    format: Annotated[Answers, typer.Option(help="json is answer/1; jsonl one a line, for several.")] = Answers.TEXT,
) -> None:
    """Answer a question from a document, each sentence with its source, or say that the document does not answer it."""
    settings = terminal.with_writer(terminal.configured(quiet=True), writer)
    if (question is None) is (questions is None):
        raise InputError("give one question, or --questions with a file of them")
    if questions == file == "-":
        raise InputError("only one of the questions and the document can be standard input")
    from bot import asking
    from bot.text import clean

    if question is not None and not clean(question):
        raise InputError("the question is empty")
    if file is None:
        raise InputError("the archive cannot be asked yet; give the document with --file FILE")
    with terminal.answer() as out, terminal.progress() as say:
        asked = [question] if question is not None else asking.questions(questions or "", terminal.stdin())
        if len(asked) > 1 and format is Answers.JSON:
            raise InputError(f"{len(asked)} questions were given; several need --format jsonl")
        documents = terminal.read([file])
        from bot.contract import answer_json
        from bot.inference.models import Models
        from bot.summarise.ask import Reader

        reader = Reader(Models(settings.models), documents)
        for number, each in enumerate(asked, 1):
            say(f"{number} of {len(asked)}: {each}")
            found = reader.answer(each, max_words=max_words)
            if format is Answers.TEXT:
                print(asking.plain(found), end="" if number == len(asked) else "\n", file=out, flush=True)
            else:
                terminal.print_json(out, answer_json(found))
