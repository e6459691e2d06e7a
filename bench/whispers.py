"""The same Whisper weights for other programs: from CTranslate2's file to transformers and to OpenAI's package.

Used by bench/speed.py, so that all run the same model. The file format is CTranslate2's binary version 6
(``ctranslate2/specs/model_spec.py``): a header, then name, shape, type and bytes of every variable, then aliases.
"""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

_TYPES = (np.float32, np.int8, np.int16, np.int32, np.float16)
Weights = dict[str, npt.NDArray[Any]]


def read(model: Path) -> Weights:
    """The variables of a CTranslate2 model file, floats as float32."""
    data, at = model.read_bytes(), 0

    def take(form: str) -> int:
        nonlocal at
        (value,) = struct.unpack_from(form, data, at)
        at += struct.calcsize(form)
        return int(value)

    def text() -> str:
        nonlocal at
        length = take("<H")
        at += length
        return data[at - length:at].rstrip(b"\0").decode()

    if take("<I") != 6 or text() != "WhisperSpec":
        raise ValueError(f"{model} is no Whisper model of CTranslate2's binary version 6")
    take("<I")
    found: Weights = {}
    for _ in range(take("<I")):
        name = text()
        shape = [take("<I") for _ in range(take("<B"))]
        kind, size = _TYPES[take("<B")], take("<I")
        values = np.frombuffer(data, kind, size // np.dtype(kind).itemsize, at).reshape(shape)
        found[name] = values.astype(np.float32) if kind is np.float16 else values
        at += size
    return found


def _layer(weights: Weights, layer: str, names: dict[str, str]) -> Weights:
    """One layer under other names; CTranslate2 keeps query, key and value of one attention in one matrix."""
    out: Weights = {}

    def linear(source: str, parts: list[str]) -> None:
        for part, w, b in zip(parts, np.split(weights[f"{source}/weight"], len(parts)), np.split(weights[f"{source}/bias"], len(parts)), strict=True):
            out[f"{part}.weight"] = w
            if not part.endswith(names["key"]):  # Whisper's keys have no bias
                out[f"{part}.bias"] = b

    def norm(source: str, target: str) -> None:
        out[f"{target}.weight"], out[f"{target}.bias"] = weights[f"{source}/gamma"], weights[f"{source}/beta"]

    query, key, value, output = (names[k] for k in ("query", "key", "value", "output"))
    mine, cross = names["attention"], names["cross"]
    linear(f"{layer}/self_attention/linear_0", [f"{mine}.{p}" for p in (query, key, value)])
    linear(f"{layer}/self_attention/linear_1", [f"{mine}.{output}"])
    norm(f"{layer}/self_attention/layer_norm", names["attention_norm"])
    if f"{layer}/attention/linear_0/weight" in weights:
        linear(f"{layer}/attention/linear_0", [f"{cross}.{query}"])
        linear(f"{layer}/attention/linear_1", [f"{cross}.{key}", f"{cross}.{value}"])
        linear(f"{layer}/attention/linear_2", [f"{cross}.{output}"])
        norm(f"{layer}/attention/layer_norm", names["cross_norm"])
    linear(f"{layer}/ffn/linear_0", [names["up"]])
    linear(f"{layer}/ffn/linear_1", [names["down"]])
    norm(f"{layer}/ffn/layer_norm", names["feed_norm"])
    return out


_TRANSFORMERS = {"query": "q_proj", "key": "k_proj", "value": "v_proj", "output": "out_proj", "attention": "self_attn", "cross": "encoder_attn",
                 "attention_norm": "self_attn_layer_norm", "cross_norm": "encoder_attn_layer_norm", "up": "fc1", "down": "fc2",
                 "feed_norm": "final_layer_norm", "layers": "layers", "positions": "embed_positions.weight", "tokens": "embed_tokens.weight",
                 "encoder_norm": "layer_norm", "decoder_norm": "layer_norm"}
_OPENAI = {"query": "query", "key": "key", "value": "value", "output": "out", "attention": "attn", "cross": "cross_attn",
           "attention_norm": "attn_ln", "cross_norm": "cross_attn_ln", "up": "mlp.0", "down": "mlp.2", "feed_norm": "mlp_ln", "layers": "blocks",
           "positions": "positional_embedding", "tokens": "token_embedding.weight", "encoder_norm": "ln_post", "decoder_norm": "ln"}


def renamed(weights: Weights, names: dict[str, str]) -> Weights:
    """All weights under the names of another program."""
    out: Weights = {}
    for conv in ("conv1", "conv2"):
        for part in ("weight", "bias"):
            out[f"encoder.{conv}.{part}"] = weights[f"encoder/{conv}/{part}"]
    out[f"decoder.{names['tokens']}"] = weights["decoder/embeddings/weight"]
    for side in ("encoder", "decoder"):
        out[f"{side}.{names['positions']}"] = weights[f"{side}/position_encodings/encodings"]
        for part, there in (("weight", "gamma"), ("bias", "beta")):
            out[f"{side}.{names[f'{side}_norm']}.{part}"] = weights[f"{side}/layer_norm/{there}"]
        for n in range(_layers(weights, side)):
            for name, values in _layer(weights, f"{side}/layer_{n}", names).items():
                out[f"{side}.{names['layers']}.{n}.{name}"] = values
    return out


def _layers(weights: Weights, side: str) -> int:
    return len({name.split("/")[1] for name in weights if name.startswith(f"{side}/layer_") and "layer_norm" not in name.split("/")[1]})


def for_transformers(folder: Path) -> tuple[Any, Any, Any]:
    """(model, tokenizer, feature extractor) of transformers with the weights of a CTranslate2 folder. Needs torch."""
    import torch
    from transformers import GenerationConfig, WhisperConfig, WhisperFeatureExtractor, WhisperForConditionalGeneration, WhisperTokenizerFast

    weights = read(folder / "model.bin")
    told = json.loads((folder / "config.json").read_text("utf-8"))
    tokenizer = WhisperTokenizerFast(tokenizer_file=str(folder / "tokenizer.json"))
    token = tokenizer.convert_tokens_to_ids
    vocabulary, width = weights["decoder/embeddings/weight"].shape
    heads, feed = int(weights["encoder/num_heads"]), len(weights["encoder/layer_0/ffn/linear_0/bias"])
    start, end = token("<|startoftranscript|>"), token("<|endoftext|>")
    model = WhisperForConditionalGeneration(WhisperConfig(
        vocab_size=vocabulary, d_model=width, encoder_layers=_layers(weights, "encoder"), decoder_layers=_layers(weights, "decoder"),
        encoder_attention_heads=heads, decoder_attention_heads=heads, encoder_ffn_dim=feed, decoder_ffn_dim=feed,
        num_mel_bins=weights["encoder/conv1/weight"].shape[1], decoder_start_token_id=start, eos_token_id=end, pad_token_id=end, bos_token_id=end))
    state = {f"model.{name}": torch.from_numpy(np.array(values)) for name, values in renamed(weights, _TRANSFORMERS).items()}
    state["proj_out.weight"] = state["model.decoder.embed_tokens.weight"]
    model.load_state_dict(state)
    languages = [t for t in tokenizer.get_vocab() if t.startswith("<|") and t.endswith("|>") and len(t) in (6, 7) and t[2:-2].isalpha()]
    model.generation_config = GenerationConfig(
        is_multilingual=True, lang_to_id={t: token(t) for t in languages}, task_to_id={t: token(f"<|{t}|>") for t in ("transcribe", "translate")},
        no_timestamps_token_id=token("<|notimestamps|>"), decoder_start_token_id=start, eos_token_id=end, pad_token_id=end, bos_token_id=end,
        max_length=448, suppress_tokens=told.get("suppress_ids"), begin_suppress_tokens=told.get("suppress_ids_begin"),
        prev_sot_token_id=token("<|startofprev|>"))
    return model.eval(), tokenizer, WhisperFeatureExtractor(feature_size=weights["encoder/conv1/weight"].shape[1])


def for_openai(folder: Path, into: Path) -> Path:
    """A checkpoint for ``whisper.load_model`` with the weights of a CTranslate2 folder. Needs torch."""
    import torch

    weights = read(folder / "model.bin")
    vocabulary, width = weights["decoder/embeddings/weight"].shape
    dims = {"n_mels": weights["encoder/conv1/weight"].shape[1], "n_vocab": vocabulary}
    for side, part in (("encoder", "audio"), ("decoder", "text")):
        dims |= {f"n_{part}_ctx": len(weights[f"{side}/position_encodings/encodings"]), f"n_{part}_state": width,
                 f"n_{part}_head": int(weights[f"{side}/num_heads"]), f"n_{part}_layer": _layers(weights, side)}
    state = {name: torch.from_numpy(np.array(values)) for name, values in renamed(weights, _OPENAI).items()}
    torch.save({"dims": dims, "model_state_dict": state}, into)
    return into
