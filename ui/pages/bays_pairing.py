"""The pairing code on the screen: huge, with the time and the tries it has left, until somebody joined with it."""

import time
from collections.abc import Callable
from urllib.parse import urlsplit

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from core.language import tr, trn
from core.sync.views import PairingOffer, SyncError, WorkshopLink
from ui import background, theme, words
from ui.pages.bays_row import address_words
from ui.pages.bays_sheets import Trouble
from ui.widgets.buttons import Button
from ui.widgets.dialogs import Sheet
from ui.widgets.icons import IconLabel
from ui.widgets.panels import label

TICK_MS = 250
CODE_PX = 104
LIFE_S = 120  # of a code; only the bar's length depends on it


class CodeFace(QWidget):
    """Eight digits in two groups, as large as the room allows, always equally wide."""

    def __init__(self) -> None:
        super().__init__()
        self._text = ""
        self.setMinimumHeight(theme.scaled(120))

    def show_code(self, code: str) -> None:
        """Show ``code``; "" shows an empty place of the same size."""
        self._text = f"{code[:4]} {code[4:]}".strip()
        self.setAccessibleName(" ".join(code))
        self.update()

    def text(self) -> str:
        return self._text

    def sizeHint(self) -> QSize:
        return QSize(theme.scaled(620), theme.scaled(132))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("surface_sunken"))
        painter.drawRoundedRect(QRectF(self.rect()), theme.radius, theme.radius)
        px = theme.scaled(CODE_PX)
        while px > 40 and self._width(px) > self.width() - 2 * theme.space(5):
            px -= 4
        painter.setFont(theme.font(px, "bold", tabular=True))
        painter.setPen(theme.color("text"))
        painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, self._text)

    def _width(self, px: int) -> float:
        return QFontMetricsF(theme.font(px, "bold", tabular=True)).horizontalAdvance(self._text)


def is_only_here(address: str) -> bool:
    """Whether an address is this machine's own and nobody else's."""
    host = urlsplit(address).hostname or ""
    return host in ("localhost", "::1") or host.startswith("127.")


class PairingSheet(Sheet):
    """Opens pairing, shows the code, and says how it ended. Closing the sheet ends the offer."""

    def __init__(self, anchor: QWidget, link: WorkshopLink, wall: Callable[[], float] = time.time) -> None:
        super().__init__(anchor, tr("Pair a terminal"), width=820)
        self._link, self._wall = link, wall
        self._known = {peer.terminal_id for peer in link.peers()}
        self.offer: PairingOffer | None = None
        self._ended = False
        self._build()
        self._ticks = QTimer(self)
        self._ticks.setInterval(TICK_MS)
        self._ticks.timeout.connect(self.show_now)
        self.closed.connect(self._close_pairing)
        self.ask()

    def _build(self) -> None:
        self.prompt = label("", wrap=True)
        self.body.addWidget(self.prompt)
        self.address = label("", "heading", select=True)
        self.body.addWidget(self.address)
        self.closed_here = Trouble()
        self.body.addWidget(self.closed_here)
        self.code = CodeFace()
        self.body.addWidget(self.code)
        line = QHBoxLayout()
        line.setSpacing(theme.space(4))
        self.left = label("")
        self.left.setFont(theme.font(theme.base, "medium", tabular=True))
        self.tries = label("", "muted")
        line.addWidget(self.left)
        line.addStretch()
        line.addWidget(self.tries)
        self.body.addLayout(line)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, LIFE_S * 1000)
        self.body.addWidget(self.bar)
        self._outcome = QWidget()
        row = QHBoxLayout(self._outcome)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space(4))
        self._shape = IconLabel("ok", 36, "ok")
        row.addWidget(self._shape, 0, Qt.AlignmentFlag.AlignTop)
        said = QVBoxLayout()
        self.headline = label("", "heading", wrap=True)
        self.detail = label("", wrap=True)
        said.addWidget(self.headline)
        said.addWidget(self.detail)
        row.addLayout(said, 1)
        self.body.addWidget(self._outcome)
        self._outcome.hide()
        self.again = Button(tr("New code"), "refresh", role="primary")
        self.again.clicked.connect(lambda _=False: self.ask())
        self.cancel = Button(tr("Cancel"), "close")
        self.cancel.clicked.connect(lambda _=False: self.close_sheet())
        self.footer.addWidget(self.cancel, 1)
        self.footer.addWidget(self.again, 1)
        self.again.hide()

    # --- the offer

    def ask(self) -> None:
        """Open pairing and show its code."""
        self._ended = False
        self._known = {peer.terminal_id for peer in self._link.peers()}
        self.prompt.setText(tr("A code is being made…"))
        self._show_parts(code=True)
        self.code.show_code("")
        background.run(self, self._link.open_pairing, self._opened, self._failed)

    def _opened(self, offer: PairingOffer) -> None:
        self.offer = offer
        self.prompt.setText(
            tr(
                "On the new terminal, open Bays and choose “Join a workshop”. Press this terminal there or type its "
                "address, then type the code:"
            )
        )
        self.address.setText(address_words(offer.address))
        self.closed_here.say(
            tr("Other machines cannot reach this address. Open this terminal to the LAN in the settings first.")
            if is_only_here(offer.address)
            else ""
        )
        self.code.show_code(offer.code)
        self._ticks.start()
        self.show_now()

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, SyncError | OSError):
            raise error
        self._end("critical", "critical", tr("Pairing could not be opened"), str(error), again=True)

    def show_now(self) -> None:
        """Show the time left, or how it ended."""
        if self.offer is None or self._ended:
            return
        joined = next((peer for peer in self._link.peers() if peer.terminal_id not in self._known), None)
        if joined is not None:
            text = tr("It now gets everything the workshop has; that goes on by itself.")
            self._end("connected", "ok", tr("{name} has joined", name=joined.name), text)
            return
        now = self._link.offer()
        left_ms = self.offer.expires_at - round(self._wall() * 1000)
        if now is None or left_ms <= 0:
            self._say_over(left_ms <= 0)
            return
        self.offer = now
        self.left.setText(tr("Valid for {time} more", time=words.stretch((left_ms + 999) / 1000)))
        self.tries.setText(trn("{count} try left", "{count} tries left", now.tries_left))
        self.bar.setValue(max(0, min(LIFE_S * 1000, left_ms)))

    def _say_over(self, expired: bool) -> None:
        if expired:
            headline, detail = tr("The code has expired"), tr("Nobody joined with it. A new one can be made at once.")
        else:
            headline = tr("The code is no longer valid")
            detail = tr("It was tried three times and was wrong each time, or closed elsewhere. Make a new one.")
        self._end("wait", "warning", headline, detail, again=True)

    def _end(self, icon: str, token: str, headline: str, detail: str, *, again: bool = False) -> None:
        self._ended, self.offer = True, None
        self._ticks.stop()
        self._shape.show_icon(icon, token)
        self.headline.setText(headline)
        self.detail.setText(detail)
        self._show_parts(code=False)
        self.again.setVisible(again)
        self.cancel.show_words(tr("Close"), "close")
        self.refit()

    def _show_parts(self, *, code: bool) -> None:
        for part in (self.prompt, self.address, self.code, self.left, self.tries, self.bar):
            part.setVisible(code)
        self.closed_here.hide()
        self._outcome.setVisible(not code)
        if code:
            self.again.hide()
            self.cancel.show_words(tr("Cancel"), "close")

    def _close_pairing(self) -> None:
        self._ticks.stop()
        link, self.offer = self._link, None
        background.run(self.window(), link.close_pairing, lambda _: None, lambda error: None)
