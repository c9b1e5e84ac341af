"""Committee transcripts of QMSum as transcript/1, one a line, so that `despatch summarise` can be run on them.

.venv/bin/python benchmarks/transcripts.py ../shared/data/qmsum-committee/val.jsonl > committees.jsonl
.venv/bin/despatch summarise committees.jsonl --format jsonl
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def transcripts(file: Path) -> Iterator[dict[str, Any]]:
    """One transcript a meeting; a turn's id is its number in the meeting, as QMSum's own spans count."""
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            meeting = json.loads(line)
            yield {
                "schema": "transcript/1",
                "id": f"{file.stem}-{number}",
                "kind": "debate",
                "title": f"Committee meeting {number}",
                "contributions": [
                    {"id": f"t{place}", "speaker": turn["speaker"], "text": turn["content"]}
                    for place, turn in enumerate(meeting["meeting_transcripts"])
                ],
            }


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    for transcript in transcripts(Path(sys.argv[1])):
        print(json.dumps(transcript, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
