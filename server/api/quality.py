"""``/api/v1/repair-orders/{id}/quality-checks``: somebody looks the finished work over."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from core.language import tr
from core.people.roles import Actor, require
from core.records.input import Refused
from core.records.paging import LIMIT
from core.records.rows import row_of
from core.workshop.models import RepairOrder
from core.workshop.quality import CheckView, check_quality, get_check, list_checks
from server.api.collection import After, Asker, Limit, RowId, body_of
from server.api.lines import require_order
from server.api.once import fields_of, made_once
from server.api.shown import answer
from server.desk import Desk

WHO = "01931a2b-7c3d-7e4f-8a5b-6c7d8e9f0a1b"


class CheckFields(BaseModel):
    """What was found."""

    passed: bool = Field(examples=[False])
    remark: str | None = Field(None, description="Needed when it did not pass.", examples=["Wheel not torqued"])


class Check(CheckFields):
    """A check."""

    id: str = Field(examples=[WHO])
    order_id: str | None = Field(None, examples=[WHO])
    checked_by: str | None = Field(None, examples=[f"staff:{WHO}"])
    checked_by_name: str | None = Field(None, examples=["Tom Marek"])
    checked_at: int | None = Field(None, examples=[1795392000000])


class Checks(BaseModel):
    """A page of checks, the last first."""

    items: list[Check]
    next: str | None = Field(
        description="Send it as `after` for the next page; null: this was the last.", examples=[None]
    )


def router(desk: Desk, who: Asker) -> APIRouter:
    """The routes; ``who`` tells who asks."""
    routes = APIRouter(prefix="/api/v1/repair-orders", tags=["repair orders"])
    Who = Annotated[Actor, Depends(who)]  # noqa: N806 - a type

    @routes.get("/{id}/quality-checks", summary="The quality checks of an order", response_model=Checks)
    async def list_them(actor: Who, id_: RowId, after: After = None, limit: Limit = LIMIT) -> Response:
        """All of them, the last first: that one says how the work stands. None is ever changed."""

        def look() -> object:
            with desk.records.read() as session:
                require_order(session, actor, id_)
                found = list_checks(session, id_, after=after, limit=limit)
                return {"items": found.items, "next": found.after}

        return answer(await desk.run(look))

    @routes.post(
        "/{id}/quality-checks",
        summary="The work was looked over",
        response_model=Check,
        status_code=HTTPStatus.CREATED,
        openapi_extra=body_of(CheckFields, {"passed": True}, required=True),
    )
    async def check(request: Request, actor: Who, id_: RowId) -> Response:
        """`passed` is needed; what did not pass says why. With an `Idempotency-Key` the same request sent again is
        kept once.
        """
        fields = await fields_of(request)
        if "order_id" in fields:
            raise Refused(("order_id", tr("This stands in the address already.")))

        def make(session: Session) -> CheckView:
            require(actor, "repair_orders.change")
            row_of(session, RepairOrder, id_)
            return check_quality(session, actor, {**fields, "order_id": id_})

        made = await made_once(desk, request, actor, fields, table="quality_checks", make=make, made=get_check)
        return answer(made, HTTPStatus.CREATED)

    return routes
