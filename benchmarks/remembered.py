"""An encoder that keeps every vector on disk, so that a benchmark run twice encodes once."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from bot.inference.encoder import Encoder, Vectors

_BLOCK = 512


class Remembered:
    """Stands for an Encoder: the same vectors, read from `folder` where they were made before.

    `load` makes the encoder itself, and is not called while everything asked for is known."""

    def __init__(self, folder: Path, load: Callable[[], Encoder], *, name: str = "all-MiniLM-L6-v2") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._load = load
        self._known: dict[bytes, Vectors] = {}
        self._file = sqlite3.connect(folder / "vectors.sqlite3", timeout=60)
        self._file.execute("create table if not exists vectors (text blob primary key, vector blob)")
        self.name = name

    @cached_property
    def _encoder(self) -> Encoder:
        return self._load()

    def encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, 384), dtype=np.float32)
        keys = [hashlib.blake2b(text.encode(), digest_size=16).digest() for text in texts]
        self._recall(keys)
        new = list({key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}.items())
        for start in range(0, len(new), _BLOCK):
            block = new[start : start + _BLOCK]
            made = self._encoder.encode([text for _, text in block])
            self._known.update(zip((key for key, _ in block), made, strict=True))
            rows = [(key, row.tobytes()) for (key, _), row in zip(block, made, strict=True)]
            with self._file:
                self._file.executemany("insert or ignore into vectors values (?, ?)", rows)
        return np.stack([self._known[key] for key in keys])

    def _recall(self, keys: Sequence[bytes]) -> None:
        for key in keys:
            if key not in self._known:
                found = self._file.execute("select vector from vectors where text = ?", (key,)).fetchone()
                if found:
                    self._known[key] = np.frombuffer(found[0], dtype=np.float32)
