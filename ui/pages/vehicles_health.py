"""How a vehicle is: advice that waits for the next visit, what inspections found, and what was recorded of it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from core.language import tr, trn
from core.workshop.inspections import InspectionView
from core.workshop.recommendations import RecommendationView, is_due
from ui import sync_words, theme, vehicle_tabs_reading, vehicle_words, vehicles_writing, words
from ui.money_words import pieces
from ui.order_opening import open_order
from ui.pages.papers_preview import open_paper
from ui.pages.vehicles_form import DAY, NUMBER, Blank, FormSheet
from ui.pages.vehicles_line import Line, Lines
from ui.pages.vehicles_tab import ProfileTab, Section
from ui.vehicle_tabs_reading import Drive, InspectionsRead
from ui.widgets.buttons import Button
from ui.widgets.dialogs import Sheet
from ui.widgets.panels import label


class AdviceTab(ProfileTab):
    """Open advice, what is due first; pressed, it is let go with the way back."""

    TABLES = frozenset({"recommendations", "line_decisions", "repair_order_lines"})

    def build(self) -> None:
        self.new = Button(tr("Advise something"), "plus")
        self.new.clicked.connect(lambda _=False: self.open_new())
        self.section = Section(
            tr("Advice that is open"),
            tr("Nothing is open. What a customer declines on an estimate comes here by itself, and onto the order of "
               "the next visit."),
            self.new,
        )  # fmt: skip
        self.list = Lines()
        self.section.body.addLayout(self.list)
        self.column.addWidget(self.section)
        self.column.addStretch(1)

    def begin(self) -> None:
        self.list.clear()

    def reading(self) -> Callable[[], Any]:
        records, row = self.desk.records, self.row
        return lambda: vehicle_tabs_reading.read_advice(records, row)

    def show_read(self, found: tuple[RecommendationView, ...]) -> None:
        ordered = sorted(found, key=lambda each: not self._due(each))
        self.list.show_lines([self._line(each) for each in ordered])
        self.section.empty.setVisible(not found)
        self.new.setEnabled(self.desk.may("repair_orders.change"))

    def _due(self, advice: RecommendationView) -> bool:
        km = self.profile.vehicle.odometer_km if self.profile else None
        return is_due(advice.due_on, advice.due_odometer, dt.date.today().isoformat(), km)

    def _line(self, advice: RecommendationView) -> Line:
        due = self._due(advice)
        at = vehicle_words.distance(advice.due_odometer)
        when = " · ".join(each for each in (vehicle_words.day(advice.due_on), at) if each)
        since = tr("advised {day}", day=vehicle_words.day_of(advice.advised_at)) if advice.advised_at else ""
        said = tr("due") if due else tr("due {when}", when=when) if when else tr("at the next visit")
        row, order = advice.id, advice.order_id
        press = lambda: self.open_one(row, advice.description or "", order)  # noqa: E731
        return Line(
            "warning" if due else "wait", "warning" if due else "text_muted", advice.description or "",
            since, "", said, press=press,
        )  # fmt: skip

    def open_one(self, row: str, words: str, order: str | None) -> None:
        """Where it was advised, or let it go."""
        AdviceSheet(self, row, words, order).open()

    def dismiss(self, row: str) -> None:
        """It shall not come back."""
        records, actor = self.desk.records, self.desk.actor
        self.desk.run(
            lambda: vehicles_writing.dismiss_advice(records, actor, row),
            tr("It does not come back."),
            lambda _: vehicles_writing.reopen_advice(records, actor, row),
        )

    def open_new(self) -> FormSheet:
        """Advise something for a later visit."""
        records, actor, row = self.desk.records, self.desk.actor, self.row
        blanks = (
            Blank("description", tr("What should be done"), wide=True),
            Blank("due_on", tr("By which day"), DAY),
            Blank("due_odometer", tr("By which odometer"), NUMBER, unit=tr("km")),
        )
        sheet = FormSheet(
            self.desk, tr("Advise something"), blanks, {},
            lambda values: vehicles_writing.advise(records, actor, row, values),
            hint=tr("It comes back on the order of the next visit, where one press puts it on the estimate."),
        )  # fmt: skip
        sheet.open(sheet.form.fields["description"])
        return sheet


class AdviceSheet(Sheet):
    """One piece of advice: the order on which it was given, or never again."""

    def __init__(self, tab: AdviceTab, row: str, words: str, order: str | None) -> None:
        super().__init__(tab.desk.anchor, tr("Advice"), width=640)
        said = label(words, wrap=True)
        said.setFont(theme.font(theme.scaled(22), "semibold"))
        self.body.addWidget(said)
        self.body.addWidget(
            label(
                tr("On the order of the next visit it stands under Advice, to be put on the estimate."),
                "muted",
                wrap=True,
            )
        )
        self.dismiss = Button(tr("It shall not come back"), "close")
        self.dismiss.setEnabled(tab.desk.may("repair_orders.change"))
        self.dismiss.clicked.connect(lambda _=False: self._then(lambda: tab.dismiss(row)))
        self.footer.addWidget(self.dismiss, 1)
        if order is not None:
            go = Button(tr("Where it was advised"), "orders")
            go.clicked.connect(lambda _=False: self._then(lambda: open_order(tab.desk.context, order)))
            self.footer.addWidget(go, 1)

    def _then(self, deed: Callable[[], object]) -> None:
        self.close_sheet()
        deed()


class InspectionsTab(ProfileTab):
    """Inspections, the last first, and what the last one with findings found."""

    TABLES = frozenset({"inspections", "inspection_results"})

    def build(self) -> None:
        self.findings = Section(tr("To look at"))
        self.found = Lines()
        self.findings.body.addLayout(self.found)
        self.findings.hide()
        self.column.addWidget(self.findings)
        self.section = Section(
            tr("Inspections"),
            tr("Not inspected yet. On a repair order, the section Inspection begins one; its results come back here "
               "and as a starting point for the next."),
        )  # fmt: skip
        self.list = Lines()
        self.section.body.addLayout(self.list)
        self.column.addWidget(self.section)
        self.column.addStretch(1)

    def begin(self) -> None:
        self.list.clear()
        self.found.clear()
        self.findings.hide()

    def reading(self) -> Callable[[], Any]:
        records, row = self.desk.records, self.row
        return lambda: vehicle_tabs_reading.read_inspections(records, row)

    def show_read(self, found: InspectionsRead) -> None:
        self.list.show_lines([self._line(each) for each in found.inspections])
        self.section.empty.setVisible(not found.inspections)
        lines = []
        for each in sorted(found.findings, key=lambda each: each.verdict != "red"):
            icon, token = ("critical", "critical") if each.verdict == "red" else ("warning", "warning")
            word = tr("Needs work now") if each.verdict == "red" else tr("Keep an eye on it")
            value = f"{pieces(each.value)} {each.unit or ''}".strip() if each.value is not None else ""
            lines.append(Line(icon, token, each.name or "", each.remark or each.section or "", value, word))
        self.found.show_lines(lines)
        self.findings.setVisible(bool(lines))

    def _line(self, inspection: InspectionView) -> Line:
        counts = inspection.counts
        token = "critical" if counts.red else "warning" if counts.yellow else "ok"
        icon = {"critical": "critical", "warning": "warning", "ok": "ok"}[token]
        if inspection.completed_at is None:
            icon, token = "wait", "info"
        said = [
            trn("{count} red", "{count} red", counts.red) if counts.red else "",
            trn("{count} yellow", "{count} yellow", counts.yellow) if counts.yellow else "",
            trn("{count} green", "{count} green", counts.green) if counts.green else "",
        ]
        when = vehicle_words.day_of(inspection.completed_at or inspection.started_at)
        still = tr("still open") if inspection.completed_at is None else ""
        about = (when, vehicle_words.distance(inspection.odometer), inspection.inspector_name or "", still)
        row, order = inspection.id, inspection.order_id
        return Line(
            icon, token, inspection.name or tr("Inspection"), " · ".join(each for each in about if each), "",
            ", ".join(each for each in said if each) or " ", press=lambda: self._open(row, order),
        )  # fmt: skip

    def _open(self, row: str, order: str | None) -> None:
        if order is not None:
            open_order(self.desk.context, order, "inspection")
        else:
            open_paper(self, self.desk.context, "inspection", row)


class RecordingsTab(ProfileTab):
    """Drives and sessions this terminal recorded of the vehicle, known by its VIN."""

    def build(self) -> None:
        self.live = Button(tr("To the live gauges"), "live")
        self.live.clicked.connect(lambda _=False: self._to_live())
        self.section = Section(tr("Recordings"), " ", self.live)
        self.list = Lines()
        self.section.body.addLayout(self.list)
        self.column.addWidget(self.section)
        self.column.addStretch(1)

    def begin(self) -> None:
        self.list.clear()

    def reading(self) -> Callable[[], Any] | None:
        if self.profile is None:
            return None
        library, vin = self.desk.context.session.recordings, self.profile.vehicle.vin
        return lambda: vehicle_tabs_reading.read_drives(library, vin)

    def show_profile(self, found: Any) -> None:
        fresh = self.profile is None or self.profile.vehicle.vin != found.vehicle.vin
        super().show_profile(found)
        if fresh:
            self.outdated()

    def show_read(self, found: tuple[Drive, ...]) -> None:
        vin = self.profile.vehicle.vin if self.profile else None
        self.section.empty.words.setText(
            tr("Nothing was recorded at this terminal. Connect an adapter on the page Live: what it reads is recorded, "
               "and found here by the VIN.")
            if vin
            else tr("A recording is known by the VIN, and this vehicle has none yet. Type it on the tab Overview, or "
                    "read it from the connected car.")
        )  # fmt: skip
        self.section.empty.setVisible(not found)
        self.list.show_lines([self._line(each) for each in found])

    def _line(self, drive: Drive) -> Line:
        signals = trn("{count} signal", "{count} signals", drive.signals)
        title = sync_words.moment(round(drive.started * 1000))
        state = tr("being recorded") if drive.running else ""
        below = " · ".join(each for each in (signals, state) if each)
        icon = "record" if drive.running else "history"
        frame, row = self.desk.context.frame, drive.id
        press = (lambda: frame.open_row("recordings", row)) if frame is not None and not drive.running else None
        return Line(icon, "text_muted", title, below, words.stretch(drive.duration), press=press)

    def _to_live(self) -> None:
        if self.desk.context.frame is not None:
            self.desk.context.frame.go("live")
