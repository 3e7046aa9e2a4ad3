"""What somebody stands for on a vehicle, or on work and parts in it: until a day, an odometer, or the first of both."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import func
from sqlalchemy.orm import Session

from core.people.roles import Actor, require
from core.records.input import Field, Fields, day, row_id, text
from core.records.rows import added, assign, hide, row_of, shown, unhide
from core.vehicles.models import Vehicle, Warranty
from core.vehicles.odometer import kilometres
from core.vehicles.spans import checked_span

FIELDS = Fields(
    vehicle_id=Field(row_id, required=True, of=Vehicle),
    order_id=Field(row_id),  # vehicles know no orders
    name=Field(text(200), required=True),
    giver=Field(text(120)),
    valid_from=Field(day),
    valid_until=Field(day),
    up_to_odometer=Field(kilometres),
    notes=Field(text(20_000, lines=True)),
)


@dataclass(frozen=True, slots=True)
class WarrantyView:
    """A warranty. ``giver``: who stands for it; ``order_id``: the work it is on; ``up_to_odometer`` km."""

    table: ClassVar[str] = "warranties"

    id: str
    vehicle_id: str | None
    order_id: str | None
    name: str | None
    giver: str | None
    valid_from: str | None
    valid_until: str | None
    up_to_odometer: int | None
    notes: str | None
    deleted_at: int | None

    def holds(self, today: str, odometer_km: int | None) -> bool | None:
        """Whether it holds on a day at an odometer; None: that hangs on an odometer nobody has read."""
        if (self.valid_from or "") > today or (self.valid_until is not None and self.valid_until < today):
            return False
        if self.up_to_odometer is None:
            return True
        return None if odometer_km is None else odometer_km <= self.up_to_odometer


def create_warranty(session: Session, actor: Actor, fields: Mapping[str, object]) -> WarrantyView:
    """A new one: ``vehicle_id`` and ``name``. Raises ``Denied``, ``Refused``."""
    require(actor, "vehicles.change")
    return _view(added(session, Warranty, checked_span(session, FIELDS, fields, None)))


def change_warranty(session: Session, actor: Actor, id_: str, fields: Mapping[str, object]) -> WarrantyView:
    """Change some fields; None empties one. Raises ``Denied``, ``NotFound``, ``Refused``."""
    require(actor, "vehicles.change")
    row = row_of(session, Warranty, id_)
    assign(session, row, checked_span(session, FIELDS, fields, row))
    return _view(row)


def delete_warranty(session: Session, actor: Actor, id_: str) -> None:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "vehicles.change")
    hide(session, Warranty, id_)


def restore_warranty(session: Session, actor: Actor, id_: str) -> WarrantyView:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "vehicles.change")
    return _view(unhide(session, Warranty, id_))


def get_warranty(session: Session, id_: str, *, deleted: bool = False) -> WarrantyView:
    """One. Raises ``NotFound``."""
    return _view(row_of(session, Warranty, id_, deleted=deleted))


def list_warranties(session: Session, vehicle_id: str) -> tuple[WarrantyView, ...]:
    """Those of a vehicle, the one that holds longest first. Raises ``NotFound``."""
    row_of(session, Vehicle, vehicle_id, deleted=True)
    query = shown(Warranty, Warranty.vehicle_id == vehicle_id)
    longest = func.coalesce(Warranty.valid_until, "9999").desc()
    return tuple(_view(row) for row in session.scalars(query.order_by(longest, Warranty.id.desc())))


def _view(row: Warranty) -> WarrantyView:
    return WarrantyView(
        id=row.id,
        vehicle_id=row.vehicle_id,
        order_id=row.order_id,
        name=row.name,
        giver=row.giver,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        up_to_odometer=row.up_to_odometer,
        notes=row.notes,
        deleted_at=row.deleted_at,
    )
