"""An archive of a million contributions that nobody made, for the benchmarks of searching: the same every time.

Sentences of the repository's own texts are put together anew, each with a place that does not exist, under invented
names; the rows go through the archive's tables and triggers. A tenth is of the last year and was read first, as where a
backfill followed: the row's number says nothing of the day. Prepared texts (`versions`) are left out: no search reads
them.
"""

from __future__ import annotations

import json
import random
import sqlite3
import time
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from itertools import islice
from pathlib import Path

from bot.archive import facets
from bot.sources.debate import parse_debate
from bot.splitting import split

DATA = Path(__file__).with_name("data")
SAMPLE = Path(__file__).parents[1] / "tests/sample_day/hansard/debates"
LAST = date(2026, 10, 30)
YEARS = 20
EACH = 20
"""Contributions of a document."""
PEOPLE, PLACES = 5_000, 20_000
PARTIES = ("Con", "Lab", "LD", "SNP", "CB", "Green", "DUP", "Lab/Co-op")
OFFICES = (
    "The Secretary of State for the Home Department",
    "The Minister for Security",
    "The Parliamentary Under-Secretary of State for Rural Affairs",
    "The Solicitor General",
)
KINDS = ("debate",) * 6 + ("question",) * 2 + ("statement", "article")
_HEADS = "Ald Bar Cold Dun East Fen Gar Hul Ing Kel Lang Mar Nor Oak Pen Raw Sel Thorn Ul Wex".split()
_MIDDLES = "a bur den er fair ing kirk le min ning o ring sel ster ting u ver wen y zel".split()
_TAILS = (
    "bourne bridge by cliff cote dale field ford gate ham hurst ley mere minster mouth ness port stead ton wick".split()
)
_FIRST = (
    "Ada Bernard Cressida Dougal Edith Fergus Gwen Hector Imogen Jasper Kitty Lachlan Mabel Ninian Olive Percival "
    "Queenie Rufus Sybil Torquil Una Vernon Winifred Xanthe Yorick Zelda Ambrose Beatrix Clement Dorcas"
).split()
_BATCH = 500
"""Documents written in a transaction."""


@cache
def sentences() -> tuple[str, ...]:
    """Every sentence of the texts in benchmarks/data and of the sample day, sorted."""
    found: set[str] = set()
    for file in sorted(DATA.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            for text in (row.get("text", ""), *(each["text"] for each in row.get("contributions", ()))):
                found |= {each for part in text.splitlines() for each in split(part)}
    for file in sorted(SAMPLE.glob("*.json")):
        for item in parse_debate(json.loads(file.read_text("utf-8"))).contributions:
            found |= {each for part in item.text.splitlines() for each in split(part)}
    return tuple(sorted(each for each in found if 30 < len(each) < 400))


@cache
def people() -> tuple[str, ...]:
    """Names, the place of each its Member's id less one; every sixth is a peer's."""
    chance = random.Random(1)
    found: dict[str, None] = {}
    while len(found) < PEOPLE:
        surname = chance.choice(_HEADS) + chance.choice(_MIDDLES) + chance.choice(_TAILS)
        peer = len(found) % 6 == 5
        found[
            f"{'Lord' if len(found) % 12 == 5 else 'Baroness'} {surname}"
            if peer
            else f"{chance.choice(_FIRST)} {surname}"
        ] = None
    return tuple(found)


@cache
def places() -> tuple[str, ...]:
    chance = random.Random(2)
    found: dict[str, None] = {}
    while len(found) < PLACES:
        found[chance.choice(_HEADS) + "".join(chance.choice(_MIDDLES) for _ in "ab") + chance.choice(_TAILS)] = None
    return tuple(found)


def text(chance: random.Random) -> str:
    """Two to seven sentences, common ones and rare ones, and a place."""
    known = sentences()
    said = [known[int(len(known) * chance.random() ** 2)] for _ in range(chance.randint(2, 7))]
    place = places()[int(PLACES * chance.random() ** 3)]
    said.insert(chance.randint(0, len(said)), f"I have heard this from people in {place}.")
    return " ".join(said)


def days(documents: int) -> Iterator[date]:
    """A day for every document: the last year's tenth in order, then the years before in order."""
    live = documents // 10
    for n in range(live):
        yield LAST - timedelta(365 - 365 * n // live)
    first, past = LAST - timedelta(365 * YEARS), documents - live
    for n in range(past):
        yield first + timedelta(365 * (YEARS - 1) * n // past)


def fill(path: Path, count: int) -> float:
    """Write `count` contributions to an archive that stands there; gives the seconds it took."""
    began = time.monotonic()
    chance = random.Random(0)
    connection = sqlite3.connect(path)
    connection.executescript("PRAGMA synchronous = OFF; PRAGMA cache_size = -200000;")
    who = people()
    every = enumerate(days(-(-count // EACH)), 1)
    while some := list(islice(every, _BATCH)):
        documents, contributions, about = [], [], []
        for number, day in some:
            house, kind = chance.choice(("Commons", "Commons", "Lords")), chance.choice(KINDS)
            documents.append((number, f"invented-{number}", kind, f"Debate {number}", day.isoformat(), house))
            head = facets.of_document(kind, house, day)
            for place in range(min(EACH, count - (number - 1) * EACH)):
                member = int(PEOPLE * chance.random() ** 2)
                party = PARTIES[member % len(PARTIES)]
                role = OFFICES[member % 4] if member < 40 else None
                row = (number - 1) * EACH + place + 1
                tokens = head + facets.of_speaker(who[member], member + 1, party, role)
                contributions.append(
                    (
                        row,
                        number,
                        place,
                        f"{number}-{place}",
                        who[member],
                        member + 1,
                        party,
                        role,
                        text(chance),
                        tokens,
                    )
                )
                if number % 100 == 0 and place < 3:
                    about.append((row, "prevent"))
        with connection:
            connection.executemany(
                "INSERT INTO documents (id, source, external_id, kind, title, date, house, settled, version,"
                " content_hash, reading_hash, equal_readings, first_read_at, last_read_at, ripe_at)"
                " VALUES (?, 'invented', ?, ?, ?, ?, ?, 1, 1, '', '', 1, '2026-01-01', '2026-01-01', '2026-01-01')",
                documents,
            )
            connection.executemany(
                "INSERT INTO contributions (id, document_id, position, external_id, speaker, member_id, party, role,"
                " voice, text, facets) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'speech', ?, ?)",
                contributions,
            )
            connection.executemany("INSERT INTO topical (contribution_id, topic) VALUES (?, ?)", about)
    connection.close()
    return time.monotonic() - began
