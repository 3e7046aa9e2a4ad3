"""All rows of one database in another one, of whichever kind: what makes a backup of a PostgreSQL server one file."""

from collections.abc import Callable, Iterator

from sqlalchemy import Connection, Table, func, insert, inspect, select

from core.records.fields import ALL
from core.records.search import documents
from core.records.tables import transactions

BATCH = 1000

Told = Callable[[int, int], None]  # rows done, rows in all


def copy_rows(source: Connection, target: Connection, told: Told = lambda done, total: None) -> int:
    """Copy every table of the models from ``source`` into the same, empty tables of ``target``. Returns the rows.

    Both are in a transaction of the caller's. Values go through the models' types, since a yes is 1 in SQLite.
    """
    here = set(inspect(source).get_table_names()) & set(inspect(target).get_table_names())
    tables = [table for table in ALL.sorted_tables if table.name in here]
    total = sum(source.execute(select(func.count()).select_from(table)).scalar_one() for table in tables)
    done = 0
    for table in tables:
        for count in _copy_table(source, target, table):
            done += count
            told(done, total)
    if target.dialect.name == "sqlite":  # its index stands apart from its words
        target.exec_driver_sql("INSERT INTO search_index(search_index) VALUES ('rebuild')")
    return done


def _copy_table(source: Connection, target: Connection, table: Table) -> Iterator[int]:
    """Copies in batches; yields how many rows each had."""
    query = select(table).order_by(*table.primary_key.columns)
    with source.execute(query, execution_options={"yield_per": BATCH}) as result:
        for rows in result.mappings().partitions(BATCH):
            target.execute(insert(table), [dict(row) for row in rows])
            yield len(rows)


def is_empty(connection: Connection) -> bool:
    """Whether no row of the workshop is in the database: nothing was ever logged, nothing is to be found."""
    return not any(
        connection.execute(select(func.count()).select_from(table)).scalar_one() for table in (transactions, documents)
    )
