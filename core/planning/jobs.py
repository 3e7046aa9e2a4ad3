"""What a block of the schedule or a card of its tray says of an order."""

from core.people.models import Customer
from core.planning.schedule_views import Job
from core.vehicles.models import Vehicle
from core.workshop.models import RepairOrder


def job_of(order: RepairOrder, vehicle: Vehicle | None, customer: Customer | None) -> Job:
    """What a block or a card in the tray says of an order."""
    return Job(
        order.id,
        order.number,
        order.status,
        order.vehicle_id,
        vehicle.plate if vehicle else None,
        vehicle_words(vehicle),
        customer.name if customer else None,
        (order.complaint or "").strip().partition("\n")[0],
        order.promised_at,
        order.skills,
        order.equipment,
    )


def vehicle_words(vehicle: Vehicle | None) -> str:
    """Make and model."""
    return " ".join(part for part in (vehicle.make, vehicle.model) if part) if vehicle else ""
