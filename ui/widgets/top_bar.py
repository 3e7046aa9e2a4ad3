"""The bar on top: this terminal, its adapter, page and recording, the alarms and the time, each in words."""

import time
from collections.abc import Mapping
from urllib.parse import urlsplit

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from core.language import tr
from core.obd.status import LinkState, LinkStatus, Trouble
from core.obd.words import headline
from ui import sync_words, theme, words
from ui.context import UiContext
from ui.widgets import toast
from ui.widgets.panels import ElidedLabel
from ui.widgets.sign_in_chip import PersonChip
from ui.widgets.status_chip import StatusChip

LINK_SHAPES: Mapping[LinkState, tuple[str, str]] = {
    LinkState.NO_ADAPTER: ("plug-off", "warning"),
    LinkState.ADAPTER_ONLY: ("plug", "warning"),
    LinkState.BUS_ASLEEP: ("asleep", "info"),
    LinkState.CONNECTED: ("connected", "ok"),
    LinkState.STALE: ("stale", "warning"),
}


_YIELDING = (272, 296)  # px of adapter and other bays
_PAGE = (240, 56)  # px of the page with its address, and as an icon alone
_NAME = (120, 236)  # px a terminal's name has at least and at most
_NAME_SHARE = 0.42  # of the room that is left, where words are large and the window small


def link_shape(status: LinkStatus) -> tuple[str, str]:
    """Icon and colour token of the link's state. That nobody chose an adapter yet is no fault."""
    icon, token = LINK_SHAPES[status.state]
    return icon, "info" if status.trouble in (Trouble.NO_ADDRESS, Trouble.OPENING) else token


def link_caption(status: LinkStatus) -> str:
    """The small line over the state: what the link achieves, or when it tries again."""
    if status.state is LinkState.CONNECTED:
        return tr("Adapter · {rate} values/s", rate=words.number(status.values_per_second))
    if status.retry_in is not None:
        return tr("Adapter · next try in {seconds} s", seconds=max(0, round(status.retry_in)))
    return tr("Adapter")


class TopBar(QWidget):
    """The chips, left to right. ``show_now`` brings them up to date."""

    adapter = Signal()
    bays = Signal()
    page = Signal()
    alarms = Signal()
    people = Signal()

    def __init__(self, context: UiContext) -> None:
        super().__init__()
        self._context = context
        self.setFixedHeight(theme.scaled(72) + 1)
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(theme.space(5), 0, theme.space(3), 1)
        row.setSpacing(theme.space(1))
        self.name = QWidget()
        words = QVBoxLayout(self.name)
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(0)
        words.addStretch()
        if context.demo:
            words.addWidget(ElidedLabel(tr("Demo, simulated car"), "text_muted", 14))
        words.addWidget(ElidedLabel(context.terminal_name, px=22, weight="semibold"))
        words.addStretch()
        row.addWidget(self.name)
        self.link = StatusChip(tr("Adapter"), _YIELDING[0])
        self.link.clicked.connect(lambda _=False: self.adapter.emit())
        self.sync = StatusChip(tr("Other bays"), _YIELDING[1])
        self.sync.clicked.connect(lambda _=False: self.bays.emit())
        self.server = StatusChip(tr("Page"), _PAGE[0])
        self.server.clicked.connect(lambda _=False: self.page.emit())
        self.recording = StatusChip(tr("Recording"), 146, pressable=False)
        self.bell = StatusChip(tr("Alarms"), 130)
        self.bell.clicked.connect(lambda _=False: self.alarms.emit())
        self.clock = StatusChip(tr("Time"), 100, pressable=False)
        self.person = PersonChip(context.people)
        self.person.clicked.connect(lambda _=False: self.people.emit())
        row.addWidget(self.link)
        row.addWidget(self.sync)
        row.addWidget(self.server)
        row.addStretch()
        for chip in (self.recording, self.bell, self.person, self.clock):
            row.addWidget(chip)
        self.toasts = QWidget(self)  # only a place: what it covers for a moment is what one can do without
        self.toasts.setObjectName(toast.PLACE)
        self.toasts.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is no room the page's address gives way first, then what is said of adapter and other bays.

        The terminal's name stands whole: with five of them in a shop it is what one looks for. For one window nothing
        ever moves.
        """
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        kept = sum(chip.width() for chip in (self.recording, self.bell, self.person, self.clock))
        margins = self._row.contentsMargins()
        room = self.width() - margins.left() - margins.right() - 8 * self._row.spacing() - kept
        wanted = [theme.scaled(width) for width in _YIELDING]
        least, most = map(theme.scaled, _NAME)
        name = min(max(least, self.name.sizeHint().width()), most)
        page = theme.scaled(_PAGE[0])
        if room - name - sum(wanted) < page:
            page = _PAGE[1]
        self.server.setFixedWidth(page)
        name = min(name, int((room - page) * _NAME_SHARE))
        self.name.setFixedWidth(name)
        rest = room - page - name
        link = min(wanted[0], max(rest // 2, rest - wanted[1]))
        self.link.setFixedWidth(link)
        self.sync.setFixedWidth(min(wanted[1], rest - link))
        left = margins.left() + self.name.width() + self._row.spacing()
        right = self.width() - margins.right() - kept + self.recording.width() - 3 * self._row.spacing()
        self.toasts.setGeometry(left, 0, max(0, right - left), self.height() - 1)

    def show_now(self, status: LinkStatus, alarms: tuple[int, str]) -> None:
        """Show the moment. ``alarms`` is their number and the worst severity among those on, or ""."""
        said = headline(status)
        self.link.show_state(*link_shape(status), said, link_caption(status), said.partition(",")[0],
                             short_caption=tr("Adapter"))  # fmt: skip
        self._show_sync()
        self._show_server()
        self._show_recording()
        self._show_bell(*alarms)
        self.person.show_now()
        moment = time.time()
        self.clock.show_state("", "text", words.time_of_day(moment), words.day(moment))

    def _show_sync(self) -> None:
        link = self._context.link
        closed = self._context.records_closed
        said = sync_words.no_records() if closed else sync_words.summary_words(link.summary() if link else None)
        self.sync.show_state(said.icon, said.token, said.words, said.caption, said.short)

    def _show_server(self) -> None:
        addresses = self._context.page_addresses()
        if not addresses:
            self.server.show_state("network-off", "text_muted", tr("Off"), tr("Page for phones"))
            return
        place = urlsplit(addresses[0]).netloc
        caption = tr("Page, open to the LAN") if self._context.preferences.lan else tr("Page, here only")
        self.server.show_state("phone", "text_muted", place, caption)

    def _show_recording(self) -> None:
        recorder = self._context.session.recorder
        length = words.stretch(self._context.session.now() - recorder.began)
        if recorder.trouble is not None:
            self.recording.show_state("warning", "warning", tr("Disk refuses"), tr("Recording"))
        elif recorder.recording:
            self.recording.show_state("record", "accent", length, tr("Recording"))
        else:
            self.recording.show_state("record", "stale", tr("Off"), tr("Recording"))

    def _show_bell(self, count: int, worst: str) -> None:
        if count == 0:
            self.bell.show_state("bell", "text_muted", tr("None"), tr("Alarms"))
            return
        text = tr("1 alarm") if count == 1 else tr("{count} alarms", count=count)
        severity = {"critical": tr("Critical"), "warning": tr("Warning")}.get(worst, tr("Over"))
        self.bell.show_state(worst or "bell", worst or "text_muted", text, severity)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("surface_raised"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.color("line"))
