"""Logs hold no secret, metrics and health are served, and a log line is one that a machine can read."""

from __future__ import annotations

import asyncio
import json
import logging
import warnings

import aiohttp
import hypothesis
import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from bot import observe
from bot.errors import ConfigurationError
from bot.settings import Settings

# Shaped as Discord's tokens are; of nobody's bot.
TOKEN = "MTA5OTk5OTk5OTk5OTk5OTk5OQ." + "GxTest." + "aaaaBBBBccccDDDDeeeeFFFFgggg_hhhh-iiii"
SECRET = "an-operators-own-secret-42"


@pytest.fixture(autouse=True)
def _restored():
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(False)
    structlog.reset_defaults()


def lines(capsys) -> list[dict]:
    captured = capsys.readouterr()
    assert captured.out == ""
    return [json.loads(line) for line in captured.err.splitlines()]


def test_a_log_line_is_one_json_object_on_standard_error(capsys):
    observe.configure("info", json=True)
    structlog.get_logger("bot.test").info("polled", source="hansard", documents=3)
    (row,) = lines(capsys)
    assert row["event"] == "polled" and row["source"] == "hansard" and row["documents"] == 3
    assert row["level"] == "info" and row["logger"] == "bot.test" and row["timestamp"].endswith("Z")


def test_what_is_below_the_level_is_not_written(capsys):
    observe.configure("warning", json=True)
    structlog.get_logger("bot.test").info("quiet")
    logging.getLogger("anything").info("quiet")
    structlog.get_logger("bot.test").warning("loud")
    assert [row["event"] for row in lines(capsys)] == ["loud"]


def test_configuring_twice_does_not_write_twice(capsys):
    observe.configure("info", json=True)
    observe.configure("info", json=True)
    structlog.get_logger("bot.test").info("once")
    assert len(lines(capsys)) == 1


@pytest.mark.parametrize("as_json", [True, False])
def test_the_token_is_never_written_not_even_in_a_traceback(capsys, as_json):
    observe.configure("debug", json=as_json, secrets=[SECRET])

    def login(token: str) -> None:
        raise RuntimeError(f"bad token {token}")

    log = structlog.get_logger("bot.test")
    log.info(f"token {TOKEN}", token=TOKEN, nested={"header": [f"Bot {TOKEN}"]})
    for secret in (TOKEN, SECRET):
        try:
            login(secret)
        except RuntimeError:
            log.exception("login failed")
            logging.getLogger("discord.client").exception("login failed with %s", secret)
    for name in ("discord.http", "apscheduler.scheduler", "sqlalchemy.engine"):
        logging.getLogger(name).warning("sent %s", {"authorization": TOKEN, "own": SECRET})
    written = capsys.readouterr().err
    assert "login failed" in written and "Traceback" in written and "apscheduler" in written
    assert TOKEN not in written and SECRET not in written
    for part in TOKEN.split("."):
        assert part not in written


def test_a_webhooks_or_interactions_token_and_a_databases_password_are_hidden():
    shown = observe.redact(
        "POST https://discord.com/api/v10/webhooks/123/aW50ZXJhY3Rpb246MTIz_abcdef-x/messages/@original "
        "postgresql+psycopg://despatch:hunter2@db.example:5432/despatch"
    )
    assert "aW50ZXJhY3Rpb246" not in shown and "hunter2" not in shown
    assert "/webhooks/123/" in shown and "db.example:5432/despatch" in shown


@hypothesis.settings(deadline=None)
@given(st.text(max_size=200))
def test_ordinary_text_is_not_hidden(text):
    if not any(len(word) > 20 for word in text.replace("/", " ").split()):
        assert observe.redact(text) == text


def test_addresses_and_ids_that_an_operator_needs_stay():
    line = (
        "https://hansard.parliament.uk/Commons/2025-02-12/debates/17D395DB-E0CB-4AB5-B5E0-C7EC346C85DE/x "
        "sha256 b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53 bot.inference.worker.Worker"
    )
    assert observe.redact(line) == line


def test_a_warning_becomes_a_log_line(capsys):
    observe.configure("info", json=True)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn("old ways", UserWarning, stacklevel=1)
    assert any("old ways" in row["event"] for row in lines(capsys))


def served(**values) -> Settings:
    return Settings(metrics_port=0, **values)


async def fetch(address: tuple[str, int], path: str) -> tuple[int, str, str]:
    async with aiohttp.ClientSession() as session, session.get(f"http://{address[0]}:{address[1]}{path}") as answer:
        return answer.status, await answer.text(), answer.content_type


async def test_healthz_is_200_when_well_and_503_with_the_reason_when_not():
    reason: list[str | None] = ["the gateway is not ready"]

    async def health() -> str | None:
        return reason[0]

    async with observe.serve(served(), health) as address:
        status, text, _ = await fetch(address, "/healthz")
        assert status == 503 and "gateway is not ready" in text
        reason[0] = None
        assert (await fetch(address, "/healthz"))[:2] == (200, "ok\n")


async def test_a_health_check_that_raises_or_hangs_is_a_503(monkeypatch, capsys):
    monkeypatch.setattr(observe, "HEALTH_TIMEOUT", 0.05)
    observe.configure("info", json=True)

    async def raises() -> str | None:
        raise OSError(f"disk full {TOKEN}")

    async def hangs() -> str | None:
        await asyncio.sleep(30)
        return None

    async with observe.serve(served(), raises) as address:
        status, text, _ = await fetch(address, "/healthz")
        assert status == 503 and "disk full" in text and TOKEN not in text
    async with observe.serve(served(), hangs) as address:
        status, text, _ = await fetch(address, "/healthz")
        assert status == 503 and "did not answer" in text
    assert TOKEN not in capsys.readouterr().err


async def test_metrics_are_prometheus_text(monkeypatch):
    async def well() -> str | None:
        return None

    monkeypatch.setattr(observe, "LAG_EVERY", 0.01)
    observe.DOCUMENTS.labels(source="test source").inc(2)
    async with observe.serve(served(), well) as address:
        await asyncio.sleep(0.05)
        status, text, kind = await fetch(address, "/metrics")
    assert status == 200 and kind == "text/plain"
    assert 'despatch_documents_read_total{source="test source"} 2.0' in text
    for name in ("source_failures", "matches", "digests", "sentences", "sentences_refused", "deliveries"):
        assert f"# TYPE despatch_{name}_total counter" in text
    for name in ("worker_restarts", "queue_depth", "last_poll_timestamp_seconds", "event_loop_lag_seconds"):
        assert f"# TYPE despatch_{name} gauge" in text


async def test_without_a_port_nothing_listens():
    async def well() -> str | None:
        return None

    async with observe.serve(Settings(), well) as address:
        assert address is None


async def test_a_port_in_use_is_a_configuration_error_that_names_it():
    async def well() -> str | None:
        return None

    async with observe.serve(served(), well) as address:
        assert address is not None
        with pytest.raises(ConfigurationError, match=f"DESPATCH_METRICS_PORT.*{address[1]}"):
            async with observe.serve(Settings(metrics_port=address[1]), well):
                pass
