"""What migrations after the first have in common."""

import sqlalchemy as sa
from alembic import op


def synced_table(name: str, *columns: sa.Column[object]) -> None:
    """Make a table with the columns every synced row has (``core.records.fields.Synced``) behind its own."""
    op.create_table(
        name,
        *columns,
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("stamps", sa.Text(), nullable=False),
        sa.Column("row_hash", sa.BigInteger(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )
