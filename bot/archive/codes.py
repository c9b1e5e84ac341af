"""Unit vectors made small: their signs to sift by (48 bytes for 384 numbers), a byte a number to rank what is left.

A code is a row of 64-bit words; kept, it is followed by one more word over the others, so that a damaged one is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Words = npt.NDArray[np.uint64]

WORD = 8
"""Bytes of a word."""
BLOCK = 65536
"""Codes compared at a time: what is between two steps stays in the processor's cache."""

_SEED = np.uint64(0xD6E8FEB86659FD93)
_ODD = np.uint64(0x9E3779B97F4A7C15)


def signs(vectors: Floats) -> Words:
    """One bit a number, set where it is above nought; a row a vector, filled up to whole words."""
    return _words(np.packbits(vectors > 0, axis=1))


def steps(vectors: Floats) -> Words:
    """One signed byte a number, as a share of the vector's largest; a row a vector, filled up to whole words."""
    largest = np.abs(vectors).max(axis=1, keepdims=True, initial=1e-9)
    return _words(np.rint(vectors * (127 / largest)).astype(np.int8).view(np.uint8))


def cosines(codes: Words, vector: Floats) -> Floats:
    """How near each row of `steps` is to a unit vector, -1..1; as good as the vectors themselves to about 0.002."""
    values = codes.view(np.int8)[:, : len(vector)].astype(np.float32)
    lengths = np.linalg.norm(values, axis=1)
    return (values @ vector) / np.maximum(lengths, 1e-9)  # type: ignore[no-any-return]


def sealed(codes: Words) -> list[bytes]:
    """Each row as it is kept, its check word last."""
    return [row.tobytes() for row in np.column_stack([codes, _check(codes)])]


def unsealed(rows: Sequence[bytes], width: int) -> tuple[Words, npt.NDArray[np.bool_]]:
    """The codes of `width` words again, and which of them are whole; the others are noughts."""
    length = (width + 1) * WORD
    whole = np.fromiter((isinstance(row, bytes) and len(row) == length for row in rows), np.bool_, len(rows))
    blank = bytes(length)
    joined = b"".join(rows if whole.all() else [row if fine else blank for row, fine in zip(rows, whole, strict=True)])
    found = np.frombuffer(joined, np.uint64).reshape(len(rows), width + 1)
    codes = found[:, :width]
    whole &= _check(codes) == found[:, width]
    return np.where(whole[:, None], codes, np.uint64(0)), whole


def distances(columns: Words, code: Words) -> npt.NDArray[np.uint16]:
    """In how many bits each code differs from `code`. `columns` holds a word of every code a row. Many are compared in
    two threads: numpy lets go of the interpreter meanwhile."""
    count = columns.shape[1]
    out = np.empty(count, np.uint16)
    if count < 4 * BLOCK:
        _compare(columns, code, out)
        return out
    half = count // 2
    with ThreadPoolExecutor(1) as beside:
        other = beside.submit(_compare, columns[:, half:], code, out[half:])
        _compare(columns[:, :half], code, out[:half])
        other.result()
    return out


def _compare(columns: Words, code: Words, out: npt.NDArray[np.uint16]) -> None:
    width, count = columns.shape
    differing, bits = np.empty(BLOCK, np.uint64), np.empty(BLOCK, np.uint8)
    for start in range(0, count, BLOCK):
        end = min(start + BLOCK, count)
        some, differ, few = out[start:end], differing[: end - start], bits[: end - start]
        for word in range(width):
            np.bitwise_xor(columns[word, start:end], code[word], out=differ)
            np.bitwise_count(differ, out=few)
            if word:
                np.add(some, few, out=some)
            else:
                some[:] = few


def _check(codes: Words) -> Words:
    # An odd factor a word: any one word's change shows, and noughts are not their own check.
    factors = np.cumprod(np.full(codes.shape[1], _ODD))
    return (codes * factors).sum(axis=1, dtype=np.uint64) + _SEED  # type: ignore[no-any-return]


def _words(rows: npt.NDArray[np.uint8]) -> Words:
    missing = -rows.shape[1] % WORD
    whole = np.pad(rows, ((0, 0), (0, missing))) if missing else rows
    return np.ascontiguousarray(whole).view(np.uint64)
