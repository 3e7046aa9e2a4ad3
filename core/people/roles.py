"""Who may do what. ``may`` is the only place that decides, for HTTP, the live channel and windows alike.

What the table does not grant is denied. Some grants depend on the thing: a customer sees what is theirs, and nobody
gives out a role above their own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.language import mark, tr


class Role(StrEnum):
    OWNER = "owner"
    MANAGER = "manager"
    ADVISER = "adviser"
    TECHNICIAN = "technician"
    PARTS = "parts"
    VIEWER = "viewer"
    CUSTOMER = "customer"
    DEVICE = "device"


WORDS: Mapping[Role, str] = {
    Role.OWNER: mark("Owner"),
    Role.MANAGER: mark("Manager"),
    Role.ADVISER: mark("Service adviser"),
    Role.TECHNICIAN: mark("Technician"),
    Role.PARTS: mark("Parts"),
    Role.VIEWER: mark("Viewer"),
    Role.CUSTOMER: mark("Customer"),
    Role.DEVICE: mark("Device"),
}

STAFF_ROLES = (Role.OWNER, Role.MANAGER, Role.ADVISER, Role.TECHNICIAN, Role.PARTS, Role.VIEWER)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something. ``kind``: staff, token, customer, terminal, system; ``id`` is a row's, "" for the system."""

    kind: str
    id: str
    name: str
    role: Role

    @property
    def reference(self) -> str:
        """As it stands in the log of changes: "staff:<id>", "system"."""
        return f"{self.kind}:{self.id}" if self.id else self.kind


SYSTEM = Actor(
    "system", "", "Bayline", Role.OWNER
)  # founding, the demo garage, whoever sits at the machine's own shell

_READ = ("vehicles.read", "customers.read", "repair_orders.read")
_INSIDE = ("parts.read", "schedule.read")  # of the shop's own affairs: what everybody who works here may see
_FLOOR = (
    *_READ,
    *_INSIDE,
    "repair_orders.change",
    "inspections.change",
    "stock.move",
    "clock.punch",
    "staff.read",
    "terminals.read",
    "changes.read",
)
_STORE = ("parts.change", "purchases.change", "figures.parts")
_DESK = (
    *_FLOOR,
    *_STORE,
    "estimates.decide",
    "invoices.read",
    "invoices.issue",
    "payments.record",
    "schedule.change",
    "figures.read",
    "changes.restore",
    "vehicles.change",
    "vehicles.delete",
    "customers.change",
    "customers.delete",
    "repair_orders.delete",
)
_OFFICE = (
    *_DESK,
    "clock.correct",
    "invoices.void",
    "planning.change",  # bays, shifts, absences
    "records.import",
    "records.export",
    "staff.change",
    "tokens.read",
    "tokens.issue",
    "tokens.revoke",
    "terminals.pair",
    "terminals.remove",
    "backups.make",
    "workshop.change",
)

GRANTS: Mapping[Role, frozenset[str]] = {
    Role.OWNER: frozenset(_OFFICE),
    Role.MANAGER: frozenset(_OFFICE),
    Role.ADVISER: frozenset(_DESK),
    Role.TECHNICIAN: frozenset((*_FLOOR, "changes.restore", "vehicles.change")),
    Role.PARTS: frozenset((*_FLOOR, *_STORE, "changes.restore")),
    Role.VIEWER: frozenset((*_READ, *_INSIDE, "terminals.read")),
    Role.CUSTOMER: frozenset(),
    Role.DEVICE: frozenset(),
}

# Granted for what is one's own, never for a whole list.
OWN: Mapping[Role, frozenset[str]] = {role: frozenset({"staff.pin", "figures.read"}) for role in STAFF_ROLES} | {
    Role.CUSTOMER: frozenset(_READ)
}

ACTIONS = frozenset().union(*GRANTS.values(), *OWN.values())

# What it takes to write a row of a table, and so to bring back an old value of it. A table that is not here can be
# restored by nobody.
TABLES: Mapping[str, str] = {
    "vehicles": "vehicles.change",
    "fleets": "vehicles.change",
    "owner_periods": "vehicles.change",
    "documents": "vehicles.change",
    "odometer_readings": "vehicles.change",
    "customers": "customers.change",
    "contact_ways": "customers.change",
    "repair_orders": "repair_orders.change",
    "repair_order_lines": "repair_orders.change",
    "notes": "repair_orders.change",
    "photos": "repair_orders.change",
    "clock_punches": "clock.correct",
    "fleet_access": "workshop.change",
    "saved_filters": "vehicles.read",
    "vehicle_features": "vehicles.change",
    "installed_parts": "vehicles.change",
    "insurances": "vehicles.change",
    "warranties": "vehicles.change",
    "held_readings": "vehicles.change",
    "order_labels": "workshop.change",
    "status_moves": "workshop.change",
    "quality_checks": "repair_orders.change",
    "tasks": "repair_orders.change",
    "mentions": "repair_orders.change",
    "note_readings": "repair_orders.change",
    "line_decisions": "estimates.decide",
    "recommendations": "repair_orders.change",
    "tax_rules": "workshop.change",
    "shop_details": "workshop.change",
    "inspection_templates": "workshop.change",
    "inspection_points": "workshop.change",
    "inspections": "inspections.change",
    "inspection_results": "inspections.change",
    "suppliers": "parts.change",
    "parts": "parts.change",
    "stock_moves": "parts.change",
    "purchase_orders": "purchases.change",
    "purchase_order_lines": "purchases.change",
    "work_bays": "planning.change",
    "appointments": "schedule.change",
    "allocations": "schedule.change",
    "shifts": "planning.change",
    "absences": "planning.change",
    # invoices, their numbers, voids and payments are in nobody's hands: what was issued stays as it was issued
    "staff": "staff.change",
    "access_tokens": "tokens.issue",
    "terminals": "terminals.remove",
    "workshops": "workshop.change",
}
_ABOUT_ROLES = frozenset({"staff", "access_tokens"})  # an old value here may be a role


class Denied(PermissionError):  # noqa: N818 - what happened, as a person would say it
    """Somebody may not do this. ``action`` is its name in the table."""

    def __init__(self, actor: Actor, action: str) -> None:
        self.actor, self.action = actor, action
        super().__init__(" ".join(filter(None, (_who_asks(actor), _who_may(action)))))


def roles_that_may(action: str) -> tuple[Role, ...]:
    """The roles of staff that may do ``action`` with anything of its kind, the highest first."""
    return tuple(role for role in STAFF_ROLES if action in GRANTS[role])


def _who_asks(actor: Actor) -> str:
    if actor.kind == "terminal":
        return tr("Nobody is signed in at this terminal.")
    return tr("Your role does not allow this: {role}.", role=tr(WORDS[actor.role]))


def _who_may(action: str) -> str:
    """Whom to ask: a refusal that names nobody leaves people standing."""
    roles = roles_that_may(action)
    return tr("This is for: {roles}.", roles=", ".join(tr(WORDS[role]) for role in roles)) if roles else ""


def may(actor: Actor, action: str, thing: object = None) -> bool:
    """Whether ``actor`` may do ``action``; to or with ``thing``, when it matters which one.

    ``thing`` is a row or its view, a ``Role`` that is to be given, or what names a ``table`` (a replaced value).
    """
    if action in GRANTS[actor.role]:
        return _not_above(actor, action, thing)
    return action in OWN[actor.role] and _owns(actor, thing) if actor.role in OWN else False


def require(actor: Actor, action: str, thing: object = None) -> None:
    """Raises ``Denied`` unless ``may``."""
    if not may(actor, action, thing):
        raise Denied(actor, action)


def _not_above(actor: Actor, action: str, thing: object) -> bool:
    """Only an owner makes owners, or touches one; only who may change a table restores its old values."""
    if action == "changes.restore":
        table = getattr(thing, "table", None)
        if table is None:
            return True
        if actor.role is not Role.OWNER and table in _ABOUT_ROLES:
            return False
        return TABLES.get(str(table)) in GRANTS[actor.role]
    if action in ("staff.change", "tokens.issue", "tokens.revoke") and actor.role is not Role.OWNER:
        role = thing if isinstance(thing, Role) else getattr(thing, "role", None)
        return role != Role.OWNER
    return True


def _owns(actor: Actor, thing: object) -> bool:
    """Whether ``thing`` is the actor's own: themselves, or a row that bears their id."""
    if thing is None or not actor.id:
        return False
    if actor.role is Role.CUSTOMER:
        return actor.kind == "customer" and actor.id in _customers_of(thing)
    return actor.kind == "staff" and getattr(thing, "id", None) == actor.id


def _customers_of(thing: object) -> tuple[object, ...]:
    table = getattr(thing, "__tablename__", getattr(thing, "table", None))
    return (getattr(thing, "id", None),) if table == "customers" else (getattr(thing, "customer_id", None),)
