"""The alarms that are raised now, for a device that polls; the live channel tells of changes."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response

from core import language as spoken_language
from server.api.signals import Language, spoken
from server.notices import Notices


class RaisedAlarm(BaseModel):
    """One alarm that has not been both cleared and acknowledged."""

    id: str = Field(examples=["12"])
    signal: str = Field(examples=["coolant_temperature"])
    title: str = Field(examples=["Coolant temperature"])
    severity: Literal["warning", "critical"] = Field(examples=["critical"])
    severity_words: str = Field(examples=["Critical"])
    words: str = Field(description="What the alarm watches for.", examples=["Coolant temperature over 110 °C"])
    peak: float = Field(description="The value farthest outside so far, in the unit.", examples=[113.0])
    unit: str = Field(examples=["°C"])
    state: Literal["active", "acknowledged", "cleared", "closed"] = Field(examples=["active"])
    state_words: str = Field(examples=["Active"])
    raised_at: float = Field(description="Seconds since 1970-01-01 UTC.", examples=[1795392000.0])


class Alarms(BaseModel):
    """Every alarm raised now, the newest first."""

    alarms: list[RaisedAlarm]


def router(notices: Notices) -> APIRouter:
    """The route of the alarms."""
    routes = APIRouter(prefix="/api/v1", tags=["alarms"])

    @routes.get("/alarms", summary="The alarms raised now", response_model=Alarms)
    async def alarms(language: Language = None) -> Response:
        """What is over its limit, or was and has not been acknowledged. Alarms are acknowledged at the terminal."""
        with spoken_language.speaking(spoken(language)):
            return JSONResponse({"alarms": notices.alarm_rows()})

    return routes
