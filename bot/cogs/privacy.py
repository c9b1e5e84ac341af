"""/privacy: what is kept, for how long, and the buttons that hand it over or delete it."""

from __future__ import annotations

import io
import json
import re

import discord
from discord import app_commands

from bot.archive.personal import forget, held_of
from bot.cogs.answering import acknowledged, tell
from bot.cogs.desk import desk_of

KEPT = """**What I keep**
- Of a server or a conversation: the ids of the server and of the channels that are subscribed, what they are told and \
when, the ids of the messages that I posted there, and the id of who subscribed.
- Of a report with *Wrong?*: its words, the line, and the id of who made it, for 30 days.
- Of a question: nothing on disk. The last two that you asked in a thread stay in memory for half an hour.

**What I do not keep**: your name, your messages (I cannot read them), your members, or what you searched for.

Everything of a server is deleted when I am removed from it. What Parliament and the press said is public and is no \
part of this. The whole policy is in PRIVACY.md of the program's source."""


@app_commands.command(name="privacy", description="What this bot keeps of you, and how to have it or delete it")
@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
async def privacy(interaction: discord.Interaction) -> None:
    async with acknowledged(interaction):
        view = discord.ui.View(timeout=None)
        view.add_item(Mine("export"))
        view.add_item(Mine("delete"))
        await interaction.followup.send(KEPT, view=view, ephemeral=True)


class Mine(discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=r"mine:(?P<what>export|delete|sure)"):
    """Hands over, or deletes, what is kept of the person who presses it; deleting is asked for twice."""

    def __init__(self, what: str) -> None:
        label = {"export": "What you keep of me", "delete": "Delete it", "sure": "Yes, delete it"}[what]
        style = discord.ButtonStyle.secondary if what == "export" else discord.ButtonStyle.danger
        super().__init__(discord.ui.Button(label=label, style=style, custom_id=f"mine:{what}"))
        self.what = what

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[discord.ui.View], match: re.Match[str], /
    ) -> Mine:
        return cls(match["what"])

    async def callback(self, interaction: discord.Interaction) -> None:
        async with acknowledged(interaction):
            archive, person = desk_of(interaction).archive, interaction.user.id
            held = await held_of(archive, person)
            if not any(held.values()):
                await tell(interaction, "I keep nothing with your id.")
            elif self.what == "export":
                body = json.dumps(held, ensure_ascii=False, indent=1).encode("utf-8", "replace")
                file = discord.File(io.BytesIO(body), "despatch.json", description="All that is kept with your id")
                await interaction.followup.send(
                    f"This is all that I keep with your id: {_count(held)}.", file=file, ephemeral=True
                )
            elif self.what == "delete":
                view = discord.ui.View(timeout=None)
                view.add_item(Mine("sure"))
                await interaction.followup.send(
                    f"I keep {_count(held)} with your id. Reports and the subscriptions of our direct messages would "
                    "be deleted; a server's subscriptions go on without your id.",
                    view=view,
                    ephemeral=True,
                )
            else:
                await forget(archive, person)
                await tell(interaction, "Deleted. I keep nothing with your id any more.")


def _count(held: dict[str, list[dict[str, object]]]) -> str:
    said = ((len(held["subscriptions"]), "subscription"), (len(held["reports"]), "report"))
    return " and ".join(f"{number} {what}{'' if number == 1 else 's'}" for number, what in said)
