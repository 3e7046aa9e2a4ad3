"""Repair orders, written and read by everybody through these functions."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import ColumnElement, func, literal_column
from sqlalchemy.orm import Session

from core.language import mark, tr
from core.people.models import Customer, Staff
from core.people.roles import Actor, require
from core.people.staff import skill_words
from core.records.input import Field, Fields, Problems, Value, instant, one_of, row_id, text, whole
from core.records.moment import now
from core.records.paging import LIMIT, Order, Page, check_sought, chosen, page_of
from core.records.rows import added, assign, born, by_id, hide, last_changed, row_of, shown, unhide
from core.vehicles.held_readings import HeldReadingView, waiting_of
from core.vehicles.models import Vehicle
from core.vehicles.odometer import HIGHEST, ReadingView, last_of, take_reading
from core.vehicles.owners import note_owner
from core.workshop import comebacks, moving
from core.workshop.models import RepairOrder
from core.workshop.numbers import next_number
from core.workshop.states import Status, may_move

WORDS_LONG = 20_000
PRIORITIES: Mapping[str, str] = {
    "low": mark("Low"),
    "normal": mark("Normal"),
    "high": mark("High"),
    "urgent": mark("Urgent"),
}
TAKES = 200  # characters of what a job takes
LONGEST = 1_000_000  # thousandths of an hour


def _takes(value: object) -> Value:
    return skill_words(text(TAKES)(value))


FIELDS = Fields(
    vehicle_id=Field(row_id, of=Vehicle),
    customer_id=Field(row_id, of=Customer),
    status=Field(one_of([status.value for status in Status])),
    label=Field(text(60)),
    priority=Field(one_of(PRIORITIES)),
    complaint=Field(text(WORDS_LONG, lines=True)),
    cause=Field(text(WORDS_LONG, lines=True)),
    correction=Field(text(WORDS_LONG, lines=True)),
    opened_at=Field(instant),
    promised_at=Field(instant),
    adviser_id=Field(row_id, of=Staff),
    technician_id=Field(row_id, of=Staff),
    bay=Field(text(60)),
    key_tag=Field(text(24)),
    odometer_in=Field(whole(0, HIGHEST)),
    odometer_out=Field(whole(0, HIGHEST)),
    expected_hours=Field(whole(0, LONGEST)),
    skills=Field(_takes),
    equipment=Field(_takes),
    comeback_of=Field(row_id, of=RepairOrder),
)
_FAR = (1 << 62) - 1  # nothing was promised: after everything that was
# In the words of their indexes: a bound value would be none of them.
ORDERS = (
    Order("newest", descending=True),
    Order("oldest"),
    Order("promised", func.coalesce(RepairOrder.promised_at, literal_column(str(_FAR))), kind=int),
    Order("number", func.coalesce(RepairOrder.sequence, literal_column("0")), descending=True, kind=int),
)


@dataclass(frozen=True, slots=True)
class RepairOrderView:
    """A repair order. Moments are UTC milliseconds, odometers km, ``expected_hours`` thousandths.

    ``skills``, ``equipment``: words by comma. ``comeback_of``: the order whose work was not right the first time.
    ``odometer_held_km``: a value of the vehicle's that nobody would believe and that waits, as ``odometer_held_id``,
    for somebody to decide. ``disputed``: all values of ``status`` when terminals that were apart set different ones;
    empty when they agree.
    """

    table: ClassVar[str] = "repair_orders"

    id: str
    number: str | None
    vehicle_id: str | None
    vehicle_plate: str | None
    customer_id: str | None
    customer_name: str | None
    status: str | None
    disputed: tuple[str, ...]
    label: str | None
    priority: str | None
    complaint: str | None
    cause: str | None
    correction: str | None
    opened_at: int | None
    promised_at: int | None
    adviser_id: str | None
    technician_id: str | None
    bay: str | None
    key_tag: str | None
    odometer_in: int | None
    odometer_out: int | None
    expected_hours: int | None
    skills: str | None
    equipment: str | None
    comeback_of: str | None
    comeback_number: str | None
    odometer_held_km: int | None
    odometer_held_id: str | None
    created_at: int | None
    changed_at: int | None
    deleted_at: int | None


def create_repair_order(session: Session, actor: Actor, fields: Mapping[str, object]) -> RepairOrderView:
    """A new order, numbered here: of a vehicle, of a customer, or at least with a complaint.

    Without ``customer_id`` it is the vehicle's; an odometer becomes a reading of the vehicle. Raises ``Denied``,
    ``Refused``.
    """
    require(actor, "repair_orders.change")
    problems = Problems()
    values = FIELDS.take(session, fields, None, problems)
    if not any(values.get(name) for name in ("vehicle_id", "customer_id", "complaint")) and not any(
        name in fields and name not in values for name in ("vehicle_id", "customer_id", "complaint")
    ):
        problems.add("vehicle_id", tr("An order needs a vehicle, a customer, or at least what is asked for."))
    values["status"] = values.get("status") or Status.BOOKED.value
    comebacks.check(session, None, values, problems)
    if not may_move(actor.role, None, str(values["status"])):
        problems.add("status", moving.cannot(None, str(values["status"])))
    problems.settle()
    vehicle = by_id(session, Vehicle, [values.get("vehicle_id")]).get(str(values.get("vehicle_id")))
    if vehicle is not None and "customer_id" not in fields:
        values["customer_id"] = vehicle.customer_id
    sequence, number = next_number(session)
    defaults: dict[str, Value] = {"priority": "normal", "opened_at": now(session)}
    given = {name: value for name, value in values.items() if value is not None}
    row = added(session, RepairOrder, {**defaults, **given, "sequence": sequence, "number": number})
    _know_owner(session, row)
    _keep_odometers(session, actor, row, values)
    return views_of(session, [row])[row.id]


def change_repair_order(session: Session, actor: Actor, id_: str, fields: Mapping[str, object]) -> RepairOrderView:
    """Change some fields; None empties one. A disputed ``status`` is settled by setting it, also to what is shown.

    Raises ``Denied``, ``NotFound``, ``Refused``.
    """
    require(actor, "repair_orders.change")
    row = row_of(session, RepairOrder, id_)
    problems = Problems()
    values = FIELDS.take(session, fields, row, problems)
    comebacks.check(session, row, values, problems)
    missing: tuple[moving.Unmet, ...] = ()
    if "status" in values:
        if values["status"] is None:
            problems.add("status", tr("This is needed."))
        else:
            # Who edits an order says how it is: what they may pass over on the board does not hold them up here.
            missing = moving.check(session, actor, row, str(values["status"]), problems, anyway=True)
    problems.settle()
    if values.get("status") is not None and "label" not in values:
        values["label"] = moving.label_then(session, row, str(values["status"]))
    before = row.status
    fresh = {name: value for name, value in values.items() if getattr(row, name) != value}
    assign(session, row, values)
    moving.keep(session, actor, row, before, missing)
    if fresh.keys() & {"customer_id", "vehicle_id"}:
        _know_owner(session, row)
    _keep_odometers(session, actor, row, fresh)
    return views_of(session, [row])[row.id]


def renumber_repair_order(session: Session, actor: Actor, id_: str) -> RepairOrderView:
    """Give an order the next number, when two came to have the same (``findings``). Raises ``Denied``, ``NotFound``."""
    require(actor, "repair_orders.delete")
    row = row_of(session, RepairOrder, id_)
    sequence, number = next_number(session)
    assign(session, row, {"sequence": sequence, "number": number})
    return views_of(session, [row])[id_]


def delete_repair_order(session: Session, actor: Actor, id_: str) -> None:
    """Hide an order; its number is not given again. Raises ``Denied``, ``NotFound``."""
    require(actor, "repair_orders.delete")
    hide(session, RepairOrder, id_)


def restore_repair_order(session: Session, actor: Actor, id_: str) -> RepairOrderView:
    """Show a deleted order again. Raises ``Denied``, ``NotFound``."""
    require(actor, "repair_orders.delete")
    return views_of(session, [unhide(session, RepairOrder, id_)])[id_]


def get_repair_order(session: Session, id_: str, *, deleted: bool = False) -> RepairOrderView:
    """One order. Raises ``NotFound``."""
    return views_of(session, [row_of(session, RepairOrder, id_, deleted=deleted)])[id_]


def list_repair_orders(
    session: Session,
    *,
    status: Collection[str] = (),
    number: str | None = None,
    vehicle_id: str | None = None,
    customer_id: str | None = None,
    technician_id: str | None = None,
    deleted: bool = False,
    sort: str = "newest",
    after: str | None = None,
    limit: int = LIMIT,
) -> Page[RepairOrderView]:
    """Orders by the page, those that meet all conditions; of ``status`` any value will do.

    ``sort`` is a name in ``ORDERS``. Raises ``Refused``.
    """
    check_sought(customer_id=customer_id, technician_id=technician_id)
    check_sought(status=status, number=number, vehicle_id=vehicle_id)
    conditions: list[ColumnElement[bool]] = []
    if status:
        conditions.append(RepairOrder.status.in_(status))
    if number is not None:
        conditions.append(RepairOrder.number == number.strip().upper())
    if vehicle_id is not None:
        conditions.append(RepairOrder.vehicle_id == vehicle_id)
    if customer_id is not None:
        conditions.append(RepairOrder.customer_id == customer_id)
    if technician_id is not None:
        conditions.append(RepairOrder.technician_id == technician_id)
    query = shown(RepairOrder, *conditions, deleted=deleted)
    page = page_of(session, query, RepairOrder, chosen(ORDERS, sort), after=after, limit=limit)
    views = views_of(session, page.items)
    return page.mapped(lambda row: views[row.id])


def _know_owner(session: Session, row: RepairOrder) -> None:
    """A vehicle that was nobody's is from now on that of who brings it: the next visit knows them."""
    vehicle = by_id(session, Vehicle, [row.vehicle_id]).get(row.vehicle_id or "")
    if vehicle is not None and vehicle.deleted_at is None and vehicle.customer_id is None and row.customer_id:
        assign(session, vehicle, {"customer_id": row.customer_id})
        note_owner(session, vehicle.id, row.customer_id)


def _keep_odometers(session: Session, actor: Actor, row: RepairOrder, values: Mapping[str, Value]) -> None:
    """What was read when a car came or went is a reading of the vehicle, unless it is what is shown there already."""
    if row.vehicle_id is None:
        return
    read = [int(value) for name in ("odometer_in", "odometer_out") if (value := values.get(name)) is not None]
    last = last_of(session, row.vehicle_id) if read else None
    for value in read:
        if last is None or last.value != value:
            taken = take_reading(session, actor, row.vehicle_id, value, last=last, source="repair_order")
            last = taken if isinstance(taken, ReadingView) else last


def views_of(session: Session, rows: Collection[RepairOrder]) -> dict[str, RepairOrderView]:
    """What is shown of orders, with the plates, the names, the orders they come back from and what is held back of
    odometers in one query each.
    """
    held = waiting_of(session, [row.vehicle_id for row in rows])
    vehicles = by_id(session, Vehicle, [row.vehicle_id for row in rows])
    customers = by_id(session, Customer, [row.customer_id for row in rows])
    earlier = by_id(session, RepairOrder, [row.comeback_of for row in rows])
    return {
        row.id: _view(
            row,
            vehicles.get(row.vehicle_id or ""),
            customers.get(row.customer_id or ""),
            held.get(row.vehicle_id or ""),
            earlier.get(row.comeback_of or ""),
        )
        for row in rows
    }


def _view(
    row: RepairOrder,
    vehicle: Vehicle | None,
    customer: Customer | None,
    held: HeldReadingView | None,
    earlier: RepairOrder | None,
) -> RepairOrderView:
    return RepairOrderView(
        id=row.id,
        number=row.number,
        vehicle_id=row.vehicle_id,
        vehicle_plate=vehicle.plate if vehicle else None,
        customer_id=row.customer_id,
        customer_name=customer.name if customer else None,
        status=row.status,
        disputed=moving.statuses(row),
        label=row.label,
        priority=row.priority,
        complaint=row.complaint,
        cause=row.cause,
        correction=row.correction,
        opened_at=row.opened_at,
        promised_at=row.promised_at,
        adviser_id=row.adviser_id,
        technician_id=row.technician_id,
        bay=row.bay,
        key_tag=row.key_tag,
        odometer_in=row.odometer_in,
        odometer_out=row.odometer_out,
        expected_hours=row.expected_hours,
        skills=row.skills,
        equipment=row.equipment,
        comeback_of=row.comeback_of,
        comeback_number=earlier.number if earlier else None,
        odometer_held_km=held.value if held else None,
        odometer_held_id=held.id if held else None,
        created_at=born(row),
        changed_at=last_changed(row),
        deleted_at=row.deleted_at,
    )
