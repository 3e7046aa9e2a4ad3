"""``/api/v1/vehicles``: the vehicles of the workshop."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session
from starlette.responses import Response

from core.people.roles import Actor
from core.records.paging import LIMIT, Page
from core.vehicles import fleet_access, vehicles
from core.vehicles.models import FUEL_TYPES, STATUSES, TRANSMISSIONS
from core.vehicles.search import LAST_SERVICE, ORDERS, VehicleCriteria
from core.workshop.vehicle_search import DELIVERED
from server.api import vehicle_criteria
from server.api.collection import After, Asker, Collection, Described, Limit, Room, add_routes
from server.desk import Desk

WHO = "01931a2b-7c3d-7e4f-8a5b-6c7d8e9f0a1b"
EXAMPLE = {
    "plate": "M-OT 1234",
    "vin": "WVWZZZ1JZXW000001",
    "make": "Volkswagen",
    "model": "Golf",
    "odometer_km": 84210,
}


class VehicleFields(BaseModel):
    """What can be written of a vehicle."""

    plate: str = Field(max_length=32, examples=["M-OT 1234"])
    vin: str | None = Field(None, description="17 characters, without I, O and Q.", examples=["WVWZZZ1JZXW000001"])
    make: str | None = Field(None, max_length=60, examples=["Volkswagen"])
    model: str | None = Field(None, max_length=80, examples=["Golf"])
    year: int | None = Field(None, description="Model year.", examples=[2019])
    manufacture_date: str | None = Field(None, examples=["2019-03-14"])
    color: str | None = Field(None, max_length=40, examples=["blue"])
    fuel_type: str | None = Field(
        None, max_length=40, description=f"For example {', '.join(FUEL_TYPES)}.", examples=["petrol"]
    )
    transmission: str | None = Field(
        None, max_length=40, description=f"For example {', '.join(TRANSMISSIONS)}.", examples=["manual"]
    )
    vehicle_type: str | None = Field(None, max_length=40, examples=["car"])
    engine_number: str | None = Field(None, max_length=40, examples=["CHZ123456"])
    status: str | None = Field(
        None,
        max_length=24,
        description=f"For example {', '.join(STATUSES)}; active when not said.",
        examples=["active"],
    )
    customer_id: str | None = Field(None, description="Whose it is.", examples=[WHO])
    fleet_id: str | None = Field(None, examples=[None])
    first_registration: str | None = Field(None, examples=["2019-04-02"])
    registration_due: str | None = Field(None, examples=[None])
    inspection_due: str | None = Field(None, examples=["2027-04-30"])
    notes: str | None = Field(None, examples=["Tow bar fitted 2021."])
    odometer_km: int | None = Field(
        None, description="The last reading; another value becomes a reading of now.", examples=[84210]
    )


class Vehicle(VehicleFields):
    """A vehicle."""

    id: str = Field(examples=[WHO])
    odometer_read_at: int | None = Field(None, examples=[1795392000000])
    odometer_held_km: int | None = Field(
        None,
        description="A value that nobody would believe: it waits at `/api/v1/held-readings` for somebody to decide, "
        "and is no reading before.",
        examples=[1084210],
    )
    odometer_held_id: str | None = Field(None, description="The held reading's id.", examples=[WHO])
    created_at: int | None = Field(None, examples=[1795392000000])
    changed_at: int | None = Field(None, examples=[1795392000000])


class Vehicles(BaseModel):
    """A page of vehicles."""

    items: list[Vehicle]
    next: str | None = Field(
        description="Send it as `after` for the next page; null: this was the last.", examples=[None]
    )


def router(desk: Desk, who: Asker) -> APIRouter:
    """The routes; ``who`` tells who asks."""
    routes = APIRouter(prefix="/api/v1/vehicles", tags=["vehicles"])
    room = Room(
        "vehicles", "vehicles", "vehicles", vehicles.create_vehicle, vehicles.change_vehicle, vehicles.delete_vehicle,
        vehicles.get_vehicle, fleet_access.may_see,
    )  # fmt: skip
    asked = Collection(room, desk)

    @routes.get("", summary="Vehicles, by the page", response_model=Vehicles)
    async def list_them(
        *,
        actor: Annotated[Actor, Depends(who)],
        criteria: Annotated[VehicleCriteria, Depends(vehicle_criteria.criteria)],
        sort: Annotated[str, Query(description=_orders(), examples=["newest"])] = "newest",
        direction: Annotated[
            Literal["asc", "desc"] | None,
            Query(description="To turn the order round; ties always by id.", examples=["asc"]),
        ] = None,
        after: After = None,
        limit: Limit = LIMIT,
    ) -> Response:
        """Those that meet all conditions. Pages stay right while rows come and go: each begins where the last ended.

        A customer gets their own, and those of the fleets they were let into.
        """
        seen = fleet_access.vehicles_seen_by(actor)
        descending = None if direction is None else direction == "desc"

        def look(session: Session) -> Page[vehicles.VehicleView]:
            return vehicles.list_vehicles(
                session, criteria, services=DELIVERED, seen=seen, sort=sort, descending=descending, after=after,
                limit=limit,
            )  # fmt: skip

        return await asked.page(look)

    told = Described(
        "vehicle", "Only `plate` is needed.", VehicleFields, Vehicle, EXAMPLE, {"color": "red", "odometer_km": 84300}
    )
    add_routes(routes, asked, who, told)
    return routes


def _orders() -> str:
    return f"One of {', '.join((*(order.name for order in ORDERS), LAST_SERVICE))}."
