"""What the commands need of the rest of the program, handed to them by the composition root."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, cast

import discord

from bot.archive.engine import Archive
from bot.cogs.threads import Talk
from bot.pipeline.linked import Linked
from bot.pipeline.nearness import Encodings
from bot.pipeline.work import Worker
from bot.settings import Settings


@dataclass(frozen=True, slots=True)
class Standing:
    """What only the running program knows, for `/status`.

    `models` names what is in use ("writer": "SmolLM2-135M-Instruct"), or says why it cannot be used. `refused` is the
    share (0..1) of written sentences that the check refused since the start, None where none was written.
    """

    models: Mapping[str, str]
    refused: float | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """`topics` maps a topic's name to the words for it ("prevent": "the Prevent programme"); `status` must answer at
    once, from memory; `worker` is where questions are read, beside the digests, and `linked` makes
    a digest of what a link leads to."""

    archive: Archive
    settings: Settings
    topics: Mapping[str, str]
    status: Callable[[], Awaitable[Standing]]
    worker: Worker
    linked: Linked
    talk: Talk = field(default_factory=Talk)
    encodings: Encodings = field(default_factory=Encodings)


class HasDesk(Protocol):
    desk: Desk


def desk_of(interaction: discord.Interaction) -> Desk:
    """The desk of the client that was spoken to; a command is one object however many clients there are."""
    return cast(HasDesk, interaction.client).desk
