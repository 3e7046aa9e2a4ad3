"""``/api/v1/vehicles/{id}/history``: what was done to a vehicle. What the shop paid for it is not in it."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from core.people.roles import Actor
from core.vehicles.fleet_access import work_seen_by
from core.workshop.estimates import STATES, EstimateLine
from core.workshop.states import Status
from core.workshop.totals import Totals
from core.workshop.vehicle_history import LIMIT, VehicleHistory, Visit, vehicle_history
from server.api.collection import After, Asker, Limit, RowId
from server.api.shown import answer
from server.desk import Desk

WHO = "01931a2b-7c3d-7e4f-8a5b-6c7d8e9f0a1b"
_ORDER = (
    "id", "number", "status", "label", "opened_at", "promised_at", "complaint", "cause", "correction", "odometer_in",
    "odometer_out", "customer_id", "customer_name",
)  # fmt: skip
_LINE = ("id", "kind", "description", "part_number", "quantity", "unit_price", "tax_rate")
_DOCUMENT = ("id", "name", "kind", "file_sha256", "thumbnail_sha256", "media_type", "size")
_TOTALS = ("net", "tax", "gross", "discount", "labour", "parts", "other")


class HistoryLine(BaseModel):
    """Something done, fitted, charged or taken off."""

    id: str = Field(examples=[WHO])
    kind: str | None = Field(examples=["labour"])
    description: str | None = Field(examples=["Front brake pads renewed"])
    part_number: str | None = Field(examples=[None])
    quantity: int | None = Field(description="Thousandths.", examples=[1500])
    unit_price: int | None = Field(description="Minor units without tax.", examples=[9500])
    tax_rate: int | None = Field(description="Hundredths of a percent.", examples=[1900])
    state: str = Field(description=f"What the customer said: {', '.join(STATES)}.", examples=["approved"])


class HistoryDocument(BaseModel):
    """A paper of a visit."""

    id: str = Field(examples=[WHO])
    name: str | None = Field(examples=["Test drive"])
    kind: str | None = Field(examples=["report"])
    file_sha256: str | None = Field(examples=["ab" * 32])
    thumbnail_sha256: str | None = Field(examples=[None])
    media_type: str | None = Field(examples=["application/pdf"])
    size: int | None = Field(description="Bytes.", examples=[48_000])


class HistoryTotals(BaseModel):
    """What the lines come to that the customer did not decline, in minor units."""

    net: int = Field(examples=[14250])
    tax: int = Field(examples=[2708])
    gross: int = Field(examples=[16958])
    discount: int = Field(description="Nought or negative, within net.", examples=[0])
    labour: int = Field(examples=[14250])
    parts: int = Field(examples=[0])
    other: int = Field(examples=[0])


class Visited(BaseModel):
    """A repair order of the vehicle. Moments are UTC milliseconds, odometers km."""

    id: str = Field(examples=[WHO])
    number: str | None = Field(examples=["1042-B3"])
    status: str | None = Field(examples=["delivered"])
    label: str | None = Field(examples=[None])
    opened_at: int | None = Field(examples=[1795392000000])
    promised_at: int | None = Field(examples=[1795420800000])
    complaint: str | None = Field(examples=["Squeals when braking"])
    cause: str | None = Field(examples=["Front pads at 2 mm"])
    correction: str | None = Field(examples=["Pads and discs replaced"])
    odometer_in: int | None = Field(examples=[84210])
    odometer_out: int | None = Field(examples=[84223])
    customer_id: str | None = Field(examples=[WHO])
    customer_name: str | None = Field(examples=["Anna Ott"])
    technician_name: str | None = Field(examples=["Tess"])
    adviser_name: str | None = Field(examples=["Ben"])
    lines: list[HistoryLine]
    documents: list[HistoryDocument]
    totals: HistoryTotals


class History(BaseModel):
    """A page of visits, those opened last first."""

    items: list[Visited]
    count: int = Field(description="Of all pages.", examples=[7])
    next: str | None = Field(
        description="Send it as `after` for the next page; null: this was the last.", examples=[None]
    )


def router(desk: Desk, who: Asker) -> APIRouter:
    """The route; ``who`` tells who asks."""
    routes = APIRouter(prefix="/api/v1/vehicles", tags=["vehicles"])

    @routes.get("/{id}/history", summary="What was done to a vehicle", response_model=History)
    async def history(
        *,
        actor: Annotated[Actor, Depends(who)],
        id_: RowId,
        status: Annotated[
            list[str], Query(description=f"Any of these: {', '.join(Status)}.", examples=[["delivered"]])
        ] = [],  # noqa: B006
        after: After = None,
        limit: Limit = LIMIT,
    ) -> Response:
        """Its repair orders by the page, each with lines, papers, people, odometers and totals.

        A customer gets what was done for them, and in a fleet they were let into what was done for its owner.
        """

        def look() -> VehicleHistory:
            with desk.records.read() as session:
                whose = work_seen_by(session, actor, id_)
                return vehicle_history(session, id_, status=status, customers=whose, after=after, limit=limit)

        found = await desk.run(look)
        return answer({"items": [_visit(each) for each in found.items], "count": found.count, "next": found.after})

    return routes


def _visit(visit: Visit) -> dict[str, Any]:
    shown = {name: getattr(visit.order, name) for name in _ORDER}
    shown |= {"technician_name": visit.technician_name, "adviser_name": visit.adviser_name}
    shown["lines"] = [_line(each) for each in visit.lines]
    shown["documents"] = [{name: getattr(each, name) for name in _DOCUMENT} for each in visit.documents]
    return shown | {"totals": _totals(visit.totals)}


def _line(told: EstimateLine) -> dict[str, Any]:
    return {name: getattr(told.line, name) for name in _LINE} | {"state": told.state}


def _totals(found: Totals) -> dict[str, Any]:
    return {name: getattr(found, name) for name in _TOTALS}
