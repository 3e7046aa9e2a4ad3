"""One purchase order: sent, received line by line or all at once, ended, and each of it taken back again."""

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from core.language import tr
from core.workshop.parts import PartView
from core.workshop.purchase_lines import PurchaseLineView, Received
from core.workshop.purchase_states import PurchaseStatus
from ui import part_words, parts_reading, theme
from ui.money_words import money, pieces
from ui.order_opening import open_order
from ui.orders_reading import Option
from ui.pages.orders_picker import PickerSheet
from ui.pages.parts_day import DaySheet
from ui.pages.parts_desk import PartsDesk
from ui.pages.parts_moves import open_pad
from ui.parts_reading import PurchaseRead
from ui.widgets import alarm_strip, icons
from ui.widgets.amount_sheet import Verdict
from ui.widgets.buttons import BY_KEYS, Button, IconButton, ValueButton
from ui.widgets.drawn_text import text
from ui.widgets.icons import IconLabel
from ui.widgets.panels import ElidedLabel, label

_SENT = (PurchaseStatus.ORDERED, PurchaseStatus.PART_RECEIVED)


class LineRow(QAbstractButton):
    """A line: what it is, for which repair order, and how many of it are here. Pressed, it is received or changed."""

    def __init__(self, line: PurchaseLineView, currency: str | None, verb: str) -> None:
        super().__init__()
        self.line, self._currency, self._verb = line, currency, verb
        self.setFocusPolicy(BY_KEYS)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        count = tr("{here} of {all}", here=part_words.amount(line.received, line.unit),
                   all=part_words.amount(line.quantity, line.unit))  # fmt: skip
        self.setAccessibleName(f"{line.description}, {count}")

    def sizeHint(self) -> QSize:
        return QSize(300, theme.scaled(74))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line, box = self.line, QRectF(self.rect())
        if self.isDown():
            painter.fillRect(box, theme.color("surface_pressed"))
        painter.fillRect(QRectF(0, box.bottom() - 1, box.width(), 1), theme.color("line"))
        icon, token = self._shape()
        icons.paint(painter, icon, QRectF(4, box.center().y() - 13, 26, 26), token)
        right = max(200.0, box.width() * 0.3)
        verb = 128.0 if self._verb else 0.0
        room = box.width() - right - verb - 56
        half = box.height() / 2
        text(painter, QRectF(44, 8, room, half - 8), theme.font(theme.scaled(18), "medium"), "text",
             line.description or tr("No name"))  # fmt: skip
        waits = tr("for {number}", number=line.order_number) if line.order_number else ""
        about = " · ".join(each for each in (line.part_number, waits, line.location) if each)
        small = theme.font(theme.scaled(15), tabular=True)
        text(painter, QRectF(44, half, room, half - 10), small, "text_muted", about)
        left = box.width() - right - verb
        strong = theme.font(theme.scaled(20), "semibold", tabular=True)
        text(painter, QRectF(left, 8, right - 14, half - 8), strong, "text", self._count(), right=True)
        cost = money(line.unit_cost, self._currency)
        each = tr("{cost} each", cost=cost) if cost else ""
        text(painter, QRectF(left, half, right - 14, half - 10), small, "text_muted", each, right=True)
        if self._verb:
            pill = QRectF(box.width() - verb, 8, verb - 2, box.height() - 17)
            painter.setBrush(theme.color("surface_raised"))
            painter.setPen(QPen(theme.color("outline"), 2))
            painter.drawRoundedRect(pill.adjusted(1, 1, -1, -1), theme.radius, theme.radius)
            painter.setFont(theme.font(theme.base, "medium"))
            painter.setPen(theme.color("text"))
            painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, self._verb)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -2), theme.radius, theme.radius)

    def _shape(self) -> tuple[str, str]:
        if self.line.received > self.line.quantity:
            return "warning", "warning"
        if not self.line.open:
            return "ok", "ok"
        return ("arrow-down", "info") if self.line.received else ("wait", "text_muted")

    def _count(self) -> str:
        line = self.line
        if not line.received:
            return part_words.amount(line.quantity, line.unit)
        return tr("{here} of {all} here", here=pieces(line.received),
                  all=part_words.amount(line.quantity, line.unit))  # fmt: skip


def _open(desk: PartsDesk, order: str, _checked: bool = False) -> None:
    open_order(desk.context, order, "parts")


class PurchaseSheet(QWidget):
    """``show_purchase(id)`` brings one. ``gone``: it was deleted."""

    gone = Signal()

    def __init__(self, desk: PartsDesk) -> None:
        super().__init__()
        self.desk = desk
        self.row = ""
        self.shown: PurchaseRead | None = None
        self.lines: list[LineRow] = []
        self._asked = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, theme.space(3), alarm_strip.room())
        column.setSpacing(theme.space(3))
        column.addLayout(self._head())
        column.addLayout(self._choices())
        self.rows = QVBoxLayout()
        self.rows.setSpacing(0)
        column.addLayout(self.rows)
        self.nothing = label(tr("Nothing is on it yet. “Add a part” puts the first line on it."), "muted", wrap=True)
        column.addWidget(self.nothing)
        column.addLayout(self._deeds())
        self.links: list[ValueButton] = []
        self.linked = QVBoxLayout()
        self.linked.setSpacing(theme.space(2))
        column.addLayout(self.linked)
        column.addStretch(1)

    # --- building

    def _head(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(theme.space(1))
        row = QHBoxLayout()
        names = QVBoxLayout()
        names.setSpacing(0)
        self.title = ElidedLabel("", px=28, weight="semibold")
        self.number = ElidedLabel("", "text_muted").set_tabular()
        names.addWidget(self.title)
        names.addWidget(self.number)
        row.addLayout(names, 1)
        self.remove = IconButton("trash", tr("Delete it"))
        self.remove.clicked.connect(lambda _=False: self.end("deleted"))
        row.addWidget(self.remove)
        column.addLayout(row)
        state = QHBoxLayout()
        state.setSpacing(theme.space(2))
        self.state_icon = IconLabel("edit", 24)
        self.state = label("", wrap=True)
        state.addWidget(self.state_icon, 0, Qt.AlignmentFlag.AlignTop)
        state.addWidget(self.state, 1)
        column.addLayout(state)
        return column

    def _choices(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.space(2))
        self.supplier = ValueButton("", "people")
        self.supplier.clicked.connect(lambda _=False: self.open_supplier())
        self.expected = ValueButton("", "calendar")
        self.expected.clicked.connect(lambda _=False: self.open_day())
        row.addWidget(self.supplier, 1)
        row.addWidget(self.expected, 1)
        return row

    def _deeds(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(theme.space(2))
        first, second = QHBoxLayout(), QHBoxLayout()
        self.send = Button(tr("It is ordered"), "export", role="primary")
        self.send.clicked.connect(lambda _=False: self.send_it())
        self.all = Button(tr("All of it came"), "ok", role="primary")
        self.all.clicked.connect(lambda _=False: self.take_in(None))
        self.add = Button(tr("Add a part"), "plus")
        self.add.clicked.connect(lambda _=False: self.open_add())
        self.finish = Button(tr("The rest does not come"), "close")
        self.finish.clicked.connect(lambda _=False: self.end("received"))
        self.cancel = Button(tr("Cancel the order"), "close")
        self.cancel.clicked.connect(lambda _=False: self.end("cancelled"))
        self.reopen = Button(tr("It goes on after all"), "undo")
        self.reopen.clicked.connect(lambda _=False: self.end("ordered"))
        for button in (self.send, self.all, self.add):
            first.addWidget(button, 1)
        for button in (self.finish, self.cancel, self.reopen):
            second.addWidget(button, 1)
        column.addLayout(first)
        column.addLayout(second)
        return column

    # --- showing

    def show_purchase(self, row: str) -> None:
        """Bring a purchase order to the front."""
        if row != self.row:
            self.row, self.shown = row, None
        self.read()

    def read(self) -> None:
        """Read the one that is in front."""
        if not self.row:
            return
        self._asked += 1
        asked, records, row = self._asked, self.desk.records, self.row
        self.desk.read(lambda: parts_reading.read_purchase(records, row), lambda found: self._show(asked, found))

    def _show(self, asked: int, found: PurchaseRead) -> None:
        if asked != self._asked or found == self.shown:
            return
        self.shown, order = found, found.order
        cost = money(order.cost, found.currency)
        self.title.set_text(order.supplier_name or tr("No supplier yet"))
        self.number.set_text(" · ".join(each for each in (order.number, cost) if each))
        icon, token = part_words.purchase_shape(order)
        self.state_icon.show_icon(icon, token)
        states = order.disputed or (order.status,)
        words = [" / ".join(part_words.purchase_words(each) for each in states)]
        if order.late:
            words.append(part_words.expected_words(order))
        if order.reference:
            words.append(tr("their number {reference}", reference=order.reference))
        self.state.setText(" · ".join(each for each in words if each))
        self.supplier.show_words(order.supplier_name or tr("Choose a supplier"), "people")
        day = tr("No day yet")
        if order.expected_on is not None:
            day = tr("Expected {day}", day=part_words.day_words(order.expected_on))
        self.expected.show_words(day, "calendar")
        self._show_lines(found)
        self._allow(found)

    def _show_lines(self, found: PurchaseRead) -> None:
        for old in self.lines:
            old.hide()
            old.deleteLater()
        draft = found.order.status == PurchaseStatus.DRAFT
        self.lines = []
        for line in found.lines:
            verb = tr("Change") if draft else tr("Receive") if line.open else ""
            row = LineRow(line, found.currency, verb)
            row.clicked.connect(partial(self._line_pressed, line))
            self.rows.addWidget(row)
            self.lines.append(row)
        self.nothing.setVisible(not self.lines)
        self._show_links(found)

    def _show_links(self, found: PurchaseRead) -> None:
        """The repair orders that wait for it: a press away."""
        for old in self.links:
            old.hide()
            old.deleteLater()
        self.links = []
        wait = {each.order_id: each.order_number for each in found.lines if each.order_id}
        for order, number in wait.items():
            words = tr("Order {number}", number=number) if number else tr("Open the order")
            button = ValueButton(words, "orders")
            button.clicked.connect(partial(_open, self.desk, str(order)))
            self.linked.addWidget(button)
            self.links.append(button)

    def _allow(self, found: PurchaseRead) -> None:
        order = found.order
        draft, sent = order.status == PurchaseStatus.DRAFT, order.status in _SENT
        ended = order.status in (PurchaseStatus.CANCELLED, PurchaseStatus.RECEIVED)
        may = self.desk.may("purchases.change")
        self.send.setVisible(draft)
        self.send.setEnabled(may and bool(found.lines))
        self.all.setVisible(sent)
        self.all.setEnabled(self.desk.may("stock.move") and order.open_lines > 0)
        self.add.setVisible(draft or sent)
        self.finish.setVisible(sent and order.status == PurchaseStatus.PART_RECEIVED)
        self.cancel.setVisible(sent)
        self.reopen.setVisible(ended and order.open_lines > 0)
        self.remove.setVisible(draft)
        for button in (self.add, self.finish, self.cancel, self.reopen, self.remove, self.expected):
            button.setEnabled(may)
        self.supplier.setEnabled(may)
        self.supplier.setVisible(draft)

    # --- doing

    def _line_pressed(self, line: PurchaseLineView) -> None:
        if self.shown is None:
            return
        if self.shown.order.status == PurchaseStatus.DRAFT:
            self._change_line(line)
        elif self.desk.may("stock.move"):
            self.open_receive(line)

    def open_receive(self, line: PurchaseLineView) -> None:
        """Ask how many of a line came."""

        def judge(quantity: int) -> Verdict:
            missing = line.quantity - line.received - quantity
            if missing < 0:
                over = part_words.amount(-missing, line.unit)
                return "warning", "warning", tr("{count} more than were ordered", count=over)
            if missing:
                return "info", "info", tr("{count} still to come", count=part_words.amount(missing, line.unit))
            return "ok", "ok", tr("All of it is here then")

        def done(quantity: int) -> None:
            if quantity > 0:
                self.take_in({line.id: quantity})

        hint = line.description or ""
        open_pad(self.desk.anchor, tr("How many came?"), line.open, line.unit, done, hint=hint, judge=judge)

    def receive_part(self, part_id: str) -> bool:
        """Ask how many of a scanned part came, when it is on this order; False when it is not."""
        if self.shown is None or self.shown.order.status not in _SENT:
            return False
        line = next((each for each in self.shown.lines if each.part_id == part_id and each.open), None)
        if line is not None:
            self.open_receive(line)
        return line is not None

    def take_in(self, came: Mapping[str, int] | None) -> None:
        """Write what came; None: all of it."""
        records, actor, row = self.desk.records, self.desk.actor, self.row

        def said(got: Received) -> str:
            state = part_words.purchase_words(got.order.status)
            return tr("{number}: received. {state}.", number=got.order.number, state=state)

        self.desk.run(
            lambda: parts_reading.take_in(records, actor, row, came),
            said,
            undo=lambda got: parts_reading.take_back(records, actor, got.moves),
        )

    def send_it(self) -> None:
        """It was ordered: of whom has to be known."""
        if self.shown is None:
            return
        if self.shown.order.supplier_id is None:
            self.open_supplier(self.send_it)
            return
        records, actor, row = self.desk.records, self.desk.actor, self.row
        self.desk.run(
            lambda: parts_reading.send(records, actor, row, {}),
            lambda order: " ".join(
                (tr("{number} is ordered.", number=order.number), part_words.expected_words(order))
            ).strip(),
        )

    def end(self, how: str) -> None:
        """Cancel it, finish it, go on with it, or delete it; each can be taken back."""
        records, actor, row = self.desk.records, self.desk.actor, self.row
        words = {
            "cancelled": tr("The order is cancelled."),
            "received": tr("Nothing more is waited for."),
            "ordered": tr("It goes on."),
            "deleted": tr("The order is deleted."),
        }
        back = {"cancelled": "ordered", "received": "ordered", "deleted": "restored"}.get(how)
        undo: Callable[[object], object] | None = None
        if back is not None:
            undo = lambda _: parts_reading.end_purchase(records, actor, row, back)  # noqa: E731
        self.desk.run(
            lambda: parts_reading.end_purchase(records, actor, row, how),
            words[how],
            undo=undo,
            then=(lambda _: self.gone.emit()) if how == "deleted" else None,
        )

    def open_supplier(self, then: Callable[[], object] | None = None) -> None:
        """Pick the supplier, or make one."""
        records, actor, row = self.desk.records, self.desk.actor, self.row

        def keep(supplier_id: str) -> None:
            self.desk.run(
                lambda: parts_reading.save_purchase(records, actor, row, {"supplier_id": supplier_id}),
                lambda order: tr("Ordered of {supplier}.", supplier=order.supplier_name),
            )

        def made(name: str) -> None:
            def kept(option: Option) -> None:
                keep(option.id)

            self.desk.run(lambda: parts_reading.new_supplier(records, actor, name), then=kept)

        PickerSheet(self, tr("Supplier"), lambda typed: parts_reading.find_suppliers(records, typed), keep, made).open()

    def open_day(self) -> None:
        """Choose the day it should be here."""
        if self.shown is None:
            return
        records, actor, row, before = self.desk.records, self.desk.actor, self.row, self.shown.order.expected_on

        def keep(day: str | None) -> None:
            self.desk.run(
                lambda: parts_reading.save_purchase(records, actor, row, {"expected_on": day}),
                lambda order: part_words.expected_words(order) or tr("The day is set."),
                undo=lambda _: parts_reading.save_purchase(records, actor, row, {"expected_on": before}),
            )

        DaySheet(self.desk.anchor, tr("When should it be here?"), before, keep).open()

    def open_add(self) -> None:
        """Pick a part and how many."""
        records = self.desk.records

        def picked(part_id: str) -> None:
            self.desk.read(
                lambda: parts_reading.read_some(records, [part_id]), lambda found: self._add(found.get(part_id))
            )  # fmt: skip

        PickerSheet(
            self, tr("Part"), lambda typed: parts_reading.find_parts(records, typed), picked, self._add_words
        ).open()

    def _add(self, part: PartView | None) -> None:
        if part is None:
            return
        open_pad(
            self.desk.anchor, tr("How many?"), 1000, part.unit,
            lambda quantity: self._add_line({"part_id": part.id, "quantity": quantity}), hint=part.name or "",
        )  # fmt: skip

    def _add_words(self, words: str) -> None:
        self._add_line({"description": words, "quantity": 1000})

    def _add_line(self, fields: Mapping[str, object]) -> None:
        if fields["quantity"] == 0:
            return
        records, actor, row = self.desk.records, self.desk.actor, self.row
        self.desk.run(
            lambda: parts_reading.add_line(records, actor, row, fields),
            lambda line: tr("{part} is on the order.", part=line.description),
            undo=lambda line: parts_reading.drop_line(records, actor, line.id),
        )

    def _change_line(self, line: PurchaseLineView) -> None:
        """Another number; none takes it off."""
        records, actor = self.desk.records, self.desk.actor

        def done(quantity: int) -> None:
            if quantity == 0:
                self.desk.run(
                    lambda: parts_reading.drop_line(records, actor, line.id),
                    tr("{part} is off the order.", part=line.description),
                    undo=lambda _: parts_reading.bring_line(records, actor, line.id),
                )
            elif quantity != line.quantity:
                self.desk.run(
                    lambda: parts_reading.save_line(records, actor, line.id, {"quantity": quantity}),
                    lambda kept: part_words.amount(kept.quantity, kept.unit),
                    undo=lambda _: parts_reading.save_line(records, actor, line.id, {"quantity": line.quantity}),
                )

        hint = tr("{part}. None takes it off the order.", part=line.description)
        open_pad(self.desk.anchor, tr("How many?"), line.quantity, line.unit, done, hint=hint)
