"""Sheets: questions and details laid over the window itself.

They are children of the window, not windows of their own: in kiosk mode there is then nothing that could be moved
aside, and if one breaks it takes no lock with it.
"""

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from core.language import tr
from ui import theme
from ui.widgets.buttons import IconButton
from ui.widgets.panels import label
from ui.widgets.sheet_body import SheetBody

BOTTOM_INSET = "bottom_inset"  # px at the window's bottom that the on-screen keyboard takes


class Sheet(QWidget):
    """A panel over its window. ``side`` is "center", "top", "left" or "right"; ``width`` is its width in px at most.

    Put widgets into ``body`` and buttons into ``footer``, then call ``open``. Escape, the cross and a tap beside it
    close it, unless ``stubborn``. It destroys itself when it has closed.
    """

    closed = Signal()

    def __init__(
        self, anchor: QWidget, title: str = "", *, side: str = "center", width: int = 640, stubborn: bool = False
    ) -> None:
        super().__init__(anchor.window())
        self._side, self._width, self._stubborn = side, theme.scaled(width), stubborn
        self._before: QWidget | None = None
        self._closing = False
        self.setAccessibleName(title)
        self.panel = QFrame(self)
        self.panel.setProperty("surface", "card")
        outer = self._outer = QVBoxLayout(self.panel)
        outer.setContentsMargins(theme.space(6), theme.space(4), theme.space(4), theme.space(5))
        outer.setSpacing(theme.space(3))
        if title:
            head = QHBoxLayout()
            head.addWidget(label(title, "title"), 1)
            self.cross = IconButton("close", tr("Close"))
            self.cross.clicked.connect(self.close_sheet)
            head.addWidget(self.cross)
            outer.addLayout(head)
            self.cross.setVisible(not stubborn)  # only now: a widget without a parent would be shown as a window
        inner = QVBoxLayout()
        inner.setContentsMargins(0, 0, theme.space(2), 0)
        inner.setSpacing(theme.space(3))
        outer.addLayout(inner, 1)
        room = SheetBody()
        self.body = room.column
        inner.addWidget(room, 1)
        self.footer = QHBoxLayout()
        self.footer.setSpacing(theme.space(3))
        inner.addLayout(self.footer)
        self.hide()

    def open(self, focus: QWidget | None = None) -> None:
        """Lay the sheet over the window and give the keyboard to ``focus``, or to the first button.

        Not to a text field: on a touch terminal the on-screen keyboard would then cover what was to be read.
        """
        window = self.window()
        self._before = window.focusWidget()
        window.installEventFilter(self)
        self._place()
        self.show()
        self.raise_()
        chain = self._focusable()
        target = focus or next((each for each in chain if isinstance(each, QAbstractButton)), next(iter(chain), self))
        target.setFocus(Qt.FocusReason.TabFocusReason)

    def close_sheet(self) -> None:
        """Take the sheet away and give the keyboard back."""
        if self._closing:
            return
        self._closing = True
        self.window().removeEventFilter(self)
        self.hide()
        self._give_focus_back()
        self.closed.emit()
        self.deleteLater()

    def _give_focus_back(self) -> None:
        try:
            if self._before is not None and self._before.isVisible():
                self._before.setFocus(Qt.FocusReason.OtherFocusReason)
        except RuntimeError:
            return  # it was destroyed while the sheet was open

    def _focusable(self) -> list[QWidget]:
        found, each = [], self.nextInFocusChain()
        while each is not None and each is not self:
            takes = bool(each.focusPolicy() & Qt.FocusPolicy.TabFocus) and each.isEnabled()
            if takes and self.panel.isAncestorOf(each) and each.isVisibleTo(self):
                found.append(each)
            each = each.nextInFocusChain()
        cross = getattr(self, "cross", None)
        if cross in found:  # a person wants the content first
            found.remove(cross)
            found.append(cross)
        return found

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Keep Tab inside the sheet."""
        chain = self._focusable()
        if not chain:
            return True
        now = self.window().focusWidget()
        at = chain.index(now) if now in chain else -1 if forward else 0
        chain[(at + (1 if forward else -1)) % len(chain)].setFocus(
            Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        )
        return True

    def _place(self) -> None:
        window = self.window()
        self.setGeometry(window.rect())
        inset = int(window.property(BOTTOM_INSET) or 0)
        room = window.rect().adjusted(0, 0, 0, -inset)
        if self._side in ("left", "right"):
            width = min(self._width, room.width())
            left = room.width() - width if self._side == "right" else 0
            self.panel.setGeometry(QRect(left, 0, width, room.height()))
            return
        margin = theme.space(6)
        width = min(self._width, room.width() - 2 * margin)
        self.panel.setFixedWidth(width)
        self._outer.activate()
        height = min(self._outer.totalHeightForWidth(width), room.height() - 2 * margin)
        top = margin * 3 if self._side == "top" else (room.height() - height) // 2
        self.panel.setGeometry((room.width() - width) // 2, min(top, room.height() - height), width, height)

    def refit(self) -> None:
        """Take the size the content now wants."""
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.DynamicPropertyChange):
            self._place()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self._place()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self._stubborn:
            self.close_sheet()
        event.accept()  # what a sheet does not understand is not for the page beneath it

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        if not self._stubborn and not self.panel.geometry().contains(event.position().toPoint()):
            self.close_sheet()

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), theme.color("scrim", 0.6 if theme.dark() else 0.4))


def sheets(window: QWidget) -> list[Sheet]:
    """The sheets lying over ``window``, topmost last."""
    return [each for each in window.findChildren(Sheet) if each.isVisible()]


def close_all(window: QWidget) -> None:
    """Close every sheet over ``window``."""
    for sheet in reversed(sheets(window)):
        sheet.close_sheet()
