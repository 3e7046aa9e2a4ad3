"""A list that is fetched as it scrolls: its rows, how each is drawn, and the one a person chose."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, Protocol, TypeVar

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPoint, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui import theme
from ui.widgets.touch import flick

Index = QModelIndex | QPersistentModelIndex
ROW = int(Qt.ItemDataRole.UserRole)
ROOT = QModelIndex()
AT_ONCE = 200  # rows read again in one go


class Identified(Protocol):
    """What stands in a list: a row that is known by its id."""

    @property
    def id(self) -> str: ...


Row = TypeVar("Row", bound=Identified)
Row_co = TypeVar("Row_co", bound=Identified, covariant=True)


class Pages(Protocol[Row_co]):
    """Row_co rows, and the cursor of those that follow; None after the last."""

    @property
    def items(self) -> Sequence[Row_co]: ...
    @property
    def after(self) -> str | None: ...


class PagedModel(QAbstractListModel, Generic[Row]):
    """Rows read so far; ``spoken(row)`` says one in words, for who does not see it.

    ``wanted(after)`` asks for the next page, ``outdated(ids)`` for rows to be read again.
    """

    wanted = Signal(str)
    outdated = Signal(list)

    def __init__(self, spoken: Callable[[Row], Iterable[str]]) -> None:
        super().__init__()
        self.rows: list[Row] = []
        self.after: str | None = None
        self._spoken = spoken
        self._asked = False
        self._places: dict[str, int] = {}  # of 50,000 rows the one that changed is found at once
        self._old: set[str] = set()
        self._seen: set[str] = set()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._ask)

    # --- what is shown

    def begin(self, page: Pages[Row]) -> None:
        """Show this page and nothing else."""
        self.beginResetModel()
        self.rows, self.after, self._asked = list(page.items), page.after, False
        self._old.clear()
        self._count()
        self.endResetModel()

    def again(self, page: Pages[Row]) -> None:
        """Show the same list as it is now: row by row where the same rows stand in it, else anew."""
        if [row.id for row in page.items] != [row.id for row in self.rows]:
            self.begin(page)
            return
        self.after, self._asked = page.after, False
        for at, row in enumerate(page.items):
            self._put(at, row)

    def add(self, page: Pages[Row]) -> None:
        """Put the next page below."""
        self._asked, self.after = False, page.after
        fresh = [row for row in page.items if row.id not in self._places]
        if fresh:
            first = len(self.rows)
            self.beginInsertRows(ROOT, first, first + len(fresh) - 1)
            self.rows += fresh
            self._places.update({row.id: first + at for at, row in enumerate(fresh)})
            self.endInsertRows()

    def insert(self, at: int, row: Row) -> None:
        """Put a row that is new between those that are shown."""
        self.beginInsertRows(ROOT, at, at)
        self.rows.insert(at, row)
        self._count()
        self.endInsertRows()

    def update(self, changed: Mapping[str, Row | None]) -> None:
        """Show rows as they are; None removes one."""
        for id_, row in changed.items():
            self._old.discard(id_)
            at = self.place(id_)
            if at >= 0 and row is None:
                self.beginRemoveRows(ROOT, at, at)
                del self.rows[at]
                self._count()
                self.endRemoveRows()
            elif at >= 0 and row is not None:
                self._put(at, row)

    def place(self, id_: str) -> int:
        """Where a row stands; -1 when it is not shown."""
        return self._places.get(id_, -1)

    def _put(self, at: int, row: Row) -> None:
        if self.rows[at] != row:
            self.rows[at] = row
            self.dataChanged.emit(self.index(at, 0), self.index(at, 0))

    def _count(self) -> None:
        self._places = {row.id: at for at, row in enumerate(self.rows)}

    # --- what has changed meanwhile

    def grow_old(self) -> None:
        """What is shown may read differently now: each row is asked for again when it is next drawn."""
        self._old = set(self._places)
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, 0))

    def _ask(self) -> None:
        asked = sorted(self._seen & self._old)[:AT_ONCE]
        self._seen.clear()
        self._old.difference_update(asked)
        if asked:
            self.outdated.emit(asked)

    # --- as Qt asks for it

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        row = self.rows[index.row()]
        if role == ROW:
            if row.id in self._old:
                self._seen.add(row.id)
                if not self._soon.isActive():
                    self._soon.start()
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return ", ".join(words for words in self._spoken(row) if words)
        return None

    def canFetchMore(self, parent: Index) -> bool:
        return self.after is not None and not self._asked

    def fetchMore(self, parent: Index) -> None:
        if self.after is not None and not self._asked:
            self._asked = True
            self.wanted.emit(self.after)


class RowDelegate(QStyledItemDelegate, Generic[Row]):
    """Draws what every row has: the one that is chosen, the one with the focus, a line below."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
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
        self.cells(painter, box, index.data(ROW))
        painter.restore()

    def cells(self, painter: QPainter, box: QRectF, row: Row) -> None:
        """Draw what this row says; each list draws its own."""


class PagedList(QListView, Generic[Row]):
    """The list itself. ``chosen(id)``: a person wants to see that row."""

    chosen = Signal(str)

    def __init__(self, name: str, shown: PagedModel[Row], drawn: RowDelegate[Row]) -> None:
        super().__init__()
        self.shown = shown
        self.setModel(shown)
        drawn.setParent(self)
        self.setItemDelegate(drawn)
        self.setProperty("role", "feed")
        self.setUniformItemSizes(True)
        self.setAccessibleName(name)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        flick(self)
        self._quiet = False
        self.selectionModel().currentChanged.connect(self._moved)

    def select(self, id_: str) -> None:
        """Mark a row without telling, as far as it is in the list; none otherwise."""
        at = self.shown.place(id_)
        self.quietly(lambda: self.setCurrentIndex(self.shown.index(at, 0) if at >= 0 else QModelIndex()))

    def show_again(self, page: Pages[Row], id_: str) -> None:
        """The list as it is now, with the row that stood at the top of the window still there; ``id_`` is marked."""
        bar = self.verticalScrollBar()
        top = self.indexAt(QPoint(8, 1))
        kept = self.shown.rows[top.row()].id if top.isValid() and bar.value() > 0 else ""
        within = self.visualRect(top).top() if top.isValid() else 0
        self.quietly(lambda: self.shown.again(page))
        at = self.shown.place(id_)
        if at >= 0 and self.currentIndex().row() != at:
            self.quietly(lambda: self.selectionModel().setCurrentIndex(
                self.shown.index(at, 0), self.selectionModel().SelectionFlag.ClearAndSelect))  # fmt: skip
        stands = self.shown.place(kept) if kept else -1
        if stands >= 0:
            self.scrollTo(self.shown.index(stands, 0), QListView.ScrollHint.PositionAtTop)
            bar.setValue(bar.value() - within)

    def quietly(self, change: Callable[[], object]) -> None:
        """Do ``change`` without taking it for a person's choice."""
        before, self._quiet = self._quiet, True
        try:
            change()
        finally:
            self._quiet = before

    def _moved(self, current: QModelIndex, previous: QModelIndex) -> None:
        if current.isValid() and not self._quiet:
            self.chosen.emit(current.data(ROW).id)
