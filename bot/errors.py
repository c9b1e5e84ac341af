"""What can go wrong, for the caller to tell apart.

    DespatchError
    ├── InputError           the call or a named file is wrong: exit code 2
    ├── ConfigurationError   a setting is wrong: exit code 2
    ├── SourceError          a feed, API or page did not give what it should: the source backs off, others go on
    ├── ModelError           the worker that hosts the models failed
    │   └── ModelMissing     weights are missing, damaged or of no use: exit code 2
    └── ArchiveError         the database cannot be reached, or is not ours

Each message is one line for a person: what is wrong, where (file, URL or key), and the mend.
"""

from __future__ import annotations


class DespatchError(Exception):
    """The root; its text is fit to be shown to an operator."""


class InputError(DespatchError):
    """The call or a file that it names is wrong."""


class ConfigurationError(DespatchError):
    """A setting is wrong. The message names the file or variable, the key and the mend."""

    def __init__(self, where: str, key: str, mend: str) -> None:
        super().__init__(f"{where}: {key}: {mend}" if key else f"{where}: {mend}")
        self.where, self.key, self.mend = where, key, mend


class SourceError(DespatchError):
    """A source failed. `retry_after` is in seconds where the server asked for a wait."""

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ModelError(DespatchError):
    """A model cannot be used."""


class ModelMissing(ModelError):
    """A model that the call or the configuration names is not there, or not the one that is meant."""


class ArchiveError(DespatchError):
    """The archive cannot be used."""
