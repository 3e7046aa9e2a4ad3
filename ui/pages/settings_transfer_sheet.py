"""A file that is to be imported: how it was understood, what each column is, the rows as they will be, and what is
wrong. Nothing is written before somebody presses the button that says how many rows.
"""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from core.csv_files.kinds import KINDS
from core.csv_files.reading import UnreadableError
from core.language import tr, trn
from core.people.roles import Actor
from core.records.records import Records
from ui import background, theme, words
from ui.pages.bays_sheets import Trouble
from ui.pages.settings_form import EXPECTED
from ui.pages.settings_transfer_parts import ColumnsPart, ProblemsPart, ReadPart, RowsPart
from ui.transfer_reading import Looked, Wanted, look, write_problems
from ui.widgets import toast
from ui.widgets.buttons import Button, Segmented
from ui.widgets.choice_sheet import Answer, ChoiceSheet
from ui.widgets.dialogs import Sheet
from ui.widgets.icons import IconLabel
from ui.widgets.panels import label
from ui.widgets.touch import scrolling

WIDTH = 1360


class _Count(QWidget):
    """A number that matters, with its shape and its word."""

    def __init__(self, icon: str, token: str, word: str) -> None:
        super().__init__()
        self._token = token
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, theme.space(5), 0)
        row.setSpacing(theme.space(3))
        self.shape = IconLabel(icon, 30, token)
        self._icon = icon
        row.addWidget(self.shape)
        self.number = label("–")
        self.number.setFont(theme.font(theme.scaled(34), "semibold", tabular=True))
        row.addWidget(self.number)
        row.addWidget(label(word, "muted"))

    def show_count(self, count: int | None) -> None:
        self.number.setText("–" if count is None else words.count(count))
        self.shape.show_icon(self._icon, self._token if count else "text_muted")


class ImportSheet(Sheet):
    """``agreed(ImportPlan)`` when its rows are to be written."""

    agreed = Signal(object)

    def __init__(
        self, anchor: QWidget, desk: tuple[Records, Actor], name: str, data: bytes, *, places: tuple[Path, ...]
    ) -> None:
        super().__init__(anchor, name, width=WIDTH)
        self._kept_in = places
        self._desk, self._name, self._data = desk, name, data
        self._asked = 0
        self.wanted = Wanted()
        self.found: Looked | None = None
        self.body.addLayout(self._head())
        self.trouble = Trouble()
        self.body.addWidget(self.trouble)
        self.reading = ReadPart(self.want)
        self.columns = ColumnsPart(self.want)
        self.rows = RowsPart()
        self.problems = ProblemsPart(self.save_problems)
        parts: Mapping[str, tuple[str, QWidget]] = {
            "columns": (tr("Columns"), self.columns),
            "reading": (tr("How it is read"), self.reading),
            "rows": (tr("First rows"), self.rows),
            "problems": (tr("With problems"), self.problems),
        }
        self.tabs = Segmented({key: title for key, (title, _) in parts.items()}, "columns", tr("What is shown"))
        self.tabs.chosen.connect(self.show_part)
        self.body.addWidget(self.tabs)
        self._places = {key: number for number, key in enumerate(parts)}
        self._stack = QStackedWidget()
        for _, part in parts.values():
            area = scrolling(part)
            area.setMinimumHeight(theme.scaled(420))
            self._stack.addWidget(area)
        self.body.addWidget(self._stack, 1)
        cancel = Button(tr("Cancel"))
        cancel.clicked.connect(lambda _=False: self.close_sheet())
        self.keep = Button(tr("Reading…"), "ok", role="primary")
        self.keep.setEnabled(False)
        self.keep.clicked.connect(lambda _=False: self.write())
        self.footer.addWidget(cancel, 1)
        self.footer.addWidget(self.keep, 2)
        self._look()

    def _head(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(theme.space(3))
        row = QHBoxLayout()
        self.kind = Segmented({name: tr(kind.words) for name, kind in KINDS.items()}, None, tr("What is in it"))
        self.kind.chosen.connect(lambda kind: self.want(Wanted(kind=str(kind), encoding=self.wanted.encoding,
                                                               delimiter=self.wanted.delimiter)))  # fmt: skip
        row.addWidget(self.kind)
        row.addStretch(1)
        column.addLayout(row)
        counts = QHBoxLayout()
        self.new = _Count("plus", "ok", tr("new"))
        self.already = _Count("in-step", "info", tr("here already, stay as they are"))
        self.bad = _Count("warning", "warning", tr("with problems, are left out"))
        for each in (self.new, self.already, self.bad):
            counts.addWidget(each)
        counts.addStretch(1)
        column.addLayout(counts)
        return column

    def show_part(self, key: object) -> None:
        """Bring one of the four parts to the front."""
        self.tabs.set_value(key)
        self._stack.setCurrentIndex(self._places[str(key)])

    # --- how it is read

    def want(self, wanted: Wanted) -> None:
        """Read the file another way."""
        self.wanted = wanted
        self._look()

    def _look(self) -> None:
        self._asked += 1
        asked, data, wanted = self._asked, self._data, self.wanted
        records, actor = self._desk
        self.keep.setEnabled(False)
        background.run(
            self,
            lambda: look(records, actor, data, wanted),
            lambda found: self._show(asked, found),
            lambda error: self._failed(asked, error),
        )

    def _failed(self, asked: int, error: Exception) -> None:
        if not isinstance(error, (*EXPECTED, UnreadableError)):
            raise error
        if asked == self._asked:
            self.found = None
            self._counts(None)
            self.trouble.say(str(error))

    def _show(self, asked: int, found: Looked) -> None:
        if asked != self._asked:
            return
        self.found, self.wanted = found, found.wanted
        self.kind.set_value(found.wanted.kind)
        self.trouble.say(found.trouble)
        self.reading.show_read(found)
        self.columns.show_read(found)
        self.rows.show_read(found)
        self.problems.show_read(found)
        self._counts(found)

    def _counts(self, found: Looked | None) -> None:
        plan = found.plan if found is not None else None
        self.new.show_count(len(plan.rows) if plan else None)
        self.already.show_count(len(plan.already) if plan else None)
        self.bad.show_count(plan.bad_lines if plan else None)
        count = len(plan.rows) if plan else 0
        said = trn("Write {count} row", "Write {count} rows", count) if count else tr("Nothing to write")
        self.keep.show_words(said, "ok")
        self.keep.setEnabled(count > 0)

    # --- what is done with it

    def write(self) -> None:
        """Somebody agreed to what is shown: only now something is written."""
        plan = self.found.plan if self.found is not None else None
        if plan is not None:
            self.close_sheet()
            self.agreed.emit(plan)

    def save_problems(self) -> None:
        """The rows with problems as a file of their own, to be mended and imported again."""
        places = [Answer(str(each), each.name or str(each), "folder") for each in self._kept_in]
        ChoiceSheet(self, tr("Where should it go?"), places, None, self._save_to).open()

    def _save_to(self, place: str | None) -> None:
        found = self.found
        if place is None or found is None or found.plan is None:
            return
        stem = Path(self._name).stem
        file = Path(place) / f"{stem} {tr('problems')}.csv"

        def saved(count: int) -> None:
            said = trn("{count} row was saved.", "{count} rows were saved.", count)
            toast.show(self, said, detail=str(file), tone="ok")

        def failed(error: Exception) -> None:
            if not isinstance(error, EXPECTED):
                raise error
            toast.show(self, tr("Nothing was saved"), detail=str(error), tone="critical")

        background.run(self, lambda: write_problems(found, file), saved, failed)
