"""The list of vehicles: fetched as it scrolls, each row read again when it is seen after something changed."""

from PySide6.QtCore import QModelIndex, QRectF, QSize
from PySide6.QtGui import QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from core.language import tr
from ui import theme, vehicle_words
from ui.vehicles_reading import VehicleLine
from ui.widgets import icons
from ui.widgets.drawn_text import text
from ui.widgets.paged_list import ROW, Index, PagedList, PagedModel, RowDelegate

MARGIN = 12
STATE = 24  # px of the shape


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


class VehicleDelegate(RowDelegate[VehicleLine]):
    """Plate and what it is, whose it is and when it was here last, how far it was driven."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        lines = QFontMetricsF(_strong()).height() + QFontMetricsF(_small()).height()
        return QSize(200, max(theme.target, round(2 * MARGIN + lines + 2)))

    def cells(self, painter: QPainter, box: QRectF, row: VehicleLine) -> None:
        line, vehicle = row, row.vehicle
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


class VehiclesList(PagedList[VehicleLine]):
    """Vehicles. A tap chooses; the arrow keys do where the profile stands beside the list."""

    def __init__(self) -> None:
        super().__init__(tr("Vehicles"), PagedModel(spoken), VehicleDelegate())
        self.clicked.connect(self._choose)
        self.activated.connect(self._choose)

    @property
    def follows(self) -> bool:
        """Whether the profile follows the arrow keys: only where it stands beside the list."""
        return bool(self.property("follows"))

    def _choose(self, index: QModelIndex) -> None:
        self.chosen.emit(index.data(ROW).id)

    def _moved(self, current: QModelIndex, previous: QModelIndex) -> None:
        if self.follows:
            super()._moved(current, previous)
