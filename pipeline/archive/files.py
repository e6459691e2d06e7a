"""Files of the archive under the hash of their content, in a folder or in any storage that fsspec knows (S3 and more)."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import fsspec
from fsspec.implementations.local import LocalFileSystem

from models.catalogue import sha256_of
from pipeline.errors import ArchiveError


class FileStore:
    """Puts, gives and deletes files by their hash. A file is there whole or not at all."""

    def __init__(self, url: str) -> None:
        try:
            self._fs, self._root = fsspec.core.url_to_fs(url)
        except (ImportError, ValueError) as error:
            raise ArchiveError(f"Filarkivet {url} går inte att använda: {error}") from error
        self._local = isinstance(self._fs, LocalFileSystem)

    def _path(self, sha256: str) -> str:
        return f"{self._root}/{sha256[:2]}/{sha256}"

    def put(self, path: Path, *, move: bool = False) -> tuple[str, int]:
        """(hash, size) of a file that is now in the archive; hard-linked where that is possible, else copied.

        Raises ArchiveError when there is no room or no permission.
        """
        sha256, size = sha256_of(path), path.stat().st_size
        target = self._path(sha256)
        try:
            if self._fs.exists(target) and self._fs.size(target) == size:
                return sha256, size
            self._fs.makedirs(target.rsplit("/", 1)[0], exist_ok=True)
            if not self._local:
                self._fs.put_file(str(path), target)
                return sha256, size
            handle, partial = tempfile.mkstemp(dir=Path(target).parent, suffix=".partial")
            os.close(handle)
            try:
                if move:
                    shutil.move(path, partial)
                else:
                    os.unlink(partial)
                    try:
                        os.link(path, partial)
                    except OSError:
                        shutil.copyfile(path, partial)
                with open(partial, "rb") as stream:
                    os.fsync(stream.fileno())
                os.replace(partial, target)
            finally:
                Path(partial).unlink(missing_ok=True)
        except OSError as error:
            raise ArchiveError(f"{path.name} kunde inte sparas i arkivet: {error.strerror or error}. "
                               "Kontrollera diskutrymme och behörighet.") from error
        return sha256, size

    @contextmanager
    def local(self, sha256: str) -> Iterator[Path]:
        """A path to the content; a temporary copy where the storage is elsewhere. Raises ArchiveError when it is gone."""
        target = self._path(sha256)
        if not self._fs.exists(target):
            raise ArchiveError("Filen finns inte längre i arkivet (den kan ha gallrats).")
        if self._local:
            yield Path(target)
            return
        with tempfile.TemporaryDirectory(prefix="protokollist-") as scratch:
            copy = Path(scratch) / sha256
            self._fs.get_file(target, str(copy))
            yield copy

    def delete(self, sha256: str) -> None:
        """Remove the content; nothing happens when it is gone already."""
        if self._fs.exists(self._path(sha256)):
            self._fs.rm_file(self._path(sha256))
