"""Drafts the migration from the newest golden database to the models.

``python -m tests.core.records.draft_migration`` prints the module for ``core/records/migrations/versions``. Look it
over, raise ``REVISION`` and ``SCHEMA``, then keep a database of the new schema with
``python -m tests.core.records.golden.make``.
"""

import re
import shutil
import sys
import tempfile
from pathlib import Path

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext

from core.models import ALL
from core.records.engines import open_engines
from core.records.migrating import REVISION

GOLDEN = Path(__file__).parent / "golden"

HEAD = '''"""{title}"""

import sqlalchemy as sa
from alembic import op

from core.records.migrations.growing import synced_table

revision = "{revision}"
down_revision = {before}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """There is no way back: schemas only grow."""
    {body}
'''

# What every synced table has, as Alembic prints it.
_OWN = re.compile(
    r"    sa\.Column\('id'.*?\n.*?'stamps'.*?\n.*?'row_hash'.*?\n.*?'deleted_at'.*?\n.*?PrimaryKeyConstraint.*?\n"
)

FIRST_SEARCH = '''
    if op.get_context().dialect.name == "sqlite":
        op.execute(
            """
CREATE VIRTUAL TABLE search_index USING fts5(
    words, content='search_documents', content_rowid='id', tokenize="unicode61 remove_diacritics 0",
    detail=none, columnsize=0
)
"""
        )
    else:
        op.execute(
            "CREATE INDEX ix_search_documents_words ON search_documents "
            "USING gin (array_to_tsvector(string_to_array(words, ' ')))"
        )
'''


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Not the tables FTS5 keeps for itself."""
    return not (kind == "table" and (name or "").startswith("search_index"))


def draft(golden: Path | None) -> str:
    """The text of the migration that leads from ``golden`` (None: from nothing) to the models."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder) / "records.db"
        if golden is not None:
            shutil.copy(golden, work)
        engines = open_engines(work)
        with engines.writer.connect() as connection:
            context = MigrationContext.configure(connection, opts={"target_metadata": ALL, "include_name": _is_ours})
            operations = produce_migrations(context, ALL).upgrade_ops
            body = render_python_code(operations) if operations is not None else "pass"
        engines.close()
    lines = [line for line in body.splitlines() if not line.lstrip().startswith("#")]
    text = "\n".join(lines).strip()
    if golden is None:
        return text + "\n" + FIRST_SEARCH
    return _OWN.sub("", text).replace("op.create_table(", "synced_table(")


def main() -> None:
    newest = max(GOLDEN.glob("schema-*.db"), default=None)
    before = newest.stem.removeprefix("schema-") if newest is not None and "--first" not in sys.argv else None
    revision = f"{int(before) + 1:04}" if before is not None else REVISION
    golden = newest if before is not None else None
    title = "The first schema." if before is None else f"From schema {before} to {revision}."
    print(HEAD.format(title=title, revision=revision, before=repr(before), body=draft(golden)))


if __name__ == "__main__":
    main()
