"""What an inspection found becomes a line of the estimate, or advice for later, in one step.

Findings that ask for the same work - two tyres of one axle - share one line, which names them all. The line bears the
first of them (``result_id``); that another is on it, too, is kept as advice about that finding that is settled by the
line.
"""

import re
from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.language import current, tr
from core.people.roles import Actor, require
from core.records.input import Field, Fields, Refused, Value, day
from core.records.moment import now
from core.records.rows import assign, hide, row_of, shown
from core.vehicles.odometer import kilometres
from core.workshop.decisions import DECLINED, last_word
from core.workshop.derived_ids import derived, id_from
from core.workshop.estimate_models import Recommendation
from core.workshop.inspection_models import Inspection, InspectionPoint, InspectionResult
from core.workshop.inspection_results import joined_lines
from core.workshop.inspection_templates import MEASURE
from core.workshop.inspections import RED, YELLOW, of_one_vehicle
from core.workshop.line_kinds import LABOUR
from core.workshop.lines import LineView, create_line, get_line
from core.workshop.models import RepairOrder, RepairOrderLine
from core.workshop.papers_format import Format
from core.workshop.recommendations import DISMISSED, OPEN, WORK, RecommendationView, get_recommendation

FINDINGS = (RED, YELLOW)
DUE = Fields(due_on=Field(day), due_odometer=Field(kilometres))


def finding_to_line(session: Session, actor: Actor, result_id: str, order_id: str | None = None) -> LineView:
    """Put a finding on the estimate of its order: a line with what its point says is done about it.

    ``order_id`` for an inspection that has no order. What is on an estimate already is returned as it is, also when
    another terminal put it there; when the work it asks for is there for another finding, that line names both. How
    much there is of it (``line_quantity``) is that of the first: a pair of tyres is one piece of work.

    Raises ``Denied``, ``NotFound``, ``Refused``.
    """
    require(actor, "repair_orders.change")
    result = row_of(session, InspectionResult, result_id)
    _check_finding(result)
    there = line_of(session, result_id)
    if there is not None:
        return get_line(session, there)
    inspection = session.get(Inspection, result.inspection_id or "")
    order = order_id or (inspection.order_id if inspection is not None else None)
    if order is None:
        raise Refused(("order_id", tr("This inspection belongs to no order: say which one the work goes to.")))
    about = row_of(session, RepairOrder, order)
    if inspection is not None and not of_one_vehicle(about.vehicle_id, inspection.vehicle_id):
        raise Refused(("order_id", tr("This order is about another vehicle than the inspection.")))
    words: dict[str, object] = {name: value for name, value in _words(session, result).items() if value is not None}
    same = _same_work(session, result, words, order)
    if same is not None:
        return _join(session, same, result, words)
    if result.value is not None and _point(session, result) is not None:
        words["description"] = _with_name(str(words["description"]), _said(session, result))
    put_off = session.get(Recommendation, id_from(result.id, "advice"))
    if put_off is not None and put_off.deleted_at is None and put_off.state != DISMISSED:
        words["recommendation_id"] = put_off.id
    id_ = id_from(result.id, "line")
    for old in session.scalars(shown(Recommendation, Recommendation.line_id == id_, Recommendation.state == DISMISSED)):
        if old.result_id != result.id:
            hide(session, Recommendation, old.id)  # they had joined this line before it was taken away
    return create_line(session, actor, {**words, "order_id": order, "result_id": result.id}, id_=id_)


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


def finding_off_line(session: Session, actor: Actor, result_id: str) -> None:
    """Undo ``finding_to_line`` of a finding that joined a line: the line stays for the others, without its name.

    Raises ``Denied``, ``NotFound``.
    """
    require(actor, "repair_orders.change")
    result = row_of(session, InspectionResult, result_id)
    link = session.get(Recommendation, id_from(result.id, "advice"))
    line = session.get(RepairOrderLine, link.line_id) if link is not None and link.line_id else None
    if link is None or line is None or line.deleted_at is not None or line.result_id == result.id:
        return
    hide(session, Recommendation, link.id)
    short = _said(session, result)
    description = (line.description or "").replace(f", {short}", "").replace(f"({short}, ", "(")
    assign(session, line, {"description": description.replace(f" ({short})", "")})


def line_of(session: Session, result_id: str) -> str | None:
    """The line a finding is on, as its own or with others."""
    own = session.scalar(shown(RepairOrderLine, RepairOrderLine.result_id == result_id).limit(1))
    return own.id if own is not None else joined_lines(session, [result_id]).get(result_id)


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


def _same_work(
    session: Session, result: InspectionResult, words: Mapping[str, object], order: str
) -> tuple[RepairOrderLine, InspectionResult] | None:
    """The line that is there for another finding whose point asks for the same, and that finding. What the customer
    declined is not joined: of what was found since they know nothing.
    """
    point = _point(session, result)
    if point is None:
        return None
    query = (
        select(RepairOrderLine, InspectionResult)
        .join(InspectionResult, InspectionResult.id == RepairOrderLine.result_id)
        .join(InspectionPoint, InspectionPoint.id == InspectionResult.point_id)
        .where(
            RepairOrderLine.order_id == order,
            RepairOrderLine.deleted_at.is_(None),
            RepairOrderLine.kind == words["kind"],
            InspectionResult.inspection_id == result.inspection_id,
            InspectionPoint.line_description == point.line_description,
            func.coalesce(last_word(RepairOrderLine.id), "") != DECLINED,
        )
        .order_by(RepairOrderLine.id)
        .limit(1)
    )
    found = session.execute(query).first()
    return (found[0], found[1]) if found is not None else None


def _join(
    session: Session,
    same: tuple[RepairOrderLine, InspectionResult],
    result: InspectionResult,
    words: Mapping[str, object],
) -> LineView:
    line, first = same
    said = line.description or str(words["description"])
    if not said.endswith(")"):
        said = _with_name(said, _said(session, first))
    assign(session, line, {"description": f"{said[:-1]}, {_said(session, result)})"[:500]})
    settled: dict[str, Value] = {
        "vehicle_id": session.get_one(RepairOrder, line.order_id).vehicle_id,
        "order_id": line.order_id,
        "line_id": line.id,
        "result_id": result.id,
        "kind": line.kind,
        "description": str(words["description"]),
        "state": DISMISSED,  # never offered by itself: declined with its line it comes back as that
        "advised_at": result.seen_at if result.seen_at is not None else now(session),
    }
    derived(session, Recommendation, id_from(result.id, "advice"), settled)
    return get_line(session, line.id)


def _point(session: Session, result: InspectionResult) -> InspectionPoint | None:
    """The point of a finding, when it says what is done about it."""
    point = session.get(InspectionPoint, result.point_id) if result.point_id else None
    return point if point is not None and point.line_description else None


def _with_name(description: str, said: str) -> str:
    return f"{description} ({said})"[:500]


def _said(session: Session, result: InspectionResult) -> str:
    """A finding in few words: where it is, and what was measured. "front left 1.2 mm"."""
    name = _short(session, result)
    if result.value is None:
        return name
    value = Format(current(), "").quantity(result.value)
    return " ".join(each for each in (name, value, result.unit) if each)


def _short(session: Session, result: InspectionResult) -> str:
    """The name of a point without the words it shares with those measured beside it: "Tread depth, front left" of four
    wheels is "front left".
    """
    name = result.name or ""
    if result.kind != MEASURE:
        return name
    query = shown(
        InspectionResult,
        InspectionResult.inspection_id == result.inspection_id,
        InspectionResult.unit == result.unit,
        InspectionResult.id != result.id,
    )
    first, *rest = re.split(r"\s+", name) or [""]
    beside = [each.split() for each in session.scalars(query.with_only_columns(InspectionResult.name)) if each]
    beside = [each for each in beside if each[0] == first and each != [first, *rest]]
    if not beside:
        return name
    shared = 0
    while all(len(each) > shared and each[shared] == name.split()[shared] for each in beside) and shared < len(rest):
        shared += 1
    return " ".join(name.split()[shared:])


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
