"""Alembic's environment: migrations run on the connection that the program gives."""

from alembic import context

from pipeline.archive.tables import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
