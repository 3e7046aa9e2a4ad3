"""How a technician did: the person and the period are chosen, the figures say what they are of."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from core.insights.technicians import Performance
from core.language import tr
from core.planning.local_days import day_of
from ui import theme, words
from ui.insights_reading import Person
from ui.pages.insights_chart import short_day
from ui.pages.insights_tiles import Tile, Tiles, hours, of, percent, promised
from ui.widgets.buttons import Segmented
from ui.widgets.panels import Card, label
from ui.widgets.touch import flick


class PeopleSection(QWidget):
    """``asked(staff_id, days)`` when other figures are wanted; ``show_figures`` shows them. ``opened(order_id)``."""

    asked = Signal(str, int)
    opened = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.days = 30
        self.person = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, theme.space(4), theme.space(4))
        column.setSpacing(theme.space(3))
        head = QHBoxLayout()
        self.who_place = QHBoxLayout()
        head.addLayout(self.who_place)
        head.addStretch(1)
        periods = {7: tr("7 days"), 30: tr("30 days"), 90: tr("90 days"), 365: tr("One year")}
        self.period = Segmented(periods, self.days, tr("Period"))
        self.period.chosen.connect(lambda days: self._choose(self.person, int(str(days))))
        head.addWidget(self.period)
        column.addLayout(head)
        self.completed = Tile(tr("Orders completed"))
        self.worked = Tile(tr("Hours worked on orders"))
        self.efficiency = Tile(tr("Efficiency"))
        self.utilisation = Tile(tr("Utilisation"))
        self.mean = Tile(tr("Mean time of an order"))
        self.on_time = Tile(tr("Ready when promised"))
        self.first_time = Tile(tr("Right the first time"))
        self.variety = Tile(tr("Makes and models"))
        column.addWidget(Tiles((
            self.completed, self.worked, self.efficiency, self.utilisation, self.mean, self.on_time, self.first_time,
            self.variety,
        )))  # fmt: skip
        card = Card(tr("Completed orders"))
        self.table = _table()
        self.table.cellActivated.connect(self._open)
        self.none = label(tr("No order was completed in this time."), "muted")
        card.body.addWidget(self.none)
        card.body.addWidget(self.table, 1)
        column.addWidget(card, 1)
        self.who: Segmented | None = None
        self._orders: tuple[str, ...] = ()

    def show_people(self, people: tuple[Person, ...]) -> None:
        """Whose figures can be chosen; the first is, unless one of them was before."""
        if self.who is not None:
            self.who_place.removeWidget(self.who)
            self.who.deleteLater()
            self.who = None
        self.none.setText(
            tr("No order was completed in this time.")
            if people
            else tr("Nobody works on vehicles yet. Technicians are entered in Settings, under People.")
        )
        if not people:
            self.table.hide()
            return
        if self.person not in {each.id for each in people}:
            self.person = people[0].id
        self.who = Segmented({each.id: each.name for each in people}, self.person, tr("Technician"))
        self.who.chosen.connect(lambda person: self._choose(str(person), self.days))
        self.who_place.addWidget(self.who)
        self._choose(self.person, self.days)

    def show_figures(self, found: Performance) -> None:
        """Fill the tiles and the table."""
        self.completed.show_figure(
            words.count(found.completed), tr("worked on {count}", count=words.count(found.orders_worked_on))
        )
        self.worked.show_figure(hours(found.worked / 1000), tr("{sold} sold", sold=hours(found.sold / 1000)))
        few = found.efficiency is None and found.completed
        self.efficiency.show_figure(
            percent(found.efficiency),
            tr("too little time on them to say") if few else tr("sold for each hour worked"),
        )
        self.utilisation.show_figure(
            percent(found.utilisation), tr("of {shift} on shift", shift=hours(found.on_shift / 1000))
        )
        self.mean.show_figure(hours(found.mean_worked), tr("{sold} sold", sold=hours(found.mean_sold)))
        self.on_time.show_figure(percent(found.on_time.rate), promised(found.on_time))
        self.first_time.show_figure(percent(found.first_time.rate), of(found.first_time))
        codes = ", ".join(each.code for each in found.codes)
        self.variety.show_figure(f"{found.makes} / {found.models}", codes or tr("no codes written down"))
        self._fill(found)

    def _choose(self, person: str, days: int) -> None:
        self.person, self.days = person, days
        self.period.set_value(days)
        if person:
            self.asked.emit(person, days)

    def _fill(self, found: Performance) -> None:
        self._orders = tuple(each.order_id for each in found.orders)
        self.none.setVisible(not found.orders)
        self.table.setVisible(bool(found.orders))
        self.table.setRowCount(len(found.orders))
        said = {True: tr("Yes"), False: tr("No"), None: tr("Nothing promised")}
        for row, each in enumerate(found.orders):
            vehicle = " ".join(part for part in (each.plate, each.make, each.model) if part)
            cells = (
                each.number or "", vehicle, short_day(day_of(each.done_at).isoformat(), weekday=True),
                hours(each.sold / 1000), hours(each.worked / 1000), said[each.on_time],
            )  # fmt: skip
            for place, text in enumerate(cells):
                self.table.setItem(row, place, QTableWidgetItem(text))

    def _open(self, row: int, _column: int) -> None:
        if row < len(self._orders):
            self.opened.emit(self._orders[row])


def _table() -> QTableWidget:
    headers = (tr("Order number"), tr("Vehicle"), tr("Ready"), tr("Sold"), tr("Worked"), tr("On time"))
    table = QTableWidget(0, len(headers))
    table.setHorizontalHeaderLabels(list(headers))
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(theme.target)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setFrameShape(QTableWidget.Shape.NoFrame)
    table.setStyleSheet("QTableWidget::item, QHeaderView::section { padding: 0 12px }")
    table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
    table.setAccessibleName(tr("Completed orders"))
    flick(table)
    return table
