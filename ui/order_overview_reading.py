"""What the overview of an order shows besides the order itself. Each function waits."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.people.roles import Actor
from core.people.staff import list_staff
from core.planning.skills import words_of
from core.planning.work_bays import list_work_bays
from core.records.records import Records
from core.vehicles.vehicles import get_vehicle
from core.workshop.labels import labels_of, list_labels
from core.workshop.lines import LineView
from core.workshop.moving import MoveResult, Target, move, targets
from core.workshop.orders import RepairOrderView, get_repair_order, list_repair_orders
from core.workshop.recommendations import RecommendationView, coming_back, dismiss, reopen, take_up
from core.workshop.shop import shop_details

BAYS = 100
LABELS = 200
PEOPLE = 200
EARLIER = 50  # orders of a vehicle, newest first


@dataclass(frozen=True, slots=True)
class OverviewRead:
    """``targets``: where this person may move it; ``odometer``: what the vehicle had last, km.

    ``skills`` and ``equipment``: the words the shop's people and bays have, each once.
    """

    status: str | None
    targets: tuple[Target, ...] = ()
    bays: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    equipment: tuple[str, ...] = ()
    odometer: int | None = None
    advice: tuple[RecommendationView, ...] = ()
    currency: str = ""


def read_overview(records: Records, actor: Actor, row: str) -> OverviewRead:
    """Raises ``NotFound``, ``RecordsError``."""
    with records.read() as session:
        order = get_repair_order(session, row)
        bays = list_work_bays(session, active=True, limit=BAYS).items
        labels = list_labels(session, limit=LABELS).items
        staff = list_staff(session, active=True, limit=PEOPLE).items
        known = order.vehicle_id if order.vehicle_plate else None
        vehicle = get_vehicle(session, known, deleted=True) if known else None
        return OverviewRead(
            status=order.status,
            targets=targets(session, actor, row),
            bays=tuple(each.name for each in bays if each.name),
            labels=tuple(each.name for each in labels_of(labels, order.status) if each.name),
            skills=_words(each.skills for each in staff),
            equipment=_words(each.equipment for each in bays),
            advice=coming_back(session, row),
            currency=shop_details(session).currency,
            odometer=vehicle.odometer_km if vehicle is not None else None,
        )


def _words(some: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(sorted(words_of(",".join(filter(None, some))), key=str.casefold))


def earlier_orders(records: Records, order: RepairOrderView) -> tuple[RepairOrderView, ...]:
    """The orders of its vehicle that were opened before it, newest first. Raises ``RecordsError``."""
    if order.vehicle_id is None:
        return ()
    with records.read() as session:
        found = list_repair_orders(session, vehicle_id=order.vehicle_id, limit=EARLIER).items
    return tuple(
        each
        for each in found
        if each.id != order.id and (each.opened_at or 0) <= (order.opened_at or each.opened_at or 0)
    )


def move_order(
    records: Records, actor: Actor, row: str, status: str, *, seen: str | None = None, anyway: bool = False
) -> MoveResult:
    """Move an order; ``seen``: where the person saw it. Raises ``Refused``, ``Denied``, ``NotFound``."""

    def work(session: Session) -> MoveResult:
        return move(session, actor, row, status, from_status=seen, anyway=anyway)

    return records.change(actor.reference, work).value


def take_advice_up(records: Records, actor: Actor, advice: str, row: str) -> LineView:
    """Put advice on the estimate of the order. Raises as ``move_order``."""
    return records.change(actor.reference, lambda session: take_up(session, actor, advice, row)).value


def drop_advice(records: Records, actor: Actor, advice: str) -> None:
    """It shall not come back. Raises as ``move_order``."""
    records.change(actor.reference, lambda session: dismiss(session, actor, advice))


def advise_again(records: Records, actor: Actor, advice: str) -> None:
    """It shall come back after all. Raises as ``move_order``."""
    records.change(actor.reference, lambda session: reopen(session, actor, advice))
