"""``/api/v1/inspections``: vehicles looked over, what was seen, and what becomes of it."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from core.people.roles import Actor, require
from core.records.input import Field as Checked
from core.records.input import Fields, NotFound, one_of, row_id, text, yes_no
from core.records.paging import LIMIT
from core.workshop import inspections
from core.workshop.inspection_findings import advise_finding, finding_to_line, findings_to_lines
from core.workshop.inspection_models import Inspection as InspectionRow
from core.workshop.inspection_results import (
    ResultView,
    add_result,
    delete_result,
    get_result,
    rest_is_good,
    results_of,
    set_result,
)
from core.workshop.inspections import complete_inspection, get_inspection, reopen_inspection
from core.workshop.models import RepairOrder
from server.api.collection import After, Asker, Collection, Described, Limit, Room, RowId, add_routes, body_of
from server.api.inner import Inner, add_inner_routes
from server.api.inspection_shapes import (
    CloseFields,
    DueFields,
    GoesOn,
    Inspection,
    InspectionFields,
    Inspections,
    Result,
    ResultFields,
    Results,
    SectionFields,
)
from server.api.lines import Line, Lines
from server.api.once import fields_of
from server.api.recommendations import Recommendation
from server.api.shown import answer
from server.desk import Desk

WHO = "01931a2b-7c3d-7e4f-8a5b-6c7d8e9f0a1b"
OPEN, COMPLETED = "open", "completed"
STATE = Fields(state=Checked(one_of([OPEN, COMPLETED]), required=True), leave=Checked(yes_no))
SECTION = Fields(section=Checked(text(80)))
TO = Fields(order_id=Checked(row_id, of=RepairOrder))

ResultId = Annotated[str, Path(description="The result's id, a UUID.", examples=[WHO], alias="inner")]


def router(desk: Desk, who: Asker) -> APIRouter:
    """The routes; ``who`` tells who asks."""
    routes = APIRouter(prefix="/api/v1/inspections", tags=["inspections"])
    room = Room(
        "inspections", "inspections", "repair_orders", inspections.start_inspection, inspections.change_inspection,
        inspections.delete_inspection, inspections.get_inspection,
    )  # fmt: skip
    asked = Collection(room, desk)

    @routes.get("", summary="Inspections, by the page", response_model=Inspections)
    async def list_them(
        *,
        actor: Annotated[Actor, Depends(who)],
        vehicle_id: Annotated[str | None, Query(description="Of this vehicle.", examples=[WHO])] = None,
        order_id: Annotated[str | None, Query(description="Of this order.", examples=[WHO])] = None,
        state: Annotated[str | None, Query(description="open or completed.", examples=["open"])] = None,
        sort: Annotated[str, Query(description=_orders(), examples=["newest"])] = "newest",
        after: After = None,
        limit: Limit = LIMIT,
    ) -> Response:
        """Those that meet all conditions, each with how many points are good, soon, now and left."""
        return await asked.list(
            actor, inspections.list_inspections, search=None, limit=limit, after=after, sort=sort,
            vehicle_id=vehicle_id, order_id=order_id, state=state,
        )  # fmt: skip

    needed = "`template_id` is needed, and `order_id` or `vehicle_id`. All points of the template are copied."
    example = {"template_id": WHO, "order_id": WHO}
    told = Described("inspection", needed, InspectionFields, Inspection, example, {"remark": "Wet road"})
    add_routes(routes, asked, who, told)
    _add_closing(routes, desk, who)
    _add_results(routes, desk, who)
    _add_findings(routes, desk, who)
    return routes


def _add_closing(routes: APIRouter, desk: Desk, who: Asker) -> None:
    Who = Annotated[Actor, Depends(who)]  # noqa: N806 - a type

    @routes.post(
        "/{id}/state",
        summary="Complete an inspection, or open it again",
        response_model=Inspection,
        openapi_extra=body_of(CloseFields, {"state": COMPLETED}, required=True),
    )
    async def set_state(request: Request, actor: Who, id_: RowId) -> Response:
        """A completed one takes no results until it is opened again. With points nobody looked at it is completed only
        when `leave` says that they stay so: the paper says it, too.
        """
        fields = await fields_of(request)

        def work(session: Session) -> object:
            wanted = STATE.settled(session, fields)
            if wanted["state"] != COMPLETED:
                return reopen_inspection(session, actor, id_)
            return complete_inspection(session, actor, id_, leave=wanted.get("leave") is True)

        return answer(await desk.run(lambda: desk.records.change(actor.reference, work).value))

    @routes.post(
        "/{id}/rest-is-good",
        summary="What nobody has said anything of is good",
        response_model=Results,
        openapi_extra=body_of(SectionFields, {"section": "Tyres"}, required=False),
    )
    async def the_rest(request: Request, actor: Who, id_: RowId) -> Response:
        """Of one section, or of all; only what is looked at. What is measured or written down is left."""
        fields = await fields_of(request)

        def work(session: Session) -> object:
            section = SECTION.settled(session, fields).get("section")
            found = rest_is_good(session, actor, id_, None if section is None else str(section))
            return {"items": found, "next": None}

        return answer(await desk.run(lambda: desk.records.change(actor.reference, work).value))


def _add_results(routes: APIRouter, desk: Desk, who: Asker) -> None:
    Who = Annotated[Actor, Depends(who)]  # noqa: N806 - a type

    @routes.get("/{id}/results", summary="What was seen at each point", response_model=Results)
    async def results(actor: Who, id_: RowId) -> Response:
        """All points in their order, each with its limits, the last time it was looked at on this vehicle, how many
        photos show it, and what it became on the estimate.
        """
        require(actor, "repair_orders.read")

        def look() -> object:
            with desk.records.read() as session:
                get_inspection(session, id_)
                return {"items": results_of(session, id_), "next": None}

        return answer(await desk.run(look))

    def create(session: Session, actor: Actor, fields: Mapping[str, object]) -> ResultView:
        given = dict(fields)
        return add_result(session, actor, str(given.pop("inspection_id")), given)

    room = Room(
        "inspections/{}/results", "inspection_results", "repair_orders", create, set_result, delete_result, get_result
    )
    needed = "For what the template does not ask for: `name` is needed."
    example = {"name": "Marten bites", "section": "Engine", "verdict": "yellow"}
    told = Described("result", needed, ResultFields, Result, example, {"value": 1500, "remark": "Inner edge"})
    inner = Inner(desk, room, InspectionRow, "inspection_id")
    add_inner_routes(routes, inner, who, told, path="/{id}/results", whose="of an inspection")


def _add_findings(routes: APIRouter, desk: Desk, who: Asker) -> None:
    Who = Annotated[Actor, Depends(who)]  # noqa: N806 - a type

    @routes.post(
        "/{id}/lines",
        summary="Put all findings on the estimate",
        response_model=Lines,
        status_code=HTTPStatus.CREATED,
        openapi_extra=body_of(GoesOn, {"order_id": WHO}, required=False),
    )
    async def all_to_lines(request: Request, actor: Who, id_: RowId) -> Response:
        """All that is red or yellow, each once: what is on the estimate already is in the answer too."""
        fields = await fields_of(request)

        def work(session: Session) -> object:
            made = findings_to_lines(session, actor, id_, _order(session, fields))
            return {"items": made, "next": None}

        made = await desk.run(lambda: desk.records.change(actor.reference, work).value)
        return answer(made, HTTPStatus.CREATED)

    @routes.post(
        "/{id}/results/{inner}/line",
        summary="Put a finding on the estimate",
        response_model=Line,
        status_code=HTTPStatus.CREATED,
        openapi_extra=body_of(GoesOn, {"order_id": WHO}, required=False),
    )
    async def one_to_line(request: Request, actor: Who, id_: RowId, inner_id: ResultId) -> Response:
        """A line with what its point says is done about it, linked by `result_id`; a second time the same one."""
        fields = await fields_of(request)

        def work(session: Session) -> object:
            _check_of(session, actor, id_, inner_id)
            return finding_to_line(session, actor, inner_id, _order(session, fields))

        made = await desk.run(lambda: desk.records.change(actor.reference, work).value)
        return answer(made, HTTPStatus.CREATED)

    @routes.post(
        "/{id}/results/{inner}/recommendation",
        summary="Put a finding off",
        response_model=Recommendation,
        status_code=HTTPStatus.CREATED,
        openapi_extra=body_of(DueFields, {"due_on": "2027-05-01"}, required=False),
    )
    async def put_off(request: Request, actor: Who, id_: RowId, inner_id: ResultId) -> Response:
        """It comes back on that day, at that odometer, or else at the next visit. Once: a second time moves the day."""
        fields = await fields_of(request)

        def work(session: Session) -> object:
            _check_of(session, actor, id_, inner_id)
            return advise_finding(session, actor, inner_id, fields)

        made = await desk.run(lambda: desk.records.change(actor.reference, work).value)
        return answer(made, HTTPStatus.CREATED)


def _order(session: Session, fields: Mapping[str, object]) -> str | None:
    found = TO.settled(session, fields).get("order_id")
    return str(found) if found else None


def _check_of(session: Session, actor: Actor, inspection_id: str, result_id: str) -> None:
    """Raises ``NotFound`` when the result is of another inspection."""
    require(actor, "repair_orders.change")
    if get_result(session, result_id).inspection_id != inspection_id:
        raise NotFound("inspection_results", result_id)


def _orders() -> str:
    return f"One of {', '.join(order.name for order in inspections.ORDERS)}."
