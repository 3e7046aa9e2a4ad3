"""Nothing writes synced rows past the log, and no synced field is without a rule: both are refused, not hoped for."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import Float, Integer, MetaData, String, create_engine, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column

import core.models  # noqa: F401 - every table
from core.records.errors import ReadOnly
from core.records.fields import RULE, Base, Local, Merge, Rule, Synced
from core.records.records import Records
from core.records.schema import UndeclaredFieldError, read_schema
from core.vehicles.models import Vehicle
from tests.core.records.guard import Guard, WentAroundError

INSERT = text("INSERT INTO vehicles (id, stamps, row_hash, plate) VALUES ('1', '{}', 0, 'B-XY 1')")
UPDATE = text("UPDATE vehicles SET plate = 'B-XY 2'")
DELETE = text("DELETE FROM vehicles")


@pytest.fixture
def records(place: Path | str) -> Iterator[Records]:
    opened = Records.open(place)
    yield opened
    opened.close()


def test_a_change_is_written(records: Records) -> None:
    records.change("system", lambda session: session.add(Vehicle(plate="B-MW 1")))
    with records.read() as session:
        assert session.query(Vehicle.plate).scalar() == "B-MW 1"


@pytest.mark.parametrize(
    "statement", [INSERT, UPDATE, text("DELETE FROM vehicles")], ids=["insert", "update", "delete"]
)
def test_another_connection_cannot_write_synced_rows(
    tmp_path: Path, statement: Any, no_writes_around_the_writer: Guard
) -> None:
    Records.open(tmp_path / "records.db").close()
    stranger = create_engine(f"sqlite:///{tmp_path / 'records.db'}")
    with stranger.begin() as connection, pytest.raises(WentAroundError):
        connection.execute(statement)
    no_writes_around_the_writer.caught.clear()


@pytest.mark.parametrize(
    "work",
    [
        lambda session: session.execute(UPDATE),
        lambda session: session.connection().execute(update(Vehicle).values(plate="B-XY 3")),
        lambda session: session.connection().exec_driver_sql("DELETE FROM vehicles"),
    ],
    ids=["text", "statement", "driver"],
)
def test_the_writers_own_connection_writes_synced_rows_only_as_objects(
    records: Records, work: Callable[[Session], Any], no_writes_around_the_writer: Guard
) -> None:
    with pytest.raises(WentAroundError):
        records.change("system", work)
    with pytest.raises(WentAroundError):
        records.keep(lambda connection: connection.execute(UPDATE))
    no_writes_around_the_writer.caught.clear()


def test_tables_of_this_terminal_are_not_guarded(records: Records) -> None:
    records.keep(lambda connection: connection.execute(text("INSERT INTO local_state VALUES ('a', 'b')")))


def test_a_reading_session_cannot_write_at_all(records: Records) -> None:
    """Also outside the tests: the database itself refuses."""
    with pytest.raises(ReadOnly), records.read() as session:
        session.execute(text("INSERT INTO local_state VALUES ('a', 'b')"))
    with records.engines.reader.connect() as connection, pytest.raises(DBAPIError):
        connection.execute(text("CREATE TABLE mine (a INTEGER)"))


def _model(**columns: Any) -> type[Synced]:
    """A table like a synced one, which the real schema never hears of."""

    class Apart(DeclarativeBase):
        metadata = MetaData()

    names = {
        "__tablename__": "odd_things",
        "scope": "shop",
        "id": mapped_column(String(36), primary_key=True),
        **columns,
    }
    return cast("type[Synced]", type("OddThing", (Apart,), names))


def test_a_field_without_a_rule_is_refused() -> None:
    with pytest.raises(UndeclaredFieldError, match=r"odd_things\.colour has no merge rule"):
        read_schema(models=[_model(colour=mapped_column(String(10)))])


def test_a_number_with_a_fraction_is_refused() -> None:
    price = mapped_column(Float, info={RULE: Rule(Merge.LATEST)})
    with pytest.raises(UndeclaredFieldError, match=r"odd_things\.price"):
        read_schema(models=[_model(price=price)])


def test_a_number_of_32_bits_is_refused() -> None:
    year = mapped_column(Integer, info={RULE: Rule(Merge.LATEST)})
    with pytest.raises(UndeclaredFieldError, match=r"odd_things\.year"):
        read_schema(models=[_model(year=year)])


def test_a_field_with_a_rule_is_taken() -> None:
    colour = mapped_column(String(10), info={RULE: Rule(Merge.LATEST)})
    assert set(read_schema(models=[_model(colour=colour)]).tables["odd_things"].fields) == {"colour"}


def test_every_model_is_synced_with_rules_or_says_that_it_is_local() -> None:
    schema = read_schema()
    for mapper in Base.registry.mappers:
        assert issubclass(mapper.class_, (Synced, Local)), mapper.class_
        if issubclass(mapper.class_, Synced):
            assert mapper.class_.__tablename__ in schema.tables
