"""The figures of the vehicles that are shown: how many, how far driven, how old, what they burn, how often served."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from core.language import tr, trn
from core.vehicles.figures import Share, VehicleFigures
from ui import theme, vehicle_words, words
from ui.widgets import alarm_strip
from ui.widgets.drawn_text import text
from ui.widgets.panels import Card, ElidedLabel, label

MOST = 7  # shares of one kind; what is rarer is summed up
YEARS = 8


class Bars(QWidget):
    """A few amounts as bars, each with its word and its number: ``show_rows``."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[tuple[str, int], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_rows(self, rows: Sequence[tuple[str, int]]) -> None:
        """Words and amounts, top down."""
        self.rows = tuple(rows)
        self.setAccessibleName(", ".join(f"{said} {words.count(count)}" for said, count in rows))
        self.setFixedHeight(max(1, len(self.rows)) * theme.scaled(28))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.rows:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plain, number = theme.font(theme.scaled(15)), theme.font(theme.scaled(15), "semibold", tabular=True)
        most = max(count for _, count in self.rows) or 1
        high = float(theme.scaled(28))
        widths = (QFontMetricsF(plain).horizontalAdvance(said) for said, _ in self.rows)
        words_width = min(self.width() * 0.46, max(widths) + 12)
        count_width = max(QFontMetricsF(number).horizontalAdvance(words.count(count)) for _, count in self.rows) + 8
        room = self.width() - words_width - count_width - 8
        for at, (said, count) in enumerate(self.rows):
            top = at * high
            text(painter, QRectF(0, top, words_width - 8, high), plain, "text_muted", said)
            painter.setPen(theme.color("track"))
            painter.setBrush(theme.color("track"))
            bar = QRectF(words_width, top + high / 2 - 6, room, 12)
            painter.fillRect(bar, theme.color("surface_sunken"))
            painter.fillRect(QRectF(bar.left(), bar.top(), max(2.0, room * count / most), 12), theme.color("accent"))
            place = QRectF(self.width() - count_width, top, count_width, high)
            text(painter, place, number, "text", words.count(count), right=True)


class FiguresPanel(QWidget):
    """``show_figures`` says how things stand with what the list shows."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, theme.space(3), alarm_strip.room())
        column.setSpacing(theme.space(3))
        self.head = Card()
        self.head.body.setSpacing(theme.space(1))
        self.count = ElidedLabel("", px=44, weight="semibold").set_tabular()
        self.of = label("", "muted", wrap=True)
        self.head.body.addWidget(self.count)
        self.head.body.addWidget(self.of)
        means = QGridLayout()
        means.setHorizontalSpacing(theme.space(4))
        self.odometer, self.age = (ElidedLabel("", px=22, weight="semibold").set_tabular() for _ in range(2))
        for at, (title, shown) in enumerate(((tr("Mean odometer"), self.odometer), (tr("Mean age"), self.age))):
            means.addWidget(label(title, "caption"), 0, at)
            means.addWidget(shown, 1, at)
            means.setColumnStretch(at, 1)
        self.head.body.addLayout(means)
        column.addWidget(self.head)
        self.fuels, self.statuses, self.years = Bars(), Bars(), Bars()
        for title, bars in (
            (tr("Fuel"), self.fuels),
            (tr("Status"), self.statuses),
            (tr("Services by year"), self.years),
        ):
            card = Card(title)
            card.body.addWidget(bars)
            if bars is self.years:
                self.unserved = label(tr("None of them was served here yet."), "muted", wrap=True)
                card.body.addWidget(self.unserved)
            column.addWidget(card)
        column.addStretch(1)

    def show_figures(self, found: VehicleFigures, *, filtered: bool) -> None:
        self.count.set_text(words.count(found.count))
        what = trn("vehicle", "vehicles", found.count)
        self.of.setText(tr("{vehicles} of this search", vehicles=what) if filtered else what)
        self.odometer.set_text(vehicle_words.distance(found.mean_odometer_km) or "–")
        self.age.set_text(vehicle_words.months(found.mean_age_months) or "–")
        self.fuels.show_rows(_shares(found.fuel_types, vehicle_words.fuel))
        self.statuses.show_rows(_shares(found.statuses, vehicle_words.status))
        self.years.show_rows([(str(year), count) for year, count in reversed(found.services[-YEARS:])])
        self.years.setVisible(bool(found.services))
        self.unserved.setVisible(not found.services)


def _shares(shares: Sequence[Share], word: Callable[[str | None], str]) -> list[tuple[str, int]]:
    """The most frequent by name, the rest in one."""
    known = [(word(each.name), each.count) for each in shares if each.name is not None]
    unknown = sum(each.count for each in shares if each.name is None)
    rest = sum(count for _, count in known[MOST:])
    found = known[:MOST]
    if rest:
        found.append((tr("Others"), rest))
    if unknown:
        found.append((tr("Not known"), unknown))
    return found
