"""Templates of inspections: the shop's own lists of things to look at."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.language import mark, tr
from core.people.roles import Actor, require
from core.records.input import Field, Fields, Problems, Value, one_of, row_id, text, whole, yes_no
from core.records.paging import LIMIT, Order, Page, page_of
from core.records.rows import added, assign, born, hide, last_changed, row_of, shown, unhide
from core.workshop.inspection_models import InspectionPoint, InspectionTemplate
from core.workshop.line_kinds import DISCOUNT, KINDS

CHECK, MEASURE, TEXT = "check", "measure", "text"
POINT_KINDS: Mapping[str, str] = {
    CHECK: mark("Look at"),
    MEASURE: mark("Measure"),
    TEXT: mark("Write down"),
}
LARGEST = 1_000_000_000  # of a measured value, thousandths of its unit
_DEAREST = 1_000_000_000_000  # minor units

FIELDS = Fields(
    name=Field(text(120), required=True),
    description=Field(text(2_000, lines=True)),
    active=Field(yes_no),
    position=Field(whole(0, 1_000_000)),
)
POINT_FIELDS = Fields(
    template_id=Field(row_id, required=True, of=InspectionTemplate),
    section=Field(text(80)),
    name=Field(text(160), required=True),
    kind=Field(one_of(POINT_KINDS)),
    unit=Field(text(12)),
    worse_below=Field(yes_no),
    yellow_at=Field(whole(-LARGEST, LARGEST)),
    red_at=Field(whole(-LARGEST, LARGEST)),
    position=Field(whole(0, 1_000_000)),
    line_description=Field(text(500)),
    line_kind=Field(one_of([kind for kind in KINDS if kind != DISCOUNT])),
    line_quantity=Field(whole(0, LARGEST)),
    line_price=Field(whole(0, _DEAREST)),
)
_PLACE = func.coalesce(InspectionTemplate.position, 0)


@dataclass(frozen=True, slots=True)
class TemplateView:
    """A template; ``points``: how many it has."""

    table: ClassVar[str] = "inspection_templates"

    id: str
    name: str | None
    description: str | None
    active: bool
    position: int | None
    points: int
    created_at: int | None
    changed_at: int | None
    deleted_at: int | None


@dataclass(frozen=True, slots=True)
class PointView:
    """A thing to look at. Limits in thousandths of ``unit``; with ``worse_below`` a value under them is bad, else one
    over them. ``line_…``: what a finding becomes on the estimate, as the fields of a line.
    """

    table: ClassVar[str] = "inspection_points"

    id: str
    template_id: str | None
    section: str | None
    name: str | None
    kind: str
    unit: str | None
    worse_below: bool
    yellow_at: int | None
    red_at: int | None
    position: int | None
    line_description: str | None
    line_kind: str | None
    line_quantity: int | None
    line_price: int | None
    created_at: int | None
    changed_at: int | None
    deleted_at: int | None


def create_template(session: Session, actor: Actor, fields: Mapping[str, object]) -> TemplateView:
    """A new template at the end: ``name``. Raises ``Denied``, ``Refused``."""
    require(actor, "workshop.change")
    values = FIELDS.settled(session, fields)
    if values.get("position") is None:
        values["position"] = (session.scalar(shown(InspectionTemplate).with_only_columns(func.max(_PLACE))) or 0) + 1
    return _view(added(session, InspectionTemplate, {**values, "active": values.get("active") is not False}), 0)


def change_template(session: Session, actor: Actor, id_: str, fields: Mapping[str, object]) -> TemplateView:
    """Change some fields; inspections that were made by it stay as they are. Raises ``Denied``, ``NotFound``,
    ``Refused``.
    """
    require(actor, "workshop.change")
    row = row_of(session, InspectionTemplate, id_)
    assign(session, row, FIELDS.settled(session, fields, row))
    return _one(session, row)


def delete_template(session: Session, actor: Actor, id_: str) -> None:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "workshop.change")
    hide(session, InspectionTemplate, id_)


def restore_template(session: Session, actor: Actor, id_: str) -> TemplateView:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "workshop.change")
    return _one(session, unhide(session, InspectionTemplate, id_))


def get_template(session: Session, id_: str, *, deleted: bool = False) -> TemplateView:
    """One. Raises ``NotFound``."""
    return _one(session, row_of(session, InspectionTemplate, id_, deleted=deleted))


def list_templates(
    session: Session, *, active: bool | None = None, after: str | None = None, limit: int = LIMIT
) -> Page[TemplateView]:
    """Templates by the page, in the shop's own order. Raises ``Refused``."""
    query = shown(InspectionTemplate)
    if active is not None:
        query = query.where(func.coalesce(InspectionTemplate.active, True).is_(active))
    page = page_of(session, query, InspectionTemplate, Order("position", _PLACE, kind=int), after=after, limit=limit)
    counts = _counts(session, [row.id for row in page.items])
    return page.mapped(lambda row: _view(row, counts.get(row.id, 0)))


def create_point(session: Session, actor: Actor, fields: Mapping[str, object]) -> PointView:
    """A new point at the end: ``template_id`` and ``name``; to look at, unless ``kind`` says else.

    Raises ``Denied``, ``Refused``.
    """
    require(actor, "workshop.change")
    problems = Problems()
    values = POINT_FIELDS.take(session, fields, None, problems)
    values["kind"] = values.get("kind") or CHECK
    _check_limits(values, problems)
    problems.settle()
    if values.get("position") is None:
        last = shown(InspectionPoint, InspectionPoint.template_id == values["template_id"])
        values["position"] = (session.scalar(last.with_only_columns(func.max(InspectionPoint.position))) or 0) + 1
    return point_view(added(session, InspectionPoint, values))


def change_point(session: Session, actor: Actor, id_: str, fields: Mapping[str, object]) -> PointView:
    """Change some fields; None empties one. Raises ``Denied``, ``NotFound``, ``Refused``."""
    require(actor, "workshop.change")
    row = row_of(session, InspectionPoint, id_)
    problems = Problems()
    values = POINT_FIELDS.take(session, fields, row, problems)
    limits = {name: getattr(row, name) for name in ("kind", "worse_below", "yellow_at", "red_at")}
    _check_limits({**limits, **values}, problems)
    problems.settle()
    assign(session, row, values)
    return point_view(row)


def delete_point(session: Session, actor: Actor, id_: str) -> None:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "workshop.change")
    hide(session, InspectionPoint, id_)


def restore_point(session: Session, actor: Actor, id_: str) -> PointView:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "workshop.change")
    return point_view(unhide(session, InspectionPoint, id_))


def get_point(session: Session, id_: str, *, deleted: bool = False) -> PointView:
    """One. Raises ``NotFound``."""
    return point_view(row_of(session, InspectionPoint, id_, deleted=deleted))


def points_of(session: Session, template_id: str) -> tuple[PointView, ...]:
    """The points of a template, in their order. Raises ``NotFound``."""
    row_of(session, InspectionTemplate, template_id, deleted=True)
    query = shown(InspectionPoint, InspectionPoint.template_id == template_id)
    rows = session.scalars(query.order_by(func.coalesce(InspectionPoint.position, 0), InspectionPoint.id))
    return tuple(point_view(row) for row in rows)


def _check_limits(values: Mapping[str, Value], problems: Problems) -> None:
    yellow, red = values.get("yellow_at"), values.get("red_at")
    if values.get("kind") != MEASURE and (yellow is not None or red is not None):
        problems.add("yellow_at", tr("Only what is measured has limits."))
    if isinstance(yellow, int) and isinstance(red, int):
        wrong = yellow < red if values.get("worse_below") else yellow > red
        if wrong:
            problems.add("red_at", tr("Red begins beyond yellow: the limits are the wrong way round."))


def _counts(session: Session, template_ids: list[str]) -> dict[str, int]:
    """How many points these templates have, in one statement."""
    if not template_ids:
        return {}
    query = (
        select(InspectionPoint.template_id, func.count())
        .where(InspectionPoint.template_id.in_(template_ids), InspectionPoint.deleted_at.is_(None))
        .group_by(InspectionPoint.template_id)
    )
    return {str(row[0]): row[1] for row in session.execute(query)}


def _one(session: Session, row: InspectionTemplate) -> TemplateView:
    return _view(row, _counts(session, [row.id]).get(row.id, 0))


def _view(row: InspectionTemplate, points: int) -> TemplateView:
    return TemplateView(
        id=row.id,
        name=row.name,
        description=row.description,
        active=row.active is not False,
        position=row.position,
        points=points,
        created_at=born(row),
        changed_at=last_changed(row),
        deleted_at=row.deleted_at,
    )


def point_view(row: InspectionPoint) -> PointView:
    return PointView(
        id=row.id,
        template_id=row.template_id,
        section=row.section,
        name=row.name,
        kind=row.kind or CHECK,
        unit=row.unit,
        worse_below=row.worse_below is True,
        yellow_at=row.yellow_at,
        red_at=row.red_at,
        position=row.position,
        line_description=row.line_description,
        line_kind=row.line_kind,
        line_quantity=row.line_quantity,
        line_price=row.line_price,
        created_at=born(row),
        changed_at=last_changed(row),
        deleted_at=row.deleted_at,
    )
