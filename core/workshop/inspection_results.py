"""What was seen at each point of an inspection, beside what was seen there the last time."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from core.language import tr
from core.people.roles import Actor, require
from core.records.input import Field, Fields, Problems, Value, one_of, text, whole
from core.records.moment import now
from core.records.rows import added, assign, by_id, hide, last_changed, row_of, shown
from core.workshop.estimate_models import Recommendation
from core.workshop.inspection_models import Inspection, InspectionPoint, InspectionResult
from core.workshop.inspection_templates import CHECK, LARGEST, POINT_KINDS
from core.workshop.inspections import GREEN, RED, VERDICTS, YELLOW
from core.workshop.models import Photo, RepairOrderLine

FIELDS = Fields(
    verdict=Field(one_of(VERDICTS)),
    value=Field(whole(-LARGEST, LARGEST)),
    remark=Field(text(2_000, lines=True)),
)
EXTRA_FIELDS = Fields(
    section=Field(text(80)),
    name=Field(text(160), required=True),
    kind=Field(one_of(POINT_KINDS)),
    unit=Field(text(12)),
    verdict=Field(one_of(VERDICTS)),
    value=Field(whole(-LARGEST, LARGEST)),
    remark=Field(text(2_000, lines=True)),
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen at the same point of the same vehicle before; ``value`` in thousandths, ``odometer`` km."""

    inspection_id: str | None
    verdict: str | None
    value: int | None
    remark: str | None
    seen_at: int | None
    odometer: int | None


@dataclass(frozen=True, slots=True)
class ResultView:
    """One point of an inspection. ``verdict``: green, yellow, red, none (not there); None: nobody looked yet.

    ``value`` and limits in thousandths of ``unit``; ``line_id``: what it became on the estimate; ``previous``: the last
    time; ``photos``: how many show it.
    """

    table: ClassVar[str] = "inspection_results"

    id: str
    inspection_id: str | None
    point_id: str | None
    section: str | None
    name: str | None
    kind: str
    unit: str | None
    worse_below: bool
    yellow_at: int | None
    red_at: int | None
    verdict: str | None
    value: int | None
    remark: str | None
    seen_at: int | None
    position: int | None
    line_id: str | None
    photos: int
    previous: Seen | None
    changed_at: int | None


def verdict_of(value: int, *, worse_below: bool, yellow_at: int | None, red_at: int | None) -> str | None:
    """What a measured value means by its limits; None: there are none, a person has to say."""
    if yellow_at is None and red_at is None:
        return None
    for verdict, limit in ((RED, red_at), (YELLOW, yellow_at)):
        if limit is not None and (value < limit if worse_below else value > limit):
            return verdict
    return GREEN


def set_result(session: Session, actor: Actor, id_: str, fields: Mapping[str, object]) -> ResultView:
    """Write down what is seen: ``verdict``, ``value``, ``remark``; None empties one.

    A value without a verdict is judged by the limits of its point. Raises ``Denied``, ``NotFound``, ``Refused`` (also
    when the inspection is completed: it is reopened first).
    """
    require(actor, "inspections.change")
    row = row_of(session, InspectionResult, id_)
    problems = Problems()
    values = FIELDS.take(session, fields, row, problems)
    _check_open(session, row.inspection_id, problems)
    problems.settle()
    value = values.get("value")
    if value is not None and "verdict" not in values:
        judged = _judged(session, row, int(value))
        values |= {} if judged is None else {"verdict": judged}
    after = {name: values.get(name, getattr(row, name)) for name in FIELDS}
    seen = any(each is not None for each in after.values())
    if any(getattr(row, name) != value for name, value in values.items()):
        values["seen_at"] = now(session) if seen else None
    assign(session, row, values)
    return _one(session, row)


def add_result(session: Session, actor: Actor, inspection_id: str, fields: Mapping[str, object]) -> ResultView:
    """Something that the template does not ask for was seen: ``name``. Raises ``Denied``, ``NotFound``, ``Refused``."""
    require(actor, "inspections.change")
    row_of(session, Inspection, inspection_id)
    problems = Problems()
    values = EXTRA_FIELDS.take(session, fields, None, problems)
    _check_open(session, inspection_id, problems)
    problems.settle()
    last = shown(InspectionResult, InspectionResult.inspection_id == inspection_id)
    place = (session.scalar(last.with_only_columns(func.max(InspectionResult.position))) or 0) + 1
    fixed: dict[str, Value] = {"inspection_id": inspection_id, "position": place, "seen_at": now(session)}
    return _one(session, added(session, InspectionResult, {**values, **fixed, "kind": values.get("kind") or CHECK}))


def delete_result(session: Session, actor: Actor, id_: str) -> None:
    """Take a point off an inspection. Raises ``Denied``, ``NotFound``, ``Refused``: it is completed."""
    require(actor, "inspections.change")
    problems = Problems()
    _check_open(session, row_of(session, InspectionResult, id_).inspection_id, problems)
    problems.settle()
    hide(session, InspectionResult, id_)


def rest_is_good(
    session: Session, actor: Actor, inspection_id: str, section: str | None = None
) -> tuple[ResultView, ...]:
    """What nobody has said anything of, and is only looked at, is good; of one section, or of all.

    What is measured or written down is left: nobody measured it. Raises ``Denied``, ``NotFound``, ``Refused``.
    """
    require(actor, "inspections.change")
    row_of(session, Inspection, inspection_id)
    problems = Problems()
    _check_open(session, inspection_id, problems)
    problems.settle()
    for row in session.scalars(shown(InspectionResult, InspectionResult.inspection_id == inspection_id)):
        if row.verdict is None and row.kind in (CHECK, None) and (section is None or (row.section or "") == section):
            assign(session, row, {"verdict": GREEN, "seen_at": now(session)})
    return results_of(session, inspection_id)


def get_result(session: Session, id_: str) -> ResultView:
    """One. Raises ``NotFound``."""
    return _one(session, row_of(session, InspectionResult, id_))


def results_of(session: Session, inspection_id: str) -> tuple[ResultView, ...]:
    """All points of an inspection in their order, in seven queries. Raises ``NotFound``."""
    inspection = row_of(session, Inspection, inspection_id, deleted=True)
    query = shown(InspectionResult, InspectionResult.inspection_id == inspection_id)
    rows = session.scalars(query.order_by(func.coalesce(InspectionResult.position, 0), InspectionResult.id)).all()
    return _views(session, inspection, rows)


def _check_open(session: Session, inspection_id: str | None, problems: Problems) -> None:
    inspection = session.get(Inspection, inspection_id) if inspection_id else None
    if inspection is not None and inspection.completed_at is not None:
        problems.add("", tr("This inspection is completed: open it again first."))


def _judged(session: Session, row: InspectionResult, value: int) -> str | None:
    point = session.get(InspectionPoint, row.point_id) if row.point_id else None
    if point is None:
        return None
    below = point.worse_below is True
    return verdict_of(value, worse_below=below, yellow_at=point.yellow_at, red_at=point.red_at)


def _one(session: Session, row: InspectionResult) -> ResultView:
    inspection = session.get(Inspection, row.inspection_id) if row.inspection_id else None
    return _views(session, inspection, [row])[0]


def _views(session: Session, inspection: Inspection | None, rows: Sequence[InspectionResult]) -> tuple[ResultView, ...]:
    """What is shown of points: with limits, lines, photos and the last time in one query each."""
    ids = [row.id for row in rows]
    points = by_id(session, InspectionPoint, [row.point_id for row in rows])
    lines = shown(RepairOrderLine, RepairOrderLine.result_id.in_(ids)).order_by(RepairOrderLine.id.desc())
    of_lines = joined_lines(session, ids) | {str(line.result_id): line.id for line in session.scalars(lines)}
    count = select(Photo.result_id, func.count()).where(Photo.result_id.in_(ids), Photo.deleted_at.is_(None))
    photos = {each[0]: each[1] for each in session.execute(count.group_by(Photo.result_id))}
    before = _before(session, inspection, rows) if inspection is not None else {}
    return tuple(
        _view(row, points.get(row.point_id or ""), of_lines.get(row.id), photos.get(row.id, 0), before.get(row.id))
        for row in rows
    )


def joined_lines(session: Session, result_ids: Collection[str]) -> dict[str, str]:
    """The lines of these findings that stand there for another finding, too (``inspection_findings``)."""
    query = (
        select(Recommendation.result_id, Recommendation.line_id)
        .join(RepairOrderLine, RepairOrderLine.id == Recommendation.line_id)
        .where(
            Recommendation.result_id.in_(result_ids),
            Recommendation.deleted_at.is_(None),
            RepairOrderLine.deleted_at.is_(None),
        )
    )
    return {str(row[0]): str(row[1]) for row in session.execute(query.order_by(Recommendation.id.desc()))}


def _before(session: Session, inspection: Inspection, rows: Collection[InspectionResult]) -> dict[str, Seen]:
    """What was seen at these points at earlier inspections of the vehicle, by the id of the result that it precedes.

    The same point; or one called the same and measured in the same unit, in another template or before it was made
    anew: the brake pads of the yearly service are those of the brake check.
    """
    if inspection.vehicle_id is None:
        return {}
    result, seen_at = InspectionResult, func.coalesce(InspectionResult.seen_at, 0)
    place = func.row_number().over(
        partition_by=(result.point_id, result.name, result.unit), order_by=(seen_at.desc(), result.id.desc())
    )
    same = or_(
        result.point_id.in_([row.point_id for row in rows if row.point_id]),
        result.name.in_([row.name for row in rows if row.name]),
    )
    ranked = (
        select(result.id.label("id"), place.label("place"), Inspection.odometer.label("odometer"))
        .join(Inspection, Inspection.id == result.inspection_id)
        .where(
            Inspection.vehicle_id == inspection.vehicle_id,
            Inspection.id != inspection.id,
            Inspection.deleted_at.is_(None),
            func.coalesce(Inspection.started_at, 0) <= (inspection.started_at or 0),
            result.deleted_at.is_(None),
            or_(result.verdict.is_not(None), result.value.is_not(None), result.remark.is_not(None)),
            same,
        )
        .subquery()
    )
    query = select(result, ranked.c.odometer).join(ranked, result.id == ranked.c.id).where(ranked.c.place == 1)
    found = sorted(session.execute(query), key=lambda each: (each[0].seen_at or 0, each[0].id))
    by_point = {each[0].point_id: each for each in found if each[0].point_id}
    by_name = {(each[0].name, each[0].unit): each for each in found if each[0].name}
    last: dict[str, Seen] = {}
    for row in rows:
        both = [each for each in (by_point.get(row.point_id), by_name.get((row.name, row.unit))) if each is not None]
        if both:
            earlier, odometer = max(both, key=lambda each: (each[0].seen_at or 0, each[0].id))
            last[row.id] = Seen(
                earlier.inspection_id, earlier.verdict, earlier.value, earlier.remark, earlier.seen_at, odometer
            )
    return last


def _view(
    row: InspectionResult, point: InspectionPoint | None, line_id: str | None, photos: int, previous: Seen | None
) -> ResultView:
    return ResultView(
        id=row.id,
        inspection_id=row.inspection_id,
        point_id=row.point_id,
        section=row.section,
        name=row.name,
        kind=row.kind or CHECK,
        unit=row.unit,
        worse_below=point is not None and point.worse_below is True,
        yellow_at=point.yellow_at if point else None,
        red_at=point.red_at if point else None,
        verdict=row.verdict,
        value=row.value,
        remark=row.remark,
        seen_at=row.seen_at,
        position=row.position,
        line_id=line_id,
        photos=photos,
        previous=previous,
        changed_at=last_changed(row),
    )
