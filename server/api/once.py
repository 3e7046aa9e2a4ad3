"""A request that makes a row beside the ordinary routes, once, when it has an ``Idempotency-Key``."""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from sqlalchemy.orm import Session
from starlette.requests import Request

from core.people.roles import Actor
from server.api.bodies import json_object
from server.api.idempotency import Once
from server.desk import Desk

T = TypeVar("T")


async def fields_of(request: Request) -> dict[str, Any]:
    """What was sent; nothing, when there is no body."""
    return await json_object(request) if request.headers.get("content-length", "0") != "0" else {}


async def made_once(
    desk: Desk,
    request: Request,
    actor: Actor,
    fields: Mapping[str, Any],
    *,
    table: str,
    make: Callable[[Session], T],
    made: Callable[[Session, str], T],
) -> T:
    """What ``make`` makes; when this very request came before, what it ``made``: ``table`` is where its row is."""
    once = Once.of(request, actor, json.dumps(fields, sort_keys=True).encode())

    def work(session: Session) -> T:
        before = once.made(session, table) if once is not None else None
        return make(session) if before is None else made(session, before)

    change = desk.records.change
    return await desk.run(lambda: change(actor.reference, work, why=once.why if once else "").value)
