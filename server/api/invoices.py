"""``/api/v1/invoices``, and ``/api/v1/repair-orders/{id}/invoice``: issued, corrected, paid; nothing can be deleted."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from core.language import tr
from core.people.roles import Actor, require
from core.records.input import Refused
from core.records.paging import LIMIT
from core.workshop import invoice_reading
from core.workshop.invoice_findings import invoice_findings
from core.workshop.invoice_missing import missing_on_invoice
from core.workshop.invoice_reading import KINDS, ONLY, InvoiceView, list_invoices
from core.workshop.invoiceable import propose_invoice
from core.workshop.invoices import credit_invoice, issue_invoice, void_invoice
from core.workshop.payments import PaymentView, get_payment, payments_of, record_payment
from server.api.bodies import json_object
from server.api.collection import After, Asker, Limit, RowId, body_of
from server.api.invoices_shown import (
    WHO,
    CreditFields,
    Findings,
    InvoiceFull,
    Invoices,
    IssueFields,
    PaymentFields,
    Payments,
    PaymentShown,
    ProposalShown,
    VoidFields,
    full,
)
from server.api.once import fields_of, made_once
from server.api.shown import answer, plain
from server.desk import Desk

T = TypeVar("T")


def router(desk: Desk, who: Asker) -> APIRouter:
    """The routes; ``who`` tells who asks."""
    routes = APIRouter(prefix="/api/v1", tags=["invoices"])
    _reading(routes, desk, who)
    _issuing(routes, desk, who)
    _paying(routes, desk, who)
    return routes


def _reading(routes: APIRouter, desk: Desk, who: Asker) -> None:
    Who = Annotated[Actor, Depends(who)]  # noqa: N806 - a type

    @routes.get("/invoices", summary="Invoices and credit notes, by the page", response_model=Invoices)
    async def list_them(
        *,
        actor: Who,
        only: Annotated[str | None, Query(description=f"One of {', '.join(ONLY)}.", examples=["overdue"])] = None,
        kind: Annotated[str | None, Query(description=f"One of {', '.join(KINDS)}.", examples=["invoice"])] = None,
        number: Annotated[str | None, Query(description="The whole number.", examples=["R-1001"])] = None,
        customer_id: Annotated[str | None, Query(description="Of this customer.", examples=[WHO])] = None,
        vehicle_id: Annotated[str | None, Query(description="About this vehicle.", examples=[WHO])] = None,
        order_id: Annotated[str | None, Query(description="Of this repair order.", examples=[WHO])] = None,
        since: Annotated[str | None, Query(description="Issued on this day or later.", examples=["2026-11-01"])] = None,
        until: Annotated[str | None, Query(description="Issued on it or earlier.", examples=["2026-11-30"])] = None,
        sort: Annotated[str, Query(description=_orders(), examples=["due"])] = "newest",
        after: After = None,
        limit: Limit = LIMIT,
    ) -> Response:
        """Those that meet all conditions. `open` has everything still to be paid, `without_number` what waits for the
        terminal that holds the series.
        """
        require(actor, "invoices.read")
        wanted: dict[str, Any] = {
            "only": only, "kind": kind, "number": number, "customer_id": customer_id, "vehicle_id": vehicle_id,
            "order_id": order_id, "since": since, "until": until,
        }  # fmt: skip
        given = {name: value for name, value in wanted.items() if value}
        page = await _look(desk, lambda session: list_invoices(session, sort=sort, after=after, limit=limit, **given))
        return answer({"items": plain(page.items), "next": page.after})

    @routes.get("/invoice-findings", summary="What does not fit about invoices", response_model=Findings)
    async def found(actor: Who) -> Response:
        """Numbers given twice, lines invoiced twice, invoices paid twice: what terminals that were apart can bring
        about, for a person to put right. It is found again until it is.
        """
        require(actor, "invoices.read")
        items = await _look(desk, invoice_findings)
        names = ("kind", "rows", "name", "words")
        return answer({"items": [{name: getattr(each, name) for name in names} for each in items]})

    @routes.get("/invoices/{id}", summary="One invoice or credit note", response_model=InvoiceFull)
    async def read(actor: Who, id_: RowId) -> Response:
        """With everything that stands on it, its payments and its credit notes."""
        require(actor, "invoices.read")
        return answer(await _look(desk, lambda session: full(session, id_)))

    @routes.get("/repair-orders/{id}/invoice", summary="What can be invoiced of an order", response_model=ProposalShown)
    async def proposed(actor: Who, id_: RowId) -> Response:
        """Its lines, each approved, declined, undecided or invoiced already, and what the approved ones come to."""
        require(actor, "invoices.read")

        def look(session: Session) -> object:
            return {**plain(propose_invoice(session, id_)), "missing": missing_on_invoice(session, id_)}

        return answer(await _look(desk, look))


def _issuing(routes: APIRouter, desk: Desk, who: Asker) -> None:
    Who = Annotated[Actor, Depends(who)]  # noqa: N806 - a type

    @routes.post(
        "/repair-orders/{id}/invoice",
        summary="Issue the invoice of an order",
        response_model=InvoiceFull,
        status_code=HTTPStatus.CREATED,
        openapi_extra=_body(IssueFields, {"remark": "Thank you."}, required=False),
    )
    async def issue(request: Request, actor: Who, id_: RowId) -> Response:
        """Of its approved lines that are on none yet, or of the lines named. What is issued can only be corrected by a
        credit note or declared void. With an `Idempotency-Key` the same request sent again issues nothing twice.
        """
        fields = await fields_of(request)

        def make(session: Session) -> InvoiceView:
            _known(fields, IssueFields)
            words = {name: value for name, value in fields.items() if name != "line_ids"}
            return issue_invoice(session, actor, id_, line_ids=_ids(fields), **words)

        return await _made(desk, request, actor, fields, make)

    @routes.post(
        "/invoices/{id}/credit-note",
        summary="Issue a credit note about an invoice",
        response_model=InvoiceFull,
        status_code=HTTPStatus.CREATED,
        openapi_extra=_body(CreditFields, {"remark": "The part was faulty."}, required=False),
    )
    async def credit(request: Request, actor: Who, id_: RowId) -> Response:
        """Of all its lines that were not credited, or of those named. With an `Idempotency-Key` the same request sent
        again issues nothing twice.
        """
        fields = await fields_of(request)

        def make(session: Session) -> InvoiceView:
            _known(fields, CreditFields)
            return credit_invoice(session, actor, id_, line_ids=_ids(fields), remark=fields.get("remark"))

        return await _made(desk, request, actor, fields, make)

    @routes.post(
        "/invoices/{id}/void",
        summary="Declare an invoice or a credit note void",
        response_model=InvoiceFull,
        openapi_extra=_body(VoidFields, {"reason": "Issued to the wrong customer"}),
    )
    async def void(request: Request, actor: Who, id_: RowId) -> Response:
        """It stays, with its number, and counts no more; its lines can be invoiced again. Not while money was paid on
        it or it has a valid credit note.
        """
        fields = await json_object(request)

        def work(session: Session) -> dict[str, Any]:
            _known(fields, VoidFields)
            void_invoice(session, actor, id_, fields.get("reason"))
            return full(session, id_)

        return answer(await desk.run(lambda: desk.records.change(actor.reference, work).value))


def _paying(routes: APIRouter, desk: Desk, who: Asker) -> None:
    Who = Annotated[Actor, Depends(who)]  # noqa: N806 - a type

    @routes.get("/invoices/{id}/payments", summary="The payments on an invoice", response_model=Payments)
    async def payments(actor: Who, id_: RowId) -> Response:
        """All of them, the first one first; what was paid back is negative."""
        require(actor, "invoices.read")
        return answer({"items": plain(await _look(desk, lambda session: payments_of(session, id_)))})

    @routes.post(
        "/invoices/{id}/payments",
        summary="Record a payment",
        response_model=PaymentShown,
        status_code=HTTPStatus.CREATED,
        openapi_extra=_body(PaymentFields, {"amount": 16065, "way": "card"}),
    )
    async def pay(request: Request, actor: Who, id_: RowId) -> Response:
        """More than is open is refused, unless `anyway` says that it is meant. With an `Idempotency-Key` the same
        request sent again records nothing twice.
        """
        fields = await json_object(request)

        def make(session: Session) -> PaymentView:
            _known(fields, PaymentFields)
            anyway = fields.get("anyway")
            if anyway is not None and not isinstance(anyway, bool):
                raise Refused(("anyway", tr("This must be yes or no.")))
            given = {name: value for name, value in fields.items() if name != "anyway"}
            return record_payment(session, actor, {**given, "invoice_id": id_}, anyway=anyway is True)

        found = await made_once(desk, request, actor, fields, table="payments", make=make, made=get_payment)
        return answer(found, HTTPStatus.CREATED)


async def _look(desk: Desk, work: Callable[[Session], T]) -> T:
    def look() -> T:
        with desk.records.read() as session:
            return work(session)

    return await desk.run(look)


async def _made(
    desk: Desk, request: Request, actor: Actor, fields: Mapping[str, Any], make: Callable[[Session], InvoiceView]
) -> Response:
    """A paper that a request issued, once; what is told of it can only be read by who may issue it."""
    shown = await made_once(
        desk, request, actor, fields, table="invoices", make=lambda session: full(session, make(session).id), made=full
    )
    reply = answer(shown, HTTPStatus.CREATED)
    reply.headers["location"] = f"/api/v1/invoices/{shown['id']}"
    return reply


def _known(fields: Mapping[str, Any], model: type[BaseModel]) -> None:
    """Raises ``Refused`` for a field there is not."""
    unknown = [(str(name), tr("There is no field of this name.")) for name in fields if name not in model.model_fields]
    if unknown:
        raise Refused(*unknown)


def _ids(fields: Mapping[str, Any]) -> list[str] | None:
    """The lines that were named; None: nothing was said."""
    given = fields.get("line_ids")
    if given is None:
        return None
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise Refused(("line_ids", tr("This must be a list of ids.")))
    return given


def _body(model: type[BaseModel], example: Mapping[str, Any], *, required: bool = True) -> dict[str, Any]:
    return body_of(model, example, required)


def _orders() -> str:
    return f"One of {', '.join(order.name for order in invoice_reading.ORDERS)}."
