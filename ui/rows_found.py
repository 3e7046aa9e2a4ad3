"""Rows of the workshop that a search box finds, and what opens them; a scanned code opens what bears it."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject

from core.language import tr
from core.people.roles import Denied, may
from core.records.errors import RecordsError
from core.records.input import Refused
from core.records.records import Records
from core.workshop.finding import CUSTOMER, KINDS, ORDER, PART, VEHICLE, Match, find_everything
from ui import background
from ui.context import UiContext
from ui.widgets.search_box import Answer, Finding

EACH = 4  # of a kind
_ICONS = {VEHICLE: "car", CUSTOMER: "people", ORDER: "orders", PART: "parts"}
_TABLES = {VEHICLE: "vehicles", CUSTOMER: "customers", ORDER: "repair_orders", PART: "parts"}
_NEEDS = {
    VEHICLE: "vehicles.read",
    CUSTOMER: "customers.read",
    ORDER: "repair_orders.read",
    PART: "parts.read",
}
EXPECTED = (Refused, Denied, RecordsError, OSError)


def kinds(context: UiContext) -> tuple[str, ...]:
    """What whoever is at this terminal may find."""
    actor = context.actor
    return () if actor is None else tuple(kind for kind in KINDS if may(actor, _NEEDS[kind]))


def open_match(context: UiContext, match: Match) -> None:
    """Bring the page that shows it to the front, with it."""
    if context.frame is not None:
        context.frame.open_row(_TABLES[match.kind], match.id)


def look_up(owner: QObject, context: UiContext, text: str, answer: Answer) -> None:
    """What ``text`` finds, as findings, given to ``answer`` on this thread while ``owner`` lives."""
    records, wanted = context.records, kinds(context)
    if records is None or not wanted:
        answer(())
        return

    def done(found: tuple[Match, ...]) -> None:
        answer([_finding(context, each) for each in found])

    def failed(error: Exception) -> None:
        if not isinstance(error, EXPECTED):
            raise error
        answer(())  # pages and commands are found all the same

    background.run(owner, partial(_find, records, text, wanted), done, failed)


def open_code(owner: QObject, context: UiContext, code: str, unknown: Callable[[], object]) -> None:
    """Open what bears exactly this code: an order, a part, a vehicle by its plate or VIN; else ``unknown()``."""
    records, wanted = context.records, kinds(context)
    if records is None or not wanted:
        unknown()
        return

    def done(found: tuple[Match, ...]) -> None:
        exact = next((each for each in found if each.exact), None)
        if exact is not None:
            open_match(context, exact)
        else:
            unknown()

    def failed(error: Exception) -> None:
        if not isinstance(error, EXPECTED):
            raise error
        unknown()

    background.run(owner, partial(_find, records, code, wanted), done, failed)


def _find(records: Records, text: str, wanted: Sequence[str]) -> tuple[Match, ...]:
    with records.read() as session:
        return find_everything(session, text, EACH, kinds=wanted).all


def _finding(context: UiContext, match: Match) -> Finding:
    title = " · ".join(each for each in (match.title, match.subtitle) if each)
    kind = {VEHICLE: tr("Vehicle"), CUSTOMER: tr("Customer"), ORDER: tr("Repair order"), PART: tr("Part")}[match.kind]
    return Finding(
        title, kind, _ICONS[match.kind], partial(open_match, context, match), exact=match.exact
    )  # fmt: skip
