"""Full-text search over the rows, kept by the writer: SQLite's FTS5, PostgreSQL's tsvector, the same answers.

The words are made in Python (``core.records.search_words``); the databases only find words by their beginnings.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BindParameter,
    Column,
    Connection,
    String,
    Table,
    Text,
    TextualSelect,
    UniqueConstraint,
    bindparam,
    delete,
    event,
    func,
    insert,
    select,
)
from sqlalchemy import text as text_clause
from sqlalchemy.orm import Session

from core.records.fields import ALL
from core.records.search_words import typed, words_of
from core.records.tables import NUMBER

Document = tuple[str, str, str | None]  # table, row, text with a field a line (None: gone)

documents = Table(
    "search_documents",
    ALL,
    Column("id", NUMBER, primary_key=True, autoincrement=False),
    Column("table_name", String(63), nullable=False),
    Column("row_id", String(36), nullable=False),
    Column("words", Text, nullable=False),
    UniqueConstraint("row_id", "table_name", name="uq_search_documents_row_id"),
)

# detail=none: no positions, since no phrases are asked for; a third of the index. The text stands in search_documents.
# prefix: of a million documents those with words in "p" took 55 ms to merge, and take one.
SQLITE_INDEX = """
CREATE VIRTUAL TABLE search_index USING fts5(
    words, content='search_documents', content_rowid='id', tokenize="unicode61 remove_diacritics 0",
    detail=none, columnsize=0, prefix='1 2 3 4 5'
)
"""
# The words go in as they are, without a parser: PostgreSQL's would see hosts, e-mail addresses and signed numbers.
POSTGRESQL_VECTOR = "array_to_tsvector(string_to_array(words, ' '))"
POSTGRESQL_INDEX = f"CREATE INDEX ix_search_documents_words ON search_documents USING gin ({POSTGRESQL_VECTOR})"
SQLITE_DROP = "DROP TABLE IF EXISTS search_index"


@event.listens_for(documents, "after_create")
def _make_index(_table: Table, connection: Connection, **_options: Any) -> None:
    connection.exec_driver_sql(SQLITE_INDEX if connection.dialect.name == "sqlite" else POSTGRESQL_INDEX)


@event.listens_for(documents, "before_drop")
def _drop_index(_table: Table, connection: Connection, **_options: Any) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(SQLITE_DROP)


def mark_of(table: str) -> str:
    """The word in each document that says of which table it is: nobody types it.

    FTS5 lays two lists of documents over each other without reading one of them.
    """
    return "qq" + table.replace("_", "")


_CHUNK = 500
_MOST_WORDS = 12  # of a question


@dataclass(frozen=True, slots=True)
class Hit:
    """A row that has every word. ``rank`` 0: whole words; 1: beginnings of words."""

    table: str
    row: str
    rank: int


class SearchIndex:
    """Stateless: the index is in the database, in the same transaction as the rows."""

    def update(self, connection: Connection, changed: Iterable[Document]) -> None:
        """Index these rows as they read now; of a row that comes twice the last counts."""
        wanted = {(row, table): _document(table, text) for table, row, text in changed}
        keys = list(wanted)
        highest: int = connection.execute(_HIGHEST).scalar_one()
        for start in range(0, len(keys), _CHUNK):
            part = keys[start : start + _CHUNK]
            known = {(row, table): (id_, words) for id_, table, row, words in _known(connection, part)}
            gone = [(known[key][0], known[key][1]) for key in part if key in known and known[key][1] != wanted[key]]
            added: list[tuple[int, str, str, str]] = []
            for key in part:
                words = wanted[key]
                if words is None or (key in known and known[key][1] == words):
                    continue
                highest += 1
                added.append((highest, key[1], key[0], words))
            _remove(connection, gone)
            _add(connection, added)

    def clear(self, connection: Connection) -> None:
        """Forget everything, before all is indexed anew."""
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(SQLITE_DROP)
            connection.execute(delete(documents))
            connection.exec_driver_sql(SQLITE_INDEX)
        else:
            connection.execute(delete(documents))

    def find(
        self, session: Session | Connection, text: str, *, tables: Collection[str] | None = None, limit: int = 50
    ) -> tuple[Hit, ...]:
        """Rows with words that begin like every word of ``text``: those with whole words first, then the newest.

        Nothing typed finds nothing. ``tables``: only rows of these.
        """
        asked = typed(text)[:_MOST_WORDS]
        if not asked or limit <= 0 or (tables is not None and not tables):
            return ()
        connection = session.connection() if isinstance(session, Session) else session
        sqlite = connection.dialect.name == "sqlite"
        hits: dict[tuple[str, str], Hit] = {}
        for rank, beginnings in ((0, False), (1, True)):
            if sqlite:
                found = _of_sqlite(connection, _sqlite_question(asked, beginnings, tables), limit)
            else:
                found = _of_postgresql(connection, _postgresql_question(asked, beginnings), tables, limit)
            for table, row in found:
                hits.setdefault((table, row), Hit(table, row, rank))
            if len(hits) >= limit:
                break
        return tuple(hits.values())[:limit]

    def rows_matching(self, session: Session | Connection, text: str, table: str) -> TextualSelect | None:
        """Ids of all rows of a table with words that begin like every word of ``text``, as a part of a larger question.

        None: nothing was typed that could be found. For lists that go on page by page; ``find`` has the best first.
        """
        asked = typed(text)[:_MOST_WORDS]
        if not asked:
            return None
        connection = session.connection() if isinstance(session, Session) else session
        if connection.dialect.name == "sqlite":
            statement = text_clause(_SQLITE_ROWS)
            values = {"question": _sqlite_question(asked, True, (table,))}
        else:
            statement = text_clause(_POSTGRESQL_ROWS)
            values = {"question": _postgresql_question(asked, True), "table_name": table}
        named: list[BindParameter[str]] = [bindparam(name, value, unique=True) for name, value in values.items()]
        return statement.bindparams(*named).columns(documents.c.row_id)


_HIGHEST = select(func.coalesce(func.max(documents.c.id), 0))
_KNOWN = select(documents.c.id, documents.c.table_name, documents.c.row_id, documents.c.words).where(
    documents.c.row_id.in_(bindparam("rows", expanding=True))
)


def _known(connection: Connection, keys: Sequence[tuple[str, str]]) -> Iterator[Any]:
    yield from connection.execute(_KNOWN, {"rows": [row for row, _ in keys]})


def _remove(connection: Connection, gone: list[tuple[int, str]]) -> None:
    if not gone:
        return
    if connection.dialect.name == "sqlite":  # an index without its text must be told the words to forget
        connection.exec_driver_sql("INSERT INTO search_index(search_index, rowid, words) VALUES('delete', ?, ?)", gone)
    connection.execute(delete(documents).where(documents.c.id.in_([id_ for id_, _ in gone])))


def _add(connection: Connection, added: list[tuple[int, str, str, str]]) -> None:
    if not added:
        return
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO search_documents(id, table_name, row_id, words) VALUES(?,?,?,?)", added)
        connection.exec_driver_sql(
            "INSERT INTO search_index(rowid, words) VALUES(?,?)", [(id_, words) for id_, _, _, words in added]
        )
        return
    names = ("id", "table_name", "row_id", "words")
    connection.execute(insert(documents), [dict(zip(names, each, strict=True)) for each in added])


def _document(table: str, text: str | None) -> str | None:
    """What is written down of a row; None when there is nothing to find it by."""
    words = words_of(text) if text is not None else ""
    return f"{words} {mark_of(table)}" if words else None


def _sqlite_question(asked: Sequence[Sequence[str]], beginnings: bool, tables: Collection[str] | None) -> str:
    star = "*" if beginnings else ""
    parts = ["(" + " OR ".join(f'"{form}"{star}' for form in forms) + ")" for forms in asked]
    if tables is not None:
        parts.append("(" + " OR ".join(mark_of(table) for table in sorted(tables)) + ")")
    return " AND ".join(parts)


def _postgresql_question(asked: Sequence[Sequence[str]], beginnings: bool) -> str:
    star = ":*" if beginnings else ""
    return " & ".join("(" + " | ".join(f"'{form}'{star}" for form in forms) + ")" for forms in asked)


_SQLITE_FIND = (
    "SELECT d.table_name, d.row_id FROM search_index JOIN search_documents d ON d.id = search_index.rowid "
    "WHERE search_index MATCH :question ORDER BY search_index.rowid DESC LIMIT :most"
)
_SQLITE_ROWS = (
    "SELECT d.row_id FROM search_index JOIN search_documents d ON d.id = search_index.rowid "
    "WHERE search_index MATCH :question"
)
_POSTGRESQL_ROWS = (
    "SELECT d.row_id FROM search_documents d "
    f"WHERE {POSTGRESQL_VECTOR} @@ CAST(:question AS tsquery) AND d.table_name = :table_name"
)
# Found first, then sorted: with a limit the planner would rather read the rows from the newest on, for a rare word all.
_POSTGRESQL_FIND = (
    "WITH found AS MATERIALIZED (SELECT d.id, d.table_name, d.row_id FROM search_documents d "
    f"WHERE {POSTGRESQL_VECTOR} @@ CAST(:question AS tsquery){{tables}}) "
    "SELECT table_name, row_id FROM found ORDER BY id DESC LIMIT :most"
)


def _of_sqlite(connection: Connection, question: str, most: int) -> Iterator[tuple[str, str]]:
    for found in connection.execute(text_clause(_SQLITE_FIND), {"question": question, "most": most}):
        yield found[0], found[1]


def _of_postgresql(
    connection: Connection, question: str, tables: Collection[str] | None, most: int
) -> Iterator[tuple[str, str]]:
    parameters: dict[str, object] = {"question": question, "most": most}
    if tables is None:
        query = text_clause(_POSTGRESQL_FIND.format(tables=""))
    else:
        query = text_clause(_POSTGRESQL_FIND.format(tables=" AND d.table_name IN :tables"))
        query = query.bindparams(bindparam("tables", expanding=True))
        parameters["tables"] = sorted(tables)
    for found in connection.execute(query, parameters):
        yield found[0], found[1]
