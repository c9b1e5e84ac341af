"""Vectors as rows of the archive: found as a plain scan finds them, and made again where they are damaged."""

from __future__ import annotations

import sqlite3
import time
from datetime import timedelta

import numpy as np
import pytest

from bot.archive import Archive, codes
from bot.archive.documents import save_reading
from bot.archive.search import Filters
from bot.archive.vectors import REST, Owed, Vectors, of
from bot.domain import Kind
from tests.pipeline.world import DAY, NOON, debate, open_archive


def units(count: int, width: int = 384, seed: int = 0) -> codes.Floats:
    """Unit vectors in clusters of thirty."""
    random = np.random.default_rng(seed)
    centres = np.repeat(random.standard_normal((-(-count // 30), width)), 30, axis=0)[:count]
    made = centres + 0.7 * random.standard_normal((count, width))
    return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)


async def filled(archive: Archive, count: int = 60, **more: object) -> tuple[Vectors, codes.Floats, list[int]]:
    """A debate of `count` contributions, all encoded: their vectors and rows in order."""
    await save_reading(archive, debate("Prevent", *(f"Words {n}." for n in range(count)), **more), NOON)  # type: ignore[arg-type]
    kept = of(archive)
    await kept.begin("encoder")
    owed = sorted(await kept.owed(count), key=lambda each: each.contribution)
    made = units(count)
    await kept.keep([(each, made[n : n + 1]) for n, each in enumerate(owed)])
    return kept, made, [each.contribution for each in owed]


def run(archive: Archive, statement: str, *values: object) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(archive.path)
    with connection:
        found = connection.execute(statement, values).fetchall()
    connection.close()
    return found


def test_two_steps_find_nineteen_in_twenty_of_what_a_scan_of_the_vectors_finds() -> None:
    made, asked = units(20_000), units(20_000)[7::1000] + 0.02
    asked = (asked / np.linalg.norm(asked, axis=1, keepdims=True)).astype(np.float32)
    signs, steps = codes.signs(made).T.copy(), codes.steps(made)
    hits = 0
    for query in asked:
        exact = set(np.argsort(-(made @ query))[:20].tolist())
        sifted = np.argsort(codes.distances(signs, codes.signs(query[None])[0]), kind="stable")[:500]
        best = sifted[np.argsort(-codes.cosines(steps[sifted], query))[:20]]
        hits += len(exact & set(best.tolist()))
    assert hits >= 0.95 * 20 * len(asked)


@pytest.mark.parametrize("width", [384, 100, 768])
def test_a_code_comes_back_as_it_was_kept_and_a_changed_byte_shows(width: int) -> None:
    steps = codes.steps(units(5, width))
    rows = codes.sealed(steps)
    back, whole = codes.unsealed(rows, steps.shape[1])
    assert whole.all() and (back == steps).all()
    rows[1] = rows[1][:9] + bytes([rows[1][9] ^ 1]) + rows[1][10:]
    rows[2], rows[3] = rows[2][:-1], bytes(len(rows[3]))
    assert codes.unsealed([*rows, None], steps.shape[1])[1].tolist() == [True, False, False, False, True, False]  # type: ignore[list-item]


async def test_the_nearest_are_those_of_a_plain_scan(archive: Archive) -> None:
    kept, made, rows = await filled(archive)
    assert await kept.owed(5) == []
    for place in (0, 31, 59):
        exact = np.argsort(-(made @ made[place]))[:10]
        found = await kept.nearest(made[place], Filters(), 10)
        assert found[0][0] == rows[place] and len({row for row, _ in found} & {rows[n] for n in exact}) >= 9
        assert all(abs(cosine - made[place] @ made[rows.index(row)]) < 0.01 for row, cosine in found)
        assert [cosine for _, cosine in found] == sorted((cosine for _, cosine in found), reverse=True)


async def test_what_is_asked_of_another_width_or_is_no_number_finds_nothing(archive: Archive) -> None:
    kept, made, _ = await filled(archive, 5)
    assert await kept.nearest(made[0][:100], None, 5) == await kept.nearest(made[0] * np.nan, None, 5) == []
    assert await kept.nearest(made[0], None, 0) == []
    with pytest.raises(ValueError, match="384"):
        await kept.keep([(Owed(1, "x"), units(1, 100))])


async def test_filters_are_applied_before_the_best_are_taken(archive: Archive) -> None:
    kept, made, rows = await filled(archive, 40)
    await save_reading(archive, debate("Later", "Other.", id="L", house="Lords", day=DAY + timedelta(9)), NOON)
    [owed] = await kept.owed(9)
    await kept.keep([(owed, -made[:1])])
    for narrow in (
        Filters(house="Lords"),
        Filters(since=DAY + timedelta(1)),
        Filters(house="lords", members=("dan jarvis",), party="lab", kind=Kind.STATEMENT.value),
    ):
        assert [row for row, _ in await kept.nearest(made[0], narrow, 5)] == [owed.contribution], narrow
    assert len(await kept.nearest(made[0], Filters(until=DAY), 99)) == 40
    for none in (Filters(members=(4,)), Filters(party="Con"), Filters(until=DAY - timedelta(1))):
        assert await kept.nearest(made[0], none, 5) == []
    assert rows


async def test_what_has_gone_is_never_found_and_its_new_version_is_owed(archive: Archive) -> None:
    kept, made, _ = await filled(archive, 12)
    assert await kept.nearest(made[0], None, 5)
    await save_reading(archive, debate("Prevent", *(f"Words {n}!" for n in range(12))), NOON)
    assert await kept.nearest(made[0], None, 5) == []
    owed = await kept.owed(99)
    assert len(owed) == 12 and await kept.load() == 0
    # The rows' numbers are given out again: what was encoded of the old text is not kept for the new one.
    assert await kept.keep([(Owed(owed[0].contribution, "Words 0."), made[:1])]) == 0
    assert len(await kept.owed(99)) == 12


async def test_what_is_on_a_topic_is_owed_first_then_the_newest(archive: Archive) -> None:
    for number, title in enumerate(("old", "middle", "new")):
        await save_reading(archive, debate(title, title, id=title, day=DAY + timedelta(number)), NOON)
    run(archive, "INSERT INTO topical SELECT id, 'prevent' FROM contributions WHERE text = 'middle'")
    assert [each.text for each in await of(archive).owed(9)] == ["middle", "new", "old"]


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE vectors SET signs = x'00' WHERE id % 3 = 0",
        "UPDATE vectors SET signs = zeroblob(length(signs)) WHERE id % 3 = 0",
        "UPDATE vectors SET steps = randomblob(length(steps)) WHERE id % 3 = 0",
        "UPDATE vectors SET steps = 'text' WHERE id % 3 = 0",
    ],
)
async def test_damaged_rows_are_dropped_and_owed_again_and_the_others_found(archive: Archive, damage: str) -> None:
    await filled(archive, 30)
    run(archive, damage)
    kept = Vectors(archive)
    archive.unencoded.clear()
    found = await kept.nearest(units(30)[0], None, 30)
    broken = {row for (row,) in run(archive, "SELECT contribution_id FROM unencoded")}
    assert len(found) == 20 and len(broken) == 10 and not broken & {row for row, _ in found}
    assert archive.unencoded.is_set()
    again = await kept.owed(99)
    await kept.keep([(each, units(1)) for each in again])
    assert len(await kept.nearest(units(30)[0], None, 30)) == 30 and await kept.owed(9) == []


async def test_a_file_that_cannot_be_read_is_said_once_and_nothing_is_found(
    archive: Archive, logs: list[dict[str, object]]
) -> None:
    kept, made, _ = await filled(archive, 3)
    run(archive, "ALTER TABLE vectors RENAME TO elsewhere")
    assert await kept.nearest(made[0], None, 5) == await kept.nearest(made[0], None, 5) == []
    assert [each["log_level"] for each in logs] == ["error"]


async def test_after_a_failure_nothing_is_read_for_a_minute_then_all_is_found_again(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, made, rows = await filled(archive, 3)
    run(archive, "ALTER TABLE vectors RENAME TO elsewhere")
    assert await kept.nearest(made[0], None, 5) == []
    run(archive, "ALTER TABLE elsewhere RENAME TO vectors")
    assert await kept.nearest(made[0], None, 5) == []
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + REST)
    assert (await kept.nearest(made[0], None, 5))[0][0] == rows[0]


async def test_another_encoders_vectors_are_dropped_and_all_is_owed_again(archive: Archive) -> None:
    kept, made, _ = await filled(archive, 8)
    assert await kept.nearest(made[0], None, 5) and not await kept.begin("encoder")
    assert await kept.begin("another") and await kept.nearest(made[0], None, 5) == []
    owed = await kept.owed(99)
    assert len(owed) == 8
    await kept.keep([(each, units(1, 100)) for each in owed])
    assert len(await kept.nearest(units(1, 100)[0], None, 99)) == 8


async def test_what_another_process_adds_is_found(archive: Archive) -> None:
    kept, made, _ = await filled(archive, 4)
    assert len(await kept.nearest(made[0], None, 9)) == 4
    async with await open_archive(archive.path) as other:
        await save_reading(other, debate("More", "More words.", id="M"), NOON)
        [owed] = await of(other).owed(9)
        await of(other).keep([(owed, made[:1])])
    assert len(await kept.nearest(made[0], None, 9)) == 5
