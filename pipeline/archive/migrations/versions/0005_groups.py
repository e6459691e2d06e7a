"""Groups, and which group a meeting is of."""

import sqlalchemy as sa
from alembic import op

from pipeline.archive.tables import Utc

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "groups", sa.Column("id", sa.String(32), primary_key=True), sa.Column("owner", sa.String(400), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False), sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("template", sa.LargeBinary()), sa.Column("template_name", sa.String(400)), sa.Column("created", Utc(), nullable=False))
    # In words: Alembic would make the table anew on SQLite, which the rows that refer to it forbid.
    op.execute("ALTER TABLE meetings ADD COLUMN group_id VARCHAR(32) REFERENCES groups (id)")
    op.create_index("ix_meetings_group_id", "meetings", ["group_id"])
