"""``/api/v1/allocations``: time of bays and people set aside for repair orders."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from core.people.roles import Actor
from core.planning import allocations
from core.records.paging import LIMIT
from server.api.collection import After, Asker, Collection, Described, Limit, Room, add_routes
from server.api.spans import End, Start, moment_of
from server.desk import Desk

WHO = "01931a2b-7c3d-7e4f-8a5b-6c7d8e9f0a1b"
EXAMPLE = {
    "order_id": WHO,
    "bay_id": WHO,
    "starts_at": "2026-11-23T08:00:00+01:00",
    "ends_at": "2026-11-23T10:00:00+01:00",
}


class AllocationFields(BaseModel):
    """What can be written of an allocation. Instants: UTC milliseconds, or text as in RFC 3339."""

    order_id: str | None = Field(None, description="The repair order.", examples=[WHO])
    task_id: str | None = Field(None, description="A task of it.", examples=[None])
    bay_id: str | None = Field(None, description="The bay, or none.", examples=[WHO])
    staff_id: str | None = Field(None, description="Who, or nobody yet.", examples=[None])
    starts_at: int | str | None = Field(None, examples=[1795417200000])
    ends_at: int | str | None = Field(None, examples=[1795424400000])
    remark: str | None = Field(None, max_length=200, examples=[None])


class Allocation(AllocationFields):
    """Time set aside for a repair order."""

    id: str = Field(examples=[WHO])
    created_at: int | None = Field(None, examples=[1795392000000])
    changed_at: int | None = Field(None, examples=[1795392000000])


class Allocations(BaseModel):
    """A page of allocations."""

    items: list[Allocation]
    next: str | None = Field(
        description="Send it as `after` for the next page; null: this was the last.", examples=[None]
    )


def router(desk: Desk, who: Asker) -> APIRouter:
    """The routes; ``who`` tells who asks."""
    routes = APIRouter(prefix="/api/v1/allocations", tags=["schedule"])
    room = Room(
        "allocations", "allocations", "schedule", allocations.create_allocation, allocations.change_allocation,
        allocations.delete_allocation, allocations.get_allocation,
    )  # fmt: skip
    asked = Collection(room, desk)

    @routes.get("", summary="Allocations, by the page", response_model=Allocations)
    async def list_them(
        *,
        actor: Annotated[Actor, Depends(who)],
        start: Start = None,
        end: End = None,
        order_id: Annotated[str | None, Query(description="Of this repair order.", examples=[WHO])] = None,
        bay_id: Annotated[str | None, Query(description="Of this bay.", examples=[WHO])] = None,
        staff_id: Annotated[str | None, Query(description="Of this person.", examples=[WHO])] = None,
        sort: Annotated[str, Query(description=_orders(), examples=["earliest"])] = "earliest",
        after: After = None,
        limit: Limit = LIMIT,
    ) -> Response:
        """Those that share time with `start` to `end` and meet all conditions."""
        page = partial(
            allocations.list_allocations, start=moment_of("start", start), end=moment_of("end", end, ends=True)
        )
        return await asked.list(
            actor, page, search=None, limit=limit, after=after, sort=sort, order_id=order_id, bay_id=bay_id,
            staff_id=staff_id,
        )  # fmt: skip

    needed = "An order is needed, a bay or somebody, and when it begins and ends. What overlaps is taken, and shown."
    part = {"starts_at": "2026-11-23T13:00:00+01:00"}
    add_routes(routes, asked, who, Described("allocation", needed, AllocationFields, Allocation, EXAMPLE, part))
    return routes


def _orders() -> str:
    return f"One of {', '.join(order.name for order in allocations.ORDERS)}."
