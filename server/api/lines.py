"""``/api/v1/repair-orders/{id}/lines``: what is done on an order, and what it costs."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from core.people.roles import Actor, Role, require
from core.records.input import Field as Checked
from core.records.input import Fields, NotFound, text, whole
from core.records.rows import row_of
from core.workshop import lines
from core.workshop.line_kinds import KINDS
from core.workshop.models import RepairOrder
from core.workshop.part_states import PartState
from server.api.collection import Asker, Described, Room, RowId, body_of
from server.api.inner import Inner, add_inner_routes
from server.api.once import fields_of
from server.api.shown import answer, plain
from server.desk import Desk

WHO = "01931a2b-7c3d-7e4f-8a5b-6c7d8e9f0a1b"
EXAMPLE = {"kind": "labour", "description": "Replace front brake pads", "quantity": 1500, "unit_price": 9800}
DISCOUNT = Fields(
    percent=Checked(whole(1, 10_000), required=True),
    description=Checked(text(500), required=True),
)


class LineFields(BaseModel):
    """What can be written of a line. Money is minor units without tax, quantities thousandths."""

    kind: str | None = Field(None, description=f"One of {', '.join(KINDS)}.", examples=["labour"])
    description: str | None = Field(None, max_length=500, examples=["Replace front brake pads"])
    part_number: str | None = Field(None, max_length=60, examples=["0 986 494 373"])
    quantity: int | None = Field(None, description="Pieces, litres, hours; 1000 when not said.", examples=[1500])
    unit_price: int | None = Field(
        None, description="Of labour the shop's hourly rate when not said; of a discount below nought.", examples=[9800]
    )
    percent_off: int | None = Field(
        None,
        description="Of a discount that takes a percentage off, 1000 is 10 %: it has no price of its own, and shows "
        "what it comes to.",
        examples=[None],
    )
    tax_rate: int | None = Field(
        None, description="1900 is 19 %; by the shop's tax rules when not said.", examples=[1900]
    )
    position: int | None = Field(None, description="Its place on the paper.", examples=[1])
    unit_cost: int | None = Field(None, description="What it costs the shop.", examples=[2810])
    part_id: str | None = Field(
        None, description="Of the store: words, number, price and cost come from it when not said.", examples=[WHO]
    )
    part_state: str | None = Field(
        None, description=f"One of {', '.join(PartState)}; null: what the store says.", examples=["on_the_way"]
    )
    task_id: str | None = Field(None, examples=[None])
    technician_id: str | None = Field(None, description="Staff.", examples=[None])
    result_id: str | None = Field(None, description="The finding it came from.", examples=[None])
    recommendation_id: str | None = Field(None, description="The advice it takes up.", examples=[None])


class Line(LineFields):
    """A line."""

    id: str = Field(examples=[WHO])
    order_id: str | None = Field(None, examples=[WHO])
    created_at: int | None = Field(None, examples=[1795392000000])
    changed_at: int | None = Field(None, examples=[1795392000000])


class Lines(BaseModel):
    """All lines of an order."""

    items: list[Line]
    next: None = Field(None, description="An order's lines come on one page.", examples=[None])


class DiscountFields(BaseModel):
    """A percentage off everything."""

    percent: int = Field(description="Hundredths of one: 1000 is 10 %.", examples=[1000])
    description: str = Field(max_length=500, examples=["Loyal customer"])


def router(desk: Desk, who: Asker) -> APIRouter:
    """The routes; ``who`` tells who asks."""
    routes = APIRouter(prefix="/api/v1/repair-orders", tags=["estimates"])
    Who = Annotated[Actor, Depends(who)]  # noqa: N806 - a type
    room = Room(
        "repair-orders/{}/lines", "repair_order_lines", "repair_orders", lines.create_line, lines.change_line,
        lines.delete_line, lines.get_line,
    )  # fmt: skip

    @routes.get("/{id}/lines", summary="The lines of an order", response_model=Lines)
    async def list_them(actor: Who, id_: RowId) -> Response:
        """All of them, as they stand on the paper. What they come to is told by the estimate."""

        def look() -> object:
            with desk.records.read() as session:
                require_order(session, actor, id_)
                return {"items": lines.list_lines(session, id_), "next": None}

        return answer(without_costs(actor, await desk.run(look)))

    @routes.post(
        "/{id}/discount",
        summary="Take a percentage off an order",
        response_model=Lines,
        status_code=HTTPStatus.CREATED,
        openapi_extra=body_of(DiscountFields, {"percent": 1000, "description": "Loyal customer"}, required=True),
    )
    async def discount(request: Request, actor: Who, id_: RowId) -> Response:
        """A discount line for each rate of tax, since the tax goes with what is taken off. It stays a percentage, of
        what the customer does not decline, and on an invoice of what stands on that. Rounded half away from nought,
        each line once.
        """
        fields = await fields_of(request)

        def work(session: Session) -> object:
            values = DISCOUNT.settled(session, fields)
            made = lines.take_off(session, actor, id_, values["percent"], str(values["description"]))
            return {"items": made, "next": None}

        made = await desk.run(lambda: desk.records.change(actor.reference, work).value)
        return answer(made, HTTPStatus.CREATED)

    needed = "`kind` and `description` are needed, or `part_id`."
    told = Described("line", needed, LineFields, Line, EXAMPLE, {"quantity": 2000})
    inner = Inner(desk, room, RepairOrder, "order_id")
    add_inner_routes(routes, inner, who, told, path="/{id}/lines", whose="of an order")
    return routes


def require_order(session: Session, actor: Actor, id_: str) -> None:
    """Whether somebody may see this order. Who may not is not told whether it is there.

    Raises ``Denied``, ``NotFound``.
    """
    try:
        order = row_of(session, RepairOrder, id_)
    except NotFound:
        require(actor, "repair_orders.read")
        raise
    require(actor, "repair_orders.read", order)


def without_costs(actor: Actor, shown: object) -> Any:
    """As it is shown to this person: what things cost the shop is none of a customer's business."""
    found = plain(shown)
    return _stripped(found) if actor.role is Role.CUSTOMER else found


def _stripped(shown: Any) -> Any:
    if isinstance(shown, dict):
        return {name: None if name in ("unit_cost", "cost") else _stripped(each) for name, each in shown.items()}
    return [_stripped(each) for each in shown] if isinstance(shown, list) else shown
