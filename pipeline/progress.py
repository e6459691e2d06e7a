"""Progress on a terminal (stage, percent, elapsed, remaining), as plain lines elsewhere, or as JSON."""

from __future__ import annotations

import json
import sys
import time
from types import TracebackType
from typing import Literal, Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from pipeline.swedish.messages import STAGES


class Reporter(Protocol):
    """What is told of a run while it goes on."""

    def __enter__(self) -> Reporter: ...
    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None: ...
    def __call__(self, stage: str, share: float) -> None: ...


class Silent:
    def __enter__(self) -> Silent:
        return self

    def __exit__(self, *_: object) -> None: ...
    def __call__(self, stage: str, share: float) -> None: ...


class Plain(Silent):
    """A line when a stage begins, at each tenth, and when it is done; for logs and pipes."""

    def __init__(self, style: Literal["text", "json"] = "text") -> None:
        self._style, self._began, self._last = style, 0.0, ("", -1)

    def __call__(self, stage: str, share: float) -> None:
        tenth = int(share * 10)
        if (stage, tenth) == self._last:
            return
        if stage != self._last[0]:
            self._began = time.monotonic()
        self._last = (stage, tenth)
        seconds = time.monotonic() - self._began
        if self._style == "json":
            line = json.dumps({"stage": stage, "percent": tenth * 10, "seconds": round(seconds, 1)})
        else:
            line = f"{STAGES.get(stage, stage)}: {tenth * 10} % ({seconds:.0f} s)"
        print(line, file=sys.stderr, flush=True)


class Live:
    """Bars on a terminal."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("{task.description:<38}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"),
            TimeElapsedColumn(), TextColumn("kvar"), TimeRemainingColumn(), console=Console(stderr=True))
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Live:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def __call__(self, stage: str, share: float) -> None:
        if stage not in self._tasks:
            self._tasks[stage] = self._progress.add_task(STAGES.get(stage, stage), total=1.0)
        self._progress.update(self._tasks[stage], completed=share)


def reporter(*, quiet: bool, json_log: bool) -> Reporter:
    if quiet:
        return Silent()
    if json_log:
        return Plain("json")
    return Live() if sys.stderr.isatty() else Plain()
