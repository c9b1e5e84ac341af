"""An archive of an earlier release is migrated when it is opened, and keeps all that was in it."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from bot.archive import Archive
from bot.archive.columns import pack
from bot.archive.deliveries import due
from bot.archive.engine import MIGRATIONS
from bot.archive.members import members_like
from bot.archive.search import Filters, search
from bot.archive.subscriptions import subscriptions_of
from bot.contract import digest_json
from bot.domain import Digest, Status
from tests.pipeline.world import NOON

DIGEST = Digest("d", "Prevent", "Prevent · Commons statement", None, "Commons", None, "prevent", Status.SETTLED)
ROWS = f"""
INSERT INTO stories (id, topic, created_at, first_digested_at, generation, digested, ripe_at, attempts)
VALUES (1, 'prevent', '{NOON:%F %T}', '{NOON:%F %T}', 2, 2, '{NOON:%F %T}', 0),
       (2, 'prevent', '{NOON:%F %T}', '{NOON:%F %T}', 1, 1, '{NOON:%F %T}', 0);
INSERT INTO digests (id, story_id, version, content, shown, status, title, headline, body, made_at)
VALUES (1, 1, 'v', 'c', 'old', 'draft', 't', 'h', x'{pack(digest_json(DIGEST)).hex()}', '{NOON:%F %T}'),
       (2, 1, 'w', 'c', 'new', 'settled', 't', 'h', x'{pack(digest_json(DIGEST)).hex()}', '{NOON:%F %T}'),
       (3, 2, 'v', 'c', 'one', 'settled', 't', 'h', x'{pack(digest_json(DIGEST)).hex()}', '{NOON:%F %T}');
INSERT INTO subscriptions (id, guild_id, channel_id, topic, "when", created_at, created_by)
VALUES (1, 7, 11, 'prevent', 'now', '{NOON:%F %T}', 5), (2, NULL, 12, 'prevent', 'now', '{NOON:%F %T}', 5);
INSERT INTO deliveries (id, subscription_id, story_id, state, digest_id, shown, messages, sending_since, attempts,
                        owed_at, posted_at)
VALUES (1, 1, 1, 'posted', 1, 'old', '[101, 102]', NULL, 0, '{NOON:%F %T}', '{NOON:%F %T}'),
       (2, 1, 2, 'sending', 3, NULL, '[]', '{NOON:%F %T}', 3, '{NOON:%F %T}', NULL),
       (3, 2, 2, 'owed', NULL, NULL, '[]', NULL, 0, '{NOON:%F %T}', NULL);
INSERT INTO marks VALUES ('commands', 'x');
INSERT INTO documents (id, source, external_id, kind, title, date, house, settled, version, content_hash, reading_hash,
                       equal_readings, first_read_at, last_read_at, ripe_at)
VALUES (1, 'hansard', 'D', 'debate', 'Prevent', '2024-05-01', 'Lords', 1, 2, 'c', 'r', 1, '{NOON:%F %T}',
        '{NOON:%F %T}', '{NOON:%F %T}');
INSERT INTO versions (id, document_id, number, content_hash, body, read_at)
VALUES (1, 1, 1, 'b', NULL, '{NOON:%F %T}'), (2, 1, 2, 'c', NULL, '{NOON:%F %T}');
INSERT INTO contributions (id, document_id, position, external_id, speaker, member_id, party, role, voice, text)
VALUES (1, 1, 0, 'c1', 'Baroness Ember', 31, 'Lab', 'The Minister of State', 'speech', 'Prevent is a duty of schools.'),
       (2, 1, 1, 'c2', 'Lord Quill of Stow', 32, 'CB', NULL, 'speech', 'We must prevent floods and prevent fires.'),
       (3, 1, 2, 'c3', NULL, NULL, NULL, NULL, 'procedure', 'Motion agreed.');
INSERT INTO matches (id, version_id, topic, matched, score, reasons, parts, focused, attempts)
VALUES (1, 1, 'prevent', 1, 1, '[]', '["c2"]', 0, 0), (2, 2, 'prevent', 1, 1, '[]', '["c1", "gone"]', 0, 0);
"""


@pytest.fixture
def first_release(tmp_path: Path) -> Path:
    """An archive as 0.1.0 left it, with a story posted, one being sent and one owed."""
    path = tmp_path / "despatch.sqlite3"
    engine = create_engine(f"sqlite:///{path}")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    engine.dispose()
    _run(path, ROWS)
    return path


def _run(path: Path, script: str) -> None:
    connection = sqlite3.connect(path)
    connection.executescript(script)
    connection.close()


def _rows(path: Path) -> dict[str, list[dict[str, object]]]:
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    tables = [name for name in tables if not name.startswith("sqlite_")]
    found = {name: [dict(row) for row in connection.execute(f'SELECT * FROM "{name}"')] for name in tables}
    connection.close()
    return found


async def test_every_row_of_the_first_release_is_there_afterwards_with_every_value(first_release: Path) -> None:
    before = _rows(first_release)
    assert [len(before[name]) for name in ("stories", "digests", "subscriptions", "deliveries")] == [2, 3, 2, 3]
    await (await Archive.open(f"sqlite:///{first_release}")).close()
    after = _rows(first_release)
    assert before.pop("alembic_version") != after.pop("alembic_version")
    for name, rows in before.items():
        kept = [{key: row[key] for key in old} for old, row in zip(rows, after[name], strict=True)]
        assert kept == rows, name
    assert after["roundups"] == after["told"] == []


async def test_what_was_owed_is_still_owed_and_each_subscription_goes_on_as_it_was(first_release: Path) -> None:
    async with await Archive.open(f"sqlite:///{first_release}") as archive:
        work = {row.id: (row.state, row.messages) for row in (await due(archive, NOON)).due}
        assert work == {1: ("posted", (101, 102)), 2: ("sending", ()), 3: ("owed", ())}
        kept = await subscriptions_of(archive)
        assert [(each.when, each.hour, each.next_at) for each in kept] == [("now", None, None)] * 2


async def test_what_was_said_before_is_found_and_so_are_those_who_said_it(first_release: Path) -> None:
    async with await Archive.open(f"sqlite:///{first_release}") as archive:
        assert [each.id for each in (await search(archive, "prevent")).results] == ["c1", "c2"]
        narrowed = Filters(("quill",), "Crossbench", "Lords", date(2024, 5, 1), date(2024, 5, 31), "debate")
        assert [each.id for each in (await search(archive, "floods", narrowed)).results] == ["c2"]
        assert [each.id for each in (await search(archive, "minister of state schools")).results] == ["c1"]
        known = {
            each.name: (each.member_id, each.party, each.house, each.said) for each in await members_like(archive, "")
        }
        assert known == {"Baroness Ember": (31, "Lab", "Lords", 1), "Lord Quill of Stow": (32, "CB", "Lords", 1)}
        async with archive.write() as connection:
            await connection.execute(text("INSERT INTO spoken (spoken, rank) VALUES ('integrity-check', 1)"))
    # The verdict on the standing version counts, and of it what is still there.
    assert _rows(first_release)["topical"] == [{"contribution_id": 1, "topic": "prevent"}]


async def test_a_migration_may_be_undone_and_loses_what_it_brought_alone(first_release: Path) -> None:
    before = _rows(first_release)
    await (await Archive.open(f"sqlite:///{first_release}")).close()
    engine = create_engine(f"sqlite:///{first_release}")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
    engine.dispose()
    assert _rows(first_release) == before
