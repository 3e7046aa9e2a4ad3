"""``/api/v1/suppliers`` and ``/api/v1/purchase-orders``: of whom parts are bought, and what was ordered and came."""

from collections.abc import Callable
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
from core.records.input import Problems, Refused, one_of
from core.records.paging import LIMIT
from core.workshop import purchase_lines, purchasing, suppliers
from core.workshop.purchase_states import PurchaseStatus
from server.api.collection import After, Asker, Collection, Described, Limit, Room, RowId, Search, add_routes, body_of
from server.api.once import fields_of, made_once
from server.api.shown import answer
from server.desk import Desk

WHO = "01931a2b-7c3d-7e4f-8a5b-6c7d8e9f0a1b"
NEXT = Field(description="Send it as `after` for the next page; null: this was the last.", examples=[None])
THOUSANDTHS = "Thousandths: 2000 is two."
LineId = Annotated[str, Path(description="The line's id, a UUID.", examples=[WHO], alias="line")]


class SupplierFields(BaseModel):
    """What can be written of a supplier."""

    name: str | None = Field(None, max_length=120, examples=["Nordteile"])
    customer_number: str | None = Field(None, max_length=60, description="Ours, with them.", examples=["K-20417"])
    phone: str | None = Field(None, max_length=60, examples=["+1 202 555 0181"])
    email: str | None = Field(None, max_length=200, examples=["orders@example.com"])
    address: str | None = Field(None, examples=[None])
    lead_days: int | None = Field(None, description="Days from ordering until it is here.", examples=[1])
    notes: str | None = Field(None, examples=[None])


class Supplier(SupplierFields):
    """A supplier."""

    id: str = Field(examples=[WHO])
    created_at: int | None = Field(None, examples=[1795392000000])
    changed_at: int | None = Field(None, examples=[1795392000000])


class Suppliers(BaseModel):
    """A page of suppliers."""

    items: list[Supplier]
    next: str | None = NEXT


class PurchaseOrderFields(BaseModel):
    """What can be written of a purchase order."""

    supplier_id: str | None = Field(None, examples=[WHO])
    expected_on: str | None = Field(None, description="The day it should be here.", examples=["2026-11-24"])
    reference: str | None = Field(None, max_length=60, description="The supplier's number.", examples=["AB-77310"])
    notes: str | None = Field(None, examples=[None])


class PurchaseOrder(PurchaseOrderFields):
    """A purchase order."""

    id: str = Field(examples=[WHO])
    number: str | None = Field(None, examples=["P1042-B3K7"])
    supplier_name: str | None = Field(None, examples=["Nordteile"])
    status: str = Field(description=f"One of {', '.join(PurchaseStatus)}.", examples=["ordered"])
    disputed: list[str] = Field(
        description="All values of `status`, when terminals that were apart set different ones.", examples=[[]]
    )
    ordered_at: int | None = Field(None, examples=[1795392000000])
    late: bool = Field(description="Something that was expected before today is not here.", examples=[False])
    lines: int = Field(examples=[3])
    open_lines: int = Field(description="Of which something is still to come.", examples=[3])
    cost: int = Field(description="Of all that was ordered, minor units without tax.", examples=[18250])
    created_at: int | None = Field(None, examples=[1795392000000])
    changed_at: int | None = Field(None, examples=[1795392000000])


class PurchaseOrders(BaseModel):
    """A page of purchase orders."""

    items: list[PurchaseOrder]
    next: str | None = NEXT


class PurchaseLineFields(BaseModel):
    """What can be written of a line."""

    part_id: str | None = Field(None, description="Of the store.", examples=[WHO])
    line_id: str | None = Field(None, description="Of the repair order that waits for it.", examples=[None])
    description: str | None = Field(None, max_length=500, examples=["Oil filter"])
    part_number: str | None = Field(None, max_length=60, examples=["W 712/95"])
    quantity: int | None = Field(None, description=THOUSANDTHS, examples=[5000])
    unit_cost: int | None = Field(None, description="Minor units without tax.", examples=[540])


class PurchaseLine(PurchaseLineFields):
    """A line of a purchase order."""

    id: str = Field(examples=[WHO])
    purchase_order_id: str | None = Field(None, examples=[WHO])
    unit: str = Field(examples=["pc"])
    location: str | None = Field(None, description="Where it belongs in the store.", examples=["A3-12"])
    received: int = Field(description="The sum of what came.", examples=[3000])
    order_id: str | None = Field(None, examples=[None])
    order_number: str | None = Field(None, examples=[None])
    position: int | None = Field(None, examples=[1])
    created_at: int | None = Field(None, examples=[1795392000000])
    changed_at: int | None = Field(None, examples=[1795392000000])


class PurchaseLines(BaseModel):
    """All lines of a purchase order."""

    items: list[PurchaseLine]


class Sent(BaseModel):
    """What may be said when it is ordered."""

    expected_on: str | None = Field(
        None, description="The supplier's usual time when not said.", examples=["2026-11-24"]
    )
    reference: str | None = Field(None, max_length=60, examples=["AB-77310"])
    supplier_id: str | None = Field(None, examples=[WHO])
    notes: str | None = Field(None, examples=[None])


class Came(BaseModel):
    """What came."""

    lines: dict[str, Any] | None = Field(
        None,
        description=f"Line id and how many came. {THOUSANDTHS} Not said: all that was still to come.",
        examples=[{WHO: 3000}],
    )


class Receipt(BaseModel):
    """What a receipt came to."""

    order: PurchaseOrder
    moves: list[str] = Field(description="The moves it wrote; taken back one by one.", examples=[[WHO]])


class Ending(BaseModel):
    """How it ends."""

    status: str | None = Field(
        None,
        description="`cancelled`; `received`: what is missing will not come; `ordered`: it goes on after all.",
        examples=["cancelled"],
    )


def router(desk: Desk, who: Asker) -> APIRouter:
    """The routes; ``who`` tells who asks."""
    routes = APIRouter()
    routes.include_router(_suppliers(desk, who))
    routes.include_router(_purchase_orders(desk, who))
    return routes


def _suppliers(desk: Desk, who: Asker) -> APIRouter:
    routes = APIRouter(prefix="/api/v1/suppliers", tags=["parts"])
    room = Room(
        "suppliers", "suppliers", "parts", suppliers.create_supplier, suppliers.change_supplier,
        suppliers.delete_supplier, suppliers.get_supplier,
    )  # fmt: skip
    asked = Collection(room, desk)

    @routes.get("", summary="Suppliers, by the page", response_model=Suppliers)
    async def list_them(
        *,
        actor: Annotated[Actor, Depends(who)],
        q: Search = None,
        name: Annotated[str | None, Query(description="The whole name.", examples=["Nordteile"])] = None,
        sort: Annotated[str, Query(description=_orders(suppliers.ORDERS), examples=["name"])] = "name",
        after: After = None,
        limit: Limit = LIMIT,
    ) -> Response:
        """Those that meet all conditions. What `q` finds comes on one page."""
        page = partial(suppliers.list_suppliers, q=q)
        return await asked.list(actor, page, search=None, limit=limit, after=after, sort=sort, name=name)

    told = Described(
        "supplier", "Only `name` is needed.", SupplierFields, Supplier, {"name": "Nordteile"}, {"lead_days": 2}
    )
    add_routes(routes, asked, who, told)
    return routes


def _purchase_orders(desk: Desk, who: Asker) -> APIRouter:
    routes = APIRouter(prefix="/api/v1/purchase-orders", tags=["parts"])
    room = Room(
        "purchase-orders", "purchase_orders", "parts", purchasing.create_purchase_order,
        purchasing.change_purchase_order, purchasing.delete_purchase_order, purchasing.get_purchase_order,
    )  # fmt: skip
    asked = Collection(room, desk)

    @routes.get("", summary="Purchase orders, by the page", response_model=PurchaseOrders)
    async def list_them(
        *,
        actor: Annotated[Actor, Depends(who)],
        q: Search = None,
        status: Annotated[list[str], Query(description="Any of these.", examples=[["ordered"]])] = [],  # noqa: B006
        number: Annotated[str | None, Query(description="The whole number.", examples=["P1042-B3K7"])] = None,
        supplier_id: Annotated[str | None, Query(description="Of this supplier.", examples=[WHO])] = None,
        sort: Annotated[str, Query(description=_orders(purchasing.ORDERS), examples=["expected"])] = "newest",
        after: After = None,
        limit: Limit = LIMIT,
    ) -> Response:
        """Those that meet all conditions. What `q` finds comes on one page."""
        page = partial(purchasing.list_purchase_orders, q=q)
        return await asked.list(
            actor, page, search=None, limit=limit, after=after, sort=sort, status=status, number=number,
            supplier_id=supplier_id,
        )  # fmt: skip

    needed = "Nothing is needed; the number is given by the terminal. It is not sent by this."
    example = {"supplier_id": WHO}
    told = Described(
        "purchase order", needed, PurchaseOrderFields, PurchaseOrder, example, {"expected_on": "2026-11-24"}
    )
    add_routes(routes, asked, who, told)
    _add_lines(routes, desk, who)
    _add_deeds(routes, desk, who)
    return routes


def _add_lines(routes: APIRouter, desk: Desk, who: Asker) -> None:
    Who = Annotated[Actor, Depends(who)]  # noqa: N806 - a type

    def mine(session: Session, id_: str, line_id: str) -> None:
        if all(each.id != line_id for each in purchase_lines.list_purchase_lines(session, id_)):
            raise Refused(("line", tr("This line is not on the order.")))

    @routes.get("/{id}/lines", summary="The lines of a purchase order", response_model=PurchaseLines)
    async def lines(actor: Who, id_: RowId) -> Response:
        """All of them, as they stand on it, each with what came of it."""
        require(actor, "parts.read")

        def look() -> object:
            with desk.records.read() as session:
                return {"items": purchase_lines.list_purchase_lines(session, id_)}

        return answer(await desk.run(look))

    @routes.post(
        "/{id}/lines",
        summary="A new line of a purchase order",
        response_model=PurchaseLine,
        status_code=HTTPStatus.CREATED,
        openapi_extra=body_of(PurchaseLineFields, {"part_id": WHO, "quantity": 5000}, required=False),
    )
    async def add(request: Request, actor: Who, id_: RowId) -> Response:
        """A part, a line of a repair order, or at least a description is needed; what is not said is taken from it.
        With an `Idempotency-Key` the same request sent again makes no second one.
        """
        fields = await fields_of(request)

        def make(session: Session) -> purchase_lines.PurchaseLineView:
            purchasing.get_purchase_order(session, id_)
            return purchase_lines.add_purchase_line(session, actor, {**fields, "purchase_order_id": id_})

        made = await made_once(
            desk, request, actor, fields, table="purchase_order_lines", make=make, made=purchase_lines.get_purchase_line
        )
        return answer(made, HTTPStatus.CREATED)

    @routes.patch(
        "/{id}/lines/{line}",
        summary="Change a line of a purchase order",
        response_model=PurchaseLine,
        openapi_extra=body_of(PurchaseLineFields, {"quantity": 6000}, required=False),
    )
    async def change(request: Request, actor: Who, id_: RowId, line_id: LineId) -> Response:
        """Only the fields that are sent are written; null empties one."""
        fields = await fields_of(request)

        def work(session: Session) -> purchase_lines.PurchaseLineView:
            mine(session, id_, line_id)
            return purchase_lines.change_purchase_line(session, actor, line_id, fields)

        return answer(await desk.run(lambda: desk.records.change(actor.reference, work).value))

    @routes.delete(
        "/{id}/lines/{line}",
        summary="Take a line off a purchase order",
        status_code=HTTPStatus.NO_CONTENT,
        response_class=Response,
    )
    async def delete(actor: Who, id_: RowId, line_id: LineId) -> Response:
        """One of which nothing came yet. A repair order that waited for it shows it as not ordered."""

        def work(session: Session) -> None:
            mine(session, id_, line_id)
            purchase_lines.delete_purchase_line(session, actor, line_id)

        await desk.run(lambda: desk.records.change(actor.reference, work))
        return Response(status_code=HTTPStatus.NO_CONTENT)


def _add_deeds(routes: APIRouter, desk: Desk, who: Asker) -> None:
    Who = Annotated[Actor, Depends(who)]  # noqa: N806 - a type

    async def done(actor: Actor, work: Callable[[Session], object]) -> Response:
        return answer(await desk.run(lambda: desk.records.change(actor.reference, work).value))

    @routes.post(
        "/{id}/order",
        summary="It was ordered of the supplier",
        response_model=PurchaseOrder,
        openapi_extra=body_of(Sent, {"expected_on": "2026-11-24"}, required=False),
    )
    async def order(request: Request, actor: Who, id_: RowId) -> Response:
        """Its state is `ordered`, and what repair orders wait for is on the way."""
        fields = await fields_of(request)
        return await done(actor, lambda session: purchase_lines.send_purchase_order(session, actor, id_, fields))

    @routes.post(
        "/{id}/receive",
        summary="Something of it came",
        response_model=Receipt,
        openapi_extra=body_of(Came, {"lines": {WHO: 3000}}, required=False),
    )
    async def receive(request: Request, actor: Who, id_: RowId) -> Response:
        """Some lines, or all that was still to come. More or fewer than were ordered are kept as they came. What a
        repair order waits for is here as soon as all of it is. With an `Idempotency-Key` the same request sent again
        receives nothing twice.
        """
        fields = await fields_of(request)
        came = fields.get("lines")
        if set(fields) - {"lines"} or not (came is None or isinstance(came, dict)):
            raise Refused(("lines", tr("The lines that came by their ids are expected, or nothing for all of them.")))

        def before(session: Session, move: str) -> purchase_lines.Received:
            return purchase_lines.Received(purchasing.get_purchase_order(session, id_), (move,))

        def make(session: Session) -> purchase_lines.Received:
            return purchase_lines.receive(session, actor, id_, came)

        return answer(await made_once(desk, request, actor, fields, table="stock_moves", make=make, made=before))

    @routes.post(
        "/{id}/end",
        summary="It ends, or goes on",
        response_model=PurchaseOrder,
        openapi_extra=body_of(Ending, {"status": "cancelled"}, required=False),
    )
    async def end(request: Request, actor: Who, id_: RowId) -> Response:
        """`cancelled`: nothing of it will come any more. `received`: what is missing will not come. `ordered`: it is
        as before one of these. What came stays in the store.
        """
        fields = await fields_of(request)
        deeds = {
            "cancelled": purchasing.cancel_purchase_order,
            "received": purchasing.finish_purchase_order,
            "ordered": purchasing.reopen_purchase_order,
        }
        problems = Problems()
        try:
            wanted = one_of(deeds)(fields.pop("status", None))
            if wanted is None:
                problems.add("status", tr("This is needed."))
        except ValueError as wrong:
            problems.add("status", str(wrong))
        for name in fields:
            problems.add(name, tr("There is no field of this name."))
        problems.settle()
        return await done(actor, lambda session: deeds[str(wanted)](session, actor, id_))


def _orders(orders: tuple[Any, ...]) -> str:
    return f"One of {', '.join(order.name for order in orders)}."
