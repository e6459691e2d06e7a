"""A content-addressed store: each stage's result once, under a key made of all that it depends on."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import os
import tempfile
import time
from pathlib import Path
from typing import Any

from pipeline.errors import OutputError


def key_of(*parts: Any) -> str:
    """One key for everything that a result depends on."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file so that a reader sees the old content or the new, never half of it.

    Raises OutputError when the folder cannot be written to or the disk is full.
    """
    partial = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".partial", dir=path.parent)
        partial = Path(name)
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        partial.chmod(0o600 if path.suffix == ".gz" else 0o644)
        partial.replace(path)
    except OSError as error:
        if partial:
            partial.unlink(missing_ok=True)
        raise OutputError(f"{path} kunde inte skrivas: {error.strerror or error}. "
                          "Kontrollera behörighet och diskutrymme, och försök igen.") from error


class Store:
    """Results as compressed JSON in a folder. A damaged entry counts as missing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key[2:]}.json.gz"

    def get(self, key: str) -> Any | None:
        try:
            return json.loads(gzip.decompress(self._path(key).read_bytes()))
        except (OSError, ValueError, EOFError):
            return None

    def put(self, key: str, value: Any) -> None:
        data = json.dumps(value, ensure_ascii=False).encode()
        write_atomically(self._path(key), gzip.compress(data, 5, mtime=0))

    def clear(self, older_than: float = 0.0) -> int:
        """Delete every entry, or those written more than so many seconds ago; returns how many there were."""
        latest, done = time.time() - older_than, 0
        for entry in self.folder.glob("??/*.json.gz"):
            with contextlib.suppress(FileNotFoundError):  # another worker clears, too
                if not older_than or entry.stat().st_mtime < latest:
                    entry.unlink()
                    done += 1
        return done
