"""Inspections of an order as the window reads and writes them. Each function waits."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.people.roles import Actor
from core.records.records import Records
from core.workshop.default_inspections import install_default_templates
from core.workshop.inspection_findings import finding_off_line, finding_to_line, findings_to_lines
from core.workshop.inspection_results import ResultView, add_result, rest_is_good, results_of, set_result
from core.workshop.inspection_templates import TemplateView, list_templates
from core.workshop.inspections import (
    InspectionView,
    complete_inspection,
    delete_inspection,
    list_inspections,
    reopen_inspection,
    restore_inspection,
    start_inspection,
)
from core.workshop.lines import LineView

SOME = 50


@dataclass(frozen=True, slots=True)
class InspectionRead:
    """The inspections of an order, newest first; ``results`` of the one in front; what one may begin with."""

    inspections: tuple[InspectionView, ...] = ()
    front: InspectionView | None = None
    results: tuple[ResultView, ...] = ()
    templates: tuple[TemplateView, ...] = ()


def read_inspections(records: Records, row: str, chosen: str | None = None) -> InspectionRead:
    """``chosen``: which one is in front; else the newest. Raises ``NotFound``, ``RecordsError``."""
    with records.read() as session:
        found = list_inspections(session, order_id=row, limit=SOME).items
        front = next((each for each in found if each.id == chosen), found[0] if found else None)
        results = results_of(session, front.id) if front is not None else ()
        return InspectionRead(found, front, results, list_templates(session, active=True, limit=SOME).items)


def install(records: Records, actor: Actor) -> int:
    """Take over the templates that are shipped: how many came. Raises as ``start``."""
    return records.change(actor.reference, lambda session: install_default_templates(session, actor)).value


def start(records: Records, actor: Actor, row: str, template: str) -> InspectionView:
    """Begin an inspection of the order. Raises ``Refused``, ``Denied``, ``NotFound``, ``RecordsError``."""
    fields = {"order_id": row, "template_id": template}
    return records.change(actor.reference, lambda session: start_inspection(session, actor, fields)).value


def remove(records: Records, actor: Actor, id_: str) -> None:
    """Raises as ``start``."""
    records.change(actor.reference, lambda session: delete_inspection(session, actor, id_))


def bring_back(records: Records, actor: Actor, id_: str) -> InspectionView:
    """Raises as ``start``."""
    return records.change(actor.reference, lambda session: restore_inspection(session, actor, id_)).value


def see(records: Records, actor: Actor, result: str, fields: Mapping[str, object]) -> ResultView:
    """Write down what is seen at a point. Raises as ``start``."""
    return records.change(actor.reference, lambda session: set_result(session, actor, result, fields)).value


def see_more(records: Records, actor: Actor, inspection: str, name: str) -> ResultView:
    """Something the template does not ask for. Raises as ``start``."""
    work = lambda session: add_result(session, actor, inspection, {"name": name})  # noqa: E731
    return records.change(actor.reference, work).value


def good_rest(records: Records, actor: Actor, inspection: str) -> tuple[ResultView, ...]:
    """What nobody said anything of is good. Raises as ``start``."""
    return records.change(actor.reference, lambda session: rest_is_good(session, actor, inspection)).value


def complete(records: Records, actor: Actor, inspection: str, *, leave: bool = False) -> InspectionView:
    """``leave``: with points nobody looked at. Raises as ``start``."""
    work = lambda session: complete_inspection(session, actor, inspection, leave=leave)  # noqa: E731
    return records.change(actor.reference, work).value


def reopen(records: Records, actor: Actor, inspection: str) -> InspectionView:
    """Raises as ``start``."""
    return records.change(actor.reference, lambda session: reopen_inspection(session, actor, inspection)).value


def to_estimate(records: Records, actor: Actor, result: str, row: str) -> LineView:
    """Put one finding on the estimate. Raises as ``start``."""
    return records.change(actor.reference, lambda session: finding_to_line(session, actor, result, row)).value


def off_estimate(records: Records, actor: Actor, result: str) -> None:
    """A finding off the line that it shares with others. Raises as ``to_estimate``."""
    records.change(actor.reference, lambda session: finding_off_line(session, actor, result))


def all_to_estimate(records: Records, actor: Actor, inspection: str, row: str) -> tuple[LineView, ...]:
    """Put all that is red and yellow on the estimate. Raises as ``start``."""
    return records.change(actor.reference, lambda session: findings_to_lines(session, actor, inspection, row)).value
