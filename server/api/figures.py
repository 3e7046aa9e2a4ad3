"""``/api/v1/figures``: the dashboard, and how a technician did."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from core.insights.dashboard import dashboard
from core.insights.technicians import performance
from core.language import tr
from core.people.roles import Actor
from core.records.input import Refused
from server.api.collection import Asker
from server.api.shown import answer, plain
from server.api.spans import moment_of
from server.desk import Desk

WHO = "01931a2b-7c3d-7e4f-8a5b-6c7d8e9f0a1b"


class RateShown(BaseModel):
    """A share."""

    rate: float | None = Field(description="0 to 1; null: of nothing.", examples=[0.92])
    count: int = Field(description="Of how many.", examples=[118])


class HoursShown(BaseModel):
    """Today, in thousandths of an hour."""

    sold: int = Field(description="Labour invoiced today.", examples=[9300])
    booked: int = Field(description="Ahead today: set aside of people for work that is not finished.", examples=[17250])
    left: int = Field(description="Ahead today: on shift, less breaks, absences and what is booked.", examples=[4000])


class DayShown(BaseModel):
    """A day of money, in minor units without tax."""

    day: str = Field(examples=["2026-11-20"])
    invoices: int = Field(examples=[6])
    net: int = Field(examples=[214300])
    cost: int = Field(examples=[98800])
    profit: int = Field(examples=[115500])


class CodeShown(BaseModel):
    """A trouble code that people wrote of."""

    code: str = Field(examples=["P0302"])
    orders: int = Field(examples=[4])
    share: float = Field(description="Of the orders that were looked at.", examples=[0.016])


class DashboardShown(BaseModel):
    """The shop at a glance. Means, promises and money of the last 30 days, first-time work and codes of the last 90."""

    at: int = Field(description="UTC milliseconds.", examples=[1795420800000])
    day: str = Field(examples=["2026-11-23"])
    open: int = Field(description="Not delivered.", examples=[31])
    by_status: dict[str, int] = Field(examples=[{"booked": 9, "in_progress": 3}])
    overdue: int = Field(description="Promised before now, and not ready.", examples=[2])
    waiting_for_approval: int = Field(examples=[2])
    waiting_for_parts: int = Field(examples=[1])
    parts_waiting: int = Field(description="Lines of orders at work whose part is not here.", examples=[4])
    hours: HoursShown
    completion_hours: float | None = Field(
        description="Mean from arrival to ready, of finished work only.", examples=[5.4]
    )
    completed: int = Field(examples=[96])
    on_time: RateShown
    first_time: RateShown
    comebacks: int = Field(examples=[3])
    money: list[DayShown]
    codes: list[CodeShown]
    currency: str = Field(examples=["EUR"])


class DoneShown(BaseModel):
    """An order somebody completed. Hours in thousandths."""

    order_id: str = Field(examples=[WHO])
    number: str | None = Field(examples=["1042-B3K7"])
    plate: str | None = Field(examples=["M-OT 1234"])
    make: str | None = Field(examples=["Volkswagen"])
    model: str | None = Field(examples=["Golf 1.5 TSI"])
    done_at: int = Field(examples=[1795420800000])
    sold: int = Field(examples=[1400])
    worked: int = Field(description="By this person.", examples=[1250])
    on_time: bool | None = Field(description="null: nothing was promised.", examples=[True])


class PerformanceShown(BaseModel):
    """How somebody did. Hours in thousandths, means in hours, ratios as they are (1: as sold, or the whole shift)."""

    staff_id: str = Field(examples=[WHO])
    name: str | None = Field(examples=["Ines Carvalho"])
    start: int = Field(examples=[1793487600000])
    end: int = Field(examples=[1796079600000])
    orders_worked_on: int = Field(examples=[41])
    completed: int = Field(examples=[38])
    mean_sold: float | None = Field(description="Of completed orders only.", examples=[1.5])
    mean_worked: float | None = Field(examples=[1.4])
    on_time: RateShown
    first_time: RateShown
    worked: int = Field(examples=[55200])
    on_shift: int = Field(description="Breaks and absences left out.", examples=[75000])
    sold: int = Field(examples=[57900])
    efficiency: float | None = Field(
        description="Sold for each hour clocked on to these orders; null when that was less than half an hour.",
        examples=[1.05],
    )
    utilisation: float | None = Field(description="Clocked on, for each hour on shift.", examples=[0.74])
    makes: int = Field(examples=[7])
    models: int = Field(examples=[12])
    codes: list[CodeShown]
    orders: list[DoneShown] = Field(description="The last hundred.")


def router(desk: Desk, who: Asker) -> APIRouter:
    """The routes; ``who`` tells who asks."""
    routes = APIRouter(prefix="/api/v1/figures", tags=["figures"])

    @routes.get("/dashboard", summary="The shop at a glance", response_model=DashboardShown)
    async def glance(actor: Annotated[Actor, Depends(who)]) -> Response:
        """What is open and late, what today holds, how the last weeks went. For the desk and the office."""

        def read() -> dict[str, Any]:
            with desk.records.read() as session:
                found = dashboard(session, actor)
            shown: dict[str, Any] = plain(found)
            shown["money"] = [plain(each) | {"profit": each.profit} for each in found.money]
            return shown

        return answer(await desk.run(read))

    @routes.get("/technicians/{id}", summary="How a technician did", response_model=PerformanceShown)
    async def technician(
        *,
        actor: Annotated[Actor, Depends(who)],
        id_: Annotated[str, Path(alias="id", description="Of the staff.", examples=[WHO])],
        start: Annotated[str, Query(description="A day, or a moment.", examples=["2026-11-01"])],
        end: Annotated[str, Query(description="A day, which counts, or a moment.", examples=["2026-11-30"])],
    ) -> Response:
        """Finished work only; the moment a period ends does not count to it. Everybody may see their own."""
        since, until = _moment("start", start, 0), _moment("end", end, 1)

        def read() -> Any:
            with desk.records.read() as session:
                return performance(session, actor, id_, start=since, end=until)

        return answer(await desk.run(read))

    return routes


def _moment(name: str, given: str, edge: int) -> int:
    """A moment, or the start (0) or end (1) of a day where the shop is; UTC milliseconds. Raises ``Refused``."""
    found = moment_of(name, given, ends=edge == 1)
    if found is None:
        raise Refused((name, tr("This must be a day like 2026-11-22, or a moment like 2026-11-22T14:30:00Z.")))
    return found
