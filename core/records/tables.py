"""The tables that are this terminal's own: its place in the log, the log itself, and what it knows of the others."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table, Text, UniqueConstraint, text

from core.records.fields import ALL

NUMBER = BigInteger().with_variant(Integer, "sqlite")  # SQLite's rowid only answers to INTEGER

# Single values: "site", "terminal_id", "schema", "clock" (last hybrid time and last arrival, one text: one write).
local_state = Table(
    "local_state",
    ALL,
    Column("key", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)

# How far each site's log is known here, without a gap. Up to ``folded`` the transactions themselves were let go.
sites = Table(
    "sites",
    ALL,
    Column("site", String(16), primary_key=True),
    Column("scope", String(16), primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("chain", LargeBinary(32), nullable=False),
    Column("folded", BigInteger, nullable=False, default=0),
    Column("folded_chain", LargeBinary(32), nullable=True),
)

# Changes of which the log is asked by what they were: parts of imports, and taking back. A database looks into such an
# index only where a query says the very same words: spliced in as they stand here, never bound.
IS_IMPORT = text("substr(why, 1, 7) = 'import '")
IS_UNDO = text("substr(why, 1, 5) = 'undo '")

# The log. ``arrival`` numbers transactions in the order in which they came here, the own ones among them; ``deferred``
# is JSON, which operations and fields wait for a newer program.
transactions = Table(
    "transactions",
    ALL,
    Column("arrival", NUMBER, primary_key=True, autoincrement=False),
    Column("site", String(16), nullable=False),
    Column("scope", String(16), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("stamp", String(32), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("schema", Integer, nullable=False),
    Column("actor", Text, nullable=False),
    Column("terminal", String(36), nullable=False),
    Column("why", Text, nullable=False),
    Column("operations", Text, nullable=False),
    Column("chain", LargeBinary(32), nullable=False),
    Column("deferred", Text, nullable=True),
    UniqueConstraint("site", "scope", "seq", name="uq_transactions_site_scope_seq"),
    Index("ix_transactions_stamp", "stamp"),
    Index("ix_transactions_imports", "stamp", sqlite_where=IS_IMPORT, postgresql_where=IS_IMPORT),
    Index("ix_transactions_undos", "why", sqlite_where=IS_UNDO, postgresql_where=IS_UNDO),
)

# Which transactions touched a row: its history.
touched = Table(
    "touched",
    ALL,
    Column("row_id", String(36), primary_key=True),
    Column("arrival", NUMBER, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

# Concurrent writes that are not shown. Values are JSON. A person may restore or dismiss one, at this terminal.
replaced_values = Table(
    "replaced_values",
    ALL,
    Column("id", String(32), primary_key=True),
    Column("table_name", String(63), nullable=False),
    Column("row_id", String(36), nullable=False),
    Column("field", String(63), nullable=False),
    Column("lost_value", Text, nullable=False),
    Column("lost_stamp", String(32), nullable=False),
    Column("lost_actor", Text, nullable=False),
    Column("lost_terminal", String(36), nullable=False),
    Column("lost_at", BigInteger, nullable=False),
    Column("won_value", Text, nullable=False),
    Column("won_stamp", String(32), nullable=False),
    Column("won_actor", Text, nullable=False),
    Column("won_terminal", String(36), nullable=False),
    Column("won_at", BigInteger, nullable=False),
    Column("found_at", BigInteger, nullable=False),
    Column("dismissed_at", BigInteger, nullable=True),
    Index("ix_replaced_values_row_id", "row_id"),
    Index("ix_replaced_values_found_at", "found_at"),
)

# What another terminal had when we last met, for the figures on the screen and for letting go of old transactions.
peer_states = Table(
    "peer_states",
    ALL,
    Column("device_id", String(64), primary_key=True),
    Column("vector", Text, nullable=False),  # JSON, site -> scope -> seq
    Column("met_at", BigInteger, nullable=False),  # UTC ms
    Column("clock_difference_ms", BigInteger, nullable=False),
    Column("address", Text, nullable=False, default=""),
    Column("detail", Text, nullable=False, default="{}"),  # JSON
)
