"""The mean of two adapters of one rank and base, weight by weight: ``python -m models.minutes.average A.gguf B.gguf SHARE OUT.gguf``.

Adapters trained from one another lie near each other; their mean is often better than both (Wortsman et al. 2022, "Model soups").
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import torch

from models.minutes.export import read_adapter, write_adapter


def average(first: Path, second: Path, share: float, out: Path, model_type: str = "gemma3_text") -> None:
    """Write ``1 - share`` of the first and ``share`` of the second. Raises ValueError when they do not fit together."""
    a, b = read_adapter(first), read_adapter(second)
    if a.keys() != b.keys() or any(a[k].shape != b[k].shape for k in a):
        raise ValueError("the adapters differ in base or rank")
    rank = next(v.shape[0] for k, v in a.items() if ".lora_A." in k)
    write_adapter({k: torch.from_numpy(a[k] * (1 - share) + b[k] * share) for k in a}, out, rank, SimpleNamespace(model_type=model_type))


if __name__ == "__main__":
    average(Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3]), Path(sys.argv[4]))
