"""The feed of changes as a list that fetches as it scrolls: what came from whom, newest first."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from core.language import tr, trn
from ui import sync_words, theme
from ui.changes_reading import Item, Line, Page
from ui.widgets import icons
from ui.widgets.touch import flick

Index = QModelIndex | QPersistentModelIndex
ITEM = int(Qt.ItemDataRole.UserRole)
ROOT = QModelIndex()
MARGIN = 16
ICON = 28


def heading(item: Item) -> str:
    """Who and where: "Anna Berg · Bay 2"."""
    place = tr("This terminal") if item.here else item.terminal
    return f"{item.who} · {place}" if item.who else place


def title(item: Item) -> str:
    """What it is about: "Repair order 1042-B3 (new)"."""
    return f"{item.what} ({item.deed})" if item.deed else item.what


def line_words(line: Line) -> str:
    """A field in one line, for a screen reader and for measuring."""
    if not line.before:
        return f"{line.field}: {line.after}"
    return f"{line.field}: {line.before} → {line.after or tr('empty')}"


class FeedModel(QAbstractListModel):
    """Items read so far. ``wanted(before)`` asks for the next page; ``add`` takes it."""

    wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.items: list[Item] = []
        self.before = 0
        self._asked = False

    def begin(self, page: Page) -> None:
        """Show this page and nothing else."""
        self.beginResetModel()
        self.items, self.before, self._asked = list(page.items), page.before, False
        self.endResetModel()

    def add(self, page: Page) -> None:
        """Put the next page below."""
        self._asked, self.before = False, page.before
        if page.items:
            self.beginInsertRows(ROOT, len(self.items), len(self.items) + len(page.items) - 1)
            self.items += page.items
            self.endInsertRows()
        elif page.before:
            self.fetchMore(ROOT)  # none of this kind among so many: look further back

    def put_on_top(self, page: Page) -> bool:
        """Put what is newer than the first item on top; False when there is a gap between, so that all must be read."""
        if not self.items:
            self.begin(page)
            return True
        newest = self.items[0].number
        fresh = [item for item in page.items if item.number > newest]
        if len(fresh) == len(page.items) and page.before:
            return False
        if fresh:
            self.beginInsertRows(ROOT, 0, len(fresh) - 1)
            self.items = fresh + self.items
            self.endInsertRows()
        return True

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.items)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        item = self.items[index.row()]
        if role == ITEM:
            return item
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return ". ".join(
                (sync_words.moment(item.at), heading(item), title(item), *(line_words(line) for line in item.lines))
            )
        return None

    def canFetchMore(self, parent: Index) -> bool:
        return bool(self.before) and not self._asked

    def fetchMore(self, parent: Index) -> None:
        if self.canFetchMore(parent):
            self._asked = True
            self.wanted.emit(self.before)


class FeedDelegate(QStyledItemDelegate):
    """Draws an item: a shape for where it came from, who and when, what, and each field's old and new value."""

    def _fonts(self) -> tuple[QFont, QFont, QFont]:
        small = theme.font(theme.scaled(15), tabular=True)
        return theme.font(theme.base, "semibold", tabular=True), theme.font(theme.base, tabular=True), small

    def _rows(self, item: Item) -> int:
        return len(item.lines) + (1 if item.more else 0)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        item = index.data(ITEM)
        strong, plain, small = (QFontMetricsF(font).height() for font in self._fonts())
        height = 2 * MARGIN + small + 4 + strong + self._rows(item) * (plain + 3)
        return QSize(200, max(theme.target, round(height)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item: Item = index.data(ITEM)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(option.rect)
        state = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, theme.color("accent_surface"))
        if state & QStyle.StateFlag.State_HasFocus and state & QStyle.StateFlag.State_KeyboardFocusChange:
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawRect(box.adjusted(1, 1, -1, -2))
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), theme.color("line"))
        icon, token = ("workshop", "accent") if item.here else ("bays", "info")
        icons.paint(painter, icon, QRectF(box.left() + MARGIN, box.top() + MARGIN + 2, ICON, ICON), token)
        room = box.adjusted(MARGIN + ICON + 16, MARGIN, -MARGIN, -MARGIN)
        self._words(painter, room, item)
        painter.restore()

    def _words(self, painter: QPainter, room: QRectF, item: Item) -> None:
        strong, plain, small = self._fonts()
        top = room.top()
        height = QFontMetricsF(small).height()
        self._text(painter, QRectF(room.left(), top, room.width(), height), small, "text_muted",
                   f"{heading(item)} · {sync_words.moment(item.at)}")  # fmt: skip
        top += height + 4
        height = QFontMetricsF(strong).height()
        self._text(painter, QRectF(room.left(), top, room.width(), height), strong, "text", title(item))
        top += height
        height = QFontMetricsF(plain).height()
        for line in item.lines:
            top += 3
            self._line(painter, QRectF(room.left(), top, room.width(), height), plain, line)
            top += height
        if item.more:
            more = trn("and {count} more field", "and {count} more fields", item.more)
            self._text(painter, QRectF(room.left(), top + 3, room.width(), height), plain, "text_muted", more)

    def _line(self, painter: QPainter, room: QRectF, font: QFont, line: Line) -> None:
        left = room.left()
        parts = [(f"{line.field}:  ", "text_muted", False)]
        if line.before:
            parts += [(line.before, "text_muted", True), ("  →  ", "text_muted", False)]
        parts.append((line.after or tr("empty"), "text", False))
        metrics = QFontMetricsF(font)
        for at, (text, token, struck) in enumerate(parts):
            last = at == len(parts) - 1
            # An old value may take up to half of the line, so that the new one is always seen.
            most = room.right() - left if last else min(room.right() - left, room.width() * 0.45)
            used = QFont(font)
            used.setStrikeOut(struck)
            width = min(metrics.horizontalAdvance(text), most)
            self._text(painter, QRectF(left, room.top(), width + 2, room.height()), used, token, text)
            left += width

    def _text(self, painter: QPainter, room: QRectF, font: QFont, token: str, text: str) -> None:
        painter.setFont(font)
        painter.setPen(theme.color(token))
        shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


class Feed(QListView):
    """The list. ``opened(table, row)``: a person wants to see what an item is about."""

    opened = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.feed = FeedModel()
        self.setModel(self.feed)
        self.setItemDelegate(FeedDelegate(self))
        self.setProperty("role", "feed")
        self.setAccessibleName(tr("Changes"))
        self.setUniformItemSizes(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        flick(self)
        self.activated.connect(self._open)
        self.clicked.connect(self._open)

    def _open(self, index: QModelIndex) -> None:
        item: Item = index.data(ITEM)
        self.opened.emit(item.table, item.row)

    def keep_place(self, change: Callable[[], bool]) -> bool:
        """Do ``change`` to the items without moving what is being read, unless the newest was in sight."""
        bar = self.verticalScrollBar()
        if bar.value() == 0:
            return change()
        top = self.indexAt(self.viewport().rect().topLeft())
        mark = QPersistentModelIndex(top)
        offset = self.visualRect(top).top()
        done = change()
        if mark.isValid():
            self.doItemsLayout()
            bar.setValue(bar.value() + self.visualRect(self.model().index(mark.row(), 0)).top() - offset)
        return done
