"""What `make install` proves of the environment that it made: the build of torch, the weights, no CUDA.

`python requirements/prove.py torch` runs before torch's own dependencies are there, so it reads and does not import.
"""

from __future__ import annotations

import runpy
import sys
from importlib import metadata
from pathlib import Path

CPU_INDEX = "https://download.pytorch.org/whl/cpu"


def torch_is_for_cpu() -> str | None:
    """None if torch is the version of torch.txt, built for the CPU, and no nvidia package is there; else what to do."""
    pinned = (Path(__file__).parent / "torch.txt").read_text(encoding="utf-8").split("torch==")[1].split()[0]
    found = metadata.distribution("torch")
    if found.version.partition("+")[0] != pinned:
        return f"torch {found.version} is installed, {pinned} is wanted: run `make clean install`"
    if runpy.run_path(str(found.locate_file("torch/version.py"))).get("cuda"):
        return f"this index serves torch's CUDA build: run `make clean install TORCH_INDEX={CPU_INDEX}`"
    if nvidia := sorted(name for each in metadata.distributions() if (name := each.name).startswith("nvidia-")):
        return f"{nvidia[0]} is installed, and nothing here wants it: run `make clean install`"
    return None


def weights_are_known() -> str | None:
    """None if every default model is on this machine with the known checksum; else the first that is not."""
    from bot.inference import weights
    from bot.settings import Models

    wrong = [each for each in weights.check(Models()) if not each.ok]
    return f"{wrong[0].name}: {wrong[0].detail}; {wrong[0].mend}" if wrong else None


if __name__ == "__main__":
    proof = {"torch": torch_is_for_cpu, "weights": weights_are_known}[sys.argv[1]]
    if trouble := proof():
        sys.exit(f"despatch: {trouble}")
