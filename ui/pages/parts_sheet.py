"""One part: how many there are, what is done with it, what is known of it, and its ledger."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from core.language import tr
from core.workshop.stock_moves import MoveView
from ui import part_words, parts_reading, sync_words, theme
from ui.money_words import money, pieces
from ui.order_opening import open_order
from ui.pages.parts_desk import PartsDesk
from ui.pages.parts_edit import EditPartSheet
from ui.pages.parts_labels import LabelSheet
from ui.pages.parts_moves import BRING, COUNT, TAKE, ask_move, open_pad
from ui.parts_reading import PartRead
from ui.widgets import alarm_strip, icons
from ui.widgets.buttons import Button, IconButton, ValueButton
from ui.widgets.drawn_text import text
from ui.widgets.icons import IconLabel
from ui.widgets.panels import ElidedLabel, Separator, label

FIGURES_PX, FIGURES_GAP = 78, 8  # a row of figures, and what is between two of them
FIGURE_PX = (34, 28, 24)  # the type of a figure, the largest first
SHOWN = 3  # of those who wait, and of those that bring


class Figures(QWidget):
    """A few numbers, each with what it is: side by side where there is room, else in rows, else smaller.

    A number is never cut: of an amount that ends in dots nobody knows how much it is.
    """

    def __init__(self) -> None:
        super().__init__()
        self._cells: tuple[tuple[str, str, str], ...] = ()
        self._columns, self._px = 1, FIGURE_PX[0]
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(theme.scaled(FIGURES_PX))

    def show_cells(self, *cells: tuple[str, str, str]) -> None:
        """Caption, number, colour token of each."""
        self._cells = cells
        self.setAccessibleName(", ".join(f"{caption} {number}" for caption, number, _ in cells))
        self._arrange()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    @property
    def whole(self) -> bool:
        """Whether every number has the room it takes."""
        return self._fits(self._columns, self._px)

    def _arrange(self) -> None:
        """As few rows as hold every number whole, in the largest type that does."""
        count = max(1, len(self._cells))
        ways = [(columns, px) for columns in (count, (count + 1) // 2, 1) for px in FIGURE_PX]
        self._columns, self._px = next((way for way in ways if self._fits(*way)), (1, FIGURE_PX[-1]))
        self.setFixedHeight(theme.scaled(FIGURES_PX) * -(-count // self._columns))

    def _fits(self, columns: int, px: int) -> bool:
        room = self.width() / columns - FIGURES_GAP
        small, large = QFontMetricsF(_caption()), QFontMetricsF(_figure(px))
        return all(
            max(small.horizontalAdvance(caption), large.horizontalAdvance(number)) <= room
            for caption, number, _ in self._cells
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        width, high = self.width() / self._columns, float(theme.scaled(FIGURES_PX))
        small, large = _caption(), _figure(self._px)
        first = QFontMetricsF(small).height() + 2
        for at, (caption, number, token) in enumerate(self._cells):
            left, top = at % self._columns * width, at // self._columns * high
            text(painter, QRectF(left, top, width - FIGURES_GAP, first), small, "text_muted", caption)
            text(painter, QRectF(left, top + first, width - FIGURES_GAP, high - first), large, token, number)


def _caption() -> QFont:
    return theme.font(theme.scaled(15))


def _figure(px: int) -> QFont:
    return theme.font(theme.scaled(px), "semibold", tabular=True)


class MoveRow(QWidget):
    """One line of the ledger. ``opened(order id)`` when it is about a repair order."""

    opened = Signal(str)

    def __init__(self, move: MoveView, unit: str) -> None:
        super().__init__()
        self._move, self._unit = move, unit
        self.setFixedHeight(theme.scaled(60))
        if move.order_id:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(", ".join(self._words()))

    def _words(self) -> tuple[str, str, str]:
        move = self._move
        what = part_words.move_words(move.reason)
        if move.order_number:
            what = tr("{reason} for {number}", reason=what, number=move.order_number)
        at = sync_words.moment(move.moved_at) if move.moved_at else ""
        who = " · ".join(each for each in (at, move.moved_by_name, move.remark) if each)
        return what, who, part_words.signed(move.quantity)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._move.order_id and self.rect().contains(event.position().toPoint()):
            self.opened.emit(self._move.order_id)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        what, who, quantity = self._words()
        icon, token = part_words.move_shape(self._move.reason)
        high, width = float(self.height()), float(self.width())
        icons.paint(painter, icon, QRectF(2, high / 2 - 12, 24, 24), token)
        right = max(150.0, width * 0.26)
        room = width - right - 48
        half = high / 2
        plain, small = theme.font(theme.scaled(17)), theme.font(theme.scaled(15), tabular=True)
        text(painter, QRectF(40, 4, room, half - 4), plain, "text", what)
        text(painter, QRectF(40, half, room, half - 6), small, "text_muted", who)
        strong = theme.font(theme.scaled(19), "semibold", tabular=True)
        text(painter, QRectF(width - right, 4, right - 4, half - 4), strong, "text", quantity, right=True)
        left = part_words.amount(self._move.balance, self._unit)
        after = tr("then {count}", count=left)
        text(painter, QRectF(width - right, half, right - 4, half - 6), small, "text_muted", after, right=True)
        painter.fillRect(QRectF(0, high - 1, width, 1), theme.color("line"))


class PartSheet(QWidget):
    """``show_part(id)`` brings one; ``read`` reads it again."""

    def __init__(self, desk: PartsDesk) -> None:
        super().__init__()
        self.desk = desk
        self.row = ""
        self.shown: PartRead | None = None
        self._asked = 0
        self._after: str | None = None
        self.moves: list[MoveRow] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, theme.space(3), alarm_strip.room())
        column.setSpacing(theme.space(3))
        column.addLayout(self._head())
        self.figures = Figures()
        column.addWidget(self.figures)
        column.addLayout(self._state())
        column.addLayout(self._deeds())
        self.uses = QVBoxLayout()
        self.uses.setSpacing(0)
        self.use_buttons: list[ValueButton] = []
        column.addLayout(self.uses)
        column.addWidget(Separator())
        self.facts = QGridLayout()
        self.facts.setHorizontalSpacing(theme.space(4))
        self.facts.setVerticalSpacing(theme.space(3))
        column.addLayout(self.facts)
        column.addWidget(Separator())
        column.addWidget(label(tr("What came and went"), "heading"))
        self.ledger = QVBoxLayout()
        self.ledger.setSpacing(0)
        column.addLayout(self.ledger)
        self.none = label(tr("Nothing yet. “Count” or “Bring in” writes the first line."), "muted", wrap=True)
        column.addWidget(self.none)
        self.more = Button(tr("Older"), "chevron-down")
        self.more.clicked.connect(lambda _=False: self._older())
        column.addWidget(self.more)
        column.addStretch(1)

    # --- building

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        names = QVBoxLayout()
        names.setSpacing(0)
        self.name = ElidedLabel("", px=28, weight="semibold")
        self.about = ElidedLabel("", "text_muted")
        names.addWidget(self.name)
        names.addWidget(self.about)
        head.addLayout(names, 1)
        self.edit = IconButton("edit", tr("Change what is known of it"))
        self.edit.clicked.connect(lambda _=False: self.open_edit())
        self.label = IconButton("qr", tr("Label"))
        self.label.clicked.connect(lambda _=False: self.open_label())
        head.addWidget(self.label)
        head.addWidget(self.edit)
        return head

    def _state(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.space(2))
        self.state_icon = IconLabel("ok", 24, "ok")
        self.state = label("", wrap=True)
        self.state.setMinimumHeight(theme.scaled(28))
        row.addWidget(self.state_icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.state, 1)
        return row

    def _deeds(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(theme.space(2))
        self.take = Button(tr("Take out"), "arrow-up")
        self.bring = Button(tr("Bring in"), "arrow-down")
        self.count = Button(tr("Count"), "number")
        self.order = Button(tr("Order"), "plus")
        for button, way in ((self.take, TAKE), (self.bring, BRING), (self.count, COUNT)):
            button.clicked.connect(lambda _=False, way=way: self.ask(way))
        self.order.clicked.connect(lambda _=False: self.open_order())
        for at, button in enumerate((self.take, self.bring, self.count, self.order)):
            grid.addWidget(button, at // 2, at % 2)
        return grid

    # --- showing

    def show_part(self, row: str) -> None:
        """Bring a part to the front."""
        if row != self.row:
            self.row, self.shown = row, None
        self.read()

    def read(self) -> None:
        """Read the part that is in front."""
        if not self.row:
            return
        self._asked += 1
        asked, records, row = self._asked, self.desk.records, self.row
        self.desk.read(lambda: parts_reading.read_part(records, row), lambda found: self._show(asked, found))

    def _show(self, asked: int, found: PartRead) -> None:
        if asked != self._asked:
            return
        grown = len(self.moves) > parts_reading.MOVES and self.shown is not None and self.shown.moves == found.moves
        self.shown, part = found, found.part
        self.name.set_text(part.name or tr("No name"))
        self.about.set_text(" · ".join(each for each in (part.number, part.manufacturer) if each))
        free = "text" if part.free >= 0 else "critical"
        unit = part_words.unit_words(part.unit)
        in_store = tr("In store") if part.unit == "pc" else tr("In store, {unit}", unit=unit)
        cells = [
            (in_store, part.on_hand, "text"),
            (tr("Waited for"), part.reserved, "text"),
            (tr("Free"), part.free, free),
            (tr("On the way"), part.on_order, "text"),
        ]
        self.figures.show_cells(*((name, pieces(size).replace("-", "−"), token) for name, size, token in cells))
        icon, token, words = part_words.stock_state(part)
        self.state_icon.show_icon(icon, token)
        self.state.setText(self._state_words(found, words))
        self._show_uses(found)
        self._show_facts(found)
        self._allow()
        if not grown:
            self._show_moves(found.moves, found.after)

    def _state_words(self, found: PartRead, words: str) -> str:
        part = found.part
        parts = [words or tr("There is enough")]
        if part.planned:
            planned = part_words.amount(part.planned, part.unit)
            parts.append(tr("{count} on an order that was not sent", count=planned))
        if found.wanted:
            parts.append(tr("{count} should be ordered", count=part_words.amount(found.wanted, part.unit)))
        return " · ".join(parts)

    def _show_uses(self, found: PartRead) -> None:
        """Who waits for it and what brings it, each a press away."""
        for old in self.use_buttons:
            old.hide()
            old.deleteLater()
        self.use_buttons = []
        unit = found.part.unit
        for each in found.uses.waiting[:SHOWN]:
            count = part_words.amount(each.quantity, unit)
            words = tr("{number} waits for {count}", number=each.number or "", count=count)
            if each.promised_at is not None:
                words = f"{words} · {tr('Promised: {time}', time=sync_words.moment(each.promised_at))}"
            self._add_use("orders", words, partial(open_order, self.desk.context, each.order_id, "parts"))
        for coming in found.uses.coming[:SHOWN]:
            count = part_words.amount(coming.quantity, unit)
            words = tr("{number} brings {count}", number=coming.number or "", count=count)
            if not coming.sent:
                words = f"{words} · {tr('Not sent')}"
            elif coming.expected_on is not None:
                words = f"{words} · {tr('Expected {day}', day=part_words.day_words(coming.expected_on))}"
            self._add_use("export", words, partial(self.desk.purchase.emit, coming.purchase_id))

    def _add_use(self, icon: str, words: str, press: Callable[[], object]) -> None:
        button = ValueButton(words, icon)
        button.setProperty("role", "plain")
        button.clicked.connect(lambda _=False: press())
        self.uses.addWidget(button)
        self.use_buttons.append(button)

    def _show_facts(self, found: PartRead) -> None:
        part = found.part
        while (item := self.facts.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        least = part_words.amount(part.minimum, part.unit) if part.minimum else ""
        fill = part_words.amount(part.order_up_to, part.unit) if part.order_up_to else ""
        supplier = " · ".join(each for each in (part.supplier_name, part.supplier_number) if each)
        pairs = (
            (tr("Place"), part.location),
            (tr("Barcode"), part.barcode),
            (tr("Minimum"), least),
            (tr("Order up to"), fill),
            (tr("Costs the shop"), money(part.cost, found.currency)),
            (tr("Price without tax"), money(part.price, found.currency)),
            (tr("Supplier"), supplier),
            (tr("Notes"), part.notes),
        )
        for at, (name, value) in enumerate(pairs):
            cell = QWidget()
            column = QVBoxLayout(cell)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(0)
            column.addWidget(label(name, "caption"))
            column.addWidget(label(value or "–", wrap=True, select=bool(value)))
            self.facts.addWidget(cell, at // 2, at % 2, Qt.AlignmentFlag.AlignTop)
        self.facts.setColumnStretch(0, 1)
        self.facts.setColumnStretch(1, 1)

    def _allow(self) -> None:
        for button in (self.take, self.bring, self.count):
            button.setEnabled(self.desk.may("stock.move"))
        self.order.setEnabled(self.desk.may("purchases.change"))
        self.edit.setEnabled(self.desk.may("parts.change"))

    def _show_moves(self, moves: tuple[MoveView, ...], after: str | None) -> None:
        for old in self.moves:
            old.hide()
            old.deleteLater()
        self.moves = []
        self._add_moves(moves, after)

    def _add_moves(self, moves: tuple[MoveView, ...], after: str | None) -> None:
        unit = self.shown.part.unit if self.shown is not None else "pc"
        for move in moves:
            row = MoveRow(move, unit)
            row.opened.connect(lambda order: open_order(self.desk.context, order, "parts"))
            self.ledger.addWidget(row)
            self.moves.append(row)
        self._after = after
        self.none.setVisible(not self.moves)
        self.more.setVisible(after is not None)

    def _older(self) -> None:
        records, row, after, asked = self.desk.records, self.row, self._after, self._asked
        if after is None:
            return

        def add(found: tuple[tuple[MoveView, ...], str | None]) -> None:
            if asked == self._asked:
                self._add_moves(*found)

        self.desk.read(lambda: parts_reading.read_moves(records, row, after), add)

    # --- doing

    def ask(self, way: str) -> None:
        """Take out, bring in, or count."""
        if self.shown is not None:
            ask_move(self.desk, self.shown.part, way)

    def open_order(self) -> None:
        """Ask how many to order, and put them on a purchase order of its supplier."""
        if self.shown is None:
            return
        part, wanted = self.shown.part, self.shown.wanted
        hint = (
            tr("They come on the next order to {supplier}.", supplier=part.supplier_name) if part.supplier_name else ""
        )
        open_pad(
            self.desk.anchor, tr("How many to order?"), wanted or 1000, part.unit, self._order, hint=hint
        )  # fmt: skip

    def _order(self, quantity: int) -> None:
        if self.shown is None or quantity <= 0:
            return
        part, records, actor = self.shown.part, self.desk.records, self.desk.actor
        count = part_words.amount(quantity, part.unit)
        self.desk.run(
            lambda: parts_reading.order_parts(records, actor, {part.id: quantity}),
            lambda made: tr(
                "{count} on purchase order {number}. It is not sent yet.", count=count, number=made[0].number
            ),
        )

    def open_edit(self) -> None:
        if self.shown is not None:
            sheet = EditPartSheet(self.desk, self.shown.part, {}, self._saved)
            sheet.open(sheet.keep)

    def open_label(self) -> None:
        if self.shown is not None:
            LabelSheet(self.desk, self.shown.part).open()

    def _saved(self, _row: str) -> None:
        self.read()
