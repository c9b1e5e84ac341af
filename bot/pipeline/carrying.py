"""Which sentence of a contribution carries that it is about the topic, to be quoted as it stands."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.domain import Contribution
from bot.private import names_somebody
from bot.settings import Settings
from bot.summarise.sentences import units
from bot.topics import topic as topics
from bot.topics.lexicon import Lexicon
from bot.topics.matcher import DECIDED

FEWEST, MOST = 5, 60
"""Words of a sentence that is quoted whole."""
_BROKEN_OFF = re.compile(r"[—–-][.?!]?[”’\"']?$")


@lru_cache(maxsize=4)
def _read(file: str) -> Lexicon:
    return Lexicon(topics.load(file))


def lexicon_of(settings: Settings, topic: str) -> Lexicon:
    """The topic's words, read once. Raises ConfigurationError for a topic that is not followed."""
    if topic not in topics.names(settings):
        topics.named(settings, topic)
    return _read(str(settings.file(f"topics/{topic}.toml")))


def carrying(lexicon: Lexicon, text: str, title: str = "") -> str | None:
    """The sentence that speaks of the topic most plainly, white space folded, else its words unchanged; None where
    none does by itself.

    Passed over are words that the speaker reads out, what is broken off, and what names somebody who may be a private
    person."""
    best: tuple[float, str] | None = None
    reading_out = False
    for unit in units([Contribution("", text)]):
        began, reading_out = reading_out, _still_open(unit.text, reading_out)
        if began or reading_out or not FEWEST <= len(unit.text.split()) <= MOST:
            continue
        if _BROKEN_OFF.search(unit.text) or " | " in unit.text or names_somebody(unit.text):
            continue
        score = lexicon.read(unit.text, (title,)).score
        if score < DECIDED:
            score = DECIDED / 2 if lexicon.echoes(unit.text) else 0.0
        if score and (best is None or score > best[0] + 0.1):
            best = (score, unit.text)
    return None if best is None else best[1]


def _still_open(text: str, reading_out: bool) -> bool:
    """Whether a quotation is open after the sentence; each paragraph of a long one begins with a mark of its own."""
    for mark in re.findall(r"[“”\"]", text):
        reading_out = mark == "“" or (mark == '"' and not reading_out)
    return reading_out
