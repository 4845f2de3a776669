"""How Alembic reaches the database."""

from alembic import context
from sqlalchemy import Connection

from core.db import migrator
from core.tables import Base


def _run(connection: Connection) -> None:
    batch = connection.dialect.name == "sqlite"
    context.configure(
        connection=connection, target_metadata=Base.metadata, render_as_batch=batch, compare_server_default=True
    )
    with context.begin_transaction():
        context.run_migrations()


with migrator(context.config.attributes["url"]) as connection:
    _run(connection)
