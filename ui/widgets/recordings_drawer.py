"""The sessions this terminal has recorded: look at one again, check it, take it along, or delete it."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from core.diagnostics.library import Recorded, RecordingLibrary, RecordingMissing, Usage
from core.diagnostics.playback import Playback
from core.language import tr
from ui import background, theme, words
from ui.context import UiContext
from ui.widgets import toast
from ui.widgets.buttons import Button
from ui.widgets.dialogs import Sheet
from ui.widgets.icons import IconLabel
from ui.widgets.panels import label
from ui.widgets.recordings_deletion import PendingDeletion, pending
from ui.widgets.recordings_export import Export, Exporter
from ui.widgets.recordings_row import RecordingRow, size_words
from ui.widgets.touch import scrolling

SLOW_MS = 500  # after this it is said that something is under way
PAGE = 30  # rows built at a time


class RecordingsDrawer(Sheet):
    """``opened`` carries a ``Playback`` that the listener closes; the drawer then goes away."""

    opened = Signal(object)

    def __init__(self, anchor: QWidget, context: UiContext, exporters: Mapping[str, Exporter] | None = None) -> None:
        super().__init__(anchor, tr("Recordings"), side="right", width=760)
        self._anchor, self._context, self._exporters = anchor, context, exporters
        self._library: RecordingLibrary = context.session.recordings
        self._recordings: tuple[Recorded, ...] = ()
        self.rows: list[RecordingRow] = []
        self._closed = False
        self.closed.connect(self._remember_closed)
        self._build()
        self.load()

    def _build(self) -> None:
        self.summary = label("", "muted")
        self.waiting = _Waiting(tr("Reading the recordings…"))
        self.empty = _Empty()
        content = QWidget()
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(0, 0, theme.space(2), 0)
        self._column.setSpacing(theme.space(2))
        self._column.addStretch(1)
        self._area = scrolling(content)
        self.more = Button(tr("Show older ones"), "chevron-down")
        self.more.clicked.connect(self._build_rows)
        for widget in (self.summary, self.waiting, self.empty):
            self.body.addWidget(widget)
        self.body.addWidget(self._area, 1)
        self.body.addWidget(self.more)
        for part in (self.summary, self.waiting, self.empty, self._area, self.more):
            part.setVisible(False)

    # --- the list

    def load(self) -> None:
        """Read the list on a worker thread."""
        slow = self._when_slow(lambda: self.waiting.setVisible(not self.rows))
        library = self._library

        def read() -> tuple[tuple[Recorded, ...], Usage]:
            return library.list(), library.usage()

        background.run(
            self, read, lambda found: self._loaded(slow, *found), lambda error: self._not_loaded(slow, error)
        )

    def _when_slow(self, then: Callable[[], object]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(then)
        timer.start(SLOW_MS)
        return timer

    def _loaded(self, slow: QTimer, recordings: tuple[Recorded, ...], usage: Usage) -> None:
        slow.stop()
        gone = pending(self.window())
        self._recordings = tuple(each for each in recordings if each.id not in gone)
        for row in self.rows:
            row.hide()
            row.deleteLater()
        self.rows = []
        some = bool(self._recordings)
        self.waiting.hide()
        self.empty.setVisible(not some)
        self._area.setVisible(some)
        self.summary.setVisible(some)
        size, free = size_words(sum(each.size for each in self._recordings)), size_words(usage.free)
        if len(self._recordings) == 1:
            self.summary.setText(tr("1 recording, {size}. {free} free on the disk.", size=size, free=free))
        else:
            n = words.count(len(self._recordings))
            self.summary.setText(tr("{n} recordings, {size}. {free} free on the disk.", n=n, size=size, free=free))
        self._build_rows()

    def _not_loaded(self, slow: QTimer, error: Exception) -> None:
        slow.stop()
        if not isinstance(error, OSError):
            raise error
        self.waiting.hide()
        self.summary.setText(tr("The recordings cannot be read: {why}.", why=error.strerror or str(error)))
        self.summary.show()

    def _build_rows(self) -> None:
        """The next ``PAGE`` rows."""
        begin = len(self.rows)
        for recorded in self._recordings[begin : begin + PAGE]:
            row = RecordingRow(recorded)
            row.open_asked.connect(lambda row=row: self._open(row))
            row.verify_asked.connect(lambda row=row: self._verify(row))
            row.delete_asked.connect(lambda row=row: self._delete(row))
            row.export_asked.connect(lambda kind, row=row: self._export(row, kind))
            self._column.insertWidget(self._column.count() - 1, row)
            self.rows.append(row)
        self.more.setVisible(len(self.rows) < len(self._recordings))
        if self.rows and begin < len(self.rows) and self.isVisible():
            self.rows[begin].open.setFocus(Qt.FocusReason.TabFocusReason)

    def _remember_closed(self) -> None:
        self._closed = True

    # --- what a person does with one

    def _open(self, row: RecordingRow) -> None:
        slow = self._when_slow(lambda: row.show_busy(tr("Opening…")))

        def opened(playback: Playback) -> None:
            if self._closed:
                playback.close()  # a person thought better of it meanwhile
                return
            slow.stop()
            self.opened.emit(playback)
            self.close_sheet()

        def failed(error: Exception) -> None:
            if not self._closed:
                self._failed(slow, row, error)

        library, id = self._library, row.recorded.id
        background.run(self.window(), lambda: library.open(id), opened, failed)

    def _verify(self, row: RecordingRow) -> None:
        row.show_busy(tr("Checking every byte and every value…"))
        slow = self._when_slow(lambda: None)
        library, id = self._library, row.recorded.id
        background.run(self, lambda: library.verify(id), row.show_report, lambda error: self._failed(slow, row, error))

    def _failed(self, slow: QTimer, row: RecordingRow, error: Exception) -> None:
        slow.stop()
        row.show_busy("")
        if isinstance(error, OSError):
            detail = error.strerror or str(error)
        elif isinstance(error, RecordingMissing):
            detail = str(error)
        else:
            raise error
        toast.show(self, tr("The recording cannot be read"), detail=detail, tone="critical")

    def _export(self, row: RecordingRow, kind: str) -> None:
        Export(self._anchor, self._context, row.recorded, kind, how=self._exporters).start()

    def _delete(self, row: RecordingRow) -> None:
        """Take it out of the list now, and off the disk when nobody took it back."""
        PendingDeletion(self, self._library, row.recorded, self._reload)
        at = self.rows.index(row)
        self.load()
        if at:
            self.rows[at - 1].open.setFocus(Qt.FocusReason.OtherFocusReason)

    def _reload(self) -> None:
        """A deletion ended, one way or the other; the drawer may be gone by then."""
        if not self._closed:
            self.load()


class _Waiting(QWidget):
    def __init__(self, text: str) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.addWidget(label(text, "muted"))
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        column.addWidget(bar)


class _Empty(QWidget):
    """Nothing is there yet: how it comes to be."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setSpacing(theme.space(3))
        column.setContentsMargins(0, theme.space(10), 0, 0)
        middle = Qt.AlignmentFlag.AlignHCenter
        column.addWidget(IconLabel("record", 48, "text_muted"), 0, middle)
        column.addWidget(label(tr("No recordings yet"), "heading"), 0, middle)
        what = label(
            tr(
                "Every visit is recorded by itself, from the moment a car answers. Connect an adapter and turn the "
                "ignition on; afterwards you can look at the drive here again, check it and take it along as a file."
            ),
            "muted",
            wrap=True,
        )
        what.setAlignment(middle)
        column.addWidget(what)
        column.addStretch(1)
