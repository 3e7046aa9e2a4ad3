"""What a vehicle has beyond its model: "tow bar", "adaptive cruise control"."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.people.roles import Actor, require
from core.records.input import Field, Fields, row_id, text
from core.records.rows import added, assign, hide, row_of, shown, unhide
from core.vehicles.models import Vehicle, VehicleFeature

MOST_NAMES = 200  # to choose from
FIELDS = Fields(
    vehicle_id=Field(row_id, required=True, of=Vehicle),
    name=Field(text(80), required=True),
)


@dataclass(frozen=True, slots=True)
class FeatureView:
    """A feature of a vehicle."""

    table: ClassVar[str] = "vehicle_features"

    id: str
    vehicle_id: str | None
    name: str | None
    deleted_at: int | None


def add_feature(session: Session, actor: Actor, fields: Mapping[str, object]) -> FeatureView:
    """Say that a vehicle has something: ``vehicle_id`` and ``name``. Said twice, but for case, it is one feature.

    Raises ``Denied``, ``Refused``.
    """
    require(actor, "vehicles.change")
    values = FIELDS.settled(session, fields)
    same = func.lower(VehicleFeature.name) == func.lower(values["name"])
    query = shown(VehicleFeature, VehicleFeature.vehicle_id == values["vehicle_id"], same)
    known = session.scalars(query.order_by(VehicleFeature.id).limit(1)).first()
    return _view(known or added(session, VehicleFeature, values))


def change_feature(session: Session, actor: Actor, id_: str, fields: Mapping[str, object]) -> FeatureView:
    """Call it otherwise. Raises ``Denied``, ``NotFound``, ``Refused``."""
    require(actor, "vehicles.change")
    row = row_of(session, VehicleFeature, id_)
    assign(session, row, FIELDS.settled(session, fields, row))
    return _view(row)


def delete_feature(session: Session, actor: Actor, id_: str) -> None:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "vehicles.change")
    hide(session, VehicleFeature, id_)


def restore_feature(session: Session, actor: Actor, id_: str) -> FeatureView:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "vehicles.change")
    return _view(unhide(session, VehicleFeature, id_))


def get_feature(session: Session, id_: str, *, deleted: bool = False) -> FeatureView:
    """One feature. Raises ``NotFound``."""
    return _view(row_of(session, VehicleFeature, id_, deleted=deleted))


def list_features(session: Session, vehicle_id: str) -> tuple[FeatureView, ...]:
    """What a vehicle has, by name. Raises ``NotFound``."""
    row_of(session, Vehicle, vehicle_id, deleted=True)
    query = shown(VehicleFeature, VehicleFeature.vehicle_id == vehicle_id)
    by_name = func.lower(func.coalesce(VehicleFeature.name, ""))
    return tuple(_view(row) for row in session.scalars(query.order_by(by_name, VehicleFeature.id)))


def feature_names(session: Session) -> tuple[str, ...]:
    """The features that vehicles of this workshop have, the most frequent first, to choose from and to filter by."""
    query = (
        select(func.min(VehicleFeature.name))
        .where(VehicleFeature.deleted_at.is_(None), VehicleFeature.name.is_not(None))
        .group_by(func.lower(VehicleFeature.name))
        .order_by(func.count().desc(), func.lower(VehicleFeature.name))
        .limit(MOST_NAMES)
    )
    return tuple(session.scalars(query))


def _view(row: VehicleFeature) -> FeatureView:
    return FeatureView(row.id, row.vehicle_id, row.name, row.deleted_at)
