"""The foot of an estimate: totals in sight whatever is scrolled, but before the field gets lower they make room."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui import theme
from ui.widgets import alarm_strip
from ui.widgets.alarm_strip import AlarmStrip

_LOW = 320  # px of the pane; the keyboard on the screen leaves less


class EstimateFoot(QWidget):
    """``add`` is what is typed into, ``totals`` what stands below it while there is room."""

    def __init__(self, add: QWidget, totals: QWidget) -> None:
        super().__init__()
        self._totals = totals
        self._strip: AlarmStrip | None = None
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.space(2), theme.space(3), alarm_strip.room())
        column.setSpacing(theme.space(1))
        column.addWidget(add)
        column.addWidget(totals)

    def showEvent(self, event: QShowEvent) -> None:
        """Look from now on at what takes room: the pane it stands in and the strip that lies over its end."""
        super().showEvent(event)
        pane = self.parentWidget()
        if pane is not None and self._strip is None and (strip := self.window().findChild(AlarmStrip)) is not None:
            self._strip = strip
            strip.installEventFilter(self)
            pane.installEventFilter(self)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide):
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        pane = self.parentWidget()
        low = pane is not None and pane.height() < theme.scaled(_LOW)
        covered = self._strip is None or self._strip.isVisible()
        self._totals.setVisible(not low)
        below = alarm_strip.room() if covered or not low else theme.space(2)
        self._column.setContentsMargins(0, theme.space(2), theme.space(3), below)
