"""A database is made, brought up to date, or refused before anybody uses it.

A new one is made from the models and stamped with the newest revision; an older one is upgraded by Alembic, step by
step, in one transaction, after a copy was laid beside it; a newer one is left alone. The version is looked up with
plain SQL: Alembic takes a third of a second to import, and is needed once in a release.
"""

import contextlib
import logging
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import cast

from sqlalchemy import Connection, inspect

from core.durable import sync_folder
from core.language import tr
from core.records.engines import MEMORY, POSTGRESQL, SQLITE, Engines
from core.records.errors import NewerSchema, NotOurs, RecordsError, UpgradeFailed, explained
from core.records.fields import ALL

log = logging.getLogger(__name__)

SCRIPTS = Path(__file__).parent / "migrations"
STAMP = "alembic_version"  # Alembic's own table
REVISION = "0003"  # the newest in migrations/versions; counted up with core.records.schema.SCHEMA
_LOCK = 0x42_61_79_6D  # PostgreSQL's advisory lock, held by whoever makes or upgrades the tables

# What SQLite itself wrote down of the tables; those that begin with these names it makes by itself.
_STATEMENTS = (
    "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL"
    " AND name NOT GLOB 'sqlite_*' AND name NOT GLOB 'search_index_*' ORDER BY rowid"
)

_templates: dict[tuple[object, ...], sqlite3.Connection] = {}
_schemas: dict[tuple[object, ...], tuple[str, ...]] = {}  # statements once rendered: a tenth of rendering them again
_making = threading.Lock()


def prepare(engines: Engines, *, upgrade: Callable[[Connection], None] | None = None) -> None:
    """Make the database what this program needs. Raises ``RecordsError``; then the database is as it was.

    ``upgrade``: instead of Alembic's steps, for tests.
    """
    if engines.place == MEMORY:
        _fill_from_template(engines)
        return
    try:
        with engines.writer.begin() as connection:  # SQLite: others wait from here on
            if engines.dialect == POSTGRESQL:
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            found = revision(connection, engines.place)
            if found is None:
                make(connection)
            elif found == REVISION:
                _check_known(connection)
        if found is None or found == REVISION:
            return
        if not found.isdigit() or int(found) > int(REVISION):
            raise NewerSchema(engines.place, tr("version {found}, here is {ours}", found=found, ours=REVISION))
        _upgrade(engines, found, upgrade or run_migrations)
    except RecordsError:
        raise
    except Exception as error:
        told = explained(error, engines.place)
        if told is None:
            raise
        raise told from error


def revision(connection: Connection, place: Path | str) -> str | None:
    """The revision of a database; None when it is empty. Raises ``NotOurs`` for another program's."""
    names = set(inspect(connection).get_table_names())
    if STAMP not in names:
        if names:
            raise NotOurs(place)
        return None
    found = connection.exec_driver_sql(f"SELECT version_num FROM {STAMP}").scalars().all()
    if len(found) != 1:
        raise NotOurs(place)
    return str(found[0])


def make(connection: Connection) -> None:
    """Create every table of the models in an empty database, and stamp it."""
    known = _schemas.get(_models()) if connection.dialect.name == SQLITE else None
    if known is not None:
        for statement in known:
            connection.exec_driver_sql(statement)
    else:
        ALL.create_all(connection, checkfirst=False)
        connection.exec_driver_sql(
            f"CREATE TABLE {STAMP} (version_num VARCHAR(32) NOT NULL, CONSTRAINT {STAMP}_pkc PRIMARY KEY (version_num))"
        )
        if connection.dialect.name == SQLITE:
            _schemas[_models()] = tuple(connection.exec_driver_sql(_STATEMENTS).scalars())
    connection.exec_driver_sql(f"INSERT INTO {STAMP} VALUES ('{REVISION}')")


def _models() -> tuple[object, ...]:
    """Changes when a model is imported later, or a test adds one."""
    return tuple((name, len(table.columns), len(table.indexes)) for name, table in ALL.tables.items())


def _check_known(connection: Connection) -> None:
    """A program that forgot to import some models would take their rows for a newer program's, and set them aside."""
    known = {table.name for table in ALL.tables.values()}
    synced = {name for name in inspect(connection).get_table_names() if name not in known and name != STAMP}
    strangers = {name for name in synced if not name.startswith(("search_index", "sqlite_"))}
    if strangers:
        raise RuntimeError(f"tables without a model: {', '.join(sorted(strangers))}. Import core.models first.")


# -- memory


def _fill_from_template(engines: Engines) -> None:
    """A copy of an empty database that was made once: the simulation opens hundreds of thousands."""
    connection = engines.writer.raw_connection()
    try:
        raw = cast(sqlite3.Connection, connection.driver_connection)
        if raw.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
            return
        with _making:
            _template().backup(raw)
    finally:
        connection.close()


def _template() -> sqlite3.Connection:
    found = _templates.get(_models())
    if found is None:
        from core.records.engines import open_engines

        engines = open_engines(MEMORY)
        with engines.writer.begin() as connection:
            make(connection)
        found = _templates[_models()] = cast(sqlite3.Connection, engines.writer.raw_connection().driver_connection)
    return found


# -- upgrading


def _upgrade(engines: Engines, found: str, upgrade: Callable[[Connection], None]) -> None:
    copy = _keep_copy(engines, found)
    log.info("upgrading %s from %s to %s, a copy is %s", engines.place, found, REVISION, copy)
    try:
        with engines.writer.begin() as connection:
            if engines.dialect == POSTGRESQL:
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            if revision(connection, engines.place) == REVISION:
                return  # somebody else was first
            upgrade(connection)
            reached = revision(connection, engines.place)
            if reached != REVISION:
                raise UpgradeFailed(engines.place, tr("it only came to version {found}", found=reached))
    except Exception as error:
        told = explained(error, engines.place)
        detail = told.detail if told is not None else str(error).splitlines()[0] if str(error) else repr(error)
        log.exception("the upgrade of %s failed", engines.place)
        raise UpgradeFailed(engines.place, detail) from error


def copy_beside(file: Path, found: str) -> Path:
    """Where the copy of a database of revision ``found`` is kept when it is upgraded."""
    return file.with_name(f"{file.name}.before-upgrade-of-{found}")


def _keep_copy(engines: Engines, found: str) -> Path | None:
    """A whole copy, on the disk, before anything is changed. On a server there is the transaction, and its own backups.

    One of an earlier try is kept: it was made of the same untouched database.
    """
    if engines.file is None:
        return None
    kept = copy_beside(engines.file, found)
    if kept.exists():
        return kept
    making = kept.with_name(f".{kept.name}.new")
    try:
        making.unlink(missing_ok=True)
        source = sqlite3.connect(f"{engines.file.absolute().as_uri()}?mode=ro", uri=True)
        with contextlib.closing(source):
            source.execute("VACUUM INTO ?", (str(making),))
        making.replace(kept)
        sync_folder(kept.parent)
    except BaseException:
        making.unlink(missing_ok=True)
        raise
    return kept


def run_migrations(connection: Connection) -> None:
    """Alembic's steps from wherever the database is to the newest revision, inside the caller's transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


__all__ = ["REVISION", "copy_beside", "make", "prepare", "revision", "run_migrations"]
