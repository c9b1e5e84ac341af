"""What is asked of documents at hand: are they about the topic, what do they say, do they carry a claim."""

from __future__ import annotations

from typing import Annotated

import typer

from bot import terminal
from bot.commands.options import Inputs, Pages, Sources, Verdicts
from bot.errors import InputError


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
    from bot.pipeline.work import digest_alone
    from bot.text import markdown, plain
    from bot.topics.matcher import Matcher
    from bot.topics.topic import named

    with terminal.answer() as out, terminal.progress() as say:
        say("reading")
        documents = terminal.read_or_fetch(sources, settings)
        if len(documents) > 1 and format is not Pages.JSONL:
            raise InputError(f"{len(documents)} documents were given; several need --format jsonl")
        loaded = Models(settings.models)
        matchers = [Matcher(named(settings, name), loaded.encoder) for name in settings.topics]
        for number, document in enumerate(documents, 1):
            say(f"{number} of {len(documents)}: {document.title or document.id}")
            digest = digest_alone(loaded, document, matchers, max_words or settings.models.max_words)
            if format in (Pages.JSON, Pages.JSONL):
                terminal.print_json(out, digest_json(digest))
            else:
                print((markdown if format is Pages.MARKDOWN else plain)(digest), file=out, flush=True)


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
