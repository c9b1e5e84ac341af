"""The row of buttons under a digest; they outlive a restart."""

from __future__ import annotations

import discord

from bot.cogs.ask import AskAbout
from bot.cogs.evidence import ShowEvidence
from bot.cogs.rendering import link
from bot.cogs.reports import Wrong
from bot.domain import Digest


def buttons(digest: Digest) -> discord.ui.View | None:
    """None where there is nothing to press: a digest outside the archive, without an address. Needs a running event
    loop."""
    view = discord.ui.View(timeout=None)
    if digest.story is not None:
        view.add_item(ShowEvidence(digest.story))
    if (full := link(digest)) is not None:
        view.add_item(full)
    if digest.story is not None:
        view.add_item(AskAbout(digest.story))
        view.add_item(Wrong(digest.story))
    return view if view.children else None
