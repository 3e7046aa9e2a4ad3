"""Parts of an order: how far each is, and the next step of it as one large button: order, receive, fit."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from core.language import tr, trn
from core.records.input import Refused
from core.workshop.order_parts import OrderPart
from core.workshop.part_states import WORDS, PartState
from core.workshop.parts import COUNTED, UNITS
from core.workshop.purchase_lines import Received
from core.workshop.purchasing import PurchaseOrderView
from core.workshop.totals import ONE
from ui import background, order_parts_reading, theme, words
from ui.money_words import pieces
from ui.order_parts_reading import PartsRead
from ui.pages.order_anyway import AnywaySheet
from ui.pages.order_section import Section
from ui.widgets.buttons import Button, IconButton
from ui.widgets.choice_sheet import Answer, ChoiceSheet
from ui.widgets.icons import IconLabel
from ui.widgets.panels import ElidedLabel, label
from ui.widgets.words_sheet import WordsSheet

SHAPES: Mapping[PartState, tuple[str, str]] = {
    PartState.NOT_ORDERED: ("critical", "critical"),
    PartState.ON_THE_WAY: ("truck", "warning"),
    PartState.HERE: ("ok", "ok"),
    PartState.FITTED: ("wrench", "text_muted"),
}
NEW = "new"
PURCHASE = "purchase"


class PartRow(QFrame):
    """One part: its badge, what is known of it, its next step."""

    step = Signal(str)
    more = Signal(str)

    def __init__(self, part: OrderPart) -> None:
        super().__init__()
        self.part = part
        self.setProperty("surface", "card")
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.space(4), theme.space(2), theme.space(2), theme.space(2))
        row.setSpacing(theme.space(3))
        self.icon = IconLabel("part", 30, "text_muted")
        row.addWidget(self.icon)
        self.state = label("")
        self.state.setFont(theme.font(theme.base, "semibold"))
        self.state.setFixedWidth(theme.scaled(150))
        row.addWidget(self.state)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        self.name = ElidedLabel("", "text", 18, "medium")
        self.about = ElidedLabel("", "text_muted", 15).set_tabular()
        texts.addWidget(self.name)
        texts.addWidget(self.about)
        row.addLayout(texts, 1)
        self.next = Button("")
        self.next.setMinimumWidth(theme.scaled(190))
        self.next.clicked.connect(lambda _=False: self.step.emit(self.part.line_id))
        row.addWidget(self.next)
        self.other = IconButton("more", tr("Say how far it is"))
        self.other.clicked.connect(lambda _=False: self.more.emit(self.part.line_id))
        row.addWidget(self.other)
        self.show_part(part)

    def show_part(self, part: OrderPart) -> None:
        self.part = part
        self.icon.show_icon(*SHAPES[part.state])
        self.state.setText(tr(WORDS[part.state]))
        name = part.description or part.part_number or tr("Part")
        several = part.unit in COUNTED and part.quantity != ONE
        self.name.set_text(f"{pieces(part.quantity)} × {name}" if several else name)
        self.about.set_text(" · ".join(_about(part)))
        words_, icon = {
            PartState.NOT_ORDERED: (tr("Order"), "truck"),
            PartState.ON_THE_WAY: (tr("It came"), "ok"),
            PartState.HERE: (tr("Fit it"), "wrench"),
            PartState.FITTED: (tr("Take it out again"), "undo"),
        }[part.state]
        self.next.show_words(words_, icon)
        self.setAccessibleName(f"{self.name.text()}: {self.state.text()}")


def _about(part: OrderPart) -> list[str]:
    amount = "" if part.unit in COUNTED else f"{pieces(part.quantity)} {tr(UNITS.get(part.unit, part.unit))}"
    found = [amount, part.part_number or ""]
    if part.part_id is not None and part.state is not PartState.FITTED:
        found.append(tr("{count} in the store", count=pieces(part.on_hand)))
        found.append(part.location or "")
    if part.purchase_number is not None:
        found.append(tr("ordered with {number}", number=part.purchase_number))
    if part.expected_on is not None and part.state is PartState.ON_THE_WAY:
        at = datetime.fromisoformat(part.expected_on)
        found.append(tr("expected {day}", day=words.day(at.timestamp() + 43_200)))
    return [each for each in found if each]


class PartsSection(Section):
    """Ordering, receiving and fitting without leaving the order."""

    TABLES = frozenset(
        {"repair_order_lines", "line_decisions", "stock_moves", "purchase_orders", "purchase_order_lines", "parts",
         "suppliers"}
    )  # fmt: skip

    def build(self) -> None:
        self.found: PartsRead | None = None
        self.rows: dict[str, PartRow] = {}
        self.column.setSpacing(theme.space(3))
        self.all = Button("", "truck", role="primary")
        self.all.clicked.connect(lambda _=False: self.open_order(self._missing()))
        self.column.addWidget(self.all, 0, Qt.AlignmentFlag.AlignLeft)
        self.empty = QWidget()
        empty = QVBoxLayout(self.empty)
        empty.setContentsMargins(0, 0, 0, 0)
        empty.addWidget(
            label(
                tr("This order needs no parts. Lines of the kind part on its estimate stand here."), "muted", wrap=True
            )
        )
        go = Button(tr("To the estimate"), "receipt")
        go.clicked.connect(lambda _=False: self.desk.wanted.emit("estimate"))
        empty.addWidget(go, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addWidget(self.empty)
        self._list = QVBoxLayout()
        self._list.setSpacing(theme.space(2))
        self.column.addLayout(self._list)
        self.column.addStretch(1)

    def begin(self) -> None:
        self.found = None
        self._show(PartsRead((), (), {}))
        self.empty.hide()

    def reading(self) -> Callable[[], PartsRead]:
        records, row = self.desk.records, self.desk.row
        return lambda: order_parts_reading.read_parts(records, row)

    def show_read(self, found: Any) -> None:
        self.found = found
        self._show(found)
        self.empty.setVisible(not found.parts)

    def _show(self, found: PartsRead) -> None:
        wanted = {each.line_id for each in found.parts}
        for id_ in [each for each in self.rows if each not in wanted]:
            old = self.rows.pop(id_)
            old.hide()
            old.deleteLater()
        for at, part in enumerate(found.parts):
            row = self.rows.get(part.line_id)
            if row is None:
                row = self.rows[part.line_id] = PartRow(part)
                row.step.connect(self._step)
                row.more.connect(self.open_states)
            else:
                row.show_part(part)
            action = "purchases.change" if part.state is PartState.NOT_ORDERED else "stock.move"
            row.next.setEnabled(self.desk.may(action))
            if self._list.indexOf(row) != at:
                self._list.insertWidget(at, row)
        missing = len([each for each in found.parts if each.state is PartState.NOT_ORDERED])
        self.all.setVisible(missing > 1)
        self.all.show_words(tr("Order all {count} that are missing", count=missing), "truck")
        self.all.setEnabled(self.desk.may("purchases.change"))

    def _missing(self) -> list[str]:
        return [each.part.line_id for each in self.rows.values() if each.part.state is PartState.NOT_ORDERED]

    # --- steps

    def _step(self, line: str) -> None:
        part = self.rows[line].part
        if part.state is PartState.NOT_ORDERED:
            self.open_order([line])
        elif part.state is PartState.ON_THE_WAY:
            self._came(part)
        elif part.state is PartState.HERE:
            self._fit(part)
        else:
            records, actor = self.desk.records, self.desk.actor
            self.desk.run(
                lambda: order_parts_reading.take_out(records, actor, line),
                tr("Taken out, and back in the store."),
                lambda: order_parts_reading.fit(records, actor, line, anyway=True),
            )

    def open_order(self, lines: list[str]) -> None:
        """Of whom the parts of these lines are ordered: the usual one is marked."""
        found = self.found
        if found is None or not lines:
            return
        answers = [Answer(each.id, each.name or "", "truck", "text_muted") for each in found.suppliers]
        answers.append(Answer(NEW, tr("A new supplier"), "plus"))
        usual = next((found.usual[line] for line in lines if line in found.usual), None)
        ChoiceSheet(self, tr("Order from"), answers, usual, partial(self._supplier, lines)).open()

    def _supplier(self, lines: list[str], supplier: str | None) -> None:
        records, actor = self.desk.records, self.desk.actor
        if supplier == NEW:
            done = lambda name: self._order(  # noqa: E731
                partial(order_parts_reading.order_of_new, records, actor, lines, name)
            )
            WordsSheet(self, tr("Name of the supplier"), "", done, longest=120, needed=True).open()
        elif supplier is not None:
            self._order(partial(order_parts_reading.order_now, records, actor, lines, supplier))

    def _order(self, work: Callable[[], PurchaseOrderView]) -> None:
        records, actor = self.desk.records, self.desk.actor

        def then(made: PurchaseOrderView) -> None:
            said = trn("{count} part is ordered of {name}.", "{count} parts are ordered of {name}.", made.lines,
                       name=made.supplier_name or "")  # fmt: skip
            self.desk.run(lambda: None, said, lambda: order_parts_reading.order_back(records, actor, made.id))

        self.desk.run(work, then=then)

    def _came(self, part: OrderPart) -> None:
        records, actor = self.desk.records, self.desk.actor

        def then(came: Received | None) -> None:
            said = tr("Here: {part}", part=part.description or "")
            self.desk.run(lambda: None, said, lambda: order_parts_reading.it_did_not(records, actor, part, came))

        self.desk.run(lambda: order_parts_reading.it_came(records, actor, part), then=then)

    def _fit(self, part: OrderPart, *, anyway: bool = False) -> None:
        records, actor = self.desk.records, self.desk.actor
        said = tr("Fitted: {part}", part=part.description or "")

        def done(_: object) -> None:
            self.desk.run(lambda: None, said, lambda: order_parts_reading.take_out(records, actor, part.line_id))

        def failed(error: Exception) -> None:
            if isinstance(error, Refused) and not anyway:
                AnywaySheet(self, tr("Fit it all the same?"), str(error), tr("It is fitted"),
                            lambda: self._fit(part, anyway=True)).open()  # fmt: skip
            else:
                self.desk.failed(error)

        background.run(self, lambda: order_parts_reading.fit(records, actor, part.line_id, anyway=anyway), done, failed)

    def open_states(self, line: str) -> None:
        """Say by hand how far a part is: bought at the counter, brought by the customer. Or go where it was ordered."""
        part = self.rows[line].part
        answers = tuple(Answer(each.value, tr(WORDS[each]), *SHAPES[each]) for each in PartState)
        if part.purchase_id is not None:
            words_ = tr("Open purchase order {number}", number=part.purchase_number or "")
            answers += (Answer(PURCHASE, words_.strip(), "export"),)
        records, actor = self.desk.records, self.desk.actor

        def done(state: str | None) -> None:
            frame = self.desk.context.frame
            if state == PURCHASE:
                if frame is not None and part.purchase_id is not None:
                    frame.open_row("purchase_orders", part.purchase_id)
            elif state is not None and state != part.state.value:
                self.desk.run(
                    lambda: order_parts_reading.say_state(records, actor, line, state),
                    f"{part.description or tr('Part')}: {tr(WORDS[PartState(state)])}",
                    lambda: order_parts_reading.say_state(records, actor, line, part.state.value),
                )

        hint = tr("Said by hand; the store is not touched by this.")
        ChoiceSheet(self, part.description or tr("Part"), answers, part.state.value, done, hint=hint).open()
