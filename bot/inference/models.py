"""The models of one process, each loaded on first use."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from bot.inference.encoder import Encoder
from bot.settings import Models as ModelSettings

if TYPE_CHECKING:
    from spacy.language import Language

    from bot.inference.writer import Writer


class Models:
    """`encoder`, `writer` and `parser` by the settings. `writer` is None where the settings say "none".

    Each raises ModelError, with the mend, when it is first touched and cannot be loaded."""

    def __init__(self, settings: ModelSettings) -> None:
        import torch

        self.settings = settings
        if settings.threads:
            torch.set_num_threads(settings.threads)

    @cached_property
    def encoder(self) -> Encoder:
        return Encoder(self.settings.encoder)

    @cached_property
    def writer(self) -> Writer | None:
        if self.settings.writer == "none":
            return None
        from bot.inference.writer import TransformersWriter

        return TransformersWriter(self.settings.writer)

    @cached_property
    def parser(self) -> Language:
        from bot.inference.parser import load_parser

        return load_parser(self.settings.parser)
