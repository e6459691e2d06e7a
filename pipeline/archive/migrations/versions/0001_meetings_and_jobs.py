"""Meetings, their files, jobs and logs."""

import sqlalchemy as sa
from alembic import op

from pipeline.archive.tables import Utc

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "meetings", sa.Column("id", sa.String(32), primary_key=True), sa.Column("key", sa.String(64), nullable=False, unique=True),
        sa.Column("title", sa.String(400), nullable=False), sa.Column("day", sa.String(10)),
        sa.Column("state", sa.String(20), nullable=False), sa.Column("state_at", Utc(), nullable=False),
        sa.Column("state_by", sa.String(400)), sa.Column("legal_hold", sa.Boolean(), nullable=False), sa.Column("created", Utc(), nullable=False))
    op.create_table(
        "artefacts", sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("meeting_id", sa.String(32), sa.ForeignKey("meetings.id"), nullable=False, index=True),
        sa.Column("kind", sa.String(20), nullable=False), sa.Column("name", sa.String(400), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False, index=True), sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("created", Utc(), nullable=False), sa.Column("deleted", Utc()))
    op.create_table(
        "jobs", sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("meeting_id", sa.String(32), sa.ForeignKey("meetings.id"), nullable=False, index=True),
        sa.Column("status", sa.String(12), nullable=False, index=True), sa.Column("stage", sa.String(20)),
        sa.Column("percent", sa.Integer(), nullable=False), sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False), sa.Column("run", sa.Integer(), nullable=False), sa.Column("error", sa.Text()),
        sa.Column("options", sa.JSON(), nullable=False), sa.Column("worker", sa.String(80)),
        sa.Column("created", Utc(), nullable=False, index=True), sa.Column("started", Utc()), sa.Column("finished", Utc()))
    op.create_table(
        "stage_results", sa.Column("job_id", sa.String(32), sa.ForeignKey("jobs.id"), primary_key=True),
        sa.Column("run", sa.Integer(), primary_key=True), sa.Column("stage", sa.String(20), primary_key=True),
        sa.Column("worker", sa.String(80), nullable=False), sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("finished", Utc(), nullable=False))
    op.create_table("leases", sa.Column("worker", sa.String(80), primary_key=True), sa.Column("seen", Utc(), nullable=False))
    op.create_table(
        "audit", sa.Column("seq", sa.Integer(), primary_key=True), sa.Column("at", sa.String(40), nullable=False),
        sa.Column("who", sa.String(400), nullable=False), sa.Column("action", sa.String(40), nullable=False),
        sa.Column("target", sa.String(400), nullable=False), sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False), sa.Column("hash", sa.String(64), nullable=False, unique=True))
    op.create_table(
        "deletions", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("meeting_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False), sa.Column("name", sa.String(400), nullable=False),
        sa.Column("sha256", sa.String(64)), sa.Column("reason", sa.String(400), nullable=False), sa.Column("at", Utc(), nullable=False))
