"""``/api/v1/filters``: searches with a name, one's own and everybody's; ``/api/v1/vehicles?filter=`` uses one."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session
from starlette.responses import Response

from core.people.roles import Actor
from core.records.paging import Page
from core.vehicles import saved_filters
from core.vehicles.saved_filters import PAGES, VEHICLES, SavedFilterView
from server.api.collection import Asker, Collection, Described, Room, add_routes
from server.desk import Desk

WHO = "01931a2b-7c3d-7e4f-8a5b-6c7d8e9f0a1b"
CRITERIA = {"fuel_type": ["diesel"], "year_to": 2015, "sort": "odometer"}
EXAMPLE = {"name": "Old diesels", "page": VEHICLES, "criteria": CRITERIA, "shared": True}


class Named(BaseModel):
    """A search with a name."""

    name: str = Field(max_length=120, examples=["Old diesels"])
    page: Literal["vehicles", "orders", "parts", "board"] = Field(
        description="What is looked for; it stays what it is.", examples=[VEHICLES]
    )
    criteria: dict[str, Any] = Field(
        description="Of vehicles: the parameters of `/api/v1/vehicles`, with `text` for `q`, `sort`, and `descending`.",
        examples=[CRITERIA],
    )


class FilterFields(Named):
    """What can be written of a saved search."""

    shared: bool = Field(False, description="For everybody; else for the person alone.", examples=[True])


class Filter(Named):
    """A saved search."""

    id: str = Field(examples=[WHO])
    staff_id: str | None = Field(None, description="Whose it is; null: everybody's.", examples=[None])


class Filters(BaseModel):
    """One's own, then everybody's, each by name; never so many that there is a second page."""

    items: list[Filter]
    next: str | None = Field(None, examples=[None])


def router(desk: Desk, who: Asker) -> APIRouter:
    """The routes; ``who`` tells who asks."""
    routes = APIRouter(prefix="/api/v1/filters", tags=["vehicles"])
    room = Room(
        "filters", "saved_filters", "vehicles", saved_filters.save_filter, saved_filters.change_filter,
        saved_filters.delete_filter, saved_filters.filter_of, _seen,
    )  # fmt: skip
    asked = Collection(room, desk)

    @routes.get("", summary="Saved searches", response_model=Filters)
    async def list_them(
        actor: Annotated[Actor, Depends(who)],
        page: Annotated[
            str, Query(description=f"What they look for: one of {', '.join(PAGES)}.", examples=[VEHICLES])
        ] = VEHICLES,
    ) -> Response:
        """One's own and everybody's. What a program may use has no person: it sees and saves those of everybody."""
        return await asked.page(lambda session: Page(saved_filters.list_filters(session, actor, page)))

    told = Described(
        "saved search", "`name`, `page` and `criteria` are needed.", FilterFields, Filter, EXAMPLE, {"name": "Diesels"}
    )
    add_routes(routes, asked, who, told)
    return routes


def _seen(_session: Session, actor: Actor, view: SavedFilterView) -> bool:
    return saved_filters.may_see(actor, view)
