"""One vehicle: what it is, whose, and what to know before anything else; its tabs are built when first opened."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from core.language import mark, tr, trn
from core.records.changes import ChangeSet
from ui import sync_words, theme, vehicle_words, vehicles_reading, vehicles_writing
from ui.order_opening import open_order
from ui.order_words import status_shape, status_words
from ui.pages.order_tabs import Tabs
from ui.pages.papers_preview import open_paper
from ui.pages.parts_desk import Freshness
from ui.pages.schedule_booking import BookingSheet
from ui.pages.vehicles_belongings import FeaturesTab, InstalledTab, PapersTab
from ui.pages.vehicles_desk import VehiclesDesk
from ui.pages.vehicles_health import AdviceTab, InspectionsTab, RecordingsTab
from ui.pages.vehicles_held import HeldBand
from ui.pages.vehicles_overview import OverviewTab
from ui.pages.vehicles_past import HistoryTab, OdometerTab, OwnersTab
from ui.pages.vehicles_tab import ProfileTab
from ui.schedule_reading import Comer
from ui.vehicles_reading import ProfileRead
from ui.widgets import toast
from ui.widgets.buttons import Button, IconButton
from ui.widgets.flow import Flow
from ui.widgets.icons import IconLabel
from ui.widgets.panels import ElidedLabel, label
from ui.widgets.touch import scrolling

TABLES = (
    "vehicles", "customers", "contact_ways", "fleets", "repair_orders", "odometer_readings", "held_readings",
    "appointments", "recommendations", "status_moves", "line_decisions",
)  # fmt: skip
OVERVIEW = "overview"
_KINDS: Mapping[str, tuple[str, type[ProfileTab]]] = {
    OVERVIEW: (mark("Overview"), OverviewTab),
    "history": (mark("History"), HistoryTab),
    "odometer": (mark("Odometer"), OdometerTab),
    "owners": (mark("Owners"), OwnersTab),
    "installed": (mark("Parts in it"), InstalledTab),
    "papers": (mark("Papers"), PapersTab),
    "features": (mark("Features"), FeaturesTab),
    "advice": (mark("Advice"), AdviceTab),
    "inspections": (mark("Inspections"), InspectionsTab),
    "recordings": (mark("Recordings"), RecordingsTab),
}


class Note(QWidget):
    """A shape and a few words in the head; with ``press`` a button."""

    def __init__(self, icon: str, token: str, words: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, theme.space(4), 0)
        row.setSpacing(theme.space(2))
        row.addWidget(IconLabel(icon, 24, token))
        said = label(words)
        said.setFont(theme.font(theme.scaled(17), "medium", tabular=True))
        row.addWidget(said)


class VehicleProfile(QWidget):
    """``show_vehicle(id)`` brings one; ``closed`` when a person is done with it."""

    closed = Signal()

    def __init__(self, desk: VehiclesDesk) -> None:
        super().__init__()
        self.desk = desk
        self.row = ""
        self.shown: ProfileRead | None = None
        self.front = OVERVIEW
        self._asked = 0
        self._notes: list[QWidget] = []
        self.tab_widgets: dict[str, ProfileTab] = {}
        self._areas: dict[str, QScrollArea] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(3))
        column.addLayout(self._head())
        self._band = QWidget()
        self._flow = Flow(self._band)
        column.addWidget(self._band)
        self.held: HeldBand | None = None
        self._column = column
        self.tabs = Tabs({name: tr(title) for name, (title, _) in _KINDS.items()})
        self.tabs.chosen.connect(self.open_tab)
        column.addWidget(self.tabs)
        self.stack = QStackedWidget()
        column.addWidget(self.stack, 1)
        self.freshness = Freshness(self, self.read)
        desk.done.connect(self.freshness.outdated)

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, theme.space(3), 0)
        head.setSpacing(theme.space(3))
        self.back = IconButton("chevron-left", tr("All vehicles"))
        self.back.clicked.connect(lambda _=False: self.closed.emit())
        head.addWidget(self.back)
        names = QVBoxLayout()
        names.setSpacing(0)
        self.plate = ElidedLabel("", px=24, weight="semibold").set_tabular()
        self.about = ElidedLabel("", "text_muted")
        names.addWidget(self.plate)
        names.addWidget(self.about)
        head.addLayout(names, 1)
        driven = QVBoxLayout()
        driven.setSpacing(0)
        self.odometer = ElidedLabel("", px=24, weight="semibold").set_tabular()
        self.read_at = ElidedLabel("", "text_muted", 15)
        driven.addWidget(self.odometer)
        driven.addWidget(self.read_at)
        for each in (self.odometer, self.read_at):
            each.setFixedWidth(theme.scaled(168))
        head.addLayout(driven)
        self.order = Button(tr("New repair order"), "plus", role="primary")
        self.order.clicked.connect(lambda _=False: self.make_order())
        self.visit = IconButton("calendar", tr("Book it in"), role="")
        self.visit.clicked.connect(lambda _=False: self.open_booking())
        self.print = IconButton("print", tr("Print the history"), role="")
        self.print.clicked.connect(lambda _=False: self.open_paper())
        for button in (self.print, self.visit, self.order):
            head.addWidget(button)
        return head

    # --- tabs

    def tab(self, name: str) -> ProfileTab:
        """The tab of this name, built now if it was never open before."""
        if name not in self.tab_widgets:
            made = self.tab_widgets[name] = _KINDS[name][1](self.desk)
            self._areas[name] = scrolling(made)
            self.stack.addWidget(self._areas[name])
            made.show_vehicle(self.row)
            if self.shown is not None:
                made.show_profile(self.shown)
        return self.tab_widgets[name]

    def open_tab(self, name: str) -> None:
        """Bring a tab to the front."""
        if name not in _KINDS:
            name = OVERVIEW
        if self.front in self.tab_widgets:
            self.tab_widgets[self.front].go()
        found = self.tab(name)
        self.front = name
        self.stack.setCurrentWidget(self._areas[name])
        self.tabs.show_place(name)
        found.come()

    # --- showing

    def show_vehicle(self, row: str, tab: str | None = None) -> None:
        """Bring a vehicle to the front, in the tab that is open, or in ``tab``."""
        if row != self.row:
            self.row, self.shown = row, None
            self._clear()
            for each in self.tab_widgets.values():
                each.show_vehicle(row)
        self.open_tab(tab or self.front)
        self.read()

    def _clear(self) -> None:
        for each in (self.plate, self.about, self.odometer, self.read_at):
            each.set_text("")
        self._show_notes([])
        self._show_held(None)

    def read(self) -> None:
        """Read the vehicle that is in front."""
        if not self.row:
            return
        self._asked += 1
        asked, records, row = self._asked, self.desk.records, self.row
        self.desk.read(lambda: vehicles_reading.read_profile(records, row), lambda found: self._show(asked, found))

    def _show(self, asked: int, found: ProfileRead) -> None:
        if asked != self._asked:
            return
        self.shown, vehicle = found, found.vehicle
        self.plate.set_text(
            " · ".join(each for each in (vehicle.plate or tr("No plate"), vehicle_words.name(vehicle)) if each)
        )
        owner = (found.owner.name or "") if found.owner else tr("No customer")
        facts = (owner, str(vehicle.year or ""), vehicle_words.fuel(vehicle.fuel_type), found.fleet)
        self.about.set_text(" · ".join(each for each in facts if each))
        self.odometer.set_text(vehicle_words.distance(vehicle.odometer_km) or "–")
        at = vehicle_words.day_of(vehicle.odometer_read_at)
        self.read_at.set_text(tr("read {day}", day=at) if at else tr("No reading yet"))
        self._show_held(found)
        self._show_notes(self._noted(found))
        self._say_tabs(found)
        gone = vehicle.deleted_at is not None
        self.order.setEnabled(self.desk.may("repair_orders.change") and not gone)
        self.visit.setEnabled(self.desk.may("schedule.change") and not gone)
        for each in self.tab_widgets.values():
            each.show_profile(found)

    def _noted(self, found: ProfileRead) -> list[QWidget]:
        vehicle = found.vehicle
        notes: list[QWidget] = []
        for order in found.orders[:2]:
            icon, token = status_shape(order.status)
            words = tr("{number}: {status}", number=order.number or "", status=status_words(order.status))
            button = Button(words, icon)
            button.clicked.connect(lambda _=False, row=order.id: open_order(self.desk.context, row))
            notes.append(button)
        if vehicle.deleted_at is not None:
            bring = Button(tr("Deleted: bring it back"), "undo")
            bring.clicked.connect(lambda _=False: self.bring_back())
            notes.append(bring)
        notes += [Note(icon, token, said) for icon, token, said in vehicle_words.warnings(vehicle)]
        if vehicle.status and vehicle.status != "active":
            icon, token = vehicle_words.STATUS_SHAPES.get(vehicle.status, ("info", "info"))
            notes.append(Note(icon, token, vehicle_words.status(vehicle.status)))
        if found.next_visit is not None:
            notes.append(Note("calendar", "info", tr("Booked for {time}", time=sync_words.moment(found.next_visit))))
        return notes

    def _show_notes(self, notes: list[QWidget]) -> None:
        for old in self._notes:
            self._flow.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._notes = notes
        for each in notes:
            if isinstance(each, Note):
                each.setFixedHeight(theme.target)
            self._flow.addWidget(each)
            each.show()
        self._band.setVisible(bool(notes))
        self._band.updateGeometry()

    def _show_held(self, found: ProfileRead | None) -> None:
        """The value that waits is asked about in every tab but the one that has it anyway."""
        if self.held is not None:
            self._column.removeWidget(self.held)
            self.held.hide()
            self.held.deleteLater()
            self.held = None
        if found is not None and found.held:
            self.held = HeldBand(self.desk, found.held[0], inset=theme.space(3))
            self._column.insertWidget(2, self.held)

    def _say_tabs(self, found: ProfileRead) -> None:
        tabs = self.tabs.tabs
        tabs["history"].say(trn("{count} visit", "{count} visits", found.visits) if found.visits else "")
        tabs["advice"].say(trn("{count} open", "{count} open", found.advice) if found.advice else "", "warning")
        tabs["odometer"].say(tr("to look at") if found.held else "", "warning")
        due = vehicle_words.warnings(found.vehicle)
        tabs["papers"].say(tr("something is due") if due else "", due[0][1] if due else "text_muted")

    def on_change(self, changes: ChangeSet) -> None:
        """Rows changed somewhere."""
        if any(changes.touches(table) for table in TABLES):
            self.freshness.outdated()
        for each in self.tab_widgets.values():
            each.on_change(changes)

    # --- doing

    def make_order(self) -> None:
        """A new repair order of it, opened."""
        if self.shown is None:
            return
        records, actor, vehicle = self.desk.records, self.desk.actor, self.shown.vehicle
        self.desk.run(
            lambda: vehicles_writing.new_order(records, actor, vehicle),
            then=lambda order: open_order(self.desk.context, order.id, "overview"),
        )

    def open_booking(self) -> None:
        """Book it in: which time, for what."""
        if self.shown is None:
            return
        vehicle = self.shown.vehicle
        sheet = BookingSheet(self.desk.anchor, self.desk.records, lambda: self.desk.actor, None, self._booked)
        about, ownerless = vehicle_words.about(vehicle), vehicle.customer_id is None
        sheet.pick(Comer(vehicle.id, vehicle.customer_id, vehicle.plate or "", about, ownerless))
        sheet.open()

    def _booked(self, _start: int, words: str) -> None:
        toast.show(self.desk.anchor, words, tone="ok")
        self.desk.done.emit()

    def open_paper(self) -> None:
        """The history as a paper."""
        open_paper(self, self.desk.context, "history", self.row)

    def bring_back(self) -> None:
        """It was deleted by mistake."""
        records, actor, row = self.desk.records, self.desk.actor, self.row
        self.desk.run(lambda: vehicles_writing.bring_vehicle(records, actor, row), tr("The vehicle is back."))
