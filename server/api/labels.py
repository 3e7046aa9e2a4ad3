"""``/api/v1/labels``: words of the shop's own that an order may bear within a state."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session
from starlette.responses import Response

from core.people.roles import Actor, require
from core.records.paging import LIMIT, Page
from core.workshop import labels
from core.workshop.labels import COLORS, LabelView
from core.workshop.states import Status
from server.api.collection import After, Asker, Collection, Described, Limit, Room, add_routes
from server.desk import Desk

WHO = "01931a2b-7c3d-7e4f-8a5b-6c7d8e9f0a1b"
EXAMPLE = {"name": "Road test", "status": "quality_check", "color": "warning"}


class LabelFields(BaseModel):
    """What can be written of a label."""

    name: str | None = Field(None, max_length=60, examples=["Road test"])
    status: str | None = Field(
        None, description=f"In which state: one of {', '.join(Status)}; in all when not said.", examples=["ready"]
    )
    color: str | None = Field(None, description=f"One of {', '.join(COLORS)}.", examples=["warning"])
    position: int | None = Field(None, description="Its place in the list.", examples=[1])


class Label(LabelFields):
    """A label."""

    id: str = Field(examples=[WHO])
    created_at: int | None = Field(None, examples=[1795392000000])
    changed_at: int | None = Field(None, examples=[1795392000000])


class Labels(BaseModel):
    """A page of labels."""

    items: list[Label]
    next: str | None = Field(
        description="Send it as `after` for the next page; null: this was the last.", examples=[None]
    )


def router(desk: Desk, who: Asker) -> APIRouter:
    """The routes; ``who`` tells who asks."""
    routes = APIRouter(prefix="/api/v1/labels", tags=["repair orders"])
    room = Room(
        "labels", "order_labels", "repair_orders", labels.create_label, labels.change_label, labels.delete_label,
        labels.get_label,
    )  # fmt: skip
    asked = Collection(room, desk)

    @routes.get("", summary="Labels, by the page", response_model=Labels)
    async def list_them(actor: Annotated[Actor, Depends(who)], after: After = None, limit: Limit = LIMIT) -> Response:
        """In the shop's own order. An order keeps the word it bears also after its label was taken off this list."""
        require(actor, "repair_orders.read")

        def look(session: Session) -> Page[LabelView]:
            return labels.list_labels(session, after=after, limit=limit)

        return await asked.page(look)

    needed = "`name` is needed."
    add_routes(routes, asked, who, Described("label", needed, LabelFields, Label, EXAMPLE, {"color": "ok"}))
    return routes
