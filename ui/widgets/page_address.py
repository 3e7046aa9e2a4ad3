"""Where the terminal's page is: its address as words and as a code for a phone's camera."""

from collections.abc import Callable

import qrcode
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from core.language import tr
from ui import theme
from ui.context import UiContext
from ui.widgets.buttons import Button
from ui.widgets.dialogs import Sheet
from ui.widgets.panels import label

QUIET_ZONE = 4  # modules, ISO/IEC 18004 clause 6.3.8


class Code(QWidget):
    """A QR code, dark on light in both themes: some phones do not read it inverted."""

    def __init__(self, text: str, px: int = 280) -> None:
        super().__init__()
        made = qrcode.QRCode(border=QUIET_ZONE)
        made.add_data(text)
        made.make(fit=True)
        self._modules: list[list[bool]] = made.get_matrix()
        self.setFixedSize(QSize(px, px))
        self.setAccessibleName(text)

    def paintEvent(self, event: QPaintEvent) -> None:
        paper = theme.read("day").colors
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(paper["surface_raised"]))
        painter.drawRoundedRect(QRectF(self.rect()), theme.radius, theme.radius)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        step = self.width() // len(self._modules)
        offset = (self.width() - step * len(self._modules)) // 2
        for y, row in enumerate(self._modules):
            for x, dark in enumerate(row):
                if dark:
                    painter.fillRect(offset + x * step, offset + y * step, step, step, QColor(paper["text"]))


class PageAddressSheet(Sheet):
    """How to open this terminal on a phone, or why that is not possible now. ``to_settings`` leads to the switch."""

    def __init__(self, anchor: QWidget, context: UiContext, to_settings: Callable[[], object]) -> None:
        super().__init__(anchor, tr("Open on a phone"), width=760)
        self._workshop = context.membership is not None
        addresses = context.page_addresses()
        if not addresses:
            self.body.addWidget(label(tr("The page is off: its server could not be started."), wrap=True))
        elif context.preferences.lan:
            self._offer(addresses)
        else:
            self.body.addWidget(label(tr("Only this terminal can open the page now."), wrap=True))
            self.body.addWidget(label(addresses[0], "heading", select=True))
            self.body.addWidget(
                label(tr("Open it in the settings; then a code for phones appears here."), "muted", wrap=True)
            )
        if not context.preferences.lan or not addresses:
            self.settings = Button(tr("To the settings"), "settings", role="primary")
            self.settings.clicked.connect(self.close_sheet)
            self.settings.clicked.connect(lambda _=False: to_settings())
            self.footer.addWidget(self.settings)

    def _offer(self, addresses: tuple[str, ...]) -> None:
        row = QHBoxLayout()
        row.setSpacing(theme.space(8))
        row.addWidget(Code(addresses[0]), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(theme.space(3))
        words.addWidget(label(tr("Point the phone's camera at the code, or type the address:"), wrap=True))
        for address in addresses:
            words.addWidget(label(address, "heading", wrap=True, select=True))
        words.addWidget(label(tr("The phone must be in the same network as this terminal."), "muted", wrap=True))
        words.addWidget(label(_who_gets_in(workshop=self._workshop), "muted", wrap=True))
        words.addStretch()
        row.addLayout(words, 1)
        self.body.addLayout(row)


def _who_gets_in(*, workshop: bool) -> str:
    if workshop:
        return tr("It asks for a token once: an owner or a manager makes one with “bayline token --role device”.")
    return tr("Everyone in this network can see the live values of the car. Nobody can change anything.")
