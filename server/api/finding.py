"""``/api/v1/search``: what a search box finds as somebody types."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from core.people.roles import Actor, Denied, may
from core.records.paging import MOST
from core.workshop.finding import CUSTOMER, KINDS, LIMIT, ORDER, PART, VEHICLE, Matches, find_everything
from server.api.collection import Asker
from server.api.shown import answer
from server.desk import Desk

_READ = {VEHICLE: "vehicles.read", CUSTOMER: "customers.read", ORDER: "repair_orders.read", PART: "parts.read"}


class Match(BaseModel):
    """Something found."""

    kind: str = Field(description=f"One of {', '.join(KINDS)}.", examples=["vehicle"])
    id: str = Field(examples=["01931a2b-7c3d-7e4f-8a5b-6c7d8e9f0a1b"])
    title: str = Field(description="Plate, name or number.", examples=["M-OT 1234"])
    subtitle: str = Field(description="What tells it from others.", examples=["Volkswagen Golf · 2019 · Anna Ott"])
    exact: bool = Field(description="It is what was typed, and not only like it.", examples=[True])


class Found(BaseModel):
    """What was found, by kind, the best first."""

    vehicles: list[Match]
    customers: list[Match]
    repair_orders: list[Match]
    parts: list[Match]


def router(desk: Desk, who: Asker) -> APIRouter:
    """The route; ``who`` tells who asks."""
    routes = APIRouter(prefix="/api/v1/search", tags=["search"])

    @routes.get("", summary="Find vehicles, customers, repair orders and parts", response_model=Found)
    async def search(
        actor: Annotated[Actor, Depends(who)],
        q: Annotated[
            str, Query(description="What was typed so far: a plate, a number, a name, words.", examples=["m-ot12"])
        ],
        limit: Annotated[int, Query(description=f"Of each kind, 1 to {MOST}.", examples=[LIMIT])] = LIMIT,
    ) -> Response:
        """Each word by its beginning; what was typed in full (plate, VIN, number, barcode) first, then what is new.
        With a plate come the orders that are under way. Of kinds that your role does not see nothing is found.
        """
        kinds = [kind for kind, action in _READ.items() if may(actor, action)]
        if not kinds:
            raise Denied(actor, _READ[VEHICLE])

        def look() -> Matches:
            with desk.records.read() as session:
                return find_everything(session, q, limit, kinds=kinds)

        return answer(await desk.run(look))

    return routes
