"""The encoder: sentences to unit vectors (all-MiniLM-L6-v2, 384 dimensions, unless another is configured)."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.errors import ModelMissing
from bot.inference.batches import by_length
from bot.inference.weights import brings, locate, verify

Vectors = npt.NDArray[np.float32]

_BATCH = 32
_TOKENS = 256
"""all-MiniLM-L6-v2 was trained on at most 256 tokens (its sentence_bert_config.json)."""


class Encoder:
    """Mean-pooled, unit-length sentence vectors. Raises ModelMissing where the model cannot be loaded."""

    def __init__(self, name: str) -> None:
        import transformers

        located = locate(name)
        verify(located)
        where: str = str(located.path or located.hub)
        options: dict[str, Any] = {"revision": located.revision} if located.revision else {}
        transformers.logging.set_verbosity_error()
        transformers.utils.logging.disable_progress_bar()
        # What the hub's library retries it also tells; the error that comes of it is one line.
        logging.getLogger("huggingface_hub").setLevel(logging.ERROR)
        try:
            self._tokenizer = transformers.AutoTokenizer.from_pretrained(where, trust_remote_code=False, **options)
            self._model = transformers.AutoModel.from_pretrained(
                where, trust_remote_code=False, use_safetensors=True, **options
            ).eval()
        except (OSError, ValueError) as error:
            raise ModelMissing(f"models.encoder: {name}: {first_line(error)}{brings(name)}") from None
        self.name = name

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One unit row a text, in order, float32; an empty sequence gives shape (0, width)."""
        import torch

        width = int(self._model.config.hidden_size)
        rows = np.zeros((len(texts), width), dtype=np.float32)
        with torch.inference_mode():
            for chosen in by_length(texts, _BATCH):
                batch = self._tokenizer(
                    [texts[index] for index in chosen],
                    padding=True,
                    truncation=True,
                    max_length=_TOKENS,
                    return_tensors="pt",
                )
                hidden = self._model(**batch).last_hidden_state
                mask = batch["attention_mask"].unsqueeze(-1).to(hidden.dtype)
                pooled = (hidden * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
                rows[chosen] = torch.nn.functional.normalize(pooled, dim=1).float().numpy()
        return rows


def first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
