"""Stock: every part of the store in a list that follows what is typed, and one of them at the right."""

from collections.abc import Collection

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from core.language import tr
from core.records.changes import ChangeSet
from core.workshop.parts import PartView
from ui import parts_reading, theme
from ui.pages.parts_desk import Freshness, PartsDesk
from ui.pages.parts_empty import Teaching
from ui.pages.parts_list import PartsHead, PartsList
from ui.pages.parts_sheet import PartSheet
from ui.parts_reading import PartPage
from ui.widgets.buttons import Segmented
from ui.widgets.touch import scrolling

TABLES = (
    "parts", "stock_moves", "suppliers", "repair_orders", "repair_order_lines", "line_decisions", "purchase_orders",
    "purchase_order_lines",
)  # fmt: skip
LIST_SHARE = 0.55
LOW, ALL = "low", "all"


class StockSection(QWidget):
    """``search(text)`` shows what is found; ``show_part(id)`` brings one."""

    def __init__(self, desk: PartsDesk) -> None:
        super().__init__()
        self.desk = desk
        self.text = ""
        self._asked = 0
        self._changed = False
        self._fresh: set[str] = set()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space(5))
        row.addWidget(self._left())
        self.sheet = PartSheet(desk)
        self.right = QStackedWidget()
        self.right.addWidget(
            Teaching("parts", tr("Choose a part at the left"), tr("Or scan its barcode: it opens here by itself."))
        )
        self.right.addWidget(scrolling(self.sheet))
        row.addWidget(self.right, 1)
        self.freshness = Freshness(self, self._read_again)
        desk.done.connect(self.freshness.outdated)
        self.refresh()

    def _left(self) -> QWidget:
        self.left = QWidget()
        column = QVBoxLayout(self.left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(2))
        top = QHBoxLayout()
        self.which = Segmented({ALL: tr("All parts"), LOW: tr("Too few")}, ALL, tr("Shown"))
        self.which.chosen.connect(lambda _: self.refresh())
        top.addWidget(self.which)
        top.addStretch(1)
        column.addLayout(top)
        self.list = PartsList()
        self.head = PartsHead(self.list)
        column.addWidget(self.head)
        self.list.shown.wanted.connect(self._fetch)
        self.list.shown.outdated.connect(self._read_rows)
        self.list.chosen.connect(self.show_part)
        self.none = Teaching("search", tr("Nothing found"), tr("Fewer letters find more."))
        self.enough = Teaching("ok", tr("There is enough of everything"), tr("No part is below its minimum."))
        self.empty = Teaching(
            "parts",
            tr("No parts yet"),
            tr("“New part” at the top makes the first one. Or scan the barcode of a box: what is not known yet is "
               "offered to be made."),
        )  # fmt: skip
        self.stack = QStackedWidget()
        for widget in (self.list, self.none, self.enough, self.empty):
            self.stack.addWidget(widget)
        column.addWidget(self.stack, 1)
        return self.left

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.left.setFixedWidth(round(self.width() * LIST_SHARE))

    # --- the list

    def search(self, text: str) -> None:
        """Show what is found by ``text``; "" shows all."""
        if text != self.text:
            self.text = text
            self.refresh()

    @property
    def low(self) -> bool:
        """Whether only parts of which there are too few are shown."""
        return self.which.value() == LOW

    def refresh(self) -> None:
        """Read the first page."""
        self._asked += 1
        asked, records, text, low = self._asked, self.desk.records, self.text, self.low
        self.desk.read(
            lambda: parts_reading.read_parts(records, text, low=low), lambda page: self._loaded(asked, page)
        )  # fmt: skip

    def _loaded(self, asked: int, page: PartPage) -> None:
        if asked != self._asked:
            return
        self.list.quietly(lambda: self.list.shown.begin(page))
        self.list.select(self.sheet.row)
        self._show()

    def _fetch(self, after: str) -> None:
        asked, records, text, low = self._asked, self.desk.records, self.text, self.low

        def add(page: PartPage) -> None:
            if asked == self._asked:
                self.list.shown.add(page)

        self.desk.read(lambda: parts_reading.read_parts(records, text, low=low, after=after), add)

    def _show(self) -> None:
        some = bool(self.list.shown.rows)
        nothing = self.none if self.text.strip() else self.enough if self.low else self.empty
        self.stack.setCurrentWidget(self.list if some else nothing)
        self.head.setVisible(some)

    # --- what changes

    def on_change(self, changes: ChangeSet) -> None:
        """Rows changed somewhere."""
        if any(changes.touches(table) for table in TABLES):
            self._fresh |= set(changes.rows.get("parts", ()))
            self.freshness.outdated()

    def _read_again(self) -> None:
        fresh, self._fresh = self._fresh, set()
        known = {part.id for part in self.list.shown.rows}
        at_top = self.list.verticalScrollBar().value() == 0
        if (fresh - known and at_top) or self.low or not known:
            self.refresh()
        else:
            self.list.shown.grow_old()
        self.sheet.read()

    def _read_rows(self, ids: Collection[str]) -> None:
        records = self.desk.records

        def show(found: dict[str, PartView]) -> None:
            self.list.quietly(lambda: self.list.shown.update({row: found.get(row) for row in ids}))

        self.desk.read(lambda: parts_reading.read_some(records, ids), show)

    # --- the part

    def show_part(self, row: str) -> None:
        """Bring a part to the front."""
        self.sheet.show_part(row)
        self.right.setCurrentIndex(1)
        self.list.select(row)

    def forget(self) -> None:
        """No part is in front."""
        self.sheet.row, self.sheet.shown = "", None
        self.right.setCurrentIndex(0)
        self.list.quietly(self.list.clearSelection)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
