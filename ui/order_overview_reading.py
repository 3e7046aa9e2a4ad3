"""What the overview of an order shows besides the order itself. Each function waits."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.people.roles import Actor
from core.planning.work_bays import list_work_bays
from core.records.records import Records
from core.vehicles.vehicles import get_vehicle
from core.workshop.moving import MoveResult, Target, move, targets
from core.workshop.orders import get_repair_order

BAYS = 100


@dataclass(frozen=True, slots=True)
class OverviewRead:
    """``targets``: where this person may move it; ``odometer``: what the vehicle had last, km."""

    status: str | None
    targets: tuple[Target, ...] = ()
    bays: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    odometer: int | None = None


def read_overview(records: Records, actor: Actor, row: str) -> OverviewRead:
    """Raises ``NotFound``, ``RecordsError``."""
    with records.read() as session:
        order = get_repair_order(session, row)
        bays = list_work_bays(session, active=True, limit=BAYS).items
        known = order.vehicle_id if order.vehicle_plate else None
        vehicle = get_vehicle(session, known, deleted=True) if known else None
        return OverviewRead(
            status=order.status,
            targets=targets(session, actor, row),
            bays=tuple(each.name for each in bays if each.name),
            odometer=vehicle.odometer_km if vehicle is not None else None,
        )


def move_order(
    records: Records, actor: Actor, row: str, status: str, *, seen: str | None = None, anyway: bool = False
) -> MoveResult:
    """Move an order; ``seen``: where the person saw it. Raises ``Refused``, ``Denied``, ``NotFound``."""

    def work(session: Session) -> MoveResult:
        return move(session, actor, row, status, from_status=seen, anyway=anyway)

    return records.change(actor.reference, work).value
