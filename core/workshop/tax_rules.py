"""Which tax a line bears: rules of the shop's own, each for some kinds of lines and from some day on.

A rule that names a kind goes before one that names none; of several the one that began last counts, so that next
year's rate is entered today and works by itself on its day. A line keeps the rate that it was written with.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy.orm import Session

from core.language import tr
from core.people.roles import Actor, require
from core.records.input import Check, Field, Fields, Value, Wrong, day, text, whole, yes_no
from core.records.moment import now
from core.records.rows import added, assign, born, hide, last_changed, row_of, shown, unhide
from core.workshop.estimate_models import TaxRule
from core.workshop.line_kinds import KINDS
from core.workshop.totals import Totals


def _kinds() -> Check:
    plain = text(120)

    def check(value: object) -> Value:
        given = plain(value)
        names = kinds_in(str(given or ""))
        unknown = [name for name in names if name not in KINDS]
        if unknown:
            raise Wrong(tr("This must be one of: {values}.", values=", ".join(KINDS)))
        return ",".join(dict.fromkeys(names)) or None

    return check


FIELDS = Fields(
    name=Field(text(60), required=True),
    rate=Field(whole(0, 10_000), required=True),
    kinds=Field(_kinds()),
    since=Field(day),
    active=Field(yes_no),
)


@dataclass(frozen=True, slots=True)
class TaxRuleView:
    """A rule. ``rate`` 1900 is 19 %; ``kinds`` by comma, None: all that no other rule names; ``since`` a day."""

    table: ClassVar[str] = "tax_rules"

    id: str
    name: str | None
    rate: int | None
    kinds: str | None
    since: str | None
    active: bool
    created_at: int | None
    changed_at: int | None
    deleted_at: int | None


def create_tax_rule(session: Session, actor: Actor, fields: Mapping[str, object]) -> TaxRuleView:
    """A new rule: ``name`` and ``rate``. Raises ``Denied``, ``Refused``."""
    require(actor, "workshop.change")
    values = FIELDS.settled(session, fields)
    return _view(added(session, TaxRule, {**values, "active": values.get("active") is not False}))


def change_tax_rule(session: Session, actor: Actor, id_: str, fields: Mapping[str, object]) -> TaxRuleView:
    """Change some fields; lines that are written already keep their rate. Raises ``Denied``, ``NotFound``,
    ``Refused``.
    """
    require(actor, "workshop.change")
    row = row_of(session, TaxRule, id_)
    assign(session, row, FIELDS.settled(session, fields, row))
    return _view(row)


def delete_tax_rule(session: Session, actor: Actor, id_: str) -> None:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "workshop.change")
    hide(session, TaxRule, id_)


def restore_tax_rule(session: Session, actor: Actor, id_: str) -> TaxRuleView:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "workshop.change")
    return _view(unhide(session, TaxRule, id_))


def list_tax_rules(session: Session) -> tuple[TaxRuleView, ...]:
    """All rules of the shop, a handful, the oldest first."""
    return tuple(_view(row) for row in session.scalars(shown(TaxRule).order_by(TaxRule.id)))


def kinds_in(kinds: str | None) -> tuple[str, ...]:
    """The kinds that a rule names."""
    return tuple(name for each in (kinds or "").split(",") if (name := each.strip()))


def rate_for(rules: Iterable[TaxRuleView], kind: str, on: str) -> int | None:
    """The rate of lines of ``kind`` on the day ``on``; None: no rule says."""
    found = [each for each in rules if each.active and each.rate is not None and (each.since or "") <= on]
    named = [each for each in found if kind in kinds_in(each.kinds)]
    ranked = sorted(named or [each for each in found if not kinds_in(each.kinds)], key=_began)
    return ranked[-1].rate if ranked else None


def name_of_rate(rules: Iterable[TaxRuleView], rate: int, on: str) -> str:
    """What the shop calls the tax of this rate on the day ``on``; "" when no rule that had begun says.

    Papers keep rates, not rules. A rule that is out of use by now may have been in use on that day, but goes after
    one that still is.
    """
    found = [each for each in rules if each.rate == rate and (each.name or "").strip() and (each.since or "") <= on]
    ranked = sorted(found, key=lambda each: (each.active, *_began(each)))
    return (ranked[-1].name or "").strip() if ranked else ""


def tax_names(session: Session, sums: Totals, on: str | None = None) -> dict[int, str]:
    """What the shop calls the taxes in ``sums`` on the day ``on`` (today when not said), by rate. In one statement."""
    rules, on_day = list_tax_rules(session), on or today(session)
    named = {each.rate: name_of_rate(rules, each.rate, on_day) for each in sums.taxes}
    return {rate: name for rate, name in named.items() if name}


def rate_today(session: Session, kind: str) -> int | None:
    """``rate_for`` by the shop's own rules and calendar."""
    return rate_for(list_tax_rules(session), kind, today(session))


def today(session: Session) -> str:
    """The workshop's own day, ISO 8601."""
    return dt.datetime.fromtimestamp(now(session) // 1000).date().isoformat()


def _began(rule: TaxRuleView) -> tuple[str, str]:
    return rule.since or "", rule.id


def _view(row: TaxRule) -> TaxRuleView:
    return TaxRuleView(
        id=row.id,
        name=row.name,
        rate=row.rate,
        kinds=row.kinds,
        since=row.since,
        active=row.active is not False,
        created_at=born(row),
        changed_at=last_changed(row),
        deleted_at=row.deleted_at,
    )
