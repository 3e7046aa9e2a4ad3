"""``/api/v1/appointments``: who brings which vehicle when, and for what; ``/arrive`` when it is there."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from core.people.roles import Actor
from core.planning import appointments
from core.planning.appointments import CHANNELS, STATUSES
from core.planning.arriving import arrive
from core.records.paging import LIMIT
from server.api.bodies import json_object
from server.api.collection import After, Asker, Collection, Described, Limit, Room, RowId, Search, add_routes, body_of
from server.api.shown import answer
from server.api.spans import End, Start, moment_of
from server.desk import Desk

WHO = "01931a2b-7c3d-7e4f-8a5b-6c7d8e9f0a1b"
EXAMPLE = {
    "vehicle_id": WHO,
    "starts_at": "2026-11-23T08:00:00+01:00",
    "ends_at": "2026-11-23T08:30:00+01:00",
    "title": "Brakes squeal",
    "channel": "phone",
}


class AppointmentFields(BaseModel):
    """What can be written of an appointment. Instants: UTC milliseconds, or text as in RFC 3339."""

    customer_id: str | None = Field(None, description="The vehicle's when not said.", examples=[WHO])
    vehicle_id: str | None = Field(None, examples=[WHO])
    order_id: str | None = Field(None, description="The repair order, when there is one already.", examples=[None])
    starts_at: int | str | None = Field(None, examples=[1795417200000])
    ends_at: int | str | None = Field(None, description="Half an hour later when not said.", examples=[1795419000000])
    title: str | None = Field(None, max_length=200, examples=["Brakes squeal"])
    notes: str | None = Field(None, examples=["Needs a car to go on with"])
    status: str | None = Field(None, description=f"One of {', '.join(STATUSES)}.", examples=["booked"])
    channel: str | None = Field(None, description=f"One of {', '.join(CHANNELS)}.", examples=["phone"])
    waiting: bool | None = Field(None, description="The customer waits for it.", examples=[False])


class Appointment(AppointmentFields):
    """An appointment."""

    id: str = Field(examples=[WHO])
    customer_name: str | None = Field(None, examples=["Anna Ott"])
    vehicle_plate: str | None = Field(None, examples=["M-OT 1234"])
    order_number: str | None = Field(None, examples=[None])
    calendar_sequence: int = Field(description="Revisions so far (RFC 5545).", examples=[0])
    created_at: int | None = Field(None, examples=[1795392000000])
    changed_at: int | None = Field(None, examples=[1795392000000])


class Appointments(BaseModel):
    """A page of appointments."""

    items: list[Appointment]
    next: str | None = Field(
        description="Send it as `after` for the next page; null: this was the last.", examples=[None]
    )


class Arrival(BaseModel):
    """What is noted when a vehicle comes."""

    odometer_in: int | None = Field(None, description="km.", examples=[84210])
    key_tag: str | None = Field(None, max_length=24, examples=["17"])


def router(desk: Desk, who: Asker) -> APIRouter:
    """The routes; ``who`` tells who asks."""
    routes = APIRouter(prefix="/api/v1/appointments", tags=["schedule"])
    Who = Annotated[Actor, Depends(who)]  # noqa: N806 - a type
    room = Room(
        "appointments", "appointments", "schedule", appointments.create_appointment, appointments.change_appointment,
        appointments.delete_appointment, appointments.get_appointment,
    )  # fmt: skip
    asked = Collection(room, desk)

    @routes.get("", summary="Appointments, by the page", response_model=Appointments)
    async def list_them(
        *,
        actor: Who,
        q: Search = None,
        start: Start = None,
        end: End = None,
        status: Annotated[list[str], Query(description="Any of these.", examples=[["booked"]])] = [],  # noqa: B006
        customer_id: Annotated[str | None, Query(description="Of this customer.", examples=[WHO])] = None,
        vehicle_id: Annotated[str | None, Query(description="Of this vehicle.", examples=[WHO])] = None,
        order_id: Annotated[str | None, Query(description="Of this repair order.", examples=[WHO])] = None,
        sort: Annotated[str, Query(description=_orders(), examples=["earliest"])] = "earliest",
        after: After = None,
        limit: Limit = LIMIT,
    ) -> Response:
        """Those that begin from `start` until the end of `end` and meet all conditions. `q` looks in all days."""
        page = partial(
            appointments.list_appointments, start=moment_of("start", start), end=moment_of("end", end, ends=True)
        )
        return await asked.list(
            actor, page, search=q, limit=limit, after=after, sort=sort, status=status, customer_id=customer_id,
            vehicle_id=vehicle_id, order_id=order_id,
        )  # fmt: skip

    @routes.post(
        "/{id}/arrive",
        summary="The vehicle is here",
        response_model=Appointment,
        openapi_extra=body_of(Arrival, {"odometer_in": 84210, "key_tag": "17"}, required=False),
    )
    async def arrived(request: Request, actor: Who, id_: RowId) -> Response:
        """Its repair order is the one made when it was booked, or a new one with its vehicle, customer, title and
        notes; it stands at `arrived`. Asked again, nothing changes. What was read and where the key hangs may be said.
        """
        fields = await json_object(request) if request.headers.get("content-length", "0") != "0" else {}
        change = desk.records.change
        view = await desk.run(
            lambda: change(actor.reference, lambda session: arrive(session, actor, id_, fields)).value
        )
        return answer(view)

    needed = "When it begins is needed, and a vehicle, a customer, a repair order or at least a title."
    told = Described("appointment", needed, AppointmentFields, Appointment, EXAMPLE, {"status": "confirmed"})
    add_routes(routes, asked, who, told)
    return routes


def _orders() -> str:
    return f"One of {', '.join(order.name for order in appointments.ORDERS)}."
