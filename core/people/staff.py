"""Who works here, and the PIN each signs in with at a shared terminal."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.language import tr
from core.people.models import NAME, Staff
from core.people.roles import STAFF_ROLES, Actor, Denied, Role, may, require
from core.records.input import Field, Fields, Problems, Refused, Value, one_of, text, whole, yes_no
from core.records.paging import LIMIT, Order, Page, check_sought, chosen, page_of
from core.records.rows import added, assign, born, hide, last_changed, row_of, shown, unhide

PIN_DIGITS = range(4, 9)
SKILLS = 500  # characters
DEAREST = 1_000_000  # minor units an hour


def skill_words(value: object) -> Value:
    """Words by comma, each once, whatever its case: "Brakes,  brakes, air conditioning" is two."""
    plain = text(SKILLS)(value)
    words = (" ".join(each.split()) for each in str(plain or "").replace(";", ",").split(","))
    kept = {word.casefold(): word for word in reversed([word for word in words if word])}
    return ", ".join(reversed(kept.values())) or None


FIELDS = Fields(
    name=Field(text(NAME), required=True),
    role=Field(one_of([role.value for role in STAFF_ROLES]), required=True),
    active=Field(yes_no),
    skills=Field(skill_words),
    hourly_cost=Field(whole(0, DEAREST)),
)
ORDERS = (
    Order("name", func.lower(func.coalesce(Staff.name, ""))),
    Order("newest", descending=True),
    Order("oldest"),
)

_hasher = PasswordHasher()  # argon2id with the parameters of RFC 9106, section 4, second choice


@dataclass(frozen=True, slots=True)
class StaffView:
    """Somebody who works here. The PIN's hash is not part of it.

    ``skills``: words by comma. ``hourly_cost``: to the shop, minor units; for those who may change the staff.
    """

    table: ClassVar[str] = "staff"

    id: str
    name: str | None
    role: str | None
    active: bool
    has_pin: bool
    skills: str | None
    hourly_cost: int | None
    created_at: int | None
    changed_at: int | None
    deleted_at: int | None


def create_staff(session: Session, actor: Actor, fields: Mapping[str, object]) -> StaffView:
    """Somebody new: ``name`` and ``role``. Raises ``Denied``, ``Refused``."""
    require(actor, "staff.change")
    problems = Problems()
    values = FIELDS.take(session, fields, None, problems)
    problems.settle()
    require(actor, "staff.change", Role(str(values["role"])))
    return _view(added(session, Staff, {**values, "active": values.get("active") is not False}))


def change_staff(session: Session, actor: Actor, id_: str, fields: Mapping[str, object]) -> StaffView:
    """Change some fields. The last active owner stays one. Raises ``Denied``, ``NotFound``, ``Refused``."""
    row = row_of(session, Staff, id_)
    require(actor, "staff.change", row)
    problems = Problems()
    values = FIELDS.take(session, fields, row, problems)
    problems.settle()
    if "role" in values:
        require(actor, "staff.change", Role(str(values["role"])))
    if values.get("role", row.role) != Role.OWNER or values.get("active", row.active) is False:
        _keep_an_owner(session, row)
    assign(session, row, values)
    return _view(row)


def delete_staff(session: Session, actor: Actor, id_: str) -> None:
    """Hide somebody who was entered by mistake; who leaves becomes inactive. Raises ``Denied``, ``NotFound``."""
    row = row_of(session, Staff, id_)
    require(actor, "staff.change", row)
    _keep_an_owner(session, row)
    hide(session, Staff, id_)


def restore_staff(session: Session, actor: Actor, id_: str) -> StaffView:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "staff.change", row_of(session, Staff, id_, deleted=True))
    return _view(unhide(session, Staff, id_))


def get_staff(session: Session, id_: str, *, deleted: bool = False) -> StaffView:
    """One of the staff. Raises ``NotFound``."""
    return _view(row_of(session, Staff, id_, deleted=deleted))


def list_staff(
    session: Session,
    *,
    active: bool | None = None,
    role: str | None = None,
    deleted: bool = False,
    sort: str = "name",
    after: str | None = None,
    limit: int = LIMIT,
) -> Page[StaffView]:
    """Staff by the page. ``sort`` is a name in ``ORDERS``. Raises ``Refused``."""
    check_sought(role=role)
    query = shown(Staff, deleted=deleted)
    if active is not None:
        query = query.where(func.coalesce(Staff.active, True) == active)
    if role is not None:
        query = query.where(Staff.role == role)
    return page_of(session, query, Staff, chosen(ORDERS, sort), after=after, limit=limit).mapped(_view)


def seen_by(actor: Actor, view: StaffView) -> StaffView:
    """What ``actor`` may know of somebody: what an hour of theirs costs is nothing for the floor."""
    return view if may(actor, "staff.change") else replace(view, hourly_cost=None)


def set_pin(session: Session, actor: Actor, staff_id: str, pin: str) -> None:
    """Give somebody a PIN of 4 to 8 digits; "" takes it away. Everybody may set their own.

    Raises ``Denied``, ``NotFound``, ``Refused``.
    """
    row = row_of(session, Staff, staff_id)
    if not (may(actor, "staff.change", row) or may(actor, "staff.pin", row)):
        raise Denied(actor, "staff.pin")
    if pin and not (pin.isascii() and pin.isdigit() and len(pin) in PIN_DIGITS):
        raise Refused(("pin", tr("A PIN has 4 to 8 digits.")))
    assign(session, row, {"pin_hash": _hasher.hash(pin) if pin else None})


def check_pin(session: Session, staff_id: str, pin: str) -> Actor | None:
    """Who signs in with this PIN; None when it is wrong, not set, or they do not work here any more."""
    actor = staff_actor(session, staff_id)
    row = session.get(Staff, staff_id)
    if actor is None or row is None or not row.pin_hash:
        return None
    try:
        _hasher.verify(row.pin_hash, pin)
    except (VerificationError, InvalidHashError, UnicodeError):
        return None
    return actor


def staff_actor(session: Session, staff_id: str) -> Actor | None:
    """Somebody of the staff as who does something; None when they do not work here any more."""
    row = session.get(Staff, staff_id)
    if row is None or row.deleted_at is not None or row.active is False or row.role not in STAFF_ROLES:
        return None
    return Actor("staff", row.id, row.name or "", Role(row.role))


def _keep_an_owner(session: Session, row: Staff) -> None:
    """Raises ``Refused`` when ``row`` is the last active owner: nobody could ever make another one."""
    if row.role != Role.OWNER or row.active is False:
        return
    others = select(Staff.id).where(
        Staff.role == Role.OWNER.value,
        func.coalesce(Staff.active, True).is_(True),
        Staff.deleted_at.is_(None),
        Staff.id != row.id,
    )
    if session.scalar(others.limit(1)) is None:
        raise Refused(("role", tr("This is the last owner: make somebody else an owner first.")))


def _view(row: Staff) -> StaffView:
    return StaffView(
        id=row.id,
        name=row.name,
        role=row.role,
        active=row.active is not False,
        has_pin=bool(row.pin_hash),
        skills=row.skills,
        hourly_cost=row.hourly_cost,
        created_at=born(row),
        changed_at=last_changed(row),
        deleted_at=row.deleted_at,
    )
