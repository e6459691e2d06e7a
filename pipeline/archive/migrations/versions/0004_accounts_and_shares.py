"""Accounts of a team's server, their sessions, and what is shared with whom."""

import sqlalchemy as sa
from alembic import op

from pipeline.archive.tables import Utc

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "accounts", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("issuer", sa.String(400), nullable=False),
        sa.Column("subject", sa.String(400), nullable=False), sa.Column("email", sa.String(400), nullable=False, index=True),
        sa.Column("name", sa.String(400), nullable=False), sa.Column("created", Utc(), nullable=False), sa.UniqueConstraint("issuer", "subject"))
    op.create_table(
        "sign_ins", sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("accounts.id"), nullable=False, index=True), sa.Column("until", Utc(), nullable=False))
    op.create_table(
        "shares", sa.Column("meeting_id", sa.String(32), sa.ForeignKey("meetings.id"), primary_key=True),
        sa.Column("email", sa.String(400), primary_key=True, index=True), sa.Column("role", sa.String(20), nullable=False))
