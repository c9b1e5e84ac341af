"""Full text over contributions, and which of them are about a topic"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "topical",
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"], ["contributions.id"], name=op.f("fk_topical_contribution_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("contribution_id", "topic", name=op.f("pk_topical")),
    )
    op.create_index(op.f("ix_topical_topic"), "topical", ["topic"], unique=False)


def downgrade() -> None:
    op.drop_table("topical")
