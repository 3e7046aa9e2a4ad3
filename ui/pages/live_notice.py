"""A line above the gauges while no car answers: what is the matter and the next step. Gone when all is well."""

from PySide6.QtWidgets import QFrame, QHBoxLayout

from core.language import tr
from core.obd.status import LinkState, LinkStatus
from core.obd.words import explain
from ui import theme
from ui.context import UiContext
from ui.widgets.buttons import Button
from ui.widgets.icons import IconLabel
from ui.widgets.panels import ElidedLabel


class ConnectNotice(QFrame):
    """Tell it the link's status with ``show_status``."""

    def __init__(self, context: UiContext) -> None:
        super().__init__()
        self._context = context
        self.setProperty("surface", "card")
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.space(4), theme.space(1), theme.space(1), theme.space(1))
        row.setSpacing(theme.space(3))
        self.icon = IconLabel("plug-off", 26, "text_muted")
        self.words = ElidedLabel()
        self.button = Button(tr("Connect an adapter…"), "plug", "primary")
        self.button.clicked.connect(self._connect)
        row.addWidget(self.icon)
        row.addWidget(self.words, 1)
        row.addWidget(self.button)
        self.hide()

    def show_status(self, status: LinkStatus, playing: bool) -> None:
        """Appear when there is something to do; ``playing``: a recording is shown, which needs no adapter."""
        well = playing or status.state in (LinkState.CONNECTED, LinkState.STALE)
        self.setVisible(not well)
        if well:
            return
        found = explain(status)
        self.words.set_text(" ".join(part for part in (found.detail, *found.tries[:1]) if part))
        words = tr("Connect an adapter…") if not status.address else tr("What to try…")
        if self.button.accessibleName() != words:
            self.button.show_words(words, "plug")

    def _connect(self) -> None:
        if self._context.frame is not None:
            self._context.frame.open_connection()
