"""The lines of a repair order: labour, parts, work of others, fees."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import func
from sqlalchemy.orm import Session

from core.language import mark
from core.people.roles import Actor, require
from core.records.input import Field, Fields, one_of, row_id, text, whole
from core.records.rows import added, assign, born, hide, last_changed, row_of, shown, unhide
from core.workshop.models import RepairOrder, RepairOrderLine

KINDS: Mapping[str, str] = {
    "labour": mark("Labour"),
    "part": mark("Part"),
    "sublet": mark("Work of others"),
    "fee": mark("Fee"),
}
ONE = 1000  # quantities are thousandths
_DEAREST = 1_000_000_000_000  # minor units
_MANY = 1_000_000 * ONE

FIELDS = Fields(
    order_id=Field(row_id, required=True, of=RepairOrder),
    kind=Field(one_of(KINDS), required=True),
    description=Field(text(500), required=True),
    part_number=Field(text(60)),
    quantity=Field(whole(0, _MANY)),
    unit_price=Field(whole(-_DEAREST, _DEAREST)),
    tax_rate=Field(whole(0, 10_000)),
    position=Field(whole(0, 1_000_000)),
)


@dataclass(frozen=True, slots=True)
class LineView:
    """A line. ``quantity`` in thousandths, ``unit_price`` in minor units without tax, ``tax_rate`` 1900 is 19 %."""

    table: ClassVar[str] = "repair_order_lines"

    id: str
    order_id: str | None
    kind: str | None
    description: str | None
    part_number: str | None
    quantity: int | None
    unit_price: int | None
    tax_rate: int | None
    position: int | None
    created_at: int | None
    changed_at: int | None
    deleted_at: int | None


def create_line(session: Session, actor: Actor, fields: Mapping[str, object]) -> LineView:
    """A new line at the end: ``order_id``, ``kind`` and ``description``; one of it, unless ``quantity`` says else.

    Raises ``Denied``, ``Refused``.
    """
    require(actor, "repair_orders.change")
    values = FIELDS.settled(session, fields)
    if values.get("quantity") is None:
        values["quantity"] = ONE
    if values.get("position") is None:
        last = shown(RepairOrderLine, RepairOrderLine.order_id == values["order_id"])
        last_position = session.scalar(last.with_only_columns(func.max(RepairOrderLine.position)))
        values["position"] = (last_position or 0) + 1
    return _view(added(session, RepairOrderLine, values))


def change_line(session: Session, actor: Actor, id_: str, fields: Mapping[str, object]) -> LineView:
    """Change some fields; None empties one. Raises ``Denied``, ``NotFound``, ``Refused``."""
    require(actor, "repair_orders.change")
    row = row_of(session, RepairOrderLine, id_)
    values = FIELDS.settled(session, fields, row)
    assign(session, row, values)
    return _view(row)


def delete_line(session: Session, actor: Actor, id_: str) -> None:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "repair_orders.change")
    hide(session, RepairOrderLine, id_)


def restore_line(session: Session, actor: Actor, id_: str) -> LineView:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "repair_orders.change")
    return _view(unhide(session, RepairOrderLine, id_))


def get_line(session: Session, id_: str, *, deleted: bool = False) -> LineView:
    """One line. Raises ``NotFound``."""
    return _view(row_of(session, RepairOrderLine, id_, deleted=deleted))


def list_lines(session: Session, order_id: str) -> tuple[LineView, ...]:
    """All lines of an order, as they stand on the paper. Raises ``NotFound``."""
    row_of(session, RepairOrder, order_id, deleted=True)
    query = shown(RepairOrderLine, RepairOrderLine.order_id == order_id)
    rows = session.scalars(query.order_by(func.coalesce(RepairOrderLine.position, 0), RepairOrderLine.id))
    return tuple(_view(row) for row in rows)


def _view(row: RepairOrderLine) -> LineView:
    return LineView(
        id=row.id,
        order_id=row.order_id,
        kind=row.kind,
        description=row.description,
        part_number=row.part_number,
        quantity=row.quantity,
        unit_price=row.unit_price,
        tax_rate=row.tax_rate,
        position=row.position,
        created_at=born(row),
        changed_at=last_changed(row),
        deleted_at=row.deleted_at,
    )
