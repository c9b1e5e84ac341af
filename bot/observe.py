"""What an operator sees of a running bot: logs without secrets, Prometheus metrics, /healthz.

Logs go to standard error, one JSON object a line (or, on a terminal, a readable line); those of discord.py, APScheduler
and SQLAlchemy pass through the same renderer. Redaction is the last step before a line is written, over the whole
line, so that it reaches tracebacks and foreign records as well.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import Any, TextIO

import structlog
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest

from bot.errors import ConfigurationError
from bot.settings import Settings

DOCUMENTS = Counter("despatch_documents_read_total", "Documents that a source gave, seen before or not.", ["source"])
SOURCE_FAILURES = Counter("despatch_source_failures_total", "Readings of a source that failed.", ["source"])
LAST_POLL = Gauge("despatch_last_poll_timestamp_seconds", "When a source was last read to the end.", ["source"])
MATCHES = Counter("despatch_matches_total", "Verdicts on whether a document is about a topic.", ["topic", "matched"])
DIGESTS = Counter("despatch_digests_total", "Digests made.", ["topic", "status"])
DIGEST_SECONDS = Histogram(
    "despatch_digest_seconds", "Seconds that a digest took.", buckets=(1, 2, 5, 10, 20, 40, 80, 160, 320)
)
SENTENCES = Counter("despatch_sentences_total", "Sentences shown, by how they came about.", ["origin"])
REFUSED = Counter("despatch_sentences_refused_total", "Written sentences that their evidence did not carry.")
DELIVERIES = Counter("despatch_deliveries_total", "Attempts to post or edit a story in a channel.", ["result"])
WORKER_RESTARTS = Gauge("despatch_worker_restarts", "Times that the model process was started again.")
QUEUE = Gauge("despatch_queue_depth", "Rows that wait for a stage.", ["stage"])
LAG = Gauge("despatch_event_loop_lag_seconds", "How late the event loop last woke from a short sleep.")

LAG_EVERY = 1.0
"""Seconds between two looks at the event loop's lateness."""

HEALTH_TIMEOUT = 5.0
"""Seconds that a health check may take before it counts as failed: less than any probe's own patience."""

HIDDEN = "[hidden]"

_SECRETS = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        # A Discord token: the bot's id in base 64, a time, an HMAC. Also the old 'mfa.' form.
        (r"(?<![\w-])[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}", HIDDEN),
        (r"(?<![\w-])mfa\.[\w-]{60,}", HIDDEN),
        (r"(?i)\b(Bot|Bearer)\s+[\w.~+/-]{16,}=*", rf"\1 {HIDDEN}"),
        # Whoever holds an interaction's or a webhook's token may post with it.
        (r"/(webhooks|interactions)/(\d+)/[\w-]{20,}", rf"/\1/\2/{HIDDEN}"),
        # A database URL's password.
        (r"(\w[\w+.-]*://[^\s/:@\"']*):[^\s/@\"']+@", rf"\1:{HIDDEN}@"),
    )
)
_known: set[str] = set()
_QUIET = {"discord": "warning", "apscheduler": "warning", "sqlalchemy": "warning", "alembic": "warning"}
_NOISY = ("aiohttp.access", "aiosqlite", "asyncio", "httpx", "urllib3", "matplotlib", "trafilatura", "htmldate")


def redact(text: str) -> str:
    """The text without this bot's token, without what looks like one, and without passwords in URLs."""
    for secret in _known:
        text = text.replace(secret, HIDDEN)
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text


def configure(level: str = "info", *, json: bool | None = None, secrets: Iterable[str] = ()) -> None:
    """Send every log of the process to standard error at `level` (debug, info, warning, error).

    `json` left out means: unless standard error is a terminal. `secrets` are never written, whatever they look like.
    Call it again to change its mind; the secrets add up."""
    _known.update(secret for secret in secrets if len(secret) >= 8)
    as_json = not sys.stderr.isatty() if json is None else json
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ExtraAdder(),
    ]
    # Locals are left out of tracebacks: they would hold the token and a reader's questions.
    last: list[Any] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(default=str)]
        if as_json
        else [
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)
        ]
    )
    handler = _StandardError()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last, _redacted],
        )
    )
    root = logging.getLogger()
    for old in [each for each in root.handlers if isinstance(each, _StandardError)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level.upper())
    for name, quiet in _QUIET.items():
        logging.getLogger(name).setLevel(logging.NOTSET if level == "debug" else quiet.upper())
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(True)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared[:-1],
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def _redacted(_logger: Any, _method: str, line: Any) -> str:
    return redact(str(line))


class _StandardError(logging.StreamHandler[TextIO]):
    """Writes to what sys.stderr is now, not to what it was when logging was configured."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:
        return sys.stderr

    @stream.setter
    def stream(self, _value: TextIO) -> None:
        raise AttributeError("follows sys.stderr")


Health = Callable[[], Awaitable[str | None]]
Handler = Callable[[web.Request], Awaitable[web.Response]]


@contextlib.asynccontextmanager
async def serve(
    settings: Settings, health: Health, feed: Handler | None = None
) -> AsyncIterator[tuple[str, int] | None]:
    """While open, /healthz, /metrics and (where `feed` answers for it) /feed.xml are served on
    metrics_host:metrics_port, and the loop's lag is measured.

    `health` gives None when all is well, else the reason why not. Yields the address (port 0 takes a free one), or None
    where no port is set. Raises ConfigurationError where the address cannot be had."""
    lag = asyncio.create_task(_measure_lag(), name="event loop lag")
    try:
        if settings.metrics_port is None:
            yield None
            return
        app = web.Application()
        app.add_routes([web.get("/healthz", _healthz(health)), web.get("/metrics", _metrics)])
        if feed is not None:
            app.add_routes([web.get("/feed.xml", feed)])
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        try:
            try:
                await web.TCPSite(runner, settings.metrics_host, settings.metrics_port).start()
            except OSError as error:
                where = f"{settings.metrics_host}:{settings.metrics_port}"
                mend = f"{where} cannot be had ({error.strerror}); choose another port"
                raise ConfigurationError("DESPATCH_METRICS_PORT", "", mend) from None
            host, port = runner.addresses[0][:2]
            yield host, port
        finally:
            await runner.cleanup()
    finally:
        lag.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await lag


def _healthz(health: Health) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(_request: web.Request) -> web.Response:
        try:
            async with asyncio.timeout(HEALTH_TIMEOUT):
                trouble = await health()
        except TimeoutError:
            trouble = f"the archive did not answer within {HEALTH_TIMEOUT:g} s"
        except Exception as error:
            structlog.get_logger(__name__).exception("health check failed")
            trouble = f"{type(error).__name__}: {error}"
        if trouble is None:
            return web.Response(text="ok\n")
        return web.Response(text=redact(trouble) + "\n", status=503)

    return answer


async def _metrics(_request: web.Request) -> web.Response:
    return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})


async def _measure_lag() -> None:
    while True:
        before = time.monotonic()
        await asyncio.sleep(LAG_EVERY)
        LAG.set(max(0.0, time.monotonic() - before - LAG_EVERY))
