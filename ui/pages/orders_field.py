"""One field that several terminals may write: what a person types here is never overwritten, and never lost.

While it is being edited, what another terminal writes stands beside it, to take or to leave. It is saved when it is
left, when the order is left, and after a pause in typing, so that a power cut takes a few words at most.
"""

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from core.language import tr
from ui import sync_words, theme
from ui.orders_reading import Writer
from ui.widgets.buttons import Button
from ui.widgets.icons import IconLabel
from ui.widgets.panels import label

PAUSE_MS = 3000  # after the last key
SHOWN = 400  # characters of another terminal's text


class _Beside(QWidget):
    """What another terminal wrote meanwhile: ``take`` and ``keep``."""

    take = Signal()
    keep = Signal()

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.space(3), theme.space(1), 0, theme.space(1))
        column.setSpacing(theme.space(2))
        row = QHBoxLayout()
        row.setSpacing(theme.space(3))
        row.addWidget(IconLabel("conflict", 24, "warning"))
        self.words = label("", wrap=True)
        row.addWidget(self.words, 1)
        column.addLayout(row)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.space(2))
        self.take_button = Button(tr("Take it"), "take")
        self.take_button.clicked.connect(lambda _=False: self.take.emit())
        self.keep_button = Button(tr("Keep mine"), "ok")
        self.keep_button.clicked.connect(lambda _=False: self.keep.emit())
        buttons.addWidget(self.take_button)
        buttons.addWidget(self.keep_button)
        buttons.addStretch(1)
        column.addLayout(buttons)
        self.hide()

    def say(self, writer: Writer | None, text: str) -> None:
        shown = text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
        who = writer.words if writer is not None else tr("Another terminal")
        time = sync_words.moment(writer.at) if writer is not None else ""
        if not shown:
            self.words.setText(tr("{who} emptied this at {time}.", who=who, time=time))
        else:
            self.words.setText(tr("{who} changed this to “{text}” at {time}.", who=who, text=shown, time=time))
        self.show()


class _Trouble(QWidget):
    """Why it was not saved; what was typed stays in the field. ``again`` tries once more."""

    again = Signal()

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.space(3), theme.space(1), 0, theme.space(1))
        row.setSpacing(theme.space(3))
        row.addWidget(IconLabel("critical", 24, "critical"))
        self.words = label("", "invalid", wrap=True)
        row.addWidget(self.words, 1)
        self.button = Button(tr("Try again"), "refresh")
        self.button.clicked.connect(lambda _=False: self.again.emit())
        row.addWidget(self.button)
        self.hide()

    def say(self, text: str) -> None:
        self.words.setText(text)
        self.setVisible(bool(text))


class GrowingText(QPlainTextEdit):
    """Several lines of text, as high as what stands in it. ``left``: the focus has gone elsewhere."""

    left = Signal()

    def __init__(self, least: int = 2, most: int = 9) -> None:
        super().__init__()
        self._least, self._most = least, most
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(10)
        self.document().documentLayout().documentSizeChanged.connect(lambda _: self._fit())
        self._fit()

    def _fit(self) -> None:
        lines = max(self._least, min(self._most, round(self.document().size().height())))
        self.setVerticalScrollBarPolicy(
            Qt.ScrollBarPolicy.ScrollBarAsNeeded
            if self.document().size().height() > self._most
            else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        )
        height = lines * self.fontMetrics().lineSpacing() + 30
        if self.height() != height:
            self.setFixedHeight(max(theme.target, height))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut and not self._only_away():
            self.left.emit()
        return super().event(event)

    def _only_away(self) -> bool:
        """Whether the whole window lost the keyboard: then it comes back here."""
        return not self.isActiveWindow() and self.isVisible() and self.window().focusWidget() is self


class TextField(QWidget):
    """A text of the order. ``save(field, text)`` wants to be kept; answer with ``saved`` or ``not_saved``."""

    save = Signal(str, str)

    def __init__(self, name: str, title: str) -> None:
        super().__init__()
        self.name = name
        self._shared = ""  # as the records have it
        self._saving: str | None = None
        self._touched = False  # since the focus came
        self._offered: str | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(1))
        head = QHBoxLayout()
        head.addWidget(label(title, "caption"))
        head.addStretch(1)
        self.state = label("", "caption")
        head.addWidget(self.state)
        column.addLayout(head)
        self.editor = GrowingText()
        self.editor.setAccessibleName(title)
        self.editor.textChanged.connect(self._typed)
        self.editor.left.connect(self.leave)
        column.addWidget(self.editor)
        self.beside = _Beside()
        self.beside.take.connect(self.take)
        self.beside.keep.connect(self.keep)
        column.addWidget(self.beside)
        self.trouble = _Trouble()
        self.trouble.again.connect(self.flush)
        column.addWidget(self.trouble)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.flush)
        self._filling = False

    # --- what the records say

    def begin(self, text: str | None, *, ready: bool = True) -> None:
        """Another order is shown: forget what was here. Not ``ready``: it is still being read."""
        self._pause.stop()
        self.editor.setReadOnly(not ready)
        self._shared, self._saving, self._touched, self._offered = text or "", None, False, None
        self._fill(self._shared)
        self.beside.hide()
        self.trouble.say("")
        self.state.setText("")

    def show_shared(self, text: str | None, writer: Writer | None) -> None:
        """The records say ``text`` now: shown, or put beside what is being typed."""
        fresh = text or ""
        if fresh == self._shared:
            return
        mine = self.text()
        untouched = mine == self._shared and not (self._touched and self.editor.hasFocus())
        self._shared = fresh
        if fresh in (mine, self._saving):
            return
        if untouched:
            self._fill(fresh)
            self.beside.hide()
            return
        self._offered = fresh
        self._pause.stop()  # a pause in typing is no answer to what stands beside
        self.beside.say(writer, fresh)

    def saved(self, text: str | None) -> None:
        """What was to be kept is on the disk; it may have been tidied on its way."""
        tidied, sent = text or "", self._saving
        self._saving = None
        self._shared = tidied
        self.trouble.say("")
        self.state.setText(tr("Saved"))
        if self.text() == sent and not self.editor.hasFocus():
            self._fill(tidied)

    def not_saved(self, words: str) -> None:
        """It could not be kept: it stays here, and a person is told."""
        self._saving = None
        self.state.setText("")
        self.trouble.say(tr("Not saved; what you typed stays here. {why}", why=words))

    # --- what a person does

    def text(self) -> str:
        return self.editor.toPlainText()

    @property
    def dirty(self) -> bool:
        """Whether something typed here is not in the records yet."""
        return self.text().strip() != self._shared.strip() and self.text() != self._saving

    def _typed(self) -> None:
        if self._filling:
            return
        self._touched = True
        self.state.setText("")
        if self._offered is None:
            self._pause.start()

    def leave(self) -> None:
        """The field was left: keep what was typed."""
        self._touched = False
        self.flush()

    def flush(self) -> None:
        """Keep what was typed, now."""
        self._pause.stop()
        if self.dirty:
            self._saving = self.text()
            self.save.emit(self.name, self._saving)

    def take(self) -> None:
        """Take what the other terminal wrote instead of mine."""
        theirs, self._offered = self._offered, None
        self.beside.hide()
        self._touched = False
        if theirs is not None:
            self._fill(theirs)
            self.flush()

    def keep(self) -> None:
        """Keep mine; theirs stays in the list of changes."""
        self._offered = None
        self.beside.hide()
        self.flush()

    def _fill(self, text: str) -> None:
        """Show ``text``; the cursor stays where it was as far as it can."""
        if text == self.text():
            return
        place = self.editor.textCursor().position()
        self._filling = True
        self.editor.setPlainText(text)
        self._filling = False
        cursor = self.editor.textCursor()
        cursor.setPosition(min(place, len(text)), QTextCursor.MoveMode.MoveAnchor)
        self.editor.setTextCursor(cursor)
