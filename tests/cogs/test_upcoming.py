"""/upcoming as people use it: from the archive at once, by day, for them alone until they post it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import discord
import pytest
import simcord

from bot.archive.engine import Archive
from bot.archive.events import AHEAD, keep_events
from bot.archive.health import SourceHealth, record_failure, record_success
from bot.cogs.rendering import DESCRIPTION, TITLE, TOTAL, length
from bot.cogs.upcoming import render
from bot.domain import LONDON, Event, Match
from bot.text import LICENCE, day_words

pytestmark = pytest.mark.simcord(shard_count=1)

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HEALTH = SourceHealth("whatson", NOW, NOW, None, 0, None, 3)
HOSTILE = "@everyone <@1> [x](http://evil.example) **bold** `code` # \u202e \U0001f600"


def event(number: int, title: str = "The Prevent duty", *, now: datetime = NOW, **more: object) -> Event:
    day = now.astimezone(LONDON).date() + timedelta(days=number)
    url = f"https://whatson.parliament.uk/event/cal{number}"
    values = {"venue": "Chamber, general debate", "house": "Commons", "url": url} | more
    return Event(str(number), day, day, title, **values)  # type: ignore[arg-type]


async def keep(archive: Archive, *found: Event, topic: str = "prevent", now: datetime) -> None:
    judged = [(each, Match(each.id, topic, True, 1.0)) for each in found]
    await keep_events(archive, topic, judged, now, read=None)


def shown(result: simcord.InteractionResult) -> discord.Embed:
    assert result.response is not None
    [part] = [result.response, *result.followups]
    assert part.ephemeral
    [embed] = part.embeds
    return embed


async def test_it_lists_what_is_announced_for_this_person_alone(
    reader: simcord.MemberActor, channel: simcord.ChannelHandle, archive: Archive
) -> None:
    now = datetime.now(UTC)
    await keep(archive, event(2, now=now), event(1, "The Commissioner", now=now, time=time(10)), now=now)
    await keep(archive, event(2, now=now), topic="asylum", now=now)
    await record_success(archive, "whatson", now, items=40)
    embed = shown(await reader.slash(channel, "upcoming"))
    assert embed.title == "Coming up: the Prevent programme, asylum"
    words = embed.description or ""
    assert words.index("The Commissioner") < words.index("The Prevent duty")
    assert words.count("The Prevent duty") == 1, "about two topics, and listed once"
    assert f"Looked until {day_words(now.astimezone(LONDON).date() + AHEAD)}; the calendar was last read <t:" in words


async def test_post_here_shows_it_to_the_channel(
    reader: simcord.MemberActor, channel: simcord.ChannelHandle, archive: Archive
) -> None:
    now = datetime.now(UTC)
    await keep(archive, event(2, now=now), now=now)
    result = await reader.slash(channel, "upcoming")
    assert result.response is not None
    [part] = [result.response, *result.followups]
    assert [b["label"] for row in part.components for b in row["components"]] == ["Post here"]
    pressed = await reader.click(part, custom_id="upcoming:post")
    assert pressed.response is not None
    posted = [each for each in [pressed.response, *pressed.followups] if not each.ephemeral]
    assert "The Prevent duty" in (posted[-1].embeds[0].description or "") and not posted[-1].components


async def test_nothing_announced_and_not_looked_yet_are_not_the_same(
    reader: simcord.MemberActor, channel: simcord.ChannelHandle, archive: Archive
) -> None:
    said = shown(await reader.slash(channel, "upcoming")).description or ""
    assert said == "Nothing is known yet.\n\nParliament's calendar has not been read yet."
    await record_failure(archive, "whatson", datetime.now(UTC), "answered 500")
    assert "The last attempt failed" in (shown(await reader.slash(channel, "upcoming")).description or "")
    await record_success(archive, "whatson", datetime.now(UTC), items=40)
    said = shown(await reader.slash(channel, "upcoming")).description or ""
    assert said.startswith("Nothing is announced.\n\n*Looked until ")


async def test_of_a_calendar_of_many_each_is_listed_or_counted(
    reader: simcord.MemberActor, channel: simcord.ChannelHandle, archive: Archive
) -> None:
    now = datetime.now(UTC)
    await keep(archive, *(replace(event(n % 27, now=now), id=str(n)) for n in range(800)), now=now)
    words = shown(await reader.slash(channel, "upcoming")).description or ""
    [left] = re.findall(r"And (\d+) more are announced\.", words)
    assert words.count("\n- ") + int(left) == 800


def test_each_day_has_its_events_in_order_with_time_place_and_link() -> None:
    found = [
        replace(event(0, "Committee stage"), day=NOW.date() - timedelta(days=2), last=NOW.date() + timedelta(days=1)),
        event(1, "Evidence", time=time(10), venue="Home Affairs Committee, oral evidence", about="Prevent"),
        event(1, house="Joint", venue="Joint Committee"),
        event(8, "Westminster Hall debate", cancelled=True),
    ]
    at = int(datetime(2026, 11, 24, 10, tzinfo=UTC).timestamp())
    read = f"<t:{int(NOW.timestamp())}:R>"
    assert (render(found, ["the Prevent programme"], HEALTH, NOW).description or "").split("\n") == [
        "**Monday 23 November 2026**",
        "- [Committee stage](https://whatson.parliament.uk/event/cal0) · Commons Chamber, general debate"
        " · until 24 November 2026",
        "",
        "**Tuesday 24 November 2026**",
        f"- 10:00 (<t:{at}:R>) [Evidence (Prevent)](https://whatson.parliament.uk/event/cal1) · "
        "Commons · Home Affairs Committee, oral evidence",
        "- [The Prevent duty](https://whatson.parliament.uk/event/cal1) · Both Houses · Joint Committee",
        "",
        "**Tuesday 1 December 2026**",
        "- **Cancelled:** ~~Westminster Hall debate~~ · Commons Chamber, general debate",
        "",
        f"*Looked until 20 December 2026; the calendar was last read {read}.*",
    ]


def test_a_summer_time_is_londons() -> None:
    july = datetime(2026, 7, 6, 9, 0, tzinfo=UTC)
    words = render([event(1, now=july, time=time(14, 30))], ["P"], HEALTH, july).description or ""
    at = int(datetime(2026, 7, 7, 13, 30, tzinfo=UTC).timestamp())
    assert f"- 14:30 (<t:{at}:R>)" in words


@pytest.mark.parametrize("words", ["Prevent", HOSTILE * 8, "\U0001f600" * 400])
def test_every_limit_is_kept_and_what_is_left_out_is_counted(words: str) -> None:
    found = [replace(event(n // 4, words, venue=words, about=words, house=words), id=str(n)) for n in range(100)]
    embed = render(found, [words] * 9, HEALTH, NOW)
    parts = [embed.title or "", embed.description or "", embed.footer.text or ""]
    assert length(parts[0]) <= TITLE and length(parts[1]) <= DESCRIPTION and sum(map(length, parts)) <= TOTAL
    listed = parts[1].count("\n- ")
    assert f"And {100 - listed} more are announced." in parts[1] and listed > 2
    assert "@everyone" not in "".join(parts) and "<@1>" not in "".join(parts) and LICENCE in parts[2]
