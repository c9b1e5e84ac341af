"""The options that several commands share, and the ways in which they print."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer


class Verdicts(StrEnum):
    """How `match`, `check` and `stories` print."""

    JSON = "json"
    TEXT = "text"


class Pages(StrEnum):
    """How `summarise` prints."""

    JSON = "json"
    JSONL = "jsonl"
    TEXT = "text"
    MARKDOWN = "markdown"


class Newsletter(StrEnum):
    """How `roundup` prints."""

    JSON = "json"
    TEXT = "text"
    MARKDOWN = "markdown"


class Answers(StrEnum):
    """How `ask` prints."""

    JSON = "json"
    JSONL = "jsonl"
    TEXT = "text"


Inputs = Annotated[
    list[str],
    typer.Argument(
        metavar="FILE...",
        help="A transcript (.json, .jsonl), a debate as Hansard's API returns it, an HTML page or plain text; "
        "- is standard input.",
    ),
]
Sources = Annotated[
    list[str],
    typer.Argument(metavar="FILE|URL|-...", help="As for `match`, or the address of a debate or an article."),
]


def day_option(help: str) -> Any:
    """An option that takes a day, as 2025-02-12."""
    return typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help=help)
