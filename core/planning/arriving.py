"""A vehicle arrives: its appointment becomes a repair order, with everything that was said when it was booked."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from core.language import tr
from core.people.roles import Actor, require
from core.planning.appointments import AppointmentView, get_appointment
from core.planning.models import Appointment
from core.records.input import Field, Fields, Refused, text, whole
from core.records.rows import assign, row_of
from core.vehicles.odometer import HIGHEST
from core.workshop.models import RepairOrder
from core.workshop.moving import move
from core.workshop.notes import add_note, list_notes
from core.workshop.orders import change_repair_order, create_repair_order
from core.workshop.states import Status

FIELDS = Fields(odometer_in=Field(whole(0, HIGHEST)), key_tag=Field(text(24)))


def arrive(session: Session, actor: Actor, id_: str, fields: Mapping[str, object] | None = None) -> AppointmentView:
    """The vehicle is here. Its order is the one that was made when it was booked, or a new one; both say "arrived".

    Title and notes go to the order: as its complaint, or as a note where a complaint is written already. An order that
    is further on stays there. Arriving twice changes nothing. ``fields``: its odometer and where its key hangs. Who may
    write orders may receive a vehicle. Raises ``Denied``, ``NotFound``, ``Refused`` (also: it was cancelled).
    """
    require(actor, "repair_orders.change")
    read = FIELDS.settled(session, fields or {})
    row = row_of(session, Appointment, id_)
    if row.status == "cancelled":
        raise Refused(("status", tr("This appointment was cancelled: book it again first.")))
    order = session.get(RepairOrder, row.order_id) if row.order_id else None
    if order is None or order.deleted_at is not None:
        order_id = _new_order(session, actor, row)
    else:
        order_id = order.id
        _link(session, actor, row, order)
    if read:
        change_repair_order(session, actor, order_id, read)
    if row.status != "arrived" or row.order_id != order_id:
        sequence = (row.calendar_sequence or 0) + 1
        assign(session, row, {"status": "arrived", "order_id": order_id, "calendar_sequence": sequence})
    return get_appointment(session, id_)


def _new_order(session: Session, actor: Actor, row: Appointment) -> str:
    fields: dict[str, object] = {"status": Status.ARRIVED.value, "complaint": _said(row) or tr("Appointment")}
    if row.vehicle_id:
        fields["vehicle_id"] = row.vehicle_id
    if row.customer_id:
        fields["customer_id"] = row.customer_id
    return create_repair_order(session, actor, fields).id


def _link(session: Session, actor: Actor, row: Appointment, order: RepairOrder) -> None:
    if order.status in (None, Status.BOOKED.value):
        move(session, actor, order.id, Status.ARRIVED.value)
    changes: dict[str, object] = {}
    for name in ("vehicle_id", "customer_id"):
        if getattr(order, name) is None and getattr(row, name) is not None:
            changes[name] = getattr(row, name)
    said = _said(row)
    if said and not order.complaint:
        changes["complaint"] = said
    elif said and not _contains(order.complaint or "", row):
        known = {note.text for note in list_notes(session, order.id, limit=500).items}
        if said not in known:
            add_note(session, actor, {"order_id": order.id, "text": said})
    if changes:
        change_repair_order(session, actor, order.id, changes)


def _said(row: Appointment) -> str:
    return "\n".join(part for part in (row.title, row.notes) if part)


def _contains(complaint: str, row: Appointment) -> bool:
    return all(part in complaint for part in (row.title, row.notes) if part)
