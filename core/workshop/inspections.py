"""Vehicles looked over by a template: begun, filled in point by point, completed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from core.language import mark, tr, trn
from core.people.models import Staff
from core.people.roles import Actor, require
from core.records.input import Field, Fields, Problems, Refused, Value, row_id, text
from core.records.moment import fresh_id, now
from core.records.paging import LIMIT, Order, Page, check_sought, chosen, page_of
from core.records.rows import added, assign, born, by_id, hide, last_changed, row_of, shown, unhide
from core.vehicles.models import Vehicle
from core.vehicles.odometer import kilometres
from core.workshop.inspection_models import Inspection, InspectionResult, InspectionTemplate
from core.workshop.inspection_templates import points_of
from core.workshop.models import RepairOrder

GREEN, YELLOW, RED, NONE = "green", "yellow", "red", "none"
VERDICTS: Mapping[str, str] = {
    GREEN: mark("Good"),
    YELLOW: mark("Soon"),
    RED: mark("Now"),
    NONE: mark("Not there"),
}

FIELDS = Fields(
    template_id=Field(row_id, required=True, of=InspectionTemplate),
    order_id=Field(row_id, of=RepairOrder),
    vehicle_id=Field(row_id, of=Vehicle),
    odometer=Field(kilometres),
    inspector_id=Field(row_id, of=Staff),
    remark=Field(text(20_000, lines=True)),
)
_CHANGING = ("order_id", "odometer", "inspector_id", "remark")
ORDERS = (
    Order("newest", func.coalesce(Inspection.started_at, 0), descending=True, kind=int),
    Order("oldest", func.coalesce(Inspection.started_at, 0), kind=int),
)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many points of an inspection are what; ``left``: not looked at yet."""

    green: int = 0
    yellow: int = 0
    red: int = 0
    none: int = 0
    left: int = 0

    @property
    def points(self) -> int:
        return self.green + self.yellow + self.red + self.none + self.left


@dataclass(frozen=True, slots=True)
class InspectionView:
    """An inspection. ``odometer`` km, moments UTC milliseconds; ``completed_at`` None: it is still open."""

    table: ClassVar[str] = "inspections"

    id: str
    vehicle_id: str | None
    vehicle_plate: str | None
    order_id: str | None
    template_id: str | None
    name: str | None
    odometer: int | None
    inspector_id: str | None
    inspector_name: str | None
    started_at: int | None
    completed_at: int | None
    remark: str | None
    counts: Counts
    created_at: int | None
    changed_at: int | None
    deleted_at: int | None


def start_inspection(session: Session, actor: Actor, fields: Mapping[str, object]) -> InspectionView:
    """Begin: ``template_id``, and ``order_id`` or ``vehicle_id``. All points of the template are copied.

    By whoever begins it, at the order's odometer, unless said otherwise. Raises ``Denied``, ``Refused``.
    """
    require(actor, "inspections.change")
    problems = Problems()
    values = FIELDS.take(session, fields, None, problems)
    order = session.get(RepairOrder, str(values.get("order_id")))
    if values.get("vehicle_id") is None and order is not None:
        values["vehicle_id"] = order.vehicle_id
    if values.get("vehicle_id") is None and not {"vehicle_id", "order_id"} & set(fields) - set(values):
        problems.add("vehicle_id", tr("An inspection is of a vehicle: name it, or an order that has one."))
    _check_order(order, values.get("vehicle_id"), problems)
    template = session.get(InspectionTemplate, str(values.get("template_id")))
    points = points_of(session, template.id) if template is not None else ()
    if template is not None and not points:
        problems.add("template_id", tr("This template has no points yet."))
    problems.settle()
    assert template is not None
    if values.get("odometer") is None and order is not None:
        values["odometer"] = order.odometer_in
    row = added(session, Inspection, {
        **values, **_inspector(session, actor, values), "name": template.name, "started_at": now(session),
    })  # fmt: skip
    copied = ("section", "name", "kind", "unit", "position")
    session.add_all(
        InspectionResult(
            id=fresh_id(session),
            inspection_id=row.id,
            point_id=point.id,
            **{name: getattr(point, name) for name in copied},
        )
        for point in points
    )
    session.flush()
    return _one(session, row)


def change_inspection(session: Session, actor: Actor, id_: str, fields: Mapping[str, object]) -> InspectionView:
    """Change the order, the odometer, who looked or the remark. Raises ``Denied``, ``NotFound``, ``Refused``."""
    require(actor, "inspections.change")
    row = row_of(session, Inspection, id_)
    problems = Problems()
    values = FIELDS.take(session, fields, row, problems)
    for name in set(values) - set(_CHANGING):
        if getattr(row, name) != values[name]:
            problems.add(name, tr("This stays as it was begun: begin another inspection."))
    if values.get("order_id") is not None:
        _check_order(session.get(RepairOrder, str(values["order_id"])), row.vehicle_id, problems)
    problems.settle()
    if "inspector_id" in values:
        values |= _inspector(session, actor, values)
    assign(session, row, values)
    return _one(session, row)


def of_one_vehicle(first: str | None, second: str | None) -> bool:
    """Whether two things may be about one vehicle: one of them names none, or both the same."""
    return first is None or second is None or first == second


def complete_inspection(session: Session, actor: Actor, id_: str, *, leave: bool = False) -> InspectionView:
    """It is done. Points nobody looked at are asked about first: ``leave`` says that they stay so, and the paper does.

    Raises ``Denied``, ``NotFound``, ``Refused``: nothing was looked at, or not everything.
    """
    require(actor, "inspections.change")
    row = row_of(session, Inspection, id_)
    found = counts(session, [id_]).get(id_, Counts())
    if found.left == found.points:
        raise Refused(("", tr("Nothing was looked at yet.")))
    if found.left and not leave and row.completed_at is None:
        raise Refused(("", unseen_words(found.left)))
    if row.completed_at is None:
        assign(session, row, {"completed_at": now(session)})
    return _one(session, row)


def unseen_words(count: int) -> str:
    """How many points nobody looked at."""
    return trn("{count} point was not looked at.", "{count} points were not looked at.", count)


def reopen_inspection(session: Session, actor: Actor, id_: str) -> InspectionView:
    """Something is to be added or put right. Raises ``Denied``, ``NotFound``."""
    require(actor, "inspections.change")
    row = row_of(session, Inspection, id_)
    assign(session, row, {"completed_at": None})
    return _one(session, row)


def delete_inspection(session: Session, actor: Actor, id_: str) -> None:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "inspections.change")
    hide(session, Inspection, id_)


def restore_inspection(session: Session, actor: Actor, id_: str) -> InspectionView:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "inspections.change")
    return _one(session, unhide(session, Inspection, id_))


def get_inspection(session: Session, id_: str, *, deleted: bool = False) -> InspectionView:
    """One. Raises ``NotFound``."""
    return _one(session, row_of(session, Inspection, id_, deleted=deleted))


def list_inspections(
    session: Session,
    *,
    vehicle_id: str | None = None,
    order_id: str | None = None,
    state: str | None = None,
    sort: str = "newest",
    after: str | None = None,
    limit: int = LIMIT,
) -> Page[InspectionView]:
    """Inspections by the page; ``state``: "open" or "completed". Raises ``Refused``."""
    check_sought(vehicle_id=vehicle_id, order_id=order_id)
    conditions: list[ColumnElement[bool]] = []
    if vehicle_id is not None:
        conditions.append(Inspection.vehicle_id == vehicle_id)
    if order_id is not None:
        conditions.append(Inspection.order_id == order_id)
    if state is not None:
        if state not in ("open", "completed"):
            problems = Problems()
            problems.add("state", tr("This must be one of: {values}.", values="open, completed"))
            problems.settle()
        open_ = Inspection.completed_at.is_(None)
        conditions.append(open_ if state == "open" else ~open_)
    query = shown(Inspection, *conditions)
    page = page_of(session, query, Inspection, chosen(ORDERS, sort), after=after, limit=limit)
    views = _views(session, page.items)
    return page.mapped(lambda row: views[row.id])


def counts(session: Session, inspection_ids: Collection[str]) -> dict[str, Counts]:
    """How far these inspections are and what they found, in one statement; one without points is not among them."""
    if not inspection_ids:
        return {}
    query = (
        select(InspectionResult.inspection_id, InspectionResult.verdict, func.count())
        .where(InspectionResult.inspection_id.in_(inspection_ids), InspectionResult.deleted_at.is_(None))
        .group_by(InspectionResult.inspection_id, InspectionResult.verdict)
    )
    found: dict[str, dict[str, int]] = {}
    for id_, verdict, number in session.execute(query):  # verdict NULL, or a newer program's: not known to be seen
        of = found.setdefault(str(id_), {})
        name = str(verdict) if verdict in VERDICTS else "left"
        of[name] = of.get(name, 0) + number
    return {id_: Counts(**of) for id_, of in found.items()}


def _check_order(order: RepairOrder | None, vehicle_id: Value, problems: Problems) -> None:
    if order is not None and not of_one_vehicle(order.vehicle_id, None if vehicle_id is None else str(vehicle_id)):
        problems.add("order_id", tr("This order is about another vehicle than the inspection."))


def _inspector(session: Session, actor: Actor, values: Mapping[str, Value]) -> dict[str, Value]:
    """Who looks: as said, else whoever does this; the name as it is now, for the paper."""
    id_ = values.get("inspector_id") or (actor.id if actor.kind == "staff" else None)
    row = session.get(Staff, str(id_)) if id_ else None
    return {"inspector_id": row.id if row else None, "inspector_name": (row.name if row else None) or actor.name}


def _one(session: Session, row: Inspection) -> InspectionView:
    return _views(session, [row])[row.id]


def _views(session: Session, rows: Collection[Inspection]) -> dict[str, InspectionView]:
    """What is shown of inspections, in two queries."""
    vehicles = by_id(session, Vehicle, [row.vehicle_id for row in rows])
    found = counts(session, [row.id for row in rows])
    return {row.id: _view(row, vehicles.get(row.vehicle_id or ""), found.get(row.id, Counts())) for row in rows}


def _view(row: Inspection, vehicle: Vehicle | None, found: Counts) -> InspectionView:
    return InspectionView(
        id=row.id,
        vehicle_id=row.vehicle_id,
        vehicle_plate=vehicle.plate if vehicle else None,
        order_id=row.order_id,
        template_id=row.template_id,
        name=row.name,
        odometer=row.odometer,
        inspector_id=row.inspector_id,
        inspector_name=row.inspector_name,
        started_at=row.started_at,
        completed_at=row.completed_at,
        remark=row.remark,
        counts=found,
        created_at=born(row),
        changed_at=last_changed(row),
        deleted_at=row.deleted_at,
    )
