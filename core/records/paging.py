"""Lists by the page: each page begins after the last row of the one before, however many rows came between.

Never by offset: with rows arriving from other terminals an offset shows some twice and others never, and it reads all
that it skips. A cursor is the sort key and id of the last row shown.
"""

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Sequence
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

    ``key`` is never NULL (use ``coalesce``): NULLs have no place in a comparison of keys.
    """

    name: str
    key: ColumnElement[Any] | None = None
    descending: bool = False


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
    """The values a cursor holds. It came from outside: text and whole numbers only, which are bound, never spliced."""
    try:
        values: Sequence[Any]
        name, descending, *values = json.loads(base64.b64decode(after + "=" * (-len(after) % 4), b"-_", validate=True))
        valid = (name, descending, len(values)) == (order.name, order.descending, count) and isinstance(values[-1], str)
        whole = isinstance(values[0], int) and not isinstance(values[0], bool) and abs(values[0]) <= LARGEST
        kinds = (str, int) if order.key is None or order.key.type.python_type is str else (int,)
        if valid and isinstance(values[0], kinds) and (whole or "\0" not in str(values[0])):
            str(values).encode()  # halves of surrogate pairs
            return values
    except (binascii.Error, ValueError, TypeError, RecursionError):
        pass
    raise Refused(("after", tr("This cursor does not belong to this list: begin at its first page.")))
