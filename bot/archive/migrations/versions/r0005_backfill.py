"""The days that were filled in afterwards, and what came of it"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.archive import columns

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "backfilled",
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("topic", sa.String(length=80), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("read_at", columns.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("source", "topic", "day", name=op.f("pk_backfilled")),
    )
    for table in ("documents", "stories"):
        op.add_column(table, sa.Column("backfilled", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    for table in ("stories", "documents"):
        op.drop_column(table, "backfilled")
    op.drop_table("backfilled")
