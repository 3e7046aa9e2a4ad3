"""Taking back the last thing somebody did, from every page: Ctrl+Z, the rail, and the message that says so."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from core.language import tr
from core.people.roles import Actor, Denied
from core.records.changes import ChangeSet
from core.records.errors import RecordsError
from core.records.input import NotFound, Refused
from core.records.records import Records
from core.workshop.undoing import Stays, Undone, redo_last, undo, undo_last
from ui import background
from ui.changes_mine_reading import undone_words
from ui.people_present import Standing
from ui.widgets import toast

if TYPE_CHECKING:
    from ui.shell import Shell

EXPECTED = (Denied, Refused, NotFound, LookupError, RecordsError, OSError)
Turned = tuple[Undone, tuple[str, str]]  # what a taking back did, of what, and what that changed, in words


class UndoDesk(QObject):
    """One for the window. One thing at a time: a second press waits until the first is on the disk."""

    def __init__(self, shell: "Shell") -> None:
        super().__init__(shell)
        self._shell = shell
        self._busy = False
        self._heard: set[str] = set()  # changes that stay, of which that was said

    @property
    def possible(self) -> bool:
        """Whether there is somebody whose changes could be taken back."""
        people = self._shell.context.people
        return people.standing in (Standing.OPEN, Standing.SIGNED_IN)

    def undo(self) -> None:
        """Take back the last change of who stands here."""
        heard = frozenset(self._heard)
        self._turn(
            lambda records, actor: undo_last(records, actor, heard), tr("There is nothing of yours to take back.")
        )

    def redo(self) -> None:
        """Do again what was taken back last."""
        self._turn(redo_last, tr("There is nothing to do again."))

    def turn(self, id_: str, then: Callable[[], object] | None = None) -> None:
        """Take back one change, or do it again; ``then`` is called when it is done, or cannot be."""
        self._turn(lambda records, actor: undo(records, actor, id_), "", then)

    def offer(self, said: str, changes: ChangeSet) -> None:
        """Say what was done, with the way back."""
        way = (lambda: self.turn(changes.stamp)) if changes.stamp else None
        toast.show(self._shell, said, tone="ok", undo=way)

    def _turn(
        self,
        deed: Callable[[Records, Actor], Undone | None],
        nothing: str,
        then: Callable[[], object] | None = None,
    ) -> None:
        context = self._shell.context
        records, actor = context.records, context.people.actor
        if records is None or actor is None or self._busy:
            return
        if not self.possible:
            toast.show(self._shell, tr("Sign in first: what can be taken back is yours alone."))
            return
        self._busy = True

        def work() -> Turned | None:
            done = deed(records, actor)
            return (done, undone_words(records, done)) if done is not None else None

        def told(found: Turned | None) -> None:
            self._busy = False
            if found is None:
                toast.show(self._shell, nothing)
            else:
                self._say(*found)
            if then is not None:
                then()

        def failed(error: Exception) -> None:
            self._busy = False
            if not isinstance(error, EXPECTED):
                raise error
            if isinstance(error, Stays):
                self._heard.add(error.deed)
                on = tr("Undo once more takes back the change before it.")
                toast.show(self._shell, tr("That stays"), detail=f"{error} {on}", tone="warning")
                return
            plain = isinstance(error, LookupError) and not isinstance(error, NotFound)
            why = tr("It was taken back already, or is not among your last changes.") if plain else str(error)
            toast.show(self._shell, tr("That could not be taken back"), detail=why, tone="warning")
            if then is not None:
                then()

        background.run(self, work, told, failed)

    def _say(self, done: Undone, words: tuple[str, str]) -> None:
        """What went back and what that changed, what stayed, and the way forward again."""
        what, changed = words
        stays = tr("Not all of it: {why}", why=" ".join(done.stays)) if done.stays else ""
        said = tr("Taken back: {what}", what=what) if not done.again else tr("Done again: {what}", what=what)
        turn = done.changes.stamp
        toast.show(
            self._shell, said, detail="\n".join(each for each in (changed, stays) if each),
            tone="warning" if stays else "ok", undo=(lambda: self.turn(turn)) if turn else None,
            back=None if done.again else (tr("Do again"), "redo"),
        )  # fmt: skip
