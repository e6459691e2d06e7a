"""Write a GGUF model anew with a part of its tokens: what it writes is the same as long as it needs no others, in less time and memory.

A small model spends most of its time on its vocabulary: of the 242 MB of Gemma 3 270M that every new token reads, 178 are the rows of
262,144 tokens, in all languages. File format: GGUF 3 (llama.cpp): a header of typed fields, a table of tensors, their data.
"""

from __future__ import annotations

import mmap
import os
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

_SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}  # bytes of the plain types
_UINT32, _STRING, _ARRAY = 4, 8, 9
_ALIGNMENT = 32
_MAGIC = b"GGUF" + struct.pack("<I", 3)
TOKENS = "tokenizer.ggml.tokens"
EMBEDDING = "token_embd.weight"


@dataclass(frozen=True)
class _Tensor:
    name: str
    dimensions: tuple[int, ...]
    kind: int
    begin: int
    end: int  # of the data, padding included


@dataclass(frozen=True)
class Gguf:
    """The head of a GGUF file: its fields as they stand, and where its tensors lie in it."""

    fields: dict[str, tuple[int, bytes]]
    tensors: tuple[_Tensor, ...]

    @property
    def tokens(self) -> list[bytes]:
        """The vocabulary, in UTF-8."""
        return _elements(self.fields[TOKENS][1])


class _Reader:
    def __init__(self, data: mmap.mmap, at: int) -> None:
        self.data, self.at = data, at

    def number(self, form: str) -> int:
        [value] = struct.unpack_from(f"<{form}", self.data, self.at)
        self.at += struct.calcsize(f"<{form}")
        return int(value)

    def string(self) -> bytes:
        size = self.number("Q")
        self.at += size
        return self.data[self.at - size:self.at]

    def value(self, kind: int) -> bytes:
        """The bytes of a value, as they stand."""
        begin = self.at
        if kind == _STRING:
            self.string()
        elif kind == _ARRAY:
            of, count = self.number("I"), self.number("Q")
            if of in _SIZES:
                self.at += _SIZES[of] * count
            else:
                for _ in range(count):
                    self.value(of)
        else:
            self.at += _SIZES[kind]
        return self.data[begin:self.at]


def read(path: Path) -> Gguf:
    """The head of a file. Raises ValueError when it is no language model in GGUF 3 or breaks off."""
    with path.open("rb") as stream:
        if stream.read(8) != _MAGIC:
            raise ValueError(f"{path} is no GGUF 3 file")
        with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return _head(data, path)


def _head(data: mmap.mmap, path: Path) -> Gguf:
    reader = _Reader(data, len(_MAGIC))
    try:
        count, fields_count = reader.number("Q"), reader.number("Q")
        fields = {}
        for _ in range(fields_count):
            key, kind = reader.string().decode(), reader.number("I")
            fields[key] = (kind, reader.value(kind))
        rows = []
        for _ in range(count):
            name, dimensions = reader.string().decode(), reader.number("I")
            rows.append((name, tuple(reader.number("Q") for _ in range(dimensions)), reader.number("I"), reader.number("Q")))
    except (struct.error, KeyError, OverflowError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} breaks off or is damaged: {error}") from error
    begin = _padded(reader.at)
    if TOKENS not in fields or EMBEDDING not in {name for name, *_ in rows}:
        raise ValueError(f"{path} is no language model in GGUF")
    if any(begin + offset >= len(data) for *_, offset in rows):
        raise ValueError(f"{path} breaks off before its tensors end")
    ends = sorted([offset for *_, offset in rows] + [len(data) - begin])
    return Gguf(fields, tuple(_Tensor(name, dims, kind, begin + offset, begin + ends[ends.index(offset) + 1])
                              for name, dims, kind, offset in rows))


def _padded(size: int) -> int:
    return -(-size // _ALIGNMENT) * _ALIGNMENT


def _elements(array: bytes) -> list[bytes]:
    """The elements of an array, each as it stands without its length."""
    of, count = struct.unpack_from("<IQ", array)
    if of in _SIZES:
        return [array[12 + n * _SIZES[of]:12 + (n + 1) * _SIZES[of]] for n in range(count)]
    found, at = [], 12
    for _ in range(count):
        [size] = struct.unpack_from("<Q", array, at)
        found.append(array[at + 8:at + 8 + size])
        at += 8 + size
    return found


def _string(text: bytes) -> bytes:
    return struct.pack("<Q", len(text)) + text


def _kept_field(kind: int, value: bytes, keep: npt.NDArray[np.bool_], place: npt.NDArray[np.int64], key: str) -> bytes:
    """A field of a file with the kept tokens only."""
    if kind == _ARRAY and len(keep) == struct.unpack_from("<IQ", value)[1]:
        kept = [e for e, k in zip(_elements(value), keep, strict=True) if k]
        of = struct.unpack_from("<I", value)[0]
        return struct.pack("<IQ", of, len(kept)) + b"".join(_string(e) if of == _STRING else e for e in kept)
    if kind == _UINT32 and key.endswith("_token_id"):
        return struct.pack("<I", place[struct.unpack("<I", value)[0]])
    return value


def _kept_rows(data: mmap.mmap, t: _Tensor, keep: npt.NDArray[np.bool_]) -> bytes:
    """The rows of the kept tokens; the padding after the last of all is less than a byte a token."""
    row = (t.end - t.begin) // len(keep)
    return np.frombuffer(data, np.uint8, row * len(keep), t.begin).reshape(len(keep), row)[keep].tobytes()


def cut(source: Path, keep: npt.NDArray[np.bool_], target: Path) -> None:
    """Write the model with the tokens that ``keep`` names, one truth value a token; the others are unknown to it.

    Raises ValueError when the vocabulary has another size, OSError when the file cannot be written; nothing is left half written.
    """
    head = read(source)
    if (tokens := len(head.tokens)) != len(keep):
        raise ValueError(f"{source} has {tokens} tokens, not {len(keep)}")
    place = np.cumsum(keep) - 1
    partial = target.with_name(f"{target.name}.{os.getpid()}.partial")
    try:
        with source.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data, partial.open("wb") as out:
            out.write(_MAGIC + struct.pack("<QQ", len(head.tensors), len(head.fields)))
            for key, (kind, value) in head.fields.items():
                out.write(_string(key.encode()) + struct.pack("<I", kind) + _kept_field(kind, value, keep, place, key))
            rows = {t.name: _kept_rows(data, t, keep) for t in head.tensors if t.name == EMBEDDING}
            offset = 0
            for t in head.tensors:
                dimensions = (*t.dimensions[:-1], int(keep.sum())) if t.name in rows else t.dimensions
                out.write(_string(t.name.encode()) + struct.pack(f"<I{len(dimensions)}QIQ", len(dimensions), *dimensions, t.kind, offset))
                offset += _padded(len(rows[t.name]) if t.name in rows else t.end - t.begin)
            for t in head.tensors:
                out.write(b"\0" * (_padded(out.tell()) - out.tell()))
                out.write(rows.get(t.name) or data[t.begin:t.end])
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
