"""One line of an estimate: what it is, what it costs, and two large targets for what the customer said."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from core.language import tr
from core.workshop.decisions import APPROVED, ASKED, DECLINED, WAYS
from core.workshop.discounts import is_share
from core.workshop.estimates import CHANGED, STATES, EstimateLine
from core.workshop.line_kinds import KINDS, LABOUR
from core.workshop.totals import net_of
from ui import sync_words, theme
from ui.money_words import hours, money, percent, pieces
from ui.pages.order_line_moving import DOWN, UP, Grip
from ui.widgets.buttons import BY_KEYS
from ui.widgets.icons import IconLabel
from ui.widgets.panels import ElidedLabel, label
from ui.widgets.verdict_button import VerdictButton

KIND_ICONS: Mapping[str, str] = {
    "labour": "wrench",
    "part": "part",
    "sublet": "people",
    "fee": "receipt",
    "discount": "minus",
}
SHAPES: Mapping[str, tuple[str, str]] = {
    APPROVED: ("ok", "ok"),
    DECLINED: ("close", "critical"),
    ASKED: ("help", "info"),
    CHANGED: ("warning", "warning"),
}


def kind_words(kind: str | None) -> str:
    return tr(KINDS[kind]) if kind is not None and kind in KINDS else kind or ""


def decision_words(row: EstimateLine) -> str:
    """ "Approved by Anna Berg, by phone, 14:02"."""
    said = row.decision
    if said is None:
        return tr("Not asked yet")
    word = tr(STATES[row.state]) if row.state in STATES else row.state
    who = tr("{state} by {name}", state=word, name=said.said_by) if said.said_by else word
    way = tr(WAYS[said.way]) if said.way is not None and said.way in WAYS else ""
    at = sync_words.moment(said.decided_at) if said.decided_at is not None else ""
    return " · ".join(part for part in (who, way, at) if part)


class LineRow(QFrame):
    """``opened`` to change it; ``decided(line, decision)`` for a yes or a no; ``stepped(line, where)`` by keys."""

    opened = Signal(str)
    stepped = Signal(str, str)
    decided = Signal(str, str)

    def __init__(self, row: EstimateLine, currency: str) -> None:
        super().__init__()
        self.row = row
        self.setProperty("surface", "card")
        self.setFocusPolicy(BY_KEYS)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, theme.space(2), theme.space(2), theme.space(2))
        self.grip = Grip()
        outer.addWidget(self.grip)
        outer.setSpacing(theme.space(2))
        self._kind = IconLabel("part", 26, "text_muted")
        outer.addWidget(self._kind)
        words = QVBoxLayout()
        words.setSpacing(0)
        self.title = ElidedLabel("", "text", 18, "medium")
        words.addWidget(self.title)
        below = QHBoxLayout()
        below.setSpacing(theme.space(1))
        self._state_icon = IconLabel("ok", 18, "ok")
        below.addWidget(self._state_icon)
        self.state = ElidedLabel("", "text_muted", 15)
        below.addWidget(self.state, 1)
        words.addLayout(below)
        outer.addLayout(words, 1)
        sums = QVBoxLayout()
        sums.setSpacing(0)
        right = Qt.AlignmentFlag.AlignRight
        self.net = label("")
        self.net.setFont(theme.font(theme.scaled(19), "semibold", tabular=True))
        self.each = label("", "caption")
        sums.addWidget(self.net, 0, right)
        sums.addWidget(self.each, 0, right)
        outer.addLayout(sums)
        self.yes = VerdictButton(tr("Yes"), "ok", "ok", 96)
        self.no = VerdictButton(tr("No"), "close", "critical", 96)
        self.yes.clicked.connect(lambda _=False: self.decided.emit(self.row.line.id, APPROVED))
        self.no.clicked.connect(lambda _=False: self.decided.emit(self.row.line.id, DECLINED))
        outer.addWidget(self.yes)
        outer.addWidget(self.no)
        self.show_line(row, currency)

    def show_line(self, row: EstimateLine, currency: str) -> None:
        """Show it as it is now."""
        self.row, line = row, row.line
        self._kind.show_icon(KIND_ICONS.get(line.kind or "", "unknown"), "text_muted")
        self.title.set_text(line.description or kind_words(line.kind))
        icon, token = SHAPES.get(row.state, ("unknown", "text_muted"))
        self._state_icon.show_icon(icon, token)
        parts = (kind_words(line.kind), line.part_number or "", decision_words(row))
        self.state.set_text(" · ".join(part for part in parts if part))
        self.net.setText(money(net_of(line), currency))
        amount = hours(line.quantity) if line.kind == LABOUR else pieces(line.quantity)
        price = money(line.unit_price, currency) if line.unit_price is not None else tr("no price yet")
        comes = tr("{percent} off", percent=percent(line.percent_off)) if is_share(line) else f"{amount} × {price}"
        self.each.setText(" · ".join(part for part in (comes, percent(line.tax_rate)) if part))
        approved = row.state in (APPROVED, CHANGED)
        self.yes.show_chosen(approved)
        self.no.show_chosen(row.state == DECLINED)
        said = self.title.text()
        self.yes.setAccessibleName(tr("Yes to {line}", line=said))
        self.no.setAccessibleName(tr("No to {line}", line=said))
        self.grip.setAccessibleName(tr("Move: {line}", line=said))
        self.setAccessibleName(f"{said}, {self.net.text()}, {self.state.text()}")

    def allow(self, *, change: bool, decide: bool) -> None:
        """What this person may do."""
        self.yes.setEnabled(decide)
        self.no.setEnabled(decide)
        self.grip.setVisible(change)
        self.setEnabled(change or decide)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.rect().contains(event.position().toPoint()):
            self.opened.emit(self.row.line.id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.opened.emit(self.row.line.id)
        elif event.text() in ("+", "y", "j") and self.yes.isEnabled():
            self.decided.emit(self.row.line.id, APPROVED)
        elif event.text() in ("-", "n") and self.no.isEnabled():
            self.decided.emit(self.row.line.id, DECLINED)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if self.grip.isVisibleTo(self):
                self.stepped.emit(self.row.line.id, UP if key == Qt.Key.Key_Up else DOWN)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.focusNextPrevChild(key == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)


class TotalsBar(QWidget):
    """What the estimate comes to, in sight whatever is scrolled: net, tax by rate, gross, and what was approved."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, theme.space(1), theme.space(2), 0)
        row.setSpacing(theme.space(5))
        self._row = row
        self._made: list[QWidget] = []

    def show_cells(self, cells: tuple[tuple[str, str, bool], ...]) -> None:
        """Captions and amounts from left to right; the last is the one that matters. True: from here at the right."""
        for old in self._made:
            old.hide()
            old.deleteLater()
        while self._row.count():
            self._row.takeAt(0)
        self._made = []
        for at, (caption, amount, push) in enumerate(cells):
            if push:
                self._row.addStretch(1)
            last = at == len(cells) - 1
            cell = QWidget()
            column = QVBoxLayout(cell)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(0)
            align = Qt.AlignmentFlag.AlignRight if last else Qt.AlignmentFlag.AlignLeft
            words = label(caption, "caption")
            number = label(amount)
            number.setFont(theme.font(theme.scaled(26 if last else 18), "semibold" if last else "medium", tabular=True))
            column.addStretch(1)
            column.addWidget(words, 0, align)
            column.addWidget(number, 0, align)
            self._row.addWidget(cell, 0, Qt.AlignmentFlag.AlignBottom)
            self._made.append(cell)
