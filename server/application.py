"""The web application: its routes, put together around one source of values."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from fastapi import Depends, FastAPI

from core.diagnostics.source import Source
from server import page, problems
from server.api import alarms as alarms_api
from server.api import health as health_api
from server.api import live as live_api
from server.api import signals as signals_api
from server.asking import Asking
from server.door import Door, own_names
from server.live import Hub
from server.notices import Notices
from server.problems import refuse_unknown_query
from server.snapshot import Snapshots

if TYPE_CHECKING:
    from core.diagnostics.alarms import Alarm

DESCRIPTION = """\
What this terminal knows about the car it is connected to. Everything here is read-only.

Errors are problem details (RFC 9457) with a `detail` in words. A query parameter that a route does not have is refused.
The live channel is a WebSocket at `/live`; its messages are described there.
"""


def create_app(
    session: Source,
    *,
    terminal: str,
    version: str,
    alarms: Callable[[], "tuple[Alarm, ...]"] | None = None,
) -> FastAPI:
    """Everything the terminal called ``terminal`` serves of ``session``; ``alarms`` gives the alarms raised now.

    ``app.state.hub`` (``Hub``) and ``app.state.asking`` (``Asking``) are for the server to close when it stops.
    """
    snapshots = Snapshots(session)
    notices = Notices(session, alarms)
    hub, asking = Hub(snapshots, notices), Asking(session)
    web = FastAPI(
        title=f"Bayline – {terminal}",
        version=version,
        description=DESCRIPTION,
        docs_url=None,  # FastAPI's own pages load their scripts from the internet
        redoc_url=None,
        responses={"4XX": problems.DOCUMENTED},
    )
    problems.install(web)
    checked = [Depends(refuse_unknown_query)]
    web.include_router(health_api.router(terminal=terminal, version=version), dependencies=checked)
    web.include_router(signals_api.router(snapshots, notices, asking), dependencies=checked)
    web.include_router(alarms_api.router(notices), dependencies=checked)
    web.include_router(live_api.router(hub))
    page.install(web)
    web.add_middleware(Door, names=own_names(terminal))
    web.state.hub, web.state.asking = hub, asking
    return web
