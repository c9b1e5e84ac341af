"""What is kept: SQLAlchemy over SQLite, migrated by Alembic when it is opened. Every function takes the `Archive`."""

from bot.archive.engine import Archive

__all__ = ["Archive"]
