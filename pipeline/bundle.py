"""Everything for a machine without a network in one folder: wheels, models, checksums, and how to install it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from models.catalogue import ModelStore, sha256_of
from pipeline.errors import OutputError, UsageError

PLATFORMS = {"linux": "manylinux_2_28_x86_64", "windows": "win_amd64", "mac": "macosx_14_0_arm64"}
_README = """Protokollist utan nätverk

1. Kontrollera: sha256sum -c SHA256SUMS   (Windows: certutil -hashfile FIL SHA256)
2. python3.11 -m venv protokollist
3. protokollist/bin/pip install --no-index --find-links wheels protokollist     (Windows: protokollist\\Scripts\\pip)
4. Peka ut modellerna: PROTOKOLLIST_MODELS_FOLDER=<denna mapp>/models
5. protokollist/bin/protokollist doctor
"""


def bundle(source: Path, folder: Path, store: ModelStore, platform: str | None, note: Callable[[str], None]) -> int:
    """Fill a folder with wheels of the project at ``source`` and of all it needs, and the embedded models; returns how many files.

    ``platform`` is a key of PLATFORMS for another system than this one. Raises UsageError, OutputError.
    """
    if not (source / "pyproject.toml").is_file():
        raise UsageError(f"{source} är inte Protokollists källkod (pyproject.toml saknas). Ange mappen med --source.")
    if platform and platform not in PLATFORMS:
        raise UsageError(f"Okänt system {platform}. Välj bland {', '.join(PLATFORMS)}.")
    wheels = folder / "wheels"
    wheels.mkdir(parents=True, exist_ok=True)
    note("Bygger programmet")
    _pip("wheel", "--no-deps", "--wheel-dir", str(wheels), str(source))
    own = next(wheels.glob("protokollist-*.whl"))
    note("Hämtar paket")
    chosen = ["--platform", PLATFORMS[platform], "--python-version", "3.11", "--implementation", "cp"] if platform else []
    _pip("download", "--dest", str(wheels), "--only-binary", ":all:", *chosen, "-c", str(source / "constraints.txt"), str(own))
    for entry in store.models.values():
        if entry.embedded and store.is_present(entry.name):
            note(f"Kopierar {entry.name}")
            shutil.copytree(store.path(entry.name), folder / "models" / store.path(entry.name).name, dirs_exist_ok=True)
    (folder / "LÄSMIG.txt").write_text(_README, "utf-8")
    listed = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "SHA256SUMS")
    sums = [f"{sha256_of(p)}  {p.relative_to(folder).as_posix()}\n" for p in listed]
    (folder / "SHA256SUMS").write_text("".join(sums), "utf-8")
    return len(listed)


def _pip(*arguments: str) -> None:
    done = subprocess.run([sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments], capture_output=True, text=True)
    if done.returncode:
        raise OutputError(f"pip {arguments[0]} misslyckades: {done.stderr.strip()[-500:]}")
