"""What the tabs of a vehicle's profile show, each read when it is first opened: off the window's thread."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from PySide6.QtGui import QImage

from core.people.customers import CustomerView, get_customer
from core.records.files import FileStore, is_name
from core.records.input import NotFound
from core.records.records import Records
from core.vehicles.documents import DocumentView, list_documents
from core.vehicles.features import FeatureView, feature_names, list_features
from core.vehicles.held_readings import HeldReadingView, list_held_readings
from core.vehicles.installed_parts import InstalledPartView
from core.vehicles.insurances import InsuranceView, list_insurances
from core.vehicles.odometer import ReadingView, list_readings
from core.vehicles.owners import OwnerPeriodView, list_owners
from core.vehicles.vehicles import VehicleView, get_vehicle
from core.vehicles.warranties import WarrantyView, list_warranties
from core.workshop.fitted_parts import parts_in
from core.workshop.inspection_results import ResultView, results_of
from core.workshop.inspections import InspectionView, list_inspections
from core.workshop.recommendations import RecommendationView, open_recommendations
from core.workshop.shop import shop_details
from core.workshop.vehicle_history import VehicleHistory, vehicle_history
from ui.changes_reading import Names
from ui.files_taken import SMALL_PX, scaled

VISITS = 20
READINGS = 200  # of one vehicle: ten a year for twenty years
MANY = 100
INSPECTIONS = 20


@dataclass(frozen=True, slots=True)
class OdometerRead:
    """Readings, the last first, with who wrote each; and what waits for somebody to decide."""

    readings: tuple[ReadingView, ...]
    writers: tuple[str, ...]
    held: tuple[HeldReadingView, ...]


@dataclass(frozen=True, slots=True)
class Owner:
    """One who had the vehicle, and from when to when."""

    period: OwnerPeriodView
    customer: CustomerView | None


@dataclass(frozen=True, slots=True)
class DocumentRead:
    """A document. ``small``: its small picture, if it has one; ``here``: whether its bytes have arrived."""

    document: DocumentView
    small: QImage | None
    here: bool


@dataclass(frozen=True, slots=True)
class PapersRead:
    """Papers, insurances and warranties, and the vehicle whose due days stand beside them."""

    vehicle: VehicleView
    documents: tuple[DocumentRead, ...]
    insurances: tuple[InsuranceView, ...]
    warranties: tuple[WarrantyView, ...]


@dataclass(frozen=True, slots=True)
class FeaturesRead:
    """What it has, and what others of this workshop have, the most frequent first."""

    features: tuple[FeatureView, ...]
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InspectionsRead:
    """Inspections, the last first, and what the last one found that is not green."""

    inspections: tuple[InspectionView, ...]
    findings: tuple[ResultView, ...]


@dataclass(frozen=True, slots=True)
class Drive:
    """A recording of this vehicle. ``started`` epoch seconds, ``duration`` seconds."""

    id: str
    started: float
    duration: float
    signals: int
    running: bool


def read_history(records: Records, row: str, after: str | None = None) -> tuple[VehicleHistory, str]:
    """A page of visits, those opened last first, and the shop's currency. Raises ``NotFound``."""
    with records.read() as session:
        return vehicle_history(session, row, after=after, limit=VISITS), shop_details(session).currency


def read_odometer(records: Records, row: str) -> OdometerRead:
    """Raises ``NotFound``."""
    with records.read() as session:
        readings = list_readings(session, row, limit=READINGS).items
        held = list_held_readings(session, row).items
        names = Names(records, session)
        writers: dict[str | None, str] = {}  # one question a person, not one a reading
        for each in readings:
            if each.read_by not in writers:
                writers[each.read_by] = names.person(each.read_by) if each.read_by else ""
        return OdometerRead(readings, tuple(writers[each.read_by] for each in readings), held)


def read_owners(records: Records, row: str) -> tuple[Owner, ...]:
    """Raises ``NotFound``."""
    with records.read() as session:
        periods = list_owners(session, row)
        customers: dict[str, CustomerView | None] = {}
        for each in periods:
            if each.customer_id and each.customer_id not in customers:
                try:
                    customers[each.customer_id] = get_customer(session, each.customer_id, deleted=True)
                except NotFound:
                    customers[each.customer_id] = None
        return tuple(Owner(each, customers.get(each.customer_id or "")) for each in periods)


def read_installed(records: Records, row: str) -> tuple[InstalledPartView, ...]:
    """Raises ``NotFound``."""
    with records.read() as session:
        return parts_in(session, row, limit=MANY)


def read_papers(records: Records, files: FileStore, row: str) -> PapersRead:
    """Raises ``NotFound``."""
    with records.read() as session:
        vehicle = get_vehicle(session, row, deleted=True)
        documents = list_documents(session, row, limit=MANY).items
        insured, promised = list_insurances(session, row), list_warranties(session, row)
    return PapersRead(vehicle, tuple(_document(files, each) for each in documents), insured, promised)


def _document(files: FileStore, paper: DocumentView) -> DocumentRead:
    picture = (paper.media_type or "").startswith("image/")
    name = paper.thumbnail_sha256 or (paper.file_sha256 if picture else None)
    small = scaled(files.path(name), SMALL_PX) if is_name(name) and name and files.has(name) else None
    whole = paper.file_sha256
    return DocumentRead(paper, small, bool(whole and is_name(whole) and files.has(whole)))


def read_features(records: Records, row: str) -> FeaturesRead:
    """Raises ``NotFound``."""
    with records.read() as session:
        return FeaturesRead(list_features(session, row), feature_names(session))


def read_advice(records: Records, row: str) -> tuple[RecommendationView, ...]:
    with records.read() as session:
        return open_recommendations(session, row)


def read_inspections(records: Records, row: str) -> InspectionsRead:
    """Raises ``Refused``."""
    with records.read() as session:
        found = list_inspections(session, vehicle_id=row, limit=INSPECTIONS).items
        last = next((each for each in found if each.counts.red or each.counts.yellow), None)
        results = results_of(session, last.id) if last is not None else ()
        return InspectionsRead(found, tuple(each for each in results if each.verdict in ("red", "yellow")))


def read_drives(library: Any, vin: str | None) -> tuple[Drive, ...]:
    """Recordings of the vehicle with this VIN, the last first; none without one. Raises ``OSError``."""
    listing: Callable[[], Iterable[Any]] | None = getattr(library, "list", None)
    if listing is None or not vin:
        return ()
    found = [
        Drive(each.id, each.started.timestamp(), each.duration, len(each.signals), each.running)
        for each in listing()
        if each.vin == vin
    ]
    return tuple(sorted(found, key=lambda each: -each.started))
