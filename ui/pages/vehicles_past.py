"""What was: the visits of a vehicle with what each came to, what its odometer said, and whose it was."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QHBoxLayout

from core.language import tr, trn
from core.vehicles.held_readings import HeldReadingView
from core.vehicles.odometer import SOURCES, ReadingView
from core.workshop.decisions import DECLINED
from core.workshop.vehicle_history import Visit
from ui import sync_words, theme, vehicle_tabs_reading, vehicle_words, vehicles_writing, words
from ui.money_words import money
from ui.order_opening import open_order
from ui.order_words import status_shape, status_words
from ui.pages.papers_preview import open_paper
from ui.pages.vehicles_chart import OdometerChart
from ui.pages.vehicles_held import HeldBand
from ui.pages.vehicles_line import Line, Lines
from ui.pages.vehicles_tab import ProfileTab, Section
from ui.vehicle_tabs_reading import OdometerRead, Owner
from ui.widgets.amount_sheet import AmountSheet
from ui.widgets.buttons import Button
from ui.widgets.panels import label

WORK_WORDS = 3  # lines of an order that are named


class HistoryTab(ProfileTab):
    """Visits, the last first; each opens its order."""

    TABLES = frozenset({"repair_orders", "repair_order_lines", "line_decisions", "status_moves"})

    def build(self) -> None:
        self._after: str | None = None
        top = QHBoxLayout()
        top.setSpacing(theme.space(3))
        self.said = label("", "muted", wrap=True)
        top.addWidget(self.said, 1)
        self.print = Button(tr("Print the history"), "print")
        self.print.clicked.connect(lambda _=False: self.open_paper())
        top.addWidget(self.print)
        self.column.addLayout(top)
        self.section = Section(
            tr("Visits"),
            tr(
                "It was not here yet. “New repair order” at the top makes the first visit; it stands here from then on."
            ),
        )
        self.visits = Lines()
        self.section.body.addLayout(self.visits)
        self.more = Button(tr("Older"), "chevron-down")
        self.more.clicked.connect(lambda _=False: self._older())
        self.more.hide()
        self.section.body.addWidget(self.more)
        self.column.addWidget(self.section)
        self.column.addStretch(1)

    def begin(self) -> None:
        self.visits.clear()
        self.said.setText("")
        self.more.hide()

    def reading(self) -> Callable[[], Any]:
        records, row = self.desk.records, self.row
        return lambda: vehicle_tabs_reading.read_history(records, row)

    def show_read(self, found: Any) -> None:
        history, currency = found
        self.visits.show_lines([self._line(each, currency) for each in history.items])
        self.section.empty.setVisible(not history.items)
        self._after = history.after
        self.more.setVisible(history.after is not None)
        self.print.setEnabled(bool(history.items))
        said = trn("{count} visit", "{count} visits", history.count)
        if history.after is None and history.items:
            total = sum(each.totals.gross for each in history.items)
            said = tr("{visits}, {sum} together", visits=said, sum=money(total, currency))
        self.said.setText(said if history.count else "")

    def _line(self, visit: Visit, currency: str) -> Line:
        order = visit.order
        icon, token = status_shape(order.status)
        work = [each for each in visit.lines if each.line.kind != "discount"]
        done = [each.line.description or "" for each in work if each.state != DECLINED]
        shown = ", ".join(each for each in done[:WORK_WORDS] if each)
        if len(done) > WORK_WORDS:
            shown = tr("{work} and {count} more", work=shown, count=len(done) - WORK_WORDS)
        title = " · ".join(each for each in (vehicle_words.day_of(order.opened_at), order.complaint or shown) if each)
        who = visit.technician_name or visit.adviser_name or ""
        facts = (order.number, status_words(order.status), vehicle_words.distance(order.odometer_in), who)
        no = len(work) - len(done)
        declined = trn("{count} declined", "{count} declined", no) if no else ""
        below = " · ".join(each for each in (*facts, shown if order.complaint else "", declined) if each)
        gross = money(visit.totals.gross, currency) if visit.lines else ""
        row = order.id
        return Line(icon, token, " ".join(title.split()), below, gross, press=lambda: self._open(row))

    def _open(self, row: str) -> None:
        open_order(self.desk.context, row)

    def _older(self) -> None:
        records, row, after, asked = self.desk.records, self.row, self._after, self._asked
        if after is None:
            return

        def add(found: Any) -> None:
            history, currency = found
            if asked == self._asked:
                self.visits.add_lines([self._line(each, currency) for each in history.items])
                self._after = history.after
                self.more.setVisible(history.after is not None)

        self.desk.read(lambda: vehicle_tabs_reading.read_history(records, row, after), add)

    def open_paper(self) -> None:
        """The history as a paper to look at, print or save."""
        open_paper(self, self.desk.context, "history", self.row)


class OdometerTab(ProfileTab):
    """Readings as a list and as a line, and what nobody believed."""

    TABLES = frozenset({"odometer_readings", "held_readings"})

    def build(self) -> None:
        self.held: list[HeldBand] = []
        self.readings: tuple[ReadingView, ...] = ()
        self.new = Button(tr("New reading"), "plus")
        self.new.clicked.connect(lambda _=False: self.open_new())
        self.drawn = Section(tr("How far it was driven"), button=self.new)
        self.chart = OdometerChart()
        self.chart.setFixedHeight(theme.scaled(230))
        self.drawn.body.addWidget(self.chart)
        self.column.addWidget(self.drawn)
        self.section = Section(
            tr("Readings"),
            tr("No reading yet. Each repair order brings one; “New reading” writes what the odometer says now."),
        )
        self.list = Lines()
        self.section.body.addLayout(self.list)
        self.column.addWidget(self.section)
        self.column.addStretch(1)

    def begin(self) -> None:
        self.list.clear()
        self._show_held(())
        self.chart.show_readings(())

    def reading(self) -> Callable[[], Any]:
        records, row = self.desk.records, self.row
        return lambda: vehicle_tabs_reading.read_odometer(records, row)

    def show_read(self, found: OdometerRead) -> None:
        self.readings = found.readings
        self._show_held(found.held[1:])  # the first one is asked about in the head
        self.chart.show_readings(found.readings)
        self.drawn.setVisible(True)
        self.chart.setVisible(len(found.readings) > 1)
        self.list.show_lines(
            [
                self._line(at, each, who)
                for at, (each, who) in enumerate(zip(found.readings, found.writers, strict=True))
            ]
        )
        self.section.empty.setVisible(not found.readings)
        self.new.setEnabled(self.desk.may("vehicles.change"))

    def _show_held(self, held: tuple[HeldReadingView, ...]) -> None:
        for old in self.held:
            self.column.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.held = [HeldBand(self.desk, each) for each in held]
        for at, band in enumerate(self.held):
            self.column.insertWidget(at, band)

    def _line(self, at: int, reading: ReadingView, who: str) -> Line:
        before = self.readings[at + 1].value if at + 1 < len(self.readings) else None
        gone = ""
        if before is not None and reading.value is not None:
            gone = f"{'+' if reading.value >= before else '−'}{words.count(abs(reading.value - before))}"
        source = vehicle_words.known(SOURCES, reading.source)
        when = sync_words.moment(reading.read_at) if reading.read_at is not None else tr("No day")
        title = vehicle_words.day_of(reading.read_at) or when
        below = " · ".join(each for each in (source, who) if each)
        may = self.desk.may("vehicles.change")
        row = reading.id
        return Line(
            "speed", "text_muted", title, below, vehicle_words.distance(reading.value), gone,
            press=(lambda: self._drop(row)) if may and at == 0 and reading.source == "person" else None,
        )  # fmt: skip

    def _drop(self, row: str) -> None:
        """The last one was a mistake: it goes, with the way back."""
        records, actor = self.desk.records, self.desk.actor
        self.desk.run(
            lambda: vehicles_writing.drop_reading(records, actor, row),
            tr("The reading is taken away."),
            lambda _: vehicles_writing.bring_reading(records, actor, row),
        )

    def open_new(self) -> None:
        """What it says now, on the number pad."""
        now = self.readings[0].value if self.readings else None
        hint = tr("The last one was {distance}.", distance=vehicle_words.distance(now)) if now is not None else ""
        AmountSheet(
            self, tr("What the odometer says"), None, self._write, unit=tr("km"), decimals=0, hint=hint
        ).open()  # fmt: skip

    def _write(self, km: int | None) -> None:
        if km is None:
            return
        records, actor, row = self.desk.records, self.desk.actor, self.row

        def said(made: Any) -> str:
            if isinstance(made, HeldReadingView):
                return tr("Nobody would believe this yet: look at it above.")
            return tr("{distance} is written.", distance=vehicle_words.distance(km))

        self.desk.run(lambda: vehicles_writing.new_reading(records, actor, row, km), said)


class OwnersTab(ProfileTab):
    """Whose it was, the last first; each shows what else they have."""

    TABLES = frozenset({"owner_periods", "customers", "vehicles", "contact_ways"})

    def build(self) -> None:
        self.section = Section(
            tr("Owners"),
            tr("No owner is known. On the tab Overview a customer is given to it; who had it before stays here."),
        )
        self.list = Lines()
        self.section.body.addLayout(self.list)
        self.column.addWidget(self.section)
        self.column.addStretch(1)

    def begin(self) -> None:
        self.list.clear()

    def reading(self) -> Callable[[], Any]:
        records, row = self.desk.records, self.row
        return lambda: vehicle_tabs_reading.read_owners(records, row)

    def show_read(self, found: tuple[Owner, ...]) -> None:
        self.list.show_lines([self._line(each) for each in found])
        self.section.empty.setVisible(not found)

    def _line(self, owner: Owner) -> Line:
        period, customer = owner.period, owner.customer
        since = tr("since {day}", day=vehicle_words.day(period.since)) if period.since else ""
        until = tr("until {day}", day=vehicle_words.day(period.until)) if period.until else tr("Has it now")
        name = (customer.name if customer else None) or tr("not known here yet")
        reached = (customer.phone or customer.mobile or customer.email or "") if customer else ""
        below = " · ".join(each for each in (since, reached) if each)
        row = period.customer_id
        press = (lambda: self.desk.show_of_customer(row)) if row else None
        return Line("people", "accent" if not period.until else "text_muted", name, below, "", until, press=press)
