"""A card of the settings that lists rows of the workshop: read off the window's thread, read again when they change."""

import itertools
from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.language import tr
from core.people.roles import WORDS, Actor, may, roles_that_may
from core.records.changes import Changed, ChangeSet
from core.records.records import Records
from ui import background
from ui.context import UiContext
from ui.pages.settings_form import EXPECTED
from ui.widgets import toast
from ui.widgets.buttons import Button
from ui.widgets.panels import label
from ui.widgets.settings_card import Report, SettingsCard

T = TypeVar("T")


class ListCard(SettingsCard):
    """Subclasses say what is ``read``, how it is shown (``rows_of``), and what the words above it are (``words``).

    ``tables``: what it is read again for. ``action``: who may change it.
    """

    tables: tuple[str, ...] = ()
    action = "workshop.change"

    def __init__(self, heading: str, context: UiContext, report: Report) -> None:
        super().__init__(heading, context, report)
        self._asked = 0
        self.found: Any = None  # what was read last
        self._waiting: Callable[[], object] | None = None
        self.rows: list[QWidget] = []
        self.intro = label("", "muted", wrap=True)
        self.body.addWidget(self.intro)
        holder = QWidget()
        self._column = QVBoxLayout(holder)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.body.addWidget(holder)
        self.add = Button("", "plus", role="primary")
        self.add.clicked.connect(lambda _=False: self.open_new())
        self.add.hide()
        self.body.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)

    # --- what a subclass says

    def read(self, records: Records) -> Any:
        """Off the window's thread."""
        raise AssertionError

    def rows_of(self, found: Any) -> list[QWidget]:
        raise AssertionError

    def words(self, found: Any) -> str:
        """What stands above the list: what it is for, and what to do while it is empty."""
        raise AssertionError

    def add_words(self, found: Any) -> str:
        """What the button says; "" for none."""
        return ""

    def open_new(self) -> None:
        """Somebody pressed the button."""

    def deeds(self) -> list[QWidget]:
        """Further buttons, between the list and the one that adds."""
        return []

    def scenes(self) -> list[tuple[str, Callable[[], object]]]:
        """Pictures of it besides the page: a name, and what is done for it."""
        return []

    # --- what they share

    @property
    def desk(self) -> tuple[Records, Actor]:
        """The records and who writes into them."""
        records, actor = self.context.records, self.context.actor
        assert records is not None
        assert actor is not None
        return records, actor

    @property
    def may_change(self) -> bool:
        actor = self.context.actor
        return actor is not None and may(actor, self.action)

    def refresh(self) -> None:
        records = self.context.records
        if records is None:
            return
        self._asked += 1
        asked = self._asked
        # What cannot be read now is read when the page is shown again.
        background.run(self, lambda: self.read(records), lambda found: self._show(asked, found), lambda _: None)

    def on_change(self, changes: ChangeSet) -> None:
        """Something reads differently now, whoever wrote it."""
        if any(changes.touches(table) for table in self.tables):
            self.refresh()

    def _show(self, asked: int, found: Any) -> None:
        if asked != self._asked:
            return
        for old in self.rows:
            old.hide()
            old.deleteLater()
        self.found = found
        self.rows = self.rows_of(found)
        for row in self.rows:
            self._column.addWidget(row)
        self._chain()
        text = self.words(found)
        if not self.may_change:
            roles = ", ".join(tr(WORDS[role]) for role in roles_that_may(self.action))
            text = f"{text} {tr('This is for: {roles}.', roles=roles)}"
        self.intro.setText(text)
        self.intro.setVisible(bool(text))
        words = self.add_words(found) if self.may_change else ""
        if words:
            self.add.show_words(words, "plus")
        self.add.setVisible(bool(words))
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            waiting()

    def when_read(self, deed: Callable[[], object]) -> None:
        """Do it now, or once the card knows what there is."""
        if self.found is None:
            self._waiting = deed
        else:
            deed()

    def _chain(self) -> None:
        """Tab finds the rows where they stand: made last, they would come after everything else of the window."""
        self.intro.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # Qt puts nothing behind what takes no focus at all
        for before, after in itertools.pairwise((self.intro, *self.rows, *self.deeds(), self.add)):
            QWidget.setTabOrder(before, after)
        self.intro.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def changed(self, said: str, changed: Changed[Any]) -> None:
        """Something was written: say so, with the way back."""
        self.refresh()
        frame = self.context.frame
        if frame is not None:
            frame.offer_undo(said, changed.changes)
        else:
            toast.show(self, said, tone="ok")

    def run(self, work: Callable[[], Changed[T]], said: str | Callable[[T], str]) -> None:
        """Write off this thread and say so."""

        def done(changed: Changed[T]) -> None:
            self.changed(said if isinstance(said, str) else said(changed.value), changed)

        background.run(self, work, done, self.failed)

    def failed(self, error: Exception) -> None:
        """Tell what a person can act on; anything else is a bug."""
        if not isinstance(error, EXPECTED):
            raise error
        self.context.note(tr("That could not be done"), str(error))
        toast.show(self, tr("That could not be done"), detail=str(error), tone="critical")
