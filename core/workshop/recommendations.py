"""Work that was advised and not done: it comes back when it is due, and in any case at the next visit.

A recommendation is open until somebody dismisses it or a line takes it up. Whether it is, is worked out from the rows
around it and not from a word in its own: the line that takes it up may be deleted again, the customer may change their
mind on another terminal, and after a merge all of that must still fit together.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from core.language import mark, tr
from core.people.roles import Actor, require
from core.records.input import Field, Fields, Problems, Refused, day, one_of, row_id, text, whole
from core.records.moment import now
from core.records.paging import LIMIT, Order, Page, check_sought, chosen, page_of
from core.records.rows import added, assign, born, by_id, hide, last_changed, row_of, shown, unhide
from core.vehicles.models import OdometerReading, Vehicle
from core.vehicles.odometer import kilometres
from core.workshop.decisions import DECLINED, last_word
from core.workshop.derived_ids import derived, id_from
from core.workshop.estimate_models import Recommendation
from core.workshop.inspection_models import InspectionResult
from core.workshop.line_kinds import KINDS, LABOUR, PART, SUBLET
from core.workshop.lines import LineView, create_line
from core.workshop.models import RepairOrder, RepairOrderLine

OPEN, TAKEN_UP, DISMISSED, WITHDRAWN = "open", "taken_up", "dismissed", "withdrawn"
STATES: Mapping[str, str] = {
    OPEN: mark("Open"),
    TAKEN_UP: mark("Taken up"),
    DISMISSED: mark("Dismissed"),
    WITHDRAWN: mark("Withdrawn"),
}
WORK = (LABOUR, PART, SUBLET)  # what is advised again when it was declined: nobody advises a fee, or less discount
_DEAREST = 1_000_000_000_000  # minor units
_MANY = 1_000_000_000  # thousandths

FIELDS = Fields(
    vehicle_id=Field(row_id, required=True, of=Vehicle),
    order_id=Field(row_id, of=RepairOrder),
    result_id=Field(row_id, of=InspectionResult),
    kind=Field(one_of(WORK)),
    description=Field(text(500), required=True),
    part_number=Field(text(60)),
    quantity=Field(whole(0, _MANY)),
    unit_price=Field(whole(0, _DEAREST)),
    tax_rate=Field(whole(0, 10_000)),
    due_on=Field(day),
    due_odometer=Field(kilometres),
)
LISTED = (OPEN, DISMISSED, "any")  # what can be asked of a list
_NEVER = "9999-12-31"  # after every day on which something is due
ORDERS = (
    Order("due", func.coalesce(Recommendation.due_on, _NEVER)),
    Order("newest", descending=True),
    Order("oldest"),
)


@dataclass(frozen=True, slots=True)
class RecommendationView:
    """Advice. Prices as of a line; ``due_odometer`` km.

    ``state`` is one of ``STATES``, worked out: taken up by a line that is there (``taken_up_by``: its order); withdrawn
    when the customer thought better of the line (``line_id``) that they had declined.
    """

    table: ClassVar[str] = "recommendations"

    id: str
    vehicle_id: str | None
    vehicle_plate: str | None
    order_id: str | None
    line_id: str | None
    result_id: str | None
    kind: str | None
    description: str | None
    part_number: str | None
    quantity: int | None
    unit_price: int | None
    tax_rate: int | None
    due_on: str | None
    due_odometer: int | None
    state: str
    taken_up_by: str | None
    advised_at: int | None
    created_at: int | None
    changed_at: int | None
    deleted_at: int | None


def create_recommendation(session: Session, actor: Actor, fields: Mapping[str, object]) -> RecommendationView:
    """Advise something: ``vehicle_id`` and ``description``. Raises ``Denied``, ``Refused``."""
    require(actor, "repair_orders.change")
    values = FIELDS.settled(session, fields)
    return _one(session, added(session, Recommendation, {**values, "state": OPEN, "advised_at": now(session)}))


def change_recommendation(session: Session, actor: Actor, id_: str, fields: Mapping[str, object]) -> RecommendationView:
    """Change some fields, for one when it is due; None empties one. Raises ``Denied``, ``NotFound``, ``Refused``."""
    require(actor, "repair_orders.change")
    row = row_of(session, Recommendation, id_)
    assign(session, row, FIELDS.settled(session, fields, row))
    return _one(session, row)


def dismiss(session: Session, actor: Actor, id_: str) -> RecommendationView:
    """It shall not come back: done elsewhere, or not wanted. Raises ``Denied``, ``NotFound``."""
    return _set(session, actor, id_, DISMISSED)


def reopen(session: Session, actor: Actor, id_: str) -> RecommendationView:
    """Undo ``dismiss``. Raises ``Denied``, ``NotFound``."""
    return _set(session, actor, id_, OPEN)


def delete_recommendation(session: Session, actor: Actor, id_: str) -> None:
    """Hide advice that was entered by mistake. Raises ``Denied``, ``NotFound``."""
    require(actor, "repair_orders.change")
    hide(session, Recommendation, id_)


def restore_recommendation(session: Session, actor: Actor, id_: str) -> RecommendationView:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "repair_orders.change")
    return _one(session, unhide(session, Recommendation, id_))


def take_up(session: Session, actor: Actor, recommendation_id: str, order_id: str) -> LineView:
    """Put advice on the estimate of an order: a line with its words and price, linked. A second time: the same line.

    Raises ``Denied``, ``NotFound``, ``Refused`` (of another vehicle, or on another order already).
    """
    require(actor, "repair_orders.change")
    row, order = row_of(session, Recommendation, recommendation_id), row_of(session, RepairOrder, order_id)
    problems = Problems()
    taken = _one(session, row).taken_up_by
    if taken is not None and taken != order.id:
        problems.add("order_id", tr("This was taken up on another order already."))
    if row.vehicle_id and order.vehicle_id and row.vehicle_id != order.vehicle_id:
        problems.add("order_id", tr("This was advised for another vehicle."))
    problems.settle()
    said = {
        "part_number": row.part_number,
        "quantity": row.quantity,
        "unit_price": row.unit_price,
        "tax_rate": row.tax_rate,
        "result_id": row.result_id,
    }
    line: dict[str, object] = {
        "order_id": order.id,
        "kind": row.kind if row.kind in KINDS else LABOUR,
        "description": row.description or tr("Work that was advised"),
        "recommendation_id": row.id,
    }
    line |= {name: value for name, value in said.items() if value is not None}
    assign(session, row, {"state": TAKEN_UP, "taken_up_by": order.id})
    return create_line(session, actor, line, id_=id_from(row.id, f"line on {order.id}"))


def advise_again(
    session: Session, line: RepairOrderLine, *, due_on: str | None = None, due_odometer: int | None = None
) -> None:
    """What was declined comes back; for the functions of the room, whoever calls has asked whether the actor may."""
    if line.kind not in WORK:
        return
    order = session.get(RepairOrder, line.order_id) if line.order_id else None
    values = {
        "vehicle_id": order.vehicle_id if order is not None else None,
        "order_id": line.order_id,
        "line_id": line.id,
        "result_id": line.result_id,
        "kind": line.kind,
        "description": line.description,
        "part_number": line.part_number,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "tax_rate": line.tax_rate,
        "state": OPEN,
        # The visit's day: of two terminals that both write down this no, neither replaces what the other wrote.
        "advised_at": order.opened_at if order is not None and order.opened_at is not None else now(session),
    }
    due = {"due_on": due_on, "due_odometer": due_odometer}
    said = {name: value for name, value in due.items() if value is not None}  # a "no" said again forgets no date
    derived(session, Recommendation, id_from(line.id, "advice"), {**values, **said})


def is_due(due_on: str | None, due_odometer: int | None, today: str, odometer: int | None) -> bool:
    """Whether advice is due, by either. What has no date and no odometer is not: it waits for the next visit.

    ``today`` a day as text, ``odometer`` km, None: not known.
    """
    by_day = due_on is not None and due_on <= today
    return by_day or (due_odometer is not None and odometer is not None and due_odometer <= odometer)


def get_recommendation(session: Session, id_: str, *, deleted: bool = False) -> RecommendationView:
    """One. Raises ``NotFound``."""
    return _one(session, row_of(session, Recommendation, id_, deleted=deleted))


def open_recommendations(session: Session, vehicle_id: str) -> tuple[RecommendationView, ...]:
    """All that is open of a vehicle, the oldest first."""
    rows = session.scalars(shown(Recommendation, _of_vehicle(vehicle_id), *_open()).order_by(Recommendation.id))
    return tuple(_views(session, list(rows)).values())


def coming_back(session: Session, order_id: str) -> tuple[RecommendationView, ...]:
    """What was advised on earlier visits of an order's vehicle and is still open, the oldest first.

    Raises ``NotFound``.
    """
    order = row_of(session, RepairOrder, order_id, deleted=True)
    if order.vehicle_id is None:
        return ()
    return tuple(each for each in open_recommendations(session, order.vehicle_id) if each.order_id != order_id)


def list_recommendations(
    session: Session,
    *,
    vehicle_id: str | None = None,
    order_id: str | None = None,
    state: str = OPEN,
    due_by: str | None = None,
    sort: str = "oldest",
    after: str | None = None,
    limit: int = LIMIT,
) -> Page[RecommendationView]:
    """Advice by the page: ``state`` one of ``LISTED``, ``order_id`` where it was advised.

    ``due_by``: what is due on that day, or by the last odometer that is known here. Raises ``Refused``.
    """
    check_sought(vehicle_id=vehicle_id, order_id=order_id, due_by=due_by)
    conditions: list[ColumnElement[bool]] = []
    if state == OPEN:
        conditions += _open()
    elif state == DISMISSED:
        conditions.append(Recommendation.state == DISMISSED)
    elif state != "any":
        raise Refused(("state", tr("This must be one of: {values}.", values=", ".join(LISTED))))
    if vehicle_id is not None:
        conditions.append(_of_vehicle(vehicle_id))
    if order_id is not None:
        conditions.append(Recommendation.order_id == order_id)
    if due_by is not None:
        conditions.append(or_(Recommendation.due_on <= due_by, Recommendation.due_odometer <= _odometer()))
    query = shown(Recommendation, *conditions)
    page = page_of(session, query, Recommendation, chosen(ORDERS, sort), after=after, limit=limit)
    views = _views(session, page.items)
    return page.mapped(lambda row: views[row.id])


def _set(session: Session, actor: Actor, id_: str, state: str) -> RecommendationView:
    require(actor, "repair_orders.change")
    row = row_of(session, Recommendation, id_)
    assign(session, row, {"state": state})
    return _one(session, row)


def _of_vehicle(vehicle_id: str) -> ColumnElement[bool]:
    """Of this vehicle; also what was advised on an order that only later was given its vehicle."""
    orders = select(RepairOrder.id).where(RepairOrder.vehicle_id == vehicle_id)
    later = and_(Recommendation.vehicle_id.is_(None), Recommendation.order_id.in_(orders))
    return or_(Recommendation.vehicle_id == vehicle_id, later)


def _open() -> tuple[ColumnElement[bool], ...]:
    """``_state`` is open, as conditions of a query."""
    line = aliased(RepairOrderLine)
    taken = exists().where(line.recommendation_id == Recommendation.id, line.deleted_at.is_(None))
    declined = func.coalesce(last_word(Recommendation.line_id), DECLINED) == DECLINED
    return func.coalesce(Recommendation.state, OPEN) != DISMISSED, ~taken, declined


def _odometer() -> ColumnElement[int]:
    """The last odometer of the vehicle that is advised."""
    return (
        select(OdometerReading.value)
        .where(OdometerReading.vehicle_id == Recommendation.vehicle_id, OdometerReading.deleted_at.is_(None))
        .order_by(func.coalesce(OdometerReading.read_at, 0).desc(), OdometerReading.id.desc())
        .limit(1)
        .correlate(Recommendation)
        .scalar_subquery()
    )


def _one(session: Session, row: Recommendation) -> RecommendationView:
    return _views(session, [row])[row.id]


def _views(session: Session, rows: Collection[Recommendation]) -> dict[str, RecommendationView]:
    """What is shown of advice: three queries at most, for however much of it."""
    vehicles = by_id(session, Vehicle, [row.vehicle_id for row in rows])
    ids = [row.id for row in rows]
    lines = shown(RepairOrderLine, RepairOrderLine.recommendation_id.in_(ids)).order_by(RepairOrderLine.id)
    taken = {line.recommendation_id: line.order_id for line in session.scalars(lines)} if rows else {}
    words = _last_words(session, [row.line_id for row in rows if row.line_id])
    return {row.id: _view(row, vehicles.get(row.vehicle_id or ""), taken, words) for row in rows}


def _last_words(session: Session, line_ids: Collection[str]) -> dict[str, str]:
    if not line_ids:
        return {}
    word = last_word(RepairOrderLine.id)
    found = session.execute(select(RepairOrderLine.id, word).where(RepairOrderLine.id.in_(line_ids)))
    return {row[0]: row[1] for row in found if row[1] is not None}


def _state(row: Recommendation, taken: Mapping[str | None, str | None], words: Mapping[str, str]) -> str:
    if row.state == DISMISSED:
        return DISMISSED
    if row.id in taken:
        return TAKEN_UP
    return OPEN if words.get(row.line_id or "", DECLINED) == DECLINED else WITHDRAWN


def _view(
    row: Recommendation, vehicle: Vehicle | None, taken: Mapping[str | None, str | None], words: Mapping[str, str]
) -> RecommendationView:
    return RecommendationView(
        id=row.id,
        vehicle_id=row.vehicle_id,
        vehicle_plate=vehicle.plate if vehicle else None,
        order_id=row.order_id,
        line_id=row.line_id,
        result_id=row.result_id,
        kind=row.kind,
        description=row.description,
        part_number=row.part_number,
        quantity=row.quantity,
        unit_price=row.unit_price,
        tax_rate=row.tax_rate,
        due_on=row.due_on,
        due_odometer=row.due_odometer,
        state=_state(row, taken, words),
        taken_up_by=taken.get(row.id),
        advised_at=row.advised_at,
        created_at=born(row),
        changed_at=last_changed(row),
        deleted_at=row.deleted_at,
    )
