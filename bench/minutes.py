"""Draft meetings and score them: a table of meetings × language models.

    python bench/minutes.py MEETINGS SCORER.py [MODEL ...]

MEETINGS holds a folder a meeting with its truth file; SCORER is the scorer's file. Models default to
"minutes-sv" and "none".
"""

from __future__ import annotations

import importlib.util
import sys
import tempfile
import time
from pathlib import Path
from types import ModuleType

from pipeline.gather import gather
from pipeline.run import Options, Run, write_draft
from pipeline.settings import Settings
from pipeline.stages.render import Look


def scorer(path: Path) -> ModuleType:
    """The module in a scorer's file; it may import its neighbours."""
    sys.path.append(str(path.parent))
    spec = importlib.util.spec_from_file_location("scorer", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["scorer"] = module
    spec.loader.exec_module(module)
    return module


def main() -> int:
    meetings, score = Path(sys.argv[1]), scorer(Path(sys.argv[2]))
    print("| meeting | model | score | facts | decisions | actions | attendance | length factor | deductions | s |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for model in sys.argv[3:] or ["minutes-sv", "none"]:
        for folder in sorted(p for p in meetings.iterdir() if (p / "truth.json").exists()):
            with tempfile.TemporaryDirectory() as scratch:
                settings = Settings(cache_folder=Path(scratch) / "cache")
                began = time.perf_counter()
                drafted = Run(settings, Options(language_model=model)).draft(gather(folder))
                seconds = time.perf_counter() - began
                written = write_draft(drafted, Path(scratch) / "out", Look())
                result = score.score(folder, written.paths["md"].read_text("utf-8"))
            m = result["measures"]
            print(f"| {folder.name} | {model} | {result['score']} | {m['facts']} | {m['decisions']} | {m['actions']} | {m['attendance']} | "
                  f"{result['length_factor']} | {result['penalty']} | {seconds:.0f} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
