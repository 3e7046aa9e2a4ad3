"""Reorder: what there is too little of, by supplier; ticked, the number changed where need be, and ordered."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListView,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from core.language import tr, trn
from core.records.changes import ChangeSet
from core.workshop.purchasing import PurchaseOrderView
from core.workshop.reorder import Wanted
from ui import part_words, parts_reading, theme
from ui.money_words import money
from ui.pages.parts_desk import Freshness, PartsDesk
from ui.pages.parts_empty import Teaching
from ui.pages.parts_list import MARGIN
from ui.pages.parts_moves import open_pad
from ui.pages.parts_stock import TABLES
from ui.parts_reading import ReorderRead
from ui.widgets import alarm_strip, icons
from ui.widgets.buttons import Button
from ui.widgets.drawn_text import text
from ui.widgets.panels import label
from ui.widgets.progress_sheet import ProgressSheet, Stopped, Telling
from ui.widgets.touch import flick

Index = QModelIndex | QPersistentModelIndex
LINE = int(Qt.ItemDataRole.UserRole)
ROOT = QModelIndex()
TICK = 56  # px: the left of a row, where it is ticked
PILL = 170  # px: the right of a row, where the number is changed


@dataclass(frozen=True, slots=True)
class Line:
    """A row: a supplier, or a part to buy."""

    supplier: str
    wanted: Wanted | None
    parts: tuple[str, ...] = ()  # of a supplier


class ReorderModel(QAbstractListModel):
    """Suppliers and below each its parts; what a person ticked and typed stays while the rest is read anew."""

    moved = Signal()  # something was ticked or changed

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[Line] = []
        self.quantities: dict[str, int] = {}  # typed by a person
        self.left_out: set[str] = set()
        self.currency: str | None = None

    def show_list(self, found: ReorderRead) -> None:
        """The list as it is now."""
        self.beginResetModel()
        self.lines, self.currency = [], found.currency
        groups: dict[str, list[Wanted]] = {}
        for wanted in found.wanted:
            groups.setdefault(wanted.part.supplier_name or "", []).append(wanted)
        for supplier, members in groups.items():
            self.lines.append(Line(supplier, None, tuple(each.part.id for each in members)))
            self.lines += [Line(supplier, each) for each in members]
        self.endResetModel()
        self.moved.emit()

    def quantity(self, wanted: Wanted) -> int:
        """How many are ordered, in thousandths."""
        return self.quantities.get(wanted.part.id, wanted.quantity)

    def ticked(self) -> dict[str, int]:
        """Part id -> thousandths of what is to be ordered."""
        return {
            line.wanted.part.id: self.quantity(line.wanted)
            for line in self.lines
            if line.wanted is not None and line.wanted.part.id not in self.left_out
        }

    def cost(self, parts: Collection[str] | None = None) -> int:
        """What the ticked ones cost (of these ``parts``), as far as it is known, in minor units."""
        ticked = self.ticked()
        return sum(
            (ticked[line.wanted.part.id] * (line.wanted.part.cost or 0) + 500) // 1000
            for line in self.lines
            if line.wanted is not None
            and line.wanted.part.id in ticked
            and (parts is None or line.wanted.part.id in parts)
        )

    def suppliers(self) -> int:
        ticked = self.ticked()
        return sum(any(part in ticked for part in line.parts) for line in self.lines if line.wanted is None)

    def toggle(self, line: Line) -> None:
        """Tick or untick a part; of a supplier all of them."""
        members = {line.wanted.part.id} if line.wanted is not None else set(line.parts)
        if members <= self.left_out or (line.wanted is None and members & self.left_out):
            self.left_out -= members
        else:
            self.left_out |= members
        self._changed()

    def set_quantity(self, wanted: Wanted, quantity: int) -> None:
        """A person wants another number; none is not ticked."""
        if quantity > 0:
            self.quantities[wanted.part.id] = quantity
            self.left_out.discard(wanted.part.id)
        else:
            self.left_out.add(wanted.part.id)
        self._changed()

    def forget(self) -> None:
        """What was ticked was ordered."""
        self.quantities.clear()

    def _changed(self) -> None:
        if self.lines:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.lines) - 1, 0))
        self.moved.emit()

    def tick_of(self, line: Line) -> str:
        """ "all", "some" or "none" of it is ticked."""
        members = {line.wanted.part.id} if line.wanted is not None else set(line.parts)
        out = members & self.left_out
        return "none" if out == members else "some" if out else "all"

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        line = self.lines[index.row()]
        if role == LINE:
            return line
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            ticked = tr("ticked") if self.tick_of(line) != "none" else tr("not ticked")
            if line.wanted is None:
                return f"{line.supplier or tr('Without a supplier')}, {ticked}"
            amount = part_words.amount(self.quantity(line.wanted), line.wanted.part.unit)
            return f"{line.wanted.part.name}, {amount}, {ticked}"
        return None


class ReorderDelegate(QStyledItemDelegate):
    """``changing(line)``: a person tapped the number."""

    changing = Signal(object)

    def __init__(self, parent: QWidget, model: ReorderModel) -> None:
        super().__init__(parent)
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        line: Line = index.data(LINE)
        return QSize(200, theme.scaled(58 if line.wanted is None else 70))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line: Line = index.data(LINE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(option.rect)
        if line.wanted is None:
            painter.fillRect(box, theme.color("surface_sunken"))
        if option.state & QStyle.StateFlag.State_HasFocus and option.state & QStyle.StateFlag.State_KeyboardFocusChange:
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawRect(box.adjusted(1, 1, -1, -2))
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), theme.color("line"))
        self._tick(painter, QRectF(box.left() + MARGIN + 2, box.center().y() - 15, 30, 30), self._model.tick_of(line))
        if line.wanted is None:
            title = line.supplier or tr("Without a supplier: chosen on the order")
            cost = money(self._model.cost(line.parts), self._model.currency)
            count = trn("{count} part", "{count} parts", len(line.parts))
            count = f"{count} · {cost}"
            room = QRectF(box.left() + TICK + 8, box.top(), box.width() - TICK - 280, box.height())
            text(painter, room, theme.font(theme.scaled(18), "semibold"), "text", title)
            side = QRectF(box.right() - 270, box.top(), 254, box.height())
            text(painter, side, theme.font(theme.scaled(16)), "text_muted", count, right=True)
        else:
            self._part(painter, box, line.wanted, self._model.tick_of(line) == "all")
        painter.restore()

    def _tick(self, painter: QPainter, box: QRectF, mark: str) -> None:
        on = mark != "none"
        painter.setBrush(theme.color("accent" if on else "surface_sunken"))
        painter.setPen(QPen(theme.color("accent" if on else "outline"), 2))
        painter.drawRoundedRect(box, 6, 6)
        if on:
            icons.paint(painter, "ok" if mark == "all" else "minus", box.adjusted(4, 4, -4, -4), "on_accent")

    def _part(self, painter: QPainter, box: QRectF, wanted: Wanted, on: bool) -> None:
        part = wanted.part
        left, token = box.left() + TICK + 8, "text" if on else "text_muted"
        pill = self.pill(box)
        stands = box.width() * 0.36
        room = pill.left() - left - stands - 20
        half = box.height() / 2
        text(painter, QRectF(left, box.top() + 8, room, half - 8), theme.font(theme.scaled(18), "medium"), token,
             part.name or tr("No name"))  # fmt: skip
        small = theme.font(theme.scaled(15), tabular=True)
        about = " · ".join(each for each in (part.number, part.supplier_number, part.location) if each)
        text(painter, QRectF(left, box.top() + half, room, half - 10), small, "text_muted", about)
        here = part_words.amount(part.on_hand, part.unit)
        there = tr("{here} in store", here=here)
        if part.minimum:
            least = part_words.amount(part.minimum, part.unit)
            there = tr("{here} in store, minimum {minimum}", here=here, minimum=least)
        middle = pill.left() - stands - 12
        plain = theme.font(theme.scaled(16), tabular=True)
        text(painter, QRectF(middle, box.top() + 8, stands, half - 8), plain, token, there)
        waits = [tr("{count} waited for", count=part_words.amount(part.reserved, part.unit))] if part.reserved else []
        waits += [tr("{count} coming", count=part_words.amount(part.on_order, part.unit))] if part.on_order else []
        text(painter, QRectF(middle, box.top() + half, stands, half - 10), small, "text_muted", " · ".join(waits))
        painter.setBrush(theme.color("surface_raised"))
        painter.setPen(QPen(theme.color("outline" if on else "line"), 2))
        painter.drawRoundedRect(pill, theme.radius, theme.radius)
        strong = theme.font(theme.scaled(20), "semibold", tabular=True)
        shown = part_words.amount(self._model.quantity(wanted), part.unit)
        text(painter, pill.adjusted(14, 0, -44, 0), strong, token, shown, right=True)
        icons.paint(painter, "edit", QRectF(pill.right() - 34, pill.center().y() - 10, 20, 20), "text_muted")

    def pill(self, box: QRectF) -> QRectF:
        """Where the number of a row stands."""
        return QRectF(box.right() - PILL - 10, box.top() + 6, PILL, box.height() - 12)

    def editorEvent(self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index) -> bool:
        if not isinstance(event, QMouseEvent) or event.type() != QEvent.Type.MouseButtonRelease:
            return False
        line: Line = index.data(LINE)
        if line.wanted is not None and self.pill(QRectF(option.rect)).contains(event.position()):
            self.changing.emit(line)
        else:
            self._model.toggle(line)
        return True


class ReorderList(QListView):
    """Space ticks a row, Enter changes its number."""

    def __init__(self) -> None:
        super().__init__()
        self.lines = ReorderModel()
        self.rows = ReorderDelegate(self, self.lines)
        self.setModel(self.lines)
        self.setItemDelegate(self.rows)
        self.setProperty("role", "feed")
        self.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.setAccessibleName(tr("Parts to order"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        flick(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if not index.isValid():
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Space:
            self.lines.toggle(index.data(LINE))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.rows.changing.emit(index.data(LINE))
        else:
            super().keyPressEvent(event)


class ReorderSection(QWidget):
    """The list and, below it, what it comes to."""

    def __init__(self, desk: PartsDesk) -> None:
        super().__init__()
        self.desk = desk
        self._asked = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, theme.space(3), alarm_strip.room())
        column.setSpacing(theme.space(3))
        words = tr("Too few after all that orders wait for and all that comes. Tap a number to change it.")
        column.addWidget(label(words, "muted", wrap=True))
        self.list = ReorderList()
        self.list.rows.changing.connect(self._change)
        self.list.lines.moved.connect(self._sum)
        self.enough = Teaching(
            "ok",
            tr("There is enough of everything"),
            tr("A part comes here by itself when there are fewer than its minimum, or fewer than orders wait for."),
        )
        self.stack = QStackedWidget()
        self.stack.addWidget(self.list)
        self.stack.addWidget(self.enough)
        column.addWidget(self.stack, 1)
        foot = QHBoxLayout()
        self.sum = label("", wrap=True)
        foot.addWidget(self.sum, 1)
        self.order = Button(tr("Make purchase orders"), "plus", role="primary")
        self.order.clicked.connect(lambda _=False: self.make())
        foot.addWidget(self.order)
        column.addLayout(foot)
        self.freshness = Freshness(self, self.refresh)
        desk.done.connect(self.freshness.outdated)
        self.refresh()

    def on_change(self, changes: ChangeSet) -> None:
        if any(changes.touches(table) for table in TABLES):
            self.freshness.outdated()

    def refresh(self) -> None:
        """Read the list."""
        self._asked += 1
        asked, records = self._asked, self.desk.records
        self.desk.read(lambda: parts_reading.read_reorder(records), lambda found: self._show(asked, found))

    def _show(self, asked: int, found: ReorderRead) -> None:
        if asked != self._asked:
            return
        at = self.list.verticalScrollBar().value()
        self.list.lines.show_list(found)
        self.list.verticalScrollBar().setValue(at)
        self.stack.setCurrentWidget(self.list if found.wanted else self.enough)

    def _sum(self) -> None:
        ticked, suppliers = self.list.lines.ticked(), self.list.lines.suppliers()
        parts = trn("{count} part", "{count} parts", len(ticked))
        whom = trn("{count} supplier", "{count} suppliers", suppliers)
        cost = money(self.list.lines.cost(), self.list.lines.currency)
        self.sum.setText(tr("{parts} of {suppliers}, {cost} without tax", parts=parts, suppliers=whom, cost=cost)
                         if ticked else "")  # fmt: skip
        self.order.setEnabled(bool(ticked) and self.desk.may("purchases.change"))

    def _change(self, line: Line) -> None:
        if line.wanted is None:
            self.list.lines.toggle(line)
            return
        wanted = line.wanted
        open_pad(
            self.desk.anchor, wanted.part.name or "", self.list.lines.quantity(wanted), wanted.part.unit,
            lambda quantity: self.list.lines.set_quantity(wanted, quantity),
        )  # fmt: skip

    def make(self) -> None:
        """Put what is ticked on purchase orders."""
        ticked, records, actor = self.list.lines.ticked(), self.desk.records, self.desk.actor
        if not ticked or not self.order.isEnabled():
            return

        def then(made: tuple[PurchaseOrderView, ...]) -> None:
            self.list.lines.forget()
            self.desk.purchase.emit(made[0].id)

        def work(telling: Telling) -> tuple[PurchaseOrderView, ...]:
            def told(done: int, total: int) -> bool:
                telling.told(done, total)
                return not telling.stop()

            made = parts_reading.order_all(records, actor, ticked, told)
            if made is None:
                raise Stopped
            return made

        def done(made: tuple[PurchaseOrderView, ...]) -> None:
            said = trn("{count} purchase order is ready to send.", "{count} purchase orders are ready to send.",
                       len(made))  # fmt: skip
            self.desk.run(lambda: made, said, then=then)

        def failed(error: Exception) -> None:
            self.desk.failed(error, tr("That could not be done"))

        self.order.setEnabled(False)  # once is enough
        sheet = ProgressSheet(self.desk.anchor, tr("Making purchase orders"), work, done, failed)
        sheet.destroyed.connect(self._sum)
