"""What a shop sets up once, as the settings read and write it: each function waits, and is called off Qt's thread."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.orm import Session

from core.people.roles import Actor
from core.records.changes import Changed
from core.records.records import Records
from core.sync import members
from core.workshop.default_inspections import install_default_templates
from core.workshop.inspection_templates import (
    PointView,
    TemplateView,
    change_point,
    change_template,
    create_point,
    create_template,
    delete_point,
    delete_template,
    list_templates,
    points_of,
)
from core.workshop.labels import LabelView, change_label, create_label, delete_label, list_labels
from core.workshop.shop import ShopView, change_shop, shop_details
from core.workshop.tax_rules import (
    TaxRuleView,
    change_tax_rule,
    create_tax_rule,
    delete_tax_rule,
    list_tax_rules,
    today,
)

MOST = 200  # labels and templates on one list; nobody picks from more
T = TypeVar("T")
Fields = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ShopRead:
    """The shop, and the terminals that could number its invoices: id and name."""

    shop: ShopView
    terminals: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TaxRead:
    """The tax rules and the shop's own day, by which one tells what holds now; its ``currency`` tells its country."""

    rules: tuple[TaxRuleView, ...]
    today: str
    currency: str = ""


def read_shop(records: Records) -> ShopRead:
    """Raises ``RecordsError``."""
    with records.read() as session:
        return ShopRead(shop_details(session), tuple((each.id, each.name) for each in members.active(session)))


def save_shop(records: Records, actor: Actor, fields: Fields) -> Changed[ShopView]:
    """Raises ``Denied``, ``Refused``, ``RecordsError``."""
    return _changed(records, actor, lambda session: change_shop(session, actor, fields))


def read_tax(records: Records) -> TaxRead:
    """Raises ``RecordsError``."""
    with records.read() as session:
        return TaxRead(list_tax_rules(session), today(session), shop_details(session).currency)


def save_tax(records: Records, actor: Actor, id_: str, fields: Fields) -> Changed[TaxRuleView]:
    """A new rule (``id_`` "") or a changed one. Raises as ``save_shop``, and ``NotFound``."""
    if id_:
        return _changed(records, actor, lambda session: change_tax_rule(session, actor, id_, fields))
    return _changed(records, actor, lambda session: create_tax_rule(session, actor, fields))


def drop_tax(records: Records, actor: Actor, id_: str) -> Changed[None]:
    """Raises as ``save_tax``."""
    return _changed(records, actor, lambda session: delete_tax_rule(session, actor, id_))


def read_labels(records: Records) -> tuple[LabelView, ...]:
    """All labels in the shop's order. Raises ``RecordsError``."""
    with records.read() as session:
        return list_labels(session, limit=MOST).items


def save_label(records: Records, actor: Actor, id_: str, fields: Fields) -> Changed[LabelView]:
    """Raises as ``save_tax``."""
    if id_:
        return _changed(records, actor, lambda session: change_label(session, actor, id_, fields))
    return _changed(records, actor, lambda session: create_label(session, actor, fields))


def drop_label(records: Records, actor: Actor, id_: str) -> Changed[None]:
    """Raises as ``save_tax``."""
    return _changed(records, actor, lambda session: delete_label(session, actor, id_))


def order_labels(records: Records, actor: Actor, ids: Sequence[str]) -> Changed[None]:
    """Put the labels into this order, in one change. Raises as ``save_tax``."""

    def work(session: Session) -> None:
        for place, id_ in enumerate(ids, 1):
            change_label(session, actor, id_, {"position": place})

    return _changed(records, actor, work)


def read_templates(records: Records) -> tuple[TemplateView, ...]:
    """All templates in the shop's order, those not in use too. Raises ``RecordsError``."""
    with records.read() as session:
        return list_templates(session, limit=MOST).items


def install_defaults(records: Records, actor: Actor) -> Changed[int]:
    """The templates the program comes with that the shop has not had yet. Raises ``Denied``, ``RecordsError``."""
    return _changed(records, actor, lambda session: install_default_templates(session, actor))


def save_template(records: Records, actor: Actor, id_: str, fields: Fields) -> Changed[TemplateView]:
    """Raises as ``save_tax``."""
    if id_:
        return _changed(records, actor, lambda session: change_template(session, actor, id_, fields))
    return _changed(records, actor, lambda session: create_template(session, actor, fields))


def drop_template(records: Records, actor: Actor, id_: str) -> Changed[None]:
    """Raises as ``save_tax``."""
    return _changed(records, actor, lambda session: delete_template(session, actor, id_))


def read_points(records: Records, template: str) -> tuple[PointView, ...]:
    """The points of a template in their order. Raises ``NotFound``, ``RecordsError``."""
    with records.read() as session:
        return points_of(session, template)


def save_point(records: Records, actor: Actor, id_: str, fields: Fields) -> Changed[PointView]:
    """Raises as ``save_tax``."""
    if id_:
        return _changed(records, actor, lambda session: change_point(session, actor, id_, fields))
    return _changed(records, actor, lambda session: create_point(session, actor, fields))


def drop_point(records: Records, actor: Actor, id_: str) -> Changed[None]:
    """Raises as ``save_tax``."""
    return _changed(records, actor, lambda session: delete_point(session, actor, id_))


def order_points(records: Records, actor: Actor, ids: Sequence[str]) -> Changed[None]:
    """Put the points into this order, in one change. Raises as ``save_tax``."""

    def work(session: Session) -> None:
        for place, id_ in enumerate(ids, 1):
            change_point(session, actor, id_, {"position": place})

    return _changed(records, actor, work)


def _changed(records: Records, actor: Actor, work: Callable[[Session], T]) -> Changed[T]:
    return records.change(actor.reference, work)
