"""A round-up as messages: every limit kept however long the period, everything that is left out counted, and posted
once whatever fails."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.archive.engine import Archive
from bot.archive.roundups import tellable
from bot.archive.subscriptions import subscribe, subscriptions_of
from bot.cogs import rounds
from bot.cogs.client import Despatch
from bot.cogs.rendering import DESCRIPTION, TITLE, TOTAL, length
from bot.cogs.sender import DiscordSender
from bot.domain import Coverage, Digest, Entry, Event, Roundup, Status, When
from bot.pipeline.deliver import deliver
from bot.pipeline.roundup import RoundUps
from bot.text import LICENCE
from tests.cogs.conftest import Online
from tests.cogs.samples import DEBATE, NOW, digest, keep, sentence
from tests.standins.discord import Discord
from tests.standins.discord_world import GUILD, HANSARD

NONCE = "0123456789abcdef012345"
HOSTILE = "@everyone <@1> [x](http://evil.example) **bold** `code` ||spoiler|| # \u202e \U0001f600"
LONG = "The Minister said that each of the cases that were closed would be looked at again before the summer. " * 5


def cut(name: str, line: str = "The Minister said that it would change.", **more: object) -> Digest:
    values: dict[str, object] = {
        "headline": f"{name} · Commons debate · 12 February 2025",
        "brief": (sentence(line),),
        "points": (),
        "next": (),
        "coverage": (),
        "status": Status.SETTLED,
    }
    return digest(name, **(values | more))


def roundup(*digests: Digest, title: str = "the Prevent programme", when: When = When.DAILY) -> Roundup:
    entries = tuple(Entry(number, each) for number, each in enumerate(digests, 1))
    return Roundup("prevent", title, when, NOW - timedelta(days=1), NOW, entries)


def event(number: int, title: str = "The Prevent duty", **more: object) -> Event:
    day = NOW.date() + timedelta(days=number)
    url = f"https://whatson.parliament.uk/event/cal{number}"
    values = {"venue": "Chamber, general debate", "house": "Commons", "url": url} | more
    return Event(str(number), day, day, title, **values)  # type: ignore[arg-type]


def text_of(item: Roundup) -> str:
    return "\n".join(embed.description or "" for page in rounds.pages(item) for embed in page.embeds)


@pytest.mark.parametrize("count", [1, 2, 9, 10, 11, 17, 40, 400])
@pytest.mark.parametrize("kind", ["plain", "long", "hostile"])
def test_every_limit_is_kept_and_every_story_is_shown_listed_or_counted(count: int, kind: str) -> None:
    line = {"plain": "It was said.", "long": LONG[:600], "hostile": HOSTILE * 4}[kind]
    reports = tuple(Coverage(f"Paper {n}", "t", None, None) for n in range(30))
    more = {"headline": HOSTILE * 30} if kind == "hostile" else {}
    item = roundup(*(cut(f"Story {n}", line, coverage=reports, **more) for n in range(1, count + 1)))
    pages = rounds.pages(item)
    assert 1 <= len(pages) <= 2
    for page in pages:
        assert sum(len(embed) for embed in page.embeds) <= TOTAL
        total = 0
        for embed in page.embeds:
            assert length(embed.title or "") <= TITLE and length(embed.description or "") <= DESCRIPTION
            total += sum(length(part or "") for part in (embed.title, embed.description, embed.footer.text))
        assert total <= TOTAL
        assert page.embeds[0].title.startswith(rounds.title(item))
        assert LICENCE in (page.embeds[-1].footer.text or "")
    words = text_of(item)
    headings = len(re.findall(r"^\*\*\[", words, re.MULTILINE)) + len(re.findall(r"^- \*\*\[", words, re.MULTILINE))
    counted = sum(int(found) for found in re.findall(r"\*(\d+) of these have no room", words))
    assert headings + counted == count
    if kind == "plain" and count == 17:
        assert "**And 7 more**" in words and counted == 0


def test_two_lines_a_story_the_first_linked_to_it_and_the_second_to_what_carries_it() -> None:
    [page] = rounds.pages(roundup(cut("A"), cut("B", status=Status.DRAFT)))
    assert page.embeds[0].title == "Daily round-up: the Prevent programme · 12 February 2025, 15:00"
    assert (page.embeds[0].description or "").split("\n") == [
        f"**[A · Commons debate · 12 February 2025]({DEBATE})**",
        f"The Minister said that it would change. [↗]({DEBATE}#contribution-c1)",
        "",
        f"**[B · Commons debate · 12 February 2025]({DEBATE})** · *draft*",
        f"The Minister said that it would change. [↗]({DEBATE}#contribution-c1)",
    ]
    assert "A draft may still change." in (page.embeds[0].footer.text or "")


def test_what_is_announced_ends_it_each_with_its_day_time_place_and_link() -> None:
    evidence = event(
        2, "The Commissioner", venue="Home Affairs Committee, oral evidence", time=time(10), about="Prevent"
    )
    item = replace(roundup(cut("A")), coming=(event(1), evidence), more=3)
    assert text_of(item).split("\n")[-5:] == [
        "",
        "**Coming up**",
        "- Thursday 13 February 2025: [The Prevent duty](https://whatson.parliament.uk/event/cal1) · "
        "Commons Chamber, general debate",
        "- Friday 14 February 2025, 10:00: [The Commissioner (Prevent)](https://whatson.parliament.uk/event/cal2) · "
        "Commons · Home Affairs Committee, oral evidence",
        "- And 3 more are announced.",
    ]


@pytest.mark.parametrize("count", [1, 11, 40, 400])
@pytest.mark.parametrize("words", ["Prevent", HOSTILE * 5, "😀" * 500])
def test_room_is_kept_for_what_is_announced_however_much_there_is_to_tell(count: int, words: str) -> None:
    events = tuple(event(number, words, venue=words, about=words) for number in range(1, 6))
    item = replace(roundup(*(cut(f"Story {n}", LONG[:600]) for n in range(1, count + 1))), coming=events, more=7)
    pages = rounds.pages(item)
    for page in pages:
        parts = [part or "" for each in page.embeds for part in (each.title, each.description, each.footer.text)]
        assert sum(map(length, parts)) <= TOTAL and max(map(length, parts)) <= DESCRIPTION
    last = "\n".join(each.description or "" for each in pages[-1].embeds)
    listed = last.count("https://whatson.parliament.uk/event/cal")
    [counted] = re.findall(r"And (\d+) more are announced", last)
    assert listed >= 1 and listed + int(counted) == 12
    assert "@everyone" not in last and "<@1>" not in last


def test_what_is_new_in_a_story_told_before_says_so() -> None:
    item = Roundup("prevent", "P", When.WEEKLY, NOW, NOW, (Entry(1, cut("A"), update=True),))
    assert "*update*\nNew: The Minister said" in text_of(item)


def test_hostile_words_are_shown_and_not_obeyed() -> None:
    words = text_of(roundup(cut("A", HOSTILE, headline=HOSTILE, url="https://evil.example/x"), title=HOSTILE))
    assert "@everyone" not in words and "<@1>" not in words and "](http://evil" not in words
    assert "**bold**" not in words and "\u202e" not in words


async def test_it_is_posted_once_with_mentions_off_and_edited_when_it_changes(online: Online, discord: Discord) -> None:
    client = await online()
    item = roundup(*(cut(f"Story {n}", LONG[:600]) for n in range(25)))
    made = await client.sender.send(HANSARD, GUILD, item, NONCE)
    assert await DiscordSender(client, lambda: True).send(HANSARD, GUILD, item, NONCE) == made
    assert len(discord.messages()) == len(made) == 2
    sent = discord.sent("POST", r"/channels/\d+/messages")
    assert all(request["json"]["allowed_mentions"] == {"parse": []} for request in sent)
    assert {request["json"]["nonce"] for request in sent} == {f"{NONCE}1", f"{NONCE}2"}
    less = roundup(cut("Story 0"))
    assert await client.sender.edit(HANSARD, GUILD, made, less, NONCE) == made[:1]
    [message] = discord.messages()
    assert "Story 0" in message["embeds"][0]["description"]


async def test_a_round_up_is_found_by_its_own_title_and_no_other_is(online: Online, discord: Discord) -> None:
    client = await online()
    first = roundup(*(cut(f"Story {n}", LONG[:600]) for n in range(25)))
    made = await client.sender.send(HANSARD, GUILD, first, NONCE)
    later = Roundup("prevent", first.title, When.DAILY, first.until, first.until + timedelta(hours=1), first.entries)
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    assert await client.sender.find(HANSARD, GUILD, first, long_ago) == made
    assert await client.sender.find(HANSARD, GUILD, later, long_ago) == ()
    assert await client.sender.find(HANSARD, GUILD, roundup(when=When.WEEKLY), long_ago) == ()
    assert await client.sender.find(HANSARD, GUILD, digest(), long_ago) == ()


async def test_from_the_archive_to_the_channel(online: Online, discord: Discord, archive: Archive) -> None:
    """The whole way: subscribed, digested, rounded up at its hour, posted once over real HTTP, set right by an edit."""
    client: Despatch = await online()
    moment = NOW
    rounding = RoundUps(archive, {"prevent": "the Prevent programme"}, lambda: moment)
    await subscribe(archive, guild_id=GUILD, channel_id=HANSARD, topic="prevent", by=1, now=NOW, when="daily", hour=18)
    await keep(archive, digest("A"), now=NOW)
    await keep(archive, digest("B", headline="Another", url=f"{DEBATE}B"), now=NOW)
    [subscription] = await subscriptions_of(archive)
    assert len(await tellable(archive, subscription, NOW)) == 2
    moment = NOW + timedelta(hours=3)
    for _ in range(2):
        await rounding.run()
        await deliver(archive, client.sender, clock=lambda: moment)
    [message] = discord.messages()
    assert message["embeds"][0]["title"] == "Daily round-up: the Prevent programme · 12 February 2025, 18:00"
    assert "**[Prevent: Learning Review](" in message["embeds"][0]["description"].replace("\\", "")
    assert "Another" in message["embeds"][0]["description"]
