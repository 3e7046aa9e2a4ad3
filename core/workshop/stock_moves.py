"""Parts that come and go, each a fact with its reason; a mistake is hidden again, and the sum is right again.

Somebody who takes more than there is gets asked, since most often it is a slip or an uncounted delivery; with
``anyway`` it is written all the same. What terminals wrote apart is never refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import and_, func, literal_column, or_, select
from sqlalchemy.orm import Session

from core.language import mark, tr
from core.people.roles import Actor, require
from core.records.input import Field, Fields, Problems, Refused, Value, one_of, row_id, text, whole
from core.records.moment import now
from core.records.paging import LIMIT, Order, Page, check_sought, page_of
from core.records.rows import added, assign, by_id, hide, row_of, shown, unhide
from core.workshop.line_kinds import PART
from core.workshop.models import RepairOrder, RepairOrderLine
from core.workshop.part_states import PartState, bring_on, set_back
from core.workshop.parts import DEAREST, MOST
from core.workshop.parts_models import Part, PurchaseOrderLine, StockMove
from core.workshop.purchase_states import settle_purchase, unsettle_lines
from core.workshop.stock import NOTHING, ONE, TAKEN, stock_of

REASONS: Mapping[str, str] = {
    "receipt": mark("Came in"),
    "fitted": mark("Fitted"),
    "returned": mark("Brought back"),
    "count": mark("Counted"),
    "scrapped": mark("Thrown away"),
    "import": mark("Taken over"),
}
BY_HAND = ("receipt", "fitted", "returned", "count", "scrapped")
OUT = frozenset({"fitted", "scrapped"})

FIELDS = Fields(
    part_id=Field(row_id, required=True, of=Part),
    reason=Field(one_of(BY_HAND), required=True),
    quantity=Field(whole(0, MOST), required=True),
    line_id=Field(row_id, of=RepairOrderLine),
    unit_cost=Field(whole(0, DEAREST)),
    remark=Field(text(500)),
)
_AT = func.coalesce(StockMove.moved_at, literal_column("0"))  # as its index has it
_LATEST = Order("moved_at", _AT, descending=True, kind=int)


@dataclass(frozen=True, slots=True)
class MoveView:
    """A move. ``quantity`` and ``balance`` (after it) in thousandths; ``quantity`` is negative for what went."""

    table: ClassVar[str] = "stock_moves"

    id: str
    part_id: str | None
    quantity: int
    balance: int
    reason: str | None
    order_id: str | None
    order_number: str | None
    line_id: str | None
    purchase_line_id: str | None
    unit_cost: int | None
    remark: str | None
    moved_by: str | None
    moved_by_name: str | None
    moved_at: int | None


def move_stock(session: Session, actor: Actor, fields: Mapping[str, object], *, anyway: bool = False) -> MoveView:
    """A part comes or goes: ``part_id``, ``reason``, ``quantity`` (thousandths, never negative: the reason tells).

    With reason count ``quantity`` is what was counted, and the difference is written. ``line_id``: for which line of
    an order it is taken, or from which it is brought back. Taking more than there is: ``Refused`` unless ``anyway``.
    Raises ``Denied``, ``Refused``.
    """
    require(actor, "stock.move")
    problems = Problems()
    values = FIELDS.take(session, fields, None, problems)
    problems.settle()
    part = row_of(session, Part, str(values["part_id"]))
    on_hand = stock_of(session, [part.id]).get(part.id, NOTHING).on_hand
    line = session.get(RepairOrderLine, values["line_id"]) if values.get("line_id") else None
    taken = taken_for(session, line.id) if line is not None else 0
    wish = _Wish(part, str(values["reason"]), int(values["quantity"] or 0), on_hand, line, taken)
    wish.check(anyway, problems)
    problems.settle()
    cost = values.get("unit_cost")
    row = _written(
        session, actor, part_id=part.id, quantity=wish.signed, reason=wish.reason, line_id=line.id if line else None,
        order_id=line.order_id if line else None, remark=values.get("remark"),
        unit_cost=part.cost if cost is None else cost,
    )  # fmt: skip
    if line is not None:
        _line_moved(session, line, wish.reason)
    return _views(session, [row], on_hand + wish.signed)[0]


def fit_line(session: Session, actor: Actor, line_id: str, *, anyway: bool = False) -> None:
    """The part of an order's line was fitted: what was not taken yet leaves the store, and the line is "fitted".

    A line whose part is not kept in the store is only marked. Raises ``Denied``, ``NotFound``, ``Refused``.
    """
    require(actor, "stock.move")
    line = row_of(session, RepairOrderLine, line_id)
    if line.kind != PART:
        raise Refused(("kind", tr("Only a part can be fitted.")))
    open_ = (ONE if line.quantity is None else line.quantity) - taken_for(session, line_id)
    if line.part_id is not None and open_ > 0:
        given = {"part_id": line.part_id, "reason": "fitted", "quantity": open_, "line_id": line_id}
        move_stock(session, actor, given, anyway=anyway)
    assign(session, line, {"part_state": PartState.FITTED.value})


def take_out_line(session: Session, actor: Actor, line_id: str) -> None:
    """The part of an order's line goes back to the store, all of it. Raises ``Denied``, ``NotFound``, ``Refused``."""
    require(actor, "stock.move")
    line = row_of(session, RepairOrderLine, line_id)
    taken = taken_for(session, line_id)
    if line.part_id is not None and taken > 0:
        given = {"part_id": line.part_id, "reason": "returned", "quantity": taken, "line_id": line_id}
        move_stock(session, actor, given)
    set_back(session, line_id, PartState.HERE)


def taken_for(session: Session, line_id: str) -> int:
    """What was taken from the store for a line of an order and not brought back, in thousandths."""
    taken = select(-func.coalesce(func.sum(StockMove.quantity), 0)).where(
        StockMove.line_id == line_id, StockMove.reason.in_(TAKEN), StockMove.deleted_at.is_(None)
    )
    return int(session.scalar(taken) or 0)


def take_back_moves(session: Session, actor: Actor, ids: Sequence[str]) -> None:
    """Moves that were a slip do not count any more: one's own, or anybody's for who keeps the store.

    Raises ``Denied``, ``NotFound``.
    """
    require(actor, "stock.move")
    came: list[str] = []
    for id_ in ids:
        _require_own(actor, row_of(session, StockMove, id_))
        row = hide(session, StockMove, id_)
        if row.reason == "fitted":
            set_back(session, row.line_id, PartState.HERE)
        elif row.reason == "returned" and row.line_id and taken_for(session, row.line_id) > 0:
            bring_on(session, row.line_id, PartState.FITTED)
        if row.purchase_line_id:
            came.append(row.purchase_line_id)
    unsettle_lines(session, came)


def restore_moves(session: Session, actor: Actor, ids: Sequence[str]) -> None:
    """Moves that were taken back count again. Raises ``Denied``, ``NotFound``."""
    require(actor, "stock.move")
    bought: dict[str, None] = {}
    for id_ in ids:
        _require_own(actor, row_of(session, StockMove, id_, deleted=True))
        row = unhide(session, StockMove, id_)
        line = session.get(RepairOrderLine, row.line_id) if row.line_id else None
        if line is not None:
            _line_moved(session, line, row.reason or "")
        came = session.get(PurchaseOrderLine, row.purchase_line_id) if row.purchase_line_id else None
        if came is not None and came.purchase_order_id:
            bought[came.purchase_order_id] = None
    for purchase_id in bought:
        settle_purchase(session, purchase_id)


def _require_own(actor: Actor, row: StockMove) -> None:
    if row.moved_by != actor.reference:
        require(actor, "parts.change", row)


def get_move(session: Session, id_: str) -> MoveView:
    """One move, with how many there were after it. Raises ``NotFound``."""
    row = row_of(session, StockMove, id_)
    return _views(session, [row], _balance_at(session, row))[0]


def list_moves(
    session: Session,
    *,
    part_id: str | None = None,
    order_id: str | None = None,
    after: str | None = None,
    limit: int = LIMIT,
) -> Page[MoveView]:
    """The ledger, the last move first. ``balance`` is told for one part's ledger, else it is 0. Raises ``Refused``."""
    check_sought(part_id=part_id, order_id=order_id)
    query = shown(StockMove)
    if part_id is not None:
        query = query.where(StockMove.part_id == part_id)
    if order_id is not None:
        query = query.where(StockMove.order_id == order_id)
    page = page_of(session, query, StockMove, _LATEST, after=after, limit=limit)
    begin = _balance_at(session, page.items[0]) if part_id is not None and order_id is None and page.items else None
    return Page(_views(session, page.items, begin), page.after)


@dataclass(frozen=True, slots=True)
class _Wish:
    """What somebody wants to move."""

    part: Part
    reason: str
    quantity: int
    on_hand: int
    line: RepairOrderLine | None
    taken: int  # for the line, and not brought back yet

    @property
    def signed(self) -> int:
        if self.reason == "count":
            return self.quantity - self.on_hand
        return -self.quantity if self.reason in OUT else self.quantity

    def check(self, anyway: bool, problems: Problems) -> None:
        if self.quantity == 0 and self.reason != "count":
            problems.add("quantity", tr("How many?"))
        if self.line is not None and self.reason not in TAKEN:
            problems.add("line_id", tr("Only what is fitted or brought back belongs to an order."))
        elif self.line is not None and self.line.part_id not in (None, self.part.id):
            problems.add("line_id", tr("This line is about another part."))
        elif self.line is not None and self.reason == "returned" and self.quantity > self.taken and not anyway:
            count = amount_text(max(0, self.taken))
            problems.add("quantity", tr("Only {count} was taken for this line.", count=count))
        if self.reason in OUT and self.quantity > self.on_hand and not anyway:
            count = amount_text(max(0, self.on_hand))
            problems.add("quantity", tr("The store has only {count} of it.", count=count))


def amount_text(quantity: int) -> str:
    """Thousandths as people write them: "2", "1.5"."""
    return f"{quantity / ONE:.3f}".rstrip("0").rstrip(".")


def _line_moved(session: Session, line: RepairOrderLine, reason: str) -> None:
    taken = taken_for(session, line.id)
    if reason == "fitted" and taken >= (ONE if line.quantity is None else line.quantity):
        bring_on(session, line.id, PartState.FITTED)
    elif reason == "returned":
        set_back(session, line.id, PartState.HERE)


def _written(session: Session, actor: Actor, **values: Value) -> StockMove:
    signed: dict[str, Value] = {"moved_by": actor.reference, "moved_by_name": actor.name, "moved_at": now(session)}
    return added(session, StockMove, {**values, **signed})


def receipt(
    session: Session, actor: Actor, *, part_id: str | None, quantity: int, purchase_line_id: str, unit_cost: int | None
) -> str:
    """What came of a line of a purchase order; the move's id. Whether it may be written the caller has asked."""
    return _written(
        session, actor, part_id=part_id, quantity=quantity, reason="receipt", purchase_line_id=purchase_line_id,
        unit_cost=unit_cost,
    ).id  # fmt: skip


def _balance_at(session: Session, row: StockMove) -> int:
    """What lay there after this move."""
    at = func.coalesce(StockMove.moved_at, 0)
    mine = row.moved_at or 0
    before = or_(at < mine, and_(at == mine, StockMove.id <= row.id))
    query = select(func.sum(StockMove.quantity)).where(
        StockMove.part_id == row.part_id, StockMove.deleted_at.is_(None), before
    )
    return int(session.scalar(query) or 0)


def _views(session: Session, rows: Sequence[StockMove], balance: int | None) -> tuple[MoveView, ...]:
    """``balance``: after the first of ``rows``, which go back in time; None when they are not of one part."""
    orders = by_id(session, RepairOrder, [row.order_id for row in rows])
    views: list[MoveView] = []
    for row in rows:
        order = orders.get(row.order_id or "")
        views.append(_view(row, balance or 0, order.number if order else None))
        if balance is not None:
            balance -= row.quantity or 0
    return tuple(views)


def _view(row: StockMove, balance: int, order_number: str | None) -> MoveView:
    return MoveView(
        id=row.id,
        part_id=row.part_id,
        quantity=row.quantity or 0,
        balance=balance,
        reason=row.reason,
        order_id=row.order_id,
        order_number=order_number,
        line_id=row.line_id,
        purchase_line_id=row.purchase_line_id,
        unit_cost=row.unit_cost,
        remark=row.remark,
        moved_by=row.moved_by,
        moved_by_name=row.moved_by_name,
        moved_at=row.moved_at,
    )
