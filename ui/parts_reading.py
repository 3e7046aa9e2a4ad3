"""Parts and purchase orders as the window reads and writes them: each function waits, off the window's thread."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from core.people.roles import Actor
from core.records.records import Records
from core.workshop.part_uses import PartUses, uses_of_part
from core.workshop.parts import PartView, change_part, create_part, get_part, list_parts, part_with_code, parts_of
from core.workshop.purchase_lines import (
    PurchaseLineView,
    Received,
    add_purchase_line,
    buy,
    change_purchase_line,
    delete_purchase_line,
    list_purchase_lines,
    receive,
    restore_purchase_line,
    send_purchase_order,
)
from core.workshop.purchase_states import OPEN
from core.workshop.purchasing import (
    PurchaseOrderView,
    cancel_purchase_order,
    change_purchase_order,
    create_purchase_order,
    delete_purchase_order,
    finish_purchase_order,
    get_purchase_order,
    list_purchase_orders,
    reopen_purchase_order,
    restore_purchase_order,
)
from core.workshop.reorder import Wanted, reorder_list, suggested
from core.workshop.shop import shop_details
from core.workshop.stock_moves import MoveView, list_moves, move_stock, restore_moves, take_back_moves
from core.workshop.suppliers import create_supplier, get_supplier, list_suppliers
from ui.orders_reading import Option

PAGE = 60
MOVES = 20
OPTIONS = 12
HANDFUL = 20  # parts put on purchase orders between two looks at whether to stop


@dataclass(frozen=True, slots=True)
class PartPage:
    """Parts by name; ``after`` asks for the next page."""

    items: tuple[PartView, ...]
    after: str | None = None


@dataclass(frozen=True, slots=True)
class PartRead:
    """Everything a part's sheet shows. ``wanted`` (thousandths): how many should be bought."""

    part: PartView
    moves: tuple[MoveView, ...]
    after: str | None
    currency: str | None
    wanted: int
    uses: PartUses = field(default_factory=PartUses)


@dataclass(frozen=True, slots=True)
class ReorderRead:
    """The reorder list."""

    wanted: tuple[Wanted, ...]
    currency: str | None


@dataclass(frozen=True, slots=True)
class PurchasePage:
    """Purchase orders, newest first; ``after`` asks for the next page."""

    items: tuple[PurchaseOrderView, ...]
    after: str | None
    currency: str | None


@dataclass(frozen=True, slots=True)
class PurchaseRead:
    """One purchase order with its lines."""

    order: PurchaseOrderView
    lines: tuple[PurchaseLineView, ...]
    currency: str | None


# Reading -------------------------------------------------------------------------------------------------------------


def read_parts(records: Records, text: str = "", *, low: bool = False, after: str | None = None) -> PartPage:
    """A page of all parts by name, or those that ``text`` finds, the best first; ``low``: those there are too few of.

    A code that stands on a part brings that part alone.
    """
    with records.read() as session:
        if text.strip():
            exact = part_with_code(session, text)
            if exact is not None and exact.barcode == text.strip():
                return PartPage((exact,))
            return PartPage(list_parts(session, q=text, low=low, limit=PAGE).items)
        page = list_parts(session, low=low, sort="name", after=after, limit=PAGE)
        return PartPage(page.items, page.after)


def read_some(records: Records, ids: Collection[str]) -> dict[str, PartView]:
    """These parts as they are now; those that were deleted are left out."""
    with records.read() as session:
        return parts_of(session, ids)


def read_part(records: Records, row: str) -> PartRead:
    """One part with the latest of its ledger. Raises ``NotFound``, ``RecordsError``."""
    with records.read() as session:
        part = get_part(session, row)
        moves = list_moves(session, part_id=row, limit=MOVES)
        uses = uses_of_part(session, row)
        return PartRead(part, moves.items, moves.after, shop_details(session).currency, suggested(part), uses)


def read_moves(records: Records, row: str, after: str) -> tuple[tuple[MoveView, ...], str | None]:
    """The next page of a part's ledger."""
    with records.read() as session:
        page = list_moves(session, part_id=row, after=after, limit=MOVES)
        return page.items, page.after


def find_code(records: Records, code: str) -> PartView | None:
    """The part that a scanned code is on."""
    with records.read() as session:
        return part_with_code(session, code)


def read_reorder(records: Records) -> ReorderRead:
    """What should be bought, by supplier."""
    with records.read() as session:
        return ReorderRead(reorder_list(session), shop_details(session).currency)


def read_purchases(
    records: Records, text: str = "", *, only_open: bool = True, after: str | None = None
) -> PurchasePage:
    """A page of purchase orders, newest first; ``only_open``: of which something is to be done."""
    status = tuple(each.value for each in OPEN) if only_open and not text.strip() else ()
    with records.read() as session:
        page = list_purchase_orders(
            session, q=text if text.strip() else None, status=status, after=after, limit=PAGE
        )  # fmt: skip
        return PurchasePage(page.items, page.after, shop_details(session).currency)


def read_purchase(records: Records, row: str) -> PurchaseRead:
    """One purchase order. Raises ``NotFound``, ``RecordsError``."""
    with records.read() as session:
        order = get_purchase_order(session, row)
        return PurchaseRead(order, list_purchase_lines(session, row), shop_details(session).currency)


def find_suppliers(records: Records, text: str) -> tuple[Option, ...]:
    """Suppliers that ``text`` finds, or all by name."""
    with records.read() as session:
        found = list_suppliers(session, q=text if text.strip() else None, limit=OPTIONS).items
        return tuple(Option(each.id, each.name or "", each.phone or "") for each in found)


def supplier_option(records: Records, row: str) -> Option:
    """One supplier. Raises ``NotFound``, ``RecordsError``."""
    with records.read() as session:
        found = get_supplier(session, row, deleted=True)
        return Option(found.id, found.name or "", found.phone or "")


def find_parts(records: Records, text: str) -> tuple[Option, ...]:
    """Parts that ``text`` finds, or the newest ones."""
    with records.read() as session:
        found = list_parts(session, q=text if text.strip() else None, limit=OPTIONS).items
        return tuple(Option(each.id, each.name or "", each.number or "") for each in found)


# Writing -------------------------------------------------------------------------------------------------------------


def new_part(records: Records, actor: Actor, fields: Mapping[str, object], here: int | None = None) -> PartView:
    """A new part, of which ``here`` (thousandths) were counted. Raises ``Refused``, ``Denied``, ``RecordsError``."""

    def work(session: Session) -> PartView:
        part = create_part(session, actor, fields)
        if here:
            move_stock(session, actor, {"part_id": part.id, "reason": "count", "quantity": here})
        return get_part(session, part.id)

    return records.change(actor.reference, work).value


def save_part(records: Records, actor: Actor, row: str, fields: Mapping[str, object]) -> PartView:
    """Write fields of a part. Raises as ``new_part``, and ``NotFound``."""
    return records.change(actor.reference, lambda session: change_part(session, actor, row, fields)).value


def new_supplier(records: Records, actor: Actor, name: str) -> Option:
    """A new supplier. Raises as ``new_part``."""
    made = records.change(actor.reference, lambda session: create_supplier(session, actor, {"name": name})).value
    return Option(made.id, made.name or "", "")


def move(records: Records, actor: Actor, part_id: str, reason: str, quantity: int, *, anyway: bool = False) -> MoveView:
    """A part comes or goes. Raises as ``new_part``."""
    given = {"part_id": part_id, "reason": reason, "quantity": quantity}
    return records.change(actor.reference, lambda session: move_stock(session, actor, given, anyway=anyway)).value


def take_back(records: Records, actor: Actor, moves: Sequence[str]) -> None:
    """Moves do not count any more. Raises as ``save_part``."""
    records.change(actor.reference, lambda session: take_back_moves(session, actor, moves))


def put_back(records: Records, actor: Actor, moves: Sequence[str]) -> None:
    """Moves count again. Raises as ``save_part``."""
    records.change(actor.reference, lambda session: restore_moves(session, actor, moves))


def order_parts(
    records: Records, actor: Actor, wanted: Mapping[str, int], supplier_id: str | None = None
) -> tuple[PurchaseOrderView, ...]:
    """Put parts (id -> thousandths) on purchase orders that were not sent. Raises as ``new_part``."""
    given = [{"part_id": part_id, "quantity": quantity} for part_id, quantity in wanted.items()]
    return records.change(actor.reference, lambda session: buy(session, actor, given, supplier_id=supplier_id)).value


def order_all(
    records: Records, actor: Actor, wanted: Mapping[str, int], told: Callable[[int, int], bool]
) -> tuple[PurchaseOrderView, ...] | None:
    """As ``order_parts``, of many: ``told(done, all)`` before each handful says whether to go on.

    One change: None, and nothing is written, when it was stopped. Raises as ``new_part``.
    """
    given = [{"part_id": part_id, "quantity": quantity} for part_id, quantity in wanted.items()]

    def work(session: Session) -> tuple[PurchaseOrderView, ...]:
        made: dict[str, PurchaseOrderView] = {}
        for at in range(0, len(given), HANDFUL):
            if not told(at, len(given)):
                raise _GivenUp
            made |= {each.id: each for each in buy(session, actor, given[at : at + HANDFUL])}
        return tuple(made.values())

    try:
        return records.change(actor.reference, work).value
    except _GivenUp:
        return None


class _GivenUp(Exception):  # noqa: N818 - not an error: it takes back what this change has written
    pass


def new_purchase(records: Records, actor: Actor) -> PurchaseOrderView:
    """A purchase order with nothing on it yet. Raises as ``new_part``."""
    return records.change(actor.reference, lambda session: create_purchase_order(session, actor, {})).value


def send(records: Records, actor: Actor, row: str, fields: Mapping[str, object]) -> PurchaseOrderView:
    """It was ordered of the supplier. Raises as ``save_part``."""
    return records.change(actor.reference, lambda session: send_purchase_order(session, actor, row, fields)).value


def take_in(records: Records, actor: Actor, row: str, came: Mapping[str, int] | None) -> Received:
    """Something of it came; None: all that was still to come. Raises as ``save_part``."""
    return records.change(actor.reference, lambda session: receive(session, actor, row, came)).value


def save_purchase(records: Records, actor: Actor, row: str, fields: Mapping[str, object]) -> PurchaseOrderView:
    """Write fields of a purchase order. Raises as ``save_part``."""
    return records.change(actor.reference, lambda session: change_purchase_order(session, actor, row, fields)).value


def end_purchase(records: Records, actor: Actor, row: str, status: str) -> PurchaseOrderView | None:
    """``cancelled``, ``received`` (the rest does not come), ``ordered`` (it goes on), ``deleted``, ``restored``.

    Raises as ``save_part``.
    """
    deeds = {
        "cancelled": cancel_purchase_order,
        "received": finish_purchase_order,
        "ordered": reopen_purchase_order,
        "deleted": delete_purchase_order,
        "restored": restore_purchase_order,
    }
    return records.change(actor.reference, lambda session: deeds[status](session, actor, row)).value


def add_line(records: Records, actor: Actor, row: str, fields: Mapping[str, object]) -> PurchaseLineView:
    """One more line of a purchase order. Raises as ``save_part``."""
    given = {**fields, "purchase_order_id": row}
    return records.change(actor.reference, lambda session: add_purchase_line(session, actor, given)).value


def save_line(records: Records, actor: Actor, row: str, fields: Mapping[str, object]) -> PurchaseLineView:
    """Write fields of a line. Raises as ``save_part``."""
    return records.change(actor.reference, lambda session: change_purchase_line(session, actor, row, fields)).value


def drop_line(records: Records, actor: Actor, row: str) -> None:
    """Take a line off. Raises as ``save_part``."""
    records.change(actor.reference, lambda session: delete_purchase_line(session, actor, row))


def bring_line(records: Records, actor: Actor, row: str) -> None:
    """Put a line back on. Raises as ``save_part``."""
    records.change(actor.reference, lambda session: restore_purchase_line(session, actor, row))
