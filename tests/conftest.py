"""What tests share: the embedded models where they are installed, and small meetings built by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.catalogue import ModelStore
from pipeline.archive import Archive
from pipeline.settings import Settings

SAMPLES = Path(__file__).parent.parent / "samples"


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The installation's models with a cache of the test run's own."""
    return Settings(cache_folder=tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def store(settings: Settings) -> ModelStore:
    return ModelStore(settings.models_folder)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """An empty archive on SQLite, for drafts without a language model."""
    found = Archive(Settings(archive_folder=tmp_path / "arkiv", cache_folder=tmp_path / "cache", language_model="none"))
    yield found
    found.close()
