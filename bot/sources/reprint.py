"""Another House's words, reprinted at the head of a Lords repeat, told from what the peers then said.

    Statement                                                                  (nobody)
    The following Statement was made in the House of Commons on Wednesday.     (nobody)
    “With permission, Mr Speaker, I will make a statement …                    (nobody)
    Today I am publishing the review …”                                        (nobody)
    My Lords, …                                                                (Lord Davies of Gower (Con))

The quotation runs between one “ and one ”, over several paragraphs and perhaps several items. A peer may also repeat a
Statement aloud ("The Statement is as follows: “…”"). Neither kind is new, nor any peer's own words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

_PRINTED = re.compile(
    r"^The following (?:[\w’' -]{0,60}?)?(?:Answer|Statement|Question|Reply|Response)s?\b.{0,120}?"
    r"\b(?:was|were) (?:given|made|repeated|delivered)\b",
    re.I | re.S,
)
_ALOUD = re.compile(
    r"\b(?:Statement|Answer)\b[^.“”]{0,200}(?:as follows[:.]?|:)$"
    r"|\b(?:repeat|read out)\b[^.“”]{0,160}\b(?:Statement|Answer)\b[^“”]{0,240}$",
    re.I,
)
_ENDS = re.compile(r"”[.,;]?$")


class _State(Enum):
    OUTSIDE = auto()
    ANNOUNCED = auto()
    INSIDE = auto()


@dataclass(slots=True)
class Reprints:
    """Walk a debate's paragraphs in order, asking of each whether it is a reprint. One instance a debate."""

    _state: _State = _State.OUTSIDE
    _owner: str | None = None
    _by_voice: bool = False
    _depth: int = 0

    def announces(self, paragraph: str, speaker: str | None) -> bool:
        """Whether this is the printed line that a reprint follows; a speaker is None where nobody is named."""
        if speaker is not None or not _PRINTED.match(paragraph):
            return False
        self._state, self._owner, self._by_voice, self._depth = _State.ANNOUNCED, None, False, 0
        return True

    def holds(self, paragraph: str, speaker: str | None) -> bool:
        """Whether this paragraph is another House's words."""
        if self._state is _State.ANNOUNCED:
            return self._begin(paragraph, speaker)
        if self._state is _State.INSIDE:
            if speaker != self._owner:
                # A quotation never runs on into another person's speech, closed or not.
                self._state = _State.OUTSIDE
            else:
                return self._go_on(paragraph)
        if speaker is not None and _ALOUD.search(paragraph[-600:]):
            self._state, self._owner, self._by_voice, self._depth = _State.ANNOUNCED, speaker, True, 0
        return False

    def _begin(self, paragraph: str, speaker: str | None) -> bool:
        quoted = paragraph.startswith("“")
        if self._by_voice and (not quoted or speaker != self._owner):
            self._state = _State.OUTSIDE
            return self.holds(paragraph, speaker)
        if not quoted and speaker is not None:
            self._state = _State.OUTSIDE
            return self.holds(paragraph, speaker)
        self._state, self._owner, self._depth = _State.INSIDE, speaker, 0
        return self._go_on(paragraph)

    def _go_on(self, paragraph: str) -> bool:
        continued = self._depth >= 1 and paragraph.startswith("“")
        depth, shut_early = self._count(paragraph[1:] if continued else paragraph)
        if continued and shut_early:
            # The “ opened a quotation inside, and was not the mark that a quoted paragraph goes on.
            depth, _ = self._count(paragraph)
        self._depth = max(depth, 0)
        if depth <= 0 and (_ENDS.search(paragraph) or (self._owner is not None and "”" in paragraph)):
            self._state = _State.OUTSIDE
        return True

    def _count(self, words: str) -> tuple[int, bool]:
        depth, shut_at = self._depth, -1
        for at, character in enumerate(words):
            if character == "“":
                depth += 1
            elif character == "”":
                depth -= 1
                if depth == 0:
                    shut_at = at
        return depth, shut_at >= 0 and bool(words[shut_at + 1 :].strip(" .,;"))
