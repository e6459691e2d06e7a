"""Build the two speaker networks as ONNX graphs from their published PyTorch weights.

* Segmentation: PyanNet of pyannote/segmentation-3.0 (Bredin 2023; SincNet after Ravanelli and
  Bengio 2018), 16 kHz waveform → log-probabilities of 7 powerset classes per frame.
* Voice embedding: CAM++ of 3D-Speaker (Wang et al. 2023), 80 mel features → 192 dimensions, for
  windows of at most two seconds, where the segment pooling of its context mask is the global mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

Tensors = dict[str, npt.NDArray[Any]]
_OPSET = 17


class _Graph:
    """A linear builder: each method adds a node and returns the name of its output."""

    def __init__(self, tensors: Tensors) -> None:
        self.tensors, self.nodes, self.weights, self._count = tensors, [], {}, 0  # type: ignore[var-annotated]

    def const(self, value: npt.NDArray[Any], name: str = "") -> str:
        name = name or f"c{len(self.weights)}"
        self.weights[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def add(self, op: str, inputs: Sequence[str], outputs: int = 1, **attributes: Any) -> str:
        self._count += 1
        names = [f"{op.lower()}{self._count}" + (f"_{i}" if i else "") for i in range(outputs)]
        self.nodes.append(helper.make_node(op, list(inputs), names, **attributes))
        return names[0]

    def conv(self, x: str, key: str, **attributes: Any) -> str:
        inputs = [x, self.const(self.tensors[f"{key}.weight"], f"{key}.weight")]
        if f"{key}.bias" in self.tensors:
            inputs.append(self.const(self.tensors[f"{key}.bias"], f"{key}.bias"))
        return self.add("Conv", inputs, **attributes)

    def batchnorm(self, x: str, key: str) -> str:
        mean, var = self.tensors[f"{key}.running_mean"], self.tensors[f"{key}.running_var"]
        scale = self.tensors.get(f"{key}.weight", np.ones_like(mean))
        shift = self.tensors.get(f"{key}.bias", np.zeros_like(mean))
        return self.add("BatchNormalization", [x, *(
            self.const(v, f"{key}.{n}") for n, v in (("w", scale), ("b", shift), ("m", mean), ("v", var)))],
            epsilon=1e-5)

    def norm_relu(self, x: str, key: str) -> str:
        return self.add("Relu", [self.batchnorm(x, key)])

    def linear(self, x: str, key: str) -> str:
        weight = self.const(self.tensors[f"{key}.weight"].T, f"{key}.weight")
        return self.add("Add", [self.add("MatMul", [x, weight]), self.const(self.tensors[f"{key}.bias"])])

    def model(self, name: str, shape: list[Any], output: str, result: list[Any]) -> bytes:
        self.nodes.append(helper.make_node("Identity", [output], ["y"]))
        graph = helper.make_graph(
            self.nodes, name, [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
            [helper.make_tensor_value_info("y", TensorProto.FLOAT, result)], list(self.weights.values()))
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)])
        model.ir_version = 9
        onnx.checker.check_model(model)
        return bytes(model.SerializeToString())


def sinc_filters(low: npt.NDArray[Any], band: npt.NDArray[Any], *, size: int = 251, rate: int = 16000
                 ) -> npt.NDArray[np.float32]:
    """The band-pass filters that a SincNet layer's cut-offs stand for: (2 × bands, 1, size)."""
    half = size // 2
    window = np.hamming(size)[:half]
    n = 2 * np.pi * np.arange(-half, 0.0)[None] / rate
    low = 50 + np.abs(low.astype(np.float64))
    high = np.clip(low + 50 + np.abs(band.astype(np.float64)), 50, rate / 2)
    width = 2 * (high - low)
    rise = (np.sin(high @ n) - np.sin(low @ n)) / (n / 2) * window
    even = np.concatenate([rise, width, rise[:, ::-1]], axis=1)
    rise = (np.cos(low @ n) - np.cos(high @ n)) / (n / 2) * window
    odd = np.concatenate([rise, np.zeros_like(width), -rise[:, ::-1]], axis=1)
    return np.concatenate([even / width, odd / width])[:, None].astype(np.float32)


def _lstm_weights(t: Tensors, layer: int) -> tuple[npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any]]:
    """PyTorch's gates (input, forget, cell, output) in ONNX's order (input, output, forget, cell)."""
    def reorder(w: npt.NDArray[Any]) -> npt.NDArray[Any]:
        i, f, c, o = np.split(w, 4)
        return np.concatenate([i, o, f, c])

    def both(key: str) -> npt.NDArray[Any]:
        return np.stack([reorder(t[f"lstm.{key}_l{layer}{d}"]) for d in ("", "_reverse")])

    return both("weight_ih"), both("weight_hh"), np.concatenate([both("bias_ih"), both("bias_hh")], axis=1)


def segmentation_model(t: Tensors) -> bytes:
    """PyanNet as ONNX: x (batch, 1, samples) → y (batch, frames, 7)."""
    g = _Graph(t)

    def instancenorm(x: str, key: str) -> str:
        return g.add("InstanceNormalization", [x, g.const(t[f"{key}.weight"]), g.const(t[f"{key}.bias"])],
                     epsilon=1e-5)

    x = instancenorm("x", "sincnet.wav_norm1d")
    filters = sinc_filters(t["sincnet.conv1d.0.filterbank.low_hz_"], t["sincnet.conv1d.0.filterbank.band_hz_"])
    x = g.add("Abs", [g.add("Conv", [x, g.const(filters)], strides=[10])])
    for layer in range(3):
        if layer:
            x = g.conv(x, f"sincnet.conv1d.{layer}")
        x = g.add("MaxPool", [x], kernel_shape=[3], strides=[3])
        x = g.add("LeakyRelu", [instancenorm(x, f"sincnet.norm1d.{layer}")], alpha=0.01)
    x = g.add("Transpose", [x], perm=[2, 0, 1])
    shape = g.const(np.array([0, 0, -1]))
    for layer in range(4):
        w, r, b = _lstm_weights(t, layer)
        x = g.add("LSTM", [x, g.const(w), g.const(r), g.const(b)], hidden_size=128, direction="bidirectional")
        x = g.add("Reshape", [g.add("Transpose", [x], perm=[0, 2, 1, 3]), shape])
    x = g.add("Transpose", [x], perm=[1, 0, 2])
    for layer in range(2):
        x = g.add("LeakyRelu", [g.linear(x, f"linear.{layer}")], alpha=0.01)
    return g.model("segmentation", ["batch", 1, "samples"], g.add("LogSoftmax", [g.linear(x, "classifier")], axis=-1),
                   ["batch", "frames", 7])


def embedding_model(t: Tensors) -> bytes:
    """CAM++ as ONNX: x (batch, frames ≤ 200, 80 mels) → y (batch, 192)."""
    g = _Graph(t)

    def block2d(x: str, key: str, stride: int) -> str:
        y = g.add("Relu", [g.batchnorm(g.conv(x, f"{key}.conv1", strides=[stride, 1], pads=[1, 1, 1, 1]), f"{key}.bn1")])
        y = g.batchnorm(g.conv(y, f"{key}.conv2", pads=[1, 1, 1, 1]), f"{key}.bn2")
        if f"{key}.shortcut.0.weight" in t:
            x = g.batchnorm(g.conv(x, f"{key}.shortcut.0", strides=[stride, 1]), f"{key}.shortcut.1")
        return g.add("Relu", [g.add("Add", [x, y])])

    x = g.add("Unsqueeze", [g.add("Transpose", ["x"], perm=[0, 2, 1]), g.const(np.array([1]))])
    x = g.add("Relu", [g.batchnorm(g.conv(x, "head.conv1", pads=[1, 1, 1, 1]), "head.bn1")])
    for stage in ("layer1", "layer2"):
        x = block2d(block2d(x, f"head.{stage}.0", 2), f"head.{stage}.1", 1)
    x = g.add("Relu", [g.batchnorm(g.conv(x, "head.conv2", strides=[2, 1], pads=[1, 1, 1, 1]), "head.bn2")])
    x = g.add("Reshape", [x, g.const(np.array([0, 320, -1]))])
    x = g.norm_relu(g.conv(x, "xvector.tdnn.linear", strides=[2], pads=[2, 2]), "xvector.tdnn.nonlinear.batchnorm")
    two = g.const(np.array(2, np.float32))
    for block, layers, dilation in ((1, 12, 1), (2, 24, 2), (3, 16, 2)):
        for layer in range(1, layers + 1):
            key = f"xvector.block{block}.tdnnd{layer}"
            y = g.conv(g.norm_relu(x, f"{key}.nonlinear1.batchnorm"), f"{key}.linear1")
            y = g.norm_relu(y, f"{key}.nonlinear2.batchnorm")
            context = g.add("Mul", [g.add("ReduceMean", [y], axes=[2], keepdims=1), two])
            mask = g.add("Relu", [g.conv(context, f"{key}.cam_layer.linear1")])
            mask = g.add("Sigmoid", [g.conv(mask, f"{key}.cam_layer.linear2")])
            local = g.conv(y, f"{key}.cam_layer.linear_local", pads=[dilation, dilation], dilations=[dilation])
            x = g.add("Concat", [x, g.add("Mul", [local, mask])], axis=1)
        key = f"xvector.transit{block}"
        x = g.conv(g.norm_relu(x, f"{key}.nonlinear.batchnorm"), f"{key}.linear")
    x = g.norm_relu(x, "xvector.out_nonlinear.batchnorm")
    mean = g.add("ReduceMean", [x], axes=[2], keepdims=1)
    square = g.add("Mul", [centred := g.add("Sub", [x, mean]), centred])
    frames = g.add("Cast", [g.add("Gather", [g.add("Shape", [x]), g.const(np.array(2))], axis=0)], to=TensorProto.FLOAT)
    degrees = g.add("Sub", [frames, g.const(np.array(1, np.float32))])
    total = g.add("ReduceSum", [square, g.const(np.array([2]))], keepdims=1)
    deviation = g.add("Sqrt", [g.add("Div", [total, degrees])])
    x = g.conv(g.add("Concat", [mean, deviation], axis=1), "xvector.dense.linear")
    x = g.batchnorm(x, "xvector.dense.nonlinear.batchnorm")
    return g.model("embedding", ["batch", "frames", 80], g.add("Squeeze", [x, g.const(np.array([2]))]),
                   ["batch", 192])
