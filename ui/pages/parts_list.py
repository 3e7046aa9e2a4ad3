"""The list of parts: fetched as it scrolls, each row read again when it is seen after something changed."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QListView, QStyleOptionViewItem, QWidget

from core.language import tr
from core.workshop.parts import PartView
from ui import part_words, theme
from ui.money_words import pieces
from ui.widgets import icons
from ui.widgets.drawn_text import text
from ui.widgets.paged_list import Index, PagedList, PagedModel, RowDelegate

MARGIN = 12
STATE = 24  # px of the shape


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


class PartDelegate(RowDelegate[PartView]):
    """Name and number, where it lies, minimum and what comes, and how many there are."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        lines = QFontMetricsF(_name()).height() + QFontMetricsF(_small()).height()
        return QSize(200, max(theme.target, round(2 * MARGIN + lines + 2)))

    def cells(self, painter: QPainter, box: QRectF, row: PartView) -> None:
        part = row
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


class PartsList(PagedList[PartView]):
    """The parts of the store."""

    def __init__(self) -> None:
        super().__init__(tr("Parts"), PagedModel(spoken), PartDelegate())
