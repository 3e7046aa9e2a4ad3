"""Above the trends: how long a stretch of time is shown, measuring, fitting, adding."""

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from core.language import tr
from ui import theme
from ui.widgets.buttons import Button, Segmented
from ui.widgets.trend_window import LENGTHS, TrendWindow, length_words


class TrendToolbar(QWidget):
    """``add_asked``, ``fit_asked``; ``length_chosen`` after a person chose a length (it is set already)."""

    add_asked = Signal()
    fit_asked = Signal()
    length_chosen = Signal()

    def __init__(self, window: TrendWindow) -> None:
        super().__init__()
        self._window = window
        self.setMinimumWidth(theme.scaled(420))  # else its layout would ask for all the words there are
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space(2))
        options: dict[object, str] = {length: tr(words) for length, words in LENGTHS.items()}
        self.lengths = Segmented(options, window.length, tr("Time shown"))
        self.lengths.chosen.connect(self._choose)
        self.box = QComboBox()
        self.box.setAccessibleName(tr("Time shown"))
        for length, words in LENGTHS.items():
            self.box.addItem(tr(words), length)
        self.box.activated.connect(lambda n: self._choose(self.box.itemData(n)))
        self.box.hide()
        self.measure = Button(tr("Measure"), "cursor")
        self.measure.setCheckable(True)
        self.measure.setToolTip(tr("Two cursors, A and B, and the differences between them"))
        self.measure.clicked.connect(window.measure)
        self.fit = Button(tr("Fit"))
        self.fit.setToolTip(tr("Fit every scale to what is in sight (double tap, or F)"))
        self.fit.clicked.connect(self.fit_asked)
        self.add = Button(tr("Add trend"), "plus")
        self.add.clicked.connect(self.add_asked)
        row.addWidget(self.lengths)
        row.addWidget(self.box)
        row.addStretch(1)
        for button in (self.measure, self.fit, self.add):
            row.addWidget(button)
        window.changed.connect(self._follow)
        window.cursors_changed.connect(self._follow)
        self._follow()

    def set_usable(self, some: bool) -> None:
        """Whether there are trends to measure and fit."""
        for widget in (self.lengths, self.box, self.measure, self.fit):
            widget.setEnabled(some)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fold()

    def fold(self) -> None:
        """Fold the lengths into one box where there is little room."""
        gap = theme.space(2)
        buttons = sum(button.sizeHint().width() + gap for button in (self.measure, self.fit, self.add))
        narrow = self.width() < self.lengths.sizeHint().width() + buttons + gap
        self.lengths.setVisible(not narrow)
        self.box.setVisible(narrow)

    def _choose(self, length: object) -> None:
        assert length is None or isinstance(length, float)
        self._window.set_length(length)
        self.length_chosen.emit()

    def _follow(self) -> None:
        self.measure.setChecked(self._window.cursors.a is not None or self._window.cursors.b is not None)
        self.lengths.set_value(self._window.length)
        with QSignalBlocker(self.box):
            at = self.box.findData(self._window.length)
            self.box.setCurrentIndex(at)
            self.box.setPlaceholderText(length_words(self._window.length))
