"""``/api/v1/vehicles``: the vehicles of the workshop, and beside them the routes of what belongs to a vehicle."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from sqlalchemy.orm import Session
from starlette.responses import Response

from core.people.roles import Actor
from core.records.paging import LIMIT, Page
from core.vehicles import fleet_access, vehicles
from core.vehicles.search import LAST_SERVICE, ORDERS
from core.workshop.vehicle_search import DELIVERED
from server.api import finding as finding_api
from server.api import fleets as fleets_api
from server.api import odometers as odometers_api
from server.api import saved_filters as filters_api
from server.api import vehicle_criteria
from server.api import vehicle_figures as figures_api
from server.api import vehicle_history as history_api
from server.api import vehicle_rooms as rooms_api
from server.api import vin as vin_api
from server.api.collection import After, Asker, Collection, Described, Limit, Room, add_routes
from server.api.vehicles_shown import EXAMPLE, Vehicle, VehicleFields, Vehicles
from server.desk import Desk


def router(desk: Desk, who: Asker) -> APIRouter:
    """The routes of vehicles and of what belongs to them; ``who`` tells who asks."""
    rooms = APIRouter()
    for part in (figures_api, history_api, fleets_api, finding_api, vin_api, rooms_api, odometers_api, filters_api):
        rooms.include_router(part.router(desk, who))
    rooms.include_router(_vehicles(desk, who))  # last: its /{id} takes every word
    return rooms


def _vehicles(desk: Desk, who: Asker) -> APIRouter:
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
        wanted: Annotated[vehicle_criteria.Asked, Depends(vehicle_criteria.criteria)],
        sort: Annotated[str | None, Query(description=_orders(), examples=["newest"])] = None,
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
            criteria, kept, turned = wanted.found(session, actor)
            order, turn = (kept or "newest", turned) if sort is None else (sort, None)
            return vehicles.list_vehicles(
                session, criteria, services=DELIVERED, seen=seen, sort=order,
                descending=turn if descending is None else descending, after=after, limit=limit,
            )  # fmt: skip

        return await asked.page(look)

    told = Described(
        "vehicle", "Only `plate` is needed.", VehicleFields, Vehicle, EXAMPLE, {"color": "red", "odometer_km": 84300}
    )
    add_routes(routes, asked, who, told)
    return routes


def _orders() -> str:
    names = ", ".join((*(order.name for order in ORDERS), LAST_SERVICE))
    return f"One of {names}; else that of the saved search, else the newest first."
