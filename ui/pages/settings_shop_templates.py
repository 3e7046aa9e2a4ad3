"""Settings of the inspections: the shop's own lists of what is looked at; those that come along are one tap away."""

from collections.abc import Callable
from itertools import groupby

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.language import current, tr, trn
from core.records.changes import Changed
from core.records.records import Records
from core.workshop.default_inspections import default_templates
from core.workshop.inspection_templates import CHECK, MEASURE, POINT_KINDS, PointView, TemplateView
from ui import background, theme
from ui.context import UiContext
from ui.money_words import pieces
from ui.pages.settings_form import FormSheet
from ui.pages.settings_list import ListCard
from ui.pages.settings_shop_point import PointSheet
from ui.shop_reading import drop_template, install_defaults, read_points, read_templates, save_template
from ui.widgets.buttons import Button, Switch
from ui.widgets.dialogs import Sheet
from ui.widgets.panels import label
from ui.widgets.settings_card import Report
from ui.widgets.settings_row import SettingsRow
from ui.widgets.touch import scrolling

SHAPES = {CHECK: "ok", MEASURE: "number"}


class TemplatesCard(ListCard):
    """The templates, with how many points each has."""

    tables = ("inspection_templates", "inspection_points")

    def __init__(self, context: UiContext, report: Report) -> None:
        super().__init__(tr("Inspections"), context, report)
        self.install = Button(tr("Take over the ready templates"), "checklist", role="primary")
        self.install.clicked.connect(lambda _=False: self.take_over())
        self.install.hide()
        self.body.insertWidget(self.body.indexOf(self.add), self.install)

    def deeds(self) -> list[QWidget]:
        return [self.install]

    def read(self, records: Records) -> tuple[TemplateView, ...]:
        return read_templates(records)

    def words(self, found: tuple[TemplateView, ...]) -> str:
        self.install.setVisible(self.may_change and not found)
        if found:
            return tr("What is looked at and measured. Inspections that were begun keep the points they had.")
        names = ", ".join(each.name.get(current(), each.name["en"]) for each in default_templates())
        return tr(
            "No template yet, so nothing can be inspected. {count} come along, with limits of the trade: {names}. "
            "Take them over and change what you like.",
            count=len(default_templates()),
            names=names,
        )

    def add_words(self, found: tuple[TemplateView, ...]) -> str:
        return tr("Add a template")

    def rows_of(self, found: tuple[TemplateView, ...]) -> list[QWidget]:
        made: list[QWidget] = []
        for each in found:
            count = trn("{count} point", "{count} points", each.points)
            row = SettingsRow("checklist", each.name or tr("No name"), each.description or "",
                              count if each.active else tr("Not in use"), quiet=not each.active)  # fmt: skip
            row.clicked.connect(lambda _=False, each=each: self.open_template(each))
            made.append(row)
        return made

    def take_over(self) -> None:
        """All templates that come along, in one change."""
        records, actor = self.desk

        def said(count: int) -> str:
            return trn("{count} template was taken over.", "{count} templates were taken over.", count)

        self.run(lambda: install_defaults(records, actor), said)

    def scenes(self) -> list[tuple[str, Callable[[], object]]]:
        return [
            ("settings-inspection", self._pose),
            ("settings-point", self._pose_point),
        ]

    def _pose(self) -> None:
        if self.found:
            self.open_template(self.found[0])

    def _pose_point(self) -> None:
        if self.found:
            sheet = PointsSheet(self, self.found[0])
            sheet.open()
            QTimer.singleShot(400, sheet, lambda: sheet.open_point(next(
                (each for each in sheet.points if each.kind == MEASURE), None)))  # fmt: skip

    def open_new(self) -> None:
        sheet = TemplateForm(self, None)
        sheet.open(sheet.texts["name"])

    def open_template(self, view: TemplateView) -> None:
        """Its points."""
        PointsSheet(self, view).open()


def limits(point: PointView) -> str:
    """ "yellow below 3 mm, red below 1.6 mm"; "" without limits."""
    unit = f" {point.unit}" if point.unit else ""
    found = []
    for value, below, above in (
        (point.yellow_at, tr("yellow below {value}"), tr("yellow above {value}")),
        (point.red_at, tr("red below {value}"), tr("red above {value}")),
    ):
        if value is not None:
            found.append((below if point.worse_below else above).replace("{value}", f"{pieces(value)}{unit}"))
    return ", ".join(found)


class PointsSheet(Sheet):
    """The points of a template by their sections; each opens its form."""

    def __init__(self, card: TemplatesCard, view: TemplateView) -> None:
        super().__init__(card, view.name or tr("No name"), side="right", width=820)
        self.card, self.view = card, view
        self.points: tuple[PointView, ...] = ()
        self.rows: list[SettingsRow] = []
        content = QWidget()
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(0, 0, theme.space(3), 0)
        self._column.setSpacing(0)
        self._made: list[QWidget] = []
        self.body.addWidget(label(view.description or "", "muted", wrap=True))
        self.body.addWidget(scrolling(content), 1)
        self.name = Button(tr("Name and use…"), "edit")
        self.name.clicked.connect(lambda _=False: self.open_form())
        self.footer.addWidget(self.name, 1)
        self.add = Button(tr("Add a point"), "plus", role="primary")
        self.add.clicked.connect(lambda _=False: self.open_point(None))
        self.footer.addWidget(self.add, 1)
        for button in (self.name, self.add):
            button.setVisible(card.may_change)
        self.refresh()

    def refresh(self) -> None:
        """Read the points again."""
        (records, _), row = self.card.desk, self.view.id
        background.run(self, lambda: read_points(records, row), self._show, self.card.failed)

    def _show(self, points: tuple[PointView, ...]) -> None:
        self.points = points
        for old in self._made:
            old.hide()
            old.deleteLater()
        self._made, self.rows = [], []
        if not points:
            self._put(
                label(tr("No points yet. The first one is what a technician looks at first."), "muted", wrap=True)
            )
        for section, some in groupby(points, key=lambda each: each.section or tr("Without a section")):
            heading = label(section, "heading")
            heading.setContentsMargins(0, theme.space(3), 0, 0)
            self._put(heading)
            for each in some:
                detail = " · ".join(filter(None, (tr(POINT_KINDS[each.kind]) if each.kind in POINT_KINDS else "",
                                                  limits(each))))  # fmt: skip
                row = SettingsRow(SHAPES.get(each.kind, "note"), each.name or tr("No name"), detail,
                                  each.unit or "", opens=self.card.may_change)  # fmt: skip
                row.clicked.connect(lambda _=False, each=each: self.open_point(each))
                self._put(row)
                self.rows.append(row)
        end = QWidget()
        end.setFixedHeight(theme.space(3))
        self._put(end)
        self._column.addStretch(1)

    def _put(self, widget: QWidget) -> None:
        self._made.append(widget)
        self._column.addWidget(widget)

    def open_point(self, point: PointView | None) -> None:
        """A point, or a new one in the section of the last."""
        sheet = PointSheet(self, self.card.desk, self.view.id, point, self.points)
        sheet.done.connect(self.changed)
        sheet.open(None if point else sheet.texts["name"])

    def changed(self, said: str, done: Changed[object]) -> None:
        self.card.changed(said, done)
        self.refresh()

    def open_form(self) -> None:
        """Its name, and whether it is offered."""
        card, view = self.card, self.view
        self.close_sheet()
        TemplateForm(card, view).open()


class TemplateForm(FormSheet):
    """What a template is called and for."""

    def __init__(self, card: TemplatesCard, view: TemplateView | None) -> None:
        super().__init__(card, tr("Template") if view else tr("New template"))
        self._card, self._view = card, view
        self.text("name", tr("Name"), view.name if view else "", wide=True, longest=120)
        self.several("description", tr("What it is for"), view.description if view else "")
        if view is not None:
            self.active = Switch(view.active, tr("Offered on orders"))
            self.add("active", tr("Offered on orders"), self.active)
            self.finish_form(tr("Keep"), remove=tr("Delete"), removing=self.drop)
        else:
            self.finish_form(tr("Keep and add points"))

    def fields(self) -> dict[str, object]:
        found = super().fields()
        if self._view is not None:
            found["active"] = self.active.isChecked()
        return found

    def submit(self) -> None:
        (records, actor), fields = self._card.desk, self.fields()
        row = self._view.id if self._view else ""

        def done(changed: Changed[TemplateView]) -> None:
            self._card.changed(tr("“{name}” is kept.", name=changed.value.name or ""), changed)
            if not row:
                self._card.open_template(changed.value)

        self.send(lambda: save_template(records, actor, row, fields), done)

    def drop(self) -> None:
        """Take it off the list; inspections that were made by it stay."""
        if self._view is None:
            return
        (records, actor), view = self._card.desk, self._view
        self.close_sheet()
        self._card.run(lambda: drop_template(records, actor, view.id),
                       tr("“{name}” was deleted; inspections made by it stay.", name=view.name or ""))  # fmt: skip
