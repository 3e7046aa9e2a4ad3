"""The car's signals: the latest value of each, and what is needed to draw a dial of it."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response

from core import language
from server.asking import Asking
from server.notices import Notices
from server.snapshot import Snapshots, offered

JSON = "application/json"

Language = Annotated[
    str | None,
    Query(description="Language of the words, en or de; otherwise the terminal's own.", examples=["de"], max_length=35),
]


class SignalValue(BaseModel):
    """The latest value of one signal."""

    pid: str = Field(description="Mode 01 PID as two hexadecimal digits; empty for a derived signal.", examples=["0C"])
    name: str = Field(
        description="The signal's name; with @ECU when a second control unit reports it too.", examples=["engine_speed"]
    )
    value: float | None = Field(description="In the unit; null when the car never answered.", examples=[1726.0])
    unit: str = Field(examples=["rpm"])
    age_s: float | None = Field(description="Seconds since the value was received.", examples=[0.12])
    state: Literal["live", "stale", "no answer"] = Field(
        description="live up to 2 s old, then stale; no answer: offered by the car, but it never came.",
        examples=["live"],
    )


class SignalValues(BaseModel):
    """Every signal the car offers, and any other that was seen."""

    signals: list[SignalValue]


class Limits(BaseModel):
    """Where the terminal raises an alarm; null where it does not."""

    warn_low: float | None = Field(examples=[None])
    warn_high: float | None = Field(examples=[6000.0])
    crit_low: float | None = Field(examples=[None])
    crit_high: float | None = Field(examples=[None])


class Dial(BaseModel):
    """How a signal is shown."""

    name: str = Field(examples=["engine_speed"])
    pid: str = Field(examples=["0C"])
    title: str = Field(description="In the language asked for.", examples=["Engine speed"])
    unit: str = Field(examples=["rpm"])
    kind: Literal["number", "enum", "bits"] = Field(examples=["number"])
    decimals: int = Field(description="Digits after the point worth showing.", examples=[0])
    group: str = Field(examples=["engine"])
    low: float = Field(description="Start of the dial, in the unit.", examples=[0.0])
    high: float = Field(description="End of the dial.", examples=[8000.0])
    limits: Limits
    states: dict[str, str] = Field(description="What the codes of an enum or the bits mean.", examples=[{}])


class Catalogue(BaseModel):
    """The dials of this car."""

    mark: str = Field(description="Changes with the catalogue; the live status carries it.", examples=["5f0e11c2"])
    signals: list[Dial]


def router(snapshots: Snapshots, notices: Notices, asking: Asking) -> APIRouter:
    """The routes under ``/api/v1`` that read signals."""
    routes = APIRouter(prefix="/api/v1", tags=["signals"])
    source = notices.source

    @routes.get("/signals", summary="The latest value of every signal", response_model=SignalValues)
    async def signals() -> Response:
        """Each signal the car offers with its latest value, its age and its state. A value is never made up: what the
        car has not answered is null, and a value older than two seconds says so. While somebody reads this, and for
        ten seconds after, the terminal asks the car for all of them about once a second; what is on a screen comes
        first."""
        names = offered(source)
        asking.look(names)
        # Written as text, past the model: fifty of these a second must not cost the gauges a frame.
        return Response(snapshots.rows(names, source.now()), media_type=JSON)

    @routes.get("/catalogue", summary="What the dials of this car look like", response_model=Catalogue)
    async def catalogue(language: Language = None) -> Response:
        """Title, unit, scale and limits of each signal the car offers, for drawing it."""
        return JSONResponse(_catalogue(notices, language))

    return routes


def _catalogue(notices: Notices, wanted: str | None) -> dict[str, Any]:
    with language.speaking(spoken(wanted)):
        return {"mark": notices.catalogue_mark(), "signals": notices.catalogue_rows()}


def spoken(wanted: str | None) -> str:
    """The shipped language for a browser's tag (``"de-AT"`` is German), or the terminal's own."""
    plain = (wanted or "").partition("-")[0].lower()
    return plain if plain in language.AVAILABLE else language.current()
