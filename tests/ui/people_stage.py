"""What the tests of people at a terminal share: a staff, their PINs, and fingers."""

from dataclasses import dataclass
from unittest.mock import patch

from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from core.people.roles import SYSTEM
from core.people.staff import create_staff, set_pin
from tests.ui.two_bays import Bay, until
from ui.shell import Shell
from ui.widgets import dialogs
from ui.widgets.numberpad import ENTER
from ui.widgets.sign_in_sheet import SignInSheet

PINS = {"Marta Weiss": "1234", "Anna Berg": "1111", "Tom Huber": "2222", "Yusuf Demir": "", "Jonas Keller": ""}
ROLES = {
    "Marta Weiss": "owner",
    "Anna Berg": "adviser",
    "Tom Huber": "technician",
    "Yusuf Demir": "technician",
    "Jonas Keller": "manager",
}


@dataclass
class Staff:
    """The people of ``PINS`` at ``bay``, whose window heard of them."""

    bay: Bay
    ids: dict[str, str]

    def sign_in(self, name: str) -> None:
        people = self.bay.context.people
        answers: list[object] = []
        people.sign_in(self.ids[name], PINS[name], answers.append, answers.append)
        until(lambda: answers, f"{name} is answered")
        assert people.person is not None
        assert people.person.name == name


def hire(bay: Bay, names: tuple[str, ...] = tuple(PINS)) -> Staff:
    ids: dict[str, str] = {}

    def work(session: Session) -> None:
        for name in names:
            ids[name] = create_staff(session, SYSTEM, {"name": name, "role": ROLES[name]}).id
            if PINS[name]:
                set_pin(session, SYSTEM, ids[name], PINS[name])

    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)  # slow on purpose, but not here
    with patch("core.people.staff._hasher", quick):
        bay.records.change("system", work)
    bay.context.people.refresh()
    until(lambda: len(bay.context.people.people) == len(names), "the window knows the staff")
    return Staff(bay, ids)


def sheet(shell: Shell) -> SignInSheet:
    found = [each for each in dialogs.sheets(shell) if isinstance(each, SignInSheet)]
    assert found, "nobody is asked who it is"
    return found[-1]


def type_pin(asked: SignInSheet, pin: str) -> None:
    for digit in pin:
        asked.pad.keys[digit].click()
    asked.pad.keys[ENTER].click()
