"""Vehicles as the window lists and finds them: each function waits, and is called off the window's thread."""

from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from core.people.customers import CustomerView, get_customer
from core.people.models import Customer
from core.people.roles import Actor
from core.planning.appointments import next_visit
from core.records.input import NotFound
from core.records.moment import now
from core.records.records import Records
from core.records.rows import by_id
from core.vehicles.features import feature_names
from core.vehicles.figures import VehicleFigures, vehicle_figures
from core.vehicles.fleets import get_fleet, list_fleets
from core.vehicles.held_readings import HeldReadingView, list_held_readings
from core.vehicles.saved_filters import VEHICLES, SavedFilterView, list_filters
from core.vehicles.search import VehicleCriteria
from core.vehicles.vehicles import VehicleView, count_vehicles, get_vehicle, list_vehicles
from core.workshop.orders import RepairOrderView, list_repair_orders
from core.workshop.recommendations import open_recommendations
from core.workshop.states import Status
from core.workshop.vehicle_history import statuses_of
from core.workshop.vehicle_search import DELIVERED, last_services
from ui.orders_reading import Option

PAGE = 60
OPTIONS = 100
WAITING = 10  # held readings of one vehicle that are asked about
ORDERS = 5  # open orders of one vehicle that its head names
UNDER_WAY = tuple(each.value for each in Status if each is not Status.DELIVERED)


@dataclass(frozen=True, slots=True)
class VehicleLine:
    """A vehicle as a list shows it. ``served_at`` UTC ms: its last service."""

    vehicle: VehicleView
    owner: str = ""
    served_at: int | None = None

    @property
    def id(self) -> str:
        return self.vehicle.id


@dataclass(frozen=True, slots=True)
class VehiclePage:
    """Vehicles by the page; ``after`` asks for the next."""

    items: tuple[VehicleLine, ...]
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to filter by and to choose from. Fleets and customers by id."""

    features: tuple[str, ...] = ()
    fleets: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class ProfileRead:
    """The head of a profile: the vehicle, whose it is, and what somebody should know before anything else."""

    vehicle: VehicleView
    owner: CustomerView | None = None
    fleet: str = ""
    held: tuple[HeldReadingView, ...] = ()
    orders: tuple[RepairOrderView, ...] = ()  # under way
    next_visit: int | None = None  # UTC ms of the next appointment
    visits: int = 0
    advice: int = 0


def read_vehicles(
    records: Records,
    criteria: VehicleCriteria,
    sort: str = "newest",
    descending: bool | None = None,
    after: str | None = None,
) -> VehiclePage:
    """A page of the vehicles that meet ``criteria``. Raises ``Refused``, ``RecordsError``."""
    with records.read() as session:
        page = list_vehicles(
            session, criteria, services=DELIVERED, sort=sort, descending=descending, after=after, limit=PAGE
        )
        return VehiclePage(_lines(session, page.items), page.after)


def read_some(records: Records, ids: Collection[str], *, deleted: bool = False) -> dict[str, VehicleLine]:
    """These vehicles as they are now; those that are gone are left out."""
    views = []
    with records.read() as session:
        for row in ids:
            try:
                views.append(get_vehicle(session, row, deleted=deleted))
            except NotFound:
                continue
        return {line.id: line for line in _lines(session, views)}


def _lines(session: Session, vehicles: Collection[VehicleView]) -> tuple[VehicleLine, ...]:
    owners = by_id(session, Customer, [each.customer_id for each in vehicles])
    served = last_services(session, [each.id for each in vehicles])

    def line(view: VehicleView) -> VehicleLine:
        owner = owners.get(view.customer_id or "")
        return VehicleLine(view, (owner.name or "") if owner is not None else "", served.get(view.id))

    return tuple(line(each) for each in vehicles)


def read_count(records: Records, criteria: VehicleCriteria) -> int:
    """How many meet ``criteria``. Raises ``Refused``."""
    with records.read() as session:
        return count_vehicles(session, criteria, services=DELIVERED)


def read_figures(records: Records, criteria: VehicleCriteria) -> VehicleFigures:
    """The figures of those that meet ``criteria``. Raises ``Refused``."""
    with records.read() as session:
        return vehicle_figures(session, criteria, services=DELIVERED)


def read_choices(records: Records) -> Choices:
    """Features and fleets of this workshop."""
    with records.read() as session:
        fleets = list_fleets(session, limit=OPTIONS).items
        return Choices(
            feature_names(session),
            tuple(Option(each.id, each.name or "", str(each.vehicle_count)) for each in fleets),
        )


def read_names(records: Records, criteria: VehicleCriteria) -> dict[str, str]:
    """What the customer and the fleet of ``criteria`` are called, by id."""
    found: dict[str, str] = {}
    with records.read() as session:
        try:
            if criteria.customer_id:
                found[criteria.customer_id] = get_customer(session, criteria.customer_id, deleted=True).name or ""
            if criteria.fleet_id:
                found[criteria.fleet_id] = get_fleet(session, criteria.fleet_id, deleted=True).name or ""
        except NotFound:
            pass  # it has not arrived here yet
    return found


def read_filters(records: Records, actor: Actor) -> tuple[SavedFilterView, ...]:
    """Searches with a name: one's own and everybody's. Raises ``Denied``."""
    with records.read() as session:
        return list_filters(session, actor, VEHICLES)


def read_profile(records: Records, row: str) -> ProfileRead:
    """The head of a profile, in a bounded number of statements. Raises ``NotFound``, ``RecordsError``."""
    with records.read() as session:
        vehicle = get_vehicle(session, row, deleted=True)
        coming = next_visit(session, row, now(session))
        return ProfileRead(
            vehicle=vehicle,
            owner=_customer(session, vehicle.customer_id),
            fleet=_fleet(session, vehicle.fleet_id),
            held=list_held_readings(session, row, limit=WAITING).items,
            orders=list_repair_orders(session, vehicle_id=row, status=UNDER_WAY, limit=ORDERS).items,
            next_visit=coming.starts_at if coming else None,
            visits=sum(statuses_of(session, row).values()),
            advice=len(open_recommendations(session, row)),
        )


def _customer(session: Session, row: str | None) -> CustomerView | None:
    try:
        return get_customer(session, row, deleted=True) if row else None
    except NotFound:
        return None  # the vehicle arrived before its customer


def _fleet(session: Session, row: str | None) -> str:
    try:
        return get_fleet(session, row, deleted=True).name or "" if row else ""
    except NotFound:
        return ""


def vehicle_with(records: Records, plate: str) -> VehicleView | None:
    """The vehicle that has this plate already, but for case, blanks and hyphens."""
    with records.read() as session:
        found = list_vehicles(session, plate=plate, limit=1).items
        return found[0] if found else None


def vehicle_of_vin(records: Records, vin: str) -> VehicleView | None:
    """The vehicle that has this VIN already."""
    with records.read() as session:
        found = list_vehicles(session, vin=vin, limit=1).items
        return found[0] if found else None


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list shows: which vehicles, and in which order."""

    criteria: VehicleCriteria = field(default_factory=VehicleCriteria)
    sort: str = "newest"
    descending: bool | None = None
