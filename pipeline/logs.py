"""Structured logs for operators: a line of JSON an event on stderr, never with anything that was said.

Fields are identifiers, stages, times and numbers. Titles, names, file names and messages of errors stay out,
since they can carry what a meeting was about.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from typing import Literal

Level = Literal["info", "warning", "error"]


def log(event: str, *, level: Level = "info", **fields: str | int | float | None) -> None:
    """Write one event: ``{"time": …, "level": …, "event": …, fields}``; fields that are None are left out."""
    row = {"time": dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"), "level": level, "event": event}
    print(json.dumps(row | {k: v for k, v in fields.items() if v is not None}, ensure_ascii=False), file=sys.stderr, flush=True)
