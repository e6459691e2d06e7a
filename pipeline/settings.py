"""Settings: environment variables (PROTOKOLLIST_…), then ``protokollist.toml``, then defaults."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs
from pydantic import BaseModel, Field
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


class IdentityProvider(BaseModel):
    """Who vouches for people of some domains, over OpenID Connect: Entra ID, Keycloak, a region's own.

    The secret lies in a file of its own, so that the settings can be shown. Only e-mail addresses of ``domains``
    are believed from this provider: another authority's people must come through that authority's own.
    """

    title: str
    issuer: str
    client_id: str
    client_secret_file: Path
    domains: list[str] = Field(min_length=1)


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
    public_address: str = ""
    identity_providers: dict[str, IdentityProvider] = Field(default_factory=dict)
    administrators: list[str] = Field(default_factory=list)
    mail_server: str = ""
    mail_from: str = ""

    @property
    def steps_folder(self) -> Path:
        """Where the results of finished steps are kept."""
        return self.cache_folder / "steg"

    def environment(self) -> dict[str, str]:
        """The environment of a child process that is to work with these settings."""
        given = self.model_dump(mode="json", exclude_none=True, exclude={"retention", "identity_providers", "administrators"})
        return {**os.environ, **{f"PROTOKOLLIST_{k.upper()}": str(v) for k, v in given.items()}}

    @classmethod
    def settings_customise_sources(
            cls, settings_cls: type[BaseSettings], init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource, dotenv_settings: PydanticBaseSettingsSource,
            file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)
