"""`make demo`: the sample sitting day through the whole program, and its digests as a channel would see them.

Parliament and two newspapers answer over real HTTP on loopback; the archive is a real file in a temporary folder; the
models are the real ones, in their own process. Only Discord is missing: the messages go to standard output, with each
link written out. Progress and figures go to standard error. Exit code 0 when every source was read and every story
posted, else 1.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import re
import resource
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from bot import observe
from bot import settings as configuration
from bot.app import App, build
from bot.archive import health, subscriptions
from bot.domain import Digest, Document
from bot.errors import DespatchError
from bot.pipeline import work
from bot.pipeline.collect import Collected
from tests.standins.parliament import Parliament
from tests.standins.publisher import Publisher

CHANNEL = 990_001
WIDTH = 100
DOING: dict[Callable[..., Any], str] = {
    work.match_document: "is it about Prevent?",
    work.find_story: "is it another's story?",
    work.digest_story: "writing and checking:",
}
_LINK = re.compile(r"\[([^\]\[]+)\]\((https?://[^\s)]+)\)")
_ESCAPED = re.compile(r"\\([\\`*_~|<>\[\]#:.+=-])")
_EMPHASIS = re.compile(r"(?<!\\)(\*\*|\*)(.+?)(?<!\\)\1")


def written_out(markdown: str) -> list[str]:
    """An embed's text as lines for a terminal: mark-up gone, each link on a line of its own below what it carries."""
    lines = []
    for line in markdown.split("\n"):
        links = [found[2] for found in _LINK.finditer(line)]
        bare = _LINK.sub(lambda found: "" if found[1] == "↗" else found[1], line)
        plain = _ESCAPED.sub(r"\1", _EMPHASIS.sub(r"\2", bare)).replace("@\u200b", "@").rstrip()
        indent = "  " if plain.startswith("- ") else ""
        lines += textwrap.wrap(plain, WIDTH, subsequent_indent=indent, break_on_hyphens=False) or [""]
        lines += [f"{indent}  ↗ {link}" for link in links]
    return lines


def messages(digest: Digest) -> Iterator[list[str]]:
    """The lines of each message that the digest becomes, as `bot.cogs.rendering` lays it out."""
    from bot.cogs import card, rendering

    pages = rendering.pages(digest)
    for number, page in enumerate(pages, 1):
        lines: list[str] = []
        for embed in page.embeds:
            lines += [""] if lines else []
            if embed.title:
                lines += written_out(embed.title)
            if embed.url:
                lines += [f"  ↗ {embed.url}", ""]
            lines += written_out(embed.description or "")
            if embed.footer.text:
                lines += ["", *textwrap.wrap(embed.footer.text, WIDTH)]
        if number == len(pages) and (row := card.buttons(digest)) is not None:
            pressed = [each for line in row.to_components() for each in line["components"]]
            lines += [
                "",
                *(f"[ {each['label']} ]" + (f" ↗ {each['url']}" if "url" in each else "") for each in pressed),
            ]
        yield lines


@dataclass(slots=True)
class Channel:
    """A Sender whose channel is a list of messages, oldest first."""

    posted: list[list[str]] = field(default_factory=list)

    async def send(self, channel_id: int, guild_id: int | None, digest: Digest, nonce: str) -> tuple[int, ...]:
        first = len(self.posted)
        self.posted += messages(digest)
        return tuple(range(first + 1, len(self.posted) + 1))

    async def edit(
        self, channel_id: int, guild_id: int | None, messages: tuple[int, ...], digest: Digest, nonce: str
    ) -> tuple[int, ...]:
        raise AssertionError("the sample day is read once; nothing in it can have changed")

    async def find(self, channel_id: int, guild_id: int | None, digest: Digest, after: datetime) -> tuple[int, ...]:
        return ()


@dataclass(slots=True)
class Watched:
    """The model worker, saying what it is about to do."""

    worker: Any
    say: Callable[[str], None]

    async def run(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        first = args[0] if args else None
        document = first[0] if isinstance(first, tuple) and first else first
        if isinstance(document, Document) and function in DOING:
            self.say(f"{DOING[function]} {document.title}")
        return await self.worker.run(function, *args, **kwargs)


def peak_mebibytes() -> float:
    """The most memory that this process and its live children have held, each at its own worst moment."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return (own + sum(_peak(child.pid) for child in multiprocessing.active_children())) / 1024


def _peak(pid: int | None) -> int:
    """A process's peak in KiB; 0 where there is no /proc to ask."""
    try:
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(encoding="ascii"))
    except OSError:
        return 0
    return int(found[1]) if found else 0


async def replay(
    progress: Progress, channel: Channel, environment: dict[str, str], folder: Path
) -> tuple[list[str], float]:
    """Run the day: what went wrong, in words, and the peak of memory in MiB.

    Raises DespatchError where the program cannot be built."""
    wrong: list[str] = []
    async with Parliament() as parliament, Publisher() as publisher:
        (folder / "feeds.toml").write_text(publisher.feeds_toml(), encoding="utf-8")
        os.environ |= environment | parliament.environment()
        settings = configuration.load(folder)
        observe.configure("warning")
        async with build(settings) as program:
            now = datetime.now(UTC)
            await subscriptions.subscribe(
                program.archive, guild_id=1, channel_id=CHANNEL, topic="prevent", by=1, now=now
            )
            wrong += await _read(program, parliament, progress)
            task = progress.add_task("the models are loading", total=None)
            program.digester.worker = Watched(program.digester.worker, lambda what: _say(progress, task, what))
            done = await program.digest()
            progress.update(task, description=str(done), total=1, completed=1)
            if done.failed or not done.made:
                wrong.append(f"digest: {done}")
            delivered = await program.deliver(channel)
            left = await health.queue(program.archive)
            if delivered.failed or left.deliveries or not delivered.posted:
                wrong.append(f"delivery: {delivered.posted} posted, {delivered.failed} failed, {left.deliveries} owed")
            return wrong, peak_mebibytes()


async def _read(program: App, parliament: Parliament, progress: Progress) -> list[str]:
    """Poll every source for the Commons' day and those of Parliament for the Lords' too."""
    rounds = [(each.name, parliament.day) for each in program.sources]
    rounds += [(each.name, parliament.sample.next_day) for each in program.sources if each.every is None]
    task = progress.add_task("reading", total=len(rounds))
    wrong = []
    for name, day in rounds:
        _say(progress, task, f"reading {name}, {day.day} {day:%B}")
        results: list[Collected] = await program.poll(name, day)
        wrong += [str(result) for result in results if not result.ok]
        progress.advance(task)
    progress.update(task, description="read every source")
    return wrong


def _say(progress: Progress, task: TaskID, what: str) -> None:
    """What is being done now: in the bar on a terminal, else on a line of its own."""
    progress.update(task, description=what[:72])
    if not progress.console.is_terminal:
        progress.console.print(what, markup=False, highlight=False, soft_wrap=True)


def show(channel: Channel) -> None:
    """The channel on standard output."""
    print("# prevent-news")
    print("The sample sitting day. Its people, newspapers and events are invented; its Hansard links lead nowhere.")
    for lines in channel.posted:
        print("\nDespatch [APP]")
        print("\n".join(f"│ {line}".rstrip() for line in lines), flush=True)


def main() -> int:
    started = time.monotonic()
    console = Console(stderr=True)
    channel = Channel()
    for name in [each for each in os.environ if each.startswith(("DESPATCH_", "DISCORD_")) and "MODELS" not in each]:
        del os.environ[name]
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(20),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    try:
        with tempfile.TemporaryDirectory(prefix="despatch-demo-") as folder:
            environment = {"DESPATCH_DATABASE_URL": f"sqlite:///{folder}/archive.sqlite3"}
            with Progress(*columns, console=console) as progress:
                wrong, peak = asyncio.run(replay(progress, channel, environment, Path(folder)))
    except DespatchError as error:
        wrong, peak = [str(error)], peak_mebibytes()
    except KeyboardInterrupt:
        return 130
    if channel.posted:
        show(channel)
    for line in wrong:
        console.print(f"despatch: {line}", style="red", markup=False, highlight=False, soft_wrap=True)
    console.print(
        f"{len(channel.posted)} messages in {time.monotonic() - started:.0f} s; "
        f"peak memory {peak:.0f} MiB, the models' process included",
        highlight=False,
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
