"""The rows about vehicles."""

from sqlalchemy import BigInteger, Index, String, Text
from sqlalchemy.orm import Mapped

from core.language import mark
from core.records.fields import DAY, INSTANT, QUANTITY, ROW, Fact, Synced, fact, latest, register

# Known words for three fields that people may also fill with others: cars and shops differ. To pick from, to colour by.
STATUSES = {
    "active": mark("Active"),
    "in_workshop": mark("In the workshop"),
    "out_of_service": mark("Out of service"),
    "sold": mark("Sold"),
    "scrapped": mark("Scrapped"),
}
FUEL_TYPES = {
    "petrol": mark("Petrol"),
    "diesel": mark("Diesel"),
    "electric": mark("Electric"),
    "hybrid": mark("Hybrid"),
    "plug_in_hybrid": mark("Plug-in hybrid"),
    "lpg": mark("LPG"),
    "cng": mark("Natural gas"),
    "ethanol": mark("Ethanol"),
    "hydrogen": mark("Hydrogen"),
}
TRANSMISSIONS = {
    "manual": mark("Manual"),
    "automatic": mark("Automatic"),
    "dual_clutch": mark("Dual clutch"),
    "cvt": mark("Continuously variable"),
    "single_speed": mark("Single speed"),
}

# Of two concurrent words the one that is harder to take back is shown until somebody decides.
STATUS_RANKS = {name: rank for rank, name in enumerate(STATUSES, start=1)}


class Vehicle(Synced):
    """A vehicle. Its odometer is not a field: it is the last of its readings (``odometer``)."""

    __tablename__ = "vehicles"

    plate: Mapped[str | None] = latest(String(32), search=True, index=True)
    vin: Mapped[str | None] = latest(String(17), search=True, index=True)
    make: Mapped[str | None] = latest(String(60), search=True)
    model: Mapped[str | None] = latest(String(80), search=True)
    year: Mapped[int | None] = latest(BigInteger)  # model year
    manufacture_date: Mapped[str | None] = latest(DAY)
    color: Mapped[str | None] = latest(String(40), search=True)
    fuel_type: Mapped[str | None] = latest(String(40))
    transmission: Mapped[str | None] = latest(String(40))
    vehicle_type: Mapped[str | None] = latest(String(40))
    engine_number: Mapped[str | None] = latest(String(40), search=True)
    status: Mapped[str | None] = register(String(24), ranks=STATUS_RANKS)
    customer_id: Mapped[str | None] = latest(ROW, index=True)
    fleet_id: Mapped[str | None] = latest(ROW, index=True)
    first_registration: Mapped[str | None] = latest(DAY)
    registration_due: Mapped[str | None] = latest(DAY)
    inspection_due: Mapped[str | None] = latest(DAY)
    notes: Mapped[str | None] = latest(Text, search=True)

    __table_args__ = (
        Index("ix_vehicles_by_model", "make", "model", "id"),
        Index("ix_vehicles_by_year", "year", "id"),
        Index("ix_vehicles_by_status", "status", "id"),
    )


class Fleet(Synced):
    """Vehicles that are looked after together."""

    __tablename__ = "fleets"

    name: Mapped[str | None] = latest(String(120), search=True)
    description: Mapped[str | None] = latest(Text, search=True)
    customer_id: Mapped[str | None] = latest(ROW, index=True)


class FleetAccess(Synced):
    """Somebody who may see a fleet, at level "change" also keep its vehicles: one who works here, or a customer."""

    __tablename__ = "fleet_access"

    fleet_id: Mapped[str | None] = latest(ROW, index=True)
    staff_id: Mapped[str | None] = latest(ROW, index=True)
    customer_id: Mapped[str | None] = latest(ROW, index=True)
    level: Mapped[str | None] = latest(String(12))  # read, change


class SavedFilter(Synced):
    """A search that somebody gave a name. ``staff_id`` empty: everybody's."""

    __tablename__ = "saved_filters"

    name: Mapped[str | None] = latest(String(120))
    page: Mapped[str | None] = latest(String(24))  # vehicles, orders, parts, board
    criteria: Mapped[str | None] = latest(Text)  # JSON
    staff_id: Mapped[str | None] = latest(ROW, index=True)


class VehicleFeature(Synced):
    """Something a vehicle has: "tow bar", "adaptive cruise control"."""

    __tablename__ = "vehicle_features"

    vehicle_id: Mapped[str | None] = latest(ROW, index=True)
    name: Mapped[str | None] = latest(String(80), search=True, index=True)


class InstalledPart(Synced):
    """A part that sits in a vehicle, since when and until when."""

    __tablename__ = "installed_parts"

    vehicle_id: Mapped[str | None] = latest(ROW, index=True)
    part_id: Mapped[str | None] = latest(ROW, index=True)
    order_id: Mapped[str | None] = latest(ROW, index=True)
    line_id: Mapped[str | None] = latest(ROW, index=True)
    name: Mapped[str | None] = latest(String(200), search=True)
    part_number: Mapped[str | None] = latest(String(60), search=True)
    place: Mapped[str | None] = latest(String(60))  # "front left"
    quantity: Mapped[int | None] = latest(QUANTITY)
    fitted_on: Mapped[str | None] = latest(DAY)
    fitted_at_odometer: Mapped[int | None] = latest(BigInteger)  # km
    removed_on: Mapped[str | None] = latest(DAY)


class Insurance(Synced):
    """Who insures a vehicle."""

    __tablename__ = "insurances"

    vehicle_id: Mapped[str | None] = latest(ROW, index=True)
    company: Mapped[str | None] = latest(String(120), search=True)
    policy_number: Mapped[str | None] = latest(String(60), search=True)
    cover: Mapped[str | None] = latest(String(120))
    valid_from: Mapped[str | None] = latest(DAY)
    valid_until: Mapped[str | None] = latest(DAY)
    notes: Mapped[str | None] = latest(Text)


class Warranty(Synced):
    """A promise somebody gave on a vehicle, or on work and parts in it."""

    __tablename__ = "warranties"

    vehicle_id: Mapped[str | None] = latest(ROW, index=True)
    order_id: Mapped[str | None] = latest(ROW, index=True)
    name: Mapped[str | None] = latest(String(200), search=True)
    giver: Mapped[str | None] = latest(String(120))
    valid_from: Mapped[str | None] = latest(DAY)
    valid_until: Mapped[str | None] = latest(DAY)
    up_to_odometer: Mapped[int | None] = latest(BigInteger)  # km
    notes: Mapped[str | None] = latest(Text)


class HeldReading(Synced):
    """An odometer value nobody would believe, held back until somebody decides."""

    __tablename__ = "held_readings"

    vehicle_id: Mapped[str | None] = latest(ROW, index=True)
    value: Mapped[int | None] = latest(BigInteger)  # km
    read_at: Mapped[int | None] = latest(INSTANT)
    source: Mapped[str | None] = latest(String(24))
    read_by: Mapped[str | None] = latest(String(64))
    reason: Mapped[str | None] = latest(String(24))  # decrease, too_fast
    decision: Mapped[str | None] = latest(String(12))  # empty, kept, thrown_away
    decided_by: Mapped[str | None] = latest(String(64))
    decided_at: Mapped[int | None] = latest(INSTANT)


class OwnerPeriod(Synced):
    """From when to when a vehicle was a customer's; ``until`` empty: it still is."""

    __tablename__ = "owner_periods"

    vehicle_id: Mapped[str | None] = latest(ROW, index=True)
    customer_id: Mapped[str | None] = latest(ROW, index=True)
    since: Mapped[str | None] = latest(DAY)
    until: Mapped[str | None] = latest(DAY)


class Document(Synced):
    """A paper of a vehicle: a file, named by the SHA-256 of its content."""

    __tablename__ = "documents"

    vehicle_id: Mapped[str | None] = latest(ROW, index=True)
    order_id: Mapped[str | None] = latest(ROW, index=True)  # the work it belongs to
    name: Mapped[str | None] = latest(String(200), search=True)
    kind: Mapped[str | None] = latest(String(40))
    file_sha256: Mapped[str | None] = latest(String(64))
    thumbnail_sha256: Mapped[str | None] = latest(String(64))
    media_type: Mapped[str | None] = latest(String(100))
    size: Mapped[int | None] = latest(BigInteger)  # bytes


class OdometerReading(Fact):
    """What an odometer said. ``source``: person, repair_order, vehicle (read by wire), import."""

    __tablename__ = "odometer_readings"

    vehicle_id: Mapped[str | None] = fact(ROW, index=True)
    value: Mapped[int | None] = fact(BigInteger)  # km
    read_at: Mapped[int | None] = fact(INSTANT)
    source: Mapped[str | None] = fact(String(24))
    read_by: Mapped[str | None] = fact(String(64))  # Actor.reference

    __table_args__ = (Index("ix_odometer_readings_by_vehicle", "vehicle_id", "read_at"),)
