"""The parser: spaCy's en_core_web_sm 3.8 (tagger, dependencies, lemmas, entities, sentence bounds)."""

from __future__ import annotations

from spacy.language import Language

from bot.errors import ModelMissing
from bot.inference.weights import PARSER_SHA256, checksum, locate_parser

MAX_CHARACTERS = 400_000
"""The longest single text parsed: a longest day's speech is far below it, and memory stays bounded."""


def load_parser(name: str = "en_core_web_sm") -> Language:
    """The pipeline, weights verified. Raises ModelMissing with the mend."""
    import spacy

    folder = locate_parser(name)
    if name == "en_core_web_sm":
        for part, known in PARSER_SHA256.items():
            if checksum(folder / part) != known:
                raise ModelMissing(f"{folder / part}: not the known weights; reinstall the parser's package")
    try:
        parser = spacy.load(folder)
    except (OSError, ValueError) as error:
        raise ModelMissing(f"models.parser: {folder}: {error}") from None
    parser.max_length = MAX_CHARACTERS
    return parser
