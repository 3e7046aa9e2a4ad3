"""A VIN that was read from the car, or typed, fills what is still empty of a profile, and nothing that is written."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.language import tr
from core.people.roles import Actor
from core.records.input import Refused, Value
from core.vehicles.fleet_access import require_keeping
from core.vehicles.vehicles import VehicleView, change_vehicle, get_vehicle
from core.vehicles.vin_decoding import VinFacts, decode_vin

FILLED = ("make", "model", "year", "fuel_type", "transmission", "vehicle_type")


@dataclass(frozen=True, slots=True)
class Filled:
    """The vehicle afterwards, what the VIN told, and which fields were filled with it."""

    vehicle: VehicleView
    facts: VinFacts
    fields: tuple[str, ...]


def fill_from_vin(session: Session, actor: Actor, vehicle_id: str, number: str) -> Filled:
    """Write a VIN into a profile that has none, and what it tells into fields that are empty.

    Raises ``Denied``, ``NotFound``, ``Refused``: also when the profile has another VIN, since then it is another car.
    """
    row = get_vehicle(session, vehicle_id)
    require_keeping(session, actor, row, ("vin", *FILLED))  # else it would be told what VIN is written there
    facts = decode_vin(number)
    if row.vin is not None and row.vin != facts.vin:
        words = tr("The profile has another VIN, {written}; this one is {read}.", written=row.vin, read=facts.vin)
        raise Refused(("vin", words))
    told: dict[str, Value] = {name: getattr(facts, name) for name in FILLED}
    if facts.fuel_type == "electric":  # an electric car has no gears to choose from
        told["transmission"] = "single_speed"
    # A model is one of a make: beside another make it would be nonsense.
    if row.make is not None and facts.make is not None and row.make.casefold() != facts.make.casefold():
        told["model"] = None
    empty = {name: value for name, value in told.items() if value is not None and getattr(row, name) is None}
    wanted = {"vin": facts.vin, **empty} if row.vin is None else empty
    return Filled(change_vehicle(session, actor, vehicle_id, wanted), facts, tuple(wanted))
