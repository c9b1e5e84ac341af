"""One configuration: a file, variables over it, and a wrong key named with its mend."""

from __future__ import annotations

import os
import re
import tomllib
from datetime import timedelta
from pathlib import Path

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import settings
from bot.errors import ConfigurationError


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch):
    for name in list(os.environ):
        if name.startswith("DESPATCH_") or name.startswith("DISCORD_TOKEN"):
            monkeypatch.delenv(name)


def write(folder: Path, text: str) -> Path:
    (folder / "despatch.toml").write_text(text, encoding="utf-8")
    return folder


def test_the_packaged_defaults_are_a_whole_configuration():
    loaded = settings.load()
    assert loaded.topics == ("prevent",) and loaded.token is None
    assert loaded.hansard_url == "https://hansard-api.parliament.uk"


def test_the_packaged_file_says_every_key_with_its_default(root):
    """A commented line is the default, so uncommenting all of them changes nothing."""
    text = (root / "config" / "despatch.toml").read_text(encoding="utf-8")
    uncommented = re.sub(r"^# (?=[a-z_]+ = )", "", text, flags=re.MULTILINE)
    table = tomllib.loads(uncommented)
    said = {f"{k}.{inner}" for k, v in table.items() if isinstance(v, dict) for inner in v}
    said |= {key for key, value in table.items() if not isinstance(value, dict)}
    known = set()
    for name, field in settings.Settings.model_fields.items():
        inner = getattr(field.annotation, "model_fields", None)
        known |= {f"{name}.{each}" for each in inner} if inner else {name}
    assert said == known - {"folder", "token"}
    optional = {"database_url", "metrics_port", "operator_channel"}
    kept = {key: value for key, value in table.items() if key not in optional}
    kept["poll"].pop("every")
    defaults = settings.Settings()
    loaded = settings.Settings(**kept)
    assert loaded == defaults


def test_the_manual_names_every_key_and_its_variable(root):
    manual = (root / "docs" / "configuration.md").read_text(encoding="utf-8")
    for name, field in settings.Settings.model_fields.items():
        if name in ("folder", "token"):
            continue
        inner = getattr(field.annotation, "model_fields", None)
        for key in [f"{name}.{each}" for each in inner] if inner else [name]:
            assert f"`{key}`" in manual, key
    assert "`DISCORD_TOKEN`" in manual and "`DISCORD_TOKEN_FILE`" in manual and "`DESPATCH_CONFIG`" in manual


def test_a_variable_wins_over_the_file(tmp_path, monkeypatch):
    write(tmp_path, '[poll]\nsitting = "20m"\nevery = "1h"\n')
    monkeypatch.setenv("DESPATCH_POLL__EVERY", "5s")
    loaded = settings.load(tmp_path)
    assert loaded.poll.every == timedelta(seconds=5) and loaded.poll.sitting == timedelta(minutes=20)


def test_despatch_config_names_a_folder_or_a_file(tmp_path, monkeypatch):
    write(tmp_path, 'log_level = "debug"\n')
    for named in (tmp_path, tmp_path / "despatch.toml"):
        monkeypatch.setenv("DESPATCH_CONFIG", str(named))
        assert settings.load().log_level == "debug"
        assert settings.load().folder == tmp_path


def test_a_folder_with_feeds_alone_is_a_whole_configuration(tmp_path):
    (tmp_path / "feeds.toml").write_text('[[feed]]\nname = "One"\nurl = "https://one.example/rss"\nevery = "10m"\n')
    loaded = settings.load(tmp_path)
    assert [feed.name for feed in settings.feeds(loaded)] == ["One"]
    assert loaded.file("topics/prevent.toml").parent.parent == settings.default_folder()


def test_the_token_comes_from_the_environment_or_a_file_and_shows_itself_nowhere(tmp_path, monkeypatch):
    (tmp_path / "token").write_text("a-token-from-a-file\n")
    monkeypatch.setenv("DISCORD_TOKEN_FILE", str(tmp_path / "token"))
    loaded = settings.load()
    assert loaded.token is not None and loaded.token.get_secret_value() == "a-token-from-a-file"
    assert "a-token-from" not in repr(loaded) + str(loaded) + loaded.model_dump_json()
    monkeypatch.setenv("DISCORD_TOKEN", "one-from-the-environment")
    assert settings.load().token.get_secret_value() == "one-from-the-environment"


@pytest.mark.parametrize(
    ("text", "key", "mend"),
    [
        ("colour = 1\n", "colour", "no such key"),
        ("[poll]\nevry = '5s'\n", "poll.evry", "no such key"),
        ("[poll]\nevery = 'often'\n", "poll.every", "write it as 90s, 10m, 2h or 15d"),
        ("[poll]\nevery = '0s'\n", "poll.every", "more than nothing"),
        ("hansard_url = 'ftp://x'\n", "hansard_url", "must begin with http"),
        ("metrics_port = 70000\n", "metrics_port", "less than or equal to 65535"),
        ("log_level = 'loud'\n", "log_level", "debug|info|warning|error"),
        ("[http]\nallow_private = '10.0.0.0/99'\n", "http.allow_private", "network"),
        ("token = 'x'\n", "token", "DISCORD_TOKEN"),
        ("topics = [\n", "", "is not TOML"),
    ],
)
def test_what_is_wrong_is_named_with_file_key_and_mend(tmp_path, text, key, mend):
    with pytest.raises(ConfigurationError) as caught:
        settings.load(write(tmp_path, text))
    said = str(caught.value)
    assert str(tmp_path / "despatch.toml") in said and key in said and mend in said and "\n" not in said


def test_a_wrong_variable_is_named_itself(tmp_path, monkeypatch):
    monkeypatch.setenv("DESPATCH_POLL__EVERY", "often")
    with pytest.raises(ConfigurationError, match="DESPATCH_POLL__EVERY"):
        settings.load(write(tmp_path, ""))


@pytest.mark.parametrize(
    ("variable", "value"),
    [("DESPATCH_TOPICS", "prevent"), ("DESPATCH_HTTP", "fast"), ("DESPATCH_POLL", '{"every":')],
)
def test_a_variable_that_should_be_json_and_is_not_is_named(tmp_path, monkeypatch, variable, value):
    monkeypatch.setenv(variable, value)
    with pytest.raises(ConfigurationError, match=f"^{variable}: .*is not JSON; a list is written as"):
        settings.load(write(tmp_path, ""))


def test_an_empty_variable_is_no_variable(tmp_path, monkeypatch):
    for variable in ("DESPATCH_METRICS_PORT", "DESPATCH_POLL__EVERY", "DESPATCH_TOPICS"):
        monkeypatch.setenv(variable, "")
    found = settings.load(write(tmp_path, "metrics_port = 9000\n"))
    assert (found.metrics_port, found.poll.every, found.topics) == (9000, None, ("prevent",))


def test_a_folder_that_is_not_there_is_named(monkeypatch):
    monkeypatch.setenv("DESPATCH_CONFIG", "/no/such/folder")
    with pytest.raises(ConfigurationError, match=r"DESPATCH_CONFIG: /no/such/folder"):
        settings.load()


def test_a_wrong_part_of_a_list_is_named_by_its_variable_and_key_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("DESPATCH_HTTP__ALLOW_PRIVATE", "127.0.0.0/8,banana")
    with pytest.raises(ConfigurationError, match=r"^DESPATCH_HTTP__ALLOW_PRIVATE: http\.allow_private: [^\[]*network"):
        settings.load(write(tmp_path, ""))


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ('[[feed]]\nurl = "https://x.example/"\n', "name: is missing"),
        ('[[feed]]\nname = "A"\nurl = "x.example"\n', "feed A: url"),
        ('[[feed]]\nname = "A"\nurl = "https://x.example/"\nevery = "soon"\n', "feed A: every"),
        ('[[feed]]\nname = "A"\nurl = "https://x.example/"\ncolour = 1\n', "feed A: colour"),
        ('[[feed]]\nname = "A"\nurl = "https://x.example/"\n' * 2, "used twice"),
        (
            '[[feed]]\nname = "A"\nurl = "https://x.example/"\n[[feed]]\nname = " A "\nurl = "https://x.example/"\n',
            "twice",
        ),
        ('feed = ["A"]\n', r"write each feed as a \[\[feed\]\] table"),
        ('[feeds]\nname = "A"\n', r"feeds are \[\[feed\]\] tables"),
    ],
)
def test_a_wrong_feed_is_named(tmp_path, text, mend):
    (tmp_path / "feeds.toml").write_text(text)
    with pytest.raises(ConfigurationError, match=mend):
        settings.feeds(settings.load(tmp_path))


def test_private_networks_are_a_list_parted_by_commas(monkeypatch):
    monkeypatch.setenv("DESPATCH_HTTP__ALLOW_PRIVATE", "127.0.0.0/8, ::1/128")
    assert [str(each) for each in settings.load().http.allow_private] == ["127.0.0.0/8", "::1/128"]


@hypothesis.settings(deadline=None)
@given(st.integers(1, 300), st.sampled_from("smhd"))
def test_a_duration_reads_as_it_is_written(number, unit):
    seconds = {"s": 1, "m": 60, "h": 3600, "d": 86400}[unit]
    assert settings.duration(f"{number}{unit}") == timedelta(seconds=number * seconds)
