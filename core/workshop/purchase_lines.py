"""The lines of purchase orders: put on from the reorder list or for a repair order, sent, and received."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.language import tr
from core.people.roles import Actor, require
from core.records.fields import Synced
from core.records.ids import is_id
from core.records.input import Field, Fields, Problems, Refused, Value, row_id, text, whole
from core.records.moment import now
from core.records.rows import added, assign, born, by_id, hide, last_changed, row_of, shown, unhide
from core.workshop.line_kinds import PART
from core.workshop.models import RepairOrder, RepairOrderLine
from core.workshop.part_states import wait_no_more
from core.workshop.parts import DEAREST, MOST
from core.workshop.parts_models import Part, PurchaseOrder, PurchaseOrderLine, Supplier
from core.workshop.purchase_states import PurchaseStatus, amounts_of, settle_purchase
from core.workshop.purchasing import FIELDS as ORDER_FIELDS
from core.workshop.purchasing import (
    PurchaseOrderView,
    bring_lines_on,
    create_purchase_order,
    local_day,
    purchase_views,
)
from core.workshop.stock import ONE, received_of_line
from core.workshop.stock_moves import receipt

Row = TypeVar("Row", bound=Synced)

FIELDS = Fields(
    purchase_order_id=Field(row_id, required=True, of=PurchaseOrder),
    part_id=Field(row_id, of=Part),
    description=Field(text(500)),
    part_number=Field(text(60)),
    quantity=Field(whole(1, MOST)),
    unit_cost=Field(whole(0, DEAREST)),
    line_id=Field(row_id, of=RepairOrderLine),
)


@dataclass(frozen=True, slots=True)
class PurchaseLineView:
    """A line. ``quantity`` and ``received`` in thousandths, ``unit_cost`` in minor units; ``order_number`` of the
    repair order that waits for it.
    """

    table: ClassVar[str] = "purchase_order_lines"

    id: str
    purchase_order_id: str | None
    part_id: str | None
    description: str | None
    part_number: str | None
    unit: str
    location: str | None
    quantity: int
    received: int
    unit_cost: int | None
    order_id: str | None
    order_number: str | None
    line_id: str | None
    position: int | None
    created_at: int | None
    changed_at: int | None
    deleted_at: int | None

    @property
    def open(self) -> int:
        """What is still to come; never negative."""
        return max(0, self.quantity - self.received)


@dataclass(frozen=True, slots=True)
class Received:
    """What a receipt came to: the order as it is now, and the moves, by which it can be taken back."""

    order: PurchaseOrderView
    moves: tuple[str, ...]


def add_purchase_line(session: Session, actor: Actor, fields: Mapping[str, object]) -> PurchaseLineView:
    """One more line at the end: ``purchase_order_id``, and ``part_id``, ``line_id`` (of a repair order) or at least a
    ``description``; what is not said is the part's or the line's. What a line of a repair order needs is bought once:
    when it stands on purchase orders, the rest of it, and more only when ``quantity`` says so and nothing is to come.

    Raises ``Denied``, ``Refused``.
    """
    require(actor, "purchases.change")
    problems = Problems()
    values = FIELDS.take(session, fields, None, problems)
    line = session.get(RepairOrderLine, values["line_id"]) if values.get("line_id") else None
    if line is not None and line.kind != PART:
        problems.add("line_id", tr("This line needs no part."))
    if not any(fields.get(name) for name in ("part_id", "description", "line_id")):
        problems.add("part_id", tr("A part, or at least what it is."))
    missing = None if line is None else _missing(session, line, values.get("quantity"), problems)
    problems.settle()
    values = {**_of_line(line), **{name: value for name, value in values.items() if value is not None}}
    if missing is not None:
        values["quantity"] = missing
    part = session.get(Part, values["part_id"]) if values.get("part_id") else None
    values = {**_of_part(part), **values}
    values.setdefault("quantity", ONE)
    last = shown(PurchaseOrderLine, PurchaseOrderLine.purchase_order_id == values["purchase_order_id"])
    last_position = session.scalar(last.with_only_columns(func.max(PurchaseOrderLine.position)))
    row = added(session, PurchaseOrderLine, {**values, "position": (last_position or 0) + 1})
    _joined(session, row_of(session, PurchaseOrder, str(row.purchase_order_id)), row)
    return _views(session, [row])[0]


def change_purchase_line(session: Session, actor: Actor, id_: str, fields: Mapping[str, object]) -> PurchaseLineView:
    """Change some fields; None empties one. Raises ``Denied``, ``NotFound``, ``Refused``."""
    require(actor, "purchases.change")
    row = row_of(session, PurchaseOrderLine, id_)
    problems = Problems()
    values = FIELDS.take(session, fields, row, problems)
    if "quantity" in values and values["quantity"] is None:
        problems.add("quantity", tr("This is needed."))
    if values.get("purchase_order_id", row.purchase_order_id) != row.purchase_order_id:
        problems.add("purchase_order_id", tr("A line stays with its order."))
    problems.settle()
    assign(session, row, values)
    if "quantity" in values and row.purchase_order_id:
        settle_purchase(session, row.purchase_order_id)
    return _views(session, [row])[0]


def delete_purchase_line(session: Session, actor: Actor, id_: str) -> None:
    """Take a line off, of which nothing came. Raises ``Denied``, ``NotFound``, ``Refused``."""
    require(actor, "purchases.change")
    row = row_of(session, PurchaseOrderLine, id_)
    if _views(session, [row])[0].received:
        raise Refused(("received", tr("Something of this line came already.")))
    hide(session, PurchaseOrderLine, id_)
    wait_no_more(session, row.line_id)
    if row.purchase_order_id:
        settle_purchase(session, row.purchase_order_id)


def restore_purchase_line(session: Session, actor: Actor, id_: str) -> PurchaseLineView:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "purchases.change")
    row = unhide(session, PurchaseOrderLine, id_)
    order = session.get(PurchaseOrder, row.purchase_order_id) if row.purchase_order_id else None
    if order is not None:
        _joined(session, order, row)
    return _views(session, [row])[0]


def get_purchase_line(session: Session, id_: str) -> PurchaseLineView:
    """One line. Raises ``NotFound``."""
    return _views(session, [row_of(session, PurchaseOrderLine, id_)])[0]


def list_purchase_lines(session: Session, purchase_order_id: str) -> tuple[PurchaseLineView, ...]:
    """All lines of a purchase order, as they stand on it. Raises ``NotFound``."""
    row_of(session, PurchaseOrder, purchase_order_id, deleted=True)
    query = shown(PurchaseOrderLine, PurchaseOrderLine.purchase_order_id == purchase_order_id)
    query = query.order_by(func.coalesce(PurchaseOrderLine.position, 0), PurchaseOrderLine.id)
    return _views(session, session.scalars(query).all())


def buy(
    session: Session, actor: Actor, wanted: Sequence[Mapping[str, object]], *, supplier_id: object = None
) -> tuple[PurchaseOrderView, ...]:
    """Put lines on purchase orders that were not sent, one for each supplier; made where there is none.

    ``wanted``: ``part_id`` and ``quantity``, or ``line_id`` of a repair order. ``supplier_id``: of whom all of it;
    else each part of its own. Returns the orders. Raises ``Denied``, ``Refused``.
    """
    require(actor, "purchases.change")
    chosen = ORDER_FIELDS.settled(session, {"supplier_id": supplier_id})["supplier_id"]
    drafts: dict[str | None, str] = {}
    for given in wanted:
        supplier = str(chosen) if chosen else _supplier_of(session, given)
        if supplier not in drafts:
            drafts[supplier] = _draft_for(session, actor, supplier)
        add_purchase_line(session, actor, {**given, "purchase_order_id": drafts[supplier]})
    views = purchase_views(session, [row_of(session, PurchaseOrder, id_) for id_ in drafts.values()])
    return tuple(views[id_] for id_ in drafts.values())


def orders_of(session: Session, line_ids: Collection[str]) -> tuple[PurchaseOrderView, ...]:
    """The purchase orders on which these lines stand, in the order in which they came up."""
    lines = by_id(session, PurchaseOrderLine, line_ids)
    ids = dict.fromkeys(lines[id_].purchase_order_id or "" for id_ in line_ids if id_ in lines)
    views = purchase_views(session, list(by_id(session, PurchaseOrder, list(ids)).values()))
    return tuple(views[id_] for id_ in ids if id_ in views)


def send_purchase_order(
    session: Session, actor: Actor, id_: str, fields: Mapping[str, object] | None = None
) -> PurchaseOrderView:
    """It was ordered of the supplier: lines of repair orders are on the way. ``fields``: as of a change, for example
    ``expected_on``; not said, it is the supplier's usual time from today. Raises ``Denied``, ``NotFound``, ``Refused``.
    """
    require(actor, "purchases.change")
    row = row_of(session, PurchaseOrder, id_)
    problems = Problems()
    values = ORDER_FIELDS.take(session, fields or {}, row, problems)
    lines = amounts_of(session, [id_]).get(id_, ())
    if not lines:
        problems.add("", tr("There is nothing on it yet."))
    supplier_id = values.get("supplier_id", row.supplier_id)
    if supplier_id is None:
        problems.add("supplier_id", tr("Of whom is it ordered?"))
    problems.settle()
    supplier = session.get(Supplier, supplier_id)
    if "expected_on" not in values and row.expected_on is None and supplier is not None and supplier.lead_days:
        values["expected_on"] = (local_day(now(session)) + dt.timedelta(days=supplier.lead_days)).isoformat()
    assign(session, row, {**values, "status": PurchaseStatus.ORDERED.value, "ordered_at": now(session)})
    settle_purchase(session, id_)
    bring_lines_on(session, lines)
    return purchase_views(session, [row])[id_]


def receive(session: Session, actor: Actor, id_: str, came: Mapping[str, object] | None = None) -> Received:
    """Something of a purchase order came: ``came`` is line id -> thousandths; None: all that was still to come.

    More than was ordered is kept as it came. Raises ``Denied``, ``NotFound``, ``Refused``.
    """
    require(actor, "stock.move")
    row_of(session, PurchaseOrder, id_)
    lines = {each.id: each for each in list_purchase_lines(session, id_)}
    problems = Problems()
    if came is None:
        came = {each.id: each.open for each in lines.values() if each.open}
        if not came:
            problems.add("", tr("Nothing is still to come of it."))
    check = whole(1, MOST)
    for line_id, quantity in came.items():
        if line_id not in lines:
            problems.add(str(line_id), tr("This line is not on the order."))
            continue
        if quantity is None:
            problems.add(line_id, tr("This is needed."))
        try:
            check(quantity)
        except ValueError as wrong:
            problems.add(line_id, str(wrong))
    problems.settle()
    moves = tuple(
        receipt(
            session, actor, part_id=lines[line_id].part_id, quantity=int(str(quantity)), purchase_line_id=line_id,
            unit_cost=lines[line_id].unit_cost,
        )
        for line_id, quantity in came.items()
    )  # fmt: skip
    settle_purchase(session, id_)
    row = row_of(session, PurchaseOrder, id_)
    return Received(purchase_views(session, [row])[id_], moves)


def _supplier_of(session: Session, given: Mapping[str, object]) -> str | None:
    """Of whom a part is bought; what ``given`` has wrong is refused when the line is made."""
    line = _known(session, RepairOrderLine, given.get("line_id"))
    part = _known(session, Part, given.get("part_id") or (line.part_id if line is not None else None))
    return part.supplier_id if part is not None else None


def _known(session: Session, model: type[Row], id_: object) -> Row | None:
    return session.get(model, id_) if isinstance(id_, str) and is_id(id_) else None


def _draft_for(session: Session, actor: Actor, supplier_id: str | None) -> str:
    """The newest purchase order of this supplier that was not sent, or a fresh one."""
    query = shown(
        PurchaseOrder, PurchaseOrder.supplier_id == supplier_id, PurchaseOrder.status == PurchaseStatus.DRAFT.value
    )
    known = session.scalar(query.order_by(PurchaseOrder.id.desc()).limit(1))
    if known is not None:
        return known.id
    return create_purchase_order(session, actor, {"supplier_id": supplier_id}).id


def _missing(session: Session, line: RepairOrderLine, asked: Value, problems: Problems) -> int | None:
    """How much of what a line of a repair order needs is to be bought; a second tap is a problem, in words."""
    bought, needed = PurchaseOrderLine, ONE if line.quantity is None else line.quantity
    query = (
        select(bought.quantity, received_of_line(), PurchaseOrder.status, PurchaseOrder.number)
        .join(PurchaseOrder, PurchaseOrder.id == bought.purchase_order_id)
        .where(bought.line_id == line.id, bought.deleted_at.is_(None), PurchaseOrder.deleted_at.is_(None))
        .order_by(bought.id)
    )
    coming = came = 0
    number: str | None = None
    for quantity, received, status, name in session.execute(query):
        came += int(received or 0)
        if status not in (PurchaseStatus.CANCELLED.value, PurchaseStatus.RECEIVED.value):
            coming += max(0, (quantity or 0) - int(received or 0))
            number = name if (quantity or 0) > int(received or 0) else number
    if isinstance(asked, int):
        if coming and asked + coming > needed:
            problems.add("line_id", tr("It is on purchase order {number} already.", number=number or "–"))
        return asked
    if coming + came >= needed > 0:
        words = tr("It is on purchase order {number} already.", number=number) if number else tr("It came already.")
        problems.add("line_id", words)
    return max(0, needed - coming - came) or needed


def _of_line(line: RepairOrderLine | None) -> dict[str, Value]:
    if line is None:
        return {}
    names = ("part_id", "description", "part_number", "quantity", "unit_cost", "order_id")
    return {name: value for name in names if (value := getattr(line, name)) is not None}


def _of_part(part: Part | None) -> dict[str, Value]:
    if part is None:
        return {}
    given = {"description": part.name, "part_number": part.supplier_number or part.number, "unit_cost": part.cost}
    return {name: value for name, value in given.items() if value is not None}


def _joined(session: Session, order: PurchaseOrder, row: PurchaseOrderLine) -> None:
    """A line came to an order: when that was sent, it is on the way, and there is something to come again."""
    if order.ordered_at is not None and order.status != PurchaseStatus.CANCELLED:
        settle_purchase(session, order.id)
        bring_lines_on(session, [each for each in amounts_of(session, [order.id])[order.id] if each.id == row.id])


def _views(session: Session, rows: Sequence[PurchaseOrderLine]) -> tuple[PurchaseLineView, ...]:
    purchases = {row.purchase_order_id for row in rows if row.purchase_order_id}
    received = {each.id: each.received for lines in amounts_of(session, purchases).values() for each in lines}
    parts = by_id(session, Part, [row.part_id for row in rows])
    orders = by_id(session, RepairOrder, [row.order_id for row in rows])
    return tuple(
        _view(row, received.get(row.id, 0), parts.get(row.part_id or ""), orders.get(row.order_id or ""))
        for row in rows
    )


def _view(row: PurchaseOrderLine, received: int, part: Part | None, order: RepairOrder | None) -> PurchaseLineView:
    return PurchaseLineView(
        id=row.id,
        purchase_order_id=row.purchase_order_id,
        part_id=row.part_id,
        description=row.description or (part.name if part else None),
        part_number=row.part_number,
        unit=(part.unit if part else None) or "pc",
        location=part.location if part else None,
        quantity=row.quantity or 0,
        received=received,
        unit_cost=row.unit_cost,
        order_id=row.order_id,
        order_number=order.number if order else None,
        line_id=row.line_id,
        position=row.position,
        created_at=born(row),
        changed_at=last_changed(row),
        deleted_at=row.deleted_at,
    )
