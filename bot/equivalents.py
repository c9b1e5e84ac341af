"""The forms that config/equivalents.toml says are equal: parties, Houses, offices, abbreviations."""

from __future__ import annotations

import os
import re
from collections import OrderedDict
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from bot.errors import ConfigurationError
from bot.settings import default_folder, read_toml

_REMEMBERED = 512
"""Texts whose forms are kept: a claim is laid beside the same few contributions time and again."""

SECTIONS = ("parties", "houses", "offices", "abbreviations")


class Equivalents:
    """Equal forms, looked up in lower case. `forms(text)` are the rows' forms that stand in a text as whole words."""

    def __init__(self, rows: Mapping[str, list[tuple[str, ...]]]) -> None:
        self._rows = [row for section in SECTIONS for row in rows.get(section, [])]
        self.parties = rows.get("parties", [])
        self._standing: OrderedDict[str, tuple[str, ...]] = OrderedDict()
        self._first = {form: row[0] for row in self._rows for form in row}

    def first(self, form: str) -> str:
        """The form that this one's row begins with; the form itself where no row has it."""
        low = re.sub(r"^(?:the|our|his|her|a|an)\s+", "", form.lower().strip())
        return self._first.get(low, low)

    def others(self, form: str) -> tuple[str, ...]:
        """Every form of the row, itself included."""
        first = self.first(form)
        return next((row for row in self._rows if row[0] == first), (first,))

    def standing(self, text: str) -> tuple[str, ...]:
        """Every form of every row of which one stands in the text, lower case, as whole words."""
        if text not in self._standing:
            rows = (row for row in self._rows if any(_stands(form, text) for form in row))
            self._standing[text] = tuple(form for row in rows for form in row)
            if len(self._standing) > _REMEMBERED:
                self._standing.popitem(last=False)
        return self._standing[text]

    def widened(self, text: str) -> str:
        """The text with, after it, every equal form of what stands in it: for asking whether a name is 'in' it."""
        extra = self.standing(text.lower())
        return text if not extra else f"{text} {' '.join(extra)}"


@lru_cache(maxsize=4096)
def _word(form: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(form)}(?!\w)")


def _stands(form: str, text: str) -> bool:
    return form in text and _word(form).search(text) is not None


def equivalents(path: Path | None = None) -> Equivalents:
    """The table of the file; by default the operator's, in the folder that DESPATCH_CONFIG names, else the packaged
    one. Raises ConfigurationError naming the section and the mend."""
    return _table(path or _own() or default_folder() / "equivalents.toml")


def _own() -> Path | None:
    if not (named := os.environ.get("DESPATCH_CONFIG")):
        return None
    folder = Path(named).expanduser()
    own = (folder if folder.is_dir() else folder.parent) / "equivalents.toml"
    return own if own.exists() else None


@lru_cache(maxsize=4)
def _table(where: Path) -> Equivalents:
    table = read_toml(where)
    if unknown := set(table) - set(SECTIONS):
        raise ConfigurationError(str(where), sorted(unknown)[0], f"no such section; there are {', '.join(SECTIONS)}")
    rows: dict[str, list[tuple[str, ...]]] = {}
    for section, body in table.items():
        listed = body.get("rows") if isinstance(body, dict) else None
        if not isinstance(listed, list) or not all(
            isinstance(row, list) and all(isinstance(form, str) for form in row) for row in listed
        ):
            raise ConfigurationError(str(where), f"{section}.rows", "must be a list of lists of forms")
        rows[section] = [tuple(form.lower() for form in row) for row in listed if row]
    return Equivalents(rows)
