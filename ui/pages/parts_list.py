"""The list of parts: fetched as it scrolls, each row read again when it is seen after something changed."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from core.language import tr
from core.workshop.parts import PartView
from ui import part_words, theme
from ui.money_words import pieces
from ui.parts_reading import PartPage
from ui.widgets import icons
from ui.widgets.touch import flick

Index = QModelIndex | QPersistentModelIndex
PART = int(Qt.ItemDataRole.UserRole)
ROOT = QModelIndex()
MARGIN = 12
STATE = 24  # px of the shape
AT_ONCE = 200  # rows read again in one go


class PartsModel(QAbstractListModel):
    """Parts read so far. ``wanted(after)`` asks for the next page, ``outdated(ids)`` for rows to be read again."""

    wanted = Signal(str)
    outdated = Signal(list)

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[PartView] = []
        self.after: str | None = None
        self._asked = False
        self._old: set[str] = set()
        self._seen: set[str] = set()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._ask)

    def begin(self, page: PartPage) -> None:
        """Show this page and nothing else."""
        self.beginResetModel()
        self.parts, self.after, self._asked = list(page.items), page.after, False
        self._old.clear()
        self.endResetModel()

    def add(self, page: PartPage) -> None:
        """Put the next page below."""
        self._asked, self.after = False, page.after
        known = {part.id for part in self.parts}
        fresh = [part for part in page.items if part.id not in known]
        if fresh:
            self.beginInsertRows(ROOT, len(self.parts), len(self.parts) + len(fresh) - 1)
            self.parts += fresh
            self.endInsertRows()

    def place(self, row: str) -> int:
        """Where a part stands; -1 when it is not shown."""
        return next((at for at, part in enumerate(self.parts) if part.id == row), -1)

    def grow_old(self) -> None:
        """What is shown may read differently now: each row is asked for again when it is next drawn."""
        self._old = {part.id for part in self.parts}
        if self.parts:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.parts) - 1, 0))

    def update(self, changed: Mapping[str, PartView | None]) -> None:
        """Show parts as they are; None removes one."""
        for row, part in changed.items():
            self._old.discard(row)
            at = self.place(row)
            if at >= 0 and part is None:
                self.beginRemoveRows(ROOT, at, at)
                del self.parts[at]
                self.endRemoveRows()
            elif at >= 0 and part is not None and self.parts[at] != part:
                self.parts[at] = part
                self.dataChanged.emit(self.index(at, 0), self.index(at, 0))

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.parts)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        part = self.parts[index.row()]
        if role == PART:
            if part.id in self._old:
                self._seen.add(part.id)
                if not self._soon.isActive():
                    self._soon.start()
            return part
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return ", ".join(each for each in spoken(part) if each)
        return None

    def _ask(self) -> None:
        asked = sorted(self._seen & self._old)[:AT_ONCE]
        self._seen.clear()
        self._old.difference_update(asked)
        if asked:
            self.outdated.emit(asked)

    def canFetchMore(self, parent: Index) -> bool:
        return self.after is not None and not self._asked

    def fetchMore(self, parent: Index) -> None:
        if self.after is not None and not self._asked:
            self._asked = True
            self.wanted.emit(self.after)


def spoken(part: PartView) -> tuple[str, ...]:
    """A part in words: name, number, where it lies, how many there are, and what is wrong with that."""
    return (
        part.name or "",
        part.number or "",
        part.location or "",
        part_words.amount(part.on_hand, part.unit),
        part_words.stock_state(part)[2],
    )


def columns(width: float) -> tuple[float, float, float]:
    """Where the place, the minimum and the stock begin, in px from the left."""
    stock = max(122.0, width * 0.17)
    minimum = max(116.0, width * 0.2)
    place = max(84.0, width * 0.14)
    return width - stock - minimum - place, width - stock - minimum, width - stock


class PartsHead(QWidget):
    """What stands in the columns of ``rows`` below."""

    def __init__(self, rows: QListView) -> None:
        super().__init__()
        self._rows = rows
        self.setFixedHeight(theme.scaled(30))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(theme.font(theme.scaled(15), "medium"))
        painter.setPen(theme.color("text_muted"))
        view = self._rows.viewport()
        painter.translate(self.mapFromGlobal(view.mapToGlobal(view.rect().topLeft())).x(), 0)
        width = float(view.width())
        place, minimum, stock = columns(width)
        height = float(self.height())
        left, right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        middle = Qt.AlignmentFlag.AlignVCenter
        begin = MARGIN + 4 + STATE + 12
        painter.drawText(QRectF(begin, 0, place - begin, height), left | middle, tr("Part"))
        painter.drawText(QRectF(place, 0, minimum - place, height), left | middle, tr("Place"))
        painter.drawText(QRectF(minimum, 0, stock - minimum, height), left | middle, tr("Minimum"))
        painter.drawText(QRectF(stock, 0, width - stock - MARGIN - 2, height), right | middle, tr("In store"))


class PartDelegate(QStyledItemDelegate):
    """Name and number, where it lies, minimum and what comes, and how many there are."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        lines = QFontMetricsF(_name()).height() + QFontMetricsF(_small()).height()
        return QSize(200, max(theme.target, round(2 * MARGIN + lines + 2)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        part: PartView = index.data(PART)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, theme.color("accent_surface"))
            painter.fillRect(QRectF(box.left(), box.top(), 4, box.height()), theme.color("accent"))
        if option.state & QStyle.StateFlag.State_HasFocus and option.state & QStyle.StateFlag.State_KeyboardFocusChange:
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawRect(box.adjusted(1, 1, -1, -2))
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), theme.color("line"))
        self._cells(painter, box, part)
        painter.restore()

    def _cells(self, painter: QPainter, box: QRectF, part: PartView) -> None:
        icon, token, state = part_words.stock_state(part)
        place, minimum, stock = (box.left() + each for each in columns(box.width()))
        left = box.left() + MARGIN + 4
        icons.paint(painter, icon, QRectF(left, box.center().y() - STATE / 2, STATE, STATE), token)
        left += STATE + 12
        room = place - left - 10
        top = box.top() + MARGIN
        high, low = QFontMetricsF(_name()).height(), QFontMetricsF(_small()).height()
        text(painter, QRectF(left, top, room, high), _name(), "text", part.name or tr("No name"))
        about = " · ".join(each for each in (part.number, part.manufacturer) if each)
        text(painter, QRectF(left, top + high + 2, room, low), _small(), "text_muted", about)
        whole = QRectF(place, box.top(), minimum - place - 10, box.height())
        text(painter, whole, _plain(), "text", part.location or "–")
        room = stock - minimum - 10
        least = part_words.amount(part.minimum, part.unit) if part.minimum else "–"
        under = state or (tr("{count} on the way", count=pieces(part.on_order)) if part.on_order else "")
        first, second = _two(box, high, low, bool(under))
        text(painter, QRectF(minimum, first, room, high), _plain(), "text", least)
        small = theme.font(theme.scaled(15), "medium") if state else _small()
        text(painter, QRectF(minimum, second, room, low), small, "text" if state else "text_muted", under)
        right = box.right() - MARGIN - 2
        first, second = _two(box, high, low, bool(part.reserved))
        big = QRectF(stock, first, right - stock, high)
        amount = theme.font(theme.scaled(22), "semibold", tabular=True)
        shown = part_words.amount(part.on_hand, part.unit)
        text(painter, big, amount, "text", shown, right=True)
        if part.reserved:
            waited = tr("{count} waited for", count=pieces(part.reserved))
            text(painter, QRectF(stock, second, right - stock, low), _small(), "text_muted", waited, right=True)


def _two(box: QRectF, high: float, low: float, both: bool) -> tuple[float, float]:
    """The tops of a line and of the one below it; without that one the first stands in the middle."""
    return (box.top() + MARGIN, box.top() + MARGIN + high + 2) if both else (box.center().y() - high / 2, box.bottom())


def _name() -> QFont:
    return theme.font(theme.scaled(18), "semibold")


def _plain() -> QFont:
    return theme.font(theme.scaled(17), tabular=True)


def _small() -> QFont:
    return theme.font(theme.scaled(15), tabular=True)


def text(painter: QPainter, room: QRectF, font: QFont, token: str, words: str, *, right: bool = False) -> None:
    """One line of words that ends in an ellipsis where there is no room."""
    painter.setFont(font)
    painter.setPen(theme.color(token))
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    shown = QFontMetricsF(font).elidedText(words, Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | side, shown)


class PartsList(QListView):
    """The list. ``chosen(row)``: a person wants to see that part."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.parts = PartsModel()
        self.setModel(self.parts)
        self.setItemDelegate(PartDelegate(self))
        self.setProperty("role", "feed")
        self.setUniformItemSizes(True)
        self.setAccessibleName(tr("Parts"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        flick(self)
        self._quiet = False
        self.selectionModel().currentChanged.connect(self._moved)

    def select(self, row: str) -> None:
        """Mark a part without telling, as far as it is in the list."""
        at = self.parts.place(row)
        if at >= 0:
            self.quietly(lambda: self.setCurrentIndex(self.parts.index(at, 0)))
        else:
            self.quietly(lambda: self.setCurrentIndex(QModelIndex()))

    def quietly(self, change: Callable[[], object]) -> None:
        """Do ``change`` without taking it for a person's choice."""
        before, self._quiet = self._quiet, True
        try:
            change()
        finally:
            self._quiet = before

    def _moved(self, current: QModelIndex, previous: QModelIndex) -> None:
        if current.isValid() and not self._quiet:
            part: PartView = current.data(PART)
            self.chosen.emit(part.id)
