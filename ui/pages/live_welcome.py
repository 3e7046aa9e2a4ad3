"""What the Live page says before there is anything to show: how a car is connected, and the one button for it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from core.language import mark, tr
from ui import theme
from ui.widgets.buttons import Button
from ui.widgets.icons import IconLabel
from ui.widgets.panels import label

WIDTH = 760  # px
STEPS = (
    mark("Plug the adapter into the car's diagnostic socket. It is usually under the steering wheel."),
    mark("Connect the adapter to this terminal: with its USB cable, or by joining its WiFi network."),
    mark("Switch the ignition on."),
)


class Welcome(QWidget):
    """``connect_asked``, ``recordings_asked``, ``gauges_asked``: a person would rather see the empty gauges."""

    connect_asked = Signal()
    recordings_asked = Signal()
    gauges_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        card = QFrame()
        card.setProperty("surface", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(theme.space(8), theme.space(7), theme.space(8), theme.space(7))
        inside.setSpacing(theme.space(5))
        head = QHBoxLayout()
        head.setSpacing(theme.space(4))
        head.addWidget(IconLabel("plug", 44, "accent"))
        head.addWidget(label(tr("Connect a car"), "title"), 1)
        inside.addLayout(head)
        steps = QGridLayout()
        steps.setHorizontalSpacing(theme.space(4))
        steps.setVerticalSpacing(theme.space(3))
        steps.setColumnStretch(1, 1)
        for row, step in enumerate(STEPS):
            number = label(f"{row + 1}.", "heading")
            steps.addWidget(number, row, 0, Qt.AlignmentFlag.AlignTop)
            steps.addWidget(label(tr(step), wrap=True), row, 1)
        inside.addLayout(steps)
        inside.addWidget(
            label(tr("The gauges then appear by themselves, and the visit is recorded."), "muted", wrap=True)
        )
        self.connect_button = Button(tr("Connect an adapter…"), "plug", "primary")
        self.connect_button.clicked.connect(lambda _=False: self.connect_asked.emit())
        self.recordings = Button(tr("Recordings"), "history")
        self.recordings.clicked.connect(lambda _=False: self.recordings_asked.emit())
        self.gauges = Button(tr("Show gauges"), role="plain")
        self.gauges.clicked.connect(lambda _=False: self.gauges_asked.emit())
        row_of_buttons = QHBoxLayout()
        row_of_buttons.setSpacing(theme.space(3))
        for button in (self.connect_button, self.recordings, self.gauges):
            row_of_buttons.addWidget(button)
        row_of_buttons.addStretch()
        inside.addLayout(row_of_buttons)
        card.setMaximumWidth(max(theme.scaled(WIDTH), inside.sizeHint().width()))
        column = QVBoxLayout(self)
        column.addStretch(2)
        middle = QHBoxLayout()
        middle.addStretch()
        middle.addWidget(card, 100)
        middle.addStretch()
        column.addLayout(middle)
        column.addStretch(3)
        self.hide()
