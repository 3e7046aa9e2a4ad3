"""Routes of rows that belong to another row: the lines of an order, the points of a template, the results of a look.

They are created, read, changed and deleted as the rows of a room are, with ``ETag``, ``If-Match`` and
``Idempotency-Key``; the row they belong to stands in the path, and one of another row is not found there.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Generic, TypeVar

from fastapi import APIRouter, Depends, Path
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from core.language import tr
from core.people.roles import Actor, require
from core.records.fields import Synced
from core.records.input import NotFound, Refused
from core.records.rows import row_of
from server.api.collection import Asker, Collection, Described, Room, RowId, View, body_of
from server.desk import Desk

WHO = "01931a2b-7c3d-7e4f-8a5b-6c7d8e9f0a1b"

V = TypeVar("V", bound=View)


class Inner(Generic[V]):
    """The rows of ``room`` below a row of ``outer``, which their field ``parent`` names.

    ``room.path`` has "{}" where the id of that row stands. ``room.create`` is given it as that field.
    """

    def __init__(self, desk: Desk, room: Room[V], outer: type[Synced], parent: str) -> None:
        self._desk, self._room, self._outer, self._parent = desk, room, outer, parent

    def of(self, id_: str) -> Collection[V]:
        """The requests to those that belong to the row with this id."""
        room, parent = self._room, self._parent

        def check(fields: Mapping[str, object]) -> None:
            if parent in fields:
                raise Refused((parent, tr("This stands in the address already.")))

        def create(session: Session, actor: Actor, fields: Mapping[str, object]) -> V:
            require(actor, f"{room.may}.read")
            row_of(session, self._outer, id_)
            check(fields)
            return room.create(session, actor, {**fields, parent: id_})

        def get(session: Session, inner: str) -> V:
            found = room.get(session, inner)
            if getattr(found, parent) != id_:
                raise NotFound(room.table, inner)
            return found

        def change(session: Session, actor: Actor, inner: str, fields: Mapping[str, object]) -> V:
            require(actor, f"{room.may}.read")
            get(session, inner)
            check(fields)
            return room.change(session, actor, inner, fields)

        def delete(session: Session, actor: Actor, inner: str) -> None:
            require(actor, f"{room.may}.read")
            get(session, inner)
            room.delete(session, actor, inner)

        path = room.path.format(id_)
        return Collection(Room(path, room.table, room.may, create, change, delete, get, room.may_see), self._desk)


def add_inner_routes(routes: APIRouter, inner: Inner[V], who: Asker, told: Described, *, path: str, whose: str) -> None:
    """Everything but the list. ``path``: after the prefix, "/{id}/lines"; ``whose``: "of an order"."""
    Who = Annotated[Actor, Depends(who)]  # noqa: N806 - a type
    InnerId = Annotated[  # noqa: N806 - a type
        str, Path(description=f"The {told.one}'s id, a UUID.", examples=[WHO], alias="inner")
    ]

    @routes.post(
        path,
        summary=f"A new {told.one} {whose}",
        description=f"{told.needed} With an `Idempotency-Key` the same request sent again makes no second one.",
        response_model=told.shown,
        status_code=HTTPStatus.CREATED,
        openapi_extra=body_of(told.fields, told.example, required=True),
    )
    async def create(request: Request, actor: Who, id_: RowId) -> Response:
        return await inner.of(id_).create(request, actor)

    @routes.get(
        f"{path}/{{inner}}",
        summary=f"One {told.one} {whose}",
        description=f"The {told.one} as it is now, with an `ETag`. A deleted one is not found.",
        response_model=told.shown,
    )
    async def read(request: Request, actor: Who, id_: RowId, inner_id: InnerId) -> Response:
        return await inner.of(id_).read(request, actor, inner_id)

    @routes.patch(
        f"{path}/{{inner}}",
        summary=f"Change fields of a {told.one} {whose}",
        description="Only the fields that are sent are written; null empties one. `If-Match` guards against a change "
        "by somebody else in between.",
        response_model=told.shown,
        openapi_extra=body_of(told.fields, told.part, required=False),
    )
    async def change(request: Request, actor: Who, id_: RowId, inner_id: InnerId) -> Response:
        return await inner.of(id_).change(request, actor, inner_id)

    @routes.delete(
        f"{path}/{{inner}}",
        summary=f"Delete a {told.one} {whose}",
        description="It is hidden everywhere, and the log keeps what it was.",
        status_code=HTTPStatus.NO_CONTENT,
        response_class=Response,
    )
    async def delete(request: Request, actor: Who, id_: RowId, inner_id: InnerId) -> Response:
        return await inner.of(id_).delete(request, actor, inner_id)
