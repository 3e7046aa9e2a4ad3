"""An odometer value nobody would believe, asked about where it is seen: keep it, or throw it away."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from core.language import tr
from core.vehicles.held_readings import HeldReadingView
from ui import sync_words, theme, vehicle_words, vehicles_writing
from ui.pages.vehicles_desk import VehiclesDesk
from ui.widgets.buttons import Button
from ui.widgets.icons import IconLabel
from ui.widgets.panels import label


class HeldBand(QFrame):
    """The value, why it is doubted, and the two answers."""

    def __init__(self, desk: VehiclesDesk, held: HeldReadingView, inset: int = 0) -> None:
        super().__init__()
        self.desk, self.held = desk, held
        self.setObjectName("held")
        self.setStyleSheet(
            f"QFrame#held {{ background: {theme.color('warning_surface').name()};"
            f" margin-right: {inset}px; border: 2px solid {theme.color('warning').name()};"
            f" border-radius: {theme.radius}px; }}"
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.space(4), theme.space(3), theme.space(3) + inset, theme.space(3))
        row.setSpacing(theme.space(3))
        row.addWidget(IconLabel("warning", 28, "warning"), 0, Qt.AlignmentFlag.AlignVCenter)
        said = QVBoxLayout()
        said.setSpacing(0)
        self.words = label(tr("{distance} was not taken over", distance=vehicle_words.distance(held.value)), wrap=True)
        self.words.setFont(theme.font(theme.base, "semibold", tabular=True))
        at = sync_words.moment(held.read_at) if held.read_at is not None else ""
        self.why = label(" · ".join(each for each in (held.words, at) if each), "caption", wrap=True)
        said.addWidget(self.words)
        said.addWidget(self.why)
        row.addLayout(said, 1)
        self.drop = Button(tr("Throw it away"), "trash")
        self.keep = Button(tr("It is right"), "ok")
        self.drop.clicked.connect(lambda _=False: self._decide(keep=False))
        self.keep.clicked.connect(lambda _=False: self._decide(keep=True))
        for button in (self.drop, self.keep):
            button.setEnabled(desk.may("vehicles.change"))
            row.addWidget(button)

    def _decide(self, *, keep: bool) -> None:
        records, actor, row = self.desk.records, self.desk.actor, self.held.id
        self.keep.setEnabled(False)
        self.drop.setEnabled(False)
        shown = vehicle_words.distance(self.held.value)
        said = (
            tr("{distance} is the odometer now.", distance=shown)
            if keep
            else tr("{distance} is thrown away.", distance=shown)
        )
        self.desk.run(lambda: vehicles_writing.decide(records, actor, row, keep=keep), said)
