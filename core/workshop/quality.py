"""The quality check: somebody else looks the finished work over. Facts; the last one says how it stands."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import func, select, union
from sqlalchemy.orm import Session

from core.language import tr
from core.people.models import Staff
from core.people.roles import STAFF_ROLES, Actor, Role, may, require
from core.records.input import Field, Fields, Problems, Refused, Value, row_id, text, yes_no
from core.records.moment import now
from core.records.paging import LIMIT, Order, Page, page_of
from core.records.rows import added, hide, row_of, shown, unhide
from core.workshop.models import ClockPunch, QualityCheck, RepairOrder, RepairOrderLine, Task

OVER = (Role.OWNER, Role.MANAGER)  # answer for all work anyway
FIELDS = Fields(
    order_id=Field(row_id, required=True, of=RepairOrder),
    passed=Field(yes_no, required=True),
    remark=Field(text(20_000, lines=True)),
)
_AT = func.coalesce(QualityCheck.checked_at, 0)


@dataclass(frozen=True, slots=True)
class CheckView:
    """A check. ``checked_by`` as in ``Actor.reference``, ``checked_at`` UTC milliseconds."""

    table: ClassVar[str] = "quality_checks"

    id: str
    order_id: str | None
    passed: bool
    remark: str | None
    checked_by: str | None
    checked_by_name: str | None
    checked_at: int | None
    deleted_at: int | None


def check_quality(session: Session, actor: Actor, fields: Mapping[str, object]) -> CheckView:
    """Write down a check: ``order_id``, ``passed``; what did not pass says why in ``remark``.

    Nobody passes their own work (assigned to it, or clocked on), but for the owner and a manager, and for who is the
    only one here that could. Raises ``Denied``, ``Refused``.
    """
    require(actor, "repair_orders.change")
    problems = Problems()
    values = FIELDS.take(session, fields, None, problems)
    if values.get("passed") is False and not values.get("remark"):
        problems.add("remark", tr("Say what is not right yet."))
    problems.settle()
    if values.get("passed") is True:
        _check_other_eyes(session, actor, str(values["order_id"]))
    last = last_check(session, str(values["order_id"]))
    # After the check before it, even at a terminal whose clock stands at 2009.
    at = max(now(session), (last.checked_at or 0) + 1 if last else 0)
    signed: dict[str, Value] = {"checked_by": actor.reference, "checked_by_name": actor.name, "checked_at": at}
    return _view(added(session, QualityCheck, {**values, **signed}))


def _check_other_eyes(session: Session, actor: Actor, order_id: str) -> None:
    """Raises ``Refused`` for who worked on the order while somebody else could look it over."""
    if actor.kind != "staff" or actor.role in OVER:
        return
    worked = _workers(session, order_id)
    if actor.id not in worked:
        return
    others = shown(Staff, Staff.id != actor.id, func.coalesce(Staff.active, True))
    for row in session.scalars(others):
        role = next((each for each in STAFF_ROLES if each.value == row.role), None)
        if role is None or not may(Actor("staff", row.id, row.name or "", role), "repair_orders.change"):
            continue
        if role in OVER or row.id not in worked:
            words = tr(
                "You have worked on this order: somebody else looks it over, {name} for one.", name=row.name or ""
            )
            raise Refused(("passed", words))


def _workers(session: Session, order_id: str) -> frozenset[str]:
    """Who was assigned to an order or to a piece of it, or clocked on to it."""
    asked = union(
        select(RepairOrder.technician_id).where(RepairOrder.id == order_id),
        select(Task.technician_id).where(Task.order_id == order_id, Task.deleted_at.is_(None)),
        select(RepairOrderLine.technician_id).where(
            RepairOrderLine.order_id == order_id, RepairOrderLine.deleted_at.is_(None)
        ),
        select(ClockPunch.staff_id).where(ClockPunch.order_id == order_id, ClockPunch.deleted_at.is_(None)),
    )
    return frozenset(str(row[0]) for row in session.execute(asked) if row[0])


def delete_check(session: Session, actor: Actor, id_: str) -> None:
    """Hide a check that was entered by mistake. Raises ``Denied``, ``NotFound``."""
    require(actor, "repair_orders.change")
    hide(session, QualityCheck, id_)


def restore_check(session: Session, actor: Actor, id_: str) -> CheckView:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "repair_orders.change")
    return _view(unhide(session, QualityCheck, id_))


def get_check(session: Session, id_: str) -> CheckView:
    """One. Raises ``NotFound``."""
    return _view(row_of(session, QualityCheck, id_))


def last_check(session: Session, order_id: str) -> CheckView | None:
    """How the work on an order stands; None: nobody looked."""
    return last_checks(session, [order_id]).get(order_id)


def last_checks(session: Session, order_ids: Collection[str]) -> dict[str, CheckView]:
    """The last check of each of these orders that has one, in one query."""
    if not order_ids:
        return {}
    query = shown(QualityCheck, QualityCheck.order_id.in_(order_ids)).order_by(_AT, QualityCheck.id)
    return {str(row.order_id): _view(row) for row in session.scalars(query)}


def list_checks(session: Session, order_id: str, *, after: str | None = None, limit: int = LIMIT) -> Page[CheckView]:
    """The checks of an order, the last first. Raises ``NotFound``, ``Refused``."""
    row_of(session, RepairOrder, order_id, deleted=True)
    order = Order("checked_at", _AT, descending=True, kind=int)
    query = shown(QualityCheck, QualityCheck.order_id == order_id)
    return page_of(session, query, QualityCheck, order, after=after, limit=limit).mapped(_view)


def _view(row: QualityCheck) -> CheckView:
    return CheckView(
        id=row.id,
        order_id=row.order_id,
        passed=row.passed is True,
        remark=row.remark,
        checked_by=row.checked_by,
        checked_by_name=row.checked_by_name,
        checked_at=row.checked_at,
        deleted_at=row.deleted_at,
    )
