"""``/api/v1/parts``: what is kept in the store, how many there are, and what moved."""

import json
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from core.language import tr
from core.people.roles import Actor, require
from core.records.input import NotFound, Refused
from core.records.paging import LIMIT
from core.workshop import parts
from core.workshop.parts import UNITS
from core.workshop.purchase_lines import buy, orders_of
from core.workshop.reorder import reorder_list
from core.workshop.stock_moves import BY_HAND, MoveView, get_move, list_moves, move_stock, take_back_moves
from server.api.collection import After, Asker, Collection, Described, Limit, Room, RowId, Search, add_routes, body_of
from server.api.idempotency import Once
from server.api.once import fields_of, made_once
from server.api.purchasing import PurchaseOrder
from server.api.shown import answer
from server.desk import Desk

WHO = "01931a2b-7c3d-7e4f-8a5b-6c7d8e9f0a1b"
EXAMPLE = {"number": "W 712/95", "name": "Oil filter", "location": "A3-12", "minimum": 2000, "order_up_to": 6000}
NEXT = Field(description="Send it as `after` for the next page; null: this was the last.", examples=[None])
THOUSANDTHS = "Thousandths: 2000 is two."

MoveId = Annotated[str, Path(description="The move's id, a UUID.", examples=[WHO], alias="move")]


class PartFields(BaseModel):
    """What can be written of a part. Quantities are thousandths, money minor units without tax."""

    number: str | None = Field(None, max_length=60, examples=["W 712/95"])
    name: str | None = Field(None, max_length=200, examples=["Oil filter"])
    manufacturer: str | None = Field(None, max_length=120, examples=["Mann"])
    barcode: str | None = Field(None, max_length=60, examples=["4011558736101"])
    unit: str | None = Field(None, description=f"One of {', '.join(UNITS)}.", examples=["pc"])
    location: str | None = Field(None, max_length=60, description="Where it lies.", examples=["A3-12"])
    minimum: int | None = Field(None, description="Fewer than this: it is on the reorder list.", examples=[2000])
    order_up_to: int | None = Field(None, description="How many there should be then.", examples=[6000])
    cost: int | None = Field(None, description="What the shop pays.", examples=[540])
    price: int | None = Field(None, description="What a customer pays.", examples=[1190])
    supplier_id: str | None = Field(None, examples=[WHO])
    supplier_number: str | None = Field(None, max_length=60, examples=["MA-71295"])
    active: bool | None = Field(None, description="False: it is not bought any more.", examples=[True])
    notes: str | None = Field(None, examples=[None])


class StockFields(BaseModel):
    """How many there are, in thousandths."""

    on_hand: int = Field(description="The sum of all moves; below 0 when more was taken.", examples=[4000])
    reserved: int = Field(description="Open repair orders wait for it.", examples=[1000])
    on_order: int = Field(description="Was ordered and is not here.", examples=[0])
    planned: int = Field(description="On purchase orders that were not sent.", examples=[0])
    low: bool = Field(description="What nobody waits for is less than the minimum.", examples=[False])


class Part(PartFields, StockFields):
    """A part."""

    id: str = Field(examples=[WHO])
    supplier_name: str | None = Field(None, examples=["Nordteile"])
    created_at: int | None = Field(None, examples=[1795392000000])
    changed_at: int | None = Field(None, examples=[1795392000000])


class Parts(BaseModel):
    """A page of parts."""

    items: list[Part]
    next: str | None = NEXT


class MoveFields(BaseModel):
    """A move by hand."""

    reason: str | None = Field(None, description=f"One of {', '.join(BY_HAND)}.", examples=["fitted"])
    quantity: int | None = Field(
        None,
        description=f"Never negative, the reason tells; of a count what was counted. {THOUSANDTHS}",
        examples=[1000],
    )
    line_id: str | None = Field(
        None, description="Of a repair order: what it is fitted for, or brought back from.", examples=[WHO]
    )
    unit_cost: int | None = Field(None, description="Minor units; the part's when not said.", examples=[540])
    remark: str | None = Field(None, max_length=500, examples=[None])
    anyway: bool | None = Field(None, description="Take it though the store shows fewer.", examples=[False])


class Move(BaseModel):
    """A move, as it was written."""

    id: str = Field(examples=[WHO])
    part_id: str | None = Field(None, examples=[WHO])
    quantity: int = Field(description="Negative for what went.", examples=[-1000])
    balance: int = Field(description="How many there were after it.", examples=[3000])
    reason: str | None = Field(None, examples=["fitted"])
    order_id: str | None = Field(None, examples=[WHO])
    order_number: str | None = Field(None, examples=["1042-B3"])
    line_id: str | None = Field(None, examples=[WHO])
    purchase_line_id: str | None = Field(None, examples=[None])
    unit_cost: int | None = Field(None, examples=[540])
    remark: str | None = Field(None, examples=[None])
    moved_by: str | None = Field(None, examples=["staff:01931a2b-7c3d-7e4f-8a5b-6c7d8e9f0a1b"])
    moved_by_name: str | None = Field(None, examples=["Tom Berg"])
    moved_at: int | None = Field(None, examples=[1795392000000])


class Moves(BaseModel):
    """A page of a part's ledger."""

    items: list[Move]
    next: str | None = NEXT


class Wanted(BaseModel):
    """A part that should be bought."""

    part: Part
    quantity: int = Field(description=THOUSANDTHS, examples=[5000])


class WantedList(BaseModel):
    """The reorder list, by supplier."""

    items: list[Wanted]


class Purchase(BaseModel):
    """What is to be bought."""

    items: list[dict[str, Any]] | None = Field(
        None,
        description=f"`part_id` and `quantity` ({THOUSANDTHS}), or `line_id` of a repair order.",
        examples=[[{"part_id": WHO, "quantity": 5000}]],
    )
    supplier_id: str | None = Field(None, description="Of whom; else each part of its own.", examples=[None])


class PurchaseOrders(BaseModel):
    """The purchase orders it stands on now."""

    items: list[PurchaseOrder]


def router(desk: Desk, who: Asker) -> APIRouter:
    """The routes; ``who`` tells who asks."""
    routes = APIRouter(prefix="/api/v1/parts", tags=["parts"])
    room = Room(
        "parts", "parts", "parts", parts.create_part, parts.change_part, parts.delete_part, parts.get_part
    )  # fmt: skip
    asked = Collection(room, desk)

    @routes.get("", summary="Parts, by the page", response_model=Parts)
    async def list_them(
        *,
        actor: Annotated[Actor, Depends(who)],
        q: Search = None,
        number: Annotated[str | None, Query(description="The whole number.", examples=["W 712/95"])] = None,
        barcode: Annotated[str | None, Query(description="The whole barcode.", examples=["4011558736101"])] = None,
        location: Annotated[str | None, Query(description="What lies there.", examples=["A3-12"])] = None,
        supplier_id: Annotated[str | None, Query(description="Of this supplier.", examples=[WHO])] = None,
        low: Annotated[bool, Query(description="Only those of which there is too little.", examples=[True])] = False,
        sort: Annotated[str, Query(description=_orders(), examples=["name"])] = "newest",
        after: After = None,
        limit: Limit = LIMIT,
    ) -> Response:
        """Those that meet all conditions, each with its stock. What `q` finds comes on one page, the best first."""
        page = partial(parts.list_parts, q=q, low=low)
        return await asked.list(
            actor, page, search=None, limit=limit, after=after, sort=sort, number=number, barcode=barcode,
            location=location, supplier_id=supplier_id,
        )  # fmt: skip

    _add_reorder(routes, desk, who)
    needed = "`number` and `name` are needed. How many there are is told by moves."
    add_routes(routes, asked, who, Described("part", needed, PartFields, Part, EXAMPLE, {"location": "B1"}))
    _add_moves(routes, desk, who)
    return routes


def _add_reorder(routes: APIRouter, desk: Desk, who: Asker) -> None:
    Who = Annotated[Actor, Depends(who)]  # noqa: N806 - a type

    @routes.get("/reorder", summary="What should be bought", response_model=WantedList)
    async def reorder(
        actor: Who, supplier_id: Annotated[str | None, Query(description="Of this supplier.", examples=[WHO])] = None
    ) -> Response:
        """Parts of which there are too few after all that orders wait for and all that comes, by supplier and name,
        with how many to buy: up to `order_up_to`, or else the minimum. 500 at most.
        """
        require(actor, "parts.read")

        def look() -> object:
            with desk.records.read() as session:
                return {"items": reorder_list(session, supplier_id=supplier_id)}

        return answer(await desk.run(look))

    @routes.post(
        "/reorder",
        summary="Put parts on purchase orders",
        response_model=PurchaseOrders,
        status_code=HTTPStatus.CREATED,
        openapi_extra=body_of(Purchase, {"items": [{"part_id": WHO, "quantity": 5000}]}, required=False),
    )
    async def put_on_orders(request: Request, actor: Who) -> Response:
        """One purchase order for each supplier that was not sent yet; a new one where there is none. Nothing is sent
        by this. With an `Idempotency-Key` the same request sent again buys nothing twice.
        """
        fields = await fields_of(request)
        wanted = fields.pop("items", None)
        supplier_id = fields.pop("supplier_id", None)
        if fields or not isinstance(wanted, list) or not all(isinstance(each, dict) for each in wanted) or not wanted:
            raise Refused(("items", tr("A list of parts with their quantities is needed.")))

        once = Once.of(request, actor, json.dumps([wanted, supplier_id], sort_keys=True).encode())

        def work(session: Session) -> object:
            before = once.all_made(session, "purchase_order_lines") if once is not None else None
            made = (
                buy(session, actor, wanted, supplier_id=supplier_id) if before is None else orders_of(session, before)
            )
            return {"items": made}

        change, why = desk.records.change, once.why if once is not None else ""
        return answer(await desk.run(lambda: change(actor.reference, work, why=why).value), HTTPStatus.CREATED)


def _add_moves(routes: APIRouter, desk: Desk, who: Asker) -> None:
    Who = Annotated[Actor, Depends(who)]  # noqa: N806 - a type

    @routes.get("/{id}/stock", summary="How many there are of a part", response_model=StockFields)
    async def stock(actor: Who, id_: RowId) -> Response:
        """What lies there, what orders wait for and what comes, each the sum of what was written."""
        require(actor, "parts.read")

        def look() -> object:
            with desk.records.read() as session:
                found = parts.get_part(session, id_)
            return {name: getattr(found, name) for name in StockFields.model_fields}

        return answer(await desk.run(look))

    @routes.get("/{id}/moves", summary="The ledger of a part", response_model=Moves)
    async def ledger(actor: Who, id_: RowId, after: After = None, limit: Limit = LIMIT) -> Response:
        """What came and went, the last first, each with how many there were after it."""
        require(actor, "parts.read")

        def look() -> object:
            with desk.records.read() as session:
                parts.get_part(session, id_, deleted=True)
                found = list_moves(session, part_id=id_, after=after, limit=limit)
            return {"items": found.items, "next": found.after}

        return answer(await desk.run(look))

    @routes.post(
        "/{id}/moves",
        summary="A part comes or goes",
        response_model=Move,
        status_code=HTTPStatus.CREATED,
        openapi_extra=body_of(MoveFields, {"reason": "fitted", "quantity": 1000}, required=False),
    )
    async def move(request: Request, actor: Who, id_: RowId) -> Response:
        """`reason` and `quantity` are needed. Taking more than there is gets refused unless `anyway`. With an
        `Idempotency-Key` the same request sent again moves nothing twice.
        """
        fields = await fields_of(request)
        anyway = fields.pop("anyway", None) is True

        def make(session: Session) -> MoveView:
            parts.get_part(session, id_)
            return move_stock(session, actor, {**fields, "part_id": id_}, anyway=anyway)

        made = await made_once(desk, request, actor, fields, table="stock_moves", make=make, made=get_move)
        return answer(made, HTTPStatus.CREATED)

    @routes.delete(
        "/{id}/moves/{move}",
        summary="Take a move back",
        status_code=HTTPStatus.NO_CONTENT,
        response_class=Response,
    )
    async def take_back(
        actor: Who,
        id_: RowId,
        move_id: MoveId,
    ) -> Response:
        """It was a slip: it does not count any more, and what it said of an order's line is taken back too."""

        def work(session: Session) -> None:
            require(actor, "parts.read")
            parts.get_part(session, id_, deleted=True)
            if get_move(session, move_id).part_id != id_:
                raise NotFound("stock_moves", move_id)
            take_back_moves(session, actor, [move_id])

        await desk.run(lambda: desk.records.change(actor.reference, work))
        return Response(status_code=HTTPStatus.NO_CONTENT)


def _orders() -> str:
    return f"One of {', '.join(order.name for order in parts.ORDERS)}."
