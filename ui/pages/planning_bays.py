"""The bays of the workshop: a name and what each has, in the order they stand in."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from core.language import tr
from core.planning.work_bays import WorkBayView
from ui import planning_reading, theme
from ui.planning_reading import Planning
from ui.widgets.buttons import Button, IconButton
from ui.widgets.panels import label

if TYPE_CHECKING:
    from ui.pages.schedule_planning import PlanningSheet


class BaysForm(QWidget):
    """A line for each bay; what is typed is kept when the field is left."""

    def __init__(self, sheet: "PlanningSheet") -> None:
        super().__init__()
        self._sheet = sheet
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, theme.space(3), 0)
        column.setSpacing(theme.space(2))
        words = tr("What a bay has decides what is planned there: words by comma, as “four-post lift, brake tester”.")
        column.addWidget(label(words, "muted", wrap=True))
        self._lines = QVBoxLayout()
        self._lines.setSpacing(theme.space(2))
        column.addLayout(self._lines)
        self.rows: dict[str, tuple[QWidget, QLineEdit, QLineEdit]] = {}
        self.add = Button(tr("Add a bay"), "plus", role="primary")
        self.add.clicked.connect(lambda _=False: self._add())
        column.addWidget(self.add)
        column.addStretch(1)

    def show_planning(self, planning: Planning) -> None:
        """The bays as they are; a field that is being typed into keeps what was typed."""
        ids = [bay.id for bay in planning.bays]
        for gone in self.rows.keys() - set(ids):
            line = self.rows.pop(gone)[0]
            self._lines.removeWidget(line)
            line.hide()
            line.deleteLater()
        self.add.show_words(tr("Another bay") if planning.bays else tr("Add a bay"), "plus")
        for at, bay in enumerate(planning.bays):
            if bay.id not in self.rows:
                self.rows[bay.id] = self._line(bay, at)
            _, name, equipment = self.rows[bay.id]
            for field, value in ((name, bay.name or ""), (equipment, bay.equipment or "")):
                if not field.hasFocus():
                    field.setText(value)

    def _line(self, bay: WorkBayView, at: int) -> tuple[QWidget, QLineEdit, QLineEdit]:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space(2))
        name, equipment = QLineEdit(), QLineEdit()
        name.setAccessibleName(tr("Name of the bay"))
        name.setMaxLength(60)
        equipment.setAccessibleName(tr("What it has"))
        equipment.setPlaceholderText(tr("What it has"))
        name.editingFinished.connect(partial(self._keep, bay.id, "name", name))
        equipment.editingFinished.connect(partial(self._keep, bay.id, "equipment", equipment))
        row.addWidget(name, 2)
        row.addWidget(equipment, 4)
        cross = IconButton("trash", tr("Remove this bay"))
        cross.clicked.connect(lambda _=False: self._remove(bay))
        row.addWidget(cross)
        self._lines.insertWidget(at, line)
        return line, name, equipment

    def _keep(self, id_: str, name: str, field: QLineEdit) -> None:
        records, actor, value = self._sheet.records, self._sheet.actor, field.text()
        self._sheet.write(lambda: planning_reading.change_bay(records, actor, id_, {name: value}))

    def _add(self) -> None:
        records, actor = self._sheet.records, self._sheet.actor
        fields = {"name": tr("Bay {number}", number=len(self.rows) + 1)}
        self._sheet.write(lambda: planning_reading.add_bay(records, actor, fields))

    def _remove(self, bay: WorkBayView) -> None:
        records, actor = self._sheet.records, self._sheet.actor
        self._sheet.write(
            lambda: planning_reading.remove_bay(records, actor, bay.id),
            tr("{name} is removed; what was planned there stays in sight.", name=bay.name or ""),
            lambda: planning_reading.bring_bay_back(records, actor, bay.id),
        )
