"""The lines of a repair order: labour, parts, work of others, fees, and what is taken off."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import func
from sqlalchemy.orm import Session

from core.language import tr
from core.people.models import Staff
from core.people.roles import Actor, require
from core.records.input import Field, Fields, Problems, Value, is_here, one_of, row_id, text, whole
from core.records.rows import added, assign, born, hide, last_changed, row_of, shown, unhide
from core.workshop.decisions import DECLINED, DecisionView, decisions_on, last_words
from core.workshop.derived_ids import derived
from core.workshop.estimate_models import Recommendation
from core.workshop.inspection_models import InspectionResult
from core.workshop.line_kinds import DISCOUNT, KINDS, LABOUR, PART
from core.workshop.models import RepairOrder, RepairOrderLine, Task
from core.workshop.part_states import WORDS as PART_STATES
from core.workshop.part_states import PartState
from core.workshop.parts_models import Part
from core.workshop.shop import shop_details
from core.workshop.tax_rules import rate_today
from core.workshop.totals import ONE, PricedLine, discount_of

__all__ = [
    "KINDS", "ONE", "PART_STATES", "LineView", "change_line", "create_line", "delete_line", "get_line", "lines_of",
    "list_lines", "restore_line", "take_off",
]  # fmt: skip

_DEAREST = 1_000_000_000_000  # minor units
_MANY = 1_000_000 * ONE

FIELDS = Fields(
    order_id=Field(row_id, required=True, of=RepairOrder),
    kind=Field(one_of(KINDS), required=True),
    description=Field(text(500), required=True),
    part_number=Field(text(60)),
    quantity=Field(whole(0, _MANY)),
    unit_price=Field(whole(-_DEAREST, _DEAREST)),
    tax_rate=Field(whole(0, 10_000)),
    position=Field(whole(0, 1_000_000)),
    unit_cost=Field(whole(0, _DEAREST)),
    part_id=Field(row_id, of=Part),
    part_state=Field(one_of([state.value for state in PartState])),
    task_id=Field(row_id, of=Task),
    technician_id=Field(row_id, of=Staff),
    result_id=Field(row_id, of=InspectionResult),
    recommendation_id=Field(row_id, of=Recommendation),
)


@dataclass(frozen=True, slots=True)
class LineView:
    """A line. ``quantity`` in thousandths, ``unit_price`` and ``unit_cost`` in minor units without tax, ``tax_rate``
    1900 is 19 %. ``part_state`` is what was said of it; None: what the store says (``part_states``).
    """

    table: ClassVar[str] = "repair_order_lines"

    id: str
    order_id: str | None
    kind: str | None
    description: str | None
    part_number: str | None
    quantity: int | None
    unit_price: int | None
    tax_rate: int | None
    position: int | None
    unit_cost: int | None
    part_id: str | None
    part_state: str | None
    task_id: str | None
    technician_id: str | None
    result_id: str | None
    recommendation_id: str | None
    created_at: int | None
    changed_at: int | None
    deleted_at: int | None


def create_line(session: Session, actor: Actor, fields: Mapping[str, object], *, id_: str | None = None) -> LineView:
    """A new line at the end: ``order_id``, ``kind`` and ``description``; one of it, unless ``quantity`` says else.

    What is not given comes from the part (``part_id``: description, number, price, cost), from the shop's hourly rate
    (labour) and from its tax rules. ``id_``: of a line that follows from something else (``derived_ids``); one that is
    there already is returned as it is, one that was deleted is written anew. Raises ``Denied``, ``Refused``.
    """
    require(actor, "repair_orders.change")
    there = session.get(RepairOrderLine, id_) if id_ else None
    if there is not None and there.deleted_at is None:
        return _view(there)
    given = {**_of_the_part(session, fields), **fields}
    problems = Problems()
    values = FIELDS.take(session, given, None, problems)
    _check_price(values.get("kind"), values.get("unit_price"), problems)
    problems.settle()
    if values.get("quantity") is None:
        values["quantity"] = ONE
    if "unit_price" not in given and values["kind"] == LABOUR:
        values["unit_price"] = shop_details(session).labour_rate
    if "tax_rate" not in given:
        values["tax_rate"] = rate_today(session, str(values["kind"]))
    if values.get("position") is None:
        last = shown(RepairOrderLine, RepairOrderLine.order_id == values["order_id"])
        last_position = session.scalar(last.with_only_columns(func.max(RepairOrderLine.position)))
        values["position"] = (last_position or 0) + 1
    made = derived(session, RepairOrderLine, id_, values) if id_ else added(session, RepairOrderLine, values)
    return _view(made)


def change_line(session: Session, actor: Actor, id_: str, fields: Mapping[str, object]) -> LineView:
    """Change some fields; None empties one. Raises ``Denied``, ``NotFound``, ``Refused``."""
    require(actor, "repair_orders.change")
    row = row_of(session, RepairOrderLine, id_)
    problems = Problems()
    values = FIELDS.take(session, fields, row, problems)
    if {"kind", "unit_price"} & values.keys():
        _check_price(values.get("kind", row.kind), values.get("unit_price", row.unit_price), problems)
    problems.settle()
    assign(session, row, values)
    return _view(row)


def take_off(session: Session, actor: Actor, order_id: str, percent: object, description: str) -> tuple[LineView, ...]:
    """Take ``percent`` (hundredths of one: 1000 is 10 %) off an order: a discount line for each rate of tax in it.

    What the customer declined is not paid, and nothing is taken off it.

    Raises ``Denied``, ``NotFound``, ``Refused``.
    """
    require(actor, "repair_orders.change")
    problems = Problems()
    checked = Fields(percent=Field(whole(1, 10_000), required=True)).take(session, {"percent": percent}, None, problems)
    problems.settle()
    words = last_words(decisions_on(session, [order_id]))
    kept = (each for each in list_lines(session, order_id) if not _declined(words.get(each.id)))
    taken = discount_of(kept, int(checked["percent"] or 0))
    return tuple(create_line(session, actor, _written(each, order_id, description)) for each in taken)


def _declined(last: DecisionView | None) -> bool:
    return last is not None and last.decision == DECLINED


def _written(line: PricedLine, order_id: str, description: str) -> dict[str, object]:
    return {
        "order_id": order_id,
        "kind": line.kind,
        "description": description,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "tax_rate": line.tax_rate,
    }


def _of_the_part(session: Session, fields: Mapping[str, object]) -> dict[str, object]:
    """What a line has from the part that it names, as far as the part says."""
    id_ = fields.get("part_id")
    if not isinstance(id_, str) or not is_here(session, Part, id_):
        return {}
    part = session.get_one(Part, id_)
    known = {
        "kind": PART,
        "description": part.name or part.number,
        "part_number": part.number,
        "unit_price": part.price,
        "unit_cost": part.cost,
    }
    return {name: value for name, value in known.items() if value is not None}


def _check_price(kind: Value, price: Value, problems: Problems) -> None:
    if kind == DISCOUNT and isinstance(price, int) and price > 0:
        problems.add("unit_price", tr("What is taken off has a price below nought."))


def delete_line(session: Session, actor: Actor, id_: str) -> None:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "repair_orders.change")
    hide(session, RepairOrderLine, id_)


def restore_line(session: Session, actor: Actor, id_: str) -> LineView:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "repair_orders.change")
    return _view(unhide(session, RepairOrderLine, id_))


def get_line(session: Session, id_: str, *, deleted: bool = False) -> LineView:
    """One line. Raises ``NotFound``."""
    return _view(row_of(session, RepairOrderLine, id_, deleted=deleted))


def list_lines(session: Session, order_id: str) -> tuple[LineView, ...]:
    """All lines of an order, as they stand on the paper. Raises ``NotFound``."""
    row_of(session, RepairOrder, order_id, deleted=True)
    return lines_of(session, [order_id])


def lines_of(session: Session, order_ids: Collection[str]) -> tuple[LineView, ...]:
    """The lines of these orders in one statement, those of each as they stand on its paper."""
    if not order_ids:
        return ()
    query = shown(RepairOrderLine, RepairOrderLine.order_id.in_(order_ids))
    rows = session.scalars(query.order_by(func.coalesce(RepairOrderLine.position, 0), RepairOrderLine.id))
    return tuple(_view(row) for row in rows)


def _view(row: RepairOrderLine) -> LineView:
    return LineView(
        id=row.id,
        order_id=row.order_id,
        kind=row.kind,
        description=row.description,
        part_number=row.part_number,
        quantity=row.quantity,
        unit_price=row.unit_price,
        tax_rate=row.tax_rate,
        position=row.position,
        unit_cost=row.unit_cost,
        part_id=row.part_id,
        part_state=row.part_state,
        task_id=row.task_id,
        technician_id=row.technician_id,
        result_id=row.result_id,
        recommendation_id=row.recommendation_id,
        created_at=born(row),
        changed_at=last_changed(row),
        deleted_at=row.deleted_at,
    )
