"""Who may stand at a shared terminal: the active staff, and whether the terminal asks who somebody is."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.people.models import Staff
from core.people.roles import STAFF_ROLES, Actor, Role

MOST = 200  # tiles nobody scrolls through; a chain's other shops do not sign in here

# Whose work can be taken back by others: they may be let in by one tap. Who runs the shop, or writes what cannot be
# taken back, proves who they are as soon as anybody has to.
WITHOUT_PIN = frozenset({Role.TECHNICIAN, Role.PARTS, Role.VIEWER})


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the active staff, as a tile shows them."""

    id: str
    name: str
    role: Role
    has_pin: bool

    @property
    def actor(self) -> Actor:
        return Actor("staff", self.id, self.name, self.role)

    @property
    def initials(self) -> str:
        """Two letters at most: of the first and the last word of the name."""
        words = [each for each in self.name.replace("-", " ").split() if each[0].isalnum()]
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


def people_at_hand(session: Session) -> tuple[Person, ...]:
    """The active staff by name, in one statement."""
    query = (
        select(Staff.id, Staff.name, Staff.role, Staff.pin_hash)
        .where(Staff.deleted_at.is_(None), func.coalesce(Staff.active, True).is_(True))
        .where(Staff.role.in_([role.value for role in STAFF_ROLES]))
        .order_by(func.lower(func.coalesce(Staff.name, "")), Staff.id)
        .limit(MOST)
    )
    return tuple(Person(id_, name or "", Role(str(role)), bool(pin)) for id_, name, role, pin in session.execute(query))


def is_guarded(people: Collection[Person]) -> bool:
    """Whether the terminal asks who somebody is: as soon as an owner has a PIN.

    Not before: a technician's PIN alone would lock out the owner who has none, and nobody could give them one.
    """
    return any(person.has_pin and person.role is Role.OWNER for person in people)


def needs_pin(person: Person, *, guarded: bool) -> bool:
    """Whether signing in takes a PIN; of somebody who needs one and has none, nobody can sign in."""
    return person.has_pin or (guarded and person.role not in WITHOUT_PIN)
