"""Run every bench, one after the other, and write what they print, with machine, versions and date, to docs/measured.md.

    python bench/everything.py [MATERIAL] [--out FOLDER]

MATERIAL is a folder of one's own with what cannot be shipped: ``meetings/`` (folders with truth.json), ``speech/diarization/``
(wav and RTTM), ``speech/asr/*.jsonl`` (manifests), ``score_minutes.py`` and ``score_pairs.py``. Benches without their material are
left out and said to be. A bar chart (SVG) of the first measure of each table is drawn beside. About 35 minutes on two cores.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
KEPT_VERSIONS = ("faster-whisper", "ctranslate2", "onnxruntime", "xllamacpp", "spacy")


@dataclass(frozen=True)
class Bench:
    title: str
    script: str
    arguments: tuple[str, ...]


def benches(material: Path | None) -> list[Bench]:
    """What can be run with the material there is."""
    found = [
        Bench("Speed, 5 minutes of sound", "speed", ("--minutes", "5")),
        Bench("Words", "wer", tuple(map(str, sorted(material.glob("speech/asr/*.jsonl")))) if material else ()),
        Bench("Segmentation", "segmentation", ("tests/meetings", *([str(material / "meetings")] if material else []))),
        Bench("Verification", "verification", ("--dev",)),
        Bench("The review page", "web", ()),
    ]
    if material:
        found += [
            Bench("Speakers", "der", (str(material / "speech" / "diarization"),)),
            Bench("Statements from stretches", "pairs", (str(material / "score_pairs.py"), "--limit", "60")),
            Bench("Minutes", "minutes", (str(material / "meetings"), str(material / "score_minutes.py"))),
            Bench("Minutes of our own meetings", "minutes", ("tests/meetings", str(material / "score_minutes.py"))),
        ]
    return found


def machine() -> str:
    """Processor, cores, memory and the versions that matter."""
    model = next((line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines()
                  if line.startswith("model name")), platform.processor()) if Path("/proc/cpuinfo").exists() else platform.processor()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    programs = ", ".join(f"{name} {version(name)}" for name in KEPT_VERSIONS)
    return f"{model or 'unknown processor'}, {len(os.sched_getaffinity(0))} cores, {memory:.0f} GiB; Python {platform.python_version()}, {programs}"


def rows_of(printed: str) -> list[list[str]]:
    """The cells of the first table that a bench printed, its head first."""
    rows: list[list[str]] = []
    for line in printed.splitlines():
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip().strip("|").split("|")])
        elif rows:
            break
    return [r for r in rows if not all(re.fullmatch(r":?-+:?", cell) for cell in r)]


def draw(rows: list[list[str]], title: str, svg: Path) -> bool:
    """A bar for every row of a table: its first column that is a number in all rows. False where there is none."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    def number(cell: str) -> float | None:
        match = re.match(r"\**(-?\d+(?:[.,]\d+)?)", cell)
        return float(match[1].replace(",", ".")) if match else None

    body = rows[1:]
    column = next((c for c in range(1, len(rows[0])) if body and all(len(r) > c and number(r[c]) is not None for r in body)), None)
    if column is None:
        return False
    figure, axes = pyplot.subplots(figsize=(6.4, 0.6 + 0.32 * len(body)))
    axes.barh([r[0].strip("*` ") for r in body], [number(r[column]) or 0.0 for r in body], color="#1f4e79")
    axes.invert_yaxis()
    axes.set_xlabel(rows[0][column])
    axes.set_title(title, fontsize=10)
    figure.tight_layout()
    figure.savefig(svg, metadata={"Date": None})
    pyplot.close(figure)
    return True


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("material", type=Path, nargs="?")
    parser.add_argument("--out", type=Path, default=Path("docs"))
    parser.add_argument("--only", help="only benches of this script")
    options = parser.parse_args()
    plots = options.out / "measured"
    plots.mkdir(parents=True, exist_ok=True)
    told = ["# Measured", "", f"Written by `make bench` on {datetime.now(UTC):%Y-%m-%d}. {machine()}.",
            "What the figures mean, and what was tried, stands in [benchmarks.md](benchmarks.md).", ""]
    if options.material is None:
        told += ["Without material of one's own: speakers, pairs and minutes were not measured.", ""]
    failed = 0
    for bench in benches(options.material):
        if options.only and bench.script != options.only:
            continue
        command = [sys.executable, str(HERE / f"{bench.script}.py"), *bench.arguments]
        print(f"{bench.title} …", file=sys.stderr, flush=True)
        began = time.monotonic()
        run = subprocess.run(command, text=True, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": str(HERE.parent)}, check=False)
        seconds = time.monotonic() - began
        shown = " ".join([f"python bench/{bench.script}.py", *(Path(a).name if a.startswith(("/", "..")) else a for a in bench.arguments)])
        told += [f"## {bench.title}", "", f"`{shown}`, {seconds:.0f} s", ""]
        if run.returncode:
            failed += 1
            told += [f"Failed with {run.returncode}.", ""]
            continue
        told += [run.stdout.strip(), ""]
        svg = plots / f"{re.sub(r'[^a-z0-9]+', '-', bench.title.casefold())}.svg"
        if (rows := rows_of(run.stdout)) and draw(rows, bench.title, svg):
            told += [f"![{bench.title}](measured/{svg.name})", ""]
    (options.out / "measured.md").write_text("\n".join(told), encoding="utf-8")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
