"""Opening the archive, its transactions, and its errors in words."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import ArchiveError, ConfigurationError

MIGRATIONS = Path(__file__).with_name("migrations")
BUSY_SECONDS = 30
_VARIABLE = "DESPATCH_DATABASE_URL"


class Archive:
    """One open database.

    `read()` and `write()` each give a connection in a transaction; `write()` takes the database's write lock at once,
    so that what it reads stays true until it commits, in this process and beside others. `unread` and `unencoded` are
    set when a reading was saved, `owed` when a delivery may have become due: the pipeline's loops sleep on them.
    """

    def __init__(self, engine: AsyncEngine, path: Path) -> None:
        self._engine = engine
        self._writer = engine.execution_options(despatch_write=True)
        self._turn = asyncio.Lock()
        self.path = path
        self.unread = asyncio.Event()
        self.unencoded = asyncio.Event()
        self.owed = asyncio.Event()

    @classmethod
    async def open(cls, url: str, *, swift: bool = False) -> Self:
        """Open `sqlite:///PATH`, making folder, file and tables, and migrating an older archive.

        Raises ConfigurationError (with the mend) for an address that cannot be used, a file that cannot be written
        or is another program's, and an archive of a newer release. Two processes may open one file at once.
        With `swift` a commit does not wait for the disk: a power cut may undo the last ones together, a kill none."""
        path = path_of(url)
        try:
            await asyncio.to_thread(path.parent.mkdir, parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigurationError(
                _VARIABLE, str(path), f"its folder cannot be made ({error.strerror}); choose another path"
            ) from None
        engine = create_async_engine(f"sqlite+aiosqlite:///{path}", connect_args={"timeout": BUSY_SECONDS})
        event.listen(engine.sync_engine, "connect", _on_connect)
        if swift:
            event.listen(engine.sync_engine, "connect", _do_not_wait)
        event.listen(engine.sync_engine, "begin", _on_begin)
        archive = cls(engine, path)
        try:
            await archive._prepare()
        except ConfigurationError:
            await engine.dispose()
            raise
        except (SQLAlchemyError, CommandError) as error:
            await engine.dispose()
            raise ConfigurationError(_VARIABLE, str(path), _unusable(error)) from None
        return archive

    async def close(self) -> None:
        """Give every connection back; the archive cannot be used afterwards."""
        await self._engine.dispose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.close()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection that sees one moment of the archive. Raises ArchiveError where the database fails."""
        try:
            async with self._engine.begin() as connection:
                yield connection
        except DBAPIError as error:
            raise ArchiveError(f"the archive {self.path} cannot be read: {_reason(error)}") from error

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A connection whose writes are all kept on leaving, or none. Raises ArchiveError where the database fails."""
        async with self._turn:
            try:
                async with self._writer.begin() as connection:
                    yield connection
            except IntegrityError as error:
                raise ArchiveError(f"the archive {self.path} refused a row: {_reason(error)}") from error
            except DBAPIError as error:
                raise ArchiveError(f"the archive {self.path} cannot be written: {_reason(error)}") from error

    async def ping(self) -> None:
        """Raises ArchiveError unless the database answers."""
        async with self.read() as connection:
            await connection.execute(text("SELECT 1"))

    async def _prepare(self) -> None:
        """Migrate. While another process switches the file to WAL, SQLite refuses at once: ask again."""
        deadline = time.monotonic() + BUSY_SECONDS
        while True:
            try:
                async with self._writer.begin() as connection:
                    await connection.run_sync(_migrate, self.path)
                return
            except DBAPIError as error:
                if "locked" not in str(error.orig) or time.monotonic() > deadline:
                    raise
            await asyncio.sleep(0.05)


def path_of(url: str) -> Path:
    """The file of `sqlite:///PATH`. Raises ConfigurationError, with the mend, for an address that cannot be used."""
    try:
        made = make_url(url)
    except ArgumentError:
        raise ConfigurationError(_VARIABLE, "", "is not a database address; write sqlite:///PATH") from None
    if made.drivername not in ("sqlite", "sqlite+aiosqlite"):
        raise ConfigurationError(_VARIABLE, made.drivername, "this release keeps its archive in sqlite:///PATH only")
    if not made.database or made.database == ":memory:" or made.query:
        raise ConfigurationError(_VARIABLE, url, "name a file: sqlite:///PATH, nothing after it")
    return Path(made.database).expanduser().absolute()


def _on_connect(connection: Any, _record: object) -> None:
    # SQLAlchemy begins transactions itself (below); the driver's own habit would begin them late and without the lock.
    connection.isolation_level = None
    cursor = connection.cursor()
    try:
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
    finally:
        cursor.close()


def _do_not_wait(connection: Any, _record: object) -> None:
    # In WAL the commits of a lost tail go in their order: no day is ever noted whose documents are not there.
    cursor = connection.cursor()
    try:
        cursor.execute("PRAGMA synchronous = NORMAL")
    finally:
        cursor.close()


def _on_begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("despatch_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _migrate(connection: Connection, path: Path) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    tables = set(inspect(connection).get_table_names())
    if tables and "alembic_version" not in tables:
        raise ConfigurationError(_VARIABLE, str(path), "holds another program's tables; choose another path")
    if tables:
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
        known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
        if unknown := sorted(set(found) - known):
            raise ConfigurationError(
                _VARIABLE,
                str(path),
                f"is a newer Despatch's archive (revision {unknown[0]}) or not ours; update, or choose another path",
            )
    command.upgrade(config, "head")


def _reason(error: SQLAlchemyError) -> str:
    return str(error.orig) if isinstance(error, DBAPIError) and error.orig else str(error)


def _unusable(error: Exception) -> str:
    reason = _reason(error) if isinstance(error, SQLAlchemyError) else str(error)
    if "not a database" in reason:
        return "is not a SQLite database; choose another path"
    if "readonly" in reason or "unable to open" in reason or "disk I/O" in reason:
        return f"cannot be written ({reason}); mend its permissions or choose another path"
    if "locked" in reason:
        return f"is held by another program ({reason}); stop that one first"
    return f"cannot be opened ({reason})"
