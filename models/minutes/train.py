"""Train the adapter of the minutes model: a LoRA on a base language model, exported as GGUF.

    python -m models.minutes.train --base FOLDER_OR_GGUF --out FOLDER

Works on CPU (float32) and GPU (bfloat16). A checkpoint is written every few minutes and at every
epoch; the same command continues where it was stopped. Needs the extra ``train`` (torch,
transformers, peft, gguf).

Method: low-rank adaptation (Hu et al. 2021) of the attention and feed-forward projections, loss on
the answer only, AdamW with warm-up and cosine decay, early stop on the dev pairs: on kinds and figures of the
answers, or on the loss where llama.cpp cannot load the base.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import shutil
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, get_peft_model, get_peft_model_state_dict, set_peft_model_state_dict
from peft.helpers import disable_input_dtype_casting
from peft.tuners.lora import LoraLayer
from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

from models.minutes.augmentation import augmented
from models.minutes.export import read_adapter, write_adapter
from models.minutes.format import answer, prompt
from models.minutes.measure import quick_score
from models.minutes.pairs import FOLDER, Pair, all_pairs, split
from models.minutes.plot import curve
from models.minutes.scenes import scenes

TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
CHECKPOINT_SECONDS = 240
SCENE_SHARE = 0.3  # scenes made by machine, for each pair written by hand


@dataclass(frozen=True)
class Config:
    """What is trained and how long. ``minutes`` is a limit of wall-clock time over all pieces.

    ``sampled_tokens`` of the vocabulary that the answers never use stand for all of them on a CPU.
    """

    rank: int = 64
    learning_rate: float = 5e-4
    dropout: float = 0.15
    epochs: int = 4
    batch_tokens: int = 3000
    seed: int = 1
    minutes: float = 175.0
    patience: int = 3
    adapter_type: str = "q8_0"
    sampled_tokens: int = 9000
    scored_pairs: int = 40


@dataclass
class Example:
    tokens: list[int]
    answer_from: int


def load_tokenizer(base: Path) -> Any:
    folder, extra = (base.parent, {"gguf_file": base.name}) if base.suffix == ".gguf" else (base, {})
    return AutoTokenizer.from_pretrained(folder, **extra)


@cache
def _tokenizer_here(base: Path) -> Any:
    return load_tokenizer(base)


def epoch_examples(base: Path, pairs_folder: Path, seed: int, epoch: int) -> list[Example]:
    """The training examples of one epoch, augmented anew; runs in a process beside the training."""
    trained, _ = split(all_pairs(pairs_folder))
    rng = random.Random(seed * 1000 + epoch)
    trained += scenes(rng, int(len(trained) * SCENE_SHARE))
    return [encode(p, _tokenizer_here(base)) for p in augmented(trained, rng)]


def load_base(base: Path, dtype: torch.dtype) -> tuple[Any, Any]:
    """(model, tokenizer) of a local folder or a single GGUF file (dequantised on load)."""
    gguf: dict[str, Any] = {"gguf_file": base.name, "quantization_config": GgufConfig(dequantize=True)}
    folder, extra = (base.parent, gguf) if base.suffix == ".gguf" else (base, {})
    tokenizer = load_tokenizer(base)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=dtype, **extra)
    model.is_quantized = False  # the weights are plain after dequantising; PEFT asks this flag
    model.hf_quantizer = None
    return model, tokenizer


def encode(pair: Pair, tokenizer: Any) -> Example:
    before = tokenizer(prompt(pair.date, pair.item, pair.turns))["input_ids"]  # with a first token where the base wants one
    after = tokenizer(answer(pair.out), add_special_tokens=False)["input_ids"]
    return Example([*before, *after, tokenizer.eos_token_id], len(before))


def batches(examples: list[Example], limit: int, rng: random.Random) -> Iterator[list[Example]]:
    """Batches of similar length of at most ``limit`` padded tokens, in random order."""
    ordered = sorted(examples, key=lambda e: len(e.tokens) + rng.random() * 12)
    groups: list[list[Example]] = [[]]
    for example in ordered:
        if groups[-1] and (len(groups[-1]) + 1) * len(example.tokens) > limit:
            groups.append([])
        groups[-1].append(example)
    rng.shuffle(groups)
    yield from filter(None, groups)


class AnswerLoss:
    """Mean cross-entropy of the answer tokens.

    The softmax is taken only where an answer stands, and on a CPU over the tokens that answers use, those that
    augmentation brought into the batch, and a random sample of the others, whose logits get log(rest / sample) added: an estimate of the full sum
    (sampled softmax, Jean et al. 2015), at a tenth of its cost for a vocabulary of 262,144.
    """

    def __init__(self, model: Any, examples: Iterable[Example], sampled: int, device: torch.device) -> None:
        self._causal, self._device = model.get_base_model(), device
        self._sampled = sampled if device.type == "cpu" else 0
        if self._sampled:
            weights = self._causal.lm_head.weight
            used = sorted({t for e in examples for t in e.tokens[e.answer_from:]})
            self._used = torch.tensor(used)
            self._place = torch.full((weights.shape[0],), -1, dtype=torch.long)
            self._place[self._used] = torch.arange(len(used))
            self._others = (self._place < 0).nonzero().flatten()
            self._rows = weights[self._used].detach()

    def __call__(self, batch: list[Example]) -> torch.Tensor:
        width = max(len(e.tokens) for e in batch)
        ids = torch.zeros(len(batch), width, dtype=torch.long)
        mask = torch.zeros(len(batch), width, dtype=torch.long)
        wanted = torch.zeros(len(batch), width, dtype=torch.bool)
        for row, example in enumerate(batch):
            n = len(example.tokens)
            ids[row, :n] = torch.tensor(example.tokens)
            mask[row, :n] = 1
            wanted[row, example.answer_from:n] = True
        targets = ids[:, 1:][wanted[:, 1:]]
        ids, mask, wanted = ids.to(self._device), mask.to(self._device), wanted.to(self._device)
        hidden = self._causal.model(input_ids=ids, attention_mask=mask).last_hidden_state[:, :-1][wanted[:, 1:]]
        if not self._sampled:
            logits = self._causal.lm_head(hidden).float()
            return torch.nn.functional.cross_entropy(logits, targets.to(self._device))
        weights, place = self._causal.lm_head.weight, self._place[targets]
        new = targets[place < 0].unique()  # words that augmentation brought into this batch
        chosen = self._others[torch.randint(len(self._others), (self._sampled,))]
        chosen = chosen[~torch.isin(chosen, new)]
        logits = torch.cat([hidden @ self._rows.T, hidden @ weights[torch.cat([new, chosen])].detach().T], dim=1).float()
        known = len(self._used) + len(new)
        logits[:, known:] += math.log((len(self._others) - len(new)) / len(chosen))
        place = torch.where(place < 0, len(self._used) + torch.searchsorted(new, targets), place)
        return torch.nn.functional.cross_entropy(logits, place)


class FeatureDropout(torch.nn.Module):
    """Dropout that leaves out the same features at every place of a batch (after Gal & Ghahramani 2016).

    One random number a feature instead of one an element: on a CPU, drawing those took a third of a step.
    """

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """``x`` (…, features), of which a share is set to nought while training, the others raised accordingly."""
        if not self.training:
            return x
        kept = torch.rand(x.shape[-1], device=x.device) >= self.share
        return x * (kept / (1 - self.share)).to(x.dtype)


def save_atomically(state: dict[str, Any], path: Path) -> None:
    partial = path.with_suffix(".partial")
    torch.save(state, partial)
    partial.replace(path)


def train(base: Path, out: Path, config: Config, pairs_folder: Path = FOLDER, start: Path | None = None) -> Path:
    """Train, or continue training; returns the path of the exported adapter (GGUF).

    ``start`` is an adapter of the same rank to begin from instead of from nothing.
    """
    out.mkdir(parents=True, exist_ok=True)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    fast = device.type == "cuda" or (torch.backends.mkldnn.is_available() and torch.ops.mkldnn._is_mkldnn_bf16_supported())
    dtype = torch.bfloat16 if fast else torch.float32
    torch.manual_seed(config.seed)
    model, tokenizer = load_base(base, dtype)
    if device.type == "cpu":
        model.set_attn_implementation("eager")  # a sixth faster than torch's fused attention for short rows in bfloat16
    model = get_peft_model(model, LoraConfig(
        r=config.rank, lora_alpha=config.rank, lora_dropout=config.dropout, target_modules=TARGETS))
    for layer in (m for m in model.modules() if config.dropout and isinstance(m, LoraLayer)):
        layer.lora_dropout["default"] = FeatureDropout(config.dropout)
    for parameter in model.parameters():
        if parameter.requires_grad:
            parameter.data = parameter.data.float()
    if start is not None:
        set_peft_model_state_dict(model, {k: torch.from_numpy(v) for k, v in read_adapter(start).items()})
    model.to(device)
    _, dev = split(all_pairs(pairs_folder))
    dev_examples = [encode(p, tokenizer) for p in dev]
    answer_loss = AnswerLoss(model, [encode(p, tokenizer) for p in all_pairs(pairs_folder)], config.sampled_tokens, device)
    helper = ProcessPoolExecutor(1 if device.type == "cpu" else 4, mp_context=get_context("spawn"))

    def prepare(number: int) -> Future[list[Example]]:
        return helper.submit(epoch_examples, base, pairs_folder, config.seed, number)

    weights = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(weights, lr=config.learning_rate, weight_decay=0.01, betas=(0.9, 0.99),
                                  fused=device.type == "cuda")

    def rate(step: int, progress: float) -> float:
        """Warm-up over 60 steps, then a cosine over the epochs or the time allowed, whichever ends first."""
        return min(1.0, (step + 1) / 60) * (0.03 + 0.97 * 0.5 * (1 + math.cos(math.pi * min(1.0, progress))))

    checkpoint, log_path = out / "checkpoint.pt", out / "training.jsonl"
    epoch = step = done_in_epoch = worse = 0
    best, spent = math.inf, 0.0
    if checkpoint.exists():
        state = torch.load(checkpoint, map_location="cpu", weights_only=True)
        set_peft_model_state_dict(model, state["adapter"])
        optimizer.load_state_dict(state["optimizer"])
        epoch, step, done_in_epoch = state["epoch"], state["step"], state["done_in_epoch"]
        best, spent, worse = state["best"], state["spent"], state["worse"]
        print(f"fortsätter vid epok {epoch}, steg {step}", flush=True)
    began = saved = time.monotonic()

    def save() -> None:
        save_atomically({
            "adapter": get_peft_model_state_dict(model), "optimizer": optimizer.state_dict(),
            "epoch": epoch, "step": step, "done_in_epoch": done_in_epoch, "best": best, "worse": worse,
            "spent": spent + time.monotonic() - began}, checkpoint)

    @contextmanager
    def autocast() -> Iterator[None]:
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=fast), disable_input_dtype_casting(model, active=fast):
            yield

    def dev_loss() -> float:
        model.eval()
        losses, weight = 0.0, 0
        with torch.no_grad(), autocast():
            for batch in batches(dev_examples, config.batch_tokens, random.Random(0)):
                losses += answer_loss(batch).item() * len(batch)
                weight += len(batch)
        model.train()
        return losses / max(1, weight)

    def time_used() -> float:
        return (spent + time.monotonic() - began) / (config.minutes * 60)

    model.train()
    ahead = 1 if device.type == "cpu" else 3
    upcoming = {n: prepare(n) for n in range(epoch, min(config.epochs, epoch + ahead))}
    while epoch < config.epochs and worse < config.patience and time_used() < 1.0:
        examples = upcoming.pop(epoch).result()
        if epoch + ahead < config.epochs:
            upcoming[epoch + ahead] = prepare(epoch + ahead)
        losses: list[torch.Tensor] = []
        groups = list(batches(examples, config.batch_tokens, random.Random(config.seed * 1000 + epoch)))
        for number, batch in enumerate(groups):
            if number < done_in_epoch:
                continue
            progress = max((epoch + number / len(groups)) / config.epochs, time_used())
            for group in optimizer.param_groups:
                group["lr"] = config.learning_rate * rate(step, progress)
            with autocast():
                loss = answer_loss(batch)
            loss.backward()
            if torch.isfinite(torch.nn.utils.clip_grad_norm_(weights, 1.0)):  # bfloat16 overflows now and then: one step less, not NaN for good
                optimizer.step()
                losses.append(loss.detach())
            optimizer.zero_grad(set_to_none=True)
            step, done_in_epoch = step + 1, number + 1
            if time.monotonic() - saved > CHECKPOINT_SECONDS:
                save()
                saved = time.monotonic()
            if time_used() >= 1.0:
                break
        epoch, done_in_epoch = epoch + 1, 0
        checked = dev_loss()
        row: dict[str, Any] = {"epoch": epoch, "step": step, "train": round(torch.stack(losses).mean().item() if losses else 0.0, 4),
               "dev": round(checked, 4), "seconds": round(spent + time.monotonic() - began)}
        write_adapter(get_peft_model_state_dict(model), out / "adapter-last.gguf", config.rank, model.config,
                      quantize=config.adapter_type == "q8_0")
        if base.suffix == ".gguf" and config.scored_pairs:
            row |= quick_score(base, out / "adapter-last.gguf", dev[:config.scored_pairs], os.cpu_count() or 1)
        lack = -row["score"] if "score" in row else checked  # answers go on getting better when the loss on dev pairs rises again
        worse = 0 if lack < best else worse + 1
        with log_path.open("a") as log:
            log.write(json.dumps(row) + "\n")
        print(json.dumps(row), flush=True)
        if lack < best:
            best = lack
            shutil.copyfile(out / "adapter-last.gguf", out / "adapter.gguf")
        save()
    helper.shutdown(wait=False, cancel_futures=True)
    curve(log_path, out / "curve.svg")
    (out / "config.json").write_text(json.dumps(asdict(config) | {"best": best}, indent=1))
    return out / "adapter.gguf"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, required=True, help="folder (safetensors) or GGUF file of the base")
    parser.add_argument("--out", type=Path, required=True, help="folder for checkpoint, log and adapter")
    parser.add_argument("--start", type=Path, help="an adapter (GGUF) to go on from")
    parser.add_argument("--pairs", type=Path, default=FOLDER, help="folder of .jsonl pairs")
    for field, default in asdict(Config()).items():
        parser.add_argument(f"--{field.replace('_', '-')}", type=type(default), default=default)
    args = vars(parser.parse_args(arguments))
    base, out, pairs, start = (args.pop(name) for name in ("base", "out", "pairs", "start"))
    print(train(base, out, Config(**args), pairs, start))
    return 0


if __name__ == "__main__":
    sys.exit(main())
