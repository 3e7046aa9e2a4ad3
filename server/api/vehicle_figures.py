"""``/api/v1/vehicles/figures``: about all vehicles, or those that any filter of the list leaves."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from starlette.responses import Response

from core.people.roles import Actor
from core.vehicles.figures import VehicleFigures, vehicle_figures
from core.vehicles.fleet_access import vehicles_seen_by
from core.workshop.vehicle_search import DELIVERED
from server.api import vehicle_criteria
from server.api.collection import Asker
from server.api.shown import answer
from server.desk import Desk


class Share(BaseModel):
    """So many vehicles have this."""

    name: str | None = Field(description="null: nothing is said about it.", examples=["diesel"])
    count: int = Field(examples=[120])


class YearOfServices(BaseModel):
    """Services in one year: repair orders that were delivered, each counted."""

    year: int = Field(examples=[2026])
    count: int = Field(examples=[431])


class Figures(BaseModel):
    """Figures of vehicles. A mean is null when nothing is known, and of those vehicles of which something is."""

    count: int = Field(examples=[200])
    with_odometer: int = Field(description="Those with a reading.", examples=[190])
    mean_odometer_km: int | None = Field(description="Of the last readings.", examples=[104_300])
    with_age: int = Field(description="Those with a date or a model year.", examples=[198])
    mean_age_months: int | None = Field(
        description="Since built, else first registered, else January of the model year.", examples=[97]
    )
    fuel_types: list[Share]
    statuses: list[Share]
    services: list[YearOfServices]


def router(desk: Desk, who: Asker) -> APIRouter:
    """The route; ``who`` tells who asks."""
    routes = APIRouter(prefix="/api/v1/vehicles", tags=["vehicles"])

    @routes.get("/figures", summary="Figures of vehicles", response_model=Figures)
    async def figures(
        actor: Annotated[Actor, Depends(who)],
        asked: Annotated[vehicle_criteria.Asked, Depends(vehicle_criteria.criteria)],
    ) -> Response:
        """Of those that meet all conditions, the same as those of the list: every vehicle is counted once."""
        seen = vehicles_seen_by(actor)

        def look() -> VehicleFigures:
            with desk.records.read() as session:
                criteria, _, _ = asked.found(session, actor)
                return vehicle_figures(session, criteria, services=DELIVERED, seen=seen)

        found = await desk.run(look)
        by_year = [{"year": year, "count": count} for year, count in found.services]
        names = (name for name in Figures.model_fields if name != "services")
        return answer({name: getattr(found, name) for name in names} | {"services": by_year})

    return routes
