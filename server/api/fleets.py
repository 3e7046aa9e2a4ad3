"""``/api/v1/fleets``: vehicles that are looked after together, which they are, and who was let in to see them."""

from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from core.people.roles import Actor, require
from core.records.paging import LIMIT, Page
from core.vehicles import fleet_access, fleets
from core.vehicles.search import VehicleCriteria
from core.vehicles.vehicles import VehicleView, list_vehicles
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
)
from server.api.shown import answer
from server.api.vehicles_shown import Vehicles
from server.desk import Desk

WHO = "01931a2b-7c3d-7e4f-8a5b-6c7d8e9f0a1b"
EXAMPLE = {"name": "Vans of the bakery", "customer_id": WHO}
Inner = Annotated[str, Path(description="A row's id, a UUID.", examples=[WHO])]


class FleetFields(BaseModel):
    """What can be written of a fleet."""

    name: str = Field(max_length=120, examples=["Vans of the bakery"])
    description: str | None = Field(None, examples=["Serviced on Saturdays."])
    customer_id: str | None = Field(None, description="Whose it is.", examples=[WHO])


class Fleet(FleetFields):
    """A fleet."""

    id: str = Field(examples=[WHO])
    vehicle_count: int = Field(description="Its members.", examples=[12])
    created_at: int | None = Field(None, examples=[1795392000000])
    changed_at: int | None = Field(None, examples=[1795392000000])


class Fleets(BaseModel):
    """A page of fleets."""

    items: list[Fleet]
    next: str | None = Field(
        description="Send it as `after` for the next page; null: this was the last.", examples=[None]
    )


class Members(BaseModel):
    """Vehicles to put into a fleet."""

    vehicle_ids: list[str] = Field(examples=[[WHO]])


class AccessFields(BaseModel):
    """Whom to let in: somebody who works here, or a customer."""

    staff_id: str | None = Field(None, examples=[None])
    customer_id: str | None = Field(None, examples=[WHO])
    level: Literal["read", "change"] = Field(
        "read", description="change: also keep its vehicles, but not whose they are.", examples=["read"]
    )


class AccessLevel(BaseModel):
    """What can be changed of an access."""

    level: Literal["read", "change"] = Field(examples=["change"])


class Access(BaseModel):
    """Somebody who was let in."""

    id: str = Field(examples=[WHO])
    fleet_id: str | None = Field(examples=[WHO])
    staff_id: str | None = Field(examples=[None])
    customer_id: str | None = Field(examples=[WHO])
    name: str | None = Field(description="Theirs.", examples=["Anna Ott"])
    level: str | None = Field(examples=["read"])


class Accesses(BaseModel):
    """Everybody who was let in."""

    items: list[Access]


def router(desk: Desk, who: Asker) -> APIRouter:
    """The routes; ``who`` tells who asks."""
    routes = APIRouter(prefix="/api/v1/fleets", tags=["fleets"])
    room = Room(
        "fleets", "fleets", "vehicles", fleets.create_fleet, fleets.change_fleet, fleets.delete_fleet,
        fleets.get_fleet, lambda session, actor, fleet: fleet_access.may_see_fleet(session, actor, fleet.id),
    )  # fmt: skip
    asked = Collection(room, desk)

    @routes.get("", summary="Fleets, by the page", response_model=Fleets)
    async def list_them(
        *,
        actor: Annotated[Actor, Depends(who)],
        customer_id: Annotated[str | None, Query(description="Whose they are.", examples=[WHO])] = None,
        sort: Annotated[str, Query(description=_orders(), examples=["name"])] = "name",
        after: After = None,
        limit: Limit = LIMIT,
    ) -> Response:
        """Those the person may see: who reads vehicles sees all, a customer theirs and those they were let into."""
        seen = fleet_access.fleets_seen_by(actor)
        return await asked.page(
            lambda session: fleets.list_fleets(
                session, customer_id=customer_id or None, seen=seen, sort=sort, after=after, limit=limit
            )
        )

    told = Described("fleet", "Only `name` is needed.", FleetFields, Fleet, EXAMPLE, {"name": "Trucks"})
    add_routes(routes, asked, who, told)
    _add_members(routes, asked, desk, who)
    _add_access(routes, desk, who)
    return routes


def _add_members(routes: APIRouter, asked: Collection[fleets.FleetView], desk: Desk, who: Asker) -> None:
    Who = Annotated[Actor, Depends(who)]  # noqa: N806 - a type

    @routes.get("/{id}/vehicles", summary="The vehicles of a fleet", response_model=Vehicles)
    async def members(actor: Who, id_: RowId, after: After = None, limit: Limit = LIMIT) -> Response:
        """Its members by plate, by the page. The same as `/api/v1/vehicles?fleet_id=`, for who may see the fleet."""

        def look() -> Page[VehicleView]:
            with desk.records.read() as session:
                _check_seen(session, actor, id_)
                return list_vehicles(session, VehicleCriteria(fleet_id=id_), sort="plate", after=after, limit=limit)

        found = await desk.run(look)
        return answer({"items": found.items, "next": found.after})

    @routes.post(
        "/{id}/vehicles",
        summary="Put vehicles into a fleet",
        description="They leave the fleet where they were. All of them or, when one is not here, none.",
        response_model=Fleet,
        openapi_extra=body_of(Members, {"vehicle_ids": [WHO]}, required=True),
    )
    async def add(request: Request, actor: Who, id_: RowId) -> Response:
        given = (await json_object(request)).get("vehicle_ids")
        wanted = given if isinstance(given, list) else []

        def work(session: Session) -> fleets.FleetView:
            return fleets.add_members(session, actor, id_, wanted)

        return answer(await desk.run(lambda: desk.records.change(actor.reference, work).value))

    @routes.delete(
        "/{id}/vehicles/{vehicle_id}",
        summary="Take a vehicle out of a fleet",
        description="The vehicle stays, and its history with it; it is of no fleet then.",
        status_code=HTTPStatus.NO_CONTENT,
        response_class=Response,
    )
    async def remove(actor: Who, id_: RowId, vehicle_id: Inner) -> Response:
        def work(session: Session) -> None:
            fleets.remove_member(session, actor, id_, vehicle_id)

        await desk.run(lambda: desk.records.change(actor.reference, work))
        return Response(status_code=HTTPStatus.NO_CONTENT)


def _add_access(routes: APIRouter, desk: Desk, who: Asker) -> None:
    Who = Annotated[Actor, Depends(who)]  # noqa: N806 - a type

    @routes.get("/{id}/access", summary="Who was let into a fleet", response_model=Accesses)
    async def listed(actor: Who, id_: RowId) -> Response:
        """Staff and customers with their level. Only who works here is told."""

        def look() -> tuple[fleet_access.FleetAccessView, ...]:
            require(actor, "vehicles.read")
            with desk.records.read() as session:
                return fleet_access.list_access(session, id_)

        return answer({"items": await desk.run(look)})

    @routes.post(
        "/{id}/access",
        summary="Let somebody into a fleet",
        description="Somebody who works here, or a customer. Who is in already gets the level anew.",
        response_model=Access,
        status_code=HTTPStatus.CREATED,
        openapi_extra=body_of(AccessFields, {"customer_id": WHO, "level": "read"}, required=True),
    )
    async def give(request: Request, actor: Who, id_: RowId) -> Response:
        fields = {**await json_object(request), "fleet_id": id_}

        def work(session: Session) -> fleet_access.FleetAccessView:
            return fleet_access.give_access(session, actor, fields)

        made = await desk.run(lambda: desk.records.change(actor.reference, work).value)
        return answer(made, HTTPStatus.CREATED)

    @routes.patch(
        "/{id}/access/{access_id}",
        summary="Change the level of an access",
        description="read: to see the fleet and its vehicles; change: to keep them, too.",
        response_model=Access,
        openapi_extra=body_of(AccessLevel, {"level": "change"}, required=True),
    )
    async def level(request: Request, actor: Who, id_: RowId, access_id: Inner) -> Response:
        fields = await json_object(request)

        def work(session: Session) -> fleet_access.FleetAccessView:
            fleet_access.check_is_of(session, access_id, id_)
            return fleet_access.change_access(session, actor, access_id, fields)

        return answer(await desk.run(lambda: desk.records.change(actor.reference, work).value))

    @routes.delete(
        "/{id}/access/{access_id}",
        summary="Take an access away",
        description="From now on they see the fleet only if it is theirs, or if their role sees all.",
        status_code=HTTPStatus.NO_CONTENT,
        response_class=Response,
    )
    async def take_away(actor: Who, id_: RowId, access_id: Inner) -> Response:
        def work(session: Session) -> None:
            fleet_access.check_is_of(session, access_id, id_)
            fleet_access.take_access_away(session, actor, access_id)

        await desk.run(lambda: desk.records.change(actor.reference, work))
        return Response(status_code=HTTPStatus.NO_CONTENT)


def _check_seen(session: Session, actor: Actor, id_: str) -> None:
    """Raises ``Denied``, or ``NotFound`` for who may see every fleet."""
    if fleet_access.may_see_fleet(session, actor, id_):
        fleets.get_fleet(session, id_)
        return
    require(actor, "vehicles.read")


def _orders() -> str:
    return f"One of {', '.join(order.name for order in fleets.ORDERS)}."
