"""The command line: each command of `bot/commands` parses its call, asks the rooms, and prints.

Standard output holds the answer and nothing else. Exit code 0 is done, 1 that the work failed, 2 that the call, a named
file or the configuration was wrong. The rooms are imported inside the commands, so that `despatch --help` does not wait
for the models.
"""

from __future__ import annotations

import sys
import traceback
from typing import Annotated

import typer

from bot.commands import asking, backfilling, exporting, keeping, reading, running, searching, withdrawing
from bot.errors import ConfigurationError, DespatchError, InputError, ModelMissing

app = typer.Typer(
    name="despatch",
    help="Follows a subject through Parliament and the press, and says who said what, with the evidence.",
    epilog="Settings: despatch.toml in the folder that DESPATCH_CONFIG names, and DESPATCH_* variables over it. "
    "The bot's token: DISCORD_TOKEN or DISCORD_TOKEN_FILE.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

for command in (
    running.run,
    running.poll,
    reading.match,
    reading.summarise,
    asking.ask,
    searching.search,
    reading.check,
    reading.stories,
    keeping.roundup,
    backfilling.backfill,
    exporting.export,
    withdrawing.withdraw,
    running.doctor,
):
    app.command()(command)


@app.callback(invoke_without_command=True)
def _options(
    version: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False,
) -> None:
    if version:
        from bot.doctor import version as release

        typer.echo(f"despatch {release()}")
        raise typer.Exit


def main() -> None:
    """The `despatch` command."""
    try:
        app(prog_name="despatch")
    except DespatchError as error:
        from bot.observe import redact

        print(f"despatch: {redact(' '.join(str(error).split()))}", file=sys.stderr)  # noqa: T201
        sys.exit(2 if isinstance(error, InputError | ConfigurationError | ModelMissing) else 1)
    except Exception:
        from bot.observe import redact

        sys.stderr.write(redact(traceback.format_exc()))
        sys.exit(1)


if __name__ == "__main__":
    main()
