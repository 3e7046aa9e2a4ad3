"""``/api/v1/recommendations``: work that was advised and not done."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from core.people.roles import Actor
from core.records.input import Field as Checked
from core.records.input import Fields, one_of, row_id
from core.records.paging import LIMIT
from core.workshop import recommendations
from core.workshop.lines import get_line
from core.workshop.models import RepairOrder
from core.workshop.recommendations import DISMISSED, LISTED, OPEN, STATES, WORK, coming_back, dismiss, reopen, take_up
from server.api.collection import After, Asker, Collection, Described, Limit, Room, RowId, add_routes, body_of
from server.api.lines import Line, require_order
from server.api.once import fields_of, made_once
from server.api.shown import answer
from server.desk import Desk

WHO = "01931a2b-7c3d-7e4f-8a5b-6c7d8e9f0a1b"
EXAMPLE = {"vehicle_id": WHO, "description": "Timing belt", "due_on": "2027-05-01", "due_odometer": 120000}
STATE = Fields(state=Checked(one_of([OPEN, DISMISSED]), required=True))
TAKE = Fields(order_id=Checked(row_id, required=True, of=RepairOrder))


class RecommendationFields(BaseModel):
    """What can be written of advice. Prices as of a line."""

    vehicle_id: str | None = Field(None, examples=[WHO])
    order_id: str | None = Field(None, description="Where it was advised.", examples=[WHO])
    result_id: str | None = Field(None, description="The finding it came from.", examples=[None])
    kind: str | None = Field(None, description=f"One of {', '.join(WORK)}.", examples=["labour"])
    description: str | None = Field(None, max_length=500, examples=["Timing belt"])
    part_number: str | None = Field(None, max_length=60, examples=[None])
    quantity: int | None = Field(None, description="Thousandths.", examples=[3000])
    unit_price: int | None = Field(None, description="Minor units without tax.", examples=[9800])
    tax_rate: int | None = Field(None, description="1900 is 19 %.", examples=[1900])
    due_on: str | None = Field(None, examples=["2027-05-01"])
    due_odometer: int | None = Field(None, description="km", examples=[120000])


class Recommendation(RecommendationFields):
    """Advice."""

    id: str = Field(examples=[WHO])
    vehicle_plate: str | None = Field(None, examples=["M-OT 1234"])
    line_id: str | None = Field(None, description="The line that was declined.", examples=[WHO])
    state: str = Field(
        description=f"One of {', '.join(STATES)}, worked out: taken up by a line that is there, withdrawn when the "
        "customer changed their mind.",
        examples=["open"],
    )
    taken_up_by: str | None = Field(None, description="The order of the line that takes it up.", examples=[None])
    advised_at: int | None = Field(None, examples=[1795392000000])
    created_at: int | None = Field(None, examples=[1795392000000])
    changed_at: int | None = Field(None, examples=[1795392000000])


class Recommendations(BaseModel):
    """A page of advice."""

    items: list[Recommendation]
    next: str | None = Field(
        description="Send it as `after` for the next page; null: this was the last.", examples=[None]
    )


class TakeUpFields(BaseModel):
    """On which order."""

    order_id: str = Field(description="The order that it goes on.", examples=[WHO])


class StateFields(BaseModel):
    """Whether it comes back."""

    state: str = Field(description="open or dismissed.", examples=["dismissed"])


class ComingBack(BaseModel):
    """All advice of earlier visits that is open."""

    items: list[Recommendation]
    next: None = Field(None, description="They come on one page.", examples=[None])


def router(desk: Desk, who: Asker) -> APIRouter:
    """The routes; ``who`` tells who asks."""
    routes = APIRouter(prefix="/api/v1", tags=["estimates"])
    Who = Annotated[Actor, Depends(who)]  # noqa: N806 - a type
    room = Room(
        "recommendations", "recommendations", "repair_orders", recommendations.create_recommendation,
        recommendations.change_recommendation, recommendations.delete_recommendation,
        recommendations.get_recommendation,
    )  # fmt: skip
    asked = Collection(room, desk)
    below = APIRouter(prefix="/recommendations")

    @below.get("", summary="Recommendations, by the page", response_model=Recommendations)
    async def list_them(
        *,
        actor: Who,
        vehicle_id: Annotated[str | None, Query(description="Of this vehicle.", examples=[WHO])] = None,
        order_id: Annotated[str | None, Query(description="Advised on this order.", examples=[WHO])] = None,
        state: Annotated[str, Query(description=f"One of {', '.join(LISTED)}.", examples=["open"])] = "open",
        due_by: Annotated[
            str | None,
            Query(description="Due on that day, or by the last odometer that is known.", examples=["2026-12-31"]),
        ] = None,
        sort: Annotated[str, Query(description=_orders(), examples=["due"])] = "oldest",
        after: After = None,
        limit: Limit = LIMIT,
    ) -> Response:
        """Advice that meets all conditions, for one whom to call: `?due_by=…&sort=due`."""
        return await asked.list(
            actor, recommendations.list_recommendations, search=None, limit=limit, after=after, sort=sort,
            vehicle_id=vehicle_id, order_id=order_id, state=state, due_by=due_by,
        )  # fmt: skip

    needed = "`vehicle_id` and `description` are needed. What a customer declines becomes one by itself."
    told = Described("recommendation", needed, RecommendationFields, Recommendation, EXAMPLE, {"due_on": "2027-06-01"})
    add_routes(below, asked, who, told)
    _add_doing(below, desk, who)
    routes.include_router(below)

    @routes.get(
        "/repair-orders/{id}/recommendations",
        summary="What comes back at this visit",
        response_model=ComingBack,
    )
    async def comes_back(actor: Who, id_: RowId) -> Response:
        """Advice of earlier visits of the order's vehicle that nobody took up or dismissed yet."""

        def look() -> object:
            with desk.records.read() as session:
                require_order(session, actor, id_)
                return {"items": coming_back(session, id_), "next": None}

        return answer(await desk.run(look))

    return routes


def _add_doing(routes: APIRouter, desk: Desk, who: Asker) -> None:
    Who = Annotated[Actor, Depends(who)]  # noqa: N806 - a type

    @routes.post(
        "/{id}/take-up",
        summary="Put advice on an order",
        response_model=Line,
        status_code=HTTPStatus.CREATED,
        openapi_extra=body_of(TakeUpFields, {"order_id": WHO}, required=True),
    )
    async def take_it_up(request: Request, actor: Who, id_: RowId) -> Response:
        """A line with its words and price, which goes on naming it. A second time the same line is the answer."""
        fields = await fields_of(request)

        def make(session: Session) -> object:
            return take_up(session, actor, id_, str(TAKE.settled(session, fields)["order_id"]))

        made = await made_once(desk, request, actor, fields, table="repair_order_lines", make=make, made=get_line)
        return answer(made, HTTPStatus.CREATED)

    @routes.post(
        "/{id}/state",
        summary="Advice shall not come back, or after all",
        response_model=Recommendation,
        openapi_extra=body_of(StateFields, {"state": DISMISSED}, required=True),
    )
    async def set_state(request: Request, actor: Who, id_: RowId) -> Response:
        """Dismissed, it was done elsewhere or is not wanted: it stays in the history, and can be opened again."""
        fields = await fields_of(request)

        def work(session: Session) -> object:
            state = STATE.settled(session, fields)["state"]
            return (dismiss if state == DISMISSED else reopen)(session, actor, id_)

        return answer(await desk.run(lambda: desk.records.change(actor.reference, work).value))


def _orders() -> str:
    return f"One of {', '.join(order.name for order in recommendations.ORDERS)}."
