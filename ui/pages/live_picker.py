"""Finding a signal: what this car offers first, then everything there is, by typing or scrolling."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from core.language import tr
from core.obd.signals import SIGNALS
from core.obd.units import unit_words
from ui import theme
from ui.widgets import alarm_strip, icons
from ui.widgets.gauge_model import signal_of, title_of
from ui.widgets.gauge_paint import LEFT, RIGHT, elided, font, put
from ui.widgets.touch import flick

KEY = Qt.ItemDataRole.UserRole
HEADING = Qt.ItemDataRole.UserRole + 1
_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the list: a signal, or a heading when ``key`` is empty."""

    key: str
    title: str
    beside: str = ""  # unit and PID
    words: str = ""  # what it is found by, folded


_FOOT = Entry("", "")  # the list can be pushed up until its last signal is clear of the alarm strip


def entries(available: Collection[str], text: str) -> list[Entry]:
    """The lines for what was typed: signals this car offers, then all others, each under its heading."""
    wanted = text.casefold().split()
    offered = _matching(dict.fromkeys(available), wanted)
    others = _matching((name for name in SIGNALS if name not in set(available)), wanted)
    found: list[Entry] = []
    if offered:
        found += [Entry("", tr("This car offers")), *offered]
    if others:
        found += [Entry("", tr("Other signals") if available else tr("All signals")), *others]
    return found


def _matching(keys: Iterable[str], wanted: list[str]) -> list[Entry]:
    found = []
    for key in keys:
        signal = signal_of(key)
        title = title_of(key)
        pid = signal.pid_text if signal else ""
        unit = unit_words(signal.unit) if signal else ""
        words = " ".join((title, key, unit, pid, *((signal.unit, signal.group) if signal else ()))).casefold()
        if all(word in words for word in wanted):
            found.append(Entry(key, title, "   ".join(part for part in (unit, pid) if part), words))
    return sorted(found, key=lambda entry: _rank(entry, wanted))


def _rank(entry: Entry, wanted: list[str]) -> tuple[bool, str]:
    """What begins with what was typed comes first, then by title."""
    folded = entry.title.casefold()
    return (bool(wanted) and not folded.startswith(wanted[0]), folded)


class _Model(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.entries: list[Entry] = []

    def show(self, entries_: list[Entry]) -> None:
        self.beginResetModel()
        self.entries = entries_
        self.endResetModel()

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return len(self.entries)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        entry = self.entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{entry.title} {entry.beside}".strip()
        if role == KEY:
            return entry.key
        return not entry.key if role == HEADING else None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        if not self.entries[index.row()].key:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class _Line(QStyledItemDelegate):
    """Title at the left, unit and PID at the right."""

    def __init__(self, model: _Model, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self.shown: frozenset[str] = frozenset()

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        entry = self._model.entries[index.row()]
        if entry is _FOOT:
            return QSize(100, alarm_strip.room())
        return QSize(100, theme.target if entry.key else round(theme.base * 2.2))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        entry = self._model.entries[index.row()]
        rect: QRect = option.rect
        box = QRectF(rect).adjusted(14, 0, -14, 0)
        if not entry.key:
            small = font(round(theme.base * 0.84), "semibold")
            put(painter, box.adjusted(0, 8, 0, 0), entry.title, small, theme.color("text_muted"), LEFT)
            return
        state = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.color("accent_surface"))
            painter.fillRect(QRect(rect.left(), rect.top(), 4, rect.height()), theme.color("accent"))
        beside = font(round(theme.base * 0.84), "regular", True)
        put(painter, box, entry.beside, beside, theme.color("text_muted"), RIGHT)
        if entry.key in self.shown:
            icons.paint(painter, "ok", QRectF(box.left(), box.center().y() - 10, 20, 20), "accent")
            box.setLeft(box.left() + 28)
        words = elided(entry.title, round(box.width()) - 90, theme.base, "regular")
        put(painter, box, words, font(theme.base, "regular"), theme.color("text"), LEFT)


class _Search(QLineEdit):
    """Up and Down walk through the list while one types."""

    walk = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -8, Qt.Key.Key_PageDown: 8}
        if Qt.Key(event.key()) in step:
            self.walk.emit(step[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.returnPressed.emit()
            event.accept()
        else:
            super().keyPressEvent(event)


class SignalPicker(QWidget):
    """A search field over a list. ``chosen`` carries the key of the signal a person took."""

    chosen = Signal(str)

    def __init__(self, available: Collection[str], shown: Collection[str] = ()) -> None:
        super().__init__()
        self._available = tuple(available)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(2))
        self.search = _Search()
        self.search.setPlaceholderText(tr("Find a signal by name, unit or PID"))
        self.search.setAccessibleName(tr("Find a signal"))
        self.search.setClearButtonEnabled(True)
        self._model = _Model()
        self.list = QListView()
        self.list.setModel(self._model)
        self._line = _Line(self._model, self.list)
        self._line.shown = frozenset(shown)
        self.list.setItemDelegate(self._line)
        self.list.setUniformItemSizes(False)
        self.list.setAccessibleName(tr("Signals"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        flick(self.list)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        self.search.textChanged.connect(self._fill)
        self.search.walk.connect(self._walk)
        self.search.returnPressed.connect(self._take_current)
        self.list.clicked.connect(self._take)
        self.list.activated.connect(self._take)
        self._taken = False
        self._fill("")

    @property
    def entries(self) -> list[Entry]:
        """The lines now in the list."""
        return self._model.entries[:-1]

    def _fill(self, text: str) -> None:
        found = entries(self._available, text)
        if not found:
            found = [Entry("", tr("There is no signal “{text}”.", text=text))]
        self._model.show([*found, _FOOT])
        first = next((row for row, entry in enumerate(found) if entry.key), None)
        if first is not None:
            self.list.setCurrentIndex(self._model.index(first))
        self.list.scrollToTop()

    def _walk(self, step: int) -> None:
        rows = [row for row, entry in enumerate(self.entries) if entry.key]
        if rows:
            now = self.list.currentIndex().row()
            at = rows.index(now) if now in rows else 0
            self.list.setCurrentIndex(self._model.index(rows[max(0, min(len(rows) - 1, at + step))]))

    def _take_current(self) -> None:
        self._take(self.list.currentIndex())

    def _take(self, index: QModelIndex) -> None:
        # A tap is both a click and an activation on some platforms; a signal is taken once.
        key = str(index.data(KEY) or "") if index.isValid() else ""
        if key and not self._taken:
            self._taken = True
            self.chosen.emit(key)
