"""Claims about documents, one JSON object a line: what `despatch check` is asked."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from bot.domain import Document
from bot.errors import InputError
from bot.terminal import lines_of

MAX_BYTES = 50_000_000
"""More than this is not a list of claims."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What is said of a document. `evidence`, where given, is all that counts; `speaker` must have said it."""

    id: str
    text: str
    document: str | None = None
    evidence: tuple[str, ...] | None = None
    speaker: str | None = None


def read(path: str, stdin: BinaryIO) -> list[tuple[int, Claim]]:
    """The claims of a file ("-" is standard input) with the numbers of their lines; blank lines are passed over.

    Raises InputError naming the line that is wrong."""
    lines = enumerate(lines_of(path, stdin, MAX_BYTES), 1)
    return [(number, _claim(f"{path}: line {number}", line)) for number, line in lines if line.strip()]


def pair(path: str, claims: Sequence[tuple[int, Claim]], documents: Sequence[Document]) -> list[tuple[Claim, Document]]:
    """Each claim with the document that it is about. Raises InputError where that cannot be told."""
    by_id: Mapping[str, Document] = {document.id: document for document in documents}
    held = Counter(document.id for document in documents)
    found = []
    for number, claim in claims:
        where = f"{path}: line {number}"
        if claim.document is None and len(documents) > 1:
            raise InputError(f'{where}: names no document, and the file holds {len(documents)}; add "document"')
        if claim.document is not None and claim.document not in by_id:
            raise InputError(f"{where}: document {claim.document!r} is not in the file")
        if claim.document is not None and held[claim.document] > 1:
            raise InputError(f"{where}: the file holds {held[claim.document]} documents called {claim.document!r}")
        found.append((claim, documents[0] if claim.document is None else by_id[claim.document]))
    return found


def _claim(where: str, line: str) -> Claim:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        raise InputError(f"{where}: is not JSON; write one claim a line") from None
    if not isinstance(row, dict):
        raise InputError(f"{where}: is not an object with an id and a text")
    evidence = row.get("evidence")
    if evidence is not None and not (isinstance(evidence, list) and all(isinstance(each, str) for each in evidence)):
        raise InputError(f"{where}: evidence must be a list of contribution ids")
    # As in a transcript, a blank label is nobody's.
    speaker = _string(where, row, "speaker")
    return Claim(
        id=_string(where, row, "id", required=True) or "",
        text=_string(where, row, "text", required=True) or "",
        document=_string(where, row, "document"),
        evidence=None if evidence is None else tuple(evidence),
        speaker=speaker if speaker and speaker.strip() else None,
    )


def _string(where: str, row: Mapping[str, Any], key: str, *, required: bool = False) -> str | None:
    value = row.get(key)
    if isinstance(value, int) and not isinstance(value, bool) and key == "id":
        return str(value)
    if isinstance(value, str) or (value is None and not required):
        return value
    raise InputError(f"{where}: {key} is missing" if value is None else f"{where}: {key} must be a string")
