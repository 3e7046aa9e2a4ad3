"""A database is made, brought up to date, or refused; whatever happens on the way, what was in it stays."""

import ast
import importlib
import json
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, inspect, text

import core
from core.models import ALL
from core.records import migrating
from core.records.engines import Engines, open_engines
from core.records.errors import NewerSchema, NotOurs, UpgradeFailed
from core.records.fields import Base, Synced
from core.records.migrating import REVISION, copy_beside, make, prepare, run_migrations
from core.records.records import Records
from core.records.schema import SCHEMA, read_schema
from tests.core.records.postgres import Cluster

pytestmark = pytest.mark.filterwarnings("ignore:Skipped unsupported reflection")  # of an index on an expression

GOLDEN = Path(__file__).parent / "golden"


def test_a_new_database_has_every_table_and_is_not_made_twice(empty_place: Path | str) -> None:
    for _ in range(2):
        engines = open_engines(empty_place)
        prepare(engines)
        names = set(inspect(engines.reader).get_table_names())
        assert set(ALL.tables) <= names
        with engines.reader.connect() as connection:
            assert connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [REVISION]
        engines.close()


def test_two_programs_that_start_at_the_same_moment_make_it_once(empty_place: Path | str) -> None:
    started = threading.Barrier(2)

    def start() -> int:
        engines = open_engines(empty_place)
        started.wait(timeout=30)
        prepare(engines)
        tables = len(inspect(engines.reader).get_table_names())
        engines.close()
        return tables

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.submit(start), pool.submit(start)
        assert first.result(60) == second.result(60) >= len(ALL.tables)


def test_a_database_in_memory_is_ready_too() -> None:
    engines = open_engines("sqlite://")
    prepare(engines)
    prepare(engines)
    assert set(ALL.tables) <= set(inspect(engines.reader).get_table_names())
    engines.close()


def test_two_databases_in_memory_have_nothing_in_common() -> None:
    first, second = open_engines("sqlite://"), open_engines("sqlite://")
    for engines in (first, second):
        prepare(engines)
    with first.writer.begin() as connection:
        connection.execute(text("INSERT INTO local_state VALUES ('a', 'b')"))
    with second.reader.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM local_state")).scalar_one() == 0
    first.close()
    second.close()


def test_the_number_of_the_schema_is_the_newest_revision() -> None:
    assert int(REVISION) == SCHEMA
    modules = sorted((migrating.SCRIPTS / "versions").glob("schema_*.py"))
    assert modules[-1].stem == f"schema_{REVISION}"


def _shape(engine: Engine) -> dict[str, Any]:
    """Everything the database says of its tables, in an order of its own."""
    inspector = inspect(engine)
    found: dict[str, Any] = {}
    for name in sorted(inspector.get_table_names()):
        found[name] = {
            "columns": sorted(
                (each["name"], str(each["type"]), each["nullable"], str(each["default"]), each.get("autoincrement"))
                for each in inspector.get_columns(name)
            ),
            "key": inspector.get_pk_constraint(name),
            "indexes": _indexes(engine, name),
            "unique": sorted(inspector.get_unique_constraints(name), key=lambda each: str(each["name"])),
        }
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            query = "SELECT name, sql FROM sqlite_schema WHERE sql LIKE '%VIRTUAL%' OR sql LIKE '%ROWID%'"
            found["special"] = sorted(
                (name, "".join(sql.split()) if "VIRTUAL" in sql else "WITHOUT ROWID" in sql)
                for name, sql in connection.execute(text(query))
            )
    return found


def _indexes(engine: Engine, table: str) -> list[tuple[str, str]]:
    """In the database's own words: what is reflected of them leaves out expressions, and conditions do not compare."""
    query = (
        "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = :table AND sql IS NOT NULL"
        if engine.dialect.name == "sqlite"
        else "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = :table"
    )
    with engine.connect() as connection:
        return sorted((name, words) for name, words in connection.execute(text(query), {"table": table}))


@pytest.fixture(params=["sqlite", "postgresql"])
def two_databases(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """Two empty databases of one kind."""
    if request.param == "sqlite":
        yield open_engines(tmp_path / "a.db"), open_engines(tmp_path / "b.db")
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    urls = cluster.make(), cluster.make()
    yield open_engines(urls[0]), open_engines(urls[1])
    for url in urls:
        cluster.drop(url)


def test_the_migrations_lead_to_what_the_models_say(two_databases: tuple[Engines, Engines]) -> None:
    migrated, made = two_databases
    with migrated.writer.begin() as connection:
        run_migrations(connection)
    with made.writer.begin() as connection:
        make(connection)
    ours, theirs = _shape(migrated.writer), _shape(made.writer)
    for extra in set(theirs) - set(ours):  # tests have tables too
        assert _of_a_test(extra), f"{extra} has no migration"
        del theirs[extra]
    assert ours == theirs
    migrated.close()
    made.close()


def _of_a_test(table: str) -> bool:
    mappers = [each for each in Base.registry.mappers if each.local_table is ALL.tables.get(table)]
    return bool(mappers) and mappers[0].class_.__module__.startswith("tests.")


def _old(place: Path | str, version: str = "0000") -> Engines:
    """A database of another version, with a row."""
    engines = open_engines(place)
    prepare(engines)
    with engines.writer.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})
        connection.execute(text("INSERT INTO local_state VALUES ('kept', 'yes')"))
    return engines


def _grow(connection: Connection) -> None:
    connection.execute(text("ALTER TABLE vehicles ADD COLUMN colour_code VARCHAR(10)"))
    connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": REVISION})


def _stumble(connection: Connection) -> None:
    _grow(connection)
    connection.execute(text("CREATE TABLE half_done (a INTEGER)"))
    raise ZeroDivisionError("the disk is on fire")


def test_an_older_database_is_upgraded_and_a_copy_is_kept(empty_place: Path | str) -> None:
    engines = _old(empty_place)
    prepare(engines, upgrade=_grow)
    assert "colour_code" in {each["name"] for each in inspect(engines.reader).get_columns("vehicles")}
    with engines.reader.connect() as connection:
        assert connection.execute(text("SELECT value FROM local_state WHERE key = 'kept'")).scalar_one() == "yes"
    if engines.file is not None:
        copy = sqlite3.connect(copy_beside(engines.file, "0000"))
        assert copy.execute("SELECT version_num FROM alembic_version").fetchall() == [("0000",)]
        assert copy.execute("SELECT value FROM local_state WHERE key = 'kept'").fetchall() == [("yes",)]
        assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        copy.close()
    engines.close()


def test_an_upgrade_that_fails_leaves_everything_as_it_was(empty_place: Path | str) -> None:
    engines = _old(empty_place)
    before = _shape(engines.writer)
    with pytest.raises(UpgradeFailed, match=r"the disk is on fire.*Nothing was changed"):
        prepare(engines, upgrade=_stumble)
    assert _shape(engines.writer) == before
    with engines.reader.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == ["0000"]
        assert connection.execute(text("SELECT value FROM local_state WHERE key = 'kept'")).scalar_one() == "yes"
    prepare(engines, upgrade=_grow)  # tried again after the cause is gone
    engines.close()


def test_an_upgrade_that_does_not_arrive_is_undone(empty_place: Path | str) -> None:
    engines = _old(empty_place)
    with pytest.raises(UpgradeFailed, match="version 0000"):
        prepare(engines, upgrade=lambda connection: None)
    engines.close()


def test_a_newer_database_is_refused_and_left_alone(empty_place: Path | str) -> None:
    engines = _old(empty_place, "0999")
    before = _shape(engines.writer)
    with pytest.raises(NewerSchema, match=r"newer Bayline.*0999.*Update this terminal"):
        prepare(engines)
    assert _shape(engines.writer) == before
    engines.close()


def test_a_database_of_another_program_is_refused(empty_place: Path | str) -> None:
    engines = open_engines(empty_place)
    with engines.writer.begin() as connection:
        connection.execute(text("CREATE TABLE recipes (name VARCHAR(10))"))
    with pytest.raises(NotOurs, match="another program"):
        prepare(engines)
    assert inspect(engines.reader).get_table_names() == ["recipes"]
    engines.close()


def test_a_program_that_forgot_a_room_does_not_open_its_records(tmp_path: Path) -> None:
    Records.open(tmp_path / "records.db").close()
    code = "import sys; from core.records.records import Records; Records.open(sys.argv[1])"
    ended = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "records.db"], capture_output=True, text=True, timeout=60, check=False
    )
    assert "Import core.models first" in ended.stderr


def test_alembic_is_not_imported_to_open_a_database_that_is_up_to_date(tmp_path: Path) -> None:
    code = (
        "import sys, core.models; from core.records.records import Records\n"
        "for _ in 'new', 'old': Records.open(sys.argv[1]).close()\n"
        "print('alembic' in sys.modules)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "records.db"], capture_output=True, text=True, timeout=60, check=True
    )
    assert ended.stdout.strip() == "False"


def test_the_models_are_complete() -> None:
    """Every module of core that declares a table is known to core.models."""
    folder = Path(core.__file__).parent
    missing = []
    for path in sorted(folder.rglob("*.py")):
        names = {each.id for each in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(each, ast.Name)}
        if "__tablename__" not in names:
            continue
        module = ".".join(("core", *path.relative_to(folder).with_suffix("").parts))
        before = set(ALL.tables)
        importlib.import_module(module)
        if set(ALL.tables) != before:
            missing.append(module)
    assert missing == []


@pytest.mark.parametrize("golden", sorted(GOLDEN.glob("schema-*.db")), ids=lambda path: path.stem)
def test_a_database_of_every_released_schema_opens_and_holds_its_rows(golden: Path, tmp_path: Path) -> None:
    work = tmp_path / "records.db"
    work.write_bytes(golden.read_bytes())
    held = json.loads(golden.with_suffix(".json").read_text("utf-8"))
    models = [each.class_ for each in Base.registry.mappers if each.class_.__module__.startswith("core.")]
    records = Records.open(work, schema=read_schema(models=[each for each in models if issubclass(each, Synced)]))
    with records.read() as session:
        for table, rows in held["rows"].items():
            columns = sorted(next(iter(rows.values())))
            query = text(f'SELECT id, {", ".join(columns)} FROM "{table}"')
            found = {row[0]: dict(zip(columns, row[1:], strict=True)) for row in session.execute(query)}
            assert found == rows, table
        for words, hits in held["found"].items():
            assert sorted([hit.table, hit.row] for hit in records.search.find(session, words)) == hits
    assert {table: list(each) for table, each in records.digests().items()}.items() >= held["digests"].items()
    assert records.vector() == held["vector"]
    records.close()


def test_there_is_a_golden_database_of_every_schema() -> None:
    assert [path.stem for path in sorted(GOLDEN.glob("schema-*.db"))] == [
        f"schema-{number:04}" for number in range(1, SCHEMA + 1)
    ]
