"""Opening the archive: made, migrated, shared, or refused with the mend."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, text

from bot.archive import Archive
from bot.archive.health import get_mark, record_success, set_mark, source_health
from bot.archive.schema import metadata, of_the_metadata
from bot.errors import ArchiveError, ConfigurationError

NOW = datetime(2025, 2, 12, 13, 0, tzinfo=UTC)


def url(path: Path) -> str:
    return f"sqlite:///{path}"


async def test_a_missing_folder_is_made_and_the_file_keeps_what_was_written(tmp_path: Path) -> None:
    where = url(tmp_path / "a" / "b c%20" / "despatch.sqlite3")
    async with await Archive.open(where) as archive:
        await set_mark(archive, "commands", "one")
        await set_mark(archive, "commands", "two")
    async with await Archive.open(where) as archive:
        assert await get_mark(archive, "commands") == "two"
        assert await get_mark(archive, "other") is None


async def test_each_connection_waits_syncs_and_minds_foreign_keys(tmp_path: Path) -> None:
    async with await Archive.open(url(tmp_path / "x.db")) as archive, archive.read() as connection:
        found = [
            await connection.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    assert found == ["wal", 2, 1, 30_000]


async def test_the_migrations_make_exactly_the_tables_that_the_program_uses(tmp_path: Path) -> None:
    await (await Archive.open(url(tmp_path / "x.db"))).close()

    def differences(connection: Connection) -> list[object]:
        options = {"include_name": of_the_metadata}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))

    engine = create_engine(url(tmp_path / "x.db"))
    with engine.connect() as connection:
        assert differences(connection) == []
    engine.dispose()


async def test_two_processes_may_open_a_new_archive_at_once(tmp_path: Path) -> None:
    program = (
        "import asyncio, sys\n"
        "from bot.archive import Archive\n"
        "from bot.archive.health import set_mark\n"
        "async def main():\n"
        "    async with await Archive.open(sys.argv[1]) as archive:\n"
        "        await set_mark(archive, sys.argv[2], 'here')\n"
        "asyncio.run(main())\n"
    )
    where = url(tmp_path / "new" / "x.db")
    running = [
        subprocess.Popen([sys.executable, "-c", program, where, str(n)], stderr=subprocess.PIPE, text=True)
        for n in range(3)
    ]
    said = await asyncio.to_thread(lambda: [(each.communicate()[1], each.returncode) for each in running])
    assert said == [("", 0)] * 3
    async with await Archive.open(where) as archive:
        assert [await get_mark(archive, str(n)) for n in range(3)] == ["here"] * 3


async def test_many_writers_in_one_process_all_get_their_turn(tmp_path: Path) -> None:
    async with await Archive.open(url(tmp_path / "x.db")) as archive, await Archive.open(url(tmp_path / "x.db")) as two:
        await asyncio.gather(
            *(record_success((archive, two)[n % 2], f"feed:{n}", NOW, items=n) for n in range(40)),
        )
        assert len(await source_health(archive)) == 40


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (
            lambda path: path.write_bytes(b"not a database at all, but long enough to be read as one" * 20),
            "not a SQLite",
        ),
        (lambda path: path.mkdir(), "cannot be written"),
        (lambda path: _sql(path, "CREATE TABLE recipes (id INTEGER)"), "another program's tables"),
        (
            lambda path: _sql(
                path, "CREATE TABLE alembic_version (version_num TEXT); INSERT INTO alembic_version VALUES ('z9')"
            ),
            "newer Despatch's archive (revision z9)",
        ),
    ],
)
async def test_what_cannot_be_an_archive_is_refused_and_left_as_it_was(tmp_path: Path, make, said: str) -> None:
    path = tmp_path / "x.db"
    make(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(ConfigurationError) as caught:
        await Archive.open(url(path))
    assert said in str(caught.value) and str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    if before is not None and before.startswith(b"not"):
        assert path.read_bytes() == before


def _sql(path: Path, script: str) -> None:
    connection = sqlite3.connect(path)
    connection.executescript(script)
    connection.close()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
async def test_a_folder_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(ConfigurationError, match="permissions"):
            await Archive.open(url(tmp_path / "x.db"))
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("postgresql://user:secret@host/db", "sqlite:///PATH"),
        ("nonsense", "not a database address"),
        ("sqlite://", "name a file"),
        ("sqlite:///:memory:", "name a file"),
        ("sqlite:////proc/nowhere/x.db", "folder cannot be made"),
    ],
)
async def test_an_address_that_is_no_file_is_a_configuration_error(address: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said) as caught:
        await Archive.open(address)
    assert "secret" not in str(caught.value)


async def test_a_database_that_fails_later_says_so_in_one_error(tmp_path: Path) -> None:
    async with await Archive.open(url(tmp_path / "x.db")) as archive:
        async with archive.write() as connection:
            await connection.execute(text("DROP TABLE marks"))
        with pytest.raises(ArchiveError, match="no such table: marks"):
            await get_mark(archive, "x")


async def test_a_transaction_that_fails_keeps_nothing(tmp_path: Path) -> None:
    async with await Archive.open(url(tmp_path / "x.db")) as archive:
        with pytest.raises(RuntimeError):
            async with archive.write() as connection:
                await connection.execute(text("INSERT INTO marks (key, value) VALUES ('a', 'b')"))
                raise RuntimeError("killed")
        assert await get_mark(archive, "a") is None
