"""``/api/v1/changes``: everything that was written, in the order in which it came to this terminal."""

import asyncio
import json
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from core.people.models import is_secret
from core.people.roles import Actor, require
from core.records import journal
from core.records.changes import ChangeSet
from core.records.journal import Entry, RowChange
from core.records.records import Records
from server.api.collection import JSON, Asker
from server.desk import Desk

MOST_WAITING = 64  # at once; who comes on top is answered at once
LONGEST_WAIT = 30.0  # s
LARGEST = (1 << 63) - 1
STAMP = "0193f1c2a7b40000aa410ab991a33da7"
ROW = "01931a2b-7c3d-7e4f-8a5b-6c7d8e9f0a1b"


class ChangedRow(BaseModel):
    """What a change wrote to one row."""

    table: str = Field(examples=["vehicles"])
    id: str = Field(examples=[ROW])
    new: bool = Field(description="Whether the row came into being with it.", examples=[False])
    fields: dict[str, Any] = Field(description="The values written; of secrets null.", examples=[{"color": "red"}])
    before: dict[str, Any] = Field(description="What they replaced, where it is known.", examples=[{"color": "blue"}])


class Change(BaseModel):
    """What one person did at one moment."""

    id: str = Field(description="Names it on every terminal.", examples=[STAMP])
    number: int = Field(description="Counts what came to this terminal, from 1.", examples=[1042])
    at: int = Field(description="UTC milliseconds, by the clock where it was written.", examples=[1795392000000])
    actor: str = Field(
        description="Who: `staff:`, `token:` or `terminal:` and an id, or `system`.", examples=["system"]
    )
    terminal_id: str = Field(description="Where it was written.", examples=[ROW])
    here: bool = Field(description="Whether that was at this terminal.", examples=[True])
    why: str = Field(examples=[""])
    rows: list[ChangedRow]


class Changes(BaseModel):
    """A page of changes."""

    changes: list[Change]
    next: int = Field(description="Send it as `after` for what comes next.", examples=[1042])


class Feed:
    """Wakes who waits for the next change. Lives on the server's loop; ``close`` when it stops."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._waiting: set[asyncio.Event] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._unsubscribe = records.subscribe(self._heard)

    async def next(self, request: Request, seconds: float, woken: asyncio.Event) -> None:
        """Return after the next change, when time is up, or when whoever asked has gone."""
        gone = asyncio.ensure_future(_gone(request))
        heard = asyncio.ensure_future(woken.wait())
        try:
            await asyncio.wait({gone, heard}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()
            heard.cancel()

    def listen(self) -> asyncio.Event | None:
        """What the next change sets; None when enough are waiting. Give it back to ``leave``."""
        self._loop = asyncio.get_running_loop()
        if len(self._waiting) >= MOST_WAITING:
            return None
        woken = asyncio.Event()
        self._waiting.add(woken)
        return woken

    def leave(self, woken: asyncio.Event | None) -> None:
        if woken is not None:
            self._waiting.discard(woken)

    def close(self) -> None:
        """The server stops: nobody waits any more."""
        self._unsubscribe()
        self._wake()

    def _heard(self, changes: ChangeSet) -> None:
        loop = self._loop
        if loop is not None and not loop.is_closed():
            try:
                loop.call_soon_threadsafe(self._wake)
            except RuntimeError:
                return  # it was closed in between: nobody waits any more

    def _wake(self) -> None:
        for woken in self._waiting:
            woken.set()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def router(desk: Desk, who: Asker, feed: Feed) -> APIRouter:
    """The route; ``who`` tells who asks."""
    routes = APIRouter(prefix="/api/v1", tags=["changes"])
    records = desk.records

    @routes.get("/changes", summary="What was written, and by whom", response_model=Changes)
    async def changes(
        *,
        request: Request,
        actor: Annotated[Actor, Depends(who)],
        after: Annotated[int, Query(description="`next` of the page before.", examples=[0], ge=0, le=LARGEST)] = 0,
        limit: Annotated[int, Query(description="Changes a page.", examples=[100], ge=1, le=journal.MOST)] = 100,
        wait: Annotated[
            float,
            Query(
                description="Seconds to wait for a change when there is none yet.", examples=[30], ge=0, le=LONGEST_WAIT
            ),
        ] = 0.0,
    ) -> Response:
        """Changes made here and at other terminals, each whole, in the order in which they came here: the numbers are
        this terminal's own. Ask again with `next`, and with `wait` to hear of a change as soon as it is there."""
        require(actor, "changes.read")

        def look() -> tuple[Entry, ...]:
            with records.read() as session:
                return journal.changes(records, session, after=after, limit=limit)

        woken = feed.listen() if wait else None  # before looking, so that nothing comes in between unheard
        try:
            found = await desk.run(look)
            if not found and woken is not None:
                await feed.next(request, wait, woken)
                found = await desk.run(look)
        finally:
            feed.leave(woken)
        body = {"changes": [shown_change(each) for each in found], "next": found[-1].number if found else after}
        return Response(json.dumps(body, ensure_ascii=False).encode(), HTTPStatus.OK, media_type=JSON)

    return routes


def shown_change(entry: Entry) -> dict[str, Any]:
    """A change as the API shows it; of secrets null."""
    return {
        "id": entry.stamp,
        "number": entry.number,
        "at": entry.at,
        "actor": entry.actor,
        "terminal_id": entry.terminal,
        "here": entry.here,
        "why": entry.why,
        "rows": [_row(each) for each in entry.rows],
    }


def _row(row: RowChange) -> dict[str, Any]:
    def open_values(values: Any) -> dict[str, Any]:
        return {name: None if is_secret(row.table, name) else value for name, value in values.items()}

    return {
        "table": row.table,
        "id": row.row,
        "new": row.new,
        "fields": open_values(row.fields),
        "before": open_values(row.before),
    }
