"""``/api/v1/schedule`` and ``/api/v1/technicians/{id}/schedule``: what is planned, what fits in, and booking it."""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Query
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from core.language import tr
from core.people.roles import Actor, require
from core.planning.booking import Booking, book, booking_of
from core.planning.calendar import technician_calendar
from core.planning.capacity import capacity
from core.planning.finding import next_free
from core.planning.schedule import BAY, TECHNICIAN, schedule
from core.planning.technician_day import technician_schedule
from core.records.input import Refused
from core.workshop.models import RepairOrder
from server.api.bodies import json_object
from server.api.collection import Asker, RowId, body_of
from server.api.idempotency import Once
from server.api.schedule_shapes import (
    WHO,
    BookingFields,
    BookingShape,
    CapacityShape,
    FoundShape,
    ScheduleShape,
    TechnicianShape,
)
from server.api.shown import answer
from server.api.spans import End, Start, moment_of, stretch
from server.desk import Desk

T = TypeVar("T")
CALENDAR = "text/calendar"
EXAMPLE = {
    "vehicle_id": WHO, "title": "Front brakes", "starts_at": "2026-11-23T08:00:00+01:00", "minutes": 120,
    "skills": "brakes", "equipment": "four-post lift", "bay_id": WHO, "staff_id": WHO,
}  # fmt: skip
Words = Annotated[str | None, Query(description="All of these, words by comma.", examples=["brakes"])]


class Reader:
    """Reads for somebody who may see the schedule."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def read(self, actor: Actor, look: Callable[[Session], T]) -> T:
        """What ``look`` returns. Raises ``Denied``."""
        require(actor, "schedule.read")

        def work() -> T:
            with self.desk.records.read() as session:
                return look(session)

        return await self.desk.run(work)


def router(desk: Desk, who: Asker) -> APIRouter:
    """The routes; ``who`` tells who asks."""
    routes, reader = APIRouter(tags=["schedule"]), Reader(desk)
    _of_the_shop(routes, reader, who)
    _of_one(routes, reader, who)
    _booking(routes, desk, who)
    return routes


def _of_the_shop(routes: APIRouter, reader: Reader, who: Asker) -> None:
    Who = Annotated[Actor, Depends(who)]  # noqa: N806 - a type

    @routes.get("/api/v1/schedule", summary="The schedule of some days", response_model=ScheduleShape)
    async def whole(
        actor: Who,
        start: Start = None,
        end: End = None,
        by: Annotated[str, Query(description="Rows: `bay` or `technician`.", examples=["technician"])] = BAY,
    ) -> Response:
        """Today, unless said: rows with their blocks, the tray of work that no time is set aside for, what was carried
        over, and what does not fit.
        """
        if by not in (BAY, TECHNICIAN):
            raise Refused(("by", tr("This must be one of: {values}.", values=f"{BAY}, {TECHNICIAN}")))
        begins, ends = stretch(start, end, days=1)
        return answer(await reader.read(actor, lambda session: schedule(session, begins, ends, by=by)))

    @routes.get("/api/v1/schedule/next-free", summary="The next free time", response_model=FoundShape)
    async def free(
        *,
        actor: Who,
        minutes: Annotated[int, Query(description="How long it takes.", examples=[120])],
        skills: Words = None,
        equipment: Annotated[
            str | None, Query(description="The bay has all of these, words by comma.", examples=["four-post lift"])
        ] = None,
        after: Annotated[
            str | None, Query(description="Not before this day or moment.", examples=["2026-11-23"])
        ] = None,
        before: Annotated[str | None, Query(description="Done by this day or moment.", examples=[None])] = None,
        staff_id: Annotated[str | None, Query(description="By this person.", examples=[WHO])] = None,
        count: Annotated[int, Query(description="How many, 1 to 50.", examples=[3])] = 3,
    ) -> Response:
        """When somebody who can do it and a bay that has what it needs are free together; four weeks are looked at."""
        begins, ends = moment_of("after", after), moment_of("before", before, ends=True)

        def look(session: Session) -> Any:
            return next_free(
                session, minutes=minutes, skills=skills, equipment=equipment, after=begins, before=ends, count=count,
                staff_id=staff_id,
            )  # fmt: skip

        return answer(await reader.read(actor, look))

    @routes.get("/api/v1/schedule/capacity", summary="Hours there are and hours left", response_model=CapacityShape)
    async def hours(actor: Who, start: Start = None, end: End = None) -> Response:
        """By day: of people and by their skills, of bays and by their equipment; a week from today, unless said."""
        begins, ends = stretch(start, end, days=7)
        return answer({"days": await reader.read(actor, lambda session: capacity(session, begins, ends))})


def _of_one(routes: APIRouter, reader: Reader, who: Asker) -> None:
    Who = Annotated[Actor, Depends(who)]  # noqa: N806 - a type

    @routes.get("/api/v1/technicians/{id}/schedule", summary="One person's schedule", response_model=TechnicianShape)
    async def theirs(actor: Who, id_: RowId, start: Start = None, end: End = None) -> Response:
        """Today, unless said: their blocks, shifts and absences, and how much of their shifts is set aside."""
        begins, ends = stretch(start, end, days=1)
        return answer(await reader.read(actor, lambda session: technician_schedule(session, id_, begins, ends)))

    @routes.get(
        "/api/v1/technicians/{id}/schedule.ics",
        summary="One person's schedule as a calendar",
        response_class=Response,
        responses={200: {"content": {CALENDAR: {"schema": {"type": "string", "examples": ["BEGIN:VCALENDAR"]}}}}},
    )
    async def file(actor: Who, id_: RowId, start: Start = None, end: End = None) -> Response:
        """Four weeks from today, unless said, as iCalendar (RFC 5545). An event that is moved keeps its UID."""
        begins, ends = stretch(start, end, days=28)
        body = await reader.read(actor, lambda session: technician_calendar(session, id_, begins, ends))
        name = {"content-disposition": 'attachment; filename="schedule.ics"'}
        return Response(body, headers=name, media_type=f"{CALENDAR}; charset=utf-8")


def _booking(routes: APIRouter, desk: Desk, who: Asker) -> None:
    @routes.post(
        "/api/v1/schedule/bookings",
        summary="Book a vehicle in",
        response_model=BookingShape,
        status_code=HTTPStatus.CREATED,
        openapi_extra=body_of(BookingFields, EXAMPLE, required=True),
    )
    async def booked(request: Request, actor: Annotated[Actor, Depends(who)]) -> Response:
        """The appointment, its repair order, and the time of the bay and person that are named, in one step: all of it
        or nothing. With an `Idempotency-Key` the same request sent again books nothing twice.
        """
        fields = await json_object(request)
        once = Once.of(request, actor, json.dumps(fields, sort_keys=True).encode())

        def work(session: Session) -> Booking:
            before = once.made(session, RepairOrder.__tablename__) if once is not None else None
            return book(session, actor, fields) if before is None else booking_of(session, before)

        change = desk.records.change
        why = once.why if once else ""
        made = await desk.run(lambda: change(actor.reference, work, why=why).value)
        return answer(made, HTTPStatus.CREATED)
