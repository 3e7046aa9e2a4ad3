"""``/api/v1/clock``: who works on what right now, what one worked, and clocking on, off and over to another order."""

import json
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from core.language import tr
from core.people.roles import Actor, require
from core.records.input import Field as Checked
from core.records.input import Fields, Problems, instant, one_of, row_id
from core.records.paging import check_sought
from core.workshop.at_work import AtWork, DayHours, at_work, day_hours
from core.workshop.clock import IN, OUT, PunchView, Turn, clock_off, punch, switch, view_of
from core.workshop.models import ClockPunch, RepairOrder
from server.api.bodies import json_object
from server.api.collection import Asker, body_of
from server.api.idempotency import Once
from server.api.shown import answer
from server.api.spans import End, Start, stretch
from server.desk import Desk

WHO = "01931a2b-7c3d-7e4f-8a5b-6c7d8e9f0a1b"
SWITCH = "switch"
DIRECTIONS = (IN, OUT, SWITCH)
PUNCH = Fields(
    direction=Checked(one_of(DIRECTIONS), required=True),
    order_id=Checked(row_id, of=RepairOrder),
    staff_id=Checked(row_id),
    at=Checked(instant),
)


class AtWorkShown(BaseModel):
    """Somebody is clocked on to an order."""

    staff_id: str | None = Field(examples=[WHO])
    staff_name: str | None = Field(examples=["Tom Marek"])
    order_id: str | None = Field(examples=[WHO])
    order_number: str | None = Field(examples=["1042-B3"])
    vehicle_plate: str | None = Field(examples=["M-OT 1234"])
    since: int | None = Field(description="UTC milliseconds.", examples=[1795417200000])
    ms: int = Field(description="How long, milliseconds.", examples=[1800000])


class HoursShown(BaseModel):
    """What somebody worked on an order on a day of the shop."""

    staff_id: str = Field(examples=[WHO])
    order_id: str = Field(examples=[WHO])
    order_number: str | None = Field(examples=["1042-B3"])
    day: str = Field(examples=["2026-11-23"])
    ms: int = Field(description="Milliseconds; no hour of a person counts twice.", examples=[5400000])
    open: bool = Field(description="It goes on.", examples=[False])


class ClockShown(BaseModel):
    """Who works on what now, and hours worked."""

    items: list[AtWorkShown]
    hours: list[HoursShown]


class PunchFields(BaseModel):
    """Clocking on, off, or over."""

    direction: str = Field(
        description="`in`, `out`, or `switch`: out of whatever is open and in here, in one go.", examples=["switch"]
    )
    order_id: str | None = Field(None, description="With `out`: not said is whatever is open.", examples=[WHO])
    staff_id: str | None = Field(None, description="Who; yourself when not said.", examples=[WHO])
    at: int | str | None = Field(None, description="Another time than now, by who may correct.", examples=[None])


class PunchShown(BaseModel):
    """A punch."""

    id: str = Field(examples=[WHO])
    staff_id: str | None = Field(examples=[WHO])
    order_id: str | None = Field(examples=[WHO])
    direction: str | None = Field(examples=["in"])
    at: int | None = Field(examples=[1795417200000])
    clock_said: int | None = Field(
        description="By the terminal's clock, UTC milliseconds. Much different from `at`: one of them is wrong. Null: "
        "the time was typed.",
        examples=[1795417200000],
    )
    site: str | None = Field(description="The log it was written in.", examples=["9f3c2a5be1d04c77"])


class PunchedShown(BaseModel):
    """The punches that were made; none when there was nothing to do."""

    items: list[PunchShown]


def router(desk: Desk, who: Asker) -> APIRouter:
    """The routes; ``who`` tells who asks."""
    routes = APIRouter(prefix="/api/v1/clock", tags=["board"])
    Who = Annotated[Actor, Depends(who)]  # noqa: N806 - a type

    @routes.get("", summary="Who works on what, and hours worked", response_model=ClockShown)
    async def clock(
        *,
        actor: Who,
        staff_id: Annotated[
            str | None,
            Query(description="Whose hours; yours when not said, everybody's for a program.", examples=[WHO]),
        ] = None,
        start: Start = None,
        end: End = None,
    ) -> Response:
        """All who are clocked on now, and the hours of one person by day and order, today unless `start` and `end` say
        else. The hours of others are for who may see figures.
        """
        require(actor, "repair_orders.read")
        check_sought(staff_id=staff_id)
        whose = staff_id or (actor.id if actor.kind == "staff" else None)
        if whose != actor.id:
            require(actor, "figures.read")
        begins, ends = stretch(start, end, days=1)
        at = desk.records.present()

        def look() -> tuple[tuple[AtWork, ...], tuple[DayHours, ...]]:
            with desk.records.read() as session:
                return at_work(session, at=at), day_hours(session, whose, start=begins, end=ends, at=at)

        now, hours = await desk.run(look)
        return answer({"items": now, "hours": hours})

    @routes.post(
        "",
        summary="Clock on, off, or over",
        response_model=PunchedShown,
        status_code=HTTPStatus.CREATED,
        openapi_extra=body_of(PunchFields, {"direction": SWITCH, "order_id": WHO}, required=True),
    )
    async def clocked(request: Request, actor: Who) -> Response:
        """A person is clocked on to one order at a time. With an `Idempotency-Key` the same request sent again punches
        nothing twice.
        """
        fields = await json_object(request)
        once = Once.of(request, actor, json.dumps(fields, sort_keys=True).encode())

        def work(session: Session) -> tuple[PunchView, ...]:
            before = once.made(session, ClockPunch.__tablename__) if once is not None else None
            return _punched(session, actor, fields) if before is None else _again(session, before)

        change = desk.records.change
        made = await desk.run(lambda: change(actor.reference, work, why=once.why if once else "").value)
        return answer({"items": made}, HTTPStatus.CREATED)

    return routes


def _punched(session: Session, actor: Actor, fields: dict[str, Any]) -> tuple[PunchView, ...]:
    problems = Problems()
    values = PUNCH.take(session, fields, None, problems)
    way = values.get("direction")
    if way in (IN, SWITCH) and not fields.get("order_id"):
        problems.add("order_id", tr("This is needed."))
    if fields.get("at") is not None and (way == SWITCH or not fields.get("order_id")):
        problems.add("at", tr("Another time goes with one punch, in or out, of one order."))
    problems.settle()
    staff = str(values["staff_id"]) if values.get("staff_id") else None
    order = str(values["order_id"]) if values.get("order_id") else None
    if way == SWITCH and order is not None:
        return _punches(switch(session, actor, order, staff_id=staff))
    if order is None:
        return _punches(clock_off(session, actor, staff_id=staff))
    whose = staff or (actor.id if actor.kind == "staff" else None)
    given = {"staff_id": whose, "order_id": order, "direction": way, "at": values.get("at")}
    return (punch(session, actor, given),)


def _punches(turn: Turn) -> tuple[PunchView, ...]:
    return (*turn.out, *((turn.on,) if turn.on is not None else ()))


def _again(session: Session, punch_id: str) -> tuple[PunchView, ...]:
    """What a request that is sent again is told: the first punch it made."""
    return (view_of(session.get_one(ClockPunch, punch_id)),)
