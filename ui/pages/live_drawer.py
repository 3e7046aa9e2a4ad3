"""The drawer at the side of the Live page: choosing a signal and editing a gauge while everything goes on running."""

from collections.abc import Callable, Collection

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from core.language import tr
from ui import theme
from ui.pages.live_picker import SignalPicker
from ui.pages.live_properties import GaugeProperties
from ui.widgets.buttons import IconButton
from ui.widgets.panels import label
from ui.widgets.touch import scrolling

WIDTH = 500  # px


class LiveDrawer(QWidget):
    """Lies over one side of its parent and locks nothing. ``closed`` when it went away."""

    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.properties = GaugeProperties()
        self.picker: SignalPicker | None = None
        self.by_key = False  # whether the keyboard closed it: then one wants to see where the keyboard is now
        self._left = False
        self._back: Callable[[], None] | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.space(5), theme.space(3), theme.space(3), theme.space(3))
        column.setSpacing(theme.space(2))
        head = QHBoxLayout()
        self.back = IconButton("chevron-left", tr("Back"))
        self.back.clicked.connect(self.go_back)
        self.title = label("", "title")
        self.cross = IconButton("close", tr("Close"))
        self.cross.clicked.connect(self.close_drawer)
        head.addWidget(self.back)
        head.addWidget(self.title, 1)
        head.addWidget(self.cross)
        column.addLayout(head)
        self._stack = QStackedWidget()
        self._area = scrolling(self.properties)
        self._stack.addWidget(self._area)
        column.addWidget(self._stack, 1)
        self.hide()

    def show_properties(self, title: str) -> None:
        """Show the properties; fill them before."""
        self._forget_picker()
        self.title.setText(title)
        self.back.hide()
        self._stack.setCurrentWidget(self._area)
        self._come()

    def pick(
        self,
        title: str,
        available: Collection[str],
        shown: Collection[str],
        chosen: Callable[[str], object],
        back: Callable[[], None] | None = None,
    ) -> None:
        """Ask for a signal. ``back`` is what the way back leads to, if there is one."""
        self._forget_picker()
        self.title.setText(title)
        self._back = back
        self.back.setVisible(back is not None)
        self.picker = SignalPicker(available, shown)
        self.picker.chosen.connect(chosen)
        self._stack.addWidget(self.picker)
        self._stack.setCurrentWidget(self.picker)
        self._come()
        self.picker.search.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def editing(self) -> bool:
        """Whether the properties are in sight."""
        return self.isVisible() and self.picker is None

    def go_back(self) -> None:
        """Where one came from, if anywhere."""
        if self._back is not None:
            self._back()

    def close_drawer(self) -> None:
        """Put it away."""
        if self.isHidden():
            return
        self._forget_picker()
        self.hide()
        self.closed.emit()

    def _forget_picker(self) -> None:
        if self.picker is not None:
            self._stack.removeWidget(self.picker)
            self.picker.deleteLater()
            self.picker = None

    def _come(self) -> None:
        self.by_key = False
        self.place()
        self.show()
        self.raise_()

    def stand(self, left: bool) -> None:
        """Stand at the left or right side, where it hides less of what is edited."""
        self._left = left
        self.place()

    def place(self) -> None:
        """Take the side's full height."""
        parent = self.parentWidget()
        if parent is None:
            return
        width = min(theme.scaled(WIDTH), parent.width())
        self.setGeometry(QRect(0 if self._left else parent.width() - width, 0, width, parent.height()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if self.back.isVisible():
                self.go_back()
            else:
                self.by_key = True
                self.close_drawer()
        event.accept()  # nothing typed here is for the gauges beneath

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("surface_raised"))
        edge = self.rect().right() if self._left else 0
        painter.fillRect(QRect(edge, 0, 1, self.height()), theme.color("outline"))
