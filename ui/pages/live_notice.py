"""A line above the gauges while no car answers: what is the matter and the next step. Gone when all is well."""

import time

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from core.language import tr
from core.obd.status import LinkState, LinkStatus
from core.obd.words import explain
from ui import theme
from ui.context import UiContext
from ui.widgets.buttons import Button
from ui.widgets.icons import IconLabel
from ui.widgets.panels import ElidedLabel

# A link that comes back by itself within this time moves nothing on the page; the gauges say at once how old they are.
GRACE_S = 2.5


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
        self.words = ElidedLabel(weight="medium")
        self.step = ElidedLabel("", "text_muted", 16)
        self.button = Button(tr("Connect an adapter…"), "plug", "primary")
        self.button.clicked.connect(self.connect_adapter)
        row.addWidget(self.icon)
        lines = QVBoxLayout()
        lines.setSpacing(0)
        lines.addStretch()
        lines.addWidget(self.words)
        lines.addWidget(self.step)
        lines.addStretch()
        row.addLayout(lines, 1)
        row.addWidget(self.button)
        self._since: float | None = None
        self.hide()

    def show_status(self, status: LinkStatus, *, needless: bool, at_once: bool) -> None:
        """Appear when there is something to do.

        ``needless``: a recording is shown, or how to connect a car is said already; ``at_once``: nothing has been
        measured yet, so that nothing is disturbed.
        """
        if needless or status.state in (LinkState.CONNECTED, LinkState.STALE):
            self._since = None
            self.hide()
            return
        now = time.monotonic()
        self._since = now if self._since is None else self._since
        self.setVisible(at_once or self.isVisible() or now - self._since >= GRACE_S)
        found = explain(status)
        self.words.set_text(found.detail)
        self.step.set_text(found.tries[0] if found.tries else "")
        self.step.setVisible(bool(found.tries))
        words = tr("Connect an adapter…") if not status.address else tr("What to try…")
        if self.button.accessibleName() != words:
            self.button.show_words(words, "plug")

    def connect_adapter(self) -> None:
        """Open the panel in which one is chosen."""
        if self._context.frame is not None:
            self._context.frame.open_connection()
