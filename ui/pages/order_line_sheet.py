"""One line of an estimate in a sheet: everything of it on one screen, by keyboard or by number pad."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from core.language import tr
from core.workshop.discounts import is_share
from core.workshop.line_kinds import DISCOUNT, KINDS, LABOUR, PART
from core.workshop.lines import LineView
from core.workshop.totals import ONE, rounded
from ui import theme
from ui.money_words import decimals, money, percent, sign, sign_before
from ui.orders_reading import Person
from ui.pages.bays_sheets import Trouble
from ui.widgets.buttons import Button, Choice
from ui.widgets.dialogs import Sheet
from ui.widgets.number_field import NumberField
from ui.widgets.panels import label


@dataclass(frozen=True, slots=True)
class LineStart:
    """What a sheet begins with: a line that exists, or what is known of a new one."""

    line: LineView | None
    fields: Mapping[str, object] = field(default_factory=dict)


class LineSheet(Sheet):
    """``keep(fields)`` writes it; answer with ``kept`` or ``refused``. ``remove`` is there for a line that exists."""

    def __init__(
        self,
        anchor: QWidget,
        start: LineStart,
        people: Sequence[Person],
        currency: str,
        keep: Callable[["LineSheet", dict[str, object]], object],
        *,
        remove: Callable[[], object] | None = None,
    ) -> None:
        line = start.line
        self._line, self._keep, self._currency = line, keep, currency
        self._start = start.fields
        kind = str(line.kind if line is not None else start.fields.get("kind") or LABOUR)
        title = tr("Change a line") if line is not None else tr("New line: {kind}", kind=tr(KINDS.get(kind, kind)))
        super().__init__(anchor, title, width=820)
        self.kind = Choice(tr("Kind"))
        for value, word in KINDS.items():
            self.kind.addItem(tr(word), value)
        self.kind.setCurrentIndex(max(0, self.kind.findData(kind)))
        self.kind.activated.connect(lambda _: self._show())
        self.description = QLineEdit()
        self.description.setAccessibleName(tr("Description"))
        self.description.setMaxLength(500)
        self.description.returnPressed.connect(self.submit)
        self.number = QLineEdit()
        self.number.setAccessibleName(tr("Part number"))
        self.number.setMaxLength(60)
        self.number.returnPressed.connect(self.submit)
        symbol, before, places = sign(currency), sign_before(currency), decimals(currency)
        self.quantity = NumberField(tr("Quantity"), decimals=3, submit=self.submit)
        self._share = line is not None and is_share(line)
        self.price = (
            NumberField(tr("Percent off"), decimals=2, unit="%", submit=self.submit)
            if self._share
            else NumberField(tr("Price each"), decimals=places, unit=symbol, before=before, submit=self.submit)
        )
        self.cost = NumberField(tr("Cost to the shop"), decimals=places, unit=symbol, before=before, submit=self.submit)
        self.tax = NumberField(tr("Tax"), unit="%", submit=self.submit)
        self.who = Choice(tr("Technician"))
        self.who.addItem(tr("Nobody yet"), "")
        for person in people:
            self.who.addItem(person.name, person.id)
        for each in (self.quantity, self.price):
            each.changed.connect(self._show)
        self._lay()
        self.trouble = Trouble()
        self.body.addWidget(self.trouble)
        if remove is not None:
            self.remove = Button(tr("Remove"), "trash", role="danger")
            self.remove.clicked.connect(lambda _=False: self._gone(remove))
            self.footer.addWidget(self.remove)
        self.comes_to = label("")
        self.comes_to.setFont(theme.font(theme.scaled(22), "semibold", tabular=True))
        self.footer.addWidget(self.comes_to, 1)
        cancel = Button(tr("Cancel"))
        cancel.clicked.connect(lambda _=False: self.close_sheet())
        self.footer.addWidget(cancel)
        self.done = Button(tr("Keep"), "ok", role="primary")
        self.done.clicked.connect(lambda _=False: self.submit())
        self.footer.addWidget(self.done)
        self._fill()
        self._show()

    def _lay(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.space(4))
        grid.setVerticalSpacing(theme.space(2))
        places: tuple[tuple[str, QWidget, int, int, int], ...] = (
            (tr("Description"), self.description, 0, 0, 4),
            (tr("Kind"), self.kind, 1, 0, 2),
            (tr("Part number"), self.number, 1, 2, 2),
            (tr("Quantity"), self.quantity, 2, 0, 2),
            (tr("Price each, without tax"), self.price, 2, 2, 2),
            (tr("Tax"), self.tax, 3, 0, 2),
            (tr("Cost to the shop"), self.cost, 3, 2, 2),
            (tr("Technician"), self.who, 4, 0, 2),
        )
        self._captions: dict[QWidget, QLabel] = {}
        for title, widget, row, column, span in places:
            cell = QWidget()
            inner = QVBoxLayout(cell)
            inner.setContentsMargins(0, 0, 0, 0)
            inner.setSpacing(theme.space(1))
            caption = label(title, "caption")
            inner.addWidget(caption)
            inner.addWidget(widget)
            self._captions[widget] = caption
            grid.addWidget(cell, row, column, 1, span)
        for column in range(4):
            grid.setColumnStretch(column, 1)
        self.body.addLayout(grid)

    def _fill(self) -> None:
        line, start = self._line, self._start
        self.description.setText(str((line.description if line else start.get("description")) or ""))
        self.number.setText(str((line.part_number if line else start.get("part_number")) or ""))
        self.quantity.set_value(_number(line.quantity if line else start.get("quantity", ONE)))
        price = _number(line.unit_price if line else start.get("unit_price"))
        if self._share and line is not None:
            price = -(line.percent_off or 0)  # as an amount off, so that it is shown without its sign
        self.price.set_value(-price if price is not None and self._kind() == DISCOUNT else price)
        self.cost.set_value(_number(line.unit_cost if line else start.get("unit_cost")))
        self.tax.set_value(_number(line.tax_rate if line else start.get("tax_rate")))
        who = (line.technician_id if line else start.get("technician_id")) or ""
        self.who.setCurrentIndex(max(0, self.who.findData(who)))

    def _kind(self) -> str:
        return str(self.kind.currentData())

    def _show(self) -> None:
        kind = self._kind()
        caption = self._captions[self.quantity]
        caption.setText(tr("Hours") if kind == LABOUR else tr("Quantity"))
        price = self._captions[self.price]
        words = tr("Taken off, without tax") if kind == DISCOUNT else tr("Price each, without tax")
        price.setText(words)
        if self._share:
            price.setText(tr("Percent off what is charged"))
        for widget, wanted in (
            (self.number, kind == PART),
            (self.who, kind == LABOUR),
            *((each, not self._share) for each in (self.kind, self.quantity, self.cost)),
        ):
            widget.setEnabled(wanted)
        if self._share:
            self.comes_to.setText("")  # of what else is charged: the estimate says it
            return
        amount, each = self.quantity.value(), self._price()
        comes = money(rounded(amount * each, ONE), self._currency) if amount is not None and each is not None else ""
        self.comes_to.setText(comes)

    def _price(self) -> int | None:
        value = self.price.value()
        return -abs(value) if value is not None and self._kind() == DISCOUNT else value

    def fields(self) -> dict[str, object]:
        """What stands in the sheet, for a line."""
        found: dict[str, object] = {
            "kind": self._kind(),
            "description": self.description.text().strip(),
            "quantity": self.quantity.value(),
            "unit_price": self._price(),
            "unit_cost": self.cost.value(),
            "part_number": self.number.text().strip() or None,
            "technician_id": str(self.who.currentData() or "") or None,
        }
        if self._line is not None or self.tax.value() is not None:
            found["tax_rate"] = self.tax.value()
        if self._share:
            for name in ("quantity", "unit_price", "unit_cost"):
                del found[name]
            found["percent_off"] = self.price.value()
            old = self._line.percent_off if self._line is not None else None
            if found["description"] == discount_words(old):  # nobody's own words: they say the percentage
                found["description"] = discount_words(self.price.value())
        return found

    def submit(self) -> None:
        """Have it kept; what is no number is said first."""
        wrong = [each for each in (self.quantity, self.price, self.cost, self.tax) if not each.good()]
        if self._share and self.price.value() is None:
            wrong.append(self.price)
        if wrong or not self.description.text().strip():
            said = tr("A line needs a description.") if not wrong else tr("This must be a number.")
            self.trouble.say(said)
            (wrong[0].field if wrong else self.description).setFocus()
            return
        self.done.setEnabled(False)
        self._keep(self, self.fields())

    def kept(self) -> None:
        """It is on the disk."""
        self.close_sheet()

    def refused(self, words: str) -> None:
        """It could not be kept: it stays in the sheet."""
        self.done.setEnabled(True)
        self.trouble.say(words)

    def _gone(self, remove: Callable[[], object]) -> None:
        self.close_sheet()
        remove()


def discount_words(share: int | None) -> str:
    """What a percentage is called when nobody says otherwise; hundredths of a percent."""
    return tr("Discount of {percent}", percent=percent(share))


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None
