"""Full text over contributions, who speaks in them, and which of them are about a topic"""

# ruff: noqa: S608 -- the statements are put together from constants of this file alone

from __future__ import annotations

import json
from datetime import date

import sqlalchemy as sa
from alembic import op

from bot.archive.facets import TOPICAL, of_document, of_speaker

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BATCH = 2000
_NAMED = "{0}.speaker IS NOT NULL AND ({0}.voice = 'speech' OR {0}.voice = 'chair' AND {0}.member_id > 0)"
_WHO = "CASE WHEN {0}.member_id > 0 THEN 'm' || {0}.member_id ELSE {0}.speaker END"
_INDEX = "INSERT INTO spoken (rowid, text, speaker, facets) VALUES (new.id, new.text, new.speaker, new.facets);"
_UNINDEX = (
    "INSERT INTO spoken (spoken, rowid, text, speaker, facets) "
    "VALUES ('delete', old.id, old.text, old.speaker, old.facets);"
)
_HEARD = f"""
INSERT INTO speakers (who, name, member_id, party, house, seen, said)
SELECT {_WHO.format("new")}, new.speaker, CASE WHEN new.member_id > 0 THEN new.member_id END,
       new.party, documents.house, documents.date, 1
FROM documents WHERE documents.id = new.document_id AND {_NAMED.format("new")}
ON CONFLICT (who, name) DO UPDATE SET
    party = CASE WHEN coalesce(excluded.seen >= seen, 1) THEN coalesce(excluded.party, party) ELSE party END,
    house = CASE WHEN coalesce(excluded.seen >= seen, 1) THEN coalesce(excluded.house, house) ELSE house END,
    seen = CASE WHEN coalesce(excluded.seen >= seen, 1) THEN coalesce(excluded.seen, seen) ELSE seen END,
    said = said + 1;"""
_UNHEARD = f"""
UPDATE speakers SET said = said - 1
WHERE who = {_WHO.format("old")} AND name = old.speaker AND {_NAMED.format("old")};
DELETE FROM speakers WHERE who = {_WHO.format("old")} AND name = old.speaker AND said <= 0;"""

TRIGGERS = {
    "contributions_added": f"AFTER INSERT ON contributions BEGIN {_INDEX} {_HEARD} END",
    "contributions_removed": f"AFTER DELETE ON contributions BEGIN {_UNINDEX} {_UNHEARD} END",
    "contributions_reworded": "AFTER UPDATE OF id, text, speaker, facets ON contributions "
    f"BEGIN {_UNINDEX} {_INDEX} END",
    "contributions_renamed": "AFTER UPDATE OF speaker, member_id, party, voice ON contributions "
    f"BEGIN {_UNHEARD} {_HEARD} END",
    "topical_added": "AFTER INSERT ON topical BEGIN "
    f"UPDATE contributions SET facets = facets || ' {TOPICAL}' "
    f"WHERE id = new.contribution_id AND facets NOT LIKE '% {TOPICAL}%'; END",
    "topical_removed": "AFTER DELETE ON topical "
    "WHEN NOT EXISTS (SELECT 1 FROM topical WHERE contribution_id = old.contribution_id) BEGIN "
    f"UPDATE contributions SET facets = replace(facets, ' {TOPICAL}', '') "
    f"WHERE id = old.contribution_id AND facets LIKE '% {TOPICAL}%'; END",
    "speakers_added": "AFTER INSERT ON speakers BEGIN "
    "INSERT INTO speaker_names (rowid, name) VALUES (new.id, new.name); END",
    "speakers_removed": "AFTER DELETE ON speakers BEGIN "
    "INSERT INTO speaker_names (speaker_names, rowid, name) VALUES ('delete', old.id, old.name); END",
}
"""SQLite's: what is read, changed or taken away by whatever road is so in the indices too."""


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
    op.create_table(
        "speakers",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("party", sa.String(length=60), nullable=True),
        sa.Column("house", sa.String(length=40), nullable=True),
        sa.Column("seen", sa.Date(), nullable=True),
        sa.Column("said", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_speakers")),
        sa.UniqueConstraint("who", "name", name=op.f("uq_speakers_who_name")),
    )
    op.create_index(op.f("ix_speakers_member_id"), "speakers", ["member_id"], unique=False)
    op.create_index(op.f("ix_documents_date"), "documents", ["date"], unique=False)
    op.add_column("contributions", sa.Column("facets", sa.Text(), nullable=False, server_default=""))
    _fill()
    op.execute(
        "CREATE VIRTUAL TABLE spoken USING fts5(text, speaker, facets, content='contributions', content_rowid='id', "
        "tokenize='porter unicode61 remove_diacritics 2')"
    )
    op.execute(
        "CREATE VIRTUAL TABLE speaker_names USING fts5(name, content='speakers', content_rowid='id', "
        "tokenize='unicode61 remove_diacritics 2')"
    )
    for index in ("spoken", "speaker_names"):
        op.execute(f"INSERT INTO {index} ({index}) VALUES ('rebuild')")
    for name, body in TRIGGERS.items():
        op.execute(f"CREATE TRIGGER {name} {body}")


def _fill() -> None:
    """What an older archive holds: filters, speakers, and the contributions that carried a verdict."""
    connection = op.get_bind()
    last = 0
    while rows := connection.execute(
        sa.text(
            "SELECT c.id, d.kind, d.house, d.date, c.speaker, c.member_id, c.party, c.role "
            "FROM contributions c JOIN documents d ON d.id = c.document_id WHERE c.id > :last ORDER BY c.id LIMIT :n"
        ),
        {"last": last, "n": BATCH},
    ).all():
        last = rows[-1].id
        made = [
            {
                "id": r.id,
                "facets": of_document(r.kind, r.house, _day(r.date))
                + of_speaker(r.speaker, r.member_id, r.party, r.role),
            }
            for r in rows
        ]
        connection.execute(sa.text("UPDATE contributions SET facets = :facets WHERE id = :id"), made)
    # Of several rows the party and House are those of the one with the latest day: SQLite's rule for a bare max().
    op.execute(
        f"INSERT INTO speakers (who, name, member_id, party, house, seen, said) "
        f"SELECT {_WHO.format('c')} AS who, c.speaker, CASE WHEN c.member_id > 0 THEN c.member_id END, c.party, "
        f"d.house, max(d.date), count(*) FROM contributions c JOIN documents d ON d.id = c.document_id "
        f"WHERE {_NAMED.format('c')} GROUP BY who, c.speaker"
    )
    verdicts = connection.execute(
        sa.text(
            "SELECT d.id, m.topic, m.parts FROM matches m JOIN versions v ON v.id = m.version_id "
            "JOIN documents d ON d.id = v.document_id AND d.version = v.number WHERE m.matched"
        )
    ).all()
    for document, topic, parts in verdicts:
        for part in set(json.loads(parts)):
            given = {"document": document, "topic": topic, "part": part}
            connection.execute(
                sa.text(
                    "INSERT OR IGNORE INTO topical (contribution_id, topic) "
                    "SELECT id, :topic FROM contributions WHERE document_id = :document AND external_id = :part"
                ),
                given,
            )
    op.execute(
        f"UPDATE contributions SET facets = facets || ' {TOPICAL}' WHERE id IN (SELECT contribution_id FROM topical)"
    )


def _day(kept: str | None) -> date | None:
    return date.fromisoformat(kept) if kept else None


def downgrade() -> None:
    for name in TRIGGERS:
        op.execute(f"DROP TRIGGER {name}")
    op.drop_table("spoken")
    op.drop_table("speaker_names")
    op.drop_column("contributions", "facets")
    op.drop_index(op.f("ix_documents_date"), table_name="documents")
    op.drop_table("speakers")
    op.drop_table("topical")
