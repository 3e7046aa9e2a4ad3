"""``/api/v1/vehicles``: the vehicles of the workshop."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from core.people.roles import Actor
from core.records.paging import LIMIT
from core.vehicles import vehicles
from core.vehicles.models import FUEL_TYPES, STATUSES, TRANSMISSIONS
from server.api.collection import After, Asker, Collection, Described, Limit, Room, Search, add_routes
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
        vehicles.get_vehicle,
    )  # fmt: skip
    asked = Collection(room, desk)
    Who = Annotated[Actor, Depends(who)]  # noqa: N806 - a type

    @routes.get("", summary="Vehicles, by the page", response_model=Vehicles)
    async def list_them(
        *,
        actor: Who,
        q: Search = None,
        plate: Annotated[
            str | None, Query(description="But for case, blanks, hyphens.", examples=["M-OT 1234"])
        ] = None,
        vin: Annotated[str | None, Query(description="The whole VIN.", examples=["WVWZZZ1JZXW000001"])] = None,
        make: Annotated[str | None, Query(description="But for case.", examples=["Volkswagen"])] = None,
        status: Annotated[list[str], Query(description="Any of these.", examples=[["active"]])] = [],  # noqa: B006
        fuel_type: Annotated[list[str], Query(description="Any of these.", examples=[["diesel"]])] = [],  # noqa: B006
        customer_id: Annotated[str | None, Query(description="Whose they are.", examples=[WHO])] = None,
        fleet_id: Annotated[str | None, Query(description="Which fleet's they are.", examples=[WHO])] = None,
        sort: Annotated[str, Query(description=_orders(), examples=["newest"])] = "newest",
        after: After = None,
        limit: Limit = LIMIT,
    ) -> Response:
        """Those that meet all conditions. Pages stay right while rows come and go: each begins where the last ended."""
        return await asked.list(
            actor, vehicles.list_vehicles, search=q, limit=limit, after=after, sort=sort, plate=plate, vin=vin,
            make=make, status=status, fuel_type=fuel_type, customer_id=customer_id, fleet_id=fleet_id,
        )  # fmt: skip

    told = Described(
        "vehicle", "Only `plate` is needed.", VehicleFields, Vehicle, EXAMPLE, {"color": "red", "odometer_km": 84300}
    )
    add_routes(routes, asked, who, told)
    return routes


def _orders() -> str:
    return f"One of {', '.join(order.name for order in vehicles.ORDERS)}."
