"""The list of vehicles: fetched as it scrolls, each row read again when it is seen after something changed."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from core.language import tr
from ui import theme, vehicle_words
from ui.pages.parts_list import text
from ui.vehicles_reading import VehicleLine, VehiclePage
from ui.widgets import icons
from ui.widgets.touch import flick

Index = QModelIndex | QPersistentModelIndex
LINE = int(Qt.ItemDataRole.UserRole)
ROOT = QModelIndex()
MARGIN = 12
STATE = 24  # px of the shape
AT_ONCE = 200  # rows read again in one go


class VehiclesModel(QAbstractListModel):
    """Vehicles read so far. ``wanted(after)`` asks for the next page, ``outdated(ids)`` for rows to be read again."""

    wanted = Signal(str)
    outdated = Signal(list)

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[VehicleLine] = []
        self.after: str | None = None
        self._asked = False
        self._places: dict[str, int] = {}  # of 50,000 rows the one that changed is found at once
        self._old: set[str] = set()
        self._seen: set[str] = set()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._ask)

    def begin(self, page: VehiclePage) -> None:
        """Show this page and nothing else."""
        self.beginResetModel()
        self.lines, self.after, self._asked = list(page.items), page.after, False
        self._old.clear()
        self._count()
        self.endResetModel()

    def add(self, page: VehiclePage) -> None:
        """Put the next page below."""
        self._asked, self.after = False, page.after
        fresh = [line for line in page.items if line.id not in self._places]
        if fresh:
            first = len(self.lines)
            self.beginInsertRows(ROOT, first, first + len(fresh) - 1)
            self.lines += fresh
            self._places.update({line.id: first + at for at, line in enumerate(fresh)})
            self.endInsertRows()

    def _count(self) -> None:
        self._places = {line.id: at for at, line in enumerate(self.lines)}

    def place(self, row: str) -> int:
        """Where a vehicle stands; -1 when it is not shown."""
        return self._places.get(row, -1)

    def grow_old(self) -> None:
        """What is shown may read differently now: each row is asked for again when it is next drawn."""
        self._old = set(self._places)
        if self.lines:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.lines) - 1, 0))

    def update(self, changed: Mapping[str, VehicleLine | None]) -> None:
        """Show vehicles as they are; None removes one."""
        for row, line in changed.items():
            self._old.discard(row)
            at = self.place(row)
            if at >= 0 and line is None:
                self.beginRemoveRows(ROOT, at, at)
                del self.lines[at]
                self._count()
                self.endRemoveRows()
            elif at >= 0 and line is not None and self.lines[at] != line:
                self.lines[at] = line
                self.dataChanged.emit(self.index(at, 0), self.index(at, 0))

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        line = self.lines[index.row()]
        if role == LINE:
            if line.id in self._old:
                self._seen.add(line.id)
                if not self._soon.isActive():
                    self._soon.start()
            return line
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return ", ".join(each for each in spoken(line) if each)
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


def spoken(line: VehicleLine) -> tuple[str, ...]:
    """A vehicle in words: plate, what it is, whose, how far driven, and what is due."""
    vehicle = line.vehicle
    return (
        vehicle.plate or tr("No plate"),
        vehicle_words.about(vehicle),
        line.owner,
        vehicle_words.distance(vehicle.odometer_km),
        *remark(line)[2:],
    )


def remark(line: VehicleLine) -> tuple[str, str, str]:
    """Icon, token and words of the one thing somebody should see of a vehicle from the list."""
    vehicle = line.vehicle
    if vehicle.deleted_at is not None:
        return "trash", "stale", tr("Deleted")
    if vehicle.odometer_held_id is not None:
        return "warning", "warning", tr("Odometer to look at")
    if found := vehicle_words.warnings(vehicle):
        return found[0]
    if vehicle.status and vehicle.status != "active":
        icon, token = vehicle_words.STATUS_SHAPES.get(vehicle.status, ("info", "info"))
        return icon, token, vehicle_words.status(vehicle.status)
    return "", "", ""


class VehicleDelegate(QStyledItemDelegate):
    """Plate and what it is, whose it is and when it was here last, how far it was driven."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        lines = QFontMetricsF(_strong()).height() + QFontMetricsF(_small()).height()
        return QSize(200, max(theme.target, round(2 * MARGIN + lines + 2)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line: VehicleLine = index.data(LINE)
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
        self._cells(painter, box, line)
        painter.restore()

    def _cells(self, painter: QPainter, box: QRectF, line: VehicleLine) -> None:
        vehicle = line.vehicle
        icon, token, said = remark(line)
        left = box.left() + MARGIN + 4
        shape = icon or "car"
        icons.paint(
            painter, shape, QRectF(left, box.center().y() - STATE / 2, STATE, STATE), token or "text_muted"
        )  # fmt: skip
        left += STATE + 14
        right = box.right() - MARGIN - 2
        far = max(128.0, box.width() * 0.2)
        middle = left + (right - far - left) * 0.54
        high, low = QFontMetricsF(_strong()).height(), QFontMetricsF(_small()).height()
        top = box.top() + MARGIN
        below = top + high + 2
        room = middle - left - 12
        text(painter, QRectF(left, top, room, high), _strong(), "text", vehicle.plate or tr("No plate"))
        text(painter, QRectF(left, below, room, low), _small(), "text_muted", vehicle_words.about(vehicle))
        room = right - far - middle - 12
        text(painter, QRectF(middle, top, room, high), _plain(), "text", line.owner or "–")
        served = vehicle_words.day_of(line.served_at)
        said_small = theme.font(theme.scaled(15), "medium") if said else _small()
        shown = said or (tr("Last here {day}", day=served) if served else tr("Not served here yet"))
        wide = right - middle if said else room  # what somebody should see needs no end in an ellipsis
        text(painter, QRectF(middle, below, wide, low), said_small, "text" if said else "text_muted", shown)
        driven = vehicle_words.distance(vehicle.odometer_km) or "–"
        text(painter, QRectF(right - far, top, far, high), _number(), "text", driven, right=True)
        when = "" if said else vehicle_words.day_of(vehicle.odometer_read_at)
        text(painter, QRectF(right - far, below, far, low), _small(), "text_muted", when, right=True)


def _strong() -> QFont:
    return theme.font(theme.scaled(19), "semibold", tabular=True)


def _plain() -> QFont:
    return theme.font(theme.scaled(17))


def _number() -> QFont:
    return theme.font(theme.scaled(18), "medium", tabular=True)


def _small() -> QFont:
    return theme.font(theme.scaled(15), tabular=True)


class VehiclesList(QListView):
    """The list. ``chosen(row)``: a person wants to see that vehicle."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.vehicles = VehiclesModel()
        self.setModel(self.vehicles)
        self.setItemDelegate(VehicleDelegate(self))
        self.setProperty("role", "feed")
        self.setUniformItemSizes(True)
        self.setAccessibleName(tr("Vehicles"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        flick(self)
        self._quiet = False
        self.selectionModel().currentChanged.connect(self._moved)
        self.clicked.connect(lambda index: self.chosen.emit(index.data(LINE).id))
        self.activated.connect(lambda index: self.chosen.emit(index.data(LINE).id))

    def select(self, row: str) -> None:
        """Mark a vehicle without telling, as far as it is in the list."""
        at = self.vehicles.place(row)
        self.quietly(lambda: self.setCurrentIndex(self.vehicles.index(at, 0) if at >= 0 else QModelIndex()))

    def quietly(self, change: Callable[[], object]) -> None:
        """Do ``change`` without taking it for a person's choice."""
        before, self._quiet = self._quiet, True
        try:
            change()
        finally:
            self._quiet = before

    @property
    def follows(self) -> bool:
        """Whether the profile follows the arrow keys: only where it stands beside the list."""
        return bool(self.property("follows"))

    def _moved(self, current: QModelIndex, previous: QModelIndex) -> None:
        if current.isValid() and not self._quiet and self.follows:
            line: VehicleLine = current.data(LINE)
            self.chosen.emit(line.id)
