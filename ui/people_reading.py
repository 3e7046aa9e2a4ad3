"""The staff as the settings read and write it: each function waits, and is called off the window's thread."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from core.language import tr
from core.people.roles import Actor
from core.people.staff import DEAREST, StaffView, change_staff, create_staff, list_staff, seen_by, set_pin
from core.records.input import Refused
from core.records.records import Records
from ui import words

MOST = 500


def read_staff(records: Records, actor: Actor) -> tuple[StaffView, ...]:
    """Everybody, who works here before who has left. Raises ``RecordsError``."""
    with records.read() as session:
        found = list_staff(session, limit=MOST).items
    return tuple(sorted((seen_by(actor, each) for each in found), key=lambda each: not each.active))


def save_person(records: Records, actor: Actor, id_: str, fields: Mapping[str, object]) -> StaffView:
    """Somebody new (``id_`` "") or changed. Raises ``Refused``, ``Denied``, ``NotFound``, ``RecordsError``."""
    if id_:
        return records.change(actor.reference, lambda session: change_staff(session, actor, id_, fields)).value
    return records.change(actor.reference, lambda session: create_staff(session, actor, fields)).value


def give_pin(records: Records, actor: Actor, id_: str, pin: str) -> None:
    """Set somebody's PIN; "" takes it away. Raises as ``save_person``."""
    records.change(actor.reference, lambda session: set_pin(session, actor, id_, pin))


def minor_units(typed: str) -> int | None:
    """ "34", "34.50" and "34,5" in minor units; None for nothing. Raises ``Refused``."""
    plain = typed.strip().replace(",", ".")
    if not plain:
        return None
    try:
        amount = Decimal(plain)
        minor = int((amount * 100).to_integral_value(ROUND_HALF_UP))
    except (InvalidOperation, OverflowError, ValueError):
        minor = -1
    if not 0 <= minor <= DEAREST:
        raise Refused(("hourly_cost", tr("What an hour costs is an amount like 34.50.")))
    return minor


def as_typed(minor: int | None) -> str:
    """An amount as it would be typed: "34.50", "34,50"."""
    return "" if minor is None else words.number(minor / 100, 2)
