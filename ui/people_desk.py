"""What the window does about people: the sheet to sign in, the clock that signs out, and each one's own pages."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from core.language import tr
from core.people.roles import Denied
from core.people.staff import set_pin
from core.records.errors import RecordsError
from core.records.input import NotFound, Refused
from ui import background
from ui.idle import WARN_S, IdleWatch, minutes
from ui.pages import Page
from ui.people_present import Standing
from ui.people_rights import SHARED, WALL, closed_words, may_open
from ui.widgets import dialogs, toast
from ui.widgets.dialogs import Sheet
from ui.widgets.pin_sheet import NewPinSheet
from ui.widgets.sign_in_sheet import SignInSheet

if TYPE_CHECKING:
    from ui.shell import Shell

KEPT = 4  # people whose pages wait as they left them; of a fifth only what was saved


@dataclass(slots=True)
class _Aside:
    """What somebody left on the screen: half-typed words, places in lists, an open sheet."""

    pages: dict[str, Page]
    front: str
    sheets: list[Sheet] = field(default_factory=list)

    def drop(self) -> None:
        for each in (*self.sheets, *self.pages.values()):
            each.deleteLater()


class PeopleDesk(QObject):
    """One for the window. A page belongs to one person for as long as it lives: what it writes bears their name."""

    def __init__(self, shell: "Shell") -> None:
        super().__init__(shell)
        self._shell = shell
        self._people = shell.context.people
        self._whose = self._key()
        self._front = ""
        self._sheets: list[Sheet] = []
        self._aside: dict[str, _Aside] = {}
        self._warning: toast.Toast | None = None
        self.idle = IdleWatch(self)
        self.idle.soon.connect(self._warn)
        self.idle.back.connect(self._stay)
        self.idle.gone.connect(self._gone)
        self._people.leaving.connect(self._leaving)
        self._people.changed.connect(self._changed)

    # --- what is on the screen

    def may_open(self, page: str) -> bool:
        """Whether who stands here sees this screen."""
        return may_open(self._people.actor, page, nobody=self._people.standing is Standing.NOBODY)

    def refuse(self, page: str) -> None:
        """Say why a screen does not open, and who may open it."""
        nobody = self._people.standing is Standing.NOBODY
        headline, who = closed_words(self._people.actor, page, nobody=nobody)
        toast.show(self._shell, headline, detail=who, tone="info")

    def place(self, wanted: str) -> str:
        """The screen to show instead of ``wanted`` where that is closed."""
        entries = self._shell.content.entries
        if wanted in entries and self.may_open(wanted):
            return wanted
        open_ones = [name for name in (*WALL, *entries) if name in entries and self.may_open(name)]
        return open_ones[0] if open_ones else wanted

    def show_rights(self) -> None:
        """Grey what is closed, and say who is here."""
        content = self._shell.content
        content.rail.show_closed({name for name in content.entries if not self.may_open(name)})
        content.rail.back.setVisible(self._people.standing is not Standing.NO_WORKSHOP)
        content.rail.back.show_closed(self._people.standing is Standing.NOBODY)
        content.top.person.show_now()
        content.band.show_now()

    def forget(self) -> None:
        """The pages are about to be built anew for everybody."""
        for each in self._aside.values():
            each.drop()
        self._aside = {}

    def _key(self) -> str:
        person = self._people.person
        # Another role is another page: what it offers was decided when it was built.
        return f"{person.id} {person.role}" if person is not None else str(self._people.standing)

    def _leaving(self) -> None:
        """While it is still theirs: pages keep what was typed, sheets are put away as they are."""
        content = self._shell.content
        popup = QApplication.activePopupWidget()
        if popup is not None:
            popup.close()
        self._front = self._front or content.current
        self._sheets = [each for each in dialogs.sheets(self._shell) if not isinstance(each, SignInSheet)]
        for sheet in self._sheets:
            sheet.hide()
        content.hide_page()
        for said in toast.shown(self._shell):
            said.leave()  # its "Undo" would be in another one's name

    def _changed(self) -> None:
        content, key = self._shell.content, self._key()
        front, self._front = self._front or content.current, ""
        if key == self._whose:
            if not content.current:
                content.show_page(self.place(front))
        else:
            self._hand_over(key, front)
        self.show_rights()
        self.watch_idle()

    def _hand_over(self, key: str, front: str) -> None:
        """Another one stands here: nobody sees, or saves, what somebody else has half typed."""
        content = self._shell.content
        content.hide_page()
        theirs = {name: page for name, page in content.pages.items() if name not in SHARED}
        self._aside[self._whose] = _Aside(theirs, front, self._sheets)
        self._sheets = []
        back = self._aside.pop(key, None)
        while len(self._aside) > KEPT:
            self._aside.pop(next(iter(self._aside))).drop()
        shared = {name: page for name, page in content.pages.items() if name in SHARED}
        content.pages = shared | (back.pages if back is not None else {})
        self._whose = key
        content.show_page(self.place(self._place_of(back, front)))
        for sheet in back.sheets if back is not None else ():
            sheet.show()
            sheet.raise_()
            sheet.setFocus()

    def _place_of(self, back: _Aside | None, front: str) -> str:
        """Somebody who was here comes back to where they were; nobody's terminal goes back to the wall."""
        if self._people.standing is Standing.NOBODY:
            return next((name for name in WALL if name in self._shell.content.entries), front)
        return back.front if back is not None and back.front else front

    # --- signing in

    def open_sheet(self, likely: str = "") -> None:
        """Ask who it is, with ``likely`` chosen already; in a workshop without people show where they are added."""
        asked = any(isinstance(each, SignInSheet) for each in dialogs.sheets(self._shell))
        if asked or self._people.standing is Standing.NO_WORKSHOP:
            return
        if not self._people.people:
            self._shell.go("settings")
            toast.show(self._shell, tr("Nobody works here yet: “Add a person” makes the first one the owner."))
            return
        sheet = SignInSheet(self._shell, self._people, own_pin=self.ask_own_pin)
        sheet.open(sheet)
        if likely in sheet.tiles:
            sheet.choose(sheet.tiles[likely].person)

    def ask_own_pin(self) -> None:
        """A new PIN for who is signed in."""
        person, records = self._people.person, self._shell.context.records
        if person is None or records is None:
            return
        actor = person.actor

        def keep(pin: str) -> None:
            work: Callable[[], object] = lambda: records.change(  # noqa: E731
                actor.reference, lambda session: set_pin(session, actor, actor.id, pin)
            )
            background.run(self, work, lambda _: toast.show(self._shell, tr("Your PIN is set."), tone="ok"), failed)

        def failed(error: Exception) -> None:
            if not isinstance(error, Refused | Denied | NotFound | RecordsError | OSError):
                raise error
            toast.show(self._shell, tr("The PIN could not be saved."), detail=str(error), tone="critical")

        NewPinSheet(self._shell, keep).open()

    # --- nobody there

    def watch_idle(self) -> None:
        """Count as the preferences say, while there is somebody to sign out."""
        chosen = self._shell.context.preferences
        wanted = minutes(chosen.sign_out_after, kiosk=self._shell.kiosk.locked)
        on = self._people.standing is Standing.SIGNED_IN and self._people.guarded
        self.idle.watch(wanted * 60_000 if on else 0)

    def _warn(self) -> None:
        person = self._people.person
        if person is not None:
            said = tr("{name} is signed out in {count} s. A touch keeps you signed in.", name=person.name, count=WARN_S)
            self._warning = toast.show(self._shell, said)

    def _stay(self) -> None:
        if self._warning is not None and self._warning in toast.shown(self._shell):
            self._warning.leave()
        self._warning = None

    def _gone(self) -> None:
        self._warning = None
        self._people.sign_out(idle=True)
