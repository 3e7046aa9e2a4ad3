"""What the sections of an open order share: which order it is, who works on it, and how a deed is done and told."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from core.language import tr
from core.people.roles import Actor, Denied, may
from core.records.errors import RecordsError
from core.records.input import NotFound, Refused
from core.records.journal import GoneError
from core.records.records import Records
from ui import background
from ui.context import UiContext
from ui.orders_reading import OrderRead
from ui.widgets import toast

if TYPE_CHECKING:
    from core.workshop.papers import Paper

EXPECTED = (Refused, Denied, NotFound, RecordsError, GoneError, OSError)
T = TypeVar("T")


class OrderDesk(QObject):
    """``done`` tells that something was written from here: what is shown is read again."""

    done = Signal()
    wanted = Signal(str)  # another section, by its name

    def __init__(self, context: UiContext, records: Records, anchor: QWidget) -> None:
        super().__init__(anchor)
        self.context, self.records, self.anchor = context, records, anchor
        self.row = ""
        self.shown: OrderRead | None = None  # once it was read

    @property
    def actor(self) -> Actor:
        """Who is at this terminal now; people change while the window stays."""
        actor = self.context.actor
        assert actor is not None
        return actor

    @property
    def staff_id(self) -> str | None:
        """The row of whoever is signed in; None while it is the terminal itself."""
        return self.actor.id if self.actor.kind == "staff" else None

    def may(self, action: str) -> bool:
        return may(self.actor, action)

    def still(self, row: str) -> bool:
        """Whether the order ``row`` is still in front."""
        return isValid(self) and row == self.row

    # --- doing

    def run(
        self,
        work: Callable[[], T],
        said: str | Callable[[T], str] = "",
        undo: Callable[[], object] | None = None,
        then: Callable[[T], object] | None = None,
        back: tuple[str, str, str] | None = None,
    ) -> None:
        """Do ``work`` off this thread, say so, offer the way back; ``then(result)`` when it is done.

        ``back``: words and icon of that way's button and what is said then, where it does not simply undo.
        """

        def done(result: T) -> None:
            words = said if isinstance(said, str) else said(result)
            if words:
                *button, gone = back or (tr("Undo"), "undo", tr("Taken back."))
                way = (lambda: self.run(undo, gone)) if undo is not None else None
                toast.show(self.anchor, words, tone="ok", undo=way, back=(button[0], button[1]))
            if then is not None:
                then(result)
            self.done.emit()

        background.run(self, work, done, self.failed)

    def change(
        self,
        work: Callable[..., T],
        *given: object,
        said: str | Callable[[T], str] = "",
        undo: Callable[[], object] | None = None,
        then: Callable[[T], object] | None = None,
        **named: object,
    ) -> None:
        """Write with ``work(session, actor, *given, **named)``, a function of a room."""
        self.run(self.writing(work, *given, **named), said, undo, then)

    def writing(self, work: Callable[..., T], *given: object, **named: object) -> Callable[[], T]:
        """``work`` as something that waits, for ``run`` and for the way back."""
        records, actor = self.records, self.actor
        return lambda: records.change(actor.reference, lambda session: work(session, actor, *given, **named)).value

    def keep_typed(
        self, work: Callable[[], T], done: Callable[[T], object], failed: Callable[[Exception], object]
    ) -> None:
        """Owned by the window: the page may be gone before it is on the disk, and a failure is told all the same."""

        def told(error: Exception) -> None:
            if not isinstance(error, EXPECTED):
                raise error
            failed(error)

        background.run(self.anchor.window(), work, done, told)

    def lost(self, window: QWidget, text: str, error: Exception) -> None:
        """Something else is in front by now: what could not be kept goes where it can be copied from."""
        what = tr("Something typed into another order could not be saved")
        self.context.note(what, f"{error}\n{text}")
        detail = tr("{why} The text is in Settings, Problems.", why=error)
        toast.show(window, what, detail=detail, tone="critical")

    def show_paper(self, kind: str, row: str) -> None:
        """Lay a paper over the window, to look at and to print. ``kind``: in ``ui.papers_made.KINDS``."""
        from ui.pages.papers_preview import open_paper  # with it comes typst: only when a paper is asked for

        open_paper(self.anchor, self.context, kind, row)

    def show_made_paper(self, make: Callable[[], "Paper"]) -> None:
        """As ``show_paper``, of a paper that ``make`` makes off this thread."""
        from ui.pages.papers_preview import show_paper  # as above

        show_paper(self.anchor, "", make, context=self.context)

    def failed(self, error: Exception) -> None:
        """Tell what a person can act on; anything else is a bug."""
        if not isinstance(error, EXPECTED):
            raise error
        what = tr("That could not be done")
        self.context.note(what, str(error))
        toast.show(self.anchor, what, detail=str(error), tone="critical")
        self.done.emit()
