"""The keys, on one sheet."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QWidget

from core.language import tr
from ui import theme
from ui.widgets.dialogs import Sheet
from ui.widgets.panels import label
from ui.widgets.touch import scrolling


class KeyCaps(QWidget):
    """Keys as they look: "Ctrl+K" is two caps, "+" is one."""

    def __init__(self, keys: str) -> None:
        super().__init__()
        self._caps = [cap or "+" for cap in keys.removesuffix("+").split("+")]
        self.setAccessibleName(keys)

    def _widths(self) -> list[int]:
        metrics = QFontMetrics(theme.font(theme.scaled(15), "medium"))
        return [max(34, metrics.horizontalAdvance(cap) + 20) for cap in self._caps]

    def sizeHint(self) -> QSize:
        return QSize(sum(self._widths()) + 6 * (len(self._caps) - 1) + 2, theme.scaled(36))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(theme.scaled(15), "medium"))
        left = 1.0
        for cap, width in zip(self._caps, self._widths(), strict=True):
            box = QRectF(left, 1, width, theme.scaled(34))
            painter.setBrush(theme.color("surface_sunken"))
            painter.setPen(QPen(theme.color("outline"), 1))
            painter.drawRoundedRect(box, 6, 6)
            painter.setPen(theme.color("text"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, cap)
            left += width + 6


class KeyHelp(Sheet):
    """``groups`` is a list of headings, each with its keys and what they do."""

    def __init__(self, anchor: QWidget, groups: Sequence[tuple[str, Sequence[tuple[str, str]]]]) -> None:
        super().__init__(anchor, tr("Keys"), width=720)
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, theme.space(2), 0)
        grid.setHorizontalSpacing(theme.space(6))
        grid.setVerticalSpacing(theme.space(2))
        grid.setColumnStretch(1, 1)
        row = 0
        for heading, keys in groups:
            if not keys:
                continue
            grid.addWidget(label(heading, "heading"), row, 0, 1, 2)
            row += 1
            for caps, meaning in keys:
                grid.addWidget(KeyCaps(caps), row, 0, Qt.AlignmentFlag.AlignLeft)
                grid.addWidget(label(meaning, wrap=True), row, 1, Qt.AlignmentFlag.AlignVCenter)
                row += 1
            grid.setRowMinimumHeight(row, theme.space(3))
            row += 1
        area = scrolling(holder)
        area.setMinimumHeight(min(holder.sizeHint().height(), anchor.window().height() - 220))
        self.body.addWidget(area)
