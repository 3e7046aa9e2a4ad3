"""The one search box: pages, commands and signals, found by typing a few letters, and rows of the workshop.

Rows are looked up off this thread and come a moment later. Enter waits for them, so that a barcode scanner, which types
a code and Enter in one go, opens what bears the code on any screen.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QVBoxLayout, QWidget

from core.language import tr
from ui import theme
from ui.widgets import icons
from ui.widgets.dialogs import Sheet
from ui.widgets.panels import label

MOST = 7
LEAST_LOCAL = 2  # places kept for pages and commands that fit, however many rows are found
LOOK_UP_MS = 60  # after the last key
SHORTEST = 2  # characters to look up


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to find. ``kind`` and ``note`` are shown at its right; ``words`` are further words it is found by."""

    title: str
    kind: str
    icon: str
    run: Callable[[], object]
    words: str = ""
    note: str = ""
    exact: bool = False  # it bears exactly what was typed: a plate, a number, a barcode


Answer = Callable[[Sequence[Finding]], object]
LookUp = Callable[[str, Answer], object]  # what rows a text finds; answers on the window's thread, () when it fails


def rank(query: str, finding: Finding) -> int | None:
    """How well ``finding`` fits; the smaller the better, None when it does not. Every word typed must fit."""
    title = finding.title.casefold()
    parts = title.split()
    score = 0
    for word in query.casefold().split():
        if title.startswith(word):
            continue
        if any(part.startswith(word) for part in parts):
            score += 1
        elif word in title:
            score += 2
        elif word in finding.words.casefold():
            score += 3
        else:
            return None
    return score


def search(query: str, findings: Sequence[Finding], most: int = MOST) -> list[Finding]:
    """The findings that fit, best first; without a query the first ones in their own order."""
    ranked = [(score, at) for at, finding in enumerate(findings) if (score := rank(query, finding)) is not None]
    return [findings[at] for _, at in sorted(ranked)[:most]]


def merged(rows: Sequence[Finding], local: Sequence[Finding], most: int = MOST) -> list[Finding]:
    """What bears exactly what was typed, then pages and commands, a few places kept for each, then all other rows."""
    exact = [each for each in rows if each.exact]
    others = [each for each in rows if not each.exact]
    kept = max(LEAST_LOCAL, most - len(exact) - len(others))
    return [*exact[:most], *local[:kept], *others][:most]


class _Line(QAbstractButton):
    """One finding in the list; the chosen one has a bar and a plate."""

    def __init__(self, finding: Finding) -> None:
        super().__init__()
        self.finding = finding
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(f"{finding.title}, {finding.kind}")
        self.setFixedHeight(theme.target)

    def sizeHint(self) -> QSize:
        return QSize(400, theme.target)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0, 1, 0, -1)
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent_surface"))
            painter.drawRoundedRect(box, 6, 6)
            painter.setBrush(theme.color("accent"))
            painter.drawRoundedRect(QRectF(0, box.top() + 10, 4, box.height() - 20), 2, 2)
        spot = QRectF(18, box.center().y() - 12, 24, 24)
        icons.paint(painter, self.finding.icon, spot, "accent" if self.isChecked() else "text_muted")
        small = theme.font(theme.scaled(15), tabular=True)
        note = " · ".join(part for part in (self.finding.note, self.finding.kind) if part)
        note_width = QFontMetrics(small).horizontalAdvance(note)
        painter.setFont(small)
        painter.setPen(theme.color("text_muted"))
        right = box.right() - 16
        painter.drawText(
            QRectF(right - note_width - 2, box.top(), note_width + 2, box.height()), Qt.AlignmentFlag.AlignVCenter, note
        )
        font = theme.font(theme.base, "semibold" if self.isChecked() else "regular")
        painter.setFont(font)
        painter.setPen(theme.color("text"))
        room = right - note_width - 20 - 58
        title = QFontMetrics(font).elidedText(self.finding.title, Qt.TextElideMode.ElideRight, int(room))
        painter.drawText(QRectF(58, box.top(), room, box.height()), Qt.AlignmentFlag.AlignVCenter, title)


class SearchBox(Sheet):
    """Type, choose with the arrows or a finger, Enter runs it."""

    def __init__(
        self, anchor: QWidget, findings: Sequence[Finding], typed: str = "", look_up: LookUp | None = None
    ) -> None:
        super().__init__(anchor, side="top", width=860)
        self.setAccessibleName(tr("Search"))
        self._findings, self._look_up = findings, look_up
        self._rows: Sequence[Finding] = ()
        self._waiting = False  # for rows of what stands in the field
        self._entered = False  # Enter was pressed meanwhile
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(LOOK_UP_MS)
        self._soon.timeout.connect(self._ask)
        self.lines: list[_Line] = []
        self.field = QLineEdit()
        self.field.setPlaceholderText(
            tr("Search pages, commands and signals")
            if look_up is None
            else tr("Plate, VIN, customer, order, part, page or command")
        )
        self.field.setAccessibleName(tr("Search"))
        self.field.setTextMargins(32, 0, 0, 0)
        lens = icons.IconLabel("search", 24, "text_muted", self.field)
        lens.move(16, (theme.target - 24) // 2)
        self.field.textChanged.connect(self._look)
        self.field.installEventFilter(self)
        self.body.addWidget(self.field)
        self._list = QWidget()
        self._column = QVBoxLayout(self._list)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._list.setFixedHeight(MOST * (theme.target + 2))
        self.body.addWidget(self._list)
        self.field.setText(typed)
        if not typed:
            self._look("")

    def _look(self, query: str) -> None:
        """Show what fits at once, and look up the rows."""
        self._entered = False
        self._waiting = self._look_up is not None and len(query.strip()) >= SHORTEST
        if self._waiting:
            self._soon.start()
        else:
            self._soon.stop()
            self._rows = ()
        self._show(query)

    def _ask(self) -> None:
        query = self.field.text()

        def answer(rows: Sequence[Finding]) -> None:
            if query == self.field.text():
                self._found(query, rows)

        if self._look_up is not None:
            self._look_up(query, answer)

    def _found(self, query: str, rows: Sequence[Finding]) -> None:
        self._waiting, self._rows = False, rows
        self._show(query)
        if self._entered:
            self._enter()

    def _show(self, query: str) -> None:
        at = next((n for n, line in enumerate(self.lines) if line.isChecked()), 0)
        moved = self.lines[at].finding if at else None  # a person has moved on to it: it stays chosen
        while (entry := self._column.takeAt(0)) is not None:
            if (old := entry.widget()) is not None:
                old.hide()
                old.deleteLater()
        self.lines = []
        for finding in merged(self._rows, search(query, self._findings)):
            line = _Line(finding)
            line.clicked.connect(lambda _=False, finding=finding: self._run(finding))
            self._column.addWidget(line)
            self.lines.append(line)
        if self.lines:
            next((line for line in self.lines if line.finding == moved), self.lines[0]).setChecked(True)
        elif self._waiting:
            self._column.addWidget(label(tr("Looking…"), "muted"))
        else:
            self._column.addWidget(label(tr("Nothing is called “{query}”.", query=query), "muted"))
        self._column.addStretch()

    def _enter(self) -> None:
        """Run what is chosen, once it is known what there is to choose from."""
        if self._waiting:
            self._entered = True
            return
        chosen = next((line for line in self.lines if line.isChecked()), None)
        if chosen is not None:
            self._run(chosen.finding)

    def _run(self, finding: Finding) -> None:
        self.close_sheet()
        finding.run()

    def _step(self, by: int) -> None:
        at = next((n for n, line in enumerate(self.lines) if line.isChecked()), None)
        if at is not None:
            self.lines[(at + by) % len(self.lines)].setChecked(True)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key = event.key()
            if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self._step(1 if key == Qt.Key.Key_Down else -1)
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._enter()
                return True
        return super().eventFilter(watched, event)


def opens_search(event: QKeyEvent) -> str:
    """The text with which a key press nobody wanted opens the search, or "" when it does not."""
    held = event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
    text = event.text()
    return text if not held and len(text) == 1 and text.isalnum() else ""
