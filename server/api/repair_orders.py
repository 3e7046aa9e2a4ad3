"""``/api/v1/repair-orders``: what is to be done to which vehicle, and how far it is."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from core.people.roles import Actor
from core.records.paging import LIMIT
from core.workshop import orders
from core.workshop.orders import PRIORITIES
from core.workshop.states import Status
from server.api.collection import After, Asker, Collection, Described, Limit, Room, Search, add_routes
from server.desk import Desk

WHO = "01931a2b-7c3d-7e4f-8a5b-6c7d8e9f0a1b"
EXAMPLE = {"vehicle_id": WHO, "complaint": "Squeals when braking", "promised_at": "2026-11-23T16:00:00+01:00"}


class RepairOrderFields(BaseModel):
    """What can be written of a repair order. Instants: UTC milliseconds, or text as in RFC 3339."""

    vehicle_id: str | None = Field(None, examples=[WHO])
    customer_id: str | None = Field(None, description="The vehicle's when not said.", examples=[WHO])
    status: str | None = Field(
        None, description=f"One of {', '.join(Status)}; your role tells which may follow.", examples=["in_progress"]
    )
    label: str | None = Field(None, max_length=60, description="The shop's own word.", examples=["waiting room"])
    priority: str | None = Field(None, description=f"One of {', '.join(PRIORITIES)}.", examples=["normal"])
    complaint: str | None = Field(None, description="What the customer says.", examples=["Squeals when braking"])
    cause: str | None = Field(None, description="What was found.", examples=["Front pads at 2 mm"])
    correction: str | None = Field(None, description="What was done.", examples=["Pads and discs replaced"])
    opened_at: int | str | None = Field(None, examples=[1795392000000])
    promised_at: int | str | None = Field(None, examples=[1795420800000])
    adviser_id: str | None = Field(None, description="Staff.", examples=[None])
    technician_id: str | None = Field(None, description="Staff.", examples=[None])
    bay: str | None = Field(None, max_length=60, examples=["Bay 3"])
    key_tag: str | None = Field(None, max_length=24, examples=["17"])
    odometer_in: int | None = Field(None, description="km when it came.", examples=[84210])
    odometer_out: int | None = Field(None, description="km when it went.", examples=[84223])
    expected_hours: int | None = Field(
        None, description="Thousandths of an hour: a guess, until lines say how long it takes.", examples=[1500]
    )
    skills: str | None = Field(
        None,
        max_length=orders.TAKES,
        description="What it takes to do it: words by comma, as staff have them.",
        examples=["brakes, air conditioning"],
    )
    equipment: str | None = Field(
        None,
        max_length=orders.TAKES,
        description="What it needs: words by comma, as bays have them.",
        examples=["four-post lift"],
    )
    comeback_of: str | None = Field(
        None,
        description="The earlier order of this vehicle whose work was not right the first time; it counts in the "
        "figures. Not the order itself, and no circle.",
        examples=[None],
    )


class RepairOrder(RepairOrderFields):
    """A repair order."""

    id: str = Field(examples=[WHO])
    number: str = Field(description="As people say it; each terminal has its own suffix.", examples=["1042-B3"])
    vehicle_plate: str | None = Field(None, examples=["M-OT 1234"])
    customer_name: str | None = Field(None, examples=["Anna Ott"])
    disputed: list[str] = Field(
        description="All values of `status`, when terminals that were apart set different ones. Setting it settles it.",
        examples=[[]],
    )
    comeback_number: str | None = Field(None, description="The number of `comeback_of`.", examples=[None])
    odometer_held_km: int | None = Field(
        None,
        description="A value that nobody would believe: it waits at `/api/v1/held-readings` for somebody to decide, "
        "and is no reading before.",
        examples=[1084210],
    )
    odometer_held_id: str | None = Field(None, description="The held reading's id.", examples=[WHO])
    created_at: int | None = Field(None, examples=[1795392000000])
    changed_at: int | None = Field(None, examples=[1795392000000])


class RepairOrders(BaseModel):
    """A page of repair orders."""

    items: list[RepairOrder]
    next: str | None = Field(
        description="Send it as `after` for the next page; null: this was the last.", examples=[None]
    )


def router(desk: Desk, who: Asker) -> APIRouter:
    """The routes; ``who`` tells who asks."""
    routes = APIRouter(prefix="/api/v1/repair-orders", tags=["repair orders"])
    room = Room(
        "repair-orders", "repair_orders", "repair_orders", orders.create_repair_order, orders.change_repair_order,
        orders.delete_repair_order, orders.get_repair_order,
    )  # fmt: skip
    asked = Collection(room, desk)

    @routes.get("", summary="Repair orders, by the page", response_model=RepairOrders)
    async def list_them(
        *,
        actor: Annotated[Actor, Depends(who)],
        q: Search = None,
        status: Annotated[list[str], Query(description="Any of these.", examples=[["ready"]])] = [],  # noqa: B006
        number: Annotated[str | None, Query(description="The whole number.", examples=["1042-B3"])] = None,
        vehicle_id: Annotated[str | None, Query(description="Of this vehicle.", examples=[WHO])] = None,
        customer_id: Annotated[str | None, Query(description="Of this customer.", examples=[WHO])] = None,
        technician_id: Annotated[str | None, Query(description="Whose work it is.", examples=[WHO])] = None,
        sort: Annotated[str, Query(description=_orders(), examples=["promised"])] = "newest",
        after: After = None,
        limit: Limit = LIMIT,
    ) -> Response:
        """Those that meet all conditions. Pages stay right while rows come and go: each begins where the last ended."""
        return await asked.list(
            actor, orders.list_repair_orders, search=q, limit=limit, after=after, sort=sort, status=status,
            number=number, vehicle_id=vehicle_id, customer_id=customer_id, technician_id=technician_id,
        )  # fmt: skip

    needed = "A vehicle, a customer, or at least a complaint is needed; the number is given by the terminal."
    told = Described("repair order", needed, RepairOrderFields, RepairOrder, EXAMPLE, {"status": "ready"})
    add_routes(routes, asked, who, told)
    return routes


def _orders() -> str:
    return f"One of {', '.join(order.name for order in orders.ORDERS)}."
