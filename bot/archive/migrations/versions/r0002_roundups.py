"""Daily and weekly round-ups"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.archive import columns

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Added in place: SQLite would make the table anew in a batch, and dropping the old one takes its deliveries along.
    op.add_column("subscriptions", sa.Column("hour", sa.Integer(), nullable=True))
    op.add_column("subscriptions", sa.Column("next_at", columns.Moment(timezone=True), nullable=True))
    op.add_column("subscriptions", sa.Column("told_to", columns.Moment(timezone=True), nullable=True))
    op.create_table(
        "roundups",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=False),
        sa.Column("until", columns.Moment(timezone=True), nullable=False),
        sa.Column("body", columns.Packed(), nullable=False),
        sa.Column("shown", sa.String(length=64), nullable=False),
        sa.Column("made_at", columns.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscriptions.id"], name=op.f("fk_roundups_subscription_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roundups")),
        sa.UniqueConstraint("subscription_id", "until", name=op.f("uq_roundups_subscription_id_until")),
    )
    op.create_table(
        "told",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=False),
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column("digest_id", sa.Integer(), nullable=False),
        sa.Column("roundup_id", sa.Integer(), nullable=True),
        sa.Column("checked_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["checked_id"], ["digests.id"], name=op.f("fk_told_checked_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["digest_id"], ["digests.id"], name=op.f("fk_told_digest_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["roundup_id"], ["roundups.id"], name=op.f("fk_told_roundup_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_told_story_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscriptions.id"], name=op.f("fk_told_subscription_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_told")),
        sa.UniqueConstraint("roundup_id", "story_id", name=op.f("uq_told_roundup_id_story_id")),
    )
    op.create_index(op.f("ix_told_story_id"), "told", ["story_id"], unique=False)
    op.create_index(op.f("ix_told_subscription_id_story_id"), "told", ["subscription_id", "story_id"], unique=False)
    # No table refers to deliveries, so that one may be made anew: its rows are copied.
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.alter_column("story_id", existing_type=sa.Integer(), nullable=True)
        batch_op.add_column(sa.Column("roundup_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_deliveries_roundup_id"), "roundups", ["roundup_id"], ["id"], ondelete="CASCADE"
        )
        batch_op.create_unique_constraint(batch_op.f("uq_deliveries_roundup_id"), ["roundup_id"])


def downgrade() -> None:
    op.execute("DELETE FROM deliveries WHERE story_id IS NULL")
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_deliveries_roundup_id"), type_="unique")
        batch_op.drop_constraint(batch_op.f("fk_deliveries_roundup_id"), type_="foreignkey")
        batch_op.drop_column("roundup_id")
        batch_op.alter_column("story_id", existing_type=sa.Integer(), nullable=False)
    op.drop_table("told")
    op.drop_table("roundups")
    for name in ("told_to", "next_at", "hour"):
        op.drop_column("subscriptions", name)
