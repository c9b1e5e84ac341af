"""What the stages ask of the models, in the real worker process with the real models."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain import Kind, Status
from bot.inference.worker import Worker
from bot.pipeline import work
from bot.pipeline.digest import Digester
from bot.settings import Models
from tests.pipeline.world import World, article, debate

TOLD = (
    "With permission, Madam Deputy Speaker, I will make a statement on the Prevent programme. "
    "The Prevent learning review found that the case was closed too early and that records were poor. "
    "The Government will appoint an independent Prevent commissioner by the summer."
)
FISH = "Rules that prevent cod from being landed have cost this port two hundred jobs since last year."


async def test_the_real_worker_judges_places_and_digests(world: World, root: Path) -> None:
    pytest.importorskip("bot.summarise.stories")
    topics = {"prevent": str(root / "config" / "topics" / "prevent.toml")}
    statement = debate("Prevent: Learning Review", TOLD, settled=True)
    repeat = debate("Prevent: Learning Review", TOLD, id="LORDS", house="Lords", settled=True)
    fish = debate("Fisheries", FISH, id="FISH", kind=Kind.DEBATE)
    await world.read(statement, repeat, fish, article("Budget", "Taxes will rise, the Chancellor says."))
    async with Worker(Models(writer="none")) as worker:
        digester = Digester(world.archive, worker, topics, clock=world.time)
        done = await digester.run()
        assert (done.judged, done.matched, done.failed, done.made) == (4, 2, 0, [1]), digester.trouble
        digest = await worker.run(work.digest_story, (statement,), topics["prevent"], {}, 300)
    assert digest.status is Status.SETTLED
    await world.subscribe()
    await world.deliver()
    [(_, shown)] = world.channel.messages.values()
    assert shown.topic == "prevent" and shown.id == "17D395DB" and shown.house == "Commons"
    words = {item.id: item.text for item in statement.contributions} | {"LORDS-0": TOLD}
    assert list(shown.sentences()) and all(each.evidence[0] in words for each in shown.sentences())
