"""The encodings of contributions, and which contributions still want theirs"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Whoever inserts a contribution, its vectors are owed.
OWED = """
CREATE TRIGGER vectors_owed AFTER INSERT ON contributions WHEN new.voice <> 'procedure' BEGIN
    INSERT OR IGNORE INTO unencoded (contribution_id, topical, day, attempts)
    SELECT new.id, 0, documents.date, 0 FROM documents WHERE documents.id = new.document_id;
END
"""
SOONER = """
CREATE TRIGGER vectors_owed_sooner AFTER INSERT ON topical BEGIN
    UPDATE unencoded SET topical = 1 WHERE contribution_id = new.contribution_id;
END
"""
ALL = """
INSERT INTO unencoded (contribution_id, topical, day, attempts)
SELECT contributions.id, EXISTS (SELECT 1 FROM topical WHERE topical.contribution_id = contributions.id),
       documents.date, 0
FROM contributions JOIN documents ON documents.id = contributions.document_id
WHERE contributions.voice <> 'procedure'
"""


def upgrade() -> None:
    op.create_table(
        "vectors",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("signs", sa.LargeBinary(), nullable=False),
        sa.Column("steps", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"], ["contributions.id"], name=op.f("fk_vectors_contribution_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vectors")),
        sa.UniqueConstraint("contribution_id", "part", name=op.f("uq_vectors_contribution_id_part")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "unencoded",
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("topical", sa.Boolean(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["contribution_id"], ["contributions.id"], name=op.f("fk_unencoded_contribution_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("contribution_id", name=op.f("pk_unencoded")),
    )
    op.create_index(op.f("ix_unencoded_topical_day"), "unencoded", ["topical", "day"], unique=False)
    op.execute(ALL)
    op.execute(OWED)
    op.execute(SOONER)


def downgrade() -> None:
    op.execute("DROP TRIGGER vectors_owed_sooner")
    op.execute("DROP TRIGGER vectors_owed")
    op.drop_table("unencoded")
    op.drop_table("vectors")
