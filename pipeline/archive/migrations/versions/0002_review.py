"""Drafts with their edits, and who a meeting belongs to."""

import sqlalchemy as sa
from alembic import op

from pipeline.archive.tables import Utc

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("meetings", sa.Column("owner", sa.String(400)))
    for name, columns in (
            ("revisions", (sa.Column("made_by", sa.String(400), nullable=False), sa.Column("draft", sa.JSON(), nullable=False),
                           sa.Column("transcript", sa.JSON(), nullable=False))),
            ("edits", (sa.Column("who", sa.String(400), nullable=False), sa.Column("change", sa.JSON(), nullable=False)))):
        op.create_table(
            name, sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("meeting_id", sa.String(32), sa.ForeignKey("meetings.id"), nullable=False, index=True),
            sa.Column("number", sa.Integer(), nullable=False), *columns, sa.Column("created", Utc(), nullable=False),
            sa.UniqueConstraint("meeting_id", "number"))
