"""/privacy: what is kept of a person is theirs to have and to delete."""

from __future__ import annotations

import pytest
import simcord
from simcord import Env

from bot.archive.digests import digest_of
from bot.archive.engine import Archive
from bot.archive.personal import held_of
from bot.archive.reports import keep_report, waiting
from bot.archive.subscriptions import erase_guild, subscribe, subscriptions_of
from bot.cogs.client import Despatch
from tests.cogs.conftest import desk_for
from tests.cogs.samples import NOW, digest, keep

pytestmark = pytest.mark.simcord(shard_count=1)


async def left(archive: Archive, person: int, guild: int) -> None:
    """A server's subscription, one of direct messages, and a report."""
    await subscribe(archive, guild_id=guild, channel_id=person, topic="prevent", by=person, now=NOW)
    await subscribe(archive, guild_id=None, channel_id=person + 1, topic="prevent", by=person, now=NOW)
    stored = await digest_of(archive, await keep(archive, digest()))
    assert stored is not None
    await keep_report(archive, stored, None, "Not so", by=person, guild_id=guild, now=NOW)


async def press(reader: simcord.MemberActor, shown: simcord.InteractionResult, label: str) -> simcord.InteractionResult:
    assert shown.response is not None
    answer = await reader.click(shown.response, label=label)
    assert answer.response is not None
    assert answer.response.ephemeral
    return answer


async def test_it_says_what_is_kept_and_that_nothing_is_kept_of_a_stranger(
    reader: simcord.MemberActor, channel: simcord.ChannelHandle
) -> None:
    shown = await reader.slash(channel, "privacy")
    assert shown.response is not None
    assert shown.response.ephemeral
    assert "for 30 days" in shown.response.content
    for label in ("What you keep of me", "Delete it"):
        answer = await press(reader, shown, label)
        assert answer.response is not None
        assert "I keep nothing with your id." in answer.response.content


async def test_what_is_kept_is_handed_over_and_deleted_when_asked_twice_after_a_restart(
    simcord_env: Env, reader: simcord.MemberActor, channel: simcord.ChannelHandle, archive: Archive
) -> None:
    here = simcord_env.guild.id
    await left(archive, reader.id, here)
    await left(archive, 9, here)
    shown = await reader.slash(channel, "privacy")
    await simcord_env.restart_bot(Despatch(desk_for(archive), shard_count=1))
    answer = await press(reader, shown, "What you keep of me")
    assert answer.response is not None
    assert "2 subscriptions and 1 report" in answer.response.content
    assert [each.filename for each in answer.response.attachments] == ["despatch.json"]
    held = await held_of(archive, reader.id)
    assert {each["channel_id"] for each in held["subscriptions"]} == {str(reader.id), str(reader.id + 1)}
    assert held["reports"][0]["said"] == "Not so"
    asked = await press(reader, shown, "Delete it")
    assert (await held_of(archive, reader.id)) == held
    await press(reader, asked, "Yes, delete it")
    assert await held_of(archive, reader.id) == {"subscriptions": [], "reports": []}
    assert {each.channel_id for each in await subscriptions_of(archive)} == {reader.id, 9, 10}
    assert len((await held_of(archive, 9))["reports"]) == 1


async def test_a_server_that_is_left_takes_its_reports_along(archive: Archive) -> None:
    await left(archive, 5, 7)
    assert await waiting(archive) == 1
    await erase_guild(archive, 7)
    assert await waiting(archive) == 0
