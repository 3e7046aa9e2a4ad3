"""Lists by the page: each page begins after the last row of the one before, however many rows came between.

Never by offset: with rows arriving from other terminals an offset shows some twice and others never, and it reads all
that it skips. A cursor is the sort key and id of the last row shown.
"""

import base64
import binascii
import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, and_, or_
from sqlalchemy.orm import Session

from core.language import tr
from core.records.fields import Synced
from core.records.input import LARGEST, Refused

LIMIT = 50
MOST = 500

T = TypeVar("T")
Shown = TypeVar("Shown")
Row = TypeVar("Row", bound=Synced)


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some of a list. ``after`` asks for the next page; None when this was the last."""

    items: tuple[T, ...]
    after: str | None = None

    def mapped(self, view: Callable[[T], Shown]) -> "Page[Shown]":
        """The same page, of what is shown of its rows."""
        return Page(tuple(view(each) for each in self.items), self.after)


@dataclass(frozen=True, slots=True)
class Order:
    """How a list is sorted: by ``key`` (None: by id, which is by age), ties by id.

    ``key`` is never NULL (use ``coalesce``): NULLs have no place in a comparison of keys. ``kind``: of its values.
    """

    name: str
    key: ColumnElement[Any] | None = None
    descending: bool = False
    kind: type[str] | type[int] = str


def page_of(
    session: Session, query: Select[Any], model: type[Row], order: Order, *, after: str | None, limit: int
) -> Page[Row]:
    """One page of ``query``, which selects ``model``. Raises ``Refused``: a cursor of another list, a bad limit."""
    if not 1 <= limit <= MOST:
        raise Refused(("limit", tr("This must be from {lowest} to {highest}.", lowest=1, highest=MOST)))
    columns = [model.__table__.c.id] if order.key is None else [order.key, model.__table__.c.id]
    if after:
        query = query.where(_beyond(columns, _opened(after, order, len(columns)), order.descending))
    query = query.order_by(*(each.desc() if order.descending else each.asc() for each in columns)).limit(limit + 1)
    found = session.execute(query.add_columns(*columns)).all()
    rows = tuple(each[0] for each in found[:limit])
    return Page(rows, _cursor(order, tuple(found[limit - 1][1:])) if len(found) > limit else None)


def chosen(orders: Iterable[Order], name: str) -> Order:
    """The order of this name. Raises ``Refused``."""
    names = {each.name: each for each in orders}
    if name not in names:
        raise Refused(("sort", tr("This must be one of: {values}.", values=", ".join(names))))
    return names[name]


def check_sought(**filters: str | Collection[str] | None) -> None:
    """Raises ``Refused`` for text no row can have, and that a database would choke on: NUL, halves of surrogates."""
    for name, value in filters.items():
        values = (value,) if isinstance(value, str) else value or ()
        if not all(isinstance(each, str) and _fits(each) for each in values):
            raise Refused((name, tr("This has characters that cannot be kept.")))


def _beyond(columns: list[Any], values: Sequence[Any], descending: bool) -> ColumnElement[bool]:
    """Rows that come after ``values``: written out, since not every index serves a comparison of tuples."""
    last = columns[-1] < values[-1] if descending else columns[-1] > values[-1]
    if len(columns) == 1:
        return last  # type: ignore[no-any-return]
    first = columns[0] < values[0] if descending else columns[0] > values[0]
    return or_(first, and_(columns[0] == values[0], last))


def _cursor(order: Order, values: tuple[Any, ...]) -> str:
    text = json.dumps([order.name, order.descending, *values], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _opened(after: str, order: Order, count: int) -> Sequence[Any]:
    """The values a cursor holds. It came from outside: they are of their columns' kinds, and bound, never spliced."""
    kinds: list[type] = [str] if order.key is None else [order.kind, str]
    try:
        values: Sequence[Any]
        name, descending, *values = json.loads(base64.b64decode(after + "=" * (-len(after) % 4), b"-_", validate=True))
        if (name, descending, len(values)) == (order.name, order.descending, count) and all(
            type(value) is kind and _fits(value) for value, kind in zip(values, kinds, strict=True)
        ):
            return values
    except (binascii.Error, ValueError, TypeError, RecursionError):
        pass
    raise Refused(("after", tr("This cursor does not belong to this list: begin at its first page.")))


def _fits(value: object) -> bool:
    """Whether a database can be asked for this value at all."""
    if isinstance(value, int):
        return abs(value) <= LARGEST
    if not isinstance(value, str):
        return False
    try:
        value.encode()
    except UnicodeEncodeError:  # half a surrogate pair
        return False
    return "\0" not in value
