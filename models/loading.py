"""From a name, a folder or an address to a loaded model; hub libraries offline, telemetry off."""

from __future__ import annotations

import os
from pathlib import Path

from models.catalogue import CatalogueModel, ModelStore, folder_digest, sha256_of
from models.language import LanguageModel, LlamaCpp, OpenAICompatible, Transformers
from models.minutes.tokens import cut_base
from models.pyannote import PyannotePipeline
from models.speech import Whisper
from models.voices import Voices
from pipeline.errors import ModelError
from pipeline.settings import Settings

PREFERRED_SPEECH = ("kb-whisper-large", "kb-whisper-small", "whisper-base")
NONE = "none"
AUTO = "auto"


def keep_offline() -> None:
    """Switch every library's network use and telemetry off; to be called before they are imported."""
    for name, value in {
        "HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1",
        "DO_NOT_TRACK": "1", "PYANNOTE_METRICS_ENABLED": "0", "ANONYMIZED_TELEMETRY": "False",
        "TOKENIZERS_PARALLELISM": "false",
    }.items():
        os.environ[name] = value


def chosen_speech(settings: Settings, store: ModelStore) -> str:
    """The speech model that will be used: the user's choice, or the best that is present.

    The large KB-Whisper is preferred only where there is a GPU.
    """
    if settings.speech_model != AUTO:
        return settings.speech_model
    import ctranslate2

    gpu = bool(ctranslate2.get_cuda_device_count())
    for name in PREFERRED_SPEECH:
        if store.is_present(name) and (gpu or name != "kb-whisper-large"):
            return name
    return "whisper-base"


def chosen_language(settings: Settings) -> str:
    return "minutes-sv" if settings.language_model == AUTO else settings.language_model


def is_address(name: str) -> bool:
    return name.startswith(("http://", "https://"))


def identity(name: str, store: ModelStore) -> str:
    """What identifies a model in caches and drafts: checksum, or the address of a server."""
    if name == NONE or is_address(name):
        return name
    if name in store.models:
        return store.checksum(name)
    path = Path(name)
    if path.is_dir():
        return folder_digest(path)
    if path.is_file():
        return sha256_of(path)
    store.named(name)
    raise ModelError(f"Modellen {name} finns inte.")


def load_speech(name: str, settings: Settings, store: ModelStore) -> Whisper:
    """Raises ModelError when the model is missing or damaged."""
    if Path(name).is_dir():
        return Whisper(Path(name), settings.threads, settings.beam_size)
    _must_be(store.named(name), "speech")
    store.verify(name)
    return Whisper(store.path(name), settings.threads, settings.beam_size)


def load_voices(settings: Settings, store: ModelStore) -> Voices | PyannotePipeline:
    """The embedded networks, or pyannote's pipeline from the user's folder. Raises ModelError."""
    if settings.speaker_model not in store.models and Path(settings.speaker_model).is_dir():
        return PyannotePipeline(Path(settings.speaker_model))
    store.verify(settings.speaker_model)
    return Voices(store.path(settings.speaker_model), settings.threads)


def load_language(name: str, settings: Settings, store: ModelStore) -> LanguageModel | None:
    """None for "none". Raises ModelError when the model is missing, damaged or does not answer."""
    if name == NONE:
        return None
    if is_address(name):
        address, _, model = name.partition("#")
        return OpenAICompatible(address, model=model or None, key=settings.api_key)
    path = Path(name)
    if path.is_file() and path.suffix == ".gguf":
        return LlamaCpp(path, name=path.name, threads=settings.threads, context=6144)
    if path.is_dir():
        gguf = sorted(path.glob("*.gguf"))
        if gguf:
            return LlamaCpp(gguf[0], name=path.name, threads=settings.threads, context=6144)
        return Transformers(path, name=path.name)
    entry = store.named(name)
    _must_be(entry, "language")
    store.verify(name)
    if entry.base:
        base = store.named(entry.base)
        return LlamaCpp(cut_base(store.file(base.name, base.files[0].name)), name=name, threads=settings.threads,
                        adapter=store.file(name, entry.files[0].name), prompting=entry.prompting)
    return LlamaCpp(store.file(name, entry.files[0].name), name=name, threads=settings.threads,
                    prompting=entry.prompting, context=6144)


def _must_be(entry: CatalogueModel, task: str) -> None:
    if entry.task != task:
        raise ModelError(f"Modellen {entry.name} är för ”{entry.task}”, inte för ”{task}”.")
