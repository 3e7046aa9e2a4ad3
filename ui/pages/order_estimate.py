"""Estimate of an order: lines added in one go, each with what the customer said, and the totals always in sight."""

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.language import tr, trn
from core.workshop.decisions import APPROVED, ASKED, WAYS
from core.workshop.estimates import UNDECIDED, Estimate
from core.workshop.line_kinds import DISCOUNT, KINDS
from core.workshop.lines import LineView
from core.workshop.totals import Totals
from ui import estimate_reading, theme
from ui.estimate_reading import EstimateRead
from ui.money_words import money, tax_words
from ui.pages.order_desk import EXPECTED
from ui.pages.order_foot import EstimateFoot
from ui.pages.order_line_moving import LineMoving
from ui.pages.order_line_row import LineRow, TotalsBar
from ui.pages.order_line_sheet import LineSheet, LineStart, discount_words
from ui.pages.order_quick_add import QuickAdd
from ui.pages.order_section import Section
from ui.widgets.amount_sheet import AmountSheet
from ui.widgets.buttons import Button, ValueButton
from ui.widgets.choice_sheet import Answer, ChoiceSheet
from ui.widgets.flow import Flow
from ui.widgets.panels import label
from ui.widgets.words_sheet import WordsSheet

WAY_SHAPES = {"in_person": "people", "phone": "phone", "message": "note", "email": "export", "signature": "edit"}


class EstimateSection(Section):
    """Who speaks for the customer and how is said once at the top; then every yes and no is one tap."""

    TABLES = frozenset({"repair_order_lines", "line_decisions", "parts", "stock_moves", "shop_details"})

    def build(self) -> None:
        self.found: EstimateRead | None = None
        self.rows: dict[str, LineRow] = {}
        self._drafts: dict[str, str] = {}
        self._row = self.desk.row
        self._said: dict[str, tuple[str, str]] = {}  # who and how, by order
        self.column.setSpacing(theme.space(3))
        self.column.addWidget(self._answers())
        self.empty = label(
            tr("No lines yet. Type what is to be done at the foot, scan a part, or take findings from the inspection."),
            "muted",
            wrap=True,
        )
        self.column.addWidget(self.empty)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(theme.space(2))
        self.column.addLayout(self._lines)
        self.moving = LineMoving(self, self._lines, self._keep_place)
        records = self.desk.records
        self.add = QuickAdd(lambda text: estimate_reading.find_parts(records, text))
        self.add.wanted.connect(self._add)
        self.add.sheet.connect(self.open_new)
        self.column.addWidget(self.add.by_kind)
        self.column.addStretch(1)
        self.column.setContentsMargins(0, theme.space(1), theme.space(3), theme.space(3))
        self.totals = TotalsBar()
        self.foot = EstimateFoot(self.add, self.totals)

    def _answers(self) -> QWidget:
        """The row of what the customer says: who, how, and the two deeds on everything that is open."""
        host = QWidget()
        flow = Flow(host)
        self.said_by = ValueButton(tr("Who says it"), "people")
        self.said_by.setFixedWidth(theme.scaled(250))
        self.said_by.clicked.connect(lambda _=False: self.open_said_by())
        self.way = ValueButton("", "people")
        self.way.setFixedWidth(theme.scaled(190))
        self.way.clicked.connect(lambda _=False: self.open_way())
        self.ask_all = Button(tr("Mark as asked"), "help")
        self.ask_all.clicked.connect(lambda _=False: self._all(ASKED))
        self.approve_all = Button(tr("Yes to all that is open"), "ok", role="primary")
        self.approve_all.clicked.connect(lambda _=False: self._all(APPROVED))
        self.print = Button(tr("Print"), "print")
        self.print.clicked.connect(lambda _=False: self.open_paper())
        for each in (self.said_by, self.way, self.approve_all, self.ask_all, self.print):
            flow.addWidget(each)
        return host

    # --- what is shown

    def begin(self) -> None:
        if self._row:
            self._drafts[self._row] = self.add.take_text()
        self._row = self.desk.row
        self.add.put_text(self._drafts.pop(self._row, ""))
        self.found = None
        self._show_rows(None)
        self.totals.show_cells(())

    def reading(self) -> Callable[[], EstimateRead]:
        records, row = self.desk.records, self.desk.row
        return lambda: estimate_reading.read_estimate(records, row)

    def show_read(self, found: Any) -> None:
        self.found = found
        self._row = self.desk.row
        self.add.show_currency(found.currency)
        self._show_said()
        self._show_rows(found.estimate)
        self.totals.show_cells(_cells(found.estimate, found.currency, found.tax_names))

    def _show_rows(self, estimate: Estimate | None) -> None:
        lines = estimate.lines if estimate is not None else ()
        wanted = {each.line.id for each in lines}
        for id_ in [each for each in self.rows if each not in wanted]:
            old = self.rows.pop(id_)
            if self.moving.row is old:
                self.moving.end()
            old.hide()
            old.deleteLater()
        currency = self.found.currency if self.found is not None else ""
        change, decide = self.desk.may("repair_orders.change"), self.desk.may("estimates.decide")
        for at, each in enumerate(lines):
            row = self.rows.get(each.line.id)
            if row is None:
                row = self.rows[each.line.id] = LineRow(each, currency)
                row.opened.connect(self.open_line)
                row.decided.connect(self._decide)
                self._movable(row)
            elif row.row != each:
                row.show_line(each, currency)
            row.allow(change=change, decide=decide)
            if self._lines.indexOf(row) != at and self.moving.row is None:
                self._lines.insertWidget(at, row)
        self.empty.setVisible(estimate is not None and not lines)
        waiting = sum(each.state in UNDECIDED for each in lines)
        self.approve_all.setEnabled(bool(waiting) and decide)
        self.ask_all.setEnabled(any(each.state == "open" for each in lines) and decide)
        self.add.setEnabled(change)
        self.add.by_kind.setEnabled(change)
        self.print.setEnabled(bool(lines))

    def _movable(self, row: LineRow) -> None:
        grip = row.grip
        grip.held.connect(lambda: self.moving.hold(row))
        grip.moved.connect(self.moving.move)
        grip.dropped.connect(self.moving.drop)
        grip.asked.connect(lambda: self.moving.ask(row, row.title.text()))
        row.stepped.connect(lambda _, where: self.moving.step(row, where))

    def _keep_place(self, row: QWidget, before: QWidget | None) -> None:
        """A line was put before another; None: at the end. If that cannot be kept it goes back where it was."""
        if not isinstance(row, LineRow):
            return
        desk, line = self.desk, row.row.line.id
        records, actor = desk.records, desk.actor
        target = before.row.line.id if isinstance(before, LineRow) else None
        said = tr("Moved: {line}", line=row.title.text())

        def done(back: str | None) -> None:
            desk.run(lambda: None, said, partial(estimate_reading.place_line, records, actor, line, back))

        def failed(error: Exception) -> None:
            self.outdated()
            desk.failed(error)

        desk.keep_typed(lambda: estimate_reading.place_line(records, actor, line, target), done, failed)

    def _show_said(self) -> None:
        who, way = self._about()
        self.said_by.show_words(who or tr("Who says it"), "people")
        self.way.show_words(tr(WAYS[way]), WAY_SHAPES[way])

    def _about(self) -> tuple[str, str]:
        customer = self.found.customer if self.found is not None else ""
        return self._said.get(self.desk.row, (customer, "in_person"))

    def take_typed(self, text: str) -> bool:
        """A scan, or who just starts to type, adds a line."""
        if not self.add.isEnabled():
            return False
        self.add.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.add.field.insert(text)
        return True

    # --- what the customer says

    def open_said_by(self) -> None:
        who, way = self._about()
        customer = self.found.customer if self.found is not None else ""

        def done(text: str) -> None:
            self._said[self.desk.row] = (text, way)
            self._show_said()

        ready = (customer,) if customer else ()
        WordsSheet(self, tr("Who speaks for the customer"), who, done, longest=120, ready=ready).open()

    def open_way(self) -> None:
        who, way = self._about()

        def done(value: str | None) -> None:
            self._said[self.desk.row] = (who, value or "in_person")
            self._show_said()

        answers = tuple(Answer(each, tr(word), WAY_SHAPES[each], "text_muted") for each, word in WAYS.items())
        ChoiceSheet(self, tr("How it was said"), answers, way, done).open()

    def _fields(self) -> dict[str, object]:
        who, way = self._about()
        return {"said_by": who or None, "way": way}

    def _decide(self, line: str, decision: str) -> None:
        row = self.rows.get(line)
        if row is None or row.row.state == decision:
            return
        desk, about = self.desk, self._fields()
        records, actor, order = desk.records, desk.actor, desk.row
        title = row.title.text()
        word = tr("Yes: {line}", line=title) if decision == APPROVED else tr("No: {line}", line=title)
        desk.run(
            lambda: estimate_reading.say(records, actor, order, [(line, decision)], about),
            then=partial(self._told_said, word, frozenset({line})),
        )

    def _all(self, decision: str) -> None:
        desk, about = self.desk, self._fields()
        records, actor, order = desk.records, desk.actor, desk.row
        waiting = frozenset(id_ for id_, each in self.rows.items() if each.row.state in UNDECIDED)
        said = (
            trn("Yes to {count} line.", "Yes to {count} lines.", len(waiting))
            if decision == APPROVED
            else tr("Marked as asked.")
        )
        desk.run(
            lambda: estimate_reading.say_all(records, actor, order, decision, about),
            then=partial(self._told_said, said, waiting),
        )

    def _told_said(self, words: str, lines: Collection[str], made: Estimate) -> None:
        """Say what was written down, with the way back to what was there before, were it nothing."""
        desk = self.desk
        records, actor = desk.records, desk.actor
        ids = {each.decision.id for each in made.lines if each.line.id in lines and each.decision is not None}
        desk.run(lambda: None, words, lambda: estimate_reading.unsay(records, actor, ids))

    # --- lines

    def open_new(self, kind: str) -> None:
        """A new line of this kind, everything of it in a sheet."""
        if self.found is None or self.desk.shown is None:
            return
        if kind == DISCOUNT and self.rows:
            answers = (
                Answer("percent", tr("Percent of everything"), "minus"),
                Answer("amount", tr("An amount"), "minus"),
            )
            ChoiceSheet(self, tr("Discount"), answers, None, self._discount).open()
            return
        self._new_sheet(kind)

    def _discount(self, value: str | None) -> None:
        if value == "amount":
            self._new_sheet(DISCOUNT)
        elif value == "percent":
            AmountSheet(self, tr("Discount"), None, self._take_off, unit="%", decimals=2).open()

    def _take_off(self, value: int | None) -> None:
        if not value:
            return
        desk = self.desk
        records, actor, order = desk.records, desk.actor, desk.row
        words = discount_words(value)

        def then(lines: tuple[LineView, ...]) -> None:
            self._told_added(lines, words)

        desk.run(lambda: estimate_reading.give_discount(records, actor, order, value, words), then=then)

    def _told_added(self, lines: tuple[LineView, ...], words: str) -> None:
        """Say what was added with the way back; the ids are known only now."""
        desk, ids = self.desk, [each.id for each in lines]
        records, actor = desk.records, desk.actor
        desk.run(lambda: None, words, lambda: estimate_reading.remove_lines(records, actor, ids))

    def _new_sheet(self, kind: str) -> None:
        found, shown = self.found, self.desk.shown
        if found is None or shown is None:
            return
        start: dict[str, object] = {"kind": kind}
        if kind == DISCOUNT:
            start["description"] = tr(KINDS[DISCOUNT])
        elif kind == "labour":
            start["unit_price"] = found.labour_rate
            start["technician_id"] = shown.order.technician_id
        sheet = LineSheet(self, LineStart(None, start), shown.people, found.currency, self._keep_new)
        sheet.open(sheet.description)

    def _keep_new(self, sheet: LineSheet, fields: dict[str, object]) -> None:
        desk = self.desk
        records, actor, order = desk.records, desk.actor, desk.row

        def done(line: LineView) -> None:
            sheet.kept()
            self._told_added((line,), tr("Added: {line}", line=line.description or ""))

        desk.keep_typed(lambda: estimate_reading.add_line(records, actor, order, fields), done, _refusing(sheet))

    def _add(self, fields: dict[str, object]) -> None:
        desk = self.desk
        records, actor, order = desk.records, desk.actor, desk.row

        def failed(error: Exception) -> None:
            self.add.put_text(str(fields.get("description") or ""))  # nothing typed is lost
            desk.failed(error)

        def done(line: LineView) -> None:
            self._told_added((line,), tr("Added: {line}", line=line.description or ""))

        desk.keep_typed(lambda: estimate_reading.add_line(records, actor, order, fields), done, failed)

    def open_line(self, id_: str) -> None:
        """Everything of a line, to change it."""
        row, found, shown = self.rows.get(id_), self.found, self.desk.shown
        if row is None or found is None or shown is None or not self.desk.may("repair_orders.change"):
            return
        line = row.row.line
        sheet = LineSheet(
            self,
            LineStart(line),
            shown.people,
            found.currency,
            partial(self._keep, line),
            remove=partial(self._remove, line),
        )
        sheet.open(sheet.done)

    def _keep(self, line: LineView, sheet: LineSheet, fields: dict[str, object]) -> None:
        desk = self.desk
        records, actor = desk.records, desk.actor
        fresh = {name: value for name, value in fields.items() if getattr(line, name) != value}
        before = {name: getattr(line, name) for name in fresh}

        def done(_: object) -> None:
            sheet.kept()
            if fresh:
                back = partial(estimate_reading.save_line, records, actor, line.id, before)
                desk.run(lambda: None, tr("The line is changed."), back)

        desk.keep_typed(lambda: estimate_reading.save_line(records, actor, line.id, fresh), done, _refusing(sheet))

    def _remove(self, line: LineView) -> None:
        desk = self.desk
        records, actor = desk.records, desk.actor
        desk.run(
            lambda: estimate_reading.remove_lines(records, actor, [line.id]),
            tr("Removed: {line}", line=line.description or ""),
            lambda: estimate_reading.bring_back(records, actor, [line.id]),
        )

    def open_paper(self) -> None:
        """The estimate as it is printed."""
        self.desk.show_paper("estimate", self.desk.row)


def _refusing(sheet: LineSheet) -> Callable[[Exception], None]:
    def refused(error: Exception) -> None:
        if not isinstance(error, EXPECTED):
            raise error
        sheet.refused(str(error))

    return refused


def _cells(estimate: Estimate, currency: str, names: Mapping[int, str]) -> tuple[tuple[str, str, bool], ...]:
    """What the bar at the foot says: how it stands at the left, all that is not declined with its tax at the right."""
    if not estimate.lines:
        return ()
    cells: list[tuple[str, str, bool]] = []
    for words, part in (
        (tr("Approved"), estimate.approved),
        (tr("Still open"), estimate.waiting),
        (tr("Declined"), estimate.declined),
    ):
        if part != Totals():
            cells.append((words, money(part.gross, currency), False))
    wanted = estimate.wanted
    cells.append((tr("Net"), money(wanted.net, currency), True))
    cells += [(tax_words(each.rate, names), money(each.tax, currency), False) for each in wanted.taxes]
    cells.append((tr("Total with tax"), money(wanted.gross, currency), False))
    return tuple(cells)
