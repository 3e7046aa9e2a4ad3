"""What belongs to a vehicle: the parts that sit in it, its papers with the days they run out, and its features."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from core.language import tr
from core.vehicles.installed_parts import InstalledPartView
from core.vehicles.insurances import InsuranceView
from core.vehicles.warranties import WarrantyView
from ui import theme, vehicle_tabs_reading, vehicle_words, vehicles_writing
from ui.money_words import pieces
from ui.order_opening import open_order
from ui.pages.vehicles_documents import DocumentsSection
from ui.pages.vehicles_form import DAY, LINES, NUMBER, Blank, FormSheet
from ui.pages.vehicles_line import Line, Lines
from ui.pages.vehicles_tab import ProfileTab, Section
from ui.vehicle_tabs_reading import FeaturesRead, PapersRead
from ui.widgets.buttons import Button
from ui.widgets.flow import Flow
from ui.widgets.panels import label

OFFERED = 18  # features of other vehicles


class BelongingsTab(ProfileTab):
    """Rows with a form each: ``open_form`` makes one, or edits one that is pressed."""

    def open_form(
        self, table: str, title: str, blanks: tuple[Blank, ...], row: Any, extra: Mapping[str, Any] | None = None
    ) -> FormSheet:
        """The form for a row of ``table``; ``row`` None: a new one, with ``extra`` in it."""
        records, actor, vehicle = self.desk.records, self.desk.actor, self.row
        given = {blank.name: getattr(row, blank.name) for blank in blanks} if row is not None else dict(extra or {})
        id_ = row.id if row is not None else None

        def keep(values: dict[str, Any]) -> Any:
            fields = values if id_ is not None else {**values, "vehicle_id": vehicle}
            return vehicles_writing.keep_paper(records, actor, table, id_, fields)

        drop = (lambda: self._drop(table, str(id_))) if id_ is not None else None
        sheet = FormSheet(self.desk, title, blanks, given, keep, drop=drop)
        sheet.open(sheet.form.fields[blanks[0].name])
        return sheet

    def _drop(self, table: str, row: str) -> None:
        records, actor = self.desk.records, self.desk.actor
        self.desk.run(
            lambda: vehicles_writing.drop_paper(records, actor, table, row),
            tr("It is removed."),
            lambda _: vehicles_writing.bring_paper(records, actor, table, row),
        )

    def may(self) -> bool:
        return self.desk.may("vehicles.change")


class InstalledTab(BelongingsTab):
    """Parts that sit in it, and those that were taken out."""

    TABLES = frozenset({"installed_parts", "repair_orders", "repair_order_lines", "line_decisions", "stock_moves"})

    def build(self) -> None:
        self.new = Button(tr("Add a part"), "plus")
        self.new.clicked.connect(lambda _=False: self.open_part(None))
        self.section = Section(
            tr("Parts in it"),
            tr("Nothing is written yet. A part fitted on a repair order, or one added here, stands with its day and "
               "odometer: so it is known how long it lasted, and whether its warranty holds."),
            self.new,
        )  # fmt: skip
        self.list = Lines()
        self.section.body.addLayout(self.list)
        self.column.addWidget(self.section)
        self.gone = Section(tr("Taken out"))
        self.old = Lines()
        self.gone.body.addLayout(self.old)
        self.column.addWidget(self.gone)
        self.column.addStretch(1)
        self.gone.hide()

    def begin(self) -> None:
        self.list.clear()
        self.old.clear()

    def reading(self) -> Callable[[], Any]:
        records, row = self.desk.records, self.row
        return lambda: vehicle_tabs_reading.read_installed(records, row)

    def show_read(self, found: tuple[InstalledPartView, ...]) -> None:
        here = [each for each in found if each.removed_on is None]
        gone = [each for each in found if each.removed_on is not None]
        self.list.show_lines([self._line(each) for each in here])
        self.old.show_lines([self._line(each) for each in gone])
        self.section.empty.setVisible(not here)
        self.gone.setVisible(bool(gone))
        self.new.setEnabled(self.may())

    def _line(self, part: InstalledPartView) -> Line:
        count = "" if part.quantity in (None, 1000) else f"{pieces(part.quantity)} × "
        below = " · ".join(each for each in (part.part_number, part.place) if each)
        at = vehicle_words.distance(part.fitted_at_odometer)
        days = vehicle_words.day(part.fitted_on)
        if part.removed_on:
            days = tr("{since} to {until}", since=days, until=vehicle_words.day(part.removed_on))
        press: Callable[[], object] | None = partial(self.open_part, part) if self.may() else None
        if part.id == part.line_id:  # it follows from the line: what is to be said of it is said on its order
            press = partial(open_order, self.desk.context, part.order_id or "")
        icon = "part" if part.removed_on is None else "removed"
        return Line(icon, "text_muted", f"{count}{part.name or ''}", below, at, days or " ", press=press)

    def open_part(self, part: InstalledPartView | None) -> FormSheet:
        """The form of a part in it; a day in “Taken out on” puts it among the old ones."""
        vehicle = self.profile.vehicle if self.profile else None
        blanks = (
            Blank("name", tr("What it is"), wide=True),
            Blank("part_number", tr("Part number")),
            Blank("place", tr("Where it sits")),
            Blank("fitted_on", tr("Fitted on"), DAY),
            Blank("fitted_at_odometer", tr("Fitted at"), NUMBER, unit=tr("km")),
            Blank("quantity", tr("How many"), NUMBER, decimals=3),
            Blank("removed_on", tr("Taken out on"), DAY),
        )
        extra = {"fitted_on": date.today().isoformat(), "fitted_at_odometer": vehicle.odometer_km if vehicle else None}
        title = tr("A part in it") if part else tr("Add a part")
        return self.open_form("installed_parts", title, blanks, part, {**extra, "quantity": 1000})


class PapersTab(BelongingsTab):
    """What runs out and when: inspection, registration, insurance, warranty; and documents."""

    TABLES = frozenset({"documents", "insurances", "warranties", "vehicles"})

    def build(self) -> None:
        self.dues = Section(tr("Due"))
        self.due_list = Lines()
        self.dues.body.addLayout(self.due_list)
        self.column.addWidget(self.dues)
        self.new_insurance = Button(tr("Add an insurance"), "plus")
        self.new_insurance.clicked.connect(lambda _=False: self.open_insurance(None))
        self.insured = Section(
            tr("Insurance"), tr("No insurance is known. With its number at hand, damage is reported in one call."),
            self.new_insurance,
        )  # fmt: skip
        self.new_warranty = Button(tr("Add a warranty"), "plus")
        self.new_warranty.clicked.connect(lambda _=False: self.open_warranty(None))
        self.promised = Section(
            tr("Warranty"), tr("No warranty is known. One with a day or an odometer is seen before work is charged."),
            self.new_warranty,
        )  # fmt: skip
        self.documents = DocumentsSection(self.desk)
        self.column.addWidget(self.documents)
        self.lists: dict[str, Lines] = {}
        for name, section in (("insurances", self.insured), ("warranties", self.promised)):
            self.lists[name] = Lines()
            section.body.addLayout(self.lists[name])
            self.column.addWidget(section)
        self.column.addStretch(1)

    def begin(self) -> None:
        for each in (self.due_list, *self.lists.values()):
            each.clear()
        self.documents.show_documents(self.row, None)

    def reading(self) -> Callable[[], Any]:
        records, files, row = self.desk.records, self.documents.files, self.row
        return lambda: vehicle_tabs_reading.read_papers(records, files, row)

    def show_read(self, found: PapersRead) -> None:
        vehicle = found.vehicle
        self.due_list.show_lines(
            [
                self._due(tr("Inspection due"), vehicle.inspection_due, "inspection_due"),
                self._due(tr("Registration due"), vehicle.registration_due, "registration_due"),
            ]
        )
        shown = (
            ("insurances", self.insured, [self._insurance(each) for each in found.insurances]),
            ("warranties", self.promised, [self._warranty(each, vehicle.odometer_km) for each in found.warranties]),
        )
        for name, section, lines in shown:
            self.lists[name].show_lines(lines)
            section.empty.setVisible(not lines)
        for button in (self.new_insurance, self.new_warranty):
            button.setEnabled(self.may())
        self.documents.show_documents(vehicle.id, found.documents)

    def _due(self, title: str, day: str | None, field: str) -> Line:
        icon, token, said = vehicle_words.due(day)
        press = (lambda: self.open_due(title, field, day)) if self.may() else None
        return Line(
            icon or "calendar", token or "text_muted", title, said or (tr("in time") if day else tr("No day is known")),
            vehicle_words.day(day), press=press,
        )  # fmt: skip

    def _until(self, day: str | None) -> tuple[str, str, str]:
        icon, token, _ = vehicle_words.due(day)
        if token == "critical":
            return "removed", "stale", tr("ran out {day}", day=vehicle_words.day(day))
        return icon or "ok", token or "ok", tr("until {day}", day=vehicle_words.day(day)) if day else ""

    def _insurance(self, paper: InsuranceView) -> Line:
        icon, token, until = self._until(paper.valid_until)
        below = " · ".join(each for each in (paper.policy_number, paper.cover) if each)
        press = (lambda: self.open_insurance(paper)) if self.may() else None
        return Line(icon, token, paper.company or "", below, "", until or " ", press=press)

    def _warranty(self, paper: WarrantyView, km: int | None) -> Line:
        icon, token, until = self._until(paper.valid_until)
        limit = vehicle_words.distance(paper.up_to_odometer)
        if paper.up_to_odometer is not None and km is not None and km > paper.up_to_odometer:
            icon, token, until = "removed", "stale", tr("ran out at {distance}", distance=limit)
        upto = tr("up to {distance}", distance=limit) if limit else ""
        below = " · ".join(each for each in (paper.giver, upto) if each)
        press = (lambda: self.open_warranty(paper)) if self.may() else None
        return Line(icon, token, paper.name or "", below, "", until or " ", press=press)

    def open_due(self, title: str, field: str, day: str | None) -> FormSheet:
        """Another day by which it is due."""
        records, actor, row = self.desk.records, self.desk.actor, self.row
        sheet = FormSheet(
            self.desk, title, (Blank(field, tr("Due on"), DAY, wide=True),), {field: day},
            lambda values: vehicles_writing.save_vehicle(records, actor, row, values), width=520,
        )  # fmt: skip
        sheet.open(sheet.form.fields[field])
        return sheet

    def open_insurance(self, paper: InsuranceView | None) -> FormSheet:
        blanks = (
            Blank("company", tr("Company")),
            Blank("policy_number", tr("Policy number")),
            Blank("cover", tr("What it covers"), wide=True),
            Blank("valid_from", tr("Valid from"), DAY),
            Blank("valid_until", tr("Valid until"), DAY),
            Blank("notes", tr("Notes"), LINES, wide=True),
        )
        return self.open_form("insurances", tr("Insurance"), blanks, paper)

    def open_warranty(self, paper: WarrantyView | None) -> FormSheet:
        blanks = (
            Blank("name", tr("What is promised"), wide=True),
            Blank("giver", tr("Who stands for it")),
            Blank("up_to_odometer", tr("Up to an odometer of"), NUMBER, unit=tr("km")),
            Blank("valid_from", tr("Valid from"), DAY),
            Blank("valid_until", tr("Valid until"), DAY),
            Blank("notes", tr("Notes"), LINES, wide=True),
        )
        return self.open_form("warranties", tr("Warranty"), blanks, paper)


class FeaturesTab(ProfileTab):
    """What it has; pressed away with the way back, and given by one press on what others have."""

    TABLES = frozenset({"vehicle_features"})

    def build(self) -> None:
        self.section = Section(
            tr("Features"),
            tr("Nothing is written yet. What stands here can be searched for: “tow bar”, “air suspension”."),
        )
        self._mine = QWidget()
        self._flow = Flow(self._mine)
        self.section.body.addWidget(self._mine)
        row = QHBoxLayout()
        row.setSpacing(theme.space(2))
        self.field = QLineEdit()
        self.field.setAccessibleName(tr("Another feature"))
        self.field.setPlaceholderText(tr("Another feature"))
        self.field.setMaxLength(80)
        self.field.returnPressed.connect(self._typed)
        row.addWidget(self.field, 1)
        self.add = Button(tr("Add"), "plus")
        self.add.clicked.connect(lambda _=False: self._typed())
        row.addWidget(self.add)
        self.section.body.addLayout(row)
        self.often = label(tr("Others have"), "caption")
        self.section.body.addWidget(self.often)
        self._others = QWidget()
        self._offers = Flow(self._others)
        self.section.body.addWidget(self._others)
        self.column.addWidget(self.section)
        self.column.addStretch(1)
        self.buttons: dict[str, Button] = {}
        self.offers: dict[str, Button] = {}

    def begin(self) -> None:
        self._clear(self._flow, self.buttons)

    def reading(self) -> Callable[[], Any]:
        records, row = self.desk.records, self.row
        return lambda: vehicle_tabs_reading.read_features(records, row)

    def show_read(self, found: FeaturesRead) -> None:
        may = self.desk.may("vehicles.change")
        self._clear(self._flow, self.buttons)
        self._clear(self._offers, self.offers)
        has = {(each.name or "").casefold() for each in found.features}
        for each in found.features:
            button = self.buttons[each.id] = Button(each.name or "", "close")
            button.setAccessibleName(tr("Without {what}", what=each.name or ""))
            button.setEnabled(may)
            button.clicked.connect(lambda _=False, row=each.id, name=each.name or "": self._drop(row, name))
            self._flow.addWidget(button)
        offered = [name for name in found.others if name.casefold() not in has][:OFFERED]
        for name in offered:
            button = self.offers[name] = Button(name, "plus", role="plain")
            button.setEnabled(may)
            button.clicked.connect(lambda _=False, name=name: self.give(name))
            self._offers.addWidget(button)
        self.often.setVisible(bool(offered))
        self.section.empty.setVisible(not found.features)
        self.add.setEnabled(may)
        self.field.setEnabled(may)

    def _clear(self, flow: Flow, buttons: dict[str, Button]) -> None:
        for old in buttons.values():
            flow.removeWidget(old)
            old.hide()
            old.deleteLater()
        buttons.clear()

    def _typed(self) -> None:
        if name := self.field.text().strip():
            self.field.clear()
            self.give(name)

    def give(self, name: str) -> None:
        """It has this, too."""
        records, actor, row = self.desk.records, self.desk.actor, self.row
        self.desk.run(lambda: vehicles_writing.give_feature(records, actor, row, name))

    def _drop(self, row: str, name: str) -> None:
        records, actor = self.desk.records, self.desk.actor
        self.desk.run(
            lambda: vehicles_writing.drop_feature(records, actor, row),
            tr("Removed: {line}", line=name),
            lambda _: vehicles_writing.bring_feature(records, actor, row),
        )
