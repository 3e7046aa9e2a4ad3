"""``/api/v1/repair-orders/{id}/estimate`` and ``/decisions``: what an order comes to, and what the customer says."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from core.language import tr
from core.people.roles import Actor
from core.records.input import Refused
from core.records.paging import LIMIT
from core.workshop import decisions as said
from core.workshop.decisions import WAYS, list_decisions
from core.workshop.estimates import STATES, Estimate, decide, decide_all, estimate
from server.api.collection import After, Asker, Limit, RowId, body_of
from server.api.lines import Line, require_order, without_costs
from server.api.once import fields_of, made_once
from server.api.shown import answer
from server.desk import Desk

WHO = "01931a2b-7c3d-7e4f-8a5b-6c7d8e9f0a1b"
WORDS = ", ".join(said.WORDS)
EXAMPLE = {
    "decisions": [{"line_id": WHO, "decision": "approved"}],
    "said_by": "Anna Ott",
    "way": "phone",
    "remark": "The tyres in spring",
}


class TaxShown(BaseModel):
    """The tax of one rate, minor units."""

    rate: int = Field(description="1900 is 19 %.", examples=[1900])
    net: int = Field(examples=[23898])
    tax: int = Field(examples=[4541])


class TotalsShown(BaseModel):
    """What lines come to, minor units. The tax of each rate is of the sum of its lines, rounded once, half away from
    nought.
    """

    net: int = Field(description="labour + parts + other + discount.", examples=[23898])
    taxes: list[TaxShown]
    tax: int = Field(examples=[4541])
    gross: int = Field(examples=[28439])
    discount: int = Field(description="Nought or negative.", examples=[0])
    cost: int | None = Field(description="What the shop paid, as far as the lines say.", examples=[5620])
    labour: int = Field(examples=[14700])
    parts: int = Field(examples=[9198])
    other: int = Field(examples=[0])


class Decision(BaseModel):
    """What a customer said to a line."""

    id: str = Field(examples=[WHO])
    order_id: str | None = Field(examples=[WHO])
    line_id: str | None = Field(examples=[WHO])
    decision: str | None = Field(examples=["approved"])
    said_by: str | None = Field(examples=["Anna Ott"])
    way: str | None = Field(examples=["phone"])
    remark: str | None = Field(examples=[None])
    quantity: int | None = Field(description="As it was then.", examples=[1500])
    unit_price: int | None = Field(description="As it was then.", examples=[9800])
    tax_rate: int | None = Field(description="As it was then.", examples=[1900])
    description: str | None = Field(description="As it was then; null: not noted.", examples=["Front brake pads"])
    percent_off: int | None = Field(description="As it was then.", examples=[None])
    recorded_by: str | None = Field(examples=[f"staff:{WHO}"])
    recorded_by_name: str | None = Field(examples=["Tom Marek"])
    decided_at: int | None = Field(examples=[1795392000000])


class EstimateLineShown(BaseModel):
    """A line and where it stands."""

    line: Line
    state: str = Field(description=f"One of {', '.join(STATES)}.", examples=["approved"])
    decision: Decision | None = Field(description="The last word on it.", examples=[None])


class EstimateShown(BaseModel):
    """The estimate of an order."""

    order_id: str = Field(examples=[WHO])
    lines: list[EstimateLineShown]
    everything: TotalsShown
    approved: TotalsShown
    declined: TotalsShown
    waiting: TotalsShown = Field(description="Of what nobody has said yes or no to, as it is now.")
    counts: dict[str, int] = Field(description="Lines by state.", examples=[{"approved": 2, "declined": 1}])


class Decisions(BaseModel):
    """A page of what was said, the last first."""

    items: list[Decision]
    next: str | None = Field(
        description="Send it as `after` for the next page; null: this was the last.", examples=[None]
    )


class DecisionFields(BaseModel):
    """What a customer says: to some lines (`decisions`), or to all that wait for an answer (`decision`)."""

    decisions: list[dict[str, str]] | None = Field(
        None,
        description=f"`line_id` and `decision`, one of {WORDS}.",
        examples=[[{"line_id": WHO, "decision": "approved"}]],
    )
    decision: str | None = Field(None, description=f"To all that wait: one of {WORDS}.", examples=["approved"])
    said_by: str | None = Field(None, max_length=120, description="Who spoke.", examples=["Anna Ott"])
    way: str | None = Field(None, description=f"One of {', '.join(WAYS)}.", examples=["phone"])
    remark: str | None = Field(None, max_length=500, examples=["The tyres in spring"])
    due_on: str | None = Field(None, description="When declined work comes back.", examples=["2027-04-01"])
    due_odometer: int | None = Field(None, description="Or at how many km.", examples=[90000])


def router(desk: Desk, who: Asker) -> APIRouter:
    """The routes; ``who`` tells who asks."""
    routes = APIRouter(prefix="/api/v1/repair-orders", tags=["estimates"])
    Who = Annotated[Actor, Depends(who)]  # noqa: N806 - a type

    @routes.get("/{id}/estimate", summary="The estimate of an order", response_model=EstimateShown)
    async def the_estimate(actor: Who, id_: RowId) -> Response:
        """Its lines with the last word on each, and what all of them, the approved, the declined and the open ones
        come to. A line that was made dearer since it was approved is `changed`.
        """

        def look() -> object:
            with desk.records.read() as session:
                require_order(session, actor, id_)
                return _shown(estimate(session, id_))

        return answer(without_costs(actor, await desk.run(look)))

    @routes.get("/{id}/decisions", summary="What was said to an order's lines", response_model=Decisions)
    async def all_that_was_said(
        actor: Who,
        id_: RowId,
        line_id: Annotated[str | None, Query(description="To this line.", examples=[WHO])] = None,
        after: After = None,
        limit: Limit = LIMIT,
    ) -> Response:
        """Every word, the last first; nothing of it is ever changed."""

        def look() -> object:
            with desk.records.read() as session:
                require_order(session, actor, id_)
                found = list_decisions(session, id_, line_id=line_id, after=after, limit=limit)
                return {"items": found.items, "next": found.after}

        return answer(await desk.run(look))

    @routes.post(
        "/{id}/decisions",
        summary="Write down what the customer said",
        response_model=EstimateShown,
        status_code=HTTPStatus.CREATED,
        openapi_extra=body_of(DecisionFields, EXAMPLE, required=True),
    )
    async def decided(request: Request, actor: Who, id_: RowId) -> Response:
        """Line by line, or to all that wait for an answer. Work that is declined is advised again at the next visit,
        or when it is due. With an `Idempotency-Key` the same request sent again says nothing twice.
        """
        fields = await fields_of(request)

        def make(session: Session) -> Estimate:
            return _decided(session, actor, id_, dict(fields))

        def made(session: Session, _id: str) -> Estimate:
            return estimate(session, id_)

        found = await made_once(desk, request, actor, fields, table="line_decisions", make=make, made=made)
        return answer(_shown(found), HTTPStatus.CREATED)

    return routes


def _decided(session: Session, actor: Actor, id_: str, fields: dict[str, Any]) -> Estimate:
    lines, everything = fields.pop("decisions", None), fields.pop("decision", None)
    if (lines is None) == (everything is None):
        raise Refused(("decisions", tr("Say it of some lines (decisions), or of all that wait (decision).")))
    if isinstance(everything, str):
        return decide_all(session, actor, id_, everything, fields)
    if not isinstance(lines, list) or not all(
        isinstance(each, dict)
        and set(each) == {"line_id", "decision"}
        and all(isinstance(v, str) for v in each.values())
        for each in lines
    ):
        raise Refused(("decisions", tr("A list of lines with what was said is needed: line_id and decision.")))
    return decide(session, actor, id_, [(each["line_id"], each["decision"]) for each in lines], fields)


def _shown(found: Estimate) -> dict[str, Any]:
    return {
        "order_id": found.order_id,
        "lines": found.lines,
        "everything": found.everything,
        "approved": found.approved,
        "declined": found.declined,
        "waiting": found.waiting,
        "counts": found.counts,
    }
