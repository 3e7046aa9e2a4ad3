"""The two smaller questions of the page Bays: removing a terminal, which asks first, and an address typed by hand."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from core.language import tr
from core.sync.views import PeerView, SyncError, WorkshopLink
from ui import background, theme
from ui.widgets.buttons import Button
from ui.widgets.dialogs import Sheet
from ui.widgets.icons import IconLabel
from ui.widgets.panels import label


class RemoveSheet(Sheet):
    """Asks whether a terminal really is to go; ``remove`` is called when the answer is yes."""

    def __init__(self, anchor: QWidget, peer: PeerView, remove: Callable[[], object]) -> None:
        super().__init__(anchor, tr("Remove {name}?", name=peer.name), width=700)
        for text in (
            tr("No terminal talks to it any more, each from the moment it hears of this."),
            tr("Everything it has written so far and sent is kept. What it has not sent yet stays on it alone."),
            tr("This cannot be taken back: to use it again, its data folder is emptied and it joins anew."),
        ):
            self.body.addWidget(label(text, wrap=True))
        self.keep = Button(tr("Keep it"), role="primary")
        self.keep.clicked.connect(lambda _=False: self.close_sheet())
        self.yes = Button(tr("Remove {name}", name=peer.name), "trash", role="danger")
        self.yes.clicked.connect(lambda _=False: self._yes(remove))
        self.footer.addWidget(self.keep, 1)
        self.footer.addWidget(self.yes, 1)

    def _yes(self, remove: Callable[[], object]) -> None:
        self.close_sheet()
        remove()


class AddressSheet(Sheet):
    """Where another terminal is, when the network does not tell."""

    def __init__(self, anchor: QWidget, link: WorkshopLink, done: Callable[[str], object]) -> None:
        super().__init__(anchor, tr("Add an address"), width=700)
        self._link, self._done = link, done
        self.body.addWidget(
            label(
                tr(
                    "Terminals in the same network find each other by themselves. Where the network does not allow "
                    "that, type the address another terminal shows on its page Bays."
                ),
                wrap=True,
            )
        )
        self.trouble = Trouble()
        self.field = address_field()
        self.field.returnPressed.connect(self.submit)
        self.field.textEdited.connect(lambda _: self.trouble.say(""))
        self.body.addWidget(self.field)
        self.body.addWidget(self.trouble)
        self.add = Button(tr("Add"), "plus", role="primary")
        self.add.clicked.connect(lambda _=False: self.submit())
        cancel = Button(tr("Cancel"))
        cancel.clicked.connect(lambda _=False: self.close_sheet())
        self.footer.addWidget(cancel, 1)
        self.footer.addWidget(self.add, 1)

    def submit(self) -> None:
        """Add the address, off this thread."""
        address = self.field.text().strip()
        if not address:
            self.trouble.say(tr("Type an address first."))
            return
        self.add.setEnabled(False)
        background.run(self, lambda: self._link.add_address(address), lambda _: self._added(address), self._failed)

    def _added(self, address: str) -> None:
        self.close_sheet()
        self._done(address)

    def _failed(self, error: Exception) -> None:
        self.add.setEnabled(True)
        if not isinstance(error, SyncError | OSError | ValueError):
            raise error
        self.trouble.say(str(error))


class Trouble(QWidget):
    """What is wrong with what was typed, under the field; takes no room while nothing is."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space(3))
        row.addWidget(IconLabel("critical", 24, "critical"), 0, Qt.AlignmentFlag.AlignTop)
        self.words = label("", "invalid", wrap=True)
        row.addWidget(self.words, 1)
        self.hide()

    def say(self, text: str) -> None:
        self.words.setText(text)
        self.setVisible(bool(text))


def address_field() -> QLineEdit:
    """A field for a terminal's address."""
    field = QLineEdit()
    field.setAccessibleName(tr("Address of the other terminal"))
    field.setPlaceholderText("192.168.1.20:8420")
    field.setInputMethodHints(Qt.InputMethodHint.ImhUrlCharactersOnly | Qt.InputMethodHint.ImhNoAutoUppercase)
    return field
