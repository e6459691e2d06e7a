"""Read the tensors of a PyTorch checkpoint (.pt, .bin) without torch and without running its code.

File format: a zip archive with ``data.pkl`` (a pickle of the state dict whose tensors are persistent
references) and one raw little-endian file a storage. Only tensor rebuilding is carried out; every
other class in the pickle becomes an inert placeholder.
"""

from __future__ import annotations

import io
import pickle
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

_DTYPES = {"FloatStorage": "<f4", "HalfStorage": "<f2", "DoubleStorage": "<f8", "LongStorage": "<i8",
           "IntStorage": "<i4", "ByteStorage": "u1", "BoolStorage": "?"}


class _Placeholder:
    """Stands for any class of the pickle that is not needed to rebuild tensors."""

    def __init__(self, *_: Any, **__: Any) -> None: ...
    def __setstate__(self, _: Any) -> None: ...
    def __call__(self, *_: Any, **__: Any) -> _Placeholder:
        return self

    def append(self, _: Any) -> None: ...
    def extend(self, _: Any) -> None: ...
    def __setitem__(self, _: Any, __: Any) -> None: ...


class _Dict(dict[Any, Any]):
    """An OrderedDict that may carry attributes, as a state dict does."""


class _Reader(pickle.Unpickler):
    def __init__(self, archive: zipfile.ZipFile, root: str) -> None:
        super().__init__(io.BytesIO(archive.read(f"{root}/data.pkl")))
        self._archive, self._root = archive, root

    def find_class(self, module: str, name: str) -> Any:
        if module == "torch._utils" and name == "_rebuild_tensor_v2":
            return _rebuild
        if module == "torch" and name in _DTYPES:
            return name
        if (module, name) == ("collections", "OrderedDict"):
            return _Dict
        return type(name, (_Placeholder,), {})

    def persistent_load(self, reference: Any) -> npt.NDArray[Any]:
        _, storage, key, _, _ = reference
        return np.frombuffer(self._archive.read(f"{self._root}/data/{key}"), _DTYPES[storage])


def _rebuild(storage: npt.NDArray[Any], offset: int, shape: tuple[int, ...], stride: tuple[int, ...],
             *_: Any) -> npt.NDArray[Any]:
    steps = tuple(s * storage.itemsize for s in stride)
    return np.lib.stride_tricks.as_strided(storage[offset:], shape, steps).copy()


def read_tensors(path: Path) -> dict[str, npt.NDArray[Any]]:
    """The tensors of a checkpoint by name, from its ``state_dict`` where it has one.

    Raises ValueError when the file is no such checkpoint.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            root = next(n for n in archive.namelist() if n.endswith("/data.pkl")).rsplit("/", 1)[0]
            content = _Reader(archive, root).load()
    except (zipfile.BadZipFile, StopIteration, pickle.UnpicklingError, KeyError, EOFError) as error:
        raise ValueError(f"{path} is not a PyTorch checkpoint") from error
    state = content.get("state_dict", content) if isinstance(content, dict) else {}
    return {str(k): v for k, v in state.items() if isinstance(v, np.ndarray)}
