"""What Alembic runs around each migration: on the writer's connection, inside the transaction that is open there."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transaction_per_migration=False)
context.run_migrations()
