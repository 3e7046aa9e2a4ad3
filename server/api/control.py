"""``/control/v1``: what the command line asks of the terminal that runs (``app.control`` says how)."""

import dataclasses
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, Response

from core.language import tr
from core.people.roles import SYSTEM
from core.people.tokens import TokenView, issue_token, list_tokens, revoke_token
from core.records.records import wall_ms
from core.sync.views import SyncError, WorkshopLink
from server.api.bodies import json_object
from server.desk import Desk
from server.problems import Refusal
from server.security import CONTROL, in_control

T = TypeVar("T")


def router(desk: Desk, link: WorkshopLink, secret: str) -> APIRouter:
    """The verbs, for who knows ``secret``."""
    routes = APIRouter(prefix=CONTROL, include_in_schema=False, dependencies=[Depends(in_control(secret))])

    async def asked(work: Callable[[], T]) -> T:
        try:
            return await desk.run(work)
        except SyncError as error:
            raise Refusal(HTTPStatus.CONFLICT, str(error)) from error

    @routes.post("/pairing")
    async def open_pairing() -> Response:
        offer = await asked(link.open_pairing)
        left = max(0, round((offer.expires_at - wall_ms()) / 1000))
        found = {"code": offer.code, "address": offer.address, "expires_s": left, "tries_left": offer.tries_left}
        return JSONResponse(found)

    @routes.delete("/pairing")
    async def close_pairing() -> Response:
        await asked(link.close_pairing)
        return Response(status_code=HTTPStatus.NO_CONTENT)

    @routes.get("/peers")
    async def peers() -> Response:
        found = await asked(link.peers)
        return JSONResponse({"peers": [dataclasses.asdict(each) for each in found]})

    @routes.delete("/peers/{device_id}")
    async def remove(device_id: str) -> Response:
        if all(each.device_id != device_id for each in await asked(link.peers)):
            raise Refusal(HTTPStatus.NOT_FOUND, tr("There is no terminal {device} in this workshop.", device=device_id))
        await asked(lambda: link.remove(device_id, SYSTEM.reference))
        return Response(status_code=HTTPStatus.NO_CONTENT)

    @routes.post("/sync")
    async def sync_now() -> Response:
        await asked(link.sync_now)
        return Response(status_code=HTTPStatus.NO_CONTENT)

    @routes.post("/tokens")
    async def tokens(request: Request) -> Response:
        fields: dict[str, Any] = await json_object(request)
        role, name = (fields.get(key) for key in ("role", "name"))
        if not isinstance(role, str) or not isinstance(name, str):
            words = tr("A token needs a role and a name.")
            raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, words)
        token = await desk.run(lambda: issue_token(desk.records, SYSTEM, role, name))
        return JSONResponse({"token": token}, HTTPStatus.CREATED)

    @routes.get("/tokens")
    async def given_out() -> Response:
        found = await desk.run(lambda: _read(desk))
        return JSONResponse({"tokens": [dataclasses.asdict(each) for each in found]})

    @routes.delete("/tokens/{id_}")
    async def revoke(id_: str) -> Response:
        def work() -> None:
            desk.records.change(SYSTEM.reference, lambda session: revoke_token(session, SYSTEM, id_))

        await desk.run(work)
        return Response(status_code=HTTPStatus.NO_CONTENT)

    return routes


def every_token(session: Session) -> tuple[TokenView, ...]:
    """All tokens that were given out, the newest first, revoked ones among them."""
    found: list[TokenView] = []
    page = list_tokens(session)
    while page.after is not None:
        found += page.items
        page = list_tokens(session, after=page.after)
    return (*found, *page.items)


def _read(desk: Desk) -> tuple[TokenView, ...]:
    with desk.records.read() as session:
        return every_token(session)
