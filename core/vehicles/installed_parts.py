"""The parts that sit in a vehicle: since when, at which odometer, and until when."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import func
from sqlalchemy.orm import Session

from core.people.roles import Actor, require
from core.records.input import Field, Fields, Value, day, row_id, text, whole
from core.records.paging import LIMIT, Order, Page, page_of
from core.records.rows import added, assign, hide, row_of, shown, unhide
from core.vehicles.models import InstalledPart, Vehicle
from core.vehicles.odometer import kilometres
from core.vehicles.spans import checked_span

ONE = 1000  # quantities are thousandths
FIELDS = Fields(
    vehicle_id=Field(row_id, required=True, of=Vehicle),
    part_id=Field(row_id),  # vehicles know neither store nor orders
    order_id=Field(row_id),
    line_id=Field(row_id),
    name=Field(text(200), required=True),
    part_number=Field(text(60)),
    place=Field(text(60)),
    quantity=Field(whole(1, 1_000_000 * ONE)),
    fitted_on=Field(day),
    fitted_at_odometer=Field(kilometres),
    removed_on=Field(day),
)


@dataclass(frozen=True, slots=True)
class InstalledPartView:
    """A part in a vehicle. ``quantity`` thousandths, ``fitted_at_odometer`` km; ``removed_on`` None: it sits there."""

    table: ClassVar[str] = "installed_parts"

    id: str
    vehicle_id: str | None
    part_id: str | None
    order_id: str | None
    line_id: str | None
    name: str | None
    part_number: str | None
    place: str | None
    quantity: int | None
    fitted_on: str | None
    fitted_at_odometer: int | None
    removed_on: str | None
    deleted_at: int | None


def create_installed_part(session: Session, actor: Actor, fields: Mapping[str, object]) -> InstalledPartView:
    """A new one: ``vehicle_id`` and ``name``; one piece unless said otherwise. Raises ``Denied``, ``Refused``."""
    require(actor, "vehicles.change")
    values = _checked(session, fields, None)
    if values.get("quantity") is None:
        values["quantity"] = ONE
    return _view(added(session, InstalledPart, values))


def change_installed_part(session: Session, actor: Actor, id_: str, fields: Mapping[str, object]) -> InstalledPartView:
    """Change some fields, say ``removed_on``; None empties one. Raises ``Denied``, ``NotFound``, ``Refused``."""
    require(actor, "vehicles.change")
    row = row_of(session, InstalledPart, id_)
    assign(session, row, _checked(session, fields, row))
    return _view(row)


def delete_installed_part(session: Session, actor: Actor, id_: str) -> None:
    """Hide one that was never there; one that was taken out gets ``removed_on``. Raises ``Denied``, ``NotFound``."""
    require(actor, "vehicles.change")
    hide(session, InstalledPart, id_)


def restore_installed_part(session: Session, actor: Actor, id_: str) -> InstalledPartView:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "vehicles.change")
    return _view(unhide(session, InstalledPart, id_))


def get_installed_part(session: Session, id_: str, *, deleted: bool = False) -> InstalledPartView:
    """One. Raises ``NotFound``."""
    return _view(row_of(session, InstalledPart, id_, deleted=deleted))


def list_installed_parts(
    session: Session, vehicle_id: str, *, removed: bool | None = None, after: str | None = None, limit: int = LIMIT
) -> Page[InstalledPartView]:
    """The parts of a vehicle by the page, last fitted first; ``removed``: only those that were taken out, or that sit
    there. Raises ``NotFound``, ``Refused``.
    """
    row_of(session, Vehicle, vehicle_id, deleted=True)
    query = shown(InstalledPart, InstalledPart.vehicle_id == vehicle_id)
    if removed is not None:
        query = query.where(InstalledPart.removed_on.is_not(None) if removed else InstalledPart.removed_on.is_(None))
    order = Order("fitted_on", func.coalesce(InstalledPart.fitted_on, ""), descending=True)
    return page_of(session, query, InstalledPart, order, after=after, limit=limit).mapped(_view)


def _checked(session: Session, fields: Mapping[str, object], row: InstalledPart | None) -> dict[str, Value]:
    return checked_span(session, FIELDS, fields, row, begin="fitted_on", end="removed_on")


def _view(row: InstalledPart) -> InstalledPartView:
    return InstalledPartView(
        id=row.id,
        vehicle_id=row.vehicle_id,
        part_id=row.part_id,
        order_id=row.order_id,
        line_id=row.line_id,
        name=row.name,
        part_number=row.part_number,
        place=row.place,
        quantity=row.quantity,
        fitted_on=row.fitted_on,
        fitted_at_odometer=row.fitted_at_odometer,
        removed_on=row.removed_on,
        deleted_at=row.deleted_at,
    )
