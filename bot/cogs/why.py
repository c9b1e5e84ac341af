"""/why: was an item read, was it judged to be on the topic and why, was it posted here, and if not, why not."""

from __future__ import annotations

from collections.abc import Iterator

import discord
from discord import app_commands

from bot import text
from bot.archive.health import SourceHealth, source_health
from bot.archive.why import Fate, Here, Telling, Verdict, fates, here
from bot.cogs.answering import Refusal, acknowledged
from bot.cogs.desk import Desk, desk_of
from bot.cogs.rendering import DESCRIPTION, length
from bot.domain import Digest, Status, When

LONGEST = 500
"""Characters of a link or of words that are looked for."""
TOLD = 3
"""Items told of in one answer."""


@app_commands.command(name="why", description="Why an item was posted here, or was not: read, judged, told")
@app_commands.describe(item="A link to Hansard, a written answer or a report; or words of its title")
@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
async def why(interaction: discord.Interaction, item: str) -> None:
    async with acknowledged(interaction):
        desk = desk_of(interaction)
        wanted = text.clean(item).strip("<>")
        if not wanted or len(wanted) > LONGEST:
            raise Refusal("Give the link of one item, or a few words of its title.")
        found = await fates(desk.archive, wanted, limit=TOLD + 1)
        if not found:
            raise Refusal(_unseen(wanted, await source_health(desk.archive)))
        lines: list[str] = []
        for fate in found[:TOLD]:
            entry = await _told(desk, fate, interaction)
            if length("\n".join([*lines, *entry])) > DESCRIPTION - 100:
                break
            lines += [*entry, ""]
        if len(found) > TOLD:
            lines.append("There are more with these words; give the item's link to be told of one.")
        embed = discord.Embed(title="Why", description="\n".join(lines).strip())
        await interaction.followup.send(embed=embed, ephemeral=True)


def _unseen(wanted: str, health: list[SourceHealth]) -> str:
    said = f"I have not read anything {'at that address' if '://' in wanted else 'with those words in its title'}."
    read = [each.last_success for each in health if each.last_success]
    failing = [text.escape(each.name)[:60] for each in health if each.error]
    said += f" The sources were last read {discord.utils.format_dt(max(read), 'R')}." if read else ""
    if failing:
        said += f" Failing now: {', '.join(failing[:5])}; /status says why."
    return f"{said} I read Hansard, written statements and questions, and the feeds that /status lists, and no others."


async def _told(desk: Desk, fate: Fate, interaction: discord.Interaction) -> list[str]:
    lines = [f"**{_title(fate)}**", f"- Read: {_reading(fate)}"]
    for topic, words in desk.topics.items():
        verdict = next((each for each in fate.verdicts if each.topic == topic), None)
        lines.append(f"- About {text.escape(words)}: {_verdict(verdict)}")
        if verdict is None or not verdict.matched:
            continue
        telling = next((each for each in fate.stories if each.topic == topic), None)
        place = None
        if telling is not None and interaction.channel_id is not None:
            place = await here(desk.archive, telling.id, topic, interaction.channel_id)
        lines.append(f"- Posted here: {_posted(telling, place, interaction)}")
    return lines


def _title(fate: Fate) -> str:
    """The title, linked where its address may be shown, with what it is and its day."""
    bare = Digest(
        "", fate.title, "", fate.date, fate.house, fate.url, None, Status.DRAFT if not fate.settled else Status.SETTLED
    )
    title = text.escape(fate.title[:200]) or "Untitled"
    url = text.allowed_url(fate.url, bare)
    where = text.escape(fate.publisher or "")[:80] if not fate.house else text.dateline(bare)
    return " · ".join(part for part in (f"[{title}]({url})" if url else title, where) if part)


def _reading(fate: Fate) -> str:
    first = discord.utils.format_dt(fate.first_read_at, "f")
    said = f"{first}, from {text.escape(fate.source)[:80]}"
    if fate.version > 1:
        said += f"; its text has changed since, last read {discord.utils.format_dt(fate.last_read_at, 'R')}"
    return said + ("" if fate.settled else "; it may still change")


def _verdict(verdict: Verdict | None) -> str:
    if verdict is None or verdict.matched is None:
        trouble = f" The last attempt failed: {text.escape(verdict.error)[:200]}." if verdict and verdict.error else ""
        return f"not judged yet.{trouble}"
    reasons = text.escape("; ".join(verdict.reasons))[:600]
    said = "yes" if verdict.matched else "no, so it is not posted"
    return f"{said}{f': {reasons}' if reasons else ''}."


def _posted(telling: Telling | None, place: Here | None, interaction: discord.Interaction) -> str:
    """One or two sentences: the story's own state first, then the channel's."""
    return next(reason for reason in _reasons(telling, place, interaction) if reason)


def _reasons(telling: Telling | None, place: Here | None, interaction: discord.Interaction) -> Iterator[str]:
    if telling is None:
        yield "not yet; it is being placed among the stories."
        return
    if not telling.active:
        yield "no; a correction has taken it off the topic."
    if telling.withdrawn_at is not None:
        yield f"no; the story was withdrawn {discord.utils.format_dt(telling.withdrawn_at, 'R')}."
    if place is not None and place.state in ("posted", "editing") and place.messages:
        at = discord.utils.format_dt(place.posted_at, "f") if place.posted_at else ""
        yield f"yes, {at}: {_jump(interaction, place.messages[0])}"
    if place is not None and place.round_up is not None:
        yield f"yes, in the round-up of {discord.utils.format_dt(place.round_up, 'f')}."
    if telling.first_digested_at is None:
        trouble = f" The last attempt failed: {text.escape(telling.error)[:200]}." if telling.error else ""
        yield f"not yet; its digest is still to be made.{trouble}"
    if telling.backfilled:
        yield "no; it was filled in afterwards, and what is old is not posted. /digest shows it."
    yield _subscribed(telling, place)


def _subscribed(telling: Telling, place: Here | None) -> str:
    if place is None:
        return "no; this channel is not subscribed. /subscribe begins it."
    if place.ended_at is not None:
        return f"no; this channel's subscription ended {discord.utils.format_dt(place.ended_at, 'R')}."
    if place.paused_at is not None:
        reason = text.escape(place.paused_reason or "no reason kept")[:200]
        since = discord.utils.format_dt(place.paused_at, "R")
        return f"no; this channel's subscription is paused since {since}: {reason}. /subscriptions resumes it."
    trouble = text.escape(place.error or "no reason kept")[:200]
    match place.state:
        case "gone":
            return "it was, and somebody deleted the message; it is not posted again."
        case "dead":
            return f"no; Discord refused it: {trouble}."
        case "owed" | "sending":
            again = f", tried again {discord.utils.format_dt(place.retry_at, 'R')}" if place.retry_at else ""
            return f"not yet; it waits to be posted{again}{f' ({trouble})' if place.error else ''}."
    if place.when != When.NOW:
        due = f" on {discord.utils.format_dt(place.next_at, 'f')}" if place.next_at else ""
        return f"not yet; what weighs most comes with the round-up{due}."
    if telling.first_digested_at is not None and telling.first_digested_at < place.created_at:
        began = discord.utils.format_dt(place.created_at, "f")
        return f"no; this channel was subscribed on {began}, after the story was first told."
    return "not yet; it waits for its text to settle."


def _jump(interaction: discord.Interaction, message: int) -> str:
    return f"https://discord.com/channels/{interaction.guild_id or '@me'}/{interaction.channel_id}/{message}"
