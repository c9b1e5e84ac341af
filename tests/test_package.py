"""The wheel holds all that the program reads, and the image is made by targets that a checkout has too."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def wheel(tmp_path_factory, root) -> Path:
    """Built from a copy of what git would hand out, without build isolation, so with no network."""
    folder = tmp_path_factory.mktemp("wheel")
    tree = folder / "tree"
    tree.mkdir()
    for name in ("bot", "config"):
        shutil.copytree(root / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(root / name, tree / name)
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=tree, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def unpacked(wheel, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def elsewhere(unpacked: Path, code: str, cwd: Path) -> str:
    """What the code prints where only the unpacked wheel, not this checkout, gives `bot`."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("DESPATCH_", "PYTHON"))}
    code = f"import sys; sys.path[:0] = [{str(unpacked)!r}]\n{code}"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_every_file_of_the_program_and_the_configuration_is_in_the_wheel(wheel, root):
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    wanted = {
        str(path.relative_to(root)) for path in (root / "bot").rglob("*") if path.is_file() and path.suffix != ".pyc"
    }
    wanted |= {
        f"bot/default_config/{path.relative_to(root / 'config')}"
        for path in (root / "config").rglob("*")
        if path.is_file()
    }
    assert wanted <= held
    assert not [name for name in held if name.startswith(("tests/", "config/", "benchmarks/"))]


def test_an_unpacked_wheel_reads_its_own_configuration(unpacked, tmp_path):
    folder = elsewhere(unpacked, "from bot.settings import *; load(); print(default_folder())", tmp_path)
    assert Path(folder) == unpacked / "bot" / "default_config"
    code = "from bot.settings import *; s = load(); print(len(feeds(s)), *s.topics)"
    feeds, *topics = elsewhere(unpacked, code, tmp_path).split()
    assert int(feeds) >= 1 and topics == ["prevent"]
    code = "from bot.settings import *; from bot.topics.topic import named; print(named(load(), 'prevent').name)"
    assert elsewhere(unpacked, code, tmp_path) == "prevent"


def test_an_unpacked_wheel_migrates_an_archive(unpacked, tmp_path):
    code = """
import asyncio
import bot
from bot.archive import Archive
async def work():
    archive = await Archive.open("sqlite:///made.sqlite3")
    await archive.ping()
    await archive.close()
    print(bot.__file__)
asyncio.run(work())"""
    assert elsewhere(unpacked, code, tmp_path).startswith(str(unpacked))
    assert (tmp_path / "made.sqlite3").stat().st_size > 0


def test_the_wheels_command_is_despatch(unpacked):
    (entry,) = unpacked.glob("*.dist-info/entry_points.txt")
    assert "despatch = bot.cli:main" in entry.read_text()


def test_the_images_run_lines_are_make_targets(root):
    dockerfile = (root / "Dockerfile").read_text(encoding="utf-8")
    runs = [line.removeprefix("RUN ") for line in dockerfile.splitlines() if line.startswith("RUN ")]
    made = [line for line in runs if not line.startswith("useradd ")]
    assert made and all(line.startswith("make ") for line in made)
    for line in made:
        target = line.split()[1]
        done = subprocess.run(["make", "-n", target], cwd=root, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        for variable in re.findall(r"\b([A-Z_]+)=", line):
            assert re.search(rf"^{variable} \?=", (root / "Makefile").read_text(), re.MULTILINE), variable
    assert "USER despatch" in dockerfile and "HEALTHCHECK" in dockerfile and "VOLUME /data" in dockerfile


def test_every_package_of_the_locks_has_its_hash(root):
    for name in ("runtime.txt", "dev.txt", "weights.txt"):
        text = (root / "requirements" / name).read_text(encoding="utf-8")
        blocks = re.split(r"\n(?=\S)", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).strip())
        assert all("==" in block and "--hash=sha256:" in block for block in blocks), name
        assert not re.search(r"^(nvidia|triton|torch)\b", text, re.MULTILINE), name


def test_the_programs_lock_and_the_tests_lock_agree(root):
    def pins(name: str) -> dict[str, str]:
        text = (root / "requirements" / name).read_text(encoding="utf-8")
        return dict(re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE))

    runtime, dev = pins("runtime.txt"), pins("dev.txt")
    assert runtime.items() <= dev.items()


def test_torch_here_is_built_for_the_cpu(root):
    done = subprocess.run(
        [sys.executable, "requirements/prove.py", "torch"], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_a_cuda_build_of_torch_is_refused_with_the_mend(root, tmp_path):
    """A stand-in for an installed CUDA build: the same metadata and version file, none of the gigabytes."""
    (tmp_path / "torch").mkdir()
    (tmp_path / "torch" / "version.py").write_text("cuda = '12.8'\n")
    info = tmp_path / "torch-2.13.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: torch\nVersion: 2.13.0\n")
    done = subprocess.run(
        [sys.executable, "requirements/prove.py", "torch"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "TORCH_INDEX=https://download.pytorch.org/whl/cpu" in done.stderr and "Traceback" not in done.stderr
