"""What is kept of each reading: every version, when it is ripe, and when it must be read again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bot.archive import Archive
from bot.archive.columns import Packed
from bot.archive.days import days_to_read, days_were_read, seen_on
from bot.archive.documents import history, load, save_reading
from bot.archive.retention import retain
from bot.archive.schema import contributions, documents
from bot.domain import Contribution, Document, Voice
from tests.pipeline.world import DAY, NOON, article, debate


async def column(archive: Archive, name: str, document_id: int = 1) -> object:
    async with archive.read() as connection:
        return await connection.scalar(select(documents.c[name]).where(documents.c.id == document_id))


async def texts(archive: Archive) -> list[str]:
    async with archive.read() as connection:
        rows = await connection.execute(
            select(contributions.c.text).order_by(contributions.c.document_id, contributions.c.position)
        )
        return list(rows.scalars())


async def test_a_document_comes_back_exactly_as_it_was_read(archive: Archive) -> None:
    document = debate(
        "Prevent’s  Review \x00",
        "Half a \ud800 pair.",
        section=("Commons Chamber", "Home Department"),
        doubts=("the feed gave no date",),
        published=datetime(2025, 7, 1, 23, 30, tzinfo=UTC),
    )
    spoken = replace(
        document.contributions[0], time=NOON, role="The Minister", url="https://h/x#c", voice=Voice.REPRINT, member_id=3
    )
    document = replace(document, contributions=(spoken, Contribution("p", "", voice=Voice.PROCEDURE)))
    saved = await save_reading(archive, document, NOON)
    assert (await load(archive, [saved.document_id]))[saved.document_id].document == document
    assert saved.state == "new"


async def test_an_equal_text_makes_no_version_and_another_one_keeps_both(archive: Archive) -> None:
    first, grown = debate("T", "Prevent one."), debate("T", "Prevent one.", "And two.")
    states = [
        (await save_reading(archive, each, NOON + timedelta(minutes=n))).state
        for n, each in enumerate([first, first, grown, grown, first])
    ]
    assert states == ["new", "same", "changed", "same", "changed"]
    kept = await history(archive, 1)
    assert [row["number"] for row in kept] == [1, 2, 3]
    assert [len(row["body"]["contributions"]) for row in kept] == [1, 2, 1]
    assert await texts(archive) == ["Prevent one."]


async def test_ids_belong_to_their_source(archive: Archive) -> None:
    await save_reading(archive, debate(source="hansard"), NOON)
    assert (await save_reading(archive, debate(source="statements"), NOON)).state == "new"


async def test_an_empty_reading_deletes_nothing_however_often_it_comes(archive: Archive) -> None:
    await save_reading(archive, debate("T", "Prevent."), NOON)
    for _ in range(3):
        assert (await save_reading(archive, replace(debate("T"), contributions=()), NOON)).state == "same"
    assert await texts(archive) == ["Prevent."]
    assert await column(archive, "equal_readings") == 1


async def test_a_text_that_shrank_by_more_than_half_is_believed_when_read_twice(archive: Archive) -> None:
    long, short = debate("T", "One two three four.", "Five six seven."), debate("T", "One.")
    await save_reading(archive, long, NOON)
    assert (await save_reading(archive, short, NOON)).state == "same"
    assert (await save_reading(archive, long, NOON)).state == "same"
    assert (await save_reading(archive, short, NOON)).state == "same", "the doubt begins anew after the old text"
    assert (await save_reading(archive, short, NOON)).state == "changed"
    assert await texts(archive) == ["One."]


@pytest.mark.parametrize(
    ("document", "later", "ripe"),
    [
        (debate(), None, timedelta(minutes=30)),
        (debate(settled=True), None, timedelta()),
        (article(), None, timedelta()),
        (debate(), debate(), timedelta(minutes=5)),
        (debate(), debate(settled=True), timedelta(minutes=5)),
        (debate(), debate("Another", settled=True), timedelta(minutes=5)),
        (debate(), debate("Another"), timedelta(minutes=30)),
    ],
    ids=["growing", "settled", "article", "read twice", "now settled", "changed and settled", "changed"],
)
async def test_a_text_is_ripe_when_settled_read_twice_or_half_an_hour_old(
    archive: Archive, document: Document, later: Document | None, ripe: timedelta
) -> None:
    await save_reading(archive, document, NOON)
    if later is not None:
        await save_reading(archive, later, NOON + timedelta(minutes=5))
    assert await column(archive, "ripe_at") == NOON + ripe


async def test_days_of_unsettled_documents_are_read_again_and_settled_ones_are_not(archive: Archive) -> None:
    for days, settled in ((1, False), (2, True), (20, False), (60, False)):
        day = DAY - timedelta(days=days)
        await save_reading(archive, debate(id=f"D{days}", day=day, settled=settled), NOON)
    assert await days_to_read(archive, "hansard", NOON) == (DAY - timedelta(days=1), DAY - timedelta(days=20))
    assert await days_to_read(archive, "statements", NOON) == ()
    assert await days_to_read(archive, "hansard", NOON, bound=1) == (DAY - timedelta(days=1),)


async def test_a_day_is_read_once_more_after_fifteen_days_whether_it_matched_or_not(archive: Archive) -> None:
    await save_reading(archive, debate(settled=True), NOON)
    before, due = NOON + timedelta(days=14), NOON + timedelta(days=15)
    assert await days_to_read(archive, "hansard", before) == ()
    assert await days_to_read(archive, "hansard", due) == (DAY,)
    await save_reading(archive, debate(settled=True), due)
    assert await days_to_read(archive, "hansard", due + timedelta(days=400)) == ()


async def test_a_due_document_that_no_longer_comes_is_not_asked_for_for_ever(archive: Archive) -> None:
    await save_reading(archive, debate(settled=True), NOON)
    due = NOON + timedelta(days=15)
    await days_were_read(archive, "hansard", [DAY], due)
    assert await days_to_read(archive, "hansard", due) == ()


async def test_a_correction_makes_the_corrected_day_due_and_keeps_the_later_reading(archive: Archive) -> None:
    await save_reading(archive, debate(settled=True), NOON)
    correction = debate(
        "Correction", "Prevent.", id="C", day=DAY + timedelta(days=3), settled=True, corrects=("17d395db-0",)
    )
    later = NOON + timedelta(days=3)
    await save_reading(archive, correction, later)
    assert DAY in await days_to_read(archive, "hansard", later)
    await save_reading(archive, debate(settled=True), later)
    await save_reading(archive, correction, later)
    assert await days_to_read(archive, "hansard", later) == (), "the same correction again asks for nothing"
    assert DAY in await days_to_read(archive, "hansard", NOON + timedelta(days=15))


async def test_an_articles_words_go_after_seven_days_and_its_hash_stays(archive: Archive) -> None:
    await save_reading(archive, article(), NOON)
    await save_reading(archive, article("Prevent", "Prevent failed, it now says."), NOON + timedelta(days=3))
    await save_reading(archive, debate(), NOON)
    assert await retain(archive, NOON + timedelta(days=7) - timedelta(seconds=1)) == 0
    assert await retain(archive, NOON + timedelta(days=7)) == 1
    assert len(await texts(archive)) == 2, "the newer version's words are four days old"
    assert await retain(archive, NOON + timedelta(days=10)) == 1
    assert await texts(archive) == ["The Prevent programme will change."]
    kept = await history(archive, 1)
    assert [row["body"] for row in kept] == [None, None] and all(row["content_hash"] for row in kept)
    left = (await load(archive, [1]))[1].document
    assert (left.title, left.url, left.publisher, left.contributions) == ("Prevent", article().id, "News", ())
    assert (
        await save_reading(archive, article("Prevent", "Prevent failed, it now says."), NOON + timedelta(days=11))
    ).state == "same"
    assert (await load(archive, [1]))[1].document.contributions == (), "read again, they stay deleted"


async def test_a_feeds_summary_never_takes_the_place_of_the_article(archive: Archive) -> None:
    await save_reading(archive, article("T", "A long article of a good many words."), NOON)
    for _ in range(3):
        short = article("T", "A summary.", doubts=("only the feed's summary could be read",))
        assert (await save_reading(archive, short, NOON)).state == "same"
    assert await texts(archive) == ["A long article of a good many words."]


async def test_an_article_without_a_date_keeps_the_day_on_which_it_was_first_read(archive: Archive) -> None:
    await save_reading(archive, article(published=NOON), NOON)
    tomorrow = NOON + timedelta(days=1)
    await save_reading(archive, article(day=tomorrow.date(), published=tomorrow), tomorrow)
    assert (await load(archive, [1]))[1].document == article(published=NOON)


async def test_a_changed_standing_wakes_the_digest_stage_and_an_equal_reading_does_not(archive: Archive) -> None:
    woken = []
    for document in (debate(), debate(), debate(settled=True), debate(settled=True), debate("New", settled=True)):
        archive.unread.clear()
        await save_reading(archive, document, NOON)
        woken.append(archive.unread.is_set())
    assert woken == [True, False, True, False, True]


async def test_times_and_links_that_come_later_are_kept_with_the_words(archive: Archive) -> None:
    await save_reading(archive, debate(), NOON)
    timed = replace(debate(), contributions=(replace(debate().contributions[0], time=NOON, url="https://h/x"),))
    assert (await save_reading(archive, timed, NOON)).state == "same"
    assert (await load(archive, [1]))[1].document == timed


async def test_a_day_on_which_hansard_showed_something_is_a_sitting_day(archive: Archive) -> None:
    assert not await seen_on(archive, "hansard", DAY)
    await save_reading(archive, debate(), NOON)
    assert await seen_on(archive, "hansard", DAY)
    assert not await seen_on(archive, "hansard", date(2025, 2, 13))


async def test_a_naive_time_is_refused_and_nothing_of_it_is_kept(archive: Archive) -> None:
    with pytest.raises(Exception, match="no time zone"):
        await save_reading(archive, debate(published=datetime(2025, 2, 12)), NOON)
    assert await texts(archive) == []


@given(st.dictionaries(st.text(), st.text(st.characters())))
def test_a_packed_body_unpacks_to_the_same_object(body: dict[str, str]) -> None:
    packed = Packed()
    assert packed.process_result_value(packed.process_bind_param(body, None), None) == body  # type: ignore[arg-type]
