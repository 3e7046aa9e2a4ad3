"""Searches with a name: one press shows them again, one's own first and then everybody's."""

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from core.language import tr
from core.records.input import Refused
from core.vehicles.saved_filters import SavedFilterView
from ui import background, theme, vehicles_reading, vehicles_writing
from ui.pages.bays_sheets import Trouble
from ui.pages.parts_desk import EXPECTED
from ui.pages.vehicles_chips import chips
from ui.pages.vehicles_desk import VehiclesDesk
from ui.pages.vehicles_tab import Teach
from ui.vehicles_reading import Asked
from ui.widgets.buttons import Button, IconButton, Switch, ValueButton
from ui.widgets.dialogs import Sheet
from ui.widgets.panels import Separator, label
from ui.widgets.touch import scrolling


class SavedSheet(Sheet):
    """``chosen(asked)`` for one that is pressed. Below, the present search gets a name."""

    def __init__(self, desk: VehiclesDesk, asked: Asked, chosen: Callable[[Asked], object]) -> None:
        super().__init__(desk.anchor, tr("Saved searches"), width=760)
        self._desk, self._asked, self._chosen = desk, asked, chosen
        self.rows: dict[str, Button] = {}
        content = QWidget()
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(0, 0, theme.space(2), 0)
        self._column.setSpacing(theme.space(1))
        self.empty = Teach(
            tr("None yet. Search and filter until the list shows what you need every week, and give it a name below.")
        )
        self.empty.hide()
        self._column.addWidget(self.empty)
        self._column.addStretch(1)
        area = scrolling(content)
        area.setMinimumHeight(theme.scaled(260))
        self.body.addWidget(area, 1)
        self.body.addWidget(Separator())
        self.body.addWidget(label(self._now(), "muted", wrap=True))
        row = QHBoxLayout()
        row.setSpacing(theme.space(3))
        self.name = QLineEdit()
        self.name.setAccessibleName(tr("Name of this search"))
        self.name.setPlaceholderText(tr("Name of this search"))
        self.name.setMaxLength(120)
        self.name.returnPressed.connect(self.save)
        row.addWidget(self.name, 1)
        self.shared = Switch(on=desk.actor.kind != "staff", title=tr("For everybody"))
        self.shared.setEnabled(desk.actor.kind == "staff" and desk.may("vehicles.change"))
        row.addWidget(label(tr("For everybody")))
        row.addWidget(self.shared)
        self.keep = Button(tr("Save"), "plus", role="primary")
        self.keep.clicked.connect(lambda _=False: self.save())
        row.addWidget(self.keep)
        self.body.addLayout(row)
        self.trouble = Trouble()
        self.body.addWidget(self.trouble)
        self.read()

    def _now(self) -> str:
        asked = self._asked.criteria
        said = [f"“{asked.text}”"] if asked.text else []
        said += [each.words for each in chips(asked, {})]
        return tr("The search now: {words}", words=", ".join(said) or tr("all vehicles"))

    def read(self) -> None:
        records, actor = self._desk.records, self._desk.actor
        background.run(self, lambda: vehicles_reading.read_filters(records, actor), self._show, self._failed)

    def _show(self, found: tuple[SavedFilterView, ...]) -> None:
        while self._column.count() > 2:
            item = self._column.takeAt(1)
            if item is not None and (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self.rows = {}
        for at, each in enumerate(found, 1):
            self._column.insertWidget(at, self._row(each))
        self.empty.setVisible(not found)

    def _row(self, saved: SavedFilterView) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space(2))
        whose = tr("Everybody’s") if saved.shared else tr("Mine")
        button = self.rows[saved.id] = ValueButton(f"{saved.name or ''} · {whose}", "people" if saved.shared else "tag")
        button.clicked.connect(lambda _=False: self._take(saved))
        row.addWidget(button, 1)
        drop = IconButton("trash", tr("Delete {name}", name=saved.name or ""))
        drop.clicked.connect(lambda _=False: self._drop(saved))
        row.addWidget(drop)
        if saved.shared and not self._desk.may("vehicles.change"):
            drop.hide()
        return holder

    def _take(self, saved: SavedFilterView) -> None:
        try:
            criteria = saved.vehicle_criteria()
        except Refused as refused:
            self.trouble.say(tr("This search was saved by a newer program: {why}", why=refused))
            return
        turned = saved.criteria.get("descending")
        self.close_sheet()
        self._chosen(
            Asked(criteria, str(saved.criteria.get("sort", "newest")), turned if isinstance(turned, bool) else None)
        )

    def save(self) -> None:
        """Give the present search a name."""
        name, shared = self.name.text().strip(), self.shared.isChecked()
        if not name:
            self.trouble.say(tr("Type a name first."))
            return
        records, actor, asked = self._desk.records, self._desk.actor, self._asked
        background.run(
            self, lambda: vehicles_writing.keep_search(records, actor, name, asked, shared=shared),
            lambda _: self._saved(), self._failed,
        )  # fmt: skip

    def _saved(self) -> None:
        self.name.clear()
        self.trouble.say("")
        self.read()

    def _drop(self, saved: SavedFilterView) -> None:
        records, actor = self._desk.records, self._desk.actor
        self._desk.run(
            lambda: vehicles_writing.drop_search(records, actor, saved.id),
            tr("Removed: {line}", line=saved.name or ""),
            lambda _: vehicles_writing.bring_search(records, actor, saved.id),
            then=lambda _: self.read(),
        )

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, EXPECTED):
            raise error
        self.trouble.say(str(error))
