"""Vehicles: found as they are typed, filtered by everything that is known of them, and one of them beside the list."""

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from core.language import tr
from core.records.changes import ChangeSet
from core.vehicles.figures import VehicleFigures
from core.vehicles.search import EVERYTHING, VehicleCriteria
from core.vehicles.vehicles import VehicleView
from ui import theme, vehicle_words, vehicles_reading
from ui.pages.page import Command, Page
from ui.pages.parts_desk import Freshness
from ui.pages.parts_empty import Teaching
from ui.pages.vehicles_chips import ChipRow, count_words
from ui.pages.vehicles_connected import ConnectedCar
from ui.pages.vehicles_customer import CustomerBand
from ui.pages.vehicles_desk import VehiclesDesk
from ui.pages.vehicles_edit import VehicleSheet
from ui.pages.vehicles_figures import FiguresPanel
from ui.pages.vehicles_filter import FilterSheet
from ui.pages.vehicles_fleets import FleetsSheet
from ui.pages.vehicles_list import VehiclesList
from ui.pages.vehicles_profile import VehicleProfile
from ui.pages.vehicles_saved import SavedSheet
from ui.rows_found import open_code
from ui.scanning import Wedge
from ui.vehicles_reading import Asked, VehicleLine, VehiclePage
from ui.widgets import toast
from ui.widgets.buttons import Button
from ui.widgets.choice_sheet import Answer, ChoiceSheet
from ui.widgets.dialogs import sheets
from ui.widgets.panels import label
from ui.widgets.touch import scrolling

SEARCH_MS = 120
POSE_MS = 400
BESIDE = 1500  # px of the page from which on a profile has room beside the list
LIST_WIDTH = 620
FIGURES_WIDTH = 384
TABLES = (
    "vehicles", "customers", "odometer_readings", "held_readings", "repair_orders", "status_moves",
    "vehicle_features", "fleets",
)  # fmt: skip


class VehiclesPage(Page):
    """``show_vehicle(id)`` brings one; ``ask`` shows those that meet a search."""

    def load(self) -> None:
        self.desk: VehiclesDesk | None = None
        self.asked = Asked()
        self.names: dict[str, str] = {}
        self._number = self._figured = 0
        self._posed = False  # for a picture
        outer = QVBoxLayout(self)
        outer.setContentsMargins(theme.space(7), theme.space(5), theme.space(3), 0)
        outer.setSpacing(theme.space(3))
        records = self.context.records
        if records is None or self.context.actor is None:
            outer.addWidget(label(tr("Vehicles"), "title"))
            words = tr("Vehicles are kept in a workshop. On the page Bays this terminal can found one or join one.")
            outer.addWidget(Teaching("no-workshop", tr("No workshop yet"), words), 1)
            return
        self.desk = desk = VehiclesDesk(self.context, records, self)
        desk.vehicle.connect(self.show_vehicle)
        desk.asked.connect(lambda criteria: self.ask(Asked(criteria)))
        row = QHBoxLayout()
        row.setSpacing(theme.space(5))
        row.addWidget(self._left(desk), 1)
        row.addWidget(self._right(desk), 1)
        outer.addLayout(row, 1)
        self.wedge = Wedge(self)
        self.wedge.scanned.connect(self.scan)
        self.wedge.typed.connect(self._typed)
        self._search_soon = QTimer(self)
        self._search_soon.setSingleShot(True)
        self._search_soon.setInterval(SEARCH_MS)
        self._search_soon.timeout.connect(self._search)
        self.freshness = Freshness(self, self._read_again)
        self._fresh: set[str] = set()
        desk.done.connect(self.freshness.outdated)
        self.refresh()

    # --- building

    def _left(self, desk: VehiclesDesk) -> QWidget:
        self.left = QWidget()
        column = QVBoxLayout(self.left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(2))
        head = QHBoxLayout()
        head.setSpacing(theme.space(3))
        head.addWidget(label(tr("Vehicles"), "title"))
        head.addStretch(1)
        self.saved = Button(tr("Saved"), "tag")
        self.saved.clicked.connect(lambda _=False: self.open_saved())
        head.addWidget(self.saved)
        self.new = Button(tr("New vehicle"), "plus", role="primary")
        self.new.clicked.connect(lambda _=False: self.open_new())
        head.addWidget(self.new)
        column.addLayout(head)
        search = QHBoxLayout()
        search.setSpacing(theme.space(2))
        self.field = QLineEdit()
        self.field.setAccessibleName(tr("Search in the vehicles"))
        self.field.setPlaceholderText(tr("Plate, VIN, make, customer"))
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(lambda _: self._search_soon.start())
        self.field.returnPressed.connect(self._entered)
        search.addWidget(self.field, 1)
        self.filter = Button(tr("Filter"), "filter")
        self.filter.clicked.connect(lambda _=False: self.open_filter())
        search.addWidget(self.filter)
        self.fleets = Button(tr("Fleets"), "truck")
        self.fleets.clicked.connect(lambda _=False: self.open_fleets())
        search.addWidget(self.fleets)
        column.addLayout(search)
        self.chips = ChipRow()
        self.chips.changed.connect(lambda criteria: self.ask(replace(self.asked, criteria=criteria)))
        self.chips.cleared.connect(self.ask_nothing)
        column.addWidget(self.chips)
        self.whose = CustomerBand(desk)
        column.addWidget(self.whose)
        self._build_list(column)
        return self.left

    def _build_list(self, column: QVBoxLayout) -> None:
        line = QHBoxLayout()
        self.count = label("", "muted")
        line.addWidget(self.count, 1)
        self.connected = ConnectedCar(self.context.session)
        self.connected.wanted.connect(self.show_vin)
        line.addWidget(self.connected)
        self.sort = Button(tr("Newest first"), "arrow-down", role="plain")
        self.sort.clicked.connect(lambda _=False: self.open_sort())
        line.addWidget(self.sort)
        column.addLayout(line)
        self.list = VehiclesList()
        self.list.shown.wanted.connect(self._fetch)
        self.list.shown.outdated.connect(self._read_rows)
        self.list.chosen.connect(self.show_vehicle)
        self.none = Teaching(
            "search", tr("Nothing found"), tr("Fewer letters find more, and so does one word less of the filter."),
            tr("Search for all"), self.ask_nothing,
        )  # fmt: skip
        self.empty = Teaching(
            "car",
            tr("No vehicles yet"),
            tr("“New vehicle” makes the first one from its plate or its VIN. A repair order makes one by itself, and "
               "the settings import a whole list."),
            tr("New vehicle"), self.open_new,
        )  # fmt: skip
        self.stack = QStackedWidget()
        for widget in (self.list, self.none, self.empty):
            self.stack.addWidget(widget)
        column.addWidget(self.stack, 1)

    def _right(self, desk: VehiclesDesk) -> QWidget:
        self.figures = FiguresPanel()
        self.profile = VehicleProfile(desk)
        self.profile.closed.connect(self.close_vehicle)
        self.right = QStackedWidget()
        self.right.addWidget(scrolling(self.figures))
        self.right.addWidget(self.profile)
        return self.right

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()

    def _share(self) -> None:
        """The list alone with its figures, beside a profile where there is room, else behind it."""
        if self.desk is None:
            return
        profile = self.right.currentWidget() is self.profile
        beside = self.width() >= BESIDE
        self.list.setProperty("follows", beside and profile)
        self.left.setVisible(beside or not profile)
        most = 16_777_215  # Qt's own word for "as wide as it likes"
        self.left.setMaximumWidth(theme.scaled(LIST_WIDTH) if profile and beside else most)
        self.right.setMaximumWidth(most if profile else theme.scaled(FIGURES_WIDTH if not beside else 460))

    # --- what is asked for

    def ask(self, asked: Asked) -> None:
        """Show the vehicles that meet this."""
        self.asked = asked
        if self.right.currentWidget() is self.profile and self.width() < BESIDE:
            self.close_vehicle()
        if self.field.text().strip() != (asked.criteria.text or ""):
            was = self.field.blockSignals(True)
            self.field.setText(asked.criteria.text or "")
            self.field.blockSignals(was)
        self.refresh()

    def ask_nothing(self) -> None:
        """Show all."""
        self.ask(replace(self.asked, criteria=EVERYTHING))

    def _search(self) -> None:
        self._search_soon.stop()
        text = self.field.text().strip() or None
        if text != self.asked.criteria.text:
            self.ask(replace(self.asked, criteria=replace(self.asked.criteria, text=text)))

    def _entered(self) -> None:
        """Enter opens what was typed or scanned, when it is the only one."""
        if self.field.text().strip():
            self.scan(self.field.text().strip())

    def _typed(self, text: str) -> None:
        """A person types without having tapped the field first: it is meant for it."""
        if self.field.isVisible() and not sheets(self.window()):
            self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.field.setText(text)

    def scan(self, code: str) -> None:
        """A plate or a VIN was scanned or entered: open that vehicle; else show what the words find."""
        assert self.desk is not None
        records = self.desk.records

        def find() -> VehicleView | None:
            return vehicles_reading.vehicle_with(records, code) or vehicles_reading.vehicle_of_vin(records, code)

        def found(vehicle: VehicleView | None) -> None:
            if vehicle is not None:
                self.field.selectAll()
                self.show_vehicle(vehicle.id)
            elif self.field.text().strip() == code:
                self._search()
                lines = self.list.shown.rows
                if len(lines) == 1 and not self._search_soon.isActive():
                    self.show_vehicle(lines[0].id)
            else:
                open_code(self, self.context, code, lambda: self.field.setText(code))

        self.desk.read(find, found)

    # --- the list

    def refresh(self) -> None:
        """Read the first page, the words of the chips, and the figures."""
        if self.desk is None:
            return
        self._number += 1
        number, records, asked = self._number, self.desk.records, self.asked
        for button in (self.new, self.empty.button):
            if button is not None:
                button.setVisible(self.desk.may("vehicles.change"))
        self.sort.show_words(tr(vehicle_words.SORTS.get(asked.sort, asked.sort)), "arrow-down")
        self.chips.show_asked(asked.criteria, self.names)
        self.whose.show_customer(asked.criteria.customer_id)
        self.desk.read(
            lambda: vehicles_reading.read_vehicles(records, asked.criteria, asked.sort, asked.descending),
            lambda page: self._loaded(number, page),
        )
        wanted = {each for each in (asked.criteria.customer_id, asked.criteria.fleet_id) if each} - set(self.names)
        if wanted:
            self.desk.read(lambda: vehicles_reading.read_names(records, asked.criteria), self._named)
        self._figure()

    def _named(self, names: dict[str, str]) -> None:
        self.names |= names
        self.chips.show_asked(self.asked.criteria, self.names)

    def _figure(self) -> None:
        assert self.desk is not None
        self._figured += 1
        figured, records, criteria = self._figured, self.desk.records, self.asked.criteria

        def show(found: VehicleFigures) -> None:
            if figured == self._figured:
                self.figures.show_figures(found, filtered=criteria != EVERYTHING)
                self.count.setText(count_words(found.count, criteria))

        self.desk.read(lambda: vehicles_reading.read_figures(records, criteria), show)

    def _loaded(self, number: int, page: VehiclePage) -> None:
        if number != self._number:
            return
        self.list.quietly(lambda: self.list.shown.begin(page))
        self.list.select(self.profile.row)
        nothing = self.empty if self.asked.criteria == EVERYTHING else self.none
        self.stack.setCurrentWidget(self.list if page.items else nothing)

    def _fetch(self, after: str) -> None:
        assert self.desk is not None
        number, records, asked = self._number, self.desk.records, self.asked

        def add(page: VehiclePage) -> None:
            if number == self._number:
                self.list.shown.add(page)

        self.desk.read(
            lambda: vehicles_reading.read_vehicles(records, asked.criteria, asked.sort, asked.descending, after), add
        )

    def _read_rows(self, ids: Collection[str]) -> None:
        assert self.desk is not None
        records, deleted = self.desk.records, self.asked.criteria.deleted

        def show(found: dict[str, VehicleLine]) -> None:
            self.list.quietly(lambda: self.list.shown.update({row: found.get(row) for row in ids}))

        self.desk.read(lambda: vehicles_reading.read_some(records, ids, deleted=deleted), show)

    # --- what changes

    def on_change(self, changes: ChangeSet) -> None:
        if self.desk is None:
            return
        self.profile.on_change(changes)
        self.whose.on_change(changes)
        if any(changes.touches(table) for table in TABLES):
            self._fresh |= set(changes.rows.get("vehicles", ()))
            self.freshness.outdated()

    def _read_again(self) -> None:
        fresh, self._fresh = self._fresh, set()
        known = {line.id for line in self.list.shown.rows}
        at_top = self.list.verticalScrollBar().value() == 0
        if not known or (fresh - known and at_top):
            self.refresh()
        else:
            self.list.shown.grow_old()
            self._figure()

    # --- one vehicle

    def show_vehicle(self, row: str, tab: str | None = None) -> None:
        """Bring a vehicle to the front."""
        if self.desk is None:
            return
        self.profile.show_vehicle(row, tab)
        self.right.setCurrentWidget(self.profile)
        self._share()
        self.list.select(row)
        if not self.left.isVisible():
            self.setFocus(Qt.FocusReason.OtherFocusReason)  # not onto the first button, with a ring nobody asked for

    def show_vin(self, vin: str) -> None:
        """Bring the vehicle with this VIN to the front; one that nobody knows is offered as a new one."""
        if self.desk is None:
            return
        shown = self.profile.shown
        if shown is not None and shown.vehicle.vin == vin:
            self.show_vehicle(shown.vehicle.id)  # as it was left: the way back from a recording of it
            return
        records, may = self.desk.records, self.desk.may("vehicles.change")

        def found(vehicle: VehicleView | None) -> None:
            if vehicle is not None:
                self.show_vehicle(vehicle.id)
            elif may:
                self.open_new({"vin": vin})
            else:
                toast.show(self, tr("No vehicle here has the VIN {vin}.", vin=vin))

        self.desk.read(lambda: vehicles_reading.vehicle_of_vin(records, vin), found)

    def close_vehicle(self) -> None:
        """The list and its figures again."""
        self.profile.row, self.profile.shown = "", None
        self.right.setCurrentIndex(0)
        self._share()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_row(self, table: str, row: str) -> bool:
        if self.desk is None or table not in ("vehicles", "customers", "vins"):
            return False
        if table == "customers":
            self.desk.show_of_customer(row)
        elif table == "vins":
            self.show_vin(row)
        else:
            self.show_vehicle(row)
        return True

    # --- sheets

    def open_filter(self) -> FilterSheet | None:
        """Every criterion."""
        if self.desk is None:
            return None
        sheet = FilterSheet(self.desk, self.asked.criteria, self.names, self._chosen)
        sheet.open(sheet.show_them)
        return sheet

    def _chosen(self, criteria: VehicleCriteria, names: dict[str, str]) -> None:
        self.names |= names
        self.ask(replace(self.asked, criteria=criteria))

    def open_sort(self) -> None:
        """In which order."""
        answers = [Answer(name, tr(words)) for name, words in vehicle_words.SORTS.items()]
        ChoiceSheet(
            self, tr("In which order"), answers, self.asked.sort,
            lambda name: self.ask(Asked(self.asked.criteria, name or "newest")),
        ).open()  # fmt: skip

    def open_saved(self) -> SavedSheet | None:
        """Searches with a name."""
        if self.desk is None:
            return None
        sheet = SavedSheet(self.desk, self.asked, self.ask)
        sheet.open()
        return sheet

    def open_fleets(self) -> FleetsSheet | None:
        """Vehicles that are looked after together."""
        if self.desk is None:
            return None
        sheet = FleetsSheet(self.desk)
        sheet.open()
        return sheet

    def open_new(self, given: dict[str, Any] | None = None) -> VehicleSheet | None:
        """A new vehicle, from its plate or its VIN; ``given`` is known already."""
        if self.desk is None:
            return None
        sheet = VehicleSheet(self.desk, None, lambda vehicle: self.show_vehicle(vehicle.id), given)
        sheet.open(sheet.form.fields["plate"])
        return sheet

    # --- keys, the search box, pictures

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.desk is not None and self.right.currentWidget() is self.profile:
            self.close_vehicle()
            return
        alarm = event.key() in (Qt.Key.Key_A, Qt.Key.Key_Space) and self.context.session.alarms.active()
        if self.desk is None or (alarm and self.wedge.resting) or not self.wedge.take(event):
            super().keyPressEvent(event)  # with an alarm on the strip these two keys acknowledge it

    def commands(self) -> tuple[Command, ...]:
        if self.desk is None:
            return ()
        new = Command(tr("New vehicle"), self.open_new, "plus", tr("make car VIN create"))
        return (
            *((new,) if self.desk.may("vehicles.change") else ()),
            Command(tr("Filter the vehicles"), self.open_filter, "filter", tr("make fuel year odometer status")),
            Command(tr("Fleets"), self.open_fleets, "truck", tr("members access company")),
            Command(tr("Saved searches"), self.open_saved, "tag", tr("filter name")),
        )

    def scenes(self) -> tuple[tuple[str, Callable[[], object]], ...]:
        if self.desk is None:
            return ()
        names = ("overview", "history", "odometer", "papers", "features", "advice", "inspections")
        return (
            *((f"vehicles-{name}", lambda name=name: self._pose(name)) for name in names),
            ("vehicles-filter", self.open_filter),
            ("vehicles-found", self._pose_found),
            ("vehicles-new", self.open_new),
        )

    def _pose(self, tab: str) -> None:
        """The vehicle in front with most to tell."""
        self._posed = True
        lines = self.list.shown.rows
        if lines:
            served = [line for line in lines if line.served_at is not None]
            self.show_vehicle((served or lines)[0].id, tab)

    def _pose_found(self) -> None:
        self._posed = True
        self.close_vehicle()
        self.ask(Asked(VehicleCriteria(fuel_type=("diesel",), year_from=2012, year_to=2020), "odometer"))

    def on_shown(self) -> None:
        if self.desk is not None:
            self.connected.watch(True)

    def on_hidden(self) -> None:
        if self.desk is not None:
            self.connected.watch(False)
        if self._posed:
            self._posed = False
            self.close_vehicle()
            self.ask(Asked())
