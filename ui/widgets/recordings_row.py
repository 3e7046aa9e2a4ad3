"""One recording in the list: which vehicle, when, how long, how large, and what can be done with it."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QProgressBar, QVBoxLayout, QWidget

from core.diagnostics.library import Recorded
from core.diagnostics.verification import Report
from core.language import tr, trn
from core.obd.signals import SIGNALS
from ui import theme, words
from ui.widgets import icons
from ui.widgets.buttons import Button, IconButton
from ui.widgets.icons import IconLabel
from ui.widgets.panels import ElidedLabel, label
from ui.widgets.recordings_export import fill_menu

NAMED = 4  # signals said by name


class RecordingRow(QFrame):
    """``open_asked``, ``verify_asked``, ``delete_asked``; ``export_asked`` carries the kind of file."""

    open_asked = Signal()
    verify_asked = Signal()
    delete_asked = Signal()
    export_asked = Signal(str)

    def __init__(self, recorded: Recorded, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.recorded = recorded
        self.setProperty("surface", "card")
        self.setAccessibleName(f"{recorded.vehicle}, {when(recorded)}, {facts(recorded)}")
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.space(4), theme.space(3), theme.space(3), theme.space(3))
        row.setSpacing(theme.space(3))
        icon, token = ("record", "critical") if recorded.running else ("car", "text_muted")
        row.addWidget(IconLabel(icon, 30, token), 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(ElidedLabel(recorded.vehicle, weight="semibold"))
        vin = recorded.vin if recorded.vin != recorded.vehicle else ""
        column.addWidget(ElidedLabel("  ·  ".join(part for part in (when(recorded), vin) if part)))
        self.facts = ElidedLabel(facts(recorded), "text_muted", 16).set_tabular()
        column.addWidget(self.facts)
        if recorded.signals or not recorded.running:  # of one being made the list is only known part by part
            column.addWidget(ElidedLabel(signal_words(recorded.signals), "text_muted", 15))
        self.result = label("", wrap=True)
        self.result.hide()
        self.busy = QProgressBar()
        self.busy.setRange(0, 0)
        self.busy.setTextVisible(False)
        self.busy.hide()
        column.addWidget(self.result)
        column.addWidget(self.busy)
        row.addLayout(column, 1)
        self.open = Button(tr("Open it"), "play")
        self.open.setAccessibleName(
            tr("Open the recording of {vehicle}, {when}", vehicle=recorded.vehicle, when=when(recorded))
        )
        self.open.clicked.connect(self.open_asked)
        self.more = IconButton("more", tr("More"))
        self.more.clicked.connect(self.open_menu)
        row.addWidget(self.open, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.more, 0, Qt.AlignmentFlag.AlignVCenter)

    def menu(self) -> QMenu:
        """What can be done with the recording besides opening it."""
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.addAction(icons.icon("ok"), tr("Verify"), self.verify_asked.emit)
        fill_menu(menu, self.recorded.frames, self.export_asked.emit)
        menu.addSeparator()
        delete = menu.addAction(icons.icon("trash"), tr("Delete"), self.delete_asked.emit)
        delete.setEnabled(not self.recorded.running)
        return menu

    def open_menu(self) -> None:
        """Open the menu at its button."""
        menu = self.menu()
        menu.popup(self.more.mapToGlobal(QPoint(self.more.width() - menu.sizeHint().width(), self.more.height())))

    def show_busy(self, text: str) -> None:
        """Say what is being done with it; an empty text when it is done."""
        self.busy.setVisible(bool(text))
        self.result.setVisible(bool(text))
        self.result.setText(text)
        self.open.setEnabled(not text)
        self.more.setEnabled(not text)

    def show_report(self, report: Report) -> None:
        """Say what a check found."""
        self.show_busy("")
        self.result.setText(report_words(report))
        self.result.show()


def when(recorded: Recorded) -> str:
    """``Mon 21 Sep, 14:02``."""
    epoch = recorded.started.timestamp()
    return f"{words.day(epoch)}, {words.time_of_day(epoch)}"


def facts(recorded: Recorded) -> str:
    """Length, size and number of signals."""
    found = [words.stretch(recorded.duration), size_words(recorded.size)]
    if recorded.running:
        found.insert(0, tr("being recorded"))
    if recorded.frames:
        found.append(trn("{n} CAN frame", "{n} CAN frames", recorded.frames, n=words.count(recorded.frames)))
    return "  ·  ".join(found)


def signal_words(names: tuple[str, ...]) -> str:
    """The first signals by name, and how many more there are."""
    titles = [tr(SIGNALS[name].title) if name in SIGNALS else name for name in names[:NAMED]]
    if len(names) > NAMED:
        titles.append(tr("{n} more", n=len(names) - NAMED))
    return ", ".join(titles) if titles else tr("No signals")


def size_words(size: float) -> str:
    """Bytes as a person reads them: ``812 kB``, ``41.3 MB``, ``2.1 GB`` (powers of a thousand, as on a disk's box)."""
    for unit, power in (("GB", 1e9), ("MB", 1e6)):
        if size >= power:
            return f"{words.number(size / power, 1)} {unit}"
    return f"{words.number(max(1, round(size / 1e3)) if size else 0)} kB"


def report_words(report: Report) -> str:
    """What a check found, in words."""
    if report.ok:
        return "✓ " + tr(
            "As recorded: {replies} replies and {values} values checked.",
            replies=words.count(report.replies),
            values=words.count(report.values),
        )
    found = list(report.problems)
    if report.different:
        found.append(
            tr("{n} of {values} values differ.", n=words.count(report.different), values=words.count(report.values))
        )
    return "⚠ " + tr("Not as recorded: {what}", what=" ".join(found))
