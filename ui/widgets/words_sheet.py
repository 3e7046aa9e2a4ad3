"""Asking for a few words: a key tag, a reason, a remark."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QLineEdit, QWidget

from core.language import tr
from ui.widgets.buttons import Button
from ui.widgets.dialogs import Sheet
from ui.widgets.flow import Flow
from ui.widgets.panels import label


class WordsSheet(Sheet):
    """``done(text)``, "" when it was emptied. ``ready``: words that can be pressed instead of typed."""

    def __init__(
        self,
        anchor: QWidget,
        title: str,
        text: str,
        done: Callable[[str], object],
        *,
        hint: str = "",
        keep: str = "",
        longest: int = 500,
        ready: Sequence[str] = (),
        needed: bool = False,
    ) -> None:
        super().__init__(anchor, title, side="top", width=720)
        self._done, self._needed = done, needed
        if hint:
            self.body.addWidget(label(hint, "muted", wrap=True))
        self.field = QLineEdit(text)
        self.field.setAccessibleName(title)
        self.field.setMaxLength(longest)
        self.field.returnPressed.connect(self.submit)
        self.field.textChanged.connect(lambda _: self._show())
        self.body.addWidget(self.field)
        if ready:
            host = QWidget()
            flow = Flow(host)
            for each in ready:
                button = Button(each)
                button.clicked.connect(lambda _=False, each=each: self._take(each))
                flow.addWidget(button)
            self.body.addWidget(host)
        cancel = Button(tr("Cancel"))
        cancel.clicked.connect(lambda _=False: self.close_sheet())
        self.keep = Button(keep or tr("Keep"), "ok", role="primary")
        self.keep.clicked.connect(lambda _=False: self.submit())
        self.footer.addWidget(cancel, 1)
        self.footer.addWidget(self.keep, 1)
        self._show()

    def open(self, focus: QWidget | None = None) -> None:
        super().open(focus or self.field)
        self.field.selectAll()

    def _take(self, text: str) -> None:
        self.field.setText(text)
        self.submit()

    def _show(self) -> None:
        self.keep.setEnabled(bool(self.field.text().strip()) or not self._needed)

    def submit(self) -> None:
        """Take what stands there."""
        text = self.field.text().strip()
        if text or not self._needed:
            self.close_sheet()
            self._done(text)
