"""The commands: each parses its call, asks the rooms, and prints. Standard output holds the answer and nothing else.

Exit code 0 is done, 1 that the work failed, 2 that the call, a named file or the configuration was wrong. The rooms
are imported inside the commands, so that `despatch --help` does not wait for the models.
"""

from __future__ import annotations

import asyncio
import sys
import traceback
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from bot import terminal
from bot.domain import LONDON
from bot.errors import ConfigurationError, DespatchError, InputError, ModelMissing

if TYPE_CHECKING:
    from bot.domain import Digest, Document, Match, Roundup
    from bot.inference.models import Models
    from bot.settings import Settings
    from bot.topics.topic import Topic

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


class Verdicts(StrEnum):
    """How `match` and `check` print."""

    JSON = "json"
    TEXT = "text"


class Pages(StrEnum):
    """How `summarise` prints."""

    JSON = "json"
    JSONL = "jsonl"
    TEXT = "text"
    MARKDOWN = "markdown"


class Newsletter(StrEnum):
    """How `roundup` prints."""

    JSON = "json"
    TEXT = "text"
    MARKDOWN = "markdown"


class Answers(StrEnum):
    """How `ask` prints."""

    JSON = "json"
    JSONL = "jsonl"
    TEXT = "text"


Inputs = Annotated[
    list[str],
    typer.Argument(
        metavar="FILE...",
        help="A transcript (.json, .jsonl), a debate as Hansard's API returns it, an HTML page or plain text; "
        "- is standard input.",
    ),
]
Sources = Annotated[
    list[str],
    typer.Argument(metavar="FILE|URL|-...", help="As for `match`, or the address of a debate or an article."),
]


@app.callback(invoke_without_command=True)
def _options(
    version: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False,
) -> None:
    if version:
        from bot.doctor import version as release

        typer.echo(f"despatch {release()}")
        raise typer.Exit


@app.command()
def run() -> None:
    """Run the bot: poll, digest and deliver until it is told to stop (SIGTERM or Ctrl-C)."""
    settings = terminal.configured()
    if settings.token is None:
        raise ConfigurationError("DISCORD_TOKEN", "", "is not set; it, or DISCORD_TOKEN_FILE, holds the bot's token")
    from bot import app as composition

    composition.main(settings)


@app.command()
def poll(
    source: Annotated[
        str | None, typer.Option(metavar="NAME", help="One source: hansard, statements, questions or feed:NAME.")
    ] = None,
    date: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="A sitting day, as 2025-02-12.")
    ] = None,
) -> None:
    """Read every source once, digest what matches and queue its deliveries.

    Prints a line a source, beginning with its name. Exit code 1 if not one source could be read."""
    settings = terminal.configured(quiet=True)
    day = date.date() if date else None
    if day is not None and day > datetime.now(LONDON).date():
        raise InputError(f"--date {day}: is still to come")
    from bot.app import build

    async def work() -> bool:
        async with build(settings) as program:
            say("reading the sources")
            results = await program.poll(source, day)
            for result in results:
                print(result, file=out, flush=True)
            say("digesting what matches")
            typer.echo(str(await program.digest()), err=True)
            return any(result.ok for result in results)

    with terminal.answer() as out, terminal.progress() as say:
        if not asyncio.run(work()):
            raise typer.Exit(1)


@app.command()
def match(
    files: Inputs,
    topic: Annotated[str, typer.Option(metavar="NAME", help="A file of config/topics, without .toml.")] = "prevent",
    format: Annotated[Verdicts, typer.Option(help="json is match/1.")] = Verdicts.TEXT,
) -> None:
    """Say whether each document is about the topic, and why."""
    settings = terminal.configured(quiet=True)
    from bot.contract import match_json
    from bot.topics.matcher import Matcher

    with terminal.answer() as out:
        matcher = Matcher(terminal.topic_named(settings, topic), terminal.PatientEncoder(settings))
        documents = terminal.read(files)
        rows = [(document, matcher.match(document)) for document in documents]
        if format is Verdicts.JSON:
            terminal.print_json(out, match_json(rows))
            return
        for document, verdict in rows:
            said = f"about {topic}" if verdict.matched else f"not about {topic}"
            terminal.print_verdict(out, document.id, said, verdict.score, verdict.reasons)


@app.command()
def summarise(
    sources: Sources,
    max_words: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="The longest digest, in words; 300 if left out.")
    ] = None,
    writer: Annotated[
        str | None,
        typer.Option(metavar="NAME|none", help="A hub name, a folder or package:NAME/PATH; none writes by rule alone."),
    ] = None,
    format: Annotated[Pages, typer.Option(help="json is digest/1; jsonl one a line, for several.")] = Pages.TEXT,
) -> None:
    """Make a digest of each document, whether it is about a topic or not."""
    settings = terminal.with_writer(terminal.configured(quiet=True), writer)
    from bot.contract import digest_json
    from bot.inference.models import Models
    from bot.text import markdown, plain

    with terminal.answer() as out, terminal.progress() as say:
        say("reading")
        documents = terminal.read_or_fetch(sources, settings)
        if len(documents) > 1 and format is not Pages.JSONL:
            raise InputError(f"{len(documents)} documents were given; several need --format jsonl")
        loaded = Models(settings.models)
        for number, document in enumerate(documents, 1):
            say(f"{number} of {len(documents)}: {document.title or document.id}")
            digest = _digest(loaded, settings, document, max_words or settings.models.max_words)
            if format in (Pages.JSON, Pages.JSONL):
                terminal.print_json(out, digest_json(digest))
            else:
                print((markdown if format is Pages.MARKDOWN else plain)(digest), file=out, flush=True)


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(metavar="[QUESTION]", help="What is asked.")] = None,
    *,
    questions: Annotated[
        str | None, typer.Option(metavar="FILE", help="Many questions in one run, one a line; - is standard input.")
    ] = None,
    file: Annotated[
        str | None, typer.Option(metavar="FILE", help="The document, or a .jsonl of several that are read as one.")
    ] = None,
    max_words: Annotated[int, typer.Option(min=1, metavar="N", help="The longest answer, in words.")] = 120,
    writer: Annotated[
        str | None, typer.Option(metavar="NAME|none", help="As for `summarise`; none writes by rule alone.")
    ] = None,
    format: Annotated[Answers, typer.Option(help="json is answer/1; jsonl one a line, for several.")] = Answers.TEXT,
) -> None:
    """Answer a question from a document, each sentence with its source, or say that the document does not answer it."""
    settings = terminal.with_writer(terminal.configured(quiet=True), writer)
    if (question is None) is (questions is None):
        raise InputError("give one question, or --questions with a file of them")
    if questions == file == "-":
        raise InputError("only one of the questions and the document can be standard input")
    from bot import asking
    from bot.text import clean

    if question is not None and not clean(question):
        raise InputError("the question is empty")
    if file is None:
        raise InputError("the archive cannot be asked yet; give the document with --file FILE")
    with terminal.answer() as out, terminal.progress() as say:
        asked = [question] if question is not None else asking.questions(questions or "", terminal.stdin())
        if len(asked) > 1 and format is Answers.JSON:
            raise InputError(f"{len(asked)} questions were given; several need --format jsonl")
        documents = terminal.read([file])
        from bot.contract import answer_json
        from bot.inference.models import Models
        from bot.summarise.ask import Reader

        reader = Reader(Models(settings.models), documents)
        for number, each in enumerate(asked, 1):
            say(f"{number} of {len(asked)}: {each}")
            found = reader.answer(each, max_words=max_words)
            if format is Answers.TEXT:
                print(asking.plain(found), end="" if number == len(asked) else "\n", file=out, flush=True)
            else:
                terminal.print_json(out, answer_json(found))


@app.command()
def check(
    claims: Annotated[
        str, typer.Argument(metavar="CLAIMS.jsonl", help='One {"id", "text", "evidence"?, "speaker"?} a line.')
    ],
    file: Annotated[str, typer.Option(metavar="FILE", help="The document that they are about.")],
    format: Annotated[Verdicts, typer.Option(help="json is check/1.")] = Verdicts.TEXT,
) -> None:
    """Say whether the document carries each claim, and why not."""
    settings = terminal.configured(quiet=True)
    if claims == file == "-":
        raise InputError("only one of the claims and the document can be standard input")
    from bot import claims as claim_file
    from bot.contract import check_json
    from bot.inference.models import Models
    from bot.summarise.verify import Verifier

    with terminal.answer() as out:
        pairs = claim_file.pair(claims, claim_file.read(claims, terminal.stdin()), terminal.read([file]))
        models = Models(settings.models)
        verifiers: dict[str, Verifier] = {}
        rows: list[tuple[str, bool, float, tuple[str, ...]]] = []
        for claim, document in pairs:
            if document.id not in verifiers:
                verifiers[document.id] = Verifier(document, models.parser, models.encoder)
            finding = verifiers[document.id].check(claim.text, evidence=claim.evidence, speaker=claim.speaker)
            rows.append((claim.id, finding.supported, finding.score, finding.reasons))
        if format is Verdicts.JSON:
            terminal.print_json(out, check_json(rows))
            return
        for name, supported, score, reasons in rows:
            terminal.print_verdict(out, name, "supported" if supported else "not supported", score, reasons)


@app.command()
def stories(
    file: Annotated[str, typer.Argument(metavar="FILE.jsonl", help="Transcripts, one a line; - is standard input.")],
    format: Annotated[Verdicts, typer.Option(help="json is stories/1.")] = Verdicts.TEXT,
) -> None:
    """Say which documents tell the same story: one event with its repeats, reports and reactions within a fortnight."""
    settings = terminal.configured(quiet=True)
    from bot.contract import stories_json
    from bot.inference.models import Models
    from bot.summarise.stories import stories as group

    with terminal.answer() as out, terminal.progress() as say:
        documents = terminal.read([file])
        say(f"comparing {len(documents)} documents")
        rows = list(zip(documents, group(Models(settings.models), documents), strict=True))
        if format is Verdicts.JSON:
            terminal.print_json(out, stories_json(rows))
        else:
            terminal.print_stories(out, rows)


@app.command()
def roundup(
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="The first day; the last one's week if left out."),
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="The last day; today if left out.")
    ] = None,
    topic: Annotated[str, typer.Option(metavar="NAME", help="A file of config/topics, without .toml.")] = "prevent",
    format: Annotated[Newsletter, typer.Option(help="json is roundup/1.")] = Newsletter.TEXT,
) -> None:
    """Print what the archive holds of some days, the weightiest story first, in two lines each."""
    settings = terminal.configured(quiet=True)
    last = until.date() if until else datetime.now(LONDON).date()
    first = since.date() if since else last - timedelta(days=6)
    if first > last:
        raise InputError(f"--since {first}: is after --until {last}")
    from bot import roundup_text
    from bot.archive import Archive
    from bot.contract import roundup_json
    from bot.pipeline.roundup import by_hand

    title = terminal.topic_named(settings, topic).title

    async def work() -> Roundup:
        async with await Archive.open(settings.database()) as archive:
            return await by_hand(archive, topic, title, first, last)

    with terminal.answer() as out:
        made = asyncio.run(work())
        if format is Newsletter.JSON:
            terminal.print_json(out, roundup_json(made))
        else:
            shown = roundup_text.markdown(made) if format is Newsletter.MARKDOWN else roundup_text.plain(made)
            print(shown, end="", file=out, flush=True)


@app.command()
def doctor() -> None:
    """Check the configuration, the database, the weights, each source and the Discord token; say what to do."""
    from bot import doctor as room

    worst = 0
    with terminal.answer() as out:
        try:
            settings = terminal.configured(quiet=True)
        except ConfigurationError as error:
            print(room.Finding("configuration", room.State.FAILED, str(error)), file=out)
            raise typer.Exit(2) from None

        async def work() -> int:
            code = 0
            async for finding in room.examine(settings):
                print(finding, file=out, flush=True)
                if finding.state is room.State.FAILED:
                    code = max(code, 2 if finding.name == "configuration" else 1)
            return code

        worst = asyncio.run(work())
    raise typer.Exit(worst)


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


def _digest(models: Models, settings: Settings, document: Document, max_words: int) -> Digest:
    from bot.summarise.digest import summarise as make
    from bot.topics.matcher import Matcher
    from bot.topics.topic import named

    found: list[tuple[Topic, Match]] = []
    for name in settings.topics:
        topic = named(settings, name)
        verdict = Matcher(topic, models.encoder).match(document)
        if verdict.matched:
            found.append((topic, verdict))
    if not found:
        return make(models, [document], topic=None, matches={}, max_words=max_words)
    topic, verdict = max(found, key=lambda pair: pair[1].score)
    return make(models, [document], topic=topic, matches={document.id: verdict}, max_words=max_words)


if __name__ == "__main__":
    main()
