"""From a version to a story to a digest: once, whatever fails, and again when the words change."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.archive import digests, stories
from bot.archive.digests import digest_of, find_digests
from bot.archive.health import queue
from bot.archive.retention import retain
from bot.domain import Kind, Status
from bot.errors import ModelError
from bot.pipeline.digest import WITHDRAWN
from tests.pipeline.world import DAY, NOON, Killed, World, article, debate


async def titles(world: World) -> list[str]:
    return [each.digest.headline for each in await find_digests(world.archive)]


async def test_what_matches_is_digested_and_what_does_not_is_judged_once(world: World) -> None:
    await world.read(debate(), debate("Fish", "Cod prevents hunger.", id="F"))
    done = await world.digest()
    assert (done.judged, done.matched, done.made) == (2, 1, [1])
    assert await titles(world) == ["Prevent: Learning Review, Commons"]
    world.models.calls.clear()
    assert (await world.digest()).judged == 0 and world.models.calls == []


async def test_an_equal_reading_makes_no_work(world: World) -> None:
    await world.read(debate())
    await world.digest()
    world.models.calls.clear()
    assert await world.read(debate()) == ["same"]
    await world.digest()
    assert world.models.calls == []


async def test_a_statement_its_repeat_and_the_press_are_one_story_led_by_the_commons(world: World) -> None:
    day = timedelta(days=1)
    await world.read(
        article(),
        debate(id="Q", kind=Kind.QUESTION, source="questions"),
        debate(id="LORDS", house="Lords", day=DAY + day),
        debate(id="HCWS1", source="statements", house="Lords"),
        debate(id="LATER", day=DAY + day),
        debate(id="FIRST"),
    )
    await world.digest()
    [story] = await find_digests(world.archive)
    draft = await digests.draft(world.archive, story.story_id)
    assert [each.document.id for each in draft.documents] == [
        "FIRST", "LATER", "HCWS1", "LORDS", "Q", "https://news.example/1",
    ]  # fmt: skip
    assert story.digest.id == "FIRST" and [each.publisher for each in story.digest.coverage] == ["News"]


async def test_a_digest_is_made_once_for_documents_that_come_together(world: World) -> None:
    await world.read(debate(), article(), debate(id="LORDS", house="Lords"))
    await world.digest()
    assert world.models.calls.count("digest_story") == 1


async def test_after_a_fortnight_the_same_title_is_another_story(world: World) -> None:
    await world.read(debate())
    await world.digest()
    for days in (14, 15):
        world.time.at = NOON + timedelta(days=days)
        await world.read(debate(id=f"D{days}", day=DAY + timedelta(days=days)))
        await world.digest()
    assert len(await find_digests(world.archive)) == 2
    [first] = await find_digests(world.archive, day=DAY)
    assert [each.document.id for each in (await digests.draft(world.archive, first.story_id)).documents] == [
        "17D395DB",
        "D14",
    ]


async def test_a_new_text_is_a_new_digest_of_the_same_story(world: World) -> None:
    await world.read(debate("T", "Prevent will end."))
    await world.digest()
    before = await digest_of(world.archive, 1)
    await world.read(debate("T", "Prevent will not end."))
    assert (await world.digest()).made == [1]
    after = await digest_of(world.archive, 1)
    assert before is not None and after is not None
    assert after.digest.brief[0].text == "Prevent will not end." and after.version != before.version
    assert len(await find_digests(world.archive)) == 1


async def test_when_only_the_standing_changes_the_words_are_not_made_again(world: World) -> None:
    await world.read(debate())
    await world.digest()
    found = await digest_of(world.archive, 1)
    assert found is not None and found.digest.status is Status.DRAFT
    world.models.calls.clear()
    await world.read(debate(settled=True))
    await world.digest()
    found = await digest_of(world.archive, 1)
    assert found is not None and found.digest.status is Status.SETTLED
    assert found.digest.links == {"17D395DB-0": "https://hansard.parliament.uk/x"}
    assert world.models.calls == []


async def test_a_corrected_document_that_no_longer_matches_withdraws_its_story(world: World) -> None:
    await world.read(debate())
    await world.digest()
    await world.read(debate("Prevent: Learning Review", "The programme is another."))
    assert (await world.digest()).withdrawn == 1
    found = await digest_of(world.archive, 1)
    assert found is not None and found.digest.notes == (WITHDRAWN,) and not list(found.digest.sentences())
    assert await find_digests(world.archive) == []
    await world.read(debate())
    await world.digest()
    assert len(await find_digests(world.archive)) == 1, "corrected back, it is told again"


async def test_a_story_that_loses_one_document_is_told_by_the_others(world: World) -> None:
    await world.read(debate(), article())
    await world.digest()
    await world.read(debate("Prevent: Learning Review", "The programme is another."))
    await world.digest()
    found = await digest_of(world.archive, 1)
    assert found is not None and found.digest.id == "https://news.example/1" and found.digest.notes == ()


async def test_one_bad_document_or_story_stops_no_other_and_is_tried_later_and_later(world: World) -> None:
    await world.read(
        debate("unreadable", id="A"), debate("undigestible", "Prevent.", id="B"), debate("Good", "Prevent.", id="C")
    )
    done = await world.digest()
    assert done.failed == 2 and [each.digest.title for each in await find_digests(world.archive)] == ["Good"]
    troubles = (await queue(world.archive)).troubles
    assert [(each.stage, each.what, each.attempts, each.error) for each in troubles] == [
        ("match", "unreadable", 1, "ValueError: cannot be judged"),
        ("digest", "story 1", 1, "ValueError: cannot be digested"),
    ]
    assert await stories.next_retry(world.archive, ["prevent"]) == NOON + timedelta(minutes=1)
    assert (await world.digest()).failed == 0, "not yet due"
    world.time.pass_(minutes=1)
    assert (await world.digest()).failed == 2
    assert await stories.next_retry(world.archive, ["prevent"]) == NOON + timedelta(minutes=6)


async def test_a_new_version_of_a_bad_document_is_tried_at_once(world: World) -> None:
    await world.read(debate("undigestible", "Prevent."))
    await world.digest()
    await world.read(debate("Good", "Prevent."))
    assert (await world.digest()).made == [1]
    assert (await queue(world.archive)).troubles == ()


async def test_when_nothing_works_a_run_ends_early_and_says_why(world: World) -> None:
    world.models.fail["match_document"] = ModelError("the encoder's weights are missing")
    await world.read(*(debate(id=str(n)) for n in range(20)))
    digester = world.digester
    assert (await digester.run()).failed == 5
    assert digester.trouble == "the encoder's weights are missing"
    world.models.fail.clear()
    assert (await digester.run()).judged == 15
    assert digester.trouble is None


@pytest.mark.parametrize("where", ["match_document", "find_story", "digest_story", "kept", "verdict"])
async def test_killed_anywhere_nothing_is_lost_and_nothing_made_twice(
    world: World, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.subscribe()
    await world.read(debate(settled=True))
    await world.digest()
    await world.read(article(), debate("Another", "Prevent too.", id="B", settled=True))
    with monkeypatch.context() as patch:
        if where == "kept":
            # Between the digest's row and the deliveries that it owes.
            patch.setattr(digests, "owe", _kill)
        elif where == "verdict":
            patch.setattr(stories, "_place", _kill)
        else:
            world.models.fail[where] = Killed()
        with pytest.raises(Killed):
            await world.digest()
    world.models.fail.clear()
    await world.restart()
    await world.digest()
    await world.deliver()
    found = {each.digest.title: each.digest for each in await find_digests(world.archive)}
    assert set(found) == {"Prevent: Learning Review", "Another"}
    assert len(found["Prevent: Learning Review"].coverage) == 1
    assert sorted(digest.title for _, digest in world.channel.messages.values()) == [
        "Another",
        "Prevent: Learning Review",
    ]


async def _kill(*_: object, **__: object) -> None:
    raise Killed


async def test_two_processes_that_digest_at_once_make_one_story_and_one_digest(world: World) -> None:
    await world.subscribe()
    await world.read(debate(settled=True), article(), debate(id="LORDS", house="Lords", settled=True))
    await asyncio.gather(*(world.digest() for _ in range(3)))
    assert len(await find_digests(world.archive)) == 1
    await world.deliver()
    assert len(world.channel.messages) == 1


async def test_an_article_whose_words_were_deleted_still_stands_in_the_coverage(world: World) -> None:
    await world.read(debate(), article())
    await world.digest()
    world.time.pass_(days=8)
    await retain(world.archive, world.time())
    await world.read(debate("Prevent: Learning Review", "Prevent was corrected.", "At length."))
    await world.digest()
    found = await digest_of(world.archive, 1)
    assert found is not None and found.digest.brief[0].text == "Prevent was corrected."
    assert [each.title for each in found.digest.coverage] == ["Prevent: Learning Review"]


async def test_digests_are_found_by_day_words_and_topic(world: World) -> None:
    await world.read(
        debate("Prevent: 100% of referrals", "Prevent.", id="A"),
        debate("Prevent: Duty", "Prevent.", id="B", day=DAY - timedelta(days=1)),
    )
    await world.digest()

    async def found(**by: object) -> list[str]:
        return [each.digest.title for each in await find_digests(world.archive, **by)]  # type: ignore[arg-type]

    assert await found() == ["Prevent: 100% of referrals", "Prevent: Duty"]
    assert await found(day=DAY) == ["Prevent: 100% of referrals"]
    assert await found(about="duty PREVENT") == ["Prevent: Duty"]
    assert await found(about="100%") == ["Prevent: 100% of referrals"]
    assert await found(about="%") == ["Prevent: 100% of referrals"]
    assert await found(topic="other") == [] and await found(limit=1) == ["Prevent: 100% of referrals"]
