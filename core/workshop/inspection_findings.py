"""What an inspection found becomes a line of the estimate, or advice for later, in one step."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from core.language import tr
from core.people.roles import Actor, require
from core.records.input import Field, Fields, Refused, Value, day
from core.records.moment import now
from core.records.rows import row_of, shown
from core.vehicles.odometer import kilometres
from core.workshop.derived_ids import derived, id_from
from core.workshop.estimate_models import Recommendation
from core.workshop.inspection_models import Inspection, InspectionPoint, InspectionResult
from core.workshop.inspections import RED, YELLOW, of_one_vehicle
from core.workshop.line_kinds import LABOUR
from core.workshop.lines import LineView, create_line, get_line
from core.workshop.models import RepairOrder, RepairOrderLine
from core.workshop.recommendations import DISMISSED, OPEN, WORK, RecommendationView, get_recommendation

FINDINGS = (RED, YELLOW)
DUE = Fields(due_on=Field(day), due_odometer=Field(kilometres))


def finding_to_line(session: Session, actor: Actor, result_id: str, order_id: str | None = None) -> LineView:
    """Put a finding on the estimate of its order: a line with what its point says is done about it.

    ``order_id`` for an inspection that has no order. What is on an estimate already is returned as it is, also when
    another terminal put it there. Raises ``Denied``, ``NotFound``, ``Refused``.
    """
    require(actor, "repair_orders.change")
    result = row_of(session, InspectionResult, result_id)
    _check_finding(result)
    there = session.scalar(shown(RepairOrderLine, RepairOrderLine.result_id == result_id).limit(1))
    if there is not None:
        return get_line(session, there.id)
    inspection = session.get(Inspection, result.inspection_id or "")
    order = order_id or (inspection.order_id if inspection is not None else None)
    if order is None:
        raise Refused(("order_id", tr("This inspection belongs to no order: say which one the work goes to.")))
    about = row_of(session, RepairOrder, order)
    if inspection is not None and not of_one_vehicle(about.vehicle_id, inspection.vehicle_id):
        raise Refused(("order_id", tr("This order is about another vehicle than the inspection.")))
    words: dict[str, object] = {name: value for name, value in _words(session, result).items() if value is not None}
    put_off = session.get(Recommendation, id_from(result.id, "advice"))
    if put_off is not None and put_off.deleted_at is None and put_off.state != DISMISSED:
        words["recommendation_id"] = put_off.id
    return create_line(
        session, actor, {**words, "order_id": order, "result_id": result.id}, id_=id_from(result.id, "line")
    )


def findings_to_lines(
    session: Session, actor: Actor, inspection_id: str, order_id: str | None = None
) -> tuple[LineView, ...]:
    """``finding_to_line`` of all that is red and yellow, in the order of the inspection.

    Raises ``Denied``, ``NotFound``, ``Refused``.
    """
    row_of(session, Inspection, inspection_id)
    query = shown(
        InspectionResult, InspectionResult.inspection_id == inspection_id, InspectionResult.verdict.in_(FINDINGS)
    )
    rows = sorted(session.scalars(query), key=lambda row: (row.position or 0, row.id))
    return tuple(finding_to_line(session, actor, row.id, order_id) for row in rows)


def advise_finding(session: Session, actor: Actor, result_id: str, fields: Mapping[str, object]) -> RecommendationView:
    """Put a finding off: it comes back ``due_on`` a day, at ``due_odometer`` km, or else at the next visit.

    Raises ``Denied``, ``NotFound``, ``Refused``.
    """
    require(actor, "repair_orders.change")
    result = row_of(session, InspectionResult, result_id)
    _check_finding(result)
    due = DUE.settled(session, fields)
    inspection = session.get(Inspection, result.inspection_id or "")
    words = _words(session, result)
    values: dict[str, Value] = {
        **words,
        "kind": words["kind"] if words["kind"] in WORK else LABOUR,
        "vehicle_id": inspection.vehicle_id if inspection else None,
        "order_id": inspection.order_id if inspection else None,
        "result_id": result.id,
        "due_on": due.get("due_on"),
        "due_odometer": due.get("due_odometer"),
        "state": OPEN,
        "advised_at": result.seen_at if result.seen_at is not None else now(session),
    }
    return get_recommendation(session, derived(session, Recommendation, id_from(result.id, "advice"), values).id)


def _check_finding(result: InspectionResult) -> None:
    if result.verdict not in FINDINGS:
        raise Refused(("", tr("There is nothing to do at this point: it is neither red nor yellow.")))


def _words(session: Session, result: InspectionResult) -> dict[str, Value]:
    """What is done about a finding, as its point says it; else its name and what was remarked."""
    point = session.get(InspectionPoint, result.point_id) if result.point_id else None
    own = ": ".join(each for each in (result.name, result.remark) if each) or tr("Work that was advised")
    return {
        "kind": (point.line_kind if point else None) or LABOUR,
        "description": (point.line_description if point else None) or " ".join(own.split())[:500],
        "quantity": point.line_quantity if point else None,
        "unit_price": point.line_price if point else None,
    }
