"""Whether two terminals with the same changes have the same rows: sums over each table, computed from the rows here."""

from functools import cache

from sqlalchemy import Connection

from core.records.schema import Schema
from core.records.sql import query, quoted

Digest = tuple[int, str]  # rows, hidden ones too; 128 bits as 32 hexadecimal digits


def digests(connection: Connection, schema: Schema) -> dict[str, Digest]:
    """Of each synced table the number of rows, and two sums over the halves of the rows' hashes.

    Equal for two terminals with the same changes, in whatever order they came.
    """
    found = query(connection, _text(tuple((name, info.table.name) for name, info in schema.tables.items())))
    return {row[0]: (int(row[1]), f"{int(row[3]):016x}{int(row[2]):016x}") for row in found}


@cache
def _text(tables: tuple[tuple[str, str], ...]) -> str:
    """One statement for all tables: each costs as much as the sum over a small table."""
    low, high = "row_hash & 4294967295", "(row_hash >> 32) & 4294967295"
    return " UNION ALL ".join(
        f"SELECT '{name}', count(*), coalesce(sum({low}), 0), coalesce(sum({high}), 0) FROM {quoted(table)}"
        for name, table in tables
    )
