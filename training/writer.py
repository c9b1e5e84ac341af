"""Trains the default writer's adapter: `python training/writer.py --data FOLDER [--out FOLDER]`.

FOLDER holds QMSum's committee meetings (`train.jsonl`). The pairs are made by rule (training/pairs.py), a settled
sample of each kind; the loss is on the answer alone, so that only the answer's places need the vocabulary. On one busy
thread the pairs take ten minutes and each epoch twenty-five.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import torch  # noqa: E402

from bot.inference.models import Models  # noqa: E402
from bot.inference.writer import TransformersWriter  # noqa: E402
from bot.settings import Models as ModelSettings  # noqa: E402
from bot.summarise.write import prompt  # noqa: E402
from training.pairs import Pair, pairs  # noqa: E402

OUT = ROOT / "bot" / "inference" / "adapters" / "smollm2-reporter"
MOST = {"join": 480, "we": 300, "cut": 280, "plain": 140, "question": 200, "bracket": 80}
"""Pairs of each kind that are learnt from: most of what the rules alone cannot do."""
RATE, WARM, BATCH, EPOCHS, SEED = 4e-4, 12, 8, 2, 5
MODULES = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]

Row = tuple[list[int], list[int]]
"""The tokens of a prompt and of its answer."""


def sample(found: Sequence[Pair]) -> list[Pair]:
    """At most MOST pairs of each kind, the same ones every time."""
    chance = random.Random(SEED)
    chosen: list[Pair] = []
    for kind, most in MOST.items():
        of_kind = [pair for pair in found if pair.kind == kind]
        chance.shuffle(of_kind)
        chosen += of_kind[:most]
    return chosen


def batches(rows: list[Row], chance: random.Random) -> Iterator[list[Row]]:
    """Rows of like length together, in an order that differs each time."""
    order = sorted(rows, key=lambda row: len(row[0]) + len(row[1]) + chance.random() * 12)
    grouped = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
    chance.shuffle(grouped)
    yield from grouped


def loss(model: torch.nn.Module, batch: list[Row], pad: int) -> torch.Tensor:
    """The mean loss over the answers' tokens."""
    longest = max(len(question) + len(answer) for question, answer in batch)
    tokens = torch.full((len(batch), longest), pad)
    mask = torch.zeros_like(tokens)
    answered = torch.zeros_like(tokens, dtype=torch.bool)
    for row, (question, answer) in enumerate(batch):
        length = len(question) + len(answer)
        tokens[row, :length] = torch.tensor(question + answer)
        mask[row, :length] = 1
        answered[row, len(question) : length] = True
    causal = model.base_model.model  # type: ignore[union-attr]
    states = causal.model(input_ids=tokens, attention_mask=mask).last_hidden_state  # type: ignore[operator, union-attr]
    before = states[:, :-1][answered[:, 1:]]
    wanted = tokens[:, 1:][answered[:, 1:]]
    return torch.nn.functional.cross_entropy(causal.lm_head(before), wanted)  # type: ignore[operator, union-attr]


def train(found: Sequence[Pair], out: Path) -> None:
    """Fit the adapter, and save it in half precision after each epoch."""
    from peft import LoraConfig, get_peft_model

    torch.manual_seed(SEED)
    writer = TransformersWriter(ModelSettings().writer, adapted=False)
    tokenizer, base = writer.tokenizer, writer.model
    rows = [
        (
            tokenizer(writer.framed(prompt(pair.request)), add_special_tokens=False)["input_ids"],
            tokenizer(pair.answer + tokenizer.eos_token, add_special_tokens=False)["input_ids"],
        )
        for pair in found
    ]
    model = get_peft_model(base, LoraConfig(r=8, lora_alpha=16, target_modules=MODULES, task_type="CAUSAL_LM"))
    model.train()
    wanted = [weight for weight in model.parameters() if weight.requires_grad]
    optimizer = torch.optim.AdamW(wanted, lr=RATE, weight_decay=0.0)
    steps, chance = EPOCHS * math.ceil(len(rows) / BATCH), random.Random(SEED)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / WARM, max(0.02, 1 - step / steps))
    )
    started, step, recent = time.monotonic(), 0, 0.0
    for _ in range(EPOCHS):
        for batch in batches(rows, chance):
            value = loss(model, batch, tokenizer.pad_token_id)
            value.backward()
            torch.nn.utils.clip_grad_norm_(wanted, 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            step += 1
            recent = value.item() if step == 1 else 0.9 * recent + 0.1 * value.item()
            if step % 10 == 0:
                print(f"step {step}/{steps}  loss {recent:.3f}  {time.monotonic() - started:.0f} s", flush=True)
        save(model, out)


def save(model: torch.nn.Module, out: Path) -> None:
    """adapter_model.safetensors in half precision, and the adapter's settings."""
    from peft import get_peft_model_state_dict
    from safetensors.torch import save_file

    out.mkdir(parents=True, exist_ok=True)
    weights = {name: weight.detach().half().contiguous() for name, weight in get_peft_model_state_dict(model).items()}
    save_file(weights, out / "adapter_model.safetensors", metadata={"format": "pt"})
    config = {
        "peft_type": "LORA",
        "task_type": "CAUSAL_LM",
        "base_model_name_or_path": "HuggingFaceTB/SmolLM2-135M-Instruct",
        "r": 8,
        "lora_alpha": 16,
        "lora_dropout": 0.0,
        "bias": "none",
        "target_modules": MODULES,
        "inference_mode": True,
    }
    (out / "adapter_config.json").write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder with QMSum's committee train.jsonl")
    parser.add_argument("--out", type=Path, default=OUT)
    asked = parser.parse_args()
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    found = sample(pairs(asked.data / "train.jsonl", Models(ModelSettings(writer="none"))))
    print(f"{len(found)} pairs: {dict(Counter(pair.kind for pair in found))}", flush=True)
    train(found, asked.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
