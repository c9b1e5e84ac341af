"""What may not be kept for ever."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import and_, delete, select, update

from bot.archive.engine import Archive
from bot.archive.schema import contributions, documents, versions
from bot.domain import Kind

ARTICLE_TEXT = timedelta(days=7)
"""How long an article's text may be kept."""


async def retain(archive: Archive, now: datetime) -> int:
    """Delete the text of articles read more than seven days ago; title, address and hash stay.

    Says how many versions lost their text."""
    before = now - ARTICLE_TEXT
    articles = select(documents.c.id).where(documents.c.kind == Kind.ARTICLE.value)
    async with archive.write() as connection:
        emptied = await connection.execute(
            update(versions)
            .where(versions.c.document_id.in_(articles), versions.c.read_at <= before, versions.c.body.is_not(None))
            .values(body=None)
        )
        gone = (
            select(documents.c.id)
            .join(versions, and_(versions.c.document_id == documents.c.id, versions.c.number == documents.c.version))
            .where(documents.c.kind == Kind.ARTICLE.value, versions.c.body.is_(None))
        )
        await connection.execute(delete(contributions).where(contributions.c.document_id.in_(gone)))
        return emptied.rowcount
