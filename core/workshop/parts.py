"""Parts that the shop knows: found by number, name, barcode or place, and shown with how many there are."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from core.language import mark, tr
from core.people.roles import Actor, require
from core.records.input import Field, Fields, Problems, Value, one_of, row_id, text, whole, yes_no
from core.records.paging import LIMIT, Order, Page, check_sought, chosen, page_of
from core.records.rows import added, assign, born, by_id, hide, last_changed, row_of, shown, unhide
from core.records.search import SearchIndex
from core.workshop.parts_models import Part, Supplier
from core.workshop.stock import NOTHING, ONE, Stock, stock_of, stock_table

UNITS: Mapping[str, str] = {
    "pc": mark("pieces"),
    "set": mark("sets"),
    "l": mark("litres"),
    "kg": mark("kilograms"),
    "m": mark("metres"),
}
COUNTED = frozenset({"pc", "set"})  # come whole
MOST = 1_000_000 * ONE
DEAREST = 1_000_000_000_000  # minor units

FIELDS = Fields(
    number=Field(text(60), required=True),
    name=Field(text(200), required=True),
    manufacturer=Field(text(120)),
    barcode=Field(text(60)),
    unit=Field(one_of(UNITS)),
    location=Field(text(60)),
    minimum=Field(whole(0, MOST)),
    order_up_to=Field(whole(0, MOST)),
    cost=Field(whole(0, DEAREST)),
    price=Field(whole(0, DEAREST)),
    supplier_id=Field(row_id, of=Supplier),
    supplier_number=Field(text(60)),
    active=Field(yes_no),
    notes=Field(text(20_000, lines=True)),
)
ORDERS = (
    Order("newest", descending=True),
    Order("oldest"),
    Order("name", func.lower(func.coalesce(Part.name, ""))),
    Order("number", func.coalesce(Part.number, "")),
    Order("location", func.coalesce(Part.location, "")),
)


@dataclass(frozen=True, slots=True)
class PartView:
    """A part and its stock. Quantities are thousandths of ``unit``, ``cost`` and ``price`` minor units without tax.

    ``reserved``: open orders wait for it; ``on_order``: was ordered and is not here; ``planned``: on purchase orders
    that were not sent. ``low``: what nobody waits for is less than ``minimum``, or less than nothing.
    """

    table: ClassVar[str] = "parts"

    id: str
    number: str | None
    name: str | None
    manufacturer: str | None
    barcode: str | None
    unit: str
    location: str | None
    minimum: int | None
    order_up_to: int | None
    cost: int | None
    price: int | None
    supplier_id: str | None
    supplier_name: str | None
    supplier_number: str | None
    active: bool
    notes: str | None
    on_hand: int
    reserved: int
    on_order: int
    planned: int
    low: bool
    created_at: int | None
    changed_at: int | None
    deleted_at: int | None

    @property
    def free(self) -> int:
        """What nobody waits for, in thousandths."""
        return self.on_hand - self.reserved


def create_part(session: Session, actor: Actor, fields: Mapping[str, object]) -> PartView:
    """A new part: ``number`` and ``name``. How many there are is counted afterwards. Raises ``Denied``, ``Refused``."""
    require(actor, "parts.change")
    problems = Problems()
    values = FIELDS.take(session, fields, None, problems)
    _check_codes(session, None, values, problems)
    _check_limits(values, problems)
    problems.settle()
    defaults: dict[str, Value] = {"unit": "pc", "active": True}
    given = {name: value for name, value in values.items() if value is not None}
    return part_views(session, [added(session, Part, {**defaults, **given})])[0]


def change_part(session: Session, actor: Actor, id_: str, fields: Mapping[str, object]) -> PartView:
    """Change some fields; None empties one. Raises ``Denied``, ``NotFound``, ``Refused``."""
    require(actor, "parts.change")
    row = row_of(session, Part, id_)
    problems = Problems()
    values = FIELDS.take(session, fields, row, problems)
    _check_codes(session, row, values, problems)
    _check_limits({"minimum": row.minimum, "order_up_to": row.order_up_to, **values}, problems)
    problems.settle()
    assign(session, row, values)
    return part_views(session, [row])[0]


def delete_part(session: Session, actor: Actor, id_: str) -> None:
    """Hide a part. What it was used for keeps naming it. Raises ``Denied``, ``NotFound``."""
    require(actor, "parts.change")
    hide(session, Part, id_)


def restore_part(session: Session, actor: Actor, id_: str) -> PartView:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "parts.change")
    return part_views(session, [unhide(session, Part, id_)])[0]


def get_part(session: Session, id_: str, *, deleted: bool = False) -> PartView:
    """One part. Raises ``NotFound``."""
    return part_views(session, [row_of(session, Part, id_, deleted=deleted)])[0]


def parts_of(session: Session, ids: Collection[str]) -> dict[str, PartView]:
    """These parts, those that are here and not deleted, in three statements."""
    rows = [row for row in by_id(session, Part, ids).values() if row.deleted_at is None]
    return {view.id: view for view in part_views(session, rows)}


def part_with_code(session: Session, code: str) -> PartView | None:
    """The part that a scanned or typed code is on: its barcode, or else its number, ours or the supplier's.

    Blanks, dashes and case do not count. Of several the one whose barcode it is comes first, then the oldest.
    """
    check_sought(code=code)
    wanted = plain_code(code)
    if not wanted:
        return None
    exact = [code.strip(), code.strip().upper(), wanted]
    found = session.scalars(shown(Part, Part.barcode.in_(exact) | Part.number.in_(exact))).all()
    if not found:  # numbers are written with blanks and dashes, labels without
        hits = SearchIndex().find(session, code, tables=["parts"], limit=LIMIT)
        found = [row for row in by_id(session, Part, [hit.row for hit in hits]).values() if row.deleted_at is None]
    fitting = sorted(found, key=lambda row: (plain_code(row.barcode) != wanted, row.id))
    for row in fitting:
        if wanted in (plain_code(row.barcode), plain_code(row.number), plain_code(row.supplier_number)):
            return part_views(session, [row])[0]
    return None


def plain_code(code: str | None) -> str:
    """A code as it compares: capitals and digits only."""
    return "".join(each for each in (code or "").upper() if each.isalnum())


def list_parts(
    session: Session,
    *,
    q: str | None = None,
    number: str | None = None,
    barcode: str | None = None,
    location: str | None = None,
    supplier_id: str | None = None,
    low: bool = False,
    deleted: bool = False,
    sort: str = "newest",
    after: str | None = None,
    limit: int = LIMIT,
) -> Page[PartView]:
    """Parts by the page, those that meet all conditions.

    ``q``: words, each by its beginning; what is found comes on one page, whole words first. ``low``: only parts of
    which there is too little. ``sort`` is a name in ``ORDERS``. Raises ``Refused``.
    """
    check_sought(q=q, number=number, barcode=barcode, location=location, supplier_id=supplier_id)
    conditions: list[ColumnElement[bool]] = []
    for column, value in ((Part.number, number), (Part.barcode, barcode), (Part.location, location)):
        if value is not None:
            conditions.append(func.lower(column) == func.lower(value.strip()))
    if supplier_id is not None:
        conditions.append(Part.supplier_id == supplier_id)
    query = shown(Part, *conditions, deleted=deleted)
    if low:
        stock = stock_table()
        query = query.outerjoin(stock, stock.c.part_id == Part.id).where(_too_little(stock.c.on_hand, stock.c.reserved))
    order = chosen(ORDERS, sort)
    if q is None:
        page = page_of(session, query, Part, order, after=after, limit=limit)
        views = {view.id: view for view in part_views(session, page.items)}
        return page.mapped(lambda row: views[row.id])
    hits = [hit.row for hit in SearchIndex().find(session, q, tables=["parts"], limit=limit)]
    found = page_of(session, query.where(Part.id.in_(hits)), Part, order, after=None, limit=limit)
    place = {id_: n for n, id_ in enumerate(hits)}
    return Page(part_views(session, sorted(found.items, key=lambda row: place[row.id])))


def part_views(session: Session, rows: Sequence[Part]) -> tuple[PartView, ...]:
    """What is shown of parts: their stock in one statement, their suppliers in another."""
    stock = stock_of(session, [row.id for row in rows])
    suppliers = by_id(session, Supplier, [row.supplier_id for row in rows])
    return tuple(_view(row, stock.get(row.id, NOTHING), suppliers.get(row.supplier_id or "")) for row in rows)


def _too_little(on_hand: ColumnElement[int], reserved: ColumnElement[int]) -> ColumnElement[bool]:
    free = func.coalesce(on_hand, 0) - func.coalesce(reserved, 0)
    return (free < func.coalesce(Part.minimum, 0)) & func.coalesce(Part.active, True)


def _check_codes(session: Session, row: Part | None, values: Mapping[str, Value], problems: Problems) -> None:
    """A number and a barcode lead to one part only, as far as this terminal knows."""
    for name, column in (("number", Part.number), ("barcode", Part.barcode)):
        value = values.get(name)
        if value is None or (row is not None and getattr(row, name) == value):
            continue
        same = column.in_({value, str(value).upper(), str(value).lower()})  # not upper(column): it has an index
        other = session.execute(select(Part.id, Part.name).where(same, Part.deleted_at.is_(None)).limit(1)).first()
        if other is not None and (row is None or other[0] != row.id):
            problems.add(name, tr("“{name}” has this already.", name=other[1] or value))


def _check_limits(values: Mapping[str, Value], problems: Problems) -> None:
    minimum, up_to = values.get("minimum"), values.get("order_up_to")
    if minimum is not None and up_to is not None and int(up_to) < int(minimum):
        problems.add("order_up_to", tr("This is less than the minimum."))


def _view(row: Part, stock: Stock, supplier: Supplier | None) -> PartView:
    active = row.active is not False
    return PartView(
        id=row.id,
        number=row.number,
        name=row.name,
        manufacturer=row.manufacturer,
        barcode=row.barcode,
        unit=row.unit or "pc",
        location=row.location,
        minimum=row.minimum,
        order_up_to=row.order_up_to,
        cost=row.cost,
        price=row.price,
        supplier_id=row.supplier_id,
        supplier_name=supplier.name if supplier else None,
        supplier_number=row.supplier_number,
        active=active,
        notes=row.notes,
        on_hand=stock.on_hand,
        reserved=stock.reserved,
        on_order=stock.on_order,
        planned=stock.planned,
        low=active and stock.free < (row.minimum or 0),
        created_at=born(row),
        changed_at=last_changed(row),
        deleted_at=row.deleted_at,
    )
