"""Labels: words of the shop's own that an order may bear within a state, in a colour of the themes.

An order keeps the word itself (``RepairOrder.label``), so that it is read also where the list of labels has not come
yet, and after a label was taken off the list.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import func
from sqlalchemy.orm import Session

from core.language import mark
from core.people.roles import Actor, require
from core.records.input import Field, Fields, one_of, text, whole
from core.records.paging import LIMIT, Order, Page, page_of
from core.records.rows import added, assign, born, hide, last_changed, row_of, shown, unhide
from core.workshop.models import OrderLabel
from core.workshop.states import Status

# Tokens of the themes that a label may have, and what they are called.
COLORS: Mapping[str, str] = {
    "info": mark("Turquoise"),
    "accent": mark("Blue"),
    "ok": mark("Green"),
    "warning": mark("Yellow"),
    "critical": mark("Red"),
    "text_muted": mark("Grey"),
}

FIELDS = Fields(
    name=Field(text(60), required=True),
    status=Field(one_of([status.value for status in Status])),
    color=Field(one_of(COLORS)),
    position=Field(whole(0, 1_000_000)),
)
_PLACE = func.coalesce(OrderLabel.position, 0)


@dataclass(frozen=True, slots=True)
class LabelView:
    """A label; ``status`` None: in every state."""

    table: ClassVar[str] = "order_labels"

    id: str
    name: str | None
    status: str | None
    color: str | None
    position: int | None
    created_at: int | None
    changed_at: int | None
    deleted_at: int | None


def create_label(session: Session, actor: Actor, fields: Mapping[str, object]) -> LabelView:
    """A new label at the end: ``name``. Raises ``Denied``, ``Refused``."""
    require(actor, "workshop.change")
    values = FIELDS.settled(session, fields)
    if values.get("position") is None:
        values["position"] = (session.scalar(shown(OrderLabel).with_only_columns(func.max(_PLACE))) or 0) + 1
    return _view(added(session, OrderLabel, values))


def change_label(session: Session, actor: Actor, id_: str, fields: Mapping[str, object]) -> LabelView:
    """Change some fields; orders that bear it keep the word they have. Raises ``Denied``, ``NotFound``, ``Refused``."""
    require(actor, "workshop.change")
    row = row_of(session, OrderLabel, id_)
    assign(session, row, FIELDS.settled(session, fields, row))
    return _view(row)


def delete_label(session: Session, actor: Actor, id_: str) -> None:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "workshop.change")
    hide(session, OrderLabel, id_)


def restore_label(session: Session, actor: Actor, id_: str) -> LabelView:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "workshop.change")
    return _view(unhide(session, OrderLabel, id_))


def get_label(session: Session, id_: str, *, deleted: bool = False) -> LabelView:
    """One. Raises ``NotFound``."""
    return _view(row_of(session, OrderLabel, id_, deleted=deleted))


def list_labels(session: Session, *, after: str | None = None, limit: int = LIMIT) -> Page[LabelView]:
    """Labels by the page, in the shop's own order. Raises ``Refused``."""
    return page_of(
        session, shown(OrderLabel), OrderLabel, Order("position", _PLACE, kind=int), after=after, limit=limit
    ).mapped(_view)


def labels_of(labels: Iterable[LabelView], status: str | None) -> tuple[LabelView, ...]:
    """Those that an order may bear in this state, to pick from."""
    return tuple(each for each in labels if each.name and each.status in (None, status))


def _view(row: OrderLabel) -> LabelView:
    return LabelView(
        id=row.id,
        name=row.name,
        status=row.status,
        color=row.color,
        position=row.position,
        created_at=born(row),
        changed_at=last_changed(row),
        deleted_at=row.deleted_at,
    )
