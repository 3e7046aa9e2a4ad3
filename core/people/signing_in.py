"""Signing in at a shared terminal: by PIN, or by one tap for those who may do without."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from core.people.at_hand import Person, is_guarded, needs_pin, people_at_hand
from core.people.pin_tries import PinTries
from core.people.staff import check_pin


class Answer(StrEnum):
    """What became of a try."""

    IN = "in"
    WRONG = "wrong"
    WAIT = "wait"  # too many wrong ones: the PIN was not looked at
    NO_PIN = "no_pin"  # this person needs a PIN and has none yet
    GONE = "gone"  # does not work here any more


@dataclass(frozen=True, slots=True)
class Attempt:
    """``person`` as they are now; None when they are gone."""

    answer: Answer
    person: Person | None = None


def attempt(session: Session, tries: PinTries, staff_id: str, pin: str) -> Attempt:
    """Try to sign in. Slow on purpose where there is a PIN (argon2). Raises ``OSError`` when it cannot be counted."""
    people = people_at_hand(session)
    person = next((each for each in people if each.id == staff_id), None)
    if person is None:
        return Attempt(Answer.GONE)
    if not needs_pin(person, guarded=is_guarded(people)):
        return Attempt(Answer.IN, person)
    if not person.has_pin:
        return Attempt(Answer.NO_PIN, person)
    if not tries.begin(staff_id):
        return Attempt(Answer.WAIT, person)
    if check_pin(session, staff_id, pin) is None:
        return Attempt(Answer.WRONG, person)
    tries.right(staff_id)
    return Attempt(Answer.IN, person)
