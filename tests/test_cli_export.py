"""`despatch export`: what the archive holds, for other programs and for spreadsheets, on standard output alone."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.archive.engine import Archive
from bot.contract import EXPORTED
from bot.domain import Origin, Sentence
from tests.archive.test_export import tell, told
from tests.pipeline.world import debate
from tests.test_cli import Despatch, _own_surroundings, despatch

__all__ = ["_own_surroundings", "despatch"]

FORMULAE = ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx")


@pytest.fixture
def archive(_own_surroundings, tmp_path: Path) -> None:
    """One story with hostile words: formulae, quotation marks, commas, breaks, half a surrogate pair."""

    async def fill() -> None:
        async with await Archive.open(f"sqlite:///{tmp_path}/archive.sqlite3") as held:
            said = debate("Prevent", *FORMULAE, 'He said "no", then\r\nleft — ‘café’.')
            digest = told(headline="=HYPERLINK()", brief=(Sentence("a\ud800b\x00c", ("x",), Origin.WRITTEN),))
            await tell(held, said, tuple(item.id for item in said.contributions), digest)

    asyncio.run(fill())


def test_as_json_lines_each_is_one_record_with_its_schema(despatch: Despatch, archive: None) -> None:
    done = despatch("export", "--format", "jsonl")
    assert (done.code, done.err) == (0, "")
    rows = [json.loads(line) for line in done.out.split("\n")[:-1]]
    assert {row["schema"] for row in rows} == {"export/1"}
    assert {row["record"] for row in rows} == {"contribution", "digest", "line", "evidence"}
    assert [row["text"] for row in rows if row["record"] == "contribution"][:6] == list(FORMULAE)
    assert "a\ud800b\x00c" in [row.get("text") for row in rows]


def test_as_csv_it_is_one_table_and_no_cell_is_a_formula(despatch: Despatch, archive: None) -> None:
    done = despatch("export", "--format", "csv")
    assert (done.code, done.err) == (0, "")
    header, *rows = csv.reader(io.StringIO(done.out, newline=""), strict=True)
    assert header == EXPORTED and {len(row) for row in rows} == {len(EXPORTED)}
    assert done.out.startswith(",".join(EXPORTED) + "\r\n") and done.out.endswith("\r\n")
    table = [dict(zip(header, row, strict=True)) for row in rows]
    texts = [row["text"] for row in table if row["record"] == "contribution"]
    assert texts == [*(f"'{each}" for each in FORMULAE), 'He said "no", then\r\nleft — ‘café’.']
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert [row["headline"] for row in table if row["headline"]] == ["'=HYPERLINK()"]
    assert "a?b\ufffdc" in [row["text"] for row in table]
    [digest] = [row for row in table if row["record"] == "digest"]
    assert digest["coverage"] == "News · Prevent to change · https://news.example/1 · 2025-02-12"


def test_what_is_wanted_can_be_named_more_than_once(despatch: Despatch, archive: None) -> None:
    done = despatch("export", "--what", "evidence")
    assert {json.loads(line)["record"] for line in done.out.splitlines()} == {"evidence"}
    done = despatch("export", "--what", "digests", "--what", "contributions", "--topic", "prevent")
    assert {json.loads(line)["record"] for line in done.out.split("\n")[:-1]} == {"contribution", "digest", "line"}
    done = despatch("export", "--since", "2025-02-13")
    assert (done.code, done.out) == (0, "")


def test_without_an_archive_it_says_so_and_makes_none(despatch: Despatch, tmp_path: Path) -> None:
    done = despatch("export")
    assert (done.code, done.out) == (0, "")
    assert done.err.startswith("despatch: there is no archive at ") and done.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
    assert despatch("export", "--format", "csv").out == ",".join(EXPORTED) + "\r\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--format", "xml"), "--format"),
        (("--what", "everything"), "--what"),
        (("--since", "yesterday"), "--since"),
        (("--topic", "fishing"), "--topic fishing: there is no such topic"),
        (("--since", "2025-02-13", "--until", "2025-02-12"), "--since 2025-02-13: is after --until 2025-02-12"),
    ],
)
def test_a_wrong_call_is_named(despatch: Despatch, arguments: tuple[str, ...], said: str) -> None:
    done = despatch("export", *arguments)
    assert done.code == 2 and done.out == ""
    assert said in done.err and "Traceback" not in done.err


@pytest.mark.parametrize("format", ["csv", "jsonl"])
def test_a_reader_that_has_had_enough_ends_it_quietly(tmp_path: Path, format: str) -> None:
    async def fill() -> None:
        async with await Archive.open(f"sqlite:///{tmp_path}/archive.sqlite3") as held:
            said = debate("Prevent", *["The Prevent programme. " + "word " * 500] * 300)
            await tell(held, said, tuple(item.id for item in said.contributions), None)

    asyncio.run(fill())
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "export", "--format", format],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"DESPATCH_DATABASE_URL": f"sqlite:///{tmp_path}/archive.sqlite3"},
    ) as running:
        assert running.stdout is not None and running.stderr is not None
        assert running.stdout.readline()
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == 0
