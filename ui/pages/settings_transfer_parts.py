"""The four parts of a file that is to be imported: how it is read, its columns, its first rows, its problems."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from core.csv_files.cells import DAY_ORDERS
from core.csv_files.kinds import KINDS, What
from core.csv_files.mappings import ready
from core.csv_files.planning import PlannedRow, RowProblem
from core.language import tr, trn
from core.records.input import Value
from core.vehicles.models import FUEL_TYPES, STATUSES, TRANSMISSIONS
from ui import theme, words
from ui.money_words import money, pieces
from ui.transfer_reading import Looked, Wanted
from ui.widgets.buttons import Button, Choice
from ui.widgets.choice_sheet import Answer, ChoiceSheet
from ui.widgets.icons import IconLabel
from ui.widgets.panels import Card, ElidedLabel, label
from ui.widgets.words_sheet import WordsSheet

ENCODINGS = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "cp1252": "Windows 1252", "latin-1": "Latin 1",
             "cp850": "DOS 850", "cp1250": "Windows 1250"}  # fmt: skip
FIRST = 8  # rows of the preview
ACROSS = 4  # values side by side: a VIN is seen whole
SHOWN = 200  # problems of the list; the file has all of them
MONEY, PIECES = ("cost", "price"), ("minimum", "order_up_to", "stock")
_WORDS = {"fuel_type": FUEL_TYPES, "transmission": TRANSMISSIONS, "status": STATUSES}
Want = Callable[[Wanted], object]
Options = Mapping[Any, str]


def cell_words(kind: str, name: str, value: Value, currency: str | None) -> str:
    """A value as it will be shown once it is here."""
    if isinstance(value, int) and name in MONEY:
        return money(value, currency)
    if isinstance(value, int) and name in PIECES:
        return pieces(value)
    if isinstance(value, int) and name == "odometer_km":
        return f"{words.count(value)} km"
    if isinstance(value, str) and KINDS[kind].columns[name].what is What.DAY:
        day = dt.date.fromisoformat(value)
        return words.locale().toString(QDate(day.year, day.month, day.day), tr("d MMM yyyy"))
    if isinstance(value, str) and value in _WORDS.get(name, {}):
        return tr(_WORDS[name][value])
    return "" if value is None else str(value)


class _Part(QWidget):
    """A column of widgets that is filled anew."""

    def __init__(self) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, theme.space(2), theme.space(3), theme.space(2))
        self.column.setSpacing(theme.space(3))
        self._made: list[QWidget] = []

    def clear(self) -> None:
        for each in self._made:
            each.hide()
            each.deleteLater()
        self._made = []
        while self.column.takeAt(0) is not None:
            pass

    def put(self, widget: QWidget) -> None:
        self._made.append(widget)
        self.column.addWidget(widget)


class ReadPart(_Part):
    """Encoding, delimiter, decimal sign, order of days, distances, and ready mappings: each found, each changeable."""

    def __init__(self, want: Want) -> None:
        super().__init__()
        self._want = want
        self.choices: dict[str, Choice] = {}

    def show_read(self, found: Looked) -> None:
        """Show how the file was read."""
        self.clear()
        self.choices = {}
        grid_host = QWidget()
        grid = QGridLayout(grid_host)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.space(5))
        grid.setVerticalSpacing(theme.space(4))
        wanted, plan = found.wanted, found.plan
        style = plan.style if plan else None
        encoding = found.table.encoding
        delimiters = {",": tr("Comma  ,"), ";": tr("Semicolon  ;"), "\t": tr("Tabulator"), "|": tr("Stroke  |")}
        decimals = {".": tr("Point: 1234.50"), ",": tr("Comma: 1234,50")}
        known = ready()
        programs = {name: each.words for name, each in known.items() if each.kind == wanted.kind}
        entries: list[tuple[str, str, Options, object]] = [
            ("mapping", tr("From which program"), {None: tr("By the columns’ names"), **programs}, wanted.mapping),
            ("encoding", tr("Encoding of the text"), {**{key: word for key, word in ENCODINGS.items()
                                                        if key != "utf-8-sig" or encoding == key}}, encoding),
            ("delimiter", tr("What stands between two cells"), dict(delimiters), found.table.delimiter),
            ("decimal", tr("Decimal sign"), dict(decimals), style.decimal if style else wanted.decimal or "."),
            ("day_order", tr("Days are written as"), {order: tr(said) for order, said in DAY_ORDERS.items()},
             style.day_order if style else wanted.day_order),
            ("distance", tr("Odometers are in"), {"km": tr("Kilometres"), "mi": tr("Miles")},
             style.distance if style else wanted.distance or "km"),
        ]  # fmt: skip
        for at, (name, title, options, now) in enumerate(entries):
            grid.addWidget(self._cell(name, title, options, now, found), at // 2, at % 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        self.put(grid_host)
        if style is not None and not style.sure:
            self.put(label(tr("The days fit several orders: please compare one of them with what you know."), "invalid",
                           wrap=True))  # fmt: skip
        self.column.addStretch(1)

    def _cell(self, name: str, title: str, options: Options, now: object, found: Looked) -> QWidget:
        cell = QWidget()
        column = QVBoxLayout(cell)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(1))
        column.addWidget(label(title, "caption"))
        choice = self.choices[name] = Choice(title)
        if now not in options:
            options = {now: str(now or tr("Found by looking")), **options}
        for value, said in options.items():
            choice.addItem(said, value)
        choice.setCurrentIndex(list(options).index(now))
        choice.activated.connect(lambda _: self._choose(name, choice.currentData(), found.wanted))
        column.addWidget(choice)
        return cell

    def _choose(self, name: str, value: object, wanted: Wanted) -> None:
        # Another encoding, delimiter or program: other columns, so what was chosen of them does not hold any more.
        fresh = {"columns": None} if name in ("mapping", "encoding", "delimiter") else {}
        self._want(replace(wanted, **{name: value}, **fresh))  # type: ignore[arg-type]  # a field of it by its name


class ColumnsPart(_Part):
    """Their columns with an example, and what each of them is here; what is the same in every row."""

    def __init__(self, want: Want) -> None:
        super().__init__()
        self._want = want
        self.buttons: dict[str, Button] = {}
        self.constants: dict[str, Button] = {}

    def show_read(self, found: Looked) -> None:
        """A line for each of their columns."""
        self.clear()
        self.buttons, self.constants = {}, {}
        kind = KINDS[str(found.wanted.kind)]
        ours = {theirs: name for name, theirs in found.columns.items()}
        host = QWidget()
        grid = QGridLayout(host)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.space(4))
        grid.setVerticalSpacing(theme.space(2))
        for place, title in enumerate((tr("In the file"), tr("For example"), "", tr("Here"))):
            grid.addWidget(label(title, "caption"), 0, place)
        for at, theirs in enumerate(found.table.header, 1):
            if not theirs:
                continue
            filled = (row.cells[at - 1] for row in found.table.rows if len(row.cells) >= at and row.cells[at - 1])
            example = next(filled, tr("empty"))
            name = ours.get(theirs)
            said = tr(kind.columns[name].words) if name else tr("Left out")
            button = self.buttons[theirs] = Button(said, "ok" if name else "minus")
            button.setProperty("align", "left")
            button.clicked.connect(lambda _=False, theirs=theirs: self.choose(found, theirs))
            grid.addWidget(ElidedLabel(theirs, weight="medium"), at, 0)
            grid.addWidget(ElidedLabel(example, "text_muted"), at, 1)
            grid.addWidget(IconLabel("chevron-right", 24, "text_muted"), at, 2)
            grid.addWidget(button, at, 3)
        for place, share in ((0, 2), (1, 3), (3, 3)):
            grid.setColumnStretch(place, share)
        self.put(host)
        self._same(found)
        self.column.addStretch(1)

    def _same(self, found: Looked) -> None:
        """What no column says, and is the same in every row."""
        kind = KINDS[str(found.wanted.kind)]
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, theme.space(2), 0, 0)
        line.setSpacing(theme.space(2))
        for name, text in found.wanted.constants.items():
            words = tr("{column}: {value}, in every row", column=tr(kind.columns[name].words), value=text)
            button = self.constants[name] = Button(words, "edit")
            button.clicked.connect(lambda _=False, name=name: self.ask(found, name))
            line.addWidget(button)
        self.same = Button(tr("The same in every row…"), "plus")
        self.same.clicked.connect(lambda _=False: self.choose_same(found))
        line.addWidget(self.same)
        line.addStretch(1)
        self.put(row)

    def choose(self, found: Looked, theirs: str) -> None:
        """What this column of theirs is."""
        kind = KINDS[str(found.wanted.kind)]
        taken = {name: column for name, column in found.columns.items() if column != theirs}
        now = next((name for name, column in found.columns.items() if column == theirs), None)
        answers = [Answer(name, tr(column.words) + (f"  ({taken[name]})" if name in taken else ""))
                   for name, column in kind.columns.items()]  # fmt: skip

        def chosen(name: str | None) -> None:
            columns = {key: column for key, column in taken.items() if key != name}
            if name is not None:
                columns[name] = theirs
            self._want(replace(found.wanted, columns=columns))

        ChoiceSheet(
            self, tr("What is “{column}”?", column=theirs), answers, now, chosen, none=tr("Leave it out")
        ).open()

    def choose_same(self, found: Looked) -> None:
        """Which of ours is the same in every row."""
        kind = KINDS[str(found.wanted.kind)]
        answers = [Answer(name, tr(column.words)) for name, column in kind.columns.items() if name not in found.columns]
        ChoiceSheet(self, tr("What is the same in every row?"), answers, None,
                    lambda name: self.ask(found, name) if name else None).open()  # fmt: skip

    def ask(self, found: Looked, name: str) -> None:
        """The value of every row; empty takes it away."""
        title = tr(KINDS[str(found.wanted.kind)].columns[name].words)

        def done(text: str) -> None:
            rest = {key: value for key, value in found.wanted.constants.items() if key != name}
            self._want(replace(found.wanted, constants=rest | ({name: text} if text else {})))

        WordsSheet(self, title, found.wanted.constants.get(name, ""), done,
                   hint=tr("Every row of the file gets this. Empty: none does.")).open()  # fmt: skip


class RowsPart(_Part):
    """The first rows as they will be here."""

    def show_read(self, found: Looked) -> None:
        """A card for each."""
        self.clear()
        plan = found.plan
        if plan is None or not plan.rows:
            self.put(label(tr("No row would be written."), "muted"))
        else:
            for row in plan.rows[:FIRST]:
                self.put(self._card(plan.kind, row, found.currency))
            if len(plan.rows) > FIRST:
                self.put(label(tr("… and {count} more", count=words.count(len(plan.rows) - FIRST)), "muted"))
            if plan.new_names:
                self.put(label(tr("Made along: {names}", names=", ".join(plan.new_names[:SHOWN])), "muted", wrap=True))
        self.column.addStretch(1)

    def _card(self, kind: str, row: PlannedRow, currency: str | None) -> Card:
        card = Card()
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.space(5))
        grid.setVerticalSpacing(theme.space(2))
        shown = [(tr("Line"), words.count(row.line))]
        shown += [(tr(column.words), cell_words(kind, name, row.values[name], currency))
                  for name, column in KINDS[kind].columns.items() if row.values.get(name) is not None]  # fmt: skip
        for at, (title, text) in enumerate(shown):
            cell = QVBoxLayout()
            cell.setSpacing(0)
            cell.addWidget(label(title, "caption"))
            cell.addWidget(ElidedLabel(text, weight="medium"))
            grid.addLayout(cell, at // ACROSS, at % ACROSS)
        for place in range(ACROSS):
            grid.setColumnStretch(place, 1)
        card.body.addLayout(grid)
        return card


class ProblemsPart(_Part):
    """Each problem with its line, its column, what is wrong and what to do."""

    def __init__(self, save: Callable[[], object]) -> None:
        super().__init__()
        self._save = save

    def show_read(self, found: Looked) -> None:
        """Those of the whole file."""
        self.clear()
        plan = found.plan
        problems = plan.problems if plan else ()
        if not problems:
            self.put(label(found.trouble or tr("Nothing is wrong with any row."), "muted", wrap=True))
            self.column.addStretch(1)
            return
        lines = plan.bad_lines if plan else 0
        words = trn("Save {count} row as CSV, to mend it…", "Save {count} rows as CSV, to mend them…", lines)
        self.save = Button(words, "export")
        self.save.clicked.connect(lambda _=False: self._save())
        self.put(self.save)
        self.column.setAlignment(self.save, Qt.AlignmentFlag.AlignLeft)
        for each in problems[:SHOWN]:
            self.put(self._row(each))
        if len(problems) > SHOWN:
            more = tr("… and {count} more, all of them in the saved file", count=len(problems) - SHOWN)
            self.put(label(more, "muted"))
        self.column.addStretch(1)

    def _row(self, problem: RowProblem) -> QWidget:
        host = QWidget()
        row = QHBoxLayout(host)
        row.setContentsMargins(0, theme.space(1), 0, theme.space(1))
        row.setSpacing(theme.space(4))
        row.addWidget(IconLabel("warning", 26, "warning"), 0, Qt.AlignmentFlag.AlignTop)
        place = QVBoxLayout()
        place.setSpacing(0)
        line = label(tr("Line {line}", line=problem.line))
        line.setFont(theme.font(theme.base, "semibold", tabular=True))
        place.addWidget(line)
        place.addWidget(ElidedLabel(problem.column, "text_muted", 15))
        place.addStretch(1)
        holder = QWidget()
        holder.setLayout(place)
        holder.setFixedWidth(theme.scaled(190))
        row.addWidget(holder)
        said = QVBoxLayout()
        said.setSpacing(0)
        said.addWidget(label(problem.words, wrap=True))
        said.addWidget(label(problem.cure, "caption", wrap=True))
        row.addLayout(said, 1)
        return host
