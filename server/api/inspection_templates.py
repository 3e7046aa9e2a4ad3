"""``/api/v1/inspection-templates``: the shop's own lists of what to look at."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from core.language import AVAILABLE
from core.people.roles import Actor, require
from core.records.input import Field as Checked
from core.records.input import Fields, one_of
from core.records.paging import LIMIT, Page
from core.workshop import inspection_templates as templates
from core.workshop.default_inspections import install_default_templates
from core.workshop.inspection_models import InspectionTemplate
from core.workshop.inspection_templates import POINT_KINDS, TemplateView
from server.api.collection import After, Asker, Collection, Described, Limit, Room, RowId, add_routes, body_of
from server.api.inner import Inner, add_inner_routes
from server.api.once import fields_of
from server.api.shown import answer
from server.desk import Desk

WHO = "01931a2b-7c3d-7e4f-8a5b-6c7d8e9f0a1b"
EXAMPLE = {"name": "Winter check", "description": "Before the first frost"}
POINT_EXAMPLE = {
    "section": "Tyres", "name": "Tread depth, front left", "kind": "measure", "unit": "mm", "worse_below": True,
    "yellow_at": 4000, "red_at": 1600, "line_description": "Replace front tyres",
}  # fmt: skip
LANGUAGE = Fields(language=Checked(one_of(AVAILABLE)))


class TemplateFields(BaseModel):
    """What can be written of a template."""

    name: str | None = Field(None, max_length=120, examples=["Winter check"])
    description: str | None = Field(None, examples=["Before the first frost"])
    active: bool | None = Field(None, description="False: nobody begins it any more.", examples=[True])
    position: int | None = Field(None, description="Its place in the list.", examples=[5])


class Template(TemplateFields):
    """A template."""

    id: str = Field(examples=[WHO])
    points: int = Field(description="How many it has.", examples=[17])
    created_at: int | None = Field(None, examples=[1795392000000])
    changed_at: int | None = Field(None, examples=[1795392000000])


class Templates(BaseModel):
    """A page of templates."""

    items: list[Template]
    next: str | None = Field(
        description="Send it as `after` for the next page; null: this was the last.", examples=[None]
    )


class PointFields(BaseModel):
    """What can be written of a point. Limits are thousandths of the unit."""

    section: str | None = Field(None, max_length=80, examples=["Tyres"])
    name: str | None = Field(None, max_length=160, examples=["Tread depth, front left"])
    kind: str | None = Field(None, description=f"One of {', '.join(POINT_KINDS)}.", examples=["measure"])
    unit: str | None = Field(None, max_length=12, examples=["mm"])
    worse_below: bool | None = Field(
        None, description="True: a value under a limit is bad; else over.", examples=[True]
    )
    yellow_at: int | None = Field(None, examples=[3000])
    red_at: int | None = Field(None, examples=[1600])
    position: int | None = Field(None, examples=[1])
    line_description: str | None = Field(
        None, max_length=500, description="What a finding becomes on the estimate.", examples=["Replace front tyres"]
    )
    line_kind: str | None = Field(None, examples=["labour"])
    line_quantity: int | None = Field(None, description="Thousandths.", examples=[500])
    line_price: int | None = Field(None, description="Minor units without tax.", examples=[9800])


class Point(PointFields):
    """A point."""

    id: str = Field(examples=[WHO])
    template_id: str | None = Field(None, examples=[WHO])
    created_at: int | None = Field(None, examples=[1795392000000])
    changed_at: int | None = Field(None, examples=[1795392000000])


class Points(BaseModel):
    """All points of a template."""

    items: list[Point]
    next: None = Field(None, description="They come on one page.", examples=[None])


class LanguageFields(BaseModel):
    """In which language."""

    language: str | None = Field(None, description=f"One of {', '.join(AVAILABLE)}.", examples=["de"])


class Installed(BaseModel):
    """What was installed."""

    installed: int = Field(description="How many templates the shop did not have.", examples=[4])


def router(desk: Desk, who: Asker) -> APIRouter:
    """The routes; ``who`` tells who asks."""
    routes = APIRouter(prefix="/api/v1/inspection-templates", tags=["inspections"])
    Who = Annotated[Actor, Depends(who)]  # noqa: N806 - a type
    room = Room(
        "inspection-templates", "inspection_templates", "repair_orders", templates.create_template,
        templates.change_template, templates.delete_template, templates.get_template,
    )  # fmt: skip
    asked = Collection(room, desk)

    @routes.get("", summary="Templates of inspections", response_model=Templates)
    async def list_them(
        *,
        actor: Who,
        active: Annotated[bool | None, Query(description="Only those in use, or not.", examples=[True])] = None,
        after: After = None,
        limit: Limit = LIMIT,
    ) -> Response:
        """In the shop's own order, by the page; what they ask for is told by their points."""
        require(actor, "repair_orders.read")

        def look(session: Session) -> Page[TemplateView]:
            return templates.list_templates(session, active=active, after=after, limit=limit)

        return await asked.page(look)

    @routes.post(
        "/defaults",
        summary="Install the templates that are shipped",
        response_model=Installed,
        openapi_extra=body_of(LanguageFields, {"language": "de"}, required=False),
    )
    async def install(request: Request, actor: Who) -> Response:
        """Those that the shop does not have yet; what it has changed or deleted stays as it is. Their words are in the
        language that is asked for, and the shop's own from then on.
        """
        fields = await fields_of(request)

        def work(session: Session) -> object:
            language = LANGUAGE.settled(session, fields).get("language")
            return {"installed": install_default_templates(session, actor, str(language) if language else None)}

        return answer(await desk.run(lambda: desk.records.change(actor.reference, work).value))

    needed = "`name` is needed; then its points are added."
    add_routes(routes, asked, who, Described("template", needed, TemplateFields, Template, EXAMPLE, {"active": False}))
    _add_points(routes, desk, who)
    return routes


def _add_points(routes: APIRouter, desk: Desk, who: Asker) -> None:
    Who = Annotated[Actor, Depends(who)]  # noqa: N806 - a type

    @routes.get("/{id}/points", summary="The points of a template", response_model=Points)
    async def points(actor: Who, id_: RowId) -> Response:
        """All of them, in their order, with limits and with what a finding becomes on the estimate."""
        require(actor, "repair_orders.read")

        def look() -> object:
            with desk.records.read() as session:
                templates.get_template(session, id_)
                return {"items": templates.points_of(session, id_), "next": None}

        return answer(await desk.run(look))

    room = Room(
        "inspection-templates/{}/points", "inspection_points", "repair_orders", templates.create_point,
        templates.change_point, templates.delete_point, templates.get_point,
    )  # fmt: skip
    inner = Inner(desk, room, InspectionTemplate, "template_id")
    told = Described("point", "`name` is needed.", PointFields, Point, POINT_EXAMPLE, {"yellow_at": 4000})
    add_inner_routes(routes, inner, who, told, path="/{id}/points", whose="of a template")
