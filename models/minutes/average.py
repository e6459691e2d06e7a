"""The mean of two trained adapters as one adapter: ``python -m models.minutes.average A.gguf B.gguf OUT.gguf``.

Two trainings from different seeds and shuffles err in different places; the mean of their weights errs less than either and costs
nothing more at run time (model soups, Wortsman et al. 2022). The mean of two changes of rank r has rank 2r; it is cut back to r by
singular values, which keeps about 94 % of its energy. Needs the extra ``train``.
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import torch

from models.minutes.export import read_adapter, write_adapter


def average(one: Path, two: Path, out: Path, architecture: str = "gemma3_text") -> float:
    """Write the mean, in 8 bits; returns the share of energy that the cut keeps. The adapters must be of one base and one rank."""
    a, b = read_adapter(one), read_adapter(two)
    mean: dict[str, torch.Tensor] = {}
    kept = whole = 0.0
    rank = 0
    for name in (n for n in a if ".lora_A." in n):
        other = name.replace(".lora_A.", ".lora_B.")
        down = torch.cat([torch.tensor(a[name]), torch.tensor(b[name])]).float()  # (2r, in)
        up = torch.cat([torch.tensor(a[other]), torch.tensor(b[other])], 1).float() / 2  # (out, 2r)
        rank = a[name].shape[0]
        left, left_rest = torch.linalg.qr(up)
        right, right_rest = torch.linalg.qr(down.T)
        u, s, v = torch.linalg.svd(left_rest @ right_rest.T)
        kept, whole = kept + float((s[:rank] ** 2).sum()), whole + float((s ** 2).sum())
        root = s[:rank].sqrt()
        mean[other], mean[name] = (left @ u[:, :rank]) * root, (root[:, None] * v[:rank]) @ right.T
    write_adapter(mean, out, rank, SimpleNamespace(model_type=architecture), quantize=True)
    return kept / whole


if __name__ == "__main__":
    print(f"{average(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])):.3f}")
