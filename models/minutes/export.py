"""Write a LoRA adapter as GGUF, the form in which llama.cpp loads it onto a base model.

File format: GGUF 3, ``general.type = adapter``; tensors ``blk.N.<projection>.weight.lora_a``
(rank × in) and ``.lora_b`` (out × rank).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import gguf
import numpy as np

_PROJECTIONS = {
    "q_proj": "attn_q", "k_proj": "attn_k", "v_proj": "attn_v", "o_proj": "attn_output",
    "gate_proj": "ffn_gate", "up_proj": "ffn_up", "down_proj": "ffn_down",
}
_ARCHITECTURES = {"gemma3_text": "gemma3", "gemma3": "gemma3", "qwen2": "qwen2", "qwen3": "qwen3",
                  "llama": "llama", "gpt2": "gpt2", "mistral": "llama"}
_KEY = re.compile(r"layers\.(\d+)\..*?(\w+_proj)\.lora_([AB])\.weight$")


def write_adapter(state: dict[str, Any], path: Path, rank: int, config: Any, *, quantize: bool = False) -> None:
    """Write PEFT's adapter weights as a GGUF LoRA with alpha = rank (f16; with ``quantize`` q8_0 where a row is whole blocks of it).

    Raises ValueError when a weight has no counterpart in GGUF.
    """
    architecture = _ARCHITECTURES.get(config.model_type)
    if architecture is None:
        raise ValueError(f"no GGUF architecture known for {config.model_type!r}")
    partial = path.with_suffix(".partial")
    writer = gguf.GGUFWriter(str(partial), architecture)
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", float(rank))
    for key, tensor in sorted(state.items()):
        match = _KEY.search(key)
        if not match:
            raise ValueError(f"unexpected adapter weight {key}")
        layer, projection, side = match.groups()
        name = f"blk.{layer}.{_PROJECTIONS[projection]}.weight.lora_{side.lower()}"
        values = tensor.detach().cpu().float().numpy()
        if quantize and values.shape[-1] % gguf.GGML_QUANT_SIZES[(kind := gguf.GGMLQuantizationType.Q8_0)][0] == 0:
            writer.add_tensor(name, gguf.quants.quantize(values, kind), raw_dtype=kind)
        else:
            writer.add_tensor(name, values.astype(np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    partial.replace(path)


def read_adapter(path: Path) -> dict[str, Any]:
    """The weights of a GGUF LoRA under PEFT's names, as float32 arrays; the inverse of ``write_adapter``."""
    projections = {v: k for k, v in _PROJECTIONS.items()}
    state: dict[str, Any] = {}
    for tensor in gguf.GGUFReader(path).tensors:
        _, layer, name, _, side = tensor.name.split(".")
        block = "mlp" if name.startswith("ffn") else "self_attn"
        values = gguf.quants.dequantize(tensor.data, tensor.tensor_type).astype(np.float32)
        key = f"base_model.model.model.layers.{layer}.{block}.{projections[name]}.lora_{side[-1].upper()}.weight"
        state[key] = values.reshape(tuple(int(n) for n in reversed(tensor.shape)))
    return state
