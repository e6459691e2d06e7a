"""Print the path of the embedded base model, for ``make train``."""

from models.catalogue import ModelStore
from pipeline.settings import Settings

if __name__ == "__main__":
    print(ModelStore(Settings().models_folder).file("gemma-3-270m", "gemma-3-270m-q4_k_m.gguf"))
