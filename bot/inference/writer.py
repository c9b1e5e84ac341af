"""The writer: prompts to sentences, by any causal or sequence-to-sequence model that `transformers` loads.

Its words are never shown unchecked: the verifier has the last word, whatever a model says.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from bot.errors import ModelMissing
from bot.inference.batches import by_length
from bot.inference.encoder import first_line
from bot.inference.weights import SHA256, Located, adapter_of, brings, cache_folder, locate, verify

_BATCH = 8
_PROMPT_TOKENS = 512


class Writer(Protocol):
    """Anything that answers prompts. `write` gives one answer a prompt, in order, possibly empty."""

    name: str

    def write(self, prompts: Sequence[str], *, max_tokens: int = 70) -> list[str]: ...


class TransformersWriter:
    """Greedy decoding in batches. A chat template is used where the tokenizer has one.

    The default model is given its adapter, merged into the weights, and says so in `name`; any other model writes as it
    is, and so does the default where it is not `adapted`. Raises ModelMissing where the model or its adapter cannot be
    loaded."""

    def __init__(self, name: str, *, adapted: bool = True) -> None:
        import transformers

        transformers.logging.set_verbosity_error()
        transformers.utils.logging.disable_progress_bar()
        # What the hub's library retries it also tells; the error that comes of it is one line.
        logging.getLogger("huggingface_hub").setLevel(logging.ERROR)
        located = locate(name)
        where, options = _source(located)
        try:
            config = transformers.AutoConfig.from_pretrained(where, trust_remote_code=False, **options)
            kind = (
                transformers.AutoModelForSeq2SeqLM if config.is_encoder_decoder else transformers.AutoModelForCausalLM
            )
            self.tokenizer = transformers.AutoTokenizer.from_pretrained(
                where, trust_remote_code=False, padding_side="left", truncation_side="left", **options
            )
            self.model = kind.from_pretrained(where, trust_remote_code=False, use_safetensors=True, **options).eval()
        except (OSError, ValueError, KeyError) as error:
            raise ModelMissing(f"models.writer: {name}: {first_line(error)}{brings(name)}") from None
        self._sequence_to_sequence = bool(config.is_encoder_decoder)
        if self.tokenizer.pad_token_id is None:
            self.tokenizer.pad_token = self.tokenizer.eos_token
        self.name = name
        if adapted and (adapter := adapter_of(name)) is not None:
            from peft import PeftModel

            with warnings.catch_warnings():
                # peft 0.21 asks transformers for something by a name that is to go.
                warnings.simplefilter("ignore", FutureWarning)
                self.model = PeftModel.from_pretrained(self.model, str(adapter.folder)).merge_and_unload().eval()
            self.name = f"{name} + {adapter.name}"

    def write(self, prompts: Sequence[str], *, max_tokens: int = 70) -> list[str]:
        import torch

        answers = [""] * len(prompts)
        texts = [self.framed(prompt) for prompt in prompts]
        with torch.inference_mode():
            for chosen in by_length(texts, _BATCH):
                batch = self.tokenizer(
                    [texts[index] for index in chosen],
                    padding=True,
                    truncation=True,
                    max_length=_PROMPT_TOKENS,
                    return_tensors="pt",
                    add_special_tokens=self._sequence_to_sequence or self.tokenizer.chat_template is None,
                )
                batch.pop("token_type_ids", None)
                made = self.model.generate(
                    **batch,
                    max_new_tokens=max_tokens,
                    do_sample=False,
                    num_beams=1,
                    pad_token_id=self.tokenizer.pad_token_id,
                )
                begin = 0 if self._sequence_to_sequence else batch["input_ids"].shape[1]
                words = self.tokenizer.batch_decode(made[:, begin:], skip_special_tokens=True)
                for index, text in zip(chosen, words, strict=True):
                    answers[index] = text.strip()
        return answers

    def framed(self, prompt: str) -> str:
        """The prompt as the model is given it: in its chat template, where it has one."""
        if self._sequence_to_sequence or self.tokenizer.chat_template is None:
            return prompt
        messages = [{"role": "user", "content": prompt}]
        return str(self.tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True))


def _source(located: Located) -> tuple[str, dict[str, Any]]:
    """What `from_pretrained` is given; a GGUF file is converted to safetensors once and then read from the cache."""
    if located.path is None:
        return str(located.hub), {"revision": located.revision} if located.revision else {}
    if located.path.suffix != ".gguf":
        verify(located)
        return str(located.path), {}
    return str(_converted(located)), {}


def _converted(located: Located) -> Path:
    """The folder with the GGUF's weights as safetensors: 20 s of dequantising the first time, 0.4 s from then on.

    Written beside and renamed, so that two processes or a kill leave a whole folder or none."""
    import transformers

    assert located.path is not None
    stamp = SHA256.get(located.name) or f"{located.path.stat().st_size}-{int(located.path.stat().st_mtime)}"
    folder = cache_folder() / "models" / f"{located.path.stem}-{stamp[:16]}"
    if folder.is_dir():
        return folder
    verify(located)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        source = {"pretrained_model_name_or_path": str(located.path.parent), "gguf_file": located.path.name}
        model = transformers.AutoModelForCausalLM.from_pretrained(**source)
        tokenizer = transformers.AutoTokenizer.from_pretrained(**source)
        for name in ("quantization_config", "_pre_quantization_dtype"):
            if hasattr(model.config, name):
                delattr(model.config, name)
        model.hf_quantizer = None
        model.is_quantized = False
        made = Path(scratch) / "model"
        model.save_pretrained(made)
        tokenizer.save_pretrained(made)
        try:
            made.replace(folder)
        except OSError:
            if not folder.is_dir():
                raise
            shutil.rmtree(made, ignore_errors=True)
    return folder
