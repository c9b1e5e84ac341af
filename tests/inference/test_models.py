"""The encoder and the writer, whatever model is configured."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import transformers

from bot.domain import Contribution, Document, Kind, Origin
from bot.errors import ModelError, ModelMissing
from bot.inference import weights
from bot.inference.models import Models
from bot.inference.weights import locate
from bot.inference.writer import TransformersWriter
from bot.settings import Models as ModelSettings
from bot.summarise.digest import summarise
from bot.summarise.people import people
from bot.summarise.write import Request, formed, prompt


def test_vectors_are_unit_rows_in_the_order_of_the_texts(models: Models) -> None:
    texts = ["The Prevent programme", "A much longer sentence about eels and the sea off Norfolk", "Prevent programme"]
    rows = models.encoder.encode(texts)
    assert rows.shape == (3, 384)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert rows[0] @ rows[2] > rows[0] @ rows[1]
    assert models.encoder.encode([]).shape == (0, 384)


def test_a_batch_gives_what_each_would_alone(models: Models) -> None:
    texts = ["One.", "Two sentences stand here. This is the other of them.", "Three"]
    assert np.allclose(models.encoder.encode(texts)[1], models.encoder.encode([texts[1]])[0], atol=1e-5)


def test_none_is_no_writer() -> None:
    assert Models(ModelSettings(writer="none")).writer is None


@pytest.fixture(scope="module")
def tiny_summariser(tmp_path_factory: pytest.TempPathFactory, models: Models) -> Path:
    """A sequence-to-sequence model of another make, a few kilobytes with random weights, saved as a folder."""
    folder = tmp_path_factory.mktemp("t5")
    source = locate(models.settings.encoder).path
    assert source is not None
    transformers.AutoTokenizer.from_pretrained(source).save_pretrained(folder)
    config = transformers.T5Config(
        vocab_size=30522,
        d_model=16,
        d_kv=8,
        d_ff=32,
        num_layers=1,
        num_heads=2,
        decoder_start_token_id=0,
        pad_token_id=0,
    )
    transformers.T5ForConditionalGeneration(config).save_pretrained(folder)
    return folder


def test_a_summarisation_model_of_another_make_takes_the_writers_place(tiny_summariser: Path) -> None:
    writer = TransformersWriter(str(tiny_summariser))
    answers = writer.write(["Report what was said.", "And this, which is longer than the other."], max_tokens=5)
    assert len(answers) == 2
    assert all(isinstance(answer, str) for answer in answers)


def test_a_digest_is_made_with_a_model_of_another_make(tiny_summariser: Path, models: Models) -> None:
    other = Models(ModelSettings(writer=str(tiny_summariser)))
    other.__dict__.update(encoder=models.encoder, parser=models.parser)
    said = "Many councils in the north have lost their coordinators. Frankly, we think that the duty is not understood."
    speech = Contribution("c1", said, "Tobias Wren")
    digest = summarise(other, [Document("file", "d1", Kind.DEBATE, "Prevent", (speech,))])
    assert digest.writer == str(tiny_summariser)
    assert list(digest.sentences())
    assert not any(line.origin is Origin.WRITTEN for line in digest.sentences())


def test_the_default_writer_has_its_adapter_and_says_so(models: Models) -> None:
    assert models.writer is not None
    assert models.writer.name.startswith(f"{models.settings.writer} + smollm2-reporter ")
    speech = Contribution("c1", "", "Lord Wexcombe")
    request = Request(people([speech], None)["Lord Wexcombe"], ("Well, we have not seen the figures for Harrowby.",))
    (answer,) = models.writer.write([prompt(request)])
    assert formed(answer, request) == "Lord Wexcombe said that they had not seen the figures for Harrowby."


def test_an_adapter_that_is_not_ours_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    default = ModelSettings().writer
    monkeypatch.setitem(weights.ADAPTERS, default, ("smollm2-reporter", "0" * 64))
    with pytest.raises(ModelMissing, match="reinstall despatch"):
        weights.adapter_of(default)
    assert not next(weight for weight in weights.check(ModelSettings()) if weight.name == "writer").ok


def test_the_default_writer_answers_every_prompt_in_order(models: Models) -> None:
    writer = models.writer
    assert writer is not None
    answers = writer.write(
        ["Say the word: apple", "Say the word: river, and nothing else at all, please"], max_tokens=6
    )
    assert len(answers) == 2
    assert all(answers)


def test_a_folder_without_a_model_is_refused_by_its_key(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"models\.writer"):
        TransformersWriter(str(tmp_path))
