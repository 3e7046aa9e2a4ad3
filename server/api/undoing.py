"""``/api/v1/changes/mine`` and ``/api/v1/changes/{id}/undo``: what somebody wrote last, and taking it back."""

import json
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from core.language import tr
from core.people.roles import Actor
from core.workshop import undoing
from core.workshop.undoing import Deed, Undone
from server.api.changes import ROW, STAMP, Change, shown_change
from server.api.collection import JSON, Asker
from server.desk import Desk
from server.problems import Refusal

MOST = 100


class MyChange(Change):
    """A change of whoever asks."""

    undone: bool = Field(description="Whether it was taken back.", examples=[False])
    undo: str = Field(description="The id to send to turn it round: to take it back, or do it again.", examples=[STAMP])
    possible: bool = Field(description="Whether any of it can be turned round now.", examples=[True])
    why_not: str = Field(description="Why not, in words.", examples=[""])
    stays: list[str] = Field(
        description="What of it would stay, in words.", examples=[["Changed since by Tom Huber on Bay 2."]]
    )


class MyChanges(BaseModel):
    """The last changes of whoever asks, newest first."""

    changes: list[MyChange]


class Result(BaseModel):
    """What a taking back did."""

    rows: dict[str, dict[str, list[str]]] = Field(
        description="The fields that went back, by table and row.", examples=[{"vehicles": {ROW: ["color"]}}]
    )
    stays: list[str] = Field(
        description="What of it stays, in words.", examples=[["Changed since by Tom Huber on Bay 2."]]
    )


def router(desk: Desk, who: Asker) -> APIRouter:
    """The routes; ``who`` tells who asks."""
    routes = APIRouter(prefix="/api/v1/changes", tags=["changes"])
    records = desk.records
    Who = Annotated[Actor, Depends(who)]  # noqa: N806 - a type

    @routes.get("/mine", summary="My last changes", response_model=MyChanges)
    async def mine(
        actor: Who,
        limit: Annotated[int, Query(description="Changes, at most.", examples=[20], ge=1, le=MOST)] = undoing.LIMIT,
    ) -> Response:
        """What whoever asks wrote last on any terminal, newest first, and whether it can still be taken back."""

        def look() -> tuple[Deed, ...]:
            with records.read() as session:
                return undoing.last_changes(records, session, actor, limit)

        body = {"changes": [_shown(each) for each in await desk.run(look)]}
        return Response(json.dumps(body, ensure_ascii=False).encode(), HTTPStatus.OK, media_type=JSON)

    @routes.post("/{id}/undo", summary="Take back one of my changes", response_model=Result)
    async def undo(
        actor: Who,
        id_: Annotated[str, Path(description="`id` of a change, or its `undo`.", examples=[STAMP], alias="id")],
    ) -> Response:
        """An undo is a change like any other. Every field goes back whose value is still the one that was written; what
        somebody else wrote since stays, and is named. Sent with the id of a taking back it is done again."""

        def work() -> Undone:
            try:
                return undoing.undo(records, actor, id_)
            except LookupError as error:
                words = tr("This is none of your last changes, or it was taken back already.")
                raise Refusal(HTTPStatus.NOT_FOUND, words) from error

        done = await desk.run(work)
        rows = {table: {row: sorted(names) for row, names in each.items()} for table, each in done.changes.rows.items()}
        body = {"rows": rows, "stays": list(done.stays)}
        return Response(json.dumps(body, ensure_ascii=False).encode(), HTTPStatus.OK, media_type=JSON)

    return routes


def _shown(deed: Deed) -> dict[str, Any]:
    return {
        **shown_change(deed.entry),
        "undone": deed.undone,
        "undo": deed.turn if deed.undone else deed.id,
        "possible": deed.possible,
        "why_not": deed.why_not,
        "stays": list(deed.stays),
    }
