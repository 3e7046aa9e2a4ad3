"""The web application: its routes, put together around one source of values and, once founded, one workshop."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi import APIRouter, Depends, FastAPI

from core.diagnostics.source import Source
from core.records.files import FileStore
from core.records.records import Records
from core.sync.views import WorkshopLink
from server import join, page, problems
from server.api import alarms as alarms_api
from server.api import allocations as allocations_api
from server.api import appointments as appointments_api
from server.api import board as board_api
from server.api import changes as changes_api
from server.api import clock as clock_api
from server.api import control as control_api
from server.api import control_imports
from server.api import customers as customers_api
from server.api import estimates as estimates_api
from server.api import figures as figures_api
from server.api import files as files_api
from server.api import health as health_api
from server.api import inspection_templates as templates_api
from server.api import inspections as inspections_api
from server.api import invoices as invoices_api
from server.api import labels as labels_api
from server.api import lines as lines_api
from server.api import live as live_api
from server.api import papers as papers_api
from server.api import parts as parts_api
from server.api import planning as planning_api
from server.api import purchasing as purchasing_api
from server.api import quality as quality_api
from server.api import recommendations as recommendations_api
from server.api import repair_orders as orders_api
from server.api import schedule as schedule_api
from server.api import signals as signals_api
from server.api import staff as staff_api
from server.api import tasks as tasks_api
from server.api import undoing as undoing_api
from server.api import vehicles as vehicles_api
from server.api.changes import Feed
from server.asking import Asking
from server.desk import Desk
from server.door import Door, own_names
from server.live import Hub
from server.notices import Notices
from server.problems import refuse_unknown_query
from server.security import Gate, SignIn, signed_in
from server.snapshot import Snapshots

if TYPE_CHECKING:
    from core.diagnostics.alarms import Alarm

DESCRIPTION = """\
What this terminal knows about the car it is connected to, which can only be read, and the workshop's records, which
every terminal of the workshop has.

Records are asked for with a token (`bayline token`); what it may is told by its role. Instants are UTC milliseconds,
money is minor units, quantities are thousandths, days are `2026-11-22`. A field that does not exist is refused.

Errors are problem details (RFC 9457) with a `detail` in words. A query parameter that a route does not have is refused.
The live channel is a WebSocket at `/live`; its messages are described there.
"""


@dataclass(frozen=True, slots=True)
class Workshop:
    """What is served of a founded workshop.

    ``root_certificate``: PEM. ``control_secret``: what the command line says; without one it has no way in. ``files``:
    photographs and documents.
    ``routers``: what ``server.sync`` adds.
    """

    records: Records
    root_certificate: str
    link: WorkshopLink | None = None
    control_secret: str = ""
    routers: Sequence[APIRouter] = ()
    files: FileStore | None = None


def create_app(
    session: Source,
    *,
    terminal: str,
    version: str,
    alarms: Callable[[], "tuple[Alarm, ...]"] | None = None,
    workshop: Workshop | None = None,
) -> FastAPI:
    """Everything the terminal called ``terminal`` serves of ``session`` and, once it is founded, of its ``workshop``.

    ``alarms`` gives the alarms raised now.
    ``app.state.closing`` are functions for the server to call when it stops; ``app.state.hub`` is the ``Hub``.
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
    closing: list[Callable[[], None]] = [hub.close, asking.close]
    web.state.closing = closing
    checked = [Depends(refuse_unknown_query)]
    web.include_router(health_api.router(terminal=terminal, version=version), dependencies=checked)
    web.include_router(signals_api.router(snapshots, notices, asking), dependencies=checked)
    web.include_router(alarms_api.router(notices), dependencies=checked)
    web.include_router(live_api.router(hub))
    page.install(web)
    if workshop is not None:
        _add(web, workshop)
    web.add_middleware(Door, names=own_names(terminal))
    web.state.hub = hub
    return web


def _add(web: FastAPI, workshop: Workshop) -> None:
    """The workshop's routes, and the gate before all of them."""
    desk, feed = Desk(workshop.records), Feed(workshop.records)
    sign_in = SignIn(desk)
    who = signed_in(sign_in)
    checked = [Depends(refuse_unknown_query)]
    # Before the rooms: "/invoices/{id}" would take the name of a paper for an id.
    web.include_router(papers_api.router(desk, who, workshop.files), dependencies=checked)
    if workshop.files is not None:
        web.include_router(files_api.router(desk, who, workshop.files), dependencies=checked)
    web.include_router(invoices_api.router(desk, who), dependencies=checked)
    for room in (vehicles_api, customers_api, orders_api):
        web.include_router(room.router(desk, who), dependencies=checked)
    for part in (appointments_api, allocations_api, planning_api, schedule_api, parts_api, purchasing_api):
        web.include_router(part.router(desk, who), dependencies=checked)
    for part in (board_api, clock_api):
        web.include_router(part.router(desk, who), dependencies=checked)
    for part in (staff_api, undoing_api):
        web.include_router(part.router(desk, who), dependencies=checked)
    for part in (lines_api, estimates_api, recommendations_api, inspections_api, templates_api):
        web.include_router(part.router(desk, who), dependencies=checked)
    for part in (tasks_api, labels_api, quality_api):
        web.include_router(part.router(desk, who), dependencies=checked)
    web.include_router(figures_api.router(desk, who), dependencies=checked)
    web.include_router(changes_api.router(desk, who, feed), dependencies=checked)
    web.include_router(join.router(sign_in, workshop.root_certificate))
    if workshop.link is not None and workshop.control_secret:
        web.include_router(control_api.router(desk, workshop.link, workshop.control_secret))
        web.include_router(control_imports.router(desk, workshop.control_secret))
    for router in workshop.routers:
        web.include_router(router)
    web.add_middleware(Gate, sign_in=sign_in)
    web.state.closing += [feed.close, sign_in.close, desk.close]
