"""Talk that is not to be learnt from."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "struck_pairs", sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("meeting_id", sa.String(32), sa.ForeignKey("meetings.id"), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False), sa.Column("end", sa.Integer(), nullable=False))
    op.create_index("ix_struck_pairs_meeting_id", "struck_pairs", ["meeting_id"])
