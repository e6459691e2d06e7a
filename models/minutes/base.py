"""The embedded base model of the minutes model; as a program it prints its path, for ``make train``."""

from pathlib import Path

from models.catalogue import ModelStore
from pipeline.settings import Settings


def base_path() -> Path:
    """The base's GGUF file in the folder of models. Raises ModelError when it is not there."""
    return ModelStore(Settings().models_folder).file("gemma-3-270m", "gemma-3-270m-q4_k_m.gguf")


if __name__ == "__main__":
    print(base_path())
