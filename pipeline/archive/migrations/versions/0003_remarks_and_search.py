"""Remarks, approvals, and what lists and searches need of a draft."""

import sqlalchemy as sa
from alembic import op

from pipeline.archive.tables import Utc

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    def meeting(*, key: bool = False) -> sa.Column[str]:
        return sa.Column("meeting_id", sa.String(32), sa.ForeignKey("meetings.id"), nullable=False, primary_key=key, index=not key)

    op.add_column("meetings", sa.Column("remarks_until", sa.String(10)))
    op.create_table("digests", meeting(key=True), sa.Column("text", sa.Text(), nullable=False), sa.Column("flags", sa.Integer(), nullable=False),
                    sa.Column("actions", sa.JSON(), nullable=False))
    op.create_table(
        "remarks", sa.Column("id", sa.Integer(), primary_key=True), meeting(), sa.Column("statement", sa.String(400)),
        sa.Column("who", sa.String(400), nullable=False), sa.Column("noted_by", sa.String(400), nullable=False),
        sa.Column("text", sa.Text(), nullable=False), sa.Column("created", Utc(), nullable=False), sa.Column("settled", Utc()))
    op.create_table(
        "approvals", meeting(key=True), sa.Column("name", sa.String(200), primary_key=True), sa.Column("approved", Utc()),
        sa.Column("version", sa.String(40)), sa.Column("noted_by", sa.String(400)))
