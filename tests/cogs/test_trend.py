"""/trend: what is drawn, what is said beside it, and that it may be shown to the channel."""

from __future__ import annotations

import asyncio
import gc
import re
import struct
import sys
from datetime import date, datetime, timedelta
from itertools import pairwise
from subprocess import run
from typing import Any

import discord
import pytest
import simcord
from simcord import Env

from bot.archive.engine import Archive
from bot.archive.trends import Lead, Part, Series, Trend, span
from bot.cogs import charts, pictures
from bot.cogs.answering import Refusal
from bot.cogs.client import Despatch
from bot.cogs.trend import alt, chart, embed
from bot.domain import LONDON, Kind
from tests.cogs.conftest import desk_for
from tests.spoken import line, polled, spoken
from tests.standins.discord import Discord

pytestmark = pytest.mark.simcord(shard_count=1)

WORDS = "the Prevent programme"
TODAY = datetime.now(LONDON).date()
UNTIL = date(2025, 3, 2)
FILES = discord.Permissions(view_channel=True, send_messages=True, embed_links=True, attach_files=True).value


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def shown(result: simcord.InteractionResult) -> simcord.ResponseMessage:
    assert result.response is not None
    (part,) = [result.response, *result.followups]
    return part


def found(length: int = 30, *, peaks: tuple[int, ...] = (3,), title: str = "Learning Review") -> Trend:
    whole = span(UNTIL - timedelta(days=length - 1), UNTIL)
    bins = range(len(whole.bins))
    gap = ((whole.since, whole.since + timedelta(days=9)),)
    return Trend(
        whole,
        (
            Series(Part.COMMONS, tuple(at % 7 for at in bins), (), 3),
            Series(Part.LORDS, tuple(at % 3 for at in bins), (), None),
            Series(Part.WRITTEN, tuple(0 for _ in bins), gap, None),
            Series(Part.PRESS, tuple(0 for _ in bins), ((whole.since, whole.until),), None),
        ),
        (Lead(title, whole.since, "https://hansard.parliament.uk/x", 9),),
        tuple((at, Lead(title, whole.bins[at][0], None, 5)) for at in peaks),
    )


def drawn(of: Trend) -> dict[str, Any]:
    """The axes of the picture by what they show."""
    return {axes.get_gid(): axes for axes in charts.figure(chart(of, WORDS)).axes}


async def test_the_picture_with_its_words(
    reader: simcord.MemberActor, channel: simcord.ChannelHandle, archive: Archive
) -> None:
    await polled(archive, "hansard", ago(60), TODAY)
    await spoken(archive, "a", ago(3), *(line("Prevent failed.", id=f"a{n}") for n in range(12)))
    await spoken(archive, "b", ago(40))
    part = shown(await reader.slash(channel, "trend", period="month"))
    assert part.ephemeral
    (picture,) = part.attachments
    assert picture.filename == "trend.png"
    assert picture.size < 200_000
    assert "Commons: 12 contributions, 11 more than in the 30 days before" in (picture.description or "")
    assert "Press: not read" in (picture.description or "")
    (said,) = part.embeds
    assert "**Commons**: 12 contributions, 11 more than in the 30 days before" in (said.description or "")
    assert "**Lords**: 0 contributions, as many as in the 30 days before" in (said.description or "")
    assert "[Prevent: Learning Review](https://hansard.parliament.uk/a)" in (said.fields[0].value or "")


async def test_post_here_takes_the_picture_along_after_a_restart(
    simcord_env: Env, reader: simcord.MemberActor, channel: simcord.ChannelHandle, archive: Archive
) -> None:
    await spoken(archive, "a", ago(3))
    part = shown(await reader.slash(channel, "trend", period="year"))
    await simcord_env.restart_bot(Despatch(desk_for(archive), shard_count=1))
    await reader.click(part, label="Post here")
    posted = channel.last_message
    assert posted is not None
    assert not posted.flags.ephemeral
    assert [each.description for each in posted.attachments] == [part.attachments[0].description]
    assert posted.components == []


async def test_post_here_says_that_files_may_not_be_attached(
    simcord_env: Env, reader: simcord.MemberActor, archive: Archive
) -> None:
    await spoken(archive, "a", ago(3))
    guild = simcord_env.guild
    assert guild.me is not None
    bare = guild.create_text_channel("bare", overwrites={guild.me: discord.PermissionOverwrite(attach_files=False)})
    part = shown(await reader.slash(bare, "trend"))
    assert "Attach Files" in shown(await reader.click(part, label="Post here")).content
    assert bare.history() == []


async def test_the_words_come_without_a_picture_that_cannot_be_drawn_or_sent(
    simcord_env: Env,
    reader: simcord.MemberActor,
    channel: simcord.ChannelHandle,
    archive: Archive,
    monkeypatch: pytest.MonkeyPatch,
    logs: list[Any],
) -> None:
    await spoken(archive, "a", ago(3))
    simcord_env.inject_error("POST", "/webhooks/*/*", status=403, code=50013)
    part = shown(await reader.slash(channel, "trend"))
    assert "may not be attached" in (part.embeds[0].footer.text or "")
    monkeypatch.setattr(charts, "figure", lambda _: 1 / 0)
    charts.draw.cache_clear()
    part = shown(await reader.slash(channel, "trend"))
    assert "**Commons**: 1 contribution" in (part.embeds[0].description or "")
    assert "could not be drawn" in (part.embeds[0].footer.text or "")
    assert part.attachments == []
    assert "picture not drawn" in [entry["event"] for entry in logs]


async def test_nothing_to_draw_is_one_plain_sentence(
    reader: simcord.MemberActor, channel: simcord.ChannelHandle, archive: Archive
) -> None:
    assert "read nothing yet" in shown(await reader.slash(channel, "trend", period="all")).content
    assert "I have read nothing of the days" in shown(await reader.slash(channel, "trend", period="year")).content
    await polled(archive, "hansard", ago(200), TODAY)
    part = shown(await reader.slash(channel, "trend", period="month"))
    assert "nobody spoke of the Prevent programme" in part.content
    assert "Not all of these days were read" in part.content
    assert part.attachments == []


async def test_what_discord_would_refuse_is_not_sent(archive: Archive, discord: Discord, online: Any) -> None:
    for number in range(12):
        title = "Prevent: " + "a long name of an inquiry " * 12
        await spoken(archive, f"a{number}", ago(number), title=f"{number} {title}")
        await spoken(archive, f"f{number}", ago(number), source="feed:News", kind=Kind.ARTICLE, house=None)
    await online()
    answer = await discord.interact(command="trend", options={"period": "all"}, app_permissions=FILES)
    assert answer["acknowledged_seconds"] < 1.5
    (message,) = answer["messages"]
    (picture,) = message["attachments"]
    assert 0 < len(picture["description"]) <= pictures.ALT
    button = message["components"][0]["components"][0]["custom_id"]
    posted = await discord.interact(custom_id=button, message=message["id"], app_permissions=FILES)
    assert [each["description"] for each in posted["messages"][0]["attachments"]] == [picture["description"]]


def test_a_day_of_a_button_is_looked_at() -> None:
    assert pictures.day("2025-02-12") == date(2025, 2, 12)
    assert pictures.day("9999-12-31") == TODAY
    with pytest.raises(Refusal, match="ask again"):
        pictures.day("2025-99-99")


def test_a_bar_stands_on_its_day_and_has_its_count() -> None:
    of = found()
    axes = drawn(of)[Part.COMMONS]
    heights = [(date.fromordinal(int(bar.get_x())), bar.get_height()) for bar in axes.containers[0]]
    assert heights == [(first, of.series[0].counts[at]) for at, (first, _) in enumerate(of.span.bins)]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["0", "6"]
    assert axes.get_title(loc="left") == "Commons · contributions"
    assert axes.get_title(loc="right") == str(of.series[0].total)


def test_days_that_nobody_read_are_not_drawn_as_silence() -> None:
    axes = drawn(found())
    stretches = {
        part: [(each.get_x(), each.get_width()) for each in axes[part].patches if each.get_gid() == "unread"]
        for part in Part
    }
    since = found().span.since.toordinal()
    assert stretches == {Part.COMMONS: [], Part.LORDS: [], Part.WRITTEN: [(since, 10)], Part.PRESS: [(since, 30)]}
    assert [text.get_text() for text in axes[Part.PRESS].texts] == ["not read"]
    assert [axes[part].get_title(loc="right") for part in Part] == ["85", "30", "0", ""]
    assert not list(axes[Part.WRITTEN].texts)


@pytest.mark.parametrize("length", [1, 8, 30, 45, 91, 364, 401, 1500, 5000, 9000, 80_000])
def test_the_axis_has_real_dates_that_do_not_run_into_each_other(length: int) -> None:
    of = found(length, peaks=(0,))
    *above, last = [axes for axes in charts.figure(chart(of, WORDS)).axes if axes.get_gid() in set(Part)]
    labels = [label for label in last.get_xticklabels() if label.get_text()]
    assert 1 <= len(labels) <= 10
    assert re.search(r"\d{4}$", labels[0].get_text())
    boxes = [label.get_window_extent() for label in labels]
    assert all(left.x1 + 4 < right.x0 for left, right in pairwise(boxes))
    assert boxes[0].x0 >= 0
    assert boxes[-1].x1 <= charts.WIDTH * charts.DPI
    assert all(not label.get_text() for axes in above for label in axes.get_xticklabels())


def test_whatever_day_it_is_the_first_label_has_room() -> None:
    for length in range(46, 120):
        for later in range(7):
            whole = span(UNTIL - timedelta(days=length - 1 - later), UNTIL + timedelta(days=later))
            first, second = (day for day, _ in charts.ticks(whole)[:2])
            assert (second - first).days >= 0.11 * length


@pytest.mark.parametrize("peaks", [(0, 1, 2), (27, 28, 29), (3, 15, 16), (0, 14, 29), (29,)])
def test_the_words_of_bins_overlap_nothing_and_stay_in_the_picture(peaks: tuple[int, ...]) -> None:
    made = charts.figure(chart(found(peaks=peaks, title="Counter-terrorism and Border Security Bill [Lords]"), WORDS))
    (marks,) = [axes for axes in made.axes if axes.get_gid() == "marks"]
    boxes = [text.get_window_extent() for text in marks.texts]
    assert boxes
    rules = [(line.get_window_extent().x0, line.get_window_extent()) for line in marks.lines]
    for number, box in enumerate(boxes):
        assert box.x0 > 0
        assert box.x1 < charts.WIDTH * charts.DPI
        for at, rule in rules:
            assert not (box.x0 < at < box.x1 and rule.y0 < box.y0 and rule.y1 > box.y1)
        assert not any(box.overlaps(other) for other in boxes[number + 1 :])


@pytest.mark.parametrize("words", [WORDS, "a programme of a very long name " * 4, "W" * 90])
def test_the_heading_leaves_room_for_the_key(words: str) -> None:
    heading, key = sorted(charts.figure(chart(found(), words)).texts, key=lambda each: each.get_position()[0])
    assert key.get_text() == "▧ not read"
    assert heading.get_window_extent().x1 < key.get_window_extent().x0
    assert len(heading.get_text()) > 20


def test_parts_are_told_apart_without_colour() -> None:
    axes = drawn(found())
    hatches = [axes[part].containers[0][0].get_hatch() or "" for part in Part]
    assert len({*hatches}) == len(Part)
    assert len({axes[part].get_title(loc="left") for part in Part}) == len(Part)


@pytest.mark.parametrize("ground", [charts.GROUND, "#ffffff", "#313338"])
def test_colours_stand_out_from_the_pictures_ground_and_from_discords(ground: str) -> None:
    assert all(_contrast(colour, ground) >= 3 for colour in charts.COLOURS.values())


def test_words_can_be_read() -> None:
    assert _contrast(charts.INK, charts.GROUND) >= 7
    assert _contrast(charts.FAINT, charts.GROUND) >= 4.5


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_odd_letters_and_formulas_are_drawn_as_they_are_or_left_out() -> None:
    of = found(title="$\\frac{1}{0}$ 反恐 \U0001f9ff Prevént")
    (marks,) = [axes for axes in charts.figure(chart(of, WORDS)).axes if axes.get_gid() == "marks"]
    assert marks.texts[0].get_text() == "$\\frac{1}{0}$   Prevént"
    assert charts.draw(chart(of, WORDS)).startswith(b"\x89PNG")


def test_the_same_picture_twice() -> None:
    settings = sys.getswitchinterval(), gc.isenabled()
    one, other = (charts.draw.__wrapped__(chart(found(), WORDS)) for _ in range(2))
    assert one == other
    assert (sys.getswitchinterval(), gc.isenabled()) == settings
    assert struct.unpack(">II", one[16:24])[0] == charts.WIDTH * charts.DPI
    assert len(one) < 200_000


def test_the_description_says_what_the_picture_shows() -> None:
    said = alt(found(), WORDS)
    assert said.startswith("Bars by day, 1 February 2025 to 2 March 2025, of how often the Prevent programme")
    assert "Commons: 85 contributions, 82 more than in the 30 days before; most on 7 February 2025, 6." in said
    assert "Written: 0 questions and statements; 10 of these days were not read." in said
    assert "Marked on 4 February 2025: Learning Review." in said
    assert len(alt(found(peaks=tuple(range(5)), title="word " * 300), "w" * 400)) <= pictures.ALT


def test_a_title_is_shown_as_text() -> None:
    said = embed(found(title="[x](https://evil.example) @everyone **b**"), WORDS)
    assert "https://evil" not in (said.fields[0].value or "")
    assert "@everyone" not in (said.fields[0].value or "")


async def test_the_loop_goes_on_while_a_picture_is_drawn() -> None:
    task = asyncio.create_task(pictures.picture(chart(found(364), WORDS), "trend.png", "words"))
    turns = 0
    while not task.done():
        await asyncio.sleep(0.005)
        turns += 1
    # Drawn on the loop it would not have come round at all.
    assert turns > 10


async def test_pictures_wait_their_turn_and_not_without_end() -> None:
    crowd = await asyncio.gather(*(pictures.picture(chart(found(8), WORDS), "trend.png", "words") for _ in range(25)))
    assert sum(each is not None for each in crowd) == 20
    assert await pictures.picture(chart(found(8), WORDS), "trend.png", "words") == crowd[0]


def test_matplotlib_is_loaded_with_the_first_picture_alone() -> None:
    script = "import sys, bot.cogs.client; sys.exit('matplotlib' in sys.modules)"
    assert run([sys.executable, "-c", script], check=False, timeout=60).returncode == 0
