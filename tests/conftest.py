"""What every room's tests share: the project's folder, the real data where it is, the models loaded once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.inference.models import Models
from bot.settings import Models as ModelSettings

os.environ.setdefault("OMP_NUM_THREADS", "2")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real data beside the project; a test that wants it skips, saying so, where it is absent."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"no real data at {folder}")
    return folder


@pytest.fixture(scope="session")
def models() -> Models:
    """The real encoder, parser and default writer, each loaded when a test first touches it."""
    return Models(ModelSettings())


@pytest.fixture(scope="session")
def extractive(models: Models) -> Models:
    """The same encoder and parser, without a writer."""
    bare = Models(ModelSettings(writer="none"))
    bare.__dict__.update(encoder=models.encoder, parser=models.parser)
    return bare
