"""What was read gets its vectors in the background: on a topic first, batch by batch, through kills and failures."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

import numpy as np
import pytest

from bot.archive.vectors import TRIES, of
from bot.errors import ModelError
from bot.inference.worker import Worker
from bot.pipeline import embed
from bot.pipeline.embed import Embedder, catch_up, passages
from bot.settings import Models as ModelSettings
from tests.pipeline.world import World, debate

SENTENCE = "The Home Secretary said that the right hon. Member for Marlowe was wrong about the duty."


def stage(world: World) -> Embedder:
    return Embedder(world.archive, world.models, "encoder")


@pytest.mark.parametrize(
    "text", ["", " \n\n ", SENTENCE, f"{SENTENCE}\n\n{SENTENCE}", " ".join([SENTENCE] * 150), "x" * 2500]
)
def test_passages_hold_every_word_in_order_in_whole_sentences(text: str) -> None:
    found = passages(text)
    assert "".join(found).replace(" ", "") == "".join(text.split())
    assert all(0 < len(each) <= embed.PASSAGE for each in found)
    assert "x" in text or all(each.endswith("duty.") for each in found)
    assert len(found) <= 1 + len(text) // (embed.PASSAGE - len(SENTENCE))


def test_the_number_of_passages_is_bounded() -> None:
    assert len(passages(" ".join([SENTENCE] * 1000))) == embed.MOST_PASSAGES


async def test_all_that_is_owed_is_encoded_once_and_procedure_and_empty_text_need_nothing(world: World) -> None:
    await world.read(debate("Prevent", "One.", " ", " ".join([SENTENCE] * 30)))
    assert await stage(world).run() == 3
    progress = await of(world.archive).progress()
    assert (progress.owed, progress.failed, progress.passages) == (0, 0, 1 + len(passages(" ".join([SENTENCE] * 30))))
    world.models.calls.clear()
    assert await stage(world).run() == 0 and world.models.calls == []
    assert await world.read(debate("Prevent", "One.", "Two.", " ".join([SENTENCE] * 30))) == ["changed"]
    assert world.archive.unencoded.is_set() and await stage(world).run() == 3


async def test_what_was_kept_before_a_kill_is_not_encoded_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embed, "BATCH", 2)
    await world.read(debate("Prevent", *(f"Number {n}." for n in range(10))))
    await of(world.archive).begin("encoder")
    seen: list[str] = []

    async def dying(texts: Sequence[str]) -> np.ndarray:
        if len(seen) >= 6:
            raise asyncio.CancelledError
        seen.extend(texts)
        return await world.models.run(embed.encode, texts)

    with pytest.raises(asyncio.CancelledError):
        await catch_up(world.archive, dying, most=99)
    await world.restart()
    left = await of(world.archive).owed(99)
    assert len(left) == 4 and not {each.text for each in left} & set(seen)
    assert await stage(world).run() == 4


async def test_what_alone_cannot_be_encoded_is_noted_and_the_others_are_encoded(world: World) -> None:
    await world.read(debate("Prevent", "One.", "Poison.", "Three."))

    async def choking(texts: Sequence[str]) -> np.ndarray:
        if "Poison." in texts:
            raise ValueError("cannot be read")
        return await world.models.run(embed.encode, texts)

    for _ in range(TRIES):
        with_poison = await of(world.archive).owed(9)
        assert "Poison." in {each.text for each in with_poison}
        try:
            await catch_up(world.archive, choking, most=9)
        except ValueError:
            assert len(with_poison) == 1
            await of(world.archive).fail(with_poison[0].contribution, "ValueError: cannot be read")
    progress = await of(world.archive).progress()
    assert (progress.passages, progress.owed, progress.failed) == (2, 0, 1)
    assert "cannot be read" in str(progress)


async def test_an_encoder_that_cannot_be_used_is_told_and_nothing_is_lost(world: World) -> None:
    await world.read(debate("Prevent", "One.", "Two."))
    embedder = stage(world)
    world.models.fail["encode"] = ModelError("the weights are missing")
    with pytest.raises(ModelError):
        await embedder.run()
    assert "the weights are missing" in str(embedder)
    progress = await of(world.archive).progress()
    assert (progress.owed, progress.failed) == (2, 0)
    del world.models.fail["encode"]
    assert await embedder.run() == 2 and embedder.trouble is None and "2 passages" in str(embedder)


async def test_with_the_real_encoder_meaning_is_found_and_stopping_is_prompt(world: World) -> None:
    texts = ["Teachers must report pupils who may be drawn into terrorism.", "The price of milk has risen again."]
    await world.read(debate("Prevent", *texts))
    async with Worker(ModelSettings(writer="none")) as worker:
        await Embedder(world.archive, worker, "all-MiniLM-L6-v2").run()
        asked = await worker.run(embed.encode, ["schools and radicalisation of children", "cost of dairy food"])
        kept = of(world.archive)
        names = {each: text async for each, text in _texts(world)}
        found = [names[(await kept.nearest(each, None, 2))[0][0]] for each in asked]
        assert found == texts
        await world.read(*(debate(f"D{n}", *[" ".join([SENTENCE] * 9)] * 40, id=f"D{n}") for n in range(10)))
        running = asyncio.create_task(Embedder(world.archive, worker, "all-MiniLM-L6-v2").run())
        await asyncio.sleep(1)
        started = time.monotonic()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert time.monotonic() - started < 1


async def _texts(world: World):
    async with world.archive.read() as connection:
        for row in await connection.exec_driver_sql("SELECT id, text FROM contributions"):
            yield row.id, row.text
