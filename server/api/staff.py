"""``/api/v1/staff``: who works here, what they can do, and the PIN each signs in with at a shared terminal.

There is no signing in by PIN over HTTP: programs and tablets have tokens, and a PIN of four digits is worth something
only where somebody stands in front of the terminal.
"""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from core.language import tr
from core.people import staff
from core.people.roles import STAFF_ROLES, Actor
from core.people.staff import StaffView, list_staff, seen_by, set_pin
from core.records.input import Field as Given
from core.records.input import Fields, Value, Wrong
from core.records.paging import LIMIT, Page
from server.api.bodies import json_object
from server.api.collection import (
    After,
    Asker,
    Collection,
    Described,
    Limit,
    Room,
    RowId,
    add_routes,
    body_of,
)  # fmt: skip
from server.desk import Desk

WHO = "01931a2b-7c3d-7e4f-8a5b-6c7d8e9f0a1b"
EXAMPLE = {"name": "Tom Huber", "role": "technician", "skills": "brakes, air conditioning", "hourly_cost": 3400}
ROLES = ", ".join(role.value for role in STAFF_ROLES)


def _digits(value: object) -> Value:
    """Text, also when it is empty; what a PIN has to be is said by ``set_pin``."""
    if not isinstance(value, str):
        raise Wrong(tr("This must be text."))
    return value


PIN = Fields(pin=Given(_digits, required=True))


class StaffFields(BaseModel):
    """What can be written of somebody who works here."""

    name: str = Field(max_length=120, examples=["Tom Huber"])
    role: str = Field(description=f"One of {ROLES}.", examples=["technician"])
    active: bool = Field(True, description="False for who has left: they stay in what they wrote.", examples=[True])
    skills: str | None = Field(None, description="Words by comma.", examples=["brakes, air conditioning"])
    hourly_cost: int | None = Field(
        None, description="To the shop, minor units; null for who may not change the staff.", examples=[3400]
    )


class Person(StaffFields):
    """Somebody who works here."""

    id: str = Field(examples=[WHO])
    has_pin: bool = Field(description="Whether they sign in with a PIN.", examples=[True])
    created_at: int | None = Field(None, examples=[1795392000000])
    changed_at: int | None = Field(None, examples=[1795392000000])


class People(BaseModel):
    """A page of the staff."""

    items: list[Person]
    next: str | None = Field(
        description="Send it as `after` for the next page; null: this was the last.", examples=[None]
    )


class Pin(BaseModel):
    """A PIN."""

    pin: str = Field(description="4 to 8 digits; empty takes it away.", examples=["4711"])


class _Staff(Collection[StaffView]):
    """Everybody sees who works here, and only some what an hour of theirs costs."""

    def _seen(self, session: Session, actor: Actor, id_: str) -> StaffView:
        return seen_by(actor, super()._seen(session, actor, id_))


def router(desk: Desk, who: Asker) -> APIRouter:
    """The routes; ``who`` tells who asks."""
    routes = APIRouter(prefix="/api/v1/staff", tags=["staff"])
    asked = _Staff(
        Room(
            "staff", "staff", "staff", staff.create_staff, staff.change_staff, staff.delete_staff, staff.get_staff
        ),
        desk,
    )  # fmt: skip
    Who = Annotated[Actor, Depends(who)]  # noqa: N806 - a type

    @routes.get("", summary="Who works here, by the page", response_model=People)
    async def list_them(
        *,
        actor: Who,
        active: Annotated[
            bool | None, Query(description="Only who works here now, or has left.", examples=[True])
        ] = None,
        role: Annotated[str | None, Query(description=f"One of {ROLES}.", examples=["technician"])] = None,
        sort: Annotated[str, Query(description=_orders(), examples=["name"])] = "name",
        after: After = None,
        limit: Limit = LIMIT,
    ) -> Response:
        """Those that meet all conditions. Pages stay right while rows come and go: each begins where the last ended."""

        def page(session: Session, **wanted: Any) -> Page[StaffView]:
            return list_staff(session, active=active, **wanted).mapped(lambda view: seen_by(actor, view))

        return await asked.list(actor, page, search=None, limit=limit, after=after, sort=sort, role=role)

    @routes.post(
        "/{id}/pin",
        summary="Set a PIN",
        description="What somebody signs in with at a shared terminal. It is kept as a hash and cannot be read back.",
        status_code=HTTPStatus.NO_CONTENT,
        response_class=Response,
        openapi_extra=body_of(Pin, {"pin": "4711"}, required=True),
    )
    async def pin(request: Request, actor: Who, id_: RowId) -> Response:
        given = await json_object(request)

        def work(session: Session) -> None:
            set_pin(session, actor, id_, str(PIN.settled(session, given)["pin"] or ""))

        await desk.run(lambda: desk.records.change(actor.reference, work))
        return Response(status_code=HTTPStatus.NO_CONTENT)

    needed = "`name` and `role` are needed. Only an owner makes owners."
    add_routes(routes, asked, who, Described("person", needed, StaffFields, Person, EXAMPLE, {"active": False}))
    return routes


def _orders() -> str:
    return f"One of {', '.join(order.name for order in staff.ORDERS)}."
