"""Papers as PDF: ``/api/v1/invoices/{id}.pdf``, ``/api/v1/repair-orders/{id}/estimate.pdf`` and the others."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query
from sqlalchemy.orm import Session
from starlette.responses import Response

from core.language import AVAILABLE, tr
from core.people.roles import Actor, require
from core.records.files import FileStore
from core.records.input import Refused
from core.records.rows import row_of
from core.vehicles.fleet_access import work_seen_by
from core.vehicles.models import Vehicle
from core.workshop.inspection_models import Inspection
from core.workshop.models import RepairOrder
from core.workshop.papers import Paper
from core.workshop.papers_of_money import estimate_paper, invoice_paper, receipt_paper
from core.workshop.papers_of_vehicle import history_paper
from core.workshop.papers_of_work import (
    Pictures,
    inspection_paper,
    key_tag_paper,
    order_paper,
    part_label_paper,
    pictures_of,
)
from server.api.collection import Asker, RowId
from server.desk import Desk

PDF = "application/pdf"
Make = Callable[[Session, Actor, str, str | None], Paper]  # session, who asks, id, language
Language = Annotated[
    str | None,
    Query(description=f"One of {', '.join(AVAILABLE)}; the customer's when not said.", examples=["de"]),
]
_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The paper, as PDF/A.",
        "content": {PDF: {"schema": {"type": "string", "format": "binary", "examples": ["%PDF-1.7"]}}},
    }
}


def router(desk: Desk, who: Asker, files: FileStore | None = None) -> APIRouter:
    """The routes; ``who`` tells who asks, ``files`` has the photographs."""
    routes = APIRouter(prefix="/api/v1", tags=["papers"])
    Who = Annotated[Actor, Depends(who)]  # noqa: N806 - a type

    def add(path: str, summary: str, description: str, make: Make) -> None:
        async def pdf(*, actor: Who, id_: RowId, language: Language = None) -> Response:
            return await _pdf(desk, language, lambda session: make(session, actor, id_, language))

        routes.add_api_route(
            path, pdf, methods=["GET"], summary=summary, description=description, responses=_ANSWER,
            response_class=Response, name=summary,
        )  # fmt: skip

    add("/repair-orders/{id}/estimate.pdf", "The estimate of an order", _ESTIMATE, _estimate)
    add("/repair-orders/{id}/order.pdf", "The job sheet of an order", _ORDER, _order)
    add("/repair-orders/{id}/key-tag.pdf", "The label for the key of an order", _KEY_TAG, _key_tag)
    add("/inspections/{id}.pdf", "An inspection", _INSPECTION, _inspection(pictures_of(files)))
    add("/invoices/{id}.pdf", "An invoice or a credit note", _INVOICE, _invoice)
    add("/payments/{id}.pdf", "The receipt of a payment", _RECEIPT, _receipt)
    add("/parts/{id}/label.pdf", "The label of a part", _LABEL, _label)

    @routes.get(
        "/vehicles/{id}/history.pdf", summary="The history of a vehicle", responses=_ANSWER, response_class=Response
    )
    async def history(
        *,
        actor: Who,
        id_: RowId,
        prices: Annotated[bool, Query(description="false: without, for whoever buys it.", examples=[True])] = True,
        language: Language = None,
    ) -> Response:
        """Every visit with what was asked, found and done, its lines, and the papers there are. A customer gets what
        was done for them.
        """

        def make(session: Session) -> Paper:
            whose = work_seen_by(session, actor, id_)
            return history_paper(session, id_, prices=prices, customers=whose, language=language)

        return await _pdf(desk, language, make)

    return routes


_ESTIMATE = "What the work would cost, what the customer said to each line, and a place to sign."
_ORDER = "What is to be done, with tasks, parts, tick boxes and the codes a scanner reads; without prices."
_KEY_TAG = "A label of 62 by 29 millimetres with the plate, the key tag and a code that opens the order."
_INSPECTION = "Every point with its verdict, measured values beside those of last time, and photographs that are here."
_INVOICE = "The paper exactly as it was issued. Only its number may have come since, or that it was declared void."
_RECEIPT = "That money came, or was paid back, for which invoice, and what is still open of it."
_LABEL = "A label of 62 by 29 millimetres with name, number, where it lies, and its barcode."


def _estimate(session: Session, actor: Actor, id_: str, language: str | None) -> Paper:
    require(actor, "repair_orders.read", row_of(session, RepairOrder, id_))
    return estimate_paper(session, id_, language=language)


def _order(session: Session, actor: Actor, id_: str, language: str | None) -> Paper:
    require(actor, "parts.read")  # of those who work here: it has other people's names on it
    require(actor, "repair_orders.read", row_of(session, RepairOrder, id_))
    return order_paper(session, id_, language=language)


def _key_tag(session: Session, actor: Actor, id_: str, language: str | None) -> Paper:
    require(actor, "parts.read")
    require(actor, "repair_orders.read", row_of(session, RepairOrder, id_))
    return key_tag_paper(session, id_, language=language)


def _inspection(pictures: Pictures) -> Make:
    def make(session: Session, actor: Actor, id_: str, language: str | None) -> Paper:
        row = row_of(session, Inspection, id_)
        order = session.get(RepairOrder, row.order_id or "")
        vehicle = session.get(Vehicle, row.vehicle_id or "")
        require(actor, "repair_orders.read", order if order is not None else vehicle)
        return inspection_paper(session, id_, pictures=pictures, language=language)

    return make


def _invoice(session: Session, actor: Actor, id_: str, language: str | None) -> Paper:
    require(actor, "invoices.read")
    return invoice_paper(session, id_, language=language)


def _receipt(session: Session, actor: Actor, id_: str, language: str | None) -> Paper:
    require(actor, "invoices.read")
    return receipt_paper(session, id_, language=language)


def _label(session: Session, actor: Actor, id_: str, language: str | None) -> Paper:
    require(actor, "parts.read")
    return part_label_paper(session, id_, language=language)


async def _pdf(desk: Desk, language: str | None, make: Callable[[Session], Paper]) -> Response:
    """Read first, and set the paper when the session is closed: that takes longer."""
    if language is not None and language not in AVAILABLE:
        raise Refused(("language", tr("This must be one of: {values}.", values=", ".join(AVAILABLE))))

    def work() -> tuple[Paper, bytes]:
        with desk.records.read() as session:
            made = make(session)
        return made, made.pdf()

    made, pdf = await desk.run(work)
    name = f"inline; filename*=UTF-8''{quote(made.name)}.pdf"
    return Response(pdf, HTTPStatus.OK, {"content-disposition": name, "cache-control": "private, no-cache"}, PDF)
