"""Opening and migrating the archive's database: SQLite with nothing to install, or PostgreSQL by one URL."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError

from pipeline.errors import ArchiveError
from pipeline.settings import Settings

FILE_NAME = "arkiv.sqlite"


def database_url(settings: Settings) -> str:
    """The address of the database: the one set, else a file in the archive's folder."""
    url = settings.database_url or f"sqlite:///{settings.archive_folder / FILE_NAME}"
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


def open_engine(url: str) -> Engine:
    """An engine; SQLite in WAL mode, with foreign keys, waiting for locks up to 30 s.

    Raises ArchiveError when the address cannot be understood.
    """
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    try:
        engine = create_engine(url, pool_pre_ping=True)
    except (SQLAlchemyError, ImportError) as error:
        raise ArchiveError(f"Databasen {url.split('@')[-1]} går inte att använda: {error}") from error
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def _prepare(connection: Any, _: Any) -> None:
            for line in ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=30000", "synchronous=FULL", "secure_delete=ON"):
                connection.execute(f"PRAGMA {line}")
            connection.isolation_level = None  # we begin transactions ourselves, so that reading then writing cannot clash

        @event.listens_for(engine, "begin")
        def _begin(connection: Any) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def migrate(engine: Engine, revision: str = "head") -> None:
    """Bring the tables to a revision. Raises ArchiveError when the database cannot be reached or is newer than the program."""
    config = Config()
    config.set_main_option("script_location", str(files("pipeline.archive") / "migrations"))
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
    except Exception as error:  # alembic raises its own kinds beside SQLAlchemy's
        raise ArchiveError(f"Arkivets databas kunde inte öppnas eller uppgraderas: {error}") from error
