"""Sheets of paper lying under one another, to be pushed with a finger and made larger and smaller."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from core.language import tr
from ui import theme
from ui.widgets.touch import flick

SHOWN_PPI = 160.0  # sharp at twice the width a sheet has on a terminal
WHOLE = 0.0  # a whole page, however small
ZOOMS = (WHOLE, 0.75, 1.0, 1.4, 2.0)  # of the width there is
LARGEST = 1.6  # of the size on paper, at zoom 1: a label need not fill the window
_SCREEN_PPI = 96.0


class PagesView(QScrollArea):
    """Pages of a paper. Until there are some it says what it waits for."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets = _Sheets()
        self.setWidget(self.sheets)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(theme.scaled(220))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(tr("Pages"))
        self._zoom = ZOOMS.index(1.0)
        flick(self)

    def sizeHint(self) -> QSize:
        """All the height there is: the sheet around takes no more than the window has."""
        return QSize(theme.scaled(900), theme.scaled(2000))

    def show_pages(self, pages: Sequence[bytes]) -> None:
        """PNG pictures, set with ``SHOWN_PPI``."""
        self.sheets.images = [QImage.fromData(page) for page in pages]
        self.sheets.words = ""
        self._fit()

    def say(self, words: str) -> None:
        """Instead of pages."""
        self.sheets.images, self.sheets.words = [], words
        self._fit()

    def can_zoom(self, step: int) -> bool:
        return 0 <= self._zoom + step < len(ZOOMS)

    def zoom(self, step: int) -> None:
        """A step larger (1) or smaller (-1); what is in the middle stays there."""
        if not self.can_zoom(step):
            return
        bar = self.verticalScrollBar()
        middle = (bar.value() + bar.pageStep() / 2) / max(1, self.sheets.height())
        self._zoom += step
        self._fit()
        bar.setValue(round(middle * self.sheets.height() - bar.pageStep() / 2))

    def scroll_by_key(self, key: int) -> bool:
        """Whether it was a key to scroll with."""
        bar = self.verticalScrollBar()
        steps = {
            Qt.Key.Key_PageDown: bar.pageStep(),
            Qt.Key.Key_PageUp: -bar.pageStep(),
            Qt.Key.Key_Down: theme.scaled(60),
            Qt.Key.Key_Up: -theme.scaled(60),
            Qt.Key.Key_Home: -self.sheets.height(),
            Qt.Key.Key_End: self.sheets.height(),
        }
        step = steps.get(Qt.Key(key))
        if step is None:
            return False
        bar.setValue(bar.value() + step)
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.sheets.lay_out(self.viewport().size(), ZOOMS[self._zoom])


class _Sheets(QWidget):
    """The pages, drawn on a ground that tells them from it."""

    def __init__(self) -> None:
        super().__init__()
        self.images: list[QImage] = []
        self.words = tr("The paper is being set …")
        self._places: list[QRectF] = []
        self._small: dict[int, QPixmap] = {}  # pages in the size they are shown in

    def lay_out(self, room: QSize, zoom: float) -> None:
        """Place the pages in ``room``, as wide as it is at zoom 1, and take the size they need. A few are centered."""
        gap = theme.space(5)
        widest = max((image.width() for image in self.images), default=0)
        natural = widest / SHOWN_PPI * _SCREEN_PPI * LARGEST
        width = max(80.0, min(float(room.width() - 2 * gap), natural) * (zoom or 1.0))
        if zoom == WHOLE:
            slimmest = min((image.width() / max(1, image.height()) for image in self.images), default=1.0)
            width = max(80.0, min(width * ZOOMS[1], (room.height() - 2 * gap) * slimmest))
        across = max(float(room.width()), width + 2 * gap)
        self._small.clear()
        self._places, top = [], float(gap)
        for image in self.images:
            page = width * image.width() / max(1, widest)
            height = page * image.height() / max(1, image.width())
            self._places.append(QRectF((across - page) / 2, top, page, height))
            top += height + gap
        if top < room.height():
            for place in self._places:
                place.translate(0, (room.height() - top) / 2)
        self.resize(round(across), max(room.height(), round(top)))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(event.rect(), theme.color("surface_sunken"))
        if self.words:
            painter.setPen(theme.color("text_muted"))
            painter.setFont(theme.font(theme.base))
            box = self.rect().adjusted(theme.space(6), theme.space(6), -theme.space(6), -theme.space(6))
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), self.words)
        for at, place in enumerate(self._places):
            if place.intersects(QRectF(event.rect())):
                painter.fillRect(place.adjusted(-1, -1, 1, 1), theme.color("outline"))
                shown = self._shown(at, place)
                painter.drawPixmap(place, shown, QRectF(shown.rect()))

    def _shown(self, at: int, place: QRectF) -> QPixmap:
        """A page made smaller by averaging: drawn small as it is, thin lines and letters would break up."""
        if at not in self._small:
            image, ratio = self.images[at], self.devicePixelRatioF()
            wanted = QSize(round(place.width() * ratio), round(place.height() * ratio))
            if wanted.width() < image.width():
                keep, smooth = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
                image = image.scaled(wanted, keep, smooth)
            self._small[at] = QPixmap.fromImage(image)
        return self._small[at]
