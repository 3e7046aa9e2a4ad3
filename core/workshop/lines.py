"""The lines of a repair order: labour, parts, work of others, fees, and what is taken off."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.language import tr
from core.people.models import Staff
from core.people.roles import Actor, require
from core.records.input import Field, Fields, Problems, Value, is_here, one_of, row_id, text, whole
from core.records.rows import added, assign, born, hide, last_changed, row_of, shown, unhide
from core.workshop.decisions import DECLINED, DecisionView, decisions_on, last_words
from core.workshop.derived_ids import derived, id_from
from core.workshop.discounts import is_share, priced_together
from core.workshop.estimate_models import Recommendation
from core.workshop.inspection_models import InspectionResult
from core.workshop.line_kinds import DISCOUNT, KINDS, LABOUR, PART
from core.workshop.models import RepairOrder, RepairOrderLine, Task
from core.workshop.part_states import WORDS as PART_STATES
from core.workshop.part_states import PartState
from core.workshop.parts_models import Part
from core.workshop.shop import shop_details
from core.workshop.tax_rules import rate_today
from core.workshop.totals import ONE, WHOLE

__all__ = [
    "KINDS", "ONE", "PART_STATES", "LineView", "change_line", "create_line", "delete_line", "get_line", "is_declined",
    "lines_of", "list_lines", "restore_line", "take_off",
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
    percent_off=Field(whole(1, WHOLE)),
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

    ``percent_off``: of a discount that takes 10 % off, 1000; its ``unit_price`` is then what that comes to now
    (``discounts``), of what the customer did not decline.
    """

    table: ClassVar[str] = "repair_order_lines"

    id: str
    order_id: str | None
    kind: str | None
    description: str | None
    part_number: str | None
    quantity: int | None
    unit_price: int | None
    percent_off: int | None
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
        return _shown(session, there)
    given = {**_of_the_part(session, fields), **fields}
    problems = Problems()
    values = FIELDS.take(session, given, None, problems)
    _check_price(values, problems)
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
    _spread_discounts(session, made)
    return _shown(session, made)


def change_line(session: Session, actor: Actor, id_: str, fields: Mapping[str, object]) -> LineView:
    """Change some fields; None empties one. Raises ``Denied``, ``NotFound``, ``Refused``."""
    require(actor, "repair_orders.change")
    row = row_of(session, RepairOrderLine, id_)
    problems = Problems()
    values = FIELDS.take(session, fields, row, problems)
    if {"kind", "unit_price", "percent_off"} & values.keys():
        _check_price({name: values.get(name, getattr(row, name)) for name in _PRICED}, problems)
    problems.settle()
    assign(session, row, values)
    _spread_discounts(session, row)
    return _shown(session, row)


def take_off(session: Session, actor: Actor, order_id: str, percent: object, description: str) -> tuple[LineView, ...]:
    """Take ``percent`` (hundredths of one: 1000 is 10 %) off an order: a discount line for each rate of tax in it.

    It stays a percentage: what is added later is dearer by less, and nothing is taken off what the customer declines.

    Raises ``Denied``, ``NotFound``, ``Refused``.
    """
    require(actor, "repair_orders.change")
    problems = Problems()
    checked = Fields(percent=Field(whole(1, WHOLE), required=True)).take(session, {"percent": percent}, None, problems)
    problems.settle()
    lines = list_lines(session, order_id)
    rates = sorted({each.tax_rate or 0 for each in lines if each.kind != DISCOUNT})
    already = max(
        (sum(each.percent_off or 0 for each in lines if (each.tax_rate or 0) == rate) for rate in rates), default=0
    )
    if not rates:
        problems.add("percent", tr("There is nothing to take it off yet."))
    elif already + int(checked["percent"] or 0) > WHOLE:
        problems.add("percent", tr("With what is taken off already this is more than everything."))
    problems.settle()
    discount = {"order_id": order_id, "kind": DISCOUNT, "description": description, "percent_off": checked["percent"]}
    made = [create_line(session, actor, {**discount, "tax_rate": rate}).id for rate in rates]
    return tuple(each for each in lines_of(session, [order_id]) if each.id in made)


def _spread_discounts(session: Session, row: RepairOrderLine) -> None:
    """A line of a rate of tax that is new on its order gets the percentages that the others have."""
    if row.kind == DISCOUNT:
        return
    query = select(RepairOrderLine).where(
        RepairOrderLine.order_id == row.order_id,
        RepairOrderLine.percent_off.is_not(None),
        RepairOrderLine.kind == DISCOUNT,
    )
    found: dict[tuple[int | None, str | None], list[RepairOrderLine]] = {}
    for each in session.scalars(query.order_by(RepairOrderLine.id)):
        found.setdefault((each.percent_off, each.description), []).append(each)
    for group in found.values():
        there = [each for each in group if each.deleted_at is None]
        # One that was taken away for this rate stays away.
        if there and row.tax_rate not in [each.tax_rate for each in group]:
            names = ("order_id", "kind", "description", "percent_off", "quantity", "position")
            values = {name: getattr(there[0], name) for name in names}
            id_ = id_from(there[0].id, f"discount at {row.tax_rate}")
            derived(session, RepairOrderLine, id_, {**values, "tax_rate": row.tax_rate})


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


_PRICED = ("kind", "unit_price", "percent_off")


def _check_price(values: Mapping[str, Value], problems: Problems) -> None:
    kind, price, percent = (values.get(name) for name in _PRICED)
    if kind == DISCOUNT and isinstance(price, int) and price > 0:
        problems.add("unit_price", tr("What is taken off has a price below nought."))
    if percent is not None and kind != DISCOUNT:
        problems.add("percent_off", tr("Only a discount takes a percentage off."))
    elif percent is not None and price is not None:
        problems.add("unit_price", tr("Either an amount is taken off or a percentage, not both."))


def delete_line(session: Session, actor: Actor, id_: str) -> None:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "repair_orders.change")
    hide(session, RepairOrderLine, id_)


def restore_line(session: Session, actor: Actor, id_: str) -> LineView:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "repair_orders.change")
    row = unhide(session, RepairOrderLine, id_)
    _spread_discounts(session, row)
    return _shown(session, row)


def get_line(session: Session, id_: str, *, deleted: bool = False) -> LineView:
    """One line. Raises ``NotFound``."""
    return _shown(session, row_of(session, RepairOrderLine, id_, deleted=deleted))


def list_lines(session: Session, order_id: str) -> tuple[LineView, ...]:
    """All lines of an order, as they stand on the paper. Raises ``NotFound``."""
    row_of(session, RepairOrder, order_id, deleted=True)
    return lines_of(session, [order_id])


def lines_of(session: Session, order_ids: Collection[str]) -> tuple[LineView, ...]:
    """The lines of these orders in one statement, those of each as they stand on its paper; two, when there are
    percentages among them, which are of what was not declined.
    """
    if not order_ids:
        return ()
    query = shown(RepairOrderLine, RepairOrderLine.order_id.in_(order_ids))
    rows = session.scalars(query.order_by(func.coalesce(RepairOrderLine.position, 0), RepairOrderLine.id))
    found = tuple(_view(row) for row in rows)
    shared = {each.order_id for each in found if each.order_id and is_share(each)}
    if not shared:
        return found
    words = last_words(decisions_on(session, shared))
    by_order: dict[str | None, list[LineView]] = {}
    for each in found:
        by_order.setdefault(each.order_id, []).append(each)
    priced = {
        line.id: line
        for of_one in by_order.values()
        for line in priced_together(of_one, [each.id for each in of_one if not is_declined(words.get(each.id))])
    }
    return tuple(priced[each.id] for each in found)


def is_declined(last: DecisionView | None) -> bool:
    """Whether the last word on a line was a no."""
    return last is not None and last.decision == DECLINED


def _shown(session: Session, row: RepairOrderLine) -> LineView:
    """A line by itself; a percentage beside the lines it is of."""
    view = _view(row)
    if not is_share(view) or row.order_id is None or row.deleted_at is not None:
        return view
    return next((each for each in lines_of(session, [row.order_id]) if each.id == row.id), view)


def _view(row: RepairOrderLine) -> LineView:
    return LineView(
        id=row.id,
        order_id=row.order_id,
        kind=row.kind,
        description=row.description,
        part_number=row.part_number,
        quantity=row.quantity,
        unit_price=row.unit_price,
        percent_off=row.percent_off,
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
