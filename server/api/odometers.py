"""``/api/v1/vehicles/{id}/readings`` and ``/api/v1/held-readings``: what odometers said, and what nobody would believe.

A value that goes back, or rises faster than a vehicle can be driven, is not refused and not stored: it is held back,
the answer is 202 and says so, and ``/decision`` lets it through or throws it away.
"""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from core.language import tr
from core.people.roles import Actor, require
from core.records.input import Refused
from core.records.paging import LIMIT, Page
from core.vehicles import held_readings, odometer
from core.vehicles.fleet_access import require_seeing
from core.vehicles.plausibility import REASONS
from server.api.bodies import json_object
from server.api.collection import After, Asker, Limit, RowId, body_of
from server.api.shown import answer
from server.desk import Desk

WHO = "01931a2b-7c3d-7e4f-8a5b-6c7d8e9f0a1b"


class ReadingFields(BaseModel):
    """What can be written of a reading."""

    value: int = Field(description="km.", examples=[84210])
    read_at: int | str | None = Field(None, description="When it was not now.", examples=[1795392000000])
    source: str | None = Field(None, description=f"One of {', '.join(odometer.SOURCES)}.", examples=["person"])


class Reading(BaseModel):
    """What an odometer said."""

    id: str = Field(examples=[WHO])
    vehicle_id: str | None = Field(examples=[WHO])
    value: int | None = Field(description="km.", examples=[84210])
    read_at: int | None = Field(examples=[1795392000000])
    source: str | None = Field(examples=["person"])
    read_by: str | None = Field(examples=["staff:01931a2b-7c3d-7e4f-8a5b-6c7d8e9f0a1b"])


class Readings(BaseModel):
    """A page of readings, the last first."""

    items: list[Reading]
    next: str | None = Field(description="Send it as `after`; null: this was the last.", examples=[None])


class HeldReading(Reading):
    """A value held back."""

    reason: str | None = Field(description=f"One of {', '.join(REASONS)}.", examples=["decrease"])
    decision: str | None = Field(description="kept, thrown_away; null: it waits.", examples=[None])
    decided_by: str | None = Field(examples=[None])
    decided_at: int | None = Field(examples=[None])


class HeldReadings(BaseModel):
    """A page of values held back, the newest first."""

    items: list[HeldReading]
    next: str | None = Field(description="Send it as `after`; null: this was the last.", examples=[None])


class Decision(BaseModel):
    """What is true of a value."""

    keep: bool = Field(description="true: it is right; false: it was a mistake.", examples=[True])


def router(desk: Desk, who: Asker) -> APIRouter:
    """The routes; ``who`` tells who asks."""
    routes = APIRouter()
    routes.include_router(_readings(desk, who))
    routes.include_router(_held(desk, who))
    return routes


def _readings(desk: Desk, who: Asker) -> APIRouter:
    routes = APIRouter(prefix="/api/v1/vehicles", tags=["vehicles"])
    Who = Annotated[Actor, Depends(who)]  # noqa: N806 - a type

    @routes.get("/{id}/readings", summary="What the odometer of a vehicle said", response_model=Readings)
    async def listed(actor: Who, id_: RowId, after: After = None, limit: Limit = LIMIT) -> Response:
        """Every reading by the page, the last first; that one is the odometer the vehicle shows."""

        def look() -> Page[odometer.ReadingView]:
            with desk.records.read() as session:
                require_seeing(session, actor, id_)
                return odometer.list_readings(session, id_, after=after, limit=limit)

        found = await desk.run(look)
        return answer({"items": found.items, "next": found.after})

    @routes.post(
        "/{id}/readings",
        summary="Write down what an odometer says",
        description="201 with the reading; 202 with a held reading when nobody would believe it. That is not stored "
        "before somebody decides, at `/api/v1/held-readings/{id}/decision`.",
        response_model=Reading,
        status_code=HTTPStatus.CREATED,
        responses={202: {"model": HeldReading, "description": "It was held back."}},
        openapi_extra=body_of(ReadingFields, {"value": 84210}, required=True),
    )
    async def add(request: Request, actor: Who, id_: RowId) -> Response:
        fields = {**await json_object(request), "vehicle_id": id_}

        def work(session: Session) -> odometer.ReadingView | held_readings.HeldReadingView:
            return odometer.add_reading(session, actor, fields)

        made = await desk.run(lambda: desk.records.change(actor.reference, work).value)
        held = isinstance(made, held_readings.HeldReadingView)
        return answer(made, HTTPStatus.ACCEPTED if held else HTTPStatus.CREATED)

    return routes


def _held(desk: Desk, who: Asker) -> APIRouter:
    routes = APIRouter(prefix="/api/v1/held-readings", tags=["vehicles"])
    Who = Annotated[Actor, Depends(who)]  # noqa: N806 - a type

    @routes.get("", summary="Odometer values that wait for a decision", response_model=HeldReadings)
    async def listed(
        *,
        actor: Who,
        vehicle_id: Annotated[str | None, Query(description="Of this vehicle.", examples=[WHO])] = None,
        decided: Annotated[bool, Query(description="Those that were decided instead.", examples=[False])] = False,
        after: After = None,
        limit: Limit = LIMIT,
    ) -> Response:
        """Values that nobody would believe, of one vehicle or of all, the newest first, with the reason."""
        require(actor, "vehicles.read")

        def look() -> Page[held_readings.HeldReadingView]:
            with desk.records.read() as session:
                return held_readings.list_held_readings(
                    session, vehicle_id or None, decided=decided, after=after, limit=limit
                )

        found = await desk.run(look)
        return answer({"items": found.items, "next": found.after})

    @routes.post(
        "/{id}/decision",
        summary="Say what is true of an odometer value",
        description="Kept, it becomes a reading of its moment; thrown away, it stays as what was once typed.",
        response_model=HeldReading,
        openapi_extra=body_of(Decision, {"keep": True}, required=True),
    )
    async def decide(request: Request, actor: Who, id_: RowId) -> Response:
        given = await json_object(request)
        keep = given.get("keep")
        if not isinstance(keep, bool) or len(given) > 1:
            raise Refused(("keep", tr("This must be yes or no.")))

        def work(session: Session) -> held_readings.HeldReadingView:
            return odometer.decide_held_reading(session, actor, id_, keep)

        return answer(await desk.run(lambda: desk.records.change(actor.reference, work).value))

    return routes
