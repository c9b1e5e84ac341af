"""The archive's past: read, judged and digested, with a bar on a terminal and a line now and then elsewhere."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import Callable, Coroutine, Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from bot import terminal
from bot.domain import LONDON
from bot.errors import InputError

if TYPE_CHECKING:
    from bot.pipeline.backfill import Backfill
    from bot.pipeline.digest import Digested

FIRST_YEAR = 1803
"""Hansard's first."""
EVERY = 10.0
"""Seconds between two lines where nobody watches a bar."""
BREATH = 0.5


def backfill(
    since: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], metavar="DATE", help="The first day.")],
    until: Annotated[
        datetime | None,
        typer.Option("--to", formats=["%Y-%m-%d"], metavar="DATE", help="The last day; today if left out."),
    ] = None,
    topic: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Only what Parliament's search finds on this topic, each debate read whole."),
    ] = None,
) -> None:
    """Fill the archive with Hansard, written statements and questions of past days, both ends included.

    It goes on where it stopped; what is there is not fetched again. What matches is digested, and never posted."""
    settings = terminal.configured(quiet=True)
    first, last = since.date(), until.date() if until else datetime.now(LONDON).date()
    checked(first, last)
    from bot.app import build
    from bot.errors import ConfigurationError
    from bot.pipeline.backfill import Backfill
    from bot.pipeline.digest import Digested
    from bot.sources.hansard import Hansard
    from bot.sources.written import Questions, Statements
    from bot.topics.topic import named

    wanted = None if topic is None else named(settings, topic)
    if wanted is not None and not wanted.search:
        raise ConfigurationError(
            f"topics/{topic}.toml", "search", "names no phrases that Parliament could be asked for"
        )

    async def work() -> bool:
        async with build(settings, swift=True) as program:
            sources = [each for each in program.sources if isinstance(each, Hansard | Statements | Questions)]
            job = Backfill(program.archive, sources, first, last, wanted)
            stopped = asyncio.Event()
            digested = Digested()

            async def judge() -> None:
                reading = asyncio.create_task(job.run())
                try:
                    while True:
                        over = reading.done()
                        await program.digester.run(stopped, days=(first, last), done=digested)
                        if over:
                            break
                        await asyncio.wait({reading}, timeout=BREATH)
                finally:
                    reading.cancel()
                    await asyncio.gather(reading, return_exceptions=True)
                if (error := reading.exception() if not reading.cancelled() else None) is not None:
                    raise error

            with _progress(lambda: _standing(job, digested)):
                whole = await _unless_stopped(judge(), stopped)
            for filled in job.filled.values():
                print(filled, file=out, flush=True)
            made = len(set(digested.made))
            late = f", {digested.failed} failed and will be tried again" if digested.failed else ""
            print(
                f"digests: {digested.judged} judged, {digested.matched} matched, {made} made{late}",
                file=out,
                flush=True,
            )
            good = whole and not digested.failed and all(each.ok for each in job.filled.values())
            if not good:
                said = "stopped before the end" if not whole else "not all of it could be done"
                typer.echo(f"despatch: {said}; the same command goes on where this one stopped", err=True)
            return good

    with terminal.answer() as out:
        if not asyncio.run(work()):
            raise typer.Exit(1)


def checked(first: date, last: date) -> None:
    """Raises InputError where the days are not in order, or not all of Hansard's past."""
    if first > last:
        raise InputError(f"--from {first}: is after --to {last}; write --from {last} --to {first}")
    if last > datetime.now(LONDON).date():
        raise InputError(f"--to {last}: is still to come; write today's date at the latest")
    if first.year < FIRST_YEAR:
        raise InputError(
            f"--from {first}: Hansard begins in {FIRST_YEAR}; write --from {FIRST_YEAR}-01-01 at the earliest"
        )


async def _unless_stopped(work: Coroutine[None, None, None], stopped: asyncio.Event) -> bool:
    """Whether the work came to its end before SIGINT or SIGTERM did."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    working, waiting = asyncio.create_task(work), asyncio.create_task(stopped.wait())
    try:
        await asyncio.wait({working, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            await working
            return not stopped.is_set()
        return False
    finally:
        for task in (working, waiting):
            task.cancel()
        await asyncio.gather(working, waiting, return_exceptions=True)
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


def _standing(job: Backfill, digested: Digested) -> tuple[int, int, str]:
    """Days read, days in all, and how it stands in words."""
    filled = list(job.filled.values())
    total, left = sum(each.total for each in filled), sum(each.left for each in filled)
    seconds = job.seconds_left()
    ahead = "" if seconds is None else f", about {timedelta(seconds=round(seconds))} left"
    at = next((f", at {each.source} {each.at}" for each in filled if each.left and each.at), "")
    kept = sum(each.new for each in filled)
    return (
        total - left,
        total,
        f"{kept} documents new, {digested.judged} judged, {len(set(digested.made))} digests{at}{ahead}",
    )


@contextlib.contextmanager
def _progress(standing: Callable[[], tuple[int, int, str]]) -> Iterator[None]:
    """Show how it stands until the block ends."""
    if sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        columns = (BarColumn(20), MofNCompleteColumn(), TextColumn("days, {task.description}", markup=False))
        with Progress(*columns, console=Console(stderr=True)) as bar:
            task = bar.add_task("reading", total=None)

            def show() -> None:
                done, total, said = standing()
                bar.update(task, completed=done, total=total or None, description=said)

            with _every(BREATH, show):
                yield
            show()
        return

    def tell() -> None:
        done, total, said = standing()
        typer.echo(f"backfill: {done} of {total} days, {said}", err=True)

    with _every(EVERY, tell):
        yield
    tell()


@contextlib.contextmanager
def _every(seconds: float, tell: Callable[[], None]) -> Iterator[None]:
    async def repeat() -> None:
        while True:
            await asyncio.sleep(seconds)
            tell()

    task = asyncio.get_running_loop().create_task(repeat())
    try:
        yield
    finally:
        task.cancel()
