"""What a job takes: words the shop has, pressed, and words of one's own, typed."""

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from core.language import tr
from core.planning.skills import joined, words_of
from core.workshop.orders import TAKES
from ui import theme
from ui.widgets import icons
from ui.widgets.buttons import Button
from ui.widgets.dialogs import Sheet
from ui.widgets.flow import Flow
from ui.widgets.panels import label
from ui.widgets.touch import scrolling

FEW = 12  # chips that fit without scrolling


class TakesSheet(Sheet):
    """``done(words by comma)``, None for nothing. ``known``: the shop's words; ``now``: those of the order."""

    def __init__(
        self,
        anchor: QWidget,
        title: str,
        known: Iterable[str],
        now: str | None,
        done: Callable[[str | None], object],
        *,
        hint: str,
        none: str,
    ) -> None:
        super().__init__(anchor, title, side="top", width=760)
        self._done = done
        self.body.addWidget(label(hint, "muted", wrap=True))
        self.chips: dict[str, Button] = {}
        chips = QWidget()
        self._flow = Flow(chips)
        chosen = words_of(now)
        shown = words_of(",".join((*known, *chosen)))
        for word in shown:
            self._add(word, word.casefold() in {each.casefold() for each in chosen})
        if len(shown) > FEW:
            content = QWidget()
            column = QVBoxLayout(content)
            column.setContentsMargins(0, 0, 0, 0)
            column.addWidget(chips)
            column.addStretch(1)
            area = scrolling(content)
            area.setMinimumHeight(theme.scaled(260))
            self.body.addWidget(area, 1)
        else:
            self.body.addWidget(chips)
        self.body.addWidget(label(tr("Something else"), "caption"))
        row = QHBoxLayout()
        row.setSpacing(theme.space(2))
        self.field = QLineEdit()
        self.field.setAccessibleName(tr("Something else"))
        self.field.setMaxLength(TAKES)
        self.field.returnPressed.connect(self._entered)
        self.field.textChanged.connect(lambda _: self._show())
        row.addWidget(self.field, 1)
        self.add = Button(tr("Add"), "plus")
        self.add.clicked.connect(lambda _=False: self._take_typed())
        row.addWidget(self.add)
        self.body.addLayout(row)
        self.long = label("", "muted", wrap=True)
        self.body.addWidget(self.long)
        self.none = Button(none, "minus")
        self.none.setEnabled(bool(chosen))
        self.none.clicked.connect(lambda _=False: self._finish(None))
        cancel = Button(tr("Cancel"))
        cancel.clicked.connect(lambda _=False: self.close_sheet())
        self.keep = Button(tr("Keep"), "ok", role="primary")
        self.keep.clicked.connect(lambda _=False: self.submit())
        for each in (self.none, cancel, self.keep):
            self.footer.addWidget(each, 1)
        self._show()

    def open(self, focus: QWidget | None = None) -> None:
        # The keyboard on the screen would cover the words that are there to be pressed.
        super().open(focus or next(iter(self.chips.values()), self.field))

    def _add(self, word: str, on: bool) -> None:
        button = Button(word)
        button.setCheckable(True)
        button.setChecked(on)
        button.toggled.connect(lambda _: self._show())
        self.chips[word.casefold()] = button
        self._flow.addWidget(button)
        self._mark(button)

    def words(self) -> Sequence[str]:
        """What is pressed, and what stands in the field."""
        pressed = (each.accessibleName() for each in self.chips.values() if each.isChecked())
        return (*pressed, *words_of(self.field.text()))

    def _entered(self) -> None:
        """Enter adds what was typed; with nothing typed it keeps what is there."""
        if self.field.text().strip():
            self._take_typed()
        else:
            self.submit()

    def _take_typed(self) -> None:
        for word in words_of(self.field.text()):
            known = self.chips.get(word.casefold())
            if known is not None:
                known.setChecked(True)
            else:
                self._add(word, True)
        self.field.clear()
        self._show()

    def _mark(self, button: Button) -> None:
        """A tick says what a colour alone would not."""
        word = button.accessibleName()
        button.show_words(word, "ok" if button.isChecked() else "plus")
        button.setIcon(icons.icon("ok" if button.isChecked() else "plus", "text"))

    def _show(self) -> None:
        for button in self.chips.values():
            self._mark(button)
        long = len(joined(self.words()) or "") > TAKES
        self.long.setText(tr("This is too long: {limit} characters at most.", limit=TAKES) if long else "")
        self.long.setVisible(long)
        self.keep.setEnabled(not long)
        self.add.setEnabled(bool(self.field.text().strip()))

    def submit(self) -> None:
        """Take what is pressed and typed."""
        if self.keep.isEnabled():
            self._finish(joined(self.words()))

    def _finish(self, words: str | None) -> None:
        self.close_sheet()
        self._done(words)
