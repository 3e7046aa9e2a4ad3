"""Who stands at this terminal: the person whose name is on everything that is written here."""

import json
from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from core.durable import write_whole
from core.language import tr
from core.people.at_hand import Person, is_guarded, people_at_hand
from core.people.pin_tries import FILE, PinTries
from core.people.roles import Actor, Role
from core.people.signing_in import Answer, Attempt, attempt
from core.records.changes import ChangeSet
from core.records.records import Records
from ui import background
from ui.membership import Membership

RECENT = 3  # people one tap brings to the number pad
RECENT_FILE = "recent_people.json"  # ids of who signed in here last: this terminal's own, no secret


class Standing(StrEnum):
    """How things stand at the terminal."""

    NO_WORKSHOP = "no_workshop"
    OPEN = "open"  # no owner has a PIN yet: the terminal itself works as owner
    NOBODY = "nobody"  # one may look, and sign in
    SIGNED_IN = "signed_in"


class People(QObject):
    """Whoever is signed in. ``actor`` is who acts now; ask for it at the moment of writing, never keep it.

    ``leaving`` comes before the person changes, while what is typed is still theirs to keep; ``changed`` after it, and
    when the staff reads differently.
    """

    leaving = Signal()
    changed = Signal()

    def __init__(self, membership: Callable[[], Membership | None], home: Path | None) -> None:
        super().__init__()
        self._membership, self._home = membership, home
        self._of: Membership | None = None
        self._people: tuple[Person, ...] = ()
        self._person: Person | None = None
        self._recent = _read_recent(home)
        self.tries = PinTries(home / FILE if home else None)
        self._posed = False
        self.locked_out = ""  # id of who was signed out because nobody touched the terminal

    # --- who

    @property
    def standing(self) -> Standing:
        if self._here() is None:
            return Standing.NO_WORKSHOP
        if self._person is not None:
            return Standing.SIGNED_IN
        return Standing.NOBODY if is_guarded(self._people) else Standing.OPEN

    @property
    def actor(self) -> Actor | None:
        """Who acts at this window; None in no workshop. Nobody signed in is a viewer, who writes nothing."""
        here = self._here()
        if here is None:
            return None
        if self._person is not None:
            return self._person.actor
        if is_guarded(self._people):
            return replace(here.actor, name=tr("Nobody is signed in"), role=Role.VIEWER)
        return here.actor

    @property
    def person(self) -> Person | None:
        """Who is signed in."""
        self._here()
        return self._person

    @property
    def people(self) -> tuple[Person, ...]:
        """The active staff: who signed in here lately first, then by name."""
        self._here()
        rank = {id_: at for at, id_ in enumerate(self._recent)}
        return tuple(sorted(self._people, key=lambda each: rank.get(each.id, len(rank))))

    @property
    def recent(self) -> tuple[Person, ...]:
        """The last few who signed in here and are not signed in now, the last one first."""
        self._here()
        by_id = {each.id: each for each in self._people}
        now = self._person.id if self._person else ""
        return tuple(by_id[id_] for id_ in self._recent if id_ in by_id and id_ != now)[:RECENT]

    @property
    def guarded(self) -> bool:
        """Whether this terminal asks who somebody is."""
        self._here()
        return is_guarded(self._people)

    # --- coming and going

    def sign_in(
        self,
        staff_id: str,
        pin: str,
        answered: Callable[[Attempt], object],
        failed: Callable[[Exception], object],
    ) -> None:
        """Try a PIN, off this thread; ``answered`` is told what became of it, after ``changed`` when it was right.

        Who is signed in until then leaves first. ``failed`` gets ``RecordsError`` or ``OSError``.
        """
        here = self._here()
        if here is None:
            return
        records, tries = here.records, self.tries

        def work() -> Attempt:
            with records.read() as session:
                return attempt(session, tries, staff_id, pin)

        def told(found: Attempt) -> None:
            if found.answer is Answer.IN and found.person is not None and self._here() is here:
                self._enter(found.person)
            answered(found)

        background.run(self, work, told, failed)

    def switch(
        self, staff_id: str, pin: str, answered: Callable[[Attempt], object], failed: Callable[[Exception], object]
    ) -> None:
        """``sign_in`` in the place of who is signed in; a wrong PIN changes nothing."""
        self.sign_in(staff_id, pin, answered, failed)

    def sign_out(self, *, idle: bool = False) -> None:
        """Nobody is signed in any more. ``idle``: because nobody touched the terminal for a while."""
        if self.person is None or self._person is None:
            return
        self.leaving.emit()
        self.locked_out = self._person.id if idle else ""
        self._person = None
        self.changed.emit()

    def _enter(self, person: Person) -> None:
        if self._person is not None and self._person.id == person.id:
            self._person = person
        else:
            self.leaving.emit()
            self._person = person
        self.locked_out = ""
        self._recent = (person.id, *(each for each in self._recent if each != person.id))[: RECENT + 3]
        if self._home is not None:
            home, kept = self._home, json.dumps(self._recent).encode()
            # A list that could not be kept costs nothing but its order.
            background.run(self, lambda: write_whole(home / RECENT_FILE, kept), lambda _: None, lambda _: None)
        self.changed.emit()

    def pose(self, people: tuple[Person, ...], person: Person | None) -> None:
        """Show these people and who of them is signed in, for a picture; the records are not asked any more."""
        if self._here() is None:
            return
        self.leaving.emit()
        self._posed, self._people, self._person = True, people, person
        self.changed.emit()

    # --- the staff

    def on_change(self, changes: ChangeSet) -> None:
        """Somebody of the staff reads differently: a role, a PIN, who left."""
        if changes.touches("staff"):
            self.refresh()

    def refresh(self) -> None:
        """Read the staff anew, off this thread."""
        here = self._here()
        if here is None:
            return
        records = here.records
        # What cannot be read now is read at the next change; meanwhile who may come in is asked in ``attempt``.
        background.run(self, lambda: read_people(records), lambda found: self._know(here, found), lambda _: None)

    def _know(self, here: Membership, found: tuple[Person, ...]) -> None:
        if self._posed or self._here() is not here or found == self._people:
            return
        person = self._person
        now = next((each for each in found if person is not None and each.id == person.id), None)
        if person is not None and now is None:
            self.leaving.emit()
        self._people, self._person = found, now
        self.changed.emit()

    def _here(self) -> Membership | None:
        """The workshop as it is now; in another one than before nobody is signed in yet."""
        here = self._membership()
        if here is not self._of:
            self._of = here
            self._person = None
            self._people = here.people if here is not None else ()
        return here


def read_people(records: Records) -> tuple[Person, ...]:
    """The active staff. Waits. Raises ``RecordsError``."""
    with records.read() as session:
        return people_at_hand(session)


def _read_recent(home: Path | None) -> tuple[str, ...]:
    if home is None:
        return ()
    try:
        kept = json.loads((home / RECENT_FILE).read_bytes())
    except (OSError, ValueError):
        return ()
    return tuple(each for each in kept if isinstance(each, str)) if isinstance(kept, list) else ()
