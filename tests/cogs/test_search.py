"""/search as people use it: pages, bold words, names and days as typed, and every refusal in a sentence."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import discord
import numpy as np
import pytest
import simcord
from numpy.typing import NDArray
from simcord import Env

from bot.archive import vectors
from bot.archive.engine import Archive
from bot.archive.search import Found, Result
from bot.cogs.client import Despatch
from bot.cogs.rendering import length
from bot.cogs.search import PAGE, Wanted, drawn, emboldened
from bot.errors import ModelError
from bot.inference.models import Models
from bot.pipeline.embed import catch_up
from bot.pipeline.nearness import WAITING, Encodings
from tests.cogs.conftest import desk_for
from tests.cogs.samples import LORDS, REVIEW, contribution, debate, hold
from tests.cogs.test_digests import shown, words
from tests.cogs.test_updates import Here
from tests.standins.discord import Discord
from tests.standins.discord_rules import by_hand

pytestmark = pytest.mark.simcord(shard_count=1)


def page(result: simcord.InteractionResult) -> discord.Embed:
    (part,) = shown(result)
    (embed,) = part.embeds
    return embed


def labels(message: simcord.ResponseMessage | discord.Message) -> list[str]:
    rows = message.components
    if isinstance(message, discord.Message):
        return [child.label for row in rows for child in row.children]  # type: ignore[union-attr, misc]
    return [child["label"] for row in rows for child in row["components"]]  # type: ignore[index, union-attr]


async def test_a_result_has_its_words_in_bold_and_says_who_when_and_where(
    reader: simcord.MemberActor, channel: simcord.ChannelHandle, archive: Archive
) -> None:
    await hold(archive, REVIEW, LORDS)
    embed = page(await reader.slash(channel, "search", query="early closure"))
    (field,) = embed.fields
    assert field.name == "Ada Thornbury · Labour · The Minister for Security"
    assert "**early closure**" in (field.value or "").replace("** **", " ")
    assert f"[Prevent: Learning Review]({REVIEW.contributions[0].url})" in (field.value or "")
    assert "12 February 2025 · House of Commons" in (field.value or "")
    assert "1–1 of 1" in (embed.footer.text or "") and "Open Parliament Licence" in (embed.footer.text or "")


async def test_pages_turn_after_a_restart_and_the_same_press_twice_shows_the_same_page(
    simcord_env: Env, reader: simcord.MemberActor, channel: simcord.ChannelHandle, archive: Archive
) -> None:
    many = [contribution(f"m{n}", f"The panel met again about referrals, for the {n}th time.") for n in range(13)]
    await hold(archive, debate("many", *many))
    first = await reader.slash(channel, "search", query="referrals")
    (part,) = shown(first)
    assert len(part.embeds[0].fields) == PAGE
    assert labels(part) == ["Next", "Post here"]
    await simcord_env.restart_bot(Despatch(desk_for(archive), shard_count=1))
    await reader.click(part, label="Next")
    seen = part.embeds[0]
    assert (seen.footer.text or "").startswith("6–10 of 13")
    assert labels(part) == ["Previous", "Next", "Post here"]
    await reader.click(part, custom_id="search:2")
    assert (part.embeds[0].footer.text or "").startswith("11–13 of 13")
    assert labels(part) == ["Previous", "Post here"]
    told = [field.value for field in part.embeds[0].fields]
    assert not {field.value for field in seen.fields} & set(told)


async def test_a_posted_page_is_turned_by_anybody(
    simcord_env: Env, reader: simcord.MemberActor, channel: simcord.ChannelHandle, archive: Archive
) -> None:
    many = [contribution(f"m{n}", f"The panel met again about referrals, for the {n}th time.") for n in range(7)]
    await hold(archive, debate("many", *many))
    (part,) = shown(await reader.slash(channel, "search", query="referrals"))
    await reader.click(part, label="Post here")
    posted = channel.last_message
    assert posted is not None and not posted.flags.ephemeral
    assert labels(posted) == ["Next"]
    other = simcord_env.guild.add_member(simcord_env.create_user("other"))
    await other.click(posted, label="Next")
    turned = channel.last_message
    assert turned is not None and turned.id == posted.id
    assert (turned.embeds[0].footer.text or "").startswith("6–7 of 7")
    assert labels(turned) == ["Previous"]


async def test_it_is_narrowed_by_member_house_and_days_as_people_write_them(
    reader: simcord.MemberActor, channel: simcord.ChannelHandle, archive: Archive
) -> None:
    await hold(archive, REVIEW, LORDS)
    for options, who in (
        ({"member": "ada thornbury"}, {"Ada Thornbury"}),
        ({"house": "Lords"}, {"Lord Penhallow"}),
        ({"since": "13/02/2025"}, {"Lord Penhallow"}),
        ({"until": "12 February 2025", "member": "Rhys Calloway"}, {"Rhys Calloway"}),
    ):
        embed = page(await reader.slash(channel, "search", query="review", **options))
        assert {(field.name or "").split(" · ")[0] for field in embed.fields} == who
    assert "until 12 February 2025" in (embed.description or "")


async def test_a_member_completes_as_one_types_and_what_is_chosen_is_understood(
    reader: simcord.MemberActor, channel: simcord.ChannelHandle, archive: Archive
) -> None:
    await hold(archive, REVIEW, LORDS)
    offered = await reader.autocomplete(channel, "search", "member", "thorn")
    assert [each["name"] for each in offered] == ["Ada Thornbury (Labour)"]
    embed = page(await reader.slash(channel, "search", query="review", member=offered[0]["value"]))
    assert "by Ada Thornbury" in (embed.description or "")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"member": "Marlow"}, "may be Joan Marlow (Conservative) or Peter Marlow (Labour)"),
        ({"member": "Ada Thornbery"}, "nearest: Ada Thornbury"),
        ({"member": "#99"}, "nothing of that Member"),
        ({"since": "2025-02-12", "until": "2024"}, "before it begins"),
        ({"since": "2999-01-01"}, "still to come"),
        ({"since": "the other day"}, "not a day that I can read"),
        ({"query": "\u202e\u200b"}, "nothing to look for"),
        ({"query": "AND ( * -"}, "“AND ( \\* -”"),
        ({"query": "a" * 6000}, "too long to look for"),
        ({"query": "\U0001d51e" * 190}, "too long to look for"),
        ({"query": "fishing quotas", "house": "Lords"}, "“fishing quotas” (House of Lords)"),
    ],
)
async def test_what_cannot_be_found_is_said_plainly(
    reader: simcord.MemberActor,
    channel: simcord.ChannelHandle,
    archive: Archive,
    options: dict[str, str],
    said: str,
) -> None:
    await hold(archive, REVIEW, LORDS)
    answer = words(await reader.slash(channel, "search", **({"query": "review"} | options)))
    assert said.casefold() in answer.casefold()


@pytest.mark.parametrize(
    "query",
    ["@everyone <@1> [x](https://evil.example) **b**", "'; DROP TABLE contributions; --", "NEAR(a b) OR text:c", "%_*"],
)
async def test_hostile_words_are_searched_for_as_text(
    reader: simcord.MemberActor, channel: simcord.ChannelHandle, archive: Archive, query: str
) -> None:
    await hold(archive, REVIEW)
    answer = words(await reader.slash(channel, "search", query=query))
    assert "@everyone" not in answer and "https://" not in answer


def test_every_limit_is_kept_whatever_is_found() -> None:
    nasty = "@everyone **[x](https://evil.example)** \U0001f469\u200d\U0001f4bb`|" * 40
    result = Result(
        contribution=1,
        id="c",
        document_row=1,
        document="d",
        title=nasty,
        kind="debate",
        speaker=nasty,
        party=nasty[:60],
        role=nasty,
        date=REVIEW.date,
        house="Commons",
        url="https://hansard.parliament.uk/" + "a" * 480,
        snippet=nasty,
        marks=tuple((n, n + 3) for n in range(0, 900, 5)),
        score=1.0,
    )
    wanted = Wanted("“" * 155, 1, nasty[:60], "Commons", REVIEW.date, REVIEW.date)
    embed = drawn(wanted, Found("x", 10_000, (result,) * PAGE, (nasty, nasty)), 39)
    body = {"embeds": [embed.to_dict()], "allowed_mentions": {"parse": []}}
    assert list(by_hand("POST", "/channels/1/messages", body)) == []
    assert len(embed.url or "") <= 2048
    assert all("@everyone" not in (field.value or "") + (field.name or "") for field in embed.fields)
    assert Wanted.read(embed.url) == wanted


def test_the_press_is_quoted_in_few_words() -> None:
    report = (1, "p", 1, "d", "T", "article", None, None, None, None, None, None)
    result = Result(*report, "word " * 80, ((200, 204),), 1.0)
    said = emboldened(result)
    assert len(said.split()) == 25 and "**word**" in said and said.startswith("…") and said.endswith("…")
    assert length(said) < 300


async def test_the_published_schema_takes_every_page(archive: Archive, discord: Discord, online: object) -> None:
    many = [contribution(f"m{n}", f"The panel met again about referrals, for the {n}th time.") for n in range(7)]
    await hold(archive, debate("many", *many))
    await online()  # type: ignore[operator]
    answer = await discord.interact(command="search", options={"query": "referrals"})
    (message,) = answer["messages"]
    turned = await discord.interact(custom_id="search:1", message=message["id"])
    assert turned["acknowledged_seconds"] < 1.5
    typing = await discord.interact(command="search", options={"member": "ada"}, focused="member")
    (offered,) = typing["data"].values()
    assert [each["name"] for each in offered] == ["Ada Thornbury (Labour)"]


async def test_what_means_the_same_is_found_and_every_page_of_it_after_a_restart(
    simcord_env: Env,
    reader: simcord.MemberActor,
    channel: simcord.ChannelHandle,
    archive: Archive,
    models: Models,
) -> None:
    said = [f"Officers were taught number {n} of the lessons on radicalisation." for n in range(7)]
    other = "The harbour at Marlowe wants dredging before the herring season."
    items = [contribution(f"n{n}", text) for n, text in enumerate([*said, other])]
    await hold(archive, debate("near", *items))
    desk = replace(desk_for(archive), worker=Here(models))
    await simcord_env.restart_bot(Despatch(desk, shard_count=1))
    assert "I hold nothing" in words(await reader.slash(channel, "search", query="extremist training of police"))
    await vectors.of(archive).begin(models.encoder.name)
    await catch_up(archive, partial(encode_here, models), most=100)
    first = await reader.slash(channel, "search", query="extremist training of police")
    (part,) = shown(first)
    told = [field.value or "" for field in part.embeds[0].fields]
    await simcord_env.restart_bot(Despatch(replace(desk, encodings=Encodings()), shard_count=1))
    await reader.click(part, label="Next")
    told += [field.value or "" for field in part.embeds[0].fields]
    assert all(any(line in value for value in told[:7]) for line in said)


async def encode_here(models: Models, texts: Sequence[str]) -> NDArray[np.float32]:
    return models.encoder.encode(texts)


async def test_models_that_fail_or_are_busy_cost_the_meaning_and_not_the_words(archive: Archive) -> None:
    class Broken:
        async def run(self, *_: object) -> object:
            raise ModelError("the weights are gone")

    class Busy:
        async def run(self, *_: object) -> object:
            return await asyncio.Event().wait()

    await hold(archive, REVIEW)
    encodings = Encodings()
    assert await encodings.of(archive, Broken(), "review", within=5) is None, "nothing is encoded yet"
    await vectors.of(archive).begin("any")
    await catch_up(archive, some, most=100)
    assert await encodings.of(archive, Broken(), "review", within=5) is None
    for number in range(30):
        assert await encodings.of(archive, Busy(), f"review {number}", within=0.01) is None
    assert sum(task.get_name() == "encode a query" for task in asyncio.all_tasks()) == WAITING
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        if task.get_name() == "encode a query":
            task.cancel()


async def some(texts: Sequence[str]) -> NDArray[np.float32]:
    return np.ones((len(texts), 384), dtype=np.float32) / np.float32(384**0.5)
