"""The base of every synced table, and what becomes of two people writing the same field: declared with the field.

::

    class Vehicle(Synced):
        __tablename__ = "vehicles"
        plate: Mapped[str] = latest(String(16), search=True)
        status: Mapped[str] = register(String(24), ranks={"ready": 8, "in_progress": 5})

    class OdometerReading(Fact):
        __tablename__ = "odometer_readings"
        vehicle_id: Mapped[str] = fact(ROW)

A field without a rule cannot be: ``core.records.schema`` refuses the table when the program starts. All columns may
be empty in the database, because a row may arrive in parts and from older programs; what a person must fill in is
checked by the rooms when a person writes, never at merge. Values are text, whole numbers, yes/no or nothing: floating
numbers change on their way, so money is minor units, quantities are thousandths, instants are UTC milliseconds, days
are ``2026-11-22``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import BigInteger, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeEngine

ROW = String(36)  # the id of another row; no foreign key, since a child may arrive before its parent
INSTANT = BigInteger  # UTC milliseconds
MONEY = BigInteger  # minor units
QUANTITY = BigInteger  # thousandths
DAY = String(10)  # ISO 8601 calendar day

SHOP = "shop"  # the scope of everything so far; a chain will have a second one


class Merge(StrEnum):
    """What two concurrent writes to one field become."""

    LATEST = "latest"  # the later stamp is shown; the other is kept in the log, and people can take it back
    REGISTER = "register"  # all concurrent values are kept; one is shown; people see a conflict card
    FACT = "fact"  # written once, with its row


@dataclass(frozen=True, slots=True)
class Rule:
    """The rule of one field. ``ranks`` (register): of concurrent values the highest rank is shown, then the latest."""

    merge: Merge
    ranks: Mapping[str, int] = field(default_factory=dict)
    search: bool = False  # its words are found by the search


RULE = "bayline.rule"  # key in Column.info
ALL = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def latest(kind: TypeEngine[Any] | type[TypeEngine[Any]], *, search: bool = False, index: bool = False) -> Mapped[Any]:
    """A field of which the last write counts."""
    return _column(kind, Rule(Merge.LATEST, search=search), index)


def register(
    kind: TypeEngine[Any] | type[TypeEngine[Any]], *, ranks: Mapping[str, int], index: bool = False
) -> Mapped[Any]:
    """A status: concurrent values are kept side by side until a person chooses. Values missing in ``ranks`` rank 0."""
    return _column(kind, Rule(Merge.REGISTER, ranks=dict(ranks)), index)


def fact(kind: TypeEngine[Any] | type[TypeEngine[Any]], *, search: bool = False, index: bool = False) -> Mapped[Any]:
    """A field that is written with its row and never again."""
    return _column(kind, Rule(Merge.FACT, search=search), index)


def _column(kind: TypeEngine[Any] | type[TypeEngine[Any]], rule: Rule, index: bool) -> Mapped[Any]:
    return mapped_column(kind, nullable=True, index=index, info={RULE: rule})


class Base(DeclarativeBase):
    """Every table of the workshop's database, synced or not."""

    metadata = ALL


class Synced(Base):
    """A row that every terminal of the workshop has.

    ``stamps`` tells, as JSON, when each field was written (``core.records.rowstate``); ``row_hash`` is 64 bits over id,
    fields and stamps, so that two terminals compare a table with one sum. Both are the writer's: nobody else sets them.
    Rows are never deleted; ``deleted_at`` hides them.
    """

    __abstract__ = True
    scope: ClassVar[str] = SHOP

    id: Mapped[str] = mapped_column(ROW, primary_key=True)
    stamps: Mapped[str] = mapped_column(Text, nullable=False, default="{}")
    row_hash: Mapped[int] = mapped_column(BigInteger, nullable=False, default=0)
    deleted_at: Mapped[int | None] = mapped_column(
        BigInteger, nullable=True, info={RULE: Rule(Merge.LATEST)}, sort_order=1000
    )


class Fact(Synced):
    """A row that is written once: a reading, a punch, a note. It can be hidden (``deleted_at``), never changed."""

    __abstract__ = True


class Local(Base):
    """A row of this terminal alone."""

    __abstract__ = True
