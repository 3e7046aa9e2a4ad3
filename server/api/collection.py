"""What the records' routes have in common: read, list, create, change and delete rows of one room, by its functions.

The rooms of core check what a person typed and who may do what; here is only HTTP. An ``ETag`` is a digest of what is
shown, so it changes with every field of it. ``If-Match`` is checked in the transaction that writes.
"""

import dataclasses
import hashlib
import itertools
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any, ClassVar, Generic, Protocol, TypeVar

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from core.language import tr
from core.people.roles import Actor, Denied, may, require
from core.records.input import NotFound, Refused
from core.records.paging import LIMIT, MOST, Page
from server.api.bodies import json_object
from server.api.idempotency import Once
from server.desk import Desk
from server.problems import Refusal

JSON = "application/json"

Asker = Callable[..., Awaitable[Actor]]  # a dependency: who sent the request

# The query of every list.
Search = Annotated[
    str | None,
    Query(description="Words to find, each by its beginning; the best come first, on one page.", examples=["golf"]),
]
After = Annotated[str | None, Query(description="`next` of the page before.", examples=["WyJuZXdlc3QiLHRydWVd"])]
Limit = Annotated[int, Query(description=f"Rows a page, 1 to {MOST}.", examples=[LIMIT])]
RowId = Annotated[
    str, Path(description="The row's id, a UUID.", examples=["01931a2b-7c3d-7e4f-8a5b-6c7d8e9f0a1b"], alias="id")
]


class View(Protocol):
    """What a room shows of a row: a frozen dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def id(self) -> str: ...


V = TypeVar("V", bound=View)


@dataclass(frozen=True, slots=True)
class Room(Generic[V]):
    """The functions of one room. ``path``: the last part of the URL; ``may``: what its actions are called."""

    path: str
    table: str
    may: str
    create: Callable[[Session, Actor, Mapping[str, object]], V]
    change: Callable[[Session, Actor, str, Mapping[str, object]], V]
    delete: Callable[[Session, Actor, str], None]
    get: Callable[[Session, str], V]
    may_see: Callable[[Session, Actor, V], bool] | None = None  # where more than the role decides


class Collection(Generic[V]):
    """The requests to one room."""

    def __init__(self, room: Room[V], desk: Desk) -> None:
        self._room = room
        self._desk = desk
        self._records = desk.records

    async def create(self, request: Request, actor: Actor) -> Response:
        fields = await json_object(request)
        once = Once.of(request, actor, json.dumps(fields, sort_keys=True).encode())
        room = self._room

        def work(session: Session) -> V:
            before = once.made(session, room.table) if once is not None else None
            return room.create(session, actor, fields) if before is None else room.get(session, before)

        change = self._records.change
        made = await self._desk.run(lambda: change(actor.reference, work, why=once.why if once else "").value)
        body = _body(made)
        place = f"/api/v1/{room.path}/{made.id}"
        return Response(body, HTTPStatus.CREATED, {"location": place, "etag": _tag(body)}, JSON)

    async def read(self, request: Request, actor: Actor, id_: str) -> Response:
        def look() -> V:
            with self._records.read() as session:
                return self._seen(session, actor, id_)

        body = _body(await self._desk.run(look))
        tag = _tag(body)
        if tag in _tags(request, "if-none-match", weak=True):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers={"etag": tag})
        return Response(body, HTTPStatus.OK, {"etag": tag}, JSON)

    async def change(self, request: Request, actor: Actor, id_: str) -> Response:
        fields = await json_object(request)

        def work(session: Session) -> V:
            self._check_unchanged(session, request, id_)
            return self._room.change(session, actor, id_, fields)

        change = self._records.change
        body = _body(await self._desk.run(lambda: change(actor.reference, work).value))
        return Response(body, HTTPStatus.OK, {"etag": _tag(body)}, JSON)

    async def delete(self, request: Request, actor: Actor, id_: str) -> Response:
        def work(session: Session) -> None:
            self._check_unchanged(session, request, id_)
            self._room.delete(session, actor, id_)

        await self._desk.run(lambda: self._records.change(actor.reference, work))
        return Response(status_code=HTTPStatus.NO_CONTENT)

    async def list(
        self,
        actor: Actor,
        page: Callable[..., Page[V]],
        *,
        search: str | None,
        limit: int,
        after: str | None,
        sort: str,
        **wanted: str | Sequence[str] | None,
    ) -> Response:
        """A page of rows with the ``wanted`` values; with ``search``, of those that its words find, the best first."""
        require(actor, f"{self._room.may}.read")
        given = {name: value for name, value in wanted.items() if value}

        def look(session: Session) -> Page[V]:
            if search is not None:
                return self._found(session, search, limit, given)
            return page(session, limit=limit, after=after, sort=sort, **given)

        return await self.page(look)

    async def page(self, look: Callable[[Session], Page[V]]) -> Response:
        """A page that ``look`` finds, for a list that asks in its own way who may see what."""

        def read() -> Page[V]:
            with self._records.read() as session:
                return look(session)

        found = await self._desk.run(read)
        shown = {"items": [_plain(each) for each in found.items], "next": found.after}
        return Response(_json(shown), HTTPStatus.OK, media_type=JSON)

    def _seen(self, session: Session, actor: Actor, id_: str) -> V:
        """One row for somebody who may see it. Who may not is not told whether it is there."""
        action = f"{self._room.may}.read"
        try:
            found = self._room.get(session, id_)
        except NotFound:
            require(actor, action)
            raise
        seen = self._room.may_see
        if not (may(actor, action, found) if seen is None else seen(session, actor, found)):
            raise Denied(actor, action)
        return found

    def _found(self, session: Session, search: str, limit: int, wanted: Mapping[str, str | Sequence[str]]) -> Page[V]:
        if not 1 <= limit <= MOST:
            words = tr("This must be from {lowest} to {highest}.", lowest=1, highest=MOST)
            raise Refused(("limit", words))
        hits = self._records.search.find(session, search, tables=[self._room.table], limit=MOST if wanted else limit)
        rows = (self._room.get(session, hit.row) for hit in hits)
        return Page(tuple(itertools.islice((row for row in rows if _meets(row, wanted)), limit)))

    def _check_unchanged(self, session: Session, request: Request, id_: str) -> None:
        wanted = _tags(request, "if-match")
        if not wanted:
            return
        found = _tag(_body(self._room.get(session, id_)))
        if "*" not in wanted and found not in wanted:
            words = tr("It was changed since you read it. Read it again, and send what you want changed then.")
            raise Refusal(HTTPStatus.PRECONDITION_FAILED, words)


def _meets(view: View, wanted: Mapping[str, str | Sequence[str]]) -> bool:
    """Whether a row has these values, as the rooms compare them in a list."""
    for name, value in wanted.items():
        values = [value] if isinstance(value, str) else value
        if _loose(getattr(view, name)) not in map(_loose, values):
            return False
    return True


def _loose(value: object) -> str:
    return str(value or "").casefold().replace(" ", "").replace("-", "")


def _plain(view: View) -> dict[str, Any]:
    shown = dataclasses.asdict(view)
    shown.pop("deleted_at", None)  # what is deleted is not shown
    return shown


def _body(view: View) -> bytes:
    return _json(_plain(view))


def _json(shown: Any) -> bytes:
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":")).encode()


def _tag(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def _tags(request: Request, header: str, *, weak: bool = False) -> frozenset[str]:
    """The entity tags of a condition; weak ones only count where comparing weakly is meant (RFC 9110, 8.8.3.2)."""
    given = (each.strip() for value in request.headers.getlist(header) for each in value.split(","))
    return frozenset(each.removeprefix("W/") if weak else each for each in given if each)


def body_of(schema: type[BaseModel], example: Mapping[str, Any], required: bool) -> dict[str, Any]:
    """``openapi_extra`` for a route whose body is ``schema`` (a Pydantic model without references)."""
    described = schema.model_json_schema()
    if not required:
        described.pop("required", None)
    return {"requestBody": {"required": True, "content": {JSON: {"schema": described, "example": dict(example)}}}}


@dataclass(frozen=True, slots=True)
class Described:
    """How the routes of a room are told of to who uses them. ``fields`` and ``shown``: Pydantic models."""

    one: str  # "vehicle"
    needed: str  # what a new one needs
    fields: type[BaseModel]
    shown: type[BaseModel]
    example: Mapping[str, Any]
    part: Mapping[str, Any]  # of a change


def add_routes(routes: APIRouter, asked: Collection[V], who: Asker, told: Described) -> None:
    """Everything but the list, whose filters are each room's own."""
    Who = Annotated[Actor, Depends(who)]  # noqa: N806 - a type

    @routes.post(
        "",
        summary=f"A new {told.one}",
        description=f"{told.needed} With an `Idempotency-Key` the same request sent again makes no second one.",
        response_model=told.shown,
        status_code=HTTPStatus.CREATED,
        openapi_extra=body_of(told.fields, told.example, required=True),
    )
    async def create(request: Request, actor: Who) -> Response:
        return await asked.create(request, actor)

    @routes.get(
        "/{id}",
        summary=f"One {told.one}",
        description=f"The {told.one} as it is now, with an `ETag`. A deleted one is not found.",
        response_model=told.shown,
    )
    async def read(request: Request, actor: Who, id_: RowId) -> Response:
        return await asked.read(request, actor, id_)

    @routes.patch(
        "/{id}",
        summary=f"Change fields of a {told.one}",
        description="Only the fields that are sent are written; null empties one. `If-Match` guards against a change "
        "by somebody else in between.",
        response_model=told.shown,
        openapi_extra=body_of(told.fields, told.part, required=False),
    )
    async def change(request: Request, actor: Who, id_: RowId) -> Response:
        return await asked.change(request, actor, id_)

    @routes.delete(
        "/{id}",
        summary=f"Delete a {told.one}",
        description="It is hidden everywhere. What names it goes on naming it, and the log keeps what it was.",
        status_code=HTTPStatus.NO_CONTENT,
        response_class=Response,
    )
    async def delete(request: Request, actor: Who, id_: RowId) -> Response:
        return await asked.delete(request, actor, id_)
