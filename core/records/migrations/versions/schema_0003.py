"""From schema 0002 to 0003: percentages, what was agreed to, what a clock said; and indexes for long years of work."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """There is no way back: schemas only grow."""
    op.add_column("clock_punches", sa.Column("clock_said", sa.BigInteger(), nullable=True))
    op.add_column("clock_punches", sa.Column("site", sa.String(length=16), nullable=True))
    op.create_index("ix_clock_punches_by_time", "clock_punches", [sa.text("coalesce(at, 0)"), "id"], unique=False)
    op.create_index("ix_invoices_by_due", "invoices", [sa.text("coalesce(due_on, '9999-12-31')"), "id"], unique=False)
    op.add_column("line_decisions", sa.Column("tax_rate", sa.BigInteger(), nullable=True))
    op.add_column("line_decisions", sa.Column("description", sa.String(length=500), nullable=True))
    op.add_column("line_decisions", sa.Column("percent_off", sa.BigInteger(), nullable=True))
    op.add_column("repair_order_lines", sa.Column("percent_off", sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_repair_orders_listed_by_promise",
        "repair_orders",
        [sa.text("coalesce(promised_at, 4611686018427387903)"), "id"],
        unique=False,
    )
    op.create_index(
        "ix_repair_orders_listed_by_number", "repair_orders", [sa.text("coalesce(sequence, 0)"), "id"], unique=False
    )
    op.create_index("ix_stock_moves_sum", "stock_moves", ["part_id", "deleted_at", "quantity"], unique=False)
    op.create_index("ix_stock_moves_by_time", "stock_moves", [sa.text("coalesce(moved_at, 0)"), "id"], unique=False)
    imports, undos = sa.text("substr(why, 1, 7) = 'import '"), sa.text("substr(why, 1, 5) = 'undo '")
    op.create_index(
        "ix_transactions_imports",
        "transactions",
        ["stamp"],
        unique=False,
        sqlite_where=imports,
        postgresql_where=imports,
    )
    op.create_index(
        "ix_transactions_undos", "transactions", ["why"], unique=False, sqlite_where=undos, postgresql_where=undos
    )
    _index_words_by_table()


def _index_words_by_table() -> None:
    """Each document says of which table it is, and words are found by their first letters at once."""
    op.execute("UPDATE search_documents SET words = words || ' qq' || replace(table_name, '_', '')")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_index")
        op.execute("""
CREATE VIRTUAL TABLE search_index USING fts5(
    words, content='search_documents', content_rowid='id', tokenize="unicode61 remove_diacritics 0",
    detail=none, columnsize=0, prefix='1 2 3 4 5'
)
""")
        op.execute("INSERT INTO search_index(search_index) VALUES('rebuild')")
