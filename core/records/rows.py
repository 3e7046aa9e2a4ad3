"""Rows as the rooms write them: found, added, changed, hidden and shown again."""

from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from core.records.capturing import WriterSession, settle
from core.records.fields import Synced
from core.records.ids import is_id, made_at
from core.records.input import NotFound, Value
from core.records.moment import fresh_id, now
from core.records.rowstate import decode_stamps
from core.records.stamps import milliseconds

FEW = 2

Row = TypeVar("Row", bound=Synced)


def row_of(session: Session, model: type[Row], id_: str, *, deleted: bool = False) -> Row:
    """The row with this id; with ``deleted`` also when it was deleted. Raises ``NotFound``."""
    found = session.get(model, id_) if is_id(id_) else None
    if found is None or (found.deleted_at is not None and not deleted):
        raise NotFound(model.__tablename__, id_)
    return found


def added(session: Session, model: type[Row], values: Mapping[str, Value]) -> Row:
    """A new row with these values."""
    row = model(id=fresh_id(session), **values)
    session.add(row)
    session.flush()
    return row


def assign(session: Session, row: Synced, values: Mapping[str, Value]) -> None:
    """Set the fields that differ, so that a form saved unchanged writes nothing.

    A disputed status is settled by setting it, also to the value that is shown.
    """
    for name, value in values.items():
        if isinstance(session, WriterSession) and disputed(row, name):
            settle(session, row, name, value)
        elif getattr(row, name) != value:
            setattr(row, name, value)
    session.flush()


def disputed(row: Synced, name: str) -> tuple[Value, ...]:
    """The values of a register that terminals set apart from one another; empty when there is but one."""
    heads = decode_stamps(row.stamps or "{}")[1].get(name, [])
    values = tuple(dict.fromkeys(value for _, value in heads))
    return values if len(values) > 1 else ()


def hide(session: Session, model: type[Row], id_: str) -> Row:
    """Delete a row, which is to say that it is not shown. Raises ``NotFound``, also when it is hidden already."""
    row = row_of(session, model, id_)
    row.deleted_at = now(session)
    session.flush()
    return row


def unhide(session: Session, model: type[Row], id_: str) -> Row:
    """Show a deleted row again. One that was not deleted stays as it is. Raises ``NotFound``."""
    row = row_of(session, model, id_, deleted=True)
    assign(session, row, {"deleted_at": None})
    return row


def shown(model: type[Row], *conditions: ColumnElement[bool], deleted: bool = False) -> Select[Row]:
    """Rows that are not deleted; with ``deleted`` only those that are."""
    hidden = model.deleted_at.is_not(None) if deleted else model.deleted_at.is_(None)
    return select(model).where(hidden, *conditions)


def by_id(session: Session, model: type[Row], ids: Collection[Any]) -> dict[str, Row]:
    """Rows by their ids, deleted ones among them: what is named on a paper is shown there for good."""
    wanted = {each for each in ids if each}
    if len(wanted) <= FEW:  # of a single paper: mostly at hand already, and then no question is asked
        return {id_: row for id_ in wanted if (row := session.get(model, id_)) is not None}
    return {row.id: row for row in session.scalars(select(model).where(model.id.in_(wanted)))}


def born(row: Synced) -> int | None:
    """When a row came into being, UTC milliseconds by the clock it was made at; None for ids of other programs."""
    return made_at(row.id) if row.id[14:15] == "7" else None


def last_changed(row: Synced) -> int | None:
    """When any field of a row was last written, UTC milliseconds."""
    stamps, _ = decode_stamps(row.stamps or "{}")
    return milliseconds(max(stamps.values())) if stamps else None
