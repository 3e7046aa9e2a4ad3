"""``/api/v1/board`` and ``/api/v1/repair-orders/{id}/move``: where every car in the house is, and moving it on."""

import json
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from core.language import tr
from core.people.roles import Actor, require
from core.records.input import Field as Checked
from core.records.input import Fields, Refused, one_of, text, yes_no
from core.records.rows import row_of
from core.workshop.board import MOST_WINDOW, WINDOW, Board, Card, Filters, board
from core.workshop.models import RepairOrder, StatusMove
from core.workshop.moving import MovedMeanwhile, MoveResult, Target, move, targets
from core.workshop.states import Status
from server.api.bodies import json_object
from server.api.collection import Asker, RowId, body_of
from server.api.idempotency import Once
from server.api.shown import answer, plain
from server.desk import Desk
from server.problems import Refusal

WHO = "01931a2b-7c3d-7e4f-8a5b-6c7d8e9f0a1b"
EXAMPLE = {"status": "in_progress", "from_status": "diagnosing"}
STATES = ", ".join(Status)
MOVE = Fields(
    status=Checked(one_of([status.value for status in Status]), required=True),
    from_status=Checked(text(24)),
    label=Checked(text(60)),
    anyway=Checked(yes_no),
)


class SomebodyShown(BaseModel):
    """One of the staff."""

    id: str = Field(examples=[WHO])
    name: str = Field(examples=["Tom Marek"])


class PartsShown(BaseModel):
    """The lines of an order that need a part, counted."""

    state: str | None = Field(
        description="Of the part that is least far: not_ordered, on_the_way, here, fitted.", examples=["on_the_way"]
    )
    not_ordered: int = Field(examples=[0])
    on_the_way: int = Field(examples=[1])
    here: int = Field(examples=[2])
    fitted: int = Field(examples=[0])


class CardShown(BaseModel):
    """A repair order on the board. Moments are UTC milliseconds, stretches of time milliseconds."""

    id: str = Field(examples=[WHO])
    number: str | None = Field(examples=["1042-B3"])
    status: str | None = Field(examples=["in_progress"])
    disputed: list[str] = Field(
        description="Its states, when terminals that were apart set several.", examples=[["ready", "in_progress"]]
    )
    vehicle_id: str | None = Field(examples=[WHO])
    plate: str | None = Field(examples=["M-OT 1234"])
    vehicle: str = Field(examples=["Volkswagen Golf 2019"])
    customer: str | None = Field(examples=["Anna Ott"])
    asked: str = Field(description="The beginning of the complaint.", examples=["Squeals when braking"])
    promised_at: int | None = Field(examples=[1795420800000])
    late: bool = Field(description="Promised, and neither ready nor gone.", examples=[False])
    estimated: int | None = Field(description="null: nobody said how long it takes.", examples=[7200000])
    actual: int = Field(description="Time somebody was clocked on to it.", examples=[1800000])
    left: int | None = Field(description="Of the estimate; negative: over it.", examples=[5400000])
    on: list[SomebodyShown] = Field(description="Who is clocked on to it now.")
    parts: PartsShown | None = Field(description="null: it needs no part.", examples=[None])
    unread: int = Field(description="Notes that whoever asks has not read.", examples=[1])
    label: str | None = Field(examples=["waiting room"])
    label_color: str | None = Field(examples=["signal"])
    priority: str | None = Field(examples=["normal"])
    technician: SomebodyShown | None = Field(examples=[{"id": WHO, "name": "Tom Marek"}])
    adviser: SomebodyShown | None = Field(examples=[None])
    bay: str | None = Field(examples=["Bay 3"])
    key_tag: str | None = Field(examples=["17"])
    move_id: str | None = Field(description="The last move.", examples=[WHO])
    moved_by: str | None = Field(examples=[f"staff:{WHO}"])
    moved_by_name: str | None = Field(examples=["Tom Marek"])
    moved_at: int | None = Field(examples=[1795420800000])


class ColumnShown(BaseModel):
    """A state with its cards, by promised time."""

    status: str = Field(description="Empty: states this terminal does not know.", examples=["in_progress"])
    words: str = Field(examples=["In progress"])
    count: int = Field(description="All there are.", examples=[3])
    more: int = Field(description="How many of them are not among the cards.", examples=[0])
    cards: list[CardShown]


class BoardShown(BaseModel):
    """The board."""

    columns: list[ColumnShown]
    mine: list[str] = Field(description="Orders whoever asks is clocked on to.", examples=[[WHO]])
    read_at: int = Field(examples=[1795420800000])


class MoveFields(BaseModel):
    """A move."""

    status: str = Field(description=f"Where to: one of {STATES}.", examples=["in_progress"])
    from_status: str | None = Field(
        None, description="Where the mover saw it. Is it elsewhere meanwhile, the answer is 409.", examples=["arrived"]
    )
    label: str | None = Field(None, description="Else the state's first label.", examples=[None])
    anyway: bool | None = Field(None, description="Although something is missing; not everybody may.", examples=[False])


class MoveShown(BaseModel):
    """What became of a move."""

    order_id: str = Field(examples=[WHO])
    before: str | None = Field(examples=["diagnosing"])
    after: str = Field(examples=["in_progress"])
    label: str | None = Field(examples=[None])
    moved: bool = Field(description="false: it was there already.", examples=[True])
    moved_at: int = Field(examples=[1795420800000])
    anyway: list[str] = Field(description="What was missing and passed over, in words.", examples=[[]])


class UnmetShown(BaseModel):
    """Something a move needs that is not there yet."""

    name: str = Field(examples=["checked"])
    words: str = Field(examples=["No quality check was passed since the last work on it."])


class TargetShown(BaseModel):
    """A state an order can be moved to by whoever asks."""

    status: str = Field(examples=["ready"])
    unmet: list[UnmetShown]
    open: bool = Field(description="It goes; with something unmet, with `anyway`.", examples=[True])


class TargetsShown(BaseModel):
    """Where an order can go."""

    items: list[TargetShown]


def router(desk: Desk, who: Asker) -> APIRouter:
    """The routes; ``who`` tells who asks."""
    routes = APIRouter(prefix="/api/v1", tags=["board"])
    Who = Annotated[Actor, Depends(who)]  # noqa: N806 - a type

    @routes.get("/board", summary="The board", response_model=BoardShown)
    async def the_board(
        *,
        actor: Who,
        technician_id: Annotated[str | None, Query(description="Whose work it is.", examples=[WHO])] = None,
        adviser_id: Annotated[str | None, Query(description="Who speaks with the customer.", examples=[WHO])] = None,
        bay: Annotated[str | None, Query(description="Where it stands.", examples=["Bay 3"])] = None,
        label: Annotated[str | None, Query(description="The shop's own word.", examples=["waiting room"])] = None,
        late: Annotated[bool, Query(description="Only what is past its promised time.", examples=[True])] = False,
        q: Annotated[str, Query(description="Words of order, vehicle or customer.", examples=["golf"])] = "",
        window: Annotated[
            int, Query(description=f"Cards a column, 1 to {MOST_WINDOW}.", examples=[WINDOW], ge=1, le=MOST_WINDOW)
        ] = WINDOW,
    ) -> Response:
        """Every order in the house in the column of its state, and what was delivered today. A column has its first
        cards by promised time, and says how many more there are.
        """
        filters = Filters(technician_id, adviser_id, bay, label, late, q)

        def look() -> Board:
            with desk.records.read() as session:
                return board(session, actor, filters, at=desk.records.present(), window=window)

        return answer(_shown(await desk.run(look)))

    @routes.get("/repair-orders/{id}/move", summary="Where an order can go", response_model=TargetsShown)
    async def where_to(actor: Who, id_: RowId) -> Response:
        """The states whoever asks may move it to, and what is missing for each, in words."""

        def look() -> tuple[Target, ...]:
            with desk.records.read() as session:
                require(actor, "repair_orders.read", row_of(session, RepairOrder, id_))
                return targets(session, actor, id_)

        found = await desk.run(look)
        return answer({"items": [_target(each) for each in found]})

    @routes.post(
        "/repair-orders/{id}/move",
        summary="Move an order to another state",
        response_model=MoveShown,
        openapi_extra=body_of(MoveFields, EXAMPLE, required=True),
    )
    async def move_it(request: Request, actor: Who, id_: RowId) -> Response:
        """Refused with all that is missing, in words; with `anyway`, by who may, it is moved all the same. With an
        `Idempotency-Key` the same request sent again moves nothing twice.
        """
        fields = await json_object(request)
        once = Once.of(request, actor, json.dumps(fields, sort_keys=True).encode())

        def work(session: Session) -> MoveResult:
            before = once.made(session, StatusMove.__tablename__) if once is not None else None
            return _moved(session, actor, id_, fields) if before is None else _again(session, before)

        change = desk.records.change
        try:
            result = await desk.run(lambda: change(actor.reference, work, why=once.why if once else "").value)
        except MovedMeanwhile as moved:
            raise Refusal(HTTPStatus.CONFLICT, str(moved), moved.problems) from moved
        return answer(result)

    return routes


def _moved(session: Session, actor: Actor, id_: str, fields: dict[str, Any]) -> MoveResult:
    values = MOVE.settled(session, fields)
    from_, label = values.get("from_status"), values.get("label")
    return move(
        session,
        actor,
        id_,
        str(values["status"]),
        from_status=None if from_ is None else str(from_),
        label=None if label is None else str(label),
        anyway=values.get("anyway") is True,
    )


def _again(session: Session, move_id: str) -> MoveResult:
    """What a request that is sent again is told: what it did the first time."""
    made = session.get_one(StatusMove, move_id)
    row = session.get(RepairOrder, made.order_id)
    if row is None or made.order_id is None:
        raise Refused(("", tr("This is not here: it was deleted, or it has not arrived yet.")))
    return MoveResult(made.order_id, made.before, made.after or "", row.label, True, made.moved_at or 0)


def _target(target: Target) -> dict[str, Any]:
    unmet = [{"name": each.name, "words": each.words} for each in target.unmet]
    return {"status": target.status, "unmet": unmet, "open": target.open}


def _shown(seen: Board) -> dict[str, Any]:
    columns = [
        {
            "status": column.status,
            "words": column.words,
            "count": column.count,
            "more": column.more,
            "cards": [_card(card) for card in column.cards],
        }
        for column in seen.columns
    ]
    return {"columns": columns, "mine": list(seen.mine), "read_at": seen.read_at}


def _card(card: Card) -> dict[str, Any]:
    parts = card.parts
    state = None if parts is None else {**plain(parts), "state": parts.state}
    return {**plain(card), "left": card.left, "parts": state}
