"""What Alembic runs: the archive hands its own connection, already in a transaction that holds the write lock.

To write a new revision: open an archive once (so that it is at head), then
`alembic.command.revision(config, autogenerate=True)` with `config.attributes["connection"]` set likewise.
"""

from __future__ import annotations

from alembic import context

from bot.archive.schema import metadata, of_the_metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    user_module_prefix="schema.",
    include_name=of_the_metadata,
)
with context.begin_transaction():
    context.run_migrations()
