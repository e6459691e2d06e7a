"""Settings: environment variables (PROTOKOLLIST_…), then ``protokollist.toml``, then defaults."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs
from pydantic import Field
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)


def _data_folder() -> Path:
    return Path(platformdirs.user_data_dir("protokollist", appauthor=False))


def _cache_folder() -> Path:
    return Path(platformdirs.user_cache_dir("protokollist", appauthor=False))


class Settings(BaseSettings):
    """How this installation works. Every field can be set as PROTOKOLLIST_<FIELD>."""

    model_config = SettingsConfigDict(
        env_prefix="PROTOKOLLIST_", toml_file="protokollist.toml", extra="ignore")

    models_folder: Path = Field(default_factory=lambda: _data_folder() / "models")
    cache_folder: Path = Field(default_factory=_cache_folder)
    archive_folder: Path = Field(default_factory=lambda: _data_folder() / "arkiv")
    database_url: str | None = None
    files_url: str | None = None
    speech_model: str = "auto"
    language_model: str = "auto"
    speaker_model: str = "embedded-voices"
    learn_from_reviews: bool = False
    retention: dict[str, str] = Field(default_factory=dict)
    threads: int = Field(default_factory=lambda: max(1, os.cpu_count() or 1))
    beam_size: int = 5
    api_key: str | None = None

    def environment(self) -> dict[str, str]:
        """The environment of a child process that is to work with these settings."""
        given = self.model_dump(mode="json", exclude_none=True, exclude={"retention"})
        return {**os.environ, **{f"PROTOKOLLIST_{k.upper()}": str(v) for k, v in given.items()}}

    @classmethod
    def settings_customise_sources(
            cls, settings_cls: type[BaseSettings], init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource, dotenv_settings: PydanticBaseSettingsSource,
            file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)
