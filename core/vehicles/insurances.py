"""Who insures a vehicle, and from when to when."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import func
from sqlalchemy.orm import Session

from core.people.roles import Actor, require
from core.records.input import Field, Fields, day, row_id, text
from core.records.rows import added, assign, hide, row_of, shown, unhide
from core.vehicles.models import Insurance, Vehicle
from core.vehicles.spans import checked_span

FIELDS = Fields(
    vehicle_id=Field(row_id, required=True, of=Vehicle),
    company=Field(text(120), required=True),
    policy_number=Field(text(60)),
    cover=Field(text(120)),
    valid_from=Field(day),
    valid_until=Field(day),
    notes=Field(text(20_000, lines=True)),
)


@dataclass(frozen=True, slots=True)
class InsuranceView:
    """An insurance of a vehicle. Days are text; ``valid_until`` is covered, too."""

    table: ClassVar[str] = "insurances"

    id: str
    vehicle_id: str | None
    company: str | None
    policy_number: str | None
    cover: str | None
    valid_from: str | None
    valid_until: str | None
    notes: str | None
    deleted_at: int | None


def create_insurance(session: Session, actor: Actor, fields: Mapping[str, object]) -> InsuranceView:
    """A new one: ``vehicle_id`` and ``company``. Raises ``Denied``, ``Refused``."""
    require(actor, "vehicles.change")
    return _view(added(session, Insurance, checked_span(session, FIELDS, fields, None)))


def change_insurance(session: Session, actor: Actor, id_: str, fields: Mapping[str, object]) -> InsuranceView:
    """Change some fields; None empties one. Raises ``Denied``, ``NotFound``, ``Refused``."""
    require(actor, "vehicles.change")
    row = row_of(session, Insurance, id_)
    assign(session, row, checked_span(session, FIELDS, fields, row))
    return _view(row)


def delete_insurance(session: Session, actor: Actor, id_: str) -> None:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "vehicles.change")
    hide(session, Insurance, id_)


def restore_insurance(session: Session, actor: Actor, id_: str) -> InsuranceView:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "vehicles.change")
    return _view(unhide(session, Insurance, id_))


def get_insurance(session: Session, id_: str, *, deleted: bool = False) -> InsuranceView:
    """One. Raises ``NotFound``."""
    return _view(row_of(session, Insurance, id_, deleted=deleted))


def list_insurances(session: Session, vehicle_id: str) -> tuple[InsuranceView, ...]:
    """Those of a vehicle, the one that is valid longest first. Raises ``NotFound``."""
    row_of(session, Vehicle, vehicle_id, deleted=True)
    query = shown(Insurance, Insurance.vehicle_id == vehicle_id)
    longest = func.coalesce(Insurance.valid_until, "9999").desc()
    return tuple(_view(row) for row in session.scalars(query.order_by(longest, Insurance.id.desc())))


def _view(row: Insurance) -> InsuranceView:
    return InsuranceView(
        id=row.id,
        vehicle_id=row.vehicle_id,
        company=row.company,
        policy_number=row.policy_number,
        cover=row.cover,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        notes=row.notes,
        deleted_at=row.deleted_at,
    )
