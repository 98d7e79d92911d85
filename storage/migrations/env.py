"""How Alembic reaches a database: through the connection that `database.migrate` hands it."""

from alembic import context
from sqlalchemy import Connection

db: Connection = context.config.attributes["connection"]
context.configure(connection=db, target_metadata=context.config.attributes["metadata"])
context.run_migrations()
