"""A topic as its file says it: names, phrases, what they keep company with, and what is something else.

config/topics/prevent.toml explains each key; another topic is another such file.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.errors import ConfigurationError
from bot.settings import Settings, read_toml
from bot.topics.patterns import Phrases


@dataclass(frozen=True, slots=True)
class Name:
    """A word that is the topic's name and an ordinary word too. `verb` tells which grammar decides."""

    word: str
    says: str
    ordinary: str
    verb: bool
    alone: float
    weight: float
    heads: frozenset[str]
    heads_in_company: frozenset[str]
    leads: Phrases


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that tell of the topic. `weight` is in 0..1; `company` and `ours` say when it counts in full, and it
    counts at all only beside one of `near` (where there are any)."""

    says: str
    weight: float
    match: Phrases
    near: Phrases
    company: bool
    ours: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """Kinds of word that tell of the topic where all of them stand in a sentence or two, with none of `unless`."""

    says: str
    weight: float
    groups: tuple[Phrases, ...]
    unless: Phrases
    ours: bool


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Words that look like the topic and are `says` instead, beside `near` (if any) and not beside `unless`."""

    says: str
    match: Phrases
    near: Phrases
    unless: Phrases


@dataclass(frozen=True, slots=True)
class Topic:
    """One subject that channels follow. `title` stands in a sentence ("the Prevent programme")."""

    name: str
    title: str
    names: tuple[Name, ...]
    phrases: tuple[Phrase, ...]
    frames: tuple[Frame, ...]
    exclusions: tuple[Exclusion, ...]
    company: Phrases
    worth_reading: Phrases
    home: Phrases
    abroad: Phrases
    echoes: Phrases
    about: tuple[str, ...]
    not_about: tuple[str, ...]
    search: tuple[str, ...] = ()


def load(path: str | Path) -> Topic:
    """Read a topic's file. Raises ConfigurationError naming the file, the key and the mend."""
    file = Path(path)
    if not file.exists():
        raise ConfigurationError(str(file), "", "there is no such topic file")
    return _Reader(file).topic()


def named(settings: Settings, name: str) -> Topic:
    """The topic of that name: the operator's own file, else the packaged one. Raises ConfigurationError."""
    if not name or any(letter in name for letter in "/\\.") or name not in names(settings):
        known = ", ".join(names(settings)) or "none"
        raise ConfigurationError("topics", name, f"is not a topic that is followed; there are: {known}")
    return load(settings.file(f"topics/{name}.toml"))


def names(settings: Settings) -> tuple[str, ...]:
    """The topics that the configuration follows, in its order."""
    return settings.topics


class _Reader:
    """Checks a file's tables key by key, so that a slip in it is named and not silently ignored."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def topic(self) -> Topic:
        table = self._whole()
        self._known(
            table,
            {
                "name",
                "title",
                "also",
                "word",
                "phrase",
                "groups",
                "frame",
                "not",
                "company",
                "heading",
                "encoder",
                "search",
            },
            "",
        )
        found = self._tables(table, "word")
        company = self._table(table, "company", {"words", "worth_reading", "home", "abroad"})
        heading = self._table(table, "heading", {"echoes"})
        encoder = self._table(table, "encoder", {"about", "not_about"})
        phrases = tuple(self._phrase(row, label) for row, label in self._tables(table, "phrase"))
        word_names = tuple(self._name(row, label) for row, label in found)
        frames = self._frames(table)
        if not (phrases or word_names or frames):
            raise self._wrong("phrase", "a topic needs at least one [[phrase]], [[word]] or [[frame]]")
        about = self._strings(encoder, "about", "encoder")
        not_about = self._strings(encoder, "not_about", "encoder")
        if bool(about) != bool(not_about):
            raise self._wrong("encoder", "give both about and not_about, or neither")
        return Topic(
            name=self._text(table, "name", ""),
            title=self._text(table, "title", ""),
            names=word_names,
            phrases=phrases,
            frames=frames,
            exclusions=tuple(self._exclusion(row, label) for row, label in self._tables(table, "not")),
            company=self._phrases(company, "words", "company"),
            worth_reading=self._phrases(company, "worth_reading", "company"),
            home=self._phrases(company, "home", "company"),
            abroad=self._phrases(company, "abroad", "company"),
            echoes=self._phrases(heading, "echoes", "heading"),
            about=about,
            not_about=not_about,
            search=self._strings(table, "search", ""),
        )

    def _whole(self) -> dict[str, Any]:
        """The file's tables with those of the files that it names beside it, so that a long topic may be parted."""
        table = read_toml(self.file)
        for name in self._strings(table, "also", ""):
            other = self.file.parent / name
            if not other.exists():
                raise self._wrong("also", f"there is no file {name} beside it")
            for key, value in read_toml(other).items():
                if key in table and not (isinstance(value, list) and isinstance(table[key], list)):
                    raise self._wrong("also", f"{name} says “{key}” over again")
                table[key] = [*table[key], *value] if key in table else value
        return table

    def _name(self, row: dict[str, Any], label: str) -> Name:
        keys = {"name", "says", "ordinary", "verb", "alone", "weight", "heads", "heads_in_company", "leads"}
        self._known(row, keys, label)
        word = self._text(row, "name", label)
        if not word[0].isupper() or not word.isalpha():
            raise self._wrong(f"{label}: name", "must be one word that begins with a capital")
        return Name(
            word=word,
            says=self._text(row, "says", label),
            ordinary=self._text(row, "ordinary", label),
            verb=self._flag(row, "verb", label),
            alone=self._weight(row, "alone", label, 0.5),
            weight=self._weight(row, "weight", label, 0.9),
            heads=frozenset(head.lower() for head in self._strings(row, "heads", label)),
            heads_in_company=frozenset(head.lower() for head in self._strings(row, "heads_in_company", label)),
            leads=self._phrases(row, "leads", label),
        )

    def _phrase(self, row: dict[str, Any], label: str) -> Phrase:
        self._known(row, {"says", "weight", "match", "near", "company", "ours"}, label)
        return Phrase(
            says=self._text(row, "says", label),
            weight=self._weight(row, "weight", label, None),
            match=self._phrases(row, "match", label, needed=True),
            near=self._phrases(row, "near", label),
            company=self._flag(row, "company", label),
            ours=self._flag(row, "ours", label),
        )

    def _frames(self, table: dict[str, Any]) -> tuple[Frame, ...]:
        """The frames; each names groups of [groups], which are made once however many frames name them."""
        sources = table.get("groups", {})
        if not isinstance(sources, dict):
            raise self._wrong("groups", "write it as a [groups] table")
        groups = {name: self._phrases(sources, name, "groups", needed=True) for name in sources}
        frames = []
        for row, label in self._tables(table, "frame"):
            self._known(row, {"says", "weight", "all", "unless", "ours"}, label)
            wanted = self._strings(row, "all", label)
            for name in wanted:
                if name not in groups:
                    raise self._wrong(f"{label}: all", f"there is no group “{name}” in [groups]")
            if len(wanted) < 2:
                raise self._wrong(f"{label}: all", "name two groups at least")
            frames.append(
                Frame(
                    says=self._text(row, "says", label),
                    weight=self._weight(row, "weight", label, None),
                    groups=tuple(groups[name] for name in wanted),
                    unless=self._phrases(row, "unless", label),
                    ours=self._flag(row, "ours", label),
                )
            )
        return tuple(frames)

    def _exclusion(self, row: dict[str, Any], label: str) -> Exclusion:
        self._known(row, {"says", "match", "near", "unless"}, label)
        return Exclusion(
            says=self._text(row, "says", label),
            match=self._phrases(row, "match", label, needed=True),
            near=self._phrases(row, "near", label),
            unless=self._phrases(row, "unless", label),
        )

    def _wrong(self, key: str, mend: str) -> ConfigurationError:
        return ConfigurationError(str(self.file), key, mend)

    def _known(self, table: dict[str, Any], keys: set[str], label: str) -> None:
        for key in table:
            if key not in keys:
                where = f"{label}: {key}" if label else key
                raise self._wrong(where, f"no such key; the keys here are {', '.join(sorted(keys))}")

    def _tables(self, table: dict[str, Any], key: str) -> list[tuple[dict[str, Any], str]]:
        rows = table.get(key, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise self._wrong(key, f"write each as a [[{key}]] table")
        return [(row, f"{key} {index}") for index, row in enumerate(rows, 1)]

    def _table(self, table: dict[str, Any], key: str, keys: set[str]) -> dict[str, Any]:
        found = table.get(key, {})
        if not isinstance(found, dict):
            raise self._wrong(key, f"write it as a [{key}] table")
        self._known(found, keys, key)
        return found

    def _text(self, row: dict[str, Any], key: str, label: str) -> str:
        value = row.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self._wrong(f"{label}: {key}" if label else key, "is missing; write some text")
        return value.strip()

    def _flag(self, row: dict[str, Any], key: str, label: str) -> bool:
        value = row.get(key, False)
        if not isinstance(value, bool):
            raise self._wrong(f"{label}: {key}", "must be true or false")
        return value

    def _weight(self, row: dict[str, Any], key: str, label: str, default: float | None) -> float:
        value = row.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            raise self._wrong(f"{label}: {key}", "must be a number from 0 to 1")
        return float(value)

    def _strings(self, row: dict[str, Any], key: str, label: str) -> tuple[str, ...]:
        value = row.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            raise self._wrong(f"{label}: {key}", "must be a list of phrases in quotation marks")
        return tuple(value)

    def _phrases(self, row: dict[str, Any], key: str, label: str, *, needed: bool = False) -> Phrases:
        sources = self._strings(row, key, label)
        if needed and not sources:
            raise self._wrong(f"{label}: {key}", "is missing; list at least one phrase")
        try:
            return Phrases(sources)
        except ValueError as error:
            raise self._wrong(f"{label}: {key}", str(error)) from None
