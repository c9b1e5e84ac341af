"""/status and /help: how the bot does, and what it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import discord
from discord import app_commands

from bot import text
from bot.archive.health import SourceHealth, queue, source_health
from bot.archive.subscriptions import subscriptions_of
from bot.cogs.answering import acknowledged, tell
from bot.cogs.desk import Desk, desk_of

FIELD = 1024
LONGEST_SOURCES = 3500
QUIET = timedelta(hours=26)
"""A source whose last success is older has a gap: each is read at least every two hours, and a day must not pass."""


@app_commands.command(name="status", description="Whether the sources answer, what waits, and which models are in use")
@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
async def status(interaction: discord.Interaction) -> None:
    async with acknowledged(interaction):
        desk, now = desk_of(interaction), datetime.now(UTC)
        health = await source_health(desk.archive)
        waiting = await queue(desk.archive, troubles=0)
        standing = await desk.status()
        attempts = [source.last_attempt for source in health if source.last_attempt]
        embed = discord.Embed(title="Despatch", description=_sources(health, now))
        embed.add_field(name="Last poll", value=discord.utils.format_dt(max(attempts), "R") if attempts else "not yet")
        embed.add_field(
            name="Queue",
            value=f"{waiting.digests} to digest\n{waiting.deliveries} to post\n{waiting.dead} that could not be posted",
        )
        models = (
            "\n".join(f"{text.escape(k)}: {text.escape(v)}" for k, v in standing.models.items()) or "not loaded yet"
        )
        if standing.refused is not None:
            models += f"\nsentences refused by the check: {standing.refused:.0%}"
        embed.add_field(name="Models", value=_fitting(models.split("\n"), FIELD), inline=False)
        if paused := await _paused(desk, interaction):
            embed.add_field(name="Paused here", value=paused, inline=False)
        await interaction.followup.send(embed=embed, ephemeral=True)


@app_commands.command(name="help", description="What this bot does, and its licences")
@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
async def about(interaction: discord.Interaction) -> None:
    async with acknowledged(interaction):
        topics = ", ".join(text.escape(words) for words in desk_of(interaction).topics.values())
        await tell(interaction, HELP.format(topics=topics[:600]))


HELP = f"""I read Parliament's record and the press for one subject and say in a channel what was said, by whom, and \
where to check it. I follow: {{topics}}.

**/subscribe** tells this channel, or the one you name, of each story as it comes, or of the most important of a day \
or a week in two lines each (needs Manage Server)
**/unsubscribe** ends that; **/subscriptions** lists what is subscribed
**/digest** shows the digest of a day or an item, for you alone; *Post here* shows it to the channel
**/search** finds who said your words; **/ask** answers a question in Parliament's own words, or says that the record \
does not say
**/trend** draws how often Parliament and the press speak of it; **/member** shows what a Member has said on it
**/upcoming** lists what is announced for the coming days
**/why** says why an item was posted here, or was not; **/status** whether the sources answer, and what waits
**/privacy** says what I keep, and hands it over or deletes it

Under a digest: *Evidence* shows each sentence beside the words that carry it; *Ask about this* answers from that \
debate; *Wrong?* tells the operator.

Each sentence has a link to the words that carry it: follow it before you rely on it. Words in “quotation marks” are \
the speaker's own. A draft may still change, and its message with it.

{text.MADE} GOV.UK's text is under the Open Government Licence v3.0. The program is free software (MIT)."""


def _sources(health: list[SourceHealth], now: datetime) -> str:
    if not health:
        return "No source has been read yet."
    # Those in trouble first: a list that is cut must not hide them.
    ordered = sorted(health, key=lambda source: (source.error is None, source.name))
    return _fitting([_source(source, now) for source in ordered], LONGEST_SOURCES)


def _source(source: SourceHealth, now: datetime) -> str:
    name = f"**{text.escape(source.name[:80])}**"
    last = f"read {discord.utils.format_dt(source.last_success, 'R')}" if source.last_success else "never read whole"
    if source.error:
        times = "once" if source.failures == 1 else f"{source.failures} times in a row"
        return f"⚠️ {name}: {last}; failed {times}: {text.escape(source.error[:160])}"
    if source.last_success is None or now - source.last_success > QUIET:
        return f"⚠️ {name}: {last}; a gap"
    return f"✅ {name}: {last}, {source.items} item{'' if source.items == 1 else 's'}"


async def _paused(desk: Desk, interaction: discord.Interaction) -> str:
    if interaction.guild_id is not None:
        found = await subscriptions_of(desk.archive, guild_id=interaction.guild_id)
    else:
        found = await subscriptions_of(desk.archive, channel_id=interaction.channel_id or 0)
    lines = [
        f"<#{s.channel_id}>, {text.escape(s.topic)}: {text.escape((s.paused_reason or 'no reason kept')[:160])}"
        for s in found
        if s.paused_at
    ]
    return _fitting([*lines, "Mend it, then resume with /subscriptions."], FIELD) if lines else ""


def _fitting(lines: list[str], limit: int) -> str:
    """As many whole lines as fit, and how many do not."""
    kept: list[str] = []
    for number, line in enumerate(lines):
        if len("\n".join([*kept, line])) > limit - 20:
            return "\n".join([*kept, f"… and {len(lines) - number} more"])
        kept.append(line)
    return "\n".join(kept)
