"""``/api/v1/work-bays``, ``/shifts`` and ``/absences``: who and what is there to work with."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from core.people.roles import Actor
from core.planning import absences, shifts, work_bays
from core.records.paging import LIMIT, Order
from server.api.collection import After, Asker, Collection, Described, Limit, Room, Search, add_routes
from server.desk import Desk

WHO = "01931a2b-7c3d-7e4f-8a5b-6c7d8e9f0a1b"
NEXT = Field(description="Send it as `after` for the next page; null: this was the last.", examples=[None])
Whose = Annotated[str | None, Query(description="Of this person of the staff.", examples=[WHO])]


class WorkBayFields(BaseModel):
    """What can be written of a bay."""

    name: str | None = Field(None, max_length=60, examples=["Bay 1"])
    equipment: str | None = Field(None, description="Words by comma.", examples=["four-post lift, brake tester"])
    position: int | None = Field(None, description="Its place in the list.", examples=[1])
    active: bool | None = Field(None, description="False when it is no longer used.", examples=[True])


class WorkBay(WorkBayFields):
    """A bay."""

    id: str = Field(examples=[WHO])
    created_at: int | None = Field(None, examples=[1795392000000])
    changed_at: int | None = Field(None, examples=[1795392000000])


class WorkBays(BaseModel):
    """A page of bays."""

    items: list[WorkBay]
    next: str | None = NEXT


class ShiftFields(BaseModel):
    """What can be written of a shift. Minutes are those of the clock on the shop's wall."""

    staff_id: str | None = Field(None, examples=[WHO])
    weekday: int | None = Field(None, description="1 is Monday, 7 Sunday.", examples=[1])
    starts: int | None = Field(None, description="Minutes after midnight.", examples=[450])
    ends: int | None = Field(
        None, description="Minutes after that midnight, beyond 1440 the day after.", examples=[990]
    )
    break_minutes: int | None = Field(None, description="Unpaid, somewhere in it.", examples=[30])
    since: str | None = Field(None, description="The first day that it holds.", examples=["2026-11-01"])
    until: str | None = Field(None, description="The last day that it holds.", examples=[None])


class Shift(ShiftFields):
    """A shift."""

    id: str = Field(examples=[WHO])
    created_at: int | None = Field(None, examples=[1795392000000])
    changed_at: int | None = Field(None, examples=[1795392000000])


class Shifts(BaseModel):
    """A page of shifts."""

    items: list[Shift]
    next: str | None = NEXT


class AbsenceFields(BaseModel):
    """What can be written of an absence. Instants: UTC milliseconds, or text as in RFC 3339."""

    staff_id: str | None = Field(None, description="Who is away.", examples=[WHO])
    bay_id: str | None = Field(None, description="Or which bay is out of use.", examples=[None])
    starts_at: int | str | None = Field(None, examples=[1795417200000])
    ends_at: int | str | None = Field(None, description="Null: until further notice.", examples=[1795445999000])
    kind: str | None = Field(None, description=f"One of {', '.join(absences.KINDS)}.", examples=["holiday"])
    remark: str | None = Field(None, max_length=200, examples=[None])


class Absence(AbsenceFields):
    """Somebody is away, or a bay is out of use."""

    id: str = Field(examples=[WHO])
    created_at: int | None = Field(None, examples=[1795392000000])
    changed_at: int | None = Field(None, examples=[1795392000000])


class Absences(BaseModel):
    """A page of absences."""

    items: list[Absence]
    next: str | None = NEXT


def router(desk: Desk, who: Asker) -> APIRouter:
    """The routes; ``who`` tells who asks."""
    routes = APIRouter()
    for part in (_bays(desk, who), _shifts(desk, who), _absences(desk, who)):
        routes.include_router(part)
    return routes


def _bays(desk: Desk, who: Asker) -> APIRouter:
    routes = APIRouter(prefix="/api/v1/work-bays", tags=["schedule"])
    room = Room(
        "work-bays", "work_bays", "schedule", work_bays.create_work_bay, work_bays.change_work_bay,
        work_bays.delete_work_bay, work_bays.get_work_bay,
    )  # fmt: skip
    asked = Collection(room, desk)

    @routes.get("", summary="Bays, by the page", response_model=WorkBays)
    async def list_them(
        *,
        actor: Annotated[Actor, Depends(who)],
        q: Search = None,
        sort: Annotated[str, Query(description=_names(work_bays.ORDERS), examples=["position"])] = "position",
        after: After = None,
        limit: Limit = LIMIT,
    ) -> Response:
        """The places where work is done, in the order they stand in the hall."""
        return await asked.list(actor, work_bays.list_work_bays, search=q, limit=limit, after=after, sort=sort)

    told = Described("bay", "A name is needed.", WorkBayFields, WorkBay, {"name": "Bay 1"}, {"active": False})
    add_routes(routes, asked, who, told)
    return routes


def _shifts(desk: Desk, who: Asker) -> APIRouter:
    routes = APIRouter(prefix="/api/v1/shifts", tags=["schedule"])
    room = Room(
        "shifts", "shifts", "schedule", shifts.create_shift, shifts.change_shift, shifts.delete_shift, shifts.get_shift
    )
    asked = Collection(room, desk)

    @routes.get("", summary="Shifts, by the page", response_model=Shifts)
    async def list_them(
        *,
        actor: Annotated[Actor, Depends(who)],
        staff_id: Whose = None,
        sort: Annotated[str, Query(description=_names(shifts.ORDERS), examples=["weekday"])] = "weekday",
        after: After = None,
        limit: Limit = LIMIT,
    ) -> Response:
        """When people usually work, from Monday on."""
        return await asked.list(
            actor, shifts.list_shifts, search=None, limit=limit, after=after, sort=sort, staff_id=staff_id
        )

    example = {"staff_id": WHO, "weekday": 1, "starts": 450, "ends": 990, "break_minutes": 30}
    needed = "Who, the day of the week, when it begins and when it ends are needed."
    add_routes(routes, asked, who, Described("shift", needed, ShiftFields, Shift, example, {"ends": 960}))
    return routes


def _absences(desk: Desk, who: Asker) -> APIRouter:
    routes = APIRouter(prefix="/api/v1/absences", tags=["schedule"])
    room = Room(
        "absences", "absences", "schedule", absences.create_absence, absences.change_absence, absences.delete_absence,
        absences.get_absence,
    )  # fmt: skip
    asked = Collection(room, desk)

    @routes.get("", summary="Absences, by the page", response_model=Absences)
    async def list_them(
        *,
        actor: Annotated[Actor, Depends(who)],
        staff_id: Whose = None,
        bay_id: Annotated[str | None, Query(description="Of this bay.", examples=[None])] = None,
        sort: Annotated[str, Query(description=_names(absences.ORDERS), examples=["latest"])] = "latest",
        after: After = None,
        limit: Limit = LIMIT,
    ) -> Response:
        """Who is away and which bay is out of use, the latest first."""
        return await asked.list(
            actor, absences.list_absences, search=None, limit=limit, after=after, sort=sort, staff_id=staff_id,
            bay_id=bay_id,
        )  # fmt: skip

    example = {"staff_id": WHO, "starts_at": "2026-12-21T00:00:00+01:00", "ends_at": "2027-01-02T00:00:00+01:00"}
    needed = "Somebody or a bay is needed, and when it begins; without an end it is until further notice."
    part = {"ends_at": "2026-12-29T00:00:00+01:00"}
    add_routes(routes, asked, who, Described("absence", needed, AbsenceFields, Absence, example, part))
    return routes


def _names(orders: tuple[Order, ...]) -> str:
    return f"One of {', '.join(order.name for order in orders)}."
