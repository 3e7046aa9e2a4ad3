"""``GET /health``: is this terminal's server up, which one is it, and since when."""

import time

from fastapi import APIRouter
from pydantic import BaseModel, Field


class Health(BaseModel):
    """The server answers; whether a car does is told by the live channel's ``status``."""

    status: str = Field(description="Always ok: a server that is not does not answer.", examples=["ok"])
    version: str = Field(description="Bayline's version.", examples=["0.1.0"])
    terminal: str = Field(description="The terminal's name, as on its screen.", examples=["Bay 3"])
    uptime_s: float = Field(description="Seconds since the server started.", examples=[8412.5])


def router(*, terminal: str, version: str) -> APIRouter:
    """The health route of a server that starts now."""
    routes = APIRouter(tags=["terminal"])
    started = time.monotonic()

    @routes.get("/health", summary="Is the terminal up?")
    async def health() -> Health:
        """Answers as soon as the server does, whatever the car is doing. For monitoring, and for other terminals."""
        uptime = round(time.monotonic() - started, 1)
        return Health(status="ok", version=version, terminal=terminal, uptime_s=uptime)

    return routes
