"""The archive's tables. Nothing here depends on one database: SQLite and PostgreSQL take the same columns.

Times are aware and kept in UTC; days are plain dates. Names are SQL's own: a document is keyed on (source,
external_id) for ever, a version on (document, number), a verdict on (version, topic), a round-up on (subscription,
until), a delivery on (subscription, story) or on its round-up. The migrations under `migrations/` make exactly these
tables, which a test compares.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from bot.archive.columns import Moment, Packed

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> Column[int]:
    # SQLite gives out row ids only for INTEGER; elsewhere the same type is wide enough for these tables.
    return Column("id", Integer, primary_key=True, autoincrement=True)


def _of(table: str, name: str | None = None, *, nullable: bool = False) -> Column[int]:
    return Column(name or f"{table[:-1]}_id", Integer, ForeignKey(f"{table}.id", ondelete="CASCADE"), nullable=nullable)


sources = Table(
    "sources",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("last_attempt", Moment),
    Column("last_success", Moment),
    Column("error", Text),
    Column("failures", Integer, nullable=False, default=0),
    Column("next_due", Moment),
    Column("items", Integer, nullable=False, default=0),
)
"""A source's health: `failures` in a row, `items` of the last whole reading."""

documents = Table(
    "documents",
    metadata,
    _id(),
    Column("source", String(200), nullable=False),
    Column("external_id", Text, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("title", Text, nullable=False),
    Column("date", Date),
    Column("house", String(40)),
    Column("url", Text),
    Column("publisher", Text),
    Column("published", Moment),
    Column("settled", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("reading_hash", String(64), nullable=False),
    Column("doubted_hash", String(64)),
    Column("equal_readings", Integer, nullable=False),
    Column("first_read_at", Moment, nullable=False),
    Column("last_read_at", Moment, nullable=False),
    Column("ripe_at", Moment, nullable=False),
    Column("reread_at", Moment),
    Column("backfilled", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("source", "external_id"),
    Index(None, "source", "date"),
    Index(None, "date"),
    Index(None, "last_read_at"),
    Index(None, "reread_at"),
)
"""The newest reading's head. `reading_hash` is of all that was read, times and links too; `doubted_hash` of a
much shorter text that must be read twice before it is believed. `backfilled` marks what no poll has read yet."""

versions = Table(
    "versions",
    metadata,
    _id(),
    _of("documents"),
    Column("number", Integer, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("body", LargeBinary),
    Column("read_at", Moment, nullable=False),
    UniqueConstraint("document_id", "number"),
)
"""Every text that was read. `body` is null once an article's text has been deleted."""

contributions = Table(
    "contributions",
    metadata,
    _id(),
    _of("documents"),
    Column("position", Integer, nullable=False),
    Column("external_id", Text, nullable=False),
    Column("speaker", Text),
    Column("member_id", Integer),
    Column("party", String(60)),
    Column("role", Text),
    Column("constituency", Text),
    Column("time", Moment),
    Column("url", Text),
    Column("attributed_to", Text),
    Column("voice", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Column("facets", Text, nullable=False, server_default=""),
    UniqueConstraint("document_id", "position"),
    Index(None, "external_id"),
    Index(None, "member_id"),
)
"""The newest version's contributions, one a row, for looking things up; the versions hold the record. `facets` are the
words by which one is filtered (`facets.py`). Triggers keep the full-text index `spoken` and `speakers` beside it."""

matches = Table(
    "matches",
    metadata,
    _id(),
    _of("versions"),
    Column("topic", String(80), nullable=False),
    Column("matched", Boolean),
    Column("score", Float, nullable=False, default=0.0),
    Column("reasons", JSON, nullable=False, default=list),
    Column("parts", JSON, nullable=False, default=list),
    Column("focused", Boolean, nullable=False, default=False),
    Column("made_at", Moment),
    Column("attempts", Integer, nullable=False, default=0),
    Column("retry_at", Moment),
    Column("error", Text),
    UniqueConstraint("version_id", "topic"),
    Index(None, "topic", "matched"),
)
"""The verdict on a version. `matched` is null while it is owed: then `attempts` have failed with `error`."""

stories = Table(
    "stories",
    metadata,
    _id(),
    Column("topic", String(80), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("first_digested_at", Moment),
    Column("withdrawn_at", Moment),
    Column("withdrawn_reason", Text),
    Column("generation", Integer, nullable=False, default=1),
    Column("digested", Integer, nullable=False, default=0),
    Column("ripe_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("retry_at", Moment),
    Column("error", Text),
    Column("backfilled", Boolean, nullable=False, server_default=false()),
    Index(None, "topic", "created_at"),
)
"""`generation` counts changes of what the story is made of; a digest is owed while `digested` is behind it. One that is
`backfilled` was digested of documents that a backfill alone has read: owed to nobody until one of them is live.
`withdrawn_reason` is the operator's: such a story is not digested again."""

story_documents = Table(
    "story_documents",
    metadata,
    _id(),
    _of("stories", "story_id"),
    _of("documents"),
    Column("topic", String(80), nullable=False),
    Column("active", Boolean, nullable=False, default=True),
    Column("reason", Text, nullable=False),
    Column("added_at", Moment, nullable=False),
    UniqueConstraint("document_id", "topic"),
    Index(None, "story_id"),
)
"""`active` is false for a document that a correction has taken off the topic."""

digests = Table(
    "digests",
    metadata,
    _id(),
    _of("stories", "story_id"),
    Column("version", String(64), nullable=False),
    Column("content", String(64), nullable=False),
    Column("shown", String(64), nullable=False),
    Column("status", String(20), nullable=False),
    Column("date", Date),
    Column("title", Text, nullable=False),
    Column("headline", Text, nullable=False),
    Column("body", Packed, nullable=False),
    Column("made_at", Moment, nullable=False),
    Index(None, "story_id"),
    Index(None, "date"),
)
"""`content` says of which versions it was made, `shown` what a reader sees, `version` both."""

subscriptions = Table(
    "subscriptions",
    metadata,
    _id(),
    Column("guild_id", BigInteger),
    Column("channel_id", BigInteger, nullable=False),
    Column("topic", String(80), nullable=False),
    Column("when", String(20), nullable=False),
    Column("hour", Integer),
    Column("next_at", Moment),
    Column("told_to", Moment),
    Column("created_at", Moment, nullable=False),
    Column("created_by", BigInteger, nullable=False),
    Column("paused_at", Moment),
    Column("paused_reason", Text),
    Column("ended_at", Moment),
    UniqueConstraint("channel_id", "topic"),
    Index(None, "guild_id"),
)
"""A row outlives `/unsubscribe`, so that one who subscribes again is not sent the same story twice. `hour`, `next_at`
(when the next round-up is due) and `told_to` (until when the last one looked) are null where each story comes alone."""

roundups = Table(
    "roundups",
    metadata,
    _id(),
    _of("subscriptions"),
    Column("until", Moment, nullable=False),
    Column("body", Packed, nullable=False),
    Column("shown", String(64), nullable=False),
    Column("made_at", Moment, nullable=False),
    UniqueConstraint("subscription_id", "until"),
)
"""What a channel is told of a period, once. A later version of one of its stories changes `body` and `shown`."""

told = Table(
    "told",
    metadata,
    _id(),
    _of("subscriptions"),
    _of("stories", "story_id"),
    _of("digests"),
    _of("roundups", nullable=True),
    _of("digests", "checked_id"),
    Index(None, "subscription_id", "story_id"),
    Index(None, "story_id"),
    UniqueConstraint("roundup_id", "story_id"),
)
"""The version of a story that a channel knows: from that round-up, or (null) from the message it had before its
round-ups began. `checked_id` is the digest with which the round-up's words were last compared."""

deliveries = Table(
    "deliveries",
    metadata,
    _id(),
    _of("subscriptions"),
    _of("stories", "story_id", nullable=True),
    _of("roundups", nullable=True),
    Column("state", String(20), nullable=False),
    _of("digests", nullable=True),
    Column("shown", String(64)),
    Column("messages", JSON, nullable=False, default=list),
    Column("sending_since", Moment),
    Column("attempts", Integer, nullable=False, default=0),
    Column("retry_at", Moment),
    Column("error", Text),
    Column("owed_at", Moment, nullable=False),
    Column("posted_at", Moment),
    UniqueConstraint("subscription_id", "story_id"),
    UniqueConstraint("roundup_id"),
    Index(None, "story_id"),
    Index(None, "state"),
)
"""The outbox: a story or a round-up owed to a subscription. `digest_id` is the digest being sent or last sent (a
round-up has none), `shown` what the messages show for certain."""

topical = Table(
    "topical",
    metadata,
    Column("contribution_id", Integer, ForeignKey("contributions.id", ondelete="CASCADE"), primary_key=True),
    Column("topic", String(80), primary_key=True),
    Index(None, "topic"),
)
"""The contributions of standing versions that carry a verdict: they are about the topic themselves."""

speakers = Table(
    "speakers",
    metadata,
    _id(),
    Column("who", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("member_id", Integer),
    Column("party", String(60)),
    Column("house", String(40)),
    Column("seen", Date),
    Column("said", Integer, nullable=False),
    UniqueConstraint("who", "name"),
    Index(None, "member_id"),
)
"""Who speaks in the standing versions, a row for each name of each Member, kept by triggers. `who` is the Member's id
("m185"), or the name of one without; `said` counts the contributions; party and House are those of the day `seen`."""

FULL_TEXT = ("spoken", "speaker_names")
"""SQLite's full-text indices, over contributions and speakers."""


def of_the_metadata(name: str | None, kind: str, _parents: object) -> bool:
    """Whether Alembic should compare this: the indices, and the tables that SQLite keeps behind them, are not here."""
    return kind != "table" or not (name or "").startswith(FULL_TEXT)


vectors = Table(
    "vectors",
    metadata,
    _id(),
    _of("contributions"),
    Column("part", Integer, nullable=False),
    Column("signs", LargeBinary, nullable=False),
    Column("steps", LargeBinary, nullable=False),
    UniqueConstraint("contribution_id", "part"),
    sqlite_autoincrement=True,
)
"""The encodings of a contribution's passages, in order, as `codes` keeps them. An id is given once: what is above the
last one read is new."""

unencoded = Table(
    "unencoded",
    metadata,
    Column("contribution_id", Integer, ForeignKey("contributions.id", ondelete="CASCADE"), primary_key=True),
    Column("topical", Boolean, nullable=False, default=False),
    Column("day", Date),
    Column("attempts", Integer, nullable=False, default=0),
    Column("error", Text),
    Index(None, "topical", "day"),
)
"""The contributions whose vectors are owed. Triggers keep it: what is inserted is owed, and owed first once topical."""

backfilled = Table(
    "backfilled",
    metadata,
    Column("source", String(200), primary_key=True),
    Column("topic", String(80), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("read_at", Moment, nullable=False),
)
"""The days that `despatch backfill` has read to the end and for good: all that the source has of that day where `topic`
is empty, else what Parliament's own search finds on the topic."""

events = Table(
    "events",
    metadata,
    _id(),
    Column("external_id", String(80), nullable=False),
    Column("topic", String(80), nullable=False),
    Column("day", Date, nullable=False),
    Column("last", Date, nullable=False),
    Column("time", String(5)),
    Column("house", String(40)),
    Column("venue", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("url", Text),
    Column("reasons", JSON, nullable=False),
    Column("cancelled", Boolean, nullable=False),
    Column("seen_at", Moment, nullable=False),
    UniqueConstraint("external_id", "topic"),
    Index(None, "last"),
)
"""What Parliament announces on a topic, from `day` to `last`. `time` is London's, "14:30"; null for business that
follows the Order Paper. `about` is the inquiry or bill, "" where the title says it."""

reports = Table(
    "reports",
    metadata,
    _id(),
    _of("stories", "story_id"),
    _of("digests"),
    Column("line", JSON, nullable=False),
    Column("said", Text, nullable=False),
    Column("made_by", BigInteger, nullable=False),
    Column("guild_id", BigInteger),
    Column("made_at", Moment, nullable=False),
    Column("sent_at", Moment),
    Column("retry_at", Moment),
    Column("attempts", Integer, nullable=False, default=0),
    Column("error", Text),
    Index(None, "made_at"),
    Index(None, "made_by"),
)
"""What readers say is wrong, for 30 days. `line` is the line meant (`text`, `speaker`, `evidence`), null for the whole;
`sent_at` is when it reached the operator's channel."""

marks = Table(
    "marks",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("value", Text, nullable=False),
)
"""Small facts that outlive a process: the hash of the commands last registered, a topic's count of stories."""
