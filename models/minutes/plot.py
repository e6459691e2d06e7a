"""Draw the curve of a training from its log: ``python -m models.minutes.plot training.jsonl curve.svg``."""

from __future__ import annotations

import json
import sys
from pathlib import Path


def curve(log: Path, svg: Path) -> None:
    """Loss of training and dev pairs by epoch, and the dev score where it was measured."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    rows = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    figure, left = pyplot.subplots(figsize=(6.4, 3.6))
    epochs = [r["epoch"] for r in rows]
    left.plot(epochs, [r["train"] for r in rows], "o-", color="#8a8a8a", label="loss, training pairs")
    left.plot(epochs, [r["dev"] for r in rows], "o-", color="#1f4e79", label="loss, dev pairs")
    left.set_xlabel("epoch")
    left.set_ylabel("cross-entropy of the answer")
    left.set_xticks(epochs)
    left.legend(loc="upper left", frameon=False)
    if scored := [r for r in rows if "score" in r]:
        right = left.twinx()
        right.plot([r["epoch"] for r in scored], [r["score"] for r in scored], "s--", color="#d07a00", label="dev score")
        right.set_ylabel("kinds and figures right, %")
        right.legend(loc="upper right", frameon=False)
    figure.tight_layout()
    figure.savefig(svg)


if __name__ == "__main__":
    curve(Path(sys.argv[1]), Path(sys.argv[2]))
