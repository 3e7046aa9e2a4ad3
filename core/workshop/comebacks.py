"""An order that comes back: which earlier order's work it has to do again. Checked when a person says so."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from core.language import tr
from core.records.input import Problems, Value
from core.workshop.models import RepairOrder


def check(session: Session, row: RepairOrder | None, values: Mapping[str, Value], problems: Problems) -> None:
    """Whether ``values`` make an order come back from itself, in a circle, or from work on another vehicle.

    ``row``: the order that is changed, None for a new one. What stands there already is not asked about again.
    """
    fresh = [
        name
        for name in ("comeback_of", "vehicle_id")
        if name in values and (row is None or getattr(row, name) != values[name])
    ]
    wanted = values.get("comeback_of", row.comeback_of if row is not None else None)
    earlier = session.get(RepairOrder, str(wanted)) if fresh and wanted else None
    if earlier is None:
        return
    if row is not None and "comeback_of" in fresh:
        if earlier.id == row.id:
            return problems.add("comeback_of", tr("An order cannot come back from itself."))
        if _leads_to(session, earlier, row.id):
            return problems.add("comeback_of", tr("That order comes back from this one: it cannot be both ways."))
    vehicle = values.get("vehicle_id", row.vehicle_id if row is not None else None)
    if vehicle and earlier.vehicle_id and vehicle != earlier.vehicle_id:
        problems.add(fresh[0], tr("An order comes back from work on the same vehicle; {number} was on another.",
                                  number=earlier.number or "?"))  # fmt: skip
    return None


def _leads_to(session: Session, start: RepairOrder, end: str) -> bool:
    """Whether one comes to ``end`` by going back from ``start``. Terminals that were apart may have made a circle."""
    seen: set[str] = set()
    at: RepairOrder | None = start
    while at is not None and at.id not in seen:
        seen.add(at.id)
        if at.comeback_of == end:
            return True
        at = session.get(RepairOrder, at.comeback_of) if at.comeback_of else None
    return False
