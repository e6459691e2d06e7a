"""Whether the adapter says the same through llama.cpp as through transformers: kinds, figures and owners of dev pairs.

    python bench/agreement.py [ADAPTER.gguf] [--pairs N]

Needs the extra ``train``. llama.cpp computes with the base's quantised weights, transformers with the same ones
dequantised, so that single tokens may differ. Neither is held by a grammar here.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model, set_peft_model_state_dict

from models.language import LlamaCpp, Request
from models.minutes.base import base_path
from models.minutes.export import read_adapter
from models.minutes.format import Proposal, parse_answer, prompt
from models.minutes.pairs import all_pairs, split
from models.minutes.train import TARGETS, load_base
from pipeline.swedish.numbers import figures

ADAPTER = Path(__file__).parent.parent / "models" / "minutes" / "adapter.gguf"


def _told(proposals: list[Proposal]) -> tuple[list[str], set[str], set[str]]:
    """(kinds, figures, owners)."""
    text = " . ".join(f"{p.text} {p.due or ''}" for p in proposals)
    return sorted(p.kind for p in proposals), set(figures(text)), {p.who for p in proposals if p.who}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("adapter", type=Path, nargs="?", default=ADAPTER)
    parser.add_argument("--pairs", type=int, default=40)
    args = parser.parse_args()
    base, dev = base_path(), split(all_pairs())[1][:args.pairs]
    prompts = [prompt(p.date, p.item, p.turns) for p in dev]
    llama = LlamaCpp(base, name="agreement", threads=os.cpu_count() or 1, adapter=args.adapter, prompting="minutes")
    here = [parse_answer(a.text) for a in llama.answer([Request(text) for text in prompts])]
    llama.close()
    weights = {k: torch.from_numpy(v) for k, v in read_adapter(args.adapter).items()}
    rank = next(v.shape[0] for k, v in weights.items() if ".lora_A." in k)
    model, tokenizer = load_base(base, torch.float32)
    model = get_peft_model(model, LoraConfig(r=rank, lora_alpha=rank, target_modules=TARGETS)).eval()
    set_peft_model_state_dict(model, weights)
    same, parts = 0, [0, 0, 0]
    for text, mine in zip(prompts, here, strict=True):
        inputs = tokenizer(text, return_tensors="pt")
        with torch.no_grad():
            out = model.generate(**inputs, max_new_tokens=160, do_sample=False, eos_token_id=tokenizer.eos_token_id, pad_token_id=0)
        theirs = parse_answer(tokenizer.decode(out[0, inputs["input_ids"].shape[1]:], skip_special_tokens=True))
        agree = [a == b for a, b in zip(_told(mine), _told(theirs), strict=True)]
        parts = [n + a for n, a in zip(parts, agree, strict=True)]
        same += all(agree)
    n = len(dev)
    print(f"{n} dev pairs: all three agree {same / n:.2f}, kinds {parts[0] / n:.2f}, figures {parts[1] / n:.2f}, owners {parts[2] / n:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
